//! The variables of a person → where a program is. Looks at files only, and starts nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folders of `PATH`, without those that depend on the working folder.
pub(super) fn folders(variables: &BTreeMap<String, String>) -> impl Iterator<Item = PathBuf> {
    let path = variables.get("PATH").map(String::as_str).unwrap_or_default();
    std::env::split_paths(path).filter(|it| it.is_absolute())
}

/// The program of this name in a folder, if there is one.
pub(super) fn in_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    is_program(&path).then_some(path)
}

/// The first program of this name in `PATH`.
pub(super) fn in_path(variables: &BTreeMap<String, String>, name: &str) -> Option<PathBuf> {
    folders(variables).find_map(|it| in_folder(&it, name))
}

/// True for a file that can be run.
#[cfg(unix)]
pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

/// True for a file that can be run.
#[cfg(not(unix))]
pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}
