//! A step → what it does to the world outside: it publishes something, or it tells people. Knows a list of well-known
//! images and commands, and says nothing of others.

use crate::lint::written::StepAdvice;
use crate::pipeline::{Parameter, Step, Text, Variable};
use crate::plugin::{Effect, of_image, repository};
use crate::shell::{Script, Simple, commands};
use crate::source::Span;

/// Something leaves the build: an image, a package, a release, a deployment.
pub(super) struct Publishing {
    /// The image or the command that does it.
    pub(super) span: Span,
    /// Its name, as in a sentence.
    pub(super) what: String,
}

/// Plugins that publish or deploy, and are often used for what leaves nothing behind: a plan, a check, a store for tests.
const OFTEN_HARMLESS: &[&str] = &[
    "ansible",
    "cloudformation",
    "gcs",
    "helm",
    "helm3",
    "kubectl",
    "kubernetes",
    "s3",
    "s3-sync",
    "terraform",
    "webdav",
    "webhook",
];

/// Images that publish, and whose settings no table has.
const PUBLISHERS: &[&str] = &[
    "chko/docker-pushrm",
    "lucap/drone-netlify",
    "plugins/drone-git-push",
    "woodpeckerci/plugin-docker-buildx",
];

/// Images that tell people how a build went, and whose settings no table has.
const MESSENGERS: &[&str] = &[
    "appleboy/drone-line",
    "jmccann/drone-github-comment",
    "plugins/gitter",
    "plugins/hipchat",
    "plugins/irc",
    "plugins/pushover",
];

/// What a command begins with when it publishes.
const COMMANDS: &[&str] = &[
    "./gradlew publish",
    "./gradlew publishAndReleaseToMavenCentral",
    "./gradlew publishPlugins",
    "./mvnw deploy",
    "cargo publish",
    "deno publish",
    "docker push",
    "dotnet nuget push",
    "flit publish",
    "flyctl deploy",
    "gem push",
    "gh release create",
    "git push",
    "goreleaser release",
    "gradle publish",
    "gradle publishAndReleaseToMavenCentral",
    "gradle publishPlugins",
    "helm push",
    "helm upgrade",
    "kubectl apply",
    "mix hex.publish",
    "mvn deploy",
    "netlify deploy",
    "npm publish",
    "pnpm publish",
    "podman push",
    "poetry publish",
    "python -m twine upload",
    "python3 -m twine upload",
    "sh ./gradlew publish",
    "sh ./gradlew publishAndReleaseToMavenCentral",
    "sh ./gradlew publishPlugins",
    "sh ./mvnw deploy",
    "terraform apply",
    "twine upload",
    "uv publish",
    "yarn npm publish",
    "yarn publish",
];

/// Variables by which a script finds out itself which build it is in.
const GUARDS: [&str; 6] = [
    "DRONE_BUILD_EVENT",
    "DRONE_PULL_REQUEST",
    "DRONE_TAG",
    "DRONE_BRANCH",
    "DRONE_COMMIT_REF",
    "CI_BUILD_EVENT",
];

/// What the step publishes by, if it surely does.
pub(super) fn publishes(step: &StepAdvice<'_>) -> Option<Publishing> {
    if step.is_service {
        return None;
    }
    if step.step.commands.is_some() {
        return by_command(step);
    }
    by_plugin(step.step)
}

fn by_plugin(step: &Step) -> Option<Publishing> {
    let image = step.image.as_ref()?;
    let name = repository(&image.value);
    let publishes =
        has_effect(&image.value, &[Effect::Publishes, Effect::Deploys]) || PUBLISHERS.contains(&name);
    if !publishes || only_tries(step) {
        return None;
    }
    Some(Publishing { span: image.span, what: format!("`{name}`") })
}

/// What the step publishes by, also where only the name of a script says so: `./release.sh`, `make publish`. A step that
/// looks at the event itself decides for itself, and is not among them.
pub(super) fn seems_to_publish(step: &Step) -> Option<Publishing> {
    if step.commands.is_none() {
        return by_plugin(step);
    }
    let commands = step.commands();
    if commands.iter().any(|it| GUARDS.iter().any(|guard| it.value.contains(guard))) {
        return None;
    }
    commands.iter().find_map(|it| {
        let what = publishing_command(&it.value).map(|it| it.0.to_owned());
        let what = what.or_else(|| named_for_it(&it.value))?;
        Some(Publishing { span: it.span, what: format!("`{what}`") })
    })
}

/// A command that runs a script or a target with such a name.
fn named_for_it(text: &str) -> Option<String> {
    const RUNNERS: [&str; 11] =
        ["sh", "bash", "python", "python3", "make", "just", "task", "npm", "yarn", "pnpm", "node"];
    let script = crate::shell::parse(text, true).ok()?;
    commands(&script).into_iter().find_map(|seen| {
        let words: Vec<&str> = seen.simple.text.split_whitespace().collect();
        let first = *words.first()?;
        let runs = |it: &&&str| !it.starts_with('-') && **it != "run";
        let named = if RUNNERS.contains(&first) { words[1..].iter().find(runs).copied()? } else { first };
        let name = named.rsplit('/').next().unwrap_or(named);
        let stem = name.split('.').next().unwrap_or(name);
        let all = if named == first {
            first.to_owned()
        } else {
            words[..=words.iter().position(|it| *it == named)?].join(" ")
        };
        // A bare word that is no script would be a program that somebody else has named.
        let is_script = named != first || first.contains('/');
        (is_script && ["publish", "release", "deploy", "upload"].contains(&stem)).then_some(all)
    })
}

/// True when the step runs an image that tells people how the build went.
pub(super) fn notifies(step: &StepAdvice<'_>) -> bool {
    let image = step.step.image();
    let tells = || has_effect(image, &[Effect::Notifies]) || MESSENGERS.contains(&repository(image));
    !step.is_service && step.step.commands.is_none() && tells()
}

/// True for the image of a plugin that surely does one of these.
fn has_effect(image: &str, effects: &[Effect]) -> bool {
    of_image(image).is_some_and(|it| effects.contains(&it.effect) && !OFTEN_HARMLESS.contains(&it.name))
}

/// True when a parameter says not to push, or may say so.
pub(super) fn only_tries(step: &Step) -> bool {
    let says = |name: &str, value: &str| match name {
        "dry_run" | "no_push" | "noop" => value != "false",
        "push" => value != "true",
        _ => false,
    };
    let setting = step.settings.iter().any(|(name, value)| match value {
        Parameter::Value(value) => says(&name.value, value.value.as_deref().unwrap_or_default()),
        Parameter::Secret(_) => says(&name.value, ""),
    });
    let variable = |(name, value): &(Text, Variable)| {
        let name = name.value.strip_prefix("PLUGIN_").unwrap_or_default().to_lowercase();
        match value {
            Variable::Value(value) => says(&name, &value.value),
            Variable::Secret(_) => says(&name, ""),
        }
    };
    setting || step.environment.iter().any(variable)
}

fn by_command(step: &StepAdvice<'_>) -> Option<Publishing> {
    let commands = step.step.commands();
    // A script that looks at the event decides for itself.
    let guarded = || commands.iter().any(|it| GUARDS.iter().any(|guard| it.value.contains(guard)));
    if !commands.iter().any(|it| may_publish(&it.value)) || guarded() {
        return None;
    }
    let script = step.script()?;
    let (phrase, command) = first_that_publishes(script.tree()?)?;
    let start = command.span.start as usize;
    let span = script.place(Span::new(start, start + phrase.len()));
    Some(Publishing { span, what: format!("`{phrase}`") })
}

/// What the commands of a step publish by: the first that surely does, as its well-known beginning (`twine upload`) and
/// as a whole. Commands that a shell cannot read publish nothing.
#[must_use]
pub fn publishing_command(text: &str) -> Option<(&'static str, String)> {
    if !may_publish(text) {
        return None;
    }
    let script = crate::shell::parse(text, true).ok()?;
    let (phrase, command) = first_that_publishes(&script)?;
    Some((phrase, command.text.clone()))
}

/// True when a word of [`COMMANDS`] is in the text: only then it is worth to be read.
fn may_publish(text: &str) -> bool {
    const WORDS: [&str; 8] = ["publish", "push", "upload", "deploy", "release", "upgrade", "apply", "create"];
    WORDS.iter().any(|it| text.contains(it))
}

/// The first command that publishes, and what it begins with.
fn first_that_publishes(script: &Script) -> Option<(&'static str, &Simple)> {
    commands(script).into_iter().find_map(|seen| {
        let text = seen.simple.text.as_str();
        let found = COMMANDS.iter().copied().find(|it| begins(text, it))?;
        let tries = text.contains("dry-run") || text.contains("--snapshot");
        (!tries).then_some((found, seen.simple))
    })
}

fn begins(command: &str, phrase: &str) -> bool {
    command.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::parse;

    #[test]
    fn a_command_that_publishes_is_found_wherever_it_stands() {
        let rows = [
            (
                "pip install twine\nif true; then twine upload dist/*; fi",
                Some(("twine upload", "twine upload dist/*")),
            ),
            ("echo twine upload", None),
            ("twine upload '", None),
            ("npm publish --dry-run", None),
        ];
        for (commands, expected) in rows {
            let found = publishing_command(commands);
            assert_eq!(found.as_ref().map(|it| (it.0, it.1.as_str())), expected, "{commands}");
        }
    }
    #[test]
    fn a_command_publishes_where_it_begins() {
        let rows = [
            ("twine upload dist/*", Some("twine upload")),
            ("cd x && npm publish", Some("npm publish")),
            ("make; docker push a/b", Some("docker push")),
            ("set -e\n  cargo publish --token x\n", Some("cargo publish")),
            ("cargo publish --dry-run", None),
            ("mix hex.publish --yes", Some("mix hex.publish")),
            ("sh ./mvnw deploy -B", Some("sh ./mvnw deploy")),
            ("./gradlew publishPlugins", Some("./gradlew publishPlugins")),
            ("./gradlew publishToMavenLocal", None),
            ("echo npm publish", None),
            ("npm publishx", None),
            ("if x; then true; fi", None),
        ];
        for (lines, expected) in rows {
            let script = parse(lines, true).expect("a shell can read it");
            assert_eq!(first_that_publishes(&script).map(|it| it.0), expected, "{lines}");
        }
    }

    #[test]
    fn a_script_can_be_named_for_it() {
        let rows = [
            ("./release.sh v1", Some("./release.sh")),
            ("python ci/publish.py dist", Some("python ci/publish.py")),
            ("make -s deploy", Some("make -s deploy")),
            ("npm run release", Some("npm run release")),
            ("make test", None),
            ("python -m unittest", None),
            ("echo deploy", None),
            ("cat release.sh", None),
            ("upload x", None),
        ];
        for (command, expected) in rows {
            assert_eq!(named_for_it(command).as_deref(), expected, "{command}");
        }
    }

    #[test]
    fn the_lists_are_sorted_so_that_they_are_easy_to_extend() {
        for list in [OFTEN_HARMLESS, PUBLISHERS, MESSENGERS, COMMANDS] {
            assert!(list.is_sorted());
        }
        for command in COMMANDS {
            assert!(may_publish(command), "{command} would never be looked for");
        }
    }
}
