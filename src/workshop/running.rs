//! Which `start` serves a workshop folder: a lock that ends with its process, and the address beside it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::workshop::{STATE_FOLDER, Trouble, atomic};

/// Held by the one program that serves the folder's pages, for as long as it runs.
#[derive(Debug)]
pub struct Claim {
    address: PathBuf,
    _lock: File,
}

impl Claim {
    /// Claims the workshop folder. `None` when another program holds it.
    pub fn take(root: &Path) -> Result<Option<Self>, Trouble> {
        let path = lock(root);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|error| Trouble::with_path("be opened", &path, &error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            // Where there are no locks, two programs may serve one folder; nothing is lost by it.
            _ => Ok(Some(Self { address: address_file(root), _lock: file })),
        }
    }

    /// Writes down where the pages are.
    pub fn announce(&self, address: &str) -> Result<(), Trouble> {
        atomic::write(&self.address, address.as_bytes())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.address);
    }
}

/// Where the folder's pages are served now.
#[must_use]
pub fn address(root: &Path) -> Option<String> {
    let file = File::open(lock(root)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => fs::read_to_string(address_file(root)).ok(),
        _ => None,
    }
}

fn lock(root: &Path) -> PathBuf {
    root.join(STATE_FOLDER).join("running.lock")
}

fn address_file(root: &Path) -> PathBuf {
    root.join(STATE_FOLDER).join("running.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_serves_a_folder_and_its_address_is_known_while_it_does() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(STATE_FOLDER)).unwrap();
        assert_eq!(address(root.path()), None);
        let claim = Claim::take(root.path()).unwrap().unwrap();
        claim.announce("http://127.0.0.1:1/").unwrap();
        assert!(Claim::take(root.path()).unwrap().is_none());
        assert_eq!(address(root.path()).as_deref(), Some("http://127.0.0.1:1/"));
        drop(claim);
        assert_eq!(address(root.path()), None);
        fs::write(address_file(root.path()), "left by a program that was killed").unwrap();
        assert_eq!(address(root.path()), None);
        assert!(Claim::take(root.path()).unwrap().is_some());
    }
}
