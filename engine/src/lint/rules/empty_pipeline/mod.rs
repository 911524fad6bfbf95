//! A pipeline without steps.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::PipelineAdvice;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::Loss;
use crate::pipeline::grammar::PIPELINE;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "empty-pipeline";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let containers = matches!(page.pipeline.raw_type(), "" | "docker" | "kubernetes");
    if !containers || !page.pipeline.steps.is_empty() {
        return;
    }
    // The steps may stand under a key that Drone does not know, of which the rule `unknown-key` speaks.
    let unknown =
        |it: &Loss| matches!(it, Loss::UnknownKey { map, .. } if std::ptr::eq(*map, &raw const PIPELINE));
    if page.document.lost.iter().any(|it| unknown(&it.loss)) {
        return;
    }
    let disabled = page.pipeline.clone.is_disabled();
    let label = if disabled { "its builds do nothing" } else { "its builds only fetch the code" };
    found.push(
        Diagnostic::warning(
            CODE,
            page.pipeline.name_span(),
            format!("the pipeline `{}` has no steps", page.pipeline.name()),
        )
        .label(label)
        .why("Drone accepts it, and the build is green without having tested anything")
        .help("add `steps:`, each with `- name:`, `image:` and `commands:`"),
    );
}
