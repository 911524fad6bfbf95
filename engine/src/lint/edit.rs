//! A place and what should stand there → a [`Fix`]. Edits touch nothing but their span.

use crate::diagnostic::{Edit, Fix};
use crate::lint::written::Written;
use crate::source::Span;

/// Puts `text` in the place of what stands there.
pub(super) fn replace(span: Span, text: impl Into<String>, message: impl Into<String>) -> Fix {
    Fix { message: message.into(), edits: vec![Edit { span, text: text.into() }], safe: false }
}

/// Puts `text` before an offset.
pub(super) fn insert(at: u32, text: impl Into<String>, message: impl Into<String>) -> Fix {
    replace(Span { start: at, end: at }, text, message)
}

/// A text as a single-quoted scalar.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What stands at the place, as a list of one: `main` becomes `[main]`. `None` for what spans lines.
pub(super) fn as_list(file: &Written<'_>, span: Span, message: impl Into<String>) -> Option<Fix> {
    let written = file.slice(span);
    let simple = !written.is_empty() && !written.contains(['\n', ',', '[', ']', '{', '}']);
    simple.then(|| replace(span, format!("[{written}]"), message))
}

/// The whole lines that a block entry takes, from the line of `first` to the line of `last`. `None` unless the entry
/// begins its line, and ends its last one but for a comment: what shares a line with others cannot be taken out so.
pub(super) fn whole_lines(file: &Written<'_>, first: Span, last: Span) -> Option<Span> {
    let (from, to) = (file.line_at(first.start), file.line_at(last.end.max(first.end).saturating_sub(1)));
    let before = file.slice(Span { start: from.start, end: first.start });
    let after = file.slice(Span { start: last.end.max(first.end).min(to.end), end: to.end });
    let alone = before.trim().is_empty() && (after.trim().is_empty() || after.trim_start().starts_with('#'));
    let end = file.text[to.end as usize..].find('\n').map_or(file.text.len(), |it| to.end as usize + it + 1);
    alone.then(|| Span::new(from.start as usize, end))
}
