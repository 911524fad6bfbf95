//! The settings of the plugin for a Python package index → its files built in the clean machine, looked at as the index
//! would, and put into the shelf's index.

use std::collections::BTreeMap;

use crate::run::Trouble;
use crate::run::backend::Ended;
use crate::run::rehearsal::glob::{self, Dialect};
use crate::run::rehearsal::metadata::{self, Metadata};
use crate::run::rehearsal::stage::{Over, Stage, What, listed, quoted};
use crate::run::shelf::{Kind, PackageFile, SafeName, Staging, normalized};

/// What the index takes at most.
const LARGEST: u64 = 100 * 1024 * 1024;
/// How the script says that a tool is missing.
const NO_PYTHON: i32 = 97;
const NO_TOOLS: i32 = 96;

pub(super) fn rehearse(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let destination = stage.settings.text_or("repository", "https://upload.pypi.org/legacy/").to_owned();
    stage.tell_destination(&destination);
    if stage.settings.flag("skip_build")? {
        stage.talk.tell("built", "before, by another step (`skip_build`)");
    } else {
        build(stage)?;
    }
    let folder = stage.settings.text_or("dist_dir", "dist/");
    let pattern = format!("{}/*", folder.trim_end_matches('/'));
    upload(stage, &[&pattern], &destination)
}

/// Looks at the files that fit the patterns, and puts them into the shelf's index.
pub(super) fn upload(stage: &mut Stage<'_, '_>, patterns: &[&str], destination: &str) -> Result<(), Over> {
    let staging = stage.staging()?;
    let mut found = Vec::new();
    for pattern in patterns {
        found.extend(packages(stage, pattern, &staging)?);
    }
    for (file, metadata) in &found {
        tell(stage, file, metadata);
    }
    deliver(stage, found, destination)
}

fn build(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let distributions = match stage.settings.list("distributions") {
        none if none.is_empty() => vec!["sdist"],
        some => some,
    };
    let setup = stage.settings.text_or("setupfile", "setup.py");
    let inner = stage.workspace.inner(setup).map_err(|why| format!("`{setup}` {why}"))?;
    stage.workspace.open(&inner).map_err(|why| stage.absent(&inner, &why))?;
    let script = script(setup, &distributions);
    match stage.run(&script, "python:3")? {
        Ended::Exit(0) => Ok(()),
        Ended::Exit(NO_PYTHON) => Err(Over::Trouble(Trouble::new(
            "the package cannot be built: there is no python3 in this machine",
            "install Python, or run in containers",
        ))),
        Ended::Exit(NO_TOOLS) => Err(Over::Trouble(no_tools(stage.machine.offline))),
        Ended::Exit(code) => Err(Over::Fails(format!("`python3 {setup}` ended with exit code {code}"))),
        other => Err(Over::Ended(other)),
    }
}

fn no_tools(offline: bool) -> Trouble {
    let help = if offline {
        "run without `--offline`, or install setuptools and wheel"
    } else {
        "install setuptools and wheel"
    };
    Trouble::new(
        "the package cannot be built: setuptools and wheel are missing, and could not be fetched",
        help,
    )
}

/// The plugin's image has setuptools and wheel. Where they are missing they are fetched to a folder of their own, so
/// that nothing of the machine changes.
fn script(setup: &str, distributions: &[&str]) -> String {
    let words: Vec<String> = std::iter::once(&setup).chain(distributions).map(|it| quoted(it)).collect();
    let words = words.join(" ");
    let needs = if distributions.contains(&"bdist_wheel") {
        "python3 -c 'import setuptools, wheel' 2>/dev/null || python3 -c 'import setuptools.command.bdist_wheel' 2>/dev/null"
    } else {
        "python3 -c 'import setuptools' 2>/dev/null"
    };
    format!(
        "command -v python3 >/dev/null || exit {NO_PYTHON}\n\
         if ! {{ {needs}; }} </dev/null; then\n\
         echo 'setuptools and wheel are missing here. The plugin has them, so they are fetched.'\n\
         tools=\"${{HOME:-/tmp}}/.rehearsal-tools\"\n\
         python3 -m pip install --quiet --no-input --disable-pip-version-check --target \"$tools\" setuptools wheel \
         </dev/null || exit {NO_TOOLS}\n\
         export PYTHONPATH=\"$tools\"\n\
         fi\n\
         echo + python3 {words}\n\
         python3 {words} </dev/null"
    )
}

/// All that would be uploaded: whatever fits the pattern, as the plugin does.
fn packages(
    stage: &Stage<'_, '_>,
    pattern: &str,
    staging: &Staging,
) -> Result<Vec<(PackageFile, Metadata)>, Over> {
    let found = glob::find(&stage.workspace, pattern, Dialect::Plain);
    let mut packages = Vec::new();
    for inner in found.map_err(|why| format!("`{pattern}` {why}"))? {
        let shown = stage.workspace.shown(&inner);
        let name = inner.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        // The shell's `*` passes over these, and so does the plugin's.
        if name.starts_with('.') {
            continue;
        }
        let staged = stage.take(&inner, staging, LARGEST)?;
        let metadata = metadata::of(&staged.path, &name).map_err(|why| format!("`{shown}` {why}"))?;
        let requires_python = metadata.requires_python.as_deref().map(|it| stage.secrets().hide(it));
        packages.push((PackageFile { name: stage.name(&name)?, staged, requires_python }, metadata));
    }
    if packages.is_empty() {
        return Err(Over::Fails(format!("there is nothing to upload: no file fits `{pattern}`")));
    }
    Ok(packages)
}

fn tell(stage: &mut Stage<'_, '_>, file: &PackageFile, metadata: &Metadata) {
    let Metadata { name, version, summary, .. } = metadata;
    let size = file.staged.bytes;
    stage.talk.tell("file", &format!("{}  {size} bytes  sha256 {}", file.name, file.staged.sha256));
    stage.talk.tell("is", format!("{name} {version}: {summary}").trim_end_matches(": "));
    let length = metadata.description.trim().chars().count();
    if length == 0 {
        stage.talk.tell("note", "it has no long description: its page will be empty");
    } else if metadata.content_type.is_empty() && metadata.description.contains("```") {
        stage.talk.tell("note", "its long description looks like Markdown, and nothing says so; set long_description_content_type");
    } else {
        let kind = if metadata.content_type.is_empty() { "text/x-rst" } else { &metadata.content_type };
        stage.talk.tell(
            "description",
            &format!("{length} characters of {kind}; that it renders is not checked here"),
        );
    }
}

fn deliver(
    stage: &mut Stage<'_, '_>,
    found: Vec<(PackageFile, Metadata)>,
    destination: &str,
) -> Result<(), Over> {
    let mut projects: BTreeMap<String, (String, Vec<PackageFile>)> = BTreeMap::new();
    for (file, metadata) in found {
        let title = format!("{} {}", metadata.name, metadata.version);
        let project = normalized(&stage.secrets().hide_in_name(&metadata.name));
        projects.entry(project).or_insert((title, Vec::new())).1.push(file);
    }
    let shelf = stage.open_shelf()?;
    for (project, (_, files)) in &projects {
        let names: Vec<SafeName> = files.iter().map(|it| it.name.clone()).collect();
        if let Some(name) = shelf.taken_package(project, &names)? {
            return Err(Over::Fails(format!(
                "{name} is in the index already, and an index never takes a version twice. Raise the version; \
                 `ciworkshop shelf clear` empties the shelf, which the real index never does"
            )));
        }
    }
    for (project, (title, files)) in projects {
        let listed = files.iter().map(|it| listed(&it.name, &it.staged)).collect();
        let path = shelf.add_packages(&project, files)?;
        let destination = destination.to_owned();
        stage.delivered(&shelf, What { kind: Kind::Package, title, path, destination, files: listed })?;
    }
    Ok(())
}
