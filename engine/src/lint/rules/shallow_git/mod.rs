//! `git describe` in a clone that has no tags: Drone's clone fetches none.

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::PipelineAdvice;
use crate::pipeline::ConditionKey;
use crate::shell::{Seen, commands};

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "shallow-git";

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    // A clone of one's own may fetch anything.
    if advice.pipeline.clone.is_disabled() {
        return;
    }
    for step in advice.steps() {
        let texts = || step.step.commands().iter().map(|it| it.value.as_str());
        if texts().any(fetches) || (step.step.commands().is_empty() && step.step.image().contains("git")) {
            // The workspace keeps what was fetched for all steps that follow.
            return;
        }
        let on_tags =
            step.step.when.get(ConditionKey::Event).or(advice.pipeline.trigger.get(ConditionKey::Event));
        let only_tags =
            on_tags.is_some_and(|it| it.include.iter().all(|it| it.value == "tag") && !it.include.is_empty());
        if only_tags || !texts().any(|it| it.contains("git describe")) {
            continue;
        }
        let Some(script) = step.script() else { continue };
        let Some(tree) = script.tree() else { continue };
        let seen = commands(tree);
        let fallback = |it: &Seen<'_>| it.context.after.is_some() || it.context.condition;
        if let Some(describe) = seen.iter().find(|it| describes(it) && !fallback(it)) {
            found.push(of(script, describe));
        }
    }
}

fn fetches(text: &str) -> bool {
    ["git fetch", "git pull", "git remote", "git clone", "git tag "].iter().any(|it| text.contains(it))
}

fn describes(seen: &Seen<'_>) -> bool {
    let call = seen.simple.unwrapped();
    call.is("git") && call.subcommand() == Some("describe") && !call.has_flag("--all")
}

fn of(script: &StepScript, seen: &Seen<'_>) -> Diagnostic {
    let place = script.place(seen.simple.span);
    let always = seen.simple.words.iter().any(|it| it.text() == Some("--always"));
    let diagnostic = if always {
        Diagnostic::hint(CODE, place, "`git describe` finds no tags here, so it gives the commit only")
    } else {
        Diagnostic::warning(CODE, place, "`git describe` finds no tags here, so it fails")
    };
    let why = if seen.context.substitution && !always {
        "Drone's clone fetches no tags; in `$( … )` the failure may go unseen, and the value is empty"
    } else {
        "Drone's clone fetches the commit of the build and no tags"
    };
    diagnostic.label("there are no tags in the clone").why(why).help("write `git fetch --tags` before it")
}
