//! What is where while a pipeline is rehearsed: files, Python environments, and what went away with a container.
//!
//! A path is kept with the place that it lives in: the workspace and volumes outlive a container, all else does not.

use std::collections::{BTreeMap, BTreeSet};

use crate::course::rehearse::state::UNKNOWN;

/// Where a path lives, and the path inside that place: `workspace:/tests`, `volume cache:/x`, `container:/opt`.
pub(super) type Key = String;

const CONTAINER: &str = "container:";

/// Where paths of one container live.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// The folder of the repository.
    pub(super) workspace: String,
    /// Path in the container → name of the volume.
    pub(super) mounts: Vec<(String, String)>,
}

/// A place for Python packages that is not the image's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Env {
    /// Package → the step that installed it.
    pub(super) packages: BTreeMap<String, String>,
    /// True for a virtual environment: it has its own `python` and `pip`.
    pub(super) venv: bool,
    /// True for a virtual environment that also sees what the image's Python has.
    pub(super) system: bool,
    /// The Python that made it, where the image says.
    pub(super) python: Option<(u32, u32)>,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// Files, as keys.
    pub(super) files: BTreeSet<Key>,
    /// What is known of the text of files that commands have written.
    pub(super) contents: BTreeMap<Key, String>,
    /// Texts of programs that ran and are not followed; [`UNKNOWN`] for a file whose name is not known.
    pub(super) unread: BTreeSet<String>,
    /// Environments, by the key of their folder.
    pub(super) envs: BTreeMap<Key, Env>,
    /// The image's own Python: package → the step that installed it.
    pub(super) base: BTreeMap<String, String>,
    /// Packages of the image's own Python whose programs are in its `bin`.
    pub(super) scripts: BTreeSet<String>,
    /// Programs that a package manager of the container put there.
    pub(super) tools: BTreeSet<String>,
    /// Roles of programs that listen in this container, in the background.
    pub(super) listening: BTreeSet<String>,
    /// Roles of programs that this container listens with for as long as the pipeline goes on.
    pub(super) serving: BTreeSet<String>,
    /// The key of a file → the step whose container it went away with.
    pub(super) lost_files: BTreeMap<Key, String>,
    /// Package → the step whose container it went away with.
    pub(super) lost: BTreeMap<String, String>,
    /// The key of an environment → the step whose container it went away with.
    pub(super) lost_envs: BTreeMap<Key, String>,
}

impl Layout {
    /// The key of an absolute path.
    pub(super) fn key(&self, path: &str) -> Key {
        let path = clean(path);
        let mounts = self.mounts.iter().map(|(at, volume)| (at.as_str(), format!("volume {volume}:")));
        let workspace = std::iter::once((self.workspace.as_str(), "workspace:".to_owned()));
        let inside = |(at, place): (&str, String)| {
            let rest = path.strip_prefix(at.trim_end_matches('/'))?;
            (rest.is_empty() || rest.starts_with('/')).then(|| (at.len(), format!("{place}{rest}")))
        };
        let nearest = mounts.chain(workspace).filter_map(inside).max_by_key(|(length, _)| *length);
        nearest.map_or_else(|| format!("{CONTAINER}{path}"), |(_, key)| key)
    }
}

impl World {
    /// The repository as a clone holds it.
    pub(super) fn new<'a>(committed: impl Iterator<Item = &'a String>) -> Self {
        Self { files: committed.map(|it| format!("workspace:/{it}")).collect(), ..Self::default() }
    }

    /// What the workspace holds, relative to it.
    pub(super) fn workspace(&self) -> BTreeSet<String> {
        self.files.iter().filter_map(|it| it.strip_prefix("workspace:/")).map(str::to_owned).collect()
    }

    /// A container begins. `site` is where its Python keeps packages: a volume may hold what an earlier one left there.
    pub(super) fn begin_container(&mut self, site: &Key) {
        if !site.starts_with(CONTAINER) {
            self.base = self.envs.remove(site).map(|it| it.packages).unwrap_or_default();
        }
    }

    /// The container of a step goes, with all that is in it.
    pub(super) fn end_container(&mut self, step: &str, site: &Key) {
        let base = std::mem::take(&mut self.base);
        if site.starts_with(CONTAINER) {
            self.lost.extend(base);
        } else {
            self.envs.insert(site.clone(), Env { packages: base, ..Env::default() });
        }
        self.scripts.clear();
        self.tools.clear();
        self.listening.clear();
        let gone = self.files.iter().filter(|it| it.starts_with(CONTAINER));
        self.lost_files.extend(gone.map(|it| (it.clone(), step.to_owned())));
        self.files.retain(|it| !it.starts_with(CONTAINER));
        let (gone, kept): (BTreeMap<_, _>, _) =
            std::mem::take(&mut self.envs).into_iter().partition(|(key, _)| key.starts_with(CONTAINER));
        self.envs = kept;
        self.lost_envs.extend(gone.keys().map(|it| (it.clone(), step.to_owned())));
        self.lost.extend(gone.into_values().flat_map(|it| it.packages));
    }

    /// True when the file, or something in the folder, is there.
    pub(super) fn has(&self, key: &str) -> bool {
        let folder = format!("{}/", key.trim_end_matches('/'));
        self.files.contains(key)
            || self.files.range(folder.clone()..).next().is_some_and(|it| it.starts_with(&folder))
            || self
                .envs
                .range(key.to_owned()..)
                .next()
                .is_some_and(|(it, _)| it == key || it.starts_with(&folder))
    }

    /// True when it is not known whether the file is there: a program that is not followed speaks of it.
    pub(super) fn may_hold(&self, key: &str) -> bool {
        let name = key.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
        !self.has(key)
            && key.starts_with("workspace:")
            && self.unread.iter().any(|it| it.contains(UNKNOWN) || it.contains(name))
    }

    /// Takes away a file, or a folder with all that is in it.
    pub(super) fn remove(&mut self, key: &str) {
        let folder = format!("{}/", key.trim_end_matches('/'));
        self.files.retain(|it| it != key && !it.starts_with(&folder));
        self.envs.retain(|it, _| it != key && !it.starts_with(&folder));
    }
}

/// The path without `.`, `..` and doubled slashes.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// `path` as seen from the folder `from`.
pub(super) fn join(from: &str, path: &str) -> String {
    match path {
        _ if path.starts_with('/') => clean(path),
        "~" => "/root".into(),
        _ if path.starts_with("~/") => clean(&format!("/root/{}", &path[2..])),
        _ => clean(&format!("{from}/{path}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lives_in_the_workspace_a_volume_or_the_container() {
        let mounts =
            vec![("/drone/src/cache".to_owned(), "shared".to_owned()), ("/opt".to_owned(), "opt".to_owned())];
        let layout = Layout { workspace: "/drone/src".into(), mounts };
        let cases = [
            ("/drone/src/.venv", "workspace:/.venv"),
            ("/drone/src/cache/x", "volume shared:/x"),
            ("/drone/src2", "container:/drone/src2"),
            ("/opt/venv/../venv", "volume opt:/venv"),
            ("/root/.local", "container:/root/.local"),
        ];
        for (path, key) in cases {
            assert_eq!(layout.key(path), key);
        }
    }

    #[test]
    fn what_lies_in_the_container_goes_with_it_and_is_remembered() {
        let mut world = World::default();
        let with = |package: &str| Env {
            packages: [(package.to_owned(), "one".to_owned())].into(),
            ..Env::default()
        };
        world.envs.insert("workspace:/.venv".into(), with("pytest"));
        world.envs.insert("container:/opt/venv".into(), with("twine"));
        world.end_container("one", &"container:/usr".into());
        assert_eq!(world.envs.keys().collect::<Vec<_>>(), ["workspace:/.venv"]);
        assert_eq!(world.lost.get("twine"), Some(&"one".to_owned()));
        assert_eq!(world.lost_envs.get("container:/opt/venv"), Some(&"one".to_owned()));
    }
}
