//! .NET: the newest of the frameworks that a solution is for, and its projects of tests.

use crate::scaffold::detect::kit::{no_tests, path, version};
use crate::scaffold::detect::publish::to_nuget;
use crate::scaffold::detect::version::{numbers, short};
use crate::scaffold::detect::{Advice, Component, Line};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] =
    &["*.sln", "*.slnx", "*.csproj", "*.fsproj", "global.json", "Directory.Build.props"];

/// The SDK to take when nobody says anything.
const USUAL: &str = "8.0";
/// What only a project of tests says.
const TESTS: [&str; 6] = [
    "Microsoft.NET.Test.Sdk",
    "MSTest.Sdk",
    "<IsTestProject>true",
    "\"xunit.v3\"",
    "\"TUnit\"",
    "\"Expecto\"",
];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let projects: Vec<&str> = folder.files().filter(|it| is_project(it)).collect();
    // Solutions hold programs of C++, too.
    if projects.is_empty() || projects.iter().all(|it| is_windows_alone(folder, it)) {
        return None;
    }
    let solution = solution(folder);
    let own = projects.iter().find(|it| !it.contains('/')).copied();
    let marker = solution.or(own).or_else(|| folder.first(&["global.json", "Directory.Build.props"]))?;
    let tests: Vec<&str> = projects.iter().copied().filter(|it| is_test(folder, it)).collect();
    let (tag, why) = sdk(folder, &projects, marker);
    let image = format!("mcr.microsoft.com/dotnet/sdk:{tag}");
    let target = target(folder, marker);
    let mut advice = Vec::new();
    let (install, test) = match tests.first() {
        None => (
            vec![Line::plain(format!("dotnet restore{target}"))],
            vec![Line::new(
                format!("dotnet build --no-restore{target}"),
                "there are no tests yet: at least it compiles",
            )],
        ),
        Some(first) if solution.is_some() && frameworks(folder, first).len() < 2 => (
            vec![Line::plain(format!("dotnet restore{target}"))],
            vec![Line::new(
                format!("dotnet test --no-restore{target}"),
                format!("{}: a project of tests", folder.path(first)),
            )],
        ),
        Some(_) => (Vec::new(), tests.iter().map(|it| one(folder, it, &mut advice)).collect()),
    };
    if let Some(project) =
        projects.iter().find(|it| folder.loosely(it).is_some_and(|it| it.contains("-windows<")))
    {
        let what =
            format!("what is built for Windows alone does not start on Linux ({})", folder.path(project));
        advice.push(Advice::new(
            what,
            "for those tests, a pipeline with `platform: { os: windows }` and a runner there",
        ));
    }
    if tests.is_empty() {
        advice.push(no_tests("it compiles", "dotnet new xunit -o Tests, and add it to the solution"));
    }
    let component = Component {
        ecosystem: ".NET",
        tool: "dotnet".into(),
        name: solution
            .or(own)
            .and_then(|it| it.rsplit_once('.'))
            .map_or_else(|| folder.name(), |it| it.0.to_owned()),
        score: 5,
        evidence: vec![Fact::new(
            if marker.contains("proj") || marker.contains(".sln") {
                "a solution or project of .NET"
            } else {
                "settings of .NET, for the projects below"
            },
            folder.path(marker),
        )],
        install,
        tested: !tests.is_empty(),
        test,
        advice,
        versions: vec![version(".net", &tag, &image, &why)],
        ..Component::default()
    };
    let published = to_nuget(folder, &image);
    let application = projects.iter().any(|it| {
        folder.loosely(it).is_some_and(|it| {
            it.contains("Microsoft.NET.Sdk.Web")
                || it.contains("<OutputType>Exe")
                || it.contains("<OutputType>WinExe")
        })
    });
    Some(if published.is_err() && application { component } else { component.published(published) })
}

/// A project in the old form: only the tools of Windows build it.
fn is_windows_alone(folder: Folder<'_>, project: &str) -> bool {
    folder
        .loosely(project)
        .is_some_and(|it| it.contains("<TargetFrameworkVersion>v") && !it.contains("Sdk=\""))
}

fn is_project(path: &str) -> bool {
    [".csproj", ".fsproj", ".vbproj"].iter().any(|it| path.ends_with(it))
}

/// The solution: of several, the one with the shortest name.
fn solution(folder: Folder<'_>) -> Option<&str> {
    folder.names().filter(|it| it.ends_with(".sln") || it.ends_with(".slnx")).min_by_key(|it| it.len())
}

/// What a command is told, where a folder holds several that it could mean.
fn target(folder: Folder<'_>, marker: &str) -> String {
    let several =
        folder.names().filter(|it| it.ends_with(".sln") || it.ends_with(".slnx") || is_project(it)).count()
            > 1;
    if several { format!(" {}", path(marker)) } else { String::new() }
}

fn is_test(folder: Folder<'_>, project: &str) -> bool {
    let Some(text) = folder.loosely(project) else { return false };
    let name = project.rsplit('/').next().and_then(|it| it.rsplit_once('.')).map_or("", |it| it.0);
    let named = name.ends_with("Tests") || name.ends_with(".Test");
    // What all projects share may stand in a file above them.
    let framework = ["xunit", "nunit", "MSTest"]
        .iter()
        .any(|it| text.to_ascii_lowercase().contains(&it.to_ascii_lowercase()));
    TESTS.iter().any(|it| text.contains(it)) || (named && framework)
}

/// The frameworks that this project is for and that run on Linux: `net8.0` → 8.0; oldest first.
fn frameworks(folder: Folder<'_>, project: &str) -> Vec<Vec<u32>> {
    let Some(text) = folder.loosely(project) else { return Vec::new() };
    let lists = ["<TargetFramework>", "<TargetFrameworks>"].iter();
    let named = lists.flat_map(|tag| text.split(tag).skip(1)).filter_map(|it| it.split('<').next());
    let of = |it: &str| {
        let rest = it.trim().strip_prefix("netcoreapp").or_else(|| it.trim().strip_prefix("net"))?;
        numbers(rest).filter(|it| it.len() > 1 && it[0] < 40)
    };
    let mut found: Vec<Vec<u32>> = named.flat_map(|it| it.split(';')).filter_map(of).collect();
    found.sort();
    found.dedup();
    found
}

/// The SDK, as a tag: what `global.json` says, else the newest framework that something is for.
fn sdk(folder: Folder<'_>, projects: &[&str], marker: &str) -> (String, String) {
    let written = |it: &Vec<u32>| it.iter().take(2).map(u32::to_string).collect::<Vec<_>>().join(".");
    let shared = folder.has("Directory.Build.props").then_some("Directory.Build.props");
    let all = projects.iter().copied().chain(shared);
    let newest = all
        .filter_map(|it| Some((frameworks(folder, it).pop()?, it)))
        .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
    let global = folder.value("global.json");
    let named = global.as_ref().and_then(|it| it.at(&["sdk", "version"]));
    if let Some((named, text)) = named.and_then(|it| Some((it, it.text()?))) {
        let place = folder.place("global.json", named.line);
        let forward =
            global.as_ref().and_then(|it| it.text_at(&["sdk", "rollForward"])).unwrap_or("latestPatch");
        // Another band of features than the one that is named is refused.
        let strict = matches!(forward, "disable" | "patch" | "latestPatch")
            && numbers(text).is_some_and(|it| it.len() > 2 && it[2] > 0);
        let asked = numbers(text).unwrap_or_default();
        let older = newest.as_ref().is_some_and(|it| it.0[..] > asked[..asked.len().min(2)]);
        if strict && !older {
            return (text.to_owned(), place);
        }
        if let Some(number) = short(text, 2).filter(|_| !older) {
            return (number, place);
        }
    }
    match newest {
        Some((number, project)) => (written(&number), folder.place_of(project, "<TargetFramework")),
        None if marker.ends_with(".slnx") => {
            ("9.0".into(), format!("{}: the first that reads it", folder.path(marker)))
        }
        None => (USUAL.into(), "no file names a version: a recent one".into()),
    }
}

/// The tests of one project, on the newest of its frameworks.
fn one(folder: Folder<'_>, project: &str, advice: &mut Vec<Advice>) -> Line {
    let all = frameworks(folder, project);
    let why = format!("{}: a project of tests", folder.path(project));
    let other = folder.loosely(project).is_some_and(|it| it.contains("net4"));
    match all.last().filter(|_| all.len() > 1 || other) {
        Some(last) => {
            let newest = format!("net{}.{}", last[0], last[1]);
            if advice.is_empty() {
                advice.push(Advice::new(
                    format!("the tests are for several frameworks, and the image has only the newest: they run on {newest}"),
                    "for the others, copy the pipeline with their SDK; those of the .NET Framework need Windows",
                ));
            }
            Line::new(format!("dotnet test {} --framework {newest}", path(project)), why)
        }
        None => Line::new(format!("dotnet test {}", path(project)), why),
    }
}
