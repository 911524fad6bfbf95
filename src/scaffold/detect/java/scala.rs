//! A build of sbt, which is fetched in the version that the project names.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::java::{Build, by_file, elsewhere, java};
use crate::scaffold::detect::kit::after;
use crate::scaffold::project::{Fact, Folder};

/// The sbt to take when nobody says anything.
const SBT: &str = "1.10.7";
/// The Java that every sbt and Scala of today takes.
const JAVA: u32 = 17;
const PROPERTIES: &str = "project/build.properties";

pub(super) fn build(folder: Folder<'_>) -> Option<Build> {
    let text = folder.loosely("build.sbt")?;
    let said = after(folder, PROPERTIES, "sbt.version", &['\n'])
        .map(|it| (it.0.trim_start_matches(['=', ' ']).to_owned(), it.1));
    let plain = |it: &str| {
        it.starts_with('1') && it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '.' | '-'))
    };
    let (sbt, place) =
        said.filter(|it| plain(&it.0)).unwrap_or_else(|| (SBT.into(), "no file names a version".into()));
    let own = folder.has("sbt");
    let mut install = Vec::new();
    if !own {
        install.push(Line::plain("apt-get update && apt-get install -y curl"));
        install.push(Line::new(
            format!("curl -fsSL https://github.com/sbt/sbt/releases/download/v{sbt}/sbt-{sbt}.tgz | tar -xz -C /opt"),
            format!("sbt {sbt}: {place}"),
        ));
    }
    let program = if own { "sh ./sbt" } else { "/opt/sbt/bin/sbt" };
    let cross = text.contains("crossScalaVersions");
    let (number, why) = by_file(folder)
        .or_else(|| elsewhere(folder, 0).pop())
        .unwrap_or_else(|| (JAVA, "no file names a version: one that sbt and Scala take".into()));
    let formats = folder.has(".scalafmt.conf")
        && folder
            .text("project/plugins.sbt")
            .is_some_and(|it| it.contains("sbt-scalafmt") || it.contains("sbt-typelevel"));
    let lint = formats.then(|| {
        Line::new(
            format!("{program} scalafmtCheckAll"),
            format!("{}: settings", folder.path(".scalafmt.conf")),
        )
    });
    Some(Build {
        tool: "sbt",
        marker: "build.sbt",
        evidence: vec![Fact::new("a build of sbt", folder.path("build.sbt"))],
        versions: vec![java(number, format!("eclipse-temurin:{number}"), &why)],
        install,
        command: format!("{program} {}", if cross { "+test" } else { "test" }),
        lint: lint.into_iter().collect(),
        advice: Vec::new(),
    })
}
