//! A step that tells people how the build went, and is skipped when it went wrong.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::effect::notifies;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::plan::Wanted;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "notice-skipped-on-failure";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let waits = |it: &&StepAdvice<'_>| notifies(it) && !Wanted::of_step(&it.step.when).on_failure;
    // What comes before the notice may fail; what only tells people is no such thing.
    let Some(work) = page.steps().position(|it| !notifies(it)) else { return };
    if told_otherwise(page) {
        return;
    }
    for step in page.steps().skip(work + 1).filter(waits) {
        let message =
            format!("`{}` says nothing when a step fails: it is skipped then", short(step.step.name()));
        let problem = Diagnostic::hint(CODE, step.step.name_span(), message)
            .label("runs only while all is well")
            .why("a message is missed most when something is broken");
        let help = match step.step.when.span {
            Some(_) => "add `status: [success, failure]` to its `when`",
            None => "add `when: {status: [success, failure]}` to the step",
        };
        found.push(problem.help(help));
    }
}

/// True when some step of the pipeline runs after a failure: that one may be the message.
fn told_otherwise(page: &PipelineAdvice<'_>) -> bool {
    page.steps().any(|it| Wanted::of_step(&it.step.when).on_failure)
}
