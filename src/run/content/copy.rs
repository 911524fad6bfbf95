//! A workspace → copies of it, with the times of writing kept. Files are copied, never linked: what a step does to one
//! copy cannot reach another, nor the user's files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

use crate::run::Trouble;

/// Files up to this size are copied through memory, which costs the fewest calls of the system. Larger ones are left
/// to the system, which shares their blocks where the file system can.
const SMALL: usize = 128 * 1024;

/// More threads than this do not make a disk faster.
const THREADS: usize = 8;

/// A workspace that is only copied.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) root: PathBuf,
    /// Folders before what is in them.
    pub(super) entries: Vec<Entry>,
}

/// A file, folder or link.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// From the root.
    pub(super) path: PathBuf,
    pub(super) kind: EntryKind,
    pub(super) size: u64,
    pub(super) modified: SystemTime,
    pub(super) mode: u32,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Folder,
    File,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

impl Template {
    pub(super) fn of(root: &Path) -> Result<Self, Trouble> {
        let entries = list(root, |_| true).map_err(|it| Trouble::with_path("be read", root, &it))?;
        Ok(Self { root: root.to_owned(), entries })
    }

    /// Copies all of it into a folder that is empty or does not exist.
    pub(super) fn copy_to(&self, target: &Path) -> Result<(), Trouble> {
        let trouble = |it: &io::Error| Trouble::with_path("be written", target, it);
        fs::create_dir_all(target).map_err(|it| trouble(&it))?;
        if fs::read_dir(target).map_err(|it| trouble(&it))?.next().is_some() {
            return Err(Trouble::new(
                format!("the workspace {} is not empty", target.display()),
                "start the run again: each run makes its own",
            ));
        }
        for entry in self.entries.iter().filter(|it| it.kind == EntryKind::Folder) {
            fs::create_dir(target.join(&entry.path)).map_err(|it| trouble(&it))?;
        }
        self.copy_files(target).map_err(|it| trouble(&it))
    }

    fn copy_files(&self, target: &Path) -> io::Result<()> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut buffer = vec![0; SMALL];
            while let Some(entry) = self.entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (from, to) = (self.root.join(&entry.path), target.join(&entry.path));
                match entry.kind {
                    EntryKind::File => copy_file(&from, &to, entry, &mut buffer)?,
                    EntryKind::Link => copy_link(&from, &to, entry.modified)?,
                    EntryKind::Folder | EntryKind::Other => {}
                }
            }
            Ok(())
        };
        let threads = thread::available_parallelism().map_or(1, |it| it.get().min(THREADS));
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mine = work();
            others.into_iter().fold(mine, |result: io::Result<()>, it| {
                result.and(it.join().unwrap_or_else(|_| Err(io::Error::other("a copy was given up"))))
            })
        })
    }
}

fn copy_file(from: &Path, to: &Path, entry: &Entry, buffer: &mut [u8]) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut target = create(to, entry.mode)?;
    if entry.size < buffer.len() as u64 {
        loop {
            match source.read(buffer)? {
                0 => break,
                length => target.write_all(&buffer[..length])?,
            }
        }
    } else {
        io::copy(&mut source, &mut target)?;
    }
    target.set_modified(entry.modified)
}

#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path, modified: SystemTime) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)?;
    set_time(to, modified)
}

/// Here git writes links as small files, unless asked for more.
#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path, _: SystemTime) -> io::Result<()> {
    fs::copy(from, to).map(drop)
}

/// All below a folder, folders before what is in them; `wanted` folders only. Links are not followed.
pub(super) fn list(root: &Path, wanted: impl Fn(&Path) -> bool) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(folder) = waiting.pop() {
        for found in fs::read_dir(root.join(&folder))? {
            let found = found?;
            let path = folder.join(found.file_name());
            let entry = Entry::of(&found.path(), path)?;
            if entry.kind == EntryKind::Folder {
                if !wanted(&entry.path) {
                    continue;
                }
                waiting.push(entry.path.clone());
            }
            entries.push(entry);
        }
    }
    Ok(entries)
}

impl Entry {
    pub(super) fn of(place: &Path, path: PathBuf) -> io::Result<Self> {
        let data = fs::symlink_metadata(place)?;
        let kind = match data.file_type() {
            it if it.is_dir() => EntryKind::Folder,
            it if it.is_file() => EntryKind::File,
            it if it.is_symlink() => EntryKind::Link,
            _ => EntryKind::Other,
        };
        Ok(Self { path, kind, size: data.len(), modified: data.modified()?, mode: mode(&data) })
    }
}

#[cfg(unix)]
fn mode(data: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0o644
}

/// Gives all files and links of a workspace the same time of writing, but not git's own.
pub(super) fn stamp(root: &Path, time: SystemTime) -> io::Result<()> {
    for entry in list(root, |it| it != Path::new(".git"))? {
        if matches!(entry.kind, EntryKind::File | EntryKind::Link) {
            set_time(&root.join(&entry.path), time)?;
        }
    }
    Ok(())
}

/// Tells the file system that the folders made in this one have nothing to do with each other.
///
/// ext4 then puts each where there is room. Otherwise they stand where the folders of the last run were removed a moment
/// ago, and there it looks at each removed file before it makes a new one: a workspace of 1,000 files takes half a
/// second instead of 25 milliseconds. Other file systems do not know this, and need not.
#[cfg(target_os = "linux")]
pub fn spread(folder: &Path) {
    use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};
    if let Ok(folder) = File::open(folder)
        && let Ok(flags) = ioctl_getflags(&folder)
    {
        let _ = ioctl_setflags(&folder, flags | IFlags::TOPDIR);
    }
}

/// Nothing is known here that would help.
#[cfg(not(target_os = "linux"))]
pub fn spread(_: &Path) {}

/// Of the link itself, where it is one.
#[cfg(unix)]
fn set_time(path: &Path, time: SystemTime) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};
    let since = time.duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
    let time = Timespec {
        tv_sec: i64::try_from(since.as_secs()).map_err(io::Error::other)?,
        tv_nsec: since.subsec_nanos().into(),
    };
    let times = Timestamps { last_access: time, last_modification: time };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

#[cfg(not(unix))]
fn set_time(path: &Path, time: SystemTime) -> io::Result<()> {
    File::options().write(true).open(path)?.set_modified(time)
}
