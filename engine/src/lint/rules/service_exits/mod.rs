//! A service whose program ends at once.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::StepAdvice;
use crate::lint::idle_image::idle_image;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::Step;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "service-exits";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let step = page.step;
    if !page.is_service || starts_something(step) {
        return;
    }
    let Some(image) = idle_image(step.image()) else { return };
    let named = if step.name().is_empty() {
        "a service".to_owned()
    } else {
        format!("the service `{}`", step.name())
    };
    found.push(
        Diagnostic::warning(CODE, step.name_span(), format!("{named} ends as soon as it is started"))
            .label("nothing here goes on running")
            .also(step.image.as_ref().map_or(step.span, |it| it.span), "starts a shell or an interpreter")
            .why(format!("without `commands` it starts the program of `{image}`, and nobody notices when a service ends"))
            .help("add `commands:` that start a server, or use an image that is one"),
    );
}

fn starts_something(step: &Step) -> bool {
    !step.commands().is_empty() || !step.command.is_empty() || !step.entrypoint.is_empty()
}
