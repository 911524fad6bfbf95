//! The `commands` of a step → one shell script, with the place of each of its characters in the file.
//!
//! All items of `commands` are lines of one script for one shell (§5.5): an `if` may begin in one item and end in the next.

use crate::lint::written::Written;
use crate::pipeline::Text;
use crate::shell::{Script, Unreadable, parse};
use crate::source::Span;

/// The script of a step.
pub struct StepScript {
    /// The script, an item a line. Drone's `$$` is the `$` that the shell sees, and a `${…}` that Drone replaces is
    /// written as a plain `${NAME}`.
    pub text: String,
    /// The place of each item in `text`.
    pub items: Vec<Span>,
    /// The places in `text` that Drone replaces before any shell sees them.
    pub replaced: Vec<Span>,
    /// What a shell reads in `text`, bash's own forms included; its places are those of `text`.
    pub parsed: Result<Script, Unreadable>,
    /// Where stretches of `text` stand in the file, in order.
    stretches: Vec<Stretch>,
}

/// From `at` on, `text` is what stands in the file from `file` on, for `length` bytes; or it stands for `whole`.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    at: u32,
    file: Span,
    copied: bool,
}

impl StepScript {
    pub(super) fn of(commands: &[Text], file: &Written<'_>) -> Self {
        let mut script = Self {
            text: String::new(),
            items: Vec::new(),
            replaced: Vec::new(),
            parsed: Ok(Script::default()),
            stretches: Vec::new(),
        };
        for command in commands {
            let start = script.text.len();
            script.add(command, file);
            script.items.push(Span::new(start, script.text.len()));
            script.text.push('\n');
        }
        script.parsed = parse(&script.text, true);
        script
    }

    /// What a shell reads; `None` for a script that no shell can read.
    #[must_use]
    pub fn tree(&self) -> Option<&Script> {
        self.parsed.as_ref().ok()
    }

    /// Where a place of the script stands in the file.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        let start = self.offset(span.start, |it| it.start);
        let end = if span.is_empty() { start } else { self.offset(span.end - 1, |it| it.end - 1) + 1 };
        Span { start, end: end.max(start) }
    }

    /// Where a place of the script stands in the file letter by letter; `None` where it is written otherwise, such as
    /// with an escape or over folded lines.
    #[must_use]
    pub fn exact(&self, span: Span) -> Option<Span> {
        let holds = |it: &Stretch| {
            it.copied && it.at <= span.start && span.end <= it.at + (it.file.end - it.file.start)
        };
        let index = self.stretches.partition_point(|it| it.at <= span.start);
        // An empty place at the seam of two belongs to either.
        let near = self.stretches[index.saturating_sub(2)..index].iter().rev();
        let stretch = near.copied().find(holds)?;
        let start = stretch.file.start + (span.start - stretch.at);
        Some(Span { start, end: start + (span.end - span.start) })
    }

    /// True when Drone replaces this place, or a part of it.
    #[must_use]
    pub fn is_replaced(&self, span: Span) -> bool {
        self.replaced.iter().any(|it| it.start < span.end && span.start < it.end)
    }

    /// The number of the item of `commands` that holds a place of the script, from 0.
    #[must_use]
    pub fn item_at(&self, offset: u32) -> usize {
        self.items.partition_point(|it| it.end < offset).min(self.items.len().saturating_sub(1))
    }

    fn offset(&self, at: u32, of_whole: impl Fn(Span) -> u32) -> u32 {
        let index = self.stretches.partition_point(|it| it.at <= at);
        let Some(stretch) = index.checked_sub(1).map(|it| self.stretches[it]) else { return 0 };
        if stretch.copied {
            (stretch.file.start + at - stretch.at).min(stretch.file.end)
        } else {
            of_whole(stretch.file)
        }
    }

    /// Adds the text of an item: stretch by stretch as it stands in the file.
    fn add(&mut self, command: &Text, file: &Written<'_>) {
        for stretch in stretches(&command.value, file.slice(command.span)) {
            let start = command.span.start + stretch.written;
            let value = &command.value[stretch.value.range()];
            let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
            if stretch.copied {
                self.copy(value, Span { start, end: start + length }, file);
            } else {
                self.push(value, Span { start, end: start + stretch.length }, false);
            }
        }
    }

    /// Adds a stretch that stands in the file letter by letter, but for what Drone replaces.
    fn copy(&mut self, value: &str, place: Span, file: &Written<'_>) {
        let mut done = place.start;
        let part = |from: u32, to: u32| {
            value.get((from - place.start) as usize..(to - place.start) as usize).unwrap_or_default()
        };
        for dollar in file.dollars_in(place) {
            if dollar.span.start < done || dollar.span.end > place.end {
                continue;
            }
            self.push(part(done, dollar.span.start), Span { start: done, end: dollar.span.start }, true);
            match dollar.name() {
                None => self.push("$", dollar.span, false),
                Some(name) => {
                    let start = self.text.len();
                    self.push(&format!("${{{name}}}"), dollar.span, false);
                    self.replaced.push(Span::new(start, self.text.len()));
                }
            }
            done = dollar.span.end;
        }
        self.push(part(done, place.end), Span { start: done, end: place.end }, true);
    }

    fn push(&mut self, text: &str, file: Span, copied: bool) {
        if !text.is_empty() {
            let at = Span::new(self.text.len(), self.text.len()).start;
            self.stretches.push(Stretch { at, file, copied });
            self.text.push_str(text);
        }
    }
}

/// A part of a scalar's value, and the part of what is written that it comes from, from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    value: Span,
    written: u32,
    /// Bytes of what is written; those of the value when it is copied.
    length: u32,
    copied: bool,
}

/// How a value is made of what is written: blocks lose their indentation, quotes their escapes, lines are folded.
fn stretches(value: &str, written: &str) -> Vec<Part> {
    if value == written {
        return vec![Part { value: Span::new(0, value.len()), written: 0, length: 0, copied: true }];
    }
    let quote = quote_of(value, written);
    let at = usize::from(quote.is_some());
    let mut walk = Align { value, written, at, quote, parts: Vec::new() };
    walk.run();
    walk.parts
}

/// The quote around what is written. A block that begins with a quote of its own has none: its value begins with it.
fn quote_of(value: &str, written: &str) -> Option<u8> {
    let quote = *written.as_bytes().first().filter(|it| matches!(it, b'"' | b'\''))?;
    let escaped = matches!(written.as_bytes().get(1), Some(b'\\' | b'\''));
    let own = value.as_bytes().first() == Some(&quote) && !escaped;
    (!own && written.len() > 1 && written.as_bytes().last() == Some(&quote)).then_some(quote)
}

struct Align<'v> {
    value: &'v str,
    written: &'v str,
    at: usize,
    quote: Option<u8>,
    parts: Vec<Part>,
}

impl Align<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(it) = self.value[at..].chars().next() {
            let end = at + it.len_utf8();
            let from = self.at;
            let copied = self.take(it);
            self.note(Span::new(at, end), from, copied);
            at = end;
        }
    }

    /// Finds what one character of the value is written as. True when it stands there as it is, at `self.at` before.
    fn take(&mut self, it: char) -> bool {
        let rest = self.written.get(self.at..).unwrap_or_default();
        if let Some(escape) = self.escape(rest) {
            self.at += escape;
            return false;
        }
        if rest.starts_with(it) && !matches!(it, '\n') {
            self.at += it.len_utf8();
            return true;
        }
        if it.is_whitespace() {
            // A line end, folded or not, with the indentation of the next line.
            let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            self.at += if rest[..end].trim().is_empty() { end } else { 0 };
            self.skip_indentation();
            return false;
        }
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 && rest[blank..].starts_with(it) {
            self.at += blank + it.len_utf8();
            return false;
        }
        false
    }

    fn skip_indentation(&mut self) {
        // What the value keeps of the indentation is found again by the character that follows.
        let rest = self.written.get(self.at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches(' ').len();
        self.at += blank;
    }

    /// The length of an escape that begins here.
    fn escape(&self, rest: &str) -> Option<usize> {
        let length = match (self.quote?, rest.as_bytes()) {
            (b'\'', [b'\'', b'\'', ..]) => 2,
            (b'"', [b'\\', b'x', ..]) => 4,
            (b'"', [b'\\', b'u', ..]) => 6,
            (b'"', [b'\\', b'U', ..]) => 10,
            (b'"', [b'\\', ..]) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => return None,
        };
        Some(length.min(rest.len()))
    }

    fn note(&mut self, value: Span, from: usize, copied: bool) {
        let written = Span::new(from, self.at);
        if let Some(last) = self.parts.last_mut().filter(|it| copied && it.copied) {
            let length = last.value.end - last.value.start;
            if last.written + length == written.start {
                last.value.end = value.end;
                return;
            }
        }
        self.parts.push(Part { value, written: written.start, length: written.end - written.start, copied });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::dollars;

    /// The script of these commands, and for each part what stands at its place in the file.
    fn places(commands: &str, parts: &[&str]) -> (String, Vec<String>) {
        let yaml = format!("kind: pipeline\nsteps:\n- name: a\n  image: b\n  commands:\n{commands}");
        let source = crate::source::SourceFile::new("it.yml", yaml.as_str());
        let (manifest, problems) = crate::pipeline::read(&source);
        assert!(problems.is_empty(), "{problems:?}");
        let file = Written { text: &yaml, dollars: dollars(&yaml), documents: Vec::new() };
        let pipeline = manifest.pipelines().next().unwrap();
        let script = StepScript::of(pipeline.steps[0].commands(), &file);
        let place = |part: &&str| {
            let at = script.text.find(part).unwrap_or_else(|| panic!("no {part} in {}", script.text));
            file.slice(script.place(Span::new(at, at + part.len()))).to_owned()
        };
        let places = parts.iter().map(place).collect();
        (script.text, places)
    }

    #[test]
    fn every_character_of_the_script_is_found_in_the_file() {
        /// Commands, the script, parts of it, and what stands at their places.
        type Row<'r> = (&'r str, &'r str, &'r [(&'r str, &'r str)]);
        let rows: &[Row<'_>] = &[
            ("  - make test\n  - a | b\n", "make test\na | b\n", &[("test", "test"), ("| b", "| b")]),
            ("  - 'it''s a | b'\n", "it's a | b\n", &[("it's", "it''s"), ("| b", "| b")]),
            ("  - \"x\\ty | \\u00e9 b\"\n", "x\ty | é b\n", &[("y | é b", "y | \\u00e9 b"), ("x", "x")]),
            (
                "  - |\n    if a; then\n      b || true\n    fi\n  - c\n",
                "if a; then\n  b || true\nfi\n\nc\n",
                &[("if a", "if a"), ("|| true", "|| true"), ("b ||", "b ||"), ("fi", "fi"), ("c", "c")],
            ),
            (
                "  - >-\n    one\n    two | three\n",
                "one two | three\n",
                &[("one", "one"), ("two |", "two |")],
            ),
            ("  - one\n    two | three\n", "one two | three\n", &[("two |", "two |"), ("e t", "e\n    t")]),
            (
                "  - echo $$HOME ${DRONE_TAG##v} é | x\n",
                "echo $HOME ${DRONE_TAG} é | x\n",
                &[("$HOME", "$$HOME"), ("${DRONE_TAG}", "${DRONE_TAG##v}"), ("| x", "| x")],
            ),
            (
                "  - |\r\n    one\r\n    two | x\r\n",
                "one\ntwo | x\n\n",
                &[("one", "one"), ("two |", "two |")],
            ),
            (
                "  - |\n    \"a\\n\" | b\n    > c\n",
                "\"a\\n\" | b\n> c\n\n",
                &[("a\\n", "a\\n"), ("| b", "| b"), ("> c", "> c")],
            ),
            ("  - |\n    > log\n    a | b\n", "> log\na | b\n\n", &[("> log", "> log"), ("| b", "| b")]),
            ("  - \"\\\"a\\\" | b\"\n", "\"a\" | b\n", &[("| b", "| b")]),
            ("  - &x make | y\n  - *x\n", "make | y\nmake | y\n", &[("| y", "| y")]),
            ("  - !!str make | y\n", "make | y\n", &[("| y", "| y")]),
        ];
        for (commands, script, parts) in rows {
            let asked: Vec<&str> = parts.iter().map(|it| it.0).collect();
            let (text, found) = places(commands, &asked);
            assert_eq!(text, *script, "{commands}");
            let expected: Vec<&str> = parts.iter().map(|it| it.1).collect();
            assert_eq!(found, expected, "{commands}");
        }
    }
}
