//! A plan and the secrets that are given → those that steps ask for and that have no value. Reads only.
//!
//! Drone itself sets such a variable to an empty text, and the step fails later, somewhere else. A secret that the build
//! may not see is not missing: it is empty on the server, too. One that stands encrypted in the file is missing unless
//! its value is given: only the server can decrypt it.

use crate::engine::plan::{Cause, Decision, PipelinePlan, Plan, StepPlan};
use crate::engine::source::Span;
use crate::run::Trouble;
use crate::run::secrets::Secrets;

/// A secret without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its name, as the file writes it.
    pub name: String,
    /// The variable that it is for.
    pub variable: String,
    /// Place of the name in the file.
    pub span: Span,
    /// The pipeline that asks for it.
    pub pipeline: String,
    /// The step that asks for it.
    pub step: String,
}

impl Missing {
    /// What is wrong and what to do. The place is [`Missing::span`].
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        let Self { name, step, .. } = self;
        let variable = if is_variable(name) { name.clone() } else { format!("{name}={}", self.variable) };
        Trouble::new(
            format!("the step `{step}` asks for the secret `{name}`, which has no value here"),
            format!(
                "name a variable that holds it with `--secret {variable}`, or write it in a file for `--secret-file`"
            ),
        )
    }
}

/// The secrets without a value of all steps that can run, in the order of the plan. `wanted` says of a pipeline and a
/// step whether the user asked for them.
#[must_use]
pub fn missing(
    plan: &Plan,
    secrets: &Secrets,
    wanted: impl Fn(&PipelinePlan, &StepPlan) -> bool,
) -> Vec<Missing> {
    let mut all = Vec::new();
    for pipeline in plan.pipelines.iter().filter(|it| can_run(&it.decision)) {
        let steps = pipeline.steps.iter().filter(|it| step_can_run(pipeline, it) && wanted(pipeline, it));
        all.extend(steps.flat_map(|it| missing_in(pipeline, it, secrets)));
    }
    all
}

fn missing_in(pipeline: &PipelinePlan, step: &StepPlan, secrets: &Secrets) -> Vec<Missing> {
    let without = step.secrets.iter().filter(|it| it.visible && secrets.get(&it.name).is_none());
    let missing = without.map(|it| Missing {
        name: it.name.clone(),
        variable: it.variable.clone(),
        span: it.span,
        pipeline: pipeline.name.clone(),
        step: step.name.clone(),
    });
    missing.collect()
}

/// The plan sees no failure. What waits for one can run all the same.
fn can_run(decision: &Decision) -> bool {
    use Cause::{Cancelled, EarlierFailure, NothingFailed, PipelineFailed, Status, StoppedEarly};
    decision.runs()
        || matches!(
            decision.reason().cause,
            NothingFailed | EarlierFailure | StoppedEarly | Cancelled | PipelineFailed | Status
        )
}

fn step_can_run(pipeline: &PipelinePlan, step: &StepPlan) -> bool {
    // In a pipeline that waits for a failure, this is the only word against a step that its conditions let run.
    let with_pipeline = !pipeline.decision.runs() && step.decision.reason().cause == Cause::PipelineSkipped;
    can_run(&step.decision) || with_pipeline
}

/// True for what a shell takes as the name of a variable.
fn is_variable(name: &str) -> bool {
    !name.starts_with(|it: char| it.is_ascii_digit())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}
