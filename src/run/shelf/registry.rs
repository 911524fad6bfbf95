//! Packed JavaScript packages → a registry that `npm` reads when it is served.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::run::Trouble;
use crate::run::shelf::packages::read;
use crate::run::shelf::{NotPlaced, OpenShelf, SafeName, SafePath, Staged, put};

const DOCUMENT: &str = "packument.json";

/// A packed package.
#[derive(Clone, Debug)]
pub(crate) struct Tarball {
    /// Its name, with `@scope/` if it has one.
    pub(crate) name: SafePath,
    /// Its version.
    pub(crate) version: SafeName,
    /// The tag that points to it: `latest`, usually.
    pub(crate) tag: String,
    /// Its `package.json`.
    pub(crate) manifest: Map<String, Value>,
    /// Its content.
    pub(crate) staged: Staged,
    /// The SHA-1 of it, in hexadecimal digits.
    pub(crate) shasum: String,
    /// The SHA-512 of it, as `npm` writes it.
    pub(crate) integrity: String,
}

/// All that a registry says of a package. Addresses of files are relative to the registry.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Packument {
    /// Its name.
    pub name: String,
    /// Tags and the versions that they point to.
    #[serde(rename = "dist-tags")]
    pub tags: BTreeMap<String, String>,
    /// Each version's `package.json`, with `dist`.
    pub versions: BTreeMap<String, Value>,
}

impl Packument {
    /// Reads the document in a package's folder; `None` when there is none.
    pub fn in_folder(folder: &Path) -> Result<Option<Self>, Trouble> {
        let document: Self = read(&folder.join(DOCUMENT))?;
        Ok((!document.name.is_empty()).then_some(document))
    }

    /// With addresses that `npm` can ask for. `base` ends with `/`.
    #[must_use]
    pub fn served_at(mut self, base: &str) -> Self {
        for version in self.versions.values_mut() {
            if let Some(Value::String(tarball)) = version.pointer_mut("/dist/tarball") {
                *tarball = format!("{base}{tarball}");
            }
        }
        self
    }
}

impl OpenShelf<'_> {
    /// Puts a version into the registry. It must not be there: a registry never takes a second one.
    pub(crate) fn add_tarball(&self, mut tarball: Tarball) -> Result<String, NotPlaced> {
        let folder = tarball.name.below(&self.root().join("npm"));
        let mut document: Packument = read(&folder.join(DOCUMENT))?;
        let version = tarball.version.to_string();
        if document.versions.contains_key(&version) {
            return Err(NotPlaced::Taken(format!("{}@{version}", tarball.name)));
        }
        let last = tarball.name.names().last().map(ToString::to_string).unwrap_or_default();
        let file = SafeName::of(&format!("{last}-{version}.tgz"))?;
        put::rename(&tarball.staged.path, &folder.join("-").join(&file))?;
        let dist = serde_json::json!({
            "tarball": format!("{}/-/{file}", tarball.name),
            "shasum": tarball.shasum,
            "integrity": tarball.integrity,
        });
        tarball.manifest.insert("dist".into(), dist);
        document.name = tarball.name.to_string();
        document.versions.insert(version.clone(), Value::Object(tarball.manifest));
        document.tags.insert(tarball.tag, version.clone());
        // A registry always has the tag that `npm install NAME` asks for.
        document.tags.entry("latest".into()).or_insert(version);
        put::json(&folder.join(DOCUMENT), &document)?;
        Ok(format!("npm/{}/", tarball.name))
    }

    /// True when the registry has the version.
    pub(crate) fn has_tarball(&self, name: &SafePath, version: &str) -> Result<bool, Trouble> {
        let folder = name.below(&self.root().join("npm"));
        Ok(Packument::in_folder(&folder)?.is_some_and(|it| it.versions.contains_key(version)))
    }
}
