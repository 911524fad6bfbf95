//! The first word of a command that YAML reads as a sign of its own: `! grep …` is a tag, `&name …` an anchor.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::lint::edit::{quoted, replace};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{FileAdvice, Written};
use crate::pipeline::Text;
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};

const CODE: &str = "eaten-word";

fn check(advice: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mut aliases: Option<HashSet<&str>> = None;
    for step in advice.pipelines.iter().flat_map(|it| &it.all) {
        for command in step.step.commands() {
            if let Some(word) = word_before(step.file, command) {
                let aliases = aliases.get_or_insert_with(|| aliases_of(advice.file.text));
                found.extend(of(step.file, word, command, aliases));
            }
        }
    }
}

/// All words behind a `*`: the anchors that may be used.
fn aliases_of(text: &str) -> HashSet<&str> {
    let name = |it: &'_ str| {
        let ends = |it: &(usize, char)| it.1.is_whitespace() || matches!(it.1, ',' | ']' | '}');
        // No name is so long; a text of stars only is not gone through again for each.
        it.char_indices().take(100).find(ends).map_or(if it.len() <= 100 { it.len() } else { 0 }, |it| it.0)
    };
    text.match_indices('*').map(|(at, _)| &text[at + 1..]).map(|it| &it[..name(it)]).collect()
}

/// The sign between the dash of the item and its text.
fn word_before(file: &Written<'_>, command: &Text) -> Option<Span> {
    let before = file.text.get(..command.span.start as usize)?;
    let blank = before.strip_suffix(' ')?.trim_end_matches(' ');
    let start = blank.rfind([' ', '\n', '\t']).map_or(0, |it| it + 1);
    let word = &blank[start..];
    let between = blank[..start].trim_end_matches(' ');
    // An item of a list, in block style.
    (word.starts_with(['!', '&']) && between.ends_with('-')).then(|| Span::new(start, blank.len()))
}

fn of(file: &Written<'_>, word: Span, command: &Text, aliases: &HashSet<&str>) -> Option<Diagnostic> {
    let sign = file.slice(word);
    let written = file.slice(command.span);
    // A scalar in quotes or a block with a sign before it is meant so.
    let known = sign == "!" || sign.starts_with('&');
    if written.starts_with(['"', '\'', '|', '>']) || !known || written.contains('\n') {
        return None;
    }
    let first = command.value.lines().next().unwrap_or_default();
    let (what, why) = match sign.strip_prefix('&') {
        None => (
            "a tag",
            "YAML drops the sign, so the shell sees the opposite of what is written, and no error is shown",
        ),
        Some(name) if !aliases.contains(name) => {
            ("an anchor", "YAML drops the word as the name of an anchor, and nothing uses that anchor")
        }
        Some(_) => return None,
    };
    let diagnostic = Diagnostic::warning(
        CODE,
        word,
        format!("`{sign}` is lost: YAML reads it as {what}, and the shell gets `{first}`"),
    )
    .label("the shell never sees this")
    .why(why);
    let whole = word.to(command.span);
    if sign != "!" {
        return Some(diagnostic.help("delete it; a command runs in the background with `&` at its end"));
    }
    let new = quoted(file.slice(whole));
    Some(diagnostic.help(format!("put the whole command in quotes: `- {new}`")).fix(replace(
        whole,
        new,
        "put the whole command in quotes",
    )))
}
