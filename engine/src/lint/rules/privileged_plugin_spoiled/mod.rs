//! A plugin that Drone would give the rights to start Docker, if the step were a plain one (§5.6).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::image::image;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Step};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "privileged-plugin-spoiled";

const PLUGINS: [&str; 6] =
    ["plugins/acr", "plugins/docker", "plugins/ecr", "plugins/gar", "plugins/gcr", "plugins/heroku"];

const VARIABLES: [&str; 5] = ["XDG_RUNTIME_DIR", "DOCKER_OPTS", "DOCKER_HOST", "PATH", "HOME"];

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let step = page.step;
    let name = image(step.image()).repository;
    if !name.starts_with("plugins/") || !PLUGINS.contains(&name) || !page.pipeline.is_docker() {
        return;
    }
    let asks = step.privileged.as_ref().is_some_and(|it| it.value);
    // `settings-and-commands` speaks of commands; a script in such an image starts no Docker.
    if asks || !step.commands().is_empty() || uses_another(page) {
        return;
    }
    let Some((span, what)) = spoiler(step) else { return };
    found.push(
        Diagnostic::warning(CODE, span, format!("because of {what}, `{name}` may not start Docker"))
            .label("only a plain step of this plugin has it")
            .why("the plugin starts a Docker of its own, and that needs rights which Drone gives to plain steps only")
            .help(format!("take {what} out of the step `{}`", step.name())),
    );
}

/// True when the step talks to a Docker that is there already.
fn uses_another(page: &StepAdvice<'_>) -> bool {
    let off = page.step.settings.iter().any(|(key, value)| {
        let on = matches!(value, Parameter::Value(it) if it.value.as_deref() == Some("true"));
        key.value == "daemon_off" && on
    });
    let socket = |name: &str| {
        let volume =
            page.pipeline.volumes.iter().find(|it| it.name.as_ref().is_some_and(|it| it.value == name));
        volume.and_then(|it| it.host.as_ref()).is_some_and(|it| it.value.ends_with("docker.sock"))
    };
    off || page.step.volumes.iter().filter_map(|it| it.name.as_ref()).any(|it| socket(&it.value))
}

/// What makes it no plain step.
fn spoiler(step: &Step) -> Option<(Span, String)> {
    if let Some(volume) = step.volumes.iter().find(|it| !it.null) {
        let place = volume.name.as_ref().map_or(volume.span, |it| it.span);
        return Some((place, "`volumes`".to_owned()));
    }
    if let Some(first) = step.entrypoint.first() {
        return Some((first.span, "`entrypoint`".to_owned()));
    }
    if let Some(first) = step.command.first() {
        return Some((first.span, "`command`".to_owned()));
    }
    let set = |name: &str| VARIABLES.iter().any(|it| it.eq_ignore_ascii_case(name));
    let (name, _) = step.environment.iter().find(|it| set(&it.0.value))?;
    Some((name.span, format!("the variable `{}`", name.value)))
}
