//! A plan → what happened. Every pipeline of the build gets a clean machine, and what runs there is decided by
//! [`crate::engine::plan`] alone.
//!
//! | file | what it does |
//! | --- | --- |
//! | [`schedule`] | asks the plan what may start, starts it, tells the plan how it ended |
//! | [`backend`] | what a clean machine is: the trait that all of them have |
//! | [`process`] | one child process with all its children: its output, its end, and how it is stopped |
//! | [`ledger`] | the folder of a run, and what runs that ended without cleaning up have left |
//! | [`event`] | what is told while things happen |
//! | [`outcome`] | what is known in the end |
//! | [`rehearsal`] | steps that would publish: all but the publishing |
//! | [`shelf`] | where rehearsed steps put what they would have published |
//!
//! Output goes to a sink that the caller gives; nothing is printed here.

pub mod backend;
pub mod event;
pub mod ledger;
pub mod outcome;
pub mod process;
pub mod rehearsal;
// pub mod schedule;
pub mod shelf;
mod trouble;

pub use trouble::Trouble;
