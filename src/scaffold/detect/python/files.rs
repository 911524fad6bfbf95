//! The files of a Python project, by their names alone → its requirement files, its tests, its `manage.py`, and the folders
//! inside that are others' business.

use crate::scaffold::project::Folder;

/// Folders below, but none of tests, that are packages of their own.
pub(super) fn others(folder: Folder<'_>) -> Vec<&str> {
    let manifest = |it: &'_ &str| it.ends_with("/pyproject.toml") || it.ends_with("/setup.py");
    let own = |it: &&str| !it.split('/').any(|it| it == "tests" || it == "test");
    let root = |it: &'_ str| it.rsplit_once('/').map_or(0, |it| it.0.len());
    folder.files().filter(manifest).filter(own).map(|it| &it[..root(it)]).collect()
}

/// Folders right below that list packages of their own.
pub(super) fn listed_below(folder: Folder<'_>) -> Vec<&str> {
    let list = |it: &'_ str| it.matches('/').count() == 1 && it.ends_with("/requirements.txt");
    let others = ["requirements/", "docs/", "doc/", "test/", "tests/"];
    let own = move |it: &&str| list(it) && !others.iter().any(|other| it.starts_with(other));
    folder.files().filter(own).filter_map(|it| it.split_once('/')).map(|it| it.0).collect()
}

/// Files that hold tests and are neither material nor in one of the other packages.
pub(super) fn tests<'s>(folder: Folder<'s>, others: &[&str]) -> Vec<&'s str> {
    const MATERIAL: [&str; 5] = ["docs", "examples", "fixtures", "samples", "testdata"];
    let named = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".py");
        stem.is_some_and(|it| {
            it.starts_with("test_") || it.ends_with("_test") || it == "tests" || it == "test"
        })
    };
    let inside = |path: &str, other: &str| path.strip_prefix(other).is_some_and(|it| it.starts_with('/'));
    let own = |path: &&str| {
        !path.split('/').any(|it| MATERIAL.contains(&it)) && !others.iter().any(|it| inside(path, it))
    };
    folder.files().filter(named).filter(own).collect()
}

/// `manage.py` of Django, in this folder or one below, the nearest first.
pub(crate) fn manage(folder: Folder<'_>) -> Option<&str> {
    let below = |it: &&str| it.split('/').count() == 2 && it.ends_with("/manage.py");
    let own = folder.names().find(|it| *it == "manage.py").into_iter();
    own.chain(folder.files().filter(below)).find(|it| folder.text(it).is_some_and(|it| it.contains("django")))
}

/// The requirement files: the plain one first, then those for tests, in the root or in `requirements/`.
pub(super) fn requirements(folder: Folder<'_>) -> Vec<&str> {
    let wanted = |name: &&str| {
        let inside = name.strip_prefix("requirements/");
        let stem = match inside {
            Some(rest) if !rest.contains('/') => rest.strip_suffix(".txt"),
            _ => name.strip_suffix(".txt").filter(|it| !it.contains('/')),
        };
        let Some(stem) = stem else { return false };
        let named = inside.is_some() || stem.contains("requirements");
        let kind = stem
            .trim_start_matches("requirements")
            .trim_end_matches("requirements")
            .trim_matches(['-', '_', '.']);
        named && order(kind).is_some()
    };
    let kind = |name: &str| {
        let stem = name.trim_start_matches("requirements/").trim_end_matches(".txt");
        stem.trim_start_matches("requirements")
            .trim_end_matches("requirements")
            .trim_matches(['-', '_', '.'])
            .to_owned()
    };
    let mut found: Vec<&str> = folder.files().filter(wanted).collect();
    found.sort_by_key(|it| order(&kind(it)));
    let has = |kinds: &[&str]| found.iter().any(|it| kinds.contains(&kind(it).as_str()));
    // The plain file takes in those that are its parts, and tests need no server.
    let (plain, base) = (has(&[""]), has(&["", "base", "common", "main"]));
    found.retain(|it| match kind(it).as_str() {
        "base" | "common" | "main" => !plain,
        "prod" | "production" => !base,
        _ => true,
    });
    // Those of the tests stand beside them.
    found.extend(
        folder.files().filter(|it| matches!(*it, "test/requirements.txt" | "tests/requirements.txt")),
    );
    found
}

/// The files that a test needs, in the order in which they are installed. Others, such as those for documentation, are
/// none.
fn order(kind: &str) -> Option<usize> {
    let kinds = [
        "",
        "base",
        "common",
        "main",
        "prod",
        "production",
        "dev",
        "develop",
        "development",
        "local",
        "test",
        "tests",
        "testing",
        "ci",
    ];
    kinds.iter().position(|it| *it == kind)
}
