//! A file of Drone 0.8 → the pipelines that the server's conversion makes of it: names, triggers, steps by name.

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::pipeline::decode::{Decoder, LegacyFile};
use crate::pipeline::{
    Condition, ConditionKey, Conditions, Document, Manifest, Pipeline, Resource, Spanned, Text,
};
use crate::source::{SourceFile, Span};
use crate::yaml::parse;

/// A matrix larger than this is cut: nobody means to start so many pipelines.
const MOST_PIPELINES: usize = 10_000;

/// The place of the line that makes a file one of Drone 0.8: `pipeline:` at column 0 with nothing but blanks after
/// it, wherever it stands, even inside a text (§1.6).
#[must_use]
pub fn legacy_line(text: &str) -> Option<Span> {
    const KEY: &str = "pipeline:";
    let mut at = 0;
    while let Some(found) = text[at..].find(KEY) {
        let start = at + found;
        let after = start + KEY.len();
        let rest = text[after..].split('\n').next().unwrap_or_default();
        if (start == 0 || text.as_bytes()[start - 1] == b'\n') && rest.trim().is_empty() {
            return Some(Span::new(start, after));
        }
        at = after;
    }
    None
}

/// True for a file of Drone 0.8.
#[must_use]
pub fn is_legacy(text: &str) -> bool {
    legacy_line(text).is_some()
}

/// What the server makes of a 0.8 file. It reads the text as one YAML document.
pub(super) fn convert(source: &SourceFile) -> (Manifest, Vec<Diagnostic>) {
    let server = Programs::one(Program::Server);
    let (tree, mut problems) = parse(source.text());
    let place = |it: Span| it;
    let mut decoder = Decoder::new(&tree, &place);
    let file = decoder.legacy_file(server);
    problems.append(&mut decoder.problems);
    for refusal in problems.iter_mut().flat_map(|it| &mut it.refusals) {
        refusal.programs = server;
        refusal.stage = Stage::Convert;
    }
    let documents = if problems.is_empty() { documents(source, &file) } else { Vec::new() };
    if let Some(span) = legacy_line(source.text()) {
        problems.insert(0, advice(span));
    }
    (Manifest { documents, legacy: true }, problems)
}

fn advice(span: Span) -> Diagnostic {
    Diagnostic::warning("legacy", span, "this file is written for Drone 0.8")
        .label("a top-level `pipeline:` was the way of 0.8")
        .why("only the server still understands it, by a conversion; runners and `drone lint` see no pipeline")
        .help("rewrite it: `kind: pipeline`, `type: docker`, and `steps:` as a list with `- name:` and `image:`")
}

fn documents(source: &SourceFile, file: &LegacyFile) -> Vec<Document> {
    let span = Span::new(0, source.text().len());
    let key = legacy_line(source.text()).unwrap_or_default();
    let name = |index: usize| match file.matrix {
        0 => "default".to_owned(),
        _ => format!("matrix-{}", index + 1),
    };
    let one = |document: usize| Pipeline {
        document,
        span,
        kind: Spanned::new("pipeline".into(), key),
        type_: Some(Spanned::new("docker".into(), key)),
        written_name: Some(Spanned::new(name(document), key)),
        trigger: trigger(file),
        steps: file.steps.clone(),
        services: file.services.clone(),
        ..Pipeline::default()
    };
    let count = file.matrix.clamp(1, MOST_PIPELINES);
    (0..count).map(|it| Document::new(span, Resource::Pipeline(Box::new(one(it))))).collect()
}

/// `branches:` becomes a condition on the ref, so that pull requests still build; tags do when a step asks for them.
fn trigger(file: &LegacyFile) -> Conditions {
    let Some(span) = file.branches_span else { return Conditions::default() };
    let heads = |it: &Text| Spanned::new(format!("refs/heads/{}", it.value), it.span);
    let mut include: Vec<Text> = file.include.iter().map(heads).collect();
    if !include.is_empty() {
        include.push(Spanned::new("refs/pull/**".into(), span));
        if file.builds_tags {
            include.push(Spanned::new("refs/tags/**".into(), span));
        }
    }
    let exclude = file.exclude.iter().map(heads).collect();
    let entry = Condition { key: ConditionKey::Ref, key_span: span, span, include, exclude };
    Conditions { span: Some(span), entries: vec![entry] }
}
