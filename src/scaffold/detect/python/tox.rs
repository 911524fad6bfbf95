//! The settings of tox, wherever they are written → its environments: which of them test a version of Python, and which
//! look at the style.

use std::rc::Rc;

use crate::scaffold::detect::path;
use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::style::Checks;
use crate::scaffold::project::{Ini, Value, harm};

/// Environments that test, when no version of Python is in their names.
const TESTS: [&str; 9] =
    ["test", "tests", "unit", "unittest", "unittests", "unit-tests", "pytest", "py", "py3"];
/// Factors that want a server beside the tests.
const SERVERS: [&str; 6] = ["postg", "psycopg", "mysql", "mariadb", "oracle", "mssql"];

/// How tox is called on a version of Python: that for 3.6 has no commands of its own, and takes `run` for an argument of the
/// tests.
pub(crate) fn program(number: &str) -> &'static str {
    let old = number.strip_prefix("3.").and_then(|it| it.parse::<u32>().ok()).is_some_and(|it| it < 7);
    if old || number.starts_with('2') { "tox" } else { "tox run" }
}

/// What tox is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tox {
    /// Where.
    pub(crate) place: String,
    /// Where the list of environments stands; the place of all when there is no list.
    pub(crate) listed: String,
    /// The environments of the list, each by its name.
    pub(crate) list: Vec<String>,
    written: Written,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    Ini(Ini),
    Toml(Rc<Value>),
}

impl Tox {
    /// From `tox.ini`, `setup.cfg`, `pyproject.toml` or `tox.toml`, in the order in which tox looks.
    pub(crate) fn of(facts: &Facts<'_>) -> Option<Self> {
        let folder = facts.folder;
        let ini = folder.ini("tox.ini").filter(|it| it.section("tox").or(it.section("testenv")).is_some());
        let ini = ini.map(|it| ("tox.ini", it, "tox", 0)).or_else(|| {
            let line = facts.setup_cfg.section("tox:tox")?;
            Some(("setup.cfg", facts.setup_cfg.clone(), "tox:tox", line))
        });
        if let Some((name, ini, section, line)) = ini {
            let place = folder.place(name, line);
            let list = ini.get(section, "envlist").or_else(|| ini.get(section, "env_list"));
            let listed = list.map_or_else(|| place.clone(), |it| folder.place(name, it.1));
            let list = list.map(|it| environments(it.0)).unwrap_or_default();
            return Some(Self { place, listed, list, written: Written::Ini(ini) });
        }
        let own = facts.at(&["tool", "tox"]).cloned().map(|it| ("pyproject.toml", Rc::new(it)));
        let (name, table) = own.or_else(|| Some(("tox.toml", folder.value("tox.toml")?)))?;
        let place = folder.place(name, if name == "tox.toml" { 0 } else { table.line });
        if let Some(legacy) = table.at(&["legacy_tox_ini"]) {
            let ini = Ini::read(legacy.text()?);
            let list = ini.get("tox", "envlist").or_else(|| ini.get("tox", "env_list"));
            let list = list.map(|it| environments(it.0)).unwrap_or_default();
            return Some(Self {
                place,
                listed: folder.place(name, legacy.line),
                list,
                written: Written::Ini(ini),
            });
        }
        let list = table.at(&["env_list"]).or_else(|| table.at(&["envlist"]));
        let listed = list.map_or_else(|| place.clone(), |it| folder.place(name, it.line));
        let list = list.map(|it| environments(&it.texts().join(","))).unwrap_or_default();
        Some(Self { place, listed, list, written: Written::Toml(table) })
    }

    /// The versions of Python in the list.
    pub(crate) fn versions(&self) -> Vec<String> {
        self.list.iter().filter_map(|it| Some(python(it)?.0)).collect()
    }

    /// Why it should not be called for tests.
    pub(crate) fn harm(&self, facts: &Facts<'_>) -> Option<String> {
        let named = |it: &&String| python(it).is_some() || TESTS.contains(&it.as_str());
        let own = self.list.iter().filter(named).flat_map(|it| self.own_commands(it));
        let gone = |it: &str| {
            it.ends_with("setup.py test").then(|| "`setup.py test` is gone from setuptools".to_owned())
        };
        let mut all = self.commands_of_all().into_iter().chain(own);
        all.find_map(|it| gone(it.trim()).or_else(|| harm(facts.folder, &it)))
    }

    /// What tests a version, and what its owner should know.
    pub(crate) fn command(&self, number: &str) -> String {
        let mut own: Vec<(&str, &str)> = self
            .list
            .iter()
            .filter_map(|it| {
                let (version, factor) = python(it)?;
                (version == number).then_some((it.as_str(), factor))
            })
            .collect();
        plain_only(&mut own);
        let undotted = number.replace('.', "");
        let tox = program(number);
        match own.as_slice() {
            [] => match self.unnumbered() {
                found if !found.is_empty() => format!("{tox} -e {}", found.join(",")),
                _ if self.list.is_empty() || self.commands_of_all().is_empty() => tox.into(),
                _ => format!("{tox} -e py{undotted}"),
            },
            [(name, _)] => format!("{tox} -e {name}"),
            [(_, factor), ..] if own.iter().any(|it| serves(it.0)) => {
                let alone: Vec<&str> = own.iter().map(|it| it.0).filter(|it| !serves(it)).collect();
                match alone.as_slice() {
                    [] => format!("{tox} -f {factor}"),
                    some if some.iter().all(|it| it.split('-').any(|it| it == "sqlite")) => {
                        format!("{tox} -f {factor} sqlite")
                    }
                    some => format!("{tox} -e {}", some.join(",")),
                }
            }
            [(_, factor), ..] => format!("{tox} -f {factor}"),
        }
    }

    /// The factors of the list that want a server, when there are others that want none.
    pub(crate) fn left_out(&self) -> Vec<&str> {
        let tested = || self.list.iter().filter(|it| python(it).is_some());
        if tested().all(|it| serves(it)) {
            return Vec::new();
        }
        let mut found: Vec<&str> = tested().flat_map(|it| it.split('-')).filter(|it| serves(it)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn unnumbered(&self) -> Vec<&str> {
        self.list.iter().map(String::as_str).filter(|it| TESTS.contains(it)).collect()
    }

    /// The environments that look at the style, in the order of `Checks`.
    pub(crate) fn checks(&self, facts: &Facts<'_>, newest: &str) -> Checks {
        let there = |name: &str| self.list.iter().any(|it| it == name) || self.describes(name);
        let pinned = |name: &str| {
            let minor = self.interpreter(name).and_then(|it| Some(it.split_once('3')?.1.replace('.', "")));
            minor.is_some_and(|it| !it.is_empty() && Some(it.as_str()) != newest.strip_prefix("3."))
        };
        let harmless = |name: &str| self.own_commands(name).iter().all(|it| harm(facts.folder, it).is_none());
        Checks::of(|name| {
            there(name) && !self.own_commands(name).is_empty() && !pinned(name) && harmless(name)
        })
    }

    /// The packages that its environments install.
    pub(crate) fn dependencies(&self) -> Vec<String> {
        match &self.written {
            Written::Ini(ini) => ini
                .values("testenv", "deps")
                .flat_map(str::lines)
                .map(|it| without_factors(it.trim()).to_owned())
                .collect(),
            Written::Toml(table) => {
                let environments = table.at(&["env"]).map_or(&[][..], Value::entries);
                let own = environments.iter().filter_map(|it| it.1.at(&["deps"]));
                let all = table.at(&["env_run_base", "deps"]).into_iter().chain(own);
                all.flat_map(|it| it.texts()).map(str::to_owned).collect()
            }
        }
    }

    fn describes(&self, name: &str) -> bool {
        match &self.written {
            Written::Ini(ini) => ini.section(&format!("testenv:{name}")).is_some(),
            Written::Toml(table) => table.at(&["env", name]).is_some(),
        }
    }

    fn interpreter(&self, name: &str) -> Option<String> {
        match &self.written {
            Written::Ini(ini) => {
                let section = format!("testenv:{name}");
                let found = ini.get(&section, "basepython").or_else(|| ini.get(&section, "base_python"))?;
                Some(found.0.to_owned())
            }
            Written::Toml(table) => {
                let found = table.at(&["env", name, "base_python"])?;
                found.texts().first().map(|it| (*it).to_owned())
            }
        }
    }

    /// What every environment runs that says nothing else.
    fn commands_of_all(&self) -> Vec<String> {
        match &self.written {
            Written::Ini(ini) => ini.get("testenv", "commands").map(|it| lines(it.0)).unwrap_or_default(),
            Written::Toml(table) => table.at(&["env_run_base", "commands"]).map(lists).unwrap_or_default(),
        }
    }

    fn own_commands(&self, name: &str) -> Vec<String> {
        match &self.written {
            Written::Ini(ini) => {
                ini.get(&format!("testenv:{name}"), "commands").map(|it| lines(it.0)).unwrap_or_default()
            }
            Written::Toml(table) => table.at(&["env", name, "commands"]).map(lists).unwrap_or_default(),
        }
    }
}

/// Commands as tox writes them → as a shell would get them.
fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let plain = |it: &str| {
        without_factors(it.trim()).trim_start_matches(['-', '!', '@', ' ']).replace(['{', '}', '\\'], "")
    };
    joined.lines().map(plain).filter(|it| !it.is_empty()).collect()
}

fn lists(commands: &Value) -> Vec<String> {
    let command = |it: &Value| it.texts().into_iter().map(path).collect::<Vec<_>>().join(" ");
    commands.items().iter().map(command).filter(|it| !it.is_empty()).collect()
}

/// `mypy: pytest -k typed` → `pytest -k typed`.
fn without_factors(line: &str) -> &str {
    let factor =
        |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | ',' | '!' | '{' | '}' | '-');
    match line.split_once(": ") {
        Some((before, rest)) if before.chars().all(factor) => rest.trim(),
        _ => line,
    }
}

fn serves(name: &str) -> bool {
    name.split('-').any(|it| SERVERS.iter().any(|server| it.starts_with(server)))
}

/// Leaves out what tries versions of other packages that are not out yet, or the oldest; and of `py311-test` and
/// `py311-test-cov`, which run the same tests, the second.
fn plain_only(own: &mut Vec<(&str, &str)>) {
    const TRIALS: [&str; 13] = [
        "dev",
        "devdeps",
        "devinfra",
        "latest",
        "lowest",
        "main",
        "master",
        "min",
        "mindeps",
        "nightly",
        "oldest",
        "oldestdeps",
        "predeps",
    ];
    let trial = |name: &str| name.split('-').any(|it| TRIALS.contains(&it));
    if own.iter().any(|it| !trial(it.0)) {
        own.retain(|it| !trial(it.0));
    }
    let shorter = own.iter().min_by_key(|it| it.0.len()).copied();
    if let Some((name, _)) = shorter.filter(|it| own.iter().all(|own| own.0.starts_with(it.0))) {
        own.retain(|it| it.0 == name);
    }
}

/// The version of Python in a name, and how it is written there: `py311-django`, `py3.11` and `3.11-tests`. A build without
/// the lock, `py314t`, is another program, which the image has not.
fn python(name: &str) -> Option<(String, &str)> {
    name.split('-').find_map(|factor| {
        let minor = match factor.strip_prefix("py") {
            Some(rest) => rest.strip_prefix("3.").or_else(|| rest.strip_prefix('3'))?,
            None => factor.strip_prefix("3.")?,
        };
        let minor: u32 = minor.parse().ok().filter(|it| *it <= 40)?;
        Some((format!("3.{minor}"), factor))
    })
}

/// A list of environments → their names: `py{311,312}-{a,b}`, `3.1{0-4}`.
fn environments(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut pieces = vec![String::new()];
    for line in text.lines() {
        for it in line.split(" #").next().unwrap_or_default().chars() {
            match it {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    pieces.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(last) = pieces.last_mut().filter(|_| !it.is_whitespace()) {
                last.push(it);
            }
        }
        if depth == 0 {
            pieces.push(String::new());
        }
    }
    pieces.iter().filter(|it| !it.is_empty()).flat_map(|it| expanded(it)).take(500).collect()
}

fn expanded(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else { return vec![name.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![name.to_owned()] };
    let tails = expanded(after);
    let heads = inside.split(',').flat_map(range);
    heads.flat_map(|it| tails.iter().map(move |tail| format!("{before}{it}{tail}"))).collect()
}

/// `9-14` → each number of it.
fn range(text: &str) -> Vec<String> {
    let ends = text.split_once('-').and_then(|(a, b)| Some((a.parse::<u32>().ok()?, b.parse::<u32>().ok()?)));
    match ends {
        Some((first, last)) if first <= last && last - first < 100 => {
            (first..=last).map(|it| it.to_string()).collect()
        }
        _ => vec![text.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::{environments, plain_only, python, without_factors};

    #[test]
    fn of_many_factors_the_plain_ones_are_called() {
        let plain = |names: &[&'static str]| {
            let mut own: Vec<(&str, &str)> = names.iter().map(|it| (*it, "py312")).collect();
            plain_only(&mut own);
            own.into_iter().map(|it| it.0).collect::<Vec<_>>()
        };
        assert_eq!(
            plain(&["py312-test", "py312-test-cov", "py312-test-devdeps", "py312-test-alldeps"]),
            ["py312-test"]
        );
        assert_eq!(plain(&["py312-django42", "py312-django50", "py312-djangomain"]).len(), 3);
        assert_eq!(plain(&["py312-django50", "py312-main"]), ["py312-django50"]);
        assert_eq!(plain(&["py312-main"]), ["py312-main"]);
    }

    #[test]
    fn environments_are_read_in_every_spelling() {
        assert_eq!(environments("py39,py310\npy3.12, lint"), ["py39", "py310", "py3.12", "lint"]);
        assert_eq!(environments("py{311, 312}-dj{42,50},docs").len(), 5);
        assert_eq!(environments("py3{9-11}-tests"), ["py39-tests", "py310-tests", "py311-tests"]);
        assert_eq!(environments("3.1{0,1}-{a,b}")[3], "3.11-b");
        assert_eq!(environments("py{311,\n  312} # both\nlint"), ["py311", "py312", "lint"]);
    }

    #[test]
    fn a_name_says_its_version() {
        for (name, wanted) in [
            ("py311", Some(("3.11", "py311"))),
            ("py3.9-x", Some(("3.9", "py3.9"))),
            ("3.12-tests", Some(("3.12", "3.12"))),
            ("py314t", None),
            ("pypy3", None),
            ("py3", None),
            ("lint", None),
        ] {
            let found = python(name);
            assert_eq!(found.as_ref().map(|it| (it.0.as_str(), it.1)), wanted, "{name}");
        }
    }

    #[test]
    fn factors_before_a_command_are_no_part_of_it() {
        assert_eq!(without_factors("py{311,312}: pytest -q"), "pytest -q");
        assert_eq!(without_factors("pytest -k 'a: b'"), "pytest -k 'a: b'");
    }
}
