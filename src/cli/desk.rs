//! What every command about exercises begins and ends with: the workshop folder found and opened, the answer written.

use std::io::Write;

use serde::Serialize;

use crate::cli::course_text::Paint;
use crate::cli::{Failure, World, course_text};
use crate::engine::course::Exercise;
use crate::workshop::view::{ExerciseView, Outcome};
use crate::workshop::{self, Kind, Material, Trouble, Workshop};

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble.kind {
            Kind::Asked => Self::usage(trouble.message, trouble.help),
            Kind::CouldNot => Self::could_not(trouble.message, trouble.help),
        }
    }
}

/// The workshop that the working folder belongs to. What was found wrong with it and mended is said.
pub(super) fn open(world: &mut World) -> Result<Workshop, Failure> {
    let Some(root) = workshop::find(&world.folder) else {
        return Err(Failure::could_not(
            "there is no workshop in this folder or above it",
            "`ciworkshop start` makes one and opens the book; `ciworkshop lint FILE` judges a file of your own",
        ));
    };
    let workshop = Workshop::open(&root, Material::embedded())?;
    for notice in workshop.notices() {
        writeln!(world.err, "note: {notice}")?;
    }
    Ok(workshop)
}

/// The exercise that the words name, or the current one.
pub(super) fn pick(workshop: &Workshop, words: Option<&str>, world: &World) -> Result<Exercise, Failure> {
    Ok(workshop.pick(words, &world.folder)?)
}

/// The exercise with what is remembered of it.
pub(super) fn view(
    workshop: &Workshop,
    exercise: &Exercise,
    outcome: Option<&Outcome>,
) -> Result<ExerciseView, Failure> {
    Ok(ExerciseView::new(workshop, exercise, &workshop.progress()?, outcome))
}

/// What an exercise asks for, with the address of its page when the book is served.
pub(super) fn task(workshop: &Workshop, view: &ExerciseView, world: &World) -> String {
    course_text::task(view, workshop::address(workshop.root()).as_deref(), paint(world))
}

/// Writes a value as indented JSON.
pub(super) fn json(world: &mut World, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    Ok(writeln!(world.out, "{text}")?)
}

/// Writes a value as one line of JSON, at once.
pub(super) fn json_line(world: &mut World, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(std::io::Error::from)?;
    writeln!(world.out, "{text}")?;
    Ok(world.out.flush()?)
}

/// How the terminal wants its words.
pub(super) fn paint(world: &World) -> Paint {
    Paint { colour: world.colour() }
}

/// Number and title of each chapter.
pub(super) fn chapters(workshop: &Workshop) -> Result<Vec<(u32, String)>, Failure> {
    Ok(workshop.course()?.chapters.iter().map(|it| (it.number, it.title.clone())).collect())
}
