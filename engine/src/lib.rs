//! The pure half of ciworkshop: text and values in, values out.
//!
//! It reads a `.drone.yml` as Drone does ([`yaml`], [`pipeline`]) and its commands as a shell does ([`shell`]), decides
//! what a build would run and why ([`plan`]), knows from tables what plugins do with their settings ([`plugin`]), says
//! which programs of Drone refuse the file and what does not do what it seems to say ([`lint`]), and checks exercises
//! ([`course`]).
//! It touches no file, clock, process or network, so the same answers come in the terminal, in the book that is
//! drawn while the program is built, and in a page.
//!
//! The arrows: each line may import any line below it, never its own line or one above.
//!
//! ```text
//! course   invariants
//!  lint
//!   plan   plugin
//!    pipeline
//!     yaml   shell
//!      diagnostic → source
//! ```
//!
//! Where a comment names a section (§4.3), it is a section of `drone-semantics.md`, the reference of what Drone's
//! programs do that the project was built from.

pub mod course;
pub mod diagnostic;
pub mod invariants;
pub mod lint;
pub mod pipeline;
pub mod plan;
pub mod plugin;
pub mod shell;
pub mod source;
pub mod yaml;
