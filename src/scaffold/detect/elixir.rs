//! Elixir: mix, with the tables of Ecto and the linters that are among the packages.

use crate::scaffold::detect::elsewhere::Keys;
use crate::scaffold::detect::kit::{Said, after, no_tests, tool_version, version};
use crate::scaffold::detect::promise::Language;
use crate::scaffold::detect::publish::to_hex;
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::detect::{Component, Line, Variable, Version};
use crate::scaffold::project::{Fact, Folder};

const ELIXIR: Language = Language {
    known: &["1.11", "1.12", "1.13", "1.14", "1.15", "1.16", "1.17", "1.18"],
    image: "elixir",
    tilde: Tilde::DropsLast,
    parts: 2,
    support: "",
    keys: Keys { words: &["elixir-version", "elixir_version", "elixir"], travis: "elixir" },
};

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let text = folder.text("mix.exs")?;
    let asks = |name: &str| text.lines().find(|it| it.trim_start().starts_with(&format!("{{:{name},")));
    let here =
        |name: &str| asks(name).is_some_and(|it| !it.contains("only: :dev") && !it.contains("only: [:dev]"));
    let test = folder.files().find(|it| it.ends_with("_test.exs"));
    let line = match test {
        Some(test) => Line::new("mix test", format!("{}: a test", folder.path(test))),
        None => Line::new("mix compile --warnings-as-errors", "there are no tests yet: at least it compiles"),
    };
    let mut lint = Vec::new();
    if folder.has(".formatter.exs") {
        lint.push(Line::new("mix format --check-formatted", folder.path(".formatter.exs")));
    }
    if here("credo") {
        lint.push(Line::new(
            "mix credo",
            format!("{}: Credo is among the packages", folder.place_of("mix.exs", "{:credo")),
        ));
    }
    let versions = versions(folder);
    let image = versions.last().map(|it| it.image.clone()).unwrap_or_default();
    let mut evidence = vec![Fact::new("a project of mix", folder.path("mix.exs"))];
    evidence
        .extend(folder.has("mix.lock").then(|| Fact::new("the lock file of mix", folder.path("mix.lock"))));
    let component = Component {
        ecosystem: "Elixir",
        tool: "mix".into(),
        name: after(folder, "mix.exs", "app: :", &[',']).map_or_else(|| folder.name(), |it| it.0),
        score: 5,
        evidence,
        environment: vec![Variable::new("MIX_ENV", "test", "")],
        install: vec![
            Line::plain("mix local.hex --force && mix local.rebar --force"),
            Line::plain("mix deps.get"),
        ],
        lint,
        tested: test.is_some(),
        test: vec![line],
        advice: if test.is_none() {
            vec![no_tests("it compiles", "test/first_test.exs with `use ExUnit.Case`")]
        } else {
            Vec::new()
        },
        versions,
        ..Component::default()
    };
    let published = to_hex(folder, &image);
    // An application runs somewhere: nobody looks for it among the packages.
    let application = asks("phoenix").is_some()
        || asks("ecto_sql").is_some()
        || text.contains("releases:")
        || text.contains("apps_path:");
    Some(if published.is_err() && application { component } else { component.published(published) })
}

fn versions(folder: Folder<'_>) -> Vec<Version> {
    let one = |(number, why): Said| version("elixir", &number, format!("elixir:{number}"), &why);
    numbers(folder).into_iter().map(one).collect()
}

fn numbers(folder: Folder<'_>) -> Vec<Said> {
    let said = after(folder, "mix.exs", "elixir:", &[',', ']', '\n']);
    let range = said.map(|(text, place)| {
        let text = text.trim_matches(['"', ' ']).replace(" or ", " || ").replace(" and ", " ");
        (text, place)
    });
    let library = folder.text("mix.exs").is_some_and(|it| it.contains("package:")) && folder.root.is_empty();
    let tested = ELIXIR.elsewhere(folder, range.as_ref());
    if library && let [first, .., last] = tested.as_slice() {
        return vec![first.clone(), last.clone()];
    }
    let exact = tool_version(folder, "elixir");
    if let Some(exact) = exact
        .and_then(|(text, place)| Some((short(&text, 2)?, place)))
        .filter(|_| !library || range.is_none())
    {
        return vec![exact];
    }
    if let [one] = tested.as_slice() {
        return vec![one.clone()];
    }
    let ends = range.map_or_else(Vec::new, |it| ELIXIR.ends(&it, library));
    if ends.is_empty() {
        return vec![("1.18".into(), "no file names a version: a recent one".into())];
    }
    ends
}
