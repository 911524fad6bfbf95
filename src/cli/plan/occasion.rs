//! Flags and the git repository → the build that is planned. Says no where a flag makes no sense for the event.

use clap::Args;

use crate::cli::Failure;
use crate::cli::plan::git::Repository;
use crate::engine::plan::{Build, Event};

const EVENT: &str = "What starts the build: push, pull_request, tag, cron, promote, rollback or custom";

/// Which build is planned.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct Occasion {
    #[arg(long, value_name = "EVENT", value_parser = event, help = EVENT)]
    pub(in crate::cli) event: Option<Event>,
    /// The branch that is pushed, or that a pull request wants to change
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The branch that a pull request comes from
    #[arg(long, value_name = "BRANCH")]
    source: Option<String>,
    /// The tag; alone, it means a tag build
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Where a promote or rollback goes, such as production
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The name of the cron job
    #[arg(long, value_name = "NAME")]
    cron: Option<String>,
    /// What happened to a pull request: opened or synchronized
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// The full ref, such as refs/heads/main
    #[arg(long = "ref", value_name = "REF")]
    git_ref: Option<String>,
    /// The repository
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// The host name of the Drone server
    #[arg(long, value_name = "HOST")]
    instance: Option<String>,
    /// The commit's message; for a pull request, its text
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// The title of a pull request
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The pull request comes from somebody else's copy of the repository
    #[arg(long)]
    fork: bool,
    /// The server's administrator trusts the repository
    #[arg(long)]
    trusted: bool,
    /// A file that the commits change (repeatable); Drone itself never looks at them
    #[arg(long = "changed", value_name = "FILE")]
    changed: Vec<String>,
}

fn event(word: &str) -> Result<Event, String> {
    Event::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Event::ALL.iter().map(|it| it.word()).collect();
        format!("the events are {}", words.join(", "))
    })
}

/// A flag, the events that have what it sets, and why the others do not.
struct Rule {
    flag: &'static str,
    events: &'static [Event],
    why: &'static str,
}

const PULL_REQUEST: &[Event] = &[Event::PullRequest];

impl Occasion {
    /// The build that the flags ask for.
    ///
    /// # Errors
    /// A flag sets what the event does not have.
    pub(in crate::cli) fn build(&self, repository: &Repository) -> Result<Build, Failure> {
        let event = self.event.unwrap_or_else(|| self.implied());
        if let Some(rule) = self.rules().find(|it| !it.events.contains(&event)) {
            let Rule { flag, events, why } = rule;
            let words: Vec<&str> = events.iter().map(|it| it.word()).collect();
            let message = format!("{flag} makes no sense for the event {}: {why}", event.word());
            return Err(Failure::usage(
                message,
                format!("leave out {flag}, or ask for --event {}", words.join(" or ")),
            ));
        }
        self.check_action(event)?;
        Ok(self.build_of(event, repository))
    }

    /// One build for each event, with those flags that it understands.
    pub(in crate::cli) fn builds(&self, repository: &Repository) -> Vec<Build> {
        Event::ALL.into_iter().map(|event| self.build_of(event, repository)).collect()
    }

    /// The event that the flags speak of when none is named.
    fn implied(&self) -> Event {
        let pull_request = self.source.is_some() || self.title.is_some() || self.fork;
        match (&self.tag, &self.cron, &self.target) {
            (_, _, Some(_)) => Event::Promote,
            (Some(_), _, _) => Event::Tag,
            (_, Some(_), _) => Event::Cron,
            _ if pull_request => Event::PullRequest,
            _ => Event::Push,
        }
    }

    /// The rules of the flags that are given.
    fn rules(&self) -> impl Iterator<Item = Rule> {
        let rule = |given: bool, flag, events, why| given.then_some(Rule { flag, events, why });
        let tagged = &[Event::Tag, Event::Promote, Event::Rollback];
        let acting = &[Event::PullRequest, Event::Tag];
        let deploying = &[Event::Promote, Event::Rollback];
        [
            rule(self.tag.is_some(), "--tag", tagged, "only a tag build, or one promoted from it, has a tag"),
            rule(
                self.source.is_some(),
                "--source",
                PULL_REQUEST,
                "only a pull request has a branch that it comes from",
            ),
            rule(self.title.is_some(), "--title", PULL_REQUEST, "only a pull request has a title"),
            rule(self.fork, "--fork", PULL_REQUEST, "only a pull request can come from a fork"),
            rule(self.target.is_some(), "--target", deploying, "only promote and rollback go somewhere"),
            rule(self.cron.is_some(), "--cron", &[Event::Cron], "only a cron build comes from a job"),
            rule(
                self.action.is_some(),
                "--action",
                acting,
                "only pull requests and tags come with an action",
            ),
        ]
        .into_iter()
        .flatten()
    }

    fn check_action(&self, event: Event) -> Result<(), Failure> {
        let known: &[&str] = if event == Event::Tag { &["create"] } else { &["opened", "synchronized"] };
        match &self.action {
            Some(action) if !known.contains(&action.as_str()) => {
                let message = format!("Drone starts no {} build for the action {action}", event.word());
                Err(Failure::usage(message, format!("the action is {}", known.join(" or "))))
            }
            _ => Ok(()),
        }
    }

    fn build_of(&self, event: Event, repository: &Repository) -> Build {
        let mut build = from_repository(event, repository);
        if let Some(branch) = &self.branch {
            build = build.with_branch(branch);
            if event == Event::Tag {
                build.source.clone_from(branch);
            }
        }
        if let (Some(tag), Event::Tag) = (&self.tag, event) {
            build.git_ref = format!("refs/tags/{tag}");
        }
        if let (Some(tag), Event::Promote | Event::Rollback) = (&self.tag, event) {
            build = build.with_tag(tag);
        }
        let only =
            |events: &[Event], value: &Option<String>| value.clone().filter(|_| events.contains(&event));
        let set = |field: &mut String, value: Option<String>| {
            if let Some(value) = value {
                *field = value;
            }
        };
        set(&mut build.source, only(PULL_REQUEST, &self.source));
        set(&mut build.title, only(PULL_REQUEST, &self.title));
        set(&mut build.target, only(&[Event::Promote, Event::Rollback], &self.target));
        set(&mut build.cron, only(&[Event::Cron], &self.cron));
        set(&mut build.action, only(&[Event::PullRequest, Event::Tag], &self.action));
        set(&mut build.git_ref, self.git_ref.clone());
        set(&mut build.repo, self.repo.clone());
        set(&mut build.instance, self.instance.clone());
        set(&mut build.message, self.message.clone());
        build.fork = self.fork && event == Event::PullRequest;
        build.trusted = self.trusted;
        build.changed_files.clone_from(&self.changed);
        build
    }
}

/// The build of an event, with what the repository tells.
fn from_repository(event: Event, repository: &Repository) -> Build {
    let mut build = Build::new(event);
    if let Some(default) = &repository.default_branch {
        build = build.with_branch(default);
        build.default_branch.clone_from(default);
    }
    let current = repository.branch.as_ref();
    match (event, current) {
        (Event::Push, Some(branch)) => build = build.with_branch(branch),
        (Event::PullRequest, Some(branch)) if *branch != build.default_branch => {
            build.source.clone_from(branch);
        }
        (Event::Tag, _) => (build.branch, build.source) = (String::new(), String::new()),
        _ => {}
    }
    if let Some(slug) = &repository.slug {
        build.repo.clone_from(slug);
    }
    if let Some(commit) = &repository.commit {
        build.after.clone_from(&commit.sha);
        build.before = commit.before.clone().unwrap_or_default();
        build.author_name.clone_from(&commit.author_name);
        build.author_email.clone_from(&commit.author_email);
        build.message.clone_from(&commit.message);
    }
    if event == Event::PullRequest {
        // Its text is written in the forge; no commit knows it.
        build.message = String::new();
    }
    build
}

/// The build in a few words.
pub(in crate::cli) fn describe(build: &Build) -> String {
    let Build { branch, source, target, cron, .. } = build;
    let on = if branch.is_empty() { String::new() } else { format!(" on branch {branch}") };
    let tag = build.tag().map(|it| format!(" of tag {it}")).unwrap_or_default();
    let what = match build.event {
        Event::Push => format!("push to branch {branch}"),
        Event::PullRequest if build.fork => format!("pull request from a fork to branch {branch}"),
        Event::PullRequest => format!("pull request from branch {source} to branch {branch}"),
        Event::Tag => format!("tag {}{on}", build.tag().unwrap_or(&build.git_ref)),
        Event::Cron => format!("cron job {cron}{on}"),
        Event::Promote => format!("promote to {target}{tag}{on}"),
        Event::Rollback => format!("rollback of {target}{tag}{on}"),
        Event::Custom => format!("build started by hand{on}"),
    };
    format!("{what}, in {}", build.repo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        occasion: Occasion,
    }

    fn occasion(flags: &str) -> Occasion {
        Line::parse_from(std::iter::once("x").chain(flags.split_whitespace())).occasion
    }

    fn build(flags: &str) -> Build {
        occasion(flags).build(&Repository::default()).unwrap_or_else(|it| panic!("{flags}: {it}"))
    }

    #[test]
    fn flags_imply_their_event() {
        for (flags, expected) in [
            ("", "push to branch main, in octocat/hello-world"),
            ("--tag v2.0.0", "tag v2.0.0, in octocat/hello-world"),
            ("--event tag", "tag v1.0.0, in octocat/hello-world"),
            ("--event tag --branch main", "tag v1.0.0 on branch main, in octocat/hello-world"),
            ("--source fix", "pull request from branch fix to branch main, in octocat/hello-world"),
            ("--fork", "pull request from a fork to branch main, in octocat/hello-world"),
            ("--cron nightly", "cron job nightly on branch main, in octocat/hello-world"),
            ("--target staging", "promote to staging on branch main, in octocat/hello-world"),
            ("--event rollback --tag v1", "rollback of production of tag v1, in octocat/hello-world"),
            ("--event custom --repo a/b", "build started by hand on branch main, in a/b"),
            ("--branch dev", "push to branch dev, in octocat/hello-world"),
        ] {
            assert_eq!(describe(&build(flags)), expected, "{flags}");
        }
    }

    #[test]
    fn a_flag_that_the_event_does_not_have_is_refused_with_the_reason() {
        for (flags, expected) in [
            ("--event push --tag v1", "--tag makes no sense for the event push"),
            ("--event push --source x", "--source makes no sense for the event push"),
            ("--event tag --target x", "--target makes no sense for the event tag"),
            ("--event cron --fork", "--fork makes no sense for the event cron"),
            ("--event push --action opened", "--action makes no sense for the event push"),
            ("--event pr --action closed", "Drone starts no pull_request build for the action closed"),
            ("--tag v1 --cron nightly", "--cron makes no sense for the event tag"),
        ] {
            let failure = occasion(flags).build(&Repository::default()).unwrap_err();
            assert!(failure.message.starts_with(expected), "{flags}: {}", failure.message);
            assert_eq!(failure.exit, crate::cli::Exit::Usage);
        }
    }

    #[test]
    fn the_repository_gives_the_defaults() {
        let repository = Repository {
            branch: Some("work".into()),
            default_branch: Some("trunk".into()),
            slug: Some("a/b".into()),
            forge: None,
            commit: None,
        };
        for (flags, expected) in [
            ("", "push to branch work, in a/b"),
            ("--event pr", "pull request from branch work to branch trunk, in a/b"),
            ("--event tag", "tag v1.0.0, in a/b"),
            ("--event cron", "cron job nightly on branch trunk, in a/b"),
        ] {
            assert_eq!(describe(&occasion(flags).build(&repository).unwrap()), expected, "{flags}");
        }
    }

    #[test]
    fn all_events_take_only_the_flags_that_they_have() {
        let builds = occasion("--tag v9 --target x --branch dev").builds(&Repository::default());
        let words: Vec<String> = builds.iter().map(describe).collect();
        assert_eq!(words[0], "push to branch dev, in octocat/hello-world");
        assert_eq!(words[2], "tag v9 on branch dev, in octocat/hello-world");
        assert_eq!(words[4], "promote to x of tag v9, in octocat/hello-world");
    }
}
