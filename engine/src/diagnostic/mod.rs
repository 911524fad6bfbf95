//! What is wrong, why it matters, what to do: a [`Diagnostic`] is a value with spans; [`render`] makes its excerpt.

mod programs;
mod render;
mod words;

pub use programs::{Program, Programs, Refusal, Stage};
pub use render::{render, render_with};
pub use words::shortened;

use crate::source::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works, could be better.
    Hint,
    /// Accepted, but does not do what it says.
    Warning,
    /// Some program of Drone refuses it.
    Error,
}

impl Severity {
    /// The word that messages use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what to say about it. An empty message marks the place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there.
    pub message: String,
}

/// Replace the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an instruction.
    pub message: String,
    /// The edits, in the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
    /// True when the change cannot alter the meaning of anything that works.
    pub safe: bool,
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's code: kebab-case, and the name of the rule's folder.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a final stop, with the words of the file.
    pub message: String,
    /// Where, and what to say there.
    pub primary: Label,
    /// Other places that explain it ("first defined here").
    pub secondary: Vec<Label>,
    /// Why it matters, in one sentence.
    pub why: Option<String>,
    /// What to do next.
    pub help: Option<String>,
    /// Changes that mend it.
    pub fixes: Vec<Fix>,
    /// Which programs of Drone refuse the file because of it, and when. Empty for mere advice.
    pub refusals: Vec<Refusal>,
}

impl Diagnostic {
    /// A problem that some program of Drone refuses; say which with [`Diagnostic::refused_by`].
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A construct that is accepted but does not do what it says.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// Something that works and could be better.
    pub fn hint(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Hint, code, span, message)
    }

    fn new(severity: Severity, code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: Label { span, message: String::new() },
            secondary: Vec::new(),
            why: None,
            help: None,
            fixes: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// What to say at the primary place.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// A further place that explains the problem.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label { span, message: message.into() });
        self
    }

    /// Why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// What to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a change that mends it. Its edits may come in any order.
    #[must_use]
    pub fn fix(mut self, mut fix: Fix) -> Self {
        fix.edits.sort_by_key(|it| it.span);
        self.fixes.push(fix);
        self
    }

    /// Who refuses the file because of this, in one line; `None` for mere advice.
    #[must_use]
    pub fn refusers(&self) -> Option<String> {
        let of = |untrusted_only: bool| {
            let own = self.refusals.iter().filter(|it| it.untrusted_only == untrusted_only);
            own.fold(Programs::NONE, |all, it| all | it.programs)
        };
        let always = of(false);
        let untrusted = of(true).without(always);
        let parts = [(always, ""), (untrusted, ", unless the repository is trusted")];
        let parts = parts.into_iter().filter(|it| !it.0.is_empty());
        let lines: Vec<_> =
            parts.map(|(programs, unless)| format!("refused by {programs}{unless}")).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }

    /// These programs refuse the file at this stage, whether the repository is trusted or not.
    #[must_use]
    pub fn refused_by(mut self, programs: Programs, stage: Stage) -> Self {
        self.refusals.push(Refusal { programs, stage, untrusted_only: false });
        self
    }

    /// These programs refuse the file at this stage unless the repository is trusted.
    #[must_use]
    pub fn refused_untrusted(mut self, programs: Programs, stage: Stage) -> Self {
        self.refusals.push(Refusal { programs, stage, untrusted_only: true });
        self
    }
}
