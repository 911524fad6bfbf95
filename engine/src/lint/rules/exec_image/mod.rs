//! An image in a pipeline that runs without containers.

use crate::diagnostic::{Diagnostic, Program, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "exec-image";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let exec = page.checkers.and(Program::Exec.into());
    if exec.is_empty() {
        return;
    }
    for step in &page.pipeline.steps {
        let Some(image) = step.image.as_ref().filter(|it| !it.value.is_empty()) else { continue };
        found.push(
            Diagnostic::error(CODE, image.span, format!("the step `{}` names an image", step.name()))
                .label("`type: exec` has no containers")
                .why("an exec pipeline runs its commands on the runner's own machine, so the runner refuses an image")
                .help("delete `image`, or use `type: docker`")
                .refused_by(exec, Stage::Lint),
        );
    }
}
