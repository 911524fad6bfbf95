//! A `from_secret` that misses a secret of the file by a slip, and secrets of the file that nobody asks for.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::similar::closest;
use crate::lint::written::FileAdvice;
use crate::pipeline::{Parameter, Resource, Step, Text, Variable};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "secret-name";

/// A file with more of either is made by a program, and comparing them all takes long.
const MOST_IDLE: usize = 50;
const MOST_NAMES: usize = 200;

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let own: Vec<&Text> = page.file.documents.iter().filter_map(|it| name_of(&it.resource)).collect();
    if own.is_empty() || !page.is_complete() {
        return;
    }
    let asked: Vec<&Text> =
        page.pipelines.iter().flat_map(|it| &it.all).flat_map(|it| used(it.step)).collect();
    let pulled = page.pipelines.iter().flat_map(|it| &it.pipeline.image_pull_secrets);
    let names: HashSet<&str> = asked.iter().copied().chain(pulled).map(|it| it.value.as_str()).collect();
    let known: HashSet<&str> = own.iter().map(|it| it.value.as_str()).collect();
    let idle: Vec<&Text> = own.iter().filter(|it| !names.contains(it.value.as_str())).copied().collect();
    if idle.len() > MOST_IDLE {
        return;
    }
    let meant = slips(&asked, &known, &idle, found);
    for it in idle.iter().filter(|it| !meant.contains(it.value.as_str())) {
        // Other kinds of pipelines name secrets in places of their own.
        if page.file.text.matches(it.value.as_str()).nth(1).is_none() {
            found.push(unused(it));
        }
    }
}

/// The secrets of the file that were meant by names which miss them.
fn slips<'f>(
    asked: &[&'f Text],
    known: &HashSet<&str>,
    idle: &[&'f Text],
    found: &mut Vec<Diagnostic>,
) -> HashSet<&'f str> {
    let mut looked_at: HashMap<&str, Option<&'f Text>> = HashMap::new();
    for it in asked.iter().filter(|it| !known.contains(it.value.as_str())) {
        if looked_at.len() > MOST_NAMES {
            break;
        }
        let right = *looked_at.entry(&it.value).or_insert_with(|| {
            let right = closest(&it.value, idle.iter().map(|it| it.value.as_str()))?;
            idle.iter().find(|it| it.value == right).copied()
        });
        found.extend(right.map(|right| slip(it, right)));
    }
    looked_at.values().flatten().map(|it| it.value.as_str()).collect()
}

fn name_of(resource: &Resource) -> Option<&Text> {
    match resource {
        Resource::Secret(secret) => secret.name.as_ref().filter(|it| !it.value.is_empty()),
        _ => None,
    }
}

fn used(step: &Step) -> impl Iterator<Item = &Text> {
    let environment = step.environment.iter().filter_map(|(_, it)| match it {
        Variable::Secret(name) => Some(name),
        Variable::Value(_) => None,
    });
    let settings = step.settings.iter().filter_map(|(_, it)| match it {
        Parameter::Secret(name) => Some(name),
        Parameter::Value(_) => None,
    });
    environment.chain(settings)
}

fn slip(asked: &Text, right: &Text) -> Diagnostic {
    let (asked_name, name) = (&asked.value, &right.value);
    let capitals = asked_name.eq_ignore_ascii_case(name);
    let label = if capitals {
        "capitals count for secrets of the file"
    } else {
        "no secret of the file is called so"
    };
    Diagnostic::warning(
        CODE,
        asked.span,
        format!("the file has a secret `{name}`, and none called `{asked_name}`"),
    )
    .label(label)
    .also(right.span, "no step asks for this one")
    .why("a secret that is not found is no error: the value is empty")
    .help(format!("write `{name}`, unless the server has a secret `{asked_name}`"))
    .fix(replace(asked.span, name.as_str(), format!("write `{name}`")))
}

fn unused(secret: &Text) -> Diagnostic {
    Diagnostic::hint(CODE, secret.span, format!("nothing asks for the secret `{}`", secret.value))
        .label("used nowhere in this file")
        .why("a secret that lies around can leak, and readers look for its use in vain")
        .help("delete the document, or name the secret with `from_secret`")
}
