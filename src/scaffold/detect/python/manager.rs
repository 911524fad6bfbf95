//! What manages the packages of a Python project → how it is installed, and what stands before each command.

use crate::scaffold::detect::python::facts::{Facts, normal};
use crate::scaffold::detect::python::literals::strings;
use crate::scaffold::detect::{Advice, Line, path};
use crate::scaffold::project::{Fact, Value};

/// The manager, and how it is used.
pub(crate) struct Manager {
    pub(crate) name: &'static str,
    pub(crate) fact: Fact,
    pub(crate) install: Vec<Line>,
    /// Stands before commands that need what was installed: `uv run `.
    pub(crate) prefix: &'static str,
}

/// Extras and groups that tests may need, the likeliest first.
const FOR_TESTS: [&str; 6] = ["test", "tests", "testing", "dev", "develop", "development"];

/// Every manager that left a file, the one to be used first.
pub(crate) fn managers(facts: &Facts<'_>) -> Vec<Manager> {
    let all = [by_uv, by_poetry, by_pdm, by_pipenv, by_conda];
    let mut found: Vec<Manager> = all.iter().filter_map(|it| it(facts)).collect();
    // A lock file says which one is in use; settings alone may be left over.
    found.sort_by_key(|it| !it.fact.what.contains("lock"));
    if found.is_empty() {
        found.push(by_pip(facts));
    }
    found
}

/// True for a package that the pipeline installs: pip takes one extra and one group, the other managers take all.
pub(crate) fn comes(facts: &Facts<'_>, name: &str) -> bool {
    let managed = [by_uv, by_poetry, by_pdm, by_pipenv, by_conda].iter().any(|it| it(facts).is_some());
    if managed {
        return facts.package(name).is_some();
    }
    let chosen = |own: &[String]| FOR_TESTS.iter().find(|it| own.iter().any(|own| own == *it)).copied();
    let is = |it: &str| normal(it.trim()) == name;
    let in_list = |it: &Value| it.texts().into_iter().any(is);
    let extra = chosen(&facts.extras());
    let by_extra = extra.is_some_and(|extra| {
        let toml = listed(facts, &["project", "optional-dependencies"], extra, name, 0);
        let cfg = facts.setup_cfg.get("options.extras_require", extra);
        let setup = facts.argument("extras_require").and_then(|(value, _)| {
            let at = ['"', '\''].iter().find_map(|it| value.find(&format!("{it}{extra}{it}")))?;
            let list = value[at..].split_once(':')?.1.trim_start();
            list.starts_with(['[', '(']).then(|| strings(list).any(is))
        });
        toml || cfg.is_some_and(|it| it.0.lines().any(is)) || setup == Some(true)
    });
    let group = chosen(&facts.groups());
    let by_group = group.is_some_and(|it| listed(facts, &["dependency-groups"], it, name, 0));
    let of_file = |it: &&str| facts.folder.text(it).is_some_and(|it| it.lines().any(is));
    let by_list = facts.at(&["project", "dependencies"]).is_some_and(in_list);
    let by_setup = ["install_requires", "tests_require"].iter().any(|it| {
        facts.argument(it).is_some_and(|it| strings(it.0).any(is))
            || facts.setup_cfg.get("options", it).is_some_and(|it| it.0.lines().any(is))
    });
    by_extra || by_group || by_list || by_setup || facts.requirements.iter().any(of_file)
}

/// True when an extra or group names a package, itself or through others: `own[other]`, `{ include-group = "other" }`.
fn listed(facts: &Facts<'_>, table: &[&str], key: &str, name: &str, depth: usize) -> bool {
    let items = facts.at(table).and_then(|it| it.at(&[key])).map_or(&[][..], Value::items);
    let own = facts.name().map(|it| normal(&it)).unwrap_or_default();
    items.iter().any(|item| {
        let text = item.text().unwrap_or_default();
        let others = match (item.text_at(&["include-group"]), text.split_once('[')) {
            (Some(group), _) => vec![group],
            (None, Some((first, rest))) if normal(first) == own => {
                rest.split(']').next().unwrap_or_default().split(',').map(str::trim).collect()
            }
            _ => Vec::new(),
        };
        normal(text) == name || depth < 5 && others.iter().any(|it| listed(facts, table, it, name, depth + 1))
    })
}

/// What to say when there is more than one.
pub(crate) fn several(managers: &[Manager]) -> Option<Advice> {
    let [first, others @ ..] = managers else { return None };
    if others.is_empty() {
        return None;
    }
    let places: Vec<String> = managers.iter().map(|it| format!("{} ({})", it.name, it.fact.place)).collect();
    let rest: Vec<&str> = others.iter().map(|it| it.fact.place.as_str()).collect();
    Some(Advice::new(
        format!("two managers at once: {}; the pipeline uses {}", places.join(" and "), first.name),
        format!("keep one: delete {} if it is left over, or the other one", rest.join(" and ")),
    ))
}

fn by_uv(facts: &Facts<'_>) -> Option<Manager> {
    let locked = facts.folder.has("uv.lock");
    let fact = match (locked, facts.at(&["tool", "uv"])) {
        (true, _) => Fact::new("the lock file of uv", facts.folder.path("uv.lock")),
        (false, Some(table)) => Fact::new("settings of uv", facts.place(table)),
        (false, None) => return None,
    };
    let extras = if facts.extras().is_empty() { "" } else { " --all-extras" };
    let groups = if facts.groups().is_empty() { "" } else { " --all-groups" };
    // The members of a workspace are not installed with its root.
    let workspace = facts.at(&["tool", "uv", "workspace"]).is_some();
    let groups = if workspace { format!(" --all-packages{groups}") } else { groups.to_owned() };
    let (extras, groups) = match facts.at(&["tool", "uv", "conflicts"]) {
        Some(_) => (of_tests(" --extra ", &facts.extras()), of_tests(" --group ", &facts.groups())),
        None => (extras.to_owned(), groups),
    };
    let lock = if locked { " --locked" } else { "" };
    let why = if locked {
        format!("exactly what {} says; a lock file that is out of date fails", fact.place)
    } else {
        fact.place.clone()
    };
    let version = wanted(facts, "pyproject.toml", &["tool", "uv", "required-version"])
        .or_else(|| wanted(facts, "uv.toml", &["required-version"]));
    let install = vec![itself("uv", version), Line::new(format!("uv sync{lock}{extras}{groups}"), why)];
    Some(Manager { name: "uv", fact, install, prefix: "uv run " })
}

/// What some file says about the version of the manager, with its place.
fn wanted(facts: &Facts<'_>, file: &str, path: &[&str]) -> Option<(String, String)> {
    let value = facts.folder.value(file)?;
    let found = value.at(path)?;
    Some((found.text()?.replace(' ', ""), facts.folder.place(file, found.line)))
}

/// How the manager comes into the image. It refuses a project that asks for another version, so the wish is passed on.
fn itself(name: &str, wanted: Option<(String, String)>) -> Line {
    let plain =
        |it: &str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || ".*".contains(it));
    let operator = |it: &&str| {
        ["==", ">=", "<=", "~=", "!=", "<", ">"].iter().any(|sign| it.strip_prefix(sign).is_some_and(plain))
    };
    match wanted {
        Some((exact, place)) if exact.starts_with(|it: char| it.is_ascii_digit()) && plain(&exact) => {
            Line::new(format!("pip install {name}=={exact}"), place)
        }
        Some((range, place)) if range.split(',').all(|it| operator(&it)) => {
            Line::new(format!("pip install '{name}{range}'"), place)
        }
        _ => Line::plain(format!("pip install {name}")),
    }
}

/// The first extra or group that tests may need, for a manager that cannot install all at once.
fn of_tests(flag: &str, names: &[String]) -> String {
    let found = FOR_TESTS.iter().find(|it| names.iter().any(|own| own == *it));
    found.map_or(String::new(), |it| format!("{flag}{it}"))
}

fn by_poetry(facts: &Facts<'_>) -> Option<Manager> {
    let fact = match (facts.folder.has("poetry.lock"), facts.at(&["tool", "poetry"])) {
        (true, _) => Fact::new("the lock file of Poetry", facts.folder.path("poetry.lock")),
        (false, Some(table)) => Fact::new("settings of Poetry", facts.place(table)),
        (false, None) => return None,
    };
    let extras = if facts.extras().is_empty() { "" } else { " --all-extras" };
    let install = vec![
        itself("poetry", wanted(facts, "pyproject.toml", &["tool", "poetry", "requires-poetry"])),
        Line::new(
            format!("poetry install --no-interaction{extras}{}{}", optional(facts), rootless(facts)),
            fact.place.clone(),
        ),
    ];
    Some(Manager { name: "poetry", fact, install, prefix: "poetry run " })
}

/// Poetry refuses to install a package that it does not find: the scripts of an application are none.
fn rootless(facts: &Facts<'_>) -> &'static str {
    let poetry = |key: &str| facts.at(&["tool", "poetry", key]);
    let told = poetry("packages").or_else(|| poetry("package-mode")).or_else(|| poetry("build")).is_some();
    let Some(name) = facts.name().filter(|_| !told && facts.compiled().is_none()) else { return "" };
    let name = name.replace(['-', '.'], "_").to_lowercase();
    let there = ["", "src/"].iter().any(|above| {
        let place = format!("{above}{name}");
        let same = |it: &str| {
            it.get(..place.len()).is_some_and(|it| it.eq_ignore_ascii_case(&place))
                && it[place.len()..].starts_with('/')
        };
        facts.folder.files().any(same) || facts.folder.has(&format!("{place}.py"))
    });
    if there { "" } else { " --no-root" }
}

/// A group of Poetry that is only installed for who asks, and that tests need.
fn optional(facts: &Facts<'_>) -> String {
    let groups = facts.at(&["tool", "poetry", "group"]).map_or(&[][..], Value::entries);
    let asked = groups.iter().filter(|it| it.1.text_at(&["optional"]) == Some("true"));
    let names: Vec<&str> = asked.map(|it| it.0.as_str()).filter(|it| FOR_TESTS.contains(it)).collect();
    if names.is_empty() { String::new() } else { format!(" --with {}", names.join(",")) }
}

fn by_pdm(facts: &Facts<'_>) -> Option<Manager> {
    let locked = facts.folder.has("pdm.lock");
    // Its backend builds packages for people who install with something else.
    let of_backend = ["version", "build", "distribution"];
    let managed = |it: &&Value| it.entries().iter().any(|it| !of_backend.contains(&it.0.as_str()));
    let fact = match (locked, facts.at(&["tool", "pdm"]).filter(managed)) {
        (true, _) => Fact::new("the lock file of PDM", facts.folder.path("pdm.lock")),
        (false, Some(table)) => Fact::new("settings of PDM", facts.place(table)),
        (false, None) => return None,
    };
    let command = if locked { "pdm sync -G :all" } else { "pdm install -G :all" };
    let install = vec![Line::plain("pip install pdm"), Line::new(command, fact.place.clone())];
    Some(Manager { name: "pdm", fact, install, prefix: "pdm run " })
}

fn by_pipenv(facts: &Facts<'_>) -> Option<Manager> {
    if !facts.folder.has("Pipfile") && !facts.folder.has("Pipfile.lock") {
        return None;
    }
    let locked = facts.folder.has("Pipfile.lock");
    let (name, what) =
        if locked { ("Pipfile.lock", "the lock file of Pipenv") } else { ("Pipfile", "a Pipfile") };
    let command = if locked { "pipenv sync --dev" } else { "pipenv install --dev --skip-lock" };
    let fact = Fact::new(what, facts.folder.path(name));
    let install = vec![Line::plain("pip install pipenv"), Line::new(command, fact.place.clone())];
    Some(Manager { name: "pipenv", fact, install, prefix: "pipenv run " })
}

fn by_conda(facts: &Facts<'_>) -> Option<Manager> {
    let name = facts.conda()?;
    let fact = Fact::new("an environment of conda", facts.folder.path(name));
    let mut install =
        vec![Line::new(format!("conda env update --name base --file {name}"), fact.place.clone())];
    if facts.is_package() {
        install.push(package(facts));
    }
    Some(Manager { name: "conda", fact, install, prefix: "" })
}

fn by_pip(facts: &Facts<'_>) -> Manager {
    let mut install: Vec<Line> = Vec::new();
    for name in &facts.requirements {
        // A file that another one pulls in is installed with it.
        let pulled = facts.requirements.iter().any(|it| it != name && includes(facts, it, name));
        if !pulled {
            install.push(Line::plain(format!("pip install -r {name}")));
        }
    }
    if let Some(place) = facts.application() {
        let extra = of_tests(" --extra ", &facts.extras());
        let group = of_tests(" --group ", &facts.groups());
        let command =
            format!("uv pip install --python \"$(command -v python)\" -r pyproject.toml{extra}{group}");
        let install = vec![
            Line::plain("pip install uv"),
            Line::new(command, format!("{place}: what it needs; nothing says how it would be built")),
        ];
        return Manager { name: "pip", fact: Fact::new("a list of packages", place), install, prefix: "" };
    }
    let group = FOR_TESTS.iter().find(|it| facts.groups().iter().any(|own| own == *it));
    if let Some(group) = group {
        let why = format!("the group `{group}` of {}", facts.folder.path("pyproject.toml"));
        install.push(Line::new("pip install 'pip>=25.1'", "the first one that knows --group"));
        install.push(Line::new(format!("pip install --group {group}"), why));
    }
    if facts.is_package() {
        if facts.by_cfg_alone() {
            install.push(Line::new(
                "printf '[build-system]\\nrequires = [\"setuptools\"]\\n' > pyproject.toml",
                "there is none, and setup.cfg alone is nothing that pip installs",
            ));
        }
        install.extend(before(facts));
        install.push(package(facts));
        install.extend(for_setup_test(facts));
    }
    let fact = match (facts.is_package(), facts.requirements.first()) {
        (true, _) => Fact::new("a package", facts.folder.path(manifest(facts))),
        (false, Some(first)) => Fact::new("a list of requirements", facts.folder.path(first)),
        (false, None) => {
            let test = facts.tests.first().copied().unwrap_or_default();
            Fact::new("a test in Python, and no list of packages", facts.folder.path(test))
        }
    };
    Manager { name: "pip", fact, install, prefix: "" }
}

/// The file that makes it a package.
pub(crate) fn manifest(facts: &Facts<'_>) -> &'static str {
    let metadata = facts.at(&["project"]).or_else(|| facts.at(&["build-system"])).is_some();
    match (metadata, facts.folder.has("setup.py")) {
        (true, _) => "pyproject.toml",
        (false, true) => "setup.py",
        (false, false) => "setup.cfg",
    }
}

/// `pip install .` with the extras that tests need, as a user installs it.
fn package(facts: &Facts<'_>) -> Line {
    let line = plain_package(facts);
    match facts.needed_to_build() {
        Some(_) => Line { command: format!("{} --no-build-isolation", line.command), ..line },
        None => line,
    }
}

/// What has to be there before setup.py is called, because no file says that it is needed.
pub(crate) fn before(facts: &Facts<'_>) -> Option<Line> {
    let (names, place) = facts.needed_to_build()?;
    let names: Vec<String> = names.iter().map(|it| it.to_lowercase()).collect();
    let why = format!("{place}: setup.py imports it, and no manifest says so");
    Some(Line::new(format!("pip install setuptools wheel {}", names.join(" ")), why))
}

fn plain_package(facts: &Facts<'_>) -> Line {
    let extras = facts.extras();
    let wanted = FOR_TESTS.iter().find(|it| extras.iter().any(|own| own == *it));
    if let Some(place) = shadowed(facts).filter(|_| facts.built_with("meson-python").is_none()) {
        let extra = wanted.map_or(String::new(), |it| format!("[{it}]"));
        let why =
            format!("in its place, because the tests import it from here, and it is compiled ({place})");
        return Line::new(format!("pip install -e '.{extra}'").replace("'.'", "."), why);
    }
    match wanted {
        Some(extra) => Line::new(
            format!("pip install '.[{extra}]'"),
            format!("as users install it, with the extra `{extra}`"),
        ),
        None => {
            Line::new("pip install .", "as users install it: a file that the package forgets is noticed here")
        }
    }
}

/// The tools of Rust, which the image lacks. `rustup` takes the version that the project names, if it names one.
pub(crate) fn rust(place: &str) -> Line {
    Line::new(
        "apt-get update && apt-get install -y rustup && rustup default stable",
        format!("{place}: it is built from Rust, which the image lacks"),
    )
}

/// The place that says that something is compiled, when tests find the package in the project's own folder, where
/// nothing is compiled.
pub(crate) fn shadowed(facts: &Facts<'_>) -> Option<String> {
    let (_, name) = facts.import().filter(|it| it.0.is_empty())?;
    let inside = format!("{name}/");
    let beside = ["conftest.py", "tests/__init__.py", "test/__init__.py"];
    let found = facts.folder.first(&beside).is_some() || facts.tests.iter().any(|it| it.starts_with(&inside));
    facts.compiled().filter(|_| found)
}

/// What `setup.py test` installed, and nothing installs today.
fn for_setup_test(facts: &Facts<'_>) -> Option<Line> {
    let by_setup = facts.argument("tests_require").map(|(value, line)| {
        let listed = strings(value).map(str::to_owned).collect::<Vec<_>>();
        (if value.starts_with('[') { listed } else { Vec::new() }, facts.folder.place("setup.py", line))
    });
    let by_cfg = || {
        let (value, line) = facts.setup_cfg.get("options", "tests_require")?;
        let listed = value.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        Some((listed, facts.folder.place("setup.cfg", line)))
    };
    let (listed, place) = by_setup.or_else(by_cfg).filter(|it| !it.0.is_empty())?;
    let names: Vec<String> = listed.iter().map(|it| path(it)).collect();
    Some(Line::new(format!("pip install {}", names.join(" ")), format!("{place}: what the tests need")))
}

/// True when this file says `-r OTHER`.
fn includes(facts: &Facts<'_>, name: &str, other: &str) -> bool {
    let folder = name.rsplit_once('/').map_or("", |it| it.0);
    let text = facts.folder.text(name);
    text.is_some_and(|text| {
        text.lines().filter_map(|it| it.trim().strip_prefix("-r")).any(|it| {
            let it = it.trim();
            it == other
                || (!folder.is_empty() && format!("{folder}/{it}") == other)
                || it == format!("../{other}")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_a_project_asks_of_its_manager_is_installed() {
        for (wish, command) in [
            ("0.5.1", "pip install uv==0.5.1"),
            ("==0.5.*", "pip install 'uv==0.5.*'"),
            (">=0.5,<0.9", "pip install 'uv>=0.5,<0.9'"),
            // Poetry's own signs, which pip does not know, and what would end the quotes.
            ("^2.0", "pip install uv"),
            ("~2.0", "pip install uv"),
            (">=1'; curl x", "pip install uv"),
            ("", "pip install uv"),
        ] {
            let line = itself("uv", Some((wish.to_owned(), "uv.toml:1".to_owned())));
            assert_eq!(line.command, command, "{wish}");
            assert_eq!(line.why.is_empty(), command == "pip install uv", "{wish}");
        }
    }
}
