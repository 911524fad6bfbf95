//! The environment → the folders that this program keeps between runs. Makes none of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::run::shelf::Shelf;

/// Where things are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
}

impl Places {
    /// Below `CIWORKSHOP_CACHE`, or else the user's folder for caches.
    #[must_use]
    pub fn of(variables: &BTreeMap<String, String>) -> Self {
        let set = |name: &str| variables.get(name).filter(|it| !it.is_empty()).map(PathBuf::from);
        let cache = || {
            let home = set("HOME").or_else(|| set("USERPROFILE"));
            let usual = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
            set("XDG_CACHE_HOME")
                .filter(|it| it.is_absolute())
                .or_else(|| set("LOCALAPPDATA"))
                .or_else(|| home.map(|it| it.join(usual)))
                .unwrap_or_else(std::env::temp_dir)
                .join("ciworkshop")
        };
        Self { root: set("CIWORKSHOP_CACHE").unwrap_or_else(cache) }
    }

    /// The folders of runs.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// What a backend makes once and uses again.
    #[must_use]
    pub fn cache(&self) -> PathBuf {
        self.root.join("machines")
    }

    /// What rehearsed releases of a project deliver.
    #[must_use]
    pub fn shelf(&self, project: &Path) -> Shelf {
        Shelf::of_project(&self.root, project)
    }

    /// The folder with what the last run of each project gave.
    #[must_use]
    pub fn last_runs(&self) -> PathBuf {
        self.root.join("last")
    }

    /// What the last run of a project gave.
    #[must_use]
    pub fn last_run(&self, project: &Path) -> PathBuf {
        self.last_runs().join(one_name(project) + ".json")
    }
}

/// Names of files end at 255 bytes; the end of a path says more than its beginning.
const MOST: usize = 200;

/// A path as one name: readable, and different for different paths.
fn one_name(path: &Path) -> String {
    use std::fmt::Write;
    let mut name = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'\\' => name.push('+'),
            it if it.is_ascii_alphanumeric() || b"._-".contains(it) => name.push(char::from(*it)),
            it => {
                let _ = write!(name, "%{it:02x}");
            }
        }
    }
    if name.len() <= MOST {
        return name;
    }
    let sum = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, it| (sum ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}-{}", &name[name.len() - MOST..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_environment_says() {
        let of = |pairs: &[(&str, &str)]| {
            let variables = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            Places::of(&variables).runs()
        };
        assert_eq!(of(&[("CIWORKSHOP_CACHE", "/x"), ("HOME", "/h")]), Path::new("/x/runs"));
        assert_eq!(of(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), Path::new("/c/ciworkshop/runs"));
        #[cfg(target_os = "linux")]
        assert_eq!(of(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]), Path::new("/h/.cache/ciworkshop/runs"));
    }

    #[test]
    fn different_projects_have_different_names() {
        let long = "/a".repeat(300);
        let names: std::collections::BTreeSet<String> =
            ["/a/b", "/a+b", "/a b", "/ä", &long, &format!("/b{long}")]
                .map(|it| one_name(Path::new(it)))
                .into();
        assert_eq!(names.len(), 6);
        assert!(names.iter().all(|it| it.len() <= 255 && !it.contains('/')));
    }
}
