//! The text of `image` → its parts: the repository without the default registry, the tag, the digest.

use crate::pipeline::ImageName;

/// The parts of an image's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image<'i> {
    /// The repository: `golang` also for `docker.io/library/golang`.
    pub(super) repository: &'i str,
    /// The tag; empty when there is none.
    pub(super) tag: &'i str,
    /// True when a digest says exactly which image it is.
    pub(super) has_digest: bool,
}

/// Places where the official images can be had as well.
const MIRRORS: [&str; 6] = [
    "docker.io/library/",
    "index.docker.io/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "docker.io/",
    "library/",
];

/// Takes an image's name apart.
pub(super) fn image(written: &str) -> Image<'_> {
    let name = ImageName::of(written.trim());
    let repository = MIRRORS.iter().find_map(|it| name.path.strip_prefix(it)).unwrap_or(name.path);
    let has_digest = name.digest.is_some_and(|it| !it.is_empty());
    Image { repository, tag: name.tag.unwrap_or_default(), has_digest }
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn an_image_is_taken_apart() {
        let rows = [
            ("golang", "golang", "", false),
            ("golang:1.26-alpine", "golang", "1.26-alpine", false),
            ("docker.io/library/golang:1.26", "golang", "1.26", false),
            ("docker.io/plugins/docker", "plugins/docker", "", false),
            ("public.ecr.aws/docker/library/node:22", "node", "22", false),
            ("registry.example.com:5000/team/tool", "registry.example.com:5000/team/tool", "", false),
            ("registry.example.com:5000/team/tool:2", "registry.example.com:5000/team/tool", "2", false),
            ("alpine@sha256:abc", "alpine", "", true),
            ("alpine:3.23@sha256:abc", "alpine", "3.23", true),
        ];
        for (written, repository, tag, has_digest) in rows {
            let found = image(written);
            assert_eq!((found.repository, found.tag, found.has_digest), (repository, tag, has_digest));
        }
    }
}
