//! Small manifests by hand, for the tests of this room.

use crate::pipeline::{
    Condition, ConditionKey, Conditions, Document, Manifest, Pipeline, Resource, Step, Text,
};
use crate::source::Span;

/// Conditions from key, includes, excludes. Each pattern has a place of its own.
pub(super) fn conditions(keys: &[(ConditionKey, &[&str], &[&str])]) -> Conditions {
    let mut at = 0;
    let mut text = |it: &&str| {
        at += 10;
        Text::new((*it).to_owned(), Span::new(at, at + it.len()))
    };
    let entries = keys.iter().map(|(key, include, exclude)| Condition {
        key: *key,
        key_span: Span::default(),
        span: Span::new(1, 2),
        include: include.iter().map(&mut text).collect(),
        exclude: exclude.iter().map(&mut text).collect(),
    });
    Conditions { span: Some(Span::new(0, 9)), entries: entries.collect() }
}

/// A pipeline with these steps.
pub(super) fn pipeline(name: &str, steps: Vec<Step>) -> Pipeline {
    Pipeline { kind: text("pipeline"), written_name: Some(text(name)), steps, ..Pipeline::default() }
}

/// A step that waits for these.
pub(super) fn step(name: &str, depends_on: &[&str]) -> Step {
    Step { name: Some(text(name)), depends_on: texts(depends_on), ..Step::default() }
}

/// The same step, wanted with this `status` only.
pub(super) fn with_status(step: Step, status: &[&str]) -> Step {
    Step { when: conditions(&[(ConditionKey::Status, status, &[])]), ..step }
}

/// The same step, in builds of this event only.
pub(super) fn with_event(step: Step, event: &str) -> Step {
    Step { when: conditions(&[(ConditionKey::Event, &[event], &[])]), ..step }
}

/// A file with these pipelines.
pub(super) fn manifest(pipelines: Vec<Pipeline>) -> Manifest {
    let document = |(document, pipeline)| {
        let pipeline = Pipeline { document, ..pipeline };
        Document::new(Span::default(), Resource::Pipeline(Box::new(pipeline)))
    };
    Manifest { documents: pipelines.into_iter().enumerate().map(document).collect(), legacy: false }
}

/// A text without a place.
pub(super) fn text(value: &str) -> Text {
    Text::new(value.to_owned(), Span::default())
}

/// Texts without a place.
pub(super) fn texts(values: &[&str]) -> Vec<Text> {
    values.iter().map(|it| text(it)).collect()
}
