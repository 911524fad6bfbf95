//! The files that describe packages of Deno, Ruby, PHP, Elixir, Java, .NET, R and Go → their names, as far as they stand there as plain
//! text. What is a program is read, and never run.

use roxmltree::Document;
use serde_json::Value;

use crate::badge::readme::folder::Folder;
use crate::badge::readme::package::Package;
use crate::badge::readme::registry::Registry;

/// Every package that these files describe; at most one for each registry.
pub(super) fn read(folder: &Folder) -> impl Iterator<Item = Package> {
    let of = [deno, gemspec, composer, mix, pom, dotnet, description, go];
    of.into_iter().filter_map(|it| it(folder))
}

/// JSR takes a name with a scope.
fn deno(folder: &Folder) -> Option<Package> {
    let name = ["deno.json", "jsr.json"].into_iter().find(|it| folder.has(it))?;
    let file: Value = serde_json::from_str(&folder.text(name)?).ok()?;
    let text = |key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
    let package = text("name").filter(|it| it.starts_with('@') && file.get("exports").is_some())?;
    Some(Package { licence: text("license"), ..Package::new(Registry::Jsr, &package, name) })
}

fn gemspec(folder: &Folder) -> Option<Package> {
    let file = folder.names().into_iter().find(|it| it.ends_with(".gemspec"))?;
    let text = folder.text(&file)?;
    let value = |key: &str| assigned(&text, &format!(".{key}"));
    let mut package = Package::new(Registry::RubyGems, &value("name")?, &file);
    package.licence = value("license").or_else(|| value("licenses"));
    package.addresses = value("homepage").into_iter().collect();
    Some(package)
}

/// What is called a project is no library: nobody requires it.
fn composer(folder: &Folder) -> Option<Package> {
    let file: Value = serde_json::from_str(&folder.text("composer.json")?).ok()?;
    let text = |key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut package = Package::new(Registry::Packagist, &text("name")?, "composer.json");
    package.private = text("type").as_deref() == Some("project");
    package.licence = text("license");
    package.addresses = text("homepage").into_iter().collect();
    Some(package)
}

/// Only what describes itself as a package is one.
fn mix(folder: &Folder) -> Option<Package> {
    let text = folder.text("mix.exs").filter(|it| it.contains("package"))?;
    let app = text.split_once("app:")?.1.trim_start().strip_prefix(':')?;
    let end = app.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_'))?;
    let package = text.split_once("licenses:").and_then(|it| quoted(it.1.trim_start().strip_prefix('[')?));
    Some(Package { licence: package, ..Package::new(Registry::Hex, &app[..end], "mix.exs") })
}

/// `groupId:artifactId`, where a group may be the parent's.
fn pom(folder: &Folder) -> Option<Package> {
    let text = folder.text("pom.xml")?;
    let document = Document::parse(&text).ok()?;
    let root = document.root_element();
    let child = |of: roxmltree::Node<'_, '_>, name: &str| {
        let found = of.children().find(|it| it.tag_name().name() == name)?;
        found.text().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty() && !it.contains('$'))
    };
    // It only holds others together.
    if child(root, "packaging").as_deref() == Some("pom") {
        return None;
    }
    let parent = root.children().find(|it| it.tag_name().name() == "parent");
    let group = child(root, "groupId").or_else(|| child(parent?, "groupId"))?;
    let name = format!("{group}:{}", child(root, "artifactId")?);
    // What sends it there is a plugin that only Maven Central has.
    let sent = ["central-publishing-maven-plugin", "nexus-staging-maven-plugin", "s01.oss.sonatype.org"];
    let by = sent.iter().any(|it| text.contains(it)).then(|| Registry::Maven.page(&name));
    Some(Package { addresses: by.into_iter().collect(), ..Package::new(Registry::Maven, &name, "pom.xml") })
}

/// The first project that says something about itself as a package; others are programs, and tests.
fn dotnet(folder: &Folder) -> Option<Package> {
    const SAID: [&str; 4] = ["PackageId", "PackageLicenseExpression", "PackAsTool", "GeneratePackageOnBuild"];
    let project = |it: &String| it.ends_with(".csproj") || it.ends_with(".fsproj");
    let mut files = folder.names().into_iter().filter(project).peekable();
    let below = if files.peek().is_some() { Vec::new() } else { folder.below() };
    files.chain(below.into_iter().filter(project)).find_map(|file| {
        let text = folder.text(&file)?;
        let document = Document::parse(&text).ok()?;
        // What is computed is not known.
        let value = |name: &str| {
            let found = document.descendants().find(|it| it.tag_name().name() == name)?;
            found.text().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty() && !it.contains('$'))
        };
        let no = |name: &str| value(name).is_some_and(|it| it.eq_ignore_ascii_case("false"));
        if no("IsPackable") || SAID.iter().all(|it| value(it).is_none() || no(it)) {
            return None;
        }
        let stem = file.rsplit('/').next()?.rsplit_once('.')?.0;
        let name = value("PackageId").or_else(|| value("AssemblyName")).unwrap_or_else(|| stem.to_owned());
        let mut package = Package::new(Registry::NuGet, &name, &file);
        package.licence = value("PackageLicenseExpression");
        package.addresses = value("PackageProjectUrl").into_iter().collect();
        Some(package)
    })
}

/// `DESCRIPTION` of R: `MIT + file LICENSE` is that licence, and the file only has the names.
fn description(folder: &Folder) -> Option<Package> {
    let text = folder.text("DESCRIPTION")?;
    let value =
        |key: &str| text.lines().find_map(|it| it.strip_prefix(key)?.strip_prefix(':')).map(str::trim);
    let mut package = Package::new(Registry::Cran, value("Package")?, "DESCRIPTION");
    package.licence = value("License").and_then(|it| it.split([' ', '|']).next()).map(str::to_owned);
    package.licence = package.licence.filter(|it| it != "file");
    package.addresses = value("URL").iter().flat_map(|it| it.split([' ', ','])).map(str::to_owned).collect();
    Some(package)
}

fn go(folder: &Folder) -> Option<Package> {
    let text = folder.text("go.mod")?;
    let name = text.lines().find_map(|it| it.trim().strip_prefix("module "))?;
    let name = name.split("//").next()?.trim().trim_matches('"');
    let host = name.split('/').next()?;
    host.contains('.').then(|| Package::new(Registry::Go, name, "go.mod"))
}

/// `KEY = "value"`, in Ruby.
fn assigned(text: &str, key: &str) -> Option<String> {
    text.match_indices(key).find_map(|(at, _)| {
        let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
        let value = text[at + key.len()..].trim_start_matches([' ', '\t']).strip_prefix('=')?;
        let said = !text[line..at].trim_start().starts_with('#');
        said.then(|| quoted(value.trim_start().trim_start_matches('[')))?
    })
}

/// The text in quotes at the beginning; one in which something is computed is none.
fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let (inside, _) = text[1..].split_once(quote)?;
    (!inside.is_empty() && !inside.contains(['\\', '\n', '#'])).then(|| inside.to_owned())
}
