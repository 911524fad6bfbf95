//! A folder → a [`Survey`]: which files there are, and what its manifests say, each answer with its place.
//!
//! | file | what it does |
//! | --- | --- |
//! | `walk` | the folder → its files; bounded, and never through a symbolic link |
//! | `survey` | the files, read when they are asked for, and what was wrong with them |
//! | `value`, `toml`, `json`, `yaml`, `ini` | a manifest → one tree of values with lines |
//! | `make`, `harm` | Makefiles and their like; whether a command may be put into a pipeline |
//! | `git` | the branches, as git's own files say it |
//!
//! Nothing of the project is executed, and nothing is written.

mod git;
mod harm;
mod ini;
mod json;
mod make;
mod survey;
mod toml;
mod value;
mod walk;
mod yaml;

pub(crate) use git::GitFolder;
pub(crate) use harm::harm;
pub(crate) use ini::Ini;
pub(crate) use make::{first, targets};
pub(crate) use survey::{Fact, Folder, line_of};
pub use survey::{Problem, Survey};
pub(crate) use value::Value;
