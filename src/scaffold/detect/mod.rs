//! A [`Survey`] → the components of the project, each with its evidence, what a pipeline should do for it, and advice.
//!
//! One file an ecosystem, one table of them. Nothing here knows how a `.drone.yml` is written.

mod component;
mod find;
mod python;
mod table;
mod version;

pub use component::{Advice, Component};
pub(crate) use component::{Line, Publish, Service, Step, Variable, Version};
pub use find::detect;
