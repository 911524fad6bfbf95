//! `ciworkshop plan`: a pipeline file and a build → what would run, in which order, and why the rest would not.

mod events;
pub(in crate::cli) mod git;
mod json;
mod layers;
pub(in crate::cli) mod occasion;
mod sketch;
pub(in crate::cli) mod text;

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use crate::cli::plan::git::Repository;
use crate::cli::plan::occasion::Occasion;
use crate::cli::{Exit, Failure, Format, World, input};
use crate::engine::diagnostic::{Diagnostic, Program, Programs, Refusal, Severity, render};
use crate::engine::lint::{closest, lint};
use crate::engine::plan::{Fault, Faults, PipelinePlan, Plan, Role, plan_each, table_of};
use crate::engine::source::SourceFile;

/// Show what a build would run, in which order, and why the rest would not
#[derive(Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The pipeline file; `-` reads standard input [default: .drone.yml here or above]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten, next_help_heading = "The build")]
    occasion: Occasion,
    #[command(flatten, next_help_heading = "What goes wrong")]
    wrong: Wrong,
    /// Show this pipeline only
    #[arg(long, value_name = "NAME", help_heading = "The answer")]
    pipeline: Option<String>,
    /// Show each step's environment
    #[arg(long, help_heading = "The answer")]
    env: bool,
    /// Show all events at once, as a table
    #[arg(long, conflicts_with_all = ["event", "graph", "env"], help_heading = "The answer")]
    all_events: bool,
    /// Draw the order of pipelines and steps
    #[arg(long, help_heading = "The answer")]
    graph: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t, help_heading = "The answer")]
    format: Format,
}

const EXAMPLES: &str = "Examples:
  ciworkshop plan                          a push to the current branch
  ciworkshop plan --tag v1.0.0             a new tag
  ciworkshop plan --fork                   a pull request from somebody else
  ciworkshop plan --fail test              what runs when the step `test` fails
  ciworkshop plan --all-events             every event at once";

/// Things to go wrong on purpose. A name is a step's, or `pipeline/step`.
#[derive(Debug, Default, Args)]
struct Wrong {
    /// This step fails (repeatable)
    #[arg(long, value_name = "STEP")]
    fail: Vec<String>,
    /// This step ends with exit code 78 (repeatable)
    #[arg(long, value_name = "STEP")]
    exit78: Vec<String>,
    /// This service needs so many seconds until it answers (repeatable)
    #[arg(long, value_name = "SERVICE=SECONDS", value_parser = slow)]
    slow: Vec<(String, u32)>,
}

fn slow(text: &str) -> Result<(String, u32), String> {
    let (name, seconds) = text.rsplit_once('=').ok_or("write the service and its seconds, such as db=30")?;
    let seconds = seconds.parse().map_err(|_| format!("`{seconds}` is no whole number of seconds"))?;
    Ok((name.to_owned(), seconds))
}

impl Wrong {
    fn faults(&self) -> Faults {
        let fails = self.fail.iter().map(|it| (it.clone(), Fault::Fails));
        let stops = self.exit78.iter().map(|it| (it.clone(), Fault::Exits78));
        let slow = self.slow.iter().map(|(name, seconds)| (name.clone(), Fault::Slow(*seconds)));
        Faults { steps: fails.chain(stops).chain(slow).collect() }
    }
}

/// Runs the command.
///
/// # Errors
/// The file cannot be read, or the arguments do not fit together or to the file.
pub(crate) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let path = match &arguments.file {
        Some(path) => path.clone(),
        None => input::find_drone_yml(world)?,
    };
    let repository = Repository::around(&world.folder);
    let occasion = &arguments.occasion;
    let builds =
        if arguments.all_events { occasion.builds(&repository) } else { vec![occasion.build(&repository)?] };
    let source = input::read_source(world, &path)?;
    if source.text().trim().is_empty() {
        let help = "write a first pipeline in it, or lay one down: ciworkshop init";
        return Err(Failure::could_not(format!("{} is empty", source.name()), help));
    }
    let faults = arguments.wrong.faults();
    let mut plans = plan_each(&source, &builds, &faults);
    check_names(arguments, &plans[0])?;
    plans[0].problems = refusals(&source, &plans[0]);
    if let Some(name) = &arguments.pipeline {
        for plan in &mut plans {
            plan.pipelines.retain(|it| it.name == *name);
        }
    }
    let broken = !plans[0].problems.is_empty();
    let answer = answer(arguments, plans, &source, world.colour());
    world.out.write_all(answer.as_bytes())?;
    world.out.flush()?;
    Ok(if broken { Exit::Findings } else { Exit::Clean })
}

fn answer(arguments: &Arguments, mut plans: Vec<Plan>, source: &SourceFile, colour: bool) -> String {
    if arguments.format == Format::Json {
        if arguments.all_events {
            return json::table(&table_of(plans), source);
        }
        return json::plan(&plans[0], source, arguments.env);
    }
    let mut answer = problems(&plans[0], source, colour);
    if arguments.all_events {
        answer += &events::table(&table_of(plans), source);
        return answer;
    }
    let plan = plans.remove(0);
    answer +=
        &text::plan(&plan, source, &text::Wanted { environment: arguments.env, graph: arguments.graph });
    answer
}

/// Why the server or a runner would refuse the file, so that this build does not start at all. What the reader says
/// is about this build's values; what the linter says is about all the rest.
pub(super) fn refusals(source: &SourceFile, plan: &Plan) -> Vec<Diagnostic> {
    let trusted = plan.build.trusted;
    let builds = Programs::ALL.without(Program::Lint.into()).without(Program::Lint15.into());
    let stops = |it: &Refusal| !(it.programs.and(builds).is_empty() || it.untrusted_only && trusted);
    let key = |it: &Diagnostic| (it.code, it.primary.span);
    let mut known = HashSet::new();
    let mut all: Vec<Diagnostic> = plan.problems.iter().cloned().chain(lint(source)).collect();
    all.retain(|it| it.severity == Severity::Error && it.refusals.iter().any(stops) && known.insert(key(it)));
    all.sort_by_key(|it| it.primary.span);
    all
}

/// What stops the build, each with its place. Without it the plan would look surer than it is.
pub(super) fn problems(plan: &Plan, source: &SourceFile, colour: bool) -> String {
    plan.problems.iter().map(|it| render(it, source, colour) + "\n\n").collect()
}

/// Names on the command line are those of the file.
fn check_names(arguments: &Arguments, plan: &Plan) -> Result<(), Failure> {
    // A file that cannot be read has no names to compare with, and says so itself.
    if plan.pipelines.is_empty() && !plan.problems.is_empty() {
        return Ok(());
    }
    if let Some(name) = &arguments.pipeline
        && !plan.pipelines.iter().any(|it| it.name == *name)
    {
        let help = suggestion(name, plan.pipelines.iter().map(|it| it.name.as_str()));
        return Err(Failure::usage(format!("no pipeline is called `{name}`"), help));
    }
    let Wrong { fail, exit78, slow } = &arguments.wrong;
    for name in fail.iter().chain(exit78) {
        check_step(name, plan, "step", |_| true)?;
    }
    for (name, _) in slow {
        check_step(name, plan, "service", |it| it != Role::Clone)?;
    }
    Ok(())
}

fn check_step(name: &str, plan: &Plan, what: &str, fits: impl Fn(Role) -> bool) -> Result<(), Failure> {
    let named = |pipeline: &PipelinePlan| {
        let short = name.strip_prefix(&pipeline.name).and_then(|it| it.strip_prefix('/')).unwrap_or(name);
        pipeline.steps.iter().any(|it| fits(it.role) && (it.name == name || it.name == short))
    };
    if plan.pipelines.iter().any(named) {
        return Ok(());
    }
    let steps = plan.pipelines.iter().flat_map(|it| &it.steps).filter(|it| fits(it.role));
    let help = suggestion(name, steps.map(|it| it.name.as_str()));
    Err(Failure::usage(format!("no {what} is called `{name}`"), help))
}

/// The name that was probably meant, or all there are.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match closest(name, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the file has {}", list(known)),
    }
}

/// Names as a person lists them.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let all: Vec<&str> = names.collect();
    let shown: Vec<String> = all.iter().take(MOST).map(|it| format!("`{it}`")).collect();
    match all.len() {
        0 => "none".to_owned(),
        count if count > MOST => format!("{} and {} more", shown.join(", "), count - MOST),
        _ => shown.join(", "),
    }
}
