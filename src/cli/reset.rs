//! `reset`: an exercise → its first version, with what was there kept in a backup.

use std::io::Write;

use serde::Serialize;

use crate::cli::task::Arguments;
use crate::cli::{Exit, Failure, Format, World, desk};
use crate::workshop::Reset;
use crate::workshop::view::{self, ExerciseView};

#[derive(Serialize)]
struct Answer {
    version: u32,
    exercise: ExerciseView,
    restored: Vec<String>,
    backup: Option<String>,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let exercise = desk::pick(&workshop, arguments.exercise.as_deref(), world)?;
    let Reset { restored, backup } = workshop.reset(&exercise)?;
    let backup = backup.map(|it| it.display().to_string());
    if arguments.format == Format::Json {
        let exercise = desk::view(&workshop, &exercise, None)?;
        desk::json(world, &Answer { version: view::VERSION, exercise, restored, backup })?;
        return Ok(Exit::Clean);
    }
    let (number, title) = (&exercise.number, &exercise.title);
    if restored.is_empty() {
        writeln!(world.out, "{number} {title} begins anew. Its files already were as at first.")?;
    } else {
        writeln!(world.out, "{number} {title} begins anew. Brought back: {}.", restored.join(", "))?;
    }
    if let Some(backup) = backup {
        writeln!(world.out, "Yours are kept in {backup}.")?;
    }
    Ok(Exit::Clean)
}
