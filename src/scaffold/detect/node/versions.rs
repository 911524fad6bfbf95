//! What a package says about Node.js → the versions that it is tested on, with their images. A package that others
//! install keeps a promise on all of them, so both ends are tested; a program runs on one.

use crate::scaffold::detect::Version;
use crate::scaffold::detect::elsewhere::Keys;
use crate::scaffold::detect::kit::{Said, first_line, tool_version, version};
use crate::scaffold::detect::node::manager::Manager;
use crate::scaffold::detect::promise::Language;
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::project::{Folder, Value};

/// The one to take when nobody says anything.
const USUAL: &str = "24";
/// The Bun to take when nobody says anything.
const BUN: &str = "1.2";

/// The versions are those with long support.
const NODE: Language = Language {
    known: &["8", "10", "12", "14", "16", "18", "20", "22", "24"],
    image: "node",
    tilde: Tilde::Minor,
    parts: 1,
    support: " with long support",
    keys: Keys {
        words: &["node-version", "node-versions", "node_version", "node", "nodejs", "NODE_VERSION"],
        travis: "node_js",
    },
};

/// Packages that are compiled while they are installed, where no file fits the machine.
const COMPILED: [&str; 21] = [
    "argon2",
    "bcrypt",
    "better-sqlite3",
    "bufferutil",
    "canvas",
    "cpu-features",
    "deasync",
    "isolated-vm",
    "leveldown",
    "nan",
    "node-addon-api",
    "node-gyp",
    "node-pty",
    "node-sass",
    "re2",
    "serialport",
    "sqlite3",
    "usb",
    "utf-8-validate",
    "windows-build-tools",
    "zeromq",
];

pub(super) fn versions(
    folder: Folder<'_>,
    manifest: &Value,
    manager: &Manager,
    library: bool,
) -> Vec<Version> {
    if manager.name == "bun" {
        return vec![bun(folder, manifest, manager)];
    }
    let (ending, need) = match compiled(folder, manifest) {
        Some(need) => ("", format!("; not the slim image: {need}")),
        None => ("-slim", String::new()),
    };
    let image = |it: &str| format!("node:{it}{ending}");
    let one = |(number, why): Said| version("node", &number, image(&number), &format!("{why}{need}"));
    numbers(folder, manifest, library).into_iter().map(one).collect()
}

/// The numbers with their reasons, oldest first.
fn numbers(folder: Folder<'_>, manifest: &Value, library: bool) -> Vec<Said> {
    let of_value = |path: &[&str]| {
        let value = manifest.at(path)?;
        Some((value.text()?.to_owned(), folder.place("package.json", value.line)))
    };
    let engines = of_value(&["engines", "node"]);
    let tested = NODE.elsewhere(folder, engines.as_ref());
    if tested.len() > 1 {
        return tested;
    }
    // What the whole repository uses is used in its folders, too.
    let above = folder.survey.folder("");
    let written = written(folder).or_else(|| of_value(&["volta", "node"])).or_else(|| written(above));
    let exact = written.and_then(|(text, place): Said| Some((major(&text)?, place)));
    if let Some(exact) = exact.filter(|_| !library || engines.is_none()) {
        return vec![exact];
    }
    let ends = engines.map_or_else(Vec::new, |it| NODE.ends(&it, library && folder.root.is_empty()));
    if !ends.is_empty() {
        return ends;
    }
    if let [one] = tested.as_slice() {
        return vec![one.clone()];
    }
    vec![(USUAL.into(), "no file names a version: the one with long support".into())]
}

/// What files of its own say about the version.
fn written(folder: Folder<'_>) -> Option<Said> {
    let file = first_line(folder, ".nvmrc").or_else(|| first_line(folder, ".node-version"));
    file.or_else(|| tool_version(folder, "nodejs")).or_else(|| tool_version(folder, "node"))
}

/// `v20.11.1`, `lts/iron`, `22` → the major version.
fn major(text: &str) -> Option<String> {
    let names = [("hydrogen", "18"), ("iron", "20"), ("jod", "22"), ("krypton", "24"), ("*", USUAL)];
    if matches!(text, "node" | "stable" | "latest" | "lts") {
        return Some(USUAL.to_owned());
    }
    match text.strip_prefix("lts/") {
        Some(name) => names.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()),
        None => short(text.trim_start_matches('v'), 1),
    }
}

fn bun(folder: Folder<'_>, manifest: &Value, manager: &Manager) -> Version {
    let named =
        manager.version.as_ref().map(|it| (it.clone(), folder.place_of("package.json", "packageManager")));
    let said = named.or_else(|| first_line(folder, ".bun-version")).or_else(|| tool_version(folder, "bun"));
    let said = said.or_else(|| {
        let value = manifest.at(&["engines", "bun"])?;
        let text = value.text()?.trim_start_matches(['^', '~']).to_owned();
        Some((text, folder.place("package.json", value.line)))
    });
    let said = said.filter(|it| it.0.starts_with(|it: char| it.is_ascii_digit()));
    let why = if manager.locked() { folder.path(manager.lock) } else { "no file names a version".into() };
    let (number, why) = said.unwrap_or_else(|| (BUN.to_owned(), why));
    version("bun", &number, format!("oven/bun:{number}"), &why)
}

/// Why the small image is not enough: it has no compiler, no git and no OpenSSL.
fn compiled(folder: Folder<'_>, manifest: &Value) -> Option<String> {
    if folder.has("binding.gyp") {
        return Some(format!("{} needs a compiler", folder.path("binding.gyp")));
    }
    let sections = ["dependencies", "devDependencies", "optionalDependencies"];
    let all = sections.iter().filter_map(|it| manifest.at(&[it])).flat_map(Value::entries);
    all.into_iter().find_map(|(name, value)| {
        let place = || folder.place("package.json", value.line);
        if COMPILED.contains(&name.as_str()) {
            return Some(format!("`{name}` may need a compiler ({})", place()));
        }
        if name == "@prisma/client" {
            return Some(format!("`{name}` needs OpenSSL ({})", place()));
        }
        value.text().is_some_and(from_git).then(|| format!("`{name}` comes from git ({})", place()))
    })
}

/// `git+ssh://…`, `github:octo/boat`, `octo/boat#main`.
fn from_git(range: &str) -> bool {
    let short = || {
        let path = range.split('#').next().unwrap_or_default();
        let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '-' | '_' | '.');
        path.matches('/').count() == 1 && path.chars().all(plain) && !path.starts_with(['.', '/'])
    };
    range.starts_with("git") || short()
}

#[cfg(test)]
mod tests {
    use super::{from_git, major};

    #[test]
    fn a_version_is_read_in_every_spelling() {
        for (text, number) in
            [("v20.11.1", "20"), ("lts/iron", "20"), ("22", "22"), ("node", "24"), ("18.x", "18")]
        {
            assert_eq!(major(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_git_fetches_is_known_by_its_range() {
        assert!(["git+https://a.b/c", "github:octo/boat", "octo/boat#v1"].into_iter().all(from_git));
        assert!(
            !["^1.2.3", "file:../boat", "npm:boat@1", "workspace:*", "../boat/x"].into_iter().any(from_git)
        );
    }
}
