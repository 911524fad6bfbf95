//! Python: uv, Poetry, PDM, Hatch, Flit, setuptools, requirement files, Pipenv and conda; tox, nox, pytest, unittest and
//! Django.

mod facts;
mod files;
mod literals;
mod manager;
mod notebooks;
mod nox;
mod plugins;
mod publish;
mod runner;
mod style;
mod system;
mod tox;
mod versions;
mod wheels;

use crate::scaffold::detect::kit::submodules;
use crate::scaffold::detect::python::facts::{Facts, normal};
pub(crate) use crate::scaffold::detect::python::files::manage;
use crate::scaffold::detect::python::manager::{Manager, managers, several};
pub(crate) use crate::scaffold::detect::python::notebooks::lines as notebooks;
use crate::scaffold::detect::python::plugins::missing;
use crate::scaffold::detect::python::runner::{Kind, Runner, apart, odd_names, runner};
use crate::scaffold::detect::sites;
use crate::scaffold::detect::version::maintained;
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder, Value};

/// What makes a folder worth a look.
pub(crate) const MARKERS: &[&str] = &[
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "environment.yml",
    "environment.yaml",
    "tox.ini",
    "noxfile.py",
    "manage.py",
    "requirements/base.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
    "*.txt",
    "*.py",
    "tests/",
    "test/",
];

/// Packages that are built from C on the machine that installs them, and so need the larger image.
const COMPILED: [&str; 12] = [
    "dbus-python",
    "gdal",
    "misaka",
    "mysqlclient",
    "psycopg2",
    "pyaudio",
    "pycairo",
    "pycups",
    "pygraphviz",
    "python-ldap",
    "uwsgi",
    "xmlsec",
];

/// A workspace of uv takes care of its members.
pub(crate) fn includes(folder: Folder<'_>) -> bool {
    folder.value("pyproject.toml").is_some_and(|it| it.at(&["tool", "uv", "workspace"]).is_some())
}

/// The component in this folder, if it is a Python project.
pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let facts = Facts::of(folder);
    let mut advice = Vec::new();
    let runner = runner(&facts, &mut advice);
    let managers = managers(&facts);
    let manager = managers.first()?;
    // A list of packages alone, such as that of a machine, is for something else.
    if !folder.files().any(|it| it.ends_with(".py") || it.ends_with(".pyx") || it.ends_with(".ipynb")) {
        return None;
    }
    // The settings of a site in Python, and what builds it: that is for the site.
    let site = !facts.is_package() && folder.first(sites::SPHINX).is_some();
    if site && folder.files().filter(|it| it.ends_with(".py")).all(|it| it.ends_with("conf.py")) {
        return None;
    }
    let listed = !facts.requirements.is_empty() || facts.application().is_some();
    let nothing = !facts.is_package() && !listed && manager.name == "pip";
    if nothing && (runner.kind == Kind::None || matches!(runner.kind, Kind::Make(_))) {
        return None;
    }
    // Files below another component's folder are that component's.
    if nothing && !folder.root.is_empty() {
        return None;
    }
    advice.extend(several(&managers));
    if facts.by_cfg_alone() {
        advice.push(Advice::new(
            format!("pip installs nothing from {} alone: the pipeline writes the pyproject.toml that it needs", folder.path("setup.cfg")),
            "commit a pyproject.toml with `[build-system]` and `requires = [\"setuptools\"]`, and call init again",
        ));
    }
    misspelt(&facts, &mut advice);
    let versions = versions::versions(&facts);
    advice.extend(versions.advice.clone());
    let prefix = if own_environments(&runner.kind) { "" } else { manager.prefix };
    let ending = ending(&facts, manager, &runner);
    let mut images = versions::images(&versions.chosen, ending);
    if manager.name == "conda" {
        for it in &mut images {
            it.image = "condaforge/miniforge3:25.3.1-0".into();
        }
        images.truncate(1);
    }
    // What is built is the same on every version, so it is built on one that the tools still run on.
    let newest = images.last().map(|it| it.image.clone());
    let newest = newest.filter(|it| maintained(it) && it.starts_with("python:"));
    let newest = newest.unwrap_or_else(|| format!("python:{}-slim", versions::USUAL));
    let test = images.iter().map(|it| runner.lines(&facts, prefix, &it.number)).collect::<Vec<_>>();
    let differs = test.windows(2).any(|it| it[0] != it[1]);
    if differs {
        for (version, lines) in images.iter_mut().zip(&test) {
            version.test = lines.first().cloned();
        }
    }
    if let (Kind::Pytest { folder: Some(_), .. }, Some((alone, outside))) = (&runner.kind, apart(&facts)) {
        let (alone, outside) = (folder.path(alone), folder.path(&outside));
        advice.push(Advice::new(
            format!("`{outside}` is left out: the pipeline runs `{alone}`, which needs nothing beside it"),
            "what those tests talk to goes under `services`, or into a pipeline that is started by hand",
        ));
    }
    advice.extend(publish::deployed(&facts));
    advice.extend(odd_names(&facts, &runner.kind));
    // The root of several parts, each with tests of its own, has tools for all of them.
    let around = runner.kind == Kind::None && facts.unbuilt() && !facts.others.is_empty();
    if runner.kind == Kind::None && !around {
        advice.push(no_tests(&facts));
    }
    let publish = publish::publish(&facts, &newest);
    if let Some(place) = facts.compiled().filter(|_| publish.is_some()) {
        advice.push(Advice::new(
            format!("the package is compiled ({place}): its source is published, and each user compiles it"),
            "to publish wheels, too: cibuildwheel, on one machine of each kind",
        ));
    }
    let newest_number = images.last().map(|it| it.number.clone()).unwrap_or_default();
    let (checks, check) = runner.checks(&facts, &newest_number);
    let style = style::style(&facts, prefix_for_style(manager, &runner), &checks);
    if around && style.is_empty() {
        return None;
    }
    Some(Component {
        ecosystem: "Python",
        tool: manager.name.into(),
        name: facts.name().unwrap_or_else(|| folder.name()),
        score: score(&facts, manager, &runner),
        evidence: evidence(&facts, &managers, &runner),
        install: install(&facts, manager, &runner),
        environment: system::display(&facts).into_iter().collect(),
        covers: covers(&facts),
        test: if differs || around { Vec::new() } else { test.into_iter().next().unwrap_or_default() },
        lint: check.into_iter().chain(style).collect(),
        // Tests alone may check what another language makes.
        tooling: nothing,
        tested: runner.kind != Kind::None,
        publish,
        versions: images,
        advice,
        ..Component::default()
    })
}

/// The version of Python for something that is no package: what the project says, or the usual one.
pub(crate) fn site_version(folder: Folder<'_>) -> (String, String) {
    let versions = versions::versions(&Facts::of(folder));
    versions
        .chosen
        .into_iter()
        .next_back()
        .unwrap_or_else(|| (versions::USUAL.into(), "the usual one".into()))
}

/// The image without compilers and git, where nothing needs them.
fn ending(facts: &Facts<'_>, manager: &Manager, runner: &Runner) -> &'static str {
    let of_tox = match &runner.kind {
        Kind::Tox(tox) => tox.dependencies().iter().map(|it| normal(it)).collect(),
        _ => Vec::new(),
    };
    let named = |it: &&str| facts.package(it).is_some() || of_tox.iter().any(|own| own == it);
    let compiled = facts.compiled().is_some() || COMPILED.iter().any(named) || system::wants_library(facts);
    let words = ["git+", "git = \"", "git=\""];
    let text = |it: &&str| facts.folder.text(it).is_some_and(|it| words.iter().any(|word| it.contains(word)));
    let mut places = facts.requirements.iter().chain(&["pyproject.toml", "setup.py"]);
    let from_git = places.any(text) || publish::from_git(facts);
    // pre-commit clones its hooks.
    let own = ["tox.ini", "tox.toml", "noxfile.py", "pyproject.toml", "setup.cfg"];
    let calls =
        |it: &&str| facts.folder.text(it).is_some_and(|it| it.contains("pre-commit") || it.contains("git+"));
    // The slim image has no git.
    let modules = submodules(facts.folder).is_some();
    let calls_git = modules || own_environments(&runner.kind) && own.iter().any(calls);
    if compiled || from_git || calls_git || manager.name == "conda" { "" } else { "-slim" }
}

/// What stands before a tool that the step has installed; `None` where it has installed none.
fn prefix_for_style(manager: &Manager, runner: &Runner) -> Option<&'static str> {
    (!own_environments(&runner.kind)).then_some(manager.prefix)
}

/// True for what makes environments of its own, and installs into those.
fn own_environments(kind: &Kind) -> bool {
    matches!(kind, Kind::Tox(_) | Kind::Nox { .. } | Kind::Hatch { .. })
}

/// What is built in the same folder as a part of the package: the other ecosystems need no pipeline there.
fn covers(facts: &Facts<'_>) -> Vec<(String, &'static str)> {
    let folder = facts.folder;
    let has = |name: &str, word: &str| folder.text(name).is_some_and(|it| it.contains(word));
    let built = facts.compiled().is_some();
    let made = folder.first(&["CMakeLists.txt", "meson.build", "configure.ac"]).is_none();
    let untested = !has("CMakeLists.txt", "add_test(") && !has("CMakeLists.txt", "_discover_tests(");
    let by_tool = facts.built_with("meson-python").is_some() || untested && !folder.has("meson.build");
    let c = facts.is_package() && (made || built && by_tool);
    // A crate that Python loads links to nothing without it.
    let crates = folder.files().filter(|it| built && (*it == "Cargo.toml" || it.ends_with("/Cargo.toml")));
    let root = |it: &str| folder.path(it.trim_end_matches("Cargo.toml")).trim_end_matches('/').to_owned();
    let loaded = crates.filter(|it| has(it, "pyo3")).map(|it| (root(it), "Rust"));
    loaded.chain(c.then(|| (folder.root.to_owned(), "C and C++"))).collect()
}

fn install(facts: &Facts<'_>, manager: &Manager, runner: &Runner) -> Vec<Line> {
    let rust = facts.of_rust().map(|it| manager::rust(&it));
    let system = system::packages(facts).filter(|_| manager.name != "conda");
    submodules(facts.folder)
        .into_iter()
        .chain(system)
        .chain(rust)
        .chain(installed(facts, manager, runner))
        .collect()
}

fn installed(facts: &Facts<'_>, manager: &Manager, runner: &Runner) -> Vec<Line> {
    match &runner.kind {
        // They make their own environments, and install into those.
        Kind::Tox(_) => {
            let files = ["tox.ini", "tox.toml", "pyproject.toml"];
            let by_uv = |it: &&str| facts.folder.text(it).is_some_and(|it| it.contains("uv-venv-"));
            let place = files.iter().find(|it| by_uv(it)).map(|it| facts.folder.place_of(it, "uv-venv-"));
            vec![match place {
                Some(place) => Line::new("pip install tox tox-uv", format!("{place}: environments of uv")),
                None => Line::plain("pip install tox"),
            }]
        }
        Kind::Nox { .. } => vec![Line::plain("pip install nox")],
        Kind::Hatch { .. } => vec![Line::plain("pip install hatch")],
        Kind::Make(_) if manager.install.is_empty() => {
            vec![Line::plain("apt-get update && apt-get install -y make")]
        }
        Kind::Make(_) if ending(facts, manager, runner).is_empty() => manager.install.clone(),
        Kind::Make(_) => {
            let make = Line::new("apt-get update && apt-get install -y make", "the slim image has no make");
            std::iter::once(make).chain(manager.install.clone()).collect()
        }
        Kind::Pytest { named, .. } => {
            let pip = if manager.name == "uv" { "uv " } else { manager.prefix };
            let missing = missing(facts, *named)
                .map(|it| Line { command: format!("{pip}pip install {}", it.command), ..it });
            manager.install.iter().cloned().chain(missing).collect()
        }
        _ => manager.install.clone(),
    }
}

fn evidence(facts: &Facts<'_>, managers: &[Manager], runner: &Runner) -> Vec<Fact> {
    let mut found: Vec<Fact> = managers.iter().map(|it| it.fact.clone()).collect();
    if runner.kind != Kind::None {
        found.push(runner.fact.clone());
    }
    if let Some(project) = facts.at(&["project"]) {
        found.push(Fact::new("the metadata of a package", facts.place(project)));
    }
    found.dedup_by(|a, b| a.place == b.place);
    found
}

fn score(facts: &Facts<'_>, manager: &Manager, runner: &Runner) -> u32 {
    let lock = if manager.fact.what.contains("lock") { 5 } else { 0 };
    let metadata = if facts.is_package() { 4 } else { 0 };
    let listed = if facts.requirements.is_empty() { 0 } else { 3 };
    let tested = if runner.kind == Kind::None { 0 } else { 3 };
    lock + metadata + listed + tested + u32::from(!facts.tests.is_empty())
}

/// Names that were meant to be others.
const MISSPELT: [(&str, &str); 9] = [
    ("requirement.txt", "requirements.txt"),
    ("requirements.text", "requirements.txt"),
    ("requirments.txt", "requirements.txt"),
    ("requirememts.txt", "requirements.txt"),
    ("requirements.tx", "requirements.txt"),
    ("Requirements.txt", "requirements.txt"),
    ("Pipefile", "Pipfile"),
    ("pyproject.tml", "pyproject.toml"),
    ("pyproyect.toml", "pyproject.toml"),
];

fn misspelt(facts: &Facts<'_>, advice: &mut Vec<Advice>) {
    for (wrong, right) in MISSPELT.iter().filter(|it| facts.folder.has(it.0) && !facts.folder.has(it.1)) {
        advice.push(Advice::new(
            format!(
                "`{}` looks like `{right}`, and nothing reads it under that name",
                facts.folder.path(wrong)
            ),
            format!("git mv {wrong} {right}, and call init again"),
        ));
    }
}

/// The first test that could be written, of a module that is there.
fn no_tests(facts: &Facts<'_>) -> Advice {
    if !facts.folder.files().any(|it| it.ends_with(".py")) {
        return Advice::new(
            "there are no tests: the pipeline only finds out whether the notebooks can be read, and their code compiles",
            "the first test: move one function out of a notebook into a file of its own, and call it in tests/test_it.py",
        );
    }
    let script = || {
        facts
            .folder
            .names()
            .find(|it| it.ends_with(".py") && *it != "setup.py")
            .map(|it| it.trim_end_matches(".py"))
    };
    let module = facts.import().map(|it| it.1).or_else(|| script().map(str::to_owned));
    let module = module.unwrap_or_else(|| "your_module".into());
    let scripts = facts.at(&["project", "scripts"]).map_or(&[][..], Value::entries);
    let imports = facts.is_package() && facts.import().is_some();
    let first = match scripts.first() {
        Some((name, _)) => {
            format!("a file tests/test_{module}.py that starts `{name} --help` and looks at its exit code")
        }
        None => format!(
            "a file tests/test_{module}.py: `import {module}`, call one function, and `assert` what it answers"
        ),
    };
    Advice::new(
        format!(
            "there are no tests: the pipeline only finds out whether it {}",
            if imports { "installs, compiles and imports" } else { "installs and compiles" }
        ),
        format!("the first test: {first}"),
    )
}
