//! A file, a build and the project around it → what its commands would do on a clean machine, by reading them.
//!
//! The planner decides which steps run and in which order. Here their commands are followed, one step after the other:
//! what each finds, what it leaves, and with which exit code it ends. Nothing is run, and what cannot be known is
//! followed both ways.

mod arithmetic;
mod builtins;
mod compound;
mod exec;
mod expand;
mod image;
mod network;
mod pip;
mod programs;
mod python;
mod state;
mod texts;
mod uv;
mod world;

pub(super) use image::{floats, is_image};
pub(super) use state::{Called, Cause, Doubt, Note, ONLY_OF_TAGS, Swallowed, UNKNOWN, What, secret};
pub(super) use texts::digest;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::course::declared::Outcome;
use crate::course::rehearse::exec::Step;
use crate::course::rehearse::image::Image;
use crate::course::rehearse::network::{Neighbour, Network};
use crate::course::rehearse::state::State;
use crate::course::rehearse::world::{Layout, World, join};
use crate::course::{Exercise, Files};
use crate::pipeline::{Manifest, Pipeline};
use crate::plan::{
    Build, Event, Fault, Faults, Origin, PipelinePlan, Plan, Role, StepPlan, StepResult, plan,
};
use crate::source::SourceFile;

/// Where programs are looked for, unless a step says otherwise.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Steps that are followed; no exercise has more.
const MOST_STEPS: usize = 200;
/// Failures after which the build is planned anew; a build with more is red many times over.
const MOST_FAILURES: usize = 8;
/// Commands that are followed in one step.
const MOST_COMMANDS: usize = 4000;

/// What is to be rehearsed.
pub(super) struct Request<'a> {
    pub(super) exercise: &'a Exercise,
    pub(super) source: &'a SourceFile,
    /// The file as the runner reads it for this build.
    pub(super) manifest: &'a Manifest,
    /// The repository as a clone holds it.
    pub(super) files: &'a Files,
    pub(super) build: &'a Build,
    pub(super) faults: &'a Faults,
    /// Roles whose commands fail.
    pub(super) broken: &'a [String],
    /// Roles whose first command fails, and no other.
    pub(super) flaky: &'a [String],
    /// They do so only in this image.
    pub(super) broken_in: Option<&'a str>,
    /// Where a step may end either way, this one is looked at.
    pub(super) prefers: Outcome,
    /// Roles whose programs need so many seconds until they answer.
    pub(super) slow: &'a [(String, u32)],
    /// Values of `environment` that somebody has changed: old → new.
    pub(super) replaced: &'a BTreeMap<String, String>,
}

/// What would happen.
pub(super) struct Rehearsal {
    /// The plan, with the failures that came to light.
    pub(super) plan: Plan,
    /// What happened, in order.
    pub(super) notes: Vec<Note>,
    /// The steps that were followed, in order.
    pub(super) ends: Vec<End>,
    /// The roles of programs that services come to.
    served: BTreeSet<String>,
    /// What the workspace holds when a step without commands begins: a plugin. Its place as in [`End`].
    pub(super) found: BTreeMap<(usize, usize), BTreeSet<String>>,
    /// What commands have written into files of the workspace, as far as it is known.
    pub(super) written: BTreeMap<String, String>,
}

/// How one step ended.
pub(super) struct End {
    /// Its pipeline's place in the file, and its own in the pipeline.
    pub(super) at: (usize, usize),
    /// True when all its ways end with 0.
    pub(super) green: bool,
    /// Its exit code on the way that is looked at.
    pub(super) status: i32,
    /// How a failure was kept from it.
    pub(super) swallowed: Option<Swallowed>,
    /// Seconds that its commands waited.
    pub(super) seconds: u32,
    /// What could not be followed on that way, and the entry of `commands` in which it stands.
    pub(super) doubt: Option<(usize, Doubt)>,
    /// `set -e` ended it in the middle of a loop.
    pub(super) cut_loop: bool,
}

impl Rehearsal {
    /// How the build ends.
    pub(super) fn outcome(&self) -> Outcome {
        let red = self.plan.started().any(|it| it.fails);
        if red { Outcome::Red } else { Outcome::Green }
    }

    /// True when a command of the role began.
    pub(super) fn reached(&self, role: &str) -> bool {
        self.served.contains(role) || self.notes.iter().any(|it| it.what == What::Reached(role.to_owned()))
    }
}

/// Follows the build.
pub(super) fn rehearse(request: &Request<'_>) -> Rehearsal {
    let mut rehearsal = Rehearsal {
        plan: plan(request.source, request.build, request.faults),
        notes: Vec::new(),
        ends: Vec::new(),
        served: BTreeSet::new(),
        found: BTreeMap::new(),
        written: BTreeMap::new(),
    };
    let pipelines: Vec<&Pipeline> = request.manifest.pipelines().collect();
    let mut order: Vec<usize> = (0..pipelines.len().min(rehearsal.plan.pipelines.len())).collect();
    order.sort_by_key(|it| rehearsal.plan.pipelines[*it].wave);
    let mut faults = request.faults.clone();
    for at in order {
        follow_pipeline(request, (pipelines[at], at), &mut faults, &mut rehearsal);
    }
    rehearsal
}

/// Follows one pipeline; each failure that comes to light is planned with from then on.
fn follow_pipeline(
    request: &Request<'_>,
    (pipeline, at): (&Pipeline, usize),
    faults: &mut Faults,
    rehearsal: &mut Rehearsal,
) {
    let mut world = World::new(request.files.keys());
    let mut clock = Clock::new(&rehearsal.plan.pipelines[at]);
    let mut network = Network { slow: request.slow.to_vec(), ..Network::default() };
    network.neighbours = services(request, (pipeline, at), &rehearsal.plan.pipelines[at], &world);
    rehearsal.served.extend(network.neighbours.iter().flat_map(|it| it.begins.clone()));
    network.later = detached_steps(&rehearsal.plan.pipelines[at]);
    for step in sequence(&rehearsal.plan, at) {
        let planned = &rehearsal.plan.pipelines[at];
        let found = planned.place_of(step);
        let (Some(place), Some(written)) = (found, pipeline.steps.get(step)) else { continue };
        let planned_step = &planned.steps[place];
        if !planned.decision.runs() || planned_step.result == StepResult::Skipped {
            continue;
        }
        let name = format!("{}/{}", planned.name, planned_step.name);
        let detached = planned_step.detached;
        network.start = clock.start(planned_step);
        if written.commands().is_empty() {
            rehearsal.found.insert((at, step), world.workspace());
        }
        let container = Container { pipeline, step: written, at: (at, step), planned: planned_step };
        let before = rehearsal.notes.len();
        let end = follow(request, &container, &network, world, &mut rehearsal.notes);
        clock.ends(place, if detached { network.start } else { network.start + end.clock.max(1) });
        if detached {
            network.later.retain(|it| *it != planned_step.name);
            network.neighbours.push(neighbour(planned_step, &rehearsal.notes[before..], &end, network.start));
        }
        world = end.world;
        let texts = world.contents.iter().filter_map(|it| Some((it.0.strip_prefix("workspace:/")?, it.1)));
        rehearsal.written.extend(texts.map(|(path, text)| (path.to_owned(), text.clone())));
        // A failure that is forgiven changes nothing for the others.
        let fails = end.status != 0 && !detached && !is_forgiven(written);
        rehearsal.ends.push(End {
            at: (at, step),
            green: end.status == 0,
            status: end.status,
            swallowed: end.swallowed,
            seconds: end.clock,
            doubt: end.doubt,
            cut_loop: end.cut_loop,
        });
        if fails && faults.steps.len() < MOST_FAILURES {
            let fault = if end.status == 78 { Fault::Exits78 } else { Fault::Fails };
            faults.steps.push((name, fault));
            rehearsal.plan = plan(request.source, request.build, faults);
        }
    }
}

/// When the steps of a pipeline end, in seconds after its start.
struct Clock(Vec<u32>);

impl Clock {
    fn new(planned: &PipelinePlan) -> Self {
        Self(vec![0; planned.steps.len()])
    }

    fn start(&self, step: &StepPlan) -> u32 {
        step.after.iter().filter_map(|it| self.0.get(*it)).max().copied().unwrap_or_default()
    }

    fn ends(&mut self, place: usize, second: u32) {
        self.0[place] = second;
    }
}

fn is_forgiven(step: &crate::pipeline::Step) -> bool {
    step.failure.as_ref().is_some_and(|it| it.value == "ignore")
}

/// The steps of a pipeline in an order in which they may begin.
fn sequence(plan: &Plan, pipeline: usize) -> Vec<usize> {
    let steps = plan.pipelines[pipeline].steps.iter().filter(|it| it.role == Role::Step);
    // Of those that start together, nobody waits for the detached ones.
    let mut steps: Vec<_> = steps.map(|it| (it.wave, !it.detached, it.index)).collect();
    steps.sort_unstable();
    steps.into_iter().map(|(_, _, index)| index).take(MOST_STEPS).collect()
}

/// The services of a pipeline that start, and what each comes to. All start at once, right after the clone.
fn services(
    request: &Request<'_>,
    (pipeline, at): (&Pipeline, usize),
    planned: &PipelinePlan,
    world: &World,
) -> Vec<Neighbour> {
    let asked = planned.decision.runs() && request.exercise.project.values().any(|it| it.serves.is_some());
    let services = planned.steps.iter().filter(|it| it.role == Role::Service && it.decision.runs());
    let followed = |planned: &StepPlan| {
        let step = pipeline.services.get(planned.index)?;
        let container = Container { pipeline, step, at: (at, planned.index), planned };
        let mut notes = Vec::new();
        let end = follow(request, &container, &Network::default(), world.clone(), &mut notes);
        Some(neighbour(planned, &notes, &end, 0))
    };
    services.filter(|_| asked).filter_map(followed).collect()
}

/// The names of the steps that are started and not waited for.
fn detached_steps(planned: &PipelinePlan) -> Vec<String> {
    let steps = planned.steps.iter();
    let detached =
        steps.filter(|it| it.role == Role::Step && it.detached && it.result != StepResult::Skipped);
    detached.map(|it| it.name.clone()).collect()
}

fn neighbour(planned: &StepPlan, notes: &[Note], end: &State, start: u32) -> Neighbour {
    let begins = notes.iter().filter_map(|it| match &it.what {
        What::Reached(role) => Some(role.clone()),
        _ => None,
    });
    let broke = notes.iter().rev().find_map(|it| match &it.what {
        What::Broke(cause) => Some((cause.clone(), planned.image.clone())),
        _ => None,
    });
    let serves = end.world.serving.clone();
    Neighbour { name: planned.name.clone(), begins: begins.collect(), serves, broke, start }
}

/// A step or service, as it is written and as it was planned.
struct Container<'a> {
    pipeline: &'a Pipeline,
    step: &'a crate::pipeline::Step,
    /// Place of the pipeline in the file, and of the step in it.
    at: (usize, usize),
    planned: &'a StepPlan,
}

/// Follows one step: the way that is looked at, with its notes added to the others.
fn follow(
    request: &Request<'_>,
    place: &Container<'_>,
    network: &Network,
    world: World,
    notes: &mut Vec<Note>,
) -> State {
    let Container { pipeline, step, at, planned } = *place;
    let image = Image::named(&planned.image);
    let breaks = request.broken_in.is_none_or(|it| is_image(&planned.image, it));
    let layout = layout(pipeline, step);
    let fuel = Cell::new(MOST_COMMANDS);
    let mut variables = Variables::of(request, planned);
    variables.emptied(step);
    let open = |it: &&String| !notes.iter().any(|note| note.what == What::Reached((*it).clone()));
    let flaky: Vec<String> = request.flaky.iter().filter(open).cloned().collect();
    let follow = Step {
        exercise: request.exercise,
        files: request.files,
        broken: if breaks { request.broken } else { &[] },
        flaky: &flaky,
        at,
        name: &planned.name,
        detached: planned.detached,
        tagged: request.build.event == Event::Tag,
        network,
        empty: &variables.empty,
        image,
        dialect: image.shell,
        layout,
        fuel: &fuel,
        depth: 0,
        items: &[],
    };
    let folder = step
        .working_dir
        .as_ref()
        .map_or(follow.layout.workspace.clone(), |it| join(&follow.layout.workspace, &it.value));
    let site = site(&follow.layout, image);
    let mut world = world;
    world.begin_container(&site);
    world.serving.clear();
    let exported = Rc::new(variables.known.keys().cloned().collect());
    let known = Rc::new(variables.known.clone());
    let state = State { folder, errexit: true, world, variables: known, exported, ..State::default() };
    let items: Vec<String> = step.commands().iter().map(|it| it.value.clone()).collect();
    let mut ends = follow.run(state, &items);
    let wanted = |it: &State| (it.status == 0) == (request.prefers == Outcome::Green);
    let chosen = ends.iter().position(wanted).unwrap_or_default();
    let mut end = if ends.is_empty() { State::default() } else { ends.swap_remove(chosen) };
    notes.append(&mut end.notes);
    end.world.end_container(&planned.name, &site);
    end
}

/// Where the image's own Python keeps packages: in the container, unless a volume is mounted there.
fn site(layout: &Layout, image: Image) -> String {
    let version =
        |it: &str| image.version.is_none_or(|(major, minor)| it == format!("python{major}.{minor}"));
    let named = layout.mounts.iter().find_map(|(path, _)| {
        let (python, _) = path.strip_prefix("/usr/local/lib/")?.split_once("/site-packages")?;
        version(python).then(|| layout.key(path))
    });
    named.unwrap_or_else(|| layout.key("/usr/local/lib"))
}

/// The variables of a step before its first command.
struct Variables {
    known: BTreeMap<String, String>,
    /// Those without a value, and why.
    empty: BTreeMap<String, String>,
}

impl Variables {
    fn of(request: &Request<'_>, planned: &StepPlan) -> Self {
        let mut all = Self { known: BTreeMap::new(), empty: BTreeMap::new() };
        for it in planned.environment() {
            let value = match &it.secret {
                Some(name) => match why_hidden(request, planned, name) {
                    Some(why) => {
                        all.empty.insert(it.name, why);
                        continue;
                    }
                    None => secret(name),
                },
                None if it.origin == Origin::Drone => it.value,
                None => request.replaced.get(&it.value).cloned().unwrap_or(it.value),
            };
            all.known.insert(it.name, value);
        }
        all
    }

    /// Those that the step names, and that came to nothing.
    fn emptied(&mut self, step: &crate::pipeline::Step) {
        for (name, _) in &step.environment {
            if !self.known.contains_key(&name.value) && !self.empty.contains_key(&name.value) {
                let why = "`environment` names it, and what stands there comes to nothing".to_owned();
                self.empty.insert(name.value.clone(), why);
            }
        }
    }
}

/// Why this build does not get a secret that the step asks for.
fn why_hidden(request: &Request<'_>, planned: &StepPlan, name: &str) -> Option<String> {
    let kept = &request.exercise.secrets;
    if !kept.is_empty() && !kept.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        let names: Vec<String> = kept.iter().map(|it| format!("`{it}`")).collect();
        let names = names.join(", ");
        return Some(format!(
            "Drone keeps no secret `{name}` for this repository, and says nothing; it keeps {names}"
        ));
    }
    let used = planned.secrets.iter().find(|it| it.name == name)?;
    used.hidden.map(|_| format!("the secret `{name}` is kept from this build"))
}

fn layout(pipeline: &Pipeline, step: &crate::pipeline::Step) -> Layout {
    let text = |it: &Option<crate::pipeline::Text>| it.as_ref().map_or(String::new(), |it| it.value.clone());
    let (base, path) = (text(&pipeline.workspace.base), text(&pipeline.workspace.path));
    let base = match (base.as_str(), path.starts_with('/')) {
        ("", true) => path.clone(),
        ("", false) => "/drone/src".into(),
        _ => base.clone(),
    };
    let workspace =
        if path.is_empty() || path == base { base } else { join(&base, path.trim_start_matches('/')) };
    // A volume without a source is not mounted at all.
    let sourced = pipeline.volumes.iter().filter(|it| it.temp.is_some() || it.host.is_some());
    let names: Vec<String> = sourced.map(|it| text(&it.name)).collect();
    let mounts = step.volumes.iter().filter_map(|it| {
        let (name, path) = (text(&it.name), text(&it.path));
        (names.contains(&name) && path.starts_with('/')).then_some((path, name))
    });
    Layout { workspace, mounts: mounts.collect() }
}

/// True when a command, as words, does the job of a role.
pub(super) fn plays(role: &crate::course::declared::Role, words: &[String]) -> bool {
    programs::Run::of(words).plays(role, "")
}
