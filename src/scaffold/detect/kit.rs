//! What several ecosystems ask of a folder: a version in a file of its own, a value between two words, a target of make.

use crate::scaffold::detect::elsewhere::calls;
use crate::scaffold::detect::version::{Tilde, allows, maintained};
use crate::scaffold::detect::{Advice, Line, Step, Version};
use crate::scaffold::project::{Folder, harm, targets};

/// A text and the place that says it.
pub(crate) type Said = (String, String);

/// The first line of a file that is neither empty nor a comment.
pub(crate) fn first_line(folder: Folder<'_>, name: &str) -> Option<Said> {
    let text = folder.text(name)?;
    let (number, line) =
        text.lines().enumerate().find(|it| !it.1.trim().is_empty() && !it.1.trim().starts_with('#'))?;
    Some((line.trim().to_owned(), folder.place(name, number + 1)))
}

/// What stands behind `before` on a line of the file, up to one of `ends`.
pub(crate) fn after(folder: Folder<'_>, name: &str, before: &str, ends: &[char]) -> Option<Said> {
    let text = folder.loosely(name)?;
    text.lines().enumerate().find_map(|(number, line)| {
        let (head, rest) = line.split_once(before)?;
        let comment = head.trim_start().starts_with(['#', '/']);
        let value = rest.split(ends).next().unwrap_or_default().trim();
        (!comment && !value.is_empty()).then(|| (value.to_owned(), folder.place(name, number + 1)))
    })
}

/// The version that `.tool-versions` or `mise.toml` names for a tool.
pub(crate) fn tool_version(folder: Folder<'_>, tool: &str) -> Option<Said> {
    let text = folder.text(".tool-versions");
    let found = text.as_ref().and_then(|text| {
        let (number, line) =
            text.lines().enumerate().find(|it| it.1.split_whitespace().next() == Some(tool))?;
        Some((line.split_whitespace().nth(1)?.to_owned(), folder.place(".tool-versions", number + 1)))
    });
    found.or_else(|| {
        let value = folder.value("mise.toml")?;
        let named = value.at(&["tools", tool])?;
        Some(((*named.texts().first()?).to_owned(), folder.place("mise.toml", named.line)))
    })
}

/// The oldest maintained version from a lower bound on.
pub(crate) fn from(bound: &str, known: &[&str], image: impl Fn(&str) -> String) -> Option<String> {
    let range = format!(">={bound}");
    let mut fitting = known.iter().filter(|it| allows(&range, it, Tilde::Minor));
    fitting
        .clone()
        .find(|it| maintained(&image(it)))
        .or_else(|| fitting.next_back())
        .map(|it| (*it).to_owned())
}

/// One version, with its reason.
pub(crate) fn version(language: &str, number: &str, image: impl Into<String>, reason: &str) -> Version {
    let why = format!("{language} {number}: {reason}");
    Version { number: number.to_owned(), image: image.into(), why, test: None }
}

/// The target of make that tests, when all of it is harmless. What is not is said.
pub(crate) fn make_target(folder: Folder<'_>, advice: &mut Vec<Advice>) -> Option<(&'static str, String)> {
    let (target, place) = test_target(folder)?;
    match harm(folder, &format!("make {target}")) {
        None => Some((target, place)),
        Some(reason) => {
            advice.push(not_called(&format!("make {target}"), &reason, &place));
            None
        }
    }
}

/// Says why a command that tests is not in the pipeline.
pub(crate) fn not_called(command: &str, reason: &str, place: &str) -> Advice {
    let next = if is_unread(reason) {
        format!("read it yourself: if it only tests, put `{command}` into the pipeline")
    } else if reason.contains("a Docker daemon") {
        format!(
            "call `{command}` on a machine that has Docker, or let what can be tested without it be a part of its own"
        )
    } else {
        format!("give what hands out a target of its own, so that `{command}` only tests")
    };
    Advice::new(format!("`{command}` is not called: {reason} ({place})"), next)
}

/// The target of make by the name of which one expects tests, and its place; of several the one that is called elsewhere.
pub(crate) fn test_target(folder: Folder<'_>) -> Option<(&'static str, String)> {
    let name = folder.first(&["GNUmakefile", "makefile", "Makefile"])?;
    let all = targets(name, &folder.loosely(name)?);
    let there = || ["test", "tests", "check"].into_iter().filter(|it| all.iter().any(|own| own.name == *it));
    let called = |it: &&str| folder.root.is_empty() && calls(folder, &format!("make {it}")).is_some();
    let target = there().filter(|_| there().count() > 1).find(called).or_else(|| there().next())?;
    let line = all.iter().find(|it| it.name == target).map_or(0, |it| it.line);
    Some((target, folder.place(name, line)))
}

/// What `make test` would hand out, where the project's own tool tests it. That nobody can read it is no news then.
pub(crate) fn harmful_target(folder: Folder<'_>) -> Option<Advice> {
    let mut advice = Vec::new();
    make_target(folder, &mut advice);
    advice.into_iter().find(|it| !is_unread(&it.what))
}

/// True for a reason that says what is not known, and not what would happen.
fn is_unread(reason: &str) -> bool {
    ["known only when", "only known when", "too much in turn", "cannot be read"]
        .iter()
        .any(|it| reason.contains(it))
}

/// Fetches the submodules, which the clone leaves out.
pub(crate) fn submodules(folder: Folder<'_>) -> Option<Line> {
    let project = folder.survey.folder("");
    let text = project.loosely(".gitmodules")?;
    let line = text.lines().position(|it| it.trim_start().starts_with("[submodule"))?;
    Some(Line::new(
        "git submodule update --init --recursive",
        format!("{}: submodules, which the clone leaves out", project.place(".gitmodules", line + 1)),
    ))
}

/// Says that tests start containers themselves.
pub(crate) fn starts_containers(place: &str) -> Advice {
    Advice::new(
        format!("some tests start containers, and a step has no Docker daemon for that ({place})"),
        "leave these tests out, or give the pipeline a service and let them read its host from a variable",
    )
}

/// Says that there are no tests, and what the first one could be.
pub(crate) fn no_tests(promise: &str, first: impl Into<String>) -> Advice {
    Advice::new(
        format!("there are no tests: the pipeline only finds out whether {promise}"),
        format!("the first test: {}", first.into()),
    )
}

/// Files beside a tag, for whoever downloads a program.
pub(crate) fn github_release(files: &str) -> (Step, (String, String)) {
    use crate::scaffold::detect::component::Setting;
    let step = Step {
        name: "release".into(),
        why: "the only step that sees the token".into(),
        image: "plugins/github-release:1.0.0".into(),
        settings: vec![
            Setting { name: "api_key".into(), secret: "github_token".into(), ..Setting::default() },
            Setting { name: "files".into(), list: vec![files.to_owned()], ..Setting::default() },
        ],
        ..Step::default()
    };
    (step, ("github_token".into(), "a token that may write releases; puts files beside a tag".into()))
}

/// A path as a shell takes it.
pub(crate) fn path(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '.' | '-' | '_' | '+');
    let text = if text.starts_with('-') { format!("./{text}") } else { text.to_owned() };
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
