//! `//go:embed build/*`, where git leaves `build` out: a program in Go takes in what another part of the project builds, and
//! compiles only after that. So the build comes first, in the same pipeline, for the tests and for what is published.

use crate::scaffold::detect::go::{EMBEDS, on_demand};
use crate::scaffold::detect::{Advice, Component, Line, Step, path};
use crate::scaffold::project::{Folder, Survey};

/// What is taken in: the path from the root, and the place that says so.
struct Taken {
    path: String,
    place: String,
}

/// Gives the programs in Go the step that they need, or says what is missing.
pub(crate) fn add(survey: &Survey, found: &mut [Component]) {
    for at in 0..found.len() {
        if found[at].ecosystem != "Go" {
            continue;
        }
        let Some(taken) = taken(survey.folder(&found[at].root)) else { continue };
        match builder(found, at, &taken) {
            Some(step) => {
                let first = found[at].publish.iter_mut().map(|it| &mut it.steps);
                first.for_each(|it| it.insert(0, step.clone()));
                found[at].before.push(step);
            }
            None => found[at].advice.push(Advice::new(
                format!("{} embeds `{}`, which is not in git: Go stops when it is missing", taken.place, taken.path),
                "a step before the tests that makes it, and another one before the program is built for a release",
            )),
        }
    }
}

/// The build of the component that the path lies in, when that is in the folder of the program.
fn builder(found: &[Component], program: usize, taken: &Taken) -> Option<Step> {
    let program = &found[program].root;
    let inside =
        |outer: &str, it: &str| outer.is_empty() || it == outer || it.starts_with(&format!("{outer}/"));
    let around = found.iter().filter(|it| it.ecosystem == "Node.js" && inside(&it.root, &taken.path));
    let part = around.max_by_key(|it| it.root.len()).filter(|it| inside(program, &it.root))?;
    let build = part.test.iter().find(|it| it.command.ends_with(" build"))?;
    let place = part.root[program.len()..].trim_start_matches('/');
    let enter = (!place.is_empty()).then(|| Line::plain(format!("cd {}", path(place))));
    Some(Step {
        name: "build-embedded".into(),
        why: format!("{} embeds what this makes: without it, nothing compiles", taken.place),
        image: part.versions.last()?.image.clone(),
        environment: part.environment.clone(),
        commands: enter
            .into_iter()
            .chain(part.install.iter().chain([build]).map(|it| Line::plain(&it.command)))
            .collect(),
        ..Step::default()
    })
}

/// The first pattern that git leaves out, in a file that is compiled whatever is asked for.
fn taken(folder: Folder<'_>) -> Option<Taken> {
    let inside = |it: &String| folder.root.is_empty() || it.starts_with(&format!("{}/", folder.root));
    let found = folder.survey.embedding();
    found.iter().filter(|it| inside(it)).find_map(|file| {
        let text = folder.survey.loosely(file).filter(|it| !on_demand(it))?;
        let around = file.rsplit_once('/').map_or_else(String::new, |it| format!("{}/", it.0));
        text.lines().enumerate().find_map(|(number, line)| {
            let patterns = line.strip_prefix(EMBEDS)?.split_whitespace();
            let plain = |it: &str| it.trim_matches(['"', '`']).trim_start_matches("all:").to_owned();
            let mut paths = patterns.map(|it| format!("{around}{}", plain(it)));
            let path = paths.find(|it| left_out(folder.survey, it))?;
            Some(Taken { path, place: folder.survey.folder("").place(file, number + 1) })
        })
    })
}

/// True when a `.gitignore` above the path names it or a folder around it, and takes nothing back.
fn left_out(survey: &Survey, path: &str) -> bool {
    let folders = path.match_indices('/').map(|it| &path[..=it.0]);
    std::iter::once("").chain(folders).any(|folder| {
        let rules = survey.loosely(&format!("{folder}.gitignore")).unwrap_or_default();
        let own = &path[folder.len()..];
        rules.lines().any(|it| names(it.trim(), own)) && !rules.lines().any(|it| it.starts_with('!'))
    })
}

/// True for a rule such as `build`, `/ui/build/` or `build/*` about this path from the folder of the rules.
fn names(rule: &str, path: &str) -> bool {
    let whole = rule.trim_end_matches(['*', '/']);
    let plain = whole.trim_start_matches('/');
    if plain.is_empty() || plain.starts_with(['#', '!', '*']) {
        return false;
    }
    if whole.contains('/') {
        return path == plain || path.starts_with(&format!("{plain}/"));
    }
    path.split('/').any(|it| it == plain)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_rule_of_git_is_about_a_folder_wherever_it_is_or_about_one() {
        let about = |rule| names(rule, "ui/build/*");
        assert!(["build", "build/", "/ui/build", "ui/build/*", "/ui"].into_iter().all(about));
        assert!(!["/build", "buil", "# build", "", "*", "ui/dist", "*.map"].into_iter().any(about));
    }
}
