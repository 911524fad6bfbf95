//! A list item without a value, where Drone wants a step or a volume: some programs refuse it, some crash.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Step;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "null-item";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    for step in page.steps_and_services() {
        if step.null {
            found.push(null_step(page, step));
        }
        let mounts = step.volumes.iter().filter(|it| it.null);
        found.extend(mounts.map(|it| null_volume(page, it.span)));
    }
    let volumes = page.pipeline.volumes.iter().filter(|it| it.null);
    found.extend(volumes.map(|it| null_volume(page, it.span)));
}

fn null_step(page: &PipelinePage<'_>, step: &Step) -> Diagnostic {
    let service = page.is_service(step);
    let (list, stage) = if service { ("services", Stage::Lint) } else { ("steps", Stage::Parse) };
    let refusers = if service { page.checkers } else { page.readers };
    problem(step.span, list)
        .refused_by(refusers.and(Programs::ALL_BUT_OLD), stage)
        .refused_by(page.checkers.and(Program::Lint15.into()), Stage::Panic)
}

/// Three programs follow the missing value, and crash.
fn null_volume(page: &PipelinePage<'_>, span: Span) -> Diagnostic {
    let crashing = Programs::NEW | Program::Lint15.into();
    problem(span, "volumes").refused_by(page.checkers.and(crashing), Stage::Panic)
}

fn problem(span: Span, list: &str) -> Diagnostic {
    Diagnostic::error(CODE, span, format!("an item of `{list}` is empty"))
        .label("nothing stands here")
        .why("Drone expects a map in each item; some of its programs crash on this one")
        .help("delete the line, or indent what belongs to the item below its `-`")
}
