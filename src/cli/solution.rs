//! `solution`: an exercise → one good answer, after a pass, after the last hint, or when it is insisted on.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use crate::cli::{Exit, Failure, Format, World, desk};
use crate::workshop::Solution;
use crate::workshop::view::{self, ExerciseView};

/// Arguments of `solution`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Its number (1.2), name, folder or a file in it; the current one when left out
    exercise: Option<String>,
    /// Show it now, before a pass and before the last hint
    #[arg(long)]
    yes: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    version: u32,
    exercise: ExerciseView,
    files: BTreeMap<String, String>,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let exercise = desk::pick(&workshop, arguments.exercise.as_deref(), world)?;
    let files = match workshop.solution(&exercise, arguments.yes)? {
        Solution::Shown(files) => files,
        Solution::Later(left) => {
            let hints = if left == 1 { "1 hint is".to_owned() } else { format!("{left} hints are") };
            return Err(Failure::usage(
                format!("{hints} still to be shown for {} {}", exercise.number, exercise.title),
                "`ciworkshop hint` shows the next one; `ciworkshop solution --yes` shows the answer all the same",
            ));
        }
    };
    let text = |content: Vec<u8>| String::from_utf8_lossy(&content).into_owned();
    let files: BTreeMap<String, String> =
        files.into_iter().map(|(path, content)| (path, text(content))).collect();
    if arguments.format == Format::Json {
        let exercise = desk::view(&workshop, &exercise, None)?;
        desk::json(world, &Answer { version: view::VERSION, exercise, files })?;
        return Ok(Exit::Clean);
    }
    writeln!(world.out, "One good answer to {} {}. Others pass too.", exercise.number, exercise.title)?;
    for (path, text) in &files {
        writeln!(world.out, "\n{}", desk::paint(world).label(&format!("{path}:")))?;
        for line in text.lines() {
            writeln!(world.out, "    {line}")?;
        }
    }
    Ok(Exit::Clean)
}
