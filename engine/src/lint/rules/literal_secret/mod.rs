//! A password, a token or a key of a plugin, written into the file.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::edit::replace;
use crate::lint::plugins::{is_map, plain, runs_images};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::Text;
use crate::plugin::{Plugin, Setting, of_image, repository};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "literal-secret";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = plugin_of(page) else { return };
    found.extend(literals(page).map(|(key, value)| diagnose(page, plugin, key, value)));
}

/// Each setting of a step that a table marks as secret and that stands in the file, with the place of its value. The
/// rule `secret-in-clear` leaves these to this rule.
pub(in crate::lint::rules) fn literals<'f>(
    page: &'f StepAdvice<'_>,
) -> impl Iterator<Item = (&'f Text, Span)> {
    let plugin = plugin_of(page);
    let settings = if plugin.is_some() { page.step.settings.as_slice() } else { &[] };
    settings.iter().filter_map(move |(key, value)| {
        let (value, text) = plain(value)?;
        let secret = plugin.is_some_and(|it| it.is_secret(&key.value));
        let reference = text.contains("secret\":") && (is_map(page, value) || text.starts_with('['));
        (secret && !reference && !is_stand_in(text)).then_some((key, value.span))
    })
}

/// With `commands` no plugin runs, and a secret in the file is one all the same.
fn plugin_of(page: &StepAdvice<'_>) -> Option<&'static Plugin> {
    if page.step.settings.is_empty() || !runs_images(page) {
        return None;
    }
    of_image(page.step.image())
}

/// True for what is no secret: nothing, a path, a switch, or a sign that a secret goes here.
fn is_stand_in(text: &str) -> bool {
    let text = text.trim();
    let path = text.starts_with(['/', '~']) || text.starts_with("./") || text.starts_with("../");
    let sign = text.starts_with('<') || text.starts_with("%(") || text.contains("{{");
    let filler = text.chars().all(|it| matches!(it, '*' | 'x' | 'X' | '.' | '-' | '_'));
    path || sign || filler || matches!(text, "true" | "false")
}

fn diagnose(page: &StepAdvice<'_>, plugin: &Plugin, key: &Text, value: Span) -> Diagnostic {
    let (name, image) = (&key.value, repository(page.step.image()));
    let message = format!("the `{name}` for `{image}` stands in the file");
    let many_lines = page.file.slice(value).trim_end().contains('\n');
    let span = if many_lines { key.span } else { value };
    let stored = plugin.setting(name).map_or_else(|| name.clone(), |it| secret_name(plugin, it));
    let problem = Diagnostic::warning(CODE, span, message)
        .label("everyone who reads the file can use it")
        .why("it stays in the history of the repository, also after the line is gone")
        .help(format!("get a new one, store it as the secret `{stored}`, and write `from_secret: {stored}`"));
    match by_reference(page, key, value, &stored) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

/// A name to store it under: `docker_password`, `ssh_key`.
fn secret_name(plugin: &Plugin, setting: &Setting) -> String {
    let begin = plugin.name.replace('-', "_") + "_";
    let name = setting.name.replace('.', "_");
    if name.starts_with(&begin) { name } else { begin + &name }
}

/// `password: word` → `password:` and below it `from_secret: name`; in braces within flow style.
fn by_reference(page: &StepAdvice<'_>, key: &Text, value: Span, stored: &str) -> Option<Fix> {
    let file = page.file;
    let message = format!("take it from the secret `{stored}`");
    let between = Span { start: key.span.end, end: value.start };
    if !is_colon_only(file.slice(between)) {
        return None;
    }
    let line = file.line_at(key.span.start);
    let before = file.slice(Span { start: line.start, end: key.span.start });
    if !before.chars().all(|it| it == ' ') {
        return Some(replace(value, format!("{{from_secret: {stored}}}"), message));
    }
    // The place of a text of several lines may reach into the line below it.
    let end = value.start as usize + file.slice(value).trim_end().len();
    let behind_colon = Span::new(key.span.end as usize + 1, end);
    Some(replace(behind_colon, format!("\n{before}  from_secret: {stored}"), message))
}

/// True when no anchor, tag or alias stands between key and value; `|` and `>` begin a text of several lines.
fn is_colon_only(between: &str) -> bool {
    let Some(rest) = between.trim().strip_prefix(':') else { return false };
    rest.trim().chars().all(|it| matches!(it, '|' | '>' | '+' | '-') || it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CODE, is_stand_in, secret_name};
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::lint::{apply, lint};
    use crate::plugin::Plugin;
    use crate::source::SourceFile;

    const BAD: &str = include_str!("bad.yml");

    fn found(text: &str) -> Vec<Diagnostic> {
        let mut found = lint(&SourceFile::new("it.yml", text));
        found.retain(|it| it.severity != Severity::Hint);
        found
    }

    /// The bad example has none in the style of JSON.
    #[test]
    fn the_fix_fits_into_braces() {
        let text = concat!(
            r#"{"kind": "pipeline", "type": "docker", "name": "d", "steps": [{"name": "a", "#,
            r#""image": "plugins/docker:20", "settings": {"repo": "a/b", "password": "hunter2"}}]}"#,
        );
        let all = found(text);
        let own = all.iter().find(|it| it.code == CODE).expect("it is found");
        let fixed = apply(text, &own.fixes[0].edits);
        assert_eq!(found(&fixed).len(), all.len() - 1, "{fixed}");
    }

    #[test]
    fn no_message_holds_any_of_the_value() {
        let words = ["hunter2", "tqZ2mXw4", "octopus-garden"];
        for problem in found(BAD) {
            let all = format!("{problem:?}");
            assert!(words.iter().all(|it| !all.contains(it)), "{all}");
        }
        assert!(words.iter().all(|it| BAD.contains(it)), "the example has them");
    }

    #[test]
    fn each_secret_of_a_plugin_has_a_name_of_its_own() {
        for plugin in Plugin::ALL {
            let names: Vec<String> =
                plugin.settings().filter(|it| it.secret).map(|it| secret_name(plugin, it)).collect();
            let unique: BTreeSet<&String> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{}", plugin.name);
        }
    }

    #[test]
    fn what_stands_for_a_secret_is_none() {
        for text in
            ["", " ", "/run/secrets/key", "./key.json", "***", "xxxx", "<token>", "{{ token }}", "false"]
        {
            assert!(is_stand_in(text), "{text}");
        }
        for text in ["hunter2", "https://hooks.example.com/x", "-----BEGIN KEY-----", "x1"] {
            assert!(!is_stand_in(text), "{text}");
        }
    }
}
