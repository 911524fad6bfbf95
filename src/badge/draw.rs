//! A badge as a value → its SVG, built in one go. Every badge can be drawn; the same badge always gives the same bytes.

use std::borrow::Cow;

use crate::badge::colour::Colour;
use crate::badge::gloss::{self, Gloss};
use crate::badge::logo::Logo;
use crate::badge::style::{LOGO, Layout, Parts, Place, Style};
use crate::badge::text;

/// What every badge of ours begins with: a program that writes a badge overwrites nothing else.
pub const BEGINNING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" data-by=\"ciworkshop\"";

/// A badge: two short texts side by side.
#[derive(Clone, Copy, Debug)]
pub struct Badge<'a> {
    /// What it is about; may be empty.
    pub label: &'a str,
    /// What there is to say.
    pub message: &'a str,
    /// Behind the message.
    pub colour: Colour,
    /// Behind the label; grey when none is chosen.
    pub label_colour: Option<Colour>,
    /// How it looks.
    pub style: Style,
    /// Before the label.
    pub logo: Option<&'a Logo>,
    /// What the badge was drawn from.
    pub digest: Option<&'a str>,
}

impl<'a> Badge<'a> {
    /// A flat badge without logo.
    #[must_use]
    pub fn new(label: &'a str, message: &'a str, colour: Colour) -> Self {
        Self { label, message, colour, label_colour: None, style: Style::Flat, logo: None, digest: None }
    }

    /// What is read aloud, and shown where a mouse rests.
    #[must_use]
    pub fn title(&self) -> String {
        let mut title = text::clean(self.label).into_owned();
        let message = text::clean(self.message);
        if !title.is_empty() && !message.is_empty() {
            title.push_str(": ");
        }
        title + &message
    }

    /// Width and height, in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.drawn().layout.width(), self.style.height())
    }

    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let drawn = self.drawn();
        let title = self.title();
        let texts = 4 * (title.len() + drawn.label.len() + drawn.message.len());
        let logo = self.logo.map_or(0, |it| it.address.len());
        let mut out = String::with_capacity(1200 + texts + logo);
        self.open(&drawn, &title, &mut out);
        let gloss = gloss::strongest(self.style, &drawn.halves());
        self.definitions(&drawn, gloss, &mut out);
        self.backgrounds(&drawn, gloss, &mut out);
        self.foreground(&drawn, &mut out);
        out.push_str("</svg>\n");
        out
    }

    fn drawn(&self) -> Drawn<'a> {
        let cased = |text: &'a str| match text::clean(text) {
            text if self.style.capitals() => Cow::Owned(text::capitals(&text)),
            text => text,
        };
        let (label, message) = (cased(self.label), cased(self.message));
        let left_coloured = self.label_colour.is_some();
        let parts = Parts { label: &label, message: &message, left_coloured, logo: self.logo.is_some() };
        let layout = Layout::of(self.style, &parts);
        let left = self.label_colour.unwrap_or(Colour::GREY);
        let id = Id::of(if self.style.radius() == 0 { 0 } else { self.fingerprint() });
        Drawn { label, message, layout, left, right: self.colour, id }
    }

    fn open(&self, drawn: &Drawn<'_>, title: &str, out: &mut String) {
        out.push_str(BEGINNING);
        if let Some(digest) = self.digest {
            out.push_str(" data-progress=\"");
            text::escape(digest, out);
            out.push('"');
        }
        add(out, " width=\"", drawn.layout.width());
        add(out, "\" height=\"", self.style.height());
        out.push_str("\" role=\"img\" aria-label=\"");
        text::escape(title, out);
        out.push_str("\"><title>");
        text::escape(title, out);
        out.push_str("</title>");
    }

    fn definitions(&self, drawn: &Drawn<'_>, gloss: Option<Gloss>, out: &mut String) {
        if let Some(gloss) = gloss {
            add_id(out, "<linearGradient id=\"g", &drawn.id);
            out.push_str("\" x2=\"0\" y2=\"100%\">");
            out.push_str(gloss.stops);
            out.push_str("</linearGradient>");
        }
        if self.style.radius() > 0 {
            add_id(out, "<clipPath id=\"r", &drawn.id);
            out.push_str("\">");
            self.rectangle(0, drawn.layout.width(), out);
            add(out, " rx=\"", self.style.radius());
            out.push_str("\"/></clipPath>");
        }
    }

    fn backgrounds(&self, drawn: &Drawn<'_>, gloss: Option<Gloss>, out: &mut String) {
        if self.style.radius() > 0 {
            add_id(out, "<g clip-path=\"url(#r", &drawn.id);
            out.push_str(")\">");
        } else {
            out.push_str("<g shape-rendering=\"crispEdges\">");
        }
        let Layout { left, right, .. } = drawn.layout;
        for (x, width, colour) in [(0, left, drawn.left), (left, right, drawn.right)] {
            if width > 0 {
                self.rectangle(x, width, out);
                out.push_str(" fill=\"");
                colour.write(out);
                out.push_str("\"/>");
            }
        }
        if let Some(gloss) = gloss {
            self.rectangle(0, left + right, out);
            add_id(out, " fill=\"url(#g", &drawn.id);
            out.push_str(")\"");
            out.push_str(gloss.opacity);
            out.push_str("/>");
        }
        out.push_str("</g>");
    }

    /// A rectangle as high as the badge, without its end.
    fn rectangle(&self, x: u32, width: u32, out: &mut String) {
        out.push_str("<rect");
        if x > 0 {
            add(out, " x=\"", x);
            out.push('"');
        }
        add(out, " width=\"", width);
        add(out, "\" height=\"", self.style.height());
        out.push('"');
    }

    fn foreground(&self, drawn: &Drawn<'_>, out: &mut String) {
        out.push_str(
            "<g text-anchor=\"middle\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" \
             text-rendering=\"geometricPrecision\"",
        );
        add(out, " font-size=\"", self.style.font_size());
        out.push_str("\">");
        if let Some(logo) = self.logo {
            add(out, "<image x=\"", drawn.layout.logo_x);

            add(out, "\" y=\"", (self.style.height() - LOGO) / 2);
            add(out, "\" width=\"", LOGO);
            add(out, "\" height=\"", LOGO);
            out.push_str("\" href=\"");
            out.push_str(&logo.address);
            out.push_str("\"/>");
        }
        self.text(&drawn.label, drawn.layout.label, drawn.left.text(), "", out);
        let weight = if self.style.capitals() { " font-weight=\"bold\"" } else { "" };
        self.text(&drawn.message, drawn.layout.message, drawn.right.text(), weight, out);
        out.push_str("</g>");
    }

    /// A text, with its shadow below it where the style has one.
    fn text(&self, words: &str, place: Place, colour: Colour, weight: &str, out: &mut String) {
        if words.is_empty() {
            return;
        }
        if self.style.radius() > 0 {
            let shadow = if colour == Colour::WHITE { "#010101" } else { "#ccc" };
            out.push_str("<text aria-hidden=\"true\" fill-opacity=\".3\"");
            self.letters(words, place, 10, shadow, out);
        }
        out.push_str("<text");
        out.push_str(weight);
        self.letters(words, place, 0, if colour == Colour::WHITE { "#fff" } else { "#000" }, out);
    }

    fn letters(&self, words: &str, place: Place, lower: u32, colour: &str, out: &mut String) {
        add(out, " x=\"", place.centre);
        add(out, "\" y=\"", self.style.baseline() + lower);
        out.push_str("\" fill=\"");
        out.push_str(colour);
        out.push_str("\" transform=\"scale(.1)\"");
        if place.known {
            add(out, " textLength=\"", place.width);
            out.push('"');
        }
        if text::right_to_left(words) {
            out.push_str(" direction=\"rtl\"");
        }
        out.push('>');
        text::escape(words, out);
        out.push_str("</text>");
    }

    /// A number that is the same for the same badge, and different for any other one on the page.
    fn fingerprint(&self) -> u64 {
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
            // Where one part ends and the next begins counts.
            state = (state ^ bytes.len() as u64).wrapping_mul(0x0100_0000_01b3);
        };
        add(self.label.as_bytes());
        add(self.message.as_bytes());
        add(self.style.word().as_bytes());
        add(&self.colour.channels);
        add(self.label_colour.as_ref().map_or(&[], |it| &it.channels));
        add(self.logo.map_or(&[], |it| it.address.as_bytes()));
        add(self.digest.unwrap_or_default().as_bytes());
        state
    }
}

/// What is worked out once for all parts of the picture.
struct Drawn<'a> {
    label: Cow<'a, str>,
    message: Cow<'a, str>,
    layout: Layout,
    left: Colour,
    right: Colour,
    id: Id,
}

impl Drawn<'_> {
    /// Background and text of each half.
    fn halves(&self) -> [(Colour, Colour); 2] {
        // A left half that is not there is the right one again.
        let left = if self.layout.left > 0 { self.left } else { self.right };
        [left, self.right].map(|it| (it, it.text()))
    }
}

/// An id as it is written: the upper 48 bits.
struct Id([u8; 12]);

impl Id {
    fn of(number: u64) -> Self {
        let digit = |at: usize| HEX[usize::try_from(number >> (60 - 4 * at) & 15).unwrap_or(0)];
        Self(std::array::from_fn(digit))
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Words and an id after them.
fn add_id(out: &mut String, words: &str, id: &Id) {
    out.push_str(words);
    out.push_str(str::from_utf8(&id.0).unwrap_or_default());
}

/// Words and a number after them. The library's own way is made for more than digits, and half as fast.
fn add(out: &mut String, words: &str, number: u32) {
    let mut digits = [0; 10];
    let (mut first, mut rest) = (digits.len(), number);
    loop {
        first -= 1;
        digits[first] = b"0123456789"[(rest % 10) as usize];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.push_str(words);
    out.push_str(str::from_utf8(&digits[first..]).unwrap_or_default());
}
