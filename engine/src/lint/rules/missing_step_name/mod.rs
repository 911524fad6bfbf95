//! A step or a service without a name.

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Step;

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: CODE, page: include_str!("README.md"), check: Check::Pipeline(check) };
const CODE: &str = "missing-step-name";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let nameless = page.steps_and_services().filter(|it| !it.null && it.name().is_empty());
    found.extend(nameless.map(|it| problem(page, it)));
}

fn problem(page: &PipelinePage<'_>, step: &Step) -> Diagnostic {
    let service = page.is_service(step);
    let noun = if service { "service" } else { "step" };
    // Runners let a service go without a name, once.
    let readers = if service { Programs::NONE } else { page.readers.and(Programs::ALL_BUT_OLD) };
    Diagnostic::error(CODE, step.span, format!("a {noun} has no name"))
        .label("`name` is missing or empty")
        .why("the name is how logs, `depends_on` and other containers refer to it")
        .help(format!(
            "add `name:` to the {noun}; a common slip is a `-` too many, which makes two items of one"
        ))
        .refused_by(readers, Stage::Parse)
        .refused_by(page.checkers.and(Program::Lint15.into()), Stage::Lint)
}
