//! Plain Makefiles: the first target, the one that tests, and the libraries that are linked.

use crate::scaffold::detect::c::Built;
use crate::scaffold::detect::kit::make_target;
use crate::scaffold::detect::libraries::{Asked, package};
use crate::scaffold::detect::{Advice, Line, programs};
use crate::scaffold::project::{Folder, first, harm, targets};

/// The first target, and the one that tests; each only when all of it is harmless.
pub(super) fn make(folder: Folder<'_>, marker: &str, advice: &mut Vec<Advice>) -> Option<Built> {
    let text = folder.loosely(marker)?;
    let all = targets(marker, &text);
    let first = first(&all)?;
    if !compiles(folder) {
        return None;
    }
    let tests = make_target(folder, advice);
    let mut test = Vec::new();
    match harm(folder, "make") {
        None => test.push(Line::new(
            "make",
            format!("{}: the first target, read and found harmless", folder.place(marker, first.line)),
        )),
        Some(reason) => advice.push(Advice::new(
            format!("`make` is not called: {reason}"),
            "give what hands out a target of its own, so that `make` only builds",
        )),
    }
    test.extend(
        tests
            .iter()
            .map(|it| Line::new(format!("make {}", it.0), format!("{}: read and found harmless", it.1))),
    );
    if test.is_empty() {
        return None;
    }
    Some(Built {
        tool: "make",
        tools: called(folder, tests.as_ref().map_or("", |it| it.0)),
        before: Vec::new(),
        asked: linked(folder, marker, &text),
        tested: tests.is_some(),
        test,
        first: "a target `test` in the Makefile that runs the program and looks at its answer",
    })
}

/// False for a Makefile that only looks after other folders: there is no source near it, and it calls no compiler.
fn compiles(folder: Folder<'_>) -> bool {
    const COMPILERS: [&str; 9] = ["ar", "c++", "cc", "clang", "clang++", "cmake", "g++", "gcc", "ld"];
    let source = |it: &str| [".c", ".cc", ".cpp", ".cxx"].iter().any(|ending| it.ends_with(ending));
    if folder.files().any(|it| source(it) && it.matches('/').count() < 2) {
        return true;
    }
    let called = programs::called(folder, &["make", "make test", "make check"]);
    COMPILERS.iter().any(|it| called.contains(*it))
}

/// The packages of the programs that the target calls and the image of the compiler lacks.
fn called(folder: Folder<'_>, target: &str) -> Vec<&'static str> {
    const THERE: [&str; 12] = [
        "build-essential",
        "curl",
        "file",
        "git",
        "make",
        "perl",
        "procps",
        "python3",
        "unzip",
        "wget",
        "xz-utils",
        "zip",
    ];
    let mut names = programs::packages(folder, &format!("make {target}"));
    names.retain(|it| !THERE.contains(it));
    names
}

/// `-lcurl`, and the modules behind `pkg-config --libs`.
fn linked(folder: Folder<'_>, marker: &str, text: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|it| !it.1.trim_start().starts_with('#')) {
        let place = folder.place(marker, number + 1);
        let words = || line.split([' ', '\t', '=', ')', '`', '"', '\'']).filter(|it| !it.is_empty());
        let named = words().filter_map(|it| it.strip_prefix("-l")).filter(|it| package(it).is_some());
        found.extend(named.map(|it| Asked::new(it, &place, false)));
        if line.contains("pkg-config") || line.contains("PKG_CONFIG") {
            let modules = words().filter(|it| !it.starts_with('-') && package(it).is_some());
            let modules: Vec<_> = modules.map(|it| Asked::new(it, &place, false)).collect();
            if !modules.is_empty() {
                found.push(Asked::new("pkg-config", &place, false));
            }
            found.extend(modules);
        }
    }
    found
}
