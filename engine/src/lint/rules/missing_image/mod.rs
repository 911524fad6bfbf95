//! A step or a service without an image.

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Step;

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: CODE, page: include_str!("README.md"), check: Check::Pipeline(check) };
const CODE: &str = "missing-image";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let bare = page.steps_and_services().filter(|it| !it.null && it.image().is_empty());
    found.extend(bare.map(|it| problem(page, it)));
}

fn problem(page: &PipelinePage<'_>, step: &Step) -> Diagnostic {
    let noun = if page.is_service(step) { "service" } else { "step" };
    let name = step.name();
    let named = if name.is_empty() { format!("a {noun}") } else { format!("the {noun} `{name}`") };
    let containers = Programs::NEW | Program::Kubernetes.into();
    // The old linter takes a `build` that names an image instead.
    let built = step.build.as_ref().is_some_and(|it| it.value);
    let old = if built { Programs::NONE } else { page.checkers.and(Program::Lint15.into()) };
    Diagnostic::error(CODE, step.name_span(), format!("{named} has no image"))
        .label("`image` is missing or empty")
        .why("the step runs in a container, and the image says which programs that container holds")
        .help("add an image, such as `image: python:3.12`; a `${…}` that has no value leaves it empty too")
        .refused_by(page.checkers.and(containers), Stage::Lint)
        .refused_by(old, Stage::Lint)
}
