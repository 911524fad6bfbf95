//! What a run does not see, and why → lists and sentences for people. Reads only.

use std::path::PathBuf;

use crate::run::Trouble;
use crate::run::content::changes::{self, Change, Skipped};
use crate::run::content::names::{path_of, shown, zero_ended};
use crate::run::content::{Content, Kind};

/// So many are named; the rest is counted.
const NAMED: usize = 20;

/// What a run does not see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Files and folders, the first of them. A folder of which nothing is seen is one.
    pub omitted: Vec<Omitted>,
    /// How many more there are.
    pub more: usize,
    /// What else is good to know, a sentence each.
    pub notes: Vec<String>,
}

/// A file or folder that a run does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omitted {
    /// From the root of the repository, made safe to show; a folder ends with `/`.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

/// Why a run does not see a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its last changes are not committed: the run sees it as it was.
    Changed,
    /// It is deleted, but that is not committed: the run still sees it.
    Deleted,
    /// git does not know it, or only since `git add`.
    New,
    /// git ignores it.
    Ignored,
    /// It goes through this filter of git, which is not run: the run sees what the last commit holds.
    Filtered(String),
    /// It cannot be read.
    Unreadable,
    /// It is a git repository of its own.
    Repository,
}

impl Reason {
    /// In a few words.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Changed => "changed, not committed".into(),
            Self::Deleted => "deleted, but that is not committed".into(),
            Self::New => "new, not committed".into(),
            Self::Ignored => "ignored by git".into(),
            Self::Filtered(filter) => format!("goes through the git filter `{filter}`, which is not run"),
            Self::Unreadable => "cannot be read".into(),
            Self::Repository => "a git repository of its own".into(),
        }
    }
}

impl LeftOut {
    /// True when there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.omitted.is_empty() && self.more == 0 && self.notes.is_empty()
    }

    /// A line for each file, one for those that are only counted, and the notes.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let files = self.omitted.iter().map(|it| format!("{} ({})", it.path, it.reason.text()));
        let more = (self.more > 0).then(|| format!("and {} more", self.more));
        files.chain(more).chain(self.notes.iter().cloned()).collect()
    }

    fn of(mut all: Vec<Skipped>, notes: Vec<String>) -> Self {
        let more = all.len().saturating_sub(NAMED);
        all.truncate(NAMED);
        let omitted =
            all.into_iter().map(|it| Omitted { path: shown(&it.path), reason: it.reason }).collect();
        Self { omitted, more, notes }
    }
}

/// All of it, for a content.
pub(super) fn of(content: &Content) -> Result<LeftOut, Trouble> {
    let mut all = content.skipped.clone();
    match content.kind {
        Kind::Committed => all.extend(not_committed(content)?),
        Kind::WorkingTree | Kind::Folder | Kind::Files => all.extend(ignored(content)?),
    }
    Ok(LeftOut::of(all, notes(content)?))
}

fn not_committed(content: &Content) -> Result<Vec<Skipped>, Trouble> {
    let source = &content.source;
    if source.top().is_none() {
        return Ok(Vec::new());
    }
    changes::refresh(source)?;
    let (changed, filtered) = changes::sort_out(source, changes::changed(source, source.head())?)?;
    let changed = changed.into_iter().map(|(path, change)| {
        let reason = match change {
            Change::New => Reason::New,
            Change::Changed => Reason::Changed,
            Change::Deleted => Reason::Deleted,
        };
        Skipped { path, reason }
    });
    let new = changes::untracked(source, &["--directory", "--no-empty-directory"])?;
    let new = new.into_iter().map(|path| Skipped { path, reason: Reason::New });
    Ok(changed.chain(filtered).chain(new).collect())
}

fn ignored(content: &Content) -> Result<Vec<Skipped>, Trouble> {
    let options = ["--ignored", "--directory", "--no-empty-directory"];
    let paths = changes::untracked(&content.source, &options)?;
    Ok(paths.into_iter().map(|path| Skipped { path, reason: Reason::Ignored }).collect())
}

fn notes(content: &Content) -> Result<Vec<String>, Trouble> {
    let mut notes = Vec::new();
    if content.kind == Kind::Folder {
        notes.push(
            "This folder is no git repository; the run takes its files as one commit. Drone needs a repository: \
             `git init`."
                .to_owned(),
        );
    }
    if content.source.is_shallow() {
        notes.push("This repository holds only its last commits, so a workspace does too.".to_owned());
    }
    let (modules, attributes) = listed(content)?;
    if let Some(first) = modules.first() {
        let count =
            if modules.len() == 1 { String::new() } else { format!(" and {} more", modules.len() - 1) };
        notes.push(format!(
            "{}{count} is a submodule. Drone's clone does not fetch submodules: the folder is empty, also here.",
            shown(first)
        ));
    }
    if uses_lfs(content, &attributes)? {
        notes.push(
            "This repository keeps files in Git LFS. Drone's clone does not fetch them: steps find small \
             pointer files, also here."
                .to_owned(),
        );
    }
    Ok(notes)
}

/// Submodules, and the objects of the `.gitattributes` files.
fn listed(content: &Content) -> Result<(Vec<PathBuf>, Vec<String>), Trouble> {
    let call = content.source.call().args(["ls-tree", "-r", "-z", &content.commit]);
    let out = call.output("list the files of the commit")?;
    let (mut modules, mut attributes) = (Vec::new(), Vec::new());
    for line in zero_ended(&out) {
        let Some(tab) = line.iter().position(|it| *it == b'\t') else { continue };
        let path = path_of(&line[tab + 1..]);
        if line.starts_with(b"160000") {
            modules.push(path);
        } else if path.file_name() == Some(".gitattributes".as_ref()) {
            attributes.extend(String::from_utf8_lossy(&line[..tab]).rsplit(' ').next().map(str::to_owned));
        }
    }
    Ok((modules, attributes))
}

fn uses_lfs(content: &Content, attributes: &[String]) -> Result<bool, Trouble> {
    if attributes.is_empty() {
        return Ok(false);
    }
    let call = content.source.call().args(["cat-file", "--batch"]);
    let out = call.input((attributes.join("\n") + "\n").into_bytes()).output("read .gitattributes")?;
    let word = b"filter=lfs";
    Ok(out.windows(word.len()).any(|it| it == word))
}
