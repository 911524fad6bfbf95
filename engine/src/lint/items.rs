//! The text of a list as it is written → its items with their places. For lists of scalars that stand on one line each;
//! of anything else come pieces that no rule takes for what it looks for.

use crate::lint::written::Written;
use crate::source::Span;

/// The items of the list at the place, comments left out.
pub(super) fn items<'f>(file: &Written<'f>, list: Span) -> Vec<(Span, &'f str)> {
    let written = file.slice(list);
    if let Some(inner) = written.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or(inner);
        return flow(inner, list.start as usize + 1);
    }
    let mut found = Vec::new();
    let mut at = list.start as usize;
    for line in written.split_inclusive('\n') {
        let plain = without_comment(line.trim_end());
        let text = plain.trim_start();
        // The place of a list may begin behind its first dash.
        let first = found.is_empty() && !text.starts_with('#') && !text.starts_with("- ");
        if let Some(item) = text.strip_prefix("- ").or(first.then_some(text)) {
            add(&mut found, at + plain.len() - item.len(), item);
        }
        at += line.len();
    }
    found
}

/// Items between commas, outside of quotes.
fn flow(inner: &str, start: usize) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    let (mut begin, mut quote) = (0, None);
    for (at, it) in inner.char_indices() {
        match it {
            '"' | '\'' if quote == Some(it) => quote = None,
            '"' | '\'' if quote.is_none() && inner[begin..at].trim().is_empty() => quote = Some(it),
            ',' if quote.is_none() => {
                add(&mut found, start + begin, &inner[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    add(&mut found, start + begin, &inner[begin..]);
    found
}

fn add<'t>(found: &mut Vec<(Span, &'t str)>, start: usize, text: &'t str) {
    let item = text.trim();
    let start = start + text.len() - text.trim_start().len();
    if !item.is_empty() {
        found.push((Span::new(start, start + item.len()), item));
    }
}

fn without_comment(line: &str) -> &str {
    let quoted = line.trim_start().trim_start_matches("- ").starts_with(['"', '\'']);
    match line.find(" #") {
        Some(at) if !quoted => line[..at].trim_end(),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_in_both_styles() {
        let rows = [
            ("[a, 'b, c' ,\"d\"]", "a|'b, c'|\"d\""),
            ("[\n  a,\n  b\n]", "a|b"),
            ("- a\n- 'b, c'\n  - d # why\n", "a|'b, c'|d"),
            ("a\r\n# no\r\n- b", "a|b"),
            ("[]", ""),
        ];
        for (text, expected) in rows {
            let file = Written { text, dollars: Vec::new(), documents: Vec::new() };
            let found = items(&file, Span::new(0, text.len()));
            assert!(found.iter().all(|it| file.slice(it.0) == it.1), "{text}");
            assert_eq!(found.iter().map(|it| it.1).collect::<Vec<_>>().join("|"), expected, "{text}");
        }
    }
}
