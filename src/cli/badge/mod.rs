//! `ciworkshop badge`: two texts, a build, a report of coverage or the progress of a course → an SVG; a project → the
//! badges of its README. It overwrites only badges of its own.

mod build;
mod course;
mod coverage;
mod readme;
mod save;

use std::path::PathBuf;

use serde_json::json;

use crate::badge::{Badge, Colour, Logo, MOST_LETTERS, Style, colour_of};
use crate::cli::badge::save::{Drawing, deliver};
use crate::cli::{Exit, Failure, Format, World, input};

/// The format of what `--format json` writes.
const VERSION: u32 = 1;

const EXAMPLES: &str = "\
Examples:
  ciworkshop badge licence MIT                          an SVG on standard output
  ciworkshop badge python '3.10 | 3.12' -o python.svg   a file; one that is no badge stays as it is
  ciworkshop badge tests passing --style plastic        the colour comes from the word
  ciworkshop badge chat '#help' --colour 6f42c1         or is chosen, by name or number
  ciworkshop badge -- build passing                     after `--`, any word is a label

Colours: brightgreen, green, yellowgreen, yellow, orange, red, blue, grey, lightgrey, black, or a number such as 4c1 \
or #e05d44. Text is white or black, whichever can be read on the colour (contrast 4.5:1 or more).";

/// Make a badge, or find the badges that a project's README can show
///
/// A badge is a small SVG with a label and a message. It says its text to those who do not see it, and needs no server.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// What it is about, in the left part; an empty text leaves that part out
    label: Option<String>,
    /// What there is to say, in the right part
    message: Option<String>,
    /// The colour behind the message [default: by the message, such as red for `failing`]
    #[arg(long, value_name = "COLOUR", alias = "color")]
    colour: Option<String>,
    #[command(flatten)]
    look: Look,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Build(build::Arguments),
    Coverage(coverage::Arguments),
    Progress(course::ProgressArguments),
    Course(course::CourseArguments),
    Verify(course::VerifyArguments),
    Readme(readme::Arguments),
}

/// What every badge lets one choose.
#[derive(Debug, clap::Args)]
struct Look {
    /// How it looks: flat, flat-square, plastic or for-the-badge
    #[arg(long, default_value = "flat", value_name = "STYLE")]
    style: String,
    /// The colour behind the label [default: grey]
    #[arg(long, value_name = "COLOUR", alias = "label-color")]
    label_colour: Option<String>,
    /// A PNG or SVG file that goes into the badge; never an address
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
    /// Where it goes; `-` is standard output [default: -]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file even when it is no badge of this program
    #[arg(long)]
    force: bool,
    /// How the answer is written; JSON holds the SVG when it goes to standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    match &arguments.action {
        Some(Action::Build(it)) => build::run(it, world),
        Some(Action::Coverage(it)) => coverage::run(it, world),
        Some(Action::Progress(it)) => course::progress(it, world),
        Some(Action::Course(it)) => course::course(it, world),
        Some(Action::Verify(it)) => course::verify(it, world),
        Some(Action::Readme(it)) => readme::run(it, world),
        None => plain(arguments, world),
    }
}

fn plain(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let (Some(label), Some(message)) = (&arguments.label, &arguments.message) else {
        let given =
            if arguments.label.is_some() { "a message is missing" } else { "label and message are missing" };
        let help = "write both, such as `ciworkshop badge licence MIT`; `ciworkshop badge --help` shows what else there is";
        return Err(Failure::usage(given, help));
    };
    if label.trim().is_empty() && message.trim().is_empty() {
        return Err(Failure::usage(
            "label and message are empty, so there is nothing to draw",
            "write one of them",
        ));
    }
    let colour = match &arguments.colour {
        Some(word) => colour("--colour", word)?,
        None => colour_of(message),
    };
    let facts = json!({});
    deliver(&Drawing { label, message, colour, digest: None, facts }, &arguments.look, world)
}

/// A colour that was typed.
fn colour(option: &str, word: &str) -> Result<Colour, Failure> {
    word.parse::<Colour>().map_err(|it| Failure::usage(format!("{option}: {it}"), it.help))
}

impl Look {
    fn style(&self) -> Result<Style, Failure> {
        self.style.parse::<Style>().map_err(|it| {
            let words = Style::ALL.map(Style::word);
            let meant = crate::engine::lint::closest(&self.style, words);
            let help = meant.map_or_else(
                || format!("there are {}", words.join(", ")),
                |it| format!("did you mean `{it}`?"),
            );
            Failure::usage(format!("--style: {it}"), help)
        })
    }

    fn logo(&self, world: &mut World) -> Result<Option<Logo>, Failure> {
        let Some(path) = &self.logo else { return Ok(None) };
        let text = path.to_string_lossy();
        if text.contains("://") || text.starts_with("data:") {
            let message = format!("--logo {text}: this is an address, and a badge must not need one");
            return Err(Failure::usage(message, "save the picture as a file, and name the file"));
        }
        let bytes = input::read_bytes(world, path)?;
        let logo = Logo::new(&bytes).map_err(|it| Failure::could_not(format!("{text}: {it}"), it.help))?;
        Ok(Some(logo))
    }
}

/// Texts that are cut are drawn, and it is said.
fn too_long(badge: &Badge<'_>) -> Option<String> {
    let long = [("label", badge.label), ("message", badge.message)];
    let found = long.into_iter().find(|(_, text)| text.chars().count() > MOST_LETTERS)?;
    Some(format!("the {} is longer than {MOST_LETTERS} letters; a longer one is cut", found.0))
}
