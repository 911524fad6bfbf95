//! A step that mounts a volume which its pipeline does not have.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::{PipelineAdvice, StepAdvice, closest};
use crate::pipeline::{Text, Volume};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "undefined-volume";

/// The rule `reserved-volume` speaks of these.
const RESERVED: [&str; 3] = ["workspace", "_workspace", "_docker_socket"];

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mounting = |it: &&StepAdvice<'_>| !it.step.volumes.is_empty() || !it.step.devices.is_empty();
    let mut steps = page.all.iter().filter(mounting).peekable();
    if steps.peek().is_none() || !page.pipeline.is_docker() {
        return;
    }
    let volumes: Vec<&str> = page.pipeline.volumes.iter().filter(|it| !it.null).map(name).collect();
    if volumes.contains(&"") {
        return; // the rule `missing-volume-name` speaks
    }
    let known: HashSet<&str> = volumes.iter().copied().collect();
    for step in steps {
        for mount in step.step.volumes.iter().chain(&step.step.devices) {
            let Some(wanted) = &mount.name else { continue };
            let value = wanted.value.as_str();
            if !value.is_empty() && !known.contains(value) && !RESERVED.contains(&value) {
                found.push(problem(step, wanted, &volumes));
            }
        }
    }
}

fn name(volume: &Volume) -> &str {
    volume.name.as_ref().map_or("", |it| &it.value)
}

fn problem(step: &StepAdvice<'_>, wanted: &Text, volumes: &[&str]) -> Diagnostic {
    let (step, wanted, place) = (step.step.name(), wanted.value.as_str(), wanted.span);
    let message = format!("`{step}` mounts the volume `{wanted}`, and its pipeline has none of this name");
    let problem = Diagnostic::warning(CODE, place, message)
        .why("Drone mounts nothing then, and says nothing: the step runs without the volume");
    // Nobody writes so many by hand, and comparing them all takes long.
    let comparable = if volumes.len() <= 100 { volumes } else { &[] };
    match closest(wanted, comparable.iter().copied()) {
        Some(meant) => problem
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `{meant}`"))
            .fix(replace(place, meant, format!("write `{meant}`"))),
        None => problem.label("not mounted").help(format!(
            "declare it under `volumes` of the pipeline: `- name: {wanted}` with `temp: {{}}`"
        )),
    }
}
