//! A build while it runs: the plan's own decisions, one by one, as things happen. Nothing is run here.
//!
//! The plan counts time in waves; a live build is told what ended, when it did. Both ask the same questions of the
//! same code, so a run can never decide otherwise than the plan explains.

use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Pipeline};
use crate::plan::environment::{Stage, StageVariables};
use crate::plan::graph::{Nodes, Waiting};
use crate::plan::pipelines;
use crate::plan::reading::Reading;
use crate::plan::steps;
use crate::plan::{Build, EnvironmentVariable, Faults, PipelinePlan, StepPlan, encrypted_names};
use crate::source::SourceFile;

/// Reads the file for the build and hands the build, before anything started, to `run`. Gives what `run` gave, and
/// what the reader found wrong; with errors among the latter no runner of Drone would start.
pub fn live<R>(
    source: &SourceFile,
    build: &Build,
    run: impl FnOnce(LiveBuild<'_>) -> R,
) -> (R, Vec<Diagnostic>) {
    let (server, problems) = pipeline::read(source);
    let reading = Reading::of(source, &server, problems, build);
    let read = reading.pipelines();
    let encrypted = encrypted_names(&server);
    let in_file = |name: &str| encrypted.contains(name);
    let faults = Faults::default();
    let answer = run(LiveBuild::new(pipelines::Simulation::new(&read, build, &faults, &in_file)));
    (answer, reading.problems)
}

/// The pipelines of a build while it runs. Each is a number: its place in the file.
pub struct LiveBuild<'m> {
    simulation: pipelines::Simulation<'m, 'm>,
    waiting: Waiting,
}

impl<'m> LiveBuild<'m> {
    pub(super) fn new(simulation: pipelines::Simulation<'m, 'm>) -> Self {
        let waiting = Waiting::of(&simulation);
        Self { simulation, waiting }
    }

    /// All pipelines of the file, as far as they are decided.
    #[must_use]
    pub fn plans(&self) -> &[PipelinePlan] {
        self.simulation.plans()
    }

    /// The pipeline as the runner reads it.
    #[must_use]
    pub fn pipeline(&self, pipeline: usize) -> &'m Pipeline {
        self.simulation.runner(pipeline)
    }

    /// Those that wait for nothing. Each must be started, and released when it is over.
    #[must_use]
    pub fn first(&self) -> Vec<usize> {
        self.waiting.first()
    }

    /// All that the pipeline waits for is done: decides whether it starts now.
    pub fn start(&mut self, pipeline: usize) -> &PipelinePlan {
        self.simulation.start(pipeline, 0);
        &self.simulation.plans()[pipeline]
    }

    /// The pipeline is over, or does not start. Those that need not wait any longer are given.
    pub fn release(&mut self, pipeline: usize, failed: bool) -> Vec<usize> {
        if failed {
            self.simulation.fail(pipeline);
        }
        self.waiting.released(pipeline)
    }

    /// Nothing runs any more: those that never had their turn wait in a circle.
    pub fn close(&mut self) {
        for pipeline in self.waiting.left() {
            self.simulation.never_starts(pipeline);
        }
    }

    /// The steps of a pipeline that was started.
    #[must_use]
    pub fn steps(&self, pipeline: usize) -> LiveSteps<'m> {
        self.simulation.live_steps(pipeline)
    }
}

/// How a step that ran is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this exit code; 0 is success, 78 stops the rest, all others fail.
    Exit(i32),
    /// It could not be run at all. That fails the pipeline, also with `failure: ignore`.
    Error,
    /// It was ended from outside.
    Killed,
}

/// The steps of a pipeline while it runs. Each is a number: its place in [`PipelinePlan::steps`].
pub struct LiveSteps<'m> {
    simulation: steps::Simulation<'m>,
    waiting: Waiting,
    build: &'m Build,
    pipeline: &'m Pipeline,
    stage: Stage<'m>,
}

impl<'m> LiveSteps<'m> {
    pub(super) fn new(
        simulation: steps::Simulation<'m>,
        build: &'m Build,
        pipeline: &'m Pipeline,
        stage: Stage<'m>,
    ) -> Self {
        let waiting = Waiting::of(&simulation);
        Self { simulation, waiting, build, pipeline, stage }
    }

    /// All steps in Drone's order, as far as they are decided.
    #[must_use]
    pub fn plans(&self) -> &[StepPlan] {
        self.simulation.plans()
    }

    /// What is written in the file; `None` for the clone.
    #[must_use]
    pub fn written(&self, step: usize) -> Option<&'m pipeline::Step> {
        self.simulation.written(step)
    }

    /// Those that wait for nothing. Each must be started, and released when it is over.
    #[must_use]
    pub fn first(&self) -> Vec<usize> {
        self.waiting.first()
    }

    /// All that the step waits for is done: decides whether it runs, as things stand now (§5.2).
    pub fn start(&mut self, step: usize) -> &StepPlan {
        self.simulation.start(step, 0);
        &self.simulation.plans()[step]
    }

    /// The container's environment as things stand now (§5.11).
    #[must_use]
    pub fn environment(&self, step: usize) -> Vec<EnvironmentVariable> {
        let failed = self.simulation.failed_names();
        let variables = StageVariables::of(self.build, self.pipeline, &self.stage, failed);
        self.simulation.environment(step, variables)
    }

    /// A step that ran is over. True when it cancels all that runs (`failure: fail-fast`).
    pub fn ended(&mut self, step: usize, ending: Ending) -> bool {
        self.simulation.ended(step, ending);
        self.simulation.is_cancelled()
    }

    /// The step is over, was started without being waited for, or does not run. Those that need not wait any longer
    /// are given.
    pub fn release(&mut self, step: usize) -> Vec<usize> {
        self.waiting.released(step)
    }

    /// Nothing runs any more: those that never had their turn wait in a circle.
    pub fn close(&mut self) {
        for step in self.waiting.left() {
            self.simulation.never_starts(step);
        }
    }

    /// True when a step has failed the pipeline.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.simulation.has_failed()
    }
}
