//! A [`Survey`](crate::scaffold::Survey) → the components of the project, each with its evidence, what a pipeline should
//! do for it, and advice.
//!
//! One file an ecosystem, one table of them. Nothing here knows how a `.drone.yml` is written.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools take `x.py` and not `x.PY`, and so does the machine that builds"
)]

mod c;
mod component;
mod deno;
mod dotnet;
mod elixir;
mod elsewhere;
mod embed;
mod find;
mod go;
mod infra;
mod java;
mod kit;
mod libraries;
mod more;
mod node;
mod other;
mod php;
mod programs;
mod promise;
mod publish;
mod python;
mod ruby;
mod rust;
mod services;
mod shell;
mod sites;
mod table;
mod version;

pub use component::{Advice, Component};
pub(crate) use component::{Line, Publish, Service, Step, Variable, Version};
pub use find::detect;
pub(crate) use kit::path;
