//! What is known when a build is over.

use std::time::Duration;

use crate::engine::plan::{Decision, Role, StepResult};
use crate::engine::source::Span;
use crate::run::Trouble;

/// What became of a build.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Every pipeline of the file, in file order.
    pub pipelines: Vec<PipelineOutcome>,
    /// True when a person stopped it.
    pub interrupted: bool,
    /// How long it took.
    pub took: Duration,
}

impl Outcome {
    /// True when something ran, and all that ran is green.
    #[must_use]
    pub fn green(&self) -> bool {
        !self.interrupted
            && self.pipelines.iter().all(|it| it.state != PipelineState::Failed)
            && self.pipelines.iter().any(|it| it.state == PipelineState::Passed)
    }
}

/// What became of a pipeline, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineState {
    /// It ran, and is green.
    Passed,
    /// It ran, and is red; or it could not be run.
    Failed,
    /// The build does not start it; the decision says why.
    Skipped,
    /// It was not asked for.
    LeftOut,
}

/// What became of a pipeline.
#[derive(Clone, Debug)]
pub struct PipelineOutcome {
    /// Its name.
    pub name: String,
    /// Place of the name.
    pub span: Span,
    /// In a word.
    pub state: PipelineState,
    /// Whether it started, and why.
    pub decision: Decision,
    /// Its steps in Drone's order; empty when it did not start.
    pub steps: Vec<StepOutcome>,
    /// What kept it from running, or from being cleaned up.
    pub trouble: Option<Trouble>,
    /// True when the time for a pipeline was over.
    pub timed_out: bool,
    /// How long it took.
    pub took: Duration,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Place of the name; empty for the clone.
    pub span: Span,
    /// Its image.
    pub image: String,
    /// True when it was not waited for.
    pub detached: bool,
    /// Whether it ran, and why.
    pub decision: Decision,
    /// False when it was not asked for.
    pub wanted: bool,
    /// How it ended.
    pub result: StepResult,
    /// Its exit code, when it ended by itself.
    pub code: Option<i32>,
    /// What kept it from running.
    pub trouble: Option<Trouble>,
    /// Its last lines of output, secrets masked.
    pub last_lines: Vec<String>,
    /// How long it took.
    pub took: Duration,
}
