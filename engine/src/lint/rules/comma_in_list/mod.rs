//! An item of a list that the plugin finds in two pieces (§5.6).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::items::items;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{StepAdvice, Written};
use crate::pipeline::Parameter;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "comma-in-list";

/// Nobody reads about more items of one list.
const MOST_ITEMS: usize = 50;

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    // With commands, no plugin reads the settings.
    if !page.step.commands().is_empty() {
        return;
    }
    for (key, value) in &page.step.settings {
        let Parameter::Value(value) = value else { continue };
        let Some(text) = value.value.as_deref().filter(|it| it.contains(',')) else { continue };
        // What is handed over as JSON has commas of its own, and needs none.
        if text.starts_with(['[', '{']) || !is_list(page.file, value.span) {
            continue;
        }
        let items = items(page.file, value.span).into_iter().map(|it| (it.0, it.1.trim_matches(['"', '\''])));
        for (span, item) in items.filter(|it| it.1.contains(',')).take(MOST_ITEMS) {
            if text.contains(item) {
                found.push(diagnose(&key.value, span, item));
            }
        }
    }
}

/// The place of a block list begins at its first dash, or behind it.
fn is_list(file: &Written<'_>, span: Span) -> bool {
    if file.slice(span).starts_with(['[', '-']) {
        return true;
    }
    let before = file.text.as_bytes().get(..span.start as usize).unwrap_or_default();
    let dash = before.iter().rev().find(|it| **it != b' ');
    dash == Some(&b'-')
}

fn diagnose(key: &str, span: Span, item: &str) -> Diagnostic {
    let pieces = item.matches(',').count() + 1;
    Diagnostic::warning(CODE, span, format!("the plugin finds this item of `{key}` in {pieces} pieces"))
        .label("cut at each comma")
        .why("Drone puts commas between the items of a list, and the plugin cannot tell yours from those")
        .help("write the item without a comma, or as several items if that is what you mean")
}
