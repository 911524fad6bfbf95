//! ciworkshop: learn CI/CD by doing, and keep the tool.
//!
//! The program has two halves. [`engine`] is pure: it reads a `.drone.yml` as Drone does, judges it, plans it and
//! checks exercises. This crate is everything that touches the world.
//!
//! | room | what it does |
//! | --- | --- |
//! | [`cli`] | arguments, rendering, one file per command; the only room that prints |
//! | [`server`] | local pages for the book and the exercises |
//! | [`workshop`] | the participant's folder: lay down, watch, check, remember progress |
//! | [`run`] | runs a build on a clean machine: in containers, in a sandbox, or as a rehearsal |
//! | [`scaffold`] | a project, or a practice project of ours → its `.drone.yml` |
//! | [`badge`] | label, message, colour → SVG; a project → the badges of its README |
//!
//! The arrows: each line may import any line below it, never its own line or one above.
//!
//! ```text
//! main
//!  cli
//!   server
//!    workshop
//!     run      scaffold     badge
//! ──────────── the engine
//! ```
//!
//! `book/` is rendered by `build.rs` and embedded, as are `exercises/`, `solutions/`, `packages/` and `samples/`.

pub use ciworkshop_engine as engine;

pub mod badge;
pub mod cli;
pub mod run;
pub mod scaffold;
pub mod server;
pub mod workshop;
