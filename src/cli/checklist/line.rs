//! One line of the list: what it asks, whether it holds, why, and what to do next; as text and as JSON.

use serde_json::{Value, json};

/// Whether a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Yes,
    No,
    /// It could not be found out.
    Open,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// A stable word for programs.
    id: &'static str,
    title: &'static str,
    state: State,
    why: String,
    next: Option<String>,
}

/// The five questions: a word for programs, and one for people.
pub(super) const CLEAN: (&str, &str) = ("clean", "the file is clean");
pub(super) const GREEN: (&str, &str) = ("green", "it runs green");
pub(super) const RED: (&str, &str) = ("red", "it goes red on a mistake");
pub(super) const GATE: (&str, &str) = ("gate", "it publishes only a tag");
pub(super) const BADGE: (&str, &str) = ("badge", "the README shows how it stands");

impl Line {
    pub(super) fn yes(of: (&'static str, &'static str), why: impl Into<String>) -> Self {
        Self { id: of.0, title: of.1, state: State::Yes, why: why.into(), next: None }
    }

    pub(super) fn no(
        of: (&'static str, &'static str),
        why: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { id: of.0, title: of.1, state: State::No, why: why.into(), next: Some(next.into()) }
    }

    pub(super) fn open(
        of: (&'static str, &'static str),
        why: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { state: State::Open, ..Self::no(of, why, next) }
    }

    pub(super) fn holds(&self) -> bool {
        self.state == State::Yes
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Yes => "yes",
            State::No => "no",
            State::Open => "open",
        }
    }

    /// For people: the reason below the line, and the next step below that.
    pub(super) fn text(&self, width: usize) -> String {
        let mut text = format!("{:<4}  {}\n", self.word(), self.title);
        for row in self.why.lines() {
            text += &wrapped(row, "", width);
        }
        if let Some(next) = &self.next {
            text += &wrapped(next, "next: ", width);
        }
        text
    }
}

const INDENT: &str = "      ";

/// A sentence in lines of that width, behind a word.
fn wrapped(sentence: &str, word: &str, width: usize) -> String {
    let room = width.saturating_sub(INDENT.len()).max(40);
    let mut lines = vec![word.to_owned()];
    for part in sentence.split(' ') {
        let last = lines.last_mut().filter(|it| it.chars().count() + part.chars().count() < room);
        match last {
            Some(last) if last.is_empty() || last.ends_with(' ') => *last += part,
            Some(last) => *last = format!("{last} {part}"),
            None => lines.push(format!("{}{part}", " ".repeat(word.len()))),
        }
    }
    lines.iter().map(|it| format!("{INDENT}{it}\n")).collect()
}

/// For programs.
pub(super) fn json(lines: &[Line], done: bool) -> Value {
    let one = |it: &Line| json!({"id": it.id, "title": it.title, "answer": it.word(), "why": it.why, "next": it.next});
    json!({"version": 1, "done": done, "lines": lines.iter().map(one).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_its_word_its_reason_and_the_next_step() {
        let line = Line::no(CLEAN, "one thing\nand another", "do this");
        assert_eq!(
            line.text(80),
            "no    the file is clean\n      one thing\n      and another\n      next: do this\n"
        );
        assert_eq!(json(&[line], false)["lines"][0]["answer"], "no");
    }

    #[test]
    fn long_reasons_are_broken_between_words() {
        let line = Line::yes(GREEN, "word ".repeat(20).trim_end());
        assert!(line.text(60).lines().all(|it| it.chars().count() <= 60), "{}", line.text(60));
    }
}
