//! Characters → words: quotes, escapes, variables, command substitutions, comments, here-documents.

use crate::course::shell::parse::{Parser, script};
use crate::course::shell::{Piece, Unreadable, Word};

/// Characters that end a word.
pub(super) fn ends_word(it: char) -> bool {
    it.is_whitespace() || matches!(it, ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn looking_at(&self, words: &str) -> bool {
        words.chars().enumerate().all(|(offset, it)| self.text.get(self.at + offset) == Some(&it))
    }

    pub(super) fn take(&mut self, words: &str) -> bool {
        let there = self.looking_at(words);
        if there {
            self.at += words.chars().count();
        }
        there
    }

    /// Blanks, line continuations and comments; not newlines.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.looking_at("\\\n") => self.at += 2,
                Some('#') => {
                    while self.peek().is_some_and(|it| it != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    /// Blanks and newlines; after a newline the here-documents that wait for their text.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some('\n') {
                return;
            }
            self.newline();
        }
    }

    pub(super) fn newline(&mut self) {
        self.at += 1;
        for (end, tabs) in std::mem::take(&mut self.waiting) {
            while self.at < self.text.len() {
                let line = self.line();
                let line = if tabs { line.trim_start_matches('\t') } else { line.as_str() };
                if line == end {
                    break;
                }
            }
        }
    }

    fn line(&mut self) -> String {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|it| *it == '\n').unwrap_or(rest.len());
        self.at = (self.at + length + 1).min(self.text.len());
        rest[..length].iter().collect()
    }

    /// The word that begins here; `None` where none does.
    pub(super) fn word(&mut self) -> Result<Option<Word>, Unreadable> {
        let start = self.at;
        let mut word = Word::default();
        while let Some(next) = self.peek().filter(|it| !ends_word(*it)) {
            match next {
                '\'' => self.single_quoted(&mut word)?,
                '"' => self.double_quoted(&mut word)?,
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some('\n') | None => {}
                        Some(it) => word.push(it),
                    }
                    self.at += 1;
                }
                '$' | '`' => self.expansion(&mut word, false)?,
                it => {
                    word.push(it);
                    self.at += 1;
                }
            }
        }
        self.at = self.at.min(self.text.len());
        Ok((self.at > start).then_some(word))
    }

    fn single_quoted(&mut self, word: &mut Word) -> Result<(), Unreadable> {
        let start = self.at;
        self.at += 1;
        word.push_text("");
        while let Some(it) = self.peek() {
            self.at += 1;
            if it == '\'' {
                return Ok(());
            }
            word.push(it);
        }
        Err(Unreadable { at: start, message: "the quote ' is never closed".into() })
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), Unreadable> {
        let start = self.at;
        self.at += 1;
        word.push_text("");
        while let Some(it) = self.peek() {
            match it {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '$' | '`' => self.expansion(word, true)?,
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some(it @ ('$' | '`' | '"' | '\\')) => word.push(it),
                        Some('\n') | None => {}
                        Some(it) => {
                            word.push('\\');
                            word.push(it);
                        }
                    }
                    self.at += 1;
                }
                it => {
                    word.push(it);
                    self.at += 1;
                }
            }
        }
        Err(Unreadable { at: start, message: "the quote \" is never closed".into() })
    }

    fn expansion(&mut self, word: &mut Word, quoted: bool) -> Result<(), Unreadable> {
        let start = self.at;
        if self.take("`") {
            return self.backquoted(word, start);
        }
        if self.take("$((") {
            self.until_balanced(start, '(', ')', 2)?;
            word.pieces.push(Piece::Unknown);
            return Ok(());
        }
        if self.take("$(") {
            let inner = script(self, &[")"])?;
            if !self.take(")") {
                return Err(Unreadable { at: start, message: "`$(` is never closed".into() });
            }
            word.pieces.push(Piece::Output(inner));
            return Ok(());
        }
        if self.take("${") {
            let from = self.at;
            self.until_balanced(start, '{', '}', 1)?;
            let inside: String = self.text[from..self.at - 1].iter().collect();
            word.pieces.push(parameter(inside, quoted));
            return Ok(());
        }
        self.at += 1;
        match self.peek() {
            Some(it) if it.is_ascii_alphabetic() || it == '_' => {
                let name: String = self.text[self.at..]
                    .iter()
                    .take_while(|it| it.is_ascii_alphanumeric() || **it == '_')
                    .collect();
                self.at += name.len();
                word.pieces.push(Piece::Variable(name, quoted));
            }
            Some(it) if matches!(it, '?' | '!' | '#' | '@' | '*' | '$' | '-') || it.is_ascii_digit() => {
                self.at += 1;
                word.pieces.push(Piece::Variable(it.into(), quoted));
            }
            _ => word.push('$'),
        }
        Ok(())
    }

    fn backquoted(&mut self, word: &mut Word, start: usize) -> Result<(), Unreadable> {
        let rest = &self.text[self.at..];
        let Some(length) = rest.iter().position(|it| *it == '`') else {
            return Err(Unreadable { at: start, message: "the quote ` is never closed".into() });
        };
        let inside: String = rest[..length].iter().collect();
        self.at += length + 1;
        word.pieces.push(self.nested(&inside)?);
        Ok(())
    }

    fn until_balanced(
        &mut self,
        start: usize,
        open: char,
        close: char,
        mut depth: usize,
    ) -> Result<(), Unreadable> {
        while let Some(it) = self.peek() {
            self.at += 1;
            match it {
                '\\' => self.at += 1,
                it if it == open => depth += 1,
                it if it == close => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(Unreadable { at: start, message: format!("`{close}` is missing") })
    }
}

/// What stands between `${` and `}`.
fn parameter(inside: String, quoted: bool) -> Piece {
    let name =
        inside.trim_start_matches('!').chars().take_while(|it| it.is_alphanumeric() || *it == '_').count();
    let rest: String = inside.trim_start_matches('!').chars().skip(name).collect();
    let digit = rest.strip_prefix(':').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()));
    if inside.starts_with('!') || rest.starts_with(['[', '/', '^', ',']) || digit {
        return Piece::Bash(format!("${{{inside}}}"));
    }
    if let Some(other) = rest.strip_prefix(":-").filter(|it| name > 0 && !it.contains(['$', '`', '"', '\'']))
    {
        return Piece::Default(inside.chars().take(name).collect(), other.into());
    }
    if name > 0 && rest.is_empty() { Piece::Variable(inside, quoted) } else { Piece::Unknown }
}

impl Word {
    fn push(&mut self, it: char) {
        self.push_text("");
        if let Some(Piece::Text(text)) = self.pieces.last_mut() {
            text.push(it);
        }
    }

    fn push_text(&mut self, more: &str) {
        if let Some(Piece::Text(text)) = self.pieces.last_mut() {
            text.push_str(more);
        } else {
            self.pieces.push(Piece::Text(more.into()));
        }
    }

    /// The word, when it is plain text.
    pub(in crate::course) fn text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}
