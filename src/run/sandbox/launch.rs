//! What is started for a step, before it is known what shuts it in.

use std::ffi::OsString;
use std::path::PathBuf;

/// One start of a program in a clean machine. All paths but the left sides of mounts are those of the clean machine.
#[derive(Debug, Default)]
pub(super) struct Launch {
    /// The program and its arguments.
    pub program: Vec<OsString>,
    /// The whole environment.
    pub environment: Vec<(String, String)>,
    /// Where it runs.
    pub folder: String,
    /// What is seen of this machine, besides the system: in the order in which it is mounted.
    pub mounts: Vec<Mount>,
}

/// A folder or file of this machine that is seen in the clean one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// On this machine; `None` for an empty folder that hides what is there.
    pub from: Option<PathBuf>,
    /// In the clean machine.
    pub to: String,
    /// True when it can be written.
    pub writable: bool,
}

impl Mount {
    /// Can be written.
    pub(super) fn writable(from: impl Into<PathBuf>, to: impl Into<String>) -> Self {
        Self { from: Some(from.into()), to: to.into(), writable: true }
    }

    /// Can be read.
    pub(super) fn read_only(from: impl Into<PathBuf>, to: impl Into<String>) -> Self {
        Self { from: Some(from.into()), to: to.into(), writable: false }
    }

    /// Nothing is there.
    pub(super) fn hidden(at: impl Into<String>) -> Self {
        Self { from: None, to: at.into(), writable: true }
    }
}

/// Sets a variable, whether it was there or not.
pub(super) fn set(environment: &mut Vec<(String, String)>, name: &str, value: impl Into<String>) {
    environment.retain(|it| it.0 != name);
    environment.push((name.to_owned(), value.into()));
}

/// Sets a variable that is not there yet: what an image says gives way to what the file says.
pub(super) fn set_default(environment: &mut Vec<(String, String)>, name: &str, value: impl Into<String>) {
    if environment.iter().all(|it| it.0 != name) {
        environment.push((name.to_owned(), value.into()));
    }
}
