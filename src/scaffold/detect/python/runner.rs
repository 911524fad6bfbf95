//! How a Python project is tested, and what says so. Nothing is guessed that a file could have said, and a command of the
//! project's own is taken only after all of it was read.

use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::literals::strings;
use crate::scaffold::detect::python::manager::{comes, shadowed};
use crate::scaffold::detect::python::notebooks;
use crate::scaffold::detect::python::nox;
use crate::scaffold::detect::python::style::Checks;
use crate::scaffold::detect::python::tox::{Tox, program};
use crate::scaffold::detect::python::versions::hatch_script;
use crate::scaffold::detect::{Advice, Line, path};
use crate::scaffold::project::{Fact, harm, targets};

/// How it is tested.
pub(crate) struct Runner {
    pub(crate) kind: Kind,
    pub(crate) fact: Fact,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Environments of tox.
    Tox(Tox),
    /// A session of nox; true when it has one for each version.
    Nox { session: String, each: bool },
    /// A script of an environment of Hatch; true when the environment has a matrix of versions.
    Hatch { script: String, each: bool },
    /// pytest, with the folder that it is told; and whether some list names it.
    Pytest { folder: Option<&'static str>, named: bool },
    /// A target of the Makefile.
    Make(&'static str),
    /// `manage.py test`, with the place of that file.
    Django(String),
    /// A script of the project that runs its tests.
    Script(&'static str),
    /// The module of the standard library, with what follows it.
    Unittest(String),
    /// nbdev, whose tests are in notebooks.
    Nbdev,
    /// There are none.
    None,
}

/// Decides, and says what it did not take and why.
pub(crate) fn runner(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Runner {
    let make = make(facts, advice);
    let found = tox(facts, advice).or_else(|| nox(facts, advice)).or_else(|| hatch(facts, advice));
    let found = found.or_else(|| nbdev(facts)).or_else(|| pytest(facts));
    let found = found.or_else(|| django(facts)).or_else(|| script(facts)).or_else(|| unittest(facts));
    let found = found.or_else(|| bare(facts)).or(make);
    found.unwrap_or_else(|| Runner { kind: Kind::None, fact: Fact::new("no tests", String::new()) })
}

fn tox(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Option<Runner> {
    let tox = Tox::of(facts)?;
    if let Some(reason) = tox.harm(facts) {
        let next = if reason.contains("setup.py test") {
            "let it call pytest or `python -m unittest`, and call init again"
        } else {
            "give what hands out an environment of its own, and call init again"
        };
        advice.push(Advice::new(format!("tox is not called: {reason} ({})", tox.place), next));
        return None;
    }
    let servers = tox.left_out();
    if !servers.is_empty() {
        advice.push(Advice::new(
            format!(
                "tox has environments that talk to a server, and they are left out: {}",
                servers.join(", ")
            ),
            "add the server under `services`, tell the tests its host, and call those environments, too",
        ));
    }
    let fact = Fact::new("environments of tox", tox.place.clone());
    Some(Runner { kind: Kind::Tox(tox), fact })
}

/// Its settings name the notebooks that the code is made from, and tested by.
fn nbdev(facts: &Facts<'_>) -> Option<Runner> {
    let text = facts.folder.text("settings.ini")?;
    let has = |key: &str| text.lines().any(|it| it.split('=').next().is_some_and(|it| it.trim() == key));
    (has("lib_name") && has("nbs_path")).then(|| Runner {
        kind: Kind::Nbdev,
        fact: Fact::new("settings of nbdev", facts.folder.place_of("settings.ini", "nbs_path")),
    })
}

fn nox(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Option<Runner> {
    let text = facts.folder.text("noxfile.py")?;
    let session = nox::test(&text)?;
    let place = facts.folder.place("noxfile.py", session.line);
    if let Some(reason) = session.harm(facts) {
        advice.push(Advice::new(
            format!("the session `{}` of nox is not called: {reason} ({place})", session.name),
            format!("give what hands out a session of its own, so that `{}` only tests", session.name),
        ));
        return None;
    }
    let fact = Fact::new(format!("the session `{}` of nox", session.name), place);
    Some(Runner { kind: Kind::Nox { each: session.each(), session: session.name }, fact })
}

/// A script of Hatch, when all that it runs is harmless.
fn hatch(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Option<Runner> {
    let (environment, (name, script), place) = hatch_script(facts)?;
    if let Some(reason) =
        script.texts().into_iter().find_map(|it| harm(facts.folder, it.trim_start_matches("- ")))
    {
        advice.push(Advice::new(
            format!("the script `{name}` of Hatch is not called: {reason} ({place})"),
            format!("give what hands out a script of its own, so that `{name}` only tests"),
        ));
        return None;
    }
    let each = facts
        .hatch(&["envs", environment, "matrix"])
        .is_some_and(|it| it.0.items().iter().any(|it| it.at(&["python"]).is_some()));
    let script = if environment == "default" { name.to_owned() } else { format!("{environment}:{name}") };
    let fact = Fact::new(format!("the script `{name}` of Hatch, read and found harmless"), place);
    Some(Runner { kind: Kind::Hatch { script, each }, fact })
}

/// A script of Hatch that looks at the style, read and found harmless.
fn hatch_check(facts: &Facts<'_>) -> Option<(&'static str, &'static str)> {
    ["lint", "style", "quality"].into_iter().find_map(|environment| {
        let (scripts, _) = facts.hatch(&["envs", environment, "scripts"])?;
        let script = ["check", "all", "lint", "style"].into_iter().find(|it| scripts.at(&[it]).is_some())?;
        let lines = scripts.at(&[script])?.texts();
        let names: Vec<&str> = scripts.entries().iter().map(|it| it.0.as_str()).collect();
        let harmless =
            |it: &str| names.contains(&it) || harm(facts.folder, it.trim_start_matches("- ")).is_none();
        lines.into_iter().all(harmless).then_some((environment, script))
    })
}

fn pytest(facts: &Facts<'_>) -> Option<Runner> {
    let folder = facts.folder;
    let listed = facts.package("pytest").or_else(|| facts.package("pytest-django"));
    let configured = settings(facts);
    let conftest = folder.files().find(|it| *it == "conftest.py" || it.ends_with("/conftest.py"));
    let imported = || facts.tests.iter().find(|it| folder.text(it).is_some_and(|it| imports(&it, "pytest")));
    let tested = !facts.tests.is_empty();
    let fact = match (configured, conftest, listed) {
        (Some(place), _, _) => Fact::new("settings of pytest", place),
        (_, Some(name), _) => Fact::new("a conftest.py", folder.path(name)),
        (_, _, Some(place)) if tested => Fact::new("pytest among the packages", place),
        _ => Fact::new("tests that import pytest", folder.path(imported()?)),
    };
    if !tested {
        return None;
    }
    let named = listed.is_some() && (comes(facts, "pytest") || comes(facts, "pytest-django"));
    Some(Runner { kind: Kind::Pytest { folder: test_folder(facts), named }, fact })
}

/// Where pytest is set up.
fn settings(facts: &Facts<'_>) -> Option<String> {
    let folder = facts.folder;
    let of_file = folder.first(&["pytest.ini", ".pytest.ini", "pytest.toml"]).map(|it| folder.path(it));
    let of_toml = || facts.at(&["tool", "pytest"]).map(|it| facts.place(it));
    let of_cfg = || facts.setup_cfg.section("tool:pytest").map(|it| folder.place("setup.cfg", it));
    let of_tox = || folder.ini("tox.ini")?.section("pytest").map(|it| folder.place("tox.ini", it));
    of_file.or_else(of_toml).or_else(of_cfg).or_else(of_tox)
}

/// The folder of tests that need nothing beside them, and one of those that do.
pub(crate) fn apart(facts: &Facts<'_>) -> Option<(&'static str, String)> {
    const ALONE: [&str; 6] =
        ["tests/unit", "tests/unit_tests", "tests/unittests", "test/unit", "tests/units", "test/unit_tests"];
    const OUTSIDE: [&str; 6] =
        ["acceptance", "e2e", "end_to_end", "integration", "integration_tests", "system"];
    let there = |it: &str| facts.tests.iter().any(|test| test.starts_with(&format!("{it}/")));
    let alone = ALONE.into_iter().find(|it| there(it))?;
    let above = alone.split('/').next()?;
    let outside = OUTSIDE.iter().map(|it| format!("{above}/{it}")).find(|it| there(it))?;
    Some((alone, outside))
}

/// The folder to name, unless the settings do, or tests lie elsewhere too.
fn test_folder(facts: &Facts<'_>) -> Option<&'static str> {
    let told = facts.at(&["tool", "pytest", "ini_options", "testpaths"]).is_some()
        || ["pytest.ini", "tox.ini", "setup.cfg"].iter().any(|name| {
            let ini = facts.folder.ini(name).unwrap_or_default();
            ini.get("pytest", "testpaths").or(ini.get("tool:pytest", "testpaths")).is_some()
        });
    if let Some((alone, _)) = apart(facts).filter(|_| !told) {
        return Some(alone);
    }
    let folders = ["tests", "test"];
    let found =
        folders.iter().find(|it| facts.tests.iter().any(|test| test.starts_with(&format!("{it}/"))))?;
    let elsewhere = facts.tests.iter().any(|it| !it.starts_with(&format!("{found}/")));
    (!told && !elsewhere).then_some(*found)
}

fn imports(text: &str, module: &str) -> bool {
    let of = |line: &str| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("import" | "from"))
            && words.next().is_some_and(|it| it.trim_end_matches(',').split('.').next() == Some(module))
    };
    // Most files do not name it at all, and a large project has thousands.
    text.contains(module) && text.lines().any(of)
}

fn django(facts: &Facts<'_>) -> Option<Runner> {
    let file = facts.manage()?;
    let tested = !facts.tests.is_empty();
    tested.then(|| Runner {
        kind: Kind::Django(file.to_owned()),
        fact: Fact::new("a project of Django with tests", facts.folder.place_of(file, "django")),
    })
}

/// A script that runs the tests, as packages for Django have one.
fn script(facts: &Facts<'_>) -> Option<Runner> {
    const NAMES: [&str; 5] =
        ["runtests.py", "run_tests.py", "tests/runtests.py", "testrunner.py", "quicktest.py"];
    let name = facts.folder.first(&NAMES)?;
    facts.tests.first()?;
    Some(Runner { kind: Kind::Script(name), fact: Fact::new("runs the tests", facts.folder.path(name)) })
}

/// Functions that only pytest would find: no file names it, and no test imports it.
fn bare(facts: &Facts<'_>) -> Option<Runner> {
    let folder = facts.folder;
    let of =
        |text: &str| text.lines().any(|it| it.starts_with("def test_") || it.starts_with("async def test_"));
    // In a file of another name they are helpers.
    let mut named = facts.tests.iter().filter(|it| !is_odd(it));
    let found = named.find(|it| folder.text(it).is_some_and(|it| of(&it)))?;
    let fact = Fact::new("functions that pytest finds", folder.place_of(found, "def test_"));
    let named = comes(facts, "pytest");
    Some(Runner { kind: Kind::Pytest { folder: test_folder(facts), named }, fact })
}

fn unittest(facts: &Facts<'_>) -> Option<Runner> {
    let folder = facts.folder;
    let all =
        facts.tests.iter().copied().filter(|it| folder.text(it).is_some_and(|it| imports(&it, "unittest")));
    let (deep, flat): (Vec<&str>, Vec<&str>) = all.partition(|it| it.contains('/'));
    let found = *deep.first().or(flat.first())?;
    // The folder around all of them.
    let inside = deep.iter().fold(found.rsplit_once('/').map_or("", |it| it.0), |around, it| {
        let shared = around.split('/').zip(it.split('/')).take_while(|it| it.0 == it.1).count();
        let end = around.match_indices('/').nth(shared.wrapping_sub(1)).map_or(around.len(), |it| it.0);
        if shared == 0 { "" } else { &around[..end] }
    });
    let package = |it: &str| folder.has(&format!("{it}/__init__.py"));
    let mut top = inside;
    while !top.is_empty() && package(top) {
        top = top.rsplit_once('/').map_or("", |it| it.0);
    }
    let arguments = match inside {
        "" => String::new(),
        // A package is imported from the folder above it, and so are its tests.
        _ if package(inside) => {
            format!(
                " discover -s {} -t {}",
                path(inside),
                if top.is_empty() { ".".into() } else { path(top) }
            )
        }
        _ => format!(" discover -s {}", path(inside)),
    };
    let fact = Fact::new("tests of unittest", folder.place_of(found, "unittest"));
    Some(Runner { kind: Kind::Unittest(arguments), fact })
}

/// A target of the Makefile, when all that it runs is harmless; what is not harmless is said, even when nobody needs it.
fn make(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Option<Runner> {
    let name = facts.folder.first(&["Makefile", "makefile", "GNUmakefile"])?;
    let text = facts.folder.text(name)?;
    let all = targets(name, &text);
    let target = ["test", "tests", "check"].iter().find(|it| all.iter().any(|own| own.name == **it))?;
    let line = all.iter().find(|it| it.name == *target).map_or(0, |it| it.line);
    let place = facts.folder.place(name, line);
    if let Some(reason) = harm(facts.folder, &format!("make {target}")) {
        advice.push(Advice::new(
            format!("`make {target}` is not called: {reason} ({place})"),
            format!("give what hands out a target of its own, so that `make {target}` only tests"),
        ));
        return None;
    }
    let fact = Fact::new(format!("the target `{target}`, read and found harmless"), place);
    Some(Runner { kind: Kind::Make(target), fact })
}

impl Runner {
    /// What looks at the style through the same tool, on the newest version, and the command for that.
    pub(crate) fn checks(&self, facts: &Facts<'_>, newest: &str) -> (Checks, Option<Line>) {
        let (checks, command) = match &self.kind {
            Kind::Tox(tox) => {
                let checks = tox.checks(facts, newest);
                let command = format!("{} -e {}", program(newest), checks.names.join(","));
                (checks, command)
            }
            Kind::Nox { .. } => {
                let checks = nox::checks(facts, newest);
                let command = format!("nox -s {}", checks.names.join(" "));
                (checks, command)
            }
            Kind::Hatch { .. } => match hatch_check(facts) {
                Some((environment, script)) => {
                    (Checks::general(environment), format!("hatch run {environment}:{script}"))
                }
                None => (Checks::default(), String::new()),
            },
            _ => (Checks::default(), String::new()),
        };
        let place = match &self.kind {
            Kind::Hatch { .. } => self.fact.place.split(':').next().unwrap_or_default(),
            _ => &self.fact.place,
        };
        let why = format!("{place}: the project's own look at the style");
        let line = (!checks.names.is_empty()).then(|| Line::new(command, why));
        (checks, line)
    }

    /// The commands, with the manager's prefix; `number` is the version of Python.
    pub(crate) fn lines(&self, facts: &Facts<'_>, prefix: &str, number: &str) -> Vec<Line> {
        let why = format!("{}: {}", self.fact.place, self.fact.what);
        let line = |command: String| vec![Line::new(command, why.clone())];
        match &self.kind {
            Kind::Tox(tox) => line(tox.command(number)),
            Kind::Nox { session, each: true } => line(format!("nox -s {session}-{number}")),
            Kind::Nox { session, .. } => line(format!("nox -s {session}")),
            Kind::Hatch { script, each: true } => line(format!("hatch run +py={number} {script}")),
            Kind::Hatch { script, .. } => line(format!("hatch run {script}")),
            Kind::Pytest { .. } if elsewhere(facts).is_some() => {
                let name = elsewhere(facts).unwrap_or_default();
                let why =
                    format!("{}; from elsewhere, because what is compiled is not here", self.fact.place);
                vec![Line::new(format!("(cd /tmp && {prefix}pytest --pyargs {name})"), why)]
            }
            Kind::Pytest { folder, .. } => {
                let folder = match (unfound(facts), folder) {
                    (Some(named), _) => named,
                    (None, Some(folder)) => format!(" {folder}/"),
                    (None, None) => String::new(),
                };
                let (first, more) = coverage(facts, prefix, &folder);
                let first = match not_installed(facts) {
                    Some((module, place)) if first.contains("python -m pytest") => vec![Line::new(
                        first,
                        format!(
                            "{}; `python -m` finds `{module}`, which nothing installs ({place})",
                            self.fact.place
                        ),
                    )],
                    _ => line(first),
                };
                first.into_iter().chain(more.map(Line::plain)).collect()
            }
            Kind::Make(target) => line(format!("{prefix}make {target}")),
            Kind::Django(file) => line(match file.rsplit_once('/') {
                Some((inside, _)) => format!("{prefix}python {} test {}/", path(file), path(inside)),
                None => format!("{prefix}python manage.py test"),
            }),
            Kind::Script(name) => line(format!("{prefix}python {name}")),
            Kind::Unittest(arguments) => line(format!("{prefix}python -m unittest{arguments}")),
            Kind::Nbdev => line(format!("{prefix}nbdev_test")),
            Kind::None => smoke(facts, prefix),
        }
    }
}

/// True for a file that pytest does not look at.
fn is_odd(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("test.py" | "tests.py"))
}

/// Tests that pytest does not find by itself, as it is told about them: it looks for `test_*.py` and `*_test.py`.
fn unfound(facts: &Facts<'_>) -> Option<String> {
    const MOST: usize = 3;
    let name = |it: &str| it.rsplit('/').next().unwrap_or(it).to_owned();
    let told = ["pyproject.toml", "pytest.ini", "pytest.toml", "setup.cfg", "tox.ini"]
        .iter()
        .any(|it| facts.folder.text(it).is_some_and(|it| it.contains("python_files")));
    if told || !facts.tests.iter().all(|it| is_odd(it)) {
        return None;
    }
    if facts.tests.len() <= MOST {
        return Some(facts.tests.iter().map(|it| format!(" {}", path(it))).collect());
    }
    let mut names: Vec<String> = facts.tests.iter().map(|it| name(it)).collect();
    names.sort_unstable();
    names.dedup();
    Some(format!(" -o python_files='{}'", names.join(" ")))
}

/// What its owner should know about the names of the tests.
pub(crate) fn odd_names(facts: &Facts<'_>, kind: &Kind) -> Option<Advice> {
    unfound(facts).filter(|_| matches!(kind, Kind::Pytest { .. }))?;
    let first = facts.folder.path(facts.tests.first()?);
    Some(Advice::new(
        format!(
            "pytest alone finds no test here: it looks for files named test_*.py or *_test.py, and not for `{first}`"
        ),
        "the pipeline names them; better, rename them, and call init again",
    ))
}

/// The package whose tests have to start in another folder, because Meson leaves what it compiles out of this one.
fn elsewhere(facts: &Facts<'_>) -> Option<String> {
    facts.built_with("meson-python")?;
    shadowed(facts)?;
    let (_, name) = facts.import()?;
    facts.tests.iter().all(|it| it.starts_with(&format!("{name}/"))).then_some(name)
}

/// A module of the project that tests import although nothing installs it, with its place. pytest looks beside the test;
/// `python -m pytest` looks in the project's folder, too.
fn not_installed(facts: &Facts<'_>) -> Option<(String, String)> {
    let folder = facts.folder;
    let told = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"].iter().any(|it| {
        let text = folder.text(it);
        text.is_some_and(|it| it.contains("pythonpath") || it.contains("python_paths"))
    });
    if facts.is_package() || folder.has("conftest.py") || told {
        return None;
    }
    let own = |module: &str| folder.has(&format!("{module}.py")) || folder.has_folder(module);
    // What pytest reads first, before the tests.
    let is_conftest = |it: &&str| {
        it.ends_with("/conftest.py")
            && facts.tests.iter().any(|own| own.split('/').next() == it.split('/').next())
    };
    let first = folder.files().filter(is_conftest);
    first.chain(facts.tests.iter().copied()).find_map(|test| {
        let (first, _) = test.split_once('/')?;
        // From a test in a package, pytest looks in the folder above the package.
        let text = folder.text(test).filter(|_| !folder.has(&format!("{first}/__init__.py")))?;
        let mut modules = text.lines().filter_map(imported).filter(|it| *it != first);
        let module = modules.find(|it| own(it))?.to_owned();
        let line = text.lines().position(|it| imported(it) == Some(&module)).map_or(0, |it| it + 1);
        Some((module, folder.place(test, line)))
    })
}

/// The module of a line that imports one.
fn imported(line: &str) -> Option<&str> {
    let mut words = line.split([' ', ',', '.']);
    let imports = matches!(words.next(), Some("import" | "from"));
    words.next().filter(|it| imports && !it.is_empty())
}

/// pytest, with coverage where the project measures it and pytest is not told so already.
fn coverage(facts: &Facts<'_>, prefix: &str, folder: &str) -> (String, Option<String>) {
    let python = if not_installed(facts).is_some() { "python -m " } else { "" };
    let plain = format!("{prefix}{python}pytest{folder}");
    let told = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"]
        .iter()
        .any(|it| facts.folder.text(it).is_some_and(|it| it.contains("--cov")));
    let measured = facts.folder.has(".coveragerc") || facts.at(&["tool", "coverage"]).is_some();
    match (comes(facts, "pytest-cov"), comes(facts, "coverage")) {
        (true, _) if !told => (format!("{plain} --cov"), None),
        (false, true) if measured && !told => {
            (format!("{prefix}coverage run -m pytest{folder}"), Some(format!("{prefix}coverage report")))
        }
        _ => (plain, None),
    }
}

/// What can still be promised without tests: everything compiles, and the package imports.
fn smoke(facts: &Facts<'_>, prefix: &str) -> Vec<Line> {
    let mut lines = notebooks::lines(facts.folder);
    if lines.is_empty() || facts.folder.files().any(|it| it.ends_with(".py")) {
        let why = "there are no tests yet: at least every file compiles";
        lines.push(Line::new(format!("{prefix}python -m compileall -q ."), why));
    }
    if let Some((_, name)) = facts.import().filter(|_| facts.is_package()) {
        lines.push(Line::new(format!("{prefix}python -c 'import {name}'"), "and the package imports"));
    }
    lines
}

/// True when the text of setup.py keeps it from being published.
pub(crate) fn is_private(facts: &Facts<'_>) -> bool {
    let private = "Private ::";
    let listed = [&["project", "classifiers"][..], &["tool", "poetry", "classifiers"]];
    let toml = listed
        .iter()
        .filter_map(|it| facts.at(it))
        .flat_map(|it| it.texts())
        .any(|it| it.starts_with(private));
    let setup =
        facts.argument("classifiers").is_some_and(|it| strings(it.0).any(|it| it.starts_with(private)));
    toml || setup || facts.setup_cfg.get("metadata", "classifiers").is_some_and(|it| it.0.contains(private))
}
