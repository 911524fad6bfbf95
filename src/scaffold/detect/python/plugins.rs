//! What pytest is told that only its plugins understand → those that nobody installs. Without them it refuses to start.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::python::facts::{Facts, normal};
use crate::scaffold::detect::python::manager::comes;

/// How options begin, and the plugin that understands them.
const OPTIONS: [(&str, &str); 15] = [
    ("--asyncio-mode", "pytest-asyncio"),
    ("--benchmark-", "pytest-benchmark"),
    ("--cov", "pytest-cov"),
    ("--dist", "pytest-xdist"),
    ("--doctest-plus", "pytest-doctestplus"),
    ("--ds", "pytest-django"),
    ("--html", "pytest-html"),
    ("--mpl", "pytest-mpl"),
    ("--nomigrations", "pytest-django"),
    ("--numprocesses", "pytest-xdist"),
    ("--randomly-", "pytest-randomly"),
    ("--reruns", "pytest-rerunfailures"),
    ("--reuse-db", "pytest-django"),
    ("--timeout", "pytest-timeout"),
    ("-n", "pytest-xdist"),
];

/// The packages to install beside what the lists name, as the words behind `pip install`.
pub(crate) fn missing(facts: &Facts<'_>, named: bool) -> Option<Line> {
    let (options, place) = options(facts).unwrap_or_default();
    let understands = |word: &str| OPTIONS.iter().find(|it| starts(word, it.0)).map(|it| it.1);
    let mut names: Vec<String> = options.iter().filter_map(|it| understands(it)).map(str::to_owned).collect();
    let by_options = names.iter().any(|it| !comes(facts, it));
    names.extend(for_wheels(facts));
    names.retain(|it| !comes(facts, &normal(it)));
    if !named {
        names.insert(0, "pytest".into());
    }
    let mut once: Vec<String> = Vec::new();
    for it in names {
        if !once.contains(&it) {
            once.push(it);
        }
    }
    if once.is_empty() {
        return None;
    }
    let them = if once.len() == 1 { "it" } else { "them" };
    let why = if by_options {
        format!("{place}: pytest is told their options; no list names {them}")
    } else {
        format!("the tests need {them}, and no list names {them}")
    };
    Some(Line::new(once.join(" "), why))
}

/// `-n` takes a number, and is no part of a longer word.
fn starts(word: &str, option: &str) -> bool {
    let Some(rest) = word.strip_prefix(option) else { return false };
    option.ends_with('-')
        || option.len() > 3
        || rest.is_empty()
        || rest.starts_with(|it: char| it.is_ascii_digit() || "=a".contains(it))
}

/// The options that the settings give to pytest, and their place.
fn options(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let folder = facts.folder;
    let split =
        |text: &str| text.split_whitespace().map(|it| it.trim_matches(['"', '\'']).to_owned()).collect();
    let toml = facts
        .at(&["tool", "pytest", "ini_options", "addopts"])
        .or_else(|| facts.at(&["tool", "pytest", "addopts"]));
    if let Some(value) = toml {
        return Some((split(&value.texts().join(" ")), facts.place(value)));
    }
    [("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")].iter().find_map(
        |(name, section)| {
            let ini = folder.ini(name)?;
            let (value, line) = ini.get(section, "addopts")?;
            Some((split(value), folder.place(name, line)))
        },
    )
}

/// What wheels are tested with, by cibuildwheel.
fn for_wheels(facts: &Facts<'_>) -> Vec<String> {
    let Some(value) = facts.at(&["tool", "cibuildwheel", "test-requires"]) else { return Vec::new() };
    let words = value.texts().join(" ");
    let plain = |it: &&str| it.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it));
    words.split_whitespace().filter(plain).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, starts};

    #[test]
    fn an_option_belongs_to_one_plugin() {
        for (word, plugin) in [
            ("--cov=a", Some("pytest-cov")),
            ("--cov-report=xml", Some("pytest-cov")),
            ("-n", Some("pytest-xdist")),
            ("-n4", Some("pytest-xdist")),
            ("-nauto", Some("pytest-xdist")),
            ("--numprocesses=auto", Some("pytest-xdist")),
            ("--ds=a.settings", Some("pytest-django")),
            ("-ra", None),
            ("--no-header", None),
            ("-nx", None),
            ("--strict-markers", None),
        ] {
            let found = OPTIONS.iter().find(|it| starts(word, it.0)).map(|it| it.1);
            assert_eq!(found, plugin, "{word}");
        }
    }
}
