//! A step that waits for a step that is not there, or not yet.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::closest;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::{Step, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "unknown-step-dependency";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    // The name may be one that could not be read.
    let checkers = page.who_read(&["name", "steps", "services"], page.pipeline.span, page.checkers);
    let new = checkers.and(Programs::NEW | Program::Kubernetes.into());
    let old = checkers.and(Program::Lint15.into());
    let steps: Vec<&Step> = page.services_and_steps().collect();
    let places: HashMap<&str, usize> =
        steps.iter().enumerate().rev().map(|(at, it)| (it.name(), at)).collect();
    for (at, step) in steps.iter().enumerate() {
        for wanted in &step.depends_on {
            let place = places.get(wanted.value.as_str()).copied();
            // Runners see services first. The old linter sees steps only, and does not look at what services wait for.
            let unseen = !is_clone(page, wanted) && place.is_none_or(|it| it > at);
            let unseen_old =
                unseen || (place.is_some_and(|it| page.is_service(steps[it])) && !page.is_service(step));
            let refusing = if unseen { new } else { Programs::NONE };
            let refusing_old = if unseen_old && !page.is_service(step) { old } else { Programs::NONE };
            if place != Some(at) && !(refusing | refusing_old).is_empty() {
                let there = place.map(|it| steps[it]);
                found.push(
                    problem(page, step, wanted, there).refused_by(refusing | refusing_old, Stage::Lint),
                );
            }
        }
    }
}

fn is_clone(page: &PipelinePage<'_>, wanted: &Text) -> bool {
    wanted.value == "clone" && !page.pipeline.clone.is_disabled()
}

fn problem(page: &PipelinePage<'_>, step: &Step, wanted: &Text, there: Option<&Step>) -> Diagnostic {
    let (name, dependency) = (step.name(), &wanted.value);
    let Some(there) = there else { return unknown(page, step, wanted) };
    if page.is_service(there) {
        return Diagnostic::error(
            CODE,
            wanted.span,
            format!("`{name}` waits for the service `{dependency}`"),
        )
        .label("an old `drone lint` does not count services")
        .also(there.name_span(), "a service")
        .why("services are started before all steps, so a step need not wait for one")
        .help("take it out");
    }
    Diagnostic::error(
        CODE,
        wanted.span,
        format!("`{name}` waits for `{dependency}`, which comes later in the file"),
    )
    .label("not known up to here")
    .also(there.name_span(), "declared here")
    .why("Drone reads from top to bottom: a step may wait only for what stands above it")
    .help(if page.is_service(step) {
        "take it out: services are started before all steps".to_owned()
    } else {
        format!("move `{dependency}` above `{name}`")
    })
}

fn unknown(page: &PipelinePage<'_>, step: &Step, wanted: &Text) -> Diagnostic {
    let (name, dependency) = (step.name(), wanted.value.as_str());
    let problem = Diagnostic::error(
        CODE,
        wanted.span,
        format!("`{name}` waits for `{dependency}`, and there is no such step"),
    )
    .label("no step or service has this name")
    .why("Drone refuses the pipeline rather than run the step at a wrong time");
    if dependency == "clone" {
        return problem.help("`clone` is disabled in this pipeline: take it out of `depends_on`");
    }
    match closest(dependency, page.services_and_steps().map(Step::name)) {
        // What a `${…}` stands for is not to be written in its place.
        Some(meant) if page.text.get(wanted.span.range()).is_some_and(|it| !it.contains('$')) => problem
            .help(format!("did you mean `{meant}`?"))
            .fix(replace(wanted.span, meant, format!("write `{meant}`"))),
        Some(meant) => problem.help(format!("did you mean `{meant}`?")),
        None => problem.help("use the name of a step above it; names of other pipelines belong at the pipeline's own `depends_on`"),
    }
}
