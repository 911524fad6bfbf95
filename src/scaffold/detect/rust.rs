//! Rust: packages and workspaces.

use crate::scaffold::detect::kit::{self, Said, first_line, no_tests, submodules, version};
use crate::scaffold::detect::libraries::{Asked, packages};
use crate::scaffold::detect::publish::same_version;
use crate::scaffold::detect::version::{numbers, short};
use crate::scaffold::detect::{Advice, Component, Line, Publish, Step, Variable, Version, elsewhere};
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
    let bare = bare_target(folder);
    let features = features(folder);
    let flags = format!("{all}{}{locked}", features.as_ref().map_or("", |_| " --all-features"));
    let (lines, advice) = match (&bare, &test) {
        (Some((target, place)), _) => on_bare_metal(target, place, &flags),
        (None, Some(test)) => {
            let more = features.as_ref().map(|it| format!("; {it}: with all features")).unwrap_or_default();
            (vec![Line::new(format!("cargo test{flags}"), format!("{test}: a test{more}"))], Vec::new())
        }
        (None, None) => (
            vec![Line::new(
                format!("cargo check{all} --all-targets{locked}"),
                "there are no tests yet: at least it compiles",
            )],
            vec![no_tests(
                "it compiles",
                "a function with `#[test]` below your code, that calls it and asserts",
            )],
        ),
    };
    let versions = versions(folder, &manifest);
    let mut install: Vec<Line> = submodules(folder).into_iter().chain(system(folder, &manifest)).collect();
    if !locked.is_empty() {
        install.push(Line::new(
            "cargo fetch --locked",
            format!("{}: fails when it is out of date", folder.path("Cargo.lock")),
        ));
    }
    let tested = test.is_some() && bare.is_none();
    let mut publish = publish(folder, &manifest, &name, locked, versions.last()?);
    if let Some(step) = publish.as_mut().and_then(|it| it.steps.first_mut()) {
        // It is compiled once more before it is handed out.
        let needed = install.iter().filter(|it| !it.command.starts_with("cargo"));
        step.commands.splice(0..0, needed.map(|it| Line::plain(&it.command)));
    }
    let lint = lint(folder, &manifest, all, locked, bare.is_some());
    let component = Component {
        ecosystem: "Rust",
        tool: "cargo".into(),
        score: if locked.is_empty() { 5 } else { 9 },
        evidence: vec![Fact::new(what, place)],
        install,
        test: lines,
        lint,
        tested,
        publish,
        versions,
        name,
        advice: advice
            .into_iter()
            .chain(containers(folder, &manifest))
            .chain(undescribed(folder, &manifest))
            .collect(),
        ..Component::default()
    };
    Some(if locked.is_empty() && tested { promise(component, all) } else { component })
}

/// Without a list of versions, the tests take the newest packages, which need not work with the oldest Rust: there it is
/// enough that the package itself compiles.
fn promise(mut component: Component, all: &str) -> Component {
    if component.versions.len() < 2 {
        return component;
    }
    let test = component.test.pop();
    if let Some(last) = component.versions.last_mut() {
        last.test = test;
    }
    component.versions[0].test = Some(Line::new(
        format!("cargo check{all}"),
        "what is promised to users; the packages that only tests need may ask for a newer one",
    ));
    component
}

/// The target that is built for without an operating system or for a browser: no test runs there.
fn bare_target(folder: Folder<'_>) -> Option<(String, String)> {
    let file = folder.first(&[".cargo/config.toml", ".cargo/config"])?;
    let settings = folder.value(file)?;
    let target = settings.at(&["build", "target"])?;
    let name = target.texts().first().map(|it| (*it).to_owned())?;
    let foreign = name.contains("-none") || name.contains("wasm");
    foreign.then(|| (name, folder.place(file, target.line)))
}

fn on_bare_metal(target: &str, place: &str, flags: &str) -> (Vec<Line>, Vec<Advice>) {
    let lines = vec![
        Line::new(format!("rustup target add {target}"), format!("{place}: what it is built for")),
        Line::plain(format!("cargo build{flags}")),
    ];
    let advice = Advice::new(
        format!(
            "it is built for `{target}`, where no test runs: the pipeline only finds out whether it compiles"
        ),
        "put what does not need the device into a library, and test that: cargo test --package NAME --target x86_64-unknown-linux-gnu",
    );
    (lines, vec![advice])
}

/// Where another service tests with all features; some projects have features that exclude each other.
fn features(folder: Folder<'_>) -> Option<String> {
    let (line, place) = elsewhere::calls(folder, "cargo test")
        .filter(|it| it.0.contains("--all-features"))
        .or_else(|| elsewhere::calls(folder, "cargo test --all-features"))?;
    line.contains("--all-features").then_some(place)
}

/// What crates look for outside Cargo, and the image lacks.
fn system(folder: Folder<'_>, manifest: &Value) -> Option<Line> {
    // These come with the image, or are built by the crate itself.
    const THERE: [&str; 4] = ["libssl-dev", "libcurl4-openssl-dev", "libpq-dev", "libglib2.0-dev"];
    let lock = folder.loosely("Cargo.lock");
    let mut asked = Vec::new();
    for (number, line) in lock.iter().flat_map(|it| it.lines().enumerate()) {
        let name = line.strip_prefix("name = \"").and_then(|it| it.strip_suffix('"'));
        asked.extend(name.map(|it| Asked::new(it, folder.place("Cargo.lock", number + 1), false)));
    }
    for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let named = manifest.at(&[table]).map_or(&[][..], Value::entries);
        asked.extend(named.iter().map(|it| Asked::new(&it.0, folder.place("Cargo.toml", it.1.line), false)));
    }
    asked.retain(|it| {
        it.name.contains("sys") || matches!(it.name.as_str(), "hidapi" | "prost-build" | "tonic-build")
    });
    let known: Vec<_> = packages(&asked).0.into_iter().filter(|it| !THERE.contains(&it.0)).collect();
    let names: Vec<&str> = known.iter().map(|it| it.0).collect();
    let first = known.first()?;
    Some(Line::new(
        format!("apt-get update && apt-get install -y {}", names.join(" ")),
        format!("{}: a crate that needs what the image lacks", first.1),
    ))
}

/// Tests that start containers need a Docker daemon, which a step does not have.
fn containers(folder: Folder<'_>, manifest: &Value) -> Option<Advice> {
    let place = manifest.at(&["dev-dependencies", "testcontainers"])?;
    Some(kit::starts_containers(&folder.place("Cargo.toml", place.line)))
}

/// Where a test is. Files are read until one has some.
fn tests(folder: Folder<'_>) -> Option<String> {
    let apart =
        folder.files().find(|it| it.ends_with(".rs") && (it.starts_with("tests/") || it.contains("/tests/")));
    // An example in a comment is a test as well.
    let marks =
        ["#[test]", "#[tokio::test", "#[rstest", "#[test_case", "proptest!", "/// ```", "//! ```", "::test]"];
    let inside =
        |it: &&str| folder.loosely(it).is_some_and(|text| marks.iter().any(|mark| text.contains(mark)));
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

/// The registry takes nothing without these.
fn described(package: &Value) -> bool {
    let licence = ["license", "license-file"].iter().any(|it| package.at(&[it]).is_some());
    licence && package.at(&["description"]).is_some()
}

/// Says why a library is not published, where nobody said that it should not be.
fn undescribed(folder: Folder<'_>, manifest: &Value) -> Option<Advice> {
    let package = manifest.at(&["package"]).filter(|it| !described(it) && it.at(&["publish"]).is_none())?;
    folder.has("src/lib.rs").then(|| {
        Advice::new(
            format!(
                "crates.io takes no package without a description and a license: nothing is published ({})",
                folder.place("Cargo.toml", package.line)
            ),
            "add `description` and `license`, and call init --update; or say `publish = false`",
        )
    })
}

/// Formatting and lints, where the project has set them up.
fn lint(folder: Folder<'_>, manifest: &Value, all: &str, locked: &str, bare: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let rustfmt = folder.first(&["rustfmt.toml", ".rustfmt.toml"]).map(|it| folder.path(it));
    let said = rustfmt.map(|it| format!("{it}: settings of rustfmt"));
    let elsewhere_called =
        |it: &str| elsewhere::calls(folder, it).map(|it| format!("{}: it is called there", it.1));
    if let Some(why) = said.or_else(|| elsewhere_called("cargo fmt")) {
        lines.push(Line::plain("rustup component add rustfmt"));
        lines.push(Line::new("cargo fmt --all --check", why));
    }
    let tables = [&["lints", "clippy"][..], &["workspace", "lints", "clippy"]];
    let table = tables.iter().find_map(|it| manifest.at(it)).map(|it| folder.place("Cargo.toml", it.line));
    let file = || folder.first(&["clippy.toml", ".clippy.toml"]).map(|it| folder.path(it));
    let said = table.or_else(file).map(|it| format!("{it}: settings of clippy"));
    if let Some(why) = said.or_else(|| elsewhere_called("cargo clippy")) {
        // Tests do not compile without an operating system.
        let targets = if bare { "" } else { " --all-targets" };
        lines.push(Line::plain("rustup component add clippy"));
        lines.push(Line::new(format!("cargo clippy{all}{targets}{locked} -- -D warnings"), why));
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
    if kept || !described(package) || package.at(&["version"]).is_none() {
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
