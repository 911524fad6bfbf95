//! `ciworkshop init`: lays down a practice project with its `.drone.yml`, shows one, or lists them. It never overwrites
//! without being told to, and then keeps a backup.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::{Exit, Failure, Format, World};
use crate::scaffold::{self, Error, Mode, Options, Outcome, Sample, SampleOption, State};

/// The arguments of `init`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without FOLDER the files go into the folder you are in. A file that is there is never overwritten:\n\
    the difference is shown, and nothing is written."
)]
pub(crate) struct Arguments {
    /// Which project; --list shows them
    name: Option<String>,
    /// Where it goes [default: the folder you are in]
    folder: Option<PathBuf>,
    /// Show the projects
    #[arg(long, conflicts_with_all = ["name", "print", "dry_run", "force", "python", "branch"])]
    list: bool,
    /// Write only the project's .drone.yml, to standard output
    #[arg(long, conflicts_with_all = ["folder", "dry_run", "force"])]
    print: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace files that differ; each is kept as NAME.bak-1, .bak-2, …
    #[arg(long)]
    force: bool,
    /// The Python of the pipeline's images, 3.9 to 3.14 [default: 3.12]
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,
    /// The branch that nightly builds look at [default: main]
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
    let Some(name) = &arguments.name else { return explain(world) };
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
    writeln!(err, "\nFor a first look, in a new folder:\n\n  ciworkshop init drone-hello-world hello")?;
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
        options.python = value.parse().map_err(wrong)?;
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

/// What was found and done, and how to say it.
struct Answer<'a> {
    arguments: &'a Arguments,
    sample: &'a Sample,
    outcome: &'a Outcome,
    /// The folder that the command was called in.
    around: &'a Path,
}

impl Answer<'_> {
    fn value(&self) -> serde_json::Value {
        let written = |it: &State| matches!(it, State::New | State::Replaced { .. });
        serde_json::json!({
            "sample": self.sample.name,
            "folder": self.outcome.folder.to_string_lossy(),
            "dry_run": self.arguments.dry_run,
            "done": self.outcome.done,
            "changed": self.outcome.done && self.outcome.files.iter().any(|it| written(&it.state)),
            "files": self.outcome.files,
        })
    }

    fn text(&self, world: &mut World) -> io::Result<()> {
        let colour = world.colour();
        let out = &mut world.out;
        self.differences(out, colour)?;
        if self.arguments.dry_run {
            return self.preview(out);
        }
        if !self.outcome.done {
            return self.stopped(out);
        }
        self.done(out)
    }

    fn differences(&self, out: &mut dyn Write, colour: bool) -> io::Result<()> {
        for (_, difference) in self.outcome.conflicts() {
            show(out, difference, colour)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn preview(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "In {}, nothing is written yet:\n", self.outcome.folder.display())?;
        for file in &self.outcome.files {
            let word = match (&file.state, self.arguments.force) {
                (State::New, _) => "would write",
                (State::Differs { .. }, true) => "would replace, and keep a backup of",
                (State::Differs { .. }, false) => "differs:",
                (State::Same | State::Replaced { .. }, _) => "is there already:",
            };
            writeln!(out, "  {word} {}", file.path)?;
        }
        match self.outcome.conflicts().count() {
            0 => writeln!(out, "\nThe same command without --dry-run writes them."),
            _ if self.arguments.force => writeln!(out, "\nThe same command without --dry-run does that."),
            many => self.ways_out(out, many),
        }
    }

    fn stopped(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Nothing was written.")?;
        self.ways_out(out, self.outcome.conflicts().count())
    }

    fn ways_out(&self, out: &mut dyn Write, many: usize) -> io::Result<()> {
        let (name, chosen) = (&self.sample.name, self.chosen());
        match many {
            1 => write!(out, "1 file is there with another content.")?,
            _ => write!(out, "{many} files are there with another content.")?,
        }
        writeln!(out, " Lines with - are yours, lines with + the practice project's.\n")?;
        let ways = [
            (format!("{name} {}{chosen}", self.free_folder()), "a new folder for the project alone"),
            (
                format!("{name}{}{chosen} --force", self.folder()),
                "replace them; each of yours is kept as NAME.bak-1",
            ),
            (format!("{name}{chosen} --print"), "show only the pipeline, to copy from"),
        ];
        ways.iter().try_for_each(|(command, why)| writeln!(out, "  ciworkshop init {command}\n      {why}"))
    }

    /// The folder as it was typed, for a command that can be repeated.
    fn folder(&self) -> String {
        self.arguments.folder.as_ref().map_or(String::new(), |it| format!(" {}", quoted(it)))
    }

    /// The choices as they were typed.
    fn chosen(&self) -> String {
        let chosen = [("python", &self.arguments.python), ("branch", &self.arguments.branch)];
        chosen.iter().filter_map(|(flag, value)| value.as_ref().map(|it| format!(" --{flag} {it}"))).collect()
    }

    /// A folder of the project's name that is not there yet.
    fn free_folder(&self) -> String {
        let name = &self.sample.name;
        let names = std::iter::once(name.clone()).chain((2..100).map(|it| format!("{name}-{it}")));
        names.into_iter().find(|it| !self.around.join(it).exists()).unwrap_or_else(|| name.clone())
    }

    fn done(&self, out: &mut dyn Write) -> io::Result<()> {
        for file in &self.outcome.files {
            if let State::Replaced { backup } = &file.state {
                writeln!(out, "{} is replaced; yours is kept as {}", file.path, backup.display())?;
            }
        }
        let count =
            |wanted: fn(&State) -> bool| self.outcome.files.iter().filter(|it| wanted(&it.state)).count();
        let (all, same) = (self.outcome.files.len(), count(|it| *it == State::Same));
        let (name, folder) = (&self.sample.name, self.outcome.folder.display());
        if same == all {
            writeln!(out, "{name} is already in {folder}: all {all} files are as they should be.")?;
        } else {
            writeln!(out, "{name} is laid down in {folder}: {} of {all} files written.", all - same)?;
        }
        self.next_steps(out)
    }

    fn next_steps(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\nNext:")?;
        if let Some(folder) = &self.arguments.folder {
            writeln!(out, "  cd {}", quoted(folder))?;
        }
        let steps = [
            (self.sample.tests.as_str(), "its tests, here and now"),
            ("ciworkshop plan --event push", "what a push would run"),
            ("ciworkshop plan --event tag --tag v1.0.0", "what a tag would run, and why the rest would not"),
            (
                "git init -b main && git add . && git commit -m \"A project with a pipeline\"",
                "Drone builds commits",
            ),
        ];
        steps.iter().try_for_each(|(command, why)| writeln!(out, "  {command}\n      {why}"))?;
        writeln!(out, "\nThe pipeline is .drone.yml; its comments say why each line is there.")?;
        writeln!(out, "Secrets it asks for, when the time comes:")?;
        self.sample.secrets.iter().try_for_each(|it| writeln!(out, "  {:12}  {}", it.name, it.purpose))
    }
}

fn show(out: &mut dyn Write, difference: &str, colour: bool) -> io::Result<()> {
    for line in difference.lines() {
        let code = match line.as_bytes().first() {
            Some(b'-') if colour => "\x1b[31m",
            Some(b'+') if colour => "\x1b[32m",
            Some(b'@') if colour => "\x1b[36m",
            _ => "",
        };
        let end = if code.is_empty() { "" } else { "\x1b[0m" };
        writeln!(out, "{code}{}{end}", printable(line))?;
    }
    Ok(())
}

/// A file may hold anything: what a terminal would obey is shown, not sent.
fn printable(line: &str) -> String {
    let shown = |it: char| {
        if it.is_control() && it != '\t' { it.escape_default().to_string() } else { it.to_string() }
    };
    line.chars().map(shown).collect()
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '.' | '-' | '_' | '~' | '+' | ':');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
