//! A file of Drone 0.8: the server converts it, and no other program understands it.

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::lint::rule::{Check, DocumentPage, Rule};
use crate::pipeline::{Resource, legacy_line};

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: CODE, page: include_str!("README.md"), check: Check::Document(check) };
const CODE: &str = "legacy";

fn check(page: &DocumentPage<'_>, found: &mut Vec<Diagnostic>) {
    let Some(line) = legacy_line(page.text) else { return };
    let inside = page.document.span.range().contains(&(line.start as usize));
    if !inside || !matches!(page.document.resource, Resource::NoKind) {
        return;
    }
    found.push(
        Diagnostic::error(CODE, line, "this file is written for Drone 0.8")
            .label("a top-level `pipeline:` was the way of 0.8")
            .why("the server still converts it; runners and today's `drone lint` find no pipeline in it")
            .help("write `kind: pipeline`, `type: docker` and `name:` first, then `steps:` as a list of `- name:` and `image:`")
            .refused_by(page.readers.and(Programs::OLD), Stage::Parse),
    );
}
