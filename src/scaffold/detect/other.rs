//! What is left when no ecosystem is found: a Makefile, a Dockerfile, LaTeX, shell scripts, plain scripts of Python.

use crate::scaffold::detect::component::Setting;
use crate::scaffold::detect::kit::{make_target, no_tests, path, version};
use crate::scaffold::detect::python::{notebooks, site_version};
use crate::scaffold::detect::{Advice, Component, Line, Publish, Step, Version, programs};
use crate::scaffold::project::{Fact, Folder, harm, targets};

/// So many files are named one by one.
const MOST: usize = 30;

/// A target of make or just that tests, read and found harmless.
pub(crate) fn make(folder: Folder<'_>) -> Option<Component> {
    let mut advice = Vec::new();
    let (command, package, place) = match make_target(folder, &mut advice) {
        Some((target, place)) => (format!("make {target}"), "make", place),
        None => just(folder)?,
    };
    Some(Component {
        ecosystem: if package == "make" { "A Makefile" } else { "A justfile" },
        tool: package.into(),
        name: folder.name(),
        score: 3,
        evidence: vec![Fact::new("a target that tests, read and found harmless", place.clone())],
        install: vec![needed(folder, &command, package)],
        test: vec![Line::new(command, place)],
        tested: true,
        versions: vec![version("debian", "13", "debian:13-slim", "no file names a system: a stable one")],
        advice,
        ..Component::default()
    })
}

/// The program that reads the targets, and those that they call.
fn needed(folder: Folder<'_>, command: &str, package: &'static str) -> Line {
    let mut names = programs::packages(folder, command);
    names.push(package);
    names.sort_unstable();
    names.dedup();
    let why = if names.len() > 1 { "what the target calls" } else { "" };
    Line::new(format!("apt-get update && apt-get install -y {}", names.join(" ")), why)
}

fn just(folder: Folder<'_>) -> Option<(String, &'static str, String)> {
    let name = folder.first(&["justfile", "Justfile"])?;
    let all = targets(name, &folder.loosely(name)?);
    let target = ["test", "check", "ci"].iter().find_map(|it| all.iter().find(|own| own.name == *it))?;
    let command = format!("just {}", target.name);
    harm(folder, &command).is_none().then(|| (command, "just", folder.place(name, target.line)))
}

/// An image: checked and built without a push, and pushed on a tag.
pub(crate) fn docker(folder: Folder<'_>) -> Option<Component> {
    let text = folder.text("Dockerfile")?;
    let line = text.lines().position(|it| it.trim_start().to_uppercase().starts_with("FROM "))? + 1;
    let place = folder.place("Dockerfile", line);
    let setting =
        |name: &str, value: &str| Setting { name: name.into(), value: value.into(), ..Setting::default() };
    let secret =
        |name: &str, secret: &str| Setting { name: name.into(), secret: secret.into(), ..Setting::default() };
    let step = |name: &str, why: &str, more: Vec<Setting>| Step {
        name: name.into(),
        why: why.into(),
        image: "plugins/docker:20.18".into(),
        settings: std::iter::once(setting("repo", "${DRONE_REPO}"))
            .chain(place_of(folder))
            .chain(more)
            .collect(),
        ..Step::default()
    };
    let push = vec![
        setting("auto_tag", "true"),
        secret("username", "docker_username"),
        secret("password", "docker_password"),
    ];
    let named = |it: &&String| {
        *it != &folder.path("Dockerfile") && (it.as_str() == "Dockerfile" || it.ends_with("/Dockerfile"))
    };
    let others: Vec<&String> = folder.survey.files().iter().filter(named).collect();
    let publish = Publish {
        why: format!("to Docker Hub, under the name of the repository, because {place} makes an image"),
        steps: vec![step(
            "publish",
            "the only step that sees the password; the tag v1.2.3 makes 1.2.3, 1.2 and 1",
            push,
        )],
        secrets: vec![
            ("docker_username".into(), "your name at Docker Hub".into()),
            ("docker_password".into(), "an access token of Docker Hub; uploads the image".into()),
        ],
    };
    Some(Component {
        ecosystem: "A Docker image",
        name: folder.name(),
        score: 2,
        evidence: vec![Fact::new("an image", place.clone())],
        test: vec![Line::new("hadolint Dockerfile", "reads it as a careful colleague does")],
        after: vec![step("build", "builds it, and pushes nothing", vec![setting("dry_run", "true")])],
        tested: true,
        publish: others.is_empty().then_some(publish),
        versions: vec![version(
            "hadolint",
            "2.12",
            "hadolint/hadolint:v2.12.0-debian",
            "the linter of Dockerfiles",
        )],
        advice: std::iter::once(Advice::new(
            "the image is built, and nothing in it is tested",
            "add a step that starts the program with `--version`, or tests it",
        ))
        .chain(others.first().map(|other| {
            Advice::new(
                format!("there are {} images, and a name for one: this one is built, and none is published ({other})", others.len() + 1),
                "copy the steps for each of them, with its own `repo`, `context` and `dockerfile`",
            )
        }))
        .collect(),
        ..Component::default()
    })
}

/// Where the image is made from, when that is not the project's own folder.
fn place_of(folder: Folder<'_>) -> Vec<Setting> {
    if folder.root.is_empty() {
        return Vec::new();
    }
    let setting = |name: &str, value: String| Setting { name: name.into(), value, ..Setting::default() };
    vec![setting("context", folder.root.into()), setting("dockerfile", folder.path("Dockerfile"))]
}

/// A deck or a paper: it is right when it compiles.
pub(crate) fn latex(folder: Folder<'_>) -> Option<Component> {
    let whole =
        |it: &&str| it.ends_with(".tex") && folder.text(it).is_some_and(|it| it.contains("\\documentclass"));
    let mut files: Vec<&str> = folder.names().filter(whole).take(MOST).collect();
    // A class, and the documents that use it in a folder below.
    let own = folder.names().find(|it| it.ends_with(".cls") || it.ends_with(".sty"));
    let below = files.is_empty().then_some(own).flatten();
    if below.is_some() {
        files = folder.files().filter(|it| it.matches('/').count() == 1).filter(whole).take(MOST).collect();
    }
    let first = *files.first()?;
    let (found, inside) = match below {
        Some(_) => ("TEXINPUTS=\"$PWD:\" ", " -cd"),
        None => ("", ""),
    };
    let names: Vec<String> = files.iter().map(|it| path(it)).collect();
    let (engine, why) = engine(folder, &files);
    let why =
        below.map_or(why.clone(), |it| format!("{why}; `{}` lies above the documents", folder.path(it)));
    let mut install = Vec::new();
    let mut shell = "";
    let minted = folder.files().filter(|it| it.ends_with(".tex") || it.ends_with(".sty"));
    if let Some(file) =
        minted.into_iter().find(|it| folder.loosely(it).is_some_and(|it| it.contains("{minted}")))
    {
        shell = " -shell-escape";
        let place = folder.place_of(file, "{minted}");
        install.push(Line::new(
            "apt-get update && apt-get install -y python3-pygments",
            format!("{place}: it colours code"),
        ));
    }
    Some(Component {
        install,
        ecosystem: "LaTeX",
        name: folder.name(),
        score: 2,
        evidence: vec![Fact::new("a document", folder.place_of(first, "\\documentclass"))],
        test: vec![Line::new(
            format!(
                "{found}latexmk{inside} {engine}{shell} -interaction=nonstopmode -halt-on-error {}",
                names.join(" ")
            ),
            why,
        )],
        tested: true,
        versions: vec![version(
            "texlive",
            "2024",
            "texlive/texlive:TL2024-historic",
            "a year of TeX Live that changes no more",
        )],
        ..Component::default()
    })
}

/// The engine that the document is written for: `% !TEX program = xelatex`, or fonts that only the newer ones can use.
fn engine(folder: Folder<'_>, documents: &[&str]) -> (&'static str, String) {
    let usual = "an error ends the build; without this it would wait for an answer";
    let texts = folder.files().filter(|it| [".tex", ".cls", ".sty"].iter().any(|end| it.ends_with(end)));
    for file in documents.iter().copied().chain(texts) {
        let Some(text) = folder.loosely(file) else { continue };
        for (number, line) in text.lines().enumerate() {
            let flat = line.to_lowercase().replace(' ', "");
            let code = line.split('%').next().unwrap_or_default();
            let fonts = ["{fontspec}", "{unicode-math}", "{polyglossia}", "{xeCJK}", "{ctex", "{awesome-cv}"];
            let named = flat.starts_with("%!tex").then_some(flat.as_str());
            let engine = if named.is_some_and(|it| it.contains("=lualatex")) || code.contains("{luacode}") {
                "-pdflua"
            } else if named.is_some_and(|it| it.contains("=xelatex"))
                || fonts.iter().any(|it| code.contains(it))
            {
                "-pdfxe"
            } else {
                continue;
            };
            return (engine, format!("{}: it needs this engine; {usual}", folder.place(file, number + 1)));
        }
    }
    ("-pdf", usual.into())
}

/// Plain scripts of Python: no setup, no list of packages, no tests. What is left is that they compile.
pub(crate) fn scripts(folder: Folder<'_>) -> Option<Component> {
    let files: Vec<&str> = folder.files().filter(|it| it.ends_with(".py")).collect();
    let notebooks = notebooks(folder);
    let Some(first) = files.first() else { return of_notebooks(folder, notebooks) };
    let (number, why) = site_version(folder);
    let mut places: Vec<&str> = files.iter().map(|it| it.split_once('/').map_or(*it, |it| it.0)).collect();
    places.dedup();
    let names: Vec<String> = places.iter().take(MOST).map(|it| path(it)).collect();
    let mut advice = vec![no_tests(
        "every file compiles",
        "a function without side effects, and a file test_it.py that calls it",
    )];
    advice.extend(packages(folder, &files));
    advice.extend(old(folder, &files));
    Some(Component {
        ecosystem: "Python",
        name: folder.name(),
        score: 1,
        evidence: vec![Fact::new("scripts, and nothing that installs or tests them", folder.path(first))],
        test: vec![Line::new(
            format!("python -m compileall -q {}", names.join(" ")),
            "there is nothing to install and nothing to test: at least every file compiles",
        )],
        versions: vec![Version {
            number: number.clone(),
            image: format!("python:{number}-slim"),
            why: format!("python {number}: {why}"),
            test: None,
        }],
        advice,
        ..Component::default()
    })
}

/// Notebooks, and no file that says what they need.
fn of_notebooks(folder: Folder<'_>, test: Vec<Line>) -> Option<Component> {
    let first = folder.files().find(|it| it.ends_with(".ipynb")).filter(|_| !test.is_empty())?;
    let (number, why) = site_version(folder);
    let advice = Advice::new(
        "the notebooks say nowhere which packages they need: nothing starts them",
        "write a requirements.txt with the versions that you use, and call init again",
    );
    Some(Component {
        ecosystem: "Python",
        name: folder.name(),
        score: 1,
        evidence: vec![Fact::new("notebooks, and nothing that installs or tests them", folder.path(first))],
        test,
        versions: vec![Version {
            image: format!("python:{number}-slim"),
            why: format!("python {number}: {why}"),
            number,
            test: None,
        }],
        advice: vec![advice],
        ..Component::default()
    })
}

/// Modules that are imported and are neither the project's nor known to come with Python.
fn packages(folder: Folder<'_>, files: &[&str]) -> Option<Advice> {
    const KNOWN: [&str; 14] = [
        "torch",
        "numpy",
        "pandas",
        "requests",
        "scipy",
        "sklearn",
        "tensorflow",
        "matplotlib",
        "yaml",
        "bs4",
        "PIL",
        "cv2",
        "tqdm",
        "flask",
    ];
    let mut found: Vec<&str> = Vec::new();
    for file in files.iter().take(200) {
        let Some(text) = folder.text(file) else { continue };
        let imported = |module: &&str| {
            text.lines().any(|it| {
                let mut words = it.split([' ', '.', ',']);
                matches!(words.next(), Some("import" | "from")) && words.next() == Some(module)
            })
        };
        found.extend(KNOWN.into_iter().filter(|it| imported(it)));
    }
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then(|| {
        Advice::new(
            format!(
                "the scripts import {}, and no file says which versions (guessed from the imports)",
                found.join(", ")
            ),
            "write a requirements.txt with the versions that you use, and call init again",
        )
    })
}

/// A sign of Python 2.
fn old(folder: Folder<'_>, files: &[&str]) -> Option<Advice> {
    let statement = |text: &str| {
        text.lines()
            .position(|it| it.trim_start().starts_with("print \"") || it.trim_start().starts_with("print '"))
    };
    files.iter().take(200).find_map(|file| {
        let line = statement(&folder.text(file)?)? + 1;
        let what = format!(
            "{} is written for Python 2, which has had no repairs since 2020",
            folder.place(file, line)
        );
        Some(Advice::new(
            what,
            "python -m lib2to3 shows what has to change; until then the pipeline is red, and rightly",
        ))
    })
}
