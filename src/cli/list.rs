//! `list`: the workshop → every exercise with its state as it is remembered. Checks nothing.

use std::io::Write;

use crate::cli::{Exit, Failure, Format, World, course_text, desk};
use crate::workshop::Workshop;
use crate::workshop::view::{self, StateView};

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let state = state(&workshop)?;
    match arguments.format {
        Format::Json => desk::json(world, &state)?,
        Format::Text => {
            let chapters = desk::chapters(&workshop)?;
            write!(world.out, "{}", course_text::list(&state, &chapters, desk::paint(world)))?;
        }
    }
    Ok(Exit::Clean)
}

fn state(workshop: &Workshop) -> Result<StateView, Failure> {
    let views: Result<Vec<_>, Failure> =
        workshop.course()?.exercises().map(|it| desk::view(workshop, it, None)).collect();
    Ok(StateView {
        version: view::VERSION,
        current: workshop.current_id()?,
        folder: workshop.root().display().to_string(),
        exercises: views?,
    })
}
