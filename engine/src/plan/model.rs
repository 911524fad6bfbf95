//! What was decided: pipelines, steps, order, environment, and the reason and place of each decision.

use crate::diagnostic::Diagnostic;
use crate::pipeline::ConditionKey;
use crate::plan::Build;
use crate::plan::environment::StepVariables;
use crate::source::Span;

/// Things to go wrong on purpose, so that a plan shows what would then run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Each applies to every step of that name; `pipeline/step` names one.
    pub steps: Vec<(String, Fault)>,
}

/// What goes wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends with an exit code other than 0 and 78.
    Fails,
    /// It ends with exit code 78: success, and nothing pending runs.
    Exits78,
    /// A service that needs so many seconds until it answers.
    Slow(u32),
}

/// What a build would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The build.
    pub build: Build,
    /// Set when the commit's message or the title skips the whole build (§4.7): the words that do.
    pub skipped_by_message: Option<String>,
    /// Every pipeline of the file, in file order, started or not.
    pub pipelines: Vec<PipelinePlan>,
    /// What the reader found wrong; with errors among them no build would start as planned.
    pub problems: Vec<Diagnostic>,
}

impl Plan {
    /// The pipelines that start.
    pub fn started(&self) -> impl Iterator<Item = &PipelinePlan> {
        self.pipelines.iter().filter(|it| it.decision.runs())
    }
}

/// What becomes of one pipeline.
#[derive(Clone, Debug)]
pub struct PipelinePlan {
    /// Which document of the file it is, from 0.
    pub document: usize,
    /// Its name; `default` when none is written.
    pub name: String,
    /// Place of the name.
    pub span: Span,
    /// Whether it starts, and why.
    pub decision: Decision,
    /// Names of the pipelines it waits for, after skipped ones were cut out of the graph (§4.6).
    pub waits_for: Vec<String>,
    /// The same pipelines, as places in [`Plan::pipelines`].
    pub after: Vec<usize>,
    /// 0 for those that start at once; one more than the latest it waits for otherwise. Without meaning for those
    /// that do not start.
    pub wave: usize,
    /// How its steps are ordered.
    pub order: Order,
    /// The compiled steps in Drone's order: clone, services, steps. Also filled when the pipeline does not start.
    pub steps: Vec<StepPlan>,
    /// True when, with the faults given, a step fails it.
    pub fails: bool,
}

impl PipelinePlan {
    /// The step of that name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepPlan> {
        self.steps.iter().find(|it| it.name == name)
    }

    /// The place in [`PipelinePlan::steps`] of the step that stands at `index` under `steps` of the file.
    #[must_use]
    pub fn place_of(&self, index: usize) -> Option<usize> {
        self.steps.iter().position(|it| it.role == Role::Step && it.index == index)
    }

    /// The step that stands at `index` under `steps` of the file.
    #[must_use]
    pub fn step_at(&self, index: usize) -> Option<&StepPlan> {
        self.place_of(index).map(|it| &self.steps[it])
    }

    /// True when the pipeline starts and that step of the file runs in it.
    #[must_use]
    pub fn runs_step(&self, index: usize) -> bool {
        self.decision.runs() && self.step_at(index).is_some_and(|it| it.decision.runs())
    }
}

/// How the steps of a pipeline are ordered (§5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// No `depends_on` anywhere: one after the other.
    Serial,
    /// At least one `depends_on`: everything else starts right after the clone.
    Graph,
}

/// What a step is in the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The clone step that Drone adds.
    Clone,
    /// An entry of `services`.
    Service,
    /// An entry of `steps`.
    Step,
}

/// What becomes of one step.
#[derive(Clone, Debug)]
pub struct StepPlan {
    /// Its name; empty for a nameless service.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its place in `steps` or `services` of the pipeline; 0 for the clone.
    pub index: usize,
    /// Place of the name; empty for the clone.
    pub span: Span,
    /// Its image.
    pub image: String,
    /// True when it is started and not waited for (services always).
    pub detached: bool,
    /// Whether it runs, and why.
    pub decision: Decision,
    /// Names of those that must have finished or been skipped before; for detached ones, have started.
    pub waits_for: Vec<String>,
    /// The same ones, as places in [`PipelinePlan::steps`].
    pub after: Vec<usize>,
    /// When it starts, if every step took the same time: 0 for those that start at once, otherwise one more than
    /// the latest it waits for. What is skipped or detached takes no time.
    pub wave: usize,
    /// The result, with the faults given.
    pub result: StepResult,
    /// Slow services (a fault) that do not answer yet when it starts. Drone does not wait for them.
    pub not_ready: Vec<NotReady>,
    /// What [`StepPlan::environment`] is made of.
    pub(super) variables: StepVariables,
    /// Names of the secrets it refers to, in file order.
    pub secrets: Vec<SecretUse>,
}

impl StepPlan {
    /// The container's environment (§5.11), sorted by name; without variables whose value is empty.
    ///
    /// It is put together on demand: most of it is the same for all steps and is kept once.
    #[must_use]
    pub fn environment(&self) -> Vec<EnvironmentVariable> {
        self.variables.environment()
    }
}

/// A service that does not answer yet when a step starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReady {
    /// The service's name.
    pub service: String,
    /// Place of the service's name.
    pub span: Span,
    /// How many seconds the step starts too early. Each step that runs in between is taken to need one second,
    /// because nothing promises more.
    pub seconds: u32,
}

/// How a step ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It does not run.
    Skipped,
    /// Exit code 0.
    Succeeds,
    /// It fails, and with it the pipeline.
    Fails,
    /// It fails, and `failure: ignore` forgives it.
    FailsIgnored,
    /// Exit code 78.
    StopsEarly,
    /// It is running when `failure: fail-fast` of another step cancels the pipeline.
    Killed,
}

/// One variable in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// Name.
    pub name: String,
    /// Value; for a secret, its name is in `secret` and this is empty.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The name of the secret whose value it gets.
    pub secret: Option<String>,
}

/// Where a variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Drone sets it.
    Drone,
    /// `environment` of the pipeline.
    Pipeline,
    /// `environment` of the step.
    Step,
    /// `settings` of the step.
    Setting,
}

/// A secret that a step refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUse {
    /// The secret's name.
    pub name: String,
    /// The variable that gets it.
    pub variable: String,
    /// Place of the name.
    pub span: Span,
    /// False when this build does not get the value (§5.9); [`SecretUse::hidden`] says why.
    pub visible: bool,
    /// Why it is not visible.
    pub hidden: Option<Hidden>,
}

/// Why a build does not get a secret. The variable is then empty, and nothing says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Secrets kept by the server are withheld from all pull requests, unless an administrator allows it.
    PullRequest,
    /// Encrypted secrets in the file are withheld from pull requests of forks.
    Fork,
}

/// Whether something runs, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It runs.
    Runs(Reason),
    /// It does not.
    Skipped(Reason),
}

impl Decision {
    /// True when it runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        matches!(self, Self::Runs(_))
    }

    /// The reason, either way.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        match self {
            Self::Runs(reason) | Self::Skipped(reason) => reason,
        }
    }
}

/// Why, in words, and the place in the file that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What kind of reason.
    pub cause: Cause,
    /// One sentence for a person, with the words of the file and of the build.
    pub text: String,
    /// The place that decided: a pattern, a key, a `depends_on`. `None` when the absence of a condition did.
    pub span: Option<Span>,
}

/// The kinds of reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing restricts it.
    Unconditional,
    /// All conditions match.
    Matches,
    /// A condition does not match.
    Condition {
        /// The key that decided.
        key: ConditionKey,
        /// The value of the build that was compared.
        value: String,
        /// The pattern that decided: an `exclude` that matches; `None` when no `include` matches.
        pattern: Option<String>,
    },
    /// A step failed before (pipeline-wide), and this one runs only while all is well.
    EarlierFailure,
    /// `status: failure` alone, and nothing failed.
    NothingFailed,
    /// `status` asks for what happened.
    Status,
    /// An earlier step exited with 78.
    StoppedEarly,
    /// `failure: fail-fast` cancelled the pipeline.
    Cancelled,
    /// Another pipeline failed, and this one runs only while all is well.
    PipelineFailed,
    /// The commit's message or title skips the build.
    Message,
    /// The pipeline is of a kind or type that no runner of this plan takes.
    NoRunner,
    /// The pipeline that holds the step does not start.
    PipelineSkipped,
    /// It waits in a circle, or for one that does.
    Circle,
}
