//! An image's name → whether the program that it starts on its own ends at once, for want of a person who types.

use crate::pipeline::ImageName;

/// Images of Docker's own library that start a shell, an interpreter or a tool which prints its help.
const NAMES: &[&str] = &[
    "almalinux",
    "alpine",
    "amazonlinux",
    "archlinux",
    "bash",
    "buildpack-deps",
    "busybox",
    "centos",
    "clojure",
    "dart",
    "debian",
    "docker",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "golang",
    "gradle",
    "groovy",
    "haskell",
    "hello-world",
    "julia",
    "maven",
    "mono",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "php",
    "pypy",
    "python",
    "r-base",
    "rockylinux",
    "ruby",
    "rust",
    "sbt",
    "swift",
    "ubuntu",
];

/// The same, of other owners.
const OWNED: &[&str] =
    &["curlimages/curl", "denoland/deno", "mcr.microsoft.com/dotnet/sdk", "oven/bun", "rustlang/rust"];

/// Prefixes for the official images of one processor.
const PROCESSORS: &[&str] =
    &["amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "ppc64le", "riscv64", "s390x"];

/// The name of the image without registry, owner and tag, when the program that it starts on its own ends at once.
pub(super) fn idle_image(image: &str) -> Option<&str> {
    let image = image.trim();
    let ImageName { path, tag, .. } = ImageName::of(image);
    let tag = tag.unwrap_or_default();
    if OWNED.contains(&path) {
        return Some(path);
    }
    let name = official(path)?;
    let serves = match name {
        "docker" => tag.contains("dind"),
        "php" => tag.contains("fpm") || tag.contains("apache"),
        _ => false,
    };
    (NAMES.contains(&name) && !serves && !image.contains('$')).then_some(name)
}

/// The name, if it is one of Docker's own library.
fn official(path: &str) -> Option<&str> {
    let path =
        path.strip_prefix("docker.io/").or_else(|| path.strip_prefix("index.docker.io/")).unwrap_or(path);
    match path.split_once('/') {
        None => Some(path),
        Some((owner, name)) => {
            (owner == "library" || PROCESSORS.contains(&owner)).then_some(name).filter(|it| !it.contains('/'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_that_wait_for_a_person_end_at_once() {
        let cases = [
            ("python", Some("python")),
            ("python:3.12-slim", Some("python")),
            ("library/golang:1.22", Some("golang")),
            ("docker.io/library/node:22@sha256:0123", Some("node")),
            ("arm32v7/alpine:3.20", Some("alpine")),
            ("mcr.microsoft.com/dotnet/sdk:8.0", Some("mcr.microsoft.com/dotnet/sdk")),
            ("docker:27", Some("docker")),
            ("docker:27-dind", None),
            ("php:8.3-cli", Some("php")),
            ("php:8.3-fpm-alpine", None),
            ("postgres:16", None),
            ("plugins/docker", None),
            ("registry.example.org:5000/python:3.12", None),
            ("me/python", None),
            ("python:${TAG}", None),
            ("${IMAGE}", None),
            ("", None),
        ];
        for (image, expected) in cases {
            assert_eq!(idle_image(image), expected, "{image}");
        }
        assert!(NAMES.is_sorted() && OWNED.is_sorted());
    }
}
