//! The tests of a build for the JVM, by where they lie and what they are called; and what they need that no step has.

use crate::scaffold::detect::Advice;
use crate::scaffold::project::Folder;

const ENDS: [&str; 10] = [
    "Test.java",
    "Tests.java",
    "TestCase.java",
    "IT.java",
    "Test.kt",
    "Tests.kt",
    "Spec.groovy",
    "Test.groovy",
    "Spec.scala",
    "Suite.scala",
];

/// One of them, if there is any.
pub(super) fn first(folder: Folder<'_>) -> Option<&str> {
    let own = |it: &&str| !it.contains("androidTest/") && !it.contains("testFixtures/");
    let named = |it: &&str| ENDS.iter().any(|end| it.ends_with(end)) && own(it);
    let inside = |it: &str, place: &str| it.starts_with(&place[1..]) || it.contains(place);
    let placed = |it: &&str| {
        let sources = [".java", ".kt", ".groovy", ".scala"].iter().any(|end| it.ends_with(end));
        sources
            && own(it)
            && ["/src/test/", "/src/commonTest/", "/src/jvmTest/"].iter().any(|place| inside(it, place))
    };
    // Deep packages are not looked through; what lies beside them is there only for tests.
    let beside = |it: &&str| inside(it, "/src/test/");
    folder.files().find(named).or_else(|| folder.files().find(placed)).or_else(|| folder.files().find(beside))
}

/// Tests that start containers of their own.
pub(super) fn containers(folder: Folder<'_>) -> Option<Advice> {
    let builds = folder.files().filter(|it| {
        matches!(
            it.rsplit('/').next(),
            Some("pom.xml" | "build.gradle" | "build.gradle.kts" | "build.sbt" | "libs.versions.toml")
        )
    });
    let mut builds = builds.take(40);
    let place = builds.find(|it| folder.loosely(it).is_some_and(|it| it.contains("org.testcontainers")))?;
    Some(Advice::new(
        format!(
            "the tests start containers with Testcontainers, and a step has no Docker: they fail or are skipped ({})",
            folder.place_of(place, "org.testcontainers")
        ),
        "name what they start under `services`, and let the tests read the host from a variable",
    ))
}
