//! The pipelines that a project has at another service → the versions of a language that it is tested on there, and what
//! they install from the distribution, which is only said. What cannot be read is passed over: they are not what the
//! pipeline is made of.

use std::collections::BTreeSet;

use crate::scaffold::detect::kit::Said;
use crate::scaffold::detect::version::numbers;
use crate::scaffold::project::Folder;

/// What other services call a language: the keys of a matrix or an action, and that of Travis.
pub(crate) struct Keys {
    pub(crate) words: &'static [&'static str],
    pub(crate) travis: &'static str,
}

/// The versions that are listed for this folder; where no pipeline works in it, those that are listed at all.
pub(crate) fn listed(folder: Folder<'_>, keys: &Keys) -> Vec<Said> {
    let own = listed_in(folder, keys);
    if own.is_empty() { listed_in(folder.survey.folder(""), keys) } else { own }
}

/// The versions that are listed, each with the place that says so; of one file, the one that lists most. For a folder inside,
/// those that are said to be for it.
pub(crate) fn listed_in(folder: Folder<'_>, keys: &Keys) -> Vec<Said> {
    let best = workflows(folder)
        .map(|it| of_file(folder, it, keys.words))
        .max_by_key(Vec::len)
        .filter(|it| !it.is_empty());
    let travis = || of_file(folder, ".travis.yml", &[keys.travis]);
    best.unwrap_or_else(|| if folder.root.is_empty() { travis() } else { Vec::new() })
}

/// The newest whole version, `1.2.3`, that a workflow names for a tool: one that works in this folder, else any.
pub(crate) fn whole(folder: Folder<'_>, words: &[&str]) -> Option<Said> {
    let newest = |folder| {
        let found = workflows(folder).flat_map(|it| of_file(folder, it, words));
        found.filter(|it| is_whole(&it.0)).max_by_key(|it| numbers(&it.0))
    };
    newest(folder).or_else(|| newest(folder.survey.folder("")))
}

/// The version that a workflow gives to an action: `version: v1.2.3` in the step that uses it.
pub(crate) fn of_action(folder: Folder<'_>, action: &str) -> Option<Said> {
    workflows(folder).find_map(|file| {
        let text = folder.survey.head(file)?;
        let mut lines = text.lines().enumerate().skip_while(|it| !it.1.contains(action));
        lines.next()?;
        let mut step = lines.take_while(|it| !it.1.trim_start().starts_with("- "));
        step.find_map(|(number, line)| {
            let version = versions(line.trim_start().strip_prefix("version:")?).pop()?;
            is_whole(&version).then(|| (version, folder.survey.folder("").place(file, number + 1)))
        })
    })
}

/// The version that a command names: `--version 1.2.3` on a line with this word.
pub(crate) fn of_command(folder: Folder<'_>, word: &str) -> Option<Said> {
    let called = |line: &str| line.split_whitespace().any(|it| it == word);
    pipelines(folder).find_map(|file| {
        let text = folder.survey.head(file)?;
        text.lines().enumerate().filter(|it| called(it.1)).find_map(|(number, line)| {
            let named = line.split_once("--version").or_else(|| line.split_once("--vers"))?.1;
            let named = named.trim_start_matches([' ', '=', '"', '\'', '^', '~', 'v']);
            let end = named.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(named.len());
            let version = &named[..end];
            is_whole(version).then(|| (version.to_owned(), folder.survey.folder("").place(file, number + 1)))
        })
    })
}

/// True for three numbers.
pub(crate) fn is_whole(version: &str) -> bool {
    version.split('.').count() == 3
        && version.split('.').all(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit()))
}

fn workflows(folder: Folder<'_>) -> impl Iterator<Item = &str> {
    let files = folder.survey.files().iter().map(String::as_str);
    files.filter(|it| it.starts_with(".github/workflows/") && (it.ends_with(".yml") || it.ends_with(".yaml")))
}

/// What a pipeline at another service installs from Debian or Ubuntu, each with the place; those that most images have, and
/// what machines of such a service need for themselves, are left out.
pub(crate) fn installs(folder: Folder<'_>) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    for file in pipelines(folder) {
        let Some(text) = folder.survey.head(file) else { continue };
        for (number, name) in installed(&text, file == ".travis.yml") {
            if found.iter().all(|it| it.0 != name) {
                found.push((name, folder.survey.folder("").place(file, number)));
            }
        }
    }
    found
}

/// The files of pipelines at other services.
fn pipelines(folder: Folder<'_>) -> impl Iterator<Item = &str> {
    let others = [".travis.yml", ".gitlab-ci.yml", ".cirrus.yml", ".circleci/config.yml"];
    let workflows = folder.survey.files().iter().filter(|it| it.starts_with(".github/workflows/"));
    workflows.map(String::as_str).chain(others)
}

/// The packages behind `apt-get install`, and those in a list of Travis, with their lines.
fn installed(text: &str, travis: bool) -> Vec<(usize, String)> {
    // In nearly every image, or for the machine of that service.
    const USUAL: [&str; 28] = [
        "apt-transport-https",
        "autoconf",
        "automake",
        "build-essential",
        "ca-certificates",
        "clang",
        "cmake",
        "curl",
        "docker",
        "docker-ce",
        "g++",
        "gcc",
        "git",
        "gnupg",
        "jq",
        "lcov",
        "libtool",
        "make",
        "pkg-config",
        "python3",
        "python3-dev",
        "python3-pip",
        "python3-venv",
        "shellcheck",
        "software-properties-common",
        "sudo",
        "unzip",
        "wget",
    ];
    let name = |it: &&str| {
        it.starts_with(|it: char| it.is_ascii_lowercase())
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "+.-".contains(it))
            && !USUAL.contains(it)
            && !["gcc-", "g++-", "clang-", "linux-"].iter().any(|own| it.starts_with(own))
    };
    let mut found = Vec::new();
    let (mut goes_on, mut listed) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let words =
            match line.find("apt-get").or_else(|| line.find("apt ")).filter(|_| !line.starts_with('#')) {
                Some(at) => line[at..].split_once(" install").map(|it| it.1),
                None if goes_on => Some(line),
                None if listed => line.strip_prefix("- ").map(|it| it.trim_matches(['"', '\''])),
                None => None,
            };
        if let Some(words) = words {
            let end = words.find(['&', '|', ';', '$', '"']).unwrap_or(words.len());
            found.extend(words[..end].split_whitespace().filter(name).map(|it| (number + 1, it.to_owned())));
        }
        goes_on = words.is_some() && line.ends_with('\\');
        listed = travis && (line == "packages:" || listed && line.starts_with('-'));
    }
    found
}

/// Where another service calls this: evidence that the project keeps to it.
pub(crate) fn calls(folder: Folder<'_>, command: &str) -> Option<Said> {
    let project = folder.survey.folder("");
    pipelines(folder).find_map(|file| {
        let text = folder.survey.head(file)?;
        let called = |it: &str| it.contains(command) && !it.trim_start().starts_with('#');
        let (number, line) = text.lines().enumerate().find(|it| called(it.1))?;
        Some((line.trim().to_owned(), project.place(file, number + 1)))
    })
}

fn of_file(folder: Folder<'_>, path: &str, words: &[&str]) -> Vec<Said> {
    let Some(text) = folder.survey.head(path) else { return Vec::new() };
    let mut found: Vec<Said> = Vec::new();
    let mut open: Option<usize> = None;
    let about = about(&text, folder.root);
    for (number, line) in text.lines().enumerate().filter(|it| about.contains(&it.0)) {
        let indent = line.len() - line.trim_start().len();
        let plain = line.trim_start().trim_start_matches("- ");
        let value = words.iter().find_map(|it| {
            let rest = plain.strip_prefix('"').unwrap_or(plain).strip_prefix(it)?;
            rest.strip_prefix("\":").or_else(|| rest.strip_prefix(':'))
        });
        let items = match (value, open) {
            (Some(rest), _) => {
                open = rest.split('#').next().unwrap_or_default().trim().is_empty().then_some(indent);
                rest
            }
            (None, Some(outer)) if line.trim_start().starts_with('-') && indent >= outer => {
                line.trim_start().trim_start_matches('-')
            }
            (None, Some(_)) if line.trim().is_empty() || line.trim_start().starts_with(['#', '[', ']']) => "",
            _ => {
                open = None;
                continue;
            }
        };
        for number_said in versions(items) {
            if !found.iter().any(|it| it.0 == number_said) {
                found.push((number_said, folder.survey.folder("").place(path, number + 1)));
            }
        }
    }
    found
}

/// The lines of a workflow that are about this folder. All of them are about the project's own. Those of a folder are the
/// jobs that work in it alone; where paths start the whole file for it alone, those that work nowhere else.
fn about(text: &str, root: &str) -> BTreeSet<usize> {
    if root.is_empty() {
        return (0..text.lines().count()).collect();
    }
    let mut parts: Vec<Vec<(usize, &str)>> = vec![Vec::new()];
    let (mut jobs, mut depth) = (false, None);
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let key = !line.trim().is_empty() && !line.trim_start().starts_with(['#', '-']);
        if key && indent == 0 {
            jobs = line.starts_with("jobs:");
        } else if key && jobs && indent <= *depth.get_or_insert(indent) {
            parts.push(Vec::new());
        }
        let part = if jobs { parts.len() - 1 } else { 0 };
        parts[part].push((number, line));
    }
    let only = BTreeSet::from([root]);
    let around: BTreeSet<&str> = parts[0].iter().filter_map(|it| place(it.1)).collect();
    let own = |part: &&Vec<(usize, &str)>| {
        let places: BTreeSet<&str> = part.iter().filter_map(|it| place(it.1)).collect();
        places == only || (places.is_empty() && around == only)
    };
    parts.iter().filter(own).flatten().map(|it| it.0).collect()
}

/// The folder that a line works in, or that it waits for: `working-directory: ./web`, `- web/**`.
fn place(line: &str) -> Option<&str> {
    let line = line.trim_start().trim_start_matches("- ");
    let quotes = ['"', '\'', ' '];
    let named = match line.strip_prefix("working-directory:") {
        Some(named) => named.split(" #").next()?.trim_matches(quotes),
        None => line.split(" #").next()?.trim_matches(quotes).strip_suffix("/**")?,
    };
    let plain = named.trim_start_matches("./").trim_end_matches('/');
    (!plain.is_empty() && !plain.starts_with(['!', '*']) && !plain.contains([':', '$'])).then_some(plain)
}

/// `[18, '20', "lts/*"]` → `18`, `20`. What is no plain version is left out.
fn versions(text: &str) -> Vec<String> {
    let text = text.split(" #").next().unwrap_or_default();
    let trimmed = |it: &str| {
        let it = it.trim_matches([' ', '[', ']', '\'', '"', '\t']);
        // `temurin@17`, `openjdk8`: the maker stands before the version.
        let it = it.rsplit('@').next().unwrap_or(it);
        let it = ["openjdk", "oraclejdk"].iter().find_map(|maker| it.strip_prefix(maker)).unwrap_or(it);
        it.strip_suffix(".x").unwrap_or(it).trim_start_matches('v').to_owned()
    };
    let version =
        |it: &String| it.starts_with(|it: char| it.is_ascii_digit()) && !it.contains([' ', '{', '<', '>']);
    text.split(',').map(trimmed).filter(version).collect()
}

#[cfg(test)]
mod tests {
    use super::{about, installed, is_whole, versions};

    #[test]
    fn a_folder_is_told_about_by_the_jobs_that_work_in_it() {
        let jobs = "on: push\njobs:\n  web:\n    defaults:\n      run:\n        working-directory: ./web\n  api:\n    steps:\n      - run: x\n        working-directory: 'api/'\n";
        assert_eq!(about(jobs, "web").into_iter().collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert_eq!(about(jobs, "api").into_iter().collect::<Vec<_>>(), [6, 7, 8, 9]);
        assert!(about(jobs, "other").is_empty() && about(jobs, "").len() == 10);
        let paths = "on:\n  push:\n    paths:\n      - 'web/**'\njobs:\n  web:\n    steps: []\n";
        assert_eq!(about(paths, "web").len(), 7);
        assert!(about(&paths.replace("'web/**'", "'web/**'\n      - 'api/**'"), "web").is_empty());
    }

    #[test]
    fn a_whole_version_has_three_numbers() {
        assert!(is_whole("2.11.3") && !is_whole("2.11") && !is_whole("2.x.1") && !is_whole("1.2.3-rc1"));
    }

    #[test]
    fn packages_of_the_distribution_are_read_as_the_shell_would() {
        let names = |text: &str| installed(text, true).into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(
            names("- run: sudo apt-get -qq install -y libxml2-dev 'x' gdal-bin && make"),
            ["libxml2-dev", "gdal-bin"]
        );
        assert_eq!(
            names("  sudo apt install \\\n    graphviz \\\n    cmake libgeos-dev\n  make check"),
            ["graphviz", "libgeos-dev"]
        );
        assert_eq!(
            names("addons:\n  apt:\n    packages:\n    - graphviz\n    - 'libfoo-dev'\n  env:\n    - X"),
            ["graphviz", "libfoo-dev"]
        );
        assert_eq!(names("# apt-get install graphviz\nsudo apt-get update"), Vec::<String>::new());
        assert_eq!(names("sudo apt-get install gcc-9 $PACKAGES"), Vec::<String>::new());
    }

    #[test]
    fn versions_are_numbers_and_nothing_else() {
        assert_eq!(versions(" [18.x, '20', \"22\", lts/*] # all"), ["18", "20", "22"]);
        assert_eq!(versions(" ${{ matrix.node }}"), Vec::<String>::new());
        assert_eq!(versions(" 1.8"), ["1.8"]);
        assert_eq!(versions(" [temurin@17, openjdk8]"), ["17", "8"]);
    }
}
