//! Java and its like: Maven and Gradle, with their wrappers.

use crate::scaffold::detect::kit::{Said, after, first_line, no_tests, tool_version, version};
use crate::scaffold::detect::publish::{with_gradle, with_maven};
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] = &["pom.xml", "build.gradle", "build.gradle.kts"];

/// Versions with long support.
const KNOWN: [u32; 5] = [8, 11, 17, 21, 25];

pub(crate) fn includes(_: Folder<'_>) -> bool {
    true
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let marker = folder.first(MARKERS)?;
    let maven = marker == "pom.xml";
    let (number, why) = java(folder, marker, maven);
    let wrapper = folder.first(if maven { &["mvnw"] } else { &["gradlew"] });
    let (image, command) = match (maven, wrapper.is_some()) {
        (true, true) => (format!("eclipse-temurin:{number}"), "sh ./mvnw -B verify"),
        (true, false) => (format!("maven:3.9-eclipse-temurin-{number}"), "mvn -B verify"),
        (false, true) => (format!("eclipse-temurin:{number}"), "sh ./gradlew --no-daemon check"),
        (false, false) => (format!("gradle:8.14-jdk{number}"), "gradle --no-daemon check"),
    };
    let test = folder.files().find(|it| it.contains("src/test/"));
    let reason = match test {
        Some(test) => format!("{}: a test", folder.path(test)),
        None => "there are no tests yet: at least it compiles".into(),
    };
    let mut advice: Vec<Advice> = Vec::new();
    if test.is_none() {
        advice.push(no_tests("it compiles", "a class in src/test/java with a method `@Test`"));
    }
    if wrapper.is_none() && !maven {
        advice.push(Advice::new(
            "there is no wrapper, so the pipeline chooses the version of Gradle",
            "gradle wrapper, and commit what it makes",
        ));
    }
    let mut evidence =
        vec![Fact::new(if maven { "a project of Maven" } else { "a build of Gradle" }, folder.path(marker))];
    evidence
        .extend(wrapper.map(|it| Fact::new("the wrapper, which fetches its own version", folder.path(it))));
    let program = command.split(" -").next().unwrap_or_default();
    let publish = if maven {
        with_maven(folder, &image, program)
    } else {
        with_gradle(folder, marker, &image, program)
    };
    let component = Component {
        ecosystem: "Java",
        tool: if maven { "Maven" } else { "Gradle" }.into(),
        name: after(folder, "pom.xml", "<artifactId>", &['<']).map_or_else(|| folder.name(), |it| it.0),
        score: 5 + u32::from(test.is_some()),
        evidence,
        versions: vec![version("java", &number, image, &why)],
        test: vec![Line::new(command, reason)],
        tested: test.is_some(),
        advice,
        ..Component::default()
    };
    Some(component.published(publish))
}

fn java(folder: Folder<'_>, marker: &str, maven: bool) -> (String, String) {
    let of_maven = || {
        let tags = ["<maven.compiler.release>", "<release>", "<java.version>", "<maven.compiler.source>"];
        tags.iter().find_map(|it| after(folder, marker, it, &['<']))
    };
    let of_gradle = || {
        let words =
            ["JavaLanguageVersion.of(", "jvmToolchain(", "JavaVersion.VERSION_", "sourceCompatibility = "];
        words.iter().find_map(|it| after(folder, marker, it, &[')', '\n', ';']))
    };
    let by_build = if maven { of_maven() } else { of_gradle() };
    let sdkman = || after(folder, ".sdkmanrc", "java=", &['-', '\n']);
    let said: Option<Said> = by_build
        .or_else(|| first_line(folder, ".java-version"))
        .or_else(sdkman)
        .or_else(|| tool_version(folder, "java"));
    let asked = said.and_then(|(text, place)| Some((major(&text)?, place)));
    match asked {
        Some((asked, place)) => match KNOWN.iter().find(|it| **it >= asked) {
            Some(known) if *known == asked => (known.to_string(), place),
            Some(known) => {
                (known.to_string(), format!("{place} asks for {asked}; this is the next with long support"))
            }
            None => (asked.to_string(), place),
        },
        None => ("21".into(), "no file names a version: one with long support".into()),
    }
}

/// `1.8`, `17`, `temurin-21.0.2` → 8, 17, 21.
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
