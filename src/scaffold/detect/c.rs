//! C and C++: `CMake`, Meson, Autotools and plain Makefiles.

use crate::scaffold::detect::kit::{after, make_target, no_tests, version};
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder, harm, targets};

pub(crate) const MARKERS: &[&str] = &["CMakeLists.txt", "meson.build", "configure.ac", "Makefile"];

const IMAGE: &str = "gcc:14";

pub(crate) fn includes(_: Folder<'_>) -> bool {
    true
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let marker = folder.first(MARKERS)?;
    let source = |it: &&str| [".c", ".cc", ".cpp", ".cxx"].iter().any(|ending| it.ends_with(ending));
    folder.files().find(source)?;
    let mut advice = Vec::new();
    let built = match marker {
        "CMakeLists.txt" => cmake(folder),
        "meson.build" => meson(folder),
        "configure.ac" => autotools(folder),
        _ => make(folder, &mut advice)?,
    };
    if !built.tested {
        advice.push(no_tests("it compiles", built.first));
    }
    let name = after(folder, marker, "project(", &[' ', ')', ','])
        .map(|it| it.0.trim_matches(['\'', '"']).to_owned());
    Some(Component {
        ecosystem: "C and C++",
        tool: built.tool.into(),
        name: name.unwrap_or_else(|| folder.name()),
        score: 4 + u32::from(built.tested),
        evidence: vec![Fact::new(format!("a build of {}", built.tool), folder.path(marker))],
        versions: vec![version("gcc", "14", IMAGE, "no file names a compiler: a recent one")],
        install: built.install,
        test: built.test,
        tested: built.tested,
        advice,
        ..Component::default()
    })
}

struct Built {
    tool: &'static str,
    install: Vec<Line>,
    test: Vec<Line>,
    tested: bool,
    /// What the first test could be.
    first: &'static str,
}

fn apt(packages: &str) -> Vec<Line> {
    vec![Line::plain(format!("apt-get update && apt-get install -y {packages}"))]
}

fn cmake(folder: Folder<'_>) -> Built {
    let says = |it: &&str| {
        let named = *it == "CMakeLists.txt" || it.ends_with("/CMakeLists.txt");
        named && folder.text(it).is_some_and(|it| it.contains("add_test(") || it.contains("_discover_tests("))
    };
    let tests = folder.files().find(says);
    let mut test = vec![Line::plain("cmake -S . -B build"), Line::plain("cmake --build build")];
    test.extend(tests.map(|it| {
        let place = folder.place_of(
            it,
            if folder.text(it).is_some_and(|it| it.contains("add_test(")) {
                "add_test("
            } else {
                "_discover_tests("
            },
        );
        Line::new("ctest --test-dir build --output-on-failure", format!("{place}: a test"))
    }));
    let first =
        "`enable_testing()` and `add_test(NAME first COMMAND your_program --version)` in CMakeLists.txt";
    Built { tool: "CMake", install: apt("cmake"), tested: tests.is_some(), test, first }
}

fn meson(folder: Folder<'_>) -> Built {
    let says = |it: &&str| {
        (*it == "meson.build" || it.ends_with("/meson.build"))
            && folder.text(it).is_some_and(|it| it.contains("test("))
    };
    let tests = folder.files().find(says);
    let mut test = vec![Line::plain("meson setup build"), Line::plain("meson compile -C build")];
    test.extend(tests.map(|it| {
        Line::new(
            "meson test -C build --print-errorlogs",
            format!("{}: a test", folder.place_of(it, "test(")),
        )
    }));
    Built {
        tool: "Meson",
        install: apt("meson"),
        tested: tests.is_some(),
        test,
        first: "`test('first', your_program)` in meson.build",
    }
}

fn autotools(folder: Folder<'_>) -> Built {
    let says = |it: &&str| {
        it.ends_with("Makefile.am")
            && folder.text(it).is_some_and(|it| it.lines().any(|it| it.starts_with("TESTS")))
    };
    let tests = folder.files().find(says);
    let mut test = vec![Line::plain("autoreconf --install"), Line::plain("./configure"), Line::plain("make")];
    test.extend(tests.map(|it| Line::new("make check", format!("{}: tests", folder.place_of(it, "TESTS")))));
    Built {
        tool: "Autotools",
        install: apt("autoconf automake libtool"),
        tested: tests.is_some(),
        test,
        first: "`TESTS = first.sh` in Makefile.am",
    }
}

/// The first target, and the one that tests; each only when all of it is harmless.
fn make(folder: Folder<'_>, advice: &mut Vec<Advice>) -> Option<Built> {
    let all = targets(&folder.text("Makefile")?);
    let first = all.first()?;
    let tests = make_target(folder, advice);
    let mut test = Vec::new();
    match harm(folder, "make") {
        None => test.push(Line::new(
            "make",
            format!("{}: the first target, read and found harmless", folder.place("Makefile", first.line)),
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
        install: Vec::new(),
        tested: tests.is_some(),
        test,
        first: "a target `test` in the Makefile that runs the program and looks at its answer",
    })
}
