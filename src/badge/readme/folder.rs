//! A project's folder → its small texts. What is large, a link that leads out, or no text is not there.

use std::fs;
use std::path::{Path, PathBuf};

/// More is no settings file and no README.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The folder of a project.
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.root.join(name).is_file()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        let path = self.root.join(name);
        let small = fs::metadata(&path).is_ok_and(|it| it.is_file() && it.len() <= MOST_BYTES);
        let text = small.then(|| fs::read_to_string(path).ok()).flatten()?;
        Some(text.trim_start_matches('\u{feff}').to_owned())
    }

    /// The names of the files right in it, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let files = entries.filter(|it| it.path().is_file());
        let mut names: Vec<String> = files.filter_map(|it| it.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// The paths of the files one folder below, and of those below `src/`, in order.
    pub(super) fn below(&self) -> Vec<String> {
        let inside = |above: &str| {
            let folders = fs::read_dir(self.root.join(above)).into_iter().flatten().flatten();
            let folders = folders.filter(|it| it.file_type().is_ok_and(|it| it.is_dir()));
            let names = folders.filter_map(|it| it.file_name().into_string().ok());
            names.map(|it| format!("{above}{it}/")).collect::<Vec<_>>()
        };
        let files = |folder: String| {
            let names = Self::new(&self.root.join(&folder)).names();
            names.into_iter().map(move |it| format!("{folder}{it}"))
        };
        let mut paths: Vec<String> = inside("").into_iter().chain(inside("src/")).flat_map(files).collect();
        paths.sort();
        paths
    }

    /// The text of the README, whatever its markup.
    pub(super) fn readme(&self) -> Option<String> {
        let name = self.names().into_iter().find(|it| it.to_ascii_lowercase().starts_with("readme"))?;
        self.text(&name)
    }
}
