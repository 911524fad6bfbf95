//! Style and texts → where everything goes, in hundredths of a pixel. §9.3 has the rules.

use std::str::FromStr;

use crate::badge::font::{Font, Measure};

/// How a badge looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Round corners and a little gloss.
    #[default]
    Flat,
    /// Square corners, no gloss.
    FlatSquare,
    /// Rounder corners and much gloss.
    Plastic,
    /// Large, in capital letters.
    ForTheBadge,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Flat, Self::FlatSquare, Self::Plastic, Self::ForTheBadge];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::FlatSquare => "flat-square",
            Self::Plastic => "plastic",
            Self::ForTheBadge => "for-the-badge",
        }
    }

    /// In pixels.
    #[must_use]
    pub const fn height(self) -> u32 {
        match self {
            Self::Flat | Self::FlatSquare => 20,
            Self::Plastic => 18,
            Self::ForTheBadge => 28,
        }
    }

    pub(super) fn radius(self) -> u32 {
        match self {
            Self::Flat => 3,
            Self::Plastic => 4,
            Self::FlatSquare | Self::ForTheBadge => 0,
        }
    }

    pub(super) fn capitals(self) -> bool {
        self == Self::ForTheBadge
    }

    /// The line that the letters stand on, in tenths of a pixel.
    pub(super) const fn baseline(self) -> u32 {
        match self {
            Self::Flat | Self::FlatSquare => 140,
            Self::Plastic => 130,
            Self::ForTheBadge => 175,
        }
    }

    /// The size of the letters, in tenths of a pixel.
    pub(super) fn font_size(self) -> u32 {
        if self.capitals() { 100 } else { 110 }
    }
}

/// A style that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no style `{0}`")]
pub struct NoStyle(String);

impl FromStr for Style {
    type Err = NoStyle;

    fn from_str(word: &str) -> Result<Self, NoStyle> {
        let found = Self::ALL.into_iter().find(|it| it.word() == word);
        found.ok_or_else(|| NoStyle(word.escape_debug().to_string()))
    }
}

/// A text in its place. All in tenths of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The middle of the text.
    pub(super) centre: u32,
    /// How wide it is drawn.
    pub(super) width: u32,
    /// False when the width is a guess that no letter should be stretched to.
    pub(super) known: bool,
}

/// Where everything goes. All but the places in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) logo_x: u32,
    pub(super) label: Place,
    pub(super) message: Place,
}

/// How high and wide a logo is.
pub(super) const LOGO: u32 = 14;
/// Free room at both ends of a text, in the usual styles.
const PADDING: u32 = 5;
/// Between a logo and a label.
const LOGO_GAP: u32 = 3;

/// What is to be placed.
pub(super) struct Parts<'a> {
    pub(super) label: &'a str,
    pub(super) message: &'a str,
    /// True when the left part has a colour of its own, and is there without a label too.
    pub(super) left_coloured: bool,
    pub(super) logo: bool,
}

impl Layout {
    pub(super) fn of(style: Style, parts: &Parts<'_>) -> Self {
        if style.capitals() { large(parts) } else { usual(parts) }
    }

    /// In pixels.
    pub(super) fn width(&self) -> u32 {
        self.left + self.right
    }
}

/// A whole and odd number of pixels: then the middle of the text is on the grid of the screen.
fn odd(measure: Measure) -> u32 {
    // What is guessed is never cut.
    let pixels = if measure.known { measure.hundredths / 100 } else { measure.hundredths.div_ceil(100) };
    pixels | 1
}

fn usual(parts: &Parts<'_>) -> Layout {
    let measure = |text: &str| Font::Usual.measure(text);
    let (label, message) = (measure(parts.label), measure(parts.message));
    let labelled = !parts.label.is_empty();
    let has_left = labelled || parts.left_coloured;
    let logo = match (parts.logo, labelled) {
        (false, _) => 0,
        (true, true) => LOGO + LOGO_GAP,
        (true, false) => LOGO,
    };
    let label_width = if labelled { odd(label) } else { 0 };
    let left = if has_left { label_width + 2 * PADDING + logo } else { 0 };
    // A logo without a left part stands in the right one.
    let (mut from, mut right) = (left, odd(message) + 2 * PADDING);
    if has_left {
        from -= u32::from(!parts.message.is_empty());
    } else if parts.logo {
        from = logo + PADDING - 1;
        right += logo + PADDING - 1;
    }
    let centred = |from: u32, width: u32, known| Place {
        centre: 10 * (from + PADDING) + 5 * width,
        width: 10 * width,
        known,
    };
    Layout {
        left,
        right,
        logo_x: PADDING,
        label: centred(logo + 1, label_width, label.known),
        message: centred(from, odd(message), message.known),
    }
}

/// Free room at both ends of a text, in the large style.
const LARGE_PADDING: u32 = 12;
/// Before a logo, and after one that stands alone.
const LARGE_LOGO_MARGIN: u32 = 9;
/// Between a logo and a text.
const LARGE_LOGO_GAP: u32 = 6;
/// Between two letters, in hundredths of a pixel.
const SPACING: u32 = 125;

fn large(parts: &Parts<'_>) -> Layout {
    // Whole pixels, so that both halves meet on the grid of the screen.
    let width = |it: Measure| (it.hundredths / 100 * 100 + SPACING * it.letters).div_ceil(100);
    let (label, message) = (Font::Small.measure(parts.label), Font::SmallBold.measure(parts.message));
    let labelled = !parts.label.is_empty();
    let after_logo = LARGE_LOGO_MARGIN + LOGO + LARGE_LOGO_GAP;
    let first_text = if parts.logo { after_logo } else { LARGE_PADDING };
    let left = match (labelled, parts.left_coloured, parts.logo) {
        (true, _, _) => first_text + width(label) + LARGE_PADDING,
        (false, true, true) => 2 * LARGE_LOGO_MARGIN + LOGO,
        (false, true, false) => 2 * LARGE_PADDING,
        (false, false, _) => 0,
    };
    let before = if left == 0 { first_text } else { LARGE_PADDING };
    let centred =
        |from: u32, width: u32, known| Place { centre: 10 * from + 5 * width, width: 10 * width, known };
    Layout {
        left,
        right: before + width(message) + LARGE_PADDING,
        logo_x: LARGE_LOGO_MARGIN,
        label: centred(first_text, width(label), label.known),
        message: centred(left + before, width(message), message.known),
    }
}
