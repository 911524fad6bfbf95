//! Node.js: npm, Yarn, pnpm and Bun; the scripts of `package.json`, each read before it is called.

mod manager;
mod scripts;
mod versions;
mod workspace;

use crate::scaffold::detect::component::Setting;
use crate::scaffold::detect::kit::{no_tests, path};
use crate::scaffold::detect::node::manager::{Manager, install, manager};
use crate::scaffold::detect::node::scripts::Scripts;
use crate::scaffold::detect::node::versions::versions;
use crate::scaffold::detect::node::workspace::{everywhere, is_workspace, public};
use crate::scaffold::detect::publish::same_version;
use crate::scaffold::detect::{Advice, Component, Line, Publish, Step, Variable, Version, programs};
use crate::scaffold::project::{Fact, Folder, Value};

pub(crate) const MARKERS: &[&str] = &["package.json"];

/// A workspace takes care of its members.
pub(crate) fn includes(folder: Folder<'_>) -> bool {
    folder.value("package.json").is_some_and(|it| is_workspace(folder, &it))
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.value("package.json")?;
    let mut advice = Vec::new();
    let manager = manager(folder, &manifest, &mut advice);
    let scripts = Scripts { folder, manifest: &manifest, manager: &manager };
    let workspace = is_workspace(folder, &manifest);
    let test = scripts.test(&mut advice);
    let test = test
        .or_else(|| workspace.then(|| everywhere(folder, &scripts, "test"))?)
        .or_else(|| scripts.unnamed_test());
    let built = scripts.real("build").is_some() || scripts.real("prepare").is_some();
    let build = scripts.build(&mut advice);
    let build = build.or_else(|| (workspace && !built).then(|| everywhere(folder, &scripts, "build"))?);
    let tested = test.is_some();
    let mut lint = scripts.lint(test.as_ref(), &mut advice);
    if !tested && build.is_none() && !lint.iter().any(|it| it.why.contains("type")) {
        lint.extend(scripts.types());
    }
    let empty = !tested && build.is_none() && lint.is_empty();
    if empty && !manager.locked() && is_material(folder) {
        return None;
    }
    let mut evidence = vec![Fact::new("a package of Node.js", folder.path("package.json"))];
    evidence.extend(manager.evidence(folder));
    let refused = !tested && scripts.real("test").is_some();
    let whole = if tested || refused { None } else { scripts.end_to_end() };
    if let Some((name, place)) = whole {
        advice.push(Advice::new(
            format!("the tests of `{name}` need the program itself to run, and are not called ({place})"),
            "start the program in a step with `detach: true`, and call them in the next; or add tests that need none",
        ));
    } else if !tested && !refused {
        let first = "test/first.test.js with `import test from 'node:test'`, and `\"test\": \"node --test\"` among the scripts";
        let promise = if build.is_some() { "it installs and builds" } else { "it installs" };
        advice.push(no_tests(promise, first));
    }
    let entry = entry(folder, &manifest, built || build.is_some());
    let library = entry && is_library(folder, &manifest);
    let versions = versions(folder, &manifest, &manager, library);
    let own_way = library.then(|| own_release(folder, &manifest)).flatten();
    let offered = library && own_way.is_none();
    advice.extend(own_way);
    let publish =
        offered.then(|| publish(folder, &manifest, &manager, versions.last()?, build.as_ref())).flatten();
    if workspace && publish.is_none() {
        advice.extend(members_unpublished(folder));
    }
    let chrome = scripts.chrome().filter(|_| tested && manager.name != "bun");
    let browsers = test.iter().flat_map(|it| scripts.browsers(it)).chain(chrome.map(|_| chromium()));
    let lines = build.iter().chain(&test).chain(&lint);
    let npm = lines.filter(|_| manager.name == "bun").find_map(|it| npm_for(folder, &manifest, &it.command));
    let install = npm.into_iter().chain(install(folder, &manifest, &manager)).chain(browsers).collect();
    // Tests often look at what is built, and members need each other's.
    let check = (empty || (!tested && build.is_none())).then(|| entry_check(folder, &manifest, refused));
    Some(Component {
        ecosystem: "Node.js",
        tool: manager.name.into(),
        name: manifest.text_at(&["name"]).map_or_else(|| folder.name(), str::to_owned),
        score: if manager.locked() { 9 } else { 4 } + u32::from(tested),
        tooling: !entry && !tested && build.is_none() && !has_dependencies(&manifest),
        evidence,
        environment: asked(folder)
            .into_iter()
            .chain(chrome.map(|it| Variable::new(it, "/usr/bin/chromium", "")))
            .collect(),
        install,
        test: build.into_iter().chain(test).chain(check).collect(),
        lint,
        tested,
        publish,
        versions,
        advice,
        ..Component::default()
    })
}

/// npm for a script that calls it: the image of Bun has none. `npm run` it takes upon itself.
fn npm_for(folder: Folder<'_>, manifest: &Value, command: &str) -> Option<Line> {
    let scripts = manifest.at(&["scripts"])?.entries();
    let calls = |it: &str| it.split("npm ").skip(1).any(|it| !it.starts_with("run "));
    let called = scripts.iter().any(|it| it.1.text().is_some_and(calls));
    let reached = programs::packages(folder, command).contains(&"npm");
    let why = format!("`{command}` calls npm, which the image of Bun lacks");
    (called && reached).then(|| Line::new("apt-get update && apt-get install -y nodejs npm", why))
}

fn chromium() -> Line {
    Line::new(
        "apt-get update && apt-get install -y chromium && echo 'export CHROMIUM_FLAGS=--no-sandbox' > /etc/chromium.d/root",
        "the browser of the tests; a step runs as root, where its own sandbox refuses to start",
    )
}

fn has_dependencies(manifest: &Value) -> bool {
    manifest.at(&["dependencies"]).is_some_and(|it| !it.entries().is_empty())
}

/// True for a folder inside a project that has a manifest of its own: a package there that does nothing is material.
fn is_material(folder: Folder<'_>) -> bool {
    const ROOTS: [&str; 9] = [
        "package.json",
        "composer.json",
        "Gemfile",
        "pom.xml",
        "go.mod",
        "Cargo.toml",
        "pyproject.toml",
        "setup.py",
        "mix.exs",
    ];
    !folder.root.is_empty() && ROOTS.iter().any(|it| folder.survey.has(it))
}

/// True when there is something to load: a file that is there, or that the build makes.
fn entry(folder: Folder<'_>, manifest: &Value, built: bool) -> bool {
    let named = ["main", "module", "bin", "exports", "types"].iter().filter_map(|it| manifest.at(&[it]));
    let there = |it: &Value| match it.text() {
        Some(path) => {
            let path = path.trim_start_matches("./");
            folder.has(path) || folder.has(&format!("{path}.js")) || folder.has(&format!("{path}/index.js"))
        }
        None => true,
    };
    let mut named = named.peekable();
    if named.peek().is_none() {
        return folder.has("index.js") || folder.has("index.d.ts");
    }
    named.any(|it| built || there(it))
}

/// True for a package that others install. A program that only has a name and a version is none.
fn is_library(folder: Folder<'_>, manifest: &Value) -> bool {
    let private = manifest.text_at(&["private"]) == Some("true");
    let offers =
        ["publishConfig", "files", "exports", "types", "typings", "bin", "module", "peerDependencies"];
    let offered = offers.iter().any(|it| manifest.at(&[it]).is_some()) || folder.has(".npmignore");
    let described = manifest.at(&["keywords"]).is_some_and(|it| !it.items().is_empty());
    let started = manifest.at(&["scripts", "start"]).is_some();
    let named = manifest.text_at(&["name"]).is_some() && manifest.text_at(&["version"]).is_some();
    named
        && !private
        && (offered
            || (!started
                && (described || manifest.at(&["repository"]).is_some() || !folder.has("Dockerfile"))))
}

/// Variables without which the manager stops, because its settings name them. Public packages need no token.
fn asked(folder: Folder<'_>) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    for file in [".npmrc", ".yarnrc.yml"] {
        let text = folder.loosely(file).unwrap_or_default();
        for (number, line) in text.lines().enumerate().filter(|it| !it.1.trim_start().starts_with(['#', ';']))
        {
            let names = line.split("${").skip(1).filter_map(|it| Some(it.split_once('}')?.0));
            let plain =
                |it: &&str| !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
            for name in names.filter(plain) {
                if !found.iter().any(|it| it.name == name) {
                    let place = folder.place(file, number + 1);
                    let why = format!(
                        "{place} names it, and without it nothing is installed; public packages need no token"
                    );
                    found.push(Variable::new(name, "", why));
                }
            }
        }
    }
    found
}

/// Why a tag does not publish it: a tool of its own decides about versions, or the manifest holds none.
fn own_release(folder: Folder<'_>, manifest: &Value) -> Option<Advice> {
    let tool = manifest.at(&["devDependencies", "semantic-release"]);
    let version = manifest.at(&["version"]).filter(|it| it.text().is_some_and(|it| it.starts_with("0.0.0")));
    let value = tool.or(version)?;
    let place = folder.place("package.json", value.line);
    let what = if tool.is_some() {
        format!(
            "semantic-release decides about versions and tags, and publishes itself: no step publishes on a tag ({place})"
        )
    } else {
        format!("the version is not one that could be released: no step publishes ({place})")
    };
    let next = "call your release tool in a pipeline of its own, on the main branch, with the token of npm as a secret";
    Some(Advice::new(what, next))
}

fn members_unpublished(folder: Folder<'_>) -> Option<Advice> {
    let count = public(folder);
    let what = match count {
        0 => return None,
        1 => "a member of the workspace could be published, and no step publishes it".to_owned(),
        _ => format!("{count} members of the workspace could be published, and no step publishes them"),
    };
    let next = if folder.has(".changeset/config.json") {
        "a step that runs on a tag, such as `changeset publish`, with the token of npm as a secret"
    } else {
        "a step that runs on a tag and publishes the members, with the token of npm as a secret; or `\"private\": true`"
    };
    Some(Advice::new(what, next))
}

/// Without tests and build: at least the entry is JavaScript, or the package can be packed.
fn entry_check(folder: Folder<'_>, manifest: &Value, refused: bool) -> Line {
    let without = if refused { "its tests are not called" } else { "there are no tests yet" };
    let main = manifest.text_at(&["main"]).unwrap_or("index.js").trim_start_matches("./");
    if folder.has(main) {
        return Line::new(
            format!("node --check {}", path(main)),
            format!("{without}: at least the entry is valid"),
        );
    }
    Line::new("npm pack --dry-run", format!("{without}: at least it can be packed"))
}

/// The scripts that npm calls when it publishes, where one of them calls a manager that the image of npm lacks: the step
/// before calls them.
fn around(manifest: &Value, manager: &Manager) -> Vec<&'static str> {
    let text = |it: &&str| manifest.text_at(&["scripts", it]);
    let calls = |it: &str| it.split([' ', '&', ';', '|', '(']).any(|it| it == manager.name);
    let all = ["prepublishOnly", "prepack", "prepare"];
    if manager.name == "npm" || !all.iter().filter_map(text).any(calls) {
        return Vec::new();
    }
    // Only a modern Yarn does not call it when it installs.
    all.into_iter().filter(|it| text(it).is_some() && (*it != "prepare" || manager.modern)).collect()
}

fn without_scripts(folder: Folder<'_>, manifest: &Value, manager: &Manager, script: &str) -> Variable {
    let line = manifest.at(&["scripts", script]).map_or(0, |it| it.line);
    let place = folder.place("package.json", line);
    let why = format!(
        "{place}: `{script}` calls {}, which this image lacks; the step before has called it",
        manager.name
    );
    Variable::new("npm_config_ignore_scripts", "true", why)
}

fn publish(
    folder: Folder<'_>,
    manifest: &Value,
    manager: &Manager,
    version: &Version,
    build: Option<&Line>,
) -> Option<Publish> {
    let name = manifest.text_at(&["name"])?;
    if manager.name == "bun" {
        return None;
    }
    let version_said = "node -p 'require(\"./package.json\").version'";
    let mut commands = vec![same_version(version_said, "package.json", "npm")];
    // npm calls these itself when it packs, and they need what is installed.
    let packs =
        ["prepare", "prepack", "prepublishOnly"].iter().any(|it| manifest.at(&["scripts", it]).is_some());
    if build.is_some() || packs {
        commands.extend(install(folder, manifest, manager));
        commands.extend(build.map(|it| Line::plain(it.command.clone())));
    }
    let around = around(manifest, manager);
    commands.extend(around.iter().map(|it| Line::plain(format!("{} {it}", manager.run))));
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
        environment: around
            .first()
            .map(|it| without_scripts(folder, manifest, manager, it))
            .into_iter()
            .collect(),
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
