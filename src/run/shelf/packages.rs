//! Python packages → an index that `pip` reads, from a folder or over HTTP (PEP 503).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::run::Trouble;
use crate::run::shelf::html::{address, escape};
use crate::run::shelf::{NotPlaced, OpenShelf, SafeName, Staged, put};

/// Says what the index of a project is made from.
const LIST: &str = "files.json";

/// A file for the index.
#[derive(Clone, Debug)]
pub(crate) struct PackageFile {
    /// Its name.
    pub(crate) name: SafeName,
    /// Its content.
    pub(crate) staged: Staged,
    /// Which versions of Python it asks for.
    pub(crate) requires_python: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Listed {
    version: u32,
    files: BTreeMap<String, ListedFile>,
}

#[derive(Serialize, Deserialize)]
struct ListedFile {
    sha256: String,
    bytes: u64,
    requires_python: Option<String>,
}

/// The name of a project as an index spells it: `Tiny_Pkg` and `tiny.pkg` are one.
#[must_use]
pub fn normalized(name: &str) -> String {
    let mut normal = String::new();
    for it in name.chars().map(|it| it.to_ascii_lowercase()) {
        match it {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            it => normal.push(it),
        }
    }
    normal
}

impl OpenShelf<'_> {
    /// Puts the files of a project into the index, all or none. A file of that name must not be there: an index never
    /// takes a second one.
    pub(crate) fn add_packages(&self, project: &str, files: Vec<PackageFile>) -> Result<String, NotPlaced> {
        let project = SafeName::of(&normalized(project))?;
        let simple = self.root().join("pypi/simple");
        let folder = simple.join(&project);
        let mut listed: Listed = read(&folder.join(LIST))?;
        if let Some(taken) = files.iter().find(|it| listed.files.contains_key(it.name.as_str())) {
            return Err(NotPlaced::Taken(taken.name.to_string()));
        }
        for PackageFile { name, staged, requires_python } in files {
            put::rename(&staged.path, &folder.join(&name))?;
            let file = ListedFile { sha256: staged.sha256, bytes: staged.bytes, requires_python };
            listed.files.insert(name.to_string(), file);
        }
        listed.version = 1;
        put::json(&folder.join(LIST), &listed)?;
        put::file(&folder.join("index.html"), index(project.as_str(), &listed).as_bytes())?;
        put::file(&simple.join("index.html"), root(&simple).as_bytes())?;
        Ok(format!("pypi/simple/{project}/"))
    }

    /// The name among these that the index has already.
    pub(crate) fn taken_package(
        &self,
        project: &str,
        names: &[SafeName],
    ) -> Result<Option<String>, NotPlaced> {
        let project = SafeName::of(&normalized(project))?;
        let list = self.root().join("pypi/simple").join(&project).join(LIST);
        let listed: Listed = read(&list)?;
        Ok(names.iter().map(ToString::to_string).find(|it| listed.files.contains_key(it)))
    }
}

/// A list of the shelf; empty when there is none yet.
pub(super) fn read<T: Default + for<'a> Deserialize<'a>>(path: &Path) -> Result<T, Trouble> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            let message = format!("{} does not read: {error}", path.display());
            Trouble::new(message, "`ciworkshop shelf clear` begins a new shelf")
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(Trouble::with_path("be read", path, &error)),
    }
}

fn index(project: &str, listed: &Listed) -> String {
    let mut links = String::new();
    for (name, file) in &listed.files {
        let python = file
            .requires_python
            .as_deref()
            .map_or_else(String::new, |it| format!(" data-requires-python=\"{}\"", escape(it)));
        let (href, shown) = (address(name), escape(name));
        let _ = writeln!(links, "<a href=\"{href}#sha256={}\"{python}>{shown}</a><br>", file.sha256);
    }
    simple(&format!("Links for {project}"), &links)
}

fn root(simple_folder: &Path) -> String {
    let entries = fs::read_dir(simple_folder).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter(|it| it.path().join(LIST).exists())
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let link = |name: &String| format!("<a href=\"{}/\">{}</a><br>\n", address(name), escape(name));
    simple("Simple index", &names.iter().map(link).collect::<String>())
}

fn simple(title: &str, links: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"pypi:repository-version\" content=\"1.0\">\n<title>{title}</title>\n</head>\n<body>\n\
         {links}</body>\n</html>\n",
        title = escape(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_one_name_however_it_is_written() {
        assert_eq!(normalized("Tiny__Pkg.-x"), "tiny-pkg-x");
    }
}
