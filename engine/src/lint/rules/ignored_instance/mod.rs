//! `instance` in a `trigger`: only steps look at it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::{place, says, short};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::ConditionKey;
use crate::plan::restricts;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "ignored-instance";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some(instance) = page.pipeline.trigger.get(ConditionKey::Instance).filter(|it| restricts(it)) else {
        return;
    };
    let name = short(page.pipeline.name());
    let message = format!("the pipeline `{name}` runs on every server, whatever {} says", says(instance));
    let problem = Diagnostic::warning(CODE, place(instance), message)
        .label("not looked at here")
        .why("the server that decides on `trigger` does not compare its own name; steps do")
        .help("put `instance` under `when` of each step");
    found.push(problem);
}
