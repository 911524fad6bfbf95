//! The ledger of a shelf: JSON ↔ deliveries in order. A newer format is neither read by halves nor written over.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::run::Trouble;
use crate::run::shelf::put;

/// The format of `ledger.json`.
const VERSION: u32 = 1;

/// What was put on the shelf, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Files of a package, for an index or a registry.
    Package,
    /// A release with its files.
    Release,
    /// A package for apt, taken from a release.
    Deb,
    /// A formula for brew, taken from a release.
    Formula,
    /// Files for a store.
    Objects,
    /// An image, of which only the name and the recipe are known.
    Image,
    /// A site.
    Site,
    /// A message to people or programs.
    Message,
    /// Something that would have changed the world otherwise; only that it was held back is known.
    Held,
}

impl Kind {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Release => "release",
            Self::Deb => "deb",
            Self::Formula => "formula",
            Self::Objects => "objects",
            Self::Image => "image",
            Self::Site => "site",
            Self::Message => "message",
            Self::Held => "held",
        }
    }
}

/// Where a delivery comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The id of the run.
    pub run: String,
    /// Number of the build.
    pub build: u64,
    /// The event of the build, in Drone's word.
    pub event: String,
    /// `owner/name`.
    pub repo: String,
    /// The full ref.
    pub git_ref: String,
    /// The commit.
    pub commit: String,
    /// The pipeline.
    pub pipeline: String,
    /// The step.
    pub step: String,
    /// Its image.
    pub image: String,
    /// The plugin.
    pub plugin: String,
}

/// A file of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredFile {
    /// Its path below the delivery's place.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// One thing that a step would have published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its number in the ledger, from 1.
    #[serde(default)]
    pub id: u64,
    /// Seconds since 1970.
    #[serde(default)]
    pub at: u64,
    /// What it is.
    pub kind: Kind,
    /// Its name and version, for people.
    pub title: String,
    /// Its place below the shelf's folder, with `/`; empty when it has none.
    pub path: String,
    /// Where it would have been sent.
    pub destination: String,
    /// Its files.
    pub files: Vec<DeliveredFile>,
    /// Where it comes from.
    pub source: Source,
}

#[derive(Serialize, Deserialize)]
struct Ledger {
    version: u32,
    deliveries: Vec<Delivery>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

pub(super) fn read(path: &Path) -> Result<Vec<Delivery>, Trouble> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Trouble::with_path("be read", path, &error)),
    };
    if serde_json::from_slice::<Versioned>(&bytes).is_ok_and(|it| it.version > VERSION) {
        let message = format!("{} was written by a newer ciworkshop", path.display());
        return Err(Trouble::new(message, "use the newer program"));
    }
    let ledger: Result<Ledger, _> = serde_json::from_slice(&bytes);
    ledger.map(|it| it.deliveries).map_err(|error| {
        let message = format!("{} does not read: {error}", path.display());
        Trouble::new(message, "`ciworkshop shelf clear` begins a new shelf")
    })
}

pub(super) fn append(path: &Path, mut delivery: Delivery) -> Result<(), Trouble> {
    let mut deliveries = read(path)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    delivery.at = since.map_or(0, |it| it.as_secs());
    delivery.id = deliveries.last().map_or(0, |it| it.id) + 1;
    deliveries.push(delivery);
    put::json(path, &Ledger { version: VERSION, deliveries })
}
