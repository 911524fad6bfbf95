//! A pipeline → its `trigger` and every `when`, for rules about conditions; and short words for a condition.

use std::borrow::Cow;

use crate::diagnostic::shortened;
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::pipeline::{Condition, Conditions, Pipeline, Text};
use crate::plan::{Block, condition_matches};
use crate::source::Span;

/// A `trigger` or a `when` that holds some condition.
#[derive(Clone, Copy)]
pub(super) struct Conditional<'p, 'f> {
    pub(super) conditions: &'p Conditions,
    pub(super) pipeline: &'p Pipeline,
    /// `None` for the trigger.
    pub(super) step: Option<&'p StepAdvice<'f>>,
}

impl Conditional<'_, '_> {
    /// Whose it is, to begin a sentence with: ``the step `a` ``.
    pub(super) fn owner(&self) -> String {
        match self.step {
            Some(step) => step_words(step),
            None => format!("the pipeline `{}`", short(self.pipeline.name())),
        }
    }
}

/// The trigger and each `when`, empty ones left out.
pub(super) fn conditionals<'p, 'f>(
    page: &'p PipelineAdvice<'f>,
) -> impl Iterator<Item = Conditional<'p, 'f>> {
    let pipeline = page.pipeline;
    let trigger = Conditional { conditions: &pipeline.trigger, pipeline, step: None };
    let whens =
        page.all.iter().map(move |it| Conditional { conditions: &it.step.when, pipeline, step: Some(it) });
    std::iter::once(trigger).chain(whens).filter(|it| !it.conditions.entries.is_empty())
}

/// ``the step `a` `` or ``the service `b` ``.
pub(super) fn step_words(step: &StepAdvice<'_>) -> String {
    let noun = if step.is_service { "service" } else { "step" };
    format!("the {noun} `{}`", short(step.step.name()))
}

/// The words of Drone that begin the block.
pub(super) fn block_word(block: Block) -> &'static str {
    match block {
        Block::Trigger => "trigger",
        Block::When => "when",
    }
}

/// What a condition asks for, in the words of the file: `` `event: push` ``, or its key when it says more.
pub(super) fn says(condition: &Condition) -> String {
    let name = condition.key.name();
    match (condition.include.as_slice(), condition.exclude.as_slice()) {
        ([only], []) => format!("`{name}: {}`", short(&only.value)),
        ([first, second], []) => format!("`{name}: [{}, {}]`", short(&first.value), short(&second.value)),
        ([], [only]) => format!("`{name}` without `{}`", short(&only.value)),
        _ => format!("this `{name}`"),
    }
}

/// Where to point when speaking of a condition: its only pattern, or its value.
pub(super) fn place(condition: &Condition) -> Span {
    match (condition.include.as_slice(), condition.exclude.as_slice()) {
        ([only], []) | ([], [only]) => only.span,
        _ => condition.span,
    }
}

/// Each pattern of a condition, and true for those under `exclude`.
pub(super) fn patterns(condition: &Condition) -> impl Iterator<Item = (&Text, bool)> {
    let include = condition.include.iter().map(|it| (it, false));
    include.chain(condition.exclude.iter().map(|it| (it, true)))
}

/// The same condition with one pattern only.
fn alone(condition: &Condition, pattern: &Text) -> Condition {
    Condition { include: vec![pattern.clone()], exclude: Vec::new(), ..condition.clone() }
}

/// True when the pattern matches one of these words, or may after its `${…}` was replaced.
pub(super) fn may_match(condition: &Condition, pattern: &Text, words: &[&str]) -> bool {
    if words.contains(&pattern.value.as_str()) || pattern.value.contains('$') {
        return true;
    }
    let alone = alone(condition, pattern);
    words.iter().any(|it| condition_matches(&alone, it))
}

/// A text that fits a sentence.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    shortened(text, 40)
}
