//! A ref → the tags that the plugins for images make of it with `auto_tag`.

/// What `auto_tag` leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AutoTags {
    /// These.
    Tags(Vec<String>),
    /// Nothing is built: the branch is not the default one.
    NotThisBranch,
    /// The tag is no version; the plugin fails.
    NoVersion,
}

/// The tags for a ref.
pub(super) fn auto_tags(git_ref: &str, default_branch: &str, suffix: &str) -> AutoTags {
    if let Some(branch) = git_ref.strip_prefix("refs/heads/")
        && !default_branch.is_empty()
        && branch != default_branch
    {
        return AutoTags::NotThisBranch;
    }
    let Some(tag) = git_ref.strip_prefix("refs/tags/") else {
        return AutoTags::Tags(with_suffix(vec!["latest".into()], suffix));
    };
    match of_version(tag.strip_prefix('v').unwrap_or(tag)) {
        Some(tags) => AutoTags::Tags(with_suffix(tags, suffix)),
        None => AutoTags::NoVersion,
    }
}

fn with_suffix(tags: Vec<String>, suffix: &str) -> Vec<String> {
    if suffix.is_empty() {
        return tags;
    }
    tags.into_iter()
        .map(|it| if it == "latest" { suffix.to_owned() } else { format!("{it}-{suffix}") })
        .collect()
}

/// `1.2.3` → `1`, `1.2`, `1.2.3`; without the first for version 0; only itself for `1.2.3-rc.1`. Leading zeros stay.
fn of_version(version: &str) -> Option<Vec<String>> {
    let (rest, build) = version.split_once('+').map_or((version, None), |(rest, build)| (rest, Some(build)));
    let (numbers, pre) = rest.split_once('-').map_or((rest, None), |(numbers, pre)| (numbers, Some(pre)));
    let parts: Vec<&str> = numbers.split('.').collect();
    let [major, minor, patch] = parts[..] else { return None };
    if !parts.iter().all(|it| is_number(it)) || !pre.into_iter().chain(build).all(is_identifiers) {
        return None;
    }
    if pre.is_some() || build.is_some() {
        return Some(vec![version.to_owned()]);
    }
    let full = [format!("{major}.{minor}"), format!("{major}.{minor}.{patch}")];
    let first = (!major.bytes().all(|it| it == b'0')).then(|| major.to_owned());
    Some(first.into_iter().chain(full).collect())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 19 && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_identifiers(text: &str) -> bool {
    let fits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    text.split('.').all(fits)
}

/// True for a tag that a registry takes.
pub(super) fn is_tag(tag: &str) -> bool {
    let letters = |it: u8| it.is_ascii_alphanumeric() || b"_.-".contains(&it);
    (1..=128).contains(&tag.len()) && tag.bytes().all(letters) && !tag.starts_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(git_ref: &str, suffix: &str) -> String {
        match auto_tags(git_ref, "main", suffix) {
            AutoTags::Tags(tags) => tags.join(" "),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn tags_are_those_of_the_plugin() {
        assert_eq!(tags("refs/tags/v1.2.3", ""), "1 1.2 1.2.3");
        assert_eq!(tags("refs/tags/0.2.3", ""), "0.2 0.2.3");
        assert_eq!(tags("refs/tags/v1.2.3-rc.1", ""), "1.2.3-rc.1");
        assert_eq!(tags("refs/tags/v20.04.1", ""), "20 20.04 20.04.1");
        assert_eq!(tags("refs/tags/v1.2.3", "alpine"), "1-alpine 1.2-alpine 1.2.3-alpine");
        assert_eq!(tags("refs/heads/main", ""), "latest");
        assert_eq!(tags("refs/heads/main", "alpine"), "alpine");
        assert_eq!(tags("refs/heads/x", ""), "NotThisBranch");
        for none in ["refs/tags/v1.2", "refs/tags/nightly", "refs/tags/1.2.3.4", "refs/tags/1.2.3-"] {
            assert_eq!(tags(none, ""), "NoVersion", "{none}");
        }
    }
}
