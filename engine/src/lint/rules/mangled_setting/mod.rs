//! A setting that YAML reads as a number or a switch, so that the plugin gets another text than the one that is written.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::{quoted, replace};
use crate::lint::items::items;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::Parameter;
use crate::source::Span;
use crate::yaml::{Scalar, resolve};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "mangled-setting";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    // With commands, no plugin reads the settings.
    if !page.step.commands().is_empty() {
        return;
    }
    for (key, value) in &page.step.settings {
        let Parameter::Value(value) = value else { continue };
        let Some(text) = value.value.as_deref() else { continue };
        let written = page.file.slice(value.span);
        if is_mangled(written, text) {
            found.push(diagnose(&key.value, written, text, value.span, false));
        } else if text != written && !text.starts_with(['[', '{']) && written.contains([',', '\n', '[']) {
            in_list(page, &key.value, value.span, text, found);
        }
    }
}

/// The items of a list, each beside its piece of the text that the plugin gets. Where a comma in an item makes more
/// pieces than items, `comma-in-list` speaks.
fn in_list(page: &StepAdvice<'_>, key: &str, list: Span, text: &str, found: &mut Vec<Diagnostic>) {
    let items = items(page.file, list);
    if items.len() != text.split(',').count() {
        return;
    }
    for ((span, item), got) in items.into_iter().zip(text.split(',')) {
        if is_mangled(item, got) {
            found.push(diagnose(key, item, got, span, true));
        }
    }
}

/// True when one is the plain spelling of the other, and they differ.
fn is_mangled(written: &str, got: &str) -> bool {
    if written == got || written.is_empty() || written.len() > 40 {
        return false;
    }
    match got {
        "true" => matches!(written, "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON"),
        "false" => matches!(written, "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF"),
        _ => is_number(written) && same_number(written, got),
    }
}

fn is_number(written: &str) -> bool {
    let first = written.trim_start_matches(['+', '-', '.']).bytes().next();
    first.is_some_and(|it| it.is_ascii_digit())
        && written.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.' | b'_'))
}

/// True when what is written is read as the number that the plugin gets.
fn same_number(written: &str, got: &str) -> bool {
    let near = |it: f64| got.parse::<f64>().is_ok_and(|got| (got - it).abs() <= it.abs() * 1e-9);
    match resolve(written) {
        Scalar::Int(it) => got.parse() == Ok(it),
        Scalar::Unsigned(it) => got.parse() == Ok(it),
        Scalar::Float(it) => near(it),
        _ => false,
    }
}

fn diagnose(key: &str, written: &str, got: &str, span: Span, item: bool) -> Diagnostic {
    let switch = matches!(got, "true" | "false");
    let message = format!("the plugin gets `{got}` from `{key}`, not `{written}`");
    let problem = if switch && !item {
        Diagnostic::hint(CODE, span, message)
    } else {
        Diagnostic::warning(CODE, span, message)
    };
    let problem = problem
        .label(format!("YAML reads this as {}", if switch { "a switch" } else { "a number" }))
        .why("Drone reads the values of `settings` as YAML does, and writes the result out anew for the plugin");
    let text = quoted(written);
    if switch && !item {
        let fix = replace(span, got, format!("write `{got}`"));
        return problem.help(format!("write `{got}` for a switch, or `{text}` for the word")).fix(fix);
    }
    problem.help(format!("write `{text}`: quotes keep the text")).fix(replace(span, text, "put it in quotes"))
}
