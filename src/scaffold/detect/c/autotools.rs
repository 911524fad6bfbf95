//! Autotools: its tests, the scripts that make `configure`, and what that looks for.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::c::Built;
use crate::scaffold::detect::c::calls::{Called, asked, calls, files, modules};
use crate::scaffold::detect::kit::test_target;
use crate::scaffold::detect::libraries::Asked;
use crate::scaffold::project::{Folder, harm};

pub(super) fn autotools(folder: Folder<'_>) -> Built {
    let text = folder.loosely("configure.ac").unwrap_or_default();
    let all = calls(&text);
    let (target, place) = target(folder).unzip();
    let option = place.as_ref().and_then(|_| switch(folder, &all));
    let configure = match &option {
        Some((option, place)) => {
            Line::new(format!("./configure {option}"), format!("{place}: the tests are off without it"))
        }
        None => Line::plain("./configure"),
    };
    let mut test = vec![Line::plain("autoreconf --install"), configure, Line::plain("make")];
    test.extend(
        target
            .zip(place.clone())
            .map(|(target, place)| Line::new(format!("make {target}"), format!("{place}: tests"))),
    );
    let mut wanted = wanted(folder, &all);
    wanted.extend(by_word(folder, &text));
    Built {
        tool: "Autotools",
        tools: vec!["autoconf", "automake", "libtool"],
        before: Vec::new(),
        asked: wanted,
        tested: place.is_some(),
        test,
        first: "`TESTS = first.sh` in Makefile.am",
    }
}

/// A `configure` that somebody wrote, or made with an older Autoconf: it is called as it is.
pub(super) fn by_hand(folder: Folder<'_>) -> Option<Built> {
    let shell = |it: &str| it.lines().next().is_some_and(|it| it.starts_with("#!") && it.contains("sh"));
    folder.head("configure").filter(|it| shell(it))?;
    let tests = target(folder).or_else(|| test_target(folder));
    let tests = tests.filter(|it| harm(folder, &format!("make {}", it.0)).is_none());
    let mut test = vec![Line::plain("./configure"), Line::plain("make")];
    test.extend(
        tests.iter().map(|(target, place)| Line::new(format!("make {target}"), format!("{place}: tests"))),
    );
    Some(Built {
        tool: "configure",
        tools: Vec::new(),
        before: Vec::new(),
        asked: Vec::new(),
        tested: tests.is_some(),
        test,
        first: "a target `check` in Makefile.in that runs the program and looks at its answer",
    })
}

/// `check` where Automake knows of tests, else a target that the project writes itself.
fn target(folder: Folder<'_>) -> Option<(&'static str, String)> {
    let all = files(folder, &["Makefile.am", "Makefile.in"]);
    let (automake, plain): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.ends_with(".am"));
    let found = |names: &[String], heads: &[&str]| {
        names.iter().find_map(|file| {
            let text = folder.loosely(file)?;
            let line = text.lines().position(|line| {
                let line = line.trim_start_matches(' ');
                heads.iter().any(|it| {
                    line.strip_prefix(it).is_some_and(|rest| {
                        let rest = rest.trim_start();
                        rest.starts_with(['=', ':']) || rest.starts_with("+=")
                    })
                })
            })?;
            Some(folder.place(file, line + 1))
        })
    };
    let checks = found(&automake, &["TESTS", "check-local", "check"]);
    let own = || found(&automake, &["test"]).map(|it| ("test", it));
    // What Automake makes from a file beside it always has a `check`, and often nothing in it.
    let by_hand: Vec<String> =
        plain.into_iter().filter(|it| !automake.contains(&it.replace(".in", ".am"))).collect();
    let root =
        |name: &'static str| found(&by_hand, &[name]).filter(|_| automake.is_empty()).map(|it| (name, it));
    checks.map(|it| ("check", it)).or_else(own).or_else(|| root("check")).or_else(|| root("test"))
}

/// `--enable-tests`, where `configure --help` offers it: it offers what is not so by itself.
fn switch(folder: Folder<'_>, all: &[Called]) -> Option<(String, String)> {
    all.iter().find_map(|it| {
        let arguments = it.arguments();
        let name = arguments.first().filter(|_| it.name == "AC_ARG_ENABLE")?;
        let named = matches!(*name, "tests" | "test" | "unit-tests" | "unittests" | "unit-test");
        let offered = it.inside.contains(&format!("--enable-{name}"));
        (named && offered).then(|| (format!("--enable-{name}"), folder.place("configure.ac", it.line)))
    })
}

fn wanted(folder: Folder<'_>, all: &[Called]) -> Vec<Asked> {
    let mut found = Vec::new();
    for call in all {
        let arguments = call.arguments();
        let ask = |name: &str, required| asked(folder, "configure.ac", call, name, required);
        match call.name.as_str() {
            "PKG_CHECK_MODULES" | "PKG_CHECK_EXISTS" => {
                let at = usize::from(call.name == "PKG_CHECK_MODULES");
                let required = at == 1 && arguments.len() < 4;
                found.push(ask("pkg-config", false));
                let names = arguments.get(at).map(|it| modules(it)).unwrap_or_default();
                found.extend(names.into_iter().map(|it| ask(it, required)));
            }
            "AC_CHECK_LIB" => found.extend(arguments.first().map(|it| ask(it, false))),
            "AC_SEARCH_LIBS" => {
                found.extend(
                    arguments
                        .get(1)
                        .and_then(|it| it.split_whitespace().next())
                        // What other systems have in their C library.
                        .filter(|it| *it != "bsd")
                        .map(|it| ask(it, false)),
                );
            }
            "AM_GNU_GETTEXT" | "AM_GNU_GETTEXT_VERSION" => found.push(ask("gettext", false)),
            "GTK_DOC_CHECK" => found.push(ask("gtk-doc", false)),
            "AM_PATH_PYTHON" => found.push(ask("python3", false)),
            "AM_PATH_CHECK" => found.push(ask("check", false)),
            _ => {}
        }
    }
    found
}

/// Macros without brackets.
fn by_word(folder: Folder<'_>, text: &str) -> Vec<Asked> {
    const WORDS: [(&str, &str); 4] = [
        ("AC_PROG_YACC", "bison"),
        ("AC_PROG_LEX", "flex"),
        ("AM_PROG_LEX", "flex"),
        ("PKG_PROG_PKG_CONFIG", "pkg-config"),
    ];
    let at = |word: &str| text.lines().position(|it| it.trim_start().starts_with(word));
    WORDS
        .iter()
        .filter_map(|(word, name)| {
            Some(Asked::new(*name, folder.place("configure.ac", at(word)? + 1), false))
        })
        .collect()
}
