//! A secret, signature, registry or cron document without what makes it one.

use crate::diagnostic::{Diagnostic, Program, Severity, Stage};
use crate::lint::rule::{Check, DocumentPage, Rule};
use crate::pipeline::{Resource, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Document(check),
};
const CODE: &str = "incomplete-resource";

/// What may be the value that seems to be missing.
const KEYS: &[&str] = &["data", "get", "path", "name", "hmac", "spec", "branch"];

fn check(page: &DocumentPage<'_>, found: &mut Vec<Diagnostic>) {
    let given = |it: &Option<Text>| it.as_ref().is_some_and(|it| !it.value.is_empty());
    let (kind, message, help) = match &page.document.resource {
        Resource::Secret(it) if !given(&it.data) && !given(&it.get_path) && !given(&it.get_name) => {
            (&it.kind, "this secret has no value", "give it `data`, or `get` with `path` and `name`")
        }
        Resource::Signature(it) if !given(&it.hmac) => {
            (&it.kind, "this signature is empty", "make it with `drone sign OWNER/REPOSITORY --save`")
        }
        Resource::Registry(it) if it.data.is_empty() => {
            (&it.kind, "this registry has no `data`", "use `image_pull_secrets` in the pipeline instead")
        }
        Resource::Cron(it) if !given(&it.branch) => {
            (&it.kind, "this cron job has no branch", "add `branch:` under `spec:`")
        }
        _ => return,
    };
    let readers = page.readers.without(page.document.misread(page.document.span, KEYS));
    found.push(
        Diagnostic::error(CODE, kind.span, message)
            .label(format!("a document of kind `{}`", kind.value))
            .why("without it the document does nothing, and the other programs of Drone do not tell you so")
            .help(help)
            .refused_by(readers.and(Program::Lint15.into()), Stage::Lint),
    );
}
