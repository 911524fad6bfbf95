//! The grammar → the tables of the page about keys: the texts that editors and `ciworkshop explain` show.

use std::fmt::Write;

use ciworkshop_engine::pipeline::grammar::{self, Map, Types};

use crate::site::directive::Directive;
use crate::site::html::escape;

/// `{{#keys}}`: every key of a `.drone.yml` and what it is for, map by map. What several maps share is there once.
pub(crate) fn list(directive: &Directive<'_>) -> Result<String, String> {
    directive.knows(&[])?;
    let mut text = String::new();
    let mut shown: Vec<&[grammar::Key]> = Vec::new();
    for map in grammar::maps() {
        if shown.iter().any(|it| std::ptr::eq(*it, map.keys)) {
            continue;
        }
        let sharing: Vec<&str> =
            grammar::maps().iter().filter(|it| std::ptr::eq(it.keys, map.keys)).map(|it| it.noun).collect();
        shown.push(map.keys);
        table(map, &sharing, &mut text);
    }
    Ok(text)
}

fn table(map: &Map, nouns: &[&str], text: &mut String) {
    let _ = write!(text, "\n## In {}\n\n| key | what it is for |\n| --- | --- |\n", nouns.join(" and in "));
    for key in map.keys {
        let only = if key.types.meets(Types::DOCKER) || key.types.is_empty() {
            ""
        } else {
            " Not for docker pipelines."
        };
        let _ = writeln!(text, "| `{}` | {}{only} |", key.name, escape(key.says));
    }
}
