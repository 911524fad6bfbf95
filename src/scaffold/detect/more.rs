//! Ecosystems with a plain pipeline: R and Julia. Each is built and tested as its own tool does.

use std::collections::BTreeSet;

use crate::scaffold::detect::kit::{Said, after, no_tests, version};
use crate::scaffold::detect::version::{Tilde, allows, short};
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder};

/// The version that is said, or another one and why.
fn said(found: Option<Said>, parts: usize, usual: &str) -> (String, String) {
    let start = |text: &str| text.trim_start_matches(|it: char| !it.is_ascii_digit()).to_owned();
    let found = found.and_then(|(text, place)| Some((short(&start(&text), parts)?, place)));
    found.unwrap_or_else(|| (usual.to_owned(), "no file names a version: a recent one".to_owned()))
}

pub(crate) fn r(folder: Folder<'_>) -> Option<Component> {
    let package = folder.text("DESCRIPTION").filter(|it| it.lines().any(|it| it.starts_with("Package:")));
    if package.is_none() && !folder.has("renv.lock") {
        return None;
    }
    let lock = folder.text("renv.lock").and_then(|text| {
        let line = text.lines().position(|it| it.contains("\"Version\""))?;
        Some((text.lines().nth(line)?.split('"').nth(3)?.to_owned(), folder.place("renv.lock", line + 1)))
    });
    let (number, why) = said(lock, 3, "4.4.2");
    let tests =
        folder.files().find(|it| it.starts_with("tests/testthat/") || it.starts_with("inst/tinytest/"));
    let install = if folder.has("renv.lock") {
        "Rscript -e 'install.packages(\"renv\"); renv::restore()'"
    } else {
        "Rscript -e 'install.packages(\"pak\"); pak::local_install_dev_deps()'"
    };
    let (command, promise) = match (package.is_some(), tests) {
        (true, _) => {
            ("R CMD build . && R CMD check --no-manual ./*.tar.gz", "the check that CRAN makes".to_owned())
        }
        (false, Some(test)) => {
            ("Rscript -e 'testthat::test_dir(\"tests/testthat\")'", format!("{}: a test", folder.path(test)))
        }
        (false, None) => (
            "Rscript -e 'for (it in list.files(pattern = \"[.]R$\", recursive = TRUE)) parse(it)'",
            "there are no tests yet: at least every file is valid".to_owned(),
        ),
    };
    let tested = package.is_some() || tests.is_some();
    Some(Component {
        ecosystem: "R",
        tool: if folder.has("renv.lock") { "renv" } else { "" }.into(),
        name: after(folder, "DESCRIPTION", "Package:", &['\n']).map_or_else(|| folder.name(), |it| it.0),
        score: 5,
        evidence: vec![Fact::new(
            "a project of R",
            folder.path(folder.first(&["DESCRIPTION", "renv.lock"])?),
        )],
        install: vignettes(folder)
            .into_iter()
            .chain([Line::new(
                install,
                if folder.has("renv.lock") { "" } else { "with the libraries in C that they need" },
            )])
            .collect(),
        tested,
        test: vec![Line::new(command, promise)],
        advice: match (package.is_some(), tested) {
            (true, _) => vec![Advice::new(
                "CRAN takes a package from a person, who answers its mail: no step can publish it",
                "when the build of the tag is green: devtools::submit_cran()",
            )],
            (false, true) => Vec::new(),
            (false, false) => {
                vec![no_tests("every file is valid", "tests/testthat/test-first.R with `test_that(…)`")]
            }
        },
        covers: compiled(folder, package.is_some()),
        versions: vec![version("r", &number, format!("rocker/r-ver:{number}"), &why)],
        ..Component::default()
    })
}

/// The folders in which a package keeps its C: R calls `configure` and what is in `src` itself.
fn compiled(folder: Folder<'_>, package: bool) -> Vec<(String, &'static str)> {
    let parents = folder.files().filter_map(|it| it.rsplit_once('/')).map(|it| it.0);
    let inside: BTreeSet<&str> = parents.filter(|it| *it == "src" || it.starts_with("src/")).collect();
    let all = inside.into_iter().map(|it| folder.path(it)).chain([folder.root.to_owned()]);
    if package { all.map(|it| (it, "C and C++")).collect() } else { Vec::new() }
}

/// What the long pages of a package are made with.
fn vignettes(folder: Folder<'_>) -> Option<Line> {
    let page = folder.files().find(|it| it.starts_with("vignettes/") && it.ends_with("md"))?;
    Some(Line::new(
        "apt-get update && apt-get install -y pandoc",
        format!("{}: a page of the package", folder.path(page)),
    ))
}

/// The Julia to take when nobody says anything.
const JULIA: &str = "1.11";

/// A range of Julia in the words of others: `1.6, 2` → `^1.6 || ^2`.
fn carets(compat: &str) -> String {
    let one = |it: &str| {
        let it = it.trim();
        if it.starts_with(|it: char| it.is_ascii_digit()) && !it.contains(' ') {
            format!("^{it}")
        } else {
            it.to_owned()
        }
    };
    compat.split(',').map(one).collect::<Vec<_>>().join(" || ")
}

pub(crate) fn julia(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("Project.toml")?;
    let compat = manifest
        .at(&["compat", "julia"])
        .and_then(|it| Some((it.text()?.to_owned(), folder.place("Project.toml", it.line))));
    // A promise such as `1` is kept by every 1.x, so the usual one is taken.
    let range = compat.as_ref().map(|it| carets(&it.0)).unwrap_or_default();
    let (number, why) = said(compat.filter(|it| it.0.contains('.')), 2, JULIA);
    let image = |number: &str, why: &str| version("julia", number, format!("julia:{number}"), why);
    let tested = folder.has("test/runtests.jl");
    let line = if tested {
        Line::new(
            "julia --project -e 'using Pkg; Pkg.test()'",
            format!("{}: the tests", folder.path("test/runtests.jl")),
        )
    } else {
        Line::new(
            "julia --project -e 'using Pkg; Pkg.precompile()'",
            "there are no tests yet: at least it precompiles",
        )
    };
    // What the registry takes: a package with an identity and a version. Others are environments.
    let package = ["name", "uuid", "version"].iter().all(|it| manifest.at(&[it]).is_some());
    let newest = (package && number != JULIA && allows(&range, JULIA, Tilde::Minor))
        .then(|| image(JULIA, &format!("a recent one that {} allows, too", folder.path("Project.toml"))));
    Some(Component {
        ecosystem: "Julia",
        tool: "Pkg".into(),
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: 5,
        evidence: vec![Fact::new("a project of Julia", folder.path("Project.toml"))],
        install: vec![Line::plain("julia --project -e 'using Pkg; Pkg.instantiate()'")],
        tested,
        test: vec![line],
        advice: (!tested)
            .then(|| no_tests("it precompiles", "test/runtests.jl with `@test`"))
            .into_iter()
            .chain(package.then(registered))
            .collect(),
        versions: std::iter::once(image(&number, &why)).chain(newest).collect(),
        ..Component::default()
    })
}

/// A version becomes public when it is registered, and the tag comes after that.
fn registered() -> Advice {
    Advice::new(
        "a version of a Julia package is published by registering it, and the tag follows: no step publishes",
        "when the build of the commit is green, comment on it: @JuliaRegistrator register",
    )
}
