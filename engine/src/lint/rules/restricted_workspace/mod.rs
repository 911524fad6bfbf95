//! A workspace in a folder of the system, where Drone puts none.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::PipelineAdvice;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::Text;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "restricted-workspace";

/// Folders that are refused themselves; what is below them works.
const ALONE: &[&str] = &["", "/etc", "/var"];
/// Folders that are refused with all that is below them.
const WITH_ALL_BELOW: &[&str] = &[
    "/bin",
    "/dev",
    "/etc/docker",
    "/media",
    "/mnt",
    "/mount",
    "/proc",
    "/sys",
    "/usr/bin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/var/run",
];

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let workspace = &page.pipeline.workspace;
    let windows = page.pipeline.platform.os.as_ref().is_some_and(|it| it.value == "windows");
    if (workspace.base.is_none() && workspace.path.is_none()) || !page.pipeline.is_docker() || windows {
        return;
    }
    let written = |it: &Option<Text>| it.as_ref().map_or(String::new(), |it| it.value.clone());
    let (base, path) = (written(&workspace.base), written(&workspace.path));
    let base = if base.is_empty() && !path.starts_with('/') { "/drone/src".to_owned() } else { base };
    let full = join(&base, &path);
    let below = |it: &&str| full.strip_prefix(*it).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    let restricted = ALONE.contains(&full.as_str()) || WITH_ALL_BELOW.iter().any(below);
    let place = [&workspace.base, &workspace.path].into_iter().flatten().find(|it| !it.value.is_empty());
    let Some(place) = place.filter(|_| restricted) else { return };
    let shown = if full.is_empty() { "/" } else { &full };
    found.push(
        Diagnostic::warning(CODE, place.span, format!("the workspace is not put into `{shown}`"))
            .label("a folder of the system")
            .why("Drone keeps such folders as the image has them, and uses `/drone/src` instead")
            .help("choose another folder, such as `/srv/app`, or take `workspace` out"),
    );
}

/// Both paths as one, without a slash at its end.
fn join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.iter().fold(String::new(), |all, it| all + "/" + it)
}
