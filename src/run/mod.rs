//! A plan → what happened. Every pipeline of the build gets a clean machine, and what runs there is decided by
//! [`crate::engine::plan`] alone.
//!
//! | file | what it does |
//! | --- | --- |
//! | [`schedule`] | asks the plan what may start, starts it, tells the plan how it ended |
//! | [`backend`] | what a clean machine is: the trait that all of them have |
//! | [`container`] | clean machines that are containers of Docker or Podman |
//! | [`sandbox`] | clean machines without a container engine: bubblewrap, or no more than a folder |
//! | [`rehearsal`] | steps that publish, played on one of these machines; what they would publish goes to the shelf |
//! | [`shelf`] | the folder that takes what a rehearsed release delivers, laid out like the real thing |
//! | [`content`] | what gets into the workspaces: a fresh clone of what is committed |
//! | `programs` | where a program is |
//! | [`process`] | one child process with all its children: its output, its end, and how it is stopped |
//! | [`secrets`], [`mask`], [`lines`] | the values of secrets, and output in which they cannot be read |
//! | [`cause`] | the last words of a red step → what is likely behind them |
//! | [`places`], [`ledger`] | the folders that are kept; the folder of a run, and what runs have left that could not clean up |
//! | [`event`], [`outcome`], [`memory`] | what is told while things happen, what is known in the end, and what is kept of it |
//!
//! Output goes to a sink that the caller gives; nothing is printed here.

pub mod backend;
pub mod cause;
pub mod container;
pub mod content;
pub mod event;
pub mod ledger;
pub mod lines;
pub mod mask;
pub mod memory;
pub mod outcome;
pub mod places;
pub mod process;
mod programs;
pub mod rehearsal;
pub mod sandbox;
pub mod schedule;
pub mod secrets;
pub mod shelf;
mod trouble;

pub use trouble::Trouble;
