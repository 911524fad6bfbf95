//! Go: modules and workspaces; `GoReleaser`, or a program beside a tag.

use crate::scaffold::detect::kit::{
    Said, after, first_line, from, github_release, harmful_target, no_tests, path, starts_containers,
    submodules, tool_version, version,
};
use crate::scaffold::detect::libraries::{self, Asked};
use crate::scaffold::detect::version::{Tilde, allows, short};
use crate::scaffold::detect::{
    Advice, Component, Line, Publish, Step, Variable, Version, elsewhere, programs,
};
use crate::scaffold::project::{Fact, Folder, Value};

pub(crate) const MARKERS: &[&str] = &["go.mod", "go.work", "*.go"];

const KNOWN: [&str; 16] = [
    "1.11", "1.12", "1.13", "1.14", "1.15", "1.16", "1.17", "1.18", "1.19", "1.20", "1.21", "1.22", "1.23",
    "1.24", "1.25", "1.26",
];

pub(crate) fn includes(folder: Folder<'_>) -> bool {
    folder.has("go.work")
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let Some(manifest) = folder.first(&["go.work", "go.mod"]) else { return without_module(folder) };
    if !has_packages(folder, manifest) {
        return None;
    }
    let module = after(folder, "go.mod", "module ", &[' ', '\n']).map(|it| it.0);
    let name =
        module.as_ref().and_then(|it| it.rsplit('/').next()).map_or_else(|| folder.name(), str::to_owned);
    let what = if manifest == "go.mod" {
        format!("the module `{}`", module.as_deref().unwrap_or(&name))
    } else {
        "a workspace of modules".into()
    };
    let version = go(folder, manifest);
    let tests = folder.files().find(|it| it.ends_with("_test.go"));
    let all = packages(folder, manifest);
    let mut advice: Vec<Advice> = harmful_target(folder).into_iter().collect();
    let test = match tests {
        Some(test) => Line::new(format!("go test {all}"), format!("{}: a test", folder.path(test))),
        None => Line::new(format!("go build {all}"), "there are no tests yet: at least it compiles"),
    };
    if tests.is_none() {
        advice.push(no_tests(
            "it compiles",
            "a file first_test.go with `func TestFirst(t *testing.T)`, beside the code",
        ));
    }
    let lint = golangci(folder);
    let c = calling_c(folder);
    let (library, unknown) = c_install(folder, &c);
    advice.extend(unknown);
    advice.extend(containers(folder));
    let compiled = !c.is_empty() || library.is_some() || brings_c(folder);
    let foreign = foreign_hook(folder);
    advice.extend(foreign.as_ref().map(not_released));
    let mut publish = publish(folder, &name, &version, compiled).filter(|_| foreign.is_none());
    if let (Some(publish), Some(line)) = (&mut publish, &library) {
        let builds = publish.steps.iter_mut().filter(|it| it.name == "build");
        builds.for_each(|it| it.commands.insert(0, Line::plain(&line.command)));
    }
    let skipped = publish.as_ref().and_then(|_| without_docker(folder));
    advice.extend(skipped);
    let mut install: Vec<Line> = submodules(folder).into_iter().chain(library).collect();
    // A workspace has no list of its own; its modules are fetched when they are built.
    install.extend((manifest == "go.mod").then(|| Line::plain("go mod download")));
    Some(Component {
        ecosystem: "Go",
        tool: String::new(),
        score: 4 + u32::from(tests.is_some()) + if folder.has("go.sum") { 5 } else { 0 },
        evidence: vec![Fact::new(what, folder.path(manifest))],
        install,
        test: vec![Line::plain(format!("go vet {all}")), test],
        lint: lint.into_iter().collect(),
        tested: tests.is_some(),
        publish,
        versions: vec![version],
        name,
        advice,
        ..Component::default()
    })
}

/// False for a module that only keeps a list of tools, or scripts that are called one by one: `go vet ./...` finds no package.
fn has_packages(folder: Folder<'_>, manifest: &str) -> bool {
    let left_out = |text: &str| {
        let mut head = text.lines().take_while(|it| !it.starts_with("package "));
        head.any(|it| {
            let rule =
                it.strip_prefix("//go:build ").or_else(|| it.strip_prefix("// +build ")).unwrap_or_default();
            rule.split(['&', ' ', ',']).any(|it| matches!(it, "ignore" | "tools" | "never"))
        })
    };
    let mut code = folder.files().filter(|it| it.ends_with(".go")).peekable();
    manifest == "go.work" || code.any(|it| folder.loosely(it).is_some_and(|it| !left_out(&it)))
}

/// The linter that the settings are written for: those of version 2 say so, and each refuses the settings of the other.
fn golangci(folder: Folder<'_>) -> Option<Line> {
    let names = [".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"];
    let name = folder.first(&names)?;
    let text = folder.loosely(name)?;
    let second = text.lines().any(|line| {
        let line = line.trim().replace(['"', '\'', ' ', ','], "");
        matches!(line.as_str(), "version:2" | "version=2")
    });
    let (module, usual) = if second { ("v2/cmd", "2.1.6") } else { ("cmd", "1.64.8") };
    let which = if second { "" } else { " before version 2" };
    let settings = format!("{}: settings of golangci-lint{which}", folder.path(name));
    let run = |version: &str| {
        format!("go run github.com/golangci/golangci-lint/{module}/golangci-lint@v{version} run")
    };
    // No Go that is maintained compiles those before 1.62.
    let range = if second { "^2" } else { ">=1.62, <2" };
    let named = elsewhere::of_action(folder, "golangci/golangci-lint-action@")
        .or_else(|| elsewhere::whole(folder, &["GOLANGCI_LINT_VERSION"]));
    Some(match named.filter(|it| allows(range, &it.0, Tilde::Minor)) {
        // It may be written for a newer Go than the module.
        Some((version, place)) => Line::new(
            format!("GOTOOLCHAIN=auto {}", run(&version)),
            format!("{settings}; {place}: its version, with the Go that it needs"),
        ),
        None => Line::new(run(usual), settings),
    })
}

/// Code from before there were modules: it gets one while it is tested, and the advice to keep it.
fn without_module(folder: Folder<'_>) -> Option<Component> {
    let code = folder.names().find(|it| it.ends_with(".go") && !it.ends_with("_test.go"))?;
    // What lies below a module belongs to it.
    let own = folder.path("go.mod") == "go.mod" && !folder.files().any(|it| it.ends_with("/go.mod"));
    if !own {
        return None;
    }
    let name = folder.name();
    let test = folder.files().find(|it| it.ends_with("_test.go"));
    let test_line = match test {
        Some(test) => Line::new("go test ./...", format!("{}: a test", folder.path(test))),
        None => Line::new("go build ./...", "there are no tests yet: at least it compiles"),
    };
    let no_module = Advice::new(
        "there is no go.mod, so each build takes the newest versions of all that is imported",
        "go mod init ADDRESS && go mod tidy, where ADDRESS is that of the repository; commit go.mod and go.sum",
    );
    let first = "a file first_test.go with `func TestFirst(t *testing.T)`, beside the code";
    Some(Component {
        ecosystem: "Go",
        score: 2 + u32::from(test.is_some()),
        evidence: vec![Fact::new("code in Go, and no module", folder.path(code))],
        install: vec![Line::new(
            format!("go mod init {} && go mod tidy", path(&name)),
            "there is no go.mod: it is made for this build",
        )],
        test: vec![Line::plain("go vet ./..."), test_line],
        tested: test.is_some(),
        versions: vec![version(
            "go",
            "1.25",
            "golang:1.25",
            "no file names a version: the oldest that is maintained",
        )],
        name,
        advice: std::iter::once(no_module)
            .chain(test.is_none().then(|| no_tests("it compiles", first)))
            .collect(),
        ..Component::default()
    })
}

/// How a line begins that takes files into a program.
pub(crate) const EMBEDS: &str = "//go:embed ";

/// The files in which Go calls C; those that embed others are kept on the way. All code is read once, but tests, which may
/// not call C, and what other systems compile.
fn calling_c(folder: Folder<'_>) -> Vec<&str> {
    let calls = |it: &&str| {
        let text = folder.loosely(it).unwrap_or_default();
        if text.contains(EMBEDS) {
            folder.survey.embeds(folder.path(it));
        }
        text.contains("import \"C\"") && text.lines().any(|it| it.trim() == "import \"C\"")
    };
    folder.files().filter(|it| is_compiled(it)).filter(calls).collect()
}

/// False for a test, and for what other systems compile.
fn is_compiled(file: &str) -> bool {
    const LEFT_OUT: [&str; 5] = ["_test.go", "_windows.go", "_darwin.go", "_freebsd.go", "_js.go"];
    file.ends_with(".go") && !LEFT_OUT.iter().any(|end| file.ends_with(end))
}

/// The libraries in C that these files are built on.
fn c_libraries(folder: Folder<'_>, files: &[&str]) -> Vec<Asked> {
    let mut asked = Vec::new();
    for file in files {
        let Some(text) = folder.loosely(file).filter(|it| it.contains("#cgo") && !on_demand(it)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let Some((condition, words)) = line.split_once("#cgo").and_then(|it| it.1.split_once(':')) else {
                continue;
            };
            let other = ["windows", "darwin", "freebsd", "openbsd", "netbsd", "android", "ios"];
            if condition.split_whitespace().any(|it| other.contains(&it)) {
                continue;
            }
            let place = folder.place(file, number + 1);
            let modules = condition.contains("pkg-config");
            let name = |it: &str| {
                if modules { Some(it.to_owned()) } else { it.strip_prefix("-l").map(str::to_owned) }
            };
            let names =
                words.split_whitespace().filter(|it| !modules || !it.starts_with('-')).filter_map(name);
            asked.extend(names.filter(|it| !of_the_system(it)).map(|it| Asked::new(it, &place, true)));
        }
    }
    asked
}

/// Modules around a library in C that the code imports: they are compiled against it, too.
fn around_c(folder: Folder<'_>) -> impl Iterator<Item = Asked> {
    let manifest = folder.text("go.mod").unwrap_or_else(|| "".into());
    // What is imported may lie below its module.
    let asked = move |it: &&str| {
        it.match_indices('/')
            .nth(2)
            .map_or(Some(*it), |end| it.get(..end.0))
            .is_some_and(|it| manifest.contains(it))
    };
    libraries::modules().filter(asked).filter_map(move |module| {
        let imports = |line: &str| {
            let behind = line.split_once('"').and_then(|it| it.1.strip_prefix(module));
            behind.is_some_and(|it| it.starts_with(['"', '/']))
        };
        folder.files().filter(|it| it.ends_with(".go")).find_map(|file| {
            let text = folder.loosely(file).filter(|it| it.contains(module))?;
            let line = text.lines().position(imports)?;
            Some(Asked::new(module, folder.place(file, line + 1), true))
        })
    })
}

/// True when a module of the list brings C of its own: without a compiler it ends when it is called.
fn brings_c(folder: Folder<'_>) -> bool {
    const MODULES: [&str; 6] = [
        "github.com/confluentinc/confluent-kafka-go",
        "github.com/duckdb/duckdb-go",
        "github.com/marcboeker/go-duckdb",
        "github.com/mattn/go-sqlite3",
        "github.com/tree-sitter/go-tree-sitter",
        "rogchap.com/v8go",
    ];
    let text = folder.text("go.mod").unwrap_or_else(|| "".into());
    text.lines()
        .filter(|it| !it.contains("// indirect"))
        .any(|line| line.split_whitespace().any(|it| MODULES.iter().any(|own| it.starts_with(own))))
}

/// True for a file that is built when somebody asks for it by a tag of the project: `//go:build icu`.
pub(super) fn on_demand(text: &str) -> bool {
    const USUAL: [&str; 9] = ["amd64", "arm64", "cgo", "gc", "linux", "unix", "darwin", "windows", "freebsd"];
    let mut head = text.lines().take_while(|it| !it.starts_with("package "));
    head.any(|it| {
        let rule =
            it.strip_prefix("//go:build ").or_else(|| it.strip_prefix("// +build ")).unwrap_or_default();
        let own = |it: &str| !it.starts_with('!') && !it.starts_with("go1") && !USUAL.contains(&it);
        rule.split(['&', '|', '(', ')', ' ', ',']).filter(|it| !it.is_empty()).any(own)
    })
}

/// Libraries that every compiler has.
fn of_the_system(name: &str) -> bool {
    matches!(name, "c" | "dl" | "gcc" | "m" | "pthread" | "resolv" | "rt" | "stdc++" | "util")
}

/// Installs them; what is not known is said.
fn c_install(folder: Folder<'_>, files: &[&str]) -> (Option<Line>, Option<Advice>) {
    let asked: Vec<Asked> = c_libraries(folder, files).into_iter().chain(around_c(folder)).collect();
    let (known, unknown) = libraries::packages(&asked);
    let names: Vec<&str> = known.iter().map(|it| it.0).collect();
    let line = known.first().map(|first| {
        Line::new(
            format!("apt-get update && apt-get install -y {}", names.join(" ")),
            format!("{}: a library in C", first.1),
        )
    });
    let advice = unknown.first().map(|it| {
        Advice::new(
            format!("it is built on the library `{}` in C, which the image may lack ({})", it.name, it.place),
            "install it in each step that compiles, before anything else: apt-get update && apt-get install -y NAME-dev",
        )
    });
    (line, advice)
}

/// `./...`, or the modules of the workspace.
fn packages(folder: Folder<'_>, manifest: &str) -> String {
    if manifest != "go.work" {
        return "./...".into();
    }
    let text = folder.text("go.work");
    let used = |line: &str| {
        let word = line.trim().trim_start_matches("use").trim();
        let inside = word.trim_start_matches("./");
        (word == "." || word.starts_with("./"))
            .then(|| if word == "." { "./...".into() } else { format!("./{}/...", path(inside)) })
    };
    let found: Vec<String> = text.iter().flat_map(|it| it.lines()).filter_map(used).collect();
    if found.is_empty() { "./...".into() } else { found.join(" ") }
}

/// The oldest Go that is maintained and that the module allows: newer ones build older modules.
fn go(folder: Folder<'_>, manifest: &str) -> Version {
    let image = |it: &str| format!("golang:{it}");
    let toolchain = after(folder, manifest, "toolchain go", &[' ']);
    let directive = || {
        let text = folder.text(manifest)?;
        let (number, line) = text.lines().enumerate().find(|it| it.1.starts_with("go "))?;
        Some((line[3..].trim().to_owned(), folder.place(manifest, number + 1)))
    };
    let said: Option<Said> = toolchain
        .or_else(directive)
        .or_else(|| first_line(folder, ".go-version"))
        .or_else(|| tool_version(folder, "golang"));
    let asked = said.and_then(|(text, place)| Some((short(&text, 2)?, place)));
    let (number, why) = match &asked {
        Some((bound, place)) => match from(bound, &KNOWN, image) {
            Some(number) if number == *bound => (number, place.clone()),
            Some(number) => {
                (number, format!("{place} asks for {bound} or later; this is the oldest that is maintained"))
            }
            None => (bound.clone(), place.clone()),
        },
        None => ("1.25".into(), "no file names a version: the oldest that is maintained".into()),
    };
    version("go", &number, image(&number), &why)
}

fn publish(folder: Folder<'_>, name: &str, version: &Version, c: bool) -> Option<Publish> {
    if let Some(settings) = folder.first(&GORELEASER) {
        return Some(by_goreleaser(folder, settings));
    }
    let root = folder.has("main.go");
    let command = folder.files().find(|it| it.starts_with("cmd/") && it.ends_with("/main.go"));
    let target = match (root, command) {
        (true, _) => ".".to_owned(),
        (false, Some(file)) => format!("./{}", path(file.trim_end_matches("/main.go"))),
        (false, None) => return None,
    };
    let place = if root { folder.path("main.go") } else { folder.path(command.unwrap_or_default()) };
    let alone = Variable::new("CGO_ENABLED", "0", "a program that needs nothing from the machine it runs on");
    let build = Step {
        name: "build".into(),
        image: version.image.clone(),
        environment: if c { Vec::new() } else { vec![alone] },
        commands: vec![Line::plain(format!("go build -trimpath -o dist/{} {target}", path(name)))],
        ..Step::default()
    };
    let (release, secret) = github_release("dist/*");
    Some(Publish {
        why: format!("beside the tag, because {place} makes a program"),
        steps: vec![build, release],
        secrets: vec![secret],
    })
}

/// What `GoReleaser` would do that a step cannot: there is no Docker daemon in it, no key, and no other programs.
const CANNOT: [(&str, &str); 4] =
    [("dockers", "docker"), ("dockers_v2", "docker"), ("signs", "sign"), ("snapcrafts", "snapcraft")];

fn left_out(folder: Folder<'_>, settings: &str) -> Vec<&'static str> {
    let text = folder.loosely(settings).unwrap_or_default();
    let asked = |key: &str| text.lines().any(|it| it.trim_end() == format!("{key}:"));
    let mut parts: Vec<_> = CANNOT.into_iter().filter(|it| asked(it.0)).map(|it| it.1).collect();
    parts.dedup();
    parts
}

fn without_docker(folder: Folder<'_>) -> Option<Advice> {
    let settings = folder.first(&GORELEASER)?;
    let parts = left_out(folder, settings);
    (!parts.is_empty()).then(|| {
        Advice::new(
            format!("{} asks for {}, which a step cannot do: the release goes without", folder.path(settings), parts.join(" and ")),
            "build an image with plugins/docker; for a signature, give a key as a secret and take the word out of --skip",
        )
    })
}

/// Tests that start containers need a Docker daemon, which a step does not have.
fn containers(folder: Folder<'_>) -> Option<Advice> {
    let text = folder.loosely("go.mod")?;
    let library = |it: &str| it.contains("testcontainers/testcontainers-go") || it.contains("ory/dockertest");
    let line = text.lines().position(|it| library(it) && !it.contains("// indirect"))?;
    Some(starts_containers(&folder.place("go.mod", line + 1)))
}

/// Programs beside those of every system that the image of `GoReleaser` has.
const IN_GORELEASER: [&str; 15] = [
    "bash", "cosign", "curl", "docker", "gcc", "git", "go", "gofmt", "gpg", "ko", "make", "sh", "ssh",
    "syft", "upx",
];

/// A hook of `GoReleaser` that calls a program which its image lacks: the program and the line.
fn foreign_hook(folder: Folder<'_>) -> Option<(String, String)> {
    let settings = folder.first(&GORELEASER)?;
    let value = folder.survey.guessed(&folder.path(settings))?;
    let builds = value.at(&["builds"]).map_or(&[][..], Value::items).iter();
    let around = ["before", "after"].iter().filter_map(|it| value.at(&[it, "hooks"]));
    let inside = builds.filter_map(|it| it.at(&["hooks"])).flat_map(Value::entries).map(|it| &it.1);
    let hooks: Vec<&Value> = around.chain(inside).flat_map(each).collect();
    let text = |it: &Value| it.text().or_else(|| it.text_at(&["cmd"])).map(str::to_owned);
    let all: String = hooks.iter().filter_map(|it| text(it)).collect::<Vec<_>>().join("\n");
    hooks.iter().find_map(|hook| {
        let called = programs::foreign(folder, &text(hook)?, &IN_GORELEASER);
        // What go itself installs is there.
        let name =
            called.into_iter().find(|it| !all.contains("go install") || !all.contains(&format!("/{it}@")))?;
        Some((name, folder.place(settings, hook.line)))
    })
}

/// The items of a list, or the value itself.
fn each(value: &Value) -> Vec<&Value> {
    if value.items().is_empty() { vec![value] } else { value.items().iter().collect() }
}

fn not_released((program, place): &(String, String)) -> Advice {
    Advice::new(
        format!("GoReleaser calls `{program}`, which its image does not have: no step publishes ({place})"),
        "make an image that has it, and write a step that calls `goreleaser release` in that; or take the hook out",
    )
}

const GORELEASER: [&str; 4] = [".goreleaser.yml", ".goreleaser.yaml", "goreleaser.yml", "goreleaser.yaml"];

fn by_goreleaser(folder: Folder<'_>, settings: &str) -> Publish {
    // Each refuses the settings of the other.
    let second =
        folder.loosely(settings).is_some_and(|it| it.lines().any(|it| it.trim_end() == "version: 2"));
    let parts = left_out(folder, settings);
    let skip = if parts.is_empty() { String::new() } else { format!(" --skip={}", parts.join(",")) };
    let release = Step {
        name: "release".into(),
        why: "the only step that sees the token".into(),
        image: if second { "goreleaser/goreleaser:v2.9.0" } else { "goreleaser/goreleaser:v1.26.2" }.into(),
        environment: vec![Variable::secret("GITHUB_TOKEN", "github_token")],
        commands: vec![
            Line::new("git fetch --tags", "it compares this tag with the last one, and the clone has none"),
            Line::plain(format!("goreleaser release --clean{skip}")),
        ],
        ..Step::default()
    };
    Publish {
        why: format!("with GoReleaser, as {} says", folder.path(settings)),
        steps: vec![release],
        secrets: vec![(
            "github_token".into(),
            "a token that may write releases; puts files beside a tag".into(),
        )],
    }
}
