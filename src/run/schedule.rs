//! A build and a backend → its outcome. What may start is asked of the plan, and what happened is told to it; nothing
//! is decided here but how many things run at once.

mod pipeline;
mod slots;
mod step;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::engine::diagnostic::Diagnostic;
use crate::engine::pipeline::Pipeline;
use crate::engine::plan::{Build, LiveBuild, PipelinePlan, StepPlan, live};
use crate::engine::source::SourceFile;
use crate::run::Trouble;
use crate::run::backend::{Backend, Job, Probe};
use crate::run::event::{At, Event, Sink};
use crate::run::ledger::RunFolder;
use crate::run::mask::Mask;
use crate::run::outcome::{Outcome, PipelineOutcome, PipelineState};
use crate::run::process::{Stop, Why};
use crate::run::schedule::slots::Slots;

/// What is to be run, and how.
pub struct Order<'a> {
    /// The pipeline file.
    pub source: &'a SourceFile,
    /// The build.
    pub build: &'a Build,
    /// Which pipelines and steps are asked for.
    pub chosen: &'a (dyn Chosen + Sync),
    /// How many steps run at once, over all pipelines.
    pub jobs: usize,
    /// How long a pipeline may take.
    pub timeout: Duration,
    /// True when no step may reach the network.
    pub offline: bool,
    /// The value of a secret; `None` leaves the variable empty.
    pub secrets: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// What must not be seen in any output.
    pub mask: &'a Mask,
    /// Lays the repository into an empty folder, as the clone step does; it says what it does in lines.
    pub clone: &'a Clone<'a>,
    /// How a service is known to answer; `None` does not wait for it.
    pub probe: &'a (dyn Fn(&Job) -> Option<Probe> + Sync),
    /// How long to wait for services.
    pub patience: Duration,
    /// Variables that every step gets beside those of the build, such as where packages come from.
    pub variables: &'a [(String, String)],
}

/// What lays a repository into a folder.
pub type Clone<'a> = dyn Fn(&Pipeline, &Path, &mut dyn Write) -> Result<(), Trouble> + Sync + 'a;

/// Which pipelines and steps are asked for.
pub trait Chosen {
    /// The pipeline of that name.
    fn pipeline(&self, name: &str) -> bool;
    /// A step of it. Clone and services are never asked about.
    fn step(&self, pipeline: &str, step: &StepPlan) -> bool;
}

/// All of them.
#[derive(Clone, Copy, Debug)]
pub struct All;

impl Chosen for All {
    fn pipeline(&self, _: &str) -> bool {
        true
    }

    fn step(&self, _: &str, _: &StepPlan) -> bool {
        true
    }
}

/// What all threads of a run share.
struct Shared<'a> {
    order: &'a Order<'a>,
    backend: &'a dyn Backend,
    run: &'a RunFolder,
    sink: &'a dyn Sink,
    stop: &'a Stop,
    slots: Slots,
}

/// Runs the build. Also gives what the reader found wrong in the file for this build; the caller looks at that before.
///
/// Everything that was started is over when this returns, whatever happened.
pub fn run(
    order: &Order<'_>,
    backend: &dyn Backend,
    run: &RunFolder,
    sink: &dyn Sink,
    stop: &Stop,
) -> (Outcome, Vec<Diagnostic>) {
    let began = Instant::now();
    let shared = Shared { order, backend, run, sink, stop, slots: Slots::new(order.jobs) };
    let (pipelines, problems) = live(order.source, order.build, |build| shared.pipelines(build));
    let interrupted = stop.why().is_some_and(|it| it >= Why::Interrupted);
    (Outcome { pipelines, interrupted, took: began.elapsed() }, problems)
}

impl Shared<'_> {
    fn pipelines(&self, mut build: LiveBuild<'_>) -> Vec<PipelineOutcome> {
        let mut outcomes: Vec<Option<PipelineOutcome>> = vec![None; build.plans().len()];
        std::thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            let mut ready = build.first();
            let mut running = 0;
            loop {
                while let Some(pipeline) = ready.pop() {
                    let not_run = self.not_run(&mut build, pipeline);
                    if let Some(outcome) = not_run {
                        let failed = outcome.state == PipelineState::Failed;
                        outcomes[pipeline] = Some(outcome);
                        ready.extend(build.release(pipeline, failed));
                        continue;
                    }
                    let (steps, plan) = (build.steps(pipeline), build.plans()[pipeline].clone());
                    let (read, tell) = (build.pipeline(pipeline), tell.clone());
                    running += 1;
                    scope.spawn(move || {
                        let outcome = self.pipeline(pipeline, read, &plan, steps);
                        // The listener lives as long as anything runs.
                        let _ = tell.send((pipeline, outcome));
                    });
                }
                if running == 0 {
                    break;
                }
                let Ok((pipeline, outcome)) = told.recv() else { break };
                running -= 1;
                ready.extend(build.release(pipeline, outcome.state == PipelineState::Failed));
                outcomes[pipeline] = Some(outcome);
            }
        });
        build.close();
        let rest = |(outcome, plan): (Option<PipelineOutcome>, &PipelinePlan)| {
            outcome.unwrap_or_else(|| without_steps(plan, PipelineState::Skipped))
        };
        outcomes.into_iter().zip(build.plans()).map(rest).collect()
    }

    /// The outcome of a pipeline that does not run; `None` when it does.
    fn not_run(&self, build: &mut LiveBuild<'_>, pipeline: usize) -> Option<PipelineOutcome> {
        let plan = build.start(pipeline);
        let at = At { pipeline: &plan.name, step: "" };
        if !self.order.chosen.pipeline(&plan.name) {
            return Some(without_steps(plan, PipelineState::LeftOut));
        }
        if !plan.decision.runs() {
            self.sink.tell(&Event::PipelineSkipped(at, &plan.decision));
            return Some(without_steps(plan, PipelineState::Skipped));
        }
        if self.stop.is_stopped() {
            return Some(without_steps(plan, PipelineState::LeftOut));
        }
        None
    }
}

fn without_steps(plan: &PipelinePlan, state: PipelineState) -> PipelineOutcome {
    PipelineOutcome {
        name: plan.name.clone(),
        span: plan.span,
        state,
        decision: plan.decision.clone(),
        steps: Vec::new(),
        trouble: None,
        timed_out: false,
        took: Duration::ZERO,
    }
}
