//! A plan or a truth table → JSON for programs. The shape below is a promise: what changes it raises `version`.
//!
//! Places are `{"line": 3, "column": 5}`, counted from 1 in characters. `reason.cause` is one word of
//! [`cause`]; `reason.text` is for people and may change.

use serde::Serialize;

use crate::engine::diagnostic::Diagnostic;
use crate::engine::plan::{
    Build, Cause, Decision, Hidden, Order, Origin, PipelinePlan, Plan, Role, Row, StepPlan, StepResult, Table,
};
use crate::engine::source::{SourceFile, Span};

/// The number of the shape.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct PlanView<'a> {
    version: u32,
    file: &'a str,
    build: BuildView<'a>,
    /// The words in message or title that skip the whole build.
    skipped_by_message: Option<&'a str>,
    pipelines: Vec<PipelineView<'a>>,
    /// What the reader found wrong with the file.
    problems: Vec<ProblemView<'a>>,
}

#[derive(Serialize)]
struct TableView<'a> {
    version: u32,
    file: &'a str,
    builds: Vec<BuildView<'a>>,
    rows: Vec<RowView<'a>>,
}

#[derive(Serialize)]
struct BuildView<'a> {
    event: &'static str,
    branch: &'a str,
    source: &'a str,
    #[serde(rename = "ref")]
    git_ref: &'a str,
    tag: Option<&'a str>,
    action: &'a str,
    target: &'a str,
    cron: &'a str,
    repo: &'a str,
    instance: &'a str,
    fork: bool,
    trusted: bool,
    message: &'a str,
    title: &'a str,
    changed_files: &'a [String],
}

#[derive(Serialize)]
struct PipelineView<'a> {
    name: &'a str,
    /// Which document of the file, from 0.
    document: usize,
    place: PlaceView,
    runs: bool,
    reason: ReasonView<'a>,
    waits_for: &'a [String],
    /// 0 for those that start at once.
    wave: usize,
    /// `serial` or `graph`.
    order: &'static str,
    /// True when, with the faults given, a step fails it.
    fails: bool,
    steps: Vec<StepView<'a>>,
}

#[derive(Serialize)]
struct StepView<'a> {
    name: &'a str,
    /// `clone`, `service` or `step`.
    role: &'static str,
    image: &'a str,
    detached: bool,
    /// `null` for the clone, which is not written.
    place: Option<PlaceView>,
    runs: bool,
    reason: ReasonView<'a>,
    waits_for: &'a [String],
    wave: usize,
    /// `skipped`, `succeeds`, `fails`, `fails_ignored`, `stops_early` (exit code 78) or `killed`.
    result: &'static str,
    /// Slow services that do not answer yet when the step starts.
    not_ready: Vec<NotReadyView<'a>>,
    secrets: Vec<SecretView<'a>>,
    /// Only with `--env`, and only of steps that run.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Vec<VariableView>>,
}

#[derive(Serialize)]
struct ReasonView<'a> {
    cause: &'static str,
    text: &'a str,
    place: Option<PlaceView>,
    /// The condition that decided, when one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<ConditionView<'a>>,
}

#[derive(Serialize)]
struct ConditionView<'a> {
    key: &'static str,
    value: &'a str,
    /// The `exclude` pattern that matched; `null` when no `include` did.
    pattern: Option<&'a str>,
}

#[derive(Serialize)]
struct PlaceView {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct NotReadyView<'a> {
    service: &'a str,
    seconds: u32,
}

#[derive(Serialize)]
struct SecretView<'a> {
    name: &'a str,
    variable: &'a str,
    place: PlaceView,
    visible: bool,
    /// `pull_request` or `fork`: who does not get it.
    hidden_from: Option<&'static str>,
}

#[derive(Serialize)]
struct VariableView {
    name: String,
    value: String,
    /// `drone`, `pipeline`, `step` or `setting`.
    origin: &'static str,
    /// The secret whose value it gets; `value` is then empty.
    secret: Option<String>,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
    place: PlaceView,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct RowView<'a> {
    pipeline: &'a str,
    /// `null` for the pipeline itself.
    step: Option<&'a str>,
    role: Option<&'static str>,
    place: PlaceView,
    /// One a build, in their order.
    cells: Vec<CellView<'a>>,
}

#[derive(Serialize)]
struct CellView<'a> {
    runs: bool,
    reason: ReasonView<'a>,
}

/// A plan as JSON, with a line end.
pub(super) fn plan(plan: &Plan, source: &SourceFile, environment: bool) -> String {
    write(&PlanView {
        version: VERSION,
        file: source.name(),
        build: build(&plan.build),
        skipped_by_message: plan.skipped_by_message.as_deref(),
        pipelines: plan.pipelines.iter().map(|it| pipeline(it, source, environment)).collect(),
        problems: plan.problems.iter().map(|it| problem(it, source)).collect(),
    })
}

/// A truth table as JSON, with a line end.
pub(super) fn table(table: &Table, source: &SourceFile) -> String {
    write(&TableView {
        version: VERSION,
        file: source.name(),
        builds: table.builds.iter().map(build).collect(),
        rows: table.rows.iter().map(|it| row(it, source)).collect(),
    })
}

fn write(view: &impl Serialize) -> String {
    // Strings, numbers and lists of them: nothing that JSON cannot hold.
    serde_json::to_string_pretty(view).unwrap_or_default() + "\n"
}

fn build(build: &Build) -> BuildView<'_> {
    BuildView {
        event: build.event.word(),
        branch: &build.branch,
        source: &build.source,
        git_ref: &build.git_ref,
        tag: build.tag(),
        action: &build.action,
        target: &build.target,
        cron: &build.cron,
        repo: &build.repo,
        instance: &build.instance,
        fork: build.fork,
        trusted: build.trusted,
        message: &build.message,
        title: &build.title,
        changed_files: &build.changed_files,
    }
}

fn pipeline<'a>(plan: &'a PipelinePlan, source: &SourceFile, environment: bool) -> PipelineView<'a> {
    PipelineView {
        name: &plan.name,
        document: plan.document,
        place: place(plan.span, source),
        runs: plan.decision.runs(),
        reason: reason(&plan.decision, source),
        waits_for: &plan.waits_for,
        wave: plan.wave,
        order: match plan.order {
            Order::Serial => "serial",
            Order::Graph => "graph",
        },
        fails: plan.fails,
        steps: plan.steps.iter().map(|it| step(it, source, environment)).collect(),
    }
}

fn step<'a>(plan: &'a StepPlan, source: &SourceFile, environment: bool) -> StepView<'a> {
    let runs = plan.decision.runs();
    let early = plan.not_ready.iter().map(|it| NotReadyView { service: &it.service, seconds: it.seconds });
    let secrets = plan.secrets.iter().map(|it| SecretView {
        name: &it.name,
        variable: &it.variable,
        place: place(it.span, source),
        visible: it.visible,
        hidden_from: it.hidden.map(|it| match it {
            Hidden::PullRequest => "pull_request",
            Hidden::Fork => "fork",
        }),
    });
    StepView {
        name: &plan.name,
        role: role(plan.role),
        image: &plan.image,
        detached: plan.detached,
        place: (plan.role != Role::Clone).then(|| place(plan.span, source)),
        runs,
        reason: reason(&plan.decision, source),
        waits_for: &plan.waits_for,
        wave: plan.wave,
        result: result(plan.result),
        not_ready: early.collect(),
        secrets: secrets.collect(),
        environment: (environment && runs).then(|| variables(plan)),
    }
}

fn variables(plan: &StepPlan) -> Vec<VariableView> {
    let view = |it: crate::engine::plan::EnvironmentVariable| VariableView {
        name: it.name,
        value: it.value,
        origin: match it.origin {
            Origin::Drone => "drone",
            Origin::Pipeline => "pipeline",
            Origin::Step => "step",
            Origin::Setting => "setting",
        },
        secret: it.secret,
    };
    plan.environment().into_iter().map(view).collect()
}

fn row<'a>(row: &'a Row, source: &SourceFile) -> RowView<'a> {
    RowView {
        pipeline: &row.pipeline,
        step: row.step.as_deref(),
        role: row.role.map(role),
        place: place(row.span, source),
        cells: row.cells.iter().map(|it| CellView { runs: it.runs(), reason: reason(it, source) }).collect(),
    }
}

fn reason<'a>(decision: &'a Decision, source: &SourceFile) -> ReasonView<'a> {
    let reason = decision.reason();
    let condition = match &reason.cause {
        Cause::Condition { key, value, pattern } => {
            Some(ConditionView { key: key.name(), value, pattern: pattern.as_deref() })
        }
        _ => None,
    };
    let place = reason.span.map(|it| place(it, source));
    ReasonView { cause: cause(&reason.cause), text: &reason.text, place, condition }
}

/// The words of `reason.cause`.
fn cause(cause: &Cause) -> &'static str {
    match cause {
        Cause::Unconditional => "unconditional",
        Cause::Matches => "matches",
        Cause::Condition { .. } => "condition",
        Cause::EarlierFailure => "earlier_failure",
        Cause::NothingFailed => "nothing_failed",
        Cause::Status => "status",
        Cause::StoppedEarly => "stopped_early",
        Cause::Cancelled => "cancelled",
        Cause::PipelineFailed => "pipeline_failed",
        Cause::Message => "message",
        Cause::NoRunner => "no_runner",
        Cause::PipelineSkipped => "pipeline_skipped",
        Cause::Circle => "circle",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Clone => "clone",
        Role::Service => "service",
        Role::Step => "step",
    }
}

fn result(result: StepResult) -> &'static str {
    match result {
        StepResult::Skipped => "skipped",
        StepResult::Succeeds => "succeeds",
        StepResult::Fails => "fails",
        StepResult::FailsIgnored => "fails_ignored",
        StepResult::StopsEarly => "stops_early",
        StepResult::Killed => "killed",
    }
}

fn problem<'a>(problem: &'a Diagnostic, source: &SourceFile) -> ProblemView<'a> {
    ProblemView {
        code: problem.code,
        severity: problem.severity.word(),
        message: &problem.message,
        place: place(problem.primary.span, source),
        help: problem.help.as_deref(),
    }
}

fn place(span: Span, source: &SourceFile) -> PlaceView {
    let at = source.line_column(span.start);
    PlaceView { line: at.line, column: at.column }
}
