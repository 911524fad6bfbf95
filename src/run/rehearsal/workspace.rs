//! Paths of a step → files of the workspace, and nothing else. What lies in a workspace was made by commands of
//! anybody: a link that leads out of it is refused, also one that is put there while it is being read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// Deeper folders are not looked into.
const DEEPEST: usize = 64;
/// More files are not listed.
const MOST: usize = 100_000;

/// The workspace as one step sees it.
#[derive(Clone, Debug)]
pub(super) struct Workspace {
    /// On this machine, without links.
    root: PathBuf,
    /// In the clean machine: where `root` is.
    base: String,
    /// Where the step works, below `root`.
    folder: PathBuf,
}

/// Why a file cannot be had. In words that go behind its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is not there.
    Missing,
    /// It is, and cannot or must not be read.
    Unusable(String),
}

impl std::fmt::Display for Absent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "is not in the workspace",
            Self::Unusable(why) => why,
        })
    }
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A file.
    File,
    /// A folder.
    Folder,
}

impl Workspace {
    /// The workspace at `root`, which is `base` in the clean machine, for a step that works in `folder`, a path of the
    /// clean machine.
    pub(super) fn new(root: &Path, base: &str, folder: Option<&str>) -> Result<Self, Absent> {
        let root = fs::canonicalize(root).map_err(|it| unusable(&it))?;
        let mut workspace =
            Self { root, base: base.trim_end_matches('/').to_owned(), folder: PathBuf::new() };
        workspace.folder = workspace.inner(folder.unwrap_or(base))?;
        Ok(workspace)
    }

    /// A path as a step writes it → below the root, without `.` and `..`.
    pub(super) fn inner(&self, path: &str) -> Result<PathBuf, Absent> {
        let outside = || Absent::Unusable("leads out of the workspace".into());
        if path.contains('\0') || (cfg!(windows) && path.contains(['\\', ':'])) {
            return Err(Absent::Unusable("is no path".into()));
        }
        let mut inner = PathBuf::new();
        let relative = if path.starts_with('/') {
            let rest = path.strip_prefix(&self.base).ok_or_else(outside)?;
            if !rest.is_empty() && !rest.starts_with('/') {
                return Err(outside());
            }
            rest.trim_start_matches('/')
        } else {
            inner.clone_from(&self.folder);
            path
        };
        for component in Path::new(relative).components() {
            match component {
                Component::Normal(name) => inner.push(name),
                Component::CurDir => {}
                Component::ParentDir if inner.pop() => {}
                _ => return Err(outside()),
            }
        }
        Ok(inner)
    }

    /// The text of a small file.
    pub(super) fn text(&self, path: &str, largest: u64) -> Result<String, Absent> {
        let mut bytes = Vec::new();
        let file = self.open(&self.inner(path)?)?;
        file.take(largest + 1).read_to_end(&mut bytes).map_err(|it| unusable(&it))?;
        if bytes.len() as u64 > largest {
            return Err(Absent::Unusable(format!("is larger than {largest} bytes")));
        }
        String::from_utf8(bytes).map_err(|_| Absent::Unusable("is no text (UTF-8)".into()))
    }

    /// What an inner path is; links are followed as long as they stay inside.
    pub(super) fn what(&self, inner: &Path) -> Result<What, Absent> {
        let (path, _) = self.real(inner)?;
        let metadata = fs::symlink_metadata(&path).map_err(|it| absent(&it))?;
        if metadata.is_dir() {
            return Ok(What::Folder);
        }
        if metadata.is_file() { Ok(What::File) } else { Err(Absent::Unusable("is no file".into())) }
    }

    /// Opens a file for reading.
    pub(super) fn open(&self, inner: &Path) -> Result<File, Absent> {
        let (_, real) = self.real(inner)?;
        let file = open_beneath(&self.root, &real).map_err(|it| absent(&it))?;
        let metadata = file.metadata().map_err(|it| unusable(&it))?;
        if metadata.is_dir() {
            return Err(Absent::Unusable("is a folder".into()));
        }
        if metadata.is_file() { Ok(file) } else { Err(Absent::Unusable("is no file".into())) }
    }

    /// The names in a folder, sorted.
    pub(super) fn names(&self, inner: &Path) -> Result<Vec<String>, Absent> {
        let (_, real) = self.real(inner)?;
        let mut names = list_beneath(&self.root, &real).map_err(|it| absent(&it))?;
        names.sort();
        Ok(names)
    }

    /// All files below a folder, as inner paths. Links to folders are not followed; a link that leads out is an error.
    pub(super) fn files_below(&self, inner: &Path) -> Result<Vec<PathBuf>, (PathBuf, Absent)> {
        let (mut files, mut open) = (Vec::new(), vec![(inner.to_owned(), 0)]);
        while let Some((folder, depth)) = open.pop() {
            if depth > DEEPEST || files.len() > MOST {
                return Err((
                    folder,
                    Absent::Unusable("holds more files, or deeper ones, than can be looked at".into()),
                ));
            }
            for name in self.names(&folder).map_err(|it| (folder.clone(), it))? {
                let path = folder.join(name);
                match self.what(&path).map_err(|it| (path.clone(), it))? {
                    What::File => files.push(path),
                    What::Folder if self.is_link(&path) => {}
                    What::Folder => open.push((path, depth + 1)),
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// True when the path itself is a link.
    pub(super) fn is_link(&self, inner: &Path) -> bool {
        fs::symlink_metadata(self.root.join(inner)).is_ok_and(|it| it.is_symlink())
    }

    /// An inner path as the step would write it from where it works.
    pub(super) fn shown(&self, inner: &Path) -> String {
        let shown = inner.strip_prefix(&self.folder).unwrap_or(inner);
        shown.to_string_lossy().replace('\\', "/")
    }

    /// Writes a file where the step works, as the plugin would.
    pub(super) fn write(&self, path: &str, content: &[u8]) -> Result<(), Absent> {
        let inner = self.inner(path)?;
        let (Some(folder), Some(name)) = (inner.parent(), inner.file_name()) else {
            return Err(Absent::Unusable("is no name of a file".into()));
        };
        let (_, real) = self.real(folder)?;
        write_beneath(&self.root, &real, Path::new(name), content).map_err(|it| absent(&it))
    }

    /// Where it really is: whole, and below the root.
    fn real(&self, inner: &Path) -> Result<(PathBuf, PathBuf), Absent> {
        let path = fs::canonicalize(self.root.join(inner)).map_err(|it| absent(&it))?;
        let below = path.strip_prefix(&self.root).map(Path::to_owned);
        let below =
            below.map_err(|_| Absent::Unusable("is a link that leads out of the workspace".into()))?;
        Ok((path, below))
    }
}

fn absent(error: &io::Error) -> Absent {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Absent::Missing,
        _ => unusable(error),
    }
}

fn unusable(error: &io::Error) -> Absent {
    Absent::Unusable(format!("cannot be used: {error}"))
}

/// Opens name by name and follows no link, so that nothing that changes meanwhile leads elsewhere. A pipe in the place
/// of a file does not make the reader wait.
#[cfg(unix)]
fn open_beneath(root: &Path, below: &Path) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let folder = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut at = openat(CWD, root, folder, Mode::empty())?;
    let mut names = below.components().peekable();
    while let Some(name) = names.next() {
        let flags = if names.peek().is_some() { folder } else { file };
        at = openat(&at, name.as_os_str(), flags, Mode::empty())?;
    }
    Ok(at.into())
}

#[cfg(unix)]
fn list_beneath(root: &Path, below: &Path) -> io::Result<Vec<String>> {
    let folder = open_beneath(root, below)?;
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != "." && name != ".." {
            names.push(name);
        }
        if names.len() > MOST {
            return Err(io::Error::other("it holds too many files"));
        }
    }
    Ok(names)
}

#[cfg(unix)]
fn write_beneath(root: &Path, folder: &Path, name: &Path, content: &[u8]) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags, openat};
    let folder = open_beneath(root, folder)?;
    let flags = OFlags::WRONLY
        | OFlags::CREATE
        | OFlags::TRUNC
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::CLOEXEC;
    let mut file = File::from(openat(&folder, name, flags, Mode::from_raw_mode(0o644))?);
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    io::Write::write_all(&mut file, content)
}

#[cfg(not(unix))]
fn open_beneath(root: &Path, below: &Path) -> io::Result<File> {
    File::open(root.join(below))
}

#[cfg(not(unix))]
fn list_beneath(root: &Path, below: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(root.join(below))?.take(MOST);
    entries.map(|it| it.map(|it| it.file_name().to_string_lossy().into_owned())).collect()
}

#[cfg(not(unix))]
fn write_beneath(root: &Path, folder: &Path, name: &Path, content: &[u8]) -> io::Result<()> {
    fs::write(root.join(folder).join(name), content)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use std::os::unix::fs::symlink;

    use super::*;

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("w");
        fs::create_dir_all(root.join("sub/dist")).unwrap();
        fs::write(root.join("sub/dist/a.txt"), "a").unwrap();
        fs::write(folder.path().join("outside"), "secret").unwrap();
        let workspace = Workspace::new(&root, "/drone/src", Some("/drone/src/sub")).unwrap();
        (folder, workspace)
    }

    #[test]
    fn paths_are_those_of_the_step() {
        let (_folder, workspace) = workspace();
        for path in ["dist/a.txt", "./dist/a.txt", "../sub/dist/a.txt", "/drone/src/sub/dist/a.txt"] {
            assert_eq!(workspace.text(path, 10), Ok("a".into()), "{path}");
        }
        assert_eq!(workspace.text("dist/b.txt", 10), Err(Absent::Missing));
        assert_eq!(workspace.shown(&workspace.inner("dist/a.txt").unwrap()), "dist/a.txt");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_leads_out() {
        let (folder, workspace) = workspace();
        let dist = folder.path().join("w/sub/dist");
        symlink("/etc/passwd", dist.join("absolute")).unwrap();
        symlink("../../../outside", dist.join("relative")).unwrap();
        symlink(folder.path(), dist.join("folder")).unwrap();
        for path in [
            "../../outside",
            "/etc/passwd",
            "/drone/src2/x",
            "/drone/src/../../outside",
            "dist/absolute",
            "dist/relative",
            "dist/folder/outside",
            "a\0b",
        ] {
            assert!(matches!(workspace.text(path, 100), Err(Absent::Unusable(_))), "{path}");
        }
        assert!(workspace.files_below(&workspace.inner("dist").unwrap()).is_err());
        assert!(workspace.write("dist/relative", b"x").is_err());
        assert!(workspace.write("dist/folder/x", b"x").is_err());
        assert_eq!(fs::read_to_string(folder.path().join("outside")).unwrap(), "secret");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_stays_inside_is_followed_and_a_pipe_does_not_block() {
        let (folder, workspace) = workspace();
        symlink("dist/a.txt", folder.path().join("w/sub/link")).unwrap();
        assert_eq!(workspace.text("link", 10), Ok("a".into()));
        let pipe = folder.path().join("w/sub/pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(matches!(workspace.text("pipe", 10), Err(Absent::Unusable(_))));
        assert!(matches!(workspace.write("pipe", b"x"), Err(Absent::Unusable(_))));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_swapped_for_a_link_after_it_was_looked_at_is_not_followed() {
        let (folder, workspace) = workspace();
        let (_, real) = workspace.real(&workspace.inner("dist/a.txt").unwrap()).unwrap();
        fs::rename(folder.path().join("w/sub/dist"), folder.path().join("w/sub/old")).unwrap();
        symlink("old", folder.path().join("w/sub/dist")).unwrap();
        assert!(open_beneath(&workspace.root, &real).is_err());
    }
}
