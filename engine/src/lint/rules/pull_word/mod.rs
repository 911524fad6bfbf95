//! A word under `pull` that means nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::StepAdvice;
use crate::lint::closest;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::grammar::{PULLS, Types};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "pull-word";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some(pull) = &page.step.pull else { return };
    let lower = pull.value.to_lowercase();
    let containers = Types::named(page.pipeline.raw_type()).is_some_and(|it| it.meets(Types::CONTAINERS));
    // `default` is what happens anyway: `drone convert` writes it.
    if matches!(lower.as_str(), "" | "default") || PULLS.contains(&lower.as_str()) || !containers {
        return;
    }
    let problem =
        Diagnostic::warning(CODE, pull.span, format!("`pull: {}` means nothing to Drone", pull.value))
            .why("Drone then fetches the image only if it is missing, or if its tag is `latest`");
    found.push(match meant(&lower) {
        Some(meant) => problem
            .label(format!("Drone's word is `{meant}`"))
            .help(format!("write `pull: {meant}`, or take the line out"))
            .fix(replace(pull.span, meant, format!("write `{meant}`"))),
        None => problem
            .label("not one of Drone's words")
            .help("write `pull: always`, `pull: if-not-exists` or `pull: never`, or take the line out"),
    });
}

fn meant(word: &str) -> Option<&'static str> {
    match word {
        "true" | "yes" | "on" | "y" | "1" => Some("always"),
        "false" | "no" | "off" | "n" | "0" | "missing" | "if-not-present" | "ifnotpresent" => {
            Some("if-not-exists")
        }
        _ => closest(word, PULLS.iter().copied()),
    }
}
