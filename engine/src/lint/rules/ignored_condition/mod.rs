//! A condition that Drone does not look at.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::short;
use crate::lint::closest;
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::LostAdvice;
use crate::pipeline::grammar::{Map, PIPELINE, STEP, TRIGGER, WHEN};
use crate::pipeline::{Conditions, Loss, Resource};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::Lost(check),
};
const CODE: &str = "ignored-condition";

fn check(page: &LostAdvice<'_>, found: &mut Vec<Diagnostic>) {
    match &page.lost.loss {
        Loss::UnknownKey { name, map, value } if is_conditions(map) => {
            found.push(unknown(page, name, map, *value));
        }
        Loss::Inert { key, map } if is_conditions(map) => found.push(files(page, key.name)),
        _ => {}
    }
}

fn is_conditions(map: &Map) -> bool {
    is_when(map) || std::ptr::eq(map, &raw const TRIGGER)
}

fn is_when(map: &Map) -> bool {
    std::ptr::eq(map, &raw const WHEN)
}

fn files(page: &LostAdvice<'_>, name: &str) -> Diagnostic {
    let message = format!("Drone never looks at `{name}`: whatever files change, this matches");
    Diagnostic::warning(CODE, page.lost.span, message)
        .label("restricts nothing")
        .why("only an extension of the server can look at the files that a build changes")
        .help("leave it if your server has such an extension; if not, compare the files in `commands`")
}

fn unknown(page: &LostAdvice<'_>, name: &str, map: &Map, value: Span) -> Diagnostic {
    if matches!(name, "path" | "changeset" | "changesets" | "changes" | "files") {
        return files(page, name);
    }
    let message = format!("`{}` is no condition of Drone, and restricts nothing", short(name));
    let problem = Diagnostic::warning(CODE, page.lost.span, message)
        .label("not looked at")
        .why("Drone drops what it does not know, and the rest decides alone");
    let (owner, noun) = if is_when(map) { (&STEP, "the step") } else { (&PIPELINE, "the pipeline") };
    // In Drone 0.8, `environment: staging` was what `target: staging` is now.
    let is_target = name == "environment" && !page.file.slice(value).contains(['\n', '{', ':']);
    if owner.key(name).is_some() && !is_target {
        return problem.help(format!("`{name}` belongs to {noun} itself: indent it less"));
    }
    let names = || map.keys.iter().map(|it| it.name).filter(|it| *it != "paths");
    let (help, meant) = match known_elsewhere(name) {
        Some((help, meant)) => (help.to_owned(), meant),
        None => match closest(name, names()) {
            Some(meant) => (format!("did you mean `{meant}`?"), Some(meant)),
            None => (format!("Drone looks at {}", quoted(names())), None),
        },
    };
    let problem = problem.help(help);
    match meant.and_then(|it| renamed(page, name, it, value)) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// Words of other programs, and of Drone 0.8: what to do, and the condition that is probably meant.
fn known_elsewhere(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match name {
        "tag" | "tags" => ("a tag is a kind of ref: write `ref: refs/tags/v*`", Some("ref")),
        "include" | "exclude" => ("put it below a condition, such as `branch: {exclude: [main]}`", None),
        "environment" | "deployment" | "deploy_to" => ("did you mean `target`?", Some("target")),
        "platform" => ("`platform` belongs to the pipeline; use one pipeline a platform", None),
        "matrix" => ("Drone has no matrix since 1.0: write one pipeline for each value", None),
        "local" => ("Drone has no `local` since 1.0: name the steps in `drone exec --include`", None),
        "evaluate" => ("Drone has no expressions here: test the variables in `commands`", None),
        "success" | "failure" => ("write `status: [success, failure]`", None),
        "source_branch" | "head_branch" => {
            ("no condition knows the source branch: test `$DRONE_SOURCE_BRANCH` in `commands`", None)
        }
        _ => return None,
    })
}

/// The key under its right name, unless that name is taken already.
fn renamed(page: &LostAdvice<'_>, name: &str, meant: &str, value: Span) -> Option<Fix> {
    let key = page.lost.span;
    if page.file.slice(key) != name || is_taken(page, meant) {
        return None;
    }
    let message = format!("write `{meant}`");
    if !matches!(name, "tag" | "tags") {
        return Some(edit::replace(key, meant, message));
    }
    let written = page.file.slice(value);
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_.*".contains(it);
    let pattern = written.trim_matches(['\'', '"']);
    let is_pattern = !pattern.is_empty() && pattern.chars().all(plain);
    is_pattern.then(|| {
        let span = Span { start: key.start, end: value.end };
        edit::replace(span, format!("ref: refs/tags/{pattern}"), message)
    })
}

/// True when the conditions around this key have one of that name.
fn is_taken(page: &LostAdvice<'_>, meant: &str) -> bool {
    let Resource::Pipeline(pipeline) = &page.document.resource else { return true };
    let whens = pipeline.steps.iter().chain(&pipeline.services).map(|it| &it.when);
    let around = |it: &&Conditions| {
        it.span.is_some_and(|it| it.start <= page.lost.span.start && page.lost.span.end <= it.end)
    };
    let conditions = std::iter::once(&pipeline.trigger).chain(whens).find(around);
    conditions.is_none_or(|it| it.entries.iter().any(|it| it.key.name() == meant))
}
