//! A pattern and a value → whether they match, as Drone's glob library says (§4.3). Reads nothing, never fails.
//!
//! The library is doublestar 1.1.1. Its peculiarities are kept, because a plan must say what Drone does:
//! - `/` cuts pattern and value into segments first; only a whole segment `**` crosses them.
//! - A pattern is read while it is compared, so a malformed part counts only when it is reached, and then the
//!   answer is no.
//! - An alternative of `{…}` is put in its place as text. A `{…}` needs something of the value to be left, so
//!   `a{,b}` does not match `a`.

use std::borrow::Cow;
use std::collections::HashMap;

/// Comparisons that one segment with `{…}` may cost. Beyond it, the pattern matches nothing.
const BUDGET: usize = 4_000;

/// How deep `*` and `{…}` of one segment with `{…}` may be nested. Beyond it, the pattern matches nothing.
const DEPTH: usize = 200;

/// True when the whole value matches the pattern. A malformed pattern matches nothing.
#[must_use]
pub fn matches(pattern: &str, value: &str) -> bool {
    if is_literal(pattern) {
        return pattern == value;
    }
    let patterns = split(pattern, b'/');
    let has_choices = pattern.contains('{');
    // The part of the pattern that is next, and what is left of the value; `None` behind its last segment.
    let (mut at, mut values) = (0, Some(value));
    // Where to go on when a segment does not match: behind the last `**`, one segment of the value later. Trying
    // only the last `**` again is enough: what an earlier one could still reach, the last one reaches too.
    let mut retry: Option<(usize, &str)> = None;
    while let Some(left) = values {
        let (value, later) = first_segment(left);
        match patterns.get(at) {
            Some(&"**") => {
                at += 1;
                if at == patterns.len() {
                    return true;
                }
                retry = Some((at, left));
                continue;
            }
            Some(pattern) if segment(pattern, value, has_choices) => {
                (at, values) = (at + 1, later);
                continue;
            }
            _ => {}
        }
        let Some((behind, from)) = retry else { return false };
        (at, values) = (behind, first_segment(from).1);
        retry = values.map(|it| (behind, it));
    }
    at == patterns.len()
}

/// What stands before the first `/`, and what stands behind it.
fn first_segment(text: &str) -> (&str, Option<&str>) {
    match find(text, b'/') {
        Some(end) => (&text[..end], Some(&text[end + 1..])),
        None => (text, None),
    }
}

/// True when a pattern matches its own text and nothing else.
pub(super) fn is_literal(pattern: &str) -> bool {
    !pattern.contains(SPECIAL)
}

/// True when surely no value that begins so, and goes on, matches the pattern. The beginning ends with `/` or is empty.
pub(super) fn cannot_begin(pattern: &str, beginning: &str) -> bool {
    let literal = &pattern[..pattern.find(SPECIAL).unwrap_or(pattern.len())];
    let common = literal.len().min(beginning.len());
    let differs = literal.as_bytes()[..common] != beginning.as_bytes()[..common];
    // Without `**`, pattern and value have as many segments.
    let segments = split(pattern, b'/');
    let short = segments.len() <= beginning.matches('/').count() && !segments.contains(&"**");
    differs || short
}

/// Characters that stand for something else than themselves.
const SPECIAL: [char; 5] = ['*', '?', '[', '{', '\\'];

/// Some values that are made after the pattern. Whether they match is for [`matches`] to say.
pub(super) fn samples(pattern: &str) -> impl Iterator<Item = String> {
    // A literal has nothing to fill: it is its own only sample.
    let fillings = if is_literal(pattern) { &FILLINGS[..1] } else { &FILLINGS[..] };
    fillings.iter().flat_map(|filling| filled(pattern, filling))
}

/// The values of one filling.
fn filled(pattern: &str, filling: &str) -> Vec<String> {
    let mut made = vec![String::new()];
    for (at, written) in split(pattern, b'/').into_iter().enumerate() {
        if at > 0 {
            for it in &mut made {
                it.push('/');
            }
        }
        fill(&mut made, written, filling);
    }
    made
}

/// What `*` becomes. A name that nobody writes comes first, so that other patterns do not match it by chance.
const FILLINGS: [&str; 6] = ["qz7", "1", "main", "1.0.0", "", "qz7-wy8"];

/// As many values as one pattern and one filling are made into, however many `{…}` there are.
const MOST_SAMPLES: usize = 16;

/// Adds a segment to each of the values; each alternative of a `{…}` makes values of its own.
fn fill(made: &mut Vec<String>, written: &str, filling: &str) {
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        // Looked for only where it matters: a pattern may be long.
        let end = |open, close| if first == open { find(behind, close) } else { None };
        let mut push = |text: &str| {
            for it in made.iter_mut() {
                it.push_str(text);
            }
        };
        rest = match (first, end('[', b']'), end('{', b'}')) {
            ('*', ..) => {
                push(filling);
                behind.trim_start_matches('*')
            }
            ('?', ..) => {
                push("7");
                behind
            }
            ('[', Some(end), _) => {
                push(&one_of(&behind[..end]).to_string());
                &behind[end + 1..]
            }
            ('{', _, Some(end)) => {
                let choices = split(&behind[..end], b',');
                let each = |it: &String| {
                    choices
                        .iter()
                        .map(|choice| format!("{it}{}", choice.replace('*', filling)))
                        .collect::<Vec<_>>()
                };
                *made = made.iter().flat_map(each).take(MOST_SAMPLES).collect();
                &behind[end + 1..]
            }
            ('\\', ..) => behind,
            _ => {
                push(first.encode_utf8(&mut [0; 4]));
                behind
            }
        };
    }
}

/// A character of a class.
fn one_of(class: &str) -> char {
    match class.strip_prefix('^') {
        None => class.chars().next().unwrap_or('7'),
        Some(others) => ['q', '7', '_', '.'].into_iter().find(|it| !others.contains(*it)).unwrap_or('7'),
    }
}

/// The parts between separators. A separator directly behind a backslash does not separate.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = find(rest, separator) {
        parts.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    // An escaped separator at the very end leaves nothing to add; a real one leaves an empty part.
    parts.push(rest);
    parts
}

/// Where the first `wanted` is that has no backslash right before it. The byte after one that was passed over
/// is looked at afresh.
fn find(text: &str, wanted: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(found) = bytes[start..].iter().position(|it| *it == wanted) {
        let end = start + found;
        if found == 0 || bytes[end - 1] != b'\\' {
            return Some(end);
        }
        start = end + 1;
    }
    None
}

/// What stands at the start of a pattern, compared with one character.
enum Element<'p> {
    /// `*`, and what follows it.
    Star(&'p str),
    /// `{…}`: the alternatives, and what follows it.
    Choice(Vec<&'p str>, &'p str),
    /// The character fits; what follows.
    Fits(&'p str),
    /// The character does not fit.
    Differs,
    /// No pattern at all.
    Malformed,
}

fn element(pattern: &str, character: char) -> Element<'_> {
    let mut characters = pattern.chars();
    let Some(first) = characters.next() else { return Element::Differs };
    let rest = characters.as_str();
    match first {
        '*' => Element::Star(rest),
        '[' => class(rest, character),
        '{' => match find(rest, b'}') {
            Some(end) => Element::Choice(split(&rest[..end], b','), &rest[end + 1..]),
            None => Element::Malformed,
        },
        '\\' => match characters.next() {
            None | Some(char::REPLACEMENT_CHARACTER) => Element::Malformed,
            Some(escaped) => fits(escaped == character, characters.as_str()),
        },
        _ => fits(first == '?' || first == character, rest),
    }
}

fn fits(does: bool, rest: &str) -> Element<'_> {
    if does { Element::Fits(rest) } else { Element::Differs }
}

/// The part behind `[`.
fn class(pattern: &str, character: char) -> Element<'_> {
    let Some(end) = find(pattern, b']') else { return Element::Malformed };
    let written = &pattern[..end];
    let (negated, ranges) = match written.strip_prefix('^') {
        Some(ranges) => (true, ranges),
        None => (false, written),
    };
    if written.is_empty() {
        return Element::Malformed;
    }
    match in_ranges(ranges, character) {
        Some(inside) => fits(inside != negated, &pattern[end + 1..]),
        None => Element::Malformed,
    }
}

/// Whether one of `a`, `a-z` holds the character; `None` when the ranges are malformed.
fn in_ranges(ranges: &str, character: char) -> Option<bool> {
    let mut rest = ranges.chars().peekable();
    let mut inside = false;
    while rest.peek().is_some() {
        let low = bound(&mut rest)?;
        let mut high = low;
        if rest.next_if_eq(&'-').is_some() {
            high = bound(&mut rest)?;
        }
        inside |= (low..=high).contains(&character);
    }
    Some(inside)
}

/// One end of a range. A bare `-` is none, and neither is a backslash with nothing behind it.
fn bound(rest: &mut impl Iterator<Item = char>) -> Option<char> {
    match rest.next()? {
        '-' => None,
        '\\' => rest.next(),
        plain => Some(plain),
    }
}

/// True when nothing but what may stand for nothing is left of the pattern.
fn is_done(pattern: &str) -> bool {
    matches!(pattern, "" | "*" | "**")
}

/// One segment of the pattern against one of the value. To look for a `{` in a long one takes longer than to compare it.
fn segment(pattern: &str, value: &str, may_have_choices: bool) -> bool {
    if may_have_choices && pattern.contains('{') {
        Choices::default().matches(pattern, value)
    } else {
        plain(pattern, value)
    }
}

/// A segment without alternatives: one loop, going back to the last `*` only.
fn plain(pattern: &str, value: &str) -> bool {
    let (mut pattern, mut value) = (pattern, value);
    let mut retry: Option<(&str, &str)> = None;
    while let Some(character) = value.chars().next() {
        match element(pattern, character) {
            Element::Star("") => return true,
            Element::Star(rest) => {
                pattern = rest;
                retry = Some((rest, value));
                continue;
            }
            Element::Fits(rest) => {
                (pattern, value) = (rest, &value[character.len_utf8()..]);
                continue;
            }
            Element::Choice(..) | Element::Differs | Element::Malformed => {}
        }
        let Some((behind_star, from)) = retry else { return false };
        let Some(later) = shortened(from) else { return false };
        (pattern, value) = (behind_star, later);
        retry = Some((behind_star, later));
    }
    // The last `*` cannot help any more: what follows it needs as much of the value as it just had.
    is_done(pattern)
}

fn shortened(value: &str) -> Option<&str> {
    let mut characters = value.chars();
    characters.next()?;
    Some(characters.as_str())
}

/// What comparing with a pattern says. A malformed alternative hides the ones after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Malformed,
}

/// Compares a segment with alternatives. Remembers answers, so that work stays in proportion to the pattern.
#[derive(Default)]
struct Choices {
    known: HashMap<(String, usize), Answer>,
    work: usize,
}

impl Choices {
    fn matches(&mut self, pattern: &str, value: &str) -> bool {
        self.answer(pattern, value, 0) == Answer::Yes
    }

    fn answer(&mut self, pattern: &str, value: &str, depth: usize) -> Answer {
        let key = (pattern.to_owned(), value.len());
        if let Some(answer) = self.known.get(&key) {
            return *answer;
        }
        let answer = if depth > DEPTH { Answer::No } else { self.walk(pattern, value, depth) };
        self.known.insert(key, answer);
        answer
    }

    fn walk(&mut self, pattern: &str, value: &str, depth: usize) -> Answer {
        let (mut pattern, mut value) = (pattern, value);
        while let Some(character) = value.chars().next() {
            self.work += 1 + pattern.len() / 64;
            if self.work > BUDGET {
                return Answer::No;
            }
            match element(pattern, character) {
                Element::Fits(rest) => (pattern, value) = (rest, &value[character.len_utf8()..]),
                Element::Star("") => return Answer::Yes,
                Element::Star(rest) => return self.star(rest, value, depth),
                Element::Choice(options, rest) => return self.choice(&options, rest, value, depth),
                Element::Differs => return Answer::No,
                Element::Malformed => return Answer::Malformed,
            }
        }
        if is_done(pattern) { Answer::Yes } else { Answer::No }
    }

    /// Behind a `*`, every remaining place is tried, and what is malformed there is merely no match.
    fn star(&mut self, rest: &str, value: &str, depth: usize) -> Answer {
        let found =
            value.char_indices().any(|(at, _)| self.answer(rest, &value[at..], depth + 1) == Answer::Yes);
        if found { Answer::Yes } else { Answer::No }
    }

    fn choice(&mut self, options: &[&str], rest: &str, value: &str, depth: usize) -> Answer {
        for option in options {
            let spliced =
                if rest.is_empty() { Cow::Borrowed(*option) } else { Cow::Owned(format!("{option}{rest}")) };
            match self.answer(&spliced, value, depth + 1) {
                Answer::No => {}
                decided => return decided,
            }
        }
        Answer::No
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matches;

    /// Pattern, value, answer. The first block is the table of §4.3.
    const TABLE: &[(&str, &str, bool)] = &[
        ("*", "feature/a", false),
        ("?", "/", false),
        ("**", "feature/a", true),
        ("feature/*", "feature/a", true),
        ("feature/*", "feature/a/b", false),
        ("feature/**", "feature/a/b", true),
        ("feature/**", "feature", false),
        ("**/b", "feature/a/b", true),
        ("f**", "feature/a", false),
        ("feature-*", "feature-a/b", false),
        ("v*", "refs/tags/v1", false),
        ("refs/tags/v*", "refs/tags/v1", true),
        ("[a-c]x", "bx", true),
        ("[^a]x", "bx", true),
        ("[!a]x", "bx", false),
        ("{main,dev}", "dev", true),
        ("release/{1,2}.*", "release/2.x", true),
        ("{main,rel/*}", "rel/1", false),
        ("{main,rel/*}", "main", false),
        ("[", "[", false),
        ("!main", "dev", false),
        ("!main", "!main", true),
        ("^main$", "main", false),
        ("*.example.com", "a.b.example.com", true),
        // Whole text, and its case.
        ("main", "main", true),
        ("main", "Main", false),
        ("main", "main2", false),
        ("mai", "main", false),
        // Nothing.
        ("", "", true),
        ("*", "", true),
        ("**", "", true),
        ("?", "", false),
        ("", "a", false),
        ("{,a}", "", false),
        // Segments.
        ("**/**", "a", true),
        ("**/**", "a/b", true),
        ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "a/x/y/c", false),
        ("**/a/**/b", "x/a/y/a/z/b", true),
        ("a/", "a/", true),
        ("a/", "a", false),
        ("a/*", "a/", true),
        ("a//b", "a//b", true),
        // Stars within a segment.
        ("*a*b", "xaxxb", true),
        ("*a*b", "xaxxbc", false),
        ("f**", "feature", true),
        ("a***", "a", false),
        ("a**", "a", true),
        ("a*", "a", true),
        ("*-*", "-", true),
        // Classes.
        ("[abc]", "b", true),
        ("[a-cx-z]", "y", true),
        ("[a-cx-z]", "m", false),
        ("[ä-ü]", "ö", true),
        ("[^ä]", "é", true),
        ("gr[ü]n", "grün", true),
        ("gr?n", "grün", true),
        ("[]a]", "]a]", false),
        ("[]", "a", false),
        ("[^]", "a", true),
        ("[-a]", "-", false),
        ("[a-]", "a", false),
        ("[a--]", "a", false),
        ("[\\-a]", "-", true),
        ("[\\]]", "]", true),
        ("[z-a]", "m", false),
        ("a[", "ab", false),
        ("*[", "ab", false),
        // Escapes.
        ("\\*", "*", true),
        ("\\*", "a", false),
        ("a\\", "ab", false),
        ("a\\", "a", false),
        ("\\{a,b}", "{a,b}", true),
        ("a\\/b", "a/b", false),
        // Alternatives.
        ("{a,b}c", "bc", true),
        ("{a*,b}c", "axxc", true),
        ("a{b,c}*", "ac", true),
        ("a{,b}", "ab", true),
        ("a{,b}", "a", false),
        ("a{,b}c", "ac", true),
        ("{a", "a", false),
        ("a}", "a}", true),
        ("{}", "a", false),
        ("{a\\,b}", "a,b", true),
        // An inner `{` closes at the first `}`.
        ("{a,{b,c}}", "b", true),
        ("{a,{b,c}}", "c}", true),
        ("{a,{b,c}}", "c", false),
        ("{a,{b,c}}", "a}", true),
        // A malformed alternative hides what comes after it, not what comes before.
        ("{[,main}", "main", false),
        ("{main,[}", "main", true),
        // Behind a star it is merely no match.
        ("*{[,b}", "ab", false),
        ("*{b,[}", "ab", true),
    ];

    #[test]
    fn every_row_of_the_table_holds() {
        for (pattern, value, expected) in TABLE {
            assert_eq!(matches(pattern, value), *expected, "pattern {pattern:?}, value {value:?}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let stars = "*a".repeat(2_000) + "b";
        assert!(!matches(&stars, &"a".repeat(4_000)));
        let choices = "{a,b}*".repeat(300) + "c";
        assert!(!matches(&choices, &"ab".repeat(300)));
        let segments = "**/a/".repeat(500) + "b";
        assert!(!matches(&segments, &"a/".repeat(1_000)));
        let nested = "{".repeat(30_000) + &"}".repeat(30_000);
        assert!(!matches(&nested, "a"));
        let wide = format!("{{{}}}", "a,".repeat(30_000));
        assert!(!matches(&wide, "b"));
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern in r"[ab/*?\[\]{},\\^é-]{0,24}", value in r"[ab/é\[{,-]{0,12}") {
            let _ = matches(&pattern, &value);
        }

        #[test]
        fn text_without_special_characters_matches_itself_only(a in "[a-zA-Z0-9._é-]{1,12}", b in "[a-z.-]{1,12}") {
            prop_assert!(matches(&a, &a));
            prop_assert_eq!(matches(&a, &b), a == b);
        }

        #[test]
        fn an_escaped_text_matches_itself(text in r"[ab*?\[\]{},^-]{1,12}") {
            let escaped: String = text.chars().flat_map(|it| ['\\', it]).collect();
            prop_assert!(matches(&escaped, &text));
        }

        #[test]
        fn two_stars_match_everything(value in any::<String>()) {
            prop_assert!(matches("**", &value));
            prop_assert_eq!(matches("*", &value), super::split(&value, b'/').len() == 1);
        }

        #[test]
        fn a_choice_of_one_means_the_same_as_without(text in "[a-c]{1,6}", pattern in "[a-c*?]{1,6}") {
            let plain = matches(&pattern, &text);
            prop_assert_eq!(matches(&format!("{{{pattern}}}"), &text), plain);
        }
    }
}
