//! A word under `failure` that means nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::{StepAdvice, closest};
use crate::pipeline::grammar::FAILURES;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "failure-word";

/// Other words for `ignore`.
const IGNORING: &[&str] = &[
    "allow",
    "allowed",
    "continue",
    "ignore-failure",
    "ignore_failure",
    "ignored",
    "never",
    "skip",
    "soft",
    "true",
    "yes",
];

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some(failure) = &page.step.failure else { return };
    let lower = failure.value.to_lowercase();
    if lower.is_empty() || FAILURES.contains(&lower.as_str()) {
        return;
    }
    let meant = if IGNORING.contains(&lower.as_str()) {
        Some("ignore")
    } else {
        closest(&lower, FAILURES.iter().copied())
    };
    let word = meant.unwrap_or("ignore");
    let problem = Diagnostic::warning(
        CODE,
        failure.span,
        format!("`failure: {}` means nothing to Drone", failure.value),
    )
    .why("any other word is as if the line were not there: when the step fails, the pipeline fails");
    found.push(match meant {
        Some(meant) => problem
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `failure: {word}`"))
            .fix(replace(failure.span, meant, format!("write `{meant}`"))),
        None => problem.label("not one of Drone's words").help(
            "write `failure: ignore` if the pipeline may pass although this step fails, or take the line out",
        ),
    });
}
