//! A setting that another one has replaced, or that the plugin no longer looks at.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::{replace, whole_lines};
use crate::lint::plugins::{plain, plugin_of};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Text};
use crate::plugin::{Kind, Plugin, Setting, Standing, repository};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "replaced-setting";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.step.settings.is_empty() {
        return;
    }
    let Some(plugin) = plugin_of(page) else { return };
    for (key, value) in &page.step.settings {
        let Some(setting) = plugin.setting(&key.value) else { continue };
        match setting.standing {
            Standing::Current => {}
            Standing::Replaced(by) => found.push(replaced(page, plugin, (key, value), setting, by)),
            Standing::Ignored => found.push(ignored(page, key, value)),
        }
    }
}

fn ignored(page: &StepAdvice<'_>, key: &Text, value: &Parameter) -> Diagnostic {
    let image = repository(page.step.image());
    let problem =
        Diagnostic::warning(CODE, key.span, format!("`{image}` no longer looks at `{}`", key.value))
            .label("does nothing")
            .why("the plugin has changed, and passes over the settings of its older versions without a word")
            .help("delete it, and check that the step still does what you want");
    let end = match value {
        Parameter::Value(it) => it.span,
        Parameter::Secret(it) => it.span,
    };
    let lines = whole_lines(page.file, key.span, key.span.to(end)).filter(|_| page.step.settings.len() > 1);
    match lines {
        Some(lines) => problem.fix(replace(lines, "", format!("delete `{}`", key.value))),
        None => problem,
    }
}

fn replaced(
    page: &StepAdvice<'_>,
    plugin: &Plugin,
    (key, value): (&Text, &Parameter),
    setting: &Setting,
    by: &str,
) -> Diagnostic {
    let (name, image) = (&key.value, repository(page.step.image()));
    let problem = Diagnostic::hint(CODE, key.span, format!("for `{image}`, `{by}` has replaced `{name}`"))
        .label("the old way")
        .why("older versions of the plugin read it; a newer one may not, and says nothing then");
    let new = page.step.settings.iter().find(|it| it.0.value.eq_ignore_ascii_case(by));
    if let Some((new, _)) = new {
        return problem.also(new.span, "this one counts today").help(format!("delete `{name}`"));
    }
    let Some(target) = plugin.setting(by) else { return problem };
    if target.kind == setting.kind {
        let fix = replace(key.span, by, format!("write `{by}`"));
        return problem.help(format!("write `{by}`")).fix(fix);
    }
    match (target.kind, plain(value)) {
        (Kind::Words(words), Some((value, "true"))) if words.contains(&setting.name) => {
            let line = format!("{by}: {}", setting.name);
            let message = format!("write `{line}`");
            let problem = problem.help(message.clone());
            let behind = page.file.slice(key.span.to(value.span));
            let plain = behind.starts_with(|it: char| it.is_ascii_alphabetic()) && !behind.contains('\n');
            if plain { problem.fix(replace(key.span.to(value.span), line, message)) } else { problem }
        }
        _ => problem.help(format!("say it with `{by}`: see {}", plugin.page)),
    }
}
