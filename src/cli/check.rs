//! `check`: an exercise's files → its verdict; the outcome is remembered.

use std::io::Write;

use serde::Serialize;

use crate::cli::{Exit, Failure, Format, World, course_text, desk};
use crate::workshop::Workshop;
use crate::workshop::view::{self, ExerciseView, StateView, StateWord};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Exercises, each by number (1.2), name, folder or a file in it; the current one when left out
    #[arg(value_name = "EXERCISE|FILE")]
    exercises: Vec<String>,
    /// Check every exercise
    #[arg(long, conflicts_with = "exercises")]
    all: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Answer<'a> {
    version: u32,
    exercises: &'a [ExerciseView],
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let views = if arguments.all { all(&workshop)? } else { named(&workshop, &arguments.exercises, world)? };
    match arguments.format {
        Format::Json => desk::json(world, &Answer { version: view::VERSION, exercises: &views })?,
        Format::Text if arguments.all => write_all(&workshop, &views, world)?,
        Format::Text => {
            let paint = desk::paint(world);
            for view in &views {
                write!(world.out, "{}", course_text::verdict(view, paint))?;
            }
        }
    }
    Ok(exit(&views))
}

fn named(workshop: &Workshop, names: &[String], world: &World) -> Result<Vec<ExerciseView>, Failure> {
    let names: Vec<Option<&str>> =
        if names.is_empty() { vec![None] } else { names.iter().map(|it| Some(it.as_str())).collect() };
    let mut views = Vec::new();
    for name in names {
        let exercise = desk::pick(workshop, name, world)?;
        let report = workshop.check(&exercise)?;
        views.push(desk::view(workshop, &exercise, Some(&Ok(report)))?);
    }
    Ok(views)
}

/// Each as it stands; one whose files cannot be read does not keep the others from being checked.
fn all(workshop: &Workshop) -> Result<Vec<ExerciseView>, Failure> {
    let mut views = Vec::new();
    for exercise in workshop.course()?.exercises() {
        let outcome =
            if workshop.touched(exercise) { workshop.check_aside(exercise) } else { workshop.look(exercise) };
        views.push(desk::view(workshop, exercise, Some(&outcome))?);
    }
    Ok(views)
}

fn write_all(workshop: &Workshop, views: &[ExerciseView], world: &mut World) -> Result<(), Failure> {
    let paint = desk::paint(world);
    let state = StateView {
        version: view::VERSION,
        current: workshop.current_id()?,
        folder: workshop.root().display().to_string(),
        exercises: views.to_vec(),
    };
    Ok(write!(world.out, "{}", course_text::list(&state, &desk::chapters(workshop)?, paint))?)
}

fn exit(views: &[ExerciseView]) -> Exit {
    if views.iter().any(|it| it.trouble.is_some()) {
        Exit::CouldNot
    } else if views.iter().all(|it| it.state == StateWord::Passed) {
        Exit::Clean
    } else {
        Exit::Findings
    }
}
