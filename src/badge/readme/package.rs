//! The files that describe packages → names, and what says that a package can be had by everybody.

use serde_json::Value;

use crate::badge::readme::folder::Folder;
use crate::badge::readme::registry::Registry;
use crate::badge::readme::{Answer, Item, LeftOut, View, left_out, manifests};

/// A package as the project describes it.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) registry: Registry,
    pub(super) name: String,
    /// The file that says so.
    pub(super) file: String,
    /// True when the file says that it is not for everybody.
    pub(super) private: bool,
    /// Addresses of pages about it.
    pub(super) addresses: Vec<String>,
    /// Its licence, where the file names one.
    pub(super) licence: Option<String>,
    /// The Pythons that it names, and the range that it asks for.
    pub(super) classifiers: Vec<String>,
    pub(super) requires_python: Option<String>,
}

impl Package {
    pub(super) fn new(registry: Registry, name: &str, file: &str) -> Self {
        Self {
            registry,
            name: name.trim().to_owned(),
            file: file.to_owned(),
            private: false,
            addresses: Vec::new(),
            licence: None,
            classifiers: Vec::new(),
            requires_python: None,
        }
    }

    /// What says that everybody can have it.
    pub(super) fn published(&self, view: &View<'_>) -> Option<String> {
        if view.wishes.published == Some(self.registry) {
            return Some("--published".into());
        }
        if self.private {
            return None;
        }
        let by_step = view.evidence.publishes.iter().find(|it| it.0 == self.registry).map(|it| it.1.clone());
        by_step.or_else(|| {
            let tells = |text: &str| self.registry.is_told(text, &self.name);
            let own = self.addresses.iter().any(|it| tells(it)).then(|| self.file.clone());
            own.or_else(|| view.folder.readme().filter(|it| tells(it)).map(|_| "the README".to_owned()))
        })
    }

    /// The badge with its newest version.
    pub(super) fn version(&self, view: &View<'_>) -> Answer {
        let (title, name) = (self.registry.title(), &self.name);
        if name.is_empty() {
            return None;
        }
        if let Some(by) = self.published(view) {
            return Some(Ok(Item {
                kind: self.registry.kind(),
                alt: match self.registry {
                    Registry::Go => format!("Go reference of {name}"),
                    _ => format!("Version of {name} on {title}"),
                },
                image: self.registry.picture(name),
                link: Some(self.registry.page(name)),
                evidence: format!("{} names the package; {by} says that it is published", self.file),
            }));
        }
        if self.private {
            let why = format!("{} says that the package is private", self.file);
            return Some(Err(LeftOut { kind: self.registry.kind(), why, next: None }));
        }
        Some(Err(left_out(
            format!("{} names the package {name}, but nothing says that it is on {title}", self.file),
            format!("if it is: --published {}", self.registry.word()),
        )))
    }
}

/// Every package that the folder's own files describe; at most one for each registry.
pub(super) fn read(folder: &Folder) -> Vec<Package> {
    let python = pyproject(folder).or_else(|| setup_cfg(folder)).or_else(|| setup_py(folder));
    let first = [python, package_json(folder), cargo_toml(folder)].into_iter().flatten();
    first.chain(manifests::read(folder)).collect()
}

fn texts(value: Option<&toml::Value>) -> Vec<String> {
    let array = value.and_then(toml::Value::as_array).into_iter().flatten();
    array.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// `[project]`, or Poetry's own table.
fn pyproject(folder: &Folder) -> Option<Package> {
    let file: toml::Table = folder.text("pyproject.toml")?.parse().ok()?;
    let project = file.get("project").and_then(toml::Value::as_table);
    let poetry = || file.get("tool")?.get("poetry")?.as_table();
    let table = project.or_else(poetry)?;
    let mut package = Package::new(Registry::Pypi, table.get("name")?.as_str()?, "pyproject.toml");
    let urls = table.get("urls").and_then(toml::Value::as_table).into_iter().flatten();
    package.addresses = urls.filter_map(|(_, it)| it.as_str().map(str::to_owned)).collect();
    package.classifiers = texts(table.get("classifiers"));
    let text =
        |value: &toml::Value| value.as_str().or_else(|| value.get("text")?.as_str()).map(str::to_owned);
    package.licence = table.get("license").and_then(text);
    let python = table.get("requires-python").or_else(|| table.get("dependencies")?.get("python"));
    package.requires_python = python.and_then(toml::Value::as_str).map(str::to_owned);
    package.private = package.classifiers.iter().any(|it| it.starts_with("Private ::"));
    Some(package)
}

/// setuptools' older file: sections, `key = value`, and lines that go on indented.
fn setup_cfg(folder: &Folder) -> Option<Package> {
    let text = folder.text("setup.cfg")?;
    let value = |section: &str, key: &str| ini(&text, section, key);
    let mut package = Package::new(Registry::Pypi, value("metadata", "name")?.first()?, "setup.cfg");
    package.classifiers = value("metadata", "classifiers").unwrap_or_default();
    package.licence = value("metadata", "license").and_then(|it| it.first().cloned());
    package.requires_python = value("options", "python_requires").and_then(|it| it.first().cloned());
    package.addresses =
        ["url", "project_urls"].iter().filter_map(|it| value("metadata", it)).flatten().collect();
    package.private = package.classifiers.iter().any(|it| it.starts_with("Private ::"));
    Some(package)
}

/// setuptools' oldest file. It is a program, and is not run: only what stands there as a plain text counts.
fn setup_py(folder: &Folder) -> Option<Package> {
    let text = folder.text("setup.py")?;
    let lines = text.lines().filter(|it| !it.trim_start().starts_with('#'));
    let code: String = lines.flat_map(|it| [it, "\n"]).collect();
    let call = &code[code.find("setup(")?..];
    let value = |key: &str| literal(call, key).map(str::to_owned);
    let mut package = Package::new(Registry::Pypi, &value("name")?, "setup.py");
    package.licence = value("license");
    package.requires_python = value("python_requires");
    package.addresses = value("url").into_iter().collect();
    // Classifiers are the only texts with these beginnings, wherever their list is made.
    let quoted = code.split(['"', '\'']).map(str::to_owned);
    let begins = ["Programming Language :: ", "Private :: ", "License :: "];
    package.classifiers = quoted.filter(|it| begins.iter().any(|begin| it.starts_with(begin))).collect();
    package.private = package.classifiers.iter().any(|it| it.starts_with("Private ::"));
    Some(package)
}

/// The text behind `KEY=`, where nothing is computed.
fn literal<'t>(call: &'t str, key: &str) -> Option<&'t str> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '"' | '\'');
    call.match_indices(key).find_map(|(at, _)| {
        let (before, after) = (&call[..at], call[at + key.len()..].trim_start());
        let value = after.strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        let (inside, behind) = value[1..].split_once(quote)?;
        let ends = behind.trim_start().starts_with([',', ')']);
        (!before.ends_with(is_part) && ends && !inside.is_empty() && !inside.contains(['\\', '\n']))
            .then_some(inside)
    })
}

/// The lines of a value, without those that are empty.
fn ini(text: &str, section: &str, key: &str) -> Option<Vec<String>> {
    let header = format!("[{section}]");
    let inside = text.lines().skip_while(|it| it.trim() != header).skip(1);
    let mut lines =
        inside.take_while(|it| !it.starts_with('[')).filter(|it| !it.trim_start().starts_with(['#', ';']));
    let same = |it: &str| it.trim().replace('-', "_").eq_ignore_ascii_case(key);
    let first = lines.find_map(|it| {
        let (name, value) = it.split_once(['=', ':'])?;
        (!it.starts_with(char::is_whitespace) && same(name)).then(|| value.trim().to_owned())
    })?;
    let more = lines.take_while(|it| it.starts_with(char::is_whitespace)).map(|it| it.trim().to_owned());
    Some(std::iter::once(first).chain(more).filter(|it| !it.is_empty()).collect())
}

fn package_json(folder: &Folder) -> Option<Package> {
    let file: Value = serde_json::from_str(&folder.text("package.json")?).ok()?;
    let mut package = Package::new(Registry::Npm, file.get("name")?.as_str()?, "package.json");
    // npm takes nothing without a version: such a file only names tools.
    file.get("version").or_else(|| file.get("private"))?;
    package.private = file.get("private").and_then(Value::as_bool).unwrap_or(false);
    package.licence = file.get("license").and_then(Value::as_str).map(str::to_owned);
    package.addresses = file.get("homepage").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    Some(package)
}

fn cargo_toml(folder: &Folder) -> Option<Package> {
    let file: toml::Table = folder.text("Cargo.toml")?.parse().ok()?;
    // It is the inside of a package of Python.
    if folder
        .text("pyproject.toml")
        .is_some_and(|it| it.contains("maturin") || it.contains("setuptools-rust"))
    {
        return None;
    }
    let table = file.get("package")?;
    let mut package = Package::new(Registry::Crates, table.get("name")?.as_str()?, "Cargo.toml");
    let nowhere = |it: &toml::Value| it.as_bool() == Some(false) || it.as_array().is_some_and(Vec::is_empty);
    package.private = table.get("publish").is_some_and(nowhere);
    // In a workspace the value may stand at its root.
    let shared = || file.get("workspace")?.get("package")?.get("license")?.as_str();
    package.licence = table.get("license").and_then(toml::Value::as_str).or_else(shared).map(str::to_owned);
    let pages =
        ["homepage", "documentation"].iter().filter_map(|it| table.get(it)?.as_str().map(str::to_owned));
    package.addresses = pages.collect();
    Some(package)
}
