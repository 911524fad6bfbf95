//! A volume with a name that Drone uses itself, or mounted where Drone keeps its own files.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::{Mount, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "reserved-volume";

const RESERVED: [&str; 3] = ["workspace", "_workspace", "_docker_socket"];

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    for volume in &page.pipeline.volumes {
        check_name(page, volume.name.as_ref(), found);
    }
    for mount in page.steps_and_services().flat_map(|it| &it.volumes) {
        check_name(page, mount.name.as_ref(), found);
        check_path(page, mount, found);
    }
}

fn check_name(page: &PipelinePage<'_>, name: Option<&Text>, found: &mut Vec<Diagnostic>) {
    let Some(name) = name.filter(|it| RESERVED.contains(&it.value.as_str())) else { return };
    found.push(
        Diagnostic::error(CODE, name.span, format!("the volume name `{}` is reserved", name.value))
            .label("Drone has a volume of this name")
            .why("Drone would mix up its own volume and yours, so it refuses the name")
            .help("choose another name, in `volumes` of the pipeline and of each step")
            .refused_by(page.checkers.and(Programs::NEW | Program::Lint15.into()), Stage::Lint),
    );
}

fn check_path(page: &PipelinePage<'_>, mount: &Mount, found: &mut Vec<Diagnostic>) {
    let Some(path) = mount.path.as_ref().filter(|it| clean(&it.value).starts_with("/run/drone")) else {
        return;
    };
    found.push(
        Diagnostic::error(CODE, path.span, format!("no volume can be mounted at `{}`", path.value))
            .label("Drone keeps files of its own under `/run/drone`")
            .why("a volume there would hide what the step needs to run")
            .help("mount it at another path")
            .refused_by(page.checkers.and(Programs::NEW), Stage::Lint),
    );
}

/// The path without `.`, `..` and double slashes, as Go cleans it.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
