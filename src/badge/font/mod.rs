//! A text → how wide it is drawn, from the advances of Verdana; letters that Verdana lacks get more room than they need.

mod verdana;

use unicode_width::UnicodeWidthChar;

/// The advances of one weight.
struct Face {
    /// First code point and advances; the first block begins at the space, the others follow in order.
    blocks: &'static [(u32, &'static [u16])],
}

/// Which letters are drawn, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    /// 11 pixels.
    Usual,
    /// 10 pixels.
    Small,
    /// 10 pixels, bold.
    SmallBold,
}

/// The room that a text takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// Hundredths of a pixel, each letter rounded to one.
    pub(super) hundredths: u32,
    /// How many letters take room.
    pub(super) letters: u32,
    /// False when a letter was not in the table: then the width is a generous guess.
    pub(super) known: bool,
}

/// Units of the table for one font size.
const EM: u32 = 2048;
/// What a letter gets that is in no table: the advance of `m`, the widest of the small ones.
const UNKNOWN: u32 = 1992;
/// What a letter of a script of square letters gets.
const WIDE: u32 = EM;
/// What a picture gets: fonts draw them up to 1.4 times as wide as high.
const PICTURE: u32 = EM * 7 / 5;

impl Font {
    /// Measures a text.
    pub(super) fn measure(self, text: &str) -> Measure {
        let (face, pixels) = match self {
            Self::Usual => (&verdana::REGULAR, 11),
            Self::Small => (&verdana::REGULAR, 10),
            Self::SmallBold => (&verdana::BOLD, 10),
        };
        let mut measure = Measure { known: true, ..Measure::default() };
        for letter in text.chars() {
            let known = face.advance(letter);
            let units = known.unwrap_or_else(|| guess(letter));
            measure.known &= known.is_some();
            measure.letters += u32::from(units > 0);
            measure.hundredths += (units * pixels * 100 + EM / 2) / EM;
        }
        measure
    }
}

impl Face {
    fn advance(&self, letter: char) -> Option<u32> {
        let code = u32::from(letter);
        let in_block = |(first, advances): &(u32, &[u16])| {
            let at = usize::try_from(code.checked_sub(*first)?).ok()?;
            advances.get(at).map(|it| u32::from(*it))
        };
        self.blocks.iter().find_map(in_block)
    }
}

fn guess(letter: char) -> u32 {
    match letter.width() {
        Some(0) => 0,
        Some(2) if u32::from(letter) >= 0x1_f000 => PICTURE,
        // A full-width sign below the pictures, or a symbol that systems draw as a picture.
        Some(2) => {
            if matches!(letter, '\u{2300}'..='\u{2bff}') {
                PICTURE
            } else {
                WIDE
            }
        }
        _ if matches!(letter, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..) => WIDE,
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_everybody_knows_have_their_width() {
        // The figures behind the badge `build | passing`, 88 pixels wide.
        for (text, pixels) in [("build", 27), ("passing", 41), ("success", 43), (" ", 3)] {
            assert_eq!((Font::Usual.measure(text).hundredths / 100) | 1, pixels, "{text}");
        }
        assert!(Font::SmallBold.measure("PASSING").hundredths > Font::Small.measure("PASSING").hundredths);
    }

    #[test]
    fn letters_of_other_scripts_get_room_and_say_that_it_is_a_guess() {
        for (text, hundredths, known) in [
            ("é", 655, true),
            ("e\u{301}", 655, false),
            ("構", 1100, false),
            ("ב", 1070, false),
            ("🚀", 1540, false),
            ("→", 1100, false),
            ("я", 660, true),
        ] {
            let measure = Font::Usual.measure(text);
            assert_eq!((measure.hundredths, measure.known), (hundredths, known), "{text}");
        }
    }

    #[test]
    fn blocks_do_not_overlap_and_are_in_order() {
        for face in [&verdana::REGULAR, &verdana::BOLD] {
            assert_eq!(face.blocks[0].0, u32::from(' '));
            for pair in face.blocks.windows(2) {
                assert!(pair[0].0 + u32::try_from(pair[0].1.len()).unwrap() <= pair[1].0);
            }
        }
    }
}
