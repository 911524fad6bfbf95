//! `hint`: an exercise → its next hint, until all were shown; then all of them again.

use std::io::Write;

use crate::cli::task::Arguments;
use crate::cli::{Exit, Failure, Format, World, course_text, desk};

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let exercise = desk::pick(&workshop, arguments.exercise.as_deref(), world)?;
    let before = workshop.progress()?.mark(&exercise.id).hints_shown;
    let shown = workshop.hint(&exercise)?;
    if arguments.format == Format::Json {
        let view = desk::view(&workshop, &exercise, None)?;
        desk::json(world, &view)?;
        return Ok(Exit::Clean);
    }
    let paint = desk::paint(world);
    let total = exercise.hints.len();
    let first_new = if shown > before { shown - 1 } else { 0 };
    writeln!(world.out, "{} {}\n", exercise.number, exercise.title)?;
    for (at, hint) in exercise.hints.iter().enumerate().take(shown).skip(first_new) {
        let label = paint.label(&format!("hint {} of {total}:", at + 1));
        write!(world.out, "{}", course_text::wrapped(&format!("  {label} "), 4, hint))?;
    }
    let then = match total - shown {
        0 => "That was the last. `ciworkshop solution` shows one good answer.".to_owned(),
        1 => "`ciworkshop hint` shows the last one.".to_owned(),
        left => format!("`ciworkshop hint` shows the next one; {left} are left."),
    };
    writeln!(world.out, "\n{then}")?;
    Ok(Exit::Clean)
}
