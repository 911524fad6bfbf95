//! Releases with their files → a page for people and JSON for programs. A second build of a tag changes the release as
//! the real one would be changed.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::run::shelf::html::{address, escape, page};
use crate::run::shelf::packages::read;
use crate::run::shelf::{NotPlaced, OpenShelf, Refused, SafeName, SafePath, Staged, put};

/// What happens with a file that the release has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileExists {
    /// It is replaced.
    Overwrite,
    /// Nothing is delivered.
    Fail,
    /// It stays.
    Skip,
}

/// A release as a step wants it.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    /// `owner/name`.
    pub(crate) repo: SafePath,
    /// The tag.
    pub(crate) tag: SafePath,
    /// Its title; empty for none.
    pub(crate) title: String,
    /// Its text; empty for none.
    pub(crate) note: String,
    /// True when it is not public yet.
    pub(crate) draft: bool,
    /// True when it is marked as not ready for production.
    pub(crate) prerelease: bool,
    /// True when title and text of a release that is there are replaced.
    pub(crate) overwrite: bool,
    /// What happens with a file that is there.
    pub(crate) file_exists: FileExists,
    /// Its files.
    pub(crate) files: Vec<(SafeName, Staged)>,
}

/// What became of a release.
#[derive(Debug)]
pub(crate) struct Released {
    /// Its place below the shelf's folder.
    pub(crate) path: String,
    /// True when there was one for the tag.
    pub(crate) was_there: bool,
    /// Files that stayed as they were.
    pub(crate) skipped: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Page {
    version: u32,
    tag: String,
    title: String,
    note: String,
    draft: bool,
    prerelease: bool,
    assets: Vec<Asset>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asset {
    name: String,
    bytes: u64,
    sha256: String,
}

impl OpenShelf<'_> {
    /// Makes the release, or changes the one that is there.
    pub(crate) fn release(&self, release: &Release) -> Result<Released, NotPlaced> {
        if release
            .tag
            .names()
            .iter()
            .any(|it| ["download", "index.html", "release.json"].contains(&it.as_str()))
        {
            return Err(
                Refused::new(&release.tag.to_string(), "is a name that the shelf needs itself").into()
            );
        }
        let folder = release.tag.below(&release.repo.below(&self.root().join("releases")));
        let before: Page = read(&folder.join("release.json"))?;
        let was_there = before.version != 0;
        let known = |name: &SafeName| before.assets.iter().any(|it| it.name == name.as_str());
        if release.file_exists == FileExists::Fail
            && let Some((name, _)) = release.files.iter().find(|it| known(&it.0))
        {
            return Err(NotPlaced::Taken(name.to_string()));
        }
        let (skipped, taken): (Vec<_>, Vec<_>) =
            release.files.iter().partition(|it| release.file_exists == FileExists::Skip && known(&it.0));
        let mut after = changed(&before, release);
        for (name, staged) in taken {
            put::rename(&staged.path, &folder.join("download").join(name))?;
            after.assets.retain(|it| it.name != name.as_str());
            let (bytes, sha256) = (staged.bytes, staged.sha256.clone());
            after.assets.push(Asset { name: name.to_string(), bytes, sha256 });
        }
        after.assets.sort_by(|a, b| a.name.cmp(&b.name));
        put::json(&folder.join("release.json"), &after)?;
        put::file(&folder.join("index.html"), html(&release.repo.to_string(), &after).as_bytes())?;
        let path = format!("releases/{}/{}/", release.repo, release.tag);
        Ok(Released { path, was_there, skipped: skipped.iter().map(|it| it.0.to_string()).collect() })
    }
}

/// The release with its words: title and text of one that is there stay unless they are to be overwritten, and one
/// that is public never becomes a draft again.
fn changed(before: &Page, release: &Release) -> Page {
    let new = before.version == 0;
    let words = new || release.overwrite;
    let pick = |after: &String, before: &String| if words { after.clone() } else { before.clone() };
    Page {
        version: 1,
        tag: release.tag.to_string(),
        title: pick(&release.title, &before.title),
        note: pick(&release.note, &before.note),
        draft: if new || before.draft { release.draft } else { false },
        prerelease: if new { release.prerelease } else { before.prerelease },
        assets: before.assets.clone(),
    }
}

fn html(repo: &str, release: &Page) -> String {
    let title = if release.title.is_empty() { &release.tag } else { &release.title };
    let mut body = format!("<p>{} · tag {}", escape(repo), escape(&release.tag));
    if release.draft {
        body.push_str(" · draft");
    }
    if release.prerelease {
        body.push_str(" · pre-release");
    }
    let _ = writeln!(body, "</p>\n<h1>{}</h1>\n<pre>{}</pre>", escape(title), escape(&release.note));
    body.push_str("<h2>Files</h2>\n<ul>\n");
    for Asset { name, bytes, sha256 } in &release.assets {
        let (href, shown) = (address(name), escape(name));
        let _ = writeln!(
            body,
            "<li><a href=\"download/{href}\">{shown}</a> ({bytes} bytes) <code>{sha256}</code></li>"
        );
    }
    body.push_str("</ul>\n<p>A rehearsal: this release is only on this machine.</p>\n");
    page(title, &body)
}
