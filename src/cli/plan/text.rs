//! A plan → text for a person: which pipelines start, which steps run, why, and one thing to do next.

use std::fmt::Write;

use crate::cli::plan::occasion::describe;
use crate::cli::plan::sketch;
use crate::engine::plan::{
    Cause, Decision, EnvironmentVariable, Event, Hidden, Order, Origin, PipelinePlan, Plan, Reason, Role,
    StepPlan, StepResult,
};
use crate::engine::source::{SourceFile, Span};

/// What is shown besides the steps.
pub(super) struct Wanted {
    pub(super) environment: bool,
    pub(super) graph: bool,
}

/// The whole answer.
pub(super) fn plan(plan: &Plan, source: &SourceFile, wanted: &Wanted) -> String {
    let mut text = format!("{}: {}\n", source.name(), describe(&plan.build));
    if let Some(words) = &plan.skipped_by_message {
        let _ = writeln!(text, "\nNo build starts: `{words}` stands in the message or the title.");
    }
    if plan.pipelines.is_empty() {
        text += "\nThe file holds no pipeline, so no build starts.\n";
    }
    if plan.pipelines.len() > 1 {
        let started = plan.started().count();
        let verb = if started == 1 { "starts" } else { "start" };
        let _ = writeln!(text, "{started} of {} pipelines {verb}", plan.pipelines.len());
    }
    if wanted.graph && plan.started().count() > 1 {
        let _ = write!(text, "\npipelines\n\n{}", sketch::pipelines(plan));
    }
    let mut started_before = true;
    for pipeline in &plan.pipelines {
        // Those that do not start take a line each, and need no space between them.
        let starts = pipeline.decision.runs();
        if starts || started_before {
            text.push('\n');
        }
        started_before = starts;
        text += &pipeline_text(pipeline, source, wanted);
    }
    let _ = write!(text, "\nnext: {}\n", next(plan, source));
    text
}

fn pipeline_text(pipeline: &PipelinePlan, source: &SourceFile, wanted: &Wanted) -> String {
    let mut text = headline(pipeline, source);
    if !pipeline.decision.runs() {
        return text;
    }
    if wanted.graph {
        let _ = write!(text, "\n{}\n", sketch::steps(pipeline));
    }
    let widths = Widths::of(pipeline);
    for step in &pipeline.steps {
        text += &step_line(step, source, widths);
        text += &hidden_secrets(step);
        if wanted.environment && step.decision.runs() {
            text += &environment(step);
        }
    }
    if pipeline.fails {
        text += "  The pipeline fails.\n";
    }
    text
}

/// The pipeline's own decision, and how its steps are ordered.
fn headline(pipeline: &PipelinePlan, source: &SourceFile) -> String {
    let name = one_line(&pipeline.name);
    let reason = reason(pipeline.decision.reason(), source);
    if !pipeline.decision.runs() {
        return format!("pipeline {name}: skip, {reason}\n");
    }
    let after = match pipeline.waits_for.as_slice() {
        [] => String::new(),
        names => format!(" after {}", names.iter().map(|it| one_line(it)).collect::<Vec<_>>().join(", ")),
    };
    let order = match pipeline.order {
        Order::Serial => "one step after the other",
        Order::Graph => "as a graph, because of `depends_on`; steps with one number start together",
    };
    format!("pipeline {name}: runs{after}, {reason}\n  {order}\n")
}

#[derive(Clone, Copy)]
struct Widths {
    name: usize,
    verdict: usize,
}

impl Widths {
    /// Long names push only their own line to the right.
    fn of(pipeline: &PipelinePlan) -> Self {
        let name = pipeline.steps.iter().map(|it| label(it).chars().count()).filter(|it| *it <= 32).max();
        let verdict = pipeline.steps.iter().map(|it| verdict(it).len()).max();
        Self { name: name.unwrap_or(0), verdict: verdict.unwrap_or(0) }
    }
}

fn step_line(step: &StepPlan, source: &SourceFile, widths: Widths) -> String {
    let number = if step.decision.runs() { (step.wave + 1).to_string() } else { "-".to_owned() };
    let Widths { name, verdict: word } = widths;
    let reason = reason(step.decision.reason(), source);
    format!("{number:>4}  {:<name$}  {:<word$}  {reason}\n", label(step), verdict(step))
}

/// The name, and what is special about it.
fn label(step: &StepPlan) -> String {
    let name = if step.name.is_empty() { "(no name)" } else { &step.name };
    match (step.role, step.detached) {
        (Role::Service, _) => format!("{} (service)", one_line(name)),
        (Role::Step, true) => format!("{} (detached)", one_line(name)),
        _ => one_line(name),
    }
}

/// What becomes of the step, in a word or two.
fn verdict(step: &StepPlan) -> &'static str {
    match (&step.decision, step.result) {
        (Decision::Skipped(_), _) => "skip",
        (_, StepResult::Fails) => "fails",
        (_, StepResult::FailsIgnored) => "fails, ignored",
        (_, StepResult::StopsEarly) => "exits 78",
        (_, StepResult::Killed) => "killed",
        _ => "runs",
    }
}

/// The sentence and the place that decided.
pub(in crate::cli) fn reason(reason: &Reason, source: &SourceFile) -> String {
    match reason.span {
        Some(span) => format!("{} ({})", reason.text, place(span, source)),
        None => reason.text.clone(),
    }
}

pub(in crate::cli) fn place(span: Span, source: &SourceFile) -> String {
    format!("{}:{}", source.name(), source.line_column(span.start))
}

fn hidden_secrets(step: &StepPlan) -> String {
    if !step.decision.runs() {
        return String::new();
    }
    let line = |name: &str, variable: &str, why: Hidden| {
        let from = match why {
            Hidden::PullRequest => "pull requests do not get it",
            Hidden::Fork => "pull requests of forks do not get it",
        };
        format!("{:10}the secret {name} is empty in {variable}: {from}\n", "")
    };
    step.secrets
        .iter()
        .filter_map(|it| Some(line(&one_line(&it.name), &one_line(&it.variable), it.hidden?)))
        .collect()
}

/// What the file sets first, then what Drone does.
fn environment(step: &StepPlan) -> String {
    let all = step.environment();
    let (drone, own): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.origin == Origin::Drone);
    let lines: Vec<String> =
        own.into_iter().chain(drone).map(|it| format!("          {}", variable(it))).collect();
    lines.join("\n") + "\n"
}

fn variable(variable: &EnvironmentVariable) -> String {
    match &variable.secret {
        Some(secret) => format!("{}=(the secret {})", one_line(&variable.name), one_line(secret)),
        None => format!("{}={}", one_line(&variable.name), one_line(&variable.value)),
    }
}

/// The text without line breaks and other control characters.
pub(in crate::cli) fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|it| if it.is_control() { it.escape_default().collect::<Vec<_>>() } else { vec![it] })
        .collect()
}

/// One thing to do now.
fn next(plan: &Plan, source: &SourceFile) -> String {
    if !plan.problems.is_empty() {
        return "mend the first error above; Drone refuses the file as it is, so this plan is only a guess"
            .to_owned();
    }
    if plan.pipelines.is_empty() {
        return format!("begin {} with `kind: pipeline`", source.name());
    }
    if plan.skipped_by_message.is_some() {
        return "leave these words out of the commit's message, or start the build by hand: --event custom"
            .to_owned();
    }
    let no_runner = |it: &&PipelinePlan| it.decision.reason().cause == Cause::NoRunner;
    if let Some(stuck) = plan.pipelines.iter().find(no_runner) {
        let name = one_line(&stuck.name);
        return format!(
            "give the pipeline {name} a kind and a type that a runner takes, such as `type: docker`"
        );
    }
    if plan.started().count() == 0 {
        return "no build starts; see which events start one: ciworkshop plan --all-events".to_owned();
    }
    let running = || plan.started().flat_map(|it| &it.steps).filter(|it| it.decision.runs());
    if let Some((step, early)) = running().find_map(|it| Some((it, it.not_ready.first()?))) {
        let (step, service) = (one_line(&step.name), one_line(&early.service));
        return format!("let the step {step} wait until {service} answers, in a loop with a limit");
    }
    if running().any(|it| it.secrets.iter().any(|it| !it.visible)) {
        return "keep steps that need a secret away from pull requests: `when: {event: {exclude: [pull_request]}}`".to_owned();
    }
    if plan.build.event == Event::Push {
        return "see the other events: ciworkshop plan --all-events".to_owned();
    }
    "see what runs when a step fails: ciworkshop plan --fail STEP, with the same flags".to_owned()
}
