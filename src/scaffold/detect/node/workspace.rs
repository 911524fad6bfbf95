//! Packages that are kept together: their tests, where the package around them has no script for all.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::kit::path;
use crate::scaffold::detect::node::manager::Manager;
use crate::scaffold::detect::node::scripts::Scripts;
use crate::scaffold::project::{Folder, Value, harm};

/// More members are not called one by one.
const MOST: usize = 12;

/// True when this package takes care of others.
pub(super) fn is_workspace(folder: Folder<'_>, manifest: &Value) -> bool {
    manifest.at(&["workspaces"]).is_some()
        || folder.has("pnpm-workspace.yaml")
        || folder.has("lerna.json")
        || folder.has("nx.json")
}

/// A member: its folder and its manifest.
struct Member {
    folder: String,
    /// The same, as the commands see it.
    inside: String,
    name: Option<String>,
    has: bool,
    /// True when the script is the one that only fails.
    stub: bool,
    public: bool,
}

/// The command that runs this script of every member that has one.
pub(super) fn everywhere(folder: Folder<'_>, scripts: &Scripts<'_>, name: &str) -> Option<Line> {
    if let Some(line) = by_nx(folder, scripts, name) {
        return Some(line);
    }
    let members = members(folder, name);
    let having: Vec<&Member> = members.iter().filter(|it| it.has).collect();
    let first = having.first()?;
    let harmful =
        having.iter().any(|it| harm(folder.survey.folder(&it.folder), &format!("npm run {name}")).is_some());
    if harmful {
        return None;
    }
    let command = call(folder, scripts, name, &members)?;
    let place = if first.folder.is_empty() {
        "package.json".into()
    } else {
        format!("{}/package.json", first.folder)
    };
    let more = if having.len() > 1 { ", and others" } else { "" };
    Some(Line::new(command, format!("{place} has the script `{name}`{more}")))
}

/// Nx knows targets that are no scripts.
fn by_nx(folder: Folder<'_>, scripts: &Scripts<'_>, name: &str) -> Option<Line> {
    if !scripts.depends("nx") || !folder.has("nx.json") {
        return None;
    }
    let projects = folder.files().filter(|it| it.ends_with("/project.json"));
    let file = projects
        .take(100)
        .find(|it| folder.value_loosely(it).is_some_and(|it| it.at(&["targets", name]).is_some()))?;
    let command = format!("{} nx run-many --target={name}", scripts.manager.exec);
    Some(Line::new(command, format!("{}: a target of Nx", folder.path(file))))
}

fn call(folder: Folder<'_>, scripts: &Scripts<'_>, name: &str, members: &[Member]) -> Option<String> {
    let manager: &Manager = scripts.manager;
    let exec = manager.exec;
    let task =
        |file: &str, key: &str| folder.value_loosely(file).is_some_and(|it| it.at(&[key, name]).is_some());
    if scripts.depends("turbo") && (task("turbo.json", "tasks") || task("turbo.json", "pipeline")) {
        return Some(format!("{exec} turbo run {name}"));
    }
    if scripts.depends("nx") && folder.has("nx.json") {
        return Some(format!("{exec} nx run-many --target={name}"));
    }
    if scripts.depends("lerna") && folder.has("lerna.json") {
        return Some(format!("{exec} lerna run {name}"));
    }
    if members.iter().any(|it| it.stub) {
        return one_by_one(manager, name, members);
    }
    match manager.name {
        "pnpm" => Some(format!("pnpm --recursive run {name}")),
        "bun" => Some(format!("bun run --filter '*' {name}")),
        "yarn" if manager.modern && manager.major().is_none_or(|it| it > 3) => {
            Some(format!("yarn workspaces foreach --all run {name}"))
        }
        "yarn" if manager.modern => Some(format!("yarn workspaces foreach run {name}")),
        // Yarn 1 stops at a member without the script.
        "yarn" if members.iter().all(|it| it.has) => Some(format!("yarn workspaces run {name}")),
        "yarn" => one_by_one(manager, name, members),
        _ => Some(format!("npm run {name} --workspaces --if-present")),
    }
}

/// The members that have the script, by name or place: another one would fail.
fn one_by_one(manager: &Manager, name: &str, members: &[Member]) -> Option<String> {
    let having: Vec<&Member> = members.iter().filter(|it| it.has).take(MOST).collect();
    let flags =
        |flag: &str| having.iter().map(|it| format!(" {flag}{}", path(&it.inside))).collect::<String>();
    match manager.name {
        "pnpm" => Some(format!("pnpm{} run {name}", flags("--filter=./"))),
        "bun" => Some(format!("bun run{} {name}", flags("--filter=./"))),
        "yarn" => {
            let call = |it: &&Member| Some(format!("yarn workspace {} run {name}", it.name.as_ref()?));
            let calls: Option<Vec<String>> = having.iter().map(call).collect();
            calls.map(|it| it.join(" && "))
        }
        _ => Some(format!("npm run {name}{}", flags("--workspace="))),
    }
}

fn members(folder: Folder<'_>, script: &str) -> Vec<Member> {
    let material = |it: &str| {
        let words = [
            "fixture",
            "fixtures",
            "__fixtures__",
            "example",
            "examples",
            "template",
            "templates",
            "test",
            "tests",
            "__tests__",
        ];
        it.split('/').any(|it| words.contains(&it))
    };
    let paths = folder
        .files()
        .filter_map(|it| it.strip_suffix("/package.json"))
        .filter(|it| !material(it) && it.matches('/').count() < 3);
    let member = |it: &str| {
        let path = folder.path(it);
        let manifest = folder.survey.folder(&path).value_loosely("package.json")?;
        let script = manifest.text_at(&["scripts", script]);
        let stub = script.is_some_and(|it| it.contains("no test specified"));
        let has = script.is_some() && !stub;
        let public = manifest.text_at(&["private"]) != Some("true") && manifest.at(&["version"]).is_some();
        let name = manifest.text_at(&["name"]).filter(|it| !it.contains([' ', '\'', '"'])).map(str::to_owned);
        Some(Member { inside: it.to_owned(), folder: path, name, has, stub, public })
    };
    paths.filter_map(member).collect()
}

/// How many members could be published.
pub(super) fn public(folder: Folder<'_>) -> usize {
    members(folder, "test").iter().filter(|it| it.public).count()
}
