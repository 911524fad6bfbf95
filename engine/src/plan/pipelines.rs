//! A file's pipelines and a build → which start, in which order, and why the others do not (§4.6, §4.7, §5.4).

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::pipeline::{ConditionKey, Conditions, Pipeline};
use crate::plan::conditions::short;
use crate::plan::environment::Stage;
use crate::plan::graph::{self, Nodes, Takes};
use crate::plan::live::LiveSteps;
use crate::plan::steps::{self, Decided, Occasion};
use crate::plan::{
    Build, Cause, Decision, Event, Faults, Order, PipelinePlan, Reason, Wanted, restricts, trigger_allows,
    trigger_matches,
};
use crate::source::Span;

/// A pipeline as the server reads it (nothing substituted), and as the runner does.
pub(super) struct Read<'m> {
    pub(super) server: &'m Pipeline,
    pub(super) runner: &'m Pipeline,
}

/// The words in a commit's message, or a title, that skip a build (§4.7).
const SKIPPING: [&str; 3] = ["[ci skip]", "[skip ci]", "***no_ci***"];

/// The words of the message or the title that skip this build.
pub(super) fn skipped_by_message(build: &Build) -> Option<String> {
    if !matches!(build.event, Event::Push | Event::PullRequest) {
        return None;
    }
    let texts = [build.message.to_lowercase(), build.title.to_lowercase()];
    SKIPPING.into_iter().find(|words| texts.iter().any(|it| it.contains(words))).map(str::to_owned)
}

/// Decides all pipelines of a file.
pub(super) fn decide(
    pipelines: &[Read<'_>],
    build: &Build,
    faults: &Faults,
    in_file: &dyn Fn(&str) -> bool,
) -> Vec<PipelinePlan> {
    let mut simulation = Simulation::new(pipelines, build, faults, in_file);
    graph::run(&mut simulation);
    simulation.plans
}

/// The number of each pipeline's stage: only those that start are counted.
pub(super) fn numbers(pipelines: &[&Pipeline], build: &Build) -> Vec<usize> {
    count(pipelines.iter().map(|it| trigger_allows(&it.trigger, build)))
}

fn count(starts: impl Iterator<Item = bool>) -> Vec<usize> {
    let up = |number: &mut usize, starts| {
        *number += usize::from(starts);
        Some(*number)
    };
    starts.scan(0, up).collect()
}

/// Whether the server makes a stage of it.
fn starts(pipeline: &Pipeline, build: &Build, skipping: Option<&str>) -> Decision {
    if let Some(words) = skipping {
        let text = format!("`{words}` in the message or the title skips the whole build");
        return Decision::Skipped(Reason { cause: Cause::Message, text, span: None });
    }
    trigger_matches(&pipeline.trigger, build)
}

/// What each waits for, after those that do not start were cut out: whoever waits for one inherits what it waits
/// for.
fn edges(pipelines: &[Read<'_>], started: &[Decision]) -> Vec<Vec<usize>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (place, pipeline) in pipelines.iter().enumerate() {
        places.entry(pipeline.server.raw_name()).or_insert(place);
    }
    let written = |place: usize| {
        let names = pipelines[place].server.depends_on.iter();
        names.filter_map(|it| places.get(it.value.as_str()).copied())
    };
    let remaining = |place: usize| -> Vec<usize> {
        let mut after = Vec::new();
        let mut seen = HashSet::new();
        let mut open: Vec<usize> = written(place).collect();
        open.reverse();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            if started[next].runs() {
                after.push(next);
            } else {
                open.extend(written(next).collect::<Vec<_>>().into_iter().rev());
            }
        }
        after
    };
    let one = |place: usize| if started[place].runs() { remaining(place) } else { Vec::new() };
    (0..pipelines.len()).map(one).collect()
}

fn undecided(pipeline: &Pipeline, after: &[usize], all: &[Read<'_>]) -> PipelinePlan {
    PipelinePlan {
        document: pipeline.document,
        name: pipeline.name().to_owned(),
        span: pipeline.name_span(),
        decision: Decision::Skipped(Reason { cause: Cause::Circle, text: String::new(), span: None }),
        waits_for: after.iter().map(|it| all[*it].server.name().to_owned()).collect(),
        after: after.to_vec(),
        wave: 0,
        order: Order::Serial,
        steps: Vec::new(),
        fails: false,
    }
}

/// What is known of all pipelines of a build while it goes on.
pub(super) struct Simulation<'a, 'm> {
    pipelines: &'a [Read<'m>],
    build: &'a Build,
    faults: &'a Faults,
    in_file: &'a dyn Fn(&str) -> bool,
    after: Vec<Vec<usize>>,
    numbers: Vec<usize>,
    /// What the server says before anything ran.
    decisions: Vec<Decision>,
    plans: Vec<PipelinePlan>,
    /// Names of those that failed, known to all that start later.
    failed: Vec<String>,
    /// Those that start in this wave and will fail.
    failing: Vec<usize>,
}

impl Nodes for Simulation<'_, '_> {
    fn count(&self) -> usize {
        self.pipelines.len()
    }

    fn after(&self, node: usize) -> &[usize] {
        &self.after[node]
    }

    fn start(&mut self, node: usize, wave: usize) -> Takes {
        let decision = self.decision(node);
        self.plans[node].wave = wave;
        self.settle(node, decision);
        if self.plans[node].fails {
            self.failing.push(node);
        }
        if self.plans[node].decision.runs() { Takes::OneWave } else { Takes::NoTime }
    }

    fn wave_ends(&mut self) {
        self.failing.sort_unstable();
        let names = self.failing.drain(..).map(|it| self.plans[it].name.clone());
        self.failed.extend(names);
    }

    fn never_starts(&mut self, node: usize) {
        let names = self.plans[node].waits_for.iter().map(|it| format!("`{}`", short(it)));
        let text =
            format!("it waits for {}, and they wait in a circle", names.collect::<Vec<_>>().join(", "));
        let span = depends_on_span(self.pipelines[node].server);
        self.settle(node, Decision::Skipped(Reason { cause: Cause::Circle, text, span }));
    }
}

impl<'a, 'm> Simulation<'a, 'm> {
    /// Nothing has started yet.
    pub(super) fn new(
        pipelines: &'a [Read<'m>],
        build: &'a Build,
        faults: &'a Faults,
        in_file: &'a dyn Fn(&str) -> bool,
    ) -> Self {
        let skipping = skipped_by_message(build);
        let started: Vec<Decision> =
            pipelines.iter().map(|it| starts(it.server, build, skipping.as_deref())).collect();
        let after = edges(pipelines, &started);
        let plans = pipelines.iter().zip(&after).map(|(it, after)| undecided(it.server, after, pipelines));
        Self {
            plans: plans.collect(),
            numbers: count(started.iter().map(Decision::runs)),
            pipelines,
            build,
            faults,
            in_file,
            after,
            decisions: started,
            failed: Vec::new(),
            failing: Vec::new(),
        }
    }

    pub(super) fn plans(&self) -> &[PipelinePlan] {
        &self.plans
    }

    pub(super) fn runner(&self, pipeline: usize) -> &'a Pipeline {
        self.pipelines[pipeline].runner
    }

    /// The pipeline has failed: those that start later know it.
    pub(super) fn fail(&mut self, pipeline: usize) {
        self.failed.push(self.plans[pipeline].name.clone());
    }

    /// The steps of a pipeline before any of them has started, as things stand now.
    pub(super) fn live_steps(&self, pipeline: usize) -> LiveSteps<'a> {
        let depends_on = self.plans[pipeline].waits_for.join(",");
        let runner = self.pipelines[pipeline].runner;
        let occasion = Occasion {
            pipeline: runner,
            build: self.build,
            faults: self.faults,
            stage: Stage::of(runner, self.numbers[pipeline], depends_on, &self.failed),
            in_file: self.in_file,
            starts: true,
        };
        LiveSteps::new(steps::Simulation::new(&occasion).1, self.build, runner, occasion.stage)
    }

    fn decision(&self, node: usize) -> Decision {
        let pipeline = self.pipelines[node].server;
        let server = &self.decisions[node];
        if !server.runs() {
            return server.clone();
        }
        if let Some(reason) = self.no_runner(node) {
            return Decision::Skipped(reason);
        }
        let decision = self.by_status(node).unwrap_or_else(|| server.clone());
        let Decision::Runs(mut reason) = decision else { return decision };
        let status = pipeline.trigger.get(ConditionKey::Status).is_some_and(restricts);
        if status && self.after[node].is_empty() {
            reason.text += "; `status` has no say, because it waits for no pipeline";
        }
        if !pipeline.is_docker() {
            let _ = write!(reason.text, "; a runner for `{}` takes it", short(pipeline.raw_type()));
        }
        Decision::Runs(reason)
    }

    /// A kind or type that nothing takes leaves the pipeline waiting, and all that wait for it.
    fn no_runner(&self, node: usize) -> Option<Reason> {
        let pipeline = self.pipelines[node].server;
        if pipeline.kind.value != "pipeline" {
            let text =
                format!("no runner takes `kind: {}`: it would wait for ever", short(&pipeline.kind.value));
            return Some(Reason { cause: Cause::NoRunner, text, span: Some(pipeline.kind.span) });
        }
        if !TYPES.contains(&pipeline.raw_type()) {
            let text =
                format!("no runner takes `type: {}`: it would wait for ever", short(pipeline.raw_type()));
            return Some(Reason {
                cause: Cause::NoRunner,
                text,
                span: pipeline.type_.as_ref().map(|it| it.span),
            });
        }
        let hangs = |it: &&usize| self.plans[**it].decision.reason().cause == Cause::NoRunner;
        let blocking = self.after[node].iter().find(hangs)?;
        let text = format!("it waits for `{}`, which no runner takes", short(&self.plans[*blocking].name));
        Some(Reason { cause: Cause::NoRunner, text, span: depends_on_span(pipeline) })
    }

    /// A pipeline that waited looks at what happened meanwhile. One that starts at once does not.
    fn by_status(&self, node: usize) -> Option<Decision> {
        if self.after[node].is_empty() {
            return None;
        }
        let trigger = &self.pipelines[node].server.trigger;
        let Wanted { on_success, on_failure } = Wanted::of_pipeline(trigger);
        let because = |cause, text: String| Reason { cause, text, span: status_span(trigger) };
        match self.failed.first().map(|it| short(it)) {
            Some(first) if !on_failure => {
                let text = format!("pipeline `{first}` failed, and it runs only while all is well");
                Some(Decision::Skipped(because(Cause::PipelineFailed, text)))
            }
            Some(first) => {
                let text = format!("pipeline `{first}` failed, and `status` asks for that");
                Some(Decision::Runs(because(Cause::Status, text)))
            }
            None if !on_success && !on_failure => {
                let text = "`status` holds neither `success` nor `failure`, so it never runs".to_owned();
                Some(Decision::Skipped(because(Cause::NothingFailed, text)))
            }
            None if !on_success => {
                let text = "no pipeline failed, and `status` asks for a failure".to_owned();
                Some(Decision::Skipped(because(Cause::NothingFailed, text)))
            }
            None => None,
        }
    }

    /// Keeps the decision and plans the steps.
    fn settle(&mut self, node: usize, decision: Decision) {
        let pipeline = self.pipelines[node].runner;
        let depends_on = self.plans[node].waits_for.join(",");
        let occasion = Occasion {
            pipeline,
            build: self.build,
            faults: self.faults,
            stage: Stage::of(pipeline, self.numbers[node], depends_on, &self.failed),
            in_file: self.in_file,
            starts: decision.runs(),
        };
        let Decided { order, steps, fails } = steps::decide(&occasion);
        let plan = &mut self.plans[node];
        (plan.order, plan.steps, plan.fails) = (order, steps, fails);
        plan.decision = decision;
    }
}

/// The types for which there is a runner (§1.5).
const TYPES: [&str; 9] =
    ["", "docker", "kubernetes", "exec", "ssh", "digitalocean", "macstadium", "vm", "aws"];

fn status_span(trigger: &Conditions) -> Option<Span> {
    trigger.get(ConditionKey::Status).map(|it| it.span)
}

fn depends_on_span(pipeline: &Pipeline) -> Option<Span> {
    let written = &pipeline.depends_on;
    Some(written.first()?.span.to(written.last()?.span))
}
