//! A `kind` that Drone does not know.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::{FileAdvice, closest};
use crate::pipeline::grammar::KINDS;
use crate::pipeline::{Resource, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "unknown-kind";

/// Words that Drone keeps for itself.
const RESERVED: [&str; 2] = ["approval", "deployment"];

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for document in &page.file.documents {
        let Resource::Pipeline(pipeline) = &document.resource else { continue };
        let kind = &pipeline.kind;
        if !KINDS.contains(&kind.value.as_str()) && !RESERVED.contains(&kind.value.as_str()) {
            found.push(problem(kind));
        }
    }
}

fn problem(kind: &Text) -> Diagnostic {
    let problem = Diagnostic::warning(
        CODE,
        kind.span,
        format!("Drone does not know the kind `{}`", kind.value),
    )
    .why("the server takes it for a pipeline, and no runner does: the build waits until someone cancels it");
    match closest(&kind.value, KINDS.iter().copied()) {
        Some(meant) => problem
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `kind: {meant}`"))
            .fix(replace(kind.span, meant, format!("write `{meant}`"))),
        None => problem.label("no kind of document").help("write `kind: pipeline` for a document with steps"),
    }
}
