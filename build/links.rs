//! Links of pages, and of the rendered site → the dead ones, and those that reach ahead of what was explained.

use std::collections::{BTreeMap, BTreeSet};

use ciworkshop_engine::course::Files;
use pulldown_cmark::{Event, Tag};

use crate::site::Shelf;
use crate::site::glossary::{self, Term};
use crate::site::html::parser;
use crate::site::page::{Page, Problem};

/// The table of contents.
const SUMMARY: &str = "SUMMARY.md";

/// Ids of a rendered page, by path such as `one-file/index.html`.
type Anchors = BTreeMap<String, BTreeSet<String>>;

/// Checks the links of all sources against the rendered pages, which are given by path.
pub(crate) fn check_links(shelf: &Shelf, site: &BTreeMap<String, String>) -> Vec<Problem> {
    let anchors = &anchors(site);
    let (terms, mut problems) =
        shelf.page(glossary::PATH).map(|it| glossary::read(it, &shelf.pages)).unwrap_or_default();
    for page in &shelf.pages {
        for (line, target) in links(&page.text) {
            let found = check_link(page, &target, shelf, anchors, &terms);
            problems.extend(found.map(|message| Problem { file: page.path.clone(), line, message }));
        }
    }
    problems
}

/// Checks the table of contents: what it lists is there, and what is there is listed.
pub(crate) fn check_summary(summary: &str, files: &Files) -> Vec<Problem> {
    let problem = |line, message| Problem { file: SUMMARY.to_owned(), line, message };
    let listed = links(summary);
    let absent = listed.iter().filter(|(_, path)| !files.contains_key(path));
    let absent =
        absent.map(|(line, path)| problem(*line, format!("`{path}` is listed here and is not there")));
    let pages = files.keys().filter(|it| it.strip_suffix(".md").is_some_and(|it| it != "SUMMARY"));
    let unlisted = pages.filter(|it| !listed.iter().any(|(_, path)| path == *it));
    let last = summary.lines().count();
    let unlisted = unlisted.map(|it| problem(last, format!("`{it}` is there and is not listed here")));
    absent.chain(unlisted).collect()
}

fn links(markdown: &str) -> Vec<(usize, String)> {
    let line = |at: usize| markdown[..at].matches('\n').count() + 1;
    let target = |event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    parser(markdown)
        .into_offset_iter()
        .filter_map(|(event, at)| target(event).map(|it| (line(at.start), it)))
        .collect()
}

fn check_link(page: &Page, target: &str, shelf: &Shelf, anchors: &Anchors, terms: &[Term]) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Some(format!("`{target}` leaves the book, which reads without a network"));
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let Some(path) = page.resolve(path) else { return Some(format!("`{target}` leads out of the book")) };
    let Some(to) = shelf.page(&path) else {
        let there = shelf.files.contains_key(&path);
        return (!there).then(|| format!("`{target}` leads nowhere: the book has no `{path}`"));
    };
    let known = anchor.is_empty() || anchors.get(&to.html()).is_some_and(|it| it.contains(anchor));
    if !known {
        return Some(format!("`{target}` leads nowhere: `{path}` has no `#{anchor}`"));
    }
    reaches_ahead(page, to, anchor, shelf, terms)
}

/// A word or an exercise of a later chapter cannot be known yet.
fn reaches_ahead(page: &Page, to: &Page, anchor: &str, shelf: &Shelf, terms: &[Term]) -> Option<String> {
    if page.chapter().is_empty() {
        return None;
    }
    let here = shelf.position(page.chapter());
    if to.path == glossary::PATH {
        let term = terms.iter().find(|it| it.anchor == anchor)?;
        let met = shelf.position(shelf.page(&term.introduced)?.chapter());
        return (met > here).then(|| {
            format!("the word `{anchor}` is used before `{}`, which explains it first", term.introduced)
        });
    }
    let ahead = anchor == "exercise" && shelf.position(to.chapter()) > here;
    ahead.then(|| format!("the exercise of `{}` belongs to a later chapter", to.path))
}

/// Checks the rendered site itself: every `href` and `src` of every page leads to a file and an id of the site.
pub(crate) fn check_site(site: &BTreeMap<String, String>, files: &BTreeSet<String>) -> Vec<String> {
    let anchors = anchors(site);
    let mut dead = Vec::new();
    for (path, html) in site {
        let page = Page { path: path.clone(), title: String::new(), text: String::new() };
        for attribute in ["href", "src"] {
            for target in attributes(html, attribute) {
                dead.extend(dead_target(&page, target, &anchors, files));
            }
        }
    }
    dead
}

fn dead_target(page: &Page, target: &str, anchors: &Anchors, files: &BTreeSet<String>) -> Option<String> {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let found = page.resolve(path).filter(|it| !target.contains(':') && files.contains(it));
    let Some(path) = found else { return Some(format!("{}: `{target}` leads nowhere", page.path)) };
    let known = anchor.is_empty() || anchors.get(&path).is_some_and(|it| it.contains(anchor));
    (!known).then(|| format!("{}: `{target}` leads to an id that is not there", page.path))
}

/// The ids of each rendered page.
fn anchors(site: &BTreeMap<String, String>) -> Anchors {
    let ids = |html: &String| attributes(html, "id").map(str::to_owned).collect();
    site.iter().map(|(path, html)| (path.clone(), ids(html))).collect()
}

/// The values of an attribute, for the regular HTML that mdBook and we write.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let begin = format!(" {name}=\"");
    let parts: Vec<&str> = html.split(begin.as_str()).skip(1).collect();
    parts.into_iter().filter_map(|it| it.split_once('"').map(|(value, _)| value))
}
