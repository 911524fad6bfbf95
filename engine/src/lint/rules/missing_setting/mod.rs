//! A plugin without a setting that it cannot do without.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::plugins::{meant, plugin_of};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::pipeline::grammar::{SERVICE, STEP};
use crate::pipeline::{Loss, Parameter};
use crate::plugin::{Need, Plugin, repository};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "missing-setting";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for step in &page.all {
        let Some(plugin) = plugin_of(step).filter(|it| !it.needs.is_empty()) else { continue };
        let unmet: Vec<&Need> = plugin.needs.iter().filter(|it| !is_met(step, plugin, it)).collect();
        if !unmet.is_empty() && !may_stand_elsewhere(page, step) {
            found.push(diagnose(step, plugin, &unmet));
        }
    }
}

fn is_met(page: &StepAdvice<'_>, plugin: &Plugin, need: &Need) -> bool {
    let has_setting = |name: &str| {
        let Some(setting) = plugin.setting(name) else { return false };
        page.step.settings.iter().any(|(key, value)| setting.is_called(&key.value) && is_given(value))
    };
    let own = page.step.environment.iter().map(|it| &it.0.value);
    let variables = own.chain(page.pipeline.environment.iter().map(|it| &it.0.value));
    let has_variable = |name: &str| variables.clone().any(|it| it == name);
    // A slip in its name is what the rule `unknown-setting` speaks of.
    let is_misspelt = |name: &str| {
        let unknown = page.step.settings.iter().filter(|it| plugin.ignores(&it.0.value));
        let right =
            |it: &str| plugin.setting(name).zip(meant(plugin, it)).is_some_and(|it| it.0.is_called(it.1));
        unknown.into_iter().any(|it| right(&it.0.value))
    };
    need.is_met(has_setting, has_variable) || need.one_of.iter().any(|it| is_misspelt(it))
}

/// True unless it is null or empty: that gives the plugin nothing.
fn is_given(value: &Parameter) -> bool {
    match value {
        Parameter::Secret(_) => true,
        Parameter::Value(value) => value.value.as_deref().is_some_and(|it| !it.is_empty()),
    }
}

/// True when the settings may stand beside `settings`, where the rule `unknown-key` speaks of them, or in a file.
fn may_stand_elsewhere(page: &PipelineAdvice<'_>, step: &StepAdvice<'_>) -> bool {
    let span = step.step.span;
    let lost = &page.document.lost;
    let from = lost.partition_point(|it| it.span.start < span.start);
    let inside = lost[from..].iter().take_while(|it| it.span.start < span.end);
    let unknown = inside.filter(|it| {
        let Loss::UnknownKey { map, .. } = it.loss else { return false };
        std::ptr::eq(map, &raw const STEP) || std::ptr::eq(map, &raw const SERVICE)
    });
    let in_file = |it: &str| it.eq_ignore_ascii_case("env_file") || it == "settings";
    unknown.count() > 0 || step.step.settings.iter().any(|it| in_file(&it.0.value))
}

fn diagnose(page: &StepAdvice<'_>, plugin: &Plugin, unmet: &[&Need]) -> Diagnostic {
    let step = page.step;
    let image = repository(step.image());
    let span = step.image.as_ref().map_or(step.span, |it| it.span);
    let names: Vec<String> = unmet.iter().map(|it| either(it)).collect();
    let it = if unmet.len() == 1 { "it" } else { "them" };
    let mut problem = Diagnostic::warning(CODE, span, format!("`{image}` gets {}", listed(&names, "and")))
        .label(format!("stops without {it}"))
        .why(format!("the plugin cannot work without {it}, so the step fails each time that it runs"))
        .help(help(plugin, unmet));
    for (key, value) in &step.settings {
        let needed = |it: &Need| it.one_of.iter().any(|it| is_called(plugin, it, &key.value));
        if !is_given(value) && unmet.iter().any(|it| needed(it)) {
            problem = problem.also(key.span, "empty");
        }
    }
    problem
}

fn is_called(plugin: &Plugin, name: &str, written: &str) -> bool {
    plugin.setting(name).is_some_and(|it| it.is_called(written))
}

/// ``no `webhook` or `access_token` ``.
fn either(need: &Need) -> String {
    let names: Vec<String> = need.one_of.iter().map(|it| format!("`{it}`")).collect();
    format!("no {}", names.join(" or "))
}

/// Words as a person lists them.
fn listed(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

fn help(plugin: &Plugin, unmet: &[&Need]) -> String {
    let lines: Vec<String> = unmet.iter().map(|it| format!("`{}`", line(plugin, it.one_of[0]))).collect();
    let help = format!("write {} under `settings`", listed(&lines, "and"));
    match unmet {
        [only] => format!("{help}, unless the runner sets {}", variable(only)),
        _ => format!("{help}, unless the runner sets variables for them"),
    }
}

/// What to write for a setting.
fn line(plugin: &Plugin, name: &str) -> String {
    if plugin.is_secret(name) { format!("{name}: {{from_secret: …}}") } else { format!("{name}: …") }
}

fn variable(need: &Need) -> String {
    let of_setting = || format!("`PLUGIN_{}`", need.one_of[0].to_uppercase());
    need.variables.first().map_or_else(of_setting, |it| format!("`{it}`"))
}
