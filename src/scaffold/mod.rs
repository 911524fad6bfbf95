//! Practice projects and their `.drone.yml`, laid down without overwriting anything.
//!
//! | file | what it does |
//! | --- | --- |
//! | `sample` | the embedded projects of `samples/`, and how one is found by name |
//! | `options` | what a participant may choose, checked so that no value can change the shape of a file |
//! | `render` | a sample and its options → the files, as values |
//! | `lay_down` | files → a folder; nothing that is there is lost |
//! | `look`, `put` | what is at a file's place; putting one there, and keeping what was |
//! | `difference` | two texts → what a person compares |
//!
//! It touches the target folder and nothing else; it never prints.

mod difference;
mod error;
mod lay_down;
mod look;
mod options;
mod put;
mod render;
mod sample;

pub use error::Error;
pub use lay_down::{Laid, Mode, Outcome, State, lay_down};
pub use options::{Branch, Options, Python};
pub use render::{File, PIPELINE, pipeline, render};
pub use sample::{Sample, SampleOption, Secret, find, samples};
