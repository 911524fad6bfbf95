//! One line of a text → its parts as a person sees them: indentation, dashes, key, value. Never judges.

use crate::source::Span;

/// A line, without its line end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Line<'t> {
    /// The line around a place.
    pub(super) fn at(text: &'t str, place: usize) -> Self {
        let start = text[..place].rfind('\n').map_or(0, |it| it + 1);
        let end = text[start..].find('\n').map_or(text.len(), |it| start + it);
        let end = start + text[start..end].trim_end_matches('\r').len();
        Self { text, start, end: end.max(start) }
    }

    /// The next line that is not blank.
    pub(super) fn next(self) -> Option<Self> {
        let mut line = self;
        loop {
            let rest = self.text[line.end..].find('\n')?;
            line = Self::at(self.text, line.end + rest + 1);
            if !line.is_blank() || line.end == self.text.len() {
                return (!line.is_blank()).then_some(line);
            }
        }
    }

    /// The line before that is neither blank nor a comment.
    pub(super) fn previous(self) -> Option<Self> {
        let mut line = self;
        loop {
            line = Self::at(self.text, line.start.checked_sub(1)?);
            if !line.is_blank() && !line.rest(line.content()).starts_with('#') {
                return Some(line);
            }
        }
    }

    fn is_blank(self) -> bool {
        self.text[self.start..self.end].trim().is_empty()
    }

    /// The first place that is no blank and no tab.
    pub(super) fn content(self) -> usize {
        let line = &self.text[self.start..self.end];
        self.end - line.trim_start_matches([' ', '\t']).len()
    }

    /// The first tab of the indentation, with the tabs behind it.
    pub(super) fn tab(self) -> Option<Span> {
        let indentation = &self.text[self.start..self.content()];
        let at = self.start + indentation.find('\t')?;
        let tabs = self.text[at..].len() - self.text[at..].trim_start_matches('\t').len();
        Some(Span::new(at, at + tabs))
    }

    /// Where the item begins, after all its dashes.
    pub(super) fn item(self) -> usize {
        let mut at = self.content();
        while self.rest(at).starts_with("- ") {
            at = self.end - self.rest(at)[1..].trim_start().len();
        }
        at
    }

    /// The key that begins the item: a word followed by `:`.
    pub(super) fn key(self) -> Option<&'t str> {
        let rest = self.rest(self.item());
        let colon = rest.find(':')?;
        let key = &rest[..colon];
        let word = !key.is_empty()
            && key.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '<' | '$'));
        let ends = rest[colon + 1..].is_empty() || rest[colon + 1..].starts_with([' ', '\t']);
        (word && ends).then_some(key)
    }

    /// Where the `:` of the key stands.
    pub(super) fn colon(self) -> Option<usize> {
        self.key().map(|it| self.item() + it.len())
    }

    /// The value: what follows the key, or the whole item; a comment at the end of the line is none of it.
    pub(super) fn value(self) -> Span {
        let from = self.colon().map_or(self.item(), |it| it + 1);
        let rest = self.rest(from);
        let start = self.end - rest.trim_start().len();
        let rest = self.rest(start);
        let length = rest.find(" #").map_or(rest.len(), |it| it.max(1));
        Span::new(start, start + rest[..length].trim_end().len())
    }

    /// How many characters stand before the place.
    pub(super) fn column(self, place: usize) -> usize {
        self.text[self.start..place].chars().count()
    }

    /// The indentations that a line below could have: those of this line and of the lines above that still count.
    pub(super) fn open_columns(self) -> Vec<usize> {
        let mut columns = Vec::new();
        let mut line = Some(self);
        while let Some(it) = line {
            for place in [it.item(), it.content()] {
                let column = it.column(place);
                if columns.last().is_none_or(|last| column < *last) {
                    columns.push(column);
                }
            }
            line = if columns.last() == Some(&0) { None } else { it.previous() };
        }
        columns.reverse();
        columns
    }

    /// The column of the dash of the item that this line ends, if it ends one.
    pub(super) fn dash_column(self) -> Option<usize> {
        let own = self.column(self.content());
        let mut above = self.previous();
        while let Some(it) = above.filter(|it| it.column(it.content()) > own) {
            above = it.previous();
        }
        let dash = above.filter(|it| it.rest(it.content()).starts_with("- "));
        dash.map(|it| it.column(it.content()))
    }

    /// The line from a place on.
    pub(super) fn rest(self, place: usize) -> &'t str {
        &self.text[place..self.end]
    }

    /// Where the line begins.
    pub(super) fn start(self) -> usize {
        self.start
    }

    /// Where the line ends, its line end not counted.
    pub(super) fn end(self) -> usize {
        self.end
    }
}
