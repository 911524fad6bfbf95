//! A build of Gradle: its wrapper, the Java that both it and the sources take, and the SDK of Android.

use crate::scaffold::detect::java::{Build, KNOWN, MARKERS, USUAL, by_file, elsewhere, java, major};
use crate::scaffold::detect::kit::after;
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Advice, Version};
use crate::scaffold::project::{Fact, Folder};

const WRAPPER: &str = "gradle/wrapper/gradle-wrapper.properties";
/// The Gradle to take when nobody says anything.
const GRADLE: &str = "8.14";
/// From which Gradle on a Java can run it.
const RUNS: [(u32, [u32; 2]); 5] = [(8, [0, 0]), (11, [5, 0]), (17, [7, 3]), (21, [8, 5]), (25, [9, 1])];
/// The SDKs of Android that there are images for.
const SDKS: [u32; 2] = [30, 35];

pub(super) fn build(folder: Folder<'_>) -> Option<Build> {
    let marker = MARKERS[1..5].iter().find(|it| folder.has(it))?;
    let mut advice = Vec::new();
    let mut evidence = vec![Fact::new("a build of Gradle", folder.path(marker))];
    let own = after(folder, WRAPPER, "gradle-", &['-']).map(|it| it.0);
    let own = own.filter(|it| numbers(it).is_some());
    let missing = own.is_some() && !folder.has("gradle/wrapper/gradle-wrapper.jar");
    let wrapper = folder.has("gradlew") && !missing;
    if wrapper {
        evidence.push(Fact::new("the wrapper, which fetches its own version", folder.path("gradlew")));
    } else if missing {
        advice.push(Advice::new(
            format!(
                "the wrapper cannot start: {} is not in the repository",
                folder.path("gradle/wrapper/gradle-wrapper.jar")
            ),
            "git add --force gradle/wrapper/gradle-wrapper.jar, and call init again",
        ));
    } else {
        advice.push(Advice::new(
            "there is no wrapper, so the pipeline chooses the version of Gradle",
            "gradle wrapper, and commit what it makes",
        ));
    }
    let gradle = own.as_deref().and_then(short).unwrap_or_else(|| GRADLE.to_owned());
    let said = own.as_deref().and_then(numbers).unwrap_or_default();
    let (number, why) = number(folder, marker, &said);
    let program = if wrapper { "sh ./gradlew" } else { "gradle" };
    let version = android(folder).unwrap_or_else(|| {
        let image = if wrapper {
            format!("eclipse-temurin:{number}")
        } else {
            format!("gradle:{gradle}-jdk{number}")
        };
        java(number, image, &why)
    });
    Some(Build {
        tool: "Gradle",
        marker,
        evidence,
        versions: vec![version],
        install: Vec::new(),
        command: format!("{program} --no-daemon check"),
        lint: Vec::new(),
        advice,
    })
}

/// `8.14.2` → `8.14`.
fn short(text: &str) -> Option<String> {
    let numbers = numbers(text)?;
    let words: Vec<String> = numbers.iter().take(2).map(u32::to_string).collect();
    (words.len() == 2).then(|| words.join("."))
}

/// The version of Java: the toolchain's, else one that the sources and this Gradle both take.
fn number(folder: Folder<'_>, marker: &str, gradle: &[u32]) -> (u32, String) {
    let tools = ["JavaLanguageVersion.of(", "jvmToolchain("];
    if let Some((number, place)) = said(folder, marker, &tools) {
        // Gradle 9 itself runs on 17 and later, and finds another one for the sources.
        let least = if gradle.first().is_some_and(|it| *it > 8) { number.max(17) } else { number };
        return match KNOWN.iter().find(|it| **it >= least) {
            Some(known) if *known != number && least != number => {
                (*known, format!("{place} asks for {number}, and this Gradle runs on 17 and later"))
            }
            Some(known) if *known != number => {
                (*known, format!("{place} asks for {number}; this is the next with long support"))
            }
            _ => (number, place),
        };
    }
    let levels = [
        "options.release = ",
        "options.release.set(",
        "JavaVersion.VERSION_",
        "sourceCompatibility = ",
        "sourceCompatibility=",
        "sourceCompatibility ",
        "JvmTarget.JVM_",
        "jvmTarget = ",
    ];
    let level = said(folder, marker, &levels);
    let from = level.as_ref().map_or(0, |it| it.0);
    let runs = |it: u32| {
        let known = RUNS.iter().find(|row| row.0 == it);
        let newest = gradle.is_empty() || known.is_some_and(|row| gradle >= row.1.as_slice());
        newest && (gradle.first().is_none_or(|major| *major < 9) || it >= 17)
    };
    if let Some(file) = by_file(folder) {
        return file;
    }
    if let Some(newest) = elsewhere(folder, from).into_iter().rev().find(|it| runs(it.0)) {
        return newest;
    }
    let runs_it = if gradle.is_empty() { "" } else { " that runs this Gradle" };
    let fits = |it: &&u32| **it >= from && runs(**it);
    match level {
        Some((asked, place)) => match KNOWN.iter().find(fits) {
            Some(known) if *known == asked => (asked, place),
            Some(known) => {
                (*known, format!("{place} asks for {asked}; this is the next with long support{runs_it}"))
            }
            None => (asked, place),
        },
        None => match KNOWN.iter().rev().filter(|it| **it <= USUAL).find(fits) {
            Some(known) if !gradle.is_empty() => (
                *known,
                format!("the newest with long support that runs the Gradle in {}", folder.path(WRAPPER)),
            ),
            _ => (USUAL, "no file names a version: one with long support".into()),
        },
    }
}

/// What the builds say behind one of these words: the one of this folder first.
fn said(folder: Folder<'_>, marker: &str, words: &[&str]) -> Option<(u32, String)> {
    let others =
        || folder.files().filter(|it| it.ends_with(".gradle") || it.ends_with(".gradle.kts")).take(80);
    words.iter().find_map(|word| {
        std::iter::once(marker).chain(others()).find_map(|file| {
            let (text, place) = after(folder, file, word, &[')', '\n', ';', '}'])?;
            Some((major(&text).filter(|it| (5..40).contains(it))?, place))
        })
    })
}

/// The image with the SDK, for what is built for Android.
fn android(folder: Folder<'_>) -> Option<Version> {
    let builds = || folder.files().filter(|it| it.ends_with(".gradle") || it.ends_with(".gradle.kts"));
    let words = [
        "com.android.application",
        "com.android.library",
        "libs.plugins.android.",
        "com.android.tools.build:gradle",
    ];
    let own = builds()
        .find(|it| folder.loosely(it).is_some_and(|it| words.iter().any(|word| it.contains(word))))?;
    let level =
        ["compileSdkVersion = ", "compileSdkVersion(", "compileSdkVersion ", "compileSdk = ", "compileSdk "];
    let said = level.iter().find_map(|word| {
        builds().find_map(|file| {
            let (text, place) = after(folder, file, word, &[')', '\n', ';', '}'])?;
            Some((major(&text).filter(|it| (20..60).contains(it))?, place))
        })
    });
    let [oldest, newest] = SDKS;
    let (sdk, place) = said.unwrap_or_else(|| (newest, folder.path(own)));
    let taken = sdk.clamp(oldest, newest);
    let why = format!("android {taken}: {place}; the image has the SDK and Java");
    Some(Version {
        number: taken.to_string(),
        image: format!("ghcr.io/cirruslabs/android-sdk:{taken}"),
        why,
        test: None,
    })
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn an_image_of_gradle_has_two_numbers() {
        assert_eq!(short("8.14.2").as_deref(), Some("8.14"));
        assert_eq!(short("9"), None);
    }
}
