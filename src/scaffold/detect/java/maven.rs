//! A project of Maven: its version of Java, and how it is verified.

use crate::scaffold::detect::Version;
use crate::scaffold::detect::java::{Build, USUAL, by_file, elsewhere, java, major, supported};
use crate::scaffold::project::{Fact, Folder};

pub(super) fn build(folder: Folder<'_>) -> Build {
    let wrapper = folder.has("mvnw").then_some("mvnw");
    let mut evidence = vec![Fact::new("a project of Maven", folder.path("pom.xml"))];
    evidence
        .extend(wrapper.map(|it| Fact::new("the wrapper, which fetches its own version", folder.path(it))));
    let image = |it: u32| match wrapper {
        Some(_) => format!("eclipse-temurin:{it}"),
        None => format!("maven:3.9-eclipse-temurin-{it}"),
    };
    let one = |(number, why): (u32, String)| java(number, image(number), &why);
    let versions: Vec<Version> = numbers(folder).into_iter().map(one).collect();
    let command = if wrapper.is_some() { "sh ./mvnw -B verify" } else { "mvn -B verify" };
    Build {
        tool: "Maven",
        marker: "pom.xml",
        evidence,
        versions,
        install: Vec::new(),
        command: command.into(),
        lint: Vec::new(),
        advice: Vec::new(),
    }
}

/// The versions, oldest first. What is compiled for an old Java is often built with a newer one: both ends of what another
/// service builds with are taken before the level in `pom.xml`.
fn numbers(folder: Folder<'_>) -> Vec<(u32, String)> {
    let level = level(folder);
    let from = level.as_ref().map_or(0, |it| it.number);
    let mut built = elsewhere(folder, from);
    if built.len() > 2 {
        built.drain(1..built.len() - 1);
    }
    if built.len() == 2 {
        return built;
    }
    if let Some((number, place)) = by_file(folder) {
        return vec![supported(number, place)];
    }
    if let Some(one) = built.pop() {
        return vec![one];
    }
    match level {
        // The compiler of Java 8 does not know the option.
        Some(Level { number: ..=8, place, release: true }) => {
            vec![(11, format!("{place} asks for 8 by `release`, which the compiler knows from 9 on"))]
        }
        Some(level) => vec![supported(level.number, level.place)],
        None => vec![(USUAL, "no file names a version: one with long support".into())],
    }
}

/// What the sources are written in.
struct Level {
    number: u32,
    place: String,
    release: bool,
}

fn level(folder: Folder<'_>) -> Option<Level> {
    let modules = folder.files().filter(|it| it.ends_with("/pom.xml") && it.matches('/').count() < 3);
    std::iter::once("pom.xml").chain(modules.take(20)).find_map(|it| of_pom(folder, it))
}

fn of_pom(folder: Folder<'_>, name: &str) -> Option<Level> {
    let text = folder.loosely(name)?;
    let tags = [
        ("<maven.compiler.release>", true),
        ("<release>", true),
        ("<java.version>", false),
        ("<maven.compiler.source>", false),
        ("<source>", false),
        ("<maven.compiler.target>", false),
        ("<target>", false),
    ];
    let lines = || text.lines().enumerate().filter(|it| !it.1.trim_start().starts_with("<!--"));
    tags.iter().find_map(|(tag, release)| {
        lines().find_map(|(number, line)| {
            let value = line.split_once(tag)?.1.split('<').next()?.trim();
            let value = resolved(&text, value)?;
            let place = folder.place(name, number + 1);
            Some(Level { number: major(&value).filter(|it| (5..40).contains(it))?, place, release: *release })
        })
    })
}

/// `${java.level}` → what the file says for it.
fn resolved(text: &str, value: &str) -> Option<String> {
    let Some(name) = value.strip_prefix("${").and_then(|it| it.strip_suffix('}')) else {
        return Some(value.to_owned());
    };
    let inside = text.split_once(&format!("<{name}>"))?.1.split('<').next()?.trim();
    (!inside.starts_with('$')).then(|| inside.to_owned())
}
