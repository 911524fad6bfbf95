//! A rule's page, which is Markdown → its parts: the first sentence, and the examples before and after. No rule's
//! page is read while a file is judged.

use crate::lint::rule::Rule;

impl Rule {
    /// The first sentence of the page, on one line, with its full stop. Words of files stand in `` ` ``.
    #[must_use]
    pub fn summary(&self) -> String {
        let lines = self.page.lines().skip_while(|it| it.starts_with('#') || it.trim().is_empty());
        let lines: Vec<&str> = lines.take_while(|it| !it.trim().is_empty()).map(str::trim).collect();
        first_sentence(&lines.join(" ")).to_owned()
    }

    /// The example that has the problem. `None` for a problem that no text can show.
    #[must_use]
    pub fn before(&self) -> Option<&'static str> {
        example(self.page, "Before")
    }

    /// The same example, mended.
    #[must_use]
    pub fn after(&self) -> Option<&'static str> {
        example(self.page, "After")
    }
}

/// Up to the first full stop that ends a word and stands outside of code.
fn first_sentence(text: &str) -> &str {
    let mut code = false;
    for (at, character) in text.char_indices() {
        code ^= character == '`';
        let ends = !code && matches!(character, '.' | '!' | '?');
        if ends && text[at + 1..].starts_with(' ') {
            return &text[..=at];
        }
    }
    text
}

/// The YAML block under a heading.
fn example<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, below) = page.split_once(&format!("\n## {heading}\n"))?;
    let (words, begun) = below.split_once("\n```yaml\n")?;
    if words.contains("\n## ") {
        return None;
    }
    // The fence stands at the left edge, so that one inside a block scalar ends nothing.
    begun.find("\n```").map(|it| &begun[..=it])
}

#[cfg(test)]
mod tests {
    use super::{example, first_sentence};
    use crate::lint::rules;

    #[test]
    fn a_sentence_ends_where_a_stop_ends_a_word_outside_of_code() {
        let cases = [
            ("One. Two.", "One."),
            ("A `.drone.yml` is read. Always.", "A `.drone.yml` is read."),
            ("A `a. b` is one word. Two.", "A `a. b` is one word."),
            ("Why? So.", "Why?"),
            ("No stop", "No stop"),
        ];
        for (text, expected) in cases {
            assert_eq!(first_sentence(text), expected);
        }
    }

    #[test]
    fn an_example_is_the_block_of_its_own_section() {
        let page = "# a\n\n## Before\n\nWords.\n\n```yaml\n## B\nb: |\n  ```\n```\n\n## After\n\nNone.\n\n## More\n\n```yaml\nc:\n```\n";
        assert_eq!(example(page, "Before"), Some("## B\nb: |\n  ```\n"));
        assert_eq!(example(page, "After"), None);
        assert_eq!(example(page, "Nothing"), None);
    }

    #[test]
    fn every_page_says_what_it_is_about_in_one_sentence_and_shows_what_is_right() {
        for rule in rules::ALL {
            let summary = rule.summary();
            assert!(summary.ends_with('.') && !summary.contains('\n'), "{}: {summary}", rule.code);
            assert!(summary.chars().count() < 200, "{}: {summary}", rule.code);
            assert_eq!(rule.before().is_some(), rule.page.contains("\n## Before\n"), "{}", rule.code);
            assert!(rule.after().is_some_and(|it| it.ends_with('\n')), "{}", rule.code);
        }
    }
}
