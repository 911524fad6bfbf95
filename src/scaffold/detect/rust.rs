//! Rust: packages and workspaces.

use crate::scaffold::detect::kit::{Said, first_line, no_tests, version};
use crate::scaffold::detect::publish::same_version;
use crate::scaffold::detect::version::{numbers, short};
use crate::scaffold::detect::{Component, Line, Publish, Step, Variable, Version};
use crate::scaffold::project::{Fact, Folder, Value};

pub(crate) const MARKERS: &[&str] = &["Cargo.toml"];

/// The newest version that is known here.
const STABLE: &str = "1.95";

pub(crate) fn includes(_: Folder<'_>) -> bool {
    true
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("Cargo.toml")?;
    let package = manifest.at(&["package"]);
    let workspace = manifest.at(&["workspace"]);
    let first = package.or(workspace)?;
    let locked = if folder.has("Cargo.lock") { " --locked" } else { "" };
    let all = if workspace.is_some() { " --workspace" } else { "" };
    let test = tests(folder);
    let place = folder.place("Cargo.toml", first.line);
    let what = if workspace.is_some() { "a workspace of Cargo" } else { "a package of Cargo" };
    let name = manifest.text_at(&["package", "name"]).map_or_else(|| folder.name(), str::to_owned);
    let line = match &test {
        Some(test) => Line::new(format!("cargo test{all}{locked}"), format!("{test}: a test")),
        None => Line::new(
            format!("cargo check{all} --all-targets{locked}"),
            "there are no tests yet: at least it compiles",
        ),
    };
    let advice = if test.is_none() {
        vec![no_tests("it compiles", "a function with `#[test]` below your code, that calls it and asserts")]
    } else {
        Vec::new()
    };
    let versions = versions(folder, &manifest);
    let install = (!locked.is_empty()).then(|| {
        Line::new(
            "cargo fetch --locked",
            format!("{}: fails when it is out of date", folder.path("Cargo.lock")),
        )
    });
    Some(Component {
        ecosystem: "Rust",
        tool: "cargo".into(),
        score: if locked.is_empty() { 5 } else { 9 },
        evidence: vec![Fact::new(what, place)],
        install: install.into_iter().collect(),
        test: vec![line],
        lint: lint(folder, &manifest, all, locked),
        tested: test.is_some(),
        publish: publish(folder, &manifest, &name, locked, versions.last()?),
        versions,
        name,
        advice,
        ..Component::default()
    })
}

/// Where a test is. Files are read until one has some.
fn tests(folder: Folder<'_>) -> Option<String> {
    let apart =
        folder.files().find(|it| it.ends_with(".rs") && (it.starts_with("tests/") || it.contains("/tests/")));
    let inside = |it: &&str| {
        it.ends_with(".rs")
            && folder.text(it).is_some_and(|it| it.contains("#[test]") || it.contains("#[tokio::test]"))
    };
    let found = apart.or_else(|| folder.files().filter(|it| it.ends_with(".rs")).take(500).find(inside))?;
    Some(folder.path(found))
}

/// The toolchain of the project alone; else the oldest that it promises, and the newest.
fn versions(folder: Folder<'_>, manifest: &Value) -> Vec<Version> {
    let image = |it: &str| format!("rust:{it}");
    let toolchain = || {
        let value = folder.value("rust-toolchain.toml")?;
        let channel = value.at(&["toolchain", "channel"])?;
        Some((channel.text()?.to_owned(), folder.place("rust-toolchain.toml", channel.line)))
    };
    let pinned: Option<Said> =
        toolchain().or_else(|| first_line(folder, "rust-toolchain").filter(|it| !it.0.starts_with('[')));
    if let Some((channel, place)) = pinned {
        let number = short(&channel, 2).filter(|_| numbers(&channel).is_some());
        let (number, why) = match number {
            Some(number) => (number, place),
            None => (
                STABLE.to_owned(),
                format!("{place} asks for `{channel}`, which rustup fetches into this image"),
            ),
        };
        return vec![version("rust", &number, image(&number), &why)];
    }
    let newest = |why: &str| version("rust", STABLE, image(STABLE), why);
    let promised = [&["package", "rust-version"][..], &["workspace", "package", "rust-version"]];
    let Some(value) = promised.iter().filter_map(|it| manifest.at(it)).find(|it| it.text().is_some()) else {
        return vec![newest("no file names a version: the newest")];
    };
    let place = folder.place("Cargo.toml", value.line);
    match value.text().and_then(|it| short(it, 2)).filter(|it| it != STABLE) {
        Some(number) => vec![
            version("rust", &number, image(&number), &format!("the oldest that {place} promises")),
            newest("the newest"),
        ],
        None => vec![newest(&place)],
    }
}

/// Formatting and lints, where the project has set them up.
fn lint(folder: Folder<'_>, manifest: &Value, all: &str, locked: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(name) = folder.first(&["rustfmt.toml", ".rustfmt.toml"]) {
        lines.push(Line::plain("rustup component add rustfmt"));
        lines.push(Line::new(
            "cargo fmt --all --check",
            format!("{}: settings of rustfmt", folder.path(name)),
        ));
    }
    let tables = [&["lints", "clippy"][..], &["workspace", "lints", "clippy"]];
    let table = tables.iter().find_map(|it| manifest.at(it)).map(|it| folder.place("Cargo.toml", it.line));
    let file = || folder.first(&["clippy.toml", ".clippy.toml"]).map(|it| folder.path(it));
    if let Some(place) = table.or_else(file) {
        lines.push(Line::plain("rustup component add clippy"));
        lines.push(Line::new(
            format!("cargo clippy{all} --all-targets{locked} -- -D warnings"),
            format!("{place}: settings of clippy"),
        ));
    }
    lines
}

fn publish(
    folder: Folder<'_>,
    manifest: &Value,
    name: &str,
    locked: &str,
    version: &Version,
) -> Option<Publish> {
    let package = manifest.at(&["package"])?;
    let kept = package
        .at(&["publish"])
        .is_some_and(|it| it.text() == Some("false") || it.items().is_empty() && it.text().is_none());
    if kept || package.at(&["version"]).is_none() {
        return None;
    }
    let publish = Step {
        name: "publish".into(),
        image: version.image.clone(),
        environment: vec![Variable::secret("CARGO_REGISTRY_TOKEN", "cargo_token")],
        commands: vec![
            same_version("cargo pkgid | sed 's/.*[#@]//'", "Cargo.toml", "crates.io"),
            Line::plain(format!("cargo publish{locked}")),
        ],
        ..Step::default()
    };
    Some(Publish {
        why: format!(
            "to crates.io, because {} makes the package `{name}`",
            folder.place("Cargo.toml", package.line)
        ),
        steps: vec![publish],
        secrets: vec![(
            "cargo_token".into(),
            "a token of crates.io for this package; uploads a release".into(),
        )],
    })
}
