//! A step → each `${…}` and `$$` in it, with what it stands in; and the events for which the step may run.

use crate::lint::written::{StepAdvice, Written};
use crate::pipeline::{Parameter, Text, Variable};
use crate::plan::{Event, Forge, Question};
use crate::source::Span;
use crate::yaml::Dollar;

/// What a `${…}` stands in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Site<'f> {
    /// An item of `commands`.
    Command,
    /// The value of a variable of the step.
    Environment,
    /// The value of a setting.
    Setting(&'f Text),
    /// The image.
    Image,
}

impl Site<'_> {
    /// True where a shell reads what Drone leaves: `commands`, and settings that hold a script.
    pub(super) fn is_shell(self) -> bool {
        match self {
            Self::Command => true,
            Self::Setting(key) => key.value.contains("script") || key.value.contains("command"),
            _ => false,
        }
    }
}

/// A place of a step that substitution changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'f> {
    /// The place and its names.
    pub(super) dollar: &'f Dollar,
    /// What it stands in.
    pub(super) site: Site<'f>,
    /// The whole text that it stands in.
    pub(super) whole: Span,
}

impl<'f> Use<'f> {
    /// The outermost name, and what follows it before the closing brace: `:-x` of `${NAME:-x}`. `None` for a `$$`.
    pub(super) fn parts(&self, file: &Written<'f>) -> Option<(&'f str, &'f str)> {
        self.dollar.name()?;
        let inner = file.slice(self.dollar.span).strip_prefix("${")?.strip_suffix('}')?;
        let inner = inner.strip_prefix('#').unwrap_or(inner);
        let end = inner.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(inner.len());
        Some(inner.split_at(end))
    }
}

/// The places of a step that substitution changes. Comments are left out: nobody reads what becomes of them.
pub(super) fn uses<'f>(page: &StepAdvice<'f>) -> Vec<Use<'f>> {
    let mut found = Vec::new();
    let file = page.file;
    if file.dollars.is_empty() {
        return found;
    }
    let mut add = |whole: Span, site: Site<'f>| {
        let own = file.dollars_in(whole).iter().filter(|it| !is_comment(file, whole, it.span.start));
        found.extend(own.map(|dollar| Use { dollar, site, whole }));
    };
    let step = page.step;
    if let Some(image) = &step.image {
        add(image.span, Site::Image);
    }
    for command in step.commands() {
        add(command.span, Site::Command);
    }
    for (_, value) in &step.environment {
        if let Variable::Value(text) = value {
            add(text.span, Site::Environment);
        }
    }
    for (key, value) in &step.settings {
        if let Parameter::Value(text) = value {
            add(text.span, Site::Setting(key));
        }
    }
    found
}

/// A line longer than this before a place is no line that a person wrote.
const MOST_BEFORE: usize = 300;

/// True when the place stands behind a `#` that begins a comment of YAML or of the shell.
pub(super) fn is_comment(file: &Written<'_>, whole: Span, at: u32) -> bool {
    let from = (whole.start as usize).max((at as usize).saturating_sub(MOST_BEFORE));
    let before = file.text.as_bytes().get(from..at as usize).unwrap_or_default();
    let line = before.iter().rposition(|it| *it == b'\n').map_or(before, |it| &before[it + 1..]);
    let mut quotes = [false; 2];
    for (index, it) in line.iter().enumerate() {
        match it {
            b'\'' if !quotes[1] => quotes[0] = !quotes[0],
            b'"' if !quotes[0] => quotes[1] = !quotes[1],
            b'#' if quotes == [false; 2] && (index == 0 || line[index - 1].is_ascii_whitespace()) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// The events for which the step may run: all but those that its conditions and the pipeline's surely keep out.
pub(super) fn events(page: &StepAdvice<'_>) -> Vec<Event> {
    let own = Question::new().trigger(&page.pipeline.trigger).when(&page.step.when);
    Event::ALL.into_iter().filter(|it| !own.is_never(&[*it], Forge::Any)).collect()
}
