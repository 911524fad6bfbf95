//! Components → the pipelines of a file: one for each version that is tested, one for each that is published, in an order
//! in which everything that is waited for comes first.

use serde::Serialize;

use crate::engine::lint::ended_since;
use crate::scaffold::Branch;
use crate::scaffold::detect::{Advice, Component, Line, Service, Step, Version, path};
use crate::scaffold::project::Fact;
use crate::scaffold::propose::release::{Release, releases};
use crate::scaffold::propose::words::name;

/// A whole file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shape {
    pub(crate) branch: String,
    pub(crate) pipelines: Vec<Pipeline>,
}

/// One pipeline.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Pipeline {
    pub(crate) name: String,
    /// Comments at its head.
    pub(crate) why: Vec<String>,
    pub(crate) services: Vec<Service>,
    pub(crate) steps: Vec<Planned>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) trigger_why: String,
    pub(crate) events: Vec<&'static str>,
    /// Which refs start it; empty for all.
    pub(crate) refs: Vec<String>,
}

/// A step, with what is said about its image.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Planned {
    #[serde(flatten)]
    pub(crate) step: Step,
    pub(crate) image_why: String,
    /// Why an image that nobody maintains is here, if it is.
    pub(crate) ended: String,
}

/// Decides which pipelines there are.
///
/// Nothing is kept from one build to the next: no cache. Drone has none of its own. A `temp` volume ends with its pipeline,
/// a `host` volume needs a repository that an administrator trusts, and a plugin needs a store and its keys, which no file of
/// the project shows. So there is none that works on every server; `--explain` says so.
pub(crate) fn shape(
    components: &[Component],
    branch: &Branch,
    tags: &[String],
    advice: &mut Vec<Advice>,
) -> Shape {
    let mut pipelines = Vec::new();
    for component in components {
        let label = label(component, components);
        pipelines.extend(component.versions.iter().map(|it| tested(component, it, &label)));
    }
    name_apart(&mut pipelines);
    // A tag is one of the whole repository, so what it publishes waits for all tests.
    let tests: Vec<String> = pipelines.iter().map(|it| it.name.clone()).collect();
    for (component, release) in components.iter().zip(releases(components, tags)) {
        match release {
            Some(Ok(release)) => pipelines.extend(published(component, &release, &tests, branch)),
            Some(Err(unsaid)) => advice.push(unsaid),
            None => {}
        }
    }
    name_apart(&mut pipelines);
    say_once(&mut pipelines);
    Shape { branch: branch.name().to_owned(), pipelines }
}

/// Gives a number to a name that stands twice: Drone takes no such file. Those that are named apart already stay as they are.
fn name_apart(pipelines: &mut [Pipeline]) {
    let mut taken: Vec<String> = Vec::new();
    for pipeline in pipelines {
        let name = pipeline.name.clone();
        let mut number = 2;
        while taken.contains(&pipeline.name) {
            pipeline.name = format!("{name}-{number}");
            number += 1;
        }
        taken.push(pipeline.name.clone());
    }
}

/// A problem is reported once an image, and so it is allowed once.
fn say_once(pipelines: &mut [Pipeline]) {
    let mut said: Vec<String> = Vec::new();
    // In the order in which they stand in the file.
    for pipeline in pipelines {
        let services = pipeline.services.iter_mut().map(|it| (&it.image, &mut it.ended));
        let steps = pipeline.steps.iter_mut().map(|it| (&it.step.image, &mut it.ended));
        for (image, ended) in services.chain(steps) {
            if said.contains(image) {
                ended.clear();
            }
            said.push(image.clone());
        }
    }
}

/// What tells the pipelines of this component from others: nothing when it is alone.
fn label(component: &Component, all: &[Component]) -> String {
    if all.len() == 1 {
        return "test".into();
    }
    // `C and C++` is called after the first of the two.
    let ecosystem = component.ecosystem.split(" and ").next().unwrap_or_default().trim_end_matches(".js");
    let base = if component.root.is_empty() { ecosystem } else { &component.root };
    let same = all.iter().filter(|it| it.root == component.root).count() > 1;
    if same && !component.root.is_empty() { name(&format!("{base}-{ecosystem}")) } else { name(base) }
}

fn tested(component: &Component, version: &Version, label: &str) -> Pipeline {
    let several = component.versions.len() > 1;
    let title = if several { format!("{label}-{}", version.number) } else { label.to_owned() };
    let newest = component.versions.last() == Some(version);
    let first = component.versions.first() == Some(version);
    let mut commands = Vec::new();
    if !component.root.is_empty() {
        commands.push(Line::plain(format!("cd {}", path(&component.root))));
    }
    commands.extend(component.install.iter().cloned());
    commands.extend(version.test.iter().cloned());
    commands.extend(component.test.iter().cloned());
    if !first {
        // The reasons stand in the first one, except for what only this one has.
        let said = component.versions.first().and_then(|it| it.test.as_ref()).map(|it| &it.why);
        let own = version.test.as_ref().filter(|it| said.is_some_and(|said| *said != it.why));
        for it in commands.iter_mut().filter(|it| own != Some(it)) {
            it.why.clear();
        }
    }
    if newest {
        commands.extend(component.lint.iter().cloned());
    }
    let mut steps: Vec<Planned> =
        component.services.iter().filter(|it| !it.wait.is_empty()).map(waiting).collect();
    let placed =
        |it: &Step| Planned { ended: ended(&it.image), step: inside(component, it), ..Planned::default() };
    steps.extend(component.before.iter().map(|it| placed(&of_version(it, version))));
    let step = Step {
        name: "test".into(),
        image: version.image.clone(),
        environment: component.environment.clone(),
        commands,
        ..Step::default()
    };
    steps.push(Planned { image_why: version.why.clone(), ended: ended(&version.image), step });
    steps.extend(component.after.iter().map(placed));
    Pipeline {
        name: title,
        why: if first {
            head(component)
        } else {
            vec![format!("As the pipeline above, on another version of {}.", component.ecosystem)]
        },
        services: component
            .services
            .iter()
            .map(|it| Service { ended: ended(&it.image), ..it.clone() })
            .collect(),
        steps,
        trigger_why: if first {
            "on every push, on pull requests, and on tags: nothing is published untested".into()
        } else {
            String::new()
        },
        events: vec!["push", "pull_request", "tag"],
        ..Pipeline::default()
    }
}

/// The step, with its commands in the component's folder.
fn inside(component: &Component, step: &Step) -> Step {
    let mut step = step.clone();
    if !component.root.is_empty() && !step.commands.is_empty() {
        step.commands.insert(0, Line::plain(format!("cd {}", path(&component.root))));
    }
    step
}

/// The step, with the version where a command needs it.
fn of_version(step: &Step, version: &Version) -> Step {
    let mut step = step.clone();
    for it in &mut step.commands {
        it.command = it.command.replace("{version}", &version.number);
    }
    step
}

fn head(component: &Component) -> Vec<String> {
    let place = if component.root.is_empty() { String::new() } else { format!(" in {}/", component.root) };
    let fact =
        |it: &Fact| if it.place.is_empty() { it.what.clone() } else { format!("{}: {}", it.place, it.what) };
    let first = format!("{}{place}, because of what is here:", component.ecosystem);
    std::iter::once(first).chain(component.evidence.iter().take(4).map(fact)).collect()
}

fn ended(image: &str) -> String {
    match ended_since(image) {
        Some(_) => "the project asks for it".into(),
        None => String::new(),
    }
}

fn waiting(service: &Service) -> Planned {
    let step = Step {
        name: format!("wait-for-{}", service.name),
        image: service.image.clone(),
        why: "Drone starts a service and does not wait for it".into(),
        commands: vec![Line::plain(service.wait.clone())],
        ..Step::default()
    };
    Planned { ended: ended(&step.image), step, ..Planned::default() }
}

/// Publishing, on a tag and after the tests: the three questions of a deployment.
fn published(
    component: &Component,
    release: &Release,
    tests: &[String],
    branch: &Branch,
) -> Option<Pipeline> {
    let publish = component.publish.as_ref()?;
    let mut steps = vec![on_main(branch)];
    for step in &publish.steps {
        let step = inside(component, &with_version(step, &release.prefix));
        steps.push(Planned { ended: ended(&step.image), step, ..Planned::default() });
    }
    Some(Pipeline {
        name: release.pipeline.clone(),
        why: vec![format!("{}.", publish.why)],
        steps,
        depends_on: tests.to_vec(),
        trigger_why: match release.refs.as_slice() {
            [] => "is it a tagged commit?".into(),
            _ => {
                format!("is it a tagged commit, and is the tag for this component? {} is", release.example())
            }
        },
        events: vec!["tag"],
        refs: release.refs.clone(),
        ..Pipeline::default()
    })
}

/// The step, with the bare version in `DRONE_TAG` where a command compares it.
fn with_version(step: &Step, prefix: &str) -> Step {
    let mut step = step.clone();
    if !prefix.is_empty() && step.commands.iter().any(|it| it.command.contains("$DRONE_TAG")) {
        let pattern = prefix.replace('.', "[.]");
        step.commands.insert(
            0,
            Line::new(
                format!("DRONE_TAG=$(echo \"$DRONE_TAG\" | sed 's|^{pattern}||')"),
                "the version alone: the tag carries the name of the component",
            ),
        );
    }
    step
}

fn on_main(branch: &Branch) -> Planned {
    let name = branch.name();
    let step = Step {
        name: "check-branch".into(),
        why: format!("is it in `{name}`? A build of a tag has no branch, so git is asked"),
        image: "alpine/git:v2.49.1".into(),
        commands: vec![
            Line::plain(format!("git fetch origin {name}")),
            Line::plain(format!(
                "git merge-base --is-ancestor HEAD FETCH_HEAD || {{ echo \"This commit is not in {name}.\"; exit 1; }}"
            )),
        ],
        ..Step::default()
    };
    Planned { step, ..Planned::default() }
}
