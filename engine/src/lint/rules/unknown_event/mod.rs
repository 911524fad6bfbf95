//! A word under `event` or `action` that no build has.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::{Conditional, conditionals, may_match, patterns, short};
use crate::lint::closest;
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::grammar::{ACTIONS, EVENTS};
use crate::pipeline::{Condition, ConditionKey, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "unknown-event";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for block in conditionals(page) {
        for condition in &block.conditions.entries {
            let words = match condition.key {
                ConditionKey::Event => EVENTS,
                ConditionKey::Action => ACTIONS,
                _ => continue,
            };
            let unknown = |it: &(&Text, bool)| !may_match(condition, it.0, words);
            for (pattern, excluded) in patterns(condition).filter(unknown) {
                found.push(problem(&block, condition, pattern, excluded, words));
            }
        }
    }
}

fn problem(
    block: &Conditional<'_, '_>,
    condition: &Condition,
    pattern: &Text,
    excluded: bool,
    words: &[&str],
) -> Diagnostic {
    let key = condition.key.name();
    let never = !excluded && condition.include.iter().all(|it| !may_match(condition, it, words));
    let effect = match (excluded, never) {
        (true, _) => "so this excludes nothing".to_owned(),
        (false, true) => format!("so {} never runs", block.owner()),
        (false, false) => "so it matches no build".to_owned(),
    };
    let article = if key == "event" { "an event" } else { "an action" };
    let message = format!("`{}` is not {article} of Drone, {effect}", short(&pattern.value));
    let problem = Diagnostic::warning(CODE, pattern.span, message)
        .label(format!("no {key} has this name"))
        .why("Drone accepts any word here, and only compares it");
    if let Some(list) = words_in_one(condition, pattern, words) {
        let fix = edit::replace(pattern.span, format!("[{list}]"), "write a list");
        return problem.help(format!("write a list: `{key}: [{list}]`")).fix(fix);
    }
    match meant(&pattern.value, key, words) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(edit::replace(
            pattern.span,
            meant,
            format!("write `{meant}`"),
        )),
        None => problem.help(none_meant(key, &pattern.value)),
    }
}

/// Several words in one text: `push,tag`.
fn words_in_one(condition: &Condition, pattern: &Text, words: &[&str]) -> Option<String> {
    let parts: Vec<&str> =
        pattern.value.split([',', ' ', '|', ';']).map(str::trim).filter(|it| !it.is_empty()).collect();
    let all = parts.len() > 1 && parts.iter().all(|it| words.contains(it));
    (all && condition.span == pattern.span).then(|| parts.join(", "))
}

/// What other programs call a pull request.
const PULLS: [&str; 9] = [
    "merge_request",
    "merge_requests",
    "mr",
    "pr",
    "prs",
    "pull",
    "pull_request_target",
    "pull_requests",
    "pullrequest",
];

/// What Drone calls it.
fn meant<'w>(word: &str, key: &str, words: &[&'w str]) -> Option<&'w str> {
    let lower = word.to_lowercase().replace('-', "_");
    let known = match (key, lower.as_str()) {
        ("event", word) if PULLS.contains(&word) => "pull_request",
        ("event", "release" | "released" | "tagged") => "tag",
        ("event", "deploy" | "deployment" | "promotion") => "promote",
        ("event", "commit" | "commits" | "branch" | "merge") => "push",
        ("event", "schedule" | "scheduled" | "cronjob") => "cron",
        ("event", "manual" | "workflow_dispatch" | "api") => "custom",
        ("action", "sync" | "synchronize" | "synchronise" | "synchronised" | "updated" | "update") => {
            "synchronized"
        }
        ("action", "open" | "reopened") => "opened",
        ("action", "created") => "create",
        (_, lower) => {
            closest(lower, words.iter().copied()).or_else(|| words.iter().copied().find(|it| *it == lower))?
        }
    };
    words.iter().copied().find(|it| *it == known)
}

fn none_meant(key: &str, word: &str) -> String {
    match (key, word) {
        ("action", "closed" | "merged" | "close" | "deleted") => {
            "Drone builds a pull request when it is opened or gets commits; a merge is a `push` to its base"
                .to_owned()
        }
        ("action", _) => format!("the actions are {}", list(ACTIONS)),
        _ => format!("the events are {}", list(EVENTS)),
    }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
