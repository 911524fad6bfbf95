//! What looks at the style of a Python project: the tools that it has set up, and no others.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::python::facts::{Facts, normal};
use crate::scaffold::detect::python::manager::comes;
use crate::scaffold::project::Value;

/// A tool, where it is set up, and its command.
struct Tool {
    name: &'static str,
    place: String,
    command: String,
}

/// Environments of tox or sessions of nox that look at the style, whatever they call for it.
const GENERAL: [&str; 14] = [
    "lint",
    "linters",
    "linting",
    "style",
    "pre-commit",
    "pre_commit",
    "precommit",
    "pep8",
    "quality",
    "qa",
    "static",
    "check",
    "checks",
    "format-check",
];

/// Those of one tool.
const SINGLE: [(&str, &str); 12] = [
    ("flake8", "flake8"),
    ("ruff", "ruff"),
    ("black", "black"),
    ("isort", "isort"),
    ("pylint", "pylint"),
    ("mypy", "mypy"),
    ("pyright", "mypy"),
    ("typing", "mypy"),
    ("types", "mypy"),
    ("typecheck", "mypy"),
    ("type-check", "mypy"),
    ("type", "mypy"),
];

/// What a project has made of its own for the style.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) names: Vec<&'static str>,
    general: bool,
}

impl Checks {
    /// Those that are there.
    pub(crate) fn of(there: impl Fn(&str) -> bool) -> Self {
        let general: Vec<&str> = GENERAL.into_iter().filter(|it| there(it)).collect();
        let single = SINGLE.into_iter().map(|it| it.0).filter(|it| there(it));
        Self { general: !general.is_empty(), names: general.iter().copied().chain(single).collect() }
    }

    /// One that looks at everything.
    pub(crate) fn general(name: &'static str) -> Self {
        Self { names: vec![name], general: true }
    }

    fn cover(&self, tool: &str) -> bool {
        self.general || SINGLE.iter().any(|it| it.1 == tool && self.names.contains(&it.0))
    }
}

/// The commands, those that install a missing tool among them. `prefix` stands before what the step has installed; `None`
/// where it has installed nothing of the project, because tox or nox do that in environments of their own.
pub(crate) fn style(facts: &Facts<'_>, prefix: Option<&str>, own: &Checks) -> Vec<Line> {
    let mut lines = Vec::new();
    for tool in tools(facts).into_iter().filter(|it| !own.cover(it.name)) {
        // It needs to see what the project imports.
        if prefix.is_none() && tool.name == "mypy" {
            continue;
        }
        // A manager runs what the project pinned; what nobody named is installed beside it.
        let named = prefix.is_some() && comes(facts, tool.name);
        let pinned = || {
            let (version, place) = pinned(facts, tool.name)?;
            let why = format!("{place}: the version that the project uses");
            Some(Line::new(format!("pip install {}=={version}", tool.name), why))
        };
        let found = required(facts, tool.name).or_else(pinned);
        let found = found.or_else(|| extra_for(facts, tool.name).filter(|_| prefix == Some("")));
        let install = found.unwrap_or_else(|| Line::plain(format!("pip install {}", tool.name)));
        if !named && !lines.contains(&install) {
            lines.push(install);
        }
        let prefix = prefix.filter(|_| named).unwrap_or_default();
        lines.push(Line::new(
            format!("{prefix}{}", tool.command),
            format!("{}: settings of {}", tool.place, tool.name),
        ));
    }
    lines
}

/// The version of a tool in the settings of pre-commit, read line by line: another version finds other things.
fn pinned(facts: &Facts<'_>, tool: &str) -> Option<(String, String)> {
    const NAME: &str = ".pre-commit-config.yaml";
    let root = facts.folder.survey.folder("");
    let folder = if facts.folder.has(NAME) { facts.folder } else { root };
    let text = folder.text(NAME)?;
    let endings = [
        format!("/{tool}"),
        format!("/{tool}-pre-commit"),
        format!("/{tool}-pre-commit-mirror"),
        format!("/mirrors-{tool}"),
    ];
    let value = |line: &str| line.trim().trim_matches(['"', '\'']).trim_end_matches(".git").to_lowercase();
    let mut lines = text.lines().enumerate();
    lines.find(|it| {
        it.1.split_once("repo:")
            .is_some_and(|it| endings.iter().any(|end| value(it.1).ends_with(end.as_str())))
    })?;
    let (number, line) = lines.take_while(|it| !it.1.contains("repo:")).find(|it| it.1.contains("rev:"))?;
    let version = line
        .split("rev:")
        .nth(1)?
        .split('#')
        .next()?
        .trim()
        .trim_matches(['"', '\''])
        .trim_start_matches('v');
    let plain = version.contains('.') && version.chars().all(|it| it.is_ascii_digit() || it == '.');
    plain.then(|| (version.to_owned(), folder.place(NAME, number + 1)))
}

/// The version that the tool's own settings ask for; it refuses to work as another.
fn required(facts: &Facts<'_>, tool: &str) -> Option<Line> {
    let value = facts.at(&["tool", tool, "required-version"])?;
    let text = value.text()?.replace(' ', "");
    let plain = |it: char| it.is_ascii_alphanumeric() || ".,<>=!~*".contains(it);
    let wanted = match text.chars().next()? {
        it if it.is_ascii_digit() && text.matches('.').count() < 2 => format!("'{tool}=={text}.*'"),
        it if it.is_ascii_digit() => format!("{tool}=={text}"),
        _ => format!("'{tool}{text}'"),
    };
    let why = format!("{}: it refuses to work as another version", facts.place(value));
    text.chars().all(plain).then(|| Line::new(format!("pip install {wanted}"), why))
}

/// An extra that is there for the tool, and has what it needs to see.
fn extra_for(facts: &Facts<'_>, tool: &str) -> Option<Line> {
    let extras = facts.at(&["project", "optional-dependencies"])?;
    let names = |list: &Value| list.texts().into_iter().any(|it| normal(it) == tool);
    let (name, list) = extras.entries().iter().find(|it| names(&it.1))?;
    let plain = name.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it));
    (plain && facts.is_package()).then(|| {
        Line::new(
            format!("pip install '.[{name}]'"),
            format!("{}: the extra that names {tool}", facts.place(list)),
        )
    })
}

/// False for settings of a tool that nobody calls: there are files that say what is called, and it is in none of them.
fn is_called(facts: &Facts<'_>, tool: &str) -> bool {
    let root = facts.folder.survey.folder("");
    let pipelines = [".travis.yml", ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml"];
    let workflows = root.files().filter(|it| it.starts_with(".github/workflows/"));
    let hooks = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
    let proof: Vec<String> =
        workflows.chain(pipelines).chain(hooks).filter_map(|it| root.loosely(it)).collect();
    let others =
        ["Makefile", "justfile", "tox.ini", "noxfile.py", "tasks.py", "CONTRIBUTING.md", "CONTRIBUTING.rst"];
    let own = || others.iter().filter_map(|it| facts.folder.loosely(it)).any(|it| it.contains(tool));
    proof.is_empty() || proof.iter().any(|it| it.contains(tool)) || facts.package(tool).is_some() || own()
}

fn tools(facts: &Facts<'_>) -> Vec<Tool> {
    let folder = facts.folder;
    let toml = |name: &str| facts.at(&["tool", name]).map(|it| facts.place(it));
    let file = |names: &[&str]| folder.first(names).map(|it| folder.path(it));
    let cfg = |section: &str| {
        let of_cfg = facts.setup_cfg.section(section).map(|it| folder.place("setup.cfg", it));
        of_cfg.or_else(|| folder.ini("tox.ini")?.section(section).map(|it| folder.place("tox.ini", it)))
    };
    let mut found = Vec::new();
    let mut add = |name: &'static str, place: Option<String>, command: String| {
        found.extend(place.map(|place| Tool { name, place, command }));
    };
    let ruff = file(&["ruff.toml", ".ruff.toml"]).or_else(|| toml("ruff"));
    let formats = facts.at(&["tool", "ruff", "format"]).map(|it| facts.place(it));
    add("ruff", ruff, "ruff check .".into());
    add("ruff", formats, "ruff format --check .".into());
    add("flake8", file(&[".flake8"]).or_else(|| cfg("flake8")), "flake8".into());
    add("black", toml("black"), "black --check .".into());
    add("isort", toml("isort").or_else(|| file(&[".isort.cfg"])), "isort --check-only .".into());
    let typed = toml("mypy").or_else(|| file(&["mypy.ini", ".mypy.ini"])).or_else(|| cfg("mypy"));
    let told = facts.at(&["tool", "mypy", "files"]).or(facts.at(&["tool", "mypy", "packages"])).is_some();
    let by_file =
        [("setup.cfg", "files"), ("mypy.ini", "files"), (".mypy.ini", "files"), ("setup.cfg", "packages")];
    let told =
        told || by_file.iter().any(|it| folder.ini(it.0).is_some_and(|ini| ini.get("mypy", it.1).is_some()));
    let inner = facts.import().map(|(above, name)| if above.is_empty() { name } else { "src".to_owned() });
    if let Some(command) = if told { Some("mypy".to_owned()) } else { inner.map(|it| format!("mypy {it}")) } {
        add("mypy", typed, command);
    }
    found.dedup_by(|a, b| a.command == b.command);
    found.retain(|it| is_called(facts, it.name));
    found
}
