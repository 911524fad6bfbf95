//! Deno: its own tools, and its task `test` when that is harmless.

use crate::scaffold::detect::kit::{first_line, no_tests, version};
use crate::scaffold::detect::publish::to_jsr;
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Component, Line};
use crate::scaffold::project::{Fact, Folder, harm};

pub(crate) const MARKERS: &[&str] = &["deno.json", "deno.jsonc"];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let name = folder.first(MARKERS)?;
    let manifest = folder.value(name)?;
    let task =
        manifest.at(&["tasks", "test"]).filter(|it| it.text().is_some_and(|it| harm(folder, it).is_none()));
    let test = folder
        .files()
        .find(|it| ["_test.ts", ".test.ts", "_test.js", ".test.js"].iter().any(|end| it.ends_with(end)));
    let line = match (task, test) {
        (Some(task), _) => Line::new(
            "deno task test",
            format!("{}: the task `test`, read and found harmless", folder.place(name, task.line)),
        ),
        (None, Some(test)) => Line::new("deno test --allow-all", format!("{}: a test", folder.path(test))),
        (None, None) => Line::new("deno check .", "there are no tests yet: at least the types fit"),
    };
    let tested = task.is_some() || test.is_some();
    let advice = if tested {
        Vec::new()
    } else {
        vec![no_tests("its types fit", "main_test.ts with `Deno.test(\"first\", () => { … })`")]
    };
    let said = first_line(folder, ".dvmrc").filter(|it| numbers(it.0.trim_start_matches('v')).is_some());
    let (number, why) = said.map_or_else(
        || ("2.1.4".to_owned(), "no file names a version: a recent one".to_owned()),
        |(text, place)| (text.trim_start_matches('v').to_owned(), place),
    );
    let image = format!("denoland/deno:{number}");
    let publish = to_jsr(folder, name, &manifest, &image);
    let mut lint = vec![Line::plain("deno fmt --check"), Line::plain("deno lint")];
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
    Some(component.published(publish))
}
