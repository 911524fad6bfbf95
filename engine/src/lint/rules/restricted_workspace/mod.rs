//! A workspace in a folder of the system, where Drone puts none.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::PipelineAdvice;
use crate::lint::rule::{Check, Rule};
use crate::plan::restricted_workspace;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "restricted-workspace";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let workspace = &page.pipeline.workspace;
    let windows = page.pipeline.platform.os.as_ref().is_some_and(|it| it.value == "windows");
    if (workspace.base.is_none() && workspace.path.is_none()) || !page.pipeline.is_docker() || windows {
        return;
    }
    let Some(shown) = restricted_workspace(page.pipeline) else { return };
    let place = [&workspace.base, &workspace.path].into_iter().flatten().find(|it| !it.value.is_empty());
    let Some(place) = place else { return };
    found.push(
        Diagnostic::warning(CODE, place.span, format!("the workspace is not put into `{shown}`"))
            .label("a folder of the system")
            .why("Drone keeps such folders as the image has them, and uses `/drone/src` instead")
            .help("choose another folder, such as `/srv/app`, or take `workspace` out"),
    );
}
