//! Go: modules and workspaces; `GoReleaser`, or a program beside a tag.

use crate::scaffold::detect::kit::{
    Said, after, first_line, from, github_release, make_target, no_tests, path, tool_version, version,
};
use crate::scaffold::detect::version::short;
use crate::scaffold::detect::{Component, Line, Publish, Step, Variable, Version};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] = &["go.mod", "go.work"];

const KNOWN: [&str; 16] = [
    "1.11", "1.12", "1.13", "1.14", "1.15", "1.16", "1.17", "1.18", "1.19", "1.20", "1.21", "1.22", "1.23",
    "1.24", "1.25", "1.26",
];

pub(crate) fn includes(folder: Folder<'_>) -> bool {
    folder.has("go.work")
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let manifest = folder.first(&["go.work", "go.mod"])?;
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
    let mut advice = Vec::new();
    make_target(folder, &mut advice);
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
    let lint = folder.first(&[".golangci.yml", ".golangci.yaml", ".golangci.toml"]).map(|it| {
        let tool = "go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.1.6 run";
        Line::new(tool, format!("{}: settings of golangci-lint", folder.path(it)))
    });
    let publish = publish(folder, &name, &version);
    Some(Component {
        ecosystem: "Go",
        tool: String::new(),
        score: 4 + u32::from(tests.is_some()) + if folder.has("go.sum") { 5 } else { 0 },
        evidence: vec![Fact::new(what, folder.path(manifest))],
        // A workspace has no list of its own; its modules are fetched when they are built.
        install: if manifest == "go.mod" { vec![Line::plain("go mod download")] } else { Vec::new() },
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

fn publish(folder: Folder<'_>, name: &str, version: &Version) -> Option<Publish> {
    if let Some(settings) = folder.first(&[".goreleaser.yml", ".goreleaser.yaml"]) {
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
    let build = Step {
        name: "build".into(),
        image: version.image.clone(),
        environment: vec![Variable::new(
            "CGO_ENABLED",
            "0",
            "a program that needs nothing from the machine it runs on",
        )],
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

fn by_goreleaser(folder: Folder<'_>, settings: &str) -> Publish {
    let release = Step {
        name: "release".into(),
        why: "the only step that sees the token".into(),
        image: "goreleaser/goreleaser:v2.9.0".into(),
        environment: vec![Variable::secret("GITHUB_TOKEN", "github_token")],
        commands: vec![
            Line::new("git fetch --tags", "it compares this tag with the last one, and the clone has none"),
            Line::plain("goreleaser release --clean"),
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
