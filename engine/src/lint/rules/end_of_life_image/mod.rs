//! An image with a version that nobody maintains any more. One finding for each image of the file.

mod table;

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::image::{Image, image};
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::end_of_life_image::table::{CODENAMES, PRODUCTS, Product};
use crate::lint::written::FileAdvice;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "end-of-life-image";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: HashSet<&str> = HashSet::new();
    for step in page.pipelines.iter().flat_map(|it| &it.all) {
        let Some(text) = &step.step.image else { continue };
        if text.value.contains('$') || !seen.insert(&text.value) {
            continue;
        }
        let Some(end) = end_of(image(&text.value)) else { continue };
        found.push(
            Diagnostic::hint(CODE, text.span, format!("{} has had no repairs since {}", end.what, end.since))
                .label("a version that nobody maintains")
                .why("a hole that is found in it stays open, and new packages soon want something newer")
                .help(format!("move to {}", end.next)),
        );
    }
}

/// Since when nobody maintains what the image brings; year and month. `None` while somebody does.
pub(in crate::lint) fn ended_since(written: &str) -> Option<&'static str> {
    end_of(image(written)).map(|it| it.since)
}

/// What has ended, when, and what comes after it.
struct End {
    what: String,
    since: &'static str,
    next: &'static str,
}

fn end_of(image: Image<'_>) -> Option<End> {
    let product = PRODUCTS.binary_search_by(|it| it.image.cmp(image.repository)).ok();
    if let Some(end) = product.and_then(|at| of_product(&PRODUCTS[at], image.tag)) {
        return Some(end);
    }
    // Official images are also made for old systems: `node:16-buster`.
    product?;
    let mut words = image.tag.split('-').skip(1);
    let (name, since) = words.find_map(|it| CODENAMES.iter().find(|own| own.0 == it))?;
    Some(End { what: format!("Debian `{name}`"), since, next: "an image on `bookworm` or `trixie`" })
}

fn of_product(product: &Product, tag: &str) -> Option<End> {
    let version = tag.split('-').next().unwrap_or_default();
    let matches = |own: &str| {
        own.is_empty() || version.strip_prefix(own).is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    let (own, since) = product.ended.iter().find(|it| matches(it.0))?;
    let what = if own.is_empty() { product.name.to_owned() } else { format!("{} {own}", product.name) };
    // A short version stands for the last one of its line: `mysql:5` is 5.7.
    Some(End { what, since, next: product.next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_by_its_first_parts() {
        let rows = [
            ("python:3.8", Some("2024-10")),
            ("python:3.8.1-slim", Some("2024-10")),
            ("python:3.80", None),
            ("python:2", Some("2020-01")),
            ("python:3", None),
            ("node:16", Some("2023-09")),
            ("node:16.1-alpine", Some("2023-09")),
            ("node:24-buster", Some("2024-06")),
            ("node", None),
            ("openjdk:11", Some("2022-07")),
            ("openjdk", Some("2022-07")),
            ("mysql:8.0.33", Some("2026-04")),
            ("mysql:8", None),
            ("debian:stretch-slim", Some("2022-06")),
            ("ubuntu:bionic", Some("2023-05")),
        ];
        for (name, since) in rows {
            assert_eq!(end_of(image(name)).map(|it| it.since), since, "{name}");
        }
    }
}
