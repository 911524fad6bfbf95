//! Text on the line of a `---`, which is thrown away.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileAdvice;
use crate::lint::edit::insert;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::{Document, Resource};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "separator-text";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for document in &page.file.documents {
        let line = page.file.slice(document.separator);
        if line.len() <= 4 || is_told(document) {
            continue;
        }
        let text = line.trim_start_matches('-').trim();
        // A comment is to be thrown away, and so is a heading.
        if text.starts_with('#') || !text.contains([':', '{']) {
            continue;
        }
        let start = document.separator.start as usize + line.find(text).unwrap_or_default();
        let span = Span::new(start, start + text.len());
        let problem =
            Diagnostic::warning(CODE, span, format!("what stands behind `---` is thrown away: `{text}`"))
                .label("not read")
                .why(
                    "Drone takes every line that begins with `---` for a separator, and drops the rest of it",
                )
                .help("put it on the next line");
        let blanks = Span { start: document.separator.start + 3, end: span.start };
        let is_plain = page.file.slice(blanks).chars().all(|it| it == ' ')
            && !text.starts_with(['!', '&', '|', '>', '%']);
        found.push(if is_plain {
            problem.fix(insert(span.start, "\n", "put it on the next line"))
        } else {
            problem
        });
    }
}

/// True where the rule `missing-kind` speaks of the line, or of what is missing because of it.
fn is_told(document: &Document) -> bool {
    matches!(document.resource, Resource::NoKind)
}
