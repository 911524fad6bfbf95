//! The participant's folder: laying it down, watching it, checking it, remembering progress. Prints nothing.
//!
//! [`lay_down`] makes the folder or brings it up to date; [`Workshop`] is one that is there: it finds exercises, checks
//! them and keeps [progress](crate::engine::course::Progress); [`Session`] is a workshop that several faces look at
//! at once, with the verdicts so far and news for each; [`watch`] says which exercise was saved; [`view`] is the JSON.
//! [`runs`] checks with real runs, by a runner that it is given: [`machine`] is one; [`index`] is what they install from.
//!
//! ```text
//! workshop/                      README.md, editor settings
//!   exercises/NN_chapter/NN_name/  what the participant works on
//!   .ciworkshop/
//!     course.json                what was laid down       originals/  and how it was
//!     progress.json              what was reached         backups/    what was replaced
//! ```

mod actions;
pub(crate) mod atomic;
mod files;
mod folder;
pub mod index;
mod lay;
pub mod machine;
mod material;
mod merge;
mod pick;
mod record;
mod renew;
mod running;
pub mod runs;
mod session;
mod store;
mod transfer;
mod trouble;
pub mod view;
pub mod watch;
mod welcome;

pub use actions::{Reset, Solution};
pub use folder::{Workshop, find};
pub use lay::{Laid, Start, lay_down};
pub use material::Material;
pub use renew::Change;
pub use running::{Claim, address};
pub use session::{Cause, News, Session};
pub use transfer::Import;
pub use trouble::{Kind, Trouble};

pub(crate) use atomic::write as write_atomically;
pub(crate) use material::hash;

/// The folder, inside a workshop folder, that holds what the program remembers.
pub const STATE_FOLDER: &str = ".ciworkshop";
/// The folder, inside a workshop folder, that holds the exercises.
pub const EXERCISES_FOLDER: &str = "exercises";
/// The name of a workshop folder when none is given.
pub const DEFAULT_FOLDER: &str = "workshop";
