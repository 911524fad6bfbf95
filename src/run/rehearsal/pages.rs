//! The settings of the plugin for GitHub's pages → a site on the shelf.

use std::path::Path;

use crate::run::rehearsal::stage::{LARGEST, Over, Stage, What, listed};
use crate::run::rehearsal::workspace::What as Found;
use crate::run::shelf::{Kind, Site};

pub(super) fn rehearse(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    let login = ["password", "ssh_key"].iter().any(|it| !settings.text(it).is_empty());
    if !login && stage.told("DRONE_NETRC_PASSWORD", "").is_empty() {
        return Err(Over::Fails(
            "neither `password` nor `ssh_key` has a value, so the branch cannot be pushed".into(),
        ));
    }
    let branch = settings.text_or("target_branch", "gh-pages");
    let upstream = settings.text_or("upstream_name", "origin");
    let remote = settings.text_or("remote_url", stage.told("DRONE_REMOTE_URL", ""));
    let destination = if remote.is_empty() { stage.machine.build.repo.clone() } else { remote.to_owned() };
    stage.tell_destination(&format!("{destination} on the branch {branch} ({upstream})"));
    let folder = settings.text_or("pages_directory", "docs").trim_end_matches('/');
    let inner = stage.workspace.inner(folder).map_err(|why| format!("`{folder}` {why}"))?;
    match stage.workspace.what(&inner) {
        Ok(Found::Folder) => {}
        Ok(Found::File) => {
            return Err(Over::Fails(format!("`{folder}` is a file, and `pages_directory` names a folder")));
        }
        Err(why) => return Err(Over::Fails(format!("`{folder}` {why}"))),
    }
    deliver(stage, &inner, destination)
}

fn deliver(stage: &mut Stage<'_, '_>, folder: &Path, destination: String) -> Result<(), Over> {
    let staging = stage.staging()?;
    let files = stage.workspace.files_below(folder).map_err(|(path, why)| stage.absent(&path, &why))?;
    let mut pages = Vec::new();
    for inner in files {
        let below = inner.strip_prefix(folder).unwrap_or(&inner).to_string_lossy().replace('\\', "/");
        // As the plugin does: neither the history nor the site's domain comes from the build.
        if below.split('/').any(|it| it == ".git" || it == "CNAME") {
            continue;
        }
        pages.push((stage.path(&below)?, stage.take(&inner, &staging, LARGEST)?));
    }
    if pages.is_empty() {
        return Err(Over::Fails(format!("`{}` holds no pages", stage.workspace.shown(folder))));
    }
    stage.talk.tell("pages", &format!("{} files", pages.len()));
    if !pages.iter().any(|it| it.0.to_string() == "index.html") {
        stage.talk.tell("note", "there is no index.html at the top, so the site's address shows nothing");
    }
    let target = match stage.settings.text_or("target_directory", ".").trim_matches('/') {
        "." | "" => None,
        target => Some(stage.path(target)?),
    };
    let files = pages.iter().map(|(path, staged)| listed(path, staged)).collect();
    let site = Site { repo: stage.repo()?, target, pages };
    let shelf = stage.open_shelf()?;
    let path = shelf.publish(&site, &staging)?;
    let title = format!("{}, {} files", site.repo, site.pages.len());
    stage.delivered(&shelf, What { kind: Kind::Site, title, path, destination, files })
}
