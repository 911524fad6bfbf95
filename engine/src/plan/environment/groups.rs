//! A build and a stage → the variables that Drone makes of them, group by group (§5.11). Empty values are kept: they
//! still hide what was set before.

use crate::pipeline::{Pipeline, Spanned, Text};
use crate::plan::environment::Stage;
use crate::plan::{Build, Event, versions};

/// The server's scheme and version, which no condition and no file can tell.
const SERVER: (&str, &str) = ("https", "2.0.0");

/// Names and values.
pub(super) type Group = Vec<(&'static str, String)>;

pub(super) fn system(build: &Build) -> Group {
    vec![
        ("CI", "true".to_owned()),
        ("DRONE", "true".to_owned()),
        ("DRONE_SYSTEM_PROTO", SERVER.0.to_owned()),
        ("DRONE_SYSTEM_HOST", build.instance.clone()),
        ("DRONE_SYSTEM_HOSTNAME", build.instance.clone()),
        ("DRONE_SYSTEM_VERSION", SERVER.1.to_owned()),
    ]
}

/// Links and clone addresses are left out: nothing here knows where the repository lives.
pub(super) fn repository(build: &Build) -> Group {
    let (owner, name) = build.repo.rsplit_once('/').unwrap_or(("", &build.repo));
    vec![
        ("DRONE_REPO", build.repo.clone()),
        ("DRONE_REPO_OWNER", owner.to_owned()),
        ("DRONE_REPO_NAMESPACE", owner.to_owned()),
        ("DRONE_REPO_NAME", name.to_owned()),
        ("DRONE_REPO_SCM", "git".to_owned()),
        ("DRONE_REPO_VISIBILITY", "public".to_owned()),
        ("DRONE_REPO_PRIVATE", "false".to_owned()),
        ("DRONE_REPO_BRANCH", build.default_branch.clone()),
    ]
}

pub(super) fn of_build(build: &Build, failed_stages: &[String]) -> Group {
    let status = if failed_stages.is_empty() { "success" } else { "failure" };
    let mut group = vec![
        ("DRONE_BRANCH", build.branch.clone()),
        ("DRONE_TARGET_BRANCH", build.branch.clone()),
        ("DRONE_COMMIT_BRANCH", build.branch.clone()),
        ("DRONE_SOURCE_BRANCH", build.source.clone()),
        ("DRONE_COMMIT", build.after.clone()),
        ("DRONE_COMMIT_SHA", build.after.clone()),
        ("DRONE_COMMIT_AFTER", build.after.clone()),
        ("DRONE_COMMIT_BEFORE", build.before.clone()),
        ("DRONE_COMMIT_REF", build.git_ref.clone()),
        ("DRONE_COMMIT_MESSAGE", build.message.clone()),
        ("DRONE_COMMIT_AUTHOR", build.author.clone()),
        ("DRONE_COMMIT_AUTHOR_NAME", build.author_name.clone()),
        ("DRONE_COMMIT_AUTHOR_EMAIL", build.author_email.clone()),
        ("DRONE_BUILD_NUMBER", build.number.to_string()),
        ("DRONE_BUILD_PARENT", "0".to_owned()),
        ("DRONE_BUILD_EVENT", build.event.word().to_owned()),
        ("DRONE_BUILD_ACTION", build.action.clone()),
        ("DRONE_BUILD_TRIGGER", trigger(build)),
        ("DRONE_BUILD_STATUS", status.to_owned()),
        ("DRONE_BUILD_CREATED", build.created.to_string()),
        ("DRONE_BUILD_STARTED", build.started.to_string()),
        ("DRONE_BUILD_FINISHED", build.started.to_string()),
        ("DRONE_BUILD_DEBUG", "false".to_owned()),
        ("DRONE_FAILED_STAGES", failed_stages.join(",")),
        ("DRONE_DEPLOY_TO", build.target.clone()),
        ("DRONE_DEPLOY_ID", "0".to_owned()),
    ];
    if let Some(tag) = build.tag() {
        group.push(("DRONE_TAG", tag.to_owned()));
        group.extend(versions::of_tag(tag));
    }
    if build.event == Event::PullRequest {
        group.push(("DRONE_PULL_REQUEST", first_number(&build.git_ref).to_owned()));
        group.push(("DRONE_PULL_REQUEST_TITLE", build.title.clone()));
    }
    group
}

/// Who started the build: the forge's message, the clock, or a person.
fn trigger(build: &Build) -> String {
    match build.event {
        Event::Push | Event::PullRequest | Event::Tag => "@hook".to_owned(),
        Event::Cron => "@cron".to_owned(),
        Event::Promote | Event::Rollback | Event::Custom => build.author.clone(),
    }
}

/// The first run of digits of a ref: the number of the pull request.
fn first_number(git_ref: &str) -> &str {
    let start = git_ref.find(|it: char| it.is_ascii_digit()).unwrap_or(git_ref.len());
    let digits = &git_ref[start..];
    &digits[..digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len())]
}

pub(super) fn of_stage(build: &Build, stage: &Stage<'_>) -> Group {
    let [os, arch, variant, version] = stage.platform;
    vec![
        ("DRONE_STAGE_KIND", "pipeline".to_owned()),
        ("DRONE_STAGE_TYPE", stage.type_.to_owned()),
        ("DRONE_STAGE_NAME", stage.name.to_owned()),
        ("DRONE_STAGE_NUMBER", stage.number.to_string()),
        ("DRONE_STAGE_MACHINE", "m".to_owned()),
        ("DRONE_STAGE_OS", os.to_owned()),
        ("DRONE_STAGE_ARCH", arch.to_owned()),
        ("DRONE_STAGE_VARIANT", variant.to_owned()),
        ("DRONE_STAGE_VERSION", version.to_owned()),
        ("DRONE_STAGE_STATUS", "success".to_owned()),
        ("DRONE_STAGE_STARTED", build.started.to_string()),
        ("DRONE_STAGE_FINISHED", build.started.to_string()),
        ("DRONE_STAGE_DEPENDS_ON", stage.depends_on.clone()),
        ("DRONE_FAILED_STEPS", String::new()),
        ("DRONE_CARD_PATH", "/dev/stdout".to_owned()),
    ]
}

pub(super) fn link(build: &Build) -> Group {
    vec![("DRONE_BUILD_LINK", format!("{}://{}/{}/{}", SERVER.0, build.instance, build.repo, build.number))]
}

pub(super) fn git(build: &Build, pipeline: &Pipeline) -> Group {
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let name = or(&build.author_name, "drone");
    let mail = or(&build.author_email, "noreply@drone");
    let mut group = vec![
        ("GIT_AUTHOR_NAME", name.clone()),
        ("GIT_AUTHOR_EMAIL", mail.clone()),
        ("GIT_COMMITTER_NAME", name),
        ("GIT_COMMITTER_EMAIL", mail),
        ("GIT_TERMINAL_PROMPT", "0".to_owned()),
    ];
    let set = |it: &Option<Spanned<bool>>| it.as_ref().is_some_and(|it| it.value);
    if set(&pipeline.clone.trace) {
        group.push(("GIT_TRACE", "true".to_owned()));
    }
    if set(&pipeline.clone.skip_verify) {
        group.push(("GIT_SSL_NO_VERIFY", "true".to_owned()));
    }
    group
}

/// Where the code is put, unless said otherwise.
const DEFAULT: &str = "/drone/src";

/// Base, path and both together (§5.7).
pub(super) fn workspace(pipeline: &Pipeline) -> Group {
    let written = |it: &Option<Text>| it.as_ref().map(|it| it.value.clone()).unwrap_or_default();
    let (mut base, mut path) = (written(&pipeline.workspace.base), written(&pipeline.workspace.path));
    if base.is_empty() {
        base = if path.starts_with('/') { std::mem::take(&mut path) } else { DEFAULT.to_owned() };
    }
    let mut full = join(&base, &path);
    if is_restricted(&full) {
        (base, path, full) = (DEFAULT.to_owned(), String::new(), DEFAULT.to_owned());
    }
    vec![("DRONE_WORKSPACE", full), ("DRONE_WORKSPACE_BASE", base), ("DRONE_WORKSPACE_PATH", path)]
}

/// Both paths as one, without `.`, `..` and doubled slashes.
fn join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The folder that `workspace` asks for, where it is one of those that stay as the image has them: `/drone/src` is used
/// instead (§5.7). Below `/etc` and `/var` only some are: `/var/www` is a workspace of many real pipelines.
#[must_use]
pub fn restricted_workspace(pipeline: &Pipeline) -> Option<String> {
    let written = |it: &Option<Text>| it.as_ref().map_or(String::new(), |it| it.value.clone());
    let (base, path) = (written(&pipeline.workspace.base), written(&pipeline.workspace.path));
    let base = if base.is_empty() && !path.starts_with('/') { DEFAULT.to_owned() } else { base };
    Some(join(&base, &path)).filter(|it| is_restricted(it))
}

fn is_restricted(full: &str) -> bool {
    const ALONE: [&str; 3] = ["/", "/etc", "/var"];
    const WITH_ALL_BELOW: [&str; 12] = [
        "/bin",
        "/dev",
        "/etc/docker",
        "/media",
        "/mnt",
        "/mount",
        "/proc",
        "/sys",
        "/usr/bin",
        "/usr/local/bin",
        "/usr/local/sbin",
        "/var/run",
    ];
    let below =
        |folder: &str| full.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    ALONE.contains(&full) || WITH_ALL_BELOW.into_iter().any(below)
}

/// Names from before Drone 1.0 that plugins may still read.
pub(super) fn legacy(build: &Build) -> Group {
    let (_, name) = build.repo.rsplit_once('/').unwrap_or(("", &build.repo));
    vec![
        ("CI_REPO", build.repo.clone()),
        ("CI_REPO_NAME", name.to_owned()),
        ("CI_REPO_PRIVATE", "false".to_owned()),
        ("CI_BUILD_NUMBER", build.number.to_string()),
        ("CI_PARENT_BUILD_NUMBER", "0".to_owned()),
        ("CI_BUILD_CREATED", build.created.to_string()),
        ("CI_BUILD_STARTED", build.started.to_string()),
        ("CI_BUILD_EVENT", build.event.word().to_owned()),
        ("CI_BUILD_STATUS", "success".to_owned()),
        ("CI_COMMIT_SHA", build.after.clone()),
        ("CI_COMMIT_REF", build.git_ref.clone()),
        ("CI_COMMIT_BRANCH", build.branch.clone()),
        ("CI_COMMIT_MESSAGE", build.message.clone()),
        ("CI_COMMIT_AUTHOR", build.author.clone()),
        ("CI_COMMIT_AUTHOR_NAME", build.author_name.clone()),
        ("CI_COMMIT_AUTHOR_EMAIL", build.author_email.clone()),
    ]
}
