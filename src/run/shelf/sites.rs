//! A folder of pages → a site on the shelf. The old pages are there until the new ones are.

use std::fs;
use std::path::Path;

use crate::run::Trouble;
use crate::run::shelf::{NotPlaced, OpenShelf, SafePath, Staged, Staging, put, remove};

/// Stays in a site whatever is published: it holds the site's own domain.
const DOMAIN: &str = "CNAME";

/// A site as a step wants it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// `owner/name`.
    pub(crate) repo: SafePath,
    /// The folder of the site that is replaced; `None` for all of it.
    pub(crate) target: Option<SafePath>,
    /// Its pages.
    pub(crate) pages: Vec<(SafePath, Staged)>,
}

impl OpenShelf<'_> {
    /// Replaces the site, or a folder of it, and gives its place below the shelf's folder.
    pub(crate) fn publish(&self, site: &Site, staging: &Staging) -> Result<String, NotPlaced> {
        let root = site.repo.below(&self.root().join("sites"));
        let new = staging.fresh();
        put::make_folder(&new)?;
        for (path, staged) in &site.pages {
            put::rename(&staged.path, &path.below(&new))?;
        }
        let place = site.target.as_ref().map_or(root.clone(), |it| it.below(&root));
        let domain = place.join(DOMAIN);
        if domain.is_file() {
            fs::copy(&domain, new.join(DOMAIN)).map_err(|it| Trouble::with_path("be kept", &domain, &it))?;
        }
        exchange(&new, &place, &staging.fresh())?;
        let target = site.target.as_ref().map_or_else(String::new, |it| format!("{it}/"));
        Ok(format!("sites/{}/{target}", site.repo))
    }
}

fn exchange(new: &Path, place: &Path, aside: &Path) -> Result<(), Trouble> {
    if fs::symlink_metadata(place).is_ok() {
        put::rename(place, aside)?;
    }
    put::rename(new, place)?;
    remove(aside)
}
