//! A value that the plugin cannot read: a word for a switch, a word that is no choice, a map for a text.

use crate::diagnostic::{Diagnostic, Severity, shortened};
use crate::lint::edit::replace;
use crate::lint::plugins::{is_map, plain, plugin_of};
use crate::lint::rule::{Check, Rule};
use crate::lint::similar::closest;
use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Text};
use crate::plugin::{Kind, Setting, repository};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "setting-type";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.step.settings.is_empty() {
        return;
    }
    let Some(plugin) = plugin_of(page) else { return };
    for (key, value) in &page.step.settings {
        if let Some(setting) = plugin.setting(&key.value) {
            found.extend(problem(page, key, value, setting));
        }
    }
}

fn problem(page: &StepAdvice<'_>, key: &Text, value: &Parameter, setting: &Setting) -> Option<Diagnostic> {
    let (value, text) = plain(value)?;
    if is_map(page, value) {
        return misspelt_secret(page, key, value.span, text).or_else(|| no_map(key, setting, text));
    }
    match setting.kind {
        Kind::Boolean => no_switch(page, key, value.span, text),
        Kind::Number => no_number(page, key, value.span, text),
        Kind::Words(words) => no_choice(page, key, (value.span, text), words),
        Kind::Text | Kind::List | Kind::Map => None,
    }
}

/// What Go takes for true and for false; an empty text is false.
const SWITCHES: [&str; 13] =
    ["", "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];

fn no_switch(page: &StepAdvice<'_>, key: &Text, span: Span, text: &str) -> Option<Diagnostic> {
    if SWITCHES.contains(&text) {
        return None;
    }
    let right = match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "enable" | "enabled" => Some("true"),
        "no" | "n" | "off" | "false" | "disable" | "disabled" | "none" => Some("false"),
        _ => closest(text, ["true", "false"]),
    };
    let problem = new(span, page, key, text, "`true` or `false`");
    Some(match right {
        Some(right) => {
            problem.help(format!("write `{right}`")).fix(replace(span, right, format!("write `{right}`")))
        }
        None => problem.help("write `true` or `false`"),
    })
}

/// Lengths of time begin with a number as well.
fn no_number(page: &StepAdvice<'_>, key: &Text, span: Span, text: &str) -> Option<Diagnostic> {
    let first = text.trim_start_matches([' ', '-', '+', '.']).chars().next()?;
    let problem = || new(span, page, key, text, "a number").help("write a number, such as `5`");
    (!first.is_ascii_digit()).then(problem)
}

fn no_choice(
    page: &StepAdvice<'_>,
    key: &Text,
    (span, text): (Span, &str),
    words: &[&str],
) -> Option<Diagnostic> {
    // Some programs look at capitals and some do not.
    if text.is_empty() || words.iter().any(|it| it.eq_ignore_ascii_case(text)) {
        return None;
    }
    let problem = new(span, page, key, text, "one of a few words");
    let Some(right) = closest(text, words.iter().copied()) else {
        return Some(problem.help(format!("write {}", any_of(words))));
    };
    let fix = replace(span, right, format!("write `{right}`"));
    Some(problem.help(format!("write `{right}`; the words are {}", all_of(words))).fix(fix))
}

fn any_of(words: &[&str]) -> String {
    joined(words, "or")
}

fn all_of(words: &[&str]) -> String {
    joined(words, "and")
}

fn joined(words: &[&str], last_word: &str) -> String {
    let words: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {last_word} {last}", rest.join(", ")),
    }
}

fn new(span: Span, page: &StepAdvice<'_>, key: &Text, text: &str, wanted: &str) -> Diagnostic {
    let (name, image) = (&key.value, repository(page.step.image()));
    Diagnostic::warning(
        CODE,
        span,
        format!("`{image}` takes {wanted} for `{name}`, not `{}`", shortened(text, 20)),
    )
    .label(format!("not {wanted}"))
    .why("the plugin stops at a value that it cannot read, or goes on as if it were not there")
}

/// `{secret: NAME}`: a map with one key, which is nearly `from_secret`, and a text.
fn misspelt_secret(page: &StepAdvice<'_>, key: &Text, span: Span, json: &str) -> Option<Diagnostic> {
    const RIGHT: &str = "from_secret";
    let (written, value) = json.strip_prefix("{\"")?.strip_suffix("\"}")?.split_once("\":\"")?;
    let near = matches!(written, "secret" | "fromSecret") || closest(written, [RIGHT]).is_some();
    if !near || value.contains('"') || written.contains('"') {
        return None;
    }
    let at = span.start as usize + page.file.slice(span).find(written)?;
    let place = Span::new(at, at + written.len());
    let message = format!("the plugin gets a piece of JSON for `{}`, not a secret", key.value);
    Some(
        Diagnostic::warning(CODE, place, message)
            .label(format!("did you mean `{RIGHT}`?"))
            .why("Drone looks a secret up only where the key is `from_secret`; another map goes to the plugin as it is")
            .help(format!("write `{RIGHT}`"))
            .fix(replace(place, RIGHT, format!("write `{RIGHT}`"))),
    )
}

/// Texts that are surely no JSON. Others may be: a map is a fine way to write it.
const PLAIN_TEXTS: [&str; 18] = [
    "bucket",
    "channel",
    "chart",
    "context",
    "dockerfile",
    "email",
    "endpoint",
    "host",
    "namespace",
    "password",
    "region",
    "registry",
    "release",
    "repo",
    "source",
    "target",
    "title",
    "username",
];

fn no_map(key: &Text, setting: &Setting, json: &str) -> Option<Diagnostic> {
    let sure = match setting.kind {
        Kind::Boolean | Kind::Number | Kind::Words(_) => true,
        Kind::Text => PLAIN_TEXTS.contains(&setting.name),
        Kind::List | Kind::Map => false,
    };
    // A secret that is too deep is what the rule `nested-secret` speaks of.
    if !sure || json.contains("\"from_secret\":") {
        return None;
    }
    let message = format!("the plugin gets a piece of JSON for `{}`, not one value", key.value);
    Some(
        Diagnostic::warning(CODE, key.span, message)
            .label("one value, not a map")
            .why("Drone turns a map into JSON, and the plugin takes that for the value")
            .help("write the value itself behind the colon"),
    )
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
    fn a_value_is_judged_as_the_program_reads_it() {
        let rows = [
            ("plugins/docker:20", "dry_run: yes", 0),
            ("plugins/docker:20", "dry_run: 'yes'", 1),
            ("plugins/docker:20", "dry_run: 1", 0),
            ("plugins/docker:20", "dry_run: tRUE", 1),
            ("plugins/docker:20", "dry_run: ''", 0),
            ("plugins/docker:20", "dry_run: ${DRONE_TAG}", 0),
            ("plugins/docker:20", "dry_run: {from_secret: a}", 0),
            ("plugins/docker:20", "daemon_retry_count: many", 1),
            ("plugins/docker:20", "daemon_retry_count: 1_0", 0),
            ("plugins/docker:20", "password: {secret: a}", 1),
            ("plugins/docker:20", "password: {from-secret: a}", 1),
            ("plugins/docker:20", "config: {auths: {a: b}}", 0),
            ("plugins/docker:20", "context: {a: b}", 1),
            ("plugins/docker:20", "context: '{a}'", 0),
            ("plugins/docker:20", "context: |-\n      {a}", 0),
            ("plugins/docker:20", "context: >\n      {\"secret\":\"a\"}", 0),
            ("plugins/docker:20", "context: [{from_secret: a}]", 0),
            ("plugins/github-release:1", "file_exists: Skip", 0),
            ("plugins/github-release:1", "file_exists: skipp", 1),
            ("plugins/github-release:1", "file_exists: keep", 1),
            ("appleboy/drone-scp:1", "timeout: 1m30s", 0),
            ("appleboy/drone-scp:1", "timeout: long", 1),
        ];
        for (image, setting, count) in rows {
            let text = format!(
                "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: {image}\n  settings:\n    {setting}\n"
            );
            let own = found(&text).iter().filter(|it| it.code == super::CODE).count();
            assert_eq!(own, count, "{setting}");
        }
    }
}
