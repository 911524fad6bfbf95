//! `badge progress|course|verify`: what a participant has reached → a badge; a badge and a progress file → whether the
//! one was drawn from the other, and no more than that.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::badge::{Badge, Colour, NothingCarried, Thresholds, carried, digest};
use crate::cli::badge::save::{Drawing, deliver};
use crate::cli::badge::{Look, VERSION};
use crate::cli::{Exit, Failure, Format, World, desk, input};
use crate::engine::course::{MarkState, Progress};
use crate::workshop::Material;

const PROGRESS_EXAMPLES: &str = "\
Examples:
  ciworkshop badge progress -o progress.svg        in the workshop folder
  ciworkshop badge progress --from progress.json   from a file that `ciworkshop progress export` wrote";

const COURSE_EXAMPLES: &str = "\
Examples:
  ciworkshop progress export progress.json
  ciworkshop badge course --from progress.json -o course.svg
  ciworkshop badge verify course.svg progress.json

The badge carries a digest of the progress. Without --from, that is what an export at this moment would hold; export \
before you go on, because the next check changes it.

It counts the exercises of the course. A project of yours is the matter of `ciworkshop checklist`, and of the badges in its \
own README.";

const VERIFY_EXAMPLES: &str = "\
Example:
  ciworkshop badge verify course.svg progress.json

Exit code 0: the badge, with these words, was drawn from this progress. 1: it was not. It proves no more than that: who \
can write a progress file can draw a badge from it, so it says nothing about who solved what.";

/// Say how many exercises are passed
#[derive(Debug, clap::Args)]
#[command(after_help = PROGRESS_EXAMPLES)]
pub(super) struct ProgressArguments {
    /// A file that `ciworkshop progress export` wrote [default: the workshop folder's own progress]
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// What it is about
    #[arg(long, value_name = "TEXT", default_value = "progress")]
    label: String,
    #[command(flatten)]
    look: Look,
}

/// Say how many exercises of the course are passed, with a digest of the progress that it was drawn from
#[derive(Debug, clap::Args)]
#[command(after_help = COURSE_EXAMPLES)]
pub(super) struct CourseArguments {
    /// A file that `ciworkshop progress export` wrote [default: what it would write now]
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// What it is about
    #[arg(long, value_name = "TEXT", default_value = "ciworkshop")]
    label: String,
    #[command(flatten)]
    look: Look,
}

/// Say whether a course badge was drawn from a progress file
#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(super) struct VerifyArguments {
    /// A badge that `badge course` made
    #[arg(value_name = "BADGE.svg")]
    badge: PathBuf,
    /// A file that `ciworkshop progress export` wrote; `-` reads it from the input
    #[arg(value_name = "PROGRESS-FILE")]
    progress: PathBuf,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// `badge progress`.
pub(super) fn progress(arguments: &ProgressArguments, world: &mut World) -> Result<Exit, Failure> {
    let reached = Reached::of(&export(arguments.from.as_deref(), world)?)?;
    let message = format!("{}/{}", reached.passed, reached.all);
    let (colour, facts) = (reached.colour(), reached.facts());
    deliver(
        &Drawing { label: &arguments.label, message: &message, colour, digest: None, facts },
        &arguments.look,
        world,
    )
}

/// `badge course`.
pub(super) fn course(arguments: &CourseArguments, world: &mut World) -> Result<Exit, Failure> {
    let export = export(arguments.from.as_deref(), world)?;
    let reached = Reached::of(&export)?;
    let message = if reached.passed == reached.all {
        format!("all {} exercises passed", reached.all)
    } else {
        format!("{} of {} exercises passed", reached.passed, reached.all)
    };
    let (colour, mut facts) = (reached.colour(), reached.facts());
    let title = Badge::new(&arguments.label, &message, colour).title();
    let digest = digest(&title, &export.value);
    facts["digest"] = json!(digest);
    let drawing =
        Drawing { label: &arguments.label, message: &message, colour, digest: Some(&digest), facts };
    deliver(&drawing, &arguments.look, world)
}

/// A progress export, read.
struct Export {
    name: String,
    value: Value,
    progress: Progress,
}

fn export(file: Option<&Path>, world: &mut World) -> Result<Export, Failure> {
    let (name, text) = match file {
        None => ("the progress of this workshop".to_owned(), desk::open(world)?.export()?),
        Some(path) => {
            let source = input::read_source(world, path)?;
            (source.name().to_owned(), source.text().to_owned())
        }
    };
    read(name, &text)
}

fn read(name: String, text: &str) -> Result<Export, Failure> {
    let help = "name a file that `ciworkshop progress export` wrote";
    let progress =
        Progress::from_json(text).map_err(|it| Failure::could_not(format!("{name}: {it}"), help))?;
    let value = serde_json::from_str(text).map_err(|it| Failure::could_not(format!("{name}: {it}"), help))?;
    Ok(Export { name, value, progress })
}

/// How much of the course is passed.
struct Reached {
    passed: usize,
    all: usize,
}

impl Reached {
    fn of(export: &Export) -> Result<Self, Failure> {
        let material = Material::embedded();
        let course = material.course()?;
        let passed =
            course.exercises().filter(|it| export.progress.state(&it.id) == MarkState::Passed).count();
        Ok(Self { passed, all: course.exercises().count() })
    }

    fn colour(&self) -> Colour {
        if self.passed == 0 {
            return Colour::LIGHTGREY;
        }
        #[expect(clippy::cast_precision_loss, reason = "a course has few exercises")]
        let share = self.passed as f64 * 100.0 / self.all.max(1) as f64;
        // Not to have come far yet is nothing bad.
        if share < 40.0 { Colour::BLUE } else { Thresholds::default().colour(share) }
    }

    fn facts(&self) -> Value {
        json!({"passed": self.passed, "exercises": self.all})
    }
}

/// `badge verify`.
pub(super) fn verify(arguments: &VerifyArguments, world: &mut World) -> Result<Exit, Failure> {
    let badge = input::read_source(world, &arguments.badge)?;
    let export = export(Some(&arguments.progress), world)?;
    let carried = match carried(badge.text()) {
        Ok(carried) => Some(carried),
        Err(NothingCarried::Altered) => None,
        Err(nothing) => {
            let help = "name a badge that `ciworkshop badge course --output FILE` wrote";
            return Err(Failure::could_not(format!("{}: {nothing}", badge.name()), help));
        }
    };
    let matches = carried.as_ref().is_some_and(|it| it.digest == digest(&it.title, &export.value));
    if arguments.format == Format::Json {
        let title = carried.as_ref().map(|it| &it.title);
        desk::json(world, &json!({"version": VERSION, "matches": matches, "title": title}))?;
    } else if matches {
        let title = carried.map(|it| it.title).unwrap_or_default();
        writeln!(world.out, "ok    {} was drawn from {}: {title}", badge.name(), export.name)?;
        writeln!(
            world.out,
            "      Nothing more is proved: not who solved the exercises, and not that they were solved."
        )?;
    } else {
        let why = if carried.is_some() { "its digest is another one" } else { "its words were changed" };
        writeln!(world.out, "no    {} was not drawn from {}: {why}", badge.name(), export.name)?;
        writeln!(
            world.out,
            "      Draw it anew: ciworkshop badge course --from {} --output {}",
            export.name,
            badge.name()
        )?;
    }
    Ok(if matches { Exit::Clean } else { Exit::Findings })
}
