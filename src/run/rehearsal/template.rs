//! A message with `{{ … }}` and a build → the message, as far as it is made of fields and the usual helpers. What is not
//! known here stays as it is written.

/// What a message may say, by name: `build.number`.
pub(super) type Fields<'f> = &'f [(&'static str, String)];

/// A message, and what of it stayed as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rendered {
    pub(super) text: String,
    pub(super) unknown: Vec<String>,
}

/// Fills the template in. Spaces at both ends go, as with the plugins.
pub(super) fn render(template: &str, fields: Fields<'_>) -> Rendered {
    let mut rendered = Rendered::default();
    part(template, fields, &mut rendered, 0);
    rendered.text = rendered.text.trim().to_owned();
    rendered
}

/// Deeper blocks stay as they are written.
const DEEPEST: usize = 8;

fn part(mut rest: &str, fields: Fields<'_>, into: &mut Rendered, depth: usize) {
    while let Some(start) = rest.find("{{") {
        into.text.push_str(&rest[..start]);
        rest = &rest[start..];
        let open = if rest.starts_with("{{{") { 3 } else { 2 };
        let close = if open == 3 { "}}}" } else { "}}" };
        let Some(end) = rest.find(close) else { break };
        let (tag, inside, behind) = (&rest[..end + open], rest[open..end].trim(), &rest[end + open..]);
        rest = behind;
        match block(inside, behind, fields) {
            Some(found) if depth < DEEPEST => {
                part(found.chosen, fields, into, depth + 1);
                rest = found.behind;
                continue;
            }
            _ => {}
        }
        if let Some(value) = value(inside, fields) {
            into.text.push_str(&value);
        } else {
            into.text.push_str(tag);
            into.unknown.push(tag.to_owned());
        }
    }
    into.text.push_str(rest);
}

struct Block<'t> {
    chosen: &'t str,
    behind: &'t str,
}

/// `{{#success build.status}}…{{else}}…{{/success}}`, `failure` and `if`.
fn block<'t>(inside: &str, behind: &'t str, fields: Fields<'_>) -> Option<Block<'t>> {
    let (word, field) = inside.strip_prefix('#')?.trim().split_once(char::is_whitespace)?;
    let value = field_of(field.trim(), fields)?;
    let holds = match word {
        "success" => value == "success",
        "failure" => value == "failure",
        "if" => !value.is_empty() && value != "0",
        "unless" => value.is_empty() || value == "0",
        _ => return None,
    };
    let (content, rest) = until_close(behind, word)?;
    let (yes, no) = halves(content);
    Some(Block { chosen: if holds { yes } else { no }, behind: rest })
}

/// The content of a block, and what is behind its end; blocks of the same word may lie in it.
fn until_close<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let (mut at, mut open) = (0, 0);
    while let Some(start) = text[at..].find("{{").map(|it| at + it) {
        let end = text[start..].find("}}").map(|it| start + it)?;
        let inside = text[start + 2..end].trim();
        if inside.strip_prefix('#').is_some_and(|it| it.split_whitespace().next() == Some(word)) {
            open += 1;
        } else if inside.strip_prefix('/').is_some_and(|it| it.trim() == word) {
            if open == 0 {
                return Some((&text[..start], &text[end + 2..]));
            }
            open -= 1;
        }
        at = end + 2;
    }
    None
}

/// What is before and behind the `{{else}}` of this block.
fn halves(content: &str) -> (&str, &str) {
    let (mut at, mut open) = (0, 0);
    while let Some(start) = content[at..].find("{{").map(|it| at + it) {
        let Some(end) = content[start..].find("}}").map(|it| start + it) else { break };
        match content[start + 2..end].trim() {
            "else" if open == 0 => return (&content[..start], &content[end + 2..]),
            inside if inside.starts_with('#') => open += 1,
            inside if inside.starts_with('/') => open -= 1,
            _ => {}
        }
        at = end + 2;
    }
    (content, "")
}

/// A field, or a helper and a field.
fn value(inside: &str, fields: Fields<'_>) -> Option<String> {
    let words: Vec<&str> = inside.split_whitespace().collect();
    match words[..] {
        [field] => field_of(field, fields).map(str::to_owned),
        ["uppercase", field] => field_of(field, fields).map(str::to_uppercase),
        ["lowercase", field] => field_of(field, fields).map(str::to_lowercase),
        ["uppercasefirst", field] => field_of(field, fields).map(first_upper),
        ["truncate", field, length] => {
            let length: usize = length.parse().ok()?;
            field_of(field, fields).map(|it| it.chars().take(length).collect())
        }
        _ => None,
    }
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}

/// The plugins differ in the case of names; nobody has two that differ only in it.
fn field_of<'f>(name: &str, fields: Fields<'f>) -> Option<&'f str> {
    let name = name.trim_start_matches("this.");
    fields.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str) -> String {
        let fields = [
            ("build.status", "success".to_owned()),
            ("build.number", "7".to_owned()),
            ("build.commit", "abcdef0123".to_owned()),
            ("build.tag", String::new()),
        ];
        render(template, &fields).text
    }

    #[test]
    fn fields_helpers_and_blocks_are_filled_in() {
        assert_eq!(rendered("  #{{build.number}} {{{ Build.Status }}} "), "#7 success");
        assert_eq!(
            rendered("{{uppercasefirst build.status}} {{truncate build.commit 8}}"),
            "Success abcdef01"
        );
        assert_eq!(rendered("{{#success build.status}}ok {{build.number}}{{else}}no{{/success}}!"), "ok 7!");
        assert_eq!(rendered("{{#failure build.status}}no{{else}}ok{{/failure}}"), "ok");
        assert_eq!(rendered("a{{#if build.tag}}{{#if build.number}}x{{else}}y{{/if}}{{else}}z{{/if}}"), "az");
    }

    #[test]
    fn what_is_not_known_stays_and_is_told() {
        let answer = render("{{since build.started}} {{ x", &[]);
        assert_eq!(answer.text, "{{since build.started}} {{ x");
        assert_eq!(answer.unknown, ["{{since build.started}}"]);
    }

    #[test]
    fn a_template_that_never_ends_does() {
        assert_eq!(rendered("{{#success build.status}}x"), "{{#success build.status}}x");
        let deep = "{{#if build.number}}".repeat(100) + "x" + &"{{/if}}".repeat(100);
        assert!(rendered(&deep).contains('x'));
    }
}
