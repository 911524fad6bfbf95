//! Practice projects and their `.drone.yml`; and a pipeline for any project. Laid down without overwriting anything.
//!
//! | file | what it does |
//! | --- | --- |
//! | `sample` | the embedded projects of `samples/`, and how one is found by name |
//! | `options` | what a participant may choose, checked so that no value can change the shape of a file |
//! | `render` | a sample and its options → the files, as values |
//! | `project` | a folder → what its manifests say, with places; nothing is executed |
//! | `detect` | that → the components of the project, one file an ecosystem |
//! | `propose` | the components → a `.drone.yml`, through templates; or what an existing one lacks |
//! | `lay_down` | files → a folder; nothing that is there is lost |
//! | `look`, `put` | what is at a file's place; putting one there, and keeping what was |
//! | `difference` | two texts → what a person compares |
//!
//! It touches the target folder and nothing else; it never prints.

mod detect;
mod difference;
mod error;
mod lay_down;
mod look;
mod options;
mod project;
mod propose;
mod put;
mod render;
mod sample;

pub use detect::{Advice, Component, detect};
pub use difference::lines as difference;
pub use error::Error;
pub use lay_down::{Laid, Mode, Outcome, State, lay_down};
pub use options::{Branch, Options, Python};
pub(crate) use project::GitFolder;
pub use project::{Problem, Survey};
pub use propose::{Proposal, Update, Wishes, propose};
pub use render::{File, PIPELINE, pipeline, render};
pub use sample::{Sample, SampleOption, Secret, find, samples};
