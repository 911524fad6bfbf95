//! The workshop folder → which exercises were saved, and when another program wrote the progress. Events of the system
//! only hurry a look up; the look itself decides, so a folder whose events never come is noticed too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::workshop::{EXERCISES_FOLDER, STATE_FOLDER, Workshop, files};

/// So long nothing more is written before a save counts as finished.
const QUIET: Duration = Duration::from_millis(20);
/// A file that is written all the time is looked at after so long all the same.
const PATIENCE: Duration = Duration::from_millis(200);
/// An editor that empties a file first gets so long to fill it.
const HALF_WRITTEN: Duration = Duration::from_millis(150);
/// Time between looks where there are no events.
const POLL: Duration = Duration::from_millis(500);
/// Time between looks where there are events, in case one is lost.
const SAFETY: Duration = Duration::from_secs(2);

/// How saves are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The system tells.
    Events,
    /// By looking every half second.
    Poll,
}

/// Something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Files of these exercises (by id) changed; the one saved last comes last.
    Exercises(Vec<String>),
    /// The progress was written, by whomever.
    Progress,
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    mode: Mode,
    bell: Sender<Ring>,
    _events: Option<RecommendedWatcher>,
}

enum Ring {
    Event,
    Stop,
}

impl Watcher {
    /// Begins to watch; `hear` is called from a thread of its own. Without events of the system it polls.
    pub fn start(workshop: &Workshop, mode: Mode, hear: impl Fn(Saved) + Send + 'static) -> Self {
        let (bell, rings) = mpsc::channel();
        let events = (mode == Mode::Events).then(|| listen(workshop.root(), bell.clone())).flatten();
        let mode = if events.is_some() { Mode::Events } else { Mode::Poll };
        let mut look = Look::new(workshop, mode);
        thread::spawn(move || attend(&rings, &mut look, &hear));
        Self { mode, bell, _events: events }
    }

    /// How saves are noticed.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.bell.send(Ring::Stop);
    }
}

/// The mode for a folder: polling when asked for, and where folders of another machine send no events.
#[must_use]
pub fn mode(root: &Path, asked_to_poll: bool) -> Mode {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    if asked_to_poll || is_remote(&real, &mounts) { Mode::Poll } else { Mode::Events }
}

/// Looks the folder's file system up in Linux's list of mounts.
fn is_remote(folder: &Path, mounts: &str) -> bool {
    const REMOTE: [&str; 12] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "drvfs",
        "vboxsf",
        "virtiofs",
        "fuse.sshfs",
        "fuse.grpcfuse",
        "osxfs",
    ];
    let kind_at = |line: &str| {
        let place = PathBuf::from(line.split(' ').nth(4)?.replace("\\040", " "));
        let kind = line.split_once(" - ")?.1.split(' ').next()?.to_owned();
        folder.starts_with(&place).then(|| (place.components().count(), kind))
    };
    // Of two mounts at one place the later one counts.
    let nearest = mounts.lines().filter_map(kind_at).max_by_key(|(depth, _)| *depth);
    nearest.is_some_and(|(_, kind)| REMOTE.contains(&kind.as_str()))
}

/// Rings the bell for everything that may be a save. `None` where the system has no events to give.
fn listen(root: &Path, bell: Sender<Ring>) -> Option<RecommendedWatcher> {
    let ring = move |event: notify::Result<notify::Event>| {
        // Reading files makes events too, and a look reads files.
        let read_only = matches!(&event, Ok(it) if is_read(it.kind));
        if !read_only {
            let _ = bell.send(Ring::Event);
        }
    };
    let mut watcher = notify::recommended_watcher(ring).ok()?;
    watcher.watch(&root.join(EXERCISES_FOLDER), RecursiveMode::Recursive).ok()?;
    watcher.watch(&root.join(STATE_FOLDER), RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

fn is_read(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(it) if it != AccessKind::Close(AccessMode::Write))
}

/// The loop: wait for the bell or for the time of the next look, let the writing finish, look, tell.
fn attend(rings: &Receiver<Ring>, look: &mut Look, hear: &dyn Fn(Saved)) {
    loop {
        let interval = look.interval();
        match rings.recv_timeout(interval) {
            Ok(Ring::Event) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Ring::Stop) | Err(RecvTimeoutError::Disconnected) => return,
        }
        if settle(rings) == Settled::Stop {
            return;
        }
        let saved = look.saved();
        if !saved.is_empty() {
            hear(Saved::Exercises(saved));
        }
        if look.progress_written() {
            hear(Saved::Progress);
        }
    }
}

#[derive(PartialEq)]
enum Settled {
    Quiet,
    Stop,
}

/// Waits until nothing more comes for a moment.
fn settle(rings: &Receiver<Ring>) -> Settled {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        match rings.recv_timeout(QUIET) {
            Ok(Ring::Event) => {}
            Ok(Ring::Stop) => return Settled::Stop,
            Err(_) => break,
        }
    }
    Settled::Quiet
}

/// What the folder looked like last time.
struct Look {
    mode: Mode,
    progress: PathBuf,
    progress_content: Vec<u8>,
    exercises: BTreeMap<String, Seen>,
}

struct Seen {
    folder: PathBuf,
    stamps: Vec<(String, u64, Option<SystemTime>)>,
    contents: String,
    /// Since when the folder has been in a state that looks like a save in progress.
    half_written: Option<Instant>,
}

impl Look {
    fn new(workshop: &Workshop, mode: Mode) -> Self {
        let laid = workshop.record().exercises.iter();
        let exercises = laid.map(|it| {
            let folder = workshop.root().join(EXERCISES_FOLDER).join(&it.folder);
            (it.id.clone(), Seen::new(folder))
        });
        let progress = workshop.progress_file();
        let progress_content = fs::read(&progress).unwrap_or_default();
        Self { mode, exercises: exercises.collect(), progress, progress_content }
    }

    /// Sooner while a save seems to be in progress.
    fn interval(&self) -> Duration {
        let waiting = self.exercises.values().any(|it| it.half_written.is_some());
        match self.mode {
            _ if waiting => QUIET,
            Mode::Events => SAFETY,
            Mode::Poll => POLL,
        }
    }

    /// The exercises that are different from last time, the one written last at the end.
    fn saved(&mut self) -> Vec<String> {
        let thorough = self.mode == Mode::Poll;
        let changed = self.exercises.iter_mut().filter_map(|(id, seen)| {
            let different = seen.look(thorough);
            different.then(|| (seen.last_write(), id.clone()))
        });
        let mut changed: Vec<_> = changed.collect();
        changed.sort();
        changed.into_iter().map(|(_, id)| id).collect()
    }

    fn progress_written(&mut self) -> bool {
        let now = fs::read(&self.progress).unwrap_or_default();
        let different = now != self.progress_content;
        self.progress_content = now;
        different
    }
}

impl Seen {
    fn new(folder: PathBuf) -> Self {
        Self {
            stamps: files::stamps(&folder),
            contents: files::contents(&folder),
            folder,
            half_written: None,
        }
    }

    /// True when the folder holds something else than last time. `thorough` does not trust sizes and times.
    fn look(&mut self, thorough: bool) -> bool {
        let stamps = files::stamps(&self.folder);
        if stamps == self.stamps && !thorough && self.half_written.is_none() {
            return false;
        }
        let since = *self.half_written.get_or_insert_with(Instant::now);
        if self.seems_half_written(&stamps) && since.elapsed() < HALF_WRITTEN {
            return false;
        }
        self.half_written = None;
        self.stamps = stamps;
        let contents = files::contents(&self.folder);
        let different = contents != self.contents;
        self.contents = contents;
        different
    }

    /// A file that had content is empty or gone: many editors empty or move it, and write it a moment later.
    fn seems_half_written(&self, now: &[(String, u64, Option<SystemTime>)]) -> bool {
        let had_content = self.stamps.iter().filter(|it| it.1 > 0);
        let still_there = |path: &str| now.iter().any(|it| it.0 == path && it.1 > 0);
        had_content.into_iter().any(|it| !still_there(&it.0))
    }

    fn last_write(&self) -> Option<SystemTime> {
        self.stamps.iter().filter_map(|it| it.2).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw - ext4 /dev/vda rw
30 22 0:25 / /mnt/c rw - 9p drvfs rw
31 22 0:26 / /home/shared\\040files rw shared:1 - nfs4 server:/x rw
32 31 254:1 / /home/shared\\040files/local rw - ext4 /dev/vdb rw
";

    #[test]
    fn folders_of_other_machines_are_polled() {
        let cases = [
            ("/home/a/workshop", false),
            ("/mnt/c/workshop", true),
            ("/mnt/cc/workshop", false),
            ("/home/shared files/w", true),
            ("/home/shared files/local/w", false),
        ];
        for (folder, remote) in cases {
            assert_eq!(is_remote(Path::new(folder), MOUNTS), remote, "{folder}");
        }
    }

    #[test]
    fn a_touch_is_no_save_and_an_edit_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yml");
        fs::write(&file, "one").unwrap();
        let mut seen = Seen::new(folder.path().to_owned());
        let later = SystemTime::now() + Duration::from_secs(5);
        fs::File::options().append(true).open(&file).unwrap().set_modified(later).unwrap();
        assert!(!seen.look(false));
        fs::write(&file, "two").unwrap();
        assert!(seen.look(false));
        assert!(!seen.look(false));
    }

    #[test]
    fn a_file_that_was_emptied_gets_a_moment_to_be_filled() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yml");
        fs::write(&file, "one").unwrap();
        let mut seen = Seen::new(folder.path().to_owned());
        fs::write(&file, "").unwrap();
        assert!(!seen.look(false));
        fs::write(&file, "two").unwrap();
        assert!(seen.look(false));
        fs::remove_file(&file).unwrap();
        assert!(!seen.look(false));
        thread::sleep(HALF_WRITTEN);
        assert!(seen.look(false), "a file that stays away is news");
    }
}
