//! What differs from the last commit, and the commit that is made of it. New objects go to the run's folder.
//!
//! `git status`, `git add` and `git diff` are not used: they would ask git repositories inside the folder for their own
//! changes, with the settings that those bring along.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::run::Trouble;
use crate::run::content::git::Call;
use crate::run::content::left_out::Reason;
use crate::run::content::names::{bytes_of, path_of, zero_ended};
use crate::run::content::source::Source;

/// Something that does not become part of the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Skipped {
    pub(super) path: PathBuf,
    pub(super) reason: Reason,
}

/// What a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// New for git, but told to it.
    New,
    /// Other content, other kind or other mode.
    Changed,
    /// No longer there.
    Deleted,
}

/// Who makes the commit. It is nobody's work yet.
const NAME: &str = "ciworkshop";
const MAIL: &str = "ciworkshop@localhost";

/// Commits all changes and all untracked files; gives the commit, which is the last one when nothing has changed.
/// `time` is as git writes it; without it, now.
pub(super) fn commit(
    source: &Source,
    message: &str,
    time: Option<&str>,
) -> Result<(String, Vec<Skipped>), Trouble> {
    refresh(source)?;
    let skipped = stage(source)?;
    let tree = source.call().args(["write-tree", "--missing-ok"]).line("write down the folder")?;
    let mut call = source.call().args(["commit-tree", &tree, "-m", message]);
    if let Some(head) = source.head() {
        let before = format!("{head}^{{tree}}");
        if source.call().args(["rev-parse", &before]).line("read the last commit")? == tree {
            return Ok((head.to_owned(), skipped));
        }
        call = call.args(["-p", head]);
    }
    for (who, mail, date) in [
        ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
        ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
    ] {
        call = call.env(who, NAME).env(mail, MAIL);
        if let Some(time) = time {
            call = call.env(date, time);
        }
    }
    Ok((call.line("write down the changes")?, skipped))
}

/// Brings our copy of the index up to date.
fn stage(source: &Source) -> Result<Vec<Skipped>, Trouble> {
    let top = source.top().unwrap_or(Path::new("."));
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    let (changed, mut skipped) = sort_out(source, changed(source, None)?)?;
    for (path, change) in changed {
        let list =
            if change == Change::Deleted || !can_be_added(top, &path) { &mut removed } else { &mut added };
        list.push(path);
    }
    let new = untracked(source, &[])?;
    let mut filters = filtered(source, &new)?;
    for path in new {
        if is_folder(&path) {
            skipped.push(Skipped { path, reason: Reason::Repository });
        } else if let Some(filter) = filters.remove(&path) {
            skipped.push(Skipped { path, reason: Reason::Filtered(filter) });
        } else {
            added.push(path);
        }
    }
    added.retain(|path| {
        let readable = is_readable(top, path);
        if !readable {
            skipped.push(Skipped { path: path.clone(), reason: Reason::Unreadable });
        }
        readable
    });
    update(source, &["--force-remove"], &removed)?;
    update(source, &["--add", "--replace"], &added)?;
    Ok(skipped)
}

fn update(source: &Source, options: &[&str], paths: &[PathBuf]) -> Result<(), Trouble> {
    if paths.is_empty() {
        return Ok(());
    }
    let call = source.call_on_files().args(["update-index", "-z"]).args(options).args(["--stdin"]);
    call.input(ended(paths)).output("take the changed files").map(drop)
}

/// Lets git look at files again whose times say that they may have changed.
pub(super) fn refresh(source: &Source) -> Result<(), Trouble> {
    // That something has changed is no failure here.
    let args = ["update-index", "-q", "--refresh", "--ignore-submodules"];
    source.call_on_files().args(args).answer().map(drop)
}

/// The tracked files that differ from a commit, or else from the index. The index must be fresh.
pub(super) fn changed(source: &Source, commit: Option<&str>) -> Result<BTreeMap<PathBuf, Change>, Trouble> {
    changes_of(source, source.call_on_files(), commit)
}

fn changes_of(
    source: &Source,
    call: Call,
    commit: Option<&str>,
) -> Result<BTreeMap<PathBuf, Change>, Trouble> {
    let mut args = vec![if commit.is_some() { "diff-index" } else { "diff-files" }];
    args.extend(["-z", "--name-status", "--no-renames", "--ignore-submodules=all"]);
    args.extend(commit);
    args.push("--");
    let out = call.args(args).output("compare the folder with its last commit")?;
    let mut found = BTreeMap::new();
    let mut parts = zero_ended(&out);
    while let (Some(status), Some(path)) = (parts.next(), parts.next()) {
        let path = path_of(path);
        let change = match status {
            b"A" => Change::New,
            b"D" => Change::Deleted,
            // A file in conflict stands for what is in the folder now.
            b"U" if source.top().is_some_and(|it| it.join(&path).symlink_metadata().is_err()) => {
                Change::Deleted
            }
            _ => Change::Changed,
        };
        found.insert(path, change);
    }
    Ok(found)
}

/// Files that git does not know and does not ignore. A path that ends with `/` is a repository of its own, or, when
/// `options` ask for it, any folder.
pub(super) fn untracked(source: &Source, options: &[&str]) -> Result<Vec<PathBuf>, Trouble> {
    let args = ["ls-files", "-z", "--others", "--exclude-standard"];
    let out = source.call_on_files().args(args).args(options).output("list the new files")?;
    Ok(zero_ended(&out).map(path_of).collect())
}

/// Splits changed files in those that are known to have changed, and those of which only a filter could tell.
///
/// Of the latter, those whose times and sizes are still as git has noted them are no change.
pub(super) fn sort_out(
    source: &Source,
    changed: BTreeMap<PathBuf, Change>,
) -> Result<(BTreeMap<PathBuf, Change>, Vec<Skipped>), Trouble> {
    let filters = filtered(source, changed.keys())?;
    if filters.is_empty() {
        return Ok((changed, Vec::new()));
    }
    let touched = changes_of(source, source.call_believing(), None)?;
    let mut skipped = Vec::new();
    let known = changed.into_iter().filter(|(path, change)| {
        let Some(filter) = filters.get(path).filter(|_| *change != Change::Deleted) else { return true };
        if touched.contains_key(path) || *change == Change::New {
            skipped.push(Skipped { path: path.clone(), reason: Reason::Filtered(filter.clone()) });
        }
        false
    });
    let known = known.collect();
    Ok((known, skipped))
}

/// Which of the paths go through a filter, such as Git LFS, and through which. Filters are programs of the user: they
/// are not run, so what is in the folder cannot be compared with what git holds.
fn filtered<'a>(
    source: &Source,
    paths: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<BTreeMap<PathBuf, String>, Trouble> {
    let input = ended(paths);
    if input.is_empty() {
        return Ok(BTreeMap::new());
    }
    let call = source.call_on_files().args(["check-attr", "-z", "--stdin", "filter"]);
    let out = call.input(input).output("read .gitattributes")?;
    let parts: Vec<&[u8]> = out.split(|it| *it == 0).collect();
    let set = |it: &&[&[u8]]| !matches!(it[2], b"unspecified" | b"unset" | b"set" | b"");
    let filters = parts.chunks_exact(3).filter(set);
    Ok(filters.map(|it| (path_of(it[0]), String::from_utf8_lossy(it[2]).into_owned())).collect())
}

fn ended<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Vec<u8> {
    paths.into_iter().flat_map(|it| bytes_of(it).into_iter().chain([0])).collect()
}

fn is_folder(path: &Path) -> bool {
    bytes_of(path).ends_with(b"/")
}

/// Pipes, sockets and devices cannot.
fn can_be_added(top: &Path, path: &Path) -> bool {
    let data = fs::symlink_metadata(top.join(path));
    data.is_ok_and(|it| it.is_file() || it.is_symlink())
}

fn is_readable(top: &Path, path: &Path) -> bool {
    let path = top.join(path);
    fs::symlink_metadata(&path).is_ok_and(|it| it.is_symlink()) || File::open(&path).is_ok()
}
