//! One pipeline on its clean machine: starts what the plan lets start, and tells the plan what ended.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::Scope;
use std::time::{Duration, Instant};

use crate::engine::pipeline::Pipeline;
use crate::engine::plan::{Ending, LiveSteps, PipelinePlan, Role, StepPlan, StepResult};
use crate::run::Trouble;
use crate::run::backend::{Ended, Job, Machine, MachineOrder, Probe};
use crate::run::event::{At, Event};
use crate::run::lines::LAST_LINES;
use crate::run::outcome::{PipelineOutcome, PipelineState, StepOutcome};
use crate::run::process::{Stop, Why};
use crate::run::schedule::step::{LineWriter, job, workspace};
use crate::run::schedule::{Shared, without_steps};

/// How long to wait at most before looking again whether a place for a step is free, or a person wants to stop.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a thread of a step tells.
enum Told {
    /// A detached step runs, and answers if that was waited for.
    Started(usize),
    /// A step is over.
    Over(usize, Over),
}

/// How a step was over.
struct Over {
    ended: Result<Ended, Trouble>,
    took: Duration,
    last_lines: Vec<String>,
}

/// How many lines the step has written itself: what a machine says before it starts (which program stands in, what is
/// pulled) is not among its last words. Counted as far as last lines are kept.
#[derive(Default)]
struct OwnLines {
    begun: AtomicBool,
    number: AtomicUsize,
}

impl OwnLines {
    fn begin(&self) {
        self.begun.store(true, Ordering::SeqCst);
    }

    fn count(&self, block: &[u8]) {
        if self.begun.load(Ordering::SeqCst) && self.number() < LAST_LINES {
            self.number.fetch_add(1 + memchr::memchr_iter(b'\n', block).count(), Ordering::SeqCst);
        }
    }

    fn number(&self) -> usize {
        self.number.load(Ordering::SeqCst)
    }
}

/// What the threads of a pipeline share.
struct Here<'a> {
    shared: &'a Shared<'a>,
    name: &'a str,
    machine: &'a dyn Machine,
    order: MachineOrder<'a>,
    /// Stops the steps.
    stop: Stop,
    /// Stops services and detached steps.
    rest: Stop,
}

/// What the pipeline's own thread keeps of its steps.
struct Walk<'m> {
    steps: LiveSteps<'m>,
    ready: VecDeque<usize>,
    outcomes: Vec<StepOutcome>,
    /// Steps that are waited for.
    running: usize,
    /// Services and detached steps that were started.
    detached: usize,
    /// Of these, those that do not answer yet.
    starting: Vec<usize>,
}

impl Shared<'_> {
    /// Runs a pipeline from its clone to the last of its services.
    pub(super) fn pipeline(
        &self,
        number: usize,
        read: &Pipeline,
        plan: &PipelinePlan,
        steps: LiveSteps<'_>,
    ) -> PipelineOutcome {
        let began = Instant::now();
        let at = At { pipeline: &plan.name, step: "" };
        self.sink.tell(&Event::PipelineStarts(at));
        let mut outcome = match self.on_machine(number, read, plan, steps) {
            Ok(outcome) => outcome,
            Err(trouble) => {
                PipelineOutcome { trouble: Some(trouble), ..without_steps(plan, PipelineState::Failed) }
            }
        };
        outcome.took = began.elapsed();
        let green = outcome.state == PipelineState::Passed;
        self.sink.tell(&Event::PipelineEnds { at, green, took: outcome.took });
        outcome
    }

    fn on_machine(
        &self,
        number: usize,
        read: &Pipeline,
        plan: &PipelinePlan,
        steps: LiveSteps<'_>,
    ) -> Result<PipelineOutcome, Trouble> {
        let folder = self.run.path().join(number.to_string());
        let shared_folder = folder.join("workspace");
        let place = workspace(&steps);
        make(&shared_folder)?;
        let order = MachineOrder {
            run: self.run.id(),
            number,
            pipeline: read,
            build: self.order.build,
            folder: &folder,
            workspace: &shared_folder,
            base: &place.base,
            offline: self.order.offline,
        };
        make(&crate::run::backend::on_this_machine(&order, &place.full))?;
        let note = |line: &[u8]| {
            let text = String::from_utf8_lossy(line);
            self.sink.tell(&Event::Note(At { pipeline: &plan.name, step: "" }, &text));
        };
        let mut log = LineWriter::new(self.order.mask.clone(), note);
        let machine = self.backend.prepare(&order, &mut log)?;
        log.finish();
        let stop = self.stop.child();
        let here =
            Here { shared: self, name: &plan.name, machine: &*machine, order, rest: stop.child(), stop };
        let mut outcome = here.walk(read, plan, steps);
        let closed = machine.close();
        if let Err(trouble) = closed {
            outcome.trouble = outcome.trouble.or(Some(trouble));
        }
        Ok(outcome)
    }
}

fn make(folder: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(folder).map_err(|it| Trouble::with_path("be made", folder, &it))
}

impl Here<'_> {
    fn walk(&self, read: &Pipeline, plan: &PipelinePlan, steps: LiveSteps<'_>) -> PipelineOutcome {
        let deadline = Instant::now() + self.shared.order.timeout;
        let mut walk = Walk {
            ready: steps.first().into(),
            outcomes: steps.plans().iter().map(untouched).collect(),
            steps,
            running: 0,
            detached: 0,
            starting: Vec::new(),
        };
        std::thread::scope(|scope| {
            let (tell, told) = mpsc::channel();
            loop {
                self.start_all(&mut walk, read, scope, &tell);
                if walk.running == 0 && walk.starting.is_empty() && walk.ready.is_empty() {
                    self.rest.stop(Why::NoLongerNeeded);
                    if walk.detached == 0 {
                        break;
                    }
                }
                if Instant::now() > deadline {
                    self.stop.stop(Why::TimedOut);
                }
                match told.recv_timeout(LOOK_AGAIN) {
                    Ok(told) => self.hear(&mut walk, told),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        walk.steps.close();
        for (outcome, step) in walk.outcomes.iter_mut().zip(walk.steps.plans()) {
            outcome.decision = step.decision.clone();
        }
        let why = self.stop.why();
        let red = walk.steps.failed() || why.is_some_and(|it| it >= Why::FailFast);
        PipelineOutcome {
            steps: walk.outcomes,
            timed_out: why == Some(Why::TimedOut),
            ..without_steps(plan, if red { PipelineState::Failed } else { PipelineState::Passed })
        }
    }

    /// Starts all that may start and for which there is a place.
    fn start_all<'scope, 'env>(
        &'scope self,
        walk: &mut Walk<'_>,
        read: &'env Pipeline,
        scope: &'scope Scope<'scope, 'env>,
        tell: &Sender<Told>,
    ) where
        'env: 'scope,
    {
        let mut later = VecDeque::new();
        while let Some(step) = walk.ready.pop_front() {
            let plan = &walk.steps.plans()[step];
            let waited_for = !plan.detached;
            // Steps wait until the services answer. Drone would not; the note at the service says so.
            let waits = plan.role == Role::Step && !walk.starting.is_empty();
            if waits || waited_for && plan.decision.runs() && !self.shared.slots.take() {
                later.push_back(step);
                continue;
            }
            let took_slot = waited_for && plan.decision.runs();
            let job = self.decide(walk, step, read);
            let Some(job) = job else {
                if took_slot {
                    self.shared.slots.give();
                }
                walk.ready.extend(walk.steps.release(step));
                continue;
            };
            if waited_for {
                walk.running += 1;
            } else {
                walk.detached += 1;
                walk.starting.push(step);
            }
            let tell = tell.clone();
            scope.spawn(move || self.run_step(&job, read, waited_for, &tell));
        }
        walk.ready = later;
    }

    /// What is to be run, if the step runs.
    fn decide(&self, walk: &mut Walk<'_>, step: usize, read: &Pipeline) -> Option<Job> {
        if self.stop.is_stopped() && self.stop.why() != Some(Why::FailFast) {
            return None;
        }
        let plan = &walk.steps.plans()[step];
        let asked = plan.role != Role::Step || self.shared.order.chosen.step(self.name, plan);
        walk.outcomes[step].wanted = asked;
        if !asked {
            return None;
        }
        let plan = walk.steps.start(step);
        let at = At { pipeline: self.name, step: &plan.name };
        if !plan.decision.runs() {
            if !matches!(plan.decision.reason().cause, crate::engine::plan::Cause::Condition { .. }) {
                self.shared.sink.tell(&Event::StepSkipped(at, &plan.decision));
            }
            return None;
        }
        walk.outcomes[step].result = StepResult::Succeeds;
        Some(job(&walk.steps, step, read, self.shared.order))
    }

    fn hear(&self, walk: &mut Walk<'_>, told: Told) {
        match told {
            Told::Started(step) => Self::started(walk, step),
            Told::Over(step, over) => self.over(walk, step, over),
        }
    }

    fn started(walk: &mut Walk<'_>, step: usize) {
        if let Some(place) = walk.starting.iter().position(|it| *it == step) {
            walk.starting.swap_remove(place);
            walk.ready.extend(walk.steps.release(step));
        }
    }

    fn over(&self, walk: &mut Walk<'_>, step: usize, over: Over) {
        let detached = walk.outcomes[step].detached;
        let ending = match &over.ended {
            Ok(Ended::Exit(code)) => Ending::Exit(*code),
            Ok(Ended::OutOfMemory) => Ending::Exit(137),
            Ok(Ended::Stopped) => Ending::Killed,
            Err(_) => Ending::Error,
        };
        if walk.steps.ended(step, ending) {
            self.stop.stop(Why::FailFast);
        }
        let outcome = &mut walk.outcomes[step];
        outcome.result = walk.steps.plans()[step].result;
        outcome.took = over.took;
        outcome.last_lines = over.last_lines;
        outcome.code = match ending {
            Ending::Exit(code) => Some(code),
            Ending::Error | Ending::Killed => None,
        };
        outcome.trouble = over.ended.err();
        if let Some(trouble) = &outcome.trouble {
            let text = format!("{}\n{}", trouble.message, trouble.help);
            self.shared.sink.tell(&Event::Note(At { pipeline: self.name, step: &outcome.name }, &text));
        }
        self.shared.sink.tell(&Event::StepEnds {
            at: At { pipeline: self.name, step: &outcome.name },
            result: outcome.result,
            code: outcome.code,
            took: outcome.took,
        });
        if detached {
            walk.detached -= 1;
            Self::started(walk, step);
        } else {
            walk.running -= 1;
            self.shared.slots.give();
            walk.ready.extend(walk.steps.release(step));
        }
    }

    /// The thread of one step.
    fn run_step(&self, job: &Job, read: &Pipeline, waited_for: bool, tell: &Sender<Told>) {
        let at = At { pipeline: self.name, step: &job.name };
        let began = Instant::now();
        let sink = self.shared.sink;
        sink.tell(&Event::StepStarts { at, image: job.step.image(), detached: !waited_for });
        let own = OwnLines::default();
        let mut lines = LineWriter::new(self.shared.order.mask.clone(), |block: &[u8]| {
            own.count(block);
            sink.tell(&Event::Output(at, block));
        });
        let ended = if job.role == Role::Clone {
            let target = self.clone_target(job);
            own.begin();
            (self.shared.order.clone)(read, &target, &mut lines).map(|()| Ended::Exit(0))
        } else if waited_for {
            self.machine.run(job, &mut lines, &self.stop, &|| own.begin())
        } else {
            std::thread::scope(|scope| {
                let started = || {
                    own.begin();
                    scope.spawn(|| self.wait_for(job, tell));
                };
                self.machine.run(job, &mut lines, &self.rest, &started)
            })
        };
        let mut last_lines = lines.finish();
        last_lines.drain(..last_lines.len().saturating_sub(own.number()));
        let over = Over { ended, took: began.elapsed(), last_lines };
        // The listener waits for all that it has started.
        let _ = tell.send(Told::Over(job.place, over));
    }

    fn clone_target(&self, job: &Job) -> PathBuf {
        crate::run::backend::on_this_machine(&self.order, job.folder.as_deref().unwrap_or(self.order.base))
    }

    /// Waits until a service answers, at most as long as patience lasts, and lets the others go on.
    fn wait_for(&self, job: &Job, tell: &Sender<Told>) {
        let at = At { pipeline: self.name, step: &job.name };
        let probe = if job.role == Role::Service { (self.shared.order.probe)(job) } else { None };
        if let Some(probe) = probe {
            let note = self.probe(job, &probe);
            self.shared.sink.tell(&Event::Note(at, &note));
        }
        let _ = tell.send(Told::Started(job.place));
    }

    fn probe(&self, job: &Job, probe: &Probe) -> String {
        let what = match probe {
            Probe::Port(port) => format!("port {port}"),
            Probe::Command(command) => format!("`{command}`"),
        };
        let (began, patience) = (Instant::now(), self.shared.order.patience);
        while began.elapsed() < patience && !self.rest.is_stopped() {
            if self.machine.answers(job, probe) {
                let took = began.elapsed().as_secs_f64();
                return format!(
                    "{} answers on {what} after {took:.1} s; the steps start now. Drone does not wait for services.",
                    job.name
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        format!(
            "{} does not answer on {what} after {} s; the steps start all the same, as they do in Drone. Its log is above.",
            job.name,
            patience.as_secs()
        )
    }
}

/// A step before anything happened.
fn untouched(plan: &StepPlan) -> StepOutcome {
    StepOutcome {
        name: plan.name.clone(),
        role: plan.role,
        span: plan.span,
        image: plan.image.clone(),
        detached: plan.detached,
        decision: plan.decision.clone(),
        wanted: true,
        result: StepResult::Skipped,
        code: None,
        trouble: None,
        last_lines: Vec::new(),
        took: Duration::ZERO,
    }
}
