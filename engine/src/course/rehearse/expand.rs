//! Words with variables and substitutions → the texts that they stand for, as far as those are known.

use crate::course::ignore::name_matches;
use crate::course::rehearse::exec::Step;
use crate::course::rehearse::image::Dialect;
use crate::course::rehearse::state::{Cause, Flow, MOST_GIVEN, State, UNKNOWN};
use crate::shell::{Command, Part, Piece, Script, Word};

/// Longer words are taken as unknown.
const LONGEST: usize = 1 << 16;
/// `seq` counts no further.
const LONGEST_COUNT: usize = 1000;

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
                let value = variable(&state, name);
                fields.extend(value.split_whitespace().map(str::to_owned));
                continue;
            }
            let (text, next) = self.text(state, word);
            state = next;
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
                Piece::Variable(name) => text.push_str(&variable(&state, name)),
                Piece::Default(name, other) => {
                    let value = variable(&state, name);
                    text.push_str(if value.is_empty() { other } else { &value });
                }
                Piece::Trimmed { name, end, most, pattern } => {
                    text.push_str(&trimmed(&variable(&state, name), *end, *most, pattern));
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
                Piece::Arithmetic { text: sum, .. } => {
                    text.push_str(&total(&state, sum).map_or_else(|| UNKNOWN.into(), |it| it.to_string()));
                }
                Piece::Escaped(it) if !it.contains('\\') => text.push_str(it),
                Piece::Unknown { .. }
                | Piece::Bash(_)
                | Piece::Escaped(_)
                | Piece::Array(_)
                | Piece::Process(_) => text.push(UNKNOWN),
                Piece::Output(script) => {
                    // One way is enough: what the output is, is not known anyway.
                    let ends = self.subshell(&state, |inner| self.script(vec![inner], script, false));
                    let worst = ends.into_iter().max_by_key(|it| it.status != 0);
                    state = worst.unwrap_or(state);
                    state.flow = Flow::Next;
                    text.push_str(&self.output(&state, script));
                }
            }
        }
        (text, state)
    }

    /// What a command substitution gives, where that is known.
    fn output(&self, state: &State, script: &Script) -> String {
        let unknown = || UNKNOWN.to_string();
        let [list] = script.lists.as_slice() else { return unknown() };
        let [Command::Simple(simple)] = list.first.commands.as_slice() else { return unknown() };
        if !list.rest.is_empty() {
            return unknown();
        }
        let (words, _) = self.fields(state.clone(), &simple.words);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["pwd"] => state.folder.clone(),
            // `$(NAME)` for `${NAME}`: a program of that name is not there.
            [name] if state.variables.contains_key(*name) => String::new(),
            ["printenv", name] => state.environment().remove(*name).unwrap_or_default(),
            ["echo", words @ ..] => words.join(" "),
            ["seq", last] => numbers("1", last).unwrap_or_else(unknown),
            ["seq", first, last] => numbers(first, last).unwrap_or_else(unknown),
            ["cat", file] => {
                let key = self.key(state, file);
                let gone = key.starts_with("workspace:") && !state.world.has(&key);
                let text = state.world.contents.get(&key).cloned();
                if gone { String::new() } else { text.unwrap_or_else(unknown) }
            }
            _ => unknown(),
        }
    }
}

/// `"$@"`
fn is_all_given(word: &Word) -> bool {
    matches!(word.parts.as_slice(), [Part { piece: Piece::Variable(name), .. }] if name == "@")
}

/// `seq FIRST LAST`
fn numbers(first: &str, last: &str) -> Option<String> {
    let (first, last) = (first.parse::<i64>().ok()?, last.parse::<i64>().ok()?);
    let all: Vec<String> = (first..=last).take(LONGEST_COUNT).map(|it| it.to_string()).collect();
    Some(all.join(" "))
}

/// A sum of numbers and variables, such as `n + 1`. What else arithmetic can do is not worked out.
fn total(state: &State, text: &str) -> Option<i64> {
    let value = |word: &str| {
        let name = word.trim().trim_start_matches('$').trim_matches(['{', '}']);
        let value = if name.starts_with(|it: char| it.is_ascii_digit()) {
            name
        } else {
            state.get(name).unwrap_or("0")
        };
        value.parse::<i64>().ok()
    };
    let added = text.split('+').map(|part| {
        let mut parts = part.split('-');
        let first = value(parts.next()?)?;
        parts.try_fold(first, |all, it| all.checked_sub(value(it)?))
    });
    added.into_iter().try_fold(0_i64, |all, it| all.checked_add(it?))
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

fn variable(state: &State, name: &str) -> String {
    match name {
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
