//! The files of git → the branches and tags that it knows. Reads them as git writes them, and starts no process.

use std::fs;
use std::path::{Path, PathBuf};

/// Where git keeps what it knows of a checked-out folder.
pub(crate) struct GitFolder {
    /// What is the checkout's own, above all its HEAD.
    own: PathBuf,
    /// What a linked worktree shares with the repository that it belongs to. Else the same.
    common: PathBuf,
}

impl GitFolder {
    /// That of `root`: its `.git`, or where the file `.git` of a worktree or submodule leads.
    pub(crate) fn of(root: &Path) -> Option<Self> {
        let own = own_folder(root)?;
        let common = match fs::read_to_string(own.join("commondir")) {
            Ok(path) => own.join(path.trim()),
            Err(_) => own.clone(),
        };
        Some(Self { own, common })
    }

    /// The branch that is checked out.
    pub(crate) fn branch(&self) -> Option<String> {
        symbolic(&self.own.join("HEAD"), "refs/heads/")
    }

    /// The branch that the forge shows first: what the remote says, else `main` or `master` if there is one, else the
    /// one that is checked out.
    pub(crate) fn default_branch(&self) -> Option<String> {
        let of_remote = symbolic(&self.common.join("refs/remotes/origin/HEAD"), "refs/remotes/origin/");
        let usual = || ["main", "master"].into_iter().find(|it| self.knows(&format!("refs/heads/{it}")));
        of_remote.or_else(|| usual().map(str::to_owned)).or_else(|| self.branch())
    }

    /// True when there is a branch of this name, here or at the remote `origin`.
    pub(crate) fn has_branch(&self, name: &str) -> bool {
        ["refs/heads/", "refs/remotes/origin/"].iter().any(|it| self.knows(&format!("{it}{name}")))
    }

    /// The names of the tags that are here. A clone may have left them on the server.
    pub(crate) fn tags(&self) -> Vec<String> {
        let of_line = |it: &str| Some(it.split_once(" refs/tags/")?.1.to_owned());
        let mut found: Vec<String> = self.packed().lines().filter_map(of_line).collect();
        let mut folders = vec![(self.common.join("refs/tags"), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(name) = entry.file_name().into_string() else { continue };
                let name = format!("{prefix}{name}");
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push((entry.path(), format!("{name}/"))),
                    Ok(kind) if kind.is_file() => found.push(name),
                    _ => {}
                }
            }
        }
        found
    }

    /// The settings of the repository, as git writes them; empty where there are none.
    pub(crate) fn config(&self) -> String {
        fs::read_to_string(self.common.join("config")).unwrap_or_default()
    }

    /// True when the ref is there, in a file of its own or in the packed list.
    fn knows(&self, full: &str) -> bool {
        self.common.join(full).is_file() || self.packed().lines().any(|it| it.split(' ').nth(1) == Some(full))
    }

    /// The list of refs that have no file of their own.
    fn packed(&self) -> String {
        fs::read_to_string(self.common.join("packed-refs")).unwrap_or_default()
    }
}

fn own_folder(root: &Path) -> Option<PathBuf> {
    let path = root.join(".git");
    if path.is_dir() {
        return Some(path);
    }
    let pointer = fs::read_to_string(path).ok()?;
    Some(root.join(pointer.strip_prefix("gitdir:")?.trim()))
}

/// The branch that a file such as HEAD names.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays down a file below `root`.
    fn put(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_default_branch_is_the_remotes_then_a_usual_one_then_the_own() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let default = || GitFolder::of(root).unwrap().default_branch();
        assert!(GitFolder::of(root).is_none());
        put(root, ".git/HEAD", "ref: refs/heads/work\n");
        assert_eq!(default().as_deref(), Some("work"));
        put(
            root,
            ".git/packed-refs",
            "# pack-refs with: peeled\n0123 refs/heads/my/main\n4567 refs/heads/master\n",
        );
        assert_eq!(default().as_deref(), Some("master"), "packed, and `my/main` is another one");
        put(root, ".git/refs/heads/main", "89ab\n");
        assert_eq!(default().as_deref(), Some("main"));
        put(root, ".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
        assert_eq!(default().as_deref(), Some("trunk"));
    }

    #[test]
    fn a_linked_worktree_has_its_own_head_and_the_branches_of_its_repository() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "one/.git/HEAD", "ref: refs/heads/trunk\n");
        put(folder.path(), "one/.git/refs/heads/side", "0123\n");
        put(folder.path(), "one/.git/worktrees/two/HEAD", "ref: refs/heads/side\n");
        put(folder.path(), "one/.git/worktrees/two/commondir", "../..\n");
        put(folder.path(), "two/.git", "gitdir: ../one/.git/worktrees/two\n");
        let git = GitFolder::of(&folder.path().join("two")).unwrap();
        assert_eq!(git.branch().as_deref(), Some("side"));
        assert_eq!(git.default_branch().as_deref(), Some("side"), "neither `main` nor `master` is there");
        assert!(git.has_branch("side") && !git.has_branch("sid"));
    }
}
