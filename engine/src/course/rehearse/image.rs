//! The name of an image → what is known of it: its Python, its shell, and whether its tag is exact.

use crate::course::rehearse::state::Cause;
use crate::pipeline::ImageName;
use crate::shell::{Only, Script, Unreadable, bashisms, parse};

/// What an image holds, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// Python 3 and pip.
    pub(super) python: bool,
    /// Which Python, where the tag says.
    pub(super) version: Option<(u32, u32)>,
    /// The program `uv`.
    pub(super) uv: bool,
    /// What `/bin/sh` is.
    pub(super) shell: Dialect,
}

/// The shells that images have as `/bin/sh`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::course) enum Dialect {
    /// Debian and its kin: no `pipefail`, no `source`.
    Dash,
    /// Alpine.
    Busybox,
    /// Fedora and its kin, and `bash -c`.
    Bash,
}

impl Dialect {
    /// Reads a script as this shell does.
    pub(super) fn read(self, text: &str) -> Result<Script, Unreadable> {
        let script = parse(text, self != Self::Dash)?;
        if self == Self::Busybox
            && let Some(it) = bashisms(&script).into_iter().find(|it| is_refused(it.kind))
        {
            let message = format!("`{}` is not expected here", it.kind.sign());
            return Err(Unreadable { span: it.span, message });
        }
        Ok(script)
    }
}

impl Dialect {
    /// Why it cannot read a script: a sign of bash's, or whatever the reader says.
    pub(super) fn why_unreadable(self, text: &str, error: Unreadable) -> Cause {
        let bash = parse(text, true).ok().filter(|_| self != Self::Bash);
        let sign = bash.and_then(|it| bashisms(&it).into_iter().find(|it| is_refused(it.kind)));
        match sign {
            Some(it) => Cause::NotInShell(text[it.span.range()].to_owned()),
            None => Cause::Unreadable(error.message),
        }
    }
}

/// Signs of bash that `ash` cannot read at all.
fn is_refused(it: Only) -> bool {
    matches!(
        it,
        Only::Array
            | Only::Process
            | Only::HereString
            | Only::CountingFor
            | Only::Select
            | Only::FallThrough
            | Only::Pattern
    )
}

/// Endings of names of images that hold Python and pip.
const WITH_PYTHON: [&str; 8] = [
    "python",
    "miniconda3",
    "anaconda3",
    "miniforge3",
    "base-notebook",
    "minimal-notebook",
    "scipy-notebook",
    "pytorch",
];

impl Image {
    /// What the name tells.
    pub(super) fn named(image: &str) -> Self {
        let name = ImageName::of(image);
        let tag = name.tag.unwrap_or_default();
        let version = if name.last() == "python" { two_numbers(tag) } else { None };
        let old = name.last() == "python" && (tag == "2" || version.is_some_and(|(major, _)| major != 3));
        let uv = name.last() == "uv" || name.last().ends_with("-uv");
        let python = uv && tag.contains("python")
            || !old && WITH_PYTHON.iter().any(|it| name.last().ends_with(it)) && plausible(&name);
        let has = |words: &[&str]| words.iter().any(|it| tag.contains(it) || name.last().contains(it));
        let shell = if has(&["alpine", "busybox"]) {
            Dialect::Busybox
        } else if has(&["fedora", "rocky", "centos", "ubi", "almalinux", "archlinux"]) {
            Dialect::Bash
        } else {
            Dialect::Dash
        };
        Self { python, version, uv, shell }
    }
}

/// True when the tag of a `python` image is of the kind that exists.
fn plausible(name: &ImageName<'_>) -> bool {
    let tag = name.tag.unwrap_or("latest");
    let word = tag.split('-').next().unwrap_or(tag);
    let known = ["latest", "slim", "alpine", "bookworm", "bullseye", "trixie", "rc", "windowsservercore"];
    let numbered = word == "3" || two_numbers(word).is_some_and(|(major, minor)| major == 3 && minor < 30);
    name.last() != "python" || name.digest.is_some() || numbered || known.contains(&word)
}

/// The first two numbers of `3.13-slim` or `3.13.1`.
fn two_numbers(tag: &str) -> Option<(u32, u32)> {
    let mut parts = tag.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// True when an image is the one that is meant, or a closer description of it.
pub(in crate::course) fn is_image(image: &str, meant: &str) -> bool {
    let bare = image.split('@').next().unwrap_or(image);
    let bare = bare.strip_prefix("docker.io/").unwrap_or(bare);
    let bare = bare.strip_prefix("library/").unwrap_or(bare);
    bare.strip_prefix(meant).is_some_and(|it| it.is_empty() || it.starts_with(['.', '-']))
}

/// What keeps an image's name from being exact; `None` when it is.
pub(in crate::course) fn floats(image: &str) -> Option<String> {
    let name = ImageName::of(image);
    if let Some(digest) = name.digest {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        let whole = hex.len() == 64 && hex.chars().all(|it| it.is_ascii_hexdigit());
        return (!whole).then(|| "its digest is not `sha256:` and 64 hexadecimal digits".into());
    }
    match name.tag {
        None | Some("") => Some("it has no tag, and no tag means `latest`".into()),
        Some(tag)
            if tag
                .split('-')
                .any(|it| matches!(it, "latest" | "edge" | "nightly" | "main" | "master" | "dev")) =>
        {
            Some(format!("the tag `{tag}` moves with each release"))
        }
        Some(tag) if dotted(tag) => None,
        Some(tag) if tag.starts_with(|it: char| it.is_ascii_digit()) => {
            Some(format!("the tag `{tag}` names only the first number of a version"))
        }
        Some(tag) => Some(format!("the tag `{tag}` names no version")),
    }
}

/// True for `3.13`, `v1.2.3-slim`, `17.2`.
fn dotted(tag: &str) -> bool {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let numbers: Vec<&str> = version.split(['-', '_']).next().unwrap_or_default().split('.').collect();
    let number = |it: &&str| !it.is_empty() && it.starts_with(|it: char| it.is_ascii_digit());
    numbers.len() >= 2 && numbers.iter().all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_exact_with_two_numbers_or_a_whole_digest() {
        let digest = format!("python@sha256:{}", "ab".repeat(32));
        let exact =
            ["python:3.13", "python:3.13.1-slim", "plugins/git:v1.2", "x.io:5000/a/b:1.0", digest.as_str()];
        let floating = [
            "python",
            "python:latest",
            "python:3",
            "python:slim",
            "python:3-slim",
            "x.io:5000/a",
            "a@sha256:12",
        ];
        for name in exact {
            assert_eq!(floats(name), None, "{name}");
        }
        for name in floating {
            assert!(floats(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_name_tells_what_is_inside() {
        let cases = [
            ("python:3.13-slim", true, Some((3, 13)), Dialect::Dash),
            ("docker.io/library/python:3.12-alpine", true, Some((3, 12)), Dialect::Busybox),
            ("python", true, None, Dialect::Dash),
            ("python:2.7", false, Some((2, 7)), Dialect::Dash),
            ("pyhton:3.13", false, None, Dialect::Dash),
            ("python:0", false, None, Dialect::Dash),
            ("alpine:3.22", false, None, Dialect::Busybox),
            ("fedora:42", false, None, Dialect::Bash),
        ];
        for (name, python, version, shell) in cases {
            assert_eq!(Image::named(name), Image { python, version, uv: false, shell }, "{name}");
        }
    }
}
