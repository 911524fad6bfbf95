//! A `<<` that stands below keys which it overwrites.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::lint::edit::whole_lines;
use crate::lint::rule::{Check, Rule};
use crate::lint::{FileAdvice, Written};
use crate::pipeline::Loss;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "late-merge";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for document in &page.file.documents {
        let mut merges: BTreeMap<Span, Vec<(Span, &str)>> = BTreeMap::new();
        for lost in &document.lost {
            if let Loss::Merged { name, merge } = &lost.loss {
                merges.entry(*merge).or_default().push((lost.span, name));
            }
        }
        found.extend(merges.iter().map(|(merge, keys)| problem(page.file, *merge, keys)));
    }
}

fn problem(file: &Written<'_>, merge: Span, keys: &[(Span, &str)]) -> Diagnostic {
    let (first, name) = keys[0];
    let message = match keys {
        [_] => format!("`<<` overwrites the `{name}` above it"),
        [_, (_, second)] => format!("`<<` overwrites the `{name}` and the `{second}` above it"),
        _ => format!("`<<` overwrites {} keys above it, such as `{name}`", keys.len()),
    };
    let mut problem = Diagnostic::warning(CODE, merge, message)
        .label("what it brings counts")
        .why("Drone reads from top to bottom, and what comes later counts, also when it comes by `<<`")
        .help("write `<<` first: then the keys below it override what it brings");
    for (key, _) in keys {
        problem = problem.also(*key, "lost");
    }
    match move_up(file, merge, first) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

/// The line of the `<<`, moved before the first key that it overwrites.
fn move_up(file: &Written<'_>, merge: Span, first: Span) -> Option<Fix> {
    let line = file.line_at(merge.start);
    let entry = Span { start: merge.start, end: line.end };
    let whole = whole_lines(file, entry, entry)?;
    let written = file.slice(entry).trim_end();
    // An alias alone on its line: a list of several lines does not move so easily.
    let (_, value) = written.split_once(':')?;
    let value = value.trim();
    let simple = value.starts_with('*') || (value.starts_with('[') && value.ends_with(']'));
    let column = |at: u32| (at - file.line_at(at).start) as usize;
    if !simple || column(first.start) != column(merge.start) {
        return None;
    }
    let text = format!("{written}\n{}", " ".repeat(column(merge.start)));
    let edits = vec![
        Edit { span: Span { start: first.start, end: first.start }, text },
        Edit { span: whole, text: String::new() },
    ];
    Some(Fix { message: "move `<<` up".into(), edits, safe: false })
}
