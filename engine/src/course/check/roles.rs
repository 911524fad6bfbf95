//! Roles → the steps that play them, whatever they are called: by command, image, plugin or position.

use crate::course::declared::{Position, Role};
use crate::course::rehearse::plays;
use crate::pipeline::{Manifest, Parameter, Step};
use crate::plan::glob;
use crate::shell::{Piece, Script, Simple, Word, commands as commands_of, parse};

/// A step, or one command of it, that plays a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Place of the pipeline among the pipelines of the file.
    pub(super) pipeline: usize,
    /// Place of the step in the pipeline.
    pub(super) step: usize,
    /// Where in the step's script, in bytes; 0 for the whole step.
    pub(super) at: usize,
}

/// All parts that play a role, in file order.
pub(super) fn parts(role: &Role, manifest: &Manifest) -> Vec<Part> {
    let mut found = Vec::new();
    for (pipeline, it) in manifest.pipelines().enumerate() {
        let last = it.steps.len().saturating_sub(1);
        for (step, this) in it.steps.iter().enumerate() {
            let here = |at| Part { pipeline, step, at };
            if !role.command.is_empty() {
                found.extend(
                    commands(this).iter().filter(|(words, _)| plays(role, words)).map(|(_, at)| here(*at)),
                );
            } else if matches(role, this, step, last) {
                found.push(here(0));
            }
        }
    }
    found
}

fn matches(role: &Role, step: &Step, at: usize, last: usize) -> bool {
    let image = |name: &str| {
        let bare = step.image().split('@').next().unwrap_or_default();
        let (folder, last) = bare.rsplit_once('/').map_or(("", bare), |(folder, last)| (folder, last));
        let last = last.split(':').next().unwrap_or_default();
        let whole = if folder.is_empty() { last.to_owned() } else { format!("{folder}/{last}") };
        whole == name || whole.ends_with(&format!("/{name}"))
    };
    match (&role.image, &role.plugin, role.position) {
        (Some(name), _, _) => image(name),
        (_, Some(name), _) => step.commands().is_empty() && image(name) && has_settings(role, step),
        (_, _, Some(Position::First)) => at == 0,
        (_, _, Some(Position::Last)) => at == last,
        _ => false,
    }
}

/// True when each setting that the role asks for has one of the values.
fn has_settings(role: &Role, step: &Step) -> bool {
    role.settings.iter().all(|(name, patterns)| {
        let value = setting(step, name).unwrap_or_default();
        patterns.iter().any(|it| glob::matches(it, value.trim_matches('/')))
    })
}

/// A setting that is a plain text.
fn setting<'s>(step: &'s Step, name: &str) -> Option<&'s str> {
    let (_, value) = step.settings.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name))?;
    match value {
        Parameter::Value(text) => text.value.as_deref(),
        Parameter::Secret(_) => None,
    }
}

/// The simple commands of a step as words, each with its place in the script. What is not plain text is left out.
fn commands(step: &Step) -> Vec<(Vec<String>, usize)> {
    let text: Vec<&str> = step.commands().iter().map(|it| it.value.as_str()).collect();
    let mut found = Vec::new();
    if let Ok(script) = parse(&text.join("\n"), true) {
        scan(&script, &mut found);
    }
    found
}

/// Commands whose output is all that is asked for play no role.
fn scan(script: &Script, found: &mut Vec<(Vec<String>, usize)>) {
    for seen in commands_of(script).into_iter().filter(|it| !it.context.substitution) {
        scan_simple(seen.simple, found);
    }
}

/// Words that stand before the program proper.
const BEFORE: [&str; 8] = ["exec", "command", "time", "nohup", "env", "sudo", "nice", "xvfb-run"];

fn scan_simple(simple: &Simple, found: &mut Vec<(Vec<String>, usize)>) {
    let at = simple.span.start as usize;
    let words: Vec<String> = simple.words.iter().map(plain).collect();
    let before = words.iter().take_while(|it| BEFORE.contains(&it.as_str()) || it.contains('=')).count();
    let words = words[before.min(words.len())..].to_vec();
    let shell =
        words.first().is_some_and(|it| matches!(it.as_str(), "sh" | "bash" | "dash" | "ash" | "eval"));
    if let Some(text) = words.last().filter(|_| shell)
        && let Ok(inner) = parse(text, true)
    {
        let mut nested = Vec::new();
        scan(&inner, &mut nested);
        found.extend(nested.into_iter().map(|(words, _)| (words, at)));
    }
    let coverage = words.first().is_some_and(|it| it.rsplit('/').next() == Some("coverage"));
    if let Some(at) = words.iter().position(|it| it == "-m").filter(|_| coverage) {
        found.push((std::iter::once("python".to_owned()).chain(words[at..].iter().cloned()).collect(), at));
    }
    found.push((words, at));
}

fn plain(word: &Word) -> String {
    let text = |it: &Piece| match it {
        Piece::Text(text) => text.clone(),
        _ => "\u{fffd}".into(),
    };
    word.parts.iter().map(|it| text(&it.piece)).collect()
}
