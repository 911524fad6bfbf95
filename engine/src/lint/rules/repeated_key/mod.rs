//! A key that stands twice in the same map.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::LostAdvice;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::grammar::{PIPELINE, STEP};
use crate::pipeline::{Document, Loss, Resource};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::Lost(check),
};
const CODE: &str = "repeated-key";

fn check(page: &LostAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Loss::Repeated { name, noun, winner, free, joined } = &page.lost.loss else { return };
    if is_rest_of_item(page.document, name, noun) {
        return;
    }
    let shown = if name.len() > 40 || name.contains('\n') { "a key" } else { &format!("`{name}`") };
    let message =
        if *free { format!("{shown} is set twice") } else { format!("{shown} stands twice in {noun}") };
    let problem = Diagnostic::warning(CODE, page.lost.span, message);
    found.push(if *joined {
        let problem = problem
            .label("read as well")
            .also(*winner, "and this is added to it")
            .why("Drone reads the two as one, and other YAML readers refuse a key that stands twice")
            .help(format!("write both under one {shown}"));
        Diagnostic { severity: Severity::Hint, ..problem }
    } else {
        problem
            .label("this one is lost")
            .also(*winner, "this one counts")
            .why("Drone takes the last of equal keys, and says nothing of the others")
            .help("keep one of the two, with all that should be in it")
    });
}

/// Below a `-` with nothing behind it, the keys of the step stand at the left edge. The rule `null-item` speaks of it.
fn is_rest_of_item(document: &Document, name: &str, noun: &str) -> bool {
    let Resource::Pipeline(pipeline) = &document.resource else { return false };
    noun == PIPELINE.noun && STEP.key(name).is_some() && pipeline.steps.iter().any(|it| it.null)
}
