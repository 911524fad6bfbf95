//! A colour's name or number → the colour, and whether a text can be read on it. The figures are those of WCAG 2.

use std::fmt;
use std::str::FromStr;

use crate::engine::lint::closest;

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, green, blue.
    pub(super) channels: [u8; 3],
}

/// What text needs on its background, for everybody who sees less well.
pub const LEAST_CONTRAST: f32 = 4.5;

/// The names, as everybody's badges have them. The first of each colour is the usual one.
pub const NAMES: [(&str, Colour); 17] = [
    ("brightgreen", Colour::BRIGHTGREEN),
    ("green", Colour::GREEN),
    ("yellowgreen", Colour::YELLOWGREEN),
    ("yellow", Colour::YELLOW),
    ("orange", Colour::ORANGE),
    ("red", Colour::RED),
    ("blue", Colour::BLUE),
    ("grey", Colour::GREY),
    ("lightgrey", Colour::LIGHTGREY),
    ("gray", Colour::GREY),
    ("lightgray", Colour::LIGHTGREY),
    ("success", Colour::BRIGHTGREEN),
    ("important", Colour::ORANGE),
    ("critical", Colour::RED),
    ("informational", Colour::BLUE),
    ("inactive", Colour::LIGHTGREY),
    ("black", Colour::BLACK),
];

impl Colour {
    /// `#4c1`: all is well.
    pub const BRIGHTGREEN: Self = Self::new(0x44, 0xcc, 0x11);
    /// `#97ca00`.
    pub const GREEN: Self = Self::new(0x97, 0xca, 0x00);
    /// `#a4a61d`.
    pub const YELLOWGREEN: Self = Self::new(0xa4, 0xa6, 0x1d);
    /// `#dfb317`.
    pub const YELLOW: Self = Self::new(0xdf, 0xb3, 0x17);
    /// `#fe7d37`.
    pub const ORANGE: Self = Self::new(0xfe, 0x7d, 0x37);
    /// `#e05d44`: something is wrong.
    pub const RED: Self = Self::new(0xe0, 0x5d, 0x44);
    /// `#007ec6`: a fact that is neither good nor bad.
    pub const BLUE: Self = Self::new(0x00, 0x7e, 0xc6);
    /// `#555`: the label.
    pub const GREY: Self = Self::new(0x55, 0x55, 0x55);
    /// `#9f9f9f`: nothing is known.
    pub const LIGHTGREY: Self = Self::new(0x9f, 0x9f, 0x9f);
    /// `#000`.
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// `#fff`.
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);

    /// Red, green and blue.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { channels: [red, green, blue] }
    }

    /// White or black: white where it reaches [`LEAST_CONTRAST`], and else black, which then does.
    #[must_use]
    pub fn text(self) -> Self {
        if self.contrasts(Self::WHITE, LEAST_CONTRAST) { Self::WHITE } else { Self::BLACK }
    }

    /// How well the two are told apart, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// True when their contrast is as high as `least`.
    pub(super) fn contrasts(self, other: Self, least: f32) -> bool {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one >= least * two || two >= least * one
    }

    /// How bright it looks, from 0 to 1.
    fn luminance(self) -> f32 {
        let [red, green, blue] = self.channels.map(|it| LINEAR[usize::from(it)]);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Adds it as a style sheet has it.
    pub(super) fn write(self, out: &mut String) {
        out.push('#');
        let short = self.channels.iter().all(|it| it % 17 == 0);
        for channel in self.channels {
            let digits = [channel >> 4, channel & 15];
            let digits = digits.iter().skip(usize::from(short));
            out.extend(digits.filter_map(|it| char::from_digit(u32::from(*it), 16)));
        }
    }

    /// This colour with another one laid over it, `opacity` thousandths of it.
    #[expect(clippy::cast_possible_truncation, reason = "a mean of two bytes is a byte")]
    pub(super) fn under(self, over: Self, opacity: u32) -> Self {
        let mix = |below: u8, above: u8| {
            ((u32::from(below) * (1000 - opacity) + u32::from(above) * opacity + 500) / 1000) as u8
        };
        let ([red, green, blue], [over_red, over_green, over_blue]) = (self.channels, over.channels);
        Self::new(mix(red, over_red), mix(green, over_green), mix(blue, over_blue))
    }
}

/// `#4c1` where three digits say it, and `#97ca00` where they do not.
impl fmt::Display for Colour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(7);
        self.write(&mut text);
        out.write_str(&text)
    }
}

/// A colour that cannot be used: why, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no colour: {problem}")]
pub struct NoColour {
    word: String,
    problem: &'static str,
    /// What to write instead.
    pub help: String,
}

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(word: &str) -> Result<Self, NoColour> {
        let lower = word.trim().to_ascii_lowercase();
        if let Some((_, colour)) = NAMES.iter().find(|(name, _)| *name == lower) {
            return Ok(*colour);
        }
        let digits = lower.strip_prefix('#').unwrap_or(&lower);
        if let Some(colour) = of_digits(digits) {
            return Ok(colour);
        }
        Err(no_colour(word, digits, lower.starts_with('#')))
    }
}

fn of_digits(digits: &str) -> Option<Colour> {
    if !matches!(digits.len(), 3 | 6) || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    if digits.len() == 6 {
        return Some(Colour::new(red, green, blue));
    }
    let [_, _, high, low] = number.to_be_bytes();
    Some(Colour::new(high * 17, low / 16 * 17, low % 16 * 17))
}

fn no_colour(word: &str, digits: &str, number: bool) -> NoColour {
    let hexadecimal = digits.bytes().all(|it| it.is_ascii_hexdigit());
    let problem = match digits.len() {
        4 | 8 if hexadecimal => "it is see-through, and its contrast would depend on the page",
        _ if !number => "no colour has this name",
        _ if hexadecimal => "a number has three digits or six",
        _ => "a number has the digits 0 to 9 and a to f",
    };
    let names = NAMES.map(|(name, _)| name);
    let meant = if number { None } else { closest(digits, names) };
    let help = meant.map_or_else(
        || format!("write a number such as `4c1` or `e05d44`, or one of {}", names[..9].join(", ")),
        |it| format!("did you mean `{it}`?"),
    );
    NoColour { word: word.escape_debug().to_string(), problem, help }
}

/// The light behind each value of a channel: the curve of sRGB, which no constant can compute.
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, clippy::excessive_precision, reason = "a table")]
const LINEAR: [f32; 256] = [
    0.0000000, 0.0003035, 0.0006071, 0.0009106, 0.0012141, 0.0015176, 0.0018212, 0.0021247, 0.0024282, 0.0027317,
    0.0030353, 0.0033465, 0.0036765, 0.0040247, 0.0043914, 0.0047770, 0.0051815, 0.0056054, 0.0060488, 0.0065121,
    0.0069954, 0.0074990, 0.0080232, 0.0085681, 0.0091341, 0.0097212, 0.0103298, 0.0109601, 0.0116122, 0.0122865,
    0.0129830, 0.0137021, 0.0144438, 0.0152085, 0.0159963, 0.0168074, 0.0176420, 0.0185002, 0.0193824, 0.0202886,
    0.0212190, 0.0221739, 0.0231534, 0.0241576, 0.0251869, 0.0262412, 0.0273209, 0.0284260, 0.0295568, 0.0307134,
    0.0318960, 0.0331048, 0.0343398, 0.0356013, 0.0368895, 0.0382044, 0.0395462, 0.0409152, 0.0423114, 0.0437350,
    0.0451862, 0.0466651, 0.0481718, 0.0497066, 0.0512695, 0.0528606, 0.0544803, 0.0561285, 0.0578054, 0.0595112,
    0.0612461, 0.0630100, 0.0648033, 0.0666259, 0.0684782, 0.0703601, 0.0722719, 0.0742136, 0.0761854, 0.0781874,
    0.0802198, 0.0822827, 0.0843762, 0.0865005, 0.0886556, 0.0908417, 0.0930590, 0.0953075, 0.0975873, 0.0998987,
    0.1022417, 0.1046165, 0.1070231, 0.1094617, 0.1119324, 0.1144354, 0.1169707, 0.1195384, 0.1221388, 0.1247718,
    0.1274377, 0.1301365, 0.1328683, 0.1356333, 0.1384316, 0.1412633, 0.1441285, 0.1470273, 0.1499598, 0.1529262,
    0.1559265, 0.1589608, 0.1620294, 0.1651322, 0.1682694, 0.1714411, 0.1746474, 0.1778884, 0.1811642, 0.1844750,
    0.1878208, 0.1912017, 0.1946178, 0.1980693, 0.2015563, 0.2050787, 0.2086369, 0.2122308, 0.2158605, 0.2195262,
    0.2232280, 0.2269659, 0.2307400, 0.2345506, 0.2383976, 0.2422811, 0.2462013, 0.2501583, 0.2541521, 0.2581829,
    0.2622507, 0.2663556, 0.2704978, 0.2746773, 0.2788943, 0.2831487, 0.2874408, 0.2917706, 0.2961383, 0.3005438,
    0.3049873, 0.3094689, 0.3139887, 0.3185468, 0.3231432, 0.3277781, 0.3324515, 0.3371636, 0.3419144, 0.3467041,
    0.3515326, 0.3564001, 0.3613068, 0.3662526, 0.3712377, 0.3762621, 0.3813260, 0.3864294, 0.3915725, 0.3967552,
    0.4019778, 0.4072402, 0.4125426, 0.4178851, 0.4232677, 0.4286905, 0.4341536, 0.4396572, 0.4452012, 0.4507858,
    0.4564110, 0.4620770, 0.4677838, 0.4735315, 0.4793202, 0.4851499, 0.4910208, 0.4969330, 0.5028865, 0.5088813,
    0.5149177, 0.5209956, 0.5271151, 0.5332764, 0.5394795, 0.5457245, 0.5520114, 0.5583404, 0.5647115, 0.5711248,
    0.5775804, 0.5840784, 0.5906188, 0.5972018, 0.6038273, 0.6104956, 0.6172066, 0.6239604, 0.6307571, 0.6375969,
    0.6444797, 0.6514056, 0.6583748, 0.6653873, 0.6724432, 0.6795425, 0.6866853, 0.6938718, 0.7011019, 0.7083758,
    0.7156935, 0.7230551, 0.7304607, 0.7379104, 0.7454042, 0.7529422, 0.7605245, 0.7681511, 0.7758222, 0.7835378,
    0.7912979, 0.7991027, 0.8069523, 0.8148466, 0.8227858, 0.8307699, 0.8387990, 0.8468732, 0.8549926, 0.8631572,
    0.8713671, 0.8796224, 0.8879231, 0.8962694, 0.9046612, 0.9130987, 0.9215819, 0.9301109, 0.9386857, 0.9473065,
    0.9559734, 0.9646862, 0.9734453, 0.9822506, 0.9911021, 1.0000000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_by_name_and_by_number() {
        for (word, shown) in [
            ("brightgreen", "#4c1"),
            ("Success", "#4c1"),
            ("gray", "#555"),
            ("#97CA00", "#97ca00"),
            ("97ca00", "#97ca00"),
            ("#4c1", "#4c1"),
            ("fff", "#fff"),
        ] {
            assert_eq!(word.parse::<Colour>().unwrap().to_string(), shown, "{word}");
        }
    }

    #[test]
    fn a_colour_that_is_none_says_why() {
        for (word, problem, help) in [
            ("gren", "no colour has this name", "did you mean `green`?"),
            ("#12", "three digits or six", "such as `4c1`"),
            ("#xyz", "digits 0 to 9", "such as `4c1`"),
            ("#1234", "see-through", "such as `4c1`"),
            ("11223344", "see-through", "such as `4c1`"),
            ("", "no colour has this name", "such as `4c1`"),
            ("rgb(1,2,3)", "no colour has this name", "such as `4c1`"),
        ] {
            let error = word.parse::<Colour>().unwrap_err();
            assert!(error.to_string().contains(problem), "{word}: {error}");
            assert!(error.help.contains(help), "{word}: {}", error.help);
        }
    }

    #[test]
    fn contrast_is_what_everybody_computes() {
        // White on black is the most there is; the other figures are well known.
        for (one, other, ratio) in
            [("fff", "000", 21.0), ("777", "fff", 4.48), ("fff", "fff", 1.0), ("e05d44", "fff", 3.61)]
        {
            let contrast = one.parse::<Colour>().unwrap().contrast(other.parse().unwrap());
            assert!((contrast - ratio).abs() < 0.01, "{one} {other}: {contrast}");
        }
    }

    #[test]
    fn every_colour_there_is_carries_a_text_that_can_be_read() {
        for (name, colour) in NAMES {
            assert!(colour.contrast(colour.text()) >= LEAST_CONTRAST, "{name}");
        }
        for step in 0..=255_u8 {
            for colour in [Colour::new(step, step, step), Colour::new(step, 0x80, 255 - step)] {
                assert!(colour.contrast(colour.text()) >= LEAST_CONTRAST, "{colour}");
            }
        }
    }
}
