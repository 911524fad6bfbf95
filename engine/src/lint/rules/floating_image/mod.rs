//! An image without a version. One finding for each image of the file, where it is first used.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::image::image;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::FileAdvice;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "floating-image";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for step in page.pipelines.iter().flat_map(|it| &it.all) {
        let Some(text) = &step.step.image else { continue };
        let written = text.value.as_str();
        if written.is_empty() || written.contains('$') || !seen.insert(written) {
            continue;
        }
        let parts = image(written);
        let fetched = step.step.pull.as_ref().is_none_or(|it| !it.value.eq_ignore_ascii_case("never"));
        let floats = matches!(parts.tag, "" | "latest") && !parts.has_digest;
        // Nothing is ever fetched for `scratch`: there is no such image.
        if !floats || !fetched || parts.repository == "scratch" {
            continue;
        }
        let message = if parts.tag.is_empty() {
            format!("`{written}` names no version")
        } else {
            format!("`{written}` is whatever is the newest on that day")
        };
        let name = written.strip_suffix(":latest").unwrap_or(written);
        found.push(
            Diagnostic::hint(CODE, text.span, message)
                .label("no fixed version")
                .why("a build can fail although nothing changed, and no build can be repeated")
                .help(format!("write the version that you use, as in `{name}:VERSION`")),
        );
    }
}
