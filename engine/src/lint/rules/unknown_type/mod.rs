//! A `type` of pipeline that no runner takes.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::{PipelineAdvice, closest};
use crate::pipeline::grammar::{TYPES, Types};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "unknown-type";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some(type_) = page.pipeline.type_.as_ref().filter(|it| Types::named(&it.value).is_none()) else {
        return;
    };
    let message = format!("no runner of Drone takes pipelines of `type: {}`", type_.value);
    let problem = Diagnostic::warning(CODE, type_.span, message)
        .why("the server does not look at the type: the build waits for a runner until someone cancels it");
    found.push(match closest(&type_.value, TYPES.iter().copied()) {
        Some(meant) => problem
            .label(format!("did you mean `{meant}`?"))
            .help(format!("write `type: {meant}`"))
            .fix(replace(type_.span, meant, format!("write `{meant}`"))),
        // Somebody may have written a runner of his own.
        None => Diagnostic { severity: Severity::Hint, ..problem }
            .label("no type that Drone brings along")
            .help("write `type: docker`, unless you have a runner of your own for it"),
    });
}
