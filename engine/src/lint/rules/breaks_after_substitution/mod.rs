//! A variable that is empty for some event for which the step runs, where nothing works without it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::uses::{Site, Use, events};
use crate::lint::written::StepAdvice;
use crate::plan::{Event, Presence, build_variable};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "breaks-after-substitution";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mut may_run: Option<Vec<Event>> = None;
    for it in page.uses() {
        let Some((name, operator)) = it.parts(page.file) else { continue };
        let Some(variable) = build_variable(name).filter(|it| it.substituted) else { continue };
        if matches!(variable.when, Presence::Any | Presence::Failure) || has_text(operator) {
            continue;
        }
        let events = may_run.get_or_insert_with(|| events(page));
        let Some(event) = events.iter().find(|it| !variable.when.may_be_in(**it)).copied() else { continue };
        let never = !events.iter().any(|it| variable.when.may_be_in(*it));
        if (never && !is_asked_for(page, it)) || (needs_it(page, it) && is_daily(event, variable.when)) {
            found.push(diagnose(it, name, variable.when, never, event));
        }
    }
}

/// True for an operator that makes a text of an empty value.
fn has_text(operator: &str) -> bool {
    operator.starts_with('=') || [":-", ":=", ":?", ":+"].iter().any(|it| operator.starts_with(it))
}

/// True where nothing works without the value: in the name of an image, and as a tag or version for a plugin.
fn needs_it(page: &StepAdvice<'_>, it: &Use<'_>) -> bool {
    match it.site {
        Site::Image => true,
        Site::Setting(key) => {
            page.step.commands().is_empty()
                && matches!(key.value.as_str(), "tag" | "tags" | "image_tag" | "version")
        }
        _ => false,
    }
}

/// True in a line of a script that asks whether there is a value.
fn is_asked_for(page: &StepAdvice<'_>, it: &Use<'_>) -> bool {
    let line = page.file.slice(page.file.line_at(it.dollar.span.start));
    let asks = ["if ", "[ ", "test ", "case "].iter().any(|it| line.contains(it));
    matches!(it.site, Site::Command) && asks
}

/// True for the events that come by themselves. That a tag lacks a branch is told only where nothing else comes.
fn is_daily(event: Event, when: Presence) -> bool {
    matches!(event, Event::Push | Event::PullRequest) && when != Presence::Branch
}

fn diagnose(it: &Use<'_>, name: &str, when: Presence, never: bool, event: Event) -> Diagnostic {
    let message = if never && when == Presence::Branch {
        format!("`${{{name}}}` is empty for a tag on most forges")
    } else if never {
        format!("`${{{name}}}` is empty whenever this step runs")
    } else {
        format!("`${{{name}}}` is empty when this step runs for a `{}`", event.word())
    };
    let problem = Diagnostic::warning(CODE, it.dollar.span, message).label(has_value(when));
    let problem = problem.why("Drone puts nothing in its place, and what is left is broken");
    problem.help(match (never, when) {
        (true, Presence::Branch) => {
            "use `${DRONE_REPO_BRANCH}` for the default branch, or the tag itself".to_owned()
        }
        (true, _) => "take it out, or let the step run for these events too".to_owned(),
        (false, _) => format!(
            "give the step `when: {{event: [{}]}}`, or give a default: `${{{name}:-…}}`",
            events_of(when)
        ),
    })
}

fn has_value(when: Presence) -> &'static str {
    match when {
        Presence::Tag => "has a value only when a tag is built",
        Presence::PullRequest => "has a value only for pull requests",
        Presence::Deployment => "has a value only for promote and rollback",
        _ => "GitHub, GitLab and Gitea send no branch with a tag",
    }
}

fn events_of(when: Presence) -> &'static str {
    match when {
        Presence::PullRequest => "pull_request",
        Presence::Deployment => "promote, rollback",
        _ => "tag",
    }
}
