//! Deno: its own tools, and its task `test` when that is harmless.

use crate::scaffold::detect::kit::{first_line, no_tests, version};
use crate::scaffold::detect::publish::to_jsr;
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Component, Line, elsewhere};
use crate::scaffold::project::{Fact, Folder, harm};

pub(crate) const MARKERS: &[&str] = &["deno.json", "deno.jsonc"];

const ENDS: [&str; 8] =
    ["_test.ts", ".test.ts", "_test.tsx", ".test.tsx", "_test.js", ".test.js", "_test.mjs", ".test.mjs"];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let name = folder.first(MARKERS)?;
    let manifest = folder.value(name)?;
    let publishable = manifest.at(&["exports"]).is_some() && manifest.at(&["name"]).is_some();
    // Beside a package of Node.js these are only settings for what is published to JSR, or nothing of its own.
    let package =
        folder.has("package.json") || (!folder.root.is_empty() && folder.survey.has("package.json"));
    let beside = package && manifest.at(&["tasks"]).is_none() && !folder.has("deno.lock");
    if beside && !publishable {
        return None;
    }
    let harmless = |name: &str| {
        manifest.at(&["tasks", name]).filter(|it| it.text().is_some_and(|it| harm(folder, it).is_none()))
    };
    let task = harmless("test");
    let test = folder.files().find(|it| ENDS.iter().any(|end| it.ends_with(end))).filter(|_| !beside);
    let check = ["check", "ci", "ok"].into_iter().find_map(|it| Some((it, harmless(it)?)));
    let line = match (task, test, check) {
        (Some(task), ..) => Line::new(
            "deno task test",
            format!("{}: the task `test`, read and found harmless", folder.place(name, task.line)),
        ),
        (None, Some(test), _) => Line::new("deno test --allow-all", format!("{}: a test", folder.path(test))),
        (None, None, Some((task, value))) => Line::new(
            format!("deno task {task}"),
            format!("there are no tests yet: at least {} passes", folder.place(name, value.line)),
        ),
        (None, None, None) if beside => Line::new(
            "deno check .",
            "its tests are those of the package beside it: here the types are checked",
        ),
        (None, None, None) => Line::new("deno check .", "there are no tests yet: at least the types fit"),
    };
    // What a task does already is not done twice.
    let called = line.command.strip_prefix("deno task ").and_then(|it| manifest.text_at(&["tasks", it]));
    let called = called.unwrap_or_default().to_owned();
    let tested = task.is_some() || test.is_some();
    let advice = if tested || beside {
        Vec::new()
    } else {
        vec![no_tests("its types fit", "main_test.ts with `Deno.test(\"first\", () => { … })`")]
    };
    let said = first_line(folder, ".dvmrc").filter(|it| numbers(it.0.trim_start_matches('v')).is_some());
    let said = said.or_else(|| elsewhere::whole(folder, &["deno-version", "deno"]));
    let (number, why) = said.map_or_else(
        || ("2.1.4".to_owned(), "no file names a version: a recent one".to_owned()),
        |(text, place)| (text.trim_start_matches('v').to_owned(), place),
    );
    let image = format!("denoland/deno:{number}");
    let publish = to_jsr(folder, name, &manifest, &image);
    if beside && publish.is_err() {
        return None;
    }
    let mut lint: Vec<Line> = Vec::new();
    if !beside {
        let looks = ["deno fmt --check", "deno lint"].into_iter().filter(|it| !called.contains(it));
        lint.extend(looks.map(Line::plain));
    }
    if publish.is_ok() {
        let why = "sends nothing: what JSR would refuse is told now, and not at the release";
        lint.push(Line::new("deno publish --dry-run --allow-dirty", why));
    }
    let component = Component {
        ecosystem: "Deno",
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: 5,
        evidence: vec![Fact::new("settings of Deno", folder.path(name))],
        install: vec![Line::plain(if folder.has("deno.lock") {
            "deno install --frozen"
        } else {
            "deno install"
        })],
        test: vec![line],
        lint,
        tested,
        versions: vec![version("deno", &number, image, &why)],
        advice,
        ..Component::default()
    };
    if publish.is_err() && !publishable {
        return Some(component);
    }
    Some(component.published(publish))
}
