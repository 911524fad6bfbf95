//! A pattern that cannot match what it looks like: Drone's patterns are neither regular expressions nor what other
//! programs take.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::{Conditional, conditionals, patterns, short};
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, Written};
use crate::pipeline::{Condition, ConditionKey, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "dead-pattern";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for block in conditionals(page) {
        for condition in &block.conditions.entries {
            // Words of these have rules of their own, and `paths` is not looked at.
            if matches!(
                condition.key,
                ConditionKey::Event | ConditionKey::Action | ConditionKey::Status | ConditionKey::Paths
            ) {
                continue;
            }
            for (pattern, excluded) in patterns(condition) {
                // What is replaced before may be anything.
                if pattern.value.contains("${") {
                    continue;
                }
                let trap = trap(&block, condition, pattern);
                found.extend(trap.map(|it| it.problem(page.file, condition, pattern, excluded)));
            }
        }
    }
}

/// What is wrong with a pattern, and what to write.
struct Trap {
    /// Follows "the pattern …".
    what: &'static str,
    why: &'static str,
    help: String,
    /// The right pattern, or patterns.
    instead: Vec<String>,
    /// It does match something, only not what it looks like.
    works: bool,
}

impl Trap {
    fn new(what: &'static str, why: &'static str, help: impl Into<String>) -> Self {
        Self { what, why, help: help.into(), instead: Vec::new(), works: false }
    }

    /// With the text to write in its place.
    fn write(what: &'static str, why: &'static str, instead: Vec<String>) -> Self {
        let quoted: Vec<String> = instead.iter().map(|it| format!("`{}`", short(it))).collect();
        Self { what, why, help: format!("write {}", quoted.join(" and ")), instead, works: false }
    }

    fn problem(
        self,
        file: &Written<'_>,
        condition: &Condition,
        pattern: &Text,
        excluded: bool,
    ) -> Diagnostic {
        let effect = match (self.works, excluded) {
            (true, _) => "does not match what it looks like",
            (false, true) => "excludes nothing",
            (false, false) => "never matches",
        };
        let key = condition.key.name();
        let message = format!("`{}` under `{key}` {effect}: {}", short(&pattern.value), self.what);
        let make = if self.works { Diagnostic::hint } else { Diagnostic::warning };
        let fix = self.fix(file, condition, pattern);
        let problem = make(CODE, pattern.span, message).label("this pattern").why(self.why).help(self.help);
        match fix {
            Some(fix) => problem.fix(fix),
            None => problem,
        }
    }

    fn fix(&self, file: &Written<'_>, condition: &Condition, pattern: &Text) -> Option<Fix> {
        let quoted: Vec<String> = self.instead.iter().map(|it| scalar(it)).collect();
        let written = file.slice(pattern.span);
        let text = match quoted.as_slice() {
            [only] => only.clone(),
            [_, _, ..] if condition.span == pattern.span => format!("[{}]", quoted.join(", ")),
            _ => return None,
        };
        let one_line = !written.is_empty() && !written.contains('\n');
        one_line.then(|| edit::replace(pattern.span, text.clone(), format!("write `{text}`")))
    }
}

/// A pattern as a scalar, in quotes where YAML needs them.
fn scalar(pattern: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_./*".contains(it);
    let begins = pattern.starts_with(|it: char| it.is_ascii_alphabetic());
    if begins && pattern.chars().all(plain) { pattern.to_owned() } else { edit::quoted(pattern) }
}

fn trap(block: &Conditional<'_, '_>, condition: &Condition, pattern: &Text) -> Option<Trap> {
    let value = pattern.value.as_str();
    several(condition, pattern)
        .or_else(|| by_key(block, condition.key, value))
        .or_else(|| negation(value))
        .or_else(|| expression(condition.key, value))
        .or_else(|| malformed(value))
        .or_else(|| stars(value))
}

/// Several names in one text.
fn several(condition: &Condition, pattern: &Text) -> Option<Trap> {
    let value = pattern.value.trim();
    if value.contains(['{', '[', '(']) || !value.contains([',', ' ']) || condition.key == ConditionKey::Cron {
        return None;
    }
    let parts: Vec<&str> = value.split([',', ' ']).filter(|it| !it.is_empty()).collect();
    // A target may have blanks in its name; no branch, tag or repository has.
    if parts.len() < 2 || (condition.key == ConditionKey::Target && !value.contains(',')) {
        return None;
    }
    let why = "Drone takes one text for one pattern, commas and blanks included";
    let instead: Vec<String> = parts.iter().map(|it| (*it).to_owned()).collect();
    let help = format!("write a list: `[{}]`", short(&parts.join(", ")));
    Some(Trap { help, ..Trap::write("it is one name with a comma or a blank in it", why, instead) })
}

fn by_key(block: &Conditional<'_, '_>, key: ConditionKey, value: &str) -> Option<Trap> {
    let literal = &value[..value.find(['*', '?', '[', '{', '\\']).unwrap_or(value.len())];
    match key {
        ConditionKey::Branch if value.starts_with("refs/heads/") => {
            let why = "`branch` is compared with the name alone, `ref` with the full reference";
            Some(Trap::write(
                "a branch has no `refs/heads/`",
                why,
                vec![value["refs/heads/".len()..].to_owned()],
            ))
        }
        ConditionKey::Branch if value.starts_with("refs/") => {
            let why = "`branch` is compared with a name such as `main`, `ref` with the full reference";
            Some(Trap::new("it is a reference, and no branch", why, format!("use `ref: {}`", short(value))))
        }
        ConditionKey::Ref => {
            let common = literal.len().min("refs/".len());
            let differs = literal.as_bytes()[..common] != b"refs/"[..common];
            // `*` is one part, and every reference has three or more.
            let short = !value.contains('/') && value != "**";
            if !(differs || short) || !is_simple(value) {
                return None;
            }
            let why =
                "`ref` is compared with the full reference, such as `refs/heads/main` or `refs/tags/v1.0.0`";
            let what = if value.starts_with('*') {
                "`*` stops at a `/`, and every reference begins with `refs/`"
            } else {
                "every reference begins with `refs/`"
            };
            Some(match full_ref(block, value) {
                Some(it) => Trap::write(what, why, vec![it]),
                None => Trap::new(what, why, "write the full reference, or `**/` in front"),
            })
        }
        ConditionKey::Repo if !value.contains('/') && is_simple(value) && value != "**" => {
            let why = "`repo` is compared with `owner/name`";
            Some(Trap::write("the owner is missing", why, vec![format!("*/{value}")]))
        }
        _ => None,
    }
}

/// True for what has none of the marks that other traps are about.
fn is_simple(value: &str) -> bool {
    !value.is_empty() && !value.contains(['!', '^', '$', '(', ')', '\\', '[', ']', '{', '}', '+', '|'])
}

/// The full reference that is probably meant.
fn full_ref(block: &Conditional<'_, '_>, value: &str) -> Option<String> {
    if value.starts_with("heads/") || value.starts_with("tags/") || value.starts_with("pull/") {
        return Some(format!("refs/{value}"));
    }
    let event = block.conditions.get(ConditionKey::Event).map(|it| it.include.as_slice()).unwrap_or_default();
    let tags = !event.is_empty() && event.iter().all(|it| it.value == "tag");
    let version =
        value.strip_prefix('v').is_some_and(|it| it.starts_with(|it: char| it == '*' || it.is_ascii_digit()));
    let branch = matches!(value, "main" | "master" | "develop" | "dev" | "trunk");
    match (tags || version, branch) {
        (true, false) => Some(format!("refs/tags/{value}")),
        (false, true) => Some(format!("refs/heads/{value}")),
        _ => None,
    }
}

fn negation(value: &str) -> Option<Trap> {
    if let Some(rest) = value.strip_prefix('!') {
        let why = "a `!` in front is a letter like any other to Drone";
        let help = format!("put `{}` under `exclude`", short(rest));
        return Some(Trap::new("`!` negates nothing", why, help));
    }
    let at = value.find("[!")?;
    let why = "only `^` negates in a pattern of Drone";
    value[at..].contains(']').then(|| Trap {
        works: true,
        ..Trap::write("`[!…]` is a list of letters with a `!` in it", why, vec![value.replace("[!", "[^")])
    })
}

/// What looks like a regular expression.
fn expression(key: ConditionKey, value: &str) -> Option<Trap> {
    const WHY: &str =
        "drone's patterns know `*`, `**`, `?`, `[a-z]` and `{a,b}`, and always match the whole value";
    const WHAT: &str = "it is written like a regular expression";
    let anchored = value.starts_with('^') || value.ends_with('$');
    // Git allows no part of a name to begin with a dot.
    let of_git = matches!(key, ConditionKey::Branch | ConditionKey::Ref);
    let any = (of_git && (value == ".*" || value.contains("/.*"))) || value.contains(".+");
    let group = value.contains('(') && value.contains('|') && value.contains(')');
    let class = value.contains("\\d") || value.contains("\\w") || value.contains("]+");
    if !(anchored || any || group || class) {
        return None;
    }
    let bare = value.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".");
    let simple = bare.strip_suffix(".*").map_or_else(|| bare.clone(), |it| format!("{it}*"));
    if simple.chars().all(|it| it.is_ascii_alphanumeric() || "-_/.*".contains(it)) && !simple.contains(".*") {
        let simple = if simple == "*" { "**".to_owned() } else { simple };
        return Some(Trap::write(WHAT, WHY, vec![simple]));
    }
    Some(Trap::new(WHAT, WHY, "write it with `*`, or as several patterns in a list"))
}

fn malformed(value: &str) -> Option<Trap> {
    const WHY: &str = "Drone says nothing of a pattern that it cannot read: it matches nothing";
    if value.contains('\\') {
        return None;
    }
    if let Some(start) = value.find('{') {
        let Some(end) = value[start..].find('}').map(|it| start + it) else {
            return Some(Trap::new("a `}` is missing", WHY, "close the `{`"));
        };
        if value[start..end].contains('/') {
            let (before, behind) = (&value[..start], &value[end + 1..]);
            let each: Vec<String> =
                value[start + 1..end].split(',').map(|it| format!("{before}{it}{behind}")).collect();
            return Some(Trap::write("no `/` may stand inside `{…}`", WHY, each));
        }
    }
    let start = value.find('[')?;
    match value[start..].find(']') {
        None => Some(Trap::new("a `]` is missing", WHY, "close the `[`")),
        Some(1) => Some(Trap::new("`[]` is empty", WHY, "name the letters that may stand there")),
        Some(_) => None,
    }
}

/// `**` that is only a part of a segment.
fn stars(value: &str) -> Option<Trap> {
    let inside = value.split('/').any(|it| it.contains("**") && it.bytes().any(|it| it != b'*'));
    if !inside {
        return None;
    }
    let why = "`**` crosses a `/` only where it stands alone between two of them; elsewhere it is a `*`";
    let help = "write `*` if that is meant, or `**` between slashes, such as `feature/**`";
    Some(Trap { works: true, ..Trap::new("`**` is a part of a name here", why, help) })
}
