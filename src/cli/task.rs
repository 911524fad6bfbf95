//! `task`: an exercise → what it asks for and where its files are. Checks and changes nothing.

use std::io::Write;

use crate::cli::{Exit, Failure, Format, World, desk};

/// Arguments of the commands that take one exercise.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Its number (1.2), name, folder or a file in it; the current one when left out
    pub(super) exercise: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let exercise = desk::pick(&workshop, arguments.exercise.as_deref(), world)?;
    let view = desk::view(&workshop, &exercise, None)?;
    match arguments.format {
        Format::Json => desk::json(world, &view)?,
        Format::Text => write!(world.out, "{}", desk::task(&workshop, &view, world))?,
    }
    Ok(Exit::Clean)
}
