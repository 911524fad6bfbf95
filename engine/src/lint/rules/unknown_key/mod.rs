//! A key that no program of Drone knows where it stands.

mod place;
mod settings;
mod words;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::unknown_key::place::Place;
use crate::lint::rules::unknown_key::words::Word;
use crate::lint::{FileAdvice, Written};
use crate::pipeline::grammar::{STEP, TRIGGER, WHEN};
use crate::pipeline::{Document, Loss, Pipeline, Resource};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "unknown-key";
const WHY: &str =
    "Drone ignores what it does not know, without a word: the build runs as if the line were not there";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for document in &page.file.documents {
        if document.lost.iter().any(|it| matches!(it.loss, Loss::UnknownKey { .. })) {
            check_document(page.file, document, found);
        }
    }
}

fn check_document(file: &Written<'_>, document: &Document, found: &mut Vec<Diagnostic>) {
    // The settings of one plugin are one mistake, however many they are.
    let mut settings: BTreeMap<Span, Vec<Place<'_>>> = BTreeMap::new();
    for lost in &document.lost {
        let Loss::UnknownKey { name, map, value } = &lost.loss else { continue };
        if std::ptr::eq(*map, &raw const WHEN) || std::ptr::eq(*map, &raw const TRIGGER) {
            continue; // the rule `ignored-condition` speaks of these
        }
        let place = Place::of(file, document, (name, lost.span), (map, *value));
        if name.is_empty() || name.starts_with(['_', '.']) || is_told(&place, document) {
            continue;
        }
        match place.step.filter(|_| place.is_setting()) {
            Some(step) => settings.entry(step.span).or_default().push(place),
            None => found.push(problem(&place)),
        }
    }
    found.extend(settings.into_values().map(|it| settings::problem(&it)));
}

/// True where a rule of the errors says already that the right key is missing.
fn is_told(place: &Place<'_>, document: &Document) -> bool {
    match &document.resource {
        Resource::Pipeline(it) => is_told_of_pipeline(place, it),
        Resource::Secret(it) => it.data.is_none() && it.get_path.is_none() && it.get_name.is_none(),
        Resource::Cron(it) => it.branch.is_none(),
        Resource::Registry(it) => it.data.is_empty(),
        Resource::Signature(it) => it.hmac.is_none(),
        Resource::NoKind | Resource::Broken => false,
    }
}

fn is_told_of_pipeline(place: &Place<'_>, pipeline: &Pipeline) -> bool {
    if let Some(step) = place.step {
        // `missing-step-name` and `missing-image` show the key that is near.
        let near = place.near;
        return (near == Some("name") && step.name().is_empty())
            || (near == Some("image") && step.image().is_empty());
    }
    if place.map.noun == "a volume" {
        let own = pipeline.volumes.iter().filter(|it| it.span.to(place.key) == it.span);
        return own.filter_map(|it| it.name.as_ref()).all(|it| it.value.is_empty());
    }
    // The rest of an item that is empty.
    let empty = pipeline.steps.iter().chain(&pipeline.services).any(|it| it.null);
    empty && STEP.key(place.name).is_some()
}

fn problem(place: &Place<'_>) -> Diagnostic {
    let message = format!("{} has no key {}", place.map.noun, place.shown());
    let problem = Diagnostic::warning(CODE, place.key, message).why(WHY);
    let lower = place.name.to_lowercase();
    if place.map.key(&lower).is_some() {
        let problem = problem.label("a key is written in small letters").help(format!("write `{lower}`"));
        return with_rename(problem, place, &lower);
    }
    let near = place.near;
    match place.word() {
        Some(word) => foreign(problem, place, word),
        None if place.is_surely_near() => slip(problem, place, near.unwrap_or_default()),
        None => match place.home() {
            Some((label, help)) => problem.label(label).help(help),
            None if near.is_some() => slip(problem, place, near.unwrap_or_default()),
            None if words::NOTES.contains(&place.name) => note(problem),
            None => problem.label("nobody reads this").help(place.general_help()),
        },
    }
}

/// Nothing is lost with a note, but that no log shows it.
fn note(problem: Diagnostic) -> Diagnostic {
    let problem = problem.label("nobody reads this").help("write it as a comment, after `#`");
    Diagnostic { severity: Severity::Hint, ..problem }
}

fn slip(problem: Diagnostic, place: &Place<'_>, near: &str) -> Diagnostic {
    let problem = problem.label(format!("did you mean `{near}`?")).help(format!("write `{near}`"));
    with_rename(problem, place, near)
}

fn foreign(problem: Diagnostic, place: &Place<'_>, word: &Word) -> Diagnostic {
    let problem = problem.label(word.label()).help(word.help);
    match word.instead {
        Some("failure") if place.value_text() == "true" => {
            problem.fix(replace(place.key.to(place.value), "failure: ignore", "write `failure: ignore`"))
        }
        Some("failure") | None => problem,
        Some(key) => with_rename(problem, place, key),
    }
}

/// The fix that renames the key, where its value has the right shape for it and the key is not there already.
fn with_rename(problem: Diagnostic, place: &Place<'_>, key: &str) -> Diagnostic {
    if !place.fits(key) || place.has(key) {
        return problem;
    }
    problem.fix(replace(place.key, key, format!("write `{key}`")))
}
