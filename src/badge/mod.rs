//! Badges: label, message and colour → an SVG that everybody can read; a project → the badges of its README.
//!
//! | file | what it does |
//! | --- | --- |
//! | `draw` | a [`Badge`] → its SVG |
//! | `text`, `font`, `style` | what is drawn, how wide it is, where it stands (§9.3) |
//! | `colour`, `gloss` | names and numbers → colours, and whether a text can be read on them |
//! | `logo` | a file's bytes → a picture inside the badge |
//! | `state`, `coverage` | the state of a build, a report of coverage → words and colour |
//! | `digest` | what a badge was drawn from ↔ the digest that it carries |
//!
//! [`readme`] finds what the README of a project can show, and puts it there. Nothing here prints.

mod colour;
mod coverage;
mod digest;
mod draw;
mod font;
mod gloss;
mod logo;
pub mod readme;
mod state;
mod style;
mod text;

pub use colour::{Colour, LEAST_CONTRAST, NAMES, NoColour};
pub use coverage::{Coverage, NoCoverage, NoThresholds, Thresholds, message as percent};
pub use digest::{Carried, NothingCarried, carried, digest};
pub use draw::{BEGINNING, Badge};
pub use logo::{Logo, NoLogo};
pub use state::{NoState, State, colour_of};
pub use style::{NoStyle, Style};
pub use text::MOST_LETTERS;
