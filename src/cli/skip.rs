//! `skip`: an exercise → put aside, with a mark of its own. A pass stays a pass.

use std::io::Write;

use crate::cli::task::Arguments;
use crate::cli::{Exit, Failure, Format, World, desk};
use crate::engine::course::MarkState;

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let exercise = desk::pick(&workshop, arguments.exercise.as_deref(), world)?;
    workshop.skip(&exercise)?;
    if arguments.format == Format::Json {
        let view = desk::view(&workshop, &exercise, None)?;
        desk::json(world, &view)?;
        return Ok(Exit::Clean);
    }
    let (number, title) = (&exercise.number, &exercise.title);
    let text = match workshop.progress()?.state(&exercise.id) {
        MarkState::Passed => format!("ok   {number} {title} has passed, so there is nothing to skip."),
        _ => format!("skip {number} {title} is put aside. It counts again as soon as it passes."),
    };
    writeln!(world.out, "{text}")?;
    writeln!(world.out, "\n`ciworkshop next` goes on to the next exercise.")?;
    Ok(Exit::Clean)
}
