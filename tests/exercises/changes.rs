//! What a change of a right answer is: wrong, the same to the planner or to a real shell, the same in another order, or
//! another right answer.

use std::collections::BTreeSet;

use ciworkshop::engine::course::{Exercise, Files, check};
use ciworkshop::engine::lint::eight_builds;
use ciworkshop::engine::pipeline::{Manifest, Step, Volume, read};
use ciworkshop::engine::plan::{
    EnvironmentVariable, Fault, Faults, Origin, PipelinePlan, Plan, Role, StepPlan, StepResult, plan,
};
use ciworkshop::engine::source::SourceFile;

use crate::mutants;
#[cfg(unix)]
use crate::real_shell;

/// What a `.drone.yml` does, without the names: for each kind of build, with each step failing in its turn.
fn behaviour(text: &str) -> String {
    let source = SourceFile::new(".drone.yml", text);
    let (manifest, _) = read(&source);
    let names: Vec<String> =
        manifest.pipelines().flat_map(|it| &it.steps).map(|it| it.name().to_owned()).collect();
    let one = |name: &String| Faults { steps: vec![(name.clone(), Fault::Fails)] };
    let faults: Vec<Faults> = std::iter::once(Faults::default()).chain(names.iter().map(one)).collect();
    let mut told = Vec::new();
    for pipeline in manifest.pipelines() {
        for step in pipeline.services.iter().chain(&pipeline.steps) {
            let commands: Vec<_> = step.commands().iter().map(|it| &it.value).collect();
            let texts =
                |it: &Option<ciworkshop::engine::pipeline::Text>| it.as_ref().map(|it| it.value.clone());
            let mounts: Vec<_> = step.volumes.iter().map(|it| (texts(&it.name), texts(&it.path))).collect();
            told.push(format!("{commands:?} {mounts:?} {:?}", texts(&step.working_dir)));
        }
        let source = |it: &Volume| (it.temp.is_some(), it.host.is_some());
        let volumes =
            pipeline.volumes.iter().map(|it| (it.name.as_ref().map(|it| it.value.clone()), source(it)));
        told.push(format!("{:?} {}", volumes.collect::<Vec<_>>(), pipeline.is_docker()));
    }
    for (_, build) in eight_builds() {
        for faults in &faults {
            for pipeline in plan(&source, &build, faults).pipelines {
                told.push(format!("{} {} {:?}", pipeline.decision.runs(), pipeline.wave, pipeline.fails));
                let place = |name: &String| pipeline.steps.iter().position(|it| it.name == *name);
                for step in &pipeline.steps {
                    let waits: Vec<_> = step.waits_for.iter().map(place).collect();
                    let own = |it: &EnvironmentVariable| it.origin != Origin::Drone;
                    let environment: Vec<_> = step.environment().into_iter().filter(own).collect();
                    let StepPlan { image, detached, decision, wave, result, .. } = step;
                    told.push(format!(
                        "{image} {detached} {} {wave} {result:?} {waits:?} {environment:?}",
                        decision.runs()
                    ));
                }
            }
        }
    }
    told.join("\n")
}

/// The same without the order in which the file is written: of each step what it is, and what comes before it.
fn arrangement(text: &str) -> String {
    let source = SourceFile::new(".drone.yml", text);
    let (manifest, _) = read(&source);
    let pipelines: Vec<_> = manifest.pipelines().collect();
    let known = |pipeline: usize, step: &StepPlan| match step.role {
        Role::Clone => "clone".to_owned(),
        Role::Service => described(&pipelines[pipeline].services[step.index]),
        Role::Step => described(&pipelines[pipeline].steps[step.index]),
    };
    let mut faults = vec![(String::new(), Faults::default())];
    for (at, pipeline) in pipelines.iter().enumerate() {
        for step in &pipeline.steps {
            let name = format!("{}/{}", pipeline.name(), step.name());
            let fault = Faults { steps: vec![(name, Fault::Fails)] };
            faults.push((format!("{at} {}", described(step)), fault));
        }
    }
    let mut told = Vec::new();
    for (place, build) in eight_builds().iter().map(|it| &it.1).enumerate() {
        for (broken, faults) in &faults {
            let mut rows = Vec::new();
            for (at, planned) in plan(&source, build, faults).pipelines.iter().enumerate() {
                let state = format!("{at} {} {} {}", planned.decision.runs(), planned.wave, planned.fails);
                for step in &planned.steps {
                    let before: BTreeSet<String> =
                        before(planned, step).iter().map(|it| known(at, it)).collect();
                    let own = |it: &EnvironmentVariable| it.origin != Origin::Drone;
                    let environment: Vec<_> = step.environment().into_iter().filter(own).collect();
                    let StepPlan { detached, decision, wave, result, .. } = step;
                    let runs = decision.runs();
                    rows.push(format!(
                        "{state} {} {detached} {runs} {wave} {result:?} {before:?} {environment:?}",
                        known(at, step)
                    ));
                }
            }
            rows.sort();
            told.push(format!("{place} {broken}: {}", rows.join("\n")));
        }
    }
    told.sort();
    told.join("\n")
}

/// What a step is, whatever it is called.
fn described(step: &Step) -> String {
    let texts = |it: &Option<ciworkshop::engine::pipeline::Text>| it.as_ref().map(|it| it.value.clone());
    let commands: Vec<_> = step.commands().iter().map(|it| &it.value).collect();
    let mounts: Vec<_> = step.volumes.iter().map(|it| (texts(&it.name), texts(&it.path))).collect();
    format!("{} {commands:?} {mounts:?} {:?}", step.image(), texts(&step.working_dir))
}

/// All that a step waits for, directly or not.
fn before<'p>(pipeline: &'p PipelinePlan, step: &'p StepPlan) -> Vec<&'p StepPlan> {
    let (mut found, mut open) = (BTreeSet::new(), step.after.clone());
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(&pipeline.steps[at].after);
        }
    }
    found.into_iter().map(|it| &pipeline.steps[it]).collect()
}

/// Changes that make another right answer of one: exercise, answer, begin of the change, and why.
pub(crate) const RIGHT_TOO: [(&str, &str, &str, &str); 3] = [
    ("6.4", "one-by-one", "exchange /steps[", "the versions may come in any order"),
    ("6.4", "solution", "delete /steps[3]/depends_on", "one after the other will do"),
    ("6.4", "solution", "/steps[3]/depends_on becomes []", "one after the other will do"),
];

/// The entry of [`RIGHT_TOO`] that a change falls under.
fn right_too(number: &str, answer: &str, change: &str) -> Option<usize> {
    RIGHT_TOO.iter().position(|it| (it.0, it.1) == (number, answer) && change.starts_with(it.2))
}

/// Two files whose steps differ in their commands alone, and which a real shell ends the same way: with tests that
/// pass, and with tests that fail.
#[cfg(unix)]
fn ends_the_same(a: &str, b: &str) -> bool {
    let ends = |text: &str| {
        let (manifest, _) = read(&SourceFile::new(".drone.yml", text));
        let steps = manifest.pipelines().flat_map(|it| &it.steps).map(|step| {
            let items: Vec<String> = step.commands().iter().map(|it| it.value.clone()).collect();
            real_shell::ends_well(&items, step.image())
        });
        steps.collect::<Vec<_>>()
    };
    let without_commands = |text: &str| {
        let told = behaviour(text);
        told.lines().filter(|it| !it.starts_with('[')).map(str::to_owned).collect::<Vec<_>>()
    };
    without_commands(a) == without_commands(b) && ends(a) == ends(b)
}

#[cfg(not(unix))]
fn ends_the_same(_: &str, _: &str) -> bool {
    false
}

/// What a `.drone.yml` does to the world, whatever the order of steps that have nothing to do with each other: for each
/// build which steps run, and for each step that publishes, with each other step failing in its turn, whether it runs
/// and all that it has waited for. Where nothing publishes, it is the steps that nobody waits for.
fn outward(text: &str) -> String {
    let source = SourceFile::new(".drone.yml", text);
    let (manifest, _) = read(&source);
    let mut told = Vec::new();
    for (_, build) in eight_builds() {
        let names: Vec<String> =
            manifest.pipelines().flat_map(|it| &it.steps).map(|it| it.name().to_owned()).collect();
        let fault = |name: &String| Faults { steps: vec![(name.clone(), Fault::Fails)] };
        let whole = plan(&source, &build, &Faults::default());
        let contents = contents(&manifest, &whole);
        let mut ran: Vec<&String> = contents.iter().filter(|it| it.runs).map(|it| &it.words).collect();
        ran.sort();
        told.push(format!("{ran:?}"));
        let publishes = contents.iter().any(|it| it.publishes);
        let waited_for = |it: &Content| contents.iter().any(|other| other.waits.contains(&it.words));
        let looked_at = |it: &&Content| it.publishes || !publishes && !waited_for(it);
        let outward: Vec<String> = contents.iter().filter(looked_at).map(|it| it.words.clone()).collect();
        let matters = |words: &String| ran.contains(&words) && !outward.contains(words);
        let mut failing = Vec::new();
        for name in &names {
            let after = self::contents(&manifest, &plan(&source, &build, &fault(name)));
            let failed = contents.iter().find(|it| it.name == *name).map(|it| it.words.clone());
            if failed.as_ref().is_some_and(|it| outward.contains(it)) {
                continue;
            }
            let mut ends: Vec<String> = after
                .iter()
                .filter(|it| outward.contains(&it.words))
                .map(|it| {
                    let waits: Vec<_> = it.waits.iter().filter(|it| matters(it)).collect();
                    format!("{} {} {waits:?}", it.words, it.runs)
                })
                .collect();
            ends.sort();
            failing.push(format!("{failed:?}: {ends:?}"));
        }
        failing.sort();
        told.extend(failing);
    }
    told.join("\n")
}

/// A step without its name.
struct Content {
    name: String,
    words: String,
    publishes: bool,
    runs: bool,
    /// Everything that comes before it, whatever it is called.
    waits: BTreeSet<String>,
}

fn contents(manifest: &Manifest, plan: &Plan) -> Vec<Content> {
    let mut contents = Vec::new();
    for (pipeline, planned) in manifest.pipelines().zip(&plan.pipelines) {
        let own = |it: &EnvironmentVariable| it.origin != Origin::Drone;
        let words: Vec<String> = planned
            .steps
            .iter()
            .map(|step| {
                let commands = pipeline.steps.iter().find(|it| it.name() == step.name).map(Step::commands);
                let commands: Vec<_> = commands.into_iter().flatten().map(|it| &it.value).collect();
                let environment: Vec<_> = step.environment().into_iter().filter(own).collect();
                format!("{} {commands:?} {environment:?}", step.image)
            })
            .collect();
        for (at, step) in planned.steps.iter().enumerate() {
            let (mut waits, mut open) = (BTreeSet::new(), vec![at]);
            while let Some(at) = open.pop() {
                for name in &planned.steps[at].waits_for {
                    let before = planned.steps.iter().position(|it| it.name == *name);
                    open.extend(before.filter(|it| waits.insert(words[*it].clone())));
                }
            }
            contents.push(Content {
                name: step.name.clone(),
                words: words[at].clone(),
                publishes: !step.secrets.is_empty(),
                runs: planned.decision.runs() && step.decision.runs() && step.result != StepResult::Skipped,
                waits,
            });
        }
    }
    contents
}

/// A change of the order alone.
fn is_order(change: &str) -> bool {
    change.starts_with("swap /steps") || change.starts_with("exchange") && change.contains("/name ")
}

/// The steps of the file whose commands do the job of the tests.
pub(crate) fn is_about_the_tests(change: &str, text: &str) -> bool {
    let spoils = ["failure: ignore", "detach: true", "when: {", "|| true", "| cat", " with &"];
    if !spoils.iter().any(|it| change.contains(it)) {
        return true;
    }
    let index = change
        .split("steps[")
        .nth(1)
        .and_then(|it| it.split(']').next())
        .and_then(|it| it.parse::<usize>().ok());
    let (manifest, _) = read(&SourceFile::new(".drone.yml", text));
    // Mutants are made of the last document.
    let steps = manifest.pipelines().last().map(|it| it.steps.as_slice()).unwrap_or_default();
    let step = steps.get(index.unwrap_or_default()).cloned();
    let item = change
        .split("commands[")
        .nth(1)
        .and_then(|it| it.split(']').next())
        .and_then(|it| it.parse::<usize>().ok());
    let commands: Vec<String> = step.iter().flat_map(Step::commands).map(|it| it.value.clone()).collect();
    let looked_at = item.map_or(commands.clone(), |it| commands.get(it).cloned().into_iter().collect());
    let tests = ["pytest", "unittest", "greet.py", "stamp.py"];
    looked_at.iter().any(|it| tests.iter().any(|word| it.contains(word)) && !it.contains("pip install"))
}

/// What a change of a right answer is.
pub(crate) enum Became {
    /// A wrong answer that a check notices.
    Noticed,
    /// The same, to the planner or to a real shell.
    Same,
    /// The same for everybody outside, with steps in another order.
    Reordered,
    /// The same, with steps that do not wait for each other in another order.
    Rearranged,
    /// Another right answer: the entry of [`RIGHT_TOO`].
    RightToo(usize),
    /// A change that nothing notices.
    Missed,
}

/// What a mutant of the answer called `name` is. `files` are those of the answer.
pub(crate) fn became(exercise: &Exercise, name: &str, files: &Files, mutant: &mutants::Mutant) -> Became {
    let text = String::from_utf8_lossy(&files[".drone.yml"]);
    let mut changed = files.clone();
    changed.insert(".drone.yml".into(), mutant.text.clone().into_bytes());
    if !check(exercise, &changed).findings.is_empty() {
        Became::Noticed
    } else if behaviour(&mutant.text) == behaviour(&text) || ends_the_same(&mutant.text, &text) {
        Became::Same
    } else if is_order(&mutant.change) && outward(&mutant.text) == outward(&text) {
        Became::Reordered
    } else if arrangement(&mutant.text) == arrangement(&text) {
        Became::Rearranged
    } else {
        right_too(&exercise.number, name, &mutant.change).map_or(Became::Missed, Became::RightToo)
    }
}
