//! Commands for an image that has no shell (§5.5).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::image::{Image, image};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "no-shell-image";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(text), Some(command)) = (&page.step.image, page.step.commands().first()) else { return };
    let Some(instead) = without_shell(image(&text.value)) else { return };
    found.push(
        Diagnostic::warning(
            CODE,
            text.span,
            format!("the image `{}` has no shell for these commands", text.value),
        )
        .label("no `/bin/sh` in it")
        .also(command.span, "a shell must read this")
        .why("Drone gives `commands` to `/bin/sh` of the image, and the step fails before the first one")
        .help(instead),
    );
}

/// What to do, when the image has no shell.
fn without_shell(image: Image<'_>) -> Option<&'static str> {
    const DEBUG: &str = "take the variant whose tag says `debug`: it has a shell";
    let tag = |words: &[&str]| words.iter().any(|it| image.tag.contains(it));
    match image.repository {
        "scratch" | "hello-world" => Some("choose an image with a shell, such as `alpine`"),
        "gcr.io/kaniko-project/executor" | "anchore/syft" | "anchore/grype" if !tag(&["debug"]) => {
            Some(DEBUG)
        }
        "hadolint/hadolint" | "ghcr.io/hadolint/hadolint" if !tag(&["alpine", "debian"]) => {
            Some("take the variant whose tag ends in `-alpine` or `-debian`: it has a shell")
        }
        name if name.starts_with("gcr.io/distroless/") && !tag(&["debug"]) => Some(DEBUG),
        _ => None,
    }
}
