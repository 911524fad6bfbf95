//! A span → lines and columns as each format counts them.

use serde_json::{Value, json};

use crate::engine::source::{SourceFile, Span};

/// Lines and columns from 1, columns in characters; offsets in bytes.
pub(super) fn place(source: &SourceFile, span: Span) -> Value {
    let (start, end) = (source.line_column(span.start), source.line_column(span.end));
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "start": span.start,
        "end": span.end,
    })
}

/// A line and a column, both from 1, the column in units of UTF-16.
pub(super) fn line_and_utf16(source: &SourceFile, offset: u32) -> (usize, usize) {
    let place = source.line_column(offset);
    let before = source.line(place.line).chars().take(place.column - 1);
    // What is counted beyond the line is its end.
    let units: usize = before.map(char::len_utf16).sum();
    let beyond = (place.column - 1).saturating_sub(source.line(place.line).chars().count());
    (place.line, units + beyond + 1)
}

#[cfg(test)]
mod tests {
    use super::line_and_utf16;
    use crate::engine::source::SourceFile;

    #[test]
    fn a_character_beyond_the_first_plane_counts_twice_in_utf16() {
        let source = SourceFile::new("a", "é: 🐘 x\r\nb");
        assert_eq!(line_and_utf16(&source, 4), (1, 4));
        assert_eq!(line_and_utf16(&source, 8), (1, 6));
        assert_eq!(line_and_utf16(&source, 12), (2, 1));
    }
}
