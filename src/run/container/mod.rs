//! A pipeline → containers, by the `docker` or `podman` command of this machine. No engine is spoken to but through it,
//! so that its contexts, its sockets and its logins are those that its user knows.
//!
//! | file | what it does |
//! | --- | --- |
//! | `find` | which command, and does an engine answer |
//! | `client` | one call of the command |
//! | `images` | what is there, what is pulled, and when |
//! | `building` | a recipe → an image that is built and taken away again |
//! | `volumes` | the volumes of a pipeline, and where a step mounts them |
//! | `arguments` | a step → the arguments of `run` |
//! | `environment` | variables → a container, without showing them to others |
//! | `machine` | the network of a pipeline, and the steps in it |
//! | `killing` | a word to stop → the container is killed |
//! | `ending` | what the engine says about a container → how the step ended |
//! | `answering` | whether a service answers |
//! | `giving_back` | files of root in the workspace → files of the user |
//! | `removing` | everything with a run's label → gone |
//! | `words` | what an engine says when it fails → what to do |

mod answering;
mod arguments;
mod building;
mod client;
mod ending;
mod environment;
mod find;
mod giving_back;
mod images;
mod killing;
mod machine;
mod removing;
mod volumes;
mod words;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

pub use building::Builder;
pub use find::{find, find_named};

use crate::run::Trouble;
use crate::run::backend::{Backend, Description, Machine, MachineOrder};
use crate::run::container::client::{Client, Kind};
use crate::run::container::images::Images;
use crate::run::container::machine::Containers;
use crate::run::container::removing::Labelled;

/// Docker or Podman, found and answering.
#[derive(Debug)]
pub struct Container {
    client: Arc<Client>,
    images: Arc<Images>,
    title: String,
}

impl Container {
    /// What builds images with this engine.
    #[must_use]
    pub fn builder(&self) -> Builder {
        Builder { client: Arc::clone(&self.client) }
    }
}

impl Backend for Container {
    fn describe(&self) -> Description {
        let name = match self.client.kind() {
            Kind::Docker => "docker",
            Kind::Podman => "podman",
        };
        Description { name, title: self.title.clone(), open: Vec::new() }
    }

    fn prepare(&self, order: &MachineOrder<'_>, log: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble> {
        let machine = Containers::prepare(&self.client, &self.images, order, log)?;
        Ok(Box::new(machine))
    }

    fn sweep(&self, run: &str, folder: &Path) -> Result<(), Trouble> {
        Labelled::run(run).sweep(&self.client, folder)
    }
}
