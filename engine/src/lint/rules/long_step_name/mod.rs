//! A step whose name is longer than runners allow.

use crate::diagnostic::{Diagnostic, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "long-step-name";

/// In bytes, whatever the runner's own message says of characters (§3).
const LIMIT: usize = 100;

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let long = page.pipeline.steps.iter().filter(|it| it.name().len() > LIMIT);
    found.extend(long.map(|it| {
        Diagnostic::error(CODE, it.name_span(), "the name of this step is too long")
            .label(format!("{} bytes; the limit is {LIMIT}", it.name().len()))
            .why("runners refuse the whole file; letters outside ASCII count as two or more bytes")
            .help("shorten the name")
            .refused_by(page.readers.and(Programs::ALL_BUT_OLD), Stage::Parse)
    }));
}
