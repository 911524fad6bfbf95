//! The folders that one step has for itself: an empty HOME, a place for what it installs. They are there while it runs,
//! and gone when it is over: as in a container, only the workspace goes on to the next step.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::run::{Trouble, ledger};

/// The folders of one step, until this is dropped.
#[derive(Debug)]
pub(super) struct Room {
    path: PathBuf,
}

impl Room {
    /// New folders inside `folder`.
    pub(super) fn new(folder: &Path) -> Result<Self, Trouble> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let path = folder.join(format!("{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let room = Self { path };
        for inner in [room.home(), room.local().join("bin"), room.temporary()] {
            fs::create_dir_all(&inner).map_err(|it| Trouble::with_path("be made", &inner, &it))?;
        }
        Ok(room)
    }

    /// Holds all the others.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The HOME.
    pub(super) fn home(&self) -> PathBuf {
        self.path.join("home")
    }

    /// What `/usr/local` is in a container: there the stand-ins are, and what the step installs.
    pub(super) fn local(&self) -> PathBuf {
        self.path.join("local")
    }

    /// For temporary files, where the machine has no `/tmp` of its own.
    pub(super) fn temporary(&self) -> PathBuf {
        self.path.join("tmp")
    }

    /// A small file for the step, with this content.
    pub(super) fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf, Trouble> {
        let path = self.path.join(name);
        fs::write(&path, content).map_err(|it| Trouble::with_path("be written", &path, &it))?;
        Ok(path)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What cannot be removed now is removed with the folder of the run.
        let _ = ledger::remove(&self.path);
    }
}
