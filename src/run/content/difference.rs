//! A workspace as it was laid, and as it is now → what the steps made, changed and deleted, as a value and as text.
//! Reads only; git's own files do not count. Secrets are not masked here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::TextDiff;

use crate::run::content::copy::{Entry, EntryKind, Template};
use crate::run::content::names::shown;

/// Longer files are not compared line by line.
const LONGEST: u64 = 64 * 1024;
/// New folders with more files than this are told as one.
const FOLDER: usize = 10;
/// So many files are compared line by line.
const TEXTS: usize = 100;

/// All that differs, in the order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The files and folders.
    pub all: Vec<Difference>,
    /// Folders that could not be looked into, made safe to show.
    pub closed: Vec<String>,
}

/// A file or folder that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// From the workspace, made safe to show. A folder ends with `/`.
    pub path: String,
    /// What has become of it.
    pub what: What,
    /// For small texts: the lines that differ, as a unified difference without its head. Else empty.
    pub text: String,
}

/// What has become of a file. Sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Made {
        /// Its size.
        size: u64,
    },
    /// It is a new folder with so many files that they are told as one.
    MadeFolder {
        /// How many files.
        files: usize,
        /// Their size together.
        size: u64,
    },
    /// It holds something else, or has become something else.
    Changed {
        /// The size before.
        before: u64,
        /// The size now.
        after: u64,
    },
    /// It can be run now, and could not before; or the other way round.
    Mode {
        /// Whether it can be run now.
        runs: bool,
    },
    /// It is gone.
    Deleted {
        /// The size that it had.
        size: u64,
    },
}

/// Compares. Without a template the workspace was empty.
pub(super) fn between(template: Option<&Template>, target: &Path) -> Differences {
    let mut closed = Vec::new();
    let now = list(target, &mut closed);
    let before: BTreeMap<&Path, &Entry> = template
        .iter()
        .flat_map(|it| &it.entries)
        .filter(|it| !it.path.starts_with(".git") && it.kind != EntryKind::Folder)
        .map(|it| (it.path.as_path(), it))
        .collect();
    let folders: BTreeSet<&Path> = template
        .iter()
        .flat_map(|it| &it.entries)
        .filter(|it| it.kind == EntryKind::Folder)
        .map(|it| it.path.as_path())
        .collect();
    let root = template.map_or(Path::new(""), |it| it.root.as_path());
    let mut texts = TEXTS;
    let mut all: BTreeMap<PathBuf, Difference> = BTreeMap::new();
    for (path, entry) in &before {
        let places = (root.join(path), target.join(path));
        let what = match now.get(*path) {
            None if closed.iter().any(|it| path.starts_with(it)) => None,
            None => Some(What::Deleted { size: entry.size }),
            Some(other) => compare(entry, other, &places),
        };
        let Some(what) = what else { continue };
        let text = match what {
            What::Changed { .. } => text(Some(&places.0), &places.1, &mut texts),
            _ => String::new(),
        };
        all.insert(path.to_path_buf(), Difference { path: shown(path), what, text });
    }
    for (path, entry) in made(&now, &before, &folders) {
        let difference = match entry {
            Made::File(size) => {
                let text = text(None, &target.join(&path), &mut texts);
                Difference { path: shown(&path), what: What::Made { size }, text }
            }
            Made::Folder { files, size } => Difference {
                path: format!("{}/", shown(&path)),
                what: What::MadeFolder { files, size },
                text: String::new(),
            },
        };
        all.insert(path, difference);
    }
    let closed = closed.iter().map(|it| shown(it)).collect();
    Differences { all: all.into_values().collect(), closed }
}

/// All that is no folder. Folders that cannot be read are told.
fn list(root: &Path, closed: &mut Vec<PathBuf>) -> BTreeMap<PathBuf, Entry> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else {
            closed.push(folder);
            continue;
        };
        for inner in entries.flatten() {
            let path = folder.join(inner.file_name());
            if path == Path::new(".git") {
                continue;
            }
            match Entry::of(&inner.path(), path.clone()) {
                Ok(it) if it.kind == EntryKind::Folder => waiting.push(path),
                Ok(it) => drop(found.insert(path, it)),
                Err(_) => closed.push(path),
            }
        }
    }
    found
}

fn compare(before: &Entry, now: &Entry, places: &(PathBuf, PathBuf)) -> Option<What> {
    let changed = Some(What::Changed { before: before.size, after: now.size });
    if before.kind != now.kind || before.size != now.size {
        return changed;
    }
    let same = match before.kind {
        EntryKind::Link => fs::read_link(&places.0).ok() == fs::read_link(&places.1).ok(),
        // A file that cannot be read any more has changed at least in that.
        EntryKind::File => same_bytes(&places.0, &places.1).unwrap_or(false),
        EntryKind::Folder | EntryKind::Other => true,
    };
    if !same {
        return changed;
    }
    let runs = |it: &Entry| it.mode & 0o100 != 0;
    let mode = before.kind == EntryKind::File && runs(before) != runs(now);
    mode.then(|| What::Mode { runs: runs(now) })
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    const CHUNK: u64 = 64 * 1024;
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        left.clear();
        right.clear();
        (&mut one).take(CHUNK).read_to_end(&mut left)?;
        (&mut other).take(CHUNK).read_to_end(&mut right)?;
        if left != right || left.is_empty() {
            return Ok(left == right);
        }
    }
}

/// What was made: a file, or a folder that is told as one.
enum Made {
    File(u64),
    Folder { files: usize, size: u64 },
}

fn made(
    now: &BTreeMap<PathBuf, Entry>,
    before: &BTreeMap<&Path, &Entry>,
    existed: &BTreeSet<&Path>,
) -> Vec<(PathBuf, Made)> {
    let mut folders: BTreeMap<PathBuf, Vec<(&Path, u64)>> = BTreeMap::new();
    let mut all = Vec::new();
    for (path, entry) in now.iter().filter(|it| !before.contains_key(it.0.as_path())) {
        // The outermost folder that is new.
        let mut new: Vec<&Path> = path.ancestors().skip(1).filter(|it| *it != Path::new("")).collect();
        new.retain(|it| !existed.contains(it));
        match new.last() {
            Some(folder) => folders.entry(folder.to_path_buf()).or_default().push((path, entry.size)),
            None => all.push((path.clone(), Made::File(entry.size))),
        }
    }
    for (folder, files) in folders {
        if files.len() > FOLDER {
            let size = files.iter().map(|it| it.1).sum();
            all.push((folder, Made::Folder { files: files.len(), size }));
        } else {
            all.extend(files.into_iter().map(|(path, size)| (path.to_path_buf(), Made::File(size))));
        }
    }
    all
}

/// The lines that differ; empty when one of the two is no small text.
fn text(before: Option<&Path>, now: &Path, left: &mut usize) -> String {
    if *left == 0 {
        return String::new();
    }
    let before = before.map_or(Some(String::new()), small_text);
    let (Some(before), Some(now)) = (before, small_text(now)) else { return String::new() };
    *left -= 1;
    // Two texts that share nothing can take long; after the time is up the answer is coarser, not wrong.
    let diff = TextDiff::configure().timeout(Duration::from_millis(200)).diff_lines(&before, &now);
    let text = diff.unified_diff().context_radius(3).to_string();
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

/// A text that does nothing to a terminal.
fn small_text(path: &Path) -> Option<String> {
    let data = fs::symlink_metadata(path).ok()?;
    if !data.is_file() || data.len() > LONGEST {
        return None;
    }
    let text = String::from_utf8(fs::read(path).ok()?).ok()?;
    let plain = |it: char| !it.is_control() || matches!(it, '\n' | '\t' | '\r');
    text.chars().all(plain).then_some(text)
}

impl Differences {
    /// True when the workspace is as it was laid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.closed.is_empty()
    }

    /// For people: a line for each file or folder, with the lines that differ below it.
    #[must_use]
    pub fn render(&self) -> String {
        let mut out = String::new();
        for it in &self.all {
            let _ = writeln!(out, "{}", it.line());
            for line in it.text.lines() {
                let _ = writeln!(out, "    {}", line.trim_end_matches('\r'));
            }
        }
        for path in &self.closed {
            let path = if path.is_empty() { "the workspace" } else { path };
            let _ = writeln!(out, "? {path}  (cannot be read)");
        }
        out
    }
}

impl Difference {
    fn line(&self) -> String {
        let path = &self.path;
        match self.what {
            What::Made { size } => format!("+ {path}  ({})", bytes(size)),
            What::MadeFolder { files, size } => format!("+ {path}  ({files} files, {})", bytes(size)),
            What::Changed { before, after } if before == after => format!("~ {path}  ({})", bytes(after)),
            What::Changed { before, after } => format!("~ {path}  ({} → {})", bytes(before), bytes(after)),
            What::Mode { runs: true } => format!("~ {path}  (can be run now)"),
            What::Mode { runs: false } => format!("~ {path}  (can no longer be run)"),
            What::Deleted { size } => format!("- {path}  ({})", bytes(size)),
        }
    }
}

/// A size that one can read, with at most one decimal.
fn bytes(size: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if size < 1000 {
        return format!("{size} B");
    }
    let mut tenths = size / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}
