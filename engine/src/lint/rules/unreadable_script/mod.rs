//! A script that no shell can read to its end: a quote that stays open, an `if` without `fi`.

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::{cut_command, folded_commands};
use crate::lint::written::StepAdvice;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "unreadable-script";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if step.step.commands().is_empty() {
        return;
    }
    let Some(script) = step.script() else { return };
    let Err(problem) = &script.parsed else { return };
    let commands = step.step.commands();
    // These rules name the cause.
    let explained = commands.iter().any(|it| {
        cut_command::cut(step.file, it).is_some() || folded_commands::folded(step.file, it).is_some()
    });
    if explained || script.is_replaced(problem.span) {
        return;
    }
    let message = format!("no shell can read this script: {}", problem.message);
    let mut place = script.place(problem.span);
    if place.is_empty() {
        place = commands[script.item_at(problem.span.start)].span;
    }
    found.push(
        Diagnostic::warning(CODE, place, message)
            .label("the shell gives up here")
            .why("all commands of a step are one script: the shell reads on through the next items, and then fails")
            .help("close what is open here; an apostrophe in a text needs double quotes around it"),
    );
}
