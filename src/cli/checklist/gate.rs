//! The pipeline file → the fourth line: no step that publishes runs in a build that is not of a tag.

use crate::cli::checklist::line::{GATE, Line};
use crate::engine::lint::{Publisher, publishers};
use crate::engine::plan::{Build, Event};
use crate::engine::source::SourceFile;

pub(super) fn look(source: &SourceFile, default_branch: &str) -> Line {
    let all = publishers(source, default_branch);
    let open = all.iter().find_map(|it| Some((it, it.open_to.as_ref()?)));
    if let Some((step, build)) = open {
        let at = source.line_column(step.span.start);
        let Publisher { step, what, .. } = step;
        let why = format!(
            "`{step}` publishes with {what} ({}:{at}), and runs for {}.",
            source.name(),
            occasion(build)
        );
        return Line::no(
            GATE,
            why,
            format!("add `when: {{event: [tag]}}` to `{step}`, or give its pipeline such a `trigger`"),
        );
    }
    match all.as_slice() {
        [] => Line::yes(
            GATE,
            "No step publishes with a plugin, a command or a script that is known for it. If one of yours does: \
             `ciworkshop plan --all-events` shows when.",
        ),
        [one] => Line::yes(GATE, format!("`{}` publishes with {}, and waits for a tag.", one.step, one.what)),
        many => Line::yes(GATE, format!("{} steps publish, and all of them wait for a tag.", many.len())),
    }
}

/// `a push to main`
fn occasion(build: &Build) -> String {
    match build.event {
        Event::PullRequest => "pull requests".to_owned(),
        Event::Cron => "the builds of a cron job".to_owned(),
        _ => format!("a push to {}", build.branch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(steps: &str) -> String {
        let text = format!("kind: pipeline\ntype: docker\nname: p\nsteps:\n{steps}");
        look(&SourceFile::new(".drone.yml", text), "main").text(200)
    }

    #[test]
    fn a_step_that_publishes_without_a_tag_is_named_with_its_place_and_its_build() {
        let said = text("- {name: out, image: x, commands: [twine upload dist/*]}\n");
        assert!(said.contains("no    it publishes only a tag"), "{said}");
        assert!(
            said.contains(
                "`out` publishes with `twine upload` (.drone.yml:5:36), and runs for a push to main."
            ),
            "{said}"
        );
        let said = text("- {name: out, image: x, commands: [twine upload dist/*], when: {event: tag}}\n");
        assert!(said.starts_with("yes"), "{said}");
        let said = text("- {name: test, image: x, commands: [pytest]}\n");
        assert!(said.starts_with("yes") && said.contains("No step publishes"), "{said}");
    }
}
