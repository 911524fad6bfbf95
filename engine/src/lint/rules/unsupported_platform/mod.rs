//! An operating system or an architecture that Drone has no runner for.

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::lint::closest;
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Text;

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: CODE, page: include_str!("README.md"), check: Check::Pipeline(check) };
const CODE: &str = "unsupported-platform";

const SYSTEMS: [&str; 2] = ["linux", "windows"];
const ARCHITECTURES: [&str; 5] = ["arm", "arm64", "amd64", "ppc64le", "s390x"];

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    // The server minds only docker pipelines; the old linter minds all.
    let docker = matches!(page.pipeline.raw_type(), "" | "docker");
    let server = if docker { page.readers.and(Program::Server.into()) } else { Programs::NONE };
    let programs = server | page.checkers.and(Program::Lint15.into());
    let platform = &page.pipeline.platform;
    check_one("os", platform.os.as_ref(), &SYSTEMS, programs, found);
    check_one("arch", platform.arch.as_ref(), &ARCHITECTURES, programs, found);
}

fn check_one(
    key: &str,
    text: Option<&Text>,
    known: &[&str],
    programs: Programs,
    found: &mut Vec<Diagnostic>,
) {
    let Some(text) = text.filter(|it| !it.value.is_empty() && !known.contains(&it.value.as_str())) else {
        return;
    };
    let help = match closest(&text.value, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("use one of {}", known.join(", ")),
    };
    found.push(
        Diagnostic::error(CODE, text.span, format!("Drone does not know the {key} `{}`", text.value))
            .label("no runner takes it")
            .why("a pipeline waits for a runner of its platform, so the server refuses one that cannot exist")
            .help(help)
            .refused_by(programs, Stage::Lint),
    );
}
