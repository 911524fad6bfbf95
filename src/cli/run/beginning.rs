//! What every real run of a project begins with: a folder of its own, what is built, and the build that it is.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::Failure;
use crate::cli::plan::git::Repository;
use crate::cli::plan::occasion::Occasion;
use crate::cli::run::signals::Signals;
use crate::engine::plan::Build;
use crate::run::Trouble;
use crate::run::content::Content;
use crate::run::ledger::{Ledger, RunFolder};
use crate::run::places::Places;

/// A new folder for the run, which a signal removes.
pub(in crate::cli) fn folder(places: &Places, signals: &Signals) -> Result<RunFolder, Trouble> {
    signals.while_writing(|| {
        let run = Ledger::new(places.runs()).begin();
        run.inspect(|it| signals.remove(it.path()))
    })
}

/// What the workspaces get: the last commit, or what `working_tree` adds to it.
pub(in crate::cli) fn content(
    project: &Path,
    working_tree: bool,
    run: &RunFolder,
    signals: &Signals,
) -> Result<Content, Trouble> {
    let scratch = run.path().join("content");
    signals.while_writing(|| {
        if working_tree {
            Content::working_tree(project, &scratch)
        } else {
            Content::committed(project, &scratch)
        }
    })
}

/// The build of that content which the flags and the repository describe, begun now.
pub(in crate::cli) fn build(
    occasion: &Occasion,
    repository: &Repository,
    content: &Content,
) -> Result<Build, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let after = content.commit().to_owned();
    Ok(Build { after, created: now, started: now, ..occasion.build(repository)? })
}
