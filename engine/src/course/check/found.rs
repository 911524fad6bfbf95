//! What a check found before it has all its words: what happened, where, and which idea it is about.

use crate::source::Span;

/// Something that does not hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// What happened, in whole sentences.
    pub(super) happened: String,
    /// Where.
    pub(super) at: Option<At>,
    /// The idea, where it is another than that of the check.
    pub(super) code: Option<&'static str>,
    /// The next action, where it is another than that of the check.
    pub(super) next: Option<String>,
    /// Lines of a log that show it.
    pub(super) log: Vec<String>,
}

/// A place and what to say there.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub(super) file: String,
    pub(super) span: Span,
    pub(super) label: String,
}

impl Found {
    /// Something that happened nowhere in particular.
    pub(super) fn new(happened: impl Into<String>) -> Self {
        Self { happened: happened.into(), ..Self::default() }
    }

    /// The place, in `.drone.yml`.
    pub(super) fn at(self, span: Span, label: impl Into<String>) -> Self {
        self.in_file(super::CONFIG, span, label)
    }

    /// The place.
    pub(super) fn in_file(mut self, file: &str, span: Span, label: impl Into<String>) -> Self {
        self.at = Some(At { file: file.into(), span, label: label.into() });
        self
    }
}
