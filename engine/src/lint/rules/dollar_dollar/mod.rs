//! A `$$` that is meant as the number of the shell's process.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::Text;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "dollar-dollar";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.file.dollars.is_empty() {
        return;
    }
    let doubled = |it: &Text| page.file.dollars_in(it.span).iter().any(|it| it.name().is_none());
    if !page.step.commands().iter().any(doubled) {
        return;
    }
    let Some(script) = page.script().filter(|it| it.text.contains('$')) else { return };
    for (at, _) in script.text.match_indices('$') {
        let (before, after) = (&script.text[..at], &script.text[at + 1..]);
        let span = script.place(Span::new(at, at + 1));
        if !stands_for_a_number(before, after) || page.file.slice(span) != "$$" {
            continue;
        }
        found.push(
            Diagnostic::warning(CODE, span, "the shell sees `$` here, not `$$`")
                .label("no number of a process")
                .why("Drone writes one `$` for each `$$` before the shell reads the script")
                .help("write `$$$$`: that leaves `$$` to the shell")
                .fix(replace(span, "$$$$", "write `$$$$`")),
        );
    }
}

/// True for what is a word or a piece of a file's name; the end of a pattern, and what names a variable, are not.
fn stands_for_a_number(before: &str, after: &str) -> bool {
    let next = after.chars().next();
    let names = |it: char| it.is_ascii_alphanumeric() || "_{(@#?!*$-".contains(it);
    if next.is_some_and(names) {
        return false;
    }
    let mut behind = before.chars().rev();
    match behind.next() {
        Some('.' | '-' | '_' | '/') => {
            behind.next().is_some_and(|it| it.is_ascii_alphanumeric() || it == '/')
        }
        Some('=') => true,
        Some(' ') => is_argument(before.trim_end()),
        _ => false,
    }
}

/// True behind a program that takes numbers of processes, or prints them.
fn is_argument(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut words = line.rsplit([' ', ';', '&', '|']).filter(|it| !it.starts_with('-') || it.len() < 2);
    matches!(words.next(), Some("kill" | "echo" | "wait" | "ps"))
}
