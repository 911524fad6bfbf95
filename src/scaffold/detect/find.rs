//! A survey → the components, the surest first. Which folders are looked at, and which finds count.

use std::collections::{BTreeMap, BTreeSet};

use crate::scaffold::detect::component::{Advice, Component};
use crate::scaffold::detect::kit::make_target;
use crate::scaffold::detect::table::{ECOSYSTEMS, Ecosystem, Rank};
use crate::scaffold::detect::{elsewhere, embed, services, shell};
use crate::scaffold::project::{Folder, Survey};

/// More pipelines than these are no help to anybody.
const MOST: usize = 8;
/// How deep below the root a component may lie.
const DEEPEST: usize = 3;

/// Folders that hold material of a project, and not a part of it.
const MATERIAL: [&str; 26] = [
    "__fixtures__",
    "__tests__",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "doc",
    "docs",
    "dummy",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "fuzz",
    "integration",
    "playground",
    "playgrounds",
    "sample",
    "samples",
    "spec",
    "template",
    "templates",
    "test",
    "testdata",
    "tests",
    "third_party",
];

/// The components of the project, and what its owner should know beside them.
pub fn detect(survey: &Survey) -> (Vec<Component>, Vec<Advice>) {
    let folders = folders(survey);
    let mut found = of_rank(survey, &folders, Rank::Main);
    if found.iter().all(|it| it.tooling || is_for_a_site(survey, it)) {
        let others = best(of_rank(survey, &folders, Rank::Other));
        if found.is_empty() && others.is_empty() {
            found = of_rank(survey, &folders, Rank::Last);
        } else if !others.is_empty() {
            found = others;
        }
    }
    found.extend(scripts_around(survey, &found));
    let mut advice = Vec::new();
    for component in &mut found {
        services::add(survey, component);
        say_where(component);
    }
    embed::add(survey, &mut found);
    advice.extend(refused(survey, &found));
    advice.extend(installed_elsewhere(survey, &found));
    found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.root.cmp(&b.root)));
    if found.len() > MOST {
        let place = |it: &Component| {
            if it.root.is_empty() { it.ecosystem.to_owned() } else { format!("`{}`", it.root) }
        };
        let left: Vec<String> = found[MOST..].iter().map(place).collect();
        advice.push(Advice::new(
            format!("there are {} components; a pipeline is proposed for {MOST} of them", found.len()),
            format!("copy a pipeline for {}", left.join(", ")),
        ));
        found.truncate(MOST);
    }
    (found, advice)
}

/// Why the tests that the root's Makefile calls are not called, where nothing else tests the root and nobody has said it.
fn refused(survey: &Survey, found: &[Component]) -> Option<Advice> {
    if found.iter().any(|it| it.root.is_empty() && it.tested) {
        return None;
    }
    let mut advice = Vec::new();
    make_target(survey.folder(""), &mut advice);
    advice.into_iter().find(|it| !found.iter().any(|own| own.advice.contains(it)))
}

/// Says which folder has no tests: others may have some.
fn say_where(component: &mut Component) {
    let root = &component.root;
    for it in component.advice.iter_mut().filter(|_| !root.is_empty()) {
        if let Some(rest) = it.what.strip_prefix("there are no tests:") {
            it.what = format!("there are no tests in `{root}/`:{rest}");
        }
    }
}

/// Scripts of the shell with tests, where all that was found lies further inside and has none: they are the project.
fn scripts_around(survey: &Survey, found: &[Component]) -> Option<Component> {
    let untested = |it: &Component| !it.tested && !it.root.is_empty();
    if found.is_empty() || !found.iter().all(untested) {
        return None;
    }
    shell::shell(survey.folder("")).filter(|it| it.tested)
}

/// What a pipeline at another service installs from the distribution and none of ours does: the names are those of its
/// distribution, so it is only said.
fn installed_elsewhere(survey: &Survey, found: &[Component]) -> Option<Advice> {
    const MOST: usize = 6;
    let lines = found.iter().flat_map(|it| {
        let steps = it.before.iter().flat_map(|it| &it.commands);
        it.install.iter().chain(steps).chain(&it.test).map(|it| it.command.as_str())
    });
    let known: BTreeSet<&str> = lines.flat_map(|it| it.split([' ', ';'])).collect();
    let mut others = elsewhere::installs(survey.folder(""));
    others.retain(|it| !known.contains(it.0.as_str()));
    others.truncate(MOST);
    let place = &others.first().filter(|_| !found.is_empty())?.1;
    let names: Vec<&str> = others.iter().map(|it| it.0.as_str()).collect();
    let quoted: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    Some(Advice::new(
        format!("another pipeline of this project installs {} first ({place})", quoted.join(", ")),
        format!(
            "if the build misses them: apt-get update && apt-get install -y {}, before all other commands",
            names.join(" ")
        ),
    ))
}

/// True for a list of packages of Python beside settings of Sphinx or `MkDocs`, and no other code in Python.
fn is_for_a_site(survey: &Survey, component: &Component) -> bool {
    let folder = survey.folder(&component.root);
    let code = folder.files().filter(|it| it.strip_suffix(".py").is_some());
    let site =
        ["conf.py", "docs/conf.py", "source/conf.py", "docs/source/conf.py", "mkdocs.yml", "mkdocs.yaml"];
    component.ecosystem == "Python"
        && !component.tested
        && folder.first(&site).is_some()
        && code.into_iter().all(|it| it.ends_with("conf.py"))
}

/// The surest find, which is the first of those that are as sure; of Terraform all, because each folder is a whole.
fn best(found: Vec<Component>) -> Vec<Component> {
    let Some(most) = found.iter().map(|it| it.score).max() else { return found };
    let Some(kind) = found.iter().find(|it| it.score == most).map(|it| it.ecosystem) else { return found };
    let several = if kind == "Terraform" { MOST } else { 1 };
    found.into_iter().filter(|it| it.score == most && it.ecosystem == kind).take(several).collect()
}

fn of_rank(survey: &Survey, folders: &Folders<'_>, rank: Rank) -> Vec<Component> {
    let mut found: Vec<Component> = Vec::new();
    for ecosystem in ECOSYSTEMS.iter().filter(|it| it.rank == rank) {
        let mut roots: Vec<&str> = Vec::new();
        for (root, endings) in folders {
            let folder = survey.folder(root);
            let inside = |outer: &&str| outer.is_empty() || root.starts_with(&format!("{outer}/"));
            if !marked(ecosystem, folder, endings)
                || (!root.is_empty() && !apart(ecosystem, survey, &roots, inside))
            {
                continue;
            }
            if let Some(component) = (ecosystem.detect)(folder) {
                roots.push(root);
                found.push(Component { root: (*root).to_owned(), ..component });
                // What is left is read file by file, so one find has to do.
                if rank == Rank::Last {
                    return found;
                }
            }
        }
    }
    without_tooling(without_covered(found))
}

/// What another component builds is none, and neither is a helper in Python that has no tests, inside a package that has.
fn without_covered(mut found: Vec<Component>) -> Vec<Component> {
    let covered: Vec<_> = found.iter().flat_map(|it| it.covers.clone()).collect();
    found.retain(|it| !covered.iter().any(|(root, own)| *root == it.root && *own == it.ecosystem));
    let tested = |it: &&Component| it.ecosystem == "Python" && it.tested && !it.tooling;
    let around: Vec<String> = found.iter().filter(tested).map(|it| it.root.clone()).collect();
    let inside = |root: &str, outer: &String| {
        root != outer && (outer.is_empty() || root.starts_with(&format!("{outer}/")))
    };
    found.retain(|it| {
        it.ecosystem != "Python" || it.tested || !around.iter().any(|outer| inside(&it.root, outer))
    });
    found
}

/// True when no component around it takes care of it.
fn apart(ecosystem: &Ecosystem, survey: &Survey, roots: &[&str], inside: impl Fn(&&str) -> bool) -> bool {
    let around: Vec<_> = roots.iter().filter(|it| inside(it)).collect();
    !around.iter().any(|it| (ecosystem.includes)(survey.folder(it)))
}

/// True for a folder that holds a marker of this ecosystem; `endings` are those of the files in it.
fn marked(ecosystem: &Ecosystem, folder: Folder<'_>, endings: &BTreeSet<&str>) -> bool {
    ecosystem.markers.iter().any(|it| match (it.strip_prefix('*'), it.strip_suffix('/')) {
        (Some(ending), _) => endings.contains(ending),
        (_, Some(name)) => folder.has_folder(name),
        _ => folder.has(it),
    })
}

/// Folders, each with how the names of its own files end: `.py`. The root is the first.
type Folders<'s> = BTreeMap<&'s str, BTreeSet<&'s str>>;

/// The folders that may hold a component. They are the same for every ecosystem.
fn folders(survey: &Survey) -> Folders<'_> {
    let mut folders = Folders::from([("", BTreeSet::new())]);
    for file in survey.files() {
        let mut inside = "";
        let mut counts = true;
        for (depth, (at, _)) in file.match_indices('/').enumerate() {
            let name = file[..at].rsplit('/').next().unwrap_or_default();
            counts = depth < DEEPEST && !name.starts_with(['.', '_']) && !MATERIAL.contains(&name);
            if !counts {
                break;
            }
            inside = &file[..at];
            folders.entry(inside).or_default();
        }
        if counts && let Some(dot) = file.rfind('.').filter(|it| *it >= inside.len()) {
            folders.entry(inside).or_default().insert(&file[dot..]);
        }
    }
    folders
}

/// A `package.json` that only holds tools for the repository is no component beside a real one.
fn without_tooling(found: Vec<Component>) -> Vec<Component> {
    let real = |root: &str| found.iter().any(|it| it.root == root && !it.tooling);
    let keep: Vec<bool> = found.iter().map(|it| !it.tooling || !real(&it.root)).collect();
    let mut keep = keep.into_iter();
    found.into_iter().filter(|_| keep.next().unwrap_or(true)).collect()
}
