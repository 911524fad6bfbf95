//! The folders of runs: one for each run, held by a lock as long as its process lives. A folder that nobody holds was
//! left by a run that could not clean up; the next start does it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::run::Trouble;
use crate::run::backend::Backend;

/// The folder that holds the folders of all runs.
#[derive(Clone, Debug)]
pub struct Ledger {
    root: PathBuf,
}

/// A run, from its beginning until it is dropped; then its folder is removed.
#[derive(Debug)]
pub struct RunFolder {
    id: String,
    path: PathBuf,
    lock: File,
    kept: bool,
}

/// What a run has left that did not clean up.
#[derive(Debug)]
pub struct Remains {
    /// The id of the run.
    pub id: String,
    /// Its folder.
    pub path: PathBuf,
    lock: File,
}

const LOCK: &str = "lock";
/// Marks a folder that was kept for a look.
const KEPT: &str = "kept";

impl Ledger {
    /// The ledger in a folder, which is made when the first run begins.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Begins a run: a new folder that only the user can read.
    pub fn begin(&self) -> Result<RunFolder, Trouble> {
        let trouble = |error: &io::Error| Trouble::with_path("be used for the run", &self.root, error);
        fs::create_dir_all(&self.root).map_err(|it| trouble(&it))?;
        let id = format!("{:x}-{:x}", now(), std::process::id());
        let path = self.root.join(&id);
        create_private(&path).map_err(|it| trouble(&it))?;
        let lock = held_lock(&path).map_err(|it| trouble(&it))?;
        Ok(RunFolder { id, lock, path, kept: false })
    }

    /// What runs have left that ended without cleaning up. Folders that were kept on purpose are not among them.
    #[must_use]
    pub fn remains(&self) -> Vec<Remains> {
        let Ok(entries) = fs::read_dir(&self.root) else { return Vec::new() };
        let paths = entries.filter_map(Result::ok).map(|it| it.path());
        paths.filter_map(|it| Remains::at(&it)).collect()
    }

    /// Removes all that is left of such runs, in their folders and in each of the backends, which are looked for only
    /// when there is something left.
    pub fn sweep(&self, backends: impl FnOnce() -> Vec<Arc<dyn Backend>>) -> Result<(), Trouble> {
        let all = self.remains();
        if all.is_empty() {
            return Ok(());
        }
        let backends = backends();
        for remains in all {
            for backend in &backends {
                backend.sweep(&remains.id, &remains.path)?;
            }
            remains.remove()?;
        }
        Ok(())
    }
}

impl RunFolder {
    /// The id: letters, digits and `-`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder when the run is over. It is the user's then, and no later run takes it away.
    pub fn keep(&mut self) -> Result<(), Trouble> {
        let mark = self.path.join(KEPT);
        fs::write(&mark, "").map_err(|it| Trouble::with_path("be written", &mark, &it))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if self.kept {
            let _ = fs::remove_file(self.path.join(LOCK));
        } else {
            let _ = remove(&self.path);
        }
        let _ = self.lock.unlock();
    }
}

impl Remains {
    fn at(path: &Path) -> Option<Self> {
        if path.join(KEPT).exists() {
            return None;
        }
        let lock = File::open(path.join(LOCK)).ok()?;
        lock.try_lock().ok()?;
        Some(Self { id: path.file_name()?.to_str()?.to_owned(), path: path.to_owned(), lock })
    }

    /// Removes the folder.
    pub fn remove(self) -> Result<(), Trouble> {
        let removed = remove(&self.path).map_err(|it| Trouble::with_path("be removed", &self.path, &it));
        let _ = self.lock.unlock();
        removed
    }
}

/// A lock is held before it has the name that others look for: nobody takes a run that begins for remains.
fn held_lock(folder: &Path) -> io::Result<File> {
    let new = folder.join("lock.new");
    let lock = File::create(&new)?;
    lock.lock()?;
    fs::rename(&new, folder.join(LOCK))?;
    Ok(lock)
}

/// Removes a folder, also one in which a step took away its own permissions.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) => {
            open_up(path);
            fs::remove_dir_all(path)
        }
    }
}

/// Lets the owner write in every folder below. Links are not followed.
#[cfg(unix)]
fn open_up(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mut open = vec![path.to_owned()];
    while let Some(folder) = open.pop() {
        let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        let inner = entries.filter_map(Result::ok).filter(|it| it.file_type().is_ok_and(|it| it.is_dir()));
        open.extend(inner.map(|it| it.path()));
    }
}

#[cfg(not(unix))]
fn open_up(_: &Path) {}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// Nanoseconds since 1970.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_lives_is_no_remains_and_one_that_is_over_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(root.path().join("runs"));
        let run = ledger.begin().unwrap();
        assert!(run.path().is_dir());
        assert!(ledger.remains().is_empty());
        let path = run.path().to_owned();
        drop(run);
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_run_left_is_found_and_removed() {
        let root = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(root.path().to_owned());
        let left = root.path().join("12-ab");
        fs::create_dir(&left).unwrap();
        fs::write(left.join(LOCK), "").unwrap();
        let [remains] = &mut ledger.remains()[..] else { panic!("one is left") };
        assert_eq!((remains.id.as_str(), &remains.path), ("12-ab", &left));
        assert!(ledger.remains().is_empty(), "whoever cleans up holds it");
    }

    #[test]
    fn a_kept_folder_stays_and_can_be_found() {
        let root = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(root.path().to_owned());
        let mut run = ledger.begin().unwrap();
        run.keep().unwrap();
        let path = run.path().to_owned();
        drop(run);
        assert!(path.is_dir() && ledger.remains().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_nobody_may_write_is_removed() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("run/a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("file"), "").unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o000)).unwrap();
        remove(&root.path().join("run")).unwrap();
        assert!(!root.path().join("run").exists());
    }
}
