//! `ciworkshop checklist`: a project of one's own → the five lines of the course's last chapter, each yes or no, with the reason
//! and the next step. Changes nothing in the project's folder.

mod badge;
mod file;
mod gate;
mod line;
mod trial;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::checklist::line::Line;
use crate::cli::checklist::trial::TrialArguments;
use crate::cli::input::DRONE_YML;
use crate::cli::plan::git::Repository;
use crate::cli::run::signals::Signals;
use crate::cli::run::{ask, beginning};
use crate::cli::{Exit, Failure, Format, World, desk};
use crate::engine::source::SourceFile;
use crate::run::content::Content;
use crate::run::ledger::RunFolder;
use crate::run::places::Places;

/// Check a project of yours against the list of the last chapter
///
/// Its file is clean; it runs green on a clean machine; it goes red on a mistake, which is made in a copy; it publishes only a
/// tag; and its README shows how it stands. What is judged is what is committed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The project's folder [default: this one]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Take the changes along that are not committed, and new files that git does not ignore
    #[arg(long)]
    working_tree: bool,
    /// Run nothing: the two lines that need a run stay open
    #[arg(long)]
    no_run: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    trial: TrialArguments,
}

const EXAMPLES: &str = "Examples:
  ciworkshop checklist                     the project in this folder, as it is committed
  ciworkshop checklist --working-tree      with the changes that are not committed yet
  ciworkshop checklist --no-run            only the lines that need no run

Exit code: 0 when all five hold, 1 when one does not or stays open.";

/// Runs the command.
///
/// # Errors
/// There is no such folder, no pipeline file in it, or nothing that a build could clone.
pub(crate) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let signals = Signals::listen()?;
    let folder = folder(arguments, world)?;
    let places = Places::of(&world.variables);
    let run = beginning::folder(&places, &signals)?;
    let project = Project::read(&folder, arguments.working_tree, run, &signals)?;
    if arguments.format == Format::Text {
        project.begin(world)?;
    }
    let mut lines = Lines { format: arguments.format, all: Vec::new() };
    lines.add(file::look(&project.source), world)?;
    if arguments.no_run {
        let [green, red] =
            trial::not_tried("Nothing was run, because of --no-run.", "call it again without --no-run");
        lines.add(green, world)?;
        lines.add(red, world)?;
    } else {
        let mut trial = trial::Trial::new(&project, &arguments.trial, &places, &signals);
        lines.add(trial.green(world)?, world)?;
        lines.add(trial.red(world)?, world)?;
    }
    lines.add(gate::look(&project.source, &project.default_branch()), world)?;
    lines.add(badge::look(&project), world)?;
    lines.end(world)
}

/// The project's folder.
fn folder(arguments: &Arguments, world: &World) -> Result<PathBuf, Failure> {
    let folder = arguments.folder.as_ref().map_or_else(|| world.folder.clone(), |it| world.folder.join(it));
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Failure::could_not(format!("{} is no folder", folder.display()), "name the folder of a project"))
}

/// A project as a build would see it.
struct Project {
    root: PathBuf,
    content: Content,
    source: SourceFile,
    repository: Repository,
    /// Where its copies are; gone when this is.
    run: RunFolder,
}

impl Project {
    fn read(folder: &Path, working_tree: bool, run: RunFolder, signals: &Signals) -> Result<Self, Failure> {
        let root = ask::project(folder);
        let content = beginning::content(&root, working_tree, &run, signals)?;
        let bytes = content.manifest(Path::new(DRONE_YML))?;
        let source = SourceFile::from_bytes(DRONE_YML.to_owned(), &bytes);
        let repository = Repository::around(&root);
        Ok(Self { root, content, source, repository, run })
    }

    fn default_branch(&self) -> String {
        self.repository.default_branch.clone().unwrap_or_else(|| "main".to_owned())
    }

    fn begin(&self, world: &mut World) -> Result<(), Failure> {
        let name = self.root.file_name().map_or_else(|| "this folder".into(), |it| it.to_string_lossy());
        writeln!(world.out, "{name}: {}", self.content.title())?;
        for line in self.content.left_out()?.lines() {
            writeln!(world.out, "not part of it: {line}")?;
        }
        writeln!(world.out)?;
        Ok(world.out.flush()?)
    }
}

/// The answer, as it grows.
struct Lines {
    format: Format,
    all: Vec<Line>,
}

impl Lines {
    fn add(&mut self, line: Line, world: &mut World) -> Result<(), Failure> {
        if self.format == Format::Text {
            write!(world.out, "{}", line.text(world.width()))?;
            world.out.flush()?;
        }
        self.all.push(line);
        Ok(())
    }

    fn end(self, world: &mut World) -> Result<Exit, Failure> {
        let hold = self.all.iter().filter(|it| it.holds()).count();
        let done = hold == self.all.len();
        match self.format {
            Format::Json => desk::json(world, &line::json(&self.all, done))?,
            Format::Text if done => {
                writeln!(world.out, "\nAll five hold: the project is ready for a server.")?;
            }
            Format::Text => writeln!(world.out, "\n{hold} of {} hold.", self.all.len())?,
        }
        Ok(if done { Exit::Clean } else { Exit::Findings })
    }
}
