//! A password, key or token that stands in the file.

mod shapes;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::literal_secret::literals;
use crate::lint::rules::secret_in_clear::shapes::known;
use crate::lint::written::{FileAdvice, PipelineAdvice, StepAdvice};
use crate::pipeline::{Parameter, Text, Variable};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "secret-in-clear";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let shapes = known(page.file.text);
    let others = of_literal_secret(page);
    for (span, what) in shapes.iter().filter(|it| !meets(&others, it.0, |it| *it)) {
        found.push(diagnose(page, *span, what));
    }
    for pipeline in &page.pipelines {
        for (name, value) in by_name(pipeline) {
            if !meets(&shapes, value, |it| it.0) && !meets(&others, value, |it| *it) {
                found.push(diagnose(page, value, &format!("the value of `{name}`")));
            }
        }
    }
}

/// The values that the rule `literal-secret` speaks of, by place.
fn of_literal_secret(page: &FileAdvice<'_>) -> Vec<Span> {
    let steps = page.pipelines.iter().flat_map(|it| it.steps().chain(it.services()));
    let mut found: Vec<Span> = steps.flat_map(literals).map(|it| it.1).collect();
    found.sort();
    found
}

/// True when the place shares something with one of those, which are sorted.
fn meets<T>(places: &[T], span: Span, of: impl Fn(&T) -> Span) -> bool {
    let from = places.partition_point(|it| of(it).end <= span.start);
    places.get(from).is_some_and(|it| of(it).start < span.end)
}

/// Values whose names say that they are secret, and which look like it.
fn by_name<'f>(page: &PipelineAdvice<'f>) -> Vec<(&'f str, Span)> {
    let mut found = Vec::new();
    for (name, value) in &page.pipeline.environment {
        if is_secret_name(&name.value) && is_random(&value.value) {
            found.push((name.value.as_str(), value.span));
        }
    }
    for step in page.steps() {
        for (name, value) in &step.step.environment {
            let Variable::Value(value) = value else { continue };
            if is_secret_name(&name.value) && is_random(&value.value) && !is_of_service(page, value) {
                found.push((name.value.as_str(), value.span));
            }
        }
        found.extend(of_settings(step));
    }
    found
}

fn of_settings<'f>(step: &StepAdvice<'f>) -> Vec<(&'f str, Span)> {
    let mut found = Vec::new();
    for (name, value) in &step.step.settings {
        let Parameter::Value(value) = value else { continue };
        let Some(text) = value.value.as_deref() else { continue };
        if is_secret_name(&name.value) && is_credential(text) {
            found.push((name.value.as_str(), value.span));
        }
    }
    found
}

/// True when a service of the pipeline has the same value: then it protects nothing.
fn is_of_service(page: &PipelineAdvice<'_>, value: &Text) -> bool {
    let same = |it: &Variable| matches!(it, Variable::Value(text) if text.value == value.value);
    page.services().any(|it| it.step.environment.iter().any(|it| same(&it.1)))
}

/// True when the last word of a name says that its value is secret.
fn is_secret_name(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "password",
        "passwd",
        "passphrase",
        "token",
        "secret",
        "apikey",
        "api_key",
        "access_key",
        "private_key",
        "secret_key",
        "auth_key",
        "_pass",
    ];
    // Most names are neither this long nor this short.
    if name.len() < 4 || name.len() > 80 {
        return false;
    }
    let name = name.to_ascii_lowercase().replace('-', "_");
    WORDS.iter().any(|it| name.ends_with(it))
}

/// Words that stand for a value, or for one that protects nothing.
const HARMLESS: [&str; 24] = [
    "password",
    "passwd",
    "secret",
    "token",
    "test",
    "example",
    "changeme",
    "change_me",
    "dummy",
    "fake",
    "sample",
    "demo",
    "local",
    "default",
    "admin",
    "root",
    "your",
    "placeholder",
    "xxx",
    "1234",
    "abcd",
    "foo",
    "none",
    "drone",
];

fn is_plain(value: &str) -> bool {
    let value = value.trim();
    let refers = value.contains(['$', '<', '{', '*', ' ', '\n', ',']);
    let place = value.starts_with(['/', '.', '~']) || value.contains("://");
    let lower = value.to_ascii_lowercase();
    !refers && !place && !HARMLESS.iter().any(|it| lower.contains(it))
}

/// True for what no person would make up: long, with digits among letters.
fn is_random(value: &str) -> bool {
    const SHORTEST: usize = 12;
    value.len() >= SHORTEST && has_digits_and_letters(value) && is_plain(value)
}

/// True for what logs in somewhere: nobody gives a plugin a password that protects nothing.
fn is_credential(value: &str) -> bool {
    const SHORTEST: usize = 6;
    value.len() >= SHORTEST && has_digits_and_letters(value) && is_plain(value)
}

fn has_digits_and_letters(value: &str) -> bool {
    value.bytes().any(|it| it.is_ascii_digit()) && value.bytes().any(|it| it.is_ascii_alphabetic())
}

fn diagnose(page: &FileAdvice<'_>, span: Span, what: &str) -> Diagnostic {
    let written = page.file.slice(span).trim_matches(['"', '\'']);
    let begin: String = written.chars().take(4).collect();
    Diagnostic::warning(CODE, span, format!("{what} stands in clear text: `{begin}…`"))
        .label("everyone who reads the file reads this")
        .why("whoever can see the repository, now or later, can use it: it stays in the history")
        .help("get a new one from the service, store it on the Drone server, and name it with `from_secret`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_by_its_last_word() {
        for name in ["PASSWORD", "DB_PASSWORD", "npm-token", "api_key", "MYSQL_PASS", "AWS_SECRET_ACCESS_KEY"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["PASSWORD_FILE", "TOKEN_URL", "AWS_ACCESS_KEY_ID", "KEY", "BYPASS", "COMPASS"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn no_message_holds_the_whole_secret() {
        let text = "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: b:1\n  settings:\n    password: kV8!tqZ2mXw4\n";
        let found = crate::lint::lint(&crate::source::SourceFile::new("a.yml", text));
        let own = found.iter().find(|it| it.code == CODE).unwrap();
        assert!(own.message.contains("`kV8!…`") && !own.message.contains("tqZ2"), "{}", own.message);
    }

    #[test]
    fn a_secret_is_reported_once_and_the_table_of_a_plugin_goes_first() {
        // Put together here, so that no other program takes this file for a leak.
        let token = format!("ghp_{}", "x7Kq2LmV9pRt4Ws8Yb3Nc6Zd1Fh5Gj0QeUa2");
        let address = "https://ci:kV8tqZ2m@git.example.com/x";
        let rows = [
            ("plugins/docker:20", format!("password: {token}"), "literal-secret"),
            ("plugins/docker:20", "password: kV8!tqZ2mXw4".to_owned(), "literal-secret"),
            ("plugins/slack:1", format!("webhook: |\n      {address}\n      {token}"), "literal-secret"),
            ("plugins/docker:20", format!("registry: {address}"), CODE),
            ("example/upload:3", format!("password: {token}"), CODE),
        ];
        for (image, setting, code) in rows {
            let text = format!(
                "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: {image}\n  settings:\n    \
                 {setting}\n    repo: a/b\n"
            );
            let found = crate::lint::lint(&crate::source::SourceFile::new("it.yml", text));
            let codes: Vec<_> = found.iter().map(|it| it.code).filter(|it| it.contains("secret")).collect();
            assert_eq!(codes, [code], "{image} {setting}");
        }
    }
}
