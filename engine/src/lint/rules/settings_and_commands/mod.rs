//! A plugin whose program is replaced by a script.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "settings-and-commands";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let step = page.step;
    let (Some((key, _)), Some(command)) = (step.settings.first(), step.commands().first()) else { return };
    // A script may read the settings itself, or run a program that does.
    let reads = |it: &str| it.contains("PLUGIN_") || it.contains("plugin") || it.contains("drone-");
    if step.commands().iter().any(|it| reads(&it.value)) {
        return;
    }
    let image = if step.image().is_empty() { "the image" } else { step.image() };
    found.push(
        Diagnostic::warning(
            CODE,
            settings_key(page, key.span),
            format!("`{}` has `settings` and `commands`, so the plugin never runs", step.name()),
        )
        .label("nobody reads these")
        .also(command.span, "this script runs in the place of the plugin")
        .why(format!(
            "`commands` replace the program of `{image}`, and that program is what reads `settings`"
        ))
        .help("move the commands to a step of their own, or delete `settings`"),
    );
}

/// The word `settings` before its first entry, or that entry where something else stands between.
fn settings_key(page: &StepAdvice<'_>, first: Span) -> Span {
    const WORD: &str = "settings";
    let before = page.file.slice(Span { start: page.step.span.start, end: first.start });
    let Some(at) = before.rfind(WORD) else { return first };
    let between = &before[at + WORD.len()..];
    if between.chars().any(|it| !it.is_whitespace() && !matches!(it, ':' | '{' | '"')) {
        return first;
    }
    let start = page.step.span.start as usize + at;
    Span::new(start, start + WORD.len())
}
