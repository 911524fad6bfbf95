//! A line that is so long that Drone stops reading there.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::FileAdvice;
use crate::lint::rule::{Check, Rule};
use crate::source::Span;
use crate::yaml::{LINE_LIMIT, split};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "long-line";

/// How much of the line is shown.
const SHOWN: usize = 40;

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let text = page.file.text;
    if text.len() < LINE_LIMIT {
        return;
    }
    let Some(line) = split(text).long_line else { return };
    let written = page.file.slice(line);
    let start = line.start as usize + written.len() - written.trim_start().len();
    let end = text.floor_char_boundary((start + SHOWN).min(line.end as usize));
    found.push(
        Diagnostic::warning(
            CODE,
            Span::new(start, end),
            format!("a line of {} bytes ends the file", written.len()),
        )
        .label("neither this line nor what follows is read")
        .why(format!("Drone stops reading at a line of {LINE_LIMIT} bytes or more, and says nothing"))
        .help("break the line, or move its text into a file of the repository"),
    );
}
