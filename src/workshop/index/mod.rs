//! The course's own Python packages, in `packages/` → a folder that pip installs from without a network (PEP 503).
//! Nothing is fetched, and nothing outside the given folder is written.

mod wheel;
mod zip;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::engine::course::Files;
use crate::run::shelf::normalized;
use crate::workshop::{Trouble, material};

static PACKAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/packages");

/// The packages that runs of the course can install.
#[derive(Clone, Debug, Default)]
pub struct Index {
    packages: BTreeMap<String, Package>,
}

/// A package: the same code under several versions.
#[derive(Clone, Debug)]
struct Package {
    about: About,
    /// What is installed, by path in `site-packages`.
    files: Files,
}

/// `package.yml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    summary: String,
    versions: Vec<String>,
    #[serde(default)]
    commands: BTreeMap<String, String>,
}

impl Index {
    /// What is built into the program.
    pub fn embedded() -> Result<Self, Trouble> {
        Self::read(&material::files(&PACKAGES))
    }

    /// Reads paths such as `pytest/package.yml` and `pytest/pytest/__init__.py`.
    pub fn read(all: &Files) -> Result<Self, Trouble> {
        let mut index = Self::default();
        for (path, text) in all {
            let Some(name) = path.strip_suffix("/package.yml") else { continue };
            let about = serde_yaml::from_slice(text).map_err(|error| broken(path, &error.to_string()))?;
            let inside = all.iter().filter_map(|(path, content)| {
                let path = path.strip_prefix(name)?.strip_prefix('/')?;
                let made = path.contains("__pycache__") || path == "package.yml";
                (!made).then(|| (path.to_owned(), content.clone()))
            });
            index.packages.insert(name.to_owned(), Package { about, files: inside.collect() });
        }
        Ok(index)
    }

    /// Writes `simple/`, with a page for each package and the wheels beside it, into the folder. The same index gives
    /// the same bytes.
    pub fn write(&self, folder: &Path) -> Result<(), Trouble> {
        let simple = folder.join("simple");
        for (name, package) in &self.packages {
            let here = simple.join(name);
            make(&here)?;
            let mut links = String::new();
            for version in &package.about.versions {
                let wheel = wheel::file_name(name, version);
                put(&here.join(&wheel), &wheel::wheel(name, version, &package.about, &package.files))?;
                let _ = writeln!(links, "<a href=\"{wheel}\">{wheel}</a><br>");
            }
            put(&here.join("index.html"), page(&links).as_bytes())?;
        }
        let links: String =
            self.packages.keys().map(|it| format!("<a href=\"{it}/\">{it}</a><br>\n")).collect();
        put(&simple.join("index.html"), page(&links).as_bytes())
    }

    /// The versions of a package; `None` where the index does not have it.
    #[must_use]
    pub fn versions(&self, name: &str) -> Option<&[String]> {
        Some(&self.packages.get(&normalized(name))?.about.versions)
    }
}

/// What makes pip (and uv) install from the index and from nowhere else. `seen_at` is the folder that [`Index::write`]
/// filled, as the step sees it.
#[must_use]
pub fn environment(seen_at: &str) -> Vec<(String, String)> {
    let address = format!("file://{}/simple", escaped(seen_at));
    let pairs = [
        ("PIP_INDEX_URL", address.as_str()),
        // A file of the machine may name other indexes.
        ("PIP_CONFIG_FILE", "/dev/null"),
        ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
        ("PIP_NO_CACHE_DIR", "1"),
        ("PIP_NO_INPUT", "1"),
        ("PIP_ROOT_USER_ACTION", "ignore"),
        ("UV_DEFAULT_INDEX", address.as_str()),
        ("UV_PYTHON_DOWNLOADS", "never"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// A path as an address holds it.
fn escaped(path: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"/-_.~:".contains(&it);
    let one = |it: u8| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    path.bytes().map(one).collect()
}

fn page(links: &str) -> String {
    format!("<!DOCTYPE html>\n<title>Packages of the workshop</title>\n{links}")
}

fn make(folder: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(folder).map_err(|error| Trouble::with_path("be created", folder, &error))
}

fn put(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    fs::write(path, content).map_err(|error| Trouble::with_path("be written", path, &error))
}

fn broken(path: &str, why: &str) -> Trouble {
    let message = format!("the packages that are built into this program are broken: {path}: {why}");
    Trouble::could_not(message, "this is a fault of ciworkshop; use another version of it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_pip_compares_them() {
        let index = Index::embedded().unwrap();
        assert!(index.versions("PyTest").unwrap().contains(&"8.4.2".to_owned()));
        assert_eq!(index.versions("no_such.package"), None);
        assert_eq!(normalized("A__b.-c"), "a-b-c");
    }

    #[test]
    fn the_same_index_gives_the_same_bytes() {
        let written = || {
            let folder = tempfile::tempdir().unwrap();
            Index::embedded().unwrap().write(folder.path()).unwrap();
            let wheel = folder.path().join("simple/pytest/pytest-8.4.2-py3-none-any.whl");
            fs::read(wheel).unwrap()
        };
        assert_eq!(written(), written());
    }

    #[test]
    fn an_address_has_no_blanks() {
        let address = environment("/a b/ü").into_iter().find(|it| it.0 == "PIP_INDEX_URL").unwrap().1;
        assert_eq!(address, "file:///a%20b/%C3%BC/simple");
    }

    #[test]
    fn a_package_that_says_nothing_of_its_versions_is_named() {
        let files = Files::from([("x/package.yml".to_owned(), b"summary: x".to_vec())]);
        assert!(Index::read(&files).unwrap_err().message.contains("x/package.yml"));
    }
}
