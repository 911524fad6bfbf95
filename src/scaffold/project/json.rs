//! The text of a JSON file, with or without comments → values with lines, or what is wrong with it and where.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::scaffold::project::survey::line_of;
use crate::scaffold::project::value::{Kind, Value};

/// Deeper values are not looked at; no manifest has any.
const DEEPEST: usize = 12;

/// Reads it. The error says the byte and the reason.
pub(crate) fn read(text: &str) -> Result<Value, (usize, String)> {
    let plain = without_comments(text.strip_prefix('\u{feff}').unwrap_or(text));
    match serde_json::from_str::<&RawValue>(&plain) {
        Ok(raw) => Ok(Value { line: 1, kind: kind_of(&plain, raw, 0) }),
        Err(error) => {
            let start: usize =
                plain.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let words = error.to_string();
            let reason = words.split(" at line ").next().unwrap_or_default().to_owned();
            Err((start + error.column().saturating_sub(1), reason))
        }
    }
}

fn kind_of(text: &str, raw: &RawValue, depth: usize) -> Kind {
    let written = raw.get();
    match written.as_bytes().first() {
        Some(b'{') if depth < DEEPEST => {
            let entries = serde_json::from_str::<Entries<'_>>(written).map(|it| it.0).unwrap_or_default();
            Kind::Table(entries.into_iter().map(|(key, raw)| (key, value_of(text, raw, depth + 1))).collect())
        }
        Some(b'[') if depth < DEEPEST => {
            let items: Vec<&RawValue> = serde_json::from_str(written).unwrap_or_default();
            Kind::List(items.into_iter().map(|raw| value_of(text, raw, depth + 1)).collect())
        }
        Some(b'"') => Kind::Text(serde_json::from_str(written).unwrap_or_default()),
        _ => Kind::Text(written.to_owned()),
    }
}

fn value_of(text: &str, raw: &RawValue, depth: usize) -> Value {
    // The raw value borrows from the text, so the difference of the two addresses is its place.
    let at = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Value { line: line_of(text, at), kind: kind_of(text, raw, depth) }
}

/// The entries of an object in their order.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> serde::Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<String, &'de RawValue>()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Comments as `deno.jsonc` has them become blanks, so that every place stays where it is.
fn without_comments(text: &str) -> String {
    if !text.contains("//") && !text.contains("/*") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(first) = rest.chars().next() {
        let comment = match rest {
            _ if quoted => None,
            _ if rest.starts_with("//") => Some(rest.find('\n').unwrap_or(rest.len())),
            _ if rest.starts_with("/*") => Some(rest.find("*/").map_or(rest.len(), |it| it + 2)),
            _ => None,
        };
        if let Some(end) = comment {
            out.extend(rest[..end].bytes().map(|it| if it == b'\n' { '\n' } else { ' ' }));
            rest = &rest[end..];
            continue;
        }
        let taken = if quoted && first == '\\' {
            rest.chars().take(2).map(char::len_utf8).sum()
        } else {
            first.len_utf8()
        };
        quoted ^= first == '"';
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn values_know_their_lines_and_keep_their_order() {
        let value = read(
            "{\n\t\"name\": \"a\",\n\t\"scripts\": {\n\t\t\"test\": \"x\",\n\t\t\"lint\": \"y\"\n\t}\n}\n",
        )
        .unwrap();
        assert_eq!(value.at(&["scripts", "test"]).unwrap().line, 4);
        let names: Vec<_> =
            value.at(&["scripts"]).unwrap().entries().iter().map(|it| it.0.as_str()).collect();
        assert_eq!(names, ["test", "lint"]);
    }

    #[test]
    fn comments_are_allowed_and_change_no_line() {
        let value = read("// top\n{ /* a\n b */ \"url\": \"http://x\",\n \"n\": 3 }\n").unwrap();
        assert_eq!((value.text_at(&["url"]), value.at(&["n"]).unwrap().line), (Some("http://x"), 4));
    }

    #[test]
    fn a_broken_file_says_where() {
        let text = "{\n  \"name\": \"a\",\n}\n";
        assert_eq!(crate::scaffold::project::line_of(text, read(text).unwrap_err().0), 3);
    }
}
