//! The values of secrets → bytes in which none of them can be read. Looks at bytes only; knows nothing of lines or steps.
//!
//! As in Drone, each line of a value is masked, trimmed, if it is two bytes long or more (§5.9). Beyond Drone, so are some
//! usual encodings of the value and of its lines of eight bytes or more:
//!
//! - base64, in the standard and the URL-safe alphabet, also as a part of a longer text that was encoded as a whole;
//! - hexadecimal, in small and in capital letters;
//! - percent-encoding, as in addresses, and the escapes of JSON.
//!
//! **Not** masked: a value of one character; a value that is cut, turned around, compressed, encrypted or encoded in another
//! way, or printed with something in between, such as a space after each character.

use std::fmt::Write;

use aho_corasick::{AhoCorasick, MatchKind};

/// What a secret becomes.
pub const STARS: &[u8] = b"******";

/// Shorter values are masked only as they are: their encodings are common words.
const LONG_ENOUGH: usize = 8;

/// Replaces the values of secrets.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    finder: Option<AhoCorasick>,
    longest: usize,
}

impl Mask {
    /// A mask for these values.
    #[must_use]
    pub fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let mut patterns: Vec<String> = values.into_iter().flat_map(forms).collect();
        patterns.sort();
        patterns.dedup();
        if patterns.is_empty() {
            return Self::default();
        }
        let longest = patterns.iter().map(String::len).max().unwrap_or(0);
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&patterns);
        // It fails only for more patterns than memory has place for; then everything is masked.
        Self { finder: finder.ok(), longest }
    }

    /// How many bytes the longest masked text has; 0 when nothing is masked.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// How many of these bytes can be masked now, when more will come: no secret begins before that place and ends
    /// after it, whatever comes.
    #[must_use]
    pub fn cut(&self, bytes: &[u8]) -> usize {
        let cut = bytes.len() - self.longest.saturating_sub(1).min(bytes.len());
        let Some(finder) = &self.finder else { return cut };
        // What begins before the cut is seen in its full length, and so is a longer one at the same place.
        let across = finder.find_iter(bytes).find(|it| it.end() > cut).filter(|it| it.start() < cut);
        across.map_or(cut, |it| it.start())
    }

    /// The bytes without secrets.
    #[must_use]
    pub fn masked<'b>(&self, bytes: &'b [u8]) -> std::borrow::Cow<'b, [u8]> {
        let Some(finder) = &self.finder else {
            return if self.longest == 0 { bytes.into() } else { STARS.into() };
        };
        let mut masked = Vec::new();
        let mut from = 0;
        for found in finder.find_iter(bytes) {
            masked.extend_from_slice(&bytes[from..found.start()]);
            // Secrets that touch become one row of stars.
            if found.start() > from || !masked.ends_with(STARS) {
                masked.extend_from_slice(STARS);
            }
            from = found.end();
        }
        if from == 0 {
            return bytes.into();
        }
        masked.extend_from_slice(&bytes[from..]);
        masked.into()
    }

    /// The text without secrets.
    #[must_use]
    pub fn masked_text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.masked(text.as_bytes())).into_owned()
    }
}

/// All texts that would give a value away.
fn forms(value: &str) -> Vec<String> {
    let mut forms = Vec::new();
    let lines = value.split(['\n', '\r']).map(str::trim).filter(|it| it.len() >= 2);
    for part in std::iter::once(value.trim()).chain(lines) {
        if part.len() >= 2 && !part.contains('\n') {
            forms.push(part.to_owned());
        }
        if part.len() >= LONG_ENOUGH {
            encodings(part, &mut forms);
        }
    }
    if value.len() >= LONG_ENOUGH {
        encodings(value, &mut forms);
    }
    forms.retain(|it| it.len() >= 2 && !it.contains(['\n', '\r']));
    forms
}

fn encodings(value: &str, forms: &mut Vec<String>) {
    for alphabet in [STANDARD, URL] {
        forms.extend((0..3).map(|offset| base64(value.as_bytes(), offset, alphabet)));
    }
    let hex: String = value.bytes().fold(String::new(), |mut all, it| {
        let _ = write!(all, "{it:02x}");
        all
    });
    forms.push(hex.to_uppercase());
    forms.push(hex);
    let json = serde_json::to_string(value).unwrap_or_default();
    forms.push(json.trim_matches('"').to_owned());
    let percent = value.bytes().fold(String::new(), |mut all, it| {
        if it.is_ascii_alphanumeric() || b"-_.~".contains(&it) {
            all.push(char::from(it));
        } else {
            let _ = write!(all, "%{it:02X}");
        }
        all
    });
    forms.push(percent.replace("%20", "+"));
    forms.push(percent);
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Those letters of a base64 text that depend on the value alone, when `offset` unknown bytes stand before it. What is
/// left out at the ends gives less than a byte away.
fn base64(value: &[u8], offset: usize, alphabet: &[u8; 64]) -> String {
    let bits = value.len() * 8;
    // The first letter that holds no bit of what stands before, as a bit of the value.
    let first = (6 - (offset * 8) % 6) % 6;
    let letter = |at: usize| {
        let bit = |it: usize| usize::from(value[it / 8] >> (7 - it % 8) & 1);
        char::from(alphabet[(at..at + 6).fold(0, |sum, it| sum << 1 | bit(it))])
    };
    (first..).step_by(6).take_while(|it| it + 6 <= bits).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(values: &[&str], text: &str) -> String {
        Mask::of(values.iter().copied()).masked_text(text)
    }

    #[test]
    fn each_line_of_a_value_is_masked_and_a_single_character_is_not() {
        assert_eq!(masked(&["hunter2"], "it is hunter2!"), "it is ******!");
        assert_eq!(masked(&["one\n  two  \r\nx"], "one, two, x"), "******, ******, x");
        assert_eq!(masked(&["a", ""], "banana"), "banana");
        assert_eq!(masked(&[], "banana"), "banana");
    }

    #[test]
    fn the_longest_value_wins_and_touching_ones_become_one() {
        assert_eq!(masked(&["abc", "abcdef"], "abcdefg abc"), "******g ******");
        assert_eq!(masked(&["ab", "cd"], "abcdab"), "******");
    }

    #[test]
    fn usual_encodings_are_masked() {
        let value = "pass word/ü\"1";
        for text in [
            "cGFzcyB3b3JkL8O8IjE=",
            // "user:" and "x" stand before it.
            "dXNlcjpwYXNzIHdvcmQvw7wiMQ==",
            "eHBhc3Mgd29yZC/DvCIx",
            "7061737320776f72642fc3bc2231",
            "pass%20word%2F%C3%BC%221",
            "pass word/ü\\\"1",
        ] {
            let seen = masked(&[value], text);
            assert!(seen.contains("******") && !seen.contains("word"), "{text}: {seen}");
        }
        assert!(masked(&[value], "cGFzcyB3b3JkL8O8IjE=").len() < 12);
    }
}
