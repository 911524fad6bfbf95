//! `next`: the current exercise → the next one that is still to do, made current and shown. Leaves all files alone.

use std::io::Write;

use serde::Serialize;

use crate::cli::{Exit, Failure, Format, World, desk};
use crate::engine::course::MarkState;
use crate::workshop::view::{self, ExerciseView};

/// Arguments of `next`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    version: u32,
    next: Option<ExerciseView>,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let here = workshop.exercise(&workshop.current_id()?)?;
    let next = workshop.after(&here)?.cloned();
    let left_open = workshop.progress()?.state(&here.id) == MarkState::Todo;
    if let Some(next) = &next {
        workshop.go_to(next)?;
    }
    let view = next.as_ref().map(|it| desk::view(&workshop, it, None)).transpose()?;
    if arguments.format == Format::Json {
        desk::json(world, &Answer { version: view::VERSION, next: view })?;
        return Ok(Exit::Clean);
    }
    let Some(view) = view else {
        let text = if left_open {
            format!("{} {} is the last one that is open.", here.number, here.title)
        } else {
            "No exercise is open any more. `ciworkshop list` shows them all.".to_owned()
        };
        writeln!(world.out, "{text}")?;
        return Ok(Exit::Clean);
    };
    if left_open {
        writeln!(world.out, "{} {} stays open; `ciworkshop list` shows it.\n", here.number, here.title)?;
    }
    write!(world.out, "{}", desk::task(&workshop, &view, world))?;
    Ok(Exit::Clean)
}
