//! Packages for `NuGet`, where a project says that it is one.

use crate::scaffold::detect::publish::{Answer, not_empty, nowhere, without_comments};
use crate::scaffold::detect::{Line, Publish, Step, Variable, path};
use crate::scaffold::project::Folder;

/// What only a project says that is meant to be a package: each library can be packed, few are.
const WORDS: [&str; 4] =
    ["<PackageId>", "<IsPackable>true", "<GeneratePackageOnBuild>true", "<PackAsTool>true"];

pub(crate) fn to_nuget(folder: Folder<'_>, image: &str) -> Answer {
    let says = |file: &str| {
        let text = without_comments(&folder.text(file)?);
        WORDS.iter().find(|it| text.contains(**it) && !text.contains("<IsPackable>false")).copied()
    };
    let projects = folder.files().filter(|it| it.ends_with(".csproj") || it.ends_with(".fsproj"));
    let packed: Vec<(&str, &str)> = projects.filter_map(|it| Some((it, says(it)?))).collect();
    let Some((first, word)) = packed.first() else {
        return nowhere("for NuGet, give the project that is a package a `<PackageId>`");
    };
    let key = Variable::secret("NUGET_KEY", "nuget_key");
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the key, and no code of the project runs in it".into(),
        image: image.into(),
        environment: vec![key.clone()],
        commands: vec![
            not_empty(&key),
            Line::plain("dotnet nuget push 'dist/*.nupkg' --source nuget.org --api-key \"$NUGET_KEY\""),
        ],
        ..Step::default()
    };
    Ok(Publish {
        why: format!("to NuGet, because {} describes a package", folder.place_of(first, word)),
        steps: vec![build(folder, &packed, image), publish],
        secrets: vec![("nuget_key".into(), "a key that may push this package to NuGet".into())],
    })
}

/// Packages that take the version from the tags of git.
const BY_TAGS: [&str; 2] = ["\"MinVer\"", "\"GitVersion.MsBuild\""];

/// Fetches the tags, where the version is taken from them.
fn tags(folder: Folder<'_>) -> Option<Line> {
    let asks = [
        ".csproj",
        ".fsproj",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
    ];
    let mut files = folder.files().filter(|file| asks.iter().any(|it| file.ends_with(it)));
    files.find_map(|file| {
        let text = without_comments(&folder.text(file)?);
        let word = BY_TAGS.iter().find(|it| text.contains(**it))?;
        let place = folder.place_of(file, word);
        Some(Line::new(
            "git fetch --tags",
            format!("{place}: the version comes from the tags, and the clone has none"),
        ))
    })
}

fn build(folder: Folder<'_>, packed: &[(&str, &str)], image: &str) -> Step {
    let pack = |it: &(&str, &str)| {
        Line::plain(format!("dotnet pack {} --configuration Release --output dist", path(it.0)))
    };
    let check = "test -n \"$(find dist/ -name \"*.$(echo \"$DRONE_TAG\" | sed 's/^v//').nupkg\")\" || { echo \"No package in dist/ has the version of the tag $DRONE_TAG.\"; exit 1; }";
    let reason = "NuGet takes a version once and never again: it must be the one of the tag";
    Step {
        name: "build".into(),
        image: image.into(),
        commands: tags(folder)
            .into_iter()
            .chain(packed.iter().map(pack))
            .chain([Line::new(check, reason)])
            .collect(),
        ..Step::default()
    }
}
