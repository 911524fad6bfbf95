//! A pipeline, a build and faults → what becomes of each step (§5.2–§5.4). Nothing is run.
//!
//! Time is counted in waves: every step takes one, whatever is skipped or detached takes none. A failure is known
//! from the next wave on, so steps that start together with the failing one run.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::pipeline::{ConditionKey, Pipeline, Step};
use crate::plan::compile::{Compiled, compile};
use crate::plan::conditions::short;
use crate::plan::environment::{self, Stage, StageVariables, StepVariables};
use crate::plan::graph::{self, Nodes, Takes};
use crate::plan::{
    Build, Cause, Decision, Ending, EnvironmentVariable, Fault, Faults, NotReady, Order, Reason, Role,
    StepPlan, StepResult, Wanted, when_matches,
};
use crate::source::Span;

/// The image that clones, unless an administrator has set another.
const CLONE_IMAGE: &str = "drone/git";

/// What is known when the steps of a pipeline are planned.
pub(super) struct Occasion<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) build: &'a Build,
    pub(super) faults: &'a Faults,
    pub(super) stage: Stage<'a>,
    /// Whether the file holds an encrypted secret of that name.
    pub(super) in_file: &'a dyn Fn(&str) -> bool,
    /// False when the pipeline does not start: its steps are planned only as far as they are read.
    pub(super) starts: bool,
}

/// What was decided.
pub(super) struct Decided {
    pub(super) order: Order,
    pub(super) steps: Vec<StepPlan>,
    pub(super) fails: bool,
}

/// Decides all steps of a pipeline.
pub(super) fn decide(occasion: &Occasion<'_>) -> Decided {
    let (order, mut simulation) = Simulation::new(occasion);
    if occasion.starts {
        graph::run(&mut simulation);
    } else {
        simulation.skip_all();
    }
    simulation.finish(order, occasion)
}

const ALWAYS_ON_SUCCESS: Wanted = Wanted { on_success: true, on_failure: false };

/// The step as it is before anything happens: its conditions are decided, its time is not.
fn undecided(compiled: &Compiled<'_>, all: &[Compiled<'_>], occasion: &Occasion<'_>) -> StepPlan {
    let step = compiled.step;
    let decision = match step {
        Some(step) => when_matches(&step.when, occasion.build),
        None => Decision::Runs(unconditional("the repository is cloned first")),
    };
    let own = match step {
        Some(step) => environment::own_variables(step),
        None => environment::clone_variables(occasion.pipeline),
    };
    StepPlan {
        name: compiled.name().to_owned(),
        role: compiled.role,
        index: compiled.index,
        span: step.map(Step::name_span).unwrap_or_default(),
        image: step.map_or(CLONE_IMAGE, Step::image).to_owned(),
        detached: compiled.is_detached(),
        decision,
        waits_for: compiled.after.iter().map(|it| all[*it].name().to_owned()).collect(),
        after: compiled.after.clone(),
        wave: 0,
        result: StepResult::Skipped,
        not_ready: Vec::new(),
        variables: StepVariables { own, ..StepVariables::default() },
        secrets: step
            .map(|it| environment::secrets(it, occasion.build, occasion.in_file))
            .unwrap_or_default(),
    }
}

fn unconditional(text: &str) -> Reason {
    Reason { cause: Cause::Unconditional, text: text.to_owned(), span: None }
}

/// What goes wrong with each.
fn faults(compiled: &[Compiled<'_>], occasion: &Occasion<'_>) -> Vec<Option<Fault>> {
    if occasion.faults.steps.is_empty() {
        return vec![None; compiled.len()];
    }
    let named: HashMap<&str, Fault> =
        occasion.faults.steps.iter().map(|(name, fault)| (name.as_str(), *fault)).collect();
    let of = |name: &str| {
        let full = format!("{}/{name}", occasion.pipeline.name());
        named.get(full.as_str()).or_else(|| named.get(name)).copied()
    };
    compiled.iter().map(|it| of(it.name())).collect()
}

/// Steps that are never run have no number; those that are skipped on the way have one.
fn is_counted(step: &StepPlan) -> bool {
    !matches!(step.decision.reason().cause, Cause::Condition { .. })
}

/// What happened so far. Each names the step that did it.
#[derive(Default)]
struct State {
    failed: Vec<usize>,
    stopped_by: Option<usize>,
    cancelled_by: Option<usize>,
}

/// What is known of the steps of a pipeline while it goes on.
pub(super) struct Simulation<'m> {
    compiled: Vec<Compiled<'m>>,
    wanted: Vec<Wanted>,
    faults: Vec<Option<Fault>>,
    steps: Vec<StepPlan>,
    state: State,
    /// What started in this wave and takes it up.
    running: Vec<usize>,
}

impl Nodes for Simulation<'_> {
    fn count(&self) -> usize {
        self.compiled.len()
    }

    fn after(&self, node: usize) -> &[usize] {
        &self.compiled[node].after
    }

    fn start(&mut self, node: usize, wave: usize) -> Takes {
        self.steps[node].wave = wave;
        self.steps[node].variables.failed_before = self.state.failed.len();
        if !self.steps[node].decision.runs() {
            return Takes::NoTime;
        }
        if let Some(decision) = self.by_state(node) {
            self.steps[node].decision = decision;
        }
        if !self.steps[node].decision.runs() {
            return Takes::NoTime;
        }
        if self.steps[node].detached {
            self.steps[node].result = StepResult::Succeeds;
            return Takes::NoTime;
        }
        self.steps[node].result = self.result(node);
        self.running.push(node);
        Takes::OneWave
    }

    fn wave_ends(&mut self) {
        let running = std::mem::take(&mut self.running);
        for node in &running {
            match self.steps[*node].result {
                StepResult::Fails => self.fail(*node),
                StepResult::StopsEarly => self.state.stopped_by = self.state.stopped_by.or(Some(*node)),
                _ => {}
            }
        }
        if self.state.cancelled_by.is_some() {
            for node in running {
                if self.steps[node].result == StepResult::Succeeds {
                    self.steps[node].result = StepResult::Killed;
                }
            }
        }
    }

    fn never_starts(&mut self, node: usize) {
        if !self.steps[node].decision.runs() {
            // Its conditions say so already.
            return;
        }
        let waits_for = self.steps[node].waits_for.iter().map(|it| format!("`{}`", short(it)));
        let text =
            format!("it waits for {}, and they wait in a circle", waits_for.collect::<Vec<_>>().join(", "));
        let span = self.depends_on_span(node);
        self.steps[node].decision = Decision::Skipped(Reason { cause: Cause::Circle, text, span });
    }
}

impl<'m> Simulation<'m> {
    /// Nothing has started yet.
    pub(super) fn new(occasion: &Occasion<'m>) -> (Order, Self) {
        let (order, compiled) = compile(occasion.pipeline);
        let steps = compiled.iter().map(|it| undecided(it, &compiled, occasion)).collect();
        let wanted =
            compiled.iter().map(|it| it.step.map_or(ALWAYS_ON_SUCCESS, |it| Wanted::of_step(&it.when)));
        let simulation = Self {
            wanted: wanted.collect(),
            faults: faults(&compiled, occasion),
            compiled,
            steps,
            state: State::default(),
            running: Vec::new(),
        };
        (order, simulation)
    }

    pub(super) fn plans(&self) -> &[StepPlan] {
        &self.steps
    }

    pub(super) fn written(&self, node: usize) -> Option<&'m Step> {
        self.compiled[node].step
    }

    /// How a step that was started really ended.
    pub(super) fn ended(&mut self, node: usize, ending: Ending) {
        let result = match ending {
            Ending::Exit(0) => StepResult::Succeeds,
            Ending::Exit(78) => StepResult::StopsEarly,
            // Only exit codes are forgiven, no errors of the engine (§5.4).
            Ending::Exit(_) if self.failure(node) == "ignore" => StepResult::FailsIgnored,
            Ending::Exit(_) | Ending::Error => StepResult::Fails,
            Ending::Killed => StepResult::Killed,
        };
        // Whatever a detached step or a service does, it is a success in the end (§5.3).
        let forgiven = self.steps[node].detached && ending != Ending::Error;
        self.steps[node].result = if forgiven { StepResult::Succeeds } else { result };
        match self.steps[node].result {
            StepResult::Fails => self.fail(node),
            StepResult::StopsEarly => self.state.stopped_by = self.state.stopped_by.or(Some(node)),
            _ => {}
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.state.cancelled_by.is_some()
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.state.failed.is_empty()
    }

    /// The environment of a step that starts now.
    pub(super) fn environment(&self, node: usize, shared: StageVariables) -> Vec<EnvironmentVariable> {
        let before = self.steps[..node].iter().filter(|it| is_counted(it)).count();
        let number = if is_counted(&self.steps[node]) { before + 1 } else { 0 };
        let variables = StepVariables {
            shared: Arc::new(shared),
            own: self.steps[node].variables.own.clone(),
            step: (self.compiled[node].name().to_owned(), number),
            failed_before: self.state.failed.len(),
        };
        variables.environment()
    }

    /// Names of the steps that failed, in the order in which they did.
    pub(super) fn failed_names(&self) -> Vec<String> {
        self.state.failed.iter().map(|it| self.compiled[*it].name().to_owned()).collect()
    }

    fn result(&self, node: usize) -> StepResult {
        match self.faults[node] {
            Some(Fault::Fails) if self.failure(node) == "ignore" => StepResult::FailsIgnored,
            Some(Fault::Fails) => StepResult::Fails,
            Some(Fault::Exits78) => StepResult::StopsEarly,
            Some(Fault::Slow(_)) | None => StepResult::Succeeds,
        }
    }

    fn fail(&mut self, node: usize) {
        self.state.failed.push(node);
        if matches!(self.failure(node), "fast" | "fast-fail" | "fail-fast") {
            self.state.cancelled_by = self.state.cancelled_by.or(Some(node));
        }
    }

    /// `failure` as written.
    fn failure(&self, node: usize) -> &str {
        self.compiled[node].step.and_then(|it| it.failure.as_ref()).map_or("", |it| &it.value)
    }

    /// What happened before decides anew, if it has a say.
    fn by_state(&self, node: usize) -> Option<Decision> {
        let Wanted { on_success, on_failure } = self.wanted[node];
        let always = on_success && on_failure;
        let because = |cause, text: String, place: usize| Reason { cause, text, span: self.place_of(place) };
        if let Some(by) = self.state.cancelled_by {
            let text = format!(
                "`{}` failed, and its `failure: {}` cancels the pipeline",
                self.name(by),
                self.failure(by)
            );
            return Some(Decision::Skipped(because(Cause::Cancelled, text, by)));
        }
        if let Some(by) = self.state.stopped_by {
            let name = self.name(by);
            return Some(if always {
                let text = format!(
                    "`{name}` exited with 78; Drone marks the step as skipped, yet runs its container"
                );
                Decision::Runs(because(Cause::StoppedEarly, text, by))
            } else {
                let text = format!("`{name}` exited with 78: success, and nothing that is pending runs");
                Decision::Skipped(because(Cause::StoppedEarly, text, by))
            });
        }
        let status = self.status_span(node);
        match self.state.failed.first() {
            Some(first) if !on_failure => {
                let text =
                    format!("`{}` failed before, and it runs only while all is well", self.name(*first));
                Some(Decision::Skipped(because(Cause::EarlierFailure, text, *first)))
            }
            Some(first) => {
                let text = format!("`{}` failed before, and `status` asks for that", self.name(*first));
                Some(Decision::Runs(Reason { cause: Cause::Status, text, span: status }))
            }
            None if !on_success => {
                let text = "nothing failed before, and `status` asks for a failure".to_owned();
                Some(Decision::Skipped(Reason { cause: Cause::NothingFailed, text, span: status }))
            }
            None => None,
        }
    }

    fn name(&self, node: usize) -> std::borrow::Cow<'_, str> {
        short(self.compiled[node].name())
    }

    /// The clone has no place in the file.
    fn place_of(&self, node: usize) -> Option<Span> {
        self.compiled[node].step.map(Step::name_span)
    }

    fn status_span(&self, node: usize) -> Option<Span> {
        let status = self.compiled[node].step?.when.get(ConditionKey::Status)?;
        Some(status.span)
    }

    fn depends_on_span(&self, node: usize) -> Option<Span> {
        let written = &self.compiled[node].step?.depends_on;
        Some(written.first()?.span.to(written.last()?.span))
    }

    fn skip_all(&mut self) {
        for step in &mut self.steps {
            if step.decision.runs() {
                let text = "the pipeline does not start".to_owned();
                step.decision = Decision::Skipped(Reason { cause: Cause::PipelineSkipped, text, span: None });
            }
        }
    }

    fn finish(mut self, order: Order, occasion: &Occasion<'_>) -> Decided {
        self.warn_of_slow_services();
        let failed_steps = self.failed_names();
        let variables = StageVariables::of(occasion.build, occasion.pipeline, &occasion.stage, failed_steps);
        let variables = Arc::new(variables);
        let mut number = 0;
        for (step, compiled) in self.steps.iter_mut().zip(&self.compiled) {
            let counted = is_counted(step);
            number += usize::from(counted);
            step.variables.shared = Arc::clone(&variables);
            step.variables.step = (compiled.name().to_owned(), if counted { number } else { 0 });
        }
        Decided { order, steps: self.steps, fails: !self.state.failed.is_empty() }
    }

    /// Tells each running step which services do not answer yet. A slow service changes nothing that Drone does.
    fn warn_of_slow_services(&mut self) {
        let slow: Vec<(NotReady, usize)> =
            (0..self.steps.len()).filter_map(|it| self.slow_service(it)).collect();
        if slow.is_empty() {
            return;
        }
        for step in
            self.steps.iter_mut().filter(|it| it.role == Role::Step && it.decision.runs() && !it.detached)
        {
            let early = slow.iter().filter_map(|(service, wave)| {
                let passed = u32::try_from(step.wave.saturating_sub(*wave)).unwrap_or(u32::MAX);
                let seconds = service.seconds.checked_sub(passed).filter(|it| *it > 0)?;
                Some(NotReady { seconds, ..service.clone() })
            });
            step.not_ready = early.collect();
            for early in &step.not_ready {
                let NotReady { service, seconds, .. } = early;
                let unit = if *seconds == 1 { "second" } else { "seconds" };
                let service = short(service);
                let (Decision::Runs(reason) | Decision::Skipped(reason)) = &mut step.decision;
                let _ = write!(reason.text, "; it starts {seconds} {unit} before `{service}` answers");
            }
        }
    }

    fn slow_service(&self, node: usize) -> Option<(NotReady, usize)> {
        let step = &self.steps[node];
        match self.faults[node] {
            Some(Fault::Slow(seconds)) if step.detached && step.decision.runs() => {
                Some((NotReady { service: step.name.clone(), span: step.span, seconds }, step.wave))
            }
            _ => None,
        }
    }
}
