//! Readers → files on the shelf's own disk, with size and digest, before they have a place. What is not taken from
//! here in the end is removed.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

use crate::run::Trouble;
use crate::run::process::Stop;
use crate::run::shelf::hex;

const CHUNK: usize = 64 * 1024;

/// Held as long as the folder is being filled.
const HELD: &str = ".held";

/// A folder that is being filled. It is removed when dropped.
pub(crate) struct Staging {
    folder: tempfile::TempDir,
    next: AtomicUsize,
    _held: File,
}

/// A file without a place.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its size.
    pub(crate) bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub(crate) sha256: String,
}

/// Why nothing was staged.
#[derive(Debug)]
pub(crate) enum NotStaged {
    /// Somebody stopped it.
    Stopped,
    /// It is larger than allowed.
    TooLarge,
    /// Reading or writing failed.
    Trouble(Trouble),
}

impl Staging {
    pub(super) fn begin(root: &Path, prefix: &str) -> Result<Self, Trouble> {
        let trouble = |it: &std::io::Error| Trouble::with_path("be used for the shelf", root, it);
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(root).map_err(|it| trouble(&it))?;
        let held = hold(folder.path()).map_err(|it| trouble(&it))?;
        Ok(Self { folder, next: AtomicUsize::new(0), _held: held })
    }

    /// A path in the folder that nothing has yet.
    pub(crate) fn fresh(&self) -> PathBuf {
        self.folder.path().join(self.next.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Copies a file of at most `largest` bytes.
    pub(crate) fn take(&self, from: &mut dyn Read, largest: u64, stop: &Stop) -> Result<Staged, NotStaged> {
        let path = self.fresh();
        let trouble = |it: &std::io::Error| NotStaged::Trouble(Trouble::with_path("be copied", &path, it));
        let mut to = File::create(&path).map_err(|it| trouble(&it))?;
        let (mut digest, mut bytes, mut chunk) = (Sha256::new(), 0_u64, vec![0; CHUNK]);
        loop {
            if stop.is_stopped() {
                return Err(NotStaged::Stopped);
            }
            let length = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => length,
                Err(it) if it.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(it) => return Err(trouble(&it)),
            };
            bytes += length as u64;
            if bytes > largest {
                return Err(NotStaged::TooLarge);
            }
            digest.update(&chunk[..length]);
            to.write_all(&chunk[..length]).map_err(|it| trouble(&it))?;
        }
        to.sync_all().map_err(|it| trouble(&it))?;
        Ok(Staged { path, bytes, sha256: hex(&digest.finalize()) })
    }
}

/// The lock is held before it has the name that others look for.
fn hold(folder: &Path) -> std::io::Result<File> {
    let new = folder.join("held.new");
    let held = File::create(&new)?;
    // Where locks are unknown, nobody can take it either.
    let _ = held.lock();
    fs::rename(&new, folder.join(HELD))?;
    Ok(held)
}

/// True when a folder was left by somebody who was killed: nobody holds it.
pub(super) fn is_left(folder: &Path) -> bool {
    // One without the file has just begun, or is a single file.
    File::open(folder.join(HELD)).is_ok_and(|it| it.try_lock().is_ok())
        && fs::symlink_metadata(folder).is_ok_and(|it| it.is_dir())
}
