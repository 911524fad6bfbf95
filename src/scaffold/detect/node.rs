//! Node.js: npm, Yarn, pnpm and Bun; the scripts of `package.json`, each read before it is called.

use crate::scaffold::detect::component::Setting;
use crate::scaffold::detect::kit::{Said, first_line, newest, no_tests, path, tool_version, version};
use crate::scaffold::detect::publish::same_version;
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::detect::{Advice, Component, Line, Publish, Step, Version};
use crate::scaffold::project::{Fact, Folder, Value, harm};

pub(crate) const MARKERS: &[&str] = &["package.json"];

/// Versions with long support, and the one to take when nobody says anything.
const KNOWN: [&str; 9] = ["8", "10", "12", "14", "16", "18", "20", "22", "24"];
const USUAL: &str = "24";

/// A package manager: the file that gives it away, how it installs, and how it runs a script.
struct Manager {
    name: &'static str,
    lock: &'static str,
    install: &'static [&'static str],
    run: &'static str,
    exec: &'static str,
}

const MANAGERS: [Manager; 7] = [
    Manager {
        name: "pnpm",
        lock: "pnpm-lock.yaml",
        install: &["corepack enable", "pnpm install --frozen-lockfile"],
        run: "pnpm run",
        exec: "pnpm exec",
    },
    Manager {
        name: "yarn",
        lock: "yarn.lock",
        install: &["yarn install --frozen-lockfile"],
        run: "yarn run",
        exec: "yarn exec",
    },
    Manager {
        name: "bun",
        lock: "bun.lock",
        install: &["bun install --frozen-lockfile"],
        run: "bun run",
        exec: "bunx",
    },
    Manager {
        name: "bun",
        lock: "bun.lockb",
        install: &["bun install --frozen-lockfile"],
        run: "bun run",
        exec: "bunx",
    },
    Manager { name: "npm", lock: "package-lock.json", install: &["npm ci"], run: "npm run", exec: "npx" },
    Manager { name: "npm", lock: "npm-shrinkwrap.json", install: &["npm ci"], run: "npm run", exec: "npx" },
    Manager { name: "npm", lock: "", install: &["npm install"], run: "npm run", exec: "npx" },
];

/// A workspace takes care of its members.
pub(crate) fn includes(folder: Folder<'_>) -> bool {
    let listed = folder.value("package.json").is_some_and(|it| it.at(&["workspaces"]).is_some());
    listed || folder.has("pnpm-workspace.yaml")
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("package.json")?;
    let mut advice = Vec::new();
    let manager = manager(folder, &manifest, &mut advice);
    let scripts = Scripts { folder, manifest: &manifest, manager };
    let version = node(folder, &manifest, manager);
    let test = scripts.test(&mut advice);
    let build = scripts.call("build", &mut advice);
    let tested = test.is_some();
    let mut evidence = vec![Fact::new("a package of Node.js", folder.path("package.json"))];
    if folder.has(manager.lock) {
        evidence.push(Fact::new(format!("the lock file of {}", manager.name), folder.path(manager.lock)));
    }
    if !tested {
        let first = "test/first.test.js with `import test from 'node:test'`, and `\"test\": \"node --test\"` among the scripts";
        advice.push(no_tests("it installs and builds", first));
    }
    let entry = ["main", "bin", "exports", "module"].iter().any(|it| manifest.at(&[it]).is_some());
    let lines = test.or_else(|| build.is_none().then(|| entry_check(folder, &manifest)));
    let publish = publish(folder, &manifest, manager, entry, &version, build.as_ref());
    Some(Component {
        ecosystem: "Node.js",
        tool: manager.name.into(),
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: if folder.has(manager.lock) { 9 } else { 4 } + u32::from(tested),
        tooling: !entry && !tested && build.is_none() && manifest.at(&["dependencies"]).is_none(),
        evidence,
        install: install(folder, manager),
        test: lines.into_iter().chain(build).collect(),
        lint: scripts.lint(&mut advice),
        tested,
        publish,
        versions: vec![version],
        advice,
        ..Component::default()
    })
}

/// The manager that `package.json` names, else that of the lock file.
fn manager(folder: Folder<'_>, manifest: &Value, advice: &mut Vec<Advice>) -> &'static Manager {
    let locked: Vec<&Manager> =
        MANAGERS.iter().filter(|it| !it.lock.is_empty() && folder.has(it.lock)).collect();
    let named = manifest.text_at(&["packageManager"]).and_then(|it| it.split('@').next());
    let told = named.and_then(|named| {
        let own = |it: &&&Manager| it.name == named;
        locked.iter().find(own).copied().or_else(|| MANAGERS.iter().find(|it| it.name == named))
    });
    let chosen = told.or_else(|| locked.first().copied()).unwrap_or(&MANAGERS[MANAGERS.len() - 1]);
    let others: Vec<&str> = locked.iter().filter(|it| it.name != chosen.name).map(|it| it.lock).collect();
    if !others.is_empty() {
        advice.push(Advice::new(
            format!(
                "two managers at once: {} and {}; the pipeline uses {}",
                chosen.lock,
                others.join(" and "),
                chosen.name
            ),
            format!(
                "delete {} if it is left over, and name the manager in `packageManager`",
                others.join(" and ")
            ),
        ));
    }
    chosen
}

fn install(folder: Folder<'_>, manager: &Manager) -> Vec<Line> {
    let modern = manager.name == "yarn" && folder.has(".yarnrc.yml");
    let commands =
        if modern { &["corepack enable", "yarn install --immutable"][..] } else { manager.install };
    let why = |it: &str| {
        let strict = it.contains("frozen") || it.contains("immutable") || it == "npm ci";
        if strict {
            format!("exactly what {} says; a lock file that is out of date fails", folder.path(manager.lock))
        } else {
            String::new()
        }
    };
    commands.iter().map(|it| Line::new(*it, why(it))).collect()
}

fn node(folder: Folder<'_>, manifest: &Value, manager: &Manager) -> Version {
    if manager.name == "bun" {
        return version("bun", "1.2", "oven/bun:1.2", &folder.path(manager.lock));
    }
    let image = |it: &str| format!("node:{it}-slim");
    let of_value = |path: &[&str]| {
        let value = manifest.at(path)?;
        Some((value.text()?.to_owned(), folder.place("package.json", value.line)))
    };
    let written = first_line(folder, ".nvmrc").or_else(|| first_line(folder, ".node-version"));
    let written = written.or_else(|| of_value(&["volta", "node"])).or_else(|| tool_version(folder, "nodejs"));
    let exact = written.and_then(|(text, place): Said| Some((major(&text)?, place)));
    let by_range = || {
        let (range, place) = of_value(&["engines", "node"])?;
        Some((
            newest(&range, &KNOWN, Tilde::Minor, image)?,
            format!("the newest with long support that fits `{range}` in {place}"),
        ))
    };
    let (number, why) = exact
        .or_else(by_range)
        .unwrap_or_else(|| (USUAL.into(), "no file names a version: the one with long support".into()));
    version("node", &number, image(&number), &why)
}

/// `v20.11.1`, `lts/iron`, `22` → the major version.
fn major(text: &str) -> Option<String> {
    let names = [("hydrogen", "18"), ("iron", "20"), ("jod", "22"), ("krypton", "24"), ("*", USUAL)];
    match text.strip_prefix("lts/") {
        Some(name) => names.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()),
        None => short(text.trim_start_matches('v'), 1),
    }
}

struct Scripts<'a> {
    folder: Folder<'a>,
    manifest: &'a Value,
    manager: &'static Manager,
}

impl Scripts<'_> {
    fn place(&self, name: &str) -> String {
        self.folder.place("package.json", self.manifest.at(&["scripts", name]).map_or(0, |it| it.line))
    }

    /// The call of a script that is there and harmless.
    fn call(&self, name: &str, advice: &mut Vec<Advice>) -> Option<Line> {
        self.manifest.text_at(&["scripts", name])?;
        let command = format!("{} {name}", self.manager.run);
        match harm(self.folder, &command) {
            None => Some(Line::new(command, format!("{}: the script `{name}`", self.place(name)))),
            Some(reason) => {
                let what = format!("the script `{name}` is not called: {reason} ({})", self.place(name));
                advice.push(Advice::new(
                    what,
                    format!(
                        "give what hands out a script of its own, so that `{name}` does only what it says"
                    ),
                ));
                None
            }
        }
    }

    fn test(&self, advice: &mut Vec<Advice>) -> Option<Line> {
        let stub =
            self.manifest.text_at(&["scripts", "test"]).is_some_and(|it| it.contains("no test specified"));
        let named = ["test", "test:unit"].into_iter().find(|it| self.manifest.at(&["scripts", it]).is_some());
        if let Some(name) = named.filter(|_| !stub) {
            return self.call(name, advice);
        }
        let runners = [("vitest", "vitest run"), ("jest", "jest"), (".mocharc", "mocha")];
        let found = runners.iter().find_map(|(name, command)| {
            let file = self.folder.names().find(|it| it.starts_with(&format!("{name}.")))?;
            Some(Line::new(
                format!("{} {command}", self.manager.exec),
                format!("{}: settings of the test runner", self.folder.path(file)),
            ))
        });
        found.or_else(|| {
            let file =
                self.folder.files().find(|it| it.ends_with(".test.js") || it.ends_with(".test.mjs"))?;
            Some(Line::new(
                "node --test",
                format!("{}: a test, and no script that runs it", self.folder.path(file)),
            ))
        })
    }

    fn lint(&self, advice: &mut Vec<Advice>) -> Vec<Line> {
        ["lint", "typecheck"].iter().filter_map(|it| self.call(it, advice)).collect()
    }
}

/// Without tests and build: at least the entry is JavaScript, or the package can be packed.
fn entry_check(folder: Folder<'_>, manifest: &Value) -> Line {
    let main = manifest.text_at(&["main"]).unwrap_or("index.js").trim_start_matches("./");
    if folder.has(main) {
        return Line::new(
            format!("node --check {}", path(main)),
            "there are no tests yet: at least the entry is valid",
        );
    }
    Line::new("npm pack --dry-run", "there are no tests yet: at least it can be packed")
}

fn publish(
    folder: Folder<'_>,
    manifest: &Value,
    manager: &Manager,
    entry: bool,
    version: &Version,
    build: Option<&Line>,
) -> Option<Publish> {
    let private = manifest.text_at(&["private"]) == Some("true");
    let (name, _) = (manifest.text_at(&["name"])?, manifest.text_at(&["version"])?);
    if private || !entry || manager.name == "bun" {
        return None;
    }
    let version_said = "node -p 'require(\"./package.json\").version'";
    let mut commands = vec![same_version(version_said, "package.json", "npm")];
    if let Some(build) = build {
        commands.extend(install(folder, manager));
        commands.push(Line::plain(build.command.clone()));
    }
    let build = Step { name: "build".into(), image: version.image.clone(), commands, ..Step::default() };
    let mut settings =
        vec![Setting { name: "token".into(), secret: "npm_token".into(), ..Setting::default() }];
    if !folder.root.is_empty() {
        settings.push(Setting { name: "folder".into(), value: folder.root.into(), ..Setting::default() });
    }
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the token".into(),
        image: "plugins/npm:1.2.2".into(),
        settings,
        ..Step::default()
    };
    Some(Publish {
        why: format!("to npm, because {} makes the package `{name}`", folder.path("package.json")),
        steps: vec![build, publish],
        secrets: vec![(
            "npm_token".into(),
            "an access token of npm for this package; uploads a release".into(),
        )],
    })
}
