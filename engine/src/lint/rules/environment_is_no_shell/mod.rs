//! A value under `environment` that only a shell would read as its author meant it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, Written};
use crate::pipeline::{Text, Variable};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "environment-is-no-shell";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for (name, value) in &page.pipeline.environment {
        look_at(page.file, name, value, found);
    }
    for (name, value) in page.all.iter().flat_map(|it| &it.step.environment) {
        if let Variable::Value(value) = value {
            look_at(page.file, name, value, found);
        }
    }
}

fn look_at(file: &Written<'_>, name: &Text, value: &Text, found: &mut Vec<Diagnostic>) {
    if !value.value.contains('$') && !value.value.starts_with("~/") {
        return;
    }
    let Some(span) = unread(file, value) else { return };
    let word = file.slice(span);
    let why = if name.value == "PATH" && word == "$PATH" {
        "the search path then holds the word `$PATH`, and hardly any program is found"
    } else {
        "`environment` hands over texts as they are; only `commands` are read by a shell"
    };
    found.push(
        Diagnostic::warning(CODE, span, format!("no shell reads `{word}` in `environment`"))
            .label("stays as it is")
            .why(why)
            .help(format!("set it in `commands`: `export {}={}`", name.value, shown(&value.value))),
    );
}

/// A value as a person would type it, unless it is long.
fn shown(value: &str) -> &str {
    const MOST: usize = 60;
    if value.len() <= MOST && !value.contains('\n') { value } else { "…" }
}

/// The first place that a shell would have replaced.
fn unread(file: &Written<'_>, value: &Text) -> Option<Span> {
    let written = file.slice(value.span);
    let quotes = usize::from(written.starts_with(['"', '\'']));
    let start = value.span.start as usize;
    if written[quotes..].starts_with("~/") {
        return Some(Span::new(start + quotes, start + quotes + 1));
    }
    let dollars = file.dollars_in(value.span);
    written.match_indices('$').map(|it| it.0).find_map(|at| {
        let place = Span::new(start + at, start + at + 1).start;
        // What Drone replaces is no business of a shell.
        let next = dollars.partition_point(|it| it.span.end <= place);
        let drones = dollars.get(next).is_some_and(|it| it.span.start <= place);
        let length = if drones || !begins_word(written, at) { 0 } else { length_of(&written[at..]) };
        (length > 0).then(|| Span::new(start + at, start + at + length))
    })
}

/// True at the start, and behind what separates the parts of a path, a list or a line.
fn begins_word(written: &str, at: usize) -> bool {
    let before = written[..at].chars().next_back();
    before.is_none_or(|it| matches!(it, '"' | '\'' | ':' | '/' | '=' | ' ' | ',' | '@' | '-'))
}

/// The length of `$NAME` or `$(command)`; 0 for anything else. Names are those that people give to variables of the
/// environment: capitals.
fn length_of(text: &str) -> usize {
    if text.starts_with("$(") {
        return text.find(')').map_or(0, |it| it + 1);
    }
    let name = text[1..].find(|it: char| !it.is_ascii_uppercase() && !it.is_ascii_digit() && it != '_');
    let length = name.unwrap_or(text.len() - 1);
    let next = text[1 + length..].chars().next();
    let whole = next.is_none_or(|it| !it.is_ascii_alphanumeric());
    let begins = text[1..].starts_with(|it: char| it.is_ascii_uppercase());
    if length >= 2 && whole && begins { length + 1 } else { 0 }
}
