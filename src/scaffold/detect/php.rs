//! PHP: Composer installs into the workspace in its own image, and the tests run in the image of PHP.

use crate::scaffold::detect::kit::{newest, no_tests, version};
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::detect::{Advice, Component, Line, Step};
use crate::scaffold::project::{Fact, Folder, Value, harm};

pub(crate) const MARKERS: &[&str] = &["composer.json"];

const KNOWN: [&str; 9] = ["7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("composer.json")?;
    let mut advice = Vec::new();
    let test = test(folder, &manifest, &mut advice);
    let locked = folder.has("composer.lock");
    let (number, why) = php(folder, &manifest);
    let smoke = || {
        Line::new(
            "find . -name '*.php' -not -path './vendor/*' -print0 | xargs -0 -n1 php -l",
            "there are no tests yet: at least every file is valid",
        )
    };
    if test.is_none() {
        advice.push(no_tests(
            "it installs and every file is valid",
            "tests/FirstTest.php, and `composer require --dev phpunit/phpunit`",
        ));
    }
    if let Some(name) = packaged(&manifest) {
        advice.push(Advice::new(
            format!("if Packagist has `{name}`, a tag is the release: it looks at the tags itself, and no step publishes"),
            "tag a commit only when its build is green",
        ));
    }
    let install = Step {
        name: "install".into(),
        why: "into vendor/, which the next step sees: steps share the folder".into(),
        image: "composer:2.8".into(),
        commands: vec![Line::new(
            "composer install --no-interaction --ignore-platform-reqs",
            "the image has another PHP than the tests, so their demands are checked there",
        )],
        ..Step::default()
    };
    let tools = [
        ("phpstan.neon", "vendor/bin/phpstan analyse"),
        ("phpstan.neon.dist", "vendor/bin/phpstan analyse"),
        ("phpcs.xml", "vendor/bin/phpcs"),
        ("phpcs.xml.dist", "vendor/bin/phpcs"),
    ];
    let lint = tools
        .iter()
        .filter(|it| folder.has(it.0))
        .map(|it| Line::new(it.1, format!("{}: settings", folder.path(it.0))));
    Some(Component {
        ecosystem: "PHP",
        tool: "Composer".into(),
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: if locked { 9 } else { 4 },
        evidence: vec![Fact::new("a package of Composer", folder.path("composer.json"))],
        before: vec![install],
        tested: test.is_some(),
        test: vec![test.unwrap_or_else(smoke)],
        lint: lint.collect(),
        versions: vec![version("php", &number, format!("php:{number}-cli"), &why)],
        advice,
        ..Component::default()
    })
}

fn test(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> Option<Line> {
    let script = manifest.at(&["scripts", "test"]);
    let harmful =
        script.and_then(|it| it.texts().iter().find_map(|it| harm(folder, it.trim_start_matches("@php "))));
    if let Some(reason) = harmful {
        advice.push(Advice::new(
            format!("the script `test` is not called: {reason}"),
            "give what hands out a script of its own, so that `test` only tests",
        ));
    }
    if let Some(settings) = folder.first(&["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"]) {
        let pest = manifest.at(&["require-dev", "pestphp/pest"]).is_some();
        let command = if pest { "vendor/bin/pest" } else { "vendor/bin/phpunit" };
        return Some(Line::new(command, format!("{}: settings of the tests", folder.path(settings))));
    }
    let test = folder.files().find(|it| it.starts_with("tests/") && it.ends_with("Test.php"))?;
    Some(Line::new("vendor/bin/phpunit tests", format!("{}: a test", folder.path(test))))
}

/// The name of a library. Applications are of another type, and nobody installs those by name.
fn packaged(manifest: &Value) -> Option<&str> {
    let kind = manifest.text_at(&["type"]).unwrap_or("library");
    let offered = !matches!(kind, "project" | "metapackage");
    manifest.text_at(&["name"]).filter(|it| offered && it.contains('/'))
}

fn php(folder: Folder<'_>, manifest: &Value) -> (String, String) {
    let image = |it: &str| format!("php:{it}-cli");
    let place = |value: &Value| folder.place("composer.json", value.line);
    if let Some(value) = manifest.at(&["config", "platform", "php"])
        && let Some(number) = value.text().and_then(|it| short(it, 2))
    {
        return (number, place(value));
    }
    let ranged = manifest.at(&["require", "php"]).and_then(|value| {
        let range = value.text()?.replace(" | ", " || ");
        Some((
            newest(&range, &KNOWN, Tilde::DropsLast, image)?,
            format!("the newest that fits `{range}` in {}", place(value)),
        ))
    });
    ranged.unwrap_or_else(|| ("8.4".into(), "no file names a version: a recent one".into()))
}
