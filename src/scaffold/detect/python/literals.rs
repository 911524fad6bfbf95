//! Python as text → the string literals in it. Nothing is run.

/// The text of the string literal that this begins with.
pub(crate) fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    text[1..].split(quote).next()
}

/// All string literals up to the bracket that closes the one this begins with.
pub(crate) fn strings(text: &str) -> impl Iterator<Item = &str> {
    let inside = &text[..closing(text)];
    let mut rest = inside;
    std::iter::from_fn(move || {
        let at = rest.find(['"', '\''])?;
        let quote = rest[at..].chars().next()?;
        let length = rest[at + 1..].find(quote)?;
        let found = &rest[at + 1..at + 1 + length];
        rest = &rest[at + length + 2..];
        Some(found)
    })
}

/// The keys of a dictionary of literals.
pub(super) fn keys(text: &str) -> Vec<String> {
    let inside = &text[..closing(text)];
    let followed = |it: &&str| {
        let end = it.as_ptr() as usize - inside.as_ptr() as usize + it.len() + 1;
        inside.get(end..).is_some_and(|it| it.trim_start().starts_with(':'))
    };
    strings(text).filter(followed).map(str::to_owned).collect()
}

fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, it) in text.char_indices() {
        match it {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth <= 1 => return at,
            ')' | ']' | '}' => depth -= 1,
            ',' | '\n' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{keys, quoted, strings};

    #[test]
    fn literals_of_setup_py_are_read_without_running_it() {
        let text = "{\n  'test': ['pytest>=7', \"coverage[toml]\"],\n  'docs': ['sphinx'],\n},\nother='x')";
        assert_eq!(keys(text), ["test", "docs"]);
        assert_eq!(
            strings(text).collect::<Vec<_>>(),
            ["test", "pytest>=7", "coverage[toml]", "docs", "sphinx"]
        );
        assert_eq!(quoted("'>=3.8', x"), Some(">=3.8"));
    }
}
