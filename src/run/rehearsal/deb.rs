//! A file `.deb` → what it says of itself. The archive is looked into, never unpacked, and only so far.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;

use flate2::read::GzDecoder;

/// Longer control files, and longer archives with one, are not read.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The name, the size and the end of a member's head, in an `ar` archive.
const HEAD: usize = 60;

/// What a package for apt says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Control {
    /// Its name.
    pub(super) package: String,
    /// Its version.
    pub(super) version: String,
    /// The architecture, or `all`.
    pub(super) architecture: String,
    /// All that it says, without an empty line, and with a line break at the end.
    pub(super) text: String,
}

/// Reads a file. `Err` says in words what is wrong, to stand behind the file's name.
pub(super) fn of(path: &Path) -> Result<Control, String> {
    let file = File::open(path).map_err(|it| format!("cannot be read: {it}"))?;
    let mut from = BufReader::new(file);
    let mut magic = [0; 8];
    from.read_exact(&mut magic).map_err(|_| NO_DEB)?;
    if &magic != b"!<arch>\n" {
        return Err(NO_DEB.into());
    }
    let (first, _) = member(&mut from)?;
    if first != "debian-binary" {
        return Err(NO_DEB.into());
    }
    let (name, content) = member(&mut from)?;
    control(&text(&name, &content)?)
}

const NO_DEB: &str = "is no package for apt: it does not begin as a `.deb` does";

/// The next member of the archive, which is read to its end.
fn member(from: &mut dyn Read) -> Result<(String, Vec<u8>), String> {
    let mut head = [0; HEAD];
    from.read_exact(&mut head).map_err(|_| NO_DEB)?;
    let field = |from: usize, to: usize| String::from_utf8_lossy(&head[from..to]).trim_end().to_owned();
    let size: u64 = field(48, 58).parse().map_err(|_| NO_DEB)?;
    if size > LARGEST {
        return Err("has a control archive that is too large to be one".into());
    }
    let mut content = Vec::new();
    from.take(size + size % 2).read_to_end(&mut content).map_err(|it| format!("cannot be read: {it}"))?;
    content.truncate(usize::try_from(size).unwrap_or_default());
    Ok((field(0, 16).trim_end_matches('/').to_owned(), content))
}

/// The file `control` of the archive with that name.
fn text(name: &str, content: &[u8]) -> Result<String, String> {
    let unpacked: Box<dyn Read + '_> = match name {
        "control.tar" => Box::new(content),
        "control.tar.gz" => Box::new(GzDecoder::new(content)),
        "control.tar.xz" => {
            let mut plain = Vec::new();
            let mut packed = BufReader::new(content);
            lzma_rs::xz_decompress(&mut packed, &mut plain)
                .map_err(|_| "has a control archive that cannot be unpacked")?;
            Box::new(Cursor::new(plain))
        }
        "control.tar.zst" => {
            return Err(
                "is packed with zstd, which is not read here; `dpkg-deb -Zxz` packs it for every Debian"
                    .into(),
            );
        }
        _ => return Err(NO_DEB.into()),
    };
    let mut archive = tar::Archive::new(unpacked.take(LARGEST));
    let entries = archive.entries().map_err(|_| NO_CONTROL)?;
    for entry in entries {
        let mut entry = entry.map_err(|_| NO_CONTROL)?;
        let is_it = entry.path().is_ok_and(|it| it == Path::new("control") || it == Path::new("./control"));
        if is_it {
            let mut text = String::new();
            entry.read_to_string(&mut text).map_err(|_| NO_CONTROL)?;
            return Ok(text);
        }
    }
    Err(NO_CONTROL.into())
}

const NO_CONTROL: &str =
    "has no file `control` that can be read, and there a package says its name and version";

fn control(text: &str) -> Result<Control, String> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).take_while(|it| !it.is_empty()).collect();
    let field = |name: &str| {
        let value = |line: &&str| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        lines.iter().find_map(value).unwrap_or_default()
    };
    let control = Control {
        package: field("Package"),
        version: field("Version"),
        architecture: field("Architecture"),
        text: lines.iter().map(|it| format!("{it}\n")).collect(),
    };
    let named = [
        ("Package", &control.package, "+-."),
        ("Version", &control.version, "+-.~:"),
        ("Architecture", &control.architecture, "-"),
    ];
    for (name, value, signs) in named {
        if value.is_empty() {
            return Err(format!("says no `{name}:` in its control file"));
        }
        if let Some(sign) = value.chars().find(|it| !it.is_ascii_alphanumeric() && !signs.contains(*it)) {
            return Err(format!("says `{name}: {value}`, and `{sign}` cannot stand there"));
        }
    }
    Ok(control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_file_says_name_version_and_architecture_or_what_is_wrong() {
        let read =
            control("Package: tally\nVersion: 1.2.0-1\nArchitecture: all\nDescription: adds\n up\n\nmore\n");
        let read = read.unwrap();
        assert_eq!((read.package.as_str(), read.version.as_str()), ("tally", "1.2.0-1"));
        assert!(read.text.ends_with("Description: adds\n up\n"), "{}", read.text);
        for (text, words) in [
            ("Version: 1\nArchitecture: all\n", "no `Package:`"),
            ("Package: a\nArchitecture: all\n", "no `Version:`"),
            ("Package: ../a\nVersion: 1\nArchitecture: all\n", "`/` cannot stand"),
            ("Package: a\nVersion: 1 0\nArchitecture: all\n", "` ` cannot stand"),
        ] {
            assert!(control(text).unwrap_err().contains(words), "{text}");
        }
    }

    #[test]
    fn what_is_no_deb_is_an_error_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.deb");
        for content in ["", "text", "!<arch>\n", "!<arch>\nx"] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(of(&path).unwrap_err(), NO_DEB, "{content:?}");
        }
    }
}
