//! A file for a Python package index → what it says of itself. Archives are looked into, never unpacked, and only so
//! far: they were made by commands of anybody.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

use crate::run::shelf::normalized;

/// Longer metadata is not read.
const LARGEST: u64 = 4 * 1024 * 1024;
/// An archive is not unpacked further than this to find it.
const FARTHEST: u64 = 1024 * 1024 * 1024;

/// What a package says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) summary: String,
    pub(super) requires_python: Option<String>,
    /// `text/markdown` and the like; empty when nothing is said.
    pub(super) content_type: String,
    pub(super) description: String,
}

/// Reads the metadata of a file that has this name in the end. In words when an index would not take it.
pub(super) fn of(path: &Path, name: &str) -> Result<Metadata, String> {
    let text = if ends(name, ".whl") {
        in_zip(path, |it| it.ends_with(".dist-info/METADATA") && it.matches('/').count() == 1)?
    } else if ends(name, ".tar.gz") || ends(name, ".tgz") {
        in_tar(path)?
    } else if ends(name, ".zip") {
        in_zip(path, |it| it.ends_with("/PKG-INFO") && it.matches('/').count() == 1)?
    } else {
        return Err("is no package: an index takes .whl, .tar.gz and .zip".into());
    };
    let metadata = parse(&text);
    check(&metadata, name)?;
    Ok(metadata)
}

fn ends(name: &str, end: &str) -> bool {
    name.len() > end.len() && name.to_ascii_lowercase().ends_with(end)
}

const BROKEN: &str = "is no archive that can be read";
const SILENT: &str = "holds no metadata, so its name and version are not known";

fn in_zip(path: &Path, wanted: impl Fn(&str) -> bool) -> Result<String, String> {
    let file = File::open(path).map_err(|_| BROKEN)?;
    let mut archive = zip::ZipArchive::new(file).map_err(|_| BROKEN)?;
    let name = archive
        .file_names()
        .flatten()
        .find(|it| wanted(it))
        .map(std::borrow::Cow::into_owned)
        .ok_or(SILENT)?;
    text(&mut archive.by_name(&name).map_err(|_| BROKEN)?)
}

fn in_tar(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|_| BROKEN)?;
    let mut archive = tar::Archive::new(GzDecoder::new(file).take(FARTHEST));
    for entry in archive.entries().map_err(|_| BROKEN)? {
        let mut entry = entry.map_err(|_| BROKEN)?;
        let path = entry.path().map_err(|_| BROKEN)?.to_string_lossy().into_owned();
        if path.ends_with("/PKG-INFO") && path.trim_start_matches("./").matches('/').count() == 1 {
            return text(&mut entry);
        }
    }
    Err(SILENT.into())
}

fn text(from: &mut dyn Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    from.take(LARGEST).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Lines `Name: value`, the next ones of a value indented; the description may stand behind an empty line.
fn parse(text: &str) -> Metadata {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push('\n');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map(|it| it.1.clone());
    let description = field("description").filter(|it| !it.is_empty()).unwrap_or_else(|| body.to_owned());
    Metadata {
        name: field("name").unwrap_or_default(),
        version: field("version").unwrap_or_default(),
        summary: field("summary").unwrap_or_default(),
        requires_python: field("requires-python").filter(|it| !it.is_empty()),
        content_type: field("description-content-type").unwrap_or_default(),
        description: if description.trim() == "UNKNOWN" { String::new() } else { description },
    }
}

fn check(metadata: &Metadata, file: &str) -> Result<(), String> {
    let Metadata { name, version, .. } = metadata;
    let letters = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let ends_well = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphanumeric())
            && it.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    if name.is_empty() || name == "UNKNOWN" {
        return Err("has no name in its metadata".into());
    }
    if !name.chars().all(letters) || !ends_well(name) {
        return Err(format!("has the name `{name}`, and no index takes such a name"));
    }
    if version.contains('+') {
        return Err(format!(
            "has the version `{version}`; the part behind `+` is for local use, and an index refuses it"
        ));
    }
    if !is_version(version) {
        return Err(format!("has the version `{version}`, which is none as PEP 440 wants it"));
    }
    let begin = format!("{}-{}", normalized(name), normalized(version));
    if !normalized(file).starts_with(&begin) {
        return Err(format!("is {name} {version} by its metadata, and its own name says otherwise"));
    }
    Ok(())
}

/// True for a version as PEP 440 wants it, with all the spellings that it allows.
fn is_version(version: &str) -> bool {
    let lower = version.trim().to_ascii_lowercase();
    let mut rest = lower.strip_prefix('v').unwrap_or(&lower);
    if let Some((epoch, after)) = rest.split_once('!') {
        if epoch.is_empty() || !epoch.bytes().all(|it| it.is_ascii_digit()) {
            return false;
        }
        rest = after;
    }
    let Some(mut rest) = number(rest) else { return false };
    while let Some(next) = rest.strip_prefix('.').and_then(number) {
        rest = next;
    }
    rest = part(rest, &["alpha", "beta", "preview", "pre", "rc", "a", "b", "c"]);
    rest = match rest.strip_prefix('-').and_then(number) {
        Some(post) => post,
        None => part(rest, &["post", "rev", "r"]),
    };
    part(rest, &["dev"]).is_empty()
}

/// What is behind a number.
fn number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|it: char| it.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

/// What is behind one of these words and its number, or all when it is not there.
fn part<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let between = |it: &'t str| it.strip_prefix(['.', '-', '_']).unwrap_or(it);
    let Some(rest) = words.iter().find_map(|it| between(text).strip_prefix(it)) else { return text };
    number(between(rest)).or_else(|| number(rest)).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_pep_440() {
        for good in [
            "1",
            "1.0",
            "v1.0",
            "1!2.0",
            "1.0a1",
            "1.0-rc.1",
            "1.0.post1",
            "1.0-1",
            "1.0.dev3",
            "1.0rc1.post2.dev3",
            "1.0a",
        ] {
            assert!(is_version(good), "{good}");
        }
        for bad in
            ["", "x", "1.0-", "1..0", "1.0-final", "a1", "1.0.dev-x", "!1", "UNKNOWN", "0.0.0-SNAPSHOT"]
        {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn metadata_is_read_with_a_body_or_a_field_for_the_description() {
        let body = parse("Name: a\r\nVersion: 1\r\nRequires-Python: >=3.9\r\n\r\n# A\r\n");
        assert_eq!((body.name.as_str(), body.description.as_str()), ("a", "# A\n"));
        assert_eq!(body.requires_python.as_deref(), Some(">=3.9"));
        assert_eq!(parse("Name: a\nDescription: one\n        two\nVersion: 1\n").description, "one\ntwo");
    }

    #[test]
    fn a_name_that_does_not_fit_the_file_is_seen() {
        let of = |name: &str, version: &str| Metadata {
            name: name.into(),
            version: version.into(),
            ..Metadata::default()
        };
        assert_eq!(check(&of("tiny-pkg", "1.0"), "tiny_pkg-1.0-py3-none-any.whl"), Ok(()));
        assert_eq!(check(&of("tiny.pkg", "1.0"), "tiny_pkg-1.0.tar.gz"), Ok(()));
        for (name, version, file) in [
            ("tiny", "1.0", "other-1.0.tar.gz"),
            ("tiny", "1.1", "tiny-1.0.tar.gz"),
            ("../tiny", "1.0", "tiny-1.0.tar.gz"),
            ("", "1.0", "tiny-1.0.tar.gz"),
            ("tiny", "1.0+local", "tiny-1.0+local.tar.gz"),
        ] {
            assert!(check(&of(name, version), file).is_err(), "{name} {version}");
        }
    }

    #[test]
    fn what_is_no_archive_is_an_error_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, "no archive").unwrap();
        for name in ["x-1.whl", "x-1.tar.gz", "x-1.zip", "x-1.exe"] {
            assert!(of(&path, name).is_err(), "{name}");
        }
    }
}
