//! What each operator of `${NAME…}` makes of a value. Not what bash does: see the table of §5.10.

use super::SubstitutionProblem;

/// The value after the operator.
///
/// # Errors
/// A negative length: Drone crashes there.
pub(super) fn apply(
    operator: &str,
    value: String,
    arguments: &[String],
) -> Result<String, SubstitutionProblem> {
    let first = arguments.first().map_or("", String::as_str);
    let second = arguments.get(1).map_or("", String::as_str);
    Ok(match operator {
        "," => change_first(&value, |it| it.to_lowercase().collect()),
        ",," => value.to_lowercase(),
        "^" => change_first(&value, |it| it.to_uppercase().collect()),
        "^^" => value.to_uppercase(),
        ":" => return part(value, first, arguments.get(1).map(String::as_str)),
        "#" => trim_start(&value, first, Length::Shortest),
        "##" => trim_start(&value, first, Length::Longest),
        "%" => trim_end(&value, first, Length::Shortest),
        "%%" => trim_end(&value, first, Length::Longest),
        "/" => value.replacen(first, second, 1),
        "//" => value.replace(first, second),
        "/#" if arguments.len() == 2 && value.starts_with(first) => value.replacen(first, second, 1),
        "/%" if arguments.len() == 2 => match value.strip_suffix(first) {
            Some(rest) => format!("{rest}{second}"),
            None => value,
        },
        "/#" | "/%" => value,
        _ if value.is_empty() => arguments.concat(),
        _ => value,
    })
}

fn change_first(value: &str, change: impl Fn(char) -> String) -> String {
    let mut rest = value.chars();
    rest.next().map_or_else(String::new, |it| change(it) + rest.as_str())
}

/// `${NAME:offset:length}` in bytes. An offset or length that is no number changes nothing.
fn part(value: String, offset: &str, length: Option<&str>) -> Result<String, SubstitutionProblem> {
    let Ok(offset) = offset.parse::<i64>() else { return Ok(value) };
    let size = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let length = match length.map(str::parse::<i64>) {
        None => size,
        Some(Err(_)) => return Ok(value),
        Some(Ok(length)) => length,
    };
    let end = start.saturating_add(length).min(size);
    if end < start {
        return Err(SubstitutionProblem::NegativeLength);
    }
    let index = |it: i64| usize::try_from(it).unwrap_or_default();
    Ok(String::from_utf8_lossy(&value.as_bytes()[index(start)..index(end)]).into_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Shortest,
    Longest,
}

fn trim_start(value: &str, pattern: &str, length: Length) -> String {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = value.chars().collect();
    match matching_prefix(&pattern, &text, length) {
        Some(end) => text[end..].iter().collect(),
        None => value.to_owned(),
    }
}

fn trim_end(value: &str, pattern: &str, length: Length) -> String {
    let pattern: Vec<char> = pattern.chars().rev().collect();
    let text: Vec<char> = value.chars().rev().collect();
    match matching_prefix(&pattern, &text, length) {
        Some(end) => text[end..].iter().rev().collect(),
        None => value.to_owned(),
    }
}

/// How many characters of the text the pattern matches; at least one. One pass over the text, whatever the pattern.
fn matching_prefix(pattern: &[char], text: &[char], length: Length) -> Option<usize> {
    let pattern = compile(pattern)?;
    // states[i]: the first i parts of the pattern match what was read so far.
    let mut states = vec![false; pattern.len() + 1];
    states[0] = true;
    skip_stars(&pattern, &mut states);
    let mut found = None;
    for (index, it) in text.iter().enumerate() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| states[*at]) {
            match part {
                Part::Star => next[at] = true,
                Part::One(set) if set.takes(*it) => next[at + 1] = true,
                Part::One(_) => {}
            }
        }
        skip_stars(&pattern, &mut next);
        states = next;
        if states[pattern.len()] {
            found = Some(index + 1);
            if length == Length::Shortest {
                break;
            }
        }
    }
    found
}

fn skip_stars(pattern: &[Part], states: &mut [bool]) {
    for (at, part) in pattern.iter().enumerate() {
        if states[at] && matches!(part, Part::Star) {
            states[at + 1] = true;
        }
    }
}

enum Part {
    Star,
    One(Set),
}

enum Set {
    Any,
    Char(char),
    Ranges { negated: bool, ranges: Vec<(char, char)> },
}

impl Set {
    fn takes(&self, it: char) -> bool {
        match self {
            Self::Any => true,
            Self::Char(own) => *own == it,
            Self::Ranges { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&it)) != *negated
            }
        }
    }
}

/// The parts of a pattern; `None` for a malformed one, which matches nothing.
fn compile(pattern: &[char]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(it) = pattern.get(at) {
        at += 1;
        parts.push(match it {
            '*' => Part::Star,
            '?' => Part::One(Set::Any),
            '\\' => {
                at += 1;
                Part::One(Set::Char(*pattern.get(at - 1)?))
            }
            '[' => {
                let (set, end) = ranges(pattern, at)?;
                at = end;
                Part::One(set)
            }
            other => Part::One(Set::Char(*other)),
        });
    }
    Some(parts)
}

fn ranges(pattern: &[char], start: usize) -> Option<(Set, usize)> {
    let mut at = start;
    let negated = pattern.get(at) == Some(&'^');
    at += usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        if pattern.get(at) == Some(&']') && !ranges.is_empty() {
            return Some((Set::Ranges { negated, ranges }, at + 1));
        }
        let low = bound(pattern, &mut at)?;
        let mut high = low;
        if pattern.get(at) == Some(&'-') {
            at += 1;
            high = bound(pattern, &mut at)?;
        }
        ranges.push((low, high));
    }
}

fn bound(pattern: &[char], at: &mut usize) -> Option<char> {
    let it = *pattern.get(*at)?;
    if matches!(it, '-' | ']') {
        return None;
    }
    *at += 1;
    if it == '\\' {
        *at += 1;
        return pattern.get(*at - 1).copied();
    }
    Some(it)
}
