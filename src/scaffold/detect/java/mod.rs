//! Java and its like: Maven, Gradle and sbt, with their wrappers.

mod gradle;
mod maven;
mod scala;
mod tests;

use crate::scaffold::detect::elsewhere::{Keys, calls, listed_in};
use crate::scaffold::detect::kit::{Said, after, first_line, no_tests, tool_version, version};
use crate::scaffold::detect::publish::{with_gradle, with_maven};
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Advice, Component, Line, Version};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] =
    &["pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "build.sbt"];

/// Versions with long support.
const KNOWN: [u32; 5] = [8, 11, 17, 21, 25];
/// The one to take when nobody says anything.
const USUAL: u32 = 21;

const ELSEWHERE: Keys = Keys {
    words: &["java-version", "java-versions", "java_version", "java", "jdk", "jdk-version", "jdks"],
    travis: "jdk",
};

pub(crate) fn includes(_: Folder<'_>) -> bool {
    true
}

/// How a build is called.
struct Build {
    tool: &'static str,
    /// The file that makes it one.
    marker: &'static str,
    evidence: Vec<Fact>,
    versions: Vec<Version>,
    install: Vec<Line>,
    command: String,
    lint: Vec<Line>,
    advice: Vec<Advice>,
}

/// Of two builds the one with a wrapper is used, then the one that another pipeline calls; else Maven, which is the older
/// one.
fn uses_gradle(folder: Folder<'_>) -> bool {
    let called = |commands: [&str; 3]| commands.iter().any(|it| calls(folder, it).is_some());
    match (folder.has("gradlew"), folder.has("mvnw")) {
        (true, false) => true,
        (false, true) => false,
        _ => called(["./gradlew", "gradle build", "gradle check"]) && !called(["./mvnw", "mvn -", "mvn "]),
    }
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let maven = folder.has("pom.xml");
    let gradle = folder.first(&MARKERS[1..5]);
    let mut build = match (maven, gradle) {
        (true, Some(_)) if uses_gradle(folder) => gradle::build(folder)?,
        (true, _) => maven::build(folder),
        (false, Some(_)) => gradle::build(folder)?,
        (false, None) => scala::build(folder)?,
    };
    if maven && gradle.is_some_and(|it| it.starts_with("build")) {
        let (used, other) = if build.marker == "pom.xml" { ("Maven", "Gradle") } else { ("Gradle", "Maven") };
        build.advice.push(Advice::new(
            format!("two builds at once: {used} and {other}; the pipeline uses {used}"),
            format!("delete the one that is left over, or add a pipeline for {other}"),
        ));
    }
    let test = tests::first(folder);
    let reason = match test {
        Some(test) => format!("{}: a test", folder.path(test)),
        None => "there are no tests yet: at least it compiles".into(),
    };
    let mut advice = build.advice;
    if test.is_none() {
        advice.push(no_tests("it compiles", "a class in src/test/java with a method `@Test`"));
    }
    advice.extend(tests::containers(folder));
    let image = build.versions.last().map(|it| it.image.clone()).unwrap_or_default();
    let program = build.command.split(" -").next().unwrap_or_default();
    let publish = match build.tool {
        "Maven" => Some(with_maven(folder, &image, program)),
        "Gradle" => Some(with_gradle(folder, build.marker, &image, program)),
        _ => None,
    };
    // An application is started somewhere, and nobody expects it in a repository of packages.
    let publish = publish.filter(|it| it.is_ok() || !is_application(folder));
    let component = Component {
        ecosystem: language(folder, build.marker),
        tool: build.tool.into(),
        name: name(folder),
        score: 5 + u32::from(test.is_some()),
        evidence: build.evidence,
        versions: build.versions,
        install: build.install,
        test: vec![Line::new(build.command.clone(), reason)],
        lint: build.lint,
        tested: test.is_some(),
        advice,
        ..Component::default()
    };
    Some(match publish {
        Some(answer) => component.published(answer),
        None => component,
    })
}

/// The name in `pom.xml`, past that of the parent.
fn name(folder: Folder<'_>) -> String {
    let text = folder.text("pom.xml");
    let own = text.as_ref().and_then(|text| {
        let rest = text.split_once("</parent>").map_or(&**text, |it| it.1);
        let rest = if rest.contains("<artifactId>") { rest } else { text };
        Some(rest.split_once("<artifactId>")?.1.split('<').next()?.trim().to_owned())
    });
    own.filter(|it| !it.is_empty() && !it.contains('$')).unwrap_or_else(|| folder.name())
}

fn language(folder: Folder<'_>, marker: &str) -> &'static str {
    if marker == "build.sbt" {
        return "Scala";
    }
    let kotlin = |it: &str| it.ends_with(".kt") && !it.contains("/test/");
    if folder.files().any(kotlin)
        && !folder.files().any(|it| it.ends_with(".java") && it.contains("src/main/"))
    {
        return "Kotlin";
    }
    "Java"
}

fn is_application(folder: Folder<'_>) -> bool {
    let says = |it: &str| {
        let words = [
            "spring-boot-maven-plugin",
            "org.springframework.boot",
            "<packaging>war",
            "com.android.application",
            "quarkus-maven-plugin",
            "id 'application'",
            "id(\"application\")",
            "    application\n",
            "mainClass",
        ];
        words.iter().any(|word| it.contains(word))
    };
    let builds = folder
        .files()
        .filter(|it| matches!(it.rsplit('/').next(), Some("pom.xml" | "build.gradle" | "build.gradle.kts")));
    builds.take(40).filter_map(|it| folder.loosely(it)).any(|it| says(&it))
}

/// What files of its own say about the version.
fn by_file(folder: Folder<'_>) -> Option<(u32, String)> {
    let said: Option<Said> = first_line(folder, ".java-version")
        .or_else(|| after(folder, ".sdkmanrc", "java=", &['-', '\n']))
        .or_else(|| tool_version(folder, "java"));
    said.and_then(|(text, place)| Some((major(&text)?, place)))
}

/// The versions with long support that another service builds with, from the one that is asked for on.
fn elsewhere(folder: Folder<'_>, from: u32) -> Vec<(u32, String)> {
    let all = listed_in(folder, &ELSEWHERE).into_iter();
    let all = all.filter_map(|(text, place)| Some((major(&text)?, place)));
    let mut found: Vec<(u32, String)> = all.filter(|it| it.0 >= from && KNOWN.contains(&it.0)).collect();
    found.sort();
    found.dedup_by_key(|it| it.0);
    found
}

/// The next version with long support, from the one that a place asks for on.
fn supported(asked: u32, place: String) -> (u32, String) {
    match KNOWN.iter().find(|it| **it >= asked) {
        Some(known) if *known == asked => (asked, place),
        Some(known) => (*known, format!("{place} asks for {asked}; this is the next with long support")),
        None => (asked, place),
    }
}

fn java(number: u32, image: impl Into<String>, why: &str) -> Version {
    version("java", &number.to_string(), image, why)
}

/// `1.8`, `17`, `temurin-21.0.2`, `openjdk8` → 8, 17, 21, 8.
fn major(text: &str) -> Option<u32> {
    let digits = text
        .trim_matches(['"', '\'', ' '])
        .trim_start_matches(|it: char| !it.is_ascii_digit())
        .replace('_', ".");
    match numbers(&digits)?.as_slice() {
        [1, minor, ..] => Some(*minor),
        [major, ..] => Some(*major),
        [] => None,
    }
}
