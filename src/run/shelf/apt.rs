//! Packages for Debian and its relatives → a repository that `apt-get` reads, from the folder or over HTTP. It is not
//! signed, so who reads it has to say that it is to be trusted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::run::shelf::packages::read;
use crate::run::shelf::{NotPlaced, OpenShelf, SafeName, SafePath, Staged, hex, put};

/// What the repository is made from.
const LIST: &str = "apt.json";
/// A package for `all` is listed for these, and for all others that a package is for.
const USUAL: [&str; 4] = ["amd64", "arm64", "armhf", "i386"];

/// A file for the repository.
#[derive(Clone, Debug)]
pub(crate) struct DebFile {
    /// The package.
    pub(crate) package: SafeName,
    /// Its version.
    pub(crate) version: String,
    /// Its architecture, or `all`.
    pub(crate) architecture: SafeName,
    /// All that it says of itself, one field a line.
    pub(crate) control: String,
    /// Its content.
    pub(crate) staged: Staged,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Pooled {
    /// Its place below the shelf's folder.
    pub(crate) path: String,
    /// True when another file with this version was there.
    pub(crate) replaced: bool,
}

#[derive(Default, Serialize, Deserialize)]
struct Listed {
    version: u32,
    /// By their place in the repository.
    packages: BTreeMap<String, ListedPackage>,
}

#[derive(Serialize, Deserialize)]
struct ListedPackage {
    architecture: String,
    control: String,
    bytes: u64,
    sha256: String,
}

impl OpenShelf<'_> {
    /// Puts a package into the pool, and writes the lists anew.
    pub(crate) fn add_deb(&self, deb: DebFile) -> Result<Pooled, NotPlaced> {
        let root = self.root().join("apt");
        let list = self.root().join(LIST);
        let mut listed: Listed = read(&list)?;
        let place = place(&deb)?;
        let known = listed.packages.get(&place.to_string());
        let replaced = known.is_some_and(|it| it.sha256 != deb.staged.sha256);
        put::rename(&deb.staged.path, &place.below(&root))?;
        let (bytes, sha256) = (deb.staged.bytes, deb.staged.sha256);
        let package =
            ListedPackage { architecture: deb.architecture.to_string(), control: deb.control, bytes, sha256 };
        listed.packages.insert(place.to_string(), package);
        listed.version = 1;
        put::json(&list, &listed)?;
        let mut said = Vec::new();
        for architecture in architectures(&listed) {
            let text = packages(&listed, &architecture);
            let folder = format!("main/binary-{architecture}");
            for (name, content) in [("Packages", text.clone().into_bytes()), ("Packages.gz", packed(&text))] {
                let path = format!("{folder}/{name}");
                put::file(&root.join("dists/stable").join(&path), &content)?;
                said.push((path, content.len(), hex(&Sha256::digest(&content))));
            }
        }
        put::file(&root.join("dists/stable/Release"), release(&listed, &said, &date_of(now())).as_bytes())?;
        Ok(Pooled { path: format!("apt/{place}"), replaced })
    }
}

/// `pool/main/t/tally/tally_1.2.0_all.deb`: an epoch is not part of the name.
fn place(deb: &DebFile) -> Result<SafePath, NotPlaced> {
    let DebFile { package, version, architecture, .. } = deb;
    let version = version.split_once(':').map_or(version.as_str(), |it| it.1);
    let name = package.as_str();
    let short = if name.starts_with("lib") { name.chars().take(4) } else { name.chars().take(1) };
    let short: String = short.collect();
    Ok(SafePath::of(&format!("pool/main/{short}/{name}/{name}_{version}_{architecture}.deb"))?)
}

fn architectures(listed: &Listed) -> BTreeSet<String> {
    let own = listed.packages.values().map(|it| it.architecture.clone()).filter(|it| it != "all");
    own.chain(USUAL.map(str::to_owned)).collect()
}

/// The list of all packages for an architecture.
fn packages(listed: &Listed, architecture: &str) -> String {
    let mut text = String::new();
    let here = |it: &&ListedPackage| it.architecture == architecture || it.architecture == "all";
    for (place, package) in listed.packages.iter().filter(|it| here(&it.1)) {
        let ListedPackage { control, bytes, sha256, .. } = package;
        let _ = writeln!(text, "{control}Filename: {place}\nSize: {bytes}\nSHA256: {sha256}\n");
    }
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let _ = packed.write_all(text.as_bytes());
    packed.finish().unwrap_or_default()
}

fn release(listed: &Listed, said: &[(String, usize, String)], date: &str) -> String {
    let architectures: Vec<String> = architectures(listed).into_iter().collect();
    let mut text = format!(
        "Origin: ciworkshop\nLabel: shelf\nSuite: stable\nCodename: stable\nDate: {date}\nArchitectures: all {}\n\
         Components: main\nDescription: What rehearsed builds would have published\nSHA256:\n",
        architectures.join(" ")
    );
    for (path, bytes, digest) in said {
        let _ = writeln!(text, " {digest} {bytes} {path}");
    }
    text
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// Seconds since 1970 as apt reads a date: `Thu, 01 Jan 1970 00:00:00 UTC`.
fn date_of(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let weekday = DAYS[usize::try_from(days % 7).unwrap_or_default()];
    let (mut year, mut left) = (1970, days);
    while left >= days_of(year) {
        left -= days_of(year);
        year += 1;
    }
    let mut month = 0;
    let february = if days_of(year) == 366 { 29 } else { 28 };
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday}, {:02} {} {year} {hour:02}:{minute:02}:{second:02} UTC", left + 1, MONTHS[month])
}

fn days_of(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    if leap { 366 } else { 365 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_apt_reads_it() {
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 UTC"),
            (951_868_799, "Tue, 29 Feb 2000 23:59:59 UTC"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 UTC"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 UTC"),
            (1_795_865_460, "Sat, 28 Nov 2026 11:31:00 UTC"),
        ] {
            assert_eq!(date_of(seconds), date);
        }
    }
}
