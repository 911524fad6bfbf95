//! `$((…))` and bash's `((…))` → the number that they come to, and the variables that they set.
//!
//! What is expanded inside has been put in its place before. A text that is no sum of whole numbers has no value here.

use crate::course::rehearse::expand::variable;
use crate::course::rehearse::image::Dialect;
use crate::course::rehearse::state::{State, UNKNOWN};

/// Sums inside sums are followed no deeper than this.
const DEEPEST: usize = 32;

/// Signs with two sides, the ones that bind most loosely first.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

/// Signs that set a variable, and what each does first.
const SETS: [(&str, &str); 6] = [("=", ""), ("+=", "+"), ("-=", "-"), ("*=", "*"), ("/=", "/"), ("%=", "%")];

/// All signs, longer ones first.
const SIGNS: [&str; 34] = [
    "<<=", ">>=", "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "++", "--", "+=", "-=", "*=", "/=", "%=",
    "|", "^", "&", "<", ">", "+", "-", "*", "/", "%", "=", "!", "~", "(", ")", "?", ":",
];

/// The value of a sum. Where a shell does not know `++` and `--`, it reads two signs there.
pub(super) fn total(text: &str, dialect: Dialect, state: &mut State) -> Option<i64> {
    if text.contains(UNKNOWN) {
        return None;
    }
    let tokens = tokens(text, dialect != Dialect::Dash)?;
    let mut sum = Sum { tokens: &tokens, at: 0, depth: 0, idle: 0, dialect, state };
    let mut value = 0;
    if !tokens.is_empty() {
        value = sum.set()?;
        while sum.take(",") {
            value = sum.set()?;
        }
    }
    (sum.at == tokens.len()).then_some(value)
}

fn tokens(text: &str, counts: bool) -> Option<Vec<&str>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_alphanumeric() || first == '_' {
            rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len())
        } else if first == ',' {
            1
        } else {
            let known = |it: &&&str| rest.starts_with(**it) && (counts || !matches!(**it, "++" | "--"));
            SIGNS.iter().find(known)?.len()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

struct Sum<'s> {
    tokens: &'s [&'s str],
    at: usize,
    depth: usize,
    /// Inside a side that does not count: nothing is set there.
    idle: usize,
    dialect: Dialect,
    state: &'s mut State,
}

impl Sum<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).copied().unwrap_or_default()
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.peek() == sign;
        self.at += usize::from(found);
        found
    }

    fn name(&self) -> Option<String> {
        let first = self.peek().chars().next()?;
        (first.is_ascii_alphabetic() || first == '_').then(|| self.peek().to_owned())
    }

    fn value(&self, name: &str) -> Option<i64> {
        let value = variable(self.dialect, self.state, name);
        if value.trim().is_empty() { Some(0) } else { number(value.trim()) }
    }

    fn assign(&mut self, name: &str, value: i64) -> i64 {
        if self.idle == 0 {
            self.state.set(name, value.to_string());
        }
        value
    }

    /// `a = …`, `a += …`, or a choice.
    fn set(&mut self) -> Option<i64> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let next = self.tokens.get(self.at + 1).copied().unwrap_or_default();
        let sets = SETS.iter().find(|it| it.0 == next);
        let value = match (self.name(), sets) {
            (Some(name), Some((_, sign))) => {
                self.at += 2;
                let right = self.set()?;
                let value = if sign.is_empty() { right } else { joined(sign, self.value(&name)?, right)? };
                self.assign(&name, value)
            }
            _ => self.choice()?,
        };
        self.depth -= 1;
        Some(value)
    }

    fn choice(&mut self) -> Option<i64> {
        let condition = self.level(0)?;
        if !self.take("?") {
            return Some(condition);
        }
        let first = self.idle_unless(condition != 0, Self::set)?;
        if !self.take(":") {
            return None;
        }
        let second = self.idle_unless(condition == 0, Self::set)?;
        Some(if condition == 0 { second } else { first })
    }

    fn idle_unless(&mut self, counts: bool, side: impl Fn(&mut Self) -> Option<i64>) -> Option<i64> {
        self.idle += usize::from(!counts);
        let value = side(self);
        self.idle -= usize::from(!counts);
        value
    }

    fn level(&mut self, level: usize) -> Option<i64> {
        let Some(signs) = LEVELS.get(level) else { return self.single() };
        let mut left = self.level(level + 1)?;
        while let Some(sign) = signs.iter().find(|it| self.peek() == **it) {
            self.at += 1;
            let decided = *sign == "||" && left != 0 || *sign == "&&" && left == 0;
            let right = self.idle_unless(!decided, |it| it.level(level + 1))?;
            left = joined(sign, left, right).or_else(|| (self.idle > 0).then_some(0))?;
        }
        Some(left)
    }

    /// A number, a variable, a sum in parentheses, with the signs before and behind it.
    fn single(&mut self) -> Option<i64> {
        let sign = self.tokens.get(self.at).copied().unwrap_or_default();
        match sign {
            "-" | "+" | "!" | "~" => {
                self.at += 1;
                self.depth += 1;
                let value = (self.depth <= DEEPEST).then(|| self.single())??;
                self.depth -= 1;
                Some(match sign {
                    "-" => value.checked_neg()?,
                    "!" => i64::from(value == 0),
                    "~" => !value,
                    _ => value,
                })
            }
            "++" | "--" => {
                self.at += 1;
                let name = self.name()?;
                self.at += 1;
                let value = joined(&sign[..1], self.value(&name)?, 1)?;
                Some(self.assign(&name, value))
            }
            "(" => {
                self.at += 1;
                let value = self.set()?;
                self.take(")").then_some(value)
            }
            _ => self.operand(),
        }
    }

    fn operand(&mut self) -> Option<i64> {
        let Some(name) = self.name() else {
            let value = number(self.peek())?;
            self.at += 1;
            return Some(value);
        };
        self.at += 1;
        let value = self.value(&name)?;
        let sign = self.peek().to_owned();
        if matches!(sign.as_str(), "++" | "--") {
            self.at += 1;
            let next = joined(&sign[..1], value, 1)?;
            self.assign(&name, next);
        }
        Some(value)
    }
}

/// `12`, `-3`, `0x1f`, `010`
fn number(text: &str) -> Option<i64> {
    let (digits, negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let value = match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
        None => digits.parse(),
    };
    value.ok().map(|it| if negative { -it } else { it })
}

fn joined(sign: &str, a: i64, b: i64) -> Option<i64> {
    Some(match sign {
        "+" => a.checked_add(b)?,
        "-" => a.checked_sub(b)?,
        "*" => a.checked_mul(b)?,
        "/" => a.checked_div(b)?,
        "%" => a.checked_rem(b)?,
        "<<" => a.checked_shl(u32::try_from(b).ok()?)?,
        ">>" => a.checked_shr(u32::try_from(b).ok()?)?,
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<" => i64::from(a < b),
        "<=" => i64::from(a <= b),
        ">" => i64::from(a > b),
        ">=" => i64::from(a >= b),
        "&&" => i64::from(a != 0 && b != 0),
        "||" => i64::from(a != 0 || b != 0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_three() -> State {
        let mut state = State::default();
        state.set("i", "3".into());
        state
    }

    #[test]
    fn a_sum_comes_to_a_number() {
        for (text, value) in [
            ("1 + 2 * 3", Some(7)),
            ("(1 + 2) * 3", Some(9)),
            ("10 - 3 - 2", Some(5)),
            ("i < 4 && i != 2", Some(1)),
            ("i > 4 ? 1 : 2", Some(2)),
            ("-i + 1", Some(-2)),
            ("!i", Some(0)),
            ("none", Some(0)),
            ("0x10 + 010", Some(24)),
            ("17 % 5 << 2", Some(8)),
            ("1, 2", Some(2)),
            ("", Some(0)),
            ("0 && 1 / 0", Some(0)),
            ("1 / 0", None),
            ("1 +", None),
            ("1.5", None),
            ("a b", None),
            ("(1", None),
        ] {
            assert_eq!(total(text, Dialect::Bash, &mut with_three()), value, "{text}");
        }
    }

    #[test]
    fn a_sum_sets_variables() {
        for (text, value, after) in [
            ("i++", 3, "4"),
            ("++i", 4, "4"),
            ("i--", 3, "2"),
            ("i -= 1", 2, "2"),
            ("i = i * 2", 6, "6"),
            ("i++ < 3", 0, "4"),
            ("0 && (i = 9)", 0, "3"),
            ("1 ? 5 : (i = 9)", 5, "3"),
        ] {
            let mut state = with_three();
            assert_eq!(total(text, Dialect::Bash, &mut state), Some(value), "{text}");
            assert_eq!(state.get("i"), Some(after), "{text}");
        }
    }

    #[test]
    fn a_shell_without_counting_signs_reads_two_signs() {
        let mut state = with_three();
        assert_eq!(total("i++", Dialect::Dash, &mut state), None);
        assert_eq!(total("--i", Dialect::Dash, &mut state), Some(3));
        assert_eq!(state.get("i"), Some("3"));
    }

    #[test]
    fn a_deep_sum_ends() {
        for text in ["(".repeat(9000), "-".repeat(9000), "1?".repeat(9000)] {
            assert_eq!(total(&text, Dialect::Bash, &mut with_three()), None);
        }
    }
}
