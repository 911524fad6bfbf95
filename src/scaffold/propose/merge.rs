//! An existing `.drone.yml` and the proposed shape → the file with what it lacks. Only versions of images are changed, in
//! their places, and whole pipelines are added, at the end or in front of what publishes, which then waits for them. Every
//! other byte of the owner's text stays.

use std::fmt::Write;

use serde::Serialize;

use crate::engine::diagnostic::Severity;
use crate::engine::pipeline::{
    ConditionKey, Conditions, Manifest, Pipeline as Existing, Step as ExistingStep, read,
};
use crate::engine::source::{SourceFile, Span};
use crate::engine::yaml::split;
use crate::scaffold::detect::Line;
use crate::scaffold::propose::graph::{Edit, applied, before_publishing};
use crate::scaffold::propose::shape::{Pipeline, Shape};
use crate::scaffold::propose::words::{comment, yaml};

/// What would be changed about a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Update {
    /// The text as it would be.
    pub text: String,
    /// What is changed or added, in words.
    pub changes: Vec<String>,
    /// What a new proposal has besides, and nobody but the owner can put in.
    pub lacks: Vec<String>,
}

/// What stops an update.
pub(crate) struct Unreadable {
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// Finds what the file lacks. `write` makes text of pipelines.
pub(crate) fn merge<E>(
    existing: &str,
    shape: &Shape,
    write: impl Fn(&Shape) -> Result<String, E>,
) -> Result<Result<Update, Unreadable>, E> {
    let source = SourceFile::new(".drone.yml", existing);
    let (manifest, problems) = read(&source);
    if let Some(problem) = problems.iter().find(|it| it.severity == Severity::Error) {
        let line = source.line_column(problem.primary.span.start).line;
        return Ok(Err(Unreadable { line, message: problem.message.clone() }));
    }
    if manifest.legacy {
        let message = "it is written for Drone 0.8; `ciworkshop lint` says what has become of that".into();
        return Ok(Err(Unreadable { line: 1, message }));
    }
    if let Some(end) = split(existing).terminator {
        let line = source.line_column(end.start).line;
        return Ok(Err(Unreadable {
            line,
            message: "`...` ends the file: nothing behind it is read".into(),
        }));
    }
    let mut update = Update::default();
    let mut edits = renewed(existing, &manifest, shape, &mut update.changes);
    let Missing { mut tests, publishing, covered } = missing(&manifest, shape);
    for (own, proposed) in covered {
        edits.extend(commands(existing, own, proposed, &mut update));
        let lacking = proposed.services.iter().filter(|it| !existing.contains(repository(&it.image)));
        update
            .lacks
            .extend(lacking.map(|it| format!("the service `{}` ({}): {}", it.name, it.image, it.why)));
    }
    update.lacks.dedup();
    if !tests.pipelines.is_empty() && publisher(&manifest).is_some() {
        let text = write(&tests)?;
        let names: Vec<String> = tests.pipelines.iter().map(|it| it.name.clone()).collect();
        let placed = before_publishing(existing, &manifest, (&text, &names), |it| only_tags(&it.trigger));
        let more = match &placed {
            Some(_) => ", and what publishes waits for it",
            None => {
                "; if a release needs it, add it to `depends_on` of the one that publishes, and move it up"
            }
        };
        update.changes.extend(names.iter().map(|it| format!("the pipeline `{it}` is added{more}")));
        if let Some(placed) = placed {
            edits.extend(placed);
            tests.pipelines.clear();
        }
    } else {
        let names = tests.pipelines.iter().map(|it| &it.name);
        update.changes.extend(names.map(|it| format!("the pipeline `{it}` is added")));
    }
    let published = publishing.iter().map(|it| format!("the pipeline `{}` is added", it.name));
    update.changes.extend(published);
    tests.pipelines.extend(publishing);
    update.text = applied(existing, &edits);
    if !tests.pipelines.is_empty() {
        let added = write(&tests)?;
        if !update.text.is_empty() && !update.text.ends_with('\n') {
            update.text.push('\n');
        }
        let separator = if manifest.documents.is_empty() { "" } else { "\n---\n" };
        update.text.push_str(separator);
        update.text.push_str(&added);
    }
    // One file has one kind of line ends.
    let (all, theirs) = (existing.matches('\n').count(), existing.matches("\r\n").count());
    if all > 0 && all == theirs {
        update.text = update.text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    Ok(Ok(update))
}

/// `postgres:16` → `postgres`.
fn repository(image: &str) -> &str {
    image.split(':').next().unwrap_or(image)
}

/// The commands of a proposed step that have no counterpart in the file, at the end of the step that does its work, with what
/// installs their programs.
fn commands(text: &str, own: &Existing, proposed: &Pipeline, update: &mut Update) -> Option<Edit> {
    let step = &proposed.steps.iter().find(|it| it.step.name == "test")?.step;
    let tested = step.commands.iter().position(|it| !is_setup(key(&it.command)))?;
    let there = |it: &str| text.contains(it);
    let (mut lines, mut waiting): (Vec<&Line>, Vec<&Line>) = (Vec::new(), Vec::new());
    for line in step.commands.iter().skip(tested + 1) {
        if is_setup(key(&line.command)) {
            waiting.push(line);
        } else if there(key(&line.command)) {
            waiting.clear();
        } else {
            lines.extend(waiting.drain(..).filter(|it| !there(&it.command)));
            lines.push(line);
        }
    }
    if lines.is_empty() {
        return None;
    }
    let test = key(&step.commands[tested].command);
    let does = |it: &&ExistingStep| it.commands.iter().flatten().any(|it| it.value.contains(test));
    let target = own.steps.iter().find(does)?;
    let named = || lines.iter().map(|it| format!("`{}`", it.command)).collect::<Vec<_>>().join(", ");
    let Some((at, indent)) = end_of_list(text, target) else {
        update.lacks.push(format!("in `{}`: {}", own.name(), named()));
        return None;
    };
    update.changes.push(format!("{}/{}: {}", own.name(), name_of(target).unwrap_or_default(), named()));
    let mut added = String::new();
    for line in lines {
        if !line.why.is_empty() {
            let _ = write!(added, "\n{indent}# {}", comment(&line.why));
        }
        let _ = write!(added, "\n{indent}- {}", yaml(&line.command));
    }
    Some((at, added))
}

/// Where the list of commands ends and how its entries are indented, when each stands on a line of its own.
fn end_of_list<'t>(text: &'t str, step: &ExistingStep) -> Option<(Span, &'t str)> {
    let all = step.commands.as_ref()?;
    let (first, last) = (all.first()?.span.range(), all.last()?.span.range());
    let line = &text[text[..first.start].rfind('\n').map_or(0, |it| it + 1)..];
    let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
    let end = text[..last.end].trim_end().len();
    let end = text[end..].find('\n').map_or(text.len(), |it| end + it);
    let end = u32::try_from(text[..end].trim_end().len()).ok()?;
    let span = Span { start: end, end };
    line.trim_start_matches(' ').starts_with("- ").then_some((span, indent))
}

/// Images of our steps whose version the project no longer names.
fn renewed(text: &str, manifest: &Manifest, shape: &Shape, changes: &mut Vec<String>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for own in manifest.pipelines() {
        let Some(proposed) = shape.pipelines.iter().find(|it| it.name == own.name()) else { continue };
        for step in &own.steps {
            let wanted = proposed.steps.iter().find(|it| Some(it.step.name.as_str()) == name_of(step));
            let (Some(wanted), Some(image)) = (wanted.filter(|it| !it.image_why.is_empty()), &step.image)
            else {
                continue;
            };
            let Some(new) = with_version_of(&image.value, &wanted.step.image) else { continue };
            changes.push(format!(
                "{}/{}: `{}` becomes `{new}` ({})",
                own.name(),
                wanted.step.name,
                image.value,
                wanted.image_why
            ));
            let written = &text[image.span.range()];
            let quote = written.chars().next().filter(|it| matches!(it, '"' | '\''));
            let quote = quote.map_or(String::new(), String::from);
            edits.push((image.span, format!("{quote}{new}{quote}")));
        }
    }
    edits
}

/// The owner's image with the proposed number, when only that differs: `python:3.11-slim-bookworm` keeps its ending.
fn with_version_of(own: &str, proposed: &str) -> Option<String> {
    let ((repository, tag), (wanted, new)) = (own.split_once(':')?, proposed.split_once(':')?);
    let (number, new) = (tag.split('-').next()?, new.split('-').next()?);
    let digits = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    let same = number == new || number.starts_with(&format!("{new}."));
    (repository == wanted && digits(number) && digits(new) && !same)
        .then(|| format!("{repository}:{}", tag.replacen(number, new, 1)))
}

fn name_of(step: &ExistingStep) -> Option<&str> {
    step.name.as_ref().map(|it| it.value.as_str())
}

/// The proposed pipelines whose work nothing in the file does.
struct Missing<'a> {
    tests: Shape,
    publishing: Vec<Pipeline>,
    /// The pipelines of the file that do the work of a proposed one.
    covered: Vec<(&'a Existing, &'a Pipeline)>,
}

fn missing<'a>(manifest: &'a Manifest, shape: &'a Shape) -> Missing<'a> {
    let taken: Vec<&str> = manifest.pipelines().map(Existing::name).collect();
    let several = shape.pipelines.iter().filter(|it| it.depends_on.is_empty()).count() > 1;
    let mut standing: Vec<(String, String)> = Vec::new();
    let mut added: Vec<Pipeline> = Vec::new();
    let mut covered = Vec::new();
    for pipeline in &shape.pipelines {
        let publishes = !pipeline.depends_on.is_empty();
        let covering = if publishes { publisher(manifest) } else { tester(manifest, pipeline, several) };
        if let Some(covering) = covering {
            standing.push((pipeline.name.clone(), covering.to_owned()));
            let own = manifest.pipelines().find(|it| it.name() == covering && !publishes);
            covered.extend(own.map(|it| (it, pipeline)));
            continue;
        }
        let name = free(&pipeline.name, &taken);
        let depends_on = pipeline.depends_on.iter().map(|it| now(it, &standing)).collect();
        standing.push((pipeline.name.clone(), name.clone()));
        added.push(Pipeline { name, depends_on, ..pipeline.clone() });
    }
    let (tests, publishing) = added.into_iter().partition(|it| it.depends_on.is_empty());
    Missing { tests: Shape { pipelines: tests, ..shape.clone() }, publishing, covered }
}

/// What a proposed pipeline is called in the file.
fn now(proposed: &str, standing: &[(String, String)]) -> String {
    standing.iter().find(|it| it.0 == proposed).map_or_else(|| proposed.to_owned(), |it| it.1.clone())
}

fn free(name: &str, taken: &[&str]) -> String {
    let more = (2..100).map(|it| format!("{name}-{it}"));
    std::iter::once(name.to_owned())
        .chain(more)
        .find(|it| !taken.contains(&it.as_str()))
        .unwrap_or_else(|| name.to_owned())
}

/// The pipeline of the file that runs the same tests, on the same version where there are several.
fn tester<'m>(manifest: &'m Manifest, proposed: &Pipeline, several: bool) -> Option<&'m str> {
    let step = &proposed.steps.iter().find(|it| it.step.name == "test")?.step;
    let keys: Vec<&str> = step.commands.iter().map(|it| key(&it.command)).collect();
    let keys: Vec<&str> = keys.iter().copied().filter(|it| !is_setup(it)).collect();
    let version = |image: &str| {
        let (own, wanted) = (image.split('-').next(), step.image.split('-').next());
        !several || own == wanted
    };
    let found = manifest.pipelines().find(|pipeline| {
        pipeline.steps.iter().any(|own| {
            let text: Vec<&str> = own.commands.iter().flatten().map(|it| it.value.as_str()).collect();
            let image = own.image.as_ref().map_or("", |it| it.value.as_str());
            let tests = keys.first().is_some_and(|key| text.iter().any(|it| it.contains(key)));
            tests && version(image)
        })
    });
    found.map(Existing::name)
}

/// What a command is about, without a manager before it and arguments behind: `uv run pytest tests/` → `pytest`.
fn key(command: &str) -> &str {
    let command = command.split(" && ").last().unwrap_or(command);
    let rest = ["uv run ", "poetry run ", "pdm run ", "pipenv run ", "bundle exec ", "./"];
    let rest = rest.iter().find_map(|it| command.strip_prefix(it)).unwrap_or(command);
    // A module is a program, too: `python -m pytest` does what `pytest` does.
    let rest = rest.strip_prefix("python -m ").or(rest.strip_prefix("python3 -m ")).unwrap_or(rest);
    let words: Vec<&str> = rest.split(' ').collect();
    let two = [
        "cargo", "go", "npm", "yarn", "pnpm", "bun", "make", "mvn", "mix", "dotnet", "deno", "composer",
        "python",
    ];
    let end = if words.len() > 1 && two.contains(&words[0]) {
        words[0].len() + 1 + words[1].len()
    } else {
        words[0].len()
    };
    &rest[..end]
}

fn is_setup(key: &str) -> bool {
    let setup = [
        "cd", "pip", "uv", "poetry", "pdm", "pipenv", "conda", "apt-get", "corepack", "bundle", "rustup",
        "coverage", "git",
    ];
    let install = [
        "npm ci",
        "npm install",
        "yarn install",
        "pnpm install",
        "bun install",
        "go mod",
        "cargo fetch",
        "composer install",
        "mix local.hex",
    ];
    setup.contains(&key) || install.contains(&key)
}

/// The pipeline of the file that does something on tags only.
fn publisher(manifest: &Manifest) -> Option<&str> {
    let found = manifest
        .pipelines()
        .find(|it| only_tags(&it.trigger) || it.steps.iter().any(|it| only_tags(&it.when)));
    found.map(Existing::name)
}

fn only_tags(conditions: &Conditions) -> bool {
    let of = |key, word: &str| {
        conditions
            .get(key)
            .is_some_and(|it| !it.include.is_empty() && it.include.iter().all(|it| it.value.contains(word)))
    };
    of(ConditionKey::Event, "tag") || of(ConditionKey::Event, "promote") || of(ConditionKey::Ref, "refs/tags")
}

#[cfg(test)]
mod tests {
    use super::{key, with_version_of};

    #[test]
    fn a_command_is_about_its_program() {
        for (command, about) in [
            ("uv run pytest tests/ --cov", "pytest"),
            ("cargo test --workspace", "cargo test"),
            ("python -m unittest", "unittest"),
            ("uv run python -m pytest tests/", "pytest"),
            ("./mvnw -B verify", "mvnw"),
        ] {
            assert_eq!(key(command), about);
        }
    }

    #[test]
    fn the_ending_of_an_image_is_the_owners() {
        assert_eq!(
            with_version_of("python:3.11-slim-bookworm", "python:3.13-slim").as_deref(),
            Some("python:3.13-slim-bookworm")
        );
        for (own, proposed) in [
            ("python:3.12.4", "python:3.12-slim"),
            ("pypy:3.10", "python:3.12"),
            ("python:latest", "python:3.12"),
        ] {
            assert_eq!(with_version_of(own, proposed), None, "{own}");
        }
    }
}
