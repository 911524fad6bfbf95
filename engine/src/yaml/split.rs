//! A text → its documents, split by lines before any YAML is parsed, as Drone does (§1.2).

use crate::source::Span;

/// A line of this many bytes, its `\n` not counted, ends the file silently.
pub const LINE_LIMIT: usize = 65_536;

/// The documents of a file, and what ended the reading early.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The text of each document, separators excluded. A document may be empty.
    pub documents: Vec<Span>,
    /// The separator line before each document; empty for text before the first separator.
    pub separators: Vec<Span>,
    /// A `...` line: everything from there on is never read.
    pub terminator: Option<Span>,
    /// A line over [`LINE_LIMIT`]: everything from there on is never read.
    pub long_line: Option<Span>,
}

/// Splits as the programs of Drone do: a line that starts with `---` separates, one that starts with `...` ends the
/// file, and a line that is too long ends it too.
#[must_use]
pub fn split(text: &str) -> Split {
    let mut split = Split::default();
    let mut at = 0;
    while at < text.len() {
        let line = &text.as_bytes()[at..];
        let length = line.iter().position(|it| *it == b'\n').unwrap_or(line.len());
        let line = &line[..length];
        if length >= LINE_LIMIT {
            split.long_line = Some(Span::new(at, at + length));
            break;
        }
        let next = (at + length + 1).min(text.len());
        if line.starts_with(b"---") {
            split.separators.push(Span::new(at, at + length));
            split.documents.push(Span::new(next, next));
        } else {
            if split.documents.is_empty() {
                split.separators.push(Span::new(at, at));
                split.documents.push(Span::new(at, at));
            }
            if line.starts_with(b"...") {
                split.terminator = Some(Span::new(at, at + length));
                break;
            }
            if let Some(document) = split.documents.last_mut() {
                *document = Span::new(document.start as usize, next);
            }
        }
        at = next;
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<&str> {
        split(text).documents.into_iter().map(|it| &text[it.range()]).collect()
    }

    #[test]
    fn documents_are_split_by_lines() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a: 1\n", &["a: 1\n"]),
            ("---\na: 1\n", &["a: 1\n"]),
            ("a: 1\n---\nb: 1\n", &["a: 1\n", "b: 1\n"]),
            ("# why\n---\nb: 1\n", &["# why\n", "b: 1\n"]),
            ("a: 1\n---\n", &["a: 1\n", ""]),
            ("a: 1\n---", &["a: 1\n", ""]),
            ("--- kind: lost\na: 1", &["a: 1"]),
            ("-----------\na: 1\r\n", &["a: 1\r\n"]),
            ("a: 1\n...\nb: 1\n", &["a: 1\n"]),
            ("...\nb: 1\n", &[""]),
            (" ---\n", &[" ---\n"]),
            ("\n", &["\n"]),
        ];
        for (text, expected) in cases {
            assert_eq!(&documents(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_over_64_kib_ends_the_file_silently() {
        let text = format!("a: 1\nb: {}\nc: 1\n", "x".repeat(LINE_LIMIT - 3));
        assert_eq!(documents(&text), ["a: 1\n"]);
        let text = format!("a: 1\nb: {}\nc: 1\n", "x".repeat(LINE_LIMIT - 4));
        assert_eq!(documents(&text), [text.as_str()]);
    }
}
