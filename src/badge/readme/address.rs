//! Words → parts of an address, in which they can do nothing.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &PLAIN.remove(b'/');

/// A path, or the value of a parameter: slashes stay.
pub(super) fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// One part of a path: slashes mean themselves.
pub(super) fn part(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A badge of shields.io whose words are in its address (§9.2).
pub(super) fn static_badge(label: &str, message: &str, colour: &str) -> String {
    let word = |text: &str| {
        let doubled = text.replace('-', "--").replace('_', "__").replace(' ', "_");
        part(&doubled)
    };
    format!("https://img.shields.io/badge/{}-{}-{colour}", word(label), word(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(path("octo/he(l)lo world"), "octo/he%28l%29lo%20world");
        assert_eq!(path("feature/a&b=c#d"), "feature/a%26b%3Dc%23d");
        assert_eq!(
            static_badge("licence", "Apache-2.0 or a_b/c", "blue"),
            "https://img.shields.io/badge/licence-Apache--2.0_or_a__b%2Fc-blue"
        );
    }
}
