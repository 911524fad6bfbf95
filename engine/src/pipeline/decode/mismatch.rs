//! A value of a wrong shape → the diagnostic: what is expected, what stands there, and how to write it.

use super::{Decoder, Field, shape};
use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::pipeline::Unread;
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Scalar, resolve};

impl Decoder<'_> {
    pub(super) fn mismatch(&mut self, field: Field, node: NodeId, expected: &str) {
        let subject = match (&self.entry, field.key) {
            (_, shape::DOCUMENT) => shape::DOCUMENT.to_owned(),
            (Some(entry), key) => format!("`{entry}` under `{key}`"),
            (None, key) => format!("`{key}`"),
        };
        let found = self.found(node);
        let message = match expected {
            shape::KEY => format!("a key must be a text, and this is {found}"),
            shape::STEP | shape::MOUNT => {
                format!("each item of {subject} must be {expected}, and this is {found}")
            }
            _ => format!("{subject} must be {expected}, and this is {found}"),
        };
        self.wrong_shape(field, node, message, expected);
    }

    pub(super) fn item_mismatch(&mut self, field: Field, node: NodeId) {
        let message =
            format!("each item of `{}` must be a text, and this is {}", field.key, self.found(node));
        self.wrong_shape(field, node, message, shape::ITEM);
    }

    pub(super) fn wrong_shape(&mut self, field: Field, node: NodeId, message: String, expected: &str) {
        if matches!(self.tree.node(node).kind, Kind::UnknownAlias) {
            return; // noted as such
        }
        self.unread.push(Unread { span: self.place(node), key: Some(field.key), programs: field.programs });
        let due = if matches!(expected, shape::ITEM | shape::KEY) { "a text" } else { expected };
        let mut problem = Diagnostic::error("wrong-shape", self.shown(node), message)
            .label(format!("{due} is due here"))
            .why(why(field.programs))
            .refused_by(field.programs, Stage::Parse);
        problem.help = Some(self.advice(field.key, node, expected));
        problem.fixes.extend(self.mend(node, expected));
        self.note(problem);
    }

    /// Programs that read a value twice complain once.
    pub(super) fn note(&mut self, problem: Diagnostic) {
        if problem.refusals.iter().all(|it| it.programs.is_empty()) {
            return;
        }
        let same = |it: &&mut Diagnostic| it.code == problem.code && it.primary.span == problem.primary.span;
        match self.problems.iter_mut().rev().take(4).find(same) {
            Some(earlier) => earlier.refusals.extend(problem.refusals),
            None => self.problems.push(problem),
        }
    }

    /// The place to show: a list without brackets begins with its first item, whether its dash is indented or not.
    pub(super) fn shown(&self, node: NodeId) -> Span {
        let span = self.tree.node(node).span;
        let items = self.tree.items(node).first().zip(self.tree.items(node).last());
        let own = |it: &NodeId| self.tree.node(*it).span;
        let without_brackets = items.filter(|it| own(it.1).end == span.end);
        let start = without_brackets.map_or(span.start, |it| own(it.0).start);
        (self.origin)(Span { start, ..span })
    }

    /// What a value is, for messages: short texts are quoted.
    pub(super) fn found(&self, node: NodeId) -> String {
        match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } if !text.is_empty() && text.len() < 30 && !text.contains('\n') => {
                format!("{} `{text}`", self.found_plain(node))
            }
            _ => self.found_plain(node).to_owned(),
        }
    }

    pub(super) fn found_plain(&self, node: NodeId) -> &'static str {
        let it = self.tree.node(node);
        match &it.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a map",
            Kind::Scalar { text, plain: true } if it.tag.is_none() => match resolve(text) {
                Scalar::Null => "nothing",
                Scalar::Bool(_) => "the boolean",
                Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) => "the number",
                Scalar::Timestamp(_) | Scalar::Text(_) => "the text",
            },
            Kind::Scalar { text, .. } if text.contains('\n') => "a text of several lines",
            _ => "the text",
        }
    }
}

/// What a wrong shape does, for those who refuse it.
pub(super) fn why(programs: Programs) -> &'static str {
    if programs.contains(Program::Server) {
        "one such value is enough: the whole file is refused, with every pipeline in it"
    } else {
        "the server does not look at it, so the build starts and then fails in the runner"
    }
}
