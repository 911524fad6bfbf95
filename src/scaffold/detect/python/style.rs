//! What looks at the style of a Python project: the tools that it has set up, and no others.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::python::facts::Facts;

/// A tool, where it is set up, and its command.
struct Tool {
    name: &'static str,
    place: String,
    command: String,
}

/// The commands, those that install a missing tool among them. `prefix` stands before what the step has installed; `None`
/// where it has installed nothing of the project, because tox or nox do that in environments of their own.
pub(crate) fn style(facts: &Facts<'_>, prefix: Option<&str>) -> Vec<Line> {
    let mut lines = Vec::new();
    for tool in tools(facts) {
        // It needs to see what the project imports.
        if prefix.is_none() && tool.name == "mypy" {
            continue;
        }
        // A manager runs what the project pinned; what nobody named is installed beside it.
        let named = prefix.is_some() && facts.package(tool.name).is_some();
        let install = format!("pip install {}", tool.name);
        if !named && !lines.iter().any(|it: &Line| it.command == install) {
            lines.push(Line::plain(install));
        }
        let prefix = prefix.filter(|_| named).unwrap_or_default();
        lines.push(Line::new(
            format!("{prefix}{}", tool.command),
            format!("{}: settings of {}", tool.place, tool.name),
        ));
    }
    lines
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
    let inner = facts.import().map(|(above, name)| if above.is_empty() { name } else { "src".to_owned() });
    if let Some(command) = if told { Some("mypy".to_owned()) } else { inner.map(|it| format!("mypy {it}")) } {
        add("mypy", typed, command);
    }
    found.dedup_by(|a, b| a.command == b.command);
    found
}
