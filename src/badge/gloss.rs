//! Two halves and their texts → how strong the gloss over them may be, so that the texts stay readable under it.

use crate::badge::colour::{Colour, LEAST_CONTRAST};
use crate::badge::style::Style;

/// A stop of a gradient from top to bottom: where, which grey, and how much of it. All but the grey in thousandths.
struct Stop {
    at: u32,
    grey: u8,
    opacity: u32,
}

const fn stop(at: u32, grey: u8, opacity: u32) -> Stop {
    Stop { at, grey, opacity }
}

const FLAT: [Stop; 2] = [stop(0, 0xbb, 100), stop(1000, 0, 100)];
const PLASTIC: [Stop; 4] = [stop(0, 0xff, 700), stop(100, 0xaa, 100), stop(900, 0, 300), stop(1000, 0, 500)];

/// The gradients as they are written.
const FLAT_STOPS: &str =
    "<stop offset=\"0\" stop-color=\"#bbb\" stop-opacity=\".1\"/><stop offset=\"1\" stop-opacity=\".1\"/>";
const PLASTIC_STOPS: &str = "<stop offset=\"0\" stop-color=\"#fff\" stop-opacity=\".7\"/>\
    <stop offset=\".1\" stop-color=\"#aaa\" stop-opacity=\".1\"/>\
    <stop offset=\".9\" stop-opacity=\".3\"/><stop offset=\"1\" stop-opacity=\".5\"/>";

/// How strong it is, in thousandths, and how that is written.
const STRENGTHS: [(u32, &str); 3] = [(1000, ""), (500, " opacity=\".5\""), (250, " opacity=\".25\"")];

/// The gloss of a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gloss {
    /// The stops of its gradient.
    pub(super) stops: &'static str,
    /// The attribute that weakens it, with a blank before it; often nothing.
    pub(super) opacity: &'static str,
}

/// The strongest gloss under which each text still reaches the contrast that it needs on its half. `None` where the style has
/// none, or any would be too much.
pub(super) fn strongest(style: Style, halves: &[(Colour, Colour)]) -> Option<Gloss> {
    let (rows, stops) = match style {
        Style::Flat => (&FLAT_ROWS, FLAT_STOPS),
        Style::Plastic => (&PLASTIC_ROWS, PLASTIC_STOPS),
        Style::FlatSquare | Style::ForTheBadge => return None,
    };
    let readable = |strength: u32| halves.iter().all(|half| is_readable(*half, rows, strength));
    let found = STRENGTHS.into_iter().find(|(strength, _)| readable(*strength));
    found.map(|(_, opacity)| Gloss { stops, opacity })
}

fn is_readable((half, text): (Colour, Colour), rows: &[Row; ROWS], strength: u32) -> bool {
    let seen = |row: &Row| half.under(Colour::new(row.0, row.0, row.0), row.1 * strength / 1000);
    rows.iter().all(|row| seen(row).contrasts(text, ENOUGH))
}

/// A little more than is needed: browsers round what they mix.
const ENOUGH: f32 = LEAST_CONTRAST + 0.05;

/// The gradient in one row of pixels, as a browser mixes it: which grey, and how many thousandths of it.
type Row = (u8, u32);

/// Rows above the lowest one that letters reach, which is 2 below their line: from an accent to what hangs down. The
/// gradients have one hill and no valley, so these few say what all rows say.
const LOOKED_AT: [u32; ROWS] = [11, 9, 7, 0];
const ROWS: usize = 4;
const FLAT_ROWS: [Row; ROWS] = rows(&FLAT, Style::Flat);
const PLASTIC_ROWS: [Row; ROWS] = rows(&PLASTIC, Style::Plastic);

const fn rows(stops: &[Stop], style: Style) -> [Row; ROWS] {
    let mut rows = [(0, 0); ROWS];
    let mut index = 0;
    while index < ROWS {
        // A browser asks in the middle of a pixel.
        let pixel = style.baseline() / 10 + 2 - LOOKED_AT[index];
        rows[index] = mixed(stops, (pixel * 1000 + 500) / style.height());
        index += 1;
    }
    rows
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of two bytes is a byte")]
const fn mixed(stops: &[Stop], at: u32) -> Row {
    let mut next = 1;
    while stops[next].at < at {
        next += 1;
    }
    let (above, below) = (&stops[next - 1], &stops[next]);
    let way = (at - above.at) * 1000 / (below.at - above.at);
    let grey = (above.grey as u32 * (1000 - way) + below.grey as u32 * way) / 1000;
    (grey as u8, (above.opacity * (1000 - way) + below.opacity * way) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badge::colour::NAMES;

    fn strength(style: Style, colour: Colour) -> Option<&'static str> {
        strongest(style, &[(colour, colour.text())]).map(|it| it.opacity)
    }

    #[test]
    fn most_colours_take_the_whole_gloss_and_the_middle_ones_less() {
        for (style, colour, expected) in [
            (Style::Flat, Colour::BRIGHTGREEN, Some("")),
            (Style::Flat, Colour::GREY, Some("")),
            (Style::Flat, Colour::RED, Some("")),
            (Style::Plastic, Colour::BRIGHTGREEN, Some("")),
            (Style::Plastic, Colour::RED, Some(" opacity=\".25\"")),
            (Style::FlatSquare, Colour::GREY, None),
            (Style::ForTheBadge, Colour::GREY, None),
        ] {
            assert_eq!(strength(style, colour), expected, "{style:?} {colour}");
        }
    }

    #[test]
    fn no_named_colour_becomes_unreadable_under_its_gloss() {
        for style in [Style::Flat, Style::Plastic] {
            for (name, colour) in NAMES {
                let Some(strength) = strength(style, colour) else { continue };
                let share = STRENGTHS.iter().find(|it| it.1 == strength).unwrap().0;
                let stops: &[Stop] = if style == Style::Flat { &FLAT } else { &PLASTIC };
                let line = style.baseline() / 10;
                for row in line - 9..=line + 2 {
                    let (grey, opacity) = mixed(stops, (row * 1000 + 500) / style.height());
                    let seen = colour.under(Colour::new(grey, grey, grey), opacity * share / 1000);
                    assert!(seen.contrast(colour.text()) >= LEAST_CONTRAST, "{style:?} {name} {grey}");
                }
            }
        }
    }
}
