//! A step or a service without a name.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, PipelinePage, Rule, misspelt};
use crate::pipeline::Step;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "missing-step-name";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let mut above = None;
    for step in page.steps_and_services() {
        if !step.null && step.name().is_empty() {
            found.push(problem(page, step, above));
        }
        above = Some(step);
    }
}

fn problem(page: &PipelinePage<'_>, step: &Step, above: Option<&Step>) -> Diagnostic {
    let service = page.is_service(step);
    let noun = if service { "service" } else { "step" };
    // Runners let a service go without a name, once.
    let readers = if service { Programs::NONE } else { page.readers.and(Programs::ALL_BUT_OLD) };
    let sure = |programs| page.who_read(&["name"], step.span, programs);
    let problem = Diagnostic::error(CODE, step.span, format!("a {noun} has no name"))
        .refused_by(sure(readers), Stage::Parse)
        .refused_by(sure(page.checkers.and(Program::Lint15.into())), Stage::Lint);
    match above.filter(|it| is_torn_off(page, step, it)) {
        Some(above) => problem
            .label(format!("this `-` begins a new {noun}"))
            .also(above.name_span(), "this one has a name and no image")
            .why("a `-` too many makes two items of one")
            .help("take the `-` away, and indent the line like `name`"),
        None if let Some((place, slip)) = misspelt(page.document, step.span, "name") => problem
            .label("`name` is missing")
            .also(place, "did you mean `name`?")
            .why(format!("Drone does not know `{slip}`, and ignores it"))
            .help("write `name`")
            .fix(replace(place, "name", "write `name`")),
        None => problem
            .label("`name` is missing or empty")
            .why("the name is how logs, `depends_on` and other containers refer to it")
            .help(format!("add `name:` to the {noun}")),
    }
}

/// True when the item above has only what this one lacks.
fn is_torn_off(page: &PipelinePage<'_>, step: &Step, above: &Step) -> bool {
    let read = page.document.misread(above.span, &["image"]).is_empty();
    read && !above.name().is_empty() && above.image().is_empty() && !step.image().is_empty()
}
