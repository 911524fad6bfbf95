//! A plan → what happened. Every pipeline of the build gets a clean machine, and what runs there is decided by
//! [`crate::engine::plan`] alone.
//!
//! | file | what it does |
//! | --- | --- |
//! | [`schedule`] | asks the plan what may start, starts it, tells the plan how it ended |
//! | [`backend`] | what a clean machine is: the trait that all of them have |
//! | [`container`] | a clean machine of containers, by `docker` or `podman` |
//! | [`process`] | one child process with all its children: its output, its end, and how it is stopped |
//! | [`ledger`] | the folder of a run, and what runs that ended without cleaning up have left |
//! | [`event`] | what is told while things happen |
//! | [`outcome`] | what is known in the end |
//!
//! Output goes to a sink that the caller gives; nothing is printed here.

pub mod backend;
pub mod container;
pub mod event;
pub mod ledger;
pub mod outcome;
pub mod process;
// pub mod schedule;
mod trouble;

pub use trouble::Trouble;
