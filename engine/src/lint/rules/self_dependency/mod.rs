//! A step that waits for itself.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "self-dependency";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let new = page.checkers.and(Programs::NEW | Program::Kubernetes.into());
    let old = page.checkers.and(Program::Lint15.into());
    for step in page.services_and_steps() {
        let itself = step.depends_on.iter().filter(|it| it.value == step.name());
        let old = if page.is_service(step) { Programs::NONE } else { old };
        found.extend(itself.map(|it| {
            Diagnostic::error(CODE, it.span, format!("`{}` waits for itself", step.name()))
                .label("its own name")
                .also(step.name_span(), "this step")
                .why("it could never start")
                .help("take the name out of `depends_on`")
                .refused_by(new | old, Stage::Lint)
        }));
    }
}
