//! What a Python project says about versions → the ones that it is tested on, each with its reason.

use crate::engine::lint::ended_since;
use crate::scaffold::detect::elsewhere::{self, Keys};
use crate::scaffold::detect::kit::after;
use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::literals::quoted;
use crate::scaffold::detect::python::tox::Tox;
use crate::scaffold::detect::python::{notebooks, nox, publish};
use crate::scaffold::detect::version::{Tilde, allows, maintained, short};
use crate::scaffold::detect::{Advice, Version};
use crate::scaffold::project::Value;

/// The newest version that has images, and the one that is taken when nobody says anything.
const NEWEST: u32 = 14;
pub(crate) const USUAL: &str = "3.13";

/// The versions, oldest first, and what is to be said about those that were left out.
pub(crate) struct Versions {
    pub(crate) chosen: Vec<(String, String)>,
    pub(crate) advice: Vec<Advice>,
}

/// Decides. Lists of versions come first, then the version that is in use, then ranges.
pub(crate) fn versions(facts: &Facts<'_>) -> Versions {
    let mut found = if let Some((numbers, why)) = listed(facts).filter(|it| !is_stale(facts, &it.0)) {
        of_list(&numbers, &why)
    } else {
        let mut advice = Vec::new();
        let chosen = match in_use(facts) {
            Some((number, why)) => vec![(number, why)],
            None => of_range(facts, &mut advice),
        };
        Versions { chosen, advice }
    };
    let ended = found.chosen.iter().find_map(|it| Some((it, ended_since(&image(&it.0))?)));
    found.advice.extend(ended.map(|((number, why), since)| {
        let held = facts.ceiling.as_ref().is_some_and(|it| minor(number) >= it.minor);
        let next = if held {
            "let the lists ask for newer versions of the packages, and call init again".to_owned()
        } else {
            format!("call init with --python {USUAL}; when the build is green, name that version in the project, too")
        };
        Advice::new(format!("Python {number} has had no repairs since {since}, and no newer one is asked for: {why}"), next)
    }));
    found
}

/// True for a list in which nothing is maintained, when the range that is promised goes on to what is.
fn is_stale(facts: &Facts<'_>, numbers: &[String]) -> bool {
    let known = |it: &String| maintained(&image(it));
    let Some((range, _, tilde)) = range(facts).filter(|_| !numbers.iter().any(known)) else { return false };
    let held = facts.ceiling.as_ref().map_or(NEWEST, |it| it.minor);
    (0..=NEWEST.min(held)).map(|it| format!("3.{it}")).any(|it| known(&it) && allows(&range, &it, tilde))
}

/// Images of versions that nobody maintains are left out of a list, unless there is nothing else.
fn of_list(numbers: &[String], why: &str) -> Versions {
    let (kept, ended): (Vec<_>, Vec<_>) = numbers.iter().cloned().partition(|it| maintained(&image(it)));
    let reason = |it: String| (it, why.to_owned());
    if kept.is_empty() {
        let last = ended.into_iter().next_back().map(reason);
        return Versions { chosen: last.into_iter().collect(), advice: Vec::new() };
    }
    let advice = (!ended.is_empty()).then(|| {
        Advice::new(
            match ended.as_slice() {
                [one] => format!("Python {one} has no repairs any more, and is not tested ({why})"),
                several => {
                    format!(
                        "Python {} have no repairs any more, and are not tested ({why})",
                        several.join(", ")
                    )
                }
            },
            if ended.len() == 1 {
                "take it out of the list, or add a pipeline for it"
            } else {
                "take them out of the list, or add pipelines for them"
            },
        )
    });
    Versions { chosen: kept.into_iter().map(reason).collect(), advice: advice.into_iter().collect() }
}

/// Versions that are listed one by one: the environments of tox, the sessions of nox, the matrix of Hatch, the classifiers.
fn listed(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let lists = [tox_list, nox_list, hatch_list, classifiers];
    let (mut numbers, why) = lists.iter().filter_map(|it| it(facts)).find(|it| !is_stale(facts, &it.0))?;
    // What the metadata rule out, pip does not install.
    if let Some((range, _, tilde)) = range(facts)
        && numbers.iter().any(|it| allows(&range, it, tilde))
    {
        numbers.retain(|it| allows(&range, it, tilde));
    }
    numbers.sort_by_key(|it| minor(it));
    numbers.dedup();
    (!numbers.is_empty()).then_some((numbers, why))
}

fn tox_list(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let tox = Tox::of(facts)?;
    let numbers = tox.versions();
    (!numbers.is_empty()).then(|| (numbers, format!("the environments of tox in {}", tox.listed)))
}

/// `311` and `3.11` → `3.11`.
fn dotted(text: &str) -> Option<String> {
    let digits = text.strip_prefix('3')?.trim_start_matches('.');
    let minor = digits.parse::<u32>().ok().filter(|it| *it <= 40)?;
    Some(format!("3.{minor}"))
}

/// `[[tool.hatch.envs.test.matrix]]` with `python = ["3.11", "3.12"]`.
fn hatch_list(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let (environment, ..) = hatch_script(facts)?;
    let (matrix, place) = facts.hatch(&["envs", environment, "matrix"])?;
    let file = place.split(':').next().unwrap_or_default();
    let listed: Vec<&Value> = matrix.items().iter().filter_map(|it| it.at(&["python"])).collect();
    let numbers = listed.iter().flat_map(|it| it.texts()).filter_map(dotted).collect();
    Some((numbers, format!("the matrix of Hatch in {file}:{}", listed.first()?.line)))
}

/// The environment of Hatch that has a script which tests, and that script.
pub(crate) fn hatch_script<'f>(facts: &'f Facts<'_>) -> Option<(&'static str, (&'f str, &'f Value), String)> {
    ["test", "tests", "hatch-test", "default"].into_iter().find_map(|environment| {
        let (table, place) = facts.hatch(&["envs", environment, "scripts"])?;
        let scripts = table.entries();
        let file = place.split(':').next().unwrap_or_default();
        let wanted = ["test", "tests", "run"];
        let found = wanted.iter().find_map(|it| scripts.iter().find(|own| own.0 == *it))?;
        Some((environment, (found.0.as_str(), &found.1), format!("{file}:{}", found.1.line)))
    })
}

fn nox_list(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let text = facts.folder.text("noxfile.py")?;
    let session = nox::test(&text)?;
    let numbers: Vec<String> = session.versions(&text).iter().filter_map(|it| dotted(it)).collect();
    let place = facts.folder.place("noxfile.py", session.line);
    (!numbers.is_empty()).then(|| (numbers, format!("the session `{}` of nox in {place}", session.name)))
}

const CLASSIFIER: &str = "Programming Language :: Python :: 3.";

fn classifiers(facts: &Facts<'_>) -> Option<(Vec<String>, String)> {
    let toml = [&["project", "classifiers"][..], &["tool", "poetry", "classifiers"]];
    let version = |it: &str| Some(format!("3.{}", it.strip_prefix(CLASSIFIER)?.parse::<u32>().ok()?));
    for list in toml.iter().filter_map(|it| facts.at(it)) {
        let numbers: Vec<String> = list.texts().into_iter().filter_map(version).collect();
        if !numbers.is_empty() {
            return Some((numbers, format!("the classifiers in {}", facts.place(list))));
        }
    }
    for (name, text) in
        [("setup.cfg", facts.folder.text("setup.cfg")), ("setup.py", facts.folder.text("setup.py"))]
    {
        let Some(text) = text else { continue };
        let trimmed = |it: &str| it.trim().trim_matches(['"', '\'', ',']).to_owned();
        let numbers: Vec<String> = text.lines().filter_map(|it| version(&trimmed(it))).collect();
        if !numbers.is_empty() {
            return Some((
                numbers,
                format!("the classifiers in {}", facts.folder.place_of(name, CLASSIFIER)),
            ));
        }
    }
    None
}

/// The version that the project's people work with.
fn in_use(facts: &Facts<'_>) -> Option<(String, String)> {
    let folder = facts.folder;
    let line = |name: &'static str| {
        let text = folder.text(name)?;
        let (number, line) =
            text.lines().enumerate().find(|it| !it.1.trim().is_empty() && !it.1.starts_with('#'))?;
        Some((line.trim().trim_start_matches("python-").to_owned(), folder.place(name, number + 1)))
    };
    let tools = || {
        let text = folder.text(".tool-versions")?;
        let (number, line) = text.lines().enumerate().find(|it| it.1.starts_with("python "))?;
        Some((line.split_whitespace().nth(1)?.to_owned(), folder.place(".tool-versions", number + 1)))
    };
    let mise = || {
        let value = folder.value("mise.toml")?;
        let python = value.at(&["tools", "python"])?;
        Some((python.texts().first()?.to_string(), folder.place("mise.toml", python.line)))
    };
    let pipfile = || {
        let value = folder.value("Pipfile")?;
        let keys = ["python_full_version", "python_version"];
        let found = keys.iter().find_map(|it| value.at(&["requires", it]))?;
        Some((found.text()?.to_owned(), folder.place("Pipfile", found.line)))
    };
    let conda = || {
        let name = folder.first(&["environment.yml", "environment.yaml"])?;
        let value = folder.value(name)?;
        let items = value.at(&["dependencies"])?.items();
        let found = items.iter().find(|it| it.text().is_some_and(|it| it.starts_with("python=")))?;
        Some((
            found.text()?.trim_start_matches("python").trim_matches('=').to_owned(),
            folder.place(name, found.line),
        ))
    };
    let notebook = || notebooks::version(folder).filter(|_| !facts.is_package());
    let found = line(".python-version").or_else(tools).or_else(mise).or_else(pipfile).or_else(conda);
    let (written, place) = found.or_else(|| line("runtime.txt")).or_else(notebook)?;
    Some((short(&written, 2).filter(|it| it.contains('.'))?, place))
}

/// The oldest and the newest version of a range for a package; for anything else the usual one, if it fits.
fn of_range(facts: &Facts<'_>, advice: &mut Vec<Advice>) -> Vec<(String, String)> {
    let Some((range, place, tilde)) = range(facts) else {
        let tried = tried_elsewhere(facts);
        if !tried.is_empty() {
            return tried;
        }
        if let Some(found) = held(facts).or_else(|| after_ended(facts)) {
            return vec![found];
        }
        advice.push(Advice::new(
            "nothing says which Python this needs",
            format!(
                "`{USUAL}` is taken; write the one that you use into `.python-version`, and call init again"
            ),
        ));
        return vec![(USUAL.into(), "no file names a version: the usual one".into())];
    };
    let mut fitting: Vec<String> =
        (0..=NEWEST).map(|it| format!("3.{it}")).filter(|it| allows(&range, it, tilde)).collect();
    let mut why = format!("`{}` in {place}", range.trim());
    // What the packages rule out alone is left; a list that contradicts the range says nothing.
    let below =
        |it: &u32| fitting.iter().any(|own| minor(own) <= *it) && fitting.iter().any(|own| minor(own) > *it);
    if let Some(it) = facts.ceiling.as_ref().filter(|it| below(&it.minor)) {
        fitting.retain(|own| minor(own) <= it.minor);
        why = format!("{why} and what `{}` was built for ({})", it.words, it.place);
    }
    let kept: Vec<&String> = fitting.iter().filter(|it| maintained(&image(it))).collect();
    let library = facts.is_package() && !facts.unbuilt() && !publish::is_application(facts);
    match (kept.first(), kept.last(), fitting.last()) {
        (Some(first), Some(last), _) if library && first != last => vec![
            ((*first).clone(), format!("the oldest that is maintained and fits {why}")),
            ((*last).clone(), format!("the newest that fits {why}")),
        ],
        (Some(_), Some(_), _) if kept.iter().any(|it| *it == USUAL) => {
            vec![(USUAL.into(), format!("fits {why}"))]
        }
        (_, Some(last), _) => vec![((*last).clone(), format!("fits {why}"))],
        (_, _, Some(last)) => vec![(last.clone(), format!("the newest that fits {why}"))],
        _ => vec![(USUAL.into(), format!("no known version fits {why}"))],
    }
}

/// Where another pipeline tries only versions that nobody maintains: the nearest that somebody does.
fn after_ended(facts: &Facts<'_>) -> Option<(String, String)> {
    let (last, place) = elsewhere::listed(facts.folder, &KEYS)
        .into_iter()
        .filter(|it| it.0.starts_with("3."))
        .max_by_key(|it| minor(&it.0))?;
    let oldest = (0..=NEWEST).map(|it| format!("3.{it}")).find(|it| maintained(&image(it)))?;
    (minor(&last) < minor(&oldest)).then(|| {
        let why = format!("the oldest that is maintained; {place} tries {last}, which is not any more");
        (oldest, why)
    })
}

/// What other services call it.
const KEYS: Keys = Keys { words: &["python-version", "python_version", "python"], travis: "python" };

/// The newest version that the packages of a list were built for, when that is older than the usual one.
fn held(facts: &Facts<'_>) -> Option<(String, String)> {
    let it = facts.ceiling.as_ref().filter(|it| it.minor < minor(USUAL))?;
    Some((format!("3.{}", it.minor), format!("the newest that `{}` was built for ({})", it.words, it.place)))
}

/// The versions that pipelines at another service name, or the image of the project; as far as they are maintained.
fn tried_elsewhere(facts: &Facts<'_>) -> Vec<(String, String)> {
    let kept = |(text, place): (String, String)| {
        let number = short(&text, 2).filter(|it| it.starts_with("3.") && maintained(&image(it)))?;
        Some((number, format!("it is tried there: {place}")))
    };
    let mut found: Vec<(String, String)> =
        elsewhere::listed(facts.folder, &KEYS).into_iter().filter_map(kept).collect();
    if found.is_empty() {
        let by_site = [".readthedocs.yaml", ".readthedocs.yml"]
            .iter()
            .find_map(|it| after(facts.folder, it, "python:", &['#']));
        let image = after(facts.folder, "Dockerfile", "FROM python:", &['-', ' ', '@']).or(by_site);
        let image = image.map(|it| (it.0.trim_matches(['"', '\'']).to_owned(), it.1));
        found.extend(image.and_then(kept));
    }
    found.sort_by_key(|it| minor(&it.0));
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

fn range(facts: &Facts<'_>) -> Option<(String, String, Tilde)> {
    let of = |value: &Value| {
        let text = value.text().or_else(|| value.text_at(&["version"]))?;
        Some((text.to_owned(), facts.place(value), Tilde::Minor))
    };
    let toml = [&["project", "requires-python"][..], &["tool", "poetry", "dependencies", "python"]];
    let by_toml = toml.iter().find_map(|it| of(facts.at(it)?));
    let by_cfg = || {
        let (text, line) = facts.setup_cfg.get("options", "python_requires")?;
        Some((text.to_owned(), facts.folder.place("setup.cfg", line), Tilde::Minor))
    };
    let by_setup = || {
        let (value, line) = facts.argument("python_requires")?;
        let text = quoted(value)?;
        // What is put together is not known.
        let rest = value[text.len() + 2..].trim_start();
        let whole = rest.is_empty() || rest.starts_with([',', ')', '#', '}']);
        whole.then(|| (text.to_owned(), facts.folder.place("setup.py", line), Tilde::Minor))
    };
    let found = by_toml.or_else(by_cfg).or_else(by_setup).or_else(|| of_recipe(facts));
    // Words are no range, whatever pip says about them.
    found.filter(|it| it.0.contains(|it: char| it.is_ascii_digit()) || it.0.trim() == "*")
}

/// The range in a recipe of conda, `- python >=3.9`. A recipe is a template, so it is read line by line; what is filled in
/// later says nothing here.
fn of_recipe(facts: &Facts<'_>) -> Option<(String, String, Tilde)> {
    let places = ["meta.yaml", "conda/meta.yaml", "conda.recipe/meta.yaml", "recipe/meta.yaml"];
    let name = facts.folder.first(&places)?;
    let text = facts.folder.text(name)?;
    text.lines().enumerate().find_map(|(number, line)| {
        let line = line.split('#').next().unwrap_or_default();
        let range = line.trim().strip_prefix("- python ")?.trim();
        let begins =
            range.starts_with(['>', '<', '=', '!', '~']) || range.starts_with(|it: char| it.is_ascii_digit());
        begins.then(|| (range.to_owned(), facts.folder.place(name, number + 1), Tilde::Minor))
    })
}

fn image(number: &str) -> String {
    format!("python:{number}-slim")
}

fn minor(number: &str) -> u32 {
    number.split('.').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// The versions with their images.
pub(crate) fn images(chosen: &[(String, String)], ending: &str) -> Vec<Version> {
    let version = |(number, why): &(String, String)| Version {
        number: number.clone(),
        image: format!("python:{number}{ending}"),
        why: format!("python {number}: {why}"),
        test: None,
    };
    chosen.iter().map(version).collect()
}
