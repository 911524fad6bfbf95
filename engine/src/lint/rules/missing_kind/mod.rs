//! A document that does not say what it is.

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::lint::rule::{Check, DocumentPage, Rule};
use crate::pipeline::Resource;

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: CODE, page: include_str!("README.md"), check: Check::Document(check) };
const CODE: &str = "missing-kind";

fn check(page: &DocumentPage<'_>, found: &mut Vec<Diagnostic>) {
    if !matches!(page.document.resource, Resource::NoKind) {
        return;
    }
    found.push(
        Diagnostic::error(CODE, page.document.span, "a document has no `kind`")
            .label("everything up to the next `---` is one document")
            .why("the server refuses the whole file; a comment before the first `---`, or a last `---`, is enough")
            .help("add `kind: pipeline`, or delete the `---` that makes a document of this")
            .refused_by(page.readers.and(Programs::OLD), Stage::Parse),
    );
}
