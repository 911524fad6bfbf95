//! Where things are in a text: a file's name and text, byte spans, and the line and column a person counts.

use std::fmt;

/// A half-open range of bytes in a [`SourceFile`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`, in bytes. Offsets beyond 4 GiB are cut: the reader refuses such texts before.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let cut = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end) }
    }

    /// The same range as `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// True when `self` covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A place as a person names it: both numbers count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for LineColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A text and the name it goes by in messages.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    line_starts: Vec<u32>,
    broken_bytes: Vec<u32>,
}

impl SourceFile {
    /// Takes the bytes of a file as they are. What is no UTF-8 is replaced by `U+FFFD`; see
    /// [`SourceFile::broken_bytes`].
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self::new(name, text);
        }
        let mut text = String::with_capacity(bytes.len());
        let mut broken_bytes = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                broken_bytes.push(Span::new(text.len(), text.len()).start);
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        Self { broken_bytes, ..Self::new(name, text) }
    }

    /// Where bytes that are no UTF-8 were replaced, as offsets into the text.
    #[must_use]
    pub fn broken_bytes(&self) -> &[u32] {
        &self.broken_bytes
    }

    /// Takes a name for messages and the whole text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = line_starts(&text);
        Self { name: name.into(), text, line_starts, broken_bytes: Vec::new() }
    }

    /// The name given to [`SourceFile::new`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under `span`; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line.saturating_sub(1)] as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(end - start, |it| it.chars().count()) + 1;
        LineColumn { line, column }
    }

    /// The text of a line (counted from 1), without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|it| self.line_starts.get(it)).copied();
        let Some(start) = start else { return "" };
        let end = self.line_starts.get(line).map_or(self.text.len(), |it| *it as usize);
        self.text.get(start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The place of a line (counted from 1), without the blanks around it.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let start = line.checked_sub(1).and_then(|it| self.line_starts.get(it)).copied();
        let start = start.map_or(self.text.len(), |it| it as usize);
        let text = self.line(line);
        let blank = text.len() - text.trim_start().len();
        Span::new(start + blank, start + text.trim_end().len().max(blank))
    }
}

/// On its own, because what depends on a caller's type is compiled as small as the caller, and this is to be quick.
fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let mut starts = vec![0];
    starts.extend(ends.map(|(at, _)| Span::new(at + 1, at + 1).start));
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let file = SourceFile::new("a", "né: x\nb: ü y\n");
        assert_eq!(file.line_column(4).to_string(), "1:4");
        assert_eq!(file.line_column(7).to_string(), "2:1");
        assert_eq!(file.line_column(13).to_string(), "2:6");
        assert_eq!(file.line(2), "b: ü y");
    }

    #[test]
    fn an_offset_past_the_end_is_on_the_last_line() {
        let file = SourceFile::new("a", "one");
        assert_eq!(file.line_column(99).to_string(), "1:4");
    }
}
