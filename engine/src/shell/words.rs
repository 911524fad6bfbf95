//! Characters → words: quotes, escapes, comments. What `$` and backquotes begin is in `expansions`.

use crate::shell::parse::Parser;
use crate::shell::tree::{Part, Piece, Unreadable, Word};
use crate::source::Span;

/// What a byte does outside quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Stands for itself.
    Plain,
    /// Stands for itself, or is part of a pattern.
    Pattern,
    /// A quote, a backslash, or the begin of an expansion.
    Special,
    /// Ends a word.
    End,
}

impl Class {
    pub(super) fn ends_word(self) -> bool {
        self == Self::End
    }
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let class = match byte as u8 {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => Class::End,
            b'\'' | b'"' | b'\\' | b'$' | b'`' => Class::Special,
            b'*' | b'?' | b'[' | b'{' | b'}' => Class::Pattern,
            _ => Class::Plain,
        };
        classes[byte] = class;
        byte += 1;
    }
    classes
};

/// What this byte does outside quotes.
pub(super) fn class_of(byte: u8) -> Class {
    CLASSES[byte as usize]
}

/// `NAME`
pub(super) fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|it| !it.is_ascii_digit());
    first && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// Looks for `{a,b}` and `{1..5}` while a word is read.
#[derive(Default)]
struct Braces {
    open: usize,
    depth: usize,
    several: bool,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn looking_at(&self, words: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(words.as_bytes())
    }

    pub(super) fn take(&mut self, words: &str) -> bool {
        let there = self.looking_at(words);
        if there {
            self.at += words.len();
        }
        there
    }

    /// Goes to the next of these bytes, or to the end.
    pub(super) fn skip_to(&mut self, stops: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|it| stops(*it)).unwrap_or(rest.len());
    }

    /// Blanks, line continuations and comments; not newlines.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'\\') if self.looking_at("\\\n") => self.at += 2,
                Some(b'#') => self.skip_to(|it| it == b'\n'),
                _ => return,
            }
        }
    }

    /// Blanks and newlines; after a newline the here-documents that wait for their text.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.newline();
        }
    }

    /// The word that begins here; `None` where none does.
    pub(super) fn word(&mut self) -> Result<Option<Word>, Unreadable> {
        let start = self.at;
        let mut word = Word::default();
        let mut braces = Braces::default();
        while let Some(next) = self.peek() {
            match class_of(next) {
                Class::End if !(self.bash && self.goes_on(&mut word)?) => break,
                Class::End => {}
                Class::Special => self.special(&mut word, next)?,
                Class::Plain | Class::Pattern => self.plain(&mut word, &mut braces),
            }
        }
        Ok(self.finished(word, start))
    }

    /// The right side of bash's `=~` and `==`: signs are part of it, and blanks in parentheses too.
    pub(super) fn pattern_word(&mut self) -> Result<Option<Word>, Unreadable> {
        let start = self.at;
        let (mut word, mut depth) = (Word::default(), 0_usize);
        while let Some(next) = self.peek() {
            let class = class_of(next);
            let joins = self.looking_at("&&") || self.looking_at("||");
            let ends = joins || matches!(next, b' ' | b'\t' | b'\r' | b'\n' | b')');
            if class == Class::Special {
                self.special(&mut word, next)?;
            } else if class == Class::End && ends && depth == 0 {
                break;
            } else {
                depth = (depth + usize::from(next == b'(')).saturating_sub(usize::from(next == b')'));
                let at = self.at;
                self.at += 1;
                self.skip_to(|it| matches!(class_of(it), Class::End | Class::Special));
                word.push(&self.text[at..self.at], self.span(at, self.at), false);
            }
        }
        Ok(self.finished(word, start))
    }

    fn finished(&self, mut word: Word, start: usize) -> Option<Word> {
        if self.at == start {
            return None;
        }
        word.span = self.span(start, self.at);
        if word.parts.is_empty() {
            word.push("", word.span, word.quoted);
        }
        Some(word)
    }

    fn special(&mut self, word: &mut Word, next: u8) -> Result<(), Unreadable> {
        match next {
            b'\'' => self.single_quoted(word),
            b'"' => self.double_quoted(word),
            b'\\' => {
                self.escaped(word);
                Ok(())
            }
            _ => self.expansion(word, false),
        }
    }

    /// Characters that stand for themselves.
    fn plain(&mut self, word: &mut Word, braces: &mut Braces) {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let mut patterns = braces.depth > 0;
        let mut length = 0;
        for byte in rest {
            match class_of(*byte) {
                Class::Plain => {}
                Class::Pattern => patterns = true,
                Class::Special | Class::End => break,
            }
            length += 1;
        }
        self.at += length;
        word.push(&self.text[start..self.at], self.span(start, self.at), false);
        if patterns {
            self.patterns(word, braces, start);
        }
    }

    fn patterns(&self, word: &mut Word, braces: &mut Braces, start: usize) {
        let run = &self.text.as_bytes()[start..self.at];
        let closes = run.contains(&b']');
        for (offset, byte) in run.iter().enumerate() {
            match byte {
                b'*' | b'?' => word.glob = true,
                b'[' => word.glob |= closes,
                b',' => braces.several |= braces.depth > 0,
                b'.' if run.get(offset + 1) == Some(&b'.') => braces.several |= braces.depth > 0,
                b'{' => {
                    if braces.depth == 0 {
                        *braces = Braces { open: start + offset, depth: 0, several: false };
                    }
                    braces.depth += 1;
                }
                b'}' if braces.depth > 0 => {
                    braces.depth -= 1;
                    if braces.depth == 0 && braces.several && word.braces.is_none() {
                        word.braces = Some(self.span(braces.open, start + offset + 1));
                    }
                }
                _ => {}
            }
        }
    }

    /// A backslash and what it protects.
    fn escaped(&mut self, word: &mut Word) {
        let start = self.at;
        let next = self.text[start + 1..].chars().next();
        self.at += 1 + next.map_or(0, char::len_utf8);
        if next == Some('\n') {
            return;
        }
        word.quoted = true;
        let text = &self.text[start..self.at];
        let text = text.strip_prefix('\\').filter(|it| !it.is_empty()).unwrap_or(text);
        word.push(text, self.span(start, self.at), true);
    }

    fn single_quoted(&mut self, word: &mut Word) -> Result<(), Unreadable> {
        let start = self.at;
        self.at += 1;
        self.skip_to(|it| it == b'\'');
        let inside = &self.text[start + 1..self.at];
        if !self.take("'") {
            return Err(self.error(start, "the quote ' is never closed".into()));
        }
        word.quoted = true;
        word.push(inside, self.span(start, self.at), true);
        Ok(())
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), Unreadable> {
        let start = self.at;
        self.at += 1;
        word.quoted = true;
        if self.take("\"") {
            word.push("", self.span(start, self.at), true);
            return Ok(());
        }
        loop {
            let at = self.at;
            match self.peek() {
                None => return Err(self.error(start, "the quote \" is never closed".into())),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'$' | b'`') => self.expansion(word, true)?,
                Some(b'\\') => self.escaped_in_quotes(word),
                Some(_) => {
                    self.skip_to(|it| matches!(it, b'"' | b'$' | b'`' | b'\\'));
                    word.push(&self.text[at..self.at], self.span(at, self.at), true);
                }
            }
        }
    }

    /// In double quotes a backslash protects four characters; before others it stands for itself.
    fn escaped_in_quotes(&mut self, word: &mut Word) {
        let start = self.at;
        self.at += 1;
        let next = self.peek();
        let protects = matches!(next, Some(b'$' | b'`' | b'"' | b'\\'));
        self.at += usize::from(protects || next == Some(b'\n'));
        if next == Some(b'\n') {
            return;
        }
        let text = if protects { &self.text[start + 1..self.at] } else { "\\" };
        word.push(text, self.span(start, self.at), true);
    }
}

impl Word {
    pub(super) fn push(&mut self, more: &str, place: Span, protected: bool) {
        if let Some(Part { piece: Piece::Text(text), quoted, span }) = self.parts.last_mut() {
            text.push_str(more);
            *quoted &= protected;
            *span = span.to(place);
            return;
        }
        self.push_part(Piece::Text(more.to_owned()), place, protected);
    }

    pub(super) fn push_part(&mut self, piece: Piece, span: Span, quoted: bool) {
        // Most words have one.
        if self.parts.is_empty() {
            self.parts.reserve_exact(1);
        }
        self.parts.push(Part { piece, quoted, span });
    }
}
