//! `ciworkshop init`: writes a `.drone.yml` for the project that one is in; or lays down a practice project, shows one, or
//! lists them. It never overwrites without being told to, and then keeps a backup.

mod answer;
mod project;
mod project_text;
mod update;

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::cli::init::answer::Answer;
use crate::cli::{Exit, Failure, Format, World};
use crate::scaffold::{self, Error, Mode, Options, Sample, SampleOption};

/// The arguments of `init`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without NAME it looks at the project that you are in: manifests, tests, settings. It executes nothing,\n\
    shows what it found and the file that it proposes, and asks once. Where a .drone.yml is, it shows what that lacks.\n\n\
    A folder for --template holds one or more of drone.yml.jinja, pipeline.yml.jinja, service.yml.jinja and\n\
    step.yml.jinja. They are given what init --format json shows, and the filters `yaml` and `comment`.\n\n\
    With NAME and without FOLDER the files of the practice project go into the folder you are in. A file that is there\n\
    is never overwritten: the difference is shown, and nothing is written."
)]
pub(crate) struct Arguments {
    /// A practice project; --list shows them [default: the project you are in]
    name: Option<String>,
    /// Where it goes [default: the folder you are in]
    folder: Option<PathBuf>,
    /// Show the projects
    #[arg(long, conflicts_with_all = ["name", "print", "dry_run", "force", "python", "branch"])]
    list: bool,
    /// Write only the .drone.yml, to standard output
    #[arg(long, conflicts_with_all = ["folder", "dry_run", "force"])]
    print: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace files that differ; each is kept as NAME.bak-1, .bak-2, …
    #[arg(long)]
    force: bool,
    /// Write without a question
    #[arg(long, conflicts_with_all = ["name", "list", "print", "dry_run"])]
    yes: bool,
    /// Show what would change as a difference, and write nothing
    #[arg(long, conflicts_with_all = ["name", "list", "print"])]
    diff: bool,
    /// Say why each version and each command is there, and write nothing
    #[arg(long, conflicts_with_all = ["name", "list", "print", "diff", "yes", "update"])]
    explain: bool,
    /// Put into a .drone.yml what it lacks; what you wrote stays
    #[arg(long, conflicts_with_all = ["name", "list", "print", "force"])]
    update: bool,
    /// Templates of your team, which come before ours
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["name", "list"])]
    template: Option<PathBuf>,
    /// The Python of the pipeline's images, 3.9 to 3.14; with NAME, up to 3.13 [default: what the project says; with NAME, 3.12]
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,
    /// The main branch [default: what git says, else main]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    if arguments.list {
        return list(arguments.format, world);
    }
    let Some(name) = &arguments.name else { return project::run(arguments, world) };
    let sample = scaffold::find(name).map_err(|error| unknown(&error))?;
    let options = options(arguments, &sample)?;
    if arguments.print {
        return print(&sample, &options, arguments.format, world);
    }
    let files = scaffold::render(&sample, &options).map_err(|it| could_not(&it))?;
    let folder = match &arguments.folder {
        Some(folder) => world.folder.join(folder),
        None => world.folder.clone(),
    };
    let mode = match (arguments.dry_run, arguments.force) {
        (true, _) => Mode::Preview,
        (false, true) => Mode::Replace,
        (false, false) => Mode::Keep,
    };
    let outcome = scaffold::lay_down(&folder, &files, mode).map_err(|it| could_not(&it))?;
    let stopped = !arguments.force && outcome.conflicts().next().is_some();
    let answer = Answer { arguments, sample: &sample, outcome: &outcome, around: &world.folder.clone() };
    match arguments.format {
        Format::Json => json(&mut world.out, &answer.value())?,
        Format::Text => answer.text(world)?,
    }
    Ok(if stopped { Exit::Findings } else { Exit::Clean })
}

fn list(format: Format, world: &mut World) -> Result<Exit, Failure> {
    let samples = scaffold::samples();
    match format {
        Format::Json => json(&mut world.out, &samples)?,
        Format::Text => {
            table(&samples, &mut world.out)?;
            writeln!(
                world.out,
                "\nciworkshop init NAME [FOLDER] lays one down; --print shows its pipeline only."
            )?;
        }
    }
    Ok(Exit::Clean)
}

fn table(samples: &[Sample], out: &mut dyn Write) -> io::Result<()> {
    let width = samples.iter().map(|it| it.name.len()).max().unwrap_or(0);
    samples.iter().try_for_each(|it| writeln!(out, "  {:width$}  {}", it.name, it.summary))
}

/// Called without a name: what there is to choose from, and the shortest way on.
fn explain(world: &mut World) -> Result<Exit, Failure> {
    let err = &mut world.err;
    writeln!(err, "`init` lays down a small practice project together with its .drone.yml. Choose one:\n")?;
    table(&scaffold::samples(), err)?;
    writeln!(err, "\nThe smallest one, in a new folder:\n\n  ciworkshop init drone-hello-world hello")?;
    writeln!(err, "\nFor a project of your own, go to its folder: `ciworkshop init` writes its pipeline.")?;
    Ok(Exit::Usage)
}

fn unknown(error: &Error) -> Failure {
    let names: Vec<_> = scaffold::samples().into_iter().map(|it| it.name).collect();
    let help = match error {
        Error::UnknownSample { closest: Some(_), .. } => {
            format!("{} `ciworkshop init --list` shows all", error.help())
        }
        _ => format!("there are {}; `ciworkshop init --list` says what each is", names.join(", ")),
    };
    Failure::usage(error.to_string(), help)
}

fn could_not(error: &Error) -> Failure {
    Failure::could_not(error.to_string(), error.help())
}

/// The values that were chosen. One that the project has no use for is refused: silence would look like consent.
fn options(arguments: &Arguments, sample: &Sample) -> Result<Options, Failure> {
    let wrong = |error: Error| Failure::usage(error.to_string(), error.help());
    let mut options = Options::default();
    if let Some(value) = wanted(arguments.python.as_ref(), SampleOption::Python, sample)? {
        options.python = value.parse().and_then(scaffold::Python::for_samples).map_err(wrong)?;
    }
    if let Some(value) = wanted(arguments.branch.as_ref(), SampleOption::Branch, sample)? {
        options.branch = value.parse().map_err(wrong)?;
    }
    Ok(options)
}

fn wanted<'a>(
    value: Option<&'a String>,
    option: SampleOption,
    sample: &Sample,
) -> Result<Option<&'a String>, Failure> {
    if value.is_none() || sample.options.contains(&option) {
        return Ok(value);
    }
    let (flag, thing) = match option {
        SampleOption::Python => ("--python", "Python"),
        SampleOption::Branch => ("--branch", "branch"),
    };
    let message = format!("{flag} would change nothing: the pipeline of {} names no {thing}", sample.name);
    Err(Failure::usage(message, format!("leave {flag} out")))
}

fn print(sample: &Sample, options: &Options, format: Format, world: &mut World) -> Result<Exit, Failure> {
    let text = scaffold::pipeline(sample, options).map_err(|it| could_not(&it))?;
    match format {
        Format::Text => world.out.write_all(text.as_bytes())?,
        Format::Json => {
            json(&mut world.out, &serde_json::json!({ "path": scaffold::PIPELINE, "text": text }))?;
        }
    }
    Ok(Exit::Clean)
}

fn json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
