//! How many processes a pipeline may have: enough for every build, too few for a fork bomb to take the machine.
//!
//! The kernel counts the processes of a user in each user namespace, so the limit that the shell sets inside counts only
//! those of the step. For root the kernel does not look at that limit; then a control group counts, where root may make
//! one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// So many processes and threads may a step have, and with control groups a pipeline.
pub(super) const PROCESSES: &str = "2048";

/// Where control groups that count processes are made, by version.
const ROOTS: [&str; 2] = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];

/// A shell's words: sets the limits, then becomes what its arguments say. Shells call the limit by two names.
pub(super) const LIMITED: &str =
    "ulimit -u 2048 2>/dev/null || ulimit -p 2048 2>/dev/null; ulimit -c 0 2>/dev/null; exec \"$0\" \"$@\"";

/// A control group of one pipeline; gone when dropped.
#[derive(Debug)]
pub(super) struct Group(PathBuf);

impl Group {
    /// Made where it is needed and possible.
    pub(super) fn for_root(run: &str, number: usize) -> Option<Self> {
        if !is_root() {
            return None;
        }
        ROOTS.iter().find_map(|it| Self::made(&Path::new(it).join(format!("{}{number}", prefix(run)))))
    }

    fn made(path: &Path) -> Option<Self> {
        fs::create_dir(path).ok()?;
        let group = Self(path.to_owned());
        let limit = path.join("pids.max");
        // Where this file is not, processes are not counted, and a new one may not be made.
        (limit.exists() && fs::write(limit, PROCESSES).is_ok()).then_some(group)
    }

    /// Who writes its number there is in the group.
    pub(super) fn door(&self) -> PathBuf {
        self.0.join("cgroup.procs")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// True when a group can count for root, or nobody needs one.
pub(super) fn hold() -> bool {
    !is_root() || Group::for_root("trial", std::process::id() as usize).is_some()
}

/// Removes the groups that a run left.
pub(super) fn sweep(run: &str) {
    let prefix = prefix(run);
    let entries = ROOTS.iter().filter_map(|it| fs::read_dir(it).ok()).flatten().flatten();
    for entry in entries.filter(|it| it.file_name().to_string_lossy().starts_with(&prefix)) {
        remove(&entry.path());
    }
}

fn prefix(run: &str) -> String {
    format!("ciworkshop-{run}-")
}

/// A group can be removed a moment after its last process is gone.
fn remove(path: &Path) {
    for _ in 0..50 {
        match fs::remove_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            _ => return,
        }
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
