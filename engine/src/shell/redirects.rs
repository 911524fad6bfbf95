//! `>`, `<`, `<<` → redirections, and here-documents with their places.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::shell::parse::{Parser, Waiting};
use crate::shell::tree::{Content, Document, Part, Redirect, Unreadable, Word};

/// The signs of every shell; of two that begin alike, the longer one is first.
const SIGNS: [&str; 9] = ["<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"];
/// The signs that bash adds.
const BASH_SIGNS: [&str; 3] = ["<<<", "&>>", "&>"];

impl Parser<'_> {
    /// A redirection, when one begins here.
    pub(super) fn redirect(&mut self) -> Result<Option<Redirect>, Unreadable> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let digits = bytes[start..].iter().take_while(|it| it.is_ascii_digit()).count();
        let Some(sign) = self.sign(start + digits, digits > 0) else { return Ok(None) };
        self.at += digits + sign.len();
        self.skip_blanks();
        let from = self.at;
        let Some(target) = self.word()? else {
            return Err(self.error(start, format!("`{sign}` has no file")));
        };
        let number = self.text[start..start + digits].parse().ok();
        let end = self.at;
        let document = matches!(sign, "<<" | "<<-").then(|| self.document(sign, &target, from));
        let input = sign.starts_with('<') && (digits == 0 || number == Some(0));
        let writes = sign.contains('>') && sign != ">&" && sign != "<>";
        let span = self.span(start, end);
        Ok(Some(Redirect { sign, number, input, writes, target, document, span }))
    }

    fn sign(&self, at: usize, numbered: bool) -> Option<&'static str> {
        let rest = &self.text.as_bytes()[at..];
        if !matches!(rest.first(), Some(b'<' | b'>' | b'&')) {
            return None;
        }
        let comes = |it: &&str| rest.starts_with(it.as_bytes());
        if self.bash {
            if rest.get(1) == Some(&b'(') {
                return None;
            }
            let own = BASH_SIGNS.into_iter().find(comes).filter(|it| !numbered || *it == "<<<");
            if own.is_some() {
                return own;
            }
        }
        SIGNS.into_iter().find(comes)
    }

    fn document(&mut self, sign: &str, target: &Word, from: usize) -> Document {
        let written = &self.text[from..self.at];
        let end = target.text().unwrap_or(written).to_owned();
        let place = Rc::new(Cell::new(self.span(self.at, self.at)));
        let expands = !target.quoted;
        let content = Rc::new(OnceCell::new());
        let (later, found) = (Rc::clone(&place), Rc::clone(&content));
        self.waiting.push(Waiting { end, tabs: sign == "<<-", expands, place: later, content: found });
        Document { expands, place, content }
    }

    /// Goes past a newline, and past the here-documents that begin after it.
    pub(super) fn newline(&mut self) {
        self.at += 1;
        for waiting in std::mem::take(&mut self.waiting) {
            let start = self.at;
            let end = self.document_end(&waiting);
            waiting.place.set(self.span(start, end));
            let parts = if waiting.expands { self.replaced(start, end) } else { Vec::new() };
            let text = self.text[start..end].to_owned();
            // Each document is come upon once.
            let _ = waiting.content.set(Content { text, parts });
        }
    }

    /// What the shell replaces between two places; nothing where it cannot be read.
    fn replaced(&mut self, start: usize, end: usize) -> Vec<Part> {
        let depth = self.depth;
        let parts = self.expansions(start, end).unwrap_or_default();
        self.depth = depth;
        parts
    }

    /// Goes past a here-document; its end comes back, without the line that ends it.
    fn document_end(&mut self, waiting: &Waiting) -> usize {
        let mut continued = false;
        while self.at < self.text.len() {
            let start = self.at;
            let rest = &self.text[start..];
            let line = rest.split('\n').next().unwrap_or(rest);
            self.at = (start + line.len() + 1).min(self.text.len());
            let bare = if waiting.tabs { line.trim_start_matches('\t') } else { line };
            if !continued && bare == waiting.end {
                return start;
            }
            let slashes = line.bytes().rev().take_while(|it| *it == b'\\').count();
            continued = waiting.expands && slashes % 2 == 1;
        }
        self.at
    }

    /// The here-documents of the line so far, set aside until the line of the whole text ends.
    pub(super) fn set_aside(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting)
    }

    /// Puts them back, before those that came since.
    pub(super) fn put_back(&mut self, mut before: Vec<Waiting>) {
        before.append(&mut self.waiting);
        self.waiting = before;
    }
}
