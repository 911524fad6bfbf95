//! A step that runs as somebody else than root, in a workspace that belongs to root.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::PipelineAdvice;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::shell::commands;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "non-root-user";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !page.pipeline.is_docker() || page.steps().all(|it| it.step.user.is_none()) {
        return;
    }
    for step in page.steps() {
        // From here on the folder may be open for others.
        if opens_the_folder(step) {
            return;
        }
        let Some(user) = step.step.user.as_ref().filter(|it| !is_root(&it.value)) else { continue };
        if step.step.commands().is_empty() || step.step.working_dir.is_some() {
            continue;
        }
        let message =
            format!("`{}` runs as `{}`, and the workspace belongs to root", step.step.name(), user.value);
        found.push(
            Diagnostic::hint(CODE, user.span, message)
                .label("may read the files, and write none beside them")
                .why("the clone step is root, so what this step wants to write there is denied")
                .help("take `user` out, or let a step before it run `chmod -R a+rwX .` as root"),
        );
    }
}

/// `root`, `0`, and both with a group; a `${…}` may be anybody.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    matches!(name, "" | "0" | "root") || name.contains('$')
}

/// True when the step gives files to others.
fn opens_the_folder(step: &StepAdvice<'_>) -> bool {
    let Some(tree) = step.script().and_then(|it| it.tree()) else { return false };
    commands(tree).iter().any(|it| matches!(it.simple.unwrapped().program(), Some("chmod" | "chown")))
}
