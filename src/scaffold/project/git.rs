//! The files of git → the default branch. Reads them as git writes them, and starts no process.

use std::fs;
use std::path::{Path, PathBuf};

/// The default branch: what the remote says, else `main` or `master` if there is one, else the branch one is on.
pub(crate) fn default_branch(root: &Path) -> Option<String> {
    let git = git_folder(root)?;
    let packed = fs::read_to_string(git.join("packed-refs")).unwrap_or_default();
    let known = |name: &&str| {
        git.join("refs/heads").join(name).exists()
            || packed.lines().any(|it| it.strip_suffix(*name).is_some_and(|it| it.ends_with("refs/heads/")))
    };
    let of_remote = symbolic(&git.join("refs/remotes/origin/HEAD"), "refs/remotes/origin/");
    let usual = || ["main", "master"].iter().find(|it| known(it)).map(|it| (*it).to_owned());
    of_remote.or_else(usual).or_else(|| symbolic(&git.join("HEAD"), "refs/heads/"))
}

/// The folder `.git`, or where the file `.git` of a worktree or submodule leads.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let path = root.join(".git");
    if path.is_dir() {
        return Some(path);
    }
    let pointer = fs::read_to_string(path).ok()?;
    let folder = root.join(pointer.strip_prefix("gitdir:")?.trim());
    // A worktree shares the branches of the repository that it belongs to.
    match fs::read_to_string(folder.join("commondir")) {
        Ok(common) => Some(folder.join(common.trim())),
        Err(_) => Some(folder),
    }
}

fn symbolic(file: &Path, prefix: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let name = text.strip_prefix("ref:")?.trim().strip_prefix(prefix)?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// True for a repository without files of its own: what a server keeps.
pub(crate) fn is_bare(root: &Path) -> bool {
    root.join("HEAD").is_file()
        && root.join("objects").is_dir()
        && root.join("refs").is_dir()
        && !root.join(".git").exists()
}
