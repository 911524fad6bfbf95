//! A step without `depends_on` among steps that have it: it starts at once.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::effect::{notifies, publishes};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::plan::Wanted;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "parallel-surprise";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    // One that waits for the clone alone waits for no longer than all others.
    let waits = |it: &&StepAdvice<'_>| it.step.depends_on.iter().any(|it| it.value != "clone");
    let Some(waiting) = page.all.iter().find(waits) else { return };
    let awaited: HashSet<&str> =
        page.all.iter().flat_map(|it| &it.step.depends_on).map(|it| it.value.as_str()).collect();
    let first = page.steps().next().map(|it| it.step.span);
    for step in page.steps().filter(|it| it.step.depends_on.is_empty() && Some(it.step.span) != first) {
        // A place to start from, on purpose: others wait for it. Neither does what is not waited for hold up anything.
        if step.step.is_detached() || awaited.contains(step.step.name()) {
            continue;
        }
        if let Some(needs) = needs_others(step) {
            found.push(problem(step, waiting, needs));
        }
    }
}

/// Why the step surely means to come after others.
fn needs_others(step: &StepAdvice<'_>) -> Option<&'static str> {
    if Wanted::of_step(&step.step.when).on_failure {
        return Some("looks at `status` before anything can have failed");
    }
    if notifies(step) {
        return Some("sends its message before anything is done");
    }
    publishes(step).map(|_| "publishes before anything is done")
}

fn problem(step: &StepAdvice<'_>, waiting: &StepAdvice<'_>, needs: &str) -> Diagnostic {
    let name = short(step.step.name());
    let message = format!("`{name}` starts at once, and {needs}");
    let span = waiting.step.depends_on.first().map_or(waiting.step.name_span(), |it| it.span);
    Diagnostic::warning(CODE, step.step.name_span(), message)
        .label("waits for nothing")
        .also(span, "because some step waits for another")
        .why("as soon as one step has `depends_on`, each step waits only for what it names, and for nothing else")
        .help(format!("add `depends_on` to `{name}`, with the last steps before it"))
}
