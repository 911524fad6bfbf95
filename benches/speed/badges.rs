//! Label, message and colour → an SVG: how many a second, on one core.

use std::hint::black_box;
use std::time::Instant;

use ciworkshop::badge::{Badge, Colour, Style};

use crate::{Row, row};

const ROUNDS: usize = 300_000;

pub(super) fn rows() -> Vec<Row> {
    let badges = [
        ("a badge, `flat`", Style::Flat, "build", "passing"),
        ("a badge in Cyrillic, `flat`", Style::Flat, "сборка", "прошла"),
        ("a badge, `for-the-badge`", Style::ForTheBadge, "build", "passing"),
    ];
    let rows = badges.into_iter().map(|(what, style, label, message)| {
        let badge = Badge { style, ..Badge::new(label, message, Colour::BRIGHTGREEN) };
        row(format!("{what}, on one core"), "> 300,000 a second", format!("{:.0} a second", speed(&badge)))
    });
    rows.collect()
}

/// The best of five: what else goes on only takes away.
fn speed(badge: &Badge<'_>) -> f64 {
    let round = |_| {
        let began = Instant::now();
        let bytes: usize = (0..ROUNDS).map(|_| black_box(badge).svg().len()).sum();
        black_box(bytes);
        ROUNDS as f64 / began.elapsed().as_secs_f64()
    };
    (0..5).map(round).fold(0.0, f64::max)
}
