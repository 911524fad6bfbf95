//! The folder's git repository → sensible values for a build. Reads only, and is silent where there is none.
//!
//! What stands in plain files of `.git` is read from there; only the last commit needs one `git` process.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::scaffold::GitFolder;

/// What a repository tells. Whatever it does not is `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Repository {
    /// The branch that is checked out.
    pub(in crate::cli) branch: Option<String>,
    /// The branch that the forge shows first.
    pub(in crate::cli) default_branch: Option<String>,
    /// `owner/name`, from the address of the remote.
    pub(in crate::cli) slug: Option<String>,
    /// Where the remote is, such as `github.com`.
    pub(in crate::cli) forge: Option<String>,
    /// The last commit.
    pub(in crate::cli) commit: Option<Commit>,
}

/// The commit that is checked out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Commit {
    pub(in crate::cli) sha: String,
    pub(in crate::cli) before: Option<String>,
    pub(in crate::cli) author_name: String,
    pub(in crate::cli) author_email: String,
    pub(in crate::cli) message: String,
}

impl Repository {
    /// The repository that holds `folder`, if one does.
    pub(in crate::cli) fn around(folder: &Path) -> Self {
        let Some((root, git)) = folder.ancestors().find_map(|it| Some((it, GitFolder::of(it)?))) else {
            return Self::default();
        };
        let config = git.config();
        Self {
            branch: git.branch(),
            default_branch: git.default_branch(),
            slug: remote_url(&config).and_then(slug),
            forge: remote_url(&config).and_then(host),
            commit: last_commit(root),
        }
    }
}

/// The address of the remote `origin`, or else of the first remote.
fn remote_url(config: &str) -> Option<&str> {
    let mut section = "";
    let mut first = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let Some(url) = line.strip_prefix("url").map(str::trim_start).and_then(|it| it.strip_prefix('='))
        else {
            continue;
        };
        if section == "[remote \"origin\"]" {
            return Some(url.trim());
        }
        if first.is_none() && section.starts_with("[remote ") {
            first = Some(url.trim());
        }
    }
    first
}

/// `owner/name` of an address such as `git@host:owner/name.git` or `https://host/owner/name`.
fn slug(url: &str) -> Option<String> {
    let path = match url.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?.1,
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let name = path.rsplit('/').next()?;
    (path.contains('/') && !name.is_empty()).then(|| path.to_owned())
}

/// The name of the machine in such an address, without user and port.
fn host(url: &str) -> Option<String> {
    let place = match url.split_once("://") {
        Some((_, rest)) => rest.split('/').next()?,
        None => url.split_once(':').filter(|(host, _)| !host.contains('/'))?.0,
    };
    let host = place.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// True when the repository around `folder` has a branch of this name, here or at its remote `origin`.
pub(in crate::cli) fn has_branch(folder: &Path, name: &str) -> bool {
    folder.ancestors().find_map(GitFolder::of).is_some_and(|it| it.has_branch(name))
}

fn last_commit(root: &Path) -> Option<Commit> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["--no-optional-locks", "log", "-1", "--no-color", "--no-show-signature", "--encoding=UTF-8"])
        .arg("--format=%H%x00%P%x00%an%x00%ae%x00%B")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let fields: Vec<&str> = text.splitn(5, '\0').collect();
    let [sha, parents, author_name, author_email, message] = fields[..] else { return None };
    Some(Commit {
        sha: sha.to_owned(),
        before: parents.split(' ').next().filter(|it| !it.is_empty()).map(str::to_owned),
        author_name: author_name.to_owned(),
        author_email: author_email.to_owned(),
        message: message.trim_end().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_address_of_a_remote_names_owner_and_repository() {
        for (url, expected) in [
            ("git@example.com:octocat/hello.git", Some("octocat/hello")),
            ("https://example.com/octocat/hello.git", Some("octocat/hello")),
            ("https://user@example.com:8443/octocat/hello", Some("octocat/hello")),
            ("ssh://git@example.com:22/group/sub/hello.git/", Some("group/sub/hello")),
            ("/srv/git/hello.git", None),
            ("../hello", None),
            ("file:///srv/git/hello.git", None),
            ("https://example.com/hello", None),
            ("", None),
        ] {
            assert_eq!(slug(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn the_address_of_a_remote_names_its_machine() {
        for (url, expected) in [
            ("git@example.com:octocat/hello.git", Some("example.com")),
            ("https://user@Example.com:8443/octocat/hello", Some("example.com")),
            ("ssh://git@example.com:22/group/hello.git", Some("example.com")),
            ("/srv/git/hello.git", None),
            ("file:///srv/git/hello.git", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn origin_comes_before_other_remotes() {
        let config = "[core]\n\turl = no\n[remote \"fork\"]\n\turl = f\n[remote \"origin\"]\n\turl= o\n";
        assert_eq!(remote_url(config), Some("o"));
        assert_eq!(remote_url("[remote \"fork\"]\n\turl = f\n"), Some("f"));
        assert_eq!(remote_url("[branch \"x\"]\n\turl = f\n"), None);
    }

    #[test]
    fn a_folder_without_repository_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Repository::around(folder.path()), Repository::default());
    }

    #[test]
    fn a_repository_tells_its_branch_remote_and_last_commit() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=A Person", "-c", "user.email=a@example.com"];
            let mut command = Command::new("git");
            command.arg("-C").arg(folder.path()).args(identity).args(arguments).stdout(Stdio::null());
            command.stderr(Stdio::null()).status().is_ok_and(|it| it.success())
        };
        if !git(&["init", "-b", "work"]) {
            return; // Without git there is nothing to see.
        }
        assert_eq!(Repository::around(folder.path()).commit, None);
        assert!(git(&["commit", "--allow-empty", "-m", "First\n\nwith a body"]));
        assert!(git(&["remote", "add", "origin", "https://example.com/octocat/hello.git"]));
        fs::create_dir(folder.path().join("inner")).unwrap();
        let found = Repository::around(&folder.path().join("inner"));
        assert_eq!(found.branch.as_deref(), Some("work"));
        assert_eq!(found.default_branch.as_deref(), Some("work"));
        assert_eq!(found.slug.as_deref(), Some("octocat/hello"));
        let commit = found.commit.unwrap();
        assert_eq!(
            (commit.author_name.as_str(), commit.message.as_str()),
            ("A Person", "First\n\nwith a body")
        );
        assert_eq!((commit.sha.len(), commit.before), (40, None));
        assert!(has_branch(folder.path(), "work") && !has_branch(folder.path(), "develop"));
        assert!(git(&["branch", "develop"]) && git(&["pack-refs", "--all"]));
        assert!(has_branch(folder.path(), "develop") && !has_branch(folder.path(), "dev"));
    }
}
