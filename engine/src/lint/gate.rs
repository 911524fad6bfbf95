//! A pipeline file → the steps that publish, and for each the first build without a tag in which it would.

use crate::lint::effect::seems_to_publish;
use crate::pipeline::read;
use crate::plan::{Build, Event, Faults, Plan, plan};
use crate::source::{SourceFile, Span};

/// A step that publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// The step's name.
    pub step: String,
    /// What it publishes by: `` `twine upload` ``.
    pub what: String,
    /// The image or the command that does it.
    pub span: Span,
    /// A build without a tag in which it runs; `None` where a tag is asked for.
    pub open_to: Option<Build>,
}

/// All steps that publish by a plugin or a command that is known, or by a script that is named for it. Reads the file as it
/// stands, and asks the plan of four builds: two pushes, a pull request and a job of the clock.
#[must_use]
pub fn publishers(source: &SourceFile, default_branch: &str) -> Vec<Publisher> {
    let plans = untagged(default_branch).map(|it| plan(source, &it, &Faults::default()));
    let (manifest, _) = read(source);
    let mut found = Vec::new();
    for (at, pipeline) in manifest.pipelines().enumerate() {
        for (index, step) in pipeline.steps.iter().enumerate() {
            let Some(publishing) = seems_to_publish(step) else { continue };
            let open_to = plans.iter().find(|it| runs(it, at, index)).map(|it| it.build.clone());
            let (step, what, span) = (step.name().to_owned(), publishing.what, publishing.span);
            found.push(Publisher { step, what, span, open_to });
        }
    }
    found
}

fn untagged(default_branch: &str) -> [Build; 4] {
    let on = |event| Build {
        default_branch: default_branch.into(),
        ..Build::new(event).with_branch(default_branch)
    };
    [on(Event::Push), on(Event::Push).with_branch("feature/x"), on(Event::PullRequest), on(Event::Cron)]
}

fn runs(plan: &Plan, pipeline: usize, step: usize) -> bool {
    plan.pipelines.get(pipeline).is_some_and(|it| it.runs_step(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(steps: &str) -> Vec<String> {
        let text = format!("kind: pipeline\ntype: docker\nname: p\nsteps:\n{steps}");
        let all = publishers(&SourceFile::new(".drone.yml", text), "trunk");
        let open = |it: &Publisher| {
            it.open_to.as_ref().map_or("a tag".to_owned(), |it| format!("{} {}", it.event.word(), it.branch))
        };
        all.iter().map(|it| format!("{} {} {}", it.step, it.what, open(it))).collect()
    }

    #[test]
    fn the_first_build_without_a_tag_that_publishes_is_named() {
        for (steps, expected) in [
            ("- {name: a, image: x, commands: [twine upload dist/*]}\n", "a `twine upload` push trunk"),
            (
                "- {name: a, image: x, commands: [twine upload dist/*], when: {event: tag}}\n",
                "a `twine upload` a tag",
            ),
            (
                "- {name: a, image: x, commands: [./release.sh], when: {ref: 'refs/tags/v*'}}\n",
                "a `./release.sh` a tag",
            ),
            (
                "- {name: a, image: plugins/docker, settings: {repo: a/b}, when: {branch: {exclude: [trunk]}}}\n",
                "a `plugins/docker` push feature/x",
            ),
            (
                "- {name: a, image: x, commands: [npm publish], when: {event: pull_request}}\n",
                "a `npm publish` pull_request trunk",
            ),
            (
                "- {name: a, image: x, commands: [npm publish], when: {cron: nightly}}\n",
                "a `npm publish` cron trunk",
            ),
        ] {
            assert_eq!(told(steps), [expected], "{steps}");
        }
    }

    #[test]
    fn what_does_not_publish_or_decides_itself_is_passed_over() {
        assert!(told("- {name: a, image: x, commands: [pytest]}\n").is_empty());
        assert!(
            told("- {name: a, image: x, commands: ['test -z \"$DRONE_TAG\" || twine upload dist/*']}\n")
                .is_empty()
        );
        assert!(publishers(&SourceFile::new(".drone.yml", "a: ["), "main").is_empty());
    }
}
