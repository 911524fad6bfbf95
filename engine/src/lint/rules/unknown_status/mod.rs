//! A word under `status` that Drone never compares with anything.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::{Conditional, conditionals, may_match, patterns, short};
use crate::lint::closest;
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::grammar::STATUSES;
use crate::pipeline::{Condition, ConditionKey, Text};
use crate::plan::Wanted;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "unknown-status";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for block in conditionals(page) {
        let Some(status) = block.conditions.get(ConditionKey::Status) else { continue };
        let unknown = |it: &(&Text, bool)| !may_match(status, it.0, STATUSES);
        for (pattern, excluded) in patterns(status).filter(unknown) {
            found.push(problem(&block, status, pattern, excluded));
        }
    }
}

fn problem(block: &Conditional<'_, '_>, status: &Condition, pattern: &Text, excluded: bool) -> Diagnostic {
    let effect = if excluded { "so this excludes nothing".to_owned() } else { effect(block, status) };
    let problem = Diagnostic::warning(
        CODE,
        pattern.span,
        format!("`{}` is not a status of Drone, {effect}", short(&pattern.value)),
    )
    .label("neither `success` nor `failure`")
    .why("Drone only asks whether something failed so far");
    if excluded {
        return problem.help("exclude `success` or `failure`, or leave it out");
    }
    let Some(meant) = meant(&pattern.value) else {
        return problem.help("write `success`, `failure`, or both in a list");
    };
    let problem = problem.help(format!("write `status: {}`", meant.0));
    let only = status.exclude.is_empty() && status.include.len() == 1;
    match fix(status, pattern, meant.1) {
        Some(fix) if only => problem.fix(fix),
        _ => problem,
    }
}

/// What this `status` comes to, as it is.
fn effect(block: &Conditional<'_, '_>, status: &Condition) -> String {
    let others = status.include.iter().any(|it| may_match(status, it, STATUSES));
    if others {
        return "so it has no effect here".to_owned();
    }
    if block.step.is_some() {
        return format!("so {} runs only while all is well", block.owner());
    }
    let never = Wanted::of_pipeline(block.conditions) == Wanted { on_success: false, on_failure: false };
    if never && !block.pipeline.depends_on.is_empty() {
        return format!("so {} never runs", block.owner());
    }
    "so it has no effect here".to_owned()
}

/// What to write as the value, and as a list.
fn meant(word: &str) -> Option<(&'static str, &'static str)> {
    const FAILURE: (&str, &str) = ("failure", "failure");
    const SUCCESS: (&str, &str) = ("success", "success");
    const BOTH: (&str, &str) = ("[success, failure]", "success, failure");
    let lower = word.to_lowercase();
    Some(match lower.as_str() {
        "failure" | "failed" | "fail" | "failing" | "error" | "errored" | "killed" | "broken" => FAILURE,
        "success" | "succeeded" | "passed" | "passing" | "ok" | "successful" => SUCCESS,
        "always" | "changed" | "change" | "any" | "all" | "both" => BOTH,
        other => match closest(other, STATUSES.iter().copied())? {
            "failure" => FAILURE,
            _ => SUCCESS,
        },
    })
}

fn fix(status: &Condition, pattern: &Text, list: &str) -> Option<Fix> {
    let alone = status.span == pattern.span;
    let text = if alone && list.contains(',') { format!("[{list}]") } else { list.to_owned() };
    let block_item = !alone && list.contains(',');
    (!block_item).then(|| edit::replace(pattern.span, text.clone(), format!("write `{text}`")))
}
