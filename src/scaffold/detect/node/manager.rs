//! Which manager a package of Node.js has, in which version, and how it installs what is locked.

use crate::scaffold::detect::{Advice, Line};
use crate::scaffold::project::{Fact, Folder, Value};

/// A package manager: the file that gives it away, and how it runs a script and a program of a package.
struct Kind {
    name: &'static str,
    lock: &'static str,
    run: &'static str,
    exec: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind { name: "pnpm", lock: "pnpm-lock.yaml", run: "pnpm run", exec: "pnpm exec" },
    Kind { name: "yarn", lock: "yarn.lock", run: "yarn run", exec: "yarn run" },
    Kind { name: "bun", lock: "bun.lock", run: "bun run", exec: "bunx" },
    Kind { name: "bun", lock: "bun.lockb", run: "bun run", exec: "bunx" },
    Kind { name: "npm", lock: "package-lock.json", run: "npm run", exec: "npx" },
    Kind { name: "npm", lock: "npm-shrinkwrap.json", run: "npm run", exec: "npx" },
];

/// The manager of one package.
pub(super) struct Manager {
    pub(super) name: &'static str,
    /// The lock file; empty when there is none.
    pub(super) lock: &'static str,
    /// How a script is run.
    pub(super) run: &'static str,
    /// How a program of a package is run.
    pub(super) exec: &'static str,
    /// Its version, as `package.json` names it.
    pub(super) version: Option<String>,
    /// Yarn from 2 on.
    pub(super) modern: bool,
}

impl Manager {
    pub(super) fn locked(&self) -> bool {
        !self.lock.is_empty()
    }

    pub(super) fn evidence(&self, folder: Folder<'_>) -> Option<Fact> {
        self.locked().then(|| Fact::new(format!("the lock file of {}", self.name), folder.path(self.lock)))
    }

    /// The first number of its version.
    pub(super) fn major(&self) -> Option<u32> {
        self.version.as_ref()?.split('.').next()?.parse().ok()
    }
}

/// The manager that `package.json` names, else that of the lock file.
pub(super) fn manager(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> Manager {
    let locked: Vec<&Kind> = KINDS.iter().filter(|it| folder.has(it.lock)).collect();
    let (named, version) = named(manifest);
    let own = |it: &&Kind| Some(it.name) == named.as_deref();
    let told = locked.iter().copied().find(own).or_else(|| KINDS.iter().find(own));
    let workspace = folder.has("pnpm-workspace.yaml").then(|| &KINDS[0]);
    let chosen = told.or_else(|| locked.first().copied()).or(workspace).unwrap_or(&KINDS[4]);
    // Two files of one manager are no two managers.
    let others: Vec<&str> = locked.iter().filter(|it| it.name != chosen.name).map(|it| it.lock).collect();
    if !others.is_empty() {
        let mine = if folder.has(chosen.lock) { chosen.lock } else { "`packageManager`" };
        advice.push(Advice::new(
            format!(
                "two managers at once: {mine} and {}; the pipeline uses {}",
                others.join(" and "),
                chosen.name
            ),
            format!(
                "delete {} if it is left over, and name the manager in `packageManager`",
                others.join(" and ")
            ),
        ));
    }
    let lock = if folder.has(chosen.lock) { chosen.lock } else { "" };
    let number = version.as_ref().and_then(|it| it.split('.').next()?.parse::<u32>().ok());
    let by_files = || {
        folder.has(".yarnrc.yml") || folder.head("yarn.lock").is_some_and(|it| it.contains("\n__metadata:"))
    };
    let modern = chosen.name == "yarn" && number.map_or_else(by_files, |it| it > 1);
    Manager { name: chosen.name, lock, run: chosen.run, exec: chosen.exec, version, modern }
}

/// `pnpm@9.1.0+sha512.…` → `pnpm`, `9.1.0`.
fn named(manifest: &Value) -> (Option<String>, Option<String>) {
    let written = manifest.text_at(&["packageManager"]).and_then(|it| it.split_once('@'));
    let Some((name, version)) = written else {
        let name = manifest.text_at(&["devEngines", "packageManager", "name"]);
        return (name.map(str::to_owned), None);
    };
    let version = version.split('+').next().unwrap_or(version);
    (Some(name.to_owned()), Some(version.to_owned()))
}

/// The commands that install, with the manager itself where the image does not have it.
pub(super) fn install(folder: Folder<'_>, manifest: &Value, manager: &Manager) -> Vec<Line> {
    let strict = |command: &str| {
        let why =
            format!("exactly what {} says; a lock file that is out of date fails", folder.path(manager.lock));
        Line::new(command, why)
    };
    let locked = manager.locked();
    match manager.name {
        "pnpm" => vec![
            pnpm(folder, manifest, manager),
            if locked {
                strict("pnpm install --frozen-lockfile")
            } else {
                Line::plain("pnpm install --no-frozen-lockfile")
            },
        ],
        "yarn" if manager.modern => {
            let own = yarn(folder, manager);
            let install =
                if locked { strict("yarn install --immutable") } else { Line::plain("yarn install") };
            own.into_iter().chain([install]).collect()
        }
        "yarn" if locked => vec![strict("yarn install --frozen-lockfile")],
        "yarn" => vec![Line::plain("yarn install")],
        "bun" if locked => vec![strict("bun install --frozen-lockfile")],
        "bun" => vec![Line::plain("bun install")],
        _ if locked => vec![strict("npm ci")],
        _ => vec![Line::plain("npm install")],
    }
}

/// pnpm in the version that `package.json` names, else in one that reads this lock file.
fn pnpm(folder: Folder<'_>, manifest: &Value, manager: &Manager) -> Line {
    if manager.version.is_some() {
        return Line::plain("corepack enable");
    }
    let engines = manifest.at(&["engines", "pnpm"]);
    let wanted = engines
        .and_then(|it| it.text()?.trim_start_matches(['^', '~', 'v']).split('.').next()?.parse::<u32>().ok());
    if let (Some(number), Some(value)) = (wanted, engines) {
        let place = folder.place("package.json", value.line);
        return Line::new(format!("npm install --global pnpm@{number}"), format!("{place}: `engines`"));
    }
    let head = folder.head("pnpm-lock.yaml").unwrap_or_default();
    let format = head.lines().find_map(|it| it.strip_prefix("lockfileVersion:"));
    let number = match format.map(|it| it.trim().trim_matches(['\'', '"'])) {
        Some(it) if it.starts_with("5.4") => 7,
        Some(it) if it.starts_with("5.") => 6,
        Some(it) if it.starts_with('6') => 8,
        Some(_) => 10,
        None => return Line::plain("corepack enable"),
    };
    let place = folder.path("pnpm-lock.yaml");
    Line::new(
        format!("npm install --global pnpm@{number}"),
        format!("{place}: the version that reads this lock file"),
    )
}

/// What makes `yarn` a modern one: the project's own copy needs nothing.
fn yarn(folder: Folder<'_>, manager: &Manager) -> Vec<Line> {
    let own = folder.text(".yarnrc.yml").is_some_and(|it| it.lines().any(|it| it.starts_with("yarnPath:")));
    if own && manager.version.is_none() {
        return Vec::new();
    }
    if manager.version.is_some() {
        return vec![Line::plain("corepack enable")];
    }
    vec![
        Line::plain("corepack enable"),
        Line::new(
            "corepack prepare yarn@stable --activate",
            "no file names a version of Yarn; `packageManager` in package.json would",
        ),
    ]
}
