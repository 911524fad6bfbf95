//! A status that is asked for before anything can have failed.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::insert;
use crate::lint::rule::{Check, Rule};
use crate::lint::uses::Site;
use crate::lint::written::StepAdvice;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "status-too-early";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for it in page.uses() {
        let Some((name, operator)) = it.parts(page.file) else { continue };
        let Some(says) = too_early(name, !page.pipeline.depends_on.is_empty()) else { continue };
        let problem = Diagnostic::warning(CODE, it.dollar.span, format!("`${{{name}}}` {says}"))
            .label("replaced before the first step starts")
            .why("Drone replaces `${…}` when it reads the file, and nothing has run or failed then");
        found.push(match it.site {
            Site::Command => problem
                .help(format!("write `$${{{name}{operator}}}`: `$$` leaves it to the shell, which runs later"))
                .fix(insert(it.dollar.span.start, "$", "write one `$` more, for the shell")),
            site if site.is_shell() => {
                problem.help(format!("let the plugin hand `{name}` over to its script as a variable"))
            }
            Site::Setting(_) => problem.help(format!(
                "plugins read `{name}` themselves: in a template of `plugins/slack`, write `{{{{build.status}}}}`"
            )),
            _ => problem.help(format!("use `${name}` in `commands`, where the shell knows it")),
        });
    }
}

/// What it always says. A pipeline that waits for others may know of their failure.
fn too_early(name: &str, waits: bool) -> Option<&'static str> {
    match name {
        "DRONE_BUILD_STATUS" if !waits => Some("always says `success`"),
        "DRONE_STAGE_STATUS" => Some("always says `success`"),
        "DRONE_FAILED_STAGES" if !waits => Some("is always empty"),
        "DRONE_FAILED_STEPS" => Some("is always empty"),
        "DRONE_BUILD_FINISHED" | "DRONE_STAGE_FINISHED" => Some("is no time at which anything ended"),
        _ => None,
    }
}
