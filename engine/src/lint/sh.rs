//! The image of a step → which shell its `/bin/sh` is, as far as its name says so; and how it gets its script.

use crate::lint::written::StepAdvice;
use crate::pipeline::ImageName;

/// The shell that is an image's `/bin/sh`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sh {
    /// Debian and Ubuntu.
    Dash,
    /// Alpine and busybox.
    Ash,
    /// `CentOS`, Fedora, Amazon Linux and the like: bash, called as `sh`.
    Bash,
    /// The name does not say.
    Unknown,
}

impl Sh {
    /// What to call it in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dash => "dash",
            Self::Ash => "busybox",
            Self::Bash => "bash",
            Self::Unknown => "a plain shell",
        }
    }
}

/// Official images that are made from Debian or Ubuntu, unless their tag says otherwise.
const DEBIAN: &[&str] = &[
    "buildpack-deps",
    "clojure",
    "debian",
    "elixir",
    "erlang",
    "gcc",
    "golang",
    "gradle",
    "haskell",
    "httpd",
    "julia",
    "mariadb",
    "maven",
    "mongo",
    "mono",
    "nginx",
    "node",
    "perl",
    "php",
    "postgres",
    "pypy",
    "python",
    "r-base",
    "rabbitmq",
    "redis",
    "ruby",
    "rust",
    "swift",
    "tomcat",
    "ubuntu",
];

/// Images whose `sh` is bash.
const BASH: &[&str] = &[
    "centos",
    "fedora",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "archlinux",
    "oraclelinux",
    "ubi7",
    "ubi8",
    "ubi9",
    "leap",
    "tumbleweed",
    "photon",
];

/// Images made from Alpine or busybox, whatever their tag.
const ASH: &[&str] = &["alpine", "busybox", "docker", "composer", "bash"];

/// The shell that runs the commands of a step.
pub(super) fn sh_of(step: &StepAdvice<'_>) -> Sh {
    if reads_script_from_input(step) { sh(step.step.image()) } else { Sh::Unknown }
}

/// True where the shell of the step reads its script from standard input, as in a container (§5.5). Other runners write
/// it to a file.
pub(super) fn reads_script_from_input(step: &StepAdvice<'_>) -> bool {
    matches!(step.pipeline.raw_type(), "" | "docker" | "kubernetes")
}

/// The shell of an image. An image of somebody's own may hold anything.
pub(super) fn sh(image: &str) -> Sh {
    let written = ImageName::of(image);
    let (name, tag) = (written.last(), written.tag.unwrap_or_default());
    let folder =
        written.folder().strip_prefix("docker.io").unwrap_or(written.folder()).trim_start_matches('/');
    let says = |words: &[&str]| words.iter().any(|it| tag.contains(it));
    if says(&["windows", "nanoserver"])
        || tag.contains('$')
        || written.path.contains('{')
        || tag.contains('{')
    {
        return Sh::Unknown;
    }
    let official = matches!(folder, "" | "library" | "opensuse" | "redhat") || folder.ends_with("/library");
    if official && BASH.contains(&name) {
        return Sh::Bash;
    }
    if says(&["alpine"]) || (official && ASH.contains(&name)) {
        return Sh::Ash;
    }
    if says(&["centos", "ubi8", "ubi9", "rocky", "fedora", "oraclelinux", "amazon", "al2023", "-ol8", "-ol9"])
    {
        return Sh::Bash;
    }
    let debian = [
        "bookworm", "bullseye", "buster", "stretch", "jessie", "trixie", "xenial", "bionic", "focal",
        "jammy", "noble",
    ];
    if says(&debian) || (official && DEBIAN.contains(&name)) {
        return Sh::Dash;
    }
    Sh::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_image_says_what_its_shell_is() {
        let rows = [
            (
                Sh::Dash,
                "python python:3.12 python:3.12-slim golang:1.22-bookworm node docker.io/library/node:20",
            ),
            (Sh::Dash, "ubuntu:jammy me/tool:bullseye registry.example.com/library/debian:12"),
            (
                Sh::Ash,
                "alpine alpine:3.19 python:3.12-alpine golang:1.22-alpine3.19 docker:27-dind me/x:1-alpine bash",
            ),
            (
                Sh::Bash,
                "centos:7 fedora rockylinux:9 amazonlinux:2 opensuse/leap python:3-centos7 mysql:8-oraclelinux8",
            ),
            (
                Sh::Unknown,
                "me/builder plugins/docker golang:1-nanoserver ghcr.io/me/python ${IMAGE} node:${VERSION}",
            ),
            (Sh::Unknown, "mysql openjdk:17"),
        ];
        for (expected, images) in rows {
            for image in images.split(' ') {
                assert_eq!(sh(image), expected, "{image}");
            }
        }
    }
}
