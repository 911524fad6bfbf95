//! A text from anywhere → the text that a badge can draw: one line, no control characters, not endless, and safe in XML.

use std::borrow::Cow;

/// More letters than these are cut: nobody reads a longer badge.
pub const MOST_LETTERS: usize = 200;

/// A text as it is drawn: any white space is one blank, none stands at an end, and what a page would obey is gone.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len().min(4 * MOST_LETTERS));
    let words = text.split(char::is_whitespace).map(|it| it.replace(is_dropped, ""));
    for word in words.filter(|it| !it.is_empty()) {
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(&word);
    }
    if let Some((cut, _)) = clean.char_indices().nth(MOST_LETTERS) {
        let kept = clean.char_indices().take_while(|(at, _)| *at < cut).last().map_or(0, |(at, _)| at);
        clean.truncate(kept);
        clean.truncate(clean.trim_end().len());
        clean.push('…');
    }
    Cow::Owned(clean)
}

/// True for nearly every text: nothing to do.
fn is_clean(text: &str) -> bool {
    // A blank at the beginning, at the end or after another one is one too many.
    let mut blank = true;
    let plain = text.bytes().all(|it| {
        let fits = matches!(it, b'!'..=b'~') || (it == b' ' && !blank);
        blank = it == b' ';
        fits
    });
    plain && (text.is_empty() || !blank) && text.len() <= MOST_LETTERS
}

/// Controls, what XML does not allow, and what turns the direction of the letters after it.
fn is_dropped(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
        || u32::from(letter) & 0xfffe == 0xfffe
}

/// True when the first letter belongs to a script that is written from right to left.
pub(super) fn right_to_left(text: &str) -> bool {
    let first = text.chars().find(|it| it.is_alphabetic());
    first.is_some_and(|it| {
        matches!(u32::from(it),
            0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
    })
}

/// In capital letters. Those of Georgian are so young that few fonts have them, so Georgian stays as it is.
pub(super) fn capitals(text: &str) -> String {
    let mut capitals = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{10d0}'..='\u{10ff}' => capitals.push(letter),
            _ => capitals.extend(letter.to_uppercase()),
        }
    }
    capitals
}

/// Adds a text as XML has it, between tags and between quotation marks.
pub(super) fn escape(text: &str, out: &mut String) {
    let special = |it: u8| matches!(it, b'&' | b'<' | b'>' | b'"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_of_letters() {
        for (text, expected) in [
            ("build", "build"),
            ("", ""),
            ("  a \n\t b  ", "a b"),
            ("a  b", "a b"),
            ("\u{1b}[31mred\u{7}\0", "[31mred"),
            ("a\u{202e}b\u{200b}c\u{feff}", "abc"),
            ("\u{fffe}\u{10ffff}x", "x"),
            (" \u{0} ", ""),
            ("né\u{301}", "né\u{301}"),
            // Pictures that are made of several need their joiner.
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_text_that_never_ends_is_cut() {
        for letter in ["a", "ä", "構", "👩"] {
            let text = letter.repeat(MOST_LETTERS);
            assert_eq!(clean(&text), text);
            let cut = clean(&(text + letter)).into_owned();
            assert_eq!((cut.chars().count(), cut.ends_with('…')), (MOST_LETTERS, true));
        }
    }

    #[test]
    fn what_xml_would_take_for_its_own_is_written_out() {
        let mut out = String::new();
        escape("a<b> & \"c\" 'd' ü", &mut out);
        assert_eq!(out, "a&lt;b&gt; &amp; &quot;c&quot; 'd' ü");
    }

    #[test]
    fn capitals_are_those_that_fonts_have() {
        for (text, expected) in [("größe ß", "GRÖSSE SS"), ("ქართული", "ქართული"), ("сборка", "СБОРКА")]
        {
            assert_eq!(capitals(text), expected);
        }
    }

    #[test]
    fn the_first_letter_says_the_direction() {
        for (text, expected) in
            [("عربى", true), ("123 שלום", true), ("build عربى", false), ("", false), ("構築", false)]
        {
            assert_eq!(right_to_left(text), expected, "{text}");
        }
    }
}
