//! `check`: an exercise's files → its verdict; the outcome is remembered.

use std::io::Write;

use serde::Serialize;

use crate::cli::{Exit, Failure, Format, World, course_text, desk};
use crate::engine::course::Exercise;
use crate::workshop::view::{self, ExerciseView, Outcome, StateView, StateWord};
use crate::workshop::{Trouble, Workshop};

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
    let checked =
        if arguments.all { all(&workshop)? } else { named(&workshop, &arguments.exercises, world)? };
    let remembered = remember(&workshop, &checked, arguments.all);
    let views: Result<Vec<ExerciseView>, Failure> =
        checked.iter().map(|(exercise, outcome)| desk::view(&workshop, exercise, Some(outcome))).collect();
    let views = views?;
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
    // A full disk takes nothing from the verdict; it is said after it.
    remembered?;
    Ok(exit(&views))
}

fn named(workshop: &Workshop, names: &[String], world: &World) -> Result<Vec<(Exercise, Outcome)>, Failure> {
    let names: Vec<Option<&str>> =
        if names.is_empty() { vec![None] } else { names.iter().map(|it| Some(it.as_str())).collect() };
    let mut checked = Vec::new();
    for name in names {
        let exercise = desk::pick(workshop, name, world)?;
        let report = workshop.look(&exercise)?;
        checked.push((exercise, Ok(report)));
    }
    Ok(checked)
}

/// One whose files cannot be read does not keep the others from being checked.
fn all(workshop: &Workshop) -> Result<Vec<(Exercise, Outcome)>, Failure> {
    Ok(workshop.course()?.exercises().map(|it| (it.clone(), workshop.look(it))).collect())
}

/// An exercise that nobody has touched was not attempted when all are checked.
fn remember(workshop: &Workshop, checked: &[(Exercise, Outcome)], all: bool) -> Result<(), Trouble> {
    let reports = checked.iter().filter_map(|(exercise, outcome)| Some((exercise, outcome.as_ref().ok()?)));
    if all {
        let touched: Vec<_> = reports.filter(|(exercise, _)| workshop.touched(exercise)).collect();
        return workshop.remember_aside(&touched);
    }
    reports.into_iter().try_for_each(|(exercise, report)| workshop.remember(exercise, report))
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
