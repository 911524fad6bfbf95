//! PHP: Composer installs into the workspace in its own image, and the tests run in the image of PHP.

mod extensions;

use crate::scaffold::detect::elsewhere::Keys;
use crate::scaffold::detect::kit::{Said, no_tests, version};
use crate::scaffold::detect::php::extensions::extensions;
use crate::scaffold::detect::promise::Language;
use crate::scaffold::detect::version::{Tilde, maintained, short};
use crate::scaffold::detect::{Advice, Component, Line, Step, Version};
use crate::scaffold::project::{Fact, Folder, Value, harm};

pub(crate) const MARKERS: &[&str] = &["composer.json"];

const PHP: Language = Language {
    known: &["7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"],
    image: "php",
    tilde: Tilde::DropsLast,
    parts: 2,
    support: "",
    keys: Keys { words: &["php-version", "php-versions", "php_version", "php"], travis: "php" },
};

/// The settings of the tests.
const SETTINGS: [&str; 3] = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"];

/// Tools that look at the sources: the package that brings each, its settings, and how it is called.
const TOOLS: [(&[&str], &[&str], &str); 6] = [
    (
        &["phpstan/phpstan", "larastan/larastan", "nunomaduro/larastan"],
        &["phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"],
        "vendor/bin/phpstan analyse --memory-limit=1G",
    ),
    (
        &["squizlabs/php_codesniffer", "doctrine/coding-standard", "slevomat/coding-standard"],
        &["phpcs.xml", "phpcs.xml.dist", ".phpcs.xml", ".phpcs.xml.dist"],
        "vendor/bin/phpcs",
    ),
    (&["vimeo/psalm"], &["psalm.xml", "psalm.xml.dist"], "vendor/bin/psalm --no-progress"),
    (
        &["friendsofphp/php-cs-fixer"],
        &[".php-cs-fixer.php", ".php-cs-fixer.dist.php"],
        "vendor/bin/php-cs-fixer fix --dry-run --diff",
    ),
    (&["symplify/easy-coding-standard"], &["ecs.php"], "vendor/bin/ecs check"),
    (&["laravel/pint"], &["pint.json", "artisan"], "vendor/bin/pint --test"),
];

/// A package takes care of the packages inside it that it stands for.
pub(crate) fn includes(folder: Folder<'_>) -> bool {
    let Some(manifest) = folder.value("composer.json") else { return false };
    let own = manifest
        .at(&["replace"])
        .is_some_and(|it| it.entries().iter().any(|it| it.1.text() == Some("self.version")));
    own && folder.first(&SETTINGS).is_some()
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("composer.json")?;
    let mut advice = Vec::new();
    let test = test(folder, &manifest, &mut advice);
    let tested = !test.is_empty();
    if !tested && is_material(folder) {
        return None;
    }
    let smoke = || {
        Line::new(
            "find . -name '*.php' -not -path './vendor/*' -print0 | xargs -0 -n1 php -l",
            "there are no tests yet: at least every file is valid",
        )
    };
    if !tested && advice.is_empty() {
        advice.push(no_tests(
            "it installs and every file is valid",
            "tests/FirstTest.php, and `composer require --dev phpunit/phpunit`",
        ));
    }
    let library = packaged(&manifest);
    if let Some(name) = library {
        advice.push(Advice::new(
            format!("if Packagist has `{name}`, a tag is the release: it looks at the tags itself, and no step publishes"),
            "tag a commit only when its build is green",
        ));
    }
    let locked = folder.has("composer.lock");
    let mut evidence = vec![Fact::new("a package of Composer", folder.path("composer.json"))];
    evidence.extend(locked.then(|| Fact::new("the lock file of Composer", folder.path("composer.lock"))));
    let versions = php(folder, &manifest, library.is_some());
    Some(Component {
        ecosystem: "PHP",
        tool: "Composer".into(),
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: if locked { 9 } else { 4 },
        evidence,
        before: vec![install(folder, &manifest)],
        install: if tested { extensions(folder, &manifest, &mut advice) } else { Vec::new() },
        tested,
        test: if tested {
            laravel(folder, &manifest).into_iter().chain(test).collect()
        } else {
            vec![smoke()]
        },
        lint: lint(folder, &manifest),
        versions,
        advice,
        ..Component::default()
    })
}

/// Tools that are kept apart, and parts without tests, inside a package.
fn is_material(folder: Folder<'_>) -> bool {
    !folder.root.is_empty() && folder.survey.has("composer.json")
}

/// True when this package is asked for.
fn asks(manifest: &Value, names: &[&str]) -> bool {
    ["require", "require-dev"].iter().any(|it| names.iter().any(|name| manifest.at(&[it, name]).is_some()))
}

/// Composer, in its own image, for the PHP of the tests.
fn install(folder: Folder<'_>, manifest: &Value) -> Step {
    let mut commands = Vec::new();
    if manifest.at(&["config", "platform", "php"]).is_none() {
        commands.push(Line::new(
            "composer config --global platform.php {version}.99",
            "this image has another PHP than the tests: the packages are chosen for theirs",
        ));
    }
    commands.push(Line::new(
        "composer install --no-interaction --ignore-platform-req='ext-*'",
        "the extensions are in the image of the tests",
    ));
    if bridged(folder, manifest) == Some("vendor/bin/simple-phpunit") {
        commands.push(Line::new("vendor/bin/simple-phpunit install", "it fetches PHPUnit with Composer"));
    }
    Step {
        name: "install".into(),
        why: "into vendor/, which the next step sees: steps share the folder".into(),
        image: "composer:2.8".into(),
        commands,
        ..Step::default()
    }
}

/// What comes before the tests of an application of Laravel.
fn laravel(folder: Folder<'_>, manifest: &Value) -> Vec<Line> {
    let own = folder.has("artisan") && asks(manifest, &["laravel/framework"]);
    if !own || folder.has(".env.testing") || folder.has(".env") || !folder.has(".env.example") {
        return Vec::new();
    }
    vec![
        Line::new(
            "cp .env.example .env",
            format!("{}: the settings that are in no repository", folder.path(".env.example")),
        ),
        Line::plain("php artisan key:generate"),
    ]
}

fn lint(folder: Folder<'_>, manifest: &Value) -> Vec<Line> {
    let there = TOOLS.iter().filter(|it| asks(manifest, it.0));
    let lines = there.filter_map(|it| Some((folder.first(it.1)?, it.2)));
    let why = |file: &str| match file {
        "artisan" => "it is among the packages".to_owned(),
        _ => format!("{}: settings", folder.path(file)),
    };
    lines.map(|(file, command)| Line::new(command, why(file))).collect()
}

/// The program of Symfony that fetches `PHPUnit`, where nothing else brings it.
fn bridged(folder: Folder<'_>, manifest: &Value) -> Option<&'static str> {
    if asks(manifest, &["phpunit/phpunit", "pestphp/pest"]) {
        return None;
    }
    if folder.has("bin/phpunit") {
        return Some("php bin/phpunit");
    }
    if folder.has("phpunit") {
        return Some("php ./phpunit");
    }
    asks(manifest, &["symfony/phpunit-bridge"]).then_some("vendor/bin/simple-phpunit")
}

fn test(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> Vec<Line> {
    let runners = [
        (
            "codeception/codeception",
            ["codeception.yml", "codeception.dist.yml"],
            "vendor/bin/codecept run unit",
        ),
        ("phpspec/phpspec", ["phpspec.yml", "phpspec.yml.dist"], "vendor/bin/phpspec run"),
    ];
    let file = folder.files().find(|it| {
        let inside = ["tests/", "test/", "Tests/"].iter().any(|start| it.starts_with(start));
        inside && (it.ends_with("Test.php") || it.ends_with(".phpt"))
    });
    let settings = folder.first(&SETTINGS);
    let why = match (settings, file) {
        (Some(settings), _) => Some(format!("{}: settings of the tests", folder.path(settings))),
        (None, Some(file)) => Some(format!("{}: a test", folder.path(file))),
        (None, None) => None,
    };
    let mut found = Vec::new();
    if let Some(why) = why {
        let program = if asks(manifest, &["pestphp/pest"]) {
            Some("vendor/bin/pest")
        } else {
            bridged(folder, manifest)
                .or_else(|| brings_phpunit(folder, manifest).then_some("vendor/bin/phpunit"))
        };
        if let Some(program) = program {
            let place = if settings.is_some() { None } else { file.and_then(|it| it.split('/').next()) };
            let place = place.map_or(String::new(), |it| format!(" {it}"));
            found.push(Line::new(format!("{program}{place}"), why));
        }
    }
    for (package, names, command) in runners {
        if let Some(name) = folder.first(&names).filter(|_| asks(manifest, &[package])) {
            found.push(Line::new(command, format!("{}: settings of the tests", folder.path(name))));
        }
    }
    if found.is_empty() {
        found = by_script(folder, manifest, advice);
    }
    if found.is_empty() && (settings.is_some() || file.is_some()) && advice.is_empty() {
        advice.push(Advice::new(
            "there are tests, and composer.json does not ask for PHPUnit: they are not run",
            "composer require --dev phpunit/phpunit, and call init again",
        ));
    }
    found
}

/// True when `PHPUnit` is among the packages: by name, or by one that is known to bring it.
fn brings_phpunit(folder: Folder<'_>, manifest: &Value) -> bool {
    const BRING: [&str; 5] = [
        "phpunit/phpunit",
        "orchestra/testbench",
        "brianium/paratest",
        "yoast/phpunit-polyfills",
        "drupal/core-dev",
    ];
    let locked = || folder.has("composer.lock") && asks(manifest, &["codeception/codeception"]);
    asks(manifest, &BRING) || locked()
}

/// The script `test`, as far as it only calls programs of packages.
fn by_script(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> Vec<Line> {
    let Some(script) = manifest.at(&["scripts", "test"]) else { return Vec::new() };
    let place = folder.place("composer.json", script.line);
    let harmful = script.texts().iter().find_map(|it| harm(folder, it.trim_start_matches("@php ")));
    if let Some(reason) = harmful {
        advice.push(Advice::new(
            format!("the script `test` is not called: {reason}"),
            "give what hands out a script of its own, so that `test` only tests",
        ));
        return Vec::new();
    }
    let command = |it: &str| {
        let plain = it.strip_prefix("@php ").map_or_else(|| it.to_owned(), |it| format!("php {it}"));
        let known =
            ["phpunit", "pest", "phpspec", "tester", "atoum", "kahlan", "behat", "codecept", "paratest"];
        let first = plain.split(' ').next().unwrap_or_default();
        if known.contains(&first) {
            return Some(format!("vendor/bin/{plain}"));
        }
        (first.contains('/') || first == "php").then_some(plain)
    };
    let all: Option<Vec<String>> = script.texts().into_iter().map(command).collect();
    let line = |it: String| Line::new(it, format!("{place}: the script `test`"));
    all.unwrap_or_default().into_iter().map(line).collect()
}

/// The name of a library. Applications are of another type, and nobody installs those by name.
fn packaged(manifest: &Value) -> Option<&str> {
    let kind = manifest.text_at(&["type"]).unwrap_or("library");
    let offered = !matches!(kind, "project" | "metapackage");
    manifest.text_at(&["name"]).filter(|it| offered && it.contains('/'))
}

fn php(folder: Folder<'_>, manifest: &Value, library: bool) -> Vec<Version> {
    let one = |(number, why): Said| version("php", &number, format!("php:{number}-cli"), &why);
    numbers(folder, manifest, library).into_iter().map(one).collect()
}

fn numbers(folder: Folder<'_>, manifest: &Value, library: bool) -> Vec<Said> {
    let place = |value: &Value| folder.place("composer.json", value.line);
    let range = manifest.at(&["require", "php"]).and_then(|it| Some((range(it.text()?), place(it))));
    let range = range.map(|(text, place)| {
        if is_old(manifest) {
            (below_eight(&text), format!("{place}; this PHPUnit does not run on PHP 8"))
        } else {
            (text, place)
        }
    });
    // The parts of a package are tested on what the whole is.
    let whole = if is_material(folder) { folder.survey.folder("") } else { folder };
    let tested = PHP.elsewhere(whole, range.as_ref());
    let both = library && folder.root.is_empty() && !folder.has("composer.lock");
    if both && !tested.is_empty() {
        return tested;
    }
    let platform = manifest.at(&["config", "platform", "php"]);
    let platform = platform.and_then(|it| Some((it, short(it.text()?, 2)?)));
    // What is only the least that is promised is no reason for an image that nobody mends.
    let kept = platform.filter(|it| tested.is_empty() || maintained(&format!("php:{}", it.1)));
    if let Some((value, number)) = kept {
        return vec![(number, place(value))];
    }
    if let Some(newest) = tested.last() {
        return vec![newest.clone()];
    }
    let ends = range.map_or_else(Vec::new, |it| PHP.ends(&it, both));
    if ends.is_empty() {
        return vec![("8.4".into(), "no file names a version: a recent one".into())];
    }
    ends
}

/// True when the tests are for a `PHPUnit` that PHP 8 cannot run: the newest that is allowed is older than 8.
fn is_old(manifest: &Value) -> bool {
    let asked = ["require-dev", "require"].iter().find_map(|it| manifest.text_at(&[it, "phpunit/phpunit"]));
    let Some(asked) = asked.filter(|it| !it.contains(['>', '*', '@'])) else { return false };
    let majors = asked
        .split(['|', ',', ' '])
        .filter_map(|it| short(it.trim_start_matches(['^', '~', '=', 'v']), 1)?.parse::<u32>().ok());
    majors.max().is_some_and(|it| it < 8)
}

fn below_eight(range: &str) -> String {
    range.split(" || ").map(|it| format!("{it} <8")).collect::<Vec<_>>().join(" || ")
}

/// `^7.4|^8.0` → `^7.4 || ^8.0`.
fn range(text: &str) -> String {
    text.replace("||", "|").split('|').map(str::trim).collect::<Vec<_>>().join(" || ")
}
