//! Badges: label, message and colour → an SVG that everybody can read; a project → the badges of its README.
//!
//! | file | what it does |
//! | --- | --- |
//! | `draw` | a [`Badge`] → its SVG |
//! | `text`, `font`, `style` | what is drawn, how wide it is, where it stands (§9.3) |
//! | `colour`, `gloss` | names and numbers → colours, and whether a text can be read on them |
//! | `logo` | a file's bytes → a picture inside the badge |
//!
//! It never prints.

mod colour;
mod draw;
mod font;
mod gloss;
mod logo;
mod style;
mod text;

pub use colour::{Colour, LEAST_CONTRAST, NAMES, NoColour};
pub use draw::{BEGINNING, Badge};
pub use logo::{Logo, NoLogo};
pub use style::{NoStyle, Style};
pub use text::MOST_LETTERS;
