//! The text of `image` → its parts, as they are written: the path, the tag, the digest.

/// An image's name, taken apart. Nothing is added that is not written: no registry, no `latest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'i> {
    /// All but tag and digest: `registry.example.com:5000/team/tool`.
    pub path: &'i str,
    /// What stands behind the colon.
    pub tag: Option<&'i str>,
    /// What stands behind the `@`.
    pub digest: Option<&'i str>,
}

impl<'i> ImageName<'i> {
    /// Takes a name apart. A colon before a slash is the port of a registry.
    #[must_use]
    pub fn of(written: &'i str) -> Self {
        let (name, digest) = written.split_once('@').map_or((written, None), |it| (it.0, Some(it.1)));
        let last = name.rfind('/').map_or(0, |it| it + 1);
        let (path, tag) = match name[last..].find(':').map(|it| last + it) {
            Some(colon) => (&name[..colon], Some(&name[colon + 1..])),
            None => (name, None),
        };
        Self { path, tag, digest }
    }

    /// The last part of the path: `tool`.
    #[must_use]
    pub fn last(&self) -> &'i str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// What stands before the last part, without a slash at its end: `registry.example.com:5000/team`.
    #[must_use]
    pub fn folder(&self) -> &'i str {
        self.path.rsplit_once('/').map_or("", |it| it.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;

    #[test]
    fn a_name_is_taken_apart_as_it_is_written() {
        let rows = [
            ("golang", "golang", None, None, "golang", ""),
            ("golang:1.26-alpine", "golang", Some("1.26-alpine"), None, "golang", ""),
            (
                "docker.io/plugins/docker",
                "docker.io/plugins/docker",
                None,
                None,
                "docker",
                "docker.io/plugins",
            ),
            ("r.example.com:5000/tool", "r.example.com:5000/tool", None, None, "tool", "r.example.com:5000"),
            ("r:5000/a/b:2", "r:5000/a/b", Some("2"), None, "b", "r:5000/a"),
            ("alpine:3.23@sha256:abc", "alpine", Some("3.23"), Some("sha256:abc"), "alpine", ""),
            ("alpine@", "alpine", None, Some(""), "alpine", ""),
            ("", "", None, None, "", ""),
        ];
        for (written, path, tag, digest, last, folder) in rows {
            let name = ImageName::of(written);
            assert_eq!((name.path, name.tag, name.digest), (path, tag, digest), "{written}");
            assert_eq!((name.last(), name.folder()), (last, folder), "{written}");
        }
    }
}
