//! What a rehearsed build would have published → a folder on this machine, laid out like the places where it would have
//! gone. Nothing here leaves the machine.
//!
//! | folder | laid out like |
//! | --- | --- |
//! | `pypi/simple/NAME/` | a package index that `pip` reads |
//! | `npm/NAME/` | a registry that `npm` reads when it is served |
//! | `releases/OWNER/REPO/TAG/` | the page of a release, with its files in `download/` |
//! | `apt/` | a repository that `apt-get` reads; it is made from `apt.json` |
//! | `brew/Formula/` | the formulae of a tap, with addresses of this shelf |
//! | `buckets/NAME/` | the files in a store; what is said of them stands in `objects/NAME.json` |
//! | `sites/OWNER/REPO/` | a site |
//! | `images/NAME/tags.json` | the tags of an image |
//! | `messages/` | what people would have been told |
//! | `ledger.json` | all deliveries in order: when, which build, which step |
//!
//! Many runs may deliver at once: files are brought near first, and put in their places under one lock.

mod apt;
mod entry;
mod html;
mod name;
mod objects;
mod packages;
mod put;
mod records;
mod registry;
mod releases;
mod sites;
mod staged;

pub use entry::{DeliveredFile, Delivery, Kind, Source};
pub use html::{address as link_address, escape, page};
pub use name::{Refused, SafeName, SafePath};
pub use objects::{ObjectHeaders, content_type, object_headers};
pub use packages::normalized;
pub use registry::Packument;

pub(crate) use apt::DebFile;
pub(crate) use objects::{BucketObject, Objects};
pub(crate) use packages::PackageFile;
pub(crate) use records::{formula, image, message};
pub(crate) use registry::Tarball;
pub(crate) use releases::{FileExists, Release};
pub(crate) use sites::Site;
pub(crate) use staged::{NotStaged, Staged, Staging};

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::run::Trouble;

const LEDGER: &str = "ledger.json";
const LOCK: &str = "lock";
/// Begins the names of folders that are being filled.
const STAGING: &str = ".staging-";

/// The local shelf.
#[derive(Clone, Debug)]
pub struct Shelf {
    root: PathBuf,
}

impl Shelf {
    /// The shelf in a folder, which is made when something is delivered.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The shelf of a project, in the user's cache folder. Two projects never share one, also when their folders have
    /// the same name.
    #[must_use]
    pub fn of_project(cache: &Path, project: &Path) -> Self {
        let project = fs::canonicalize(project).unwrap_or_else(|_| project.to_owned());
        let digest = hex(&Sha256::digest(project.to_string_lossy().as_bytes()));
        let name = project.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        let name: String =
            name.chars().filter(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).take(40).collect();
        Self::new(cache.join("shelves").join(format!("{name}-{}", &digest[..12])))
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All deliveries, the oldest first.
    pub fn deliveries(&self) -> Result<Vec<Delivery>, Trouble> {
        entry::read(&self.root.join(LEDGER))
    }

    /// Takes everything off, and says how many deliveries that were.
    pub fn clear(&self) -> Result<usize, Trouble> {
        if !self.root.is_dir() {
            return Ok(0);
        }
        let open = self.open()?;
        let count = self.deliveries().map_or(0, |it| it.len());
        let entries =
            fs::read_dir(&self.root).map_err(|it| Trouble::with_path("be read", &self.root, &it))?;
        for path in entries.filter_map(Result::ok).map(|it| it.path()) {
            // Whoever fills a folder right now waits for the lock, and must find it again.
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            let kept = name == LOCK || (is_staging(&name) && path.is_dir() && !staged::is_left(&path));
            if !kept {
                remove(&path)?;
            }
        }
        drop(open);
        Ok(count)
    }

    /// A folder on the shelf's own disk for files that are not in their places yet.
    pub(crate) fn stage(&self) -> Result<Staging, Trouble> {
        put::make_folder(&self.root)?;
        self.remove_old_staging();
        Staging::begin(&self.root, STAGING)
    }

    /// Waits for others that deliver, and keeps them waiting until the answer is dropped.
    pub(crate) fn open(&self) -> Result<OpenShelf<'_>, Trouble> {
        put::make_folder(&self.root)?;
        let path = self.root.join(LOCK);
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(|it| Trouble::with_path("be opened", &path, &it))?;
        match file.lock() {
            // Some network folders know no locks; each single write stays whole there.
            Err(error) if error.kind() != ErrorKind::Unsupported => {
                Err(Trouble::with_path("be locked", &path, &error))
            }
            _ => Ok(OpenShelf { shelf: self, _lock: file }),
        }
    }

    /// What a run has left that was killed while it filled a folder. One that is held is in use.
    fn remove_old_staging(&self) {
        let Ok(entries) = fs::read_dir(&self.root) else { return };
        for entry in entries.filter_map(Result::ok) {
            if is_staging(&entry.file_name().to_string_lossy()) && staged::is_left(&entry.path()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

fn is_staging(name: &str) -> bool {
    name.starts_with(STAGING)
}

/// The shelf while nobody else puts anything on it.
pub(crate) struct OpenShelf<'s> {
    shelf: &'s Shelf,
    _lock: File,
}

impl OpenShelf<'_> {
    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.shelf.root
    }

    /// Notes a delivery at the end of the ledger.
    pub(crate) fn note(&self, delivery: Delivery) -> Result<(), Trouble> {
        entry::append(&self.root().join(LEDGER), delivery)
    }
}

/// Why something was not put on the shelf.
#[derive(Debug)]
pub(crate) enum NotPlaced {
    /// Something is there already; in words.
    Taken(String),
    /// A name is none.
    Refused(Refused),
    /// The shelf could not be used.
    Trouble(Trouble),
}

impl From<Trouble> for NotPlaced {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Refused> for NotPlaced {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Removes a file or a folder with all that is in it. Links are removed, not followed.
pub(crate) fn remove(path: &Path) -> Result<(), Trouble> {
    let folder = fs::symlink_metadata(path).is_ok_and(|it| it.is_dir());
    let removed = if folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Trouble::with_path("be removed", path, &error))
        }
        _ => Ok(()),
    }
}

/// Bytes as pairs of hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
    digits.map(|it| char::from(DIGITS[usize::from(it)])).collect()
}

#[cfg(test)]
mod tests;
