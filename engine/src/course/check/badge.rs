//! Badges in a text, against the branch whose state they should show.

use crate::course::check::Page;
use crate::course::check::found::Found;
use crate::course::declared::BadgeSpec;
use crate::source::Span;

/// What stands in the address of a badge that Drone draws.
const PLACE: &str = "/api/badges/";

pub(super) fn look(page: &Page<'_>, spec: &BadgeSpec) -> Option<Found> {
    let BadgeSpec { file, branch } = spec;
    let text =
        page.committed.get(file).map(|it| String::from_utf8_lossy(it).into_owned()).unwrap_or_default();
    let badges = badges(&text);
    if badges.is_empty() {
        return Some(Found::new(format!(
            "`{file}` shows no badge of Drone: no address in it has `{PLACE}` and ends with `status.svg`."
        )));
    }
    let (span, other) =
        badges.into_iter().find_map(|(span, shown)| Some((span, shown.filter(|it| it != branch)?)))?;
    let happened = format!("The badge in `{file}` shows `{other}`, and not the branch `{branch}`.");
    Some(Found::new(happened).in_file(file, span, format!("the state of `{other}`")))
}

/// Each badge with the branch or ref that it names; `None` where it names none and shows the default branch.
fn badges(text: &str) -> Vec<(Span, Option<String>)> {
    let ends = |it: char| it.is_whitespace() || matches!(it, ')' | '"' | '\'' | '>' | '<' | ']');
    let mut found = Vec::new();
    for (at, _) in text.match_indices(PLACE) {
        let end = text[at..].find(ends).map_or(text.len(), |it| at + it);
        let address = &text[at..end];
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if path.ends_with("/status.svg") {
            let begin = text[..at].rfind(ends).map_or(0, |it| it + 1);
            let begin = text[begin..at].rfind('(').map_or(begin, |it| begin + it + 1);
            found.push((Span::new(begin, end), shown(address)));
        }
    }
    found
}

/// `branch` is asked first, as Drone does.
fn shown(address: &str) -> Option<String> {
    let query = address.split('#').next()?.split_once('?')?.1;
    let value = |name: &str| {
        let values = query.split('&').filter_map(|it| it.split_once('='));
        values
            .into_iter()
            .find(|it| it.0 == name && !it.1.is_empty())
            .map(|it| it.1.replace("%2F", "/").replace("%2f", "/"))
    };
    // Builds have whole refs, so a shorter one shows none of them (§9.1).
    let branch_of = |it: String| match it.strip_prefix("refs/heads/") {
        Some(branch) => branch.to_owned(),
        None if it.starts_with("refs/") => it,
        None => format!("ref={it}"),
    };
    value("branch").or_else(|| value("ref").map(branch_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_shows_the_branch_that_its_address_names() {
        for (query, branch) in [
            ("", None),
            ("?ref=refs/heads/main", Some("main")),
            ("?ref=refs%2Fheads%2Fmain", Some("main")),
            ("?branch=main", Some("main")),
            ("?branch=main&ref=refs/heads/other", Some("main")),
            ("?ref=refs/tags/v1", Some("refs/tags/v1")),
            ("?ref=main", Some("ref=main")),
            ("?ref=", None),
        ] {
            let text = format!(
                "# a\n\n[![Build](https://d.example/api/badges/o/r/status.svg{query})](https://d.example/o/r)\n"
            );
            let badges = badges(&text);
            assert_eq!(badges.len(), 1, "{query}");
            assert_eq!(badges[0].1.as_deref(), branch, "{query}");
            assert!(text[badges[0].0.range()].starts_with("https://d"), "{query}");
        }
        assert!(badges("/api/badges/o/r/other.svg /api/badges/").is_empty());
    }
}
