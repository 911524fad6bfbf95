//! Words → commands: lists, pipelines and simple commands. What no shell reads is an error.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::shell::tree::{
    Assignment, Command, Content, Joined, Joint, List, Part, Piece, Pipe, Pipeline, Script, Simple,
    Unreadable, Word,
};
use crate::shell::words::{class_of, is_name};
use crate::source::Span;

/// Deeper nesting is refused: no pipeline needs it, and the reader recurses.
pub(super) const DEEPEST: usize = 40;

/// Words that close something, and so begin no command.
const CLOSERS: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

/// Reads a whole script. With `bash`, what only bash understands is read too; without it, it is what a plain shell
/// makes of it, often an error.
pub fn parse(text: &str, bash: bool) -> Result<Script, Unreadable> {
    let mut parser = Parser { text, bash, at: 0, depth: 0, places: None, waiting: Vec::new() };
    parser.whole()
}

/// Reads from `at` to the end of `text`.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    /// True when `&>` and `|&` are signs of their own, `[[` is a word of its own and so on.
    pub(super) bash: bool,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Where the bytes of `text` are in the whole text, when that is somewhere else.
    pub(super) places: Option<&'a [u32]>,
    /// Here-documents that begin after this line.
    pub(super) waiting: Vec<Waiting>,
}

/// A here-document that begins after this line.
pub(super) struct Waiting {
    /// The line that ends it.
    pub(super) end: String,
    /// Tabs before a line are cut.
    pub(super) tabs: bool,
    pub(super) expands: bool,
    pub(super) place: Rc<Cell<Span>>,
    pub(super) content: Rc<OnceCell<Content>>,
}

impl<'a> Parser<'a> {
    /// Everything up to the end of the text.
    pub(super) fn whole(&mut self) -> Result<Script, Unreadable> {
        let script = self.script(&[])?;
        if self.peek().is_some() {
            return Err(self.unexpected());
        }
        Ok(script)
    }

    /// Commands up to one of `ends`, which stays to be read.
    pub(super) fn script(&mut self, ends: &[&str]) -> Result<Script, Unreadable> {
        self.deeper()?;
        let mut lists: Vec<List> = Vec::new();
        loop {
            self.skip_lines();
            if self.at_one_of(ends) {
                break;
            }
            let mut list = self.list()?;
            self.skip_blanks();
            let start = self.at;
            let sign = self.peek();
            let separates = matches!(sign, Some(b';' | b'&')) && !self.ends_arm();
            self.at += usize::from(separates);
            if sign == Some(b'&') {
                let span = self.span(start, start + 1);
                list.background = Some(span);
                list.span = list.span.to(span);
            }
            lists.push(list);
            if !separates && !matches!(sign, Some(b'\n') | None) {
                break;
            }
        }
        self.depth -= 1;
        let here = self.span(self.at, self.at);
        let span = match lists.as_slice() {
            [] => here,
            [first, ..] => first.span.to(lists[lists.len() - 1].span),
        };
        Ok(Script { lists, span })
    }

    /// Counts one level of nesting; who returns from it counts it back.
    pub(super) fn deeper(&mut self) -> Result<(), Unreadable> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(self.at, "the commands are nested too deeply".into()));
        }
        Ok(())
    }

    /// The place of some bytes of `text` in the whole text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| self.places.and_then(|it| it.get(at)).map_or(at, |it| *it as usize);
        Span::new(place(start), place(end))
    }

    /// An error at the character at `at`.
    pub(super) fn error(&self, at: usize, message: String) -> Unreadable {
        let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
        Unreadable { span: self.span(at, at + length), message }
    }

    pub(super) fn unexpected(&self) -> Unreadable {
        let Some(it) = self.text[self.at..].chars().next() else {
            return self.error(self.at, "a command is missing at the end".into());
        };
        self.error(self.at, format!("`{it}` is not expected here"))
    }

    /// `;;`, and bash's `;&`.
    fn ends_arm(&self) -> bool {
        self.looking_at(";;") || (self.bash && self.looking_at(";&"))
    }

    fn at_one_of(&self, ends: &[&str]) -> bool {
        match self.peek() {
            None => true,
            _ if ends.is_empty() => false,
            Some(b')' | b';') => ends.iter().any(|it| self.looking_at(it)),
            Some(_) => ends.contains(&self.keyword()),
        }
    }

    /// The short word that comes next, if it ends where a keyword ends; empty where there is none.
    pub(super) fn keyword(&self) -> &'a str {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().take(9).position(|it| class_of(*it).ends_word());
        match length {
            None if rest.len() > 8 => "",
            length => self.text.get(self.at..self.at + length.unwrap_or(rest.len())).unwrap_or(""),
        }
    }

    /// Takes a sign such as `)`, or a whole word such as `then`.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let sign = matches!(word, "(" | ")" | ";;");
        let there = if sign { self.looking_at(word) } else { self.keyword() == word };
        if there {
            self.at += word.len();
        }
        there
    }

    pub(super) fn need(&mut self, word: &str, opened_by: &str, start: usize) -> Result<(), Unreadable> {
        self.skip_lines();
        if self.take_word(word) {
            return Ok(());
        }
        Err(self.error(start, format!("`{opened_by}` has no `{word}`")))
    }

    fn list(&mut self) -> Result<List, Unreadable> {
        let first = self.pipeline()?;
        let mut span = first.span;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.at;
            let joint = if self.take("&&") {
                Joint::And
            } else if self.take("||") {
                Joint::Or
            } else {
                return Ok(List { first, rest, background: None, span });
            };
            let sign = self.span(start, self.at);
            self.skip_lines();
            let pipeline = self.pipeline()?;
            span = span.to(pipeline.span);
            rest.push(Joined { joint, sign, pipeline });
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, Unreadable> {
        self.skip_blanks();
        let start = self.span(self.at, self.at);
        let mut negated = false;
        self.skip_time();
        while self.peek() == Some(b'!') && self.take_word("!") {
            negated = !negated;
            self.skip_blanks();
        }
        let mut commands = vec![self.command()?];
        let mut pipes = Vec::new();
        loop {
            self.skip_blanks();
            let at = self.at;
            if self.peek() != Some(b'|') || self.looking_at("||") {
                let span = commands.iter().fold(start, |span, it| span.to(it.span()));
                return Ok(Pipeline { negated, commands, pipes, span });
            }
            self.at += 1;
            let with_errors = self.bash && self.take("&");
            pipes.push(Pipe { span: self.span(at, self.at), with_errors });
            self.skip_lines();
            commands.push(self.command()?);
        }
    }

    /// bash measures compound commands too: `time { …; }`. Before other commands `time` is a program as any.
    fn skip_time(&mut self) {
        let start = self.at;
        if !self.bash || self.peek() != Some(b't') || !self.take_word("time") {
            return;
        }
        self.skip_blanks();
        if self.take_word("-p") {
            self.skip_blanks();
        }
        let measured = ["{", "if", "while", "until", "for", "case", "[[", "!"];
        if self.peek() != Some(b'(') && !measured.contains(&self.keyword()) {
            self.at = start;
        }
    }

    pub(super) fn command(&mut self) -> Result<Command, Unreadable> {
        self.skip_blanks();
        let keyword = if self.peek() == Some(b'(') { "(" } else { self.keyword() };
        if let Some(compound) = self.compound(keyword)? {
            return Ok(compound);
        }
        if self.bash && keyword == "[[" {
            return self.double_bracket();
        }
        self.simple(keyword)
    }

    fn simple(&mut self, keyword: &str) -> Result<Command, Unreadable> {
        if CLOSERS.contains(&keyword) {
            return Err(self.error(self.at, format!("`{keyword}` closes nothing here")));
        }
        if matches!(keyword, "in" | "!") {
            return Err(self.error(self.at, format!("`{keyword}` is not expected here")));
        }
        let (start, mut end) = (self.at, self.at);
        let mut simple = Simple::default();
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
            } else if let Some(word) = self.word()? {
                self.push_word(&mut simple, word);
            } else if simple.words.len() == 1 && self.looking_at("(") {
                return self.function(start, &simple.words[0]);
            } else {
                break;
            }
            end = self.at;
        }
        if start == end {
            return Err(self.unexpected());
        }
        simple.text.push_str(&self.text[start..end]);
        simple.span = self.span(start, end);
        Ok(Command::Simple(simple))
    }

    fn push_word(&self, simple: &mut Simple, word: Word) {
        if !simple.words.is_empty() {
            simple.words.push(word);
            return;
        }
        match self.assignment(word) {
            Ok(assigned) => simple.assignments.push(assigned),
            Err(word) => simple.words.push(word),
        }
    }

    /// `NAME=value`; anything else comes back as it was.
    fn assignment(&self, mut word: Word) -> Result<Assignment, Word> {
        let Some(Part { piece: Piece::Text(first), span, .. }) = word.parts.first_mut() else {
            return Err(word);
        };
        let Some((name, value)) = first.split_once('=') else { return Err(word) };
        let bare = if self.bash { without_index(name.strip_suffix('+').unwrap_or(name)) } else { name };
        // A quoted name or sign does not assign: then the text is not what is written.
        let length = name.len() + 1;
        let written = self.text.get(self.at_of(span.start)..).unwrap_or("");
        if !is_name(bare) || !written.starts_with(&first[..length]) {
            return Err(word);
        }
        let appends = self.bash && name.ends_with('+');
        let name = name.strip_suffix('+').filter(|_| appends).unwrap_or(name).to_owned();
        let whole = word.span;
        let cut = self.span(self.at_of(span.start) + length, 0).start;
        *first = value.to_owned();
        let bare = first.is_empty();
        (span.start, word.span.start) = (cut, cut);
        if bare && word.parts.len() > 1 {
            word.parts.remove(0);
        }
        Ok(Assignment { name, value: word, appends, span: whole })
    }

    /// From a place in the whole text back to one in `text`.
    fn at_of(&self, place: u32) -> usize {
        self.places.map_or(place as usize, |it| it.partition_point(|at| *at < place))
    }
}

/// `a` of `a[0]`
fn without_index(name: &str) -> &str {
    name.split_once('[').filter(|(_, it)| it.ends_with(']')).map_or(name, |(name, _)| name)
}
