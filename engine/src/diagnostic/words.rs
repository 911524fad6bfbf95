//! A text of the file → the same text as a message can hold it.

use std::borrow::Cow;

/// On one line, and cut behind so many characters.
#[must_use]
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most && !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut characters = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    let mut cut: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        cut.push('…');
    }
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_text_is_cut_by_characters_and_stays_on_its_line() {
        let rows =
            [("main", "main"), ("über", "über"), ("größer", "größ…"), ("a\nb", "a b"), ("a\u{85}", "a ")];
        for (text, expected) in rows {
            assert_eq!(shortened(text, 4), expected, "{text}");
        }
    }
}
