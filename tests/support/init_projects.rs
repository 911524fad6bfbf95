//! For tests of `ciworkshop init`: the projects of `tests/init_projects`.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of all projects, by name.
pub fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects");
    let all = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut found: Vec<_> = all.filter(|it| it.is_dir()).collect();
    found.sort();
    found
}

/// The name of a project.
pub fn name_of(fixture: &Path) -> String {
    fixture.file_name().unwrap().to_string_lossy().into_owned()
}

/// Lays the files of a folder down. Names that begin with `_` stand for those that tools look for.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let name = match name.strip_prefix('_') {
            Some("Cargo.toml") => "Cargo.toml".to_owned(),
            Some("config.yml" | "default") => name,
            Some(rest) if !rest.starts_with('_') => format!(".{rest}"),
            _ => name,
        };
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}
