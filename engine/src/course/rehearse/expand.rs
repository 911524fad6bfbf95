//! Words with variables and substitutions → the texts that they stand for, as far as those are known.

use crate::course::ignore::name_matches;
use crate::course::rehearse::arithmetic::total;
use crate::course::rehearse::builtins::both;
use crate::course::rehearse::exec::Step;
use crate::course::rehearse::image::Dialect;
use crate::course::rehearse::state::{Cause, Doubt, Flow, LONGEST, MOST_GIVEN, State, UNKNOWN};
use crate::shell::{Arithmetic, Part, Piece, Word};

/// Braces make no more words than this.
const MOST_WORDS: i64 = 1000;

impl Step<'_> {
    /// The words after expansion. Quotes keep a value in one piece, without them it is split at blanks.
    pub(super) fn fields(&self, mut state: State, words: &[Word]) -> (Vec<String>, State) {
        let mut fields = Vec::new();
        for word in words {
            if is_all_given(word) && state.given().len() < MOST_GIVEN {
                fields.extend(state.given());
                continue;
            }
            if let [Part { piece: Piece::Variable(name), quoted: false, .. }] = word.parts.as_slice() {
                let value = variable(self.dialect, &state, name);
                fields.extend(value.split_whitespace().map(str::to_owned));
                continue;
            }
            let (text, next) = self.text(state, word);
            state = next;
            if word.braces.is_some() && self.dialect == Dialect::Bash {
                fields.extend(several(&text));
                continue;
            }
            if matches!(word.parts.as_slice(), [Part { piece: Piece::Output(_), quoted: false, .. }]) {
                fields.extend(text.split_whitespace().map(str::to_owned));
                continue;
            }
            fields.push(text);
        }
        (fields, state)
    }

    pub(super) fn text(&self, mut state: State, word: &Word) -> (String, State) {
        let mut text = String::new();
        for Part { piece, .. } in &word.parts {
            if text.len() > LONGEST {
                return (UNKNOWN.into(), state);
            }
            match piece {
                Piece::Text(it) => text.push_str(it),
                Piece::Variable(name) => text.push_str(&variable(self.dialect, &state, name)),
                Piece::Default(name, other) => {
                    let value = variable(self.dialect, &state, name);
                    text.push_str(if value.is_empty() { other } else { &value });
                }
                Piece::Trimmed { name, end, most, pattern } => {
                    text.push_str(&trimmed(&variable(self.dialect, &state, name), *end, *most, pattern));
                }
                Piece::Bash(it) if self.dialect != Dialect::Bash => {
                    let cause = Cause::NotInShell(it.clone());
                    state = State { flow: Flow::Exit, ..self.broke(state, it, cause, 2) };
                    return (UNKNOWN.into(), state);
                }
                Piece::Array(_) | Piece::Process(_) if self.dialect != Dialect::Bash => {
                    let cause = Cause::NotInShell("( … )".into());
                    state = State { flow: Flow::Exit, ..self.broke(state, "( … )", cause, 2) };
                    return (UNKNOWN.into(), state);
                }
                Piece::Arithmetic(sum) => {
                    let written = self.sum_text(&mut state, sum);
                    let value = self.worked_out(&mut state, &written);
                    if value.is_none() && self.dialect == Dialect::Dash && counts(&written) {
                        let cause = Cause::NotInShell(written.trim().to_owned());
                        state = State { flow: Flow::Exit, ..self.broke(state, &written, cause, 2) };
                    }
                    text.push_str(&value.map_or_else(|| UNKNOWN.into(), |it| it.to_string()));
                }
                Piece::Escaped(it) if !it.contains('\\') => text.push_str(it),
                Piece::Unknown { .. }
                | Piece::Bash(_)
                | Piece::Escaped(_)
                | Piece::Array(_)
                | Piece::Process(_) => text.push(UNKNOWN),
                Piece::Output(script) => {
                    let before = state.printed.replace(String::new());
                    let ends = self.subshell(&state, |inner| self.script(vec![inner], script, false));
                    // One way is enough, the one in which something goes wrong.
                    let worst = ends.into_iter().max_by_key(|it| it.status != 0);
                    state = worst.unwrap_or(state);
                    state.flow = Flow::Next;
                    let printed = std::mem::replace(&mut state.printed, before).unwrap_or_default();
                    text.push_str(printed.trim_end_matches('\n'));
                }
            }
        }
        (text, state)
    }

    /// A sum with what is expanded inside put in its place.
    pub(super) fn sum_text(&self, state: &mut State, sum: &Arithmetic) -> String {
        let mut text = String::new();
        let mut at = 0;
        for part in &sum.inside {
            let place = (part.span.start.saturating_sub(sum.span.start)) as usize;
            let end = (part.span.end.saturating_sub(sum.span.start)) as usize;
            // In backquotes with a backslash the places are those of another text.
            let (Some(before), Some(sign)) = (sum.text.get(at..place), sum.text.get(place..end)) else {
                return UNKNOWN.into();
            };
            if !sign.starts_with(['$', '`']) {
                return UNKNOWN.into();
            }
            let word = Word { parts: vec![part.clone()], ..Word::default() };
            let (value, next) = self.text(std::mem::take(state), &word);
            *state = next;
            text = text + before + if value.is_empty() { "0" } else { &value };
            at = end;
        }
        text + sum.text.get(at..).unwrap_or_default()
    }

    /// The value of a sum; what it sets is set.
    pub(super) fn worked_out(&self, state: &mut State, text: &str) -> Option<i64> {
        let value = total(text, self.dialect, state);
        if value.is_none() {
            state.guess(Doubt::Unfollowed(format!("$(({text}))").replace(UNKNOWN, "…")));
        }
        value
    }

    /// bash's `((…))`
    pub(super) fn is_true(&self, mut state: State, sum: &Arithmetic) -> Vec<State> {
        let text = self.sum_text(&mut state, sum);
        self.compared(state, &text)
    }

    /// Exit code 0 for every number but 0.
    pub(super) fn compared(&self, mut state: State, text: &str) -> Vec<State> {
        match self.worked_out(&mut state, text) {
            Some(value) => vec![state.ends(i32::from(value == 0))],
            None => both(state),
        }
    }

    /// `NAME=value`
    pub(super) fn assign(&self, state: &mut State, name: &str, value: String) {
        match value.parse::<i64>() {
            // It goes on counting from there.
            Ok(it) if name == "SECONDS" && self.dialect == Dialect::Bash => {
                state.set(name, (it - i64::from(state.clock)).to_string());
            }
            _ => state.set(name, value),
        }
    }
}

/// Seconds since bash began, or since somebody has set them.
fn seconds(state: &State) -> i64 {
    let set = state.get("SECONDS").and_then(|it| it.parse::<i64>().ok()).unwrap_or_default();
    set + i64::from(state.clock)
}

/// `++` or `--`
fn counts(text: &str) -> bool {
    text.contains("++") || text.contains("--")
}

/// `a{1..3}b`, `{a,b}`: the words that bash makes of it.
fn several(text: &str) -> Vec<String> {
    let parts = text.split_once('{').and_then(|(begin, rest)| Some((begin, rest.split_once('}')?)));
    let Some((begin, (inside, end))) = parts else { return vec![text.to_owned()] };
    let made = |words: Vec<String>| words.iter().map(|it| format!("{begin}{it}{end}")).collect::<Vec<_>>();
    if inside.contains(',') {
        return made(inside.split(',').map(str::to_owned).collect())
            .iter()
            .flat_map(|it| several(it))
            .collect();
    }
    let numbers: Option<Vec<i64>> = inside.split("..").map(|it| it.parse().ok()).collect();
    match numbers.as_deref() {
        Some([first, last]) => made(counted(*first, if first > last { -1 } else { 1 }, *last)),
        Some([first, last, step]) => {
            let step = step.saturating_abs().max(1);
            made(counted(*first, if first > last { -step } else { step }, *last))
        }
        _ => vec![text.replace(['{', '}'], UNKNOWN.encode_utf8(&mut [0; 3]))],
    }
}

/// From one number to another one, in steps.
pub(super) fn counted(first: i64, step: i64, last: i64) -> Vec<String> {
    let number = |at: i64| Some(first.saturating_add(at.checked_mul(step)?));
    let inside = |it: &i64| if step < 0 { *it >= last } else { *it <= last };
    (0..MOST_WORDS).map_while(number).take_while(inside).map(|it| it.to_string()).collect()
}

/// `"$@"`
fn is_all_given(word: &Word) -> bool {
    matches!(word.parts.as_slice(), [Part { piece: Piece::Variable(name), .. }] if name == "@")
}

/// What is left of a value when the pattern is taken off its end or its beginning.
fn trimmed(value: &str, end: bool, most: bool, pattern: &str) -> String {
    if value.contains(UNKNOWN) {
        return UNKNOWN.into();
    }
    let cuts = value.char_indices().map(|it| it.0).chain([value.len()]);
    let mut fitting: Vec<usize> = cuts
        .filter(|at| {
            let (begin, rest) = value.split_at(*at);
            name_matches(pattern, if end { rest } else { begin })
        })
        .collect();
    if most == end {
        fitting.reverse();
    }
    match fitting.last() {
        Some(at) if end => value[..*at].to_owned(),
        Some(at) if !end => value[*at..].to_owned(),
        _ => value.to_owned(),
    }
}

pub(super) fn variable(dialect: Dialect, state: &State, name: &str) -> String {
    match name {
        "SECONDS" if dialect == Dialect::Bash => seconds(state).to_string(),
        "?" => state.status.to_string(),
        "!" => format!("%{}", state.jobs.len()),
        "PWD" => state.folder.clone(),
        "HOME" => state.get("HOME").unwrap_or("/root").to_owned(),
        "PATH" => state.get("PATH").unwrap_or(super::PATH).to_owned(),
        "#" | "@" | "*" | "-" | "$" | "0" | "RANDOM" => UNKNOWN.into(),
        _ => state.get(name).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_taken_off_either_end_once_or_as_far_as_it_goes() {
        for (value, end, most, pattern, left) in [
            ("linux/amd64", true, false, "/*", "linux"),
            ("linux/amd64", false, false, "*/", "amd64"),
            ("a/b/c", true, false, "/*", "a/b"),
            ("a/b/c", true, true, "/*", "a"),
            ("a/b/c", false, false, "*/", "b/c"),
            ("a/b/c", false, true, "*/", "c"),
            ("v1.2.0", false, false, "v", "1.2.0"),
            ("1.2.0", false, false, "v", "1.2.0"),
        ] {
            assert_eq!(trimmed(value, end, most, pattern), left, "{value} {pattern}");
        }
    }
}
