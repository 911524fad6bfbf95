//! A setting that the plugin never looks at.

mod moved;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::plugins::{is_step_key, meant, plugin_of};
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::unknown_setting::moved::{beside_settings, is_there_too};
use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Step, Text};
use crate::plugin::{Kind, Plugin, repository};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "unknown-setting";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.step.settings.is_empty() {
        return;
    }
    let Some(plugin) = plugin_of(page) else { return };
    let mut unknown = page.step.settings.iter().filter(|it| plugin.ignores(&it.0.value)).peekable();
    if unknown.peek().is_none() || hands_on(page.step) {
        return;
    }
    found.extend(unknown.map(|(key, value)| diagnose(page, plugin, key, value)));
}

/// True when this rule speaks of the step's setting of that name. Other rules leave it to this one.
pub(in crate::lint::rules) fn speaks_of(page: &StepAdvice<'_>, name: &str) -> bool {
    let is_there = page.step.settings.iter().any(|it| it.0.value == name);
    is_there && plugin_of(page).is_some_and(|it| it.ignores(name)) && !hands_on(page.step)
}

/// True when the plugin gives variables of its own to what it runs: then any setting may be read there.
fn hands_on(step: &Step) -> bool {
    step.settings.iter().any(|(key, value)| {
        let named = |it: &str| it.contains("PLUGIN_") || it.contains("plugin_");
        let text = match value {
            Parameter::Value(value) => value.value.as_deref().unwrap_or_default(),
            Parameter::Secret(_) => "",
        };
        key.value.eq_ignore_ascii_case("allenvs") || named(text)
    })
}

fn diagnose(page: &StepAdvice<'_>, plugin: &Plugin, key: &Text, value: &Parameter) -> Diagnostic {
    let name = key.value.as_str();
    let image = repository(page.step.image());
    let problem = Diagnostic::warning(CODE, key.span, format!("`{image}` reads no setting `{name}`"));
    if plugin.respelled(name).is_none() && is_step_key(name) {
        return misplaced(page, problem, key, value);
    }
    match meant(plugin, name) {
        Some(right) => slip(page, plugin, problem, (key, value), right),
        None => problem
            .label("the plugin never looks at it")
            .why("Drone hands on every setting, and the plugin passes over a name that it does not know")
            .help(format!("take a name from {}", plugin.page)),
    }
}

/// A step with more settings than this is not written by hand, and comparing them all takes long.
const MOST_SETTINGS: usize = 500;

fn slip(
    page: &StepAdvice<'_>,
    plugin: &Plugin,
    problem: Diagnostic,
    (key, value): (&Text, &Parameter),
    right: &str,
) -> Diagnostic {
    let (name, variable) = (&key.value, right.to_uppercase());
    let problem = problem.label(format!("did you mean `{right}`?")).why(format!(
        "Drone hands it on as `PLUGIN_{}`, and the plugin looks for `PLUGIN_{variable}`",
        name.to_uppercase()
    ));
    let same = |it: &str| plugin.setting(right).is_some_and(|setting| setting.is_called(it));
    if let Some((there, _)) = page.step.settings.iter().take(MOST_SETTINGS).find(|it| same(&it.0.value)) {
        let help = format!("delete it: `{}` is there as well", there.value);
        return problem.also(there.span, "this one counts").help(help);
    }
    if is_many(value) && plugin.setting(right).is_some_and(|it| it.kind == Kind::Text) {
        return problem.help(format!("`{right}` takes one value: see {}", plugin.page));
    }
    let quote = page.file.slice(key.span).chars().next().filter(|it| matches!(it, '"' | '\''));
    let quote = quote.map(String::from).unwrap_or_default();
    let fix = replace(key.span, format!("{quote}{right}{quote}"), format!("write `{right}`"));
    problem.help(format!("write `{right}`")).fix(fix)
}

/// True for several values.
fn is_many(value: &Parameter) -> bool {
    let Parameter::Value(value) = value else { return false };
    value.value.as_deref().is_some_and(|it| it.contains(',') || it.starts_with(['[', '{']))
}

fn misplaced(page: &StepAdvice<'_>, problem: Diagnostic, key: &Text, value: &Parameter) -> Diagnostic {
    let name = &key.value;
    if name == "settings" {
        return problem
            .label("`settings` inside `settings`")
            .why("the plugin gets one setting, a piece of JSON, in the place of those in it")
            .help("write its entries directly under the outer `settings`");
    }
    let problem = problem
        .label("a key of the step, too deep")
        .why(format!("under `settings` it goes to the plugin alone, so Drone sees no `{name}` here"));
    if is_there_too(page.step, name) {
        return problem.help(format!("delete it: the step has a `{name}` of its own"));
    }
    let is_true = matches!(value, Parameter::Value(it) if it.value.as_deref() == Some("true"));
    if name == "pull" && is_true {
        return problem.help("write `pull: always` in line with `settings`, not under it");
    }
    let problem = problem.help(format!("write `{name}` in line with `settings`, not under it"));
    match beside_settings(page, key, value) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::lint::lint;
    use crate::source::SourceFile;

    fn found(text: &str) -> Vec<Diagnostic> {
        let mut found = lint(&SourceFile::new("it.yml", text));
        found.retain(|it| it.severity != Severity::Hint);
        found
    }

    #[test]
    fn a_step_that_hands_its_variables_on_may_name_them_as_it_likes() {
        let step = |more: &str| {
            format!(
                "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: appleboy/drone-ssh:1.8\n  \
                 settings:\n    host: h\n    key: {{from_secret: k}}\n    release: v1\n{more}"
            )
        };
        assert_eq!(found(&step("")).len(), 1);
        assert_eq!(found(&step("    envs: [plugin_release]\n")).len(), 0);
        assert_eq!(found(&step("    allenvs: true\n")).len(), 0);
    }
}
