//! `CMake`: its tests, the option that switches them on, and what it looks for.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::c::Built;
use crate::scaffold::detect::c::calls::{Called, asked, calls, files, is_newer};
use crate::scaffold::detect::libraries::Asked;
use crate::scaffold::project::Folder;

/// The newest `CMake` that a stable Debian is sure to have.
const PACKAGED: [u32; 2] = [3, 25];

pub(super) fn cmake(folder: Folder<'_>) -> Built {
    let read = |it: String| folder.loosely(&it).map(|text| (calls(&text), it));
    let all: Vec<(Vec<Called>, String)> =
        files(folder, &["CMakeLists.txt", "*.cmake"]).into_iter().filter_map(read).collect();
    let test = tests(folder, &all);
    let option = test.as_ref().and_then(|_| switch(folder, &all));
    let configure = match &option {
        Some((name, place)) => Line::new(
            format!("cmake -S . -B build -D{name}=ON"),
            format!("{place}: the tests are off without it"),
        ),
        None => Line::plain("cmake -S . -B build"),
    };
    let mut lines = vec![configure, Line::plain("cmake --build build")];
    lines.extend(
        test.iter()
            .map(|it| Line::new("ctest --test-dir build --output-on-failure", format!("{it}: a test"))),
    );
    let newer = newer(folder, &all);
    Built {
        tool: "CMake",
        tools: if newer.is_some() { vec!["python3-pip"] } else { vec!["cmake"] },
        before: newer.into_iter().collect(),
        asked: all.iter().flat_map(|(calls, file)| wanted(folder, calls, file)).collect(),
        tested: test.is_some(),
        test: lines,
        first: "`enable_testing()` and `add_test(NAME first COMMAND your_program --version)` in CMakeLists.txt",
    }
}

/// Where a test is added; in a folder of tests before any other place.
fn tests(folder: Folder<'_>, all: &[(Vec<Called>, String)]) -> Option<String> {
    let adds = |it: &Called| {
        let name = it.name.to_lowercase();
        name == "add_test" || name.ends_with("_discover_tests") || name.ends_with("_add_tests")
    };
    let mut found: Vec<String> = all
        .iter()
        .filter_map(|(calls, file)| Some(folder.place(file, calls.iter().find(|it| adds(it))?.line)))
        .collect();
    found.sort_by_key(|it| !it.contains("test"));
    found.into_iter().next()
}

/// The option that must be on, so that there are tests: `option(PRESS_BUILD_TESTS "…" OFF)`.
fn switch(folder: Folder<'_>, all: &[(Vec<Called>, String)]) -> Option<(String, String)> {
    let project = all
        .iter()
        .flat_map(|it| &it.0)
        .find(|it| it.is("project"))
        .and_then(|it| Some((*it.words().first()?).to_lowercase()));
    all.iter().find_map(|(calls, file)| {
        let call = calls
            .iter()
            .find(|it| it.is("option") && is_off(it) && is_about_tests(it, project.as_deref()))?;
        Some(((*call.words().first()?).to_owned(), folder.place(file, call.line)))
    })
}

/// `CMake` takes an option without a value for one that is off.
fn is_off(option: &Called) -> bool {
    let value = option.inside.rsplit('"').next().unwrap_or_default().trim().to_lowercase();
    option.inside.contains('"') && matches!(value.as_str(), "" | "off" | "no" | "false" | "0")
}

/// Words that say nothing about which tests.
fn is_about_tests(option: &Called, project: Option<&str>) -> bool {
    const PLAIN: [&str; 11] =
        ["build", "building", "compile", "developer", "do", "enable", "make", "run", "unit", "use", "with"];
    const TESTS: [&str; 5] = ["test", "tests", "testing", "unittest", "unittests"];
    let name = option.words().first().map(|it| it.to_lowercase()).unwrap_or_default();
    let own = |word: &str| project.is_some_and(|it| it.split(['-', '_']).any(|it| it == word) || it == word);
    let is_own = |it: &&str| PLAIN.contains(it) || TESTS.contains(it) || own(it);
    name.split('_').any(|it| TESTS.contains(&it)) && name.split('_').all(|it| is_own(&it))
}

/// What the build looks for. Behind an `if`, only what it then insists on.
fn wanted(folder: Folder<'_>, calls: &[Called], file: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for call in calls {
        let words = call.words();
        let required = words.contains(&"REQUIRED");
        let name = call.name.to_lowercase();
        match name.as_str() {
            "if" => depth += 1,
            "endif" => depth = depth.saturating_sub(1),
            "find_package"
                if depth == 0 || required || call.words().first().is_some_and(|it| is_for_tests(it)) =>
            {
                let Some(name) = words.first() else { continue };
                let qt = words.contains(&"Widgets") || words.contains(&"Core");
                let missing = required && depth == 0 && !comes_with_cmake(name) && !qt;
                found.push(asked(folder, file, call, name, missing));
            }
            "pkg_check_modules" | "pkg_search_module" if depth == 0 || required => {
                let names = words.iter().skip(1).filter(|it| **it != it.to_uppercase());
                found.push(asked(folder, file, call, "pkg-config", false));
                for name in names {
                    let name = name.split(['<', '>', '=']).next().unwrap_or_default();
                    found.push(asked(
                        folder,
                        file,
                        call,
                        name,
                        required && depth == 0 && !name.contains('$'),
                    ));
                }
            }
            _ => {}
        }
    }
    found
}

/// What only tests need: without it they are left out, and the build is as green.
fn is_for_tests(name: &str) -> bool {
    matches!(
        name.to_lowercase().as_str(),
        "catch2"
            | "check"
            | "cmocka"
            | "cppunit"
            | "criterion"
            | "cunit"
            | "doctest"
            | "gtest"
            | "googletest"
    )
}

/// What no package has to be installed for.
fn comes_with_cmake(name: &str) -> bool {
    name.contains('$')
        || matches!(name, "Threads" | "OpenMP" | "Git" | "Sanitizers" | "Backtrace" | "Doxygen")
}

/// The line that gets a newer `CMake` than Debian has, where the project asks for one.
fn newer(folder: Folder<'_>, all: &[(Vec<Called>, String)]) -> Option<Line> {
    let (calls, file) = all.iter().find(|it| it.1 == "CMakeLists.txt")?;
    let call = calls.iter().find(|it| it.is("cmake_minimum_required"))?;
    let words = call.words();
    let said = words.get(1)?.split("...").next()?;
    is_newer(said, PACKAGED).then(|| {
        Line::new(
            format!("pip3 install --break-system-packages 'cmake>={said}'"),
            format!("{}: it asks for a newer one than Debian has", folder.place(file, call.line)),
        )
    })
}
