//! A volume that no step mounts.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::{PipelineAdvice, closest};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "unused-volume";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.pipeline.volumes.is_empty() {
        return;
    }
    let mounts = page.all.iter().flat_map(|it| it.step.volumes.iter().chain(&it.step.devices));
    let mounted: HashSet<&str> =
        mounts.filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()).collect();
    let declared: HashSet<&str> =
        page.pipeline.volumes.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()).collect();
    let undefined: Vec<&str> = mounted.difference(&declared).copied().collect();
    // Nobody writes so many by hand, and comparing them all takes long.
    let comparable = if declared.len() <= 100 { undefined.as_slice() } else { &[] };
    for name in page.pipeline.volumes.iter().filter_map(|it| it.name.as_ref()) {
        let value = name.value.as_str();
        // The rule `undefined-volume` speaks where a mount is only misspelt.
        let misspelt = || closest(value, comparable.iter().copied()).is_some();
        if !value.is_empty() && !mounted.contains(value) && !misspelt() {
            found.push(
                Diagnostic::hint(CODE, name.span, format!("no step mounts the volume `{value}`"))
                    .label("declared, and not used")
                    .why("a volume is in a step only where the step names it under its own `volumes`")
                    .help("mount it in a step with `name` and `path`, or take it out"),
            );
        }
    }
}
