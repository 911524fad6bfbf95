//! A step that says nothing of what to do, with an image that does nothing on its own.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::idle_image::idle_image;
use crate::lint::rule::{Check, Rule};
use crate::lint::{PipelineAdvice, StepAdvice};
use crate::pipeline::{Document, Loss, Step};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "nothing-to-do";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for step in page.steps().filter(|it| says_nothing(it.step)) {
        let Some(image) = idle_image(step.step.image()) else { continue };
        if !has_unknown_key(page.document, step.step) {
            found.push(problem(step, image));
        }
    }
}

fn says_nothing(step: &Step) -> bool {
    let runs = !step.commands().is_empty() || !step.command.is_empty() || !step.entrypoint.is_empty();
    !runs && step.settings.is_empty()
}

/// What it should do may stand there: the rule `unknown-key` speaks of it.
fn has_unknown_key(document: &Document, step: &Step) -> bool {
    let from = document.lost.partition_point(|it| it.span.start < step.span.start);
    let mut inside = document.lost[from..].iter().take_while(|it| it.span.start < step.span.end);
    inside.any(|it| matches!(it.loss, Loss::UnknownKey { .. } | Loss::Repeated { .. }))
}

fn problem(page: &StepAdvice<'_>, image: &str) -> Diagnostic {
    let step = page.step;
    Diagnostic::warning(CODE, step.name_span(), format!("the step `{}` has nothing to do", step.name()))
        .label("no `commands`")
        .also(step.image.as_ref().map_or(step.span, |it| it.span), "its own program ends at once")
        .why(format!("without `commands` a step starts the image's own program, and `{image}` waits for a person who types"))
        .help("add `commands:` with what the step should run")
}
