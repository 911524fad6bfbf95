//! A volume of the pipeline without a name.

use crate::diagnostic::{Diagnostic, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "missing-volume-name";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let nameless = page.pipeline.volumes.iter().filter(|it| !it.null);
    let nameless = nameless.filter(|it| it.name.as_ref().is_none_or(|it| it.value.is_empty()));
    found.extend(nameless.map(|it| {
        Diagnostic::error(CODE, it.span, "a volume has no name")
            .label("`name` is missing or empty")
            .why("a step can mount a volume only by its name")
            .help("add `name:` to the volume")
            .refused_by(page.who_read(&["name"], it.span, page.checkers.and(Programs::NEW)), Stage::Lint)
    }));
}
