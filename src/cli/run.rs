//! `ciworkshop run`: a pipeline file and a build → the build, run on a clean machine, and what became of it.

pub(super) mod ask;
pub(super) mod beginning;
pub(super) mod choice;
mod json;
mod log;
pub(super) mod machine;
pub(super) mod signals;
mod summary;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::Args;
use serde_json::json;

use crate::cli::plan::git::Repository;
use crate::cli::plan::occasion::{Occasion, describe};
use crate::cli::run::choice::{Asked, Choice};
use crate::cli::run::machine::MachineChoice;
use crate::cli::run::signals::Signals;
use crate::cli::{Exit, Failure, Format, World, input, plan};
use crate::engine::diagnostic::render;
use crate::engine::pipeline::Pipeline;
use crate::engine::plan::{Build, Faults, Plan, plan as plan_build};
use crate::engine::source::SourceFile;
use crate::run::Trouble;
use crate::run::backend::{Backend, Description};
use crate::run::content::Content;
use crate::run::event::Sink;
use crate::run::ledger::RunFolder;
use crate::run::memory::Memory;
use crate::run::outcome::Outcome;
use crate::run::places::Places;
use crate::run::process::Stop;
use crate::run::schedule::{self, Order};
use crate::run::secrets::Secrets;

/// Run the pipeline on a clean machine, as a build would
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The pipeline file [default: .drone.yml here or above]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten, next_help_heading = "The build")]
    occasion: Occasion,
    #[command(flatten, next_help_heading = "What of it")]
    choice: Choice,
    #[command(flatten, next_help_heading = "The machine")]
    machine: MachineChoice,
    #[command(flatten, next_help_heading = "Secrets")]
    secrets: ask::SecretArguments,
    #[command(flatten, next_help_heading = "The answer")]
    answer: AnswerArguments,
}

/// How the run is shown, and what is left of it.
#[derive(Debug, Args)]
struct AnswerArguments {
    /// Leave the workspaces for a look, and say where they are
    #[arg(long)]
    keep: bool,
    /// Show what the run made, changed and deleted in the workspace
    #[arg(long)]
    diff: bool,
    /// Write each step's output to a file in this folder
    #[arg(long, value_name = "FOLDER")]
    log_dir: Option<PathBuf>,
    /// `json` gives one event a line
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "Examples:
  ciworkshop run                           a push to the current branch
  ciworkshop run --tag v1.0.0              a new tag; what it publishes goes to the local shelf
  ciworkshop run --working-tree            with the changes that are not committed yet
  ciworkshop run --step test               only this step, after the clone
  ciworkshop run --backend bubblewrap      in the sandbox, also when there is a container engine";

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::could_not(trouble.message, trouble.help)
    }
}

/// Runs the command.
///
/// # Errors
/// The file cannot be read or is not committed, the arguments do not fit, no machine can be had, or a secret has no value.
pub(crate) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let signals = Signals::listen()?;
    let path = match &arguments.file {
        Some(path) => path.clone(),
        None => input::find_drone_yml(world)?,
    };
    let folder = folder_of(world, &path);
    let project = ask::project(&folder);
    let places = Places::of(&world.variables);
    let mut run = beginning::folder(&places, &signals)?;
    let content = beginning::content(&project, arguments.choice.working_tree, &run, &signals)?;
    let source = source(&content, &path, world)?;
    let build = beginning::build(&arguments.occasion, &Repository::around(&folder), &content)?;
    let plan = plan_build(&source, &build, &Faults::default());
    if refused(&source, &plan, world)? {
        return Ok(Exit::Findings);
    }
    let last = places.last_run(&project);
    let asked = arguments.choice.of(&plan, Memory::read(&last).as_ref())?;
    let secrets = ask::secrets(&arguments.secrets, &plan, &asked, &source, world)?;
    let backend = arguments.machine.find(world, &places, &project)?;
    let commands = format!("the {} commands of the pipeline", commands(&source));
    ask::consent(&backend.describe(), &commands, arguments.machine.yes, world)?;
    machine::sweep(&backend, world, &places)?;
    let variables = arguments.machine.variables(world)?;
    let desk = Desk {
        arguments,
        source: &source,
        build: &build,
        plan: &plan,
        content: &content,
        variables: &variables,
    };
    let stop = Stop::new();
    signals.stop(&stop);
    let outcome = desk.run(&asked, &secrets, &*backend, &mut run, &stop, world)?;
    // First room is made: it may be the run that has filled the disk.
    drop(run);
    let memory = Memory::of(&project, &outcome, &build, arguments.choice.is_partial());
    if let Err(trouble) = memory.write(&last) {
        writeln!(world.err, "note: --failed and badges will not know of this run: {}", trouble.message)?;
    }
    Ok(exit(&outcome))
}

/// The pipeline file as the build sees it: what is committed, not what is being written.
fn source(content: &Content, path: &Path, world: &World) -> Result<SourceFile, Failure> {
    let full = world.folder.join(path);
    let bytes = content.manifest(&full)?;
    Ok(SourceFile::from_bytes(path.display().to_string(), &bytes))
}

/// The folder of the pipeline file.
fn folder_of(world: &World, path: &Path) -> PathBuf {
    let full = world.folder.join(path);
    full.parent().map_or_else(|| world.folder.clone(), Path::to_owned)
}

/// Says why the server or a runner refuses the file, when they do: then no build starts.
fn refused(source: &SourceFile, plan: &Plan, world: &mut World) -> Result<bool, Failure> {
    let problems = plan::refusals(source, plan);
    for problem in &problems {
        writeln!(world.err, "{}\n", render(problem, source, world.colour()))?;
    }
    if !problems.is_empty() {
        writeln!(
            world.err,
            "Drone refuses {}, so nothing was run. Mend the first error above.",
            source.name()
        )?;
    }
    Ok(!problems.is_empty())
}

/// How many commands the file holds.
fn commands(source: &SourceFile) -> usize {
    let (manifest, _) = crate::engine::pipeline::read(source);
    let steps = manifest.pipelines().flat_map(|it| it.steps.iter().chain(&it.services));
    steps.map(|it| it.commands().len()).sum()
}

fn exit(outcome: &Outcome) -> Exit {
    if outcome.interrupted {
        return Exit::Interrupted;
    }
    if outcome
        .pipelines
        .iter()
        .any(|it| it.trouble.is_some() || it.steps.iter().any(|it| it.trouble.is_some()))
    {
        return Exit::CouldNot;
    }
    if outcome.green() { Exit::Clean } else { Exit::Findings }
}

/// All that a run needs, once every question is answered.
struct Desk<'a> {
    arguments: &'a Arguments,
    source: &'a SourceFile,
    build: &'a Build,
    plan: &'a Plan,
    content: &'a Content,
    variables: &'a [(String, String)],
}

impl Desk<'_> {
    fn run(
        &self,
        asked: &Asked,
        secrets: &Secrets,
        backend: &dyn Backend,
        run: &mut RunFolder,
        stop: &Stop,
        world: &mut World,
    ) -> Result<Outcome, Failure> {
        let machine = &self.arguments.machine;
        let mask = secrets.mask()?;
        let laid = Mutex::new(Vec::new());
        let clone = |pipeline: &Pipeline, target: &Path, log: &mut dyn Write| {
            let one = self.content.lay(target, self.build, &pipeline.clone, log)?;
            laid.lock().unwrap_or_else(PoisonError::into_inner).push((pipeline.name().to_owned(), one));
            Ok(())
        };
        let order = Order {
            source: self.source,
            build: self.build,
            chosen: asked,
            jobs: machine.jobs(),
            timeout: machine.timeout(),
            offline: machine.offline,
            secrets: &|name| secrets.get(name).map(str::to_owned),
            mask: &mask,
            clone: &clone,
            probe: &|job| machine.probe(job),
            patience: machine.patience(),
            variables: self.variables,
        };
        self.begin(&backend.describe(), world)?;
        let outcome = self.watched(&order, backend, run, stop, world)?;
        let laid = laid.into_inner().unwrap_or_else(PoisonError::into_inner);
        let differences: Vec<(&str, String)> = if self.arguments.answer.diff {
            laid.iter()
                .map(|(name, it)| (name.as_str(), mask.hide_text(&it.differences().render())))
                .collect()
        } else {
            Vec::new()
        };
        self.end(&outcome, run, &differences, world)?;
        Ok(outcome)
    }

    /// Runs it, with what happens being shown.
    fn watched(
        &self,
        order: &Order<'_>,
        backend: &dyn Backend,
        run: &RunFolder,
        stop: &Stop,
        world: &mut World,
    ) -> Result<Outcome, Failure> {
        let colour = world.colour();
        let text;
        let lines;
        let sink: &dyn Sink = if self.arguments.answer.format == Format::Json {
            lines = json::Json::new(&mut *world.out, stop);
            &lines
        } else {
            text = text::Text::new(&mut *world.out, self.plan, colour, stop);
            &text
        };
        let logs;
        let sink: &dyn Sink = match &self.arguments.answer.log_dir {
            Some(folder) => {
                logs = log::Logs::new(&world.folder.join(folder), sink)?;
                &logs
            }
            None => sink,
        };
        Ok(schedule::run(order, backend, run, sink, stop).0)
    }
}

impl Desk<'_> {
    /// What is built, where, and what of the folder is not part of it.
    fn begin(&self, machine: &Description, world: &mut World) -> Result<(), Failure> {
        let left_out = self.content.left_out()?.lines();
        if self.arguments.answer.format == Format::Json {
            let line = json::begin(machine, &self.build.after, &left_out);
            writeln!(world.out, "{line}")?;
            return Ok(world.out.flush()?);
        }
        writeln!(world.out, "{}: {}", self.source.name(), describe(self.build))?;
        writeln!(world.out, "content: {}", self.content.title())?;
        writeln!(world.out, "machine: {}", machine.title)?;
        for open in &machine.open {
            writeln!(world.out, "  {open}")?;
        }
        for line in &left_out {
            writeln!(world.out, "not part of it: {line}")?;
        }
        writeln!(world.out)?;
        Ok(world.out.flush()?)
    }

    /// What became of it.
    fn end(
        &self,
        outcome: &Outcome,
        run: &mut RunFolder,
        differences: &[(&str, String)],
        world: &mut World,
    ) -> Result<(), Failure> {
        if self.arguments.answer.keep {
            run.keep()?;
        }
        let kept = self.arguments.answer.keep.then(|| run.path().display().to_string());
        if self.arguments.answer.format == Format::Json {
            let line = json::end(
                outcome,
                self.source,
                &[("kept", json!(kept)), ("differences", json!(differences))],
            );
            writeln!(world.out, "{line}")?;
            return Ok(world.out.flush()?);
        }
        for (pipeline, text) in differences {
            let text = if text.is_empty() { "nothing\n" } else { text };
            write!(world.out, "\nwhat the steps of {pipeline} made, changed and deleted:\n{text}")?;
        }
        write!(world.out, "{}", summary::summary(outcome, self.source))?;
        if let Some(kept) = kept {
            writeln!(world.out, "\nthe workspaces are in {kept}; remove it when you have looked")?;
        }
        Ok(world.out.flush()?)
    }
}
