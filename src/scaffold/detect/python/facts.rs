//! The manifests of a Python project → what they say, each with its place: the packages that are named, the extras, the
//! name, the versions. `setup.py` is read as text and never run.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::scaffold::detect::python::files::{listed_below, manage, others, requirements, tests};
use crate::scaffold::detect::python::literals::{keys, quoted, strings};
use crate::scaffold::detect::python::wheels::{Ceiling, ceiling};
use crate::scaffold::project::{Folder, Ini, Value, line_of};

/// What the manifests say.
pub(crate) struct Facts<'s> {
    pub(crate) folder: Folder<'s>,
    pub(crate) pyproject: Rc<Value>,
    /// What `hatch.toml` says, which stands for `[tool.hatch]`.
    pub(crate) hatch: Rc<Value>,
    pub(crate) setup_cfg: Ini,
    pub(crate) setup_py: Rc<str>,
    /// Folders inside with a manifest of their own: what is in them is theirs. A workspace has none.
    pub(crate) others: Vec<&'s str>,
    /// Files that hold tests, by the names that pytest and unittest look for.
    pub(crate) tests: Vec<&'s str>,
    /// Requirement files, those for users first.
    pub(crate) requirements: Vec<&'s str>,
    /// Packages that some list names, by their normal name, with the place.
    pub(crate) packages: BTreeMap<String, String>,
    /// The newest Python that all of them were built for, where that is not the newest there is.
    pub(crate) ceiling: Option<Ceiling>,
}

impl<'s> Facts<'s> {
    pub(crate) fn of(folder: Folder<'s>) -> Self {
        let mut facts = Self {
            folder,
            pyproject: folder.value("pyproject.toml").unwrap_or_else(|| Rc::new(Value::empty())),
            hatch: folder.value("hatch.toml").unwrap_or_else(|| Rc::new(Value::empty())),
            setup_cfg: folder.ini("setup.cfg").unwrap_or_default(),
            setup_py: folder.text("setup.py").unwrap_or_else(|| Rc::from("")),
            others: Vec::new(),
            tests: Vec::new(),
            requirements: requirements(folder),
            packages: BTreeMap::new(),
            ceiling: None,
        };
        if facts.at(&["tool", "uv", "workspace"]).is_none() {
            facts.others = others(folder);
        }
        // Settings of tools for all that lies below: tests there belong to who lists their packages.
        if !facts.is_package() && facts.requirements.is_empty() && facts.at(&["project"]).is_none() {
            facts.others.extend(listed_below(folder));
        }
        facts.tests = tests(folder, &facts.others);
        facts.collect();
        facts
    }

    /// A setting of Hatch, wherever it stands, and its place.
    pub(crate) fn hatch(&self, path: &[&str]) -> Option<(&Value, String)> {
        let own = self.hatch.at(path).map(|it| (it, self.folder.place("hatch.toml", it.line)));
        own.or_else(|| {
            let value = self.at(&["tool", "hatch"])?.at(path)?;
            Some((value, self.place(value)))
        })
    }

    /// A value of pyproject.toml.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Value> {
        self.pyproject.at(path)
    }

    /// The place of a value of pyproject.toml.
    pub(crate) fn place(&self, value: &Value) -> String {
        self.folder.place("pyproject.toml", value.line)
    }

    /// True for something that `pip install .` installs: metadata or a build system, not only settings of tools.
    pub(crate) fn is_package(&self) -> bool {
        let by_table = [&["build-system"][..], &["tool", "poetry", "name"], &["tool", "flit", "metadata"]];
        let built = by_table.iter().any(|it| self.at(it).is_some());
        let virtual_one = self.at(&["tool", "uv", "package"]).and_then(Value::text) == Some("false")
            || self.at(&["tool", "poetry", "package-mode"]).and_then(Value::text) == Some("false")
            || self.at(&["tool", "pdm", "distribution"]).and_then(Value::text) == Some("false");
        !virtual_one && (built || self.by_setup())
    }

    /// The place of metadata that list packages and name no way to build anything: those of an application.
    pub(crate) fn application(&self) -> Option<String> {
        let lists =
            [&["project", "dependencies"][..], &["project", "optional-dependencies"], &["dependency-groups"]];
        let found = lists.iter().find_map(|it| self.at(it)).filter(|_| self.requirements.is_empty())?;
        self.unbuilt().then(|| self.place(found))
    }

    /// True for what names no way to build it: nobody installs it from elsewhere.
    pub(crate) fn unbuilt(&self) -> bool {
        let ways = [&["build-system"][..], &["tool", "poetry", "name"], &["tool", "flit", "metadata"]];
        !self.by_setup() && ways.iter().all(|it| self.at(it).is_none())
    }

    /// True for a package of setuptools. A file `setup.py` may be a module of helpers.
    fn by_setup(&self) -> bool {
        self.setup_py.contains("setup(") || self.setup_cfg.section("metadata").is_some()
    }

    /// True for metadata in `setup.cfg` alone, which pip does not install.
    pub(crate) fn by_cfg_alone(&self) -> bool {
        self.by_setup() && self.folder.first(&["setup.py", "pyproject.toml"]).is_none()
    }

    /// The environment of conda, where nothing else says what is needed.
    pub(crate) fn conda(&self) -> Option<&'static str> {
        let name = self.folder.first(&["environment.yml", "environment.yaml"])?;
        let lists =
            [&["project", "dependencies"][..], &["project", "optional-dependencies"], &["tool", "poetry"]];
        let by_setup = ["install_requires", "extras_require"].iter().any(|it| self.argument(it).is_some());
        let by_cfg = self.setup_cfg.get("options", "install_requires").is_some();
        let said = lists.iter().any(|it| self.at(it).is_some()) || by_setup || by_cfg;
        let listed = !self.requirements.is_empty() || !self.groups().is_empty() || said;
        (!listed).then_some(name)
    }

    /// `manage.py` of Django, in this folder or one below.
    pub(crate) fn manage(&self) -> Option<&'s str> {
        manage(self.folder)
    }

    /// The name that the package is published under.
    pub(crate) fn name(&self) -> Option<String> {
        let toml = [&["project", "name"][..], &["tool", "poetry", "name"]];
        let by_toml = toml.iter().find_map(|it| self.pyproject.text_at(it)).map(str::to_owned);
        let by_cfg = || self.setup_cfg.get("metadata", "name").map(|it| it.0.to_owned());
        by_toml
            .or_else(by_cfg)
            .or_else(|| self.argument("name").and_then(|it| self.literal(it.0)).map(str::to_owned))
    }

    /// The folder that is imported, with the folder above it: `src/` or nothing.
    pub(crate) fn import(&self) -> Option<(&'static str, String)> {
        let name = self.name()?.replace(['-', '.'], "_").to_lowercase();
        let there = |it: &&str| self.folder.has(&format!("{it}{name}/__init__.py"));
        let found = ["src/", ""].into_iter().find(there);
        let module = || self.folder.has(&format!("{name}.py")).then_some("");
        found.or_else(module).map(|it| (it, name)).or_else(|| self.only_package())
    }

    /// The one folder that is a package and no tests, where the name says nothing.
    fn only_package(&self) -> Option<(&'static str, String)> {
        const OTHERS: [&str; 9] =
            ["benchmarks", "ci", "doc", "docs", "examples", "scripts", "test", "testing", "tests"];
        ["src/", ""].into_iter().find_map(|above| {
            let inside = |it: &'s str| it.strip_prefix(above)?.strip_suffix("/__init__.py");
            let name = |it: &&str| !it.contains('/') && !OTHERS.contains(it);
            let mut found = self.folder.files().filter_map(inside).filter(name);
            let first = found.next()?;
            found.next().is_none().then(|| (above, first.to_owned()))
        })
    }

    /// What stands behind `NAME=` in setup.py, with its line.
    pub(crate) fn argument(&self, name: &str) -> Option<(&str, usize)> {
        let text: &str = &self.setup_py;
        text.match_indices(name).find_map(|(at, _)| {
            let before = text[..at].chars().next_back();
            let rest = text[at + name.len()..].trim_start();
            let value = rest.strip_prefix('=').filter(|it| !it.starts_with('='))?;
            let own = before.is_none_or(|it| !it.is_alphanumeric() && it != '_');
            own.then(|| (value.trim_start(), line_of(text, at)))
        })
    }

    /// The text that an argument of setup.py stands for: a literal, or a name that holds one.
    pub(crate) fn literal<'t>(&'t self, value: &'t str) -> Option<&'t str> {
        quoted(value).or_else(|| {
            let name = value.split(|it: char| !it.is_alphanumeric() && it != '_').next()?;
            let at = self.setup_py.find(&format!("\n{name} = ")).filter(|_| !name.is_empty())?;
            quoted(&self.setup_py[at + name.len() + 4..])
        })
    }

    /// True for a package that compiles something, with the place that says so.
    pub(crate) fn compiled(&self) -> Option<String> {
        const IN_SETUP: [&str; 6] =
            ["ext_modules", "Extension(", "cythonize(", "cffi_modules", "rust_extensions", "CppExtension("];
        if let Some(word) = IN_SETUP.iter().find(|it| self.setup_py.contains(**it)) {
            return Some(self.folder.place_of("setup.py", word));
        }
        if let Some(value) = self.at(&["tool", "setuptools", "ext-modules"]) {
            return Some(self.place(value));
        }
        let tools =
            ["cython", "cffi", "maturin", "meson-python", "mypy", "nanobind", "pybind11", "scikit-build"];
        let tool =
            tools.iter().chain(&["scikit-build-core", "setuptools-rust"]).find_map(|it| self.built_with(it));
        tool.or_else(|| {
            let others = ["docs", "examples", "test", "tests"];
            let source = |it: &&str| it.ends_with(".pyx") && !it.split('/').any(|it| others.contains(&it));
            self.folder.files().find(source).filter(|_| self.is_package()).map(|it| self.folder.path(it))
        })
    }

    /// The place where the build asks for a package.
    pub(crate) fn built_with(&self, name: &str) -> Option<String> {
        let list = self.at(&["build-system", "requires"])?;
        let found = list.items().iter().find(|it| it.text().is_some_and(|it| normal(it) == name))?;
        Some(self.place(found))
    }

    /// What `setup.py` imports and no manifest promises to install first, with the place.
    pub(crate) fn needed_to_build(&self) -> Option<(Vec<&'static str>, String)> {
        let imports = |module: &str| {
            let of = |line: &str| {
                let mut words = line.split([' ', '.', ',']);
                matches!(words.next(), Some("import" | "from")) && words.next() == Some(module)
            };
            self.setup_py.lines().position(of)
        };
        let found: Vec<(&str, usize)> = BEFORE
            .into_iter()
            .filter(|it| self.built_with(&normal(it)).is_none())
            .filter_map(|it| Some((it, imports(it)?)))
            .collect();
        let place = self.folder.place("setup.py", found.first()?.1 + 1);
        Some((
            found.into_iter().map(|it| if it.0 == "skbuild" { "scikit-build" } else { it.0 }).collect(),
            place,
        ))
    }

    /// True when it compiles Rust.
    pub(crate) fn of_rust(&self) -> Option<String> {
        self.built_with("maturin").or_else(|| self.built_with("setuptools-rust"))
    }

    /// The extras that exist.
    pub(crate) fn extras(&self) -> Vec<String> {
        let mut names: Vec<String> =
            [&["project", "optional-dependencies"][..], &["tool", "poetry", "extras"]]
                .iter()
                .filter_map(|it| self.at(it))
                .flat_map(|it| it.entries().iter().map(|(name, _)| name.clone()))
                .collect();
        names.extend(self.setup_cfg.keys("options.extras_require").map(str::to_owned));
        if let Some((value, _)) = self.argument("extras_require") {
            names.extend(keys(value));
        }
        names
    }

    /// The dependency groups of PEP 735.
    pub(crate) fn groups(&self) -> Vec<String> {
        let groups = self.at(&["dependency-groups"]).map_or(&[][..], Value::entries);
        groups.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Where a package is named, if it is.
    pub(crate) fn package(&self, name: &str) -> Option<&str> {
        self.packages.get(name).map(String::as_str)
    }

    fn add(&mut self, requirement: &str, place: String) {
        let name = normal(requirement);
        let known = self.ceiling.as_ref().map_or(u32::MAX, |it| it.minor);
        if let Some(found) = ceiling(requirement, &place).filter(|it| it.minor < known) {
            self.ceiling = Some(found);
        }
        if !name.is_empty() {
            self.packages.entry(name).or_insert(place);
        }
    }

    fn collect(&mut self) {
        let pyproject = Rc::clone(&self.pyproject);
        let lists = [
            &["project", "dependencies"][..],
            &["build-system", "requires"],
            &["tool", "uv", "dev-dependencies"],
        ];
        let tables = [
            &["project", "optional-dependencies"][..],
            &["dependency-groups"],
            &["tool", "pdm", "dev-dependencies"],
        ];
        let direct = lists.iter().filter_map(|it| pyproject.at(it));
        let grouped = tables
            .iter()
            .filter_map(|it| pyproject.at(it))
            .flat_map(|it| it.entries().iter().map(|it| &it.1));
        for item in direct.chain(grouped).flat_map(Value::items) {
            if let Some(text) = item.text() {
                self.add(text, self.folder.place("pyproject.toml", item.line));
            }
        }
        self.of_poetry(&pyproject);
        self.of_setup();
        self.of_files();
    }

    fn of_poetry(&mut self, pyproject: &Value) {
        let poetry = ["tool", "poetry"];
        let Some(poetry) = pyproject.at(&poetry) else { return };
        let groups = poetry.at(&["group"]).map_or(&[][..], Value::entries);
        let tables = [poetry.at(&["dependencies"]), poetry.at(&["dev-dependencies"])].into_iter().flatten();
        for table in tables.chain(groups.iter().filter_map(|it| it.1.at(&["dependencies"]))) {
            for (name, value) in table.entries() {
                self.add(&versioned(name, value), self.folder.place("pyproject.toml", value.line));
            }
        }
    }

    fn of_setup(&mut self) {
        let cfg = self.setup_cfg.clone();
        let mut lists = vec![("options", "install_requires"), ("options", "tests_require")];
        let extras: Vec<String> = cfg.keys("options.extras_require").map(str::to_owned).collect();
        lists.extend(extras.iter().map(|it| ("options.extras_require", it.as_str())));
        for (section, key) in lists {
            let Some((value, line)) = cfg.get(section, key) else { continue };
            value.lines().for_each(|it| self.add(it, self.folder.place("setup.cfg", line)));
        }
        for name in ["install_requires", "tests_require", "extras_require"] {
            let Some((value, line)) = self.argument(name) else { continue };
            let named: Vec<String> = strings(value).map(str::to_owned).collect();
            for it in &named {
                self.add(it, self.folder.place("setup.py", line));
            }
        }
    }

    fn of_files(&mut self) {
        for name in self.requirements.clone() {
            let text = self.folder.text(name).unwrap_or_else(|| Rc::from(""));
            for (number, line) in text.lines().enumerate() {
                self.add(line.trim(), self.folder.place(name, number + 1));
            }
        }
        let pipfile = self.folder.value("Pipfile");
        for table in ["packages", "dev-packages"] {
            let entries = pipfile.as_ref().and_then(|it| it.at(&[table])).map_or(&[][..], Value::entries);
            for (name, value) in entries {
                self.add(&versioned(name, value), self.folder.place("Pipfile", value.line));
            }
        }
        for name in ["environment.yml", "environment.yaml"] {
            // A broken one is said, whoever reads it.
            let Some(value) = self.folder.value(name).filter(|_| self.conda() == Some(name)) else {
                continue;
            };
            let listed = value.at(&["dependencies"]).map_or(&[][..], Value::items);
            let nested = listed.iter().flat_map(|it| it.at(&["pip"]).map_or(&[][..], Value::items));
            for item in listed.iter().chain(nested) {
                self.add(item.text().unwrap_or_default(), self.folder.place(name, item.line));
            }
        }
    }
}

/// Modules that a `setup.py` imports before anybody could have installed them.
const BEFORE: [&str; 5] = ["Cython", "numpy", "pybind11", "skbuild", "torch"];

/// An entry of a table, as a requirement is written in a list; without the version where it holds only on some machines.
fn versioned(name: &str, value: &Value) -> String {
    let conditions = ["python", "markers", "platform", "optional"];
    let version = value.text().or_else(|| value.text_at(&["version"]));
    let version = version.filter(|it| conditions.iter().all(|it| value.at(&[it]).is_none()) && *it != "*");
    let version = version.unwrap_or_default();
    // A version alone is that one.
    let sign = if version.starts_with(|it: char| it.is_ascii_digit()) { "==" } else { "" };
    format!("{name}{sign}{version}")
}

/// The name of a requirement as package indexes compare it.
pub(crate) fn normal(requirement: &str) -> String {
    let end = requirement.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_' | '.'));
    requirement[..end.unwrap_or(requirement.len())]
        .replace(['_', '.'], "-")
        .to_lowercase()
        .trim_matches('-')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn names_are_compared_as_package_indexes_do() {
        for (written, name) in [
            ("Pytest_Cov>=2", "pytest-cov"),
            ("coverage[toml]", "coverage"),
            ("-r base.txt", "r"),
            ("# x", ""),
        ] {
            assert_eq!(normal(written), name, "{written}");
        }
    }
}
