//! A file of secrets → whether git would hand it to everybody, and whether others can read it. Asks git, and runs no
//! program that the repository names.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::Trouble;

/// Refuses a file that is part of a repository.
pub(super) fn refuse(path: &Path) -> Result<(), Trouble> {
    // A name can look like a pattern, which would find other files.
    if ask(path, &["--literal-pathspecs", "ls-files", "--error-unmatch"]) != Some(0) {
        return Ok(());
    }
    let shown = path.display();
    Err(Trouble::new(
        format!("git tracks {shown}: whoever gets the repository gets its secrets, also from older commits"),
        format!(
            "take it out with `git rm --cached {shown}`, write its name in .gitignore, commit, and replace the values \
             where they are used: the old ones are known"
        ),
    ))
}

/// What the user should know about the file.
pub(super) fn notes(path: &Path) -> Vec<String> {
    let shown = path.display();
    let mut notes = Vec::new();
    // 1 is git's word for a file that it does not ignore; in no repository it has another.
    if ask(path, &["check-ignore", "-q"]) == Some(1) {
        notes.push(format!(
            "{shown} is not ignored by git: the next `git add .` takes it in. Write it in .gitignore."
        ));
    }
    if others_can_read(path) {
        notes.push(format!(
            "Others on this computer can read {shown}. Keep it for yourself: chmod 600 {shown}"
        ));
    }
    notes
}

/// The exit code of a question about a file. `None` without git.
fn ask(path: &Path, question: &[&str]) -> Option<i32> {
    // Git knows the file behind a link by its own name.
    let file = path.canonicalize().ok()?;
    let (folder, name) = (file.parent()?, file.file_name()?);
    let mut command = git(folder);
    command.args(question).arg("--").arg(PathBuf::from(".").join(name));
    command.status().ok()?.code()
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .arg("--no-optional-locks")
        // The monitor is a program that the repository names; with it off, these questions start none. So it does no
        // harm that the folder belongs to somebody else, and a file in it is as public.
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // In a hook of git these name another repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES"] {
        command.env_remove(name);
    }
    command
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}
