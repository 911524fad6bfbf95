//! What kept a run from doing its job: the cause, and the next thing to try.

use std::io;
use std::path::Path;

/// The job could not be done. A red build is no trouble: it is an outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Trouble {
    /// What could not be done, and why. One sentence without a full stop.
    pub message: String,
    /// The next thing to try. One sentence without a full stop.
    pub help: String,
}

impl Trouble {
    /// A trouble with its next step.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// A file or folder that could not be used: `what` is such as "be read".
    pub fn with_path(what: &str, path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room on the disk, and try again"
            }
            io::ErrorKind::PermissionDenied => "look who may read and write there",
            _ => "look at that path, and try again",
        };
        Self::new(format!("{} cannot {what}: {error}", path.display()), help)
    }
}
