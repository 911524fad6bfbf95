//! A file of Drone 0.8: the server converts it, and no other program understands it.

use crate::diagnostic::{Diagnostic, Programs, Severity, Stage};
use crate::lint::rule::{Check, DocumentPage, Rule};
use crate::pipeline::{Resource, legacy_line};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Document(check),
};
const CODE: &str = "legacy";

fn check(page: &DocumentPage<'_>, found: &mut Vec<Diagnostic>) {
    if !matches!(page.document.resource, Resource::NoKind) {
        return;
    }
    let start = page.document.span.start as usize;
    let text = page.text.get(page.document.span.range()).unwrap_or_default();
    let Some(line) = legacy_line(text) else { return };
    let line = Span::new(start + line.start as usize, start + line.end as usize);
    found.push(
        Diagnostic::error(CODE, line, "this file is written for Drone 0.8")
            .label("a top-level `pipeline:` was the way of 0.8")
            .why("the server still converts it; runners and today's `drone lint` find no pipeline in it")
            .help("write `kind: pipeline`, `type: docker` and `name:` first, then `steps:` as a list of `- name:` and `image:`")
            .refused_by(page.readers.and(Programs::OLD), Stage::Parse),
    );
}
