//! A line of `...`, which ends the file, with more behind it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileAdvice;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::source::Span;
use crate::yaml::split;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "text-behind-end";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let text = page.file.text;
    if !text.contains("\n...") && !text.starts_with("...") {
        return;
    }
    let Some(end) = split(text).terminator else { return };
    let Some(lost) = first_lost(text, end) else { return };
    found.push(
        Diagnostic::warning(CODE, end, "this line ends the file, and more stands below it")
            .label("`...` ends the file")
            .also(lost, "not read, nor what follows")
            .why("Drone stops reading at a line that begins with `...`, and says nothing")
            .help("write `---` to begin another document, or take the line out")
            .fix(replace(end, "---", "write `---`")),
    );
}

/// The first line behind the end that is more than a comment or a separator.
fn first_lost(text: &str, end: Span) -> Option<Span> {
    let mut at = end.end as usize;
    for line in text.get(at..)?.split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') && !trimmed.starts_with("---") {
            return Some(Span::new(at, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}
