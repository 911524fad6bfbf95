//! A key that Drone knows, and that does nothing where it stands.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::LostAdvice;
use crate::lint::rule::{Check, Rule, step_at};
use crate::pipeline::grammar::{Key, Map, PIPELINE, SERVICE, STEP, Types};
use crate::pipeline::{Loss, Pipeline, Resource, Step};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::Lost(check),
};
const CODE: &str = "inert-key";

fn check(page: &LostAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Loss::Inert { key, map } = &page.lost.loss else { return };
    let Resource::Pipeline(pipeline) = &page.document.resource else { return };
    let misread = |it: &Step| !page.document.misread(it.span, &[key.name]).is_empty();
    if step_at(pipeline, page.lost.span).is_some_and(misread) {
        return; // the rule `wrong-shape` speaks of it
    }
    let own = if key.types.meets(Types::ALL) {
        foreign(page.lost.span, key, map, pipeline)
    } else {
        idle(page, pipeline, key, map)
    };
    found.extend(own);
}

/// A key that does nothing in any pipeline.
fn idle(page: &LostAdvice<'_>, pipeline: &Pipeline, key: &Key, map: &Map) -> Option<Diagnostic> {
    let span = page.lost.span;
    let (severity, label, why, help) = match key.name {
        "ports" if pipeline.raw_type() == "kubernetes" => (
            Severity::Hint,
            "not needed",
            "all containers of a pipeline share one pod, where each port is open at `localhost`",
            "take it out",
        ),
        "ports" => (
            Severity::Hint,
            "not needed",
            "all containers of a pipeline share a network, where each port of a service is open at its name",
            "take it out, and use the name of the service as the host",
        ),
        "shell" => (
            Severity::Warning,
            "read, and not used",
            "`commands` always run in `/bin/sh`",
            "take it out, and write `bash script.sh` in `commands` for what needs bash",
        ),
        "build" | "push" if is_step(map) => (
            Severity::Warning,
            "a leftover of Drone 0.8",
            "no runner builds or pushes images this way",
            "build the image in a step with a plugin, such as `plugins/docker`",
        ),
        "version" if std::ptr::eq(map, &raw const PIPELINE) => (
            Severity::Hint,
            "read, and not used",
            "no program looks at the version of a pipeline",
            "take it out",
        ),
        // What stands inside these is told of once, and what only labels a document is nobody's mistake.
        _ => return None,
    };
    let message = format!("`{}` does nothing in {}", key.name, map.noun);
    let problem = Diagnostic::warning(CODE, span, message).label(label).why(why).help(help);
    Some(Diagnostic { severity, ..problem })
}

/// A key of another type of pipeline.
fn foreign(span: Span, key: &Key, map: &Map, pipeline: &Pipeline) -> Option<Diagnostic> {
    let type_ = match pipeline.raw_type() {
        "" => "docker",
        other => other,
    };
    if is_step(map) && key.name == "image" && type_ == "exec" {
        return None; // an error: the rule `exec-image` speaks
    }
    let message = format!("`{}` does nothing in `type: {type_}`", key.name);
    let problem = Diagnostic::warning(CODE, span, message)
        .label(format!("only for {}", takers(key.types)))
        .why("the runner of this type does not know the key, and ignores it");
    let top = std::ptr::eq(map, &raw const PIPELINE);
    let belongs =
        STEP.key(key.name).is_some_and(|it| Types::named(type_).is_some_and(|own| it.types.meets(own)));
    Some(match key.name {
        name if top && belongs => problem
            .label("belongs in a step")
            .help(format!("indent it, so that `{name}` lines up with the `name` of its step")),
        "services" => problem.help("start the service in `commands`, or use `type: docker`"),
        "settings" => problem.help("there are no plugins in this type: write `commands`"),
        name => problem.help(format!("take `{name}` out, or use a type that has it")),
    })
}

fn is_step(map: &Map) -> bool {
    std::ptr::eq(map, &raw const STEP) || std::ptr::eq(map, &raw const SERVICE)
}

/// The types by name: `type: docker and kubernetes`.
fn takers(types: Types) -> String {
    let names: Vec<&str> = Types::NAMES
        .iter()
        .filter(|it| !it.0.is_empty() && it.0 != "aws" && it.1.meets(types))
        .map(|it| it.0)
        .collect();
    match names.split_last() {
        Some((last, [])) => format!("`type: {last}`"),
        Some((last, rest)) => format!("`{}` and `{last}`", rest.join("`, `")),
        None => "no type".to_owned(),
    }
}
