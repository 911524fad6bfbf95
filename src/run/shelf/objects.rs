//! Files for a store → a folder for each bucket, and beside it what the store would say of each file when it hands it
//! out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::run::shelf::packages::read;
use crate::run::shelf::{NotPlaced, OpenShelf, SafeName, SafePath, Shelf, Staged, put, remove};

/// What a store says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectHeaders {
    /// `Content-Type`
    pub content_type: String,
    /// `Content-Encoding`; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_encoding: String,
    /// `Cache-Control`; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cache_control: String,
    /// Who may read it, in the store's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acl: Vec<String>,
    /// More that is kept with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// A file for a store.
#[derive(Clone, Debug)]
pub(crate) struct BucketObject {
    /// Its key.
    pub(crate) key: SafePath,
    /// Its content.
    pub(crate) staged: Staged,
    /// What is said of it.
    pub(crate) headers: ObjectHeaders,
}

/// Files for a bucket.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    /// The bucket.
    pub(crate) bucket: SafeName,
    /// The files.
    pub(crate) files: Vec<BucketObject>,
    /// When given, files of the bucket below this key (all when it is empty) that are not among them are removed.
    pub(crate) only_these_below: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Listed {
    version: u32,
    objects: BTreeMap<String, Object>,
}

#[derive(Serialize, Deserialize)]
struct Object {
    bytes: u64,
    sha256: String,
    #[serde(flatten)]
    headers: ObjectHeaders,
}

impl OpenShelf<'_> {
    /// Puts files into a bucket. A file that is there is replaced, as in a store. The keys that were removed are given.
    pub(crate) fn add_objects(&self, order: Objects) -> Result<Vec<String>, NotPlaced> {
        let folder = self.root().join("buckets").join(&order.bucket);
        let list = self.root().join("objects").join(format!("{}.json", order.bucket));
        let mut listed: Listed = read(&list)?;
        if let Some(key) = order.files.iter().find_map(|it| clash(&folder, &it.key)) {
            return Err(NotPlaced::Taken(key));
        }
        let removed = drop_others(&folder, &mut listed, &order)?;
        for BucketObject { key, staged, headers } in order.files {
            put::rename(&staged.path, &key.below(&folder))?;
            let object = Object { bytes: staged.bytes, sha256: staged.sha256, headers };
            listed.objects.insert(key.to_string(), object);
        }
        listed.version = 1;
        put::json(&list, &listed)?;
        Ok(removed)
    }
}

/// A store may hold `a` and `a/b`; a folder cannot.
fn clash(folder: &Path, key: &SafePath) -> Option<String> {
    let mut path = folder.to_owned();
    let (last, above) = key.names().split_last()?;
    for name in above {
        path.push(name);
        if path.is_file() {
            return Some(key.to_string());
        }
    }
    path.push(last);
    path.is_dir().then(|| key.to_string())
}

fn drop_others(folder: &Path, listed: &mut Listed, order: &Objects) -> Result<Vec<String>, NotPlaced> {
    let Some(prefix) = &order.only_these_below else { return Ok(Vec::new()) };
    let prefix = if prefix.is_empty() { String::new() } else { format!("{}/", prefix.trim_matches('/')) };
    let stays =
        |key: &str| !key.starts_with(&prefix) || order.files.iter().any(|it| it.key.to_string() == key);
    let gone: Vec<String> = listed.objects.keys().filter(|it| !stays(it)).cloned().collect();
    for key in &gone {
        remove(&SafePath::of(key)?.below(folder))?;
        listed.objects.remove(key);
    }
    Ok(gone)
}

/// What the store says of a file of a bucket.
#[must_use]
pub fn object_headers(shelf: &Shelf, bucket: &str, key: &str) -> Option<ObjectHeaders> {
    let bucket = SafeName::of(bucket).ok()?;
    let bytes = fs::read(shelf.root().join("objects").join(format!("{bucket}.json"))).ok()?;
    let mut listed: Listed = serde_json::from_slice(&bytes).ok()?;
    listed.objects.remove(key).map(|it| it.headers)
}

/// The usual type for the end of a name.
#[must_use]
pub fn content_type(path: &Path) -> &'static str {
    match path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase()).as_deref() {
        Some("html" | "htm") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("txt" | "md" | "log") => "text/plain; charset=utf-8",
        Some("xml") => "text/xml; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("pdf") => "application/pdf",
        Some("wasm") => "application/wasm",
        Some("zip" | "whl") => "application/zip",
        Some("gz" | "tgz") => "application/gzip",
        _ => "application/octet-stream",
    }
}
