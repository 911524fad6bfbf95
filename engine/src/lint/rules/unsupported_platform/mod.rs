//! An operating system or an architecture that Drone has no runner for.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::closest;
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::Text;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "unsupported-platform";

const SYSTEMS: [&str; 2] = ["linux", "windows"];
const ARCHITECTURES: [&str; 5] = ["arm", "arm64", "amd64", "ppc64le", "s390x"];

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    // The server minds only docker pipelines; the old linter minds all.
    let docker = matches!(page.pipeline.raw_type(), "" | "docker");
    let server = if docker { page.readers.and(Program::Server.into()) } else { Programs::NONE };
    let programs = server | page.checkers.and(Program::Lint15.into());
    let platform = &page.pipeline.platform;
    for (key, text, known) in
        [("os", &platform.os, &SYSTEMS[..]), ("arch", &platform.arch, &ARCHITECTURES[..])]
    {
        found.extend(
            check_one(key, text.as_ref(), known, docker).map(|it| it.refused_by(programs, Stage::Lint)),
        );
    }
}

fn check_one(key: &str, text: Option<&Text>, known: &[&str], docker: bool) -> Option<Diagnostic> {
    let text = text.filter(|it| !it.value.is_empty() && !known.contains(&it.value.as_str()))?;
    let problem =
        Diagnostic::error(CODE, text.span, format!("Drone does not know the {key} `{}`", text.value));
    if !docker {
        return Some(
            problem
                .label("unknown to an old `drone lint`")
                .why("the other programs take it: only docker pipelines are bound to what containers run on")
                .help("use `drone lint` 1.6 or later for this file"),
        );
    }
    if matches!(text.value.as_str(), "darwin" | "macos" | "osx") {
        return Some(
            problem
                .label("no docker runner has it")
                .why("containers run on Linux and Windows only, and this pipeline would wait for ever")
                .help("use `type: exec`, and a runner on a Mac"),
        );
    }
    let meant = other_name(&text.value).or_else(|| closest(&text.value, known.iter().copied()));
    Some(
        problem
            .label("no docker runner has it")
            .why("a pipeline waits for a runner of its platform, and this one would wait for ever")
            .help(meant.map_or_else(
                || format!("use one of {}", known.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            )),
    )
}

/// What others call the same.
fn other_name(value: &str) -> Option<&'static str> {
    match value {
        "x86_64" | "x86-64" | "x64" => Some("amd64"),
        "aarch64" | "armv8" => Some("arm64"),
        "armhf" | "armv6" | "armv7" => Some("arm"),
        _ => None,
    }
}
