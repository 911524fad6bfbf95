//! Text of a project → one piece of YAML, of a shell or of a comment. Nothing that stands in a project can change the
//! shape of the file.

/// A value as YAML: as it is where that is safe, else in quotes.
pub(crate) fn yaml(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if text.chars().any(char::is_control) {
        return format!("\"{}\"", text.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", text.replace('\'', "''"))
}

fn escaped(it: char) -> String {
    match it {
        '"' | '\\' => format!("\\{it}"),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        it if it.is_control() => format!("\\u{:04x}", u32::from(it)),
        it => it.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let first = text
        .chars()
        .next()
        .is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '/' | '_' | '$' | '('));
    let last = text.chars().next_back().is_some_and(|it| !it.is_whitespace() && it != ':');
    let inside = !text.contains(": ") && !text.contains(" #") && !text.chars().any(char::is_control);
    let lower = text.to_ascii_lowercase();
    let word = matches!(lower.as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n");
    // Digits may be a number, a time or a date; all of those stand in quotes.
    let number = text
        .chars()
        .all(|it| it.is_ascii_digit() || matches!(it, '.' | ':' | '_' | '-' | '+' | 'e' | 'E' | 'x'));
    first && last && inside && !word && !number && !text.starts_with("...")
}

/// A comment: one line, whatever the text holds.
pub(crate) fn comment(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect::<String>().trim().to_owned()
}

/// A name as Drone takes it for a pipeline or a step: letters, digits, dots and dashes. `C++` and `C#` stay apart from `C`.
pub(crate) fn name(text: &str) -> String {
    let mut name = String::new();
    for it in text.replace("++", "pp").replace('#', "sharp").chars() {
        let kept = it.is_ascii_alphanumeric() || matches!(it, '.' | '_');
        match kept {
            true => name.extend(it.to_lowercase()),
            false if !name.ends_with('-') && !name.is_empty() => name.push('-'),
            false => {}
        }
    }
    let name: String = name.trim_matches(['-', '.', '_']).chars().take(60).collect();
    if name.is_empty() { "project".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::{name, yaml};

    #[test]
    fn what_yaml_would_take_for_something_else_stands_in_quotes() {
        for (text, written) in [
            ("pytest tests/", "pytest tests/"),
            ("pip install '.[test]'", "pip install '.[test]'"),
            ("null", "'null'"),
            ("1.10", "'1.10'"),
            ("echo a: b", "'echo a: b'"),
            ("a #b", "'a #b'"),
            ("*x", "'*x'"),
            ("it's: so", "'it''s: so'"),
            ("a\nb", "\"a\\nb\""),
            ("", "''"),
        ] {
            assert_eq!(yaml(text), written);
        }
    }

    #[test]
    fn names_hold_nothing_that_has_a_meaning() {
        for (text, written) in [
            ("My App", "my-app"),
            ("@scope/pkg", "scope-pkg"),
            ("ä", "project"),
            ("a.b_c", "a.b_c"),
            ("C++", "cpp"),
            ("F#/x", "fsharp-x"),
        ] {
            assert_eq!(name(text), written);
        }
    }
}
