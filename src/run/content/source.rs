//! A repository of our own, in the run's folder, that borrows the objects of the user's. It has its own settings, its
//! own copy of the index and its own place for new objects: so the user's repository is only ever read, file by file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::run::Trouble;
use crate::run::content::copy::spread;
use crate::run::content::git::{Call, Git};
use crate::run::content::names::{bytes_of, path_of};
use crate::run::content::place::Place;

/// The repository that all reading goes through.
#[derive(Debug)]
pub(super) struct Source {
    git: Git,
    scratch: PathBuf,
    folder: PathBuf,
    top: Option<PathBuf>,
    /// `-c` and a setting, again and again: how the user's files relate to git's.
    settings: Vec<String>,
    facts: Facts,
}

/// What the user's repository says of itself.
#[derive(Debug, Default)]
struct Facts {
    sha256: bool,
    head: Option<String>,
    branch: Option<String>,
    /// Only the last commits are there.
    shallow: bool,
    /// Some objects are fetched only when needed.
    partial: bool,
    /// What the user ignores everywhere.
    excludes: Option<String>,
    /// The user's own repository.
    user_git: Option<PathBuf>,
}

/// Settings without which the user's own files would look changed. None of them can run anything.
const KEPT: [&str; 6] = [
    "core.filemode",
    "core.symlinks",
    "core.ignorecase",
    "core.precomposeunicode",
    "core.autocrlf",
    "core.eol",
];

/// A copy of the index that stays as it is.
const FIRST_INDEX: &str = "index.first";

const ASKED: &str = r"^(core\.(filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|excludesfile)|extensions\.(objectformat|partialclone)|remote\..*\.promisor)$";

impl Source {
    /// Borrows the repository of the place.
    pub(super) fn borrow(place: &Place, scratch: &Path) -> Result<Self, Trouble> {
        let mut source = Self::empty(place.top.clone(), scratch)?;
        source.read_settings(&place.git)?;
        source.facts.user_git = Some(place.git.clone());
        source.facts.shallow = place.common.join("shallow").exists();
        source.read_head(&place.git)?;
        source.write()?;
        source.borrow_files(place).map_err(|it| Trouble::with_path("be read", &place.git, &it))?;
        if let Some(head) = source.facts.head.take() {
            source.facts.head = Some(source.commit(&head)?);
        }
        Ok(source)
    }

    /// A repository for a folder that has none. What the user ignores everywhere counts only when `as_user`.
    pub(super) fn fresh(top: &Path, scratch: &Path, as_user: bool) -> Result<Self, Trouble> {
        let mut source = Self::empty(Some(top.to_owned()), scratch)?;
        if as_user {
            let nowhere = source.folder.clone();
            source.read_settings(&nowhere)?;
        }
        source.write()?;
        Ok(source)
    }

    fn empty(top: Option<PathBuf>, scratch: &Path) -> Result<Self, Trouble> {
        let absolute = fs::create_dir_all(scratch).and_then(|()| scratch.canonicalize());
        let scratch = absolute.map_err(|it| Trouble::with_path("be made", scratch, &it))?;
        spread(&scratch);
        let git = Git::new(&scratch)?;
        let folder = scratch.join("source.git");
        // git's temporary paths must not meet symbolic links; the user's folder is compared with what git says.
        let top = top.map(|it| it.canonicalize().unwrap_or(it));
        Ok(Self { git, scratch, folder, top, settings: Vec::new(), facts: Facts::default() })
    }

    fn read_settings(&mut self, git_folder: &Path) -> Result<(), Trouble> {
        let answer = Git::settings_of(git_folder).args([ASKED]).answer()?;
        // 1: none of them is set.
        if !answer.status.success() && answer.status.code() != Some(1) {
            return Err(answer.trouble("read the settings of the repository"));
        }
        for setting in String::from_utf8_lossy(&answer.out).split('\0') {
            let (name, value) = setting.split_once('\n').unwrap_or((setting, "true"));
            match name {
                "core.excludesfile" => self.facts.excludes = Some(value.to_owned()),
                "extensions.objectformat" => self.facts.sha256 = value.eq_ignore_ascii_case("sha256"),
                _ if KEPT.contains(&name) => self.settings.extend(["-c".into(), format!("{name}={value}")]),
                _ => self.facts.partial |= !name.is_empty(),
            }
        }
        let excludes = self.facts.excludes.take().map(|it| at_home(&it)).or_else(usual_excludes);
        if let Some(path) = excludes.filter(|it| !it.is_empty()) {
            self.settings.extend(["-c".into(), format!("core.excludesFile={path}")]);
        }
        Ok(())
    }

    /// A name in the user's repository is looked up there, but no object is: an older git could fetch one that is
    /// missing, with programs that the repository names.
    fn look_up(&self, git_folder: &Path, name: &str) -> Result<Option<String>, Trouble> {
        let answer = self.git.at(git_folder).args(["rev-parse", "-q", "--verify", name]).answer()?;
        match String::from_utf8_lossy(&answer.out).trim() {
            "" if answer.errors.trim().is_empty() => Ok(None),
            "" => Err(answer.trouble("find the last commit")),
            found => Ok(Some(found.to_owned())),
        }
    }

    /// The commit, if its object is here.
    fn commit(&self, name: &str) -> Result<String, Trouble> {
        let name = format!("{name}^{{commit}}");
        self.call().args(["rev-parse", "-q", "--verify", &name]).line("read the last commit")
    }

    fn read_head(&mut self, git_folder: &Path) -> Result<(), Trouble> {
        let branch = self.git.at(git_folder).args(["symbolic-ref", "-q", "HEAD"]).answer()?;
        let branch = String::from_utf8_lossy(&branch.out).trim_end().to_owned();
        self.facts.branch = branch.strip_prefix("refs/heads/").map(str::to_owned);
        self.facts.head = self.look_up(git_folder, "HEAD")?;
        Ok(())
    }

    fn write(&self) -> Result<(), Trouble> {
        let format = if self.facts.sha256 {
            "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"
        } else {
            "\trepositoryformatversion = 0\n"
        };
        let written = ["objects/info", "objects/pack", "refs/heads", "info"]
            .iter()
            .try_for_each(|it| fs::create_dir_all(self.folder.join(it)))
            .and_then(|()| fs::write(self.folder.join("HEAD"), "ref: refs/heads/none\n"))
            .and_then(|()| {
                fs::write(self.folder.join("config"), format!("[core]\n\tbare = false\n{format}"))
            });
        written.map_err(|it| Trouble::with_path("be written", &self.folder, &it))
    }

    fn borrow_files(&self, place: &Place) -> std::io::Result<()> {
        let mut objects = quoted(&bytes_of(&place.common.join("objects").canonicalize()?));
        objects.push(b'\n');
        fs::write(self.folder.join("objects/info/alternates"), objects)?;
        copy_if_there(&place.common.join("info/exclude"), &self.folder.join("info/exclude"))?;
        copy_if_there(&place.common.join("shallow"), &self.folder.join("shallow"))?;
        if self.top.is_none() {
            return Ok(());
        }
        for name in ["index", FIRST_INDEX] {
            copy_if_there(&place.git.join("index"), &self.folder.join(name))?;
        }
        // An index can be split in two; the name of the other half begins so.
        for entry in fs::read_dir(&place.git)?.flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(b"sharedindex.") {
                copy_if_there(&entry.path(), &self.folder.join(entry.file_name()))?;
            }
        }
        Ok(())
    }

    /// A call on this repository.
    pub(super) fn call(&self) -> Call {
        self.git.at(&self.folder).args(&self.settings)
    }

    /// A call that also sees the user's files.
    pub(super) fn call_on_files(&self) -> Call {
        let call = self.call();
        match &self.top {
            Some(top) => call.tree(top),
            None => call,
        }
    }

    /// The same, with the index as the user has it, of which every entry is believed whose times fit.
    pub(super) fn call_believing(&self) -> Call {
        // Newer than all files: then git reads none of them only because it is as new as the index.
        let (index, later) = (self.folder.join(FIRST_INDEX), SystemTime::now() + Duration::from_mins(1));
        let _ = fs::File::options().append(true).open(&index).and_then(|it| it.set_modified(later));
        self.call_on_files().env("GIT_INDEX_FILE", index)
    }

    /// A file of a commit.
    pub(super) fn file(&self, commit: &str, path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
        let mut name = format!("{commit}:").into_bytes();
        name.extend(bytes_of(path));
        let kind = self.call().args(["cat-file", "-t"]).args([path_of(&name)]).answer()?;
        if kind.out.trim_ascii() != b"blob" {
            return Ok(None);
        }
        self.call().args(["cat-file", "blob"]).args([path_of(&name)]).output("read a file").map(Some)
    }

    /// The commit of a branch of the user's repository: its own one, or the last that was fetched.
    pub(super) fn branch_commit(&self, branch: &str) -> Result<Option<String>, Trouble> {
        let Some(user_git) = &self.facts.user_git else { return Ok(None) };
        for place in ["refs/heads", "refs/remotes/origin"] {
            if let Some(found) = self.look_up(user_git, &format!("{place}/{branch}"))? {
                return self.commit(&found).map(Some);
            }
        }
        Ok(None)
    }

    pub(super) fn git(&self) -> &Git {
        &self.git
    }

    pub(super) fn scratch(&self) -> &Path {
        &self.scratch
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn top(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    pub(super) fn head(&self) -> Option<&str> {
        self.facts.head.as_deref()
    }

    pub(super) fn branch(&self) -> Option<&str> {
        self.facts.branch.as_deref()
    }

    pub(super) fn is_sha256(&self) -> bool {
        self.facts.sha256
    }

    pub(super) fn is_shallow(&self) -> bool {
        self.facts.shallow
    }

    pub(super) fn is_partial(&self) -> bool {
        self.facts.partial
    }
}

/// The time is kept: git tells from the time of the index which of its entries may be out of date.
fn copy_if_there(from: &Path, to: &Path) -> std::io::Result<()> {
    let data = match fs::metadata(from) {
        Ok(data) if data.is_file() => data,
        _ => return Ok(()),
    };
    fs::write(to, fs::read(from)?)?;
    fs::File::options().write(true).open(to)?.set_modified(data.modified()?)
}

/// A path as a line of the file `alternates`.
fn quoted(path: &[u8]) -> Vec<u8> {
    if !path.contains(&b'\n') {
        return path.to_vec();
    }
    let escaped = path.iter().flat_map(|it| match it {
        b'\n' => b"\\n".to_vec(),
        b'"' | b'\\' => vec![b'\\', *it],
        it => vec![*it],
    });
    [b'"'].into_iter().chain(escaped).chain([b'"']).collect()
}

/// `~/x` with the user's home: our calls have another one.
fn at_home(path: &str) -> String {
    match (path.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => path.to_owned(),
    }
}

/// Where git looks for what the user ignores everywhere, unless told otherwise.
fn usual_excludes() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|it| !it.is_empty());
    let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|it| format!("{it}/.config")))?;
    Some(format!("{folder}/git/ignore"))
}
