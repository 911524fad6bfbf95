//! A `from_secret` inside a list or a map of a setting, where it is an ordinary word.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::uses::is_comment;
use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Text};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "nested-secret";
const WORD: &str = "from_secret";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for (key, value) in &page.step.settings {
        let Parameter::Value(value) = value else { continue };
        let Some(json) = value.value.as_deref().filter(|it| it.starts_with(['{', '['])) else { continue };
        let count = json.matches("\"from_secret\":").count();
        if count == 0 {
            continue;
        }
        let mut places = places(page, value.span);
        // Behind an alias it stands elsewhere.
        places.truncate(count);
        if places.is_empty() {
            places.push(value.span);
        }
        found.extend(places.into_iter().map(|it| diagnose(key, it)));
    }
}

/// Where the word stands as a key.
fn places(page: &StepAdvice<'_>, value: Span) -> Vec<Span> {
    let written = page.file.slice(value);
    let start = value.start as usize;
    let keys = written.match_indices(WORD).map(|it| it.0).filter(|at| {
        let after = written[at + WORD.len()..].trim_start_matches(['"', '\'']);
        after.trim_start().starts_with(':')
    });
    let spans = keys.map(|at| Span::new(start + at, start + at + WORD.len()));
    spans.filter(|it| !is_comment(page.file, value, it.start)).collect()
}

fn diagnose(key: &Text, span: Span) -> Diagnostic {
    let key = &key.value;
    Diagnostic::warning(
        CODE,
        span,
        format!("the plugin gets the word `from_secret` in `{key}`, not the secret"),
    )
    .label("too deep: no secret is looked up here")
    .why(
        "Drone looks for `from_secret` directly under a setting only; what is deeper becomes a piece of JSON",
    )
    .help(format!("give all of `{key}` as one secret, or put the secret under `environment`"))
}
