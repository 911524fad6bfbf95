//! `$NAME`, `${…}`, `$(…)`, backquotes, and what bash adds → the pieces of a word.

use crate::shell::parse::Parser;
use crate::shell::tree::{Arithmetic, Part, Piece, Script, Unreadable, Word};
use crate::shell::words::is_name;

/// Longer arithmetic is not looked for: many open parentheses would each be followed to the end.
const LONGEST_ARITHMETIC: usize = 4096;

impl<'a> Parser<'a> {
    /// What `$` or a backquote begins.
    pub(super) fn expansion(&mut self, word: &mut Word, quoted: bool) -> Result<(), Unreadable> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start + 1..];
        let piece = match rest.first() {
            _ if self.peek() == Some(b'`') => Piece::Output(self.backquoted(quoted)?),
            Some(b'(') => self.parenthesis_piece()?,
            Some(b'{') => self.braced(quoted)?,
            Some(b'\'') if self.bash && !quoted => {
                word.quoted = true;
                self.ansi_quoted()?
            }
            Some(it) if it.is_ascii_alphabetic() || *it == b'_' => {
                let other = |it: &u8| !it.is_ascii_alphanumeric() && *it != b'_';
                self.at += 1 + rest.iter().position(other).unwrap_or(rest.len());
                Piece::Variable(self.text[start + 1..self.at].to_owned())
            }
            Some(b'?' | b'!' | b'#' | b'@' | b'*' | b'$' | b'-' | b'0'..=b'9') => {
                self.at += 2;
                Piece::Variable(self.text[start + 1..self.at].to_owned())
            }
            _ => {
                self.at += 1;
                word.push("$", self.span(start, self.at), quoted);
                return Ok(());
            }
        };
        word.push_part(piece, self.span(start, self.at), quoted);
        Ok(())
    }

    /// `$(( … ))` and `$( … )`
    fn parenthesis_piece(&mut self) -> Result<Piece, Unreadable> {
        let start = self.at;
        if let Some(end) = self.arithmetic_end(start + 1) {
            return Ok(Piece::Arithmetic(self.arithmetic(start + 1, end)?));
        }
        self.at += 2;
        let Some(script) = self.inner_script()? else {
            return Err(self.error(start, "`$(` is never closed".into()));
        };
        Ok(Piece::Output(script))
    }

    /// Commands up to a `)`, which is taken; `None` without it.
    fn inner_script(&mut self) -> Result<Option<Script>, Unreadable> {
        let before = self.set_aside();
        let script = self.script(&[")"])?;
        self.put_back(before);
        Ok(self.take(")").then_some(script))
    }

    /// Where the `))` is that closes the `((` at `at`; `None` when that is no arithmetic.
    pub(super) fn arithmetic_end(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        if !rest.starts_with(b"((") {
            return None;
        }
        let mut depth = 0_usize;
        for (offset, byte) in rest.iter().enumerate().take(LONGEST_ARITHMETIC) {
            match byte {
                b'(' => depth += 1,
                b')' if depth == 2 => return (rest.get(offset + 1) == Some(&b')')).then_some(at + offset),
                b')' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// What stands between the `((` at `at` and the `))` at `end`, which are taken.
    pub(super) fn arithmetic(&mut self, at: usize, end: usize) -> Result<Arithmetic, Unreadable> {
        let inside = self.expansions(at + 2, end)?;
        self.at = end + 2;
        let text = self.text[at + 2..end].to_owned();
        Ok(Arithmetic { text, inside, span: self.span(at + 2, end) })
    }

    /// The expansions between two places; what else stands there is not looked at.
    pub(super) fn expansions(&mut self, from: usize, end: usize) -> Result<Vec<Part>, Unreadable> {
        self.deeper()?;
        let mut inner = Parser { text: &self.text[..end], at: from, waiting: Vec::new(), ..*self };
        let mut found = Word::default();
        loop {
            inner.skip_to(|it| matches!(it, b'$' | b'`'));
            if inner.peek().is_none() {
                break;
            }
            inner.expansion(&mut found, true)?;
        }
        self.depth -= 1;
        found.parts.retain(|it| !matches!(it.piece, Piece::Text(_)));
        Ok(found.parts)
    }

    /// `${ … }`
    fn braced(&mut self, quoted: bool) -> Result<Piece, Unreadable> {
        let start = self.at;
        self.deeper()?;
        self.at += 2;
        let name = self.parameter_name();
        let operator = self.text[start + 2 + name.len()..].bytes().next();
        // `${x:-it's}` in double quotes has no quote, `${x%'.'}` has.
        let singles = !quoted || matches!(operator, Some(b'%' | b'#' | b'/' | b'^' | b','));
        let mut inside = Word::default();
        self.at += name.len();
        if !self.find_brace(&mut inside, quoted, singles)? {
            return Err(self.error(start, "`}` is missing".into()));
        }
        self.depth -= 1;
        let written = &self.text[start + 2..self.at];
        self.at += 1;
        inside.parts.retain(|it| !matches!(it.piece, Piece::Text(_)));
        Ok(parameter(written, name, inside.parts))
    }

    /// Goes to the `}` that closes; false without one.
    fn find_brace(&mut self, inside: &mut Word, quoted: bool, singles: bool) -> Result<bool, Unreadable> {
        let mut in_quotes = false;
        loop {
            self.skip_to(|it| matches!(it, b'}' | b'\\' | b'"' | b'\'' | b'$' | b'`'));
            match self.peek() {
                None => return Ok(false),
                Some(b'}') if !in_quotes => return Ok(true),
                Some(b'\\') => self.skip_escaped(),
                Some(b'$' | b'`') => self.expansion(inside, quoted || in_quotes)?,
                Some(b'\'') if singles && !in_quotes => {
                    self.at += 1;
                    self.skip_to(|it| it == b'\'');
                    self.take("'");
                }
                Some(sign) => {
                    in_quotes ^= sign == b'"';
                    self.at += 1;
                }
            }
        }
    }

    /// Goes past a backslash and what it protects.
    fn skip_escaped(&mut self) {
        self.at += 1;
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    /// The name that begins here, or the sign that is a name.
    fn parameter_name(&self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|it| !it.is_ascii_alphanumeric() && it != b'_').unwrap_or(rest.len());
        let sign = matches!(rest.bytes().next(), Some(b'?' | b'$' | b'@' | b'*' | b'-' | b'!' | b'#'));
        let alone = sign && matches!(rest.as_bytes().get(1), Some(b'}' | b':' | b'%'));
        &rest[..if alone { 1 } else { end }]
    }

    /// bash's `$'…'`, at the `$`.
    fn ansi_quoted(&mut self) -> Result<Piece, Unreadable> {
        let start = self.at;
        self.at += 2;
        loop {
            self.skip_to(|it| matches!(it, b'\'' | b'\\'));
            match self.peek() {
                None => return Err(self.error(start, "the quote ' is never closed".into())),
                Some(b'\\') => self.skip_escaped(),
                Some(_) => break,
            }
        }
        self.at += 1;
        Ok(Piece::Escaped(self.text[start + 2..self.at - 1].to_owned()))
    }

    /// A script in backquotes. There, a backslash before a backquote, a `$` or a backslash is taken off first; in
    /// double quotes also before one of those.
    fn backquoted(&mut self, quoted: bool) -> Result<Script, Unreadable> {
        let start = self.at;
        self.at += 1;
        let mut escapes = false;
        loop {
            self.skip_to(|it| matches!(it, b'`' | b'\\'));
            match self.peek() {
                None => return Err(self.error(start, "the quote ` is never closed".into())),
                Some(b'`') => break,
                Some(_) => self.skip_escaped(),
            }
            escapes = true;
        }
        let end = self.at;
        self.at += 1;
        self.deeper()?;
        let script = if escapes { self.unescaped(start + 1, end, quoted) } else { self.part(start + 1, end) };
        self.depth -= 1;
        script
    }

    /// The script between two places.
    fn part(&self, from: usize, end: usize) -> Result<Script, Unreadable> {
        Parser { text: &self.text[..end], at: from, waiting: Vec::new(), ..*self }.whole()
    }

    fn unescaped(&self, from: usize, end: usize, quoted: bool) -> Result<Script, Unreadable> {
        let mut text = String::with_capacity(end - from);
        let mut places = Vec::with_capacity(end - from + 1);
        let protects = |it: char| matches!(it, '`' | '$' | '\\') || (quoted && it == '"');
        let mut characters = self.text[from..end].char_indices().peekable();
        while let Some((at, mut it)) = characters.next() {
            if it == '\\'
                && let Some((_, next)) = characters.next_if(|(_, it)| protects(*it))
            {
                it = next;
            }
            places.extend((0..it.len_utf8()).map(|_| self.span(from + at, 0).start));
            text.push(it);
        }
        places.push(self.span(end, 0).start);
        Parser { text: &text, at: 0, waiting: Vec::new(), places: Some(&places), ..*self }.whole()
    }

    /// What bash reads as part of a word although a sign comes: `<( … )`, arrays, and patterns such as `@(a|b)`.
    /// False where the word ends.
    pub(super) fn goes_on(&mut self, word: &mut Word) -> Result<bool, Unreadable> {
        let start = self.at;
        if self.looking_at("<(") || self.looking_at(">(") {
            self.at += 2;
            let Some(script) = self.inner_script()? else {
                return Err(self.error(start, "`)` is missing".into()));
            };
            word.push_part(Piece::Process(script), self.span(start, self.at), false);
            return Ok(true);
        }
        if self.peek() != Some(b'(') {
            return Ok(false);
        }
        let before = self.text[..start].bytes().next_back();
        let Some(Part { piece: Piece::Text(text), .. }) = word.parts.last() else { return Ok(false) };
        if before == Some(b'=') && word.parts.len() == 1 && assigns(text) {
            let piece = Piece::Array(self.array()?);
            word.push_part(piece, self.span(start, self.at), false);
            return Ok(true);
        }
        let pattern = matches!(before, Some(b'@' | b'+' | b'?' | b'*' | b'!')) && !word.quoted;
        if pattern {
            self.pattern_list(word)?;
        }
        Ok(pattern)
    }

    fn array(&mut self) -> Result<Vec<Word>, Unreadable> {
        let start = self.at;
        self.deeper()?;
        self.at += 1;
        let mut words = Vec::new();
        loop {
            self.skip_lines();
            if self.take(")") {
                self.depth -= 1;
                return Ok(words);
            }
            let Some(word) = self.word()? else {
                let missing = self.peek().is_none();
                let missing = missing.then(|| self.error(start, "`)` is missing".into()));
                return Err(missing.unwrap_or_else(|| self.unexpected()));
            };
            words.push(word);
        }
    }

    /// `@(a|b)`, at the parenthesis; the sign before it is the word's last character.
    fn pattern_list(&mut self, word: &mut Word) -> Result<(), Unreadable> {
        let start = self.at - 1;
        let mut depth = 0_usize;
        loop {
            self.skip_to(|it| matches!(it, b'(' | b')'));
            match self.peek() {
                None => return Err(self.error(start + 1, "`)` is missing".into())),
                Some(b'(') => depth += 1,
                Some(_) => depth -= 1,
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let cut = self.span(start, self.at);
        if let Some(Part { piece: Piece::Text(text), span, .. }) = word.parts.last_mut() {
            text.pop();
            span.end = cut.start;
            if text.is_empty() {
                word.parts.pop();
            }
        }
        word.glob = true;
        word.push_part(Piece::Bash(self.text[start..self.at].to_owned()), cut, false);
        Ok(())
    }
}

/// `NAME=`, `NAME+=`, `NAME[0]=`
fn assigns(text: &str) -> bool {
    let Some(name) = text.strip_suffix('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    is_name(name.split_once('[').map_or(name, |(name, _)| name))
}

/// What stands between `${` and `}`.
fn parameter(inside: &str, name: &str, parts: Vec<Part>) -> Piece {
    let rest = &inside[name.len()..];
    if !name.is_empty() && rest.is_empty() {
        return Piece::Variable(name.to_owned());
    }
    let indirect = inside.starts_with('!') && name.is_empty();
    let slice = rest.strip_prefix(':').is_some_and(|it| !it.starts_with(['-', '=', '?', '+']));
    let length = inside.strip_prefix('#').is_some_and(|it| name.is_empty() && it.contains('['));
    if indirect || slice || length || (!name.is_empty() && rest.starts_with(['[', '/', '^', ',', '@'])) {
        return Piece::Bash(format!("${{{inside}}}"));
    }
    if let Some(other) = rest.strip_prefix(":-").filter(|it| !it.contains(['$', '`', '"', '\'', '\\']))
        && !name.is_empty()
    {
        return Piece::Default(name.to_owned(), other.to_owned());
    }
    if let Some(trimmed) = trimmed(name, rest) {
        return trimmed;
    }
    let of = inside.strip_prefix('#').filter(|_| name.is_empty()).unwrap_or(name);
    Piece::Unknown { name: is_name(of).then(|| of.to_owned()), inside: parts }
}

/// `%` and `#` behind a name, with a pattern that says what it says.
fn trimmed(name: &str, rest: &str) -> Option<Piece> {
    let sign = rest.chars().next().filter(|it| matches!(it, '%' | '#') && is_name(name))?;
    let pattern = rest.trim_start_matches(sign);
    let signs = rest.len() - pattern.len();
    if signs > 2 || pattern.is_empty() || pattern.contains(['$', '`', '"', '\'', '\\']) {
        return None;
    }
    let pattern = pattern.to_owned();
    Some(Piece::Trimmed { name: name.to_owned(), end: sign == '%', most: signs == 2, pattern })
}
