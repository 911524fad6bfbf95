//! C and C++.
//!
//! | file | what it does |
//! | --- | --- |
//! | `cmake`, `meson`, `autotools`, `make` | a build file → how it is built and tested, and what it looks for |
//! | `calls` | a file of `CMake`, Meson or M4 → the calls in it |

mod autotools;
mod calls;
mod cmake;
mod make;
mod meson;

use crate::scaffold::detect::kit::{no_tests, submodules, version};
use crate::scaffold::detect::libraries::{Asked, packages};
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] =
    &["CMakeLists.txt", "meson.build", "configure.ac", "configure", "Makefile", "GNUmakefile", "makefile"];

const IMAGE: &str = "gcc:14";

pub(crate) fn includes(_: Folder<'_>) -> bool {
    true
}

/// How it is built and tested.
struct Built {
    tool: &'static str,
    /// The packages of the tool itself.
    tools: Vec<&'static str>,
    /// What is installed in another way.
    before: Vec<Line>,
    /// What the build looks for.
    asked: Vec<Asked>,
    test: Vec<Line>,
    tested: bool,
    /// What the first test could be.
    first: &'static str,
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let marker = folder.first(MARKERS)?;
    let source = |it: &&str| [".c", ".cc", ".cpp", ".cxx"].iter().any(|ending| it.ends_with(ending));
    folder.files().find(source)?;
    let mut advice = Vec::new();
    let (marker, mut built) = built(folder, marker, &mut advice)?;
    let name = name(folder, marker).unwrap_or_else(|| folder.name());
    // A project looks for itself in the tests of its own installation.
    built.asked.retain(|it| !it.name.eq_ignore_ascii_case(&name));
    let (install, unknown) = install(&built);
    if !built.tested && advice.is_empty() {
        advice.push(untested(folder, &built));
    }
    advice.extend(unknown);
    Some(Component {
        ecosystem: "C and C++",
        tool: built.tool.into(),
        name,
        score: 4 + u32::from(built.tested),
        evidence: vec![Fact::new(format!("a build of {}", built.tool), folder.path(marker))],
        versions: vec![version("gcc", "14", IMAGE, "no file names a compiler: a recent one")],
        install: submodules(folder).into_iter().chain(install).collect(),
        test: built.test,
        tested: built.tested,
        advice,
        ..Component::default()
    })
}

/// The first way to build that has tests, else the first one.
fn built<'n>(folder: Folder<'_>, first: &'n str, advice: &mut Vec<Advice>) -> Option<(&'n str, Built)> {
    let by = |marker: &str, advice: &mut Vec<Advice>| match marker {
        "CMakeLists.txt" => Some(cmake::cmake(folder)),
        "meson.build" => Some(meson::meson(folder)),
        "configure.ac" => Some(autotools::autotools(folder)),
        "configure" => autotools::by_hand(folder),
        _ => make::make(folder, marker, advice),
    };
    let usual = by(first, advice);
    if usual.as_ref().is_some_and(|it| it.tested) {
        return usual.map(|it| (first, it));
    }
    let mut unread = Vec::new();
    let others = MARKERS.iter().filter(|it| **it != first && folder.has(it));
    let tested = others.filter_map(|it| Some((*it, by(it, &mut unread)?))).find(|it| it.1.tested);
    if tested.is_none() {
        // There are tests, and why nobody calls them is news.
        let about_tests =
            |it: &Advice| ["`make test", "`make check"].iter().any(|start| it.what.starts_with(start));
        advice.extend(unread.into_iter().find(about_tests));
    }
    tested.or_else(|| usual.map(|it| (first, it)))
}

/// Says that nothing is tested: there may be tests all the same, and nobody could see how they are called.
fn untested(folder: Folder<'_>, built: &Built) -> Advice {
    match ["tests", "test", "t", "regress"].into_iter().find(|it| folder.has_folder(it)) {
        Some(name) => Advice::new(
            format!(
                "nothing shows how the tests in `{}/` are called: the pipeline only finds out whether it compiles",
                folder.path(name)
            ),
            "add the command that you call them with, as the last one of the step",
        ),
        None => no_tests("it compiles", built.first),
    }
}

/// `project(press C)` in `CMake` and Meson.
fn name(folder: Folder<'_>, marker: &str) -> Option<String> {
    let calls = calls::calls(&folder.loosely(marker)?);
    let call =
        calls.iter().find(|it| it.is("project") && matches!(marker, "CMakeLists.txt" | "meson.build"))?;
    let words = call.inside.split([' ', '\n', ',']).find(|it| !it.is_empty())?;
    Some(words.trim_matches(['\'', '"']).to_owned()).filter(|it| !it.contains('$'))
}

/// One line for all packages, with the places that ask for them; and what nobody here knows.
fn install(built: &Built) -> (Vec<Line>, Option<Advice>) {
    let (known, unknown) = packages(&built.asked);
    let mut names: Vec<&str> = built.tools.clone();
    names.extend(known.iter().map(|it| it.0).filter(|it| !built.tools.contains(it)));
    let mut places: Vec<&str> = known.iter().map(|it| it.1.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let why = match places.as_slice() {
        [] => String::new(),
        all if all.len() <= 3 => format!("{}: what the build looks for", all.join(", ")),
        [first, ..] => format!("{first} and {} more places: what the build looks for", places.len() - 1),
    };
    let line = Line::new(format!("apt-get update && apt-get install -y {}", names.join(" ")), why);
    let lines = (!names.is_empty()).then_some(line).into_iter().chain(built.before.iter().cloned());
    (lines.collect(), advice(&unknown))
}

fn advice(unknown: &[Asked]) -> Option<Advice> {
    let first = unknown.first()?;
    let names: Vec<String> = unknown.iter().take(5).map(|it| format!("`{}`", it.name)).collect();
    Some(Advice::new(
        format!(
            "the build needs {}, and which package has it is not known here ({})",
            names.join(", "),
            first.place
        ),
        "add its package to the line `apt-get install`; for a library its name ends in `-dev`",
    ))
}
