//! Names that come out of a workspace, a file or a build → names that stay where they are put, or a reason why not.

use std::fmt;
use std::path::{Path, PathBuf};

/// Longer names are refused by the usual file systems.
const LONGEST: usize = 200;
/// More folders in one another than anything sensible has.
const DEEPEST: usize = 32;

/// Why a name is not taken. In words that go behind the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` {why}")]
pub struct Refused {
    name: String,
    why: &'static str,
}

impl Refused {
    pub(crate) fn new(name: &str, why: &'static str) -> Self {
        let shown: String = name.chars().map(|it| if it.is_control() { '?' } else { it }).take(100).collect();
        Self { name: shown, why }
    }
}

/// The name of one file or folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeName(String);

impl SafeName {
    /// The name, when it is one.
    pub fn of(name: &str) -> Result<Self, Refused> {
        match fault(name) {
            Some(why) => Err(Refused::new(name, why)),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<Path> for SafeName {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("is no name");
    }
    if name == "." || name == ".." {
        return Some("leads to another folder");
    }
    if name.len() > LONGEST {
        return Some("is longer than a name may be");
    }
    if name.chars().any(|it| it.is_control() || it == '/' || it == '\\') {
        return Some("holds a character that no name may hold");
    }
    #[cfg(windows)]
    if name.contains(['<', '>', ':', '"', '|', '?', '*']) || name.ends_with(['.', ' ']) {
        return Some("is no name on Windows");
    }
    None
}

/// A path with `/` that goes only downwards. It has at least one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafePath(Vec<SafeName>);

impl SafePath {
    /// The path, when all its names are. Leading, trailing and doubled `/`, and `.`, mean nothing.
    pub fn of(path: &str) -> Result<Self, Refused> {
        let names: Result<Vec<SafeName>, Refused> =
            path.split('/').filter(|it| !it.is_empty() && *it != ".").map(SafeName::of).collect();
        let names = names.map_err(|it| Refused::new(path, it.why))?;
        match names.len() {
            0 => Err(Refused::new(path, "is no name")),
            length if length > DEEPEST => Err(Refused::new(path, "lies too deep")),
            _ => Ok(Self(names)),
        }
    }

    /// Below a folder.
    #[must_use]
    pub fn below(&self, folder: &Path) -> PathBuf {
        self.0.iter().fold(folder.to_owned(), |folder, name| folder.join(name))
    }

    /// Its names.
    #[must_use]
    pub fn names(&self) -> &[SafeName] {
        &self.0
    }
}

impl fmt::Display for SafePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(SafeName::as_str).collect();
        f.write_str(&names.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", ".", "..", "a/b", "a\\b", "a\0b", "a\nb", "\u{1b}[2J", &"x".repeat(201)] {
            assert!(SafeName::of(name).is_err(), "{name:?}");
        }
        for path in ["", "/", ".", "../x", "a/../../b", "a/..", "/a/../b", &"a/".repeat(40)] {
            assert!(SafePath::of(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_path_goes_only_downwards() {
        let path = SafePath::of("/a//./b.c/").unwrap();
        assert_eq!(path.to_string(), "a/b.c");
        assert_eq!(path.below(Path::new("/x")), Path::new("/x/a/b.c"));
    }

    #[test]
    fn a_refused_name_is_shown_without_what_a_terminal_would_obey() {
        assert_eq!(
            SafeName::of("\u{1b}[2J").unwrap_err().to_string(),
            "`?[2J` holds a character that no name may hold"
        );
    }
}
