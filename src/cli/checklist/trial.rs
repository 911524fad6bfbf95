//! The project → the second and the third line: a real run of it, and real runs of copies in which one line is wrong.
//!
//! Copies are in the folder of the run, which is removed. What the steps print is not shown; `ciworkshop run` shows it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::cli::checklist::Project;
use crate::cli::checklist::line::{GREEN, Line, RED};
use crate::cli::plan;
use crate::cli::plan::occasion::{Occasion, describe};
use crate::cli::run::ask::{self, SecretArguments};
use crate::cli::run::beginning;
use crate::cli::run::choice::Choice;
use crate::cli::run::machine::{self, Kind, MachineChoice};
use crate::cli::run::signals::Signals;
use crate::cli::{Exit, Failure, World};
use crate::engine::course::{Files, Mistake, mistakes};
use crate::engine::pipeline::{CloneOptions, Pipeline};
use crate::engine::plan::{Build, Faults, Role, StepResult, plan as plan_build};
use crate::run::Trouble;
use crate::run::backend::Backend;
use crate::run::cause;
use crate::run::content::Content;
use crate::run::event::{Event, Sink};
use crate::run::ledger::Ledger;
use crate::run::outcome::{Outcome, StepOutcome};
use crate::run::places::Places;
use crate::run::process::Stop;
use crate::run::schedule::{self, All, Order};
use crate::run::secrets::Secrets;

/// Where the runs happen.
#[derive(Debug, Args)]
pub(super) struct TrialArguments {
    /// Where the steps run; `auto` takes a container engine if one answers, else a sandbox
    #[arg(long, value_enum, default_value_t)]
    backend: Kind,
    /// Run the commands on this machine without asking, when little keeps them apart
    #[arg(long, short)]
    yes: bool,
    /// No step reaches the network
    #[arg(long)]
    offline: bool,
    /// A variable for every step: with a value, or that of your environment (repeatable)
    #[arg(long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    #[command(flatten, next_help_heading = "Secrets")]
    secrets: SecretArguments,
}

/// Where the output of the steps is.
const LOOK: &str = "ciworkshop run, which shows what the steps say";
/// How many mistakes are made before it is said that nobody notices them.
const TRIES: usize = 3;
/// A copy may take so many times as long as the project, and at least a minute: a mistake can make a loop endless.
const SLOWER: u32 = 5;
/// Larger files are no code that people write.
const MOST_BYTES: u64 = 200_000;
const LEAST: Duration = Duration::from_secs(60);
const MOST: Duration = Duration::from_secs(60 * 60);

/// Both lines, when nothing is run.
pub(super) fn not_tried(why: &str, next: &str) -> [Line; 2] {
    [GREEN, RED].map(|it| Line::open(it, why, next))
}

/// The two lines, one after the other.
pub(super) struct Trial<'a> {
    project: &'a Project,
    arguments: &'a TrialArguments,
    places: &'a Places,
    signals: &'a Signals,
    stop: Stop,
    /// What a copy needs, once the project has been green.
    ready: Option<Ready>,
}

/// A machine that has run the project green.
struct Ready {
    backend: Arc<dyn Backend>,
    secrets: Secrets,
    build: Build,
    variables: Vec<(String, String)>,
    took: Duration,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        project: &'a Project,
        arguments: &'a TrialArguments,
        places: &'a Places,
        signals: &'a Signals,
    ) -> Self {
        Self { project, arguments, places, signals, stop: Stop::new(), ready: None }
    }

    /// The project itself. What keeps it from running is the answer, and no failure: the other lines can be looked at.
    pub(super) fn green(&mut self, world: &mut World) -> Result<Line, Failure> {
        match self.prepare(world) {
            Ok(ready) => self.judged(ready),
            Err(Failure { message, help, .. }) => Ok(Line::open(GREEN, sentence(&message), help)),
        }
    }

    /// Finds a machine, what the build needs, and consent.
    fn prepare(&self, world: &mut World) -> Result<Ready, Failure> {
        let Project { root, content, source, repository, .. } = self.project;
        let build = beginning::build(&Occasion::default(), repository, content)?;
        let plan = plan_build(source, &build, &Faults::default());
        if !plan::refusals(source, &plan).is_empty() {
            return Err(Failure::could_not(
                "Drone refuses the file, so there is nothing to run",
                "mend the first line above",
            ));
        }
        let asked = Choice::default().of(&plan, None)?;
        let secrets = ask::secrets(&self.arguments.secrets, &plan, &asked, source, world)?;
        let backend = self.machine().find(world, self.places, root)?;
        ask::consent(
            &backend.describe(),
            "the commands of the pipeline, several times,",
            self.arguments.yes,
            world,
        )?;
        machine::sweep(&backend, world, self.places)?;
        let variables = self.machine().variables(world)?;
        self.signals.stop(&self.stop);
        Ok(Ready { backend, secrets, build, variables, took: MOST })
    }

    fn machine(&self) -> MachineChoice {
        MachineChoice::rehearsing(self.arguments.backend, self.arguments.offline, &self.arguments.env)
    }

    fn judged(&mut self, ready: Ready) -> Result<Line, Failure> {
        let outcome = self.run(&self.project.content, &ready.build, &ready)?;
        let what = describe(&ready.build);
        if outcome.green() {
            let steps = outcome.pipelines.iter().flat_map(|it| &it.steps).filter(|it| ran(it)).count();
            let why = format!(
                "{what}: {}, on {}, in {:.1} s.",
                counted(steps, "step"),
                ready.backend.describe().title,
                outcome.took.as_secs_f64()
            );
            self.ready = Some(Ready { took: outcome.took, ..ready });
            return Ok(Line::yes(GREEN, why));
        }
        let Some((pipeline, step)) = first_red(&outcome) else {
            return Ok(Line::no(GREEN, format!("{what}: {}", not_red_nor_green(&outcome)), LOOK));
        };
        let cause = cause::of(step.code, &step.last_lines);
        let why = format!("{what}: the step `{}` of `{pipeline}` is red.{}", step.name, last_line(step));
        Ok(Line::no(GREEN, why, cause.map_or(LOOK, |it| it.next)))
    }

    /// Copies of the project with a mistake in one line each, until one of them is red.
    pub(super) fn red(&self, world: &mut World) -> Result<Line, Failure> {
        let Some(ready) = &self.ready else {
            return Ok(Line::open(
                RED,
                "A mistake only tells something once the project is green.",
                "first the line above",
            ));
        };
        let copy = self.project.run.path().join("copy");
        let options = CloneOptions::default();
        self.project.content.lay(&copy, &ready.build, &options, &mut std::io::sink())?;
        let places: Vec<Mistake> = mistakes(&code_of(&copy)).into_iter().take(TRIES).collect();
        if places.is_empty() {
            return Ok(Line::open(
                RED,
                "No line was found in which a mistake could be made: there is no code in a language that is known here.",
                "make a mistake yourself, in a copy: git worktree add ../copy, and there ciworkshop run --working-tree",
            ));
        }
        let mut unnoticed = Vec::new();
        for (at, mistake) in places.iter().enumerate() {
            if world.terminal {
                writeln!(world.err, "...   in a copy, {} is wrong now, and it runs", place(mistake))?;
            }
            let outcome = self.with(mistake, &copy, at, ready)?;
            if let Some((_, step)) = first_red(&outcome) {
                return Ok(Line::yes(
                    RED,
                    format!("In a copy, {}. The step `{}` was red.", told(mistake), step.name),
                ));
            }
            unnoticed.push(told(mistake));
        }
        let why =
            format!("In a copy, {}. The build stayed green: no test noticed.", unnoticed.join(";\nthen, "));
        Ok(Line::no(RED, why, format!("write a test that fails when {} is wrong", place(&places[0]))))
    }

    /// The outcome of a copy with the mistake in it. The copy is as it was afterwards.
    fn with(&self, mistake: &Mistake, copy: &Path, at: usize, ready: &Ready) -> Result<Outcome, Failure> {
        let path = copy.join(&mistake.file);
        let cannot = |error: &std::io::Error| Trouble::with_path("be written", &path, error);
        let text = fs::read_to_string(&path).map_err(|it| cannot(&it))?;
        fs::write(&path, mistake.made_in(&text).unwrap_or_default()).map_err(|it| cannot(&it))?;
        let content = Content::working_tree(copy, &self.project.run.path().join(format!("content-{at}")))?;
        let build = Build { after: content.commit().to_owned(), ..ready.build.clone() };
        let outcome = self.run(&content, &build, ready)?;
        fs::write(&path, text).map_err(|it| cannot(&it))?;
        Ok(outcome)
    }

    /// Runs what is in the content, and shows nothing of it.
    fn run(&self, content: &Content, build: &Build, ready: &Ready) -> Result<Outcome, Failure> {
        let machine = self.machine();
        let mask = ready.secrets.mask()?;
        let clone = |pipeline: &Pipeline, target: &Path, log: &mut dyn Write| {
            content.lay(target, build, &pipeline.clone, log).map(drop)
        };
        let order = Order {
            source: &self.project.source,
            build,
            chosen: &All,
            jobs: machine.jobs(),
            timeout: (ready.took * SLOWER).clamp(LEAST, MOST),
            offline: self.arguments.offline,
            secrets: &|name| ready.secrets.get(name).map(str::to_owned),
            mask: &mask,
            clone: &clone,
            probe: &|job| machine.probe(job),
            patience: machine.patience(),
            variables: &ready.variables,
        };
        let run = Ledger::new(self.places.runs()).begin()?;
        let (outcome, _) = schedule::run(&order, &*ready.backend, &run, &Quiet, &self.stop);
        if outcome.interrupted {
            return Err(Failure {
                message: "interrupted".into(),
                help: "call it again".into(),
                exit: Exit::Interrupted,
            });
        }
        Ok(outcome)
    }
}

/// Nobody listens.
struct Quiet;

impl Sink for Quiet {
    fn tell(&self, _: &Event<'_>) {}
}

/// The texts of the copy that could be code.
fn code_of(copy: &Path) -> Files {
    let (mut files, mut open) = (Files::new(), vec![copy.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.as_ref().is_ok_and(fs::FileType::is_dir) && entry.file_name() != ".git" {
                open.push(path);
            } else if kind.is_ok_and(|it| it.is_file())
                && entry.metadata().is_ok_and(|it| it.len() <= MOST_BYTES)
            {
                let name =
                    path.strip_prefix(copy).ok().and_then(Path::to_str).map(|it| it.replace('\\', "/"));
                files.extend(name.and_then(|it| Some((it, fs::read(&path).ok()?))));
            }
        }
    }
    files
}

fn place(mistake: &Mistake) -> String {
    format!("{}:{}", mistake.file, mistake.line)
}

fn told(mistake: &Mistake) -> String {
    format!("{} was changed from `{}` to `{}`", place(mistake), mistake.before, mistake.after)
}

fn ran(step: &StepOutcome) -> bool {
    step.role == Role::Step && step.result != StepResult::Skipped
}

/// The first step that is red, with its pipeline.
fn first_red(outcome: &Outcome) -> Option<(&str, &StepOutcome)> {
    let all = outcome.pipelines.iter().flat_map(|it| it.steps.iter().map(|step| (it.name.as_str(), step)));
    let is_red = |step: &StepOutcome| step.result == StepResult::Fails || step.trouble.is_some();
    all.into_iter().find(|(_, step)| is_red(step))
}

/// What a build is that has no red step, and is not green.
fn not_red_nor_green(outcome: &Outcome) -> String {
    let trouble = outcome.pipelines.iter().find_map(|it| it.trouble.as_ref());
    match trouble {
        Some(trouble) => format!("{}; {}.", trouble.message, trouble.help),
        None if outcome.pipelines.iter().any(|it| it.timed_out) => "its time was over.".to_owned(),
        None => "no pipeline starts for it, so nothing is tested.".to_owned(),
    }
}

fn last_line(step: &StepOutcome) -> String {
    if let Some(trouble) = &step.trouble {
        return format!("\n{}; {}.", trouble.message, trouble.help);
    }
    let last = step.last_lines.iter().rev().find(|it| !it.trim().is_empty());
    last.map_or_else(String::new, |it| format!("\nIts last words: {}", it.trim()))
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn sentence(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", signs.as_str().trim_end_matches('.'))
}
