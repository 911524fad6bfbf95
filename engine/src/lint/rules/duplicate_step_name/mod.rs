//! Two steps or services of one pipeline with the same name; `clone` is taken by Drone itself.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Step;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "duplicate-step-name";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &Step> = HashMap::new();
    for step in page.steps_and_services().filter(|it| !it.null) {
        match first.get(step.name()) {
            // Steps without a name are refused for that alone, and before names are compared.
            Some(earlier)
                if step.name().is_empty() && !(page.is_service(step) && page.is_service(earlier)) => {}
            Some(earlier) => found.push(twice(page, step, earlier)),
            None if step.name() == "clone" && !page.pipeline.clone.is_disabled() => {
                found.push(clone(page, step));
            }
            None => drop(first.insert(step.name(), step)),
        }
    }
}

fn twice(page: &PipelinePage<'_>, step: &Step, earlier: &Step) -> Diagnostic {
    let name = step.name();
    let (message, here, there) = match name {
        "" => ("two items of this pipeline have no name".to_owned(), "no name here either", "no name here"),
        _ => (
            format!("the name `{name}` is used twice in this pipeline"),
            "used again here",
            "first used here",
        ),
    };
    let both_steps = !page.is_service(step) && !page.is_service(earlier);
    // Two steps are noticed while reading; a step and a service, or two services, by the checks.
    let reading = if both_steps && !name.is_empty() { page.readers } else { Programs::NONE };
    let old = if name.is_empty() { Programs::NONE } else { page.checkers.and(Program::Lint15.into()) };
    Diagnostic::error(CODE, step.name_span(), message)
        .label(here)
        .also(earlier.name_span(), there)
        .why("steps and services share one set of names: each is the host name of its container")
        .help("give one of them another name")
        .refused_by(reading.and(Programs::ALL_BUT_OLD), Stage::Parse)
        .refused_by(page.checkers.and(Programs::ALL_BUT_OLD), Stage::Lint)
        .refused_by(old, Stage::Lint)
}

fn clone(page: &PipelinePage<'_>, step: &Step) -> Diagnostic {
    Diagnostic::error(CODE, step.name_span(), "the name `clone` is taken")
        .label("Drone adds a step of this name to fetch the code")
        .why("two steps of one pipeline cannot have the same name")
        .help("choose another name, or set `clone: {disable: true}` when this step fetches the code itself")
        .refused_by(page.checkers, Stage::Lint)
}
