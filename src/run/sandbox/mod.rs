//! A clean machine without a container engine: bubblewrap where it works, else only a plain folder. No image is ever
//! fetched: programs of this machine stand in for it, and every step says which.
//!
//! | file | what it does |
//! | --- | --- |
//! | `machine` | the machine of one pipeline: runs its steps and services, keeps nothing between them but the workspace |
//! | `room` | the folders that one step has for itself |
//! | `launch` | what is started in there: program, environment, mounts |
//! | `bubblewrap` | a launch → the command that shuts it in |
//! | `plain` | a launch → a command that shuts nothing in; and the end of what it leaves running |
//! | `network` | a network that only the steps of one pipeline share, and the names of its services |
//! | `limits` | how many processes a pipeline may have |
//! | `stand_in`, `table` | an image → the programs of this machine that stand in for it |
//! | `python` | a Python without any package of this machine |
//! | `packages` | what answers to `apt-get install` and `apk add` |
//! | `server` | the services that can be started without their image |
//!
//! Two levels. *Bubblewrap* keeps apart what Linux can keep apart without being root: files, processes, users, and
//! offline the network. *Plain* keeps apart only what a program finds by its environment; the command line asks first.

mod bubblewrap;
mod launch;
mod limits;
mod machine;
mod network;
mod packages;
mod plain;
mod python;
mod room;
mod server;
mod stand_in;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::run::Trouble;
use crate::run::backend::{Backend, Description, Machine, MachineOrder};
use stand_in::StandIns;

/// How much is to be kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As much as works here.
    Auto,
    /// Bubblewrap, or nothing.
    Bubblewrap,
    /// No more than a folder and an environment.
    Plain,
}

/// A sandbox that works on this machine.
#[derive(Debug)]
pub struct Sandbox {
    tools: Arc<Tools>,
}

/// What all machines of a sandbox share.
#[derive(Debug)]
struct Tools {
    jail: Jail,
    stand_ins: StandIns,
}

/// What keeps a step in.
#[derive(Clone, Debug)]
enum Jail {
    /// The bubblewrap program, and its version.
    Bubblewrap(PathBuf, String),
    /// Nothing does.
    Plain,
}

/// Finds what works here. `variables` is the environment of the person, in which programs are looked for; `cache` is a
/// folder for what is worth keeping from run to run: a copy of pip.
///
/// # Errors
/// Bubblewrap was asked for, and does not work here.
pub fn find(choice: Level, variables: &BTreeMap<String, String>, cache: &Path) -> Result<Sandbox, Trouble> {
    let jail = match choice {
        Level::Plain => Jail::Plain,
        Level::Bubblewrap => bubblewrap::find(variables)?,
        Level::Auto => bubblewrap::find(variables).unwrap_or(Jail::Plain),
    };
    let stand_ins = StandIns::new(variables.clone(), cache.to_owned());
    Ok(Sandbox { tools: Arc::new(Tools { jail, stand_ins }) })
}

impl Sandbox {
    /// What it keeps apart: [`Level::Bubblewrap`] or [`Level::Plain`].
    #[must_use]
    pub fn level(&self) -> Level {
        match self.tools.jail {
            Jail::Bubblewrap(..) => Level::Bubblewrap,
            Jail::Plain => Level::Plain,
        }
    }
}

impl Backend for Sandbox {
    fn describe(&self) -> Description {
        match &self.tools.jail {
            Jail::Bubblewrap(_, version) => bubblewrap::describe(version),
            Jail::Plain => plain::describe(),
        }
    }

    fn prepare(&self, order: &MachineOrder<'_>, log: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble> {
        Ok(Box::new(machine::SandboxMachine::prepare(Arc::clone(&self.tools), order, log)?))
    }

    fn sweep(&self, run: &str, folder: &Path) -> Result<(), Trouble> {
        // Whatever the level was then: the plain one leaves processes, a root user's groups of them.
        plain::end_all_of(folder);
        limits::sweep(run);
        Ok(())
    }
}
