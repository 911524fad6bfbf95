//! An operator of the shell that Drone reads otherwise (§5.10).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::insert;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "shell-only-operator";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for it in page.uses() {
        let Some((name, operator)) = it.parts(page.file) else { continue };
        let Some(reading) = other_reading(operator) else { continue };
        let written = page.file.slice(it.dollar.span);
        let problem = Diagnostic::warning(
            CODE,
            it.dollar.span,
            format!("Drone reads `{written}` otherwise than a shell"),
        )
        .label(reading.label)
        .why(reading.why);
        found.push(if it.site.is_shell() {
            let help = match reading.tool {
                None => format!("write `${written}`: `$$` leaves it to the shell"),
                Some(tool) => format!("let the shell do it: `$(echo \"${name}\" | {tool})`"),
            };
            let problem = problem.help(help);
            match reading.tool {
                None => problem.fix(insert(it.dollar.span.start, "$", "write one `$` more, for the shell")),
                Some(_) => problem,
            }
        } else {
            problem.help("make the text in a step with `commands`, where a shell reads it")
        });
    }
}

/// What Drone makes of an operator.
struct Reading {
    label: &'static str,
    why: &'static str,
    /// What does it in every shell, where the operator itself does not.
    tool: Option<&'static str>,
}

fn other_reading(operator: &str) -> Option<Reading> {
    let why = "Drone replaces `${…}` itself before any shell sees it, and its operators are its own";
    if operator.starts_with(":+") || operator.starts_with(":?") {
        return Some(Reading { label: "a default: the value, or else this text", why, tool: None });
    }
    if let Some(rest) = operator.strip_prefix(':').filter(|it| it.starts_with(' ')) {
        let negative = rest.trim_start().starts_with('-');
        return negative.then_some(Reading { label: "the whole value", why, tool: Some("tail -c …") });
    }
    let pattern = operator.strip_prefix('/')?;
    let pattern = pattern.trim_start_matches(['/', '#', '%']);
    let searched = pattern.split('/').next().unwrap_or_default();
    let wild = searched.contains(['*', '?']) || (searched.contains('[') && searched.contains(']'));
    wild.then_some(Reading { label: "no pattern: taken letter by letter", why, tool: Some("sed …") })
}
