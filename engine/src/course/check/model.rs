//! Facts of the files as they are: names, images, versions, keys, and what is committed.

use std::collections::{BTreeMap, BTreeSet};

use crate::course::Files;
use crate::course::check::found::Found;
use crate::course::check::{Page, badge, keys, roles, words};
use crate::course::declared::{Fact, Outcome, Role};
use crate::course::rehearse::{Cause, Rehearsal, Request, What, floats, rehearse};
use crate::diagnostic::Severity;
use crate::lint::lint;
use crate::pipeline::{Pipeline, Resource, Step, read_with};
use crate::plan::{Build, Event, Faults, substitution_variables};
use crate::source::Span;

/// What keeps the fact from holding.
pub(super) fn look(page: &Page<'_>, fact: &Fact) -> Option<Found> {
    match fact {
        Fact::DockerPipelines(count) => docker_pipelines(page, Some(*count)),
        Fact::Docker(_) => docker_pipelines(page, None),
        Fact::Absent(texts) => absent(page, texts),
        Fact::Digests(list) => super::digests::look(page, list),
        Fact::Named(_) => named(page),
        Fact::NoUnknownKeys(_) => no_unknown_keys(page),
        Fact::NoWarnings(codes) => warned(page, |it| codes.iter().any(|code| code == it)),
        Fact::Present(names) => present(page, names),
        Fact::Pinned(names) => pinned(page, names),
        Fact::Locked(_) => locked(page),
        Fact::Changed(paths) => changed(page, paths),
        Fact::KeepsTests(paths) => paths.iter().find_map(|it| keeps_tests(page, it)),
        Fact::Committed(paths) => committed(page, paths),
        Fact::Ignored(paths) => ignored(page, paths),
        Fact::Separate(names) => separate(page, names),
        Fact::Badge(spec) => badge::look(page, spec),
        Fact::Apart(names) => apart(page, names),
    }
}

/// `count`: how many there are to be; without it, at least one.
fn docker_pipelines(page: &Page<'_>, count: Option<usize>) -> Option<Found> {
    for document in &page.manifest.documents {
        match &document.resource {
            Resource::Pipeline(it) if it.is_docker() => {}
            Resource::Pipeline(it) => return Some(wrong_kind(it)),
            _ => {}
        }
    }
    let there = page.manifest.pipelines().count();
    if count.map_or(there > 0, |it| it == there) {
        return None;
    }
    let count = count.unwrap_or(1);
    Some(match there {
        0 => Found::new("The file holds no pipeline: nothing in it says `kind: pipeline`."),
        1 => Found::new(format!("The file holds one pipeline, not {count}.")),
        _ => Found::new(format!("The file holds {there} pipelines, not {count}.")),
    })
}

fn wrong_kind(pipeline: &Pipeline) -> Found {
    if pipeline.kind.value != "pipeline" {
        let kind = &pipeline.kind.value;
        return Found::new(format!("The document's kind is `{kind}`, and no runner takes that."))
            .at(pipeline.kind.span, "no kind of Drone's");
    }
    let written = pipeline.type_.as_ref();
    let span = written.map_or(pipeline.kind.span, |it| it.span);
    let found = Found::new(format!(
        "The pipeline's type is `{}`; what the exercise asks for is `type: docker`.",
        pipeline.raw_type()
    ));
    found.at(span, "not `docker`")
}

fn named(page: &Page<'_>) -> Option<Found> {
    for pipeline in page.manifest.pipelines() {
        if is_blank(pipeline.raw_name()) {
            return Some(
                Found::new("The pipeline has no name.").at(pipeline.name_span(), "a pipeline without a name"),
            );
        }
        if let Some(step) = pipeline.steps.iter().find(|it| is_blank(it.name())) {
            return Some(Found::new("A step has no name.").at(step.name_span(), "a step without a name"));
        }
    }
    None
}

/// A name that says nothing: absent, or a blank to fill in.
fn is_blank(name: &str) -> bool {
    name.chars().all(|it| it == '_' || it.is_whitespace())
}

fn no_unknown_keys(page: &Page<'_>) -> Option<Found> {
    let Some(key) = keys::ignored(&page.manifest).find(|it| it.key != NEEDLESS) else {
        return warned(page, |it| SENSELESS.contains(&it));
    };
    let home = key.belongs.map_or_else(String::new, |it| format!(" It is a key of {it}."));
    let happened = format!("`{}` stands in {}, where Drone ignores it.{home}", key.key, key.inside);
    Some(Found::new(happened).at(key.span, "Drone does not look here"))
}

/// A service is reached on its own port whether or not somebody lists it.
const NEEDLESS: &str = "ports";

/// What the linter says of a condition that Drone does not read, or that has a word which Drone does not know.
const SENSELESS: [&str; 3] = ["condition-shape", "unknown-event", "unknown-status"];

/// The first warning with such a code, in the words of the linter.
fn warned(page: &Page<'_>, about: impl Fn(&str) -> bool) -> Option<Found> {
    let problems = lint(&page.source).into_iter();
    let problem = problems.filter(|it| it.severity >= Severity::Warning).find(|it| about(it.code))?;
    let next = problem.help.as_deref().map(words::sentence);
    let label = problem.primary.message.clone();
    Some(Found { next, ..Found::new(words::sentence(&problem.message)).at(problem.primary.span, label) })
}

/// A role is there when a command plays it, directly or in a script that a command calls.
fn present(page: &Page<'_>, names: &[String]) -> Option<Found> {
    let absent = |it: &&String| {
        page.exercise.roles.get(*it).is_some_and(|role| roles::parts(role, &page.manifest).is_empty())
    };
    let absent: Vec<&String> = names.iter().filter(absent).collect();
    if absent.is_empty() {
        return None;
    }
    let name = rehearsed_absent(page, &absent)?;
    if let Some(found) = unreadable(page) {
        return Some(found);
    }
    let role = page.exercise.roles.get(name)?;
    let wanted = role.command.first().or(role.image.as_ref()).or(role.plugin.as_ref());
    let with = role
        .settings
        .iter()
        .filter_map(|(name, values)| Some(format!(" with `{name}: {}`", values.first()?)));
    let with: String = with.collect();
    let wanted = wanted.map_or_else(String::new, |it| format!(" (`{it}`{with})"));
    let happened = format!("No step runs {}{wanted}.", role.called);
    let step = page.manifest.pipelines().find_map(|it| it.steps.last());
    if let Some(found) = role.plugin.as_ref().and_then(|it| silenced(page, it)) {
        return Some(found);
    }
    let found = Found::new(happened);
    Some(match step.filter(|_| page.manifest.pipelines().map(|it| it.steps.len()).sum::<usize>() == 1) {
        Some(step) => found.at(step.name_span(), format!("runs everything but {}", role.called)),
        None => found,
    })
}

/// A step of the plugin's image whose `commands` keep the plugin's own program from running.
fn silenced(page: &Page<'_>, plugin: &str) -> Option<Found> {
    let role = Role { image: Some(plugin.to_owned()), ..Role::default() };
    let parts = roles::parts(&role, &page.manifest);
    let steps = parts.iter().filter_map(|it| page.manifest.pipelines().nth(it.pipeline)?.steps.get(it.step));
    let step = steps.into_iter().find(|it| !it.commands().is_empty())?;
    let happened = format!(
        "The step `{}` has the plugin's image, and `commands` too: they run instead of the plugin's own program.",
        step.name()
    );
    let span = step.commands().first().map_or(step.span, |it| it.span);
    let next = Some("Take out `commands`, and say all that is to be done in `settings`.".to_owned());
    Some(Found { next, ..Found::new(happened).at(span, "runs instead of the plugin") })
}

/// What the commands do in a build of a push in which nothing is broken.
fn of_a_push(page: &Page<'_>) -> Rehearsal {
    of_a_build(page, &Build::new(Event::Push))
}

fn of_a_build(page: &Page<'_>, build: &Build) -> Rehearsal {
    let (manifest, _) = read_with(&page.source, &substitution_variables(build));
    rehearse(&Request {
        exercise: page.exercise,
        source: &page.source,
        manifest: &manifest,
        files: &page.committed,
        build,
        faults: &Faults::default(),
        broken: &[],
        broken_in: None,
        flaky: &[],
        slow: &[],
        prefers: Outcome::Green,
        replaced: &BTreeMap::new(),
    })
}

/// The first role that no build comes to, whatever the event is. What a plugin is told may depend on the build, too.
fn rehearsed_absent<'n>(page: &Page<'_>, names: &[&'n String]) -> Option<&'n String> {
    let mut absent = names.to_vec();
    for event in Event::ALL {
        if absent.is_empty() {
            break;
        }
        let build = Build::new(event);
        let (manifest, _) = read_with(&page.source, &substitution_variables(&build));
        let shown = |name: &String| {
            page.exercise.roles.get(name).is_some_and(|it| !roles::parts(it, &manifest).is_empty())
        };
        let rehearsal = of_a_build(page, &build);
        absent.retain(|it| !rehearsal.reached(it) && !shown(it));
    }
    absent.first().copied()
}

/// Commands that no shell reads: what they would do cannot be said.
fn unreadable(page: &Page<'_>) -> Option<Found> {
    of_a_push(page).notes.iter().find_map(|note| {
        let What::Broke(cause @ Cause::Unreadable(_)) = &note.what else { return None };
        let happened = format!("At `{}` {}.", note.command, words::cause(cause, ""));
        let found = Found::new(happened).at(super::event::item_span(page, note), words::label(cause));
        Some(Found { code: Some(words::code(cause, false)), ..found })
    })
}

fn pinned(page: &Page<'_>, names: &[String]) -> Option<Found> {
    let playing: Vec<_> = names
        .iter()
        .filter_map(|it| page.exercise.roles.get(it))
        .flat_map(|it| roles::parts(it, &page.manifest))
        .map(|it| (it.pipeline, it.step))
        .collect();
    for (at, pipeline) in page.manifest.pipelines().enumerate() {
        let services = pipeline.services.iter().filter(|_| names.is_empty());
        let wanted = |(step, _): &(usize, &Step)| names.is_empty() || playing.contains(&(at, *step));
        let steps = pipeline.steps.iter().enumerate().filter(wanted).map(|(_, it)| it);
        for step in services.chain(steps) {
            let Some(why) = floats(step.image()) else { continue };
            let span = step.image.as_ref().map_or(step.span, |it| it.span);
            let happened = format!("The image `{}` is not exact: {why}.", step.image());
            return Some(Found::new(happened).at(span, "another image one day"));
        }
    }
    None
}

fn locked(page: &Page<'_>) -> Option<Found> {
    let rehearsal = of_a_push(page);
    rehearsal.notes.iter().find_map(|note| {
        let What::Installed(requirement) = &note.what else { return None };
        if requirement.exact {
            return None;
        }
        let place = |found: Found| match &requirement.place {
            Some((file, span)) => found.in_file(file, *span, "not one version"),
            None => found.at(super::event::item_span(page, note), "not one version"),
        };
        if one_equals_sign(&requirement.text) {
            let found =
                Found::new(format!("In `{}` the sign `=` is not valid: pip stops there.", requirement.text));
            let next = Some("Write `==`, two equals signs, between the package and its version.".to_owned());
            return Some(Found { next, ..place(found) });
        }
        let happened = format!(
            "`{}` lets pip choose among versions: it takes the newest on the day of the build.",
            requirement.text
        );
        Some(place(Found::new(happened)))
    })
}

/// `pytest=8.4.2`
fn one_equals_sign(requirement: &str) -> bool {
    let specifier = requirement.split([';', '@']).next().unwrap_or_default();
    let sign = specifier.split_once('=').filter(|(before, _)| !before.ends_with(['<', '>', '~', '!']));
    sign.is_some_and(|(_, after)| !after.starts_with('='))
}

fn changed(page: &Page<'_>, paths: &[String]) -> Option<Found> {
    let same = |it: &&String| match (page.files.get(*it), page.exercise.start.get(*it)) {
        (Some(now), Some(before)) => code_of(now) == code_of(before),
        (now, before) => now == before,
    };
    let path = paths.iter().find(same)?;
    Some(Found::new(if page.files.get(path) == page.exercise.start.get(path) {
        format!("`{path}` is as it was.")
    } else {
        format!("In `{path}` nothing but comments and empty lines has changed.")
    }))
}

/// The lines that are no comments and not empty.
fn code_of(content: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(content);
    let lines =
        text.lines().map(str::trim_end).filter(|it| !it.trim_start().starts_with('#') && !it.is_empty());
    lines.map(str::to_owned).collect()
}

fn keeps_tests(page: &Page<'_>, path: &str) -> Option<Found> {
    const SKIPPED: [&str; 5] =
        ["@unittest.skip", "@skip", "@unittest.expectedFailure", "@expectedFailure", "self.skipTest("];
    let text = |files: &Files| {
        files.get(path).map(|it| String::from_utf8_lossy(it).into_owned()).unwrap_or_default()
    };
    let tests = |text: &str| text.lines().filter(|it| it.trim_start().starts_with("def test")).count();
    let (now, before) = (text(page.files), text(&page.exercise.start));
    if let Some(word) = SKIPPED.iter().find(|it| now.contains(**it)) {
        let at = now.find(word).unwrap_or_default();
        let happened = format!("`{path}` holds `{word}`: that test is red no more, whatever it finds.");
        return Some(Found::new(happened).in_file(path, Span::new(at, at + word.len()), "not looked at"));
    }
    let (there, were) = (tests(&now), tests(&before));
    let count = |it: usize| match it {
        0 => "no test".to_owned(),
        1 => "one test".to_owned(),
        it => format!("{it} tests"),
    };
    (there < were).then(|| Found::new(format!("`{path}` holds {}, and held {}.", count(there), count(were))))
}

fn committed(page: &Page<'_>, paths: &[String]) -> Option<Found> {
    let path = paths.iter().find(|it| !page.committed.contains_key(*it))?;
    Some(match page.ignore.hides(path) {
        Some(rule) => {
            Found::new(format!("`{path}` stays out of the repository: a line of {} hides it.", rule.file))
                .in_file(&rule.file, rule.span, format!("hides `{path}`"))
        }
        None => Found::new(format!("There is no `{path}`.")),
    })
}

/// The first committed file in which one of the texts stands, plain or as base64 writes it.
fn absent(page: &Page<'_>, texts: &[String]) -> Option<Found> {
    let encoded = |it: &String| [base64(it.as_bytes()), base64(format!("{it}\n").as_bytes())];
    for (path, content) in &page.committed {
        let content = String::from_utf8_lossy(content);
        for text in texts {
            if let Some(at) = content.find(text.as_str()) {
                let found = Found::new(format!("`{path}` still holds `{text}`, and is committed."));
                return Some(found.in_file(path, Span::new(at, at + text.len()), "everybody can read it"));
            }
            if let Some((at, code)) = encoded(text).iter().find_map(|it| Some((content.find(it)?, it.len())))
            {
                let happened = format!("`{path}` holds `{text}` in base64, which anybody can turn back.");
                return Some(Found::new(happened).in_file(
                    path,
                    Span::new(at, at + code),
                    "written in other letters",
                ));
            }
        }
    }
    None
}

/// What base64 makes of the bytes, without the signs at the end.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0_u32, |all, it| all << 8 | u32::from(*it)) << (8 * (3 - group.len()));
        for at in 0..=group.len() {
            text.push(char::from(LETTERS[(word >> (18 - 6 * at) & 63) as usize]));
        }
    }
    text
}

fn ignored(page: &Page<'_>, paths: &[String]) -> Option<Found> {
    let path = paths.iter().find(|it| page.ignore.hides(it).is_none())?;
    Some(Found::new(format!("No rule keeps a file such as `{path}` out of the repository any more.")))
}

/// A pipeline that does the jobs of two of these roles.
fn apart(page: &Page<'_>, names: &[String]) -> Option<Found> {
    let rehearsals = [of_a_push(page), of_a_build(page, &Build::new(Event::Tag))];
    let pipelines = |name: &String| {
        let shown =
            page.exercise.roles.get(name).map(|it| roles::parts(it, &page.manifest)).unwrap_or_default();
        let notes = rehearsals.iter().flat_map(|it| &it.notes);
        let reached = notes.filter(|it| it.what == What::Reached(name.clone())).map(|it| it.pipeline);
        shown.into_iter().map(|it| it.pipeline).chain(reached).collect::<BTreeSet<_>>()
    };
    let all: Vec<(&String, BTreeSet<usize>)> = names.iter().map(|it| (it, pipelines(it))).collect();
    for (at, (one, first)) in all.iter().enumerate() {
        for (other, second) in &all[at + 1..] {
            let Some(shared) = first.intersection(second).next() else { continue };
            let pipeline = page.manifest.pipelines().nth(*shared)?;
            let called = |it: &String| page.exercise.roles.get(it).map_or("", |it| &it.called);
            let happened = format!(
                "The pipeline `{}` does two jobs: {} and {}.",
                pipeline.name(),
                called(one),
                called(other)
            );
            return Some(Found::new(happened).at(pipeline.name_span(), "both in one pipeline"));
        }
    }
    None
}

fn separate(page: &Page<'_>, names: &[String]) -> Option<Found> {
    let all: Vec<_> = names
        .iter()
        .filter_map(|it| page.exercise.roles.get(it))
        .map(|role| (role, roles::parts(role, &page.manifest)))
        .collect();
    for (at, (role, parts)) in all.iter().enumerate() {
        for (other, others) in &all[at + 1..] {
            let shared =
                parts.iter().find(|a| others.iter().any(|b| (a.pipeline, a.step) == (b.pipeline, b.step)));
            if let Some(part) = shared {
                let step = page.manifest.pipelines().nth(part.pipeline)?.steps.get(part.step)?;
                let happened = format!(
                    "The step `{}` does two jobs: {} and {}.",
                    step.name(),
                    role.called,
                    other.called
                );
                return Some(Found::new(happened).at(step.name_span(), "two jobs"));
            }
        }
    }
    None
}
