//! A build and a pipeline → the variables of its containers, and the values for `${…}` (§5.9–§5.11).
//!
//! What all steps of a pipeline share is made once; a step's own variables are laid over it on demand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pipeline::{Parameter, Pipeline, Step, Variable, Variables};
use crate::plan::{Build, EnvironmentVariable, Event, Hidden, Origin, SecretUse, versions};

/// The server's scheme and version, which no condition and no file can tell.
const SERVER: (&str, &str) = ("https", "2.0.0");

/// What Drone knows of the pipeline that runs.
pub(super) struct Stage<'a> {
    pub(super) name: &'a str,
    pub(super) type_: &'a str,
    pub(super) number: usize,
    pub(super) platform: [&'a str; 4],
    pub(super) depends_on: String,
    /// Names of the pipelines that failed before.
    pub(super) failed_before: &'a [String],
}

impl<'a> Stage<'a> {
    /// The stage of a pipeline that is the `number`th to start.
    pub(super) fn of(
        pipeline: &'a Pipeline,
        number: usize,
        depends_on: String,
        failed_before: &'a [String],
    ) -> Self {
        let or = |text: &'a Option<crate::pipeline::Text>, default: &'a str| {
            text.as_ref().map_or(default, |it| &it.value).trim()
        };
        let platform = &pipeline.platform;
        let type_ = if pipeline.raw_type().is_empty() { "docker" } else { pipeline.raw_type() };
        Self {
            name: pipeline.name(),
            type_,
            number,
            platform: [
                or(&platform.os, "linux"),
                or(&platform.arch, "amd64"),
                or(&platform.variant, ""),
                or(&platform.version, ""),
            ],
            depends_on,
            failed_before,
        }
    }
}

/// The values for `${…}` in a file of which one docker pipeline `default` runs (§5.10).
#[must_use]
pub fn substitution_variables(build: &Build) -> Variables {
    let stage = Stage {
        name: "default",
        type_: "docker",
        number: 1,
        platform: ["linux", "amd64", "", ""],
        depends_on: String::new(),
        failed_before: &[],
    };
    substitution_for(build, &stage)
}

/// The values for `${…}` while this pipeline runs.
pub(super) fn substitution_for(build: &Build, stage: &Stage<'_>) -> Variables {
    let mut variables: Variables = BTreeMap::new();
    let mut add =
        |group: Group| variables.extend(group.into_iter().map(|(name, value)| (name.to_owned(), value)));
    add(system(build));
    add(repository(build));
    add(of_build(build, &[]));
    add(of_stage(build, stage));
    add(link(build));
    variables
}

type Group = Vec<(&'static str, String)>;

fn system(build: &Build) -> Group {
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
fn repository(build: &Build) -> Group {
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

fn of_build(build: &Build, failed_stages: &[String]) -> Group {
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

fn of_stage(build: &Build, stage: &Stage<'_>) -> Group {
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

fn link(build: &Build) -> Group {
    vec![("DRONE_BUILD_LINK", format!("{}://{}/{}/{}", SERVER.0, build.instance, build.repo, build.number))]
}

fn git(build: &Build, pipeline: &Pipeline) -> Group {
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
    let set = |it: &Option<crate::pipeline::Spanned<bool>>| it.as_ref().is_some_and(|it| it.value);
    if set(&pipeline.clone.trace) {
        group.push(("GIT_TRACE", "true".to_owned()));
    }
    if set(&pipeline.clone.skip_verify) {
        group.push(("GIT_SSL_NO_VERIFY", "true".to_owned()));
    }
    group
}

/// Base, path and both together (§5.7).
fn workspace(pipeline: &Pipeline) -> Group {
    const DEFAULT: &str = "/drone/src";
    let written =
        |it: &Option<crate::pipeline::Text>| it.as_ref().map(|it| it.value.clone()).unwrap_or_default();
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

fn is_restricted(full: &str) -> bool {
    const WITH_ALL_BELOW: [&str; 12] = [
        "/etc",
        "/proc",
        "/sys",
        "/dev",
        "/bin",
        "/usr/bin",
        "/usr/local/bin",
        "/usr/local/sbin",
        "/mnt",
        "/media",
        "/mount",
        "/var",
    ];
    let below =
        |folder: &str| full.strip_prefix(folder).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    full == "/" || WITH_ALL_BELOW.into_iter().any(below)
}

/// Names from before Drone 1.0 that plugins may still read.
fn legacy(build: &Build) -> Group {
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

/// What all steps of a pipeline share.
#[derive(Debug, Default)]
pub(super) struct StageVariables {
    /// Value, origin, and whether Drone sets it again when the step starts.
    shared: BTreeMap<String, (String, Origin, bool)>,
    /// The steps that failed, in the order in which they did.
    failed_steps: Vec<String>,
}

impl StageVariables {
    /// Later ones win: `environment` of the pipeline, then all that Drone sets.
    pub(super) fn of(
        build: &Build,
        pipeline: &Pipeline,
        stage: &Stage<'_>,
        failed_steps: Vec<String>,
    ) -> Self {
        let mut shared = BTreeMap::new();
        for (name, value) in &pipeline.environment {
            shared.insert(name.value.clone(), (value.value.clone(), Origin::Pipeline, false));
        }
        let mut add = |group: Group, again: bool| {
            let entries =
                group.into_iter().map(|(name, value)| (name.to_owned(), (value, Origin::Drone, again)));
            shared.extend(entries);
        };
        add(legacy(build), false);
        add(system(build), false);
        add(repository(build), false);
        add(link(build), false);
        add(git(build, pipeline), false);
        add(workspace(pipeline), false);
        add(of_build(build, stage.failed_before), true);
        add(of_stage(build, stage), true);
        Self { shared, failed_steps }
    }
}

/// What one step's environment is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct StepVariables {
    pub(super) shared: Arc<StageVariables>,
    /// `environment` and settings of the step, later ones winning.
    pub(super) own: Vec<EnvironmentVariable>,
    /// The step's name and number; 0 for one that is never run and so has none.
    pub(super) step: (String, usize),
    /// How many of the failed steps had failed when this one starts.
    pub(super) failed_before: usize,
}

impl StepVariables {
    pub(super) fn environment(&self) -> Vec<EnvironmentVariable> {
        let shared = &self.shared.shared;
        let mut all: BTreeMap<&str, (&str, Origin, Option<&str>)> = shared
            .iter()
            .map(|(name, (value, origin, _))| (name.as_str(), (value.as_str(), *origin, None)))
            .collect();
        let number = self.step.1.to_string();
        let failed = self.shared.failed_steps[..self.failed_before].join(",");
        let (secrets, values): (Vec<_>, Vec<_>) = self.own.iter().partition(|it| it.secret.is_some());
        for own in values {
            if !shared.get(&own.name).is_some_and(|(_, _, again)| *again) {
                all.insert(&own.name, (&own.value, own.origin, None));
            }
        }
        all.insert("DRONE_STEP_NAME", (&self.step.0, Origin::Drone, None));
        if self.step.1 > 0 {
            all.insert("DRONE_STEP_NUMBER", (&number, Origin::Drone, None));
        }
        if !failed.is_empty() {
            all.insert("DRONE_FAILED_STEPS", (&failed, Origin::Drone, None));
            all.insert("DRONE_STAGE_STATUS", ("failure", Origin::Drone, None));
            all.insert("DRONE_BUILD_STATUS", ("failure", Origin::Drone, None));
        }
        for own in secrets {
            all.insert(&own.name, ("", own.origin, own.secret.as_deref()));
        }
        let set = all.into_iter().filter(|(_, (value, _, secret))| !value.is_empty() || secret.is_some());
        let variable =
            |(name, (value, origin, secret)): (&str, (&str, Origin, Option<&str>))| EnvironmentVariable {
                name: name.to_owned(),
                value: value.to_owned(),
                origin,
                secret: secret.map(str::to_owned),
            };
        set.map(variable).collect()
    }
}

/// What a step itself sets: `environment`, then its settings as `PLUGIN_…` (§5.6).
pub(super) fn own_variables(step: &Step) -> Vec<EnvironmentVariable> {
    let one = |name: String, value: &str, secret: Option<&str>, origin| EnvironmentVariable {
        name,
        value: value.to_owned(),
        origin,
        secret: secret.map(str::to_owned),
    };
    let written = step.environment.iter().map(|(name, value)| match value {
        Variable::Value(text) => one(name.value.clone(), &text.value, None, Origin::Step),
        Variable::Secret(secret) => one(name.value.clone(), "", Some(&secret.value), Origin::Step),
    });
    let settings = step.settings.iter().map(|(key, value)| match value {
        Parameter::Value(text) => {
            one(plugin_variable(&key.value), text.value.as_deref().unwrap_or(""), None, Origin::Setting)
        }
        Parameter::Secret(secret) => {
            one(plugin_variable(&key.value), "", Some(&secret.value), Origin::Setting)
        }
    });
    written.chain(settings).collect()
}

/// The variable of a setting: upper case, and nothing else changed.
fn plugin_variable(key: &str) -> String {
    format!("PLUGIN_{}", key.to_uppercase())
}

/// The clone step's own variables (§5.8).
pub(super) fn clone_variables(pipeline: &Pipeline) -> Vec<EnvironmentVariable> {
    let set = |name: &str, value: Option<i64>| {
        value.filter(|it| *it > 0).map(|it| EnvironmentVariable {
            name: name.to_owned(),
            value: it.to_string(),
            origin: Origin::Setting,
            secret: None,
        })
    };
    let clone = &pipeline.clone;
    let depth = set("PLUGIN_DEPTH", clone.depth.as_ref().map(|it| it.value));
    let retries = set("PLUGIN_RETRIES", clone.retries.as_ref().map(|it| it.value));
    depth.into_iter().chain(retries).collect()
}

/// The secrets that a step refers to, in file order. `in_file` says whether the file itself holds one encrypted.
pub(super) fn secrets(step: &Step, build: &Build, in_file: impl Fn(&str) -> bool) -> Vec<SecretUse> {
    let using = |secret: &crate::pipeline::Text, variable: String| {
        let hidden = hidden(&secret.value, build, &in_file);
        SecretUse {
            name: secret.value.clone(),
            variable,
            span: secret.span,
            visible: hidden.is_none(),
            hidden,
        }
    };
    let environment = step.environment.iter().filter_map(|(name, value)| match value {
        Variable::Secret(secret) => Some(using(secret, name.value.clone())),
        Variable::Value(_) => None,
    });
    let settings = step.settings.iter().filter_map(|(key, value)| match value {
        Parameter::Secret(secret) => Some(using(secret, plugin_variable(&key.value))),
        Parameter::Value(_) => None,
    });
    let mut all: Vec<SecretUse> = environment.chain(settings).collect();
    all.sort_by_key(|it| it.span.start);
    all
}

fn hidden(name: &str, build: &Build, in_file: impl Fn(&str) -> bool) -> Option<Hidden> {
    match (build.event, in_file(name), build.fork) {
        (Event::PullRequest, true, true) => Some(Hidden::Fork),
        (Event::PullRequest, false, _) => Some(Hidden::PullRequest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Fault, Faults, Plan, plan};
    use crate::source::SourceFile;

    fn plan_of(text: &str, build: &Build, faults: &[(&str, Fault)]) -> Plan {
        let steps = faults.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect();
        let plan = plan(&SourceFile::new(".drone.yml", text), build, &Faults { steps });
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        plan
    }

    /// The value of a variable in the first step called `a`.
    fn value(text: &str, build: &Build, name: &str) -> Option<String> {
        let plan = plan_of(text, build, &[]);
        let step = plan.pipelines[0].step("a").unwrap();
        step.environment().into_iter().find(|it| it.name == name).map(|it| it.value)
    }

    const PLAIN: &str = "kind: pipeline\nsteps:\n- {name: a, image: i}\n";

    /// Event, variable, value; `-` for one that is not set (§5.11).
    #[test]
    fn each_event_sets_its_variables() {
        let rows: &[(Event, &str, &str)] = &[
            (Event::Push, "CI", "true"),
            (Event::Push, "DRONE", "true"),
            (Event::Push, "DRONE_SYSTEM_HOST", "drone.example.com"),
            (Event::Push, "DRONE_REPO", "octocat/hello-world"),
            (Event::Push, "DRONE_REPO_OWNER", "octocat"),
            (Event::Push, "DRONE_REPO_NAME", "hello-world"),
            (Event::Push, "DRONE_REPO_BRANCH", "main"),
            (Event::Push, "DRONE_BRANCH", "main"),
            (Event::Push, "DRONE_SOURCE_BRANCH", "main"),
            (Event::Push, "DRONE_TAG", "-"),
            (Event::Push, "DRONE_PULL_REQUEST", "-"),
            (Event::Push, "DRONE_DEPLOY_TO", "-"),
            (Event::Push, "DRONE_DEPLOY_ID", "0"),
            (Event::Push, "DRONE_BUILD_EVENT", "push"),
            (Event::Push, "DRONE_BUILD_ACTION", "-"),
            (Event::Push, "DRONE_BUILD_STATUS", "success"),
            (Event::Push, "DRONE_BUILD_TRIGGER", "@hook"),
            (Event::Push, "DRONE_BUILD_LINK", "https://drone.example.com/octocat/hello-world/42"),
            (Event::Push, "DRONE_FAILED_STEPS", "-"),
            (Event::Push, "DRONE_STAGE_NAME", "default"),
            (Event::Push, "DRONE_STAGE_TYPE", "docker"),
            (Event::Push, "DRONE_STAGE_OS", "linux"),
            (Event::Push, "DRONE_STAGE_ARCH", "amd64"),
            (Event::Push, "DRONE_STAGE_VARIANT", "-"),
            (Event::Push, "DRONE_STEP_NAME", "a"),
            (Event::Push, "DRONE_STEP_NUMBER", "2"),
            (Event::Push, "DRONE_WORKSPACE", "/drone/src"),
            (Event::Push, "DRONE_WORKSPACE_PATH", "-"),
            (Event::Push, "GIT_AUTHOR_NAME", "Octo Cat"),
            (Event::Push, "CI_COMMIT_BRANCH", "main"),
            (Event::Push, "DRONE_CRON", "-"),
            (Event::PullRequest, "DRONE_BRANCH", "main"),
            (Event::PullRequest, "DRONE_SOURCE_BRANCH", "feature/x"),
            (Event::PullRequest, "DRONE_PULL_REQUEST", "1"),
            (Event::PullRequest, "DRONE_PULL_REQUEST_TITLE", "a change"),
            (Event::PullRequest, "DRONE_BUILD_ACTION", "opened"),
            (Event::Tag, "DRONE_BRANCH", "-"),
            (Event::Tag, "DRONE_TAG", "v1.0.0"),
            (Event::Tag, "DRONE_SEMVER", "1.0.0"),
            (Event::Tag, "DRONE_SEMVER_MAJOR", "1"),
            (Event::Tag, "DRONE_SEMVER_ERROR", "-"),
            (Event::Cron, "DRONE_BUILD_TRIGGER", "@cron"),
            (Event::Promote, "DRONE_DEPLOY_TO", "production"),
            (Event::Promote, "DRONE_BUILD_TRIGGER", "octocat"),
        ];
        for (event, name, expected) in rows {
            let value = value(PLAIN, &Build::new(*event), name);
            assert_eq!(value.as_deref().unwrap_or("-"), *expected, "{event:?} {name}");
        }
    }

    #[test]
    fn later_sources_win_but_only_as_far_as_drone_lets_them() {
        let text = "
kind: pipeline
environment: {MINE: pipeline, BOTH: pipeline, DRONE_REPO: pipeline, DRONE_BRANCH: pipeline, CI: pipeline}
steps:
- name: a
  image: i
  environment: {BOTH: step, DRONE_REPO: step, DRONE_BRANCH: step, DRONE_TAG: step, EMPTY: '', PLUGIN_TAGS: step}
  settings: {tags: [a, 1.10], dry_run: true, camelCase: x, dashed-name: z, nothing: null}
";
        for (name, expected) in [
            ("MINE", "pipeline"),
            ("BOTH", "step"),
            ("CI", "true"),
            ("DRONE_REPO", "step"),
            ("DRONE_BRANCH", "main"),
            ("DRONE_TAG", "step"),
            ("EMPTY", "-"),
            ("PLUGIN_TAGS", "a,1.1"),
            ("PLUGIN_DRY_RUN", "true"),
            ("PLUGIN_CAMELCASE", "x"),
            ("PLUGIN_DASHED-NAME", "z"),
            ("PLUGIN_NOTHING", "-"),
        ] {
            let value = value(text, &Build::new(Event::Push), name);
            assert_eq!(value.as_deref().unwrap_or("-"), expected, "{name}");
        }
    }

    #[test]
    fn failures_are_told_to_the_steps_that_start_after_them() {
        let text = "
kind: pipeline
steps:
- {name: bad, image: i}
- {name: a, image: i, when: {status: [success, failure]}}
---
kind: pipeline
name: tell
depends_on: [default]
trigger: {status: [failure]}
steps:
- {name: a, image: i}
";
        // The server compares written names, and the first pipeline has none.
        let text = text.replacen("kind: pipeline", "kind: pipeline\nname: default", 1);
        let plan = plan_of(&text, &Build::new(Event::Push), &[("default/bad", Fault::Fails)]);
        let value = |pipeline: usize, step: &str, name: &str| {
            let environment = plan.pipelines[pipeline].step(step).unwrap().environment();
            environment.into_iter().find(|it| it.name == name).map(|it| it.value).unwrap_or_default()
        };
        assert_eq!(value(0, "bad", "DRONE_BUILD_STATUS"), "success");
        assert_eq!(value(0, "a", "DRONE_BUILD_STATUS"), "failure");
        assert_eq!(value(0, "a", "DRONE_STAGE_STATUS"), "failure");
        assert_eq!(value(0, "a", "DRONE_FAILED_STEPS"), "bad");
        assert_eq!(value(1, "a", "DRONE_BUILD_STATUS"), "failure");
        assert_eq!(value(1, "a", "DRONE_FAILED_STAGES"), "default");
        assert_eq!(value(1, "a", "DRONE_STAGE_STATUS"), "success");
        assert_eq!(value(1, "a", "DRONE_STAGE_DEPENDS_ON"), "default");
    }

    #[test]
    fn secrets_come_last_and_are_withheld_from_pull_requests() {
        let text = "
kind: pipeline
steps:
- name: a
  image: i
  environment:
    TOKEN: {from_secret: token}
  settings:
    password: {from_secret: sealed}
---
kind: secret
name: sealed
data: abc
";
        let uses = |build: &Build| {
            let plan = plan_of(text, build, &[]);
            let step = plan.pipelines[0].step("a").unwrap();
            let environment = step.environment();
            for used in &step.secrets {
                let variable = environment.iter().find(|it| it.name == used.variable).unwrap();
                assert_eq!((variable.secret.as_ref(), variable.value.as_str()), (Some(&used.name), ""));
            }
            let one = |it: &SecretUse| (it.name.clone(), it.variable.clone(), it.hidden);
            step.secrets.iter().map(one).collect::<Vec<_>>()
        };
        let expected = |token, sealed| {
            [("token".into(), "TOKEN".into(), token), ("sealed".into(), "PLUGIN_PASSWORD".into(), sealed)]
        };
        assert_eq!(uses(&Build::new(Event::Push)), expected(None, None));
        let pull_request = Build::new(Event::PullRequest);
        assert_eq!(uses(&pull_request), expected(Some(Hidden::PullRequest), None));
        let fork = Build { fork: true, ..pull_request };
        assert_eq!(uses(&fork), expected(Some(Hidden::PullRequest), Some(Hidden::Fork)));
    }

    /// `workspace`, then base, path and both (§5.7).
    #[test]
    fn the_workspace_is_where_drone_puts_it() {
        for (written, base, path, full) in [
            ("{}", "/drone/src", "", "/drone/src"),
            ("{path: /go/src/x}", "/go/src/x", "", "/go/src/x"),
            ("{path: src}", "/drone/src", "src", "/drone/src/src"),
            ("{base: /go, path: src/x}", "/go", "src/x", "/go/src/x"),
            ("{base: /go, path: ../x}", "/go", "../x", "/x"),
            ("{base: /etc, path: x}", "/drone/src", "", "/drone/src"),
            ("{path: /}", "/drone/src", "", "/drone/src"),
            ("{path: /usr/binary}", "/usr/binary", "", "/usr/binary"),
        ] {
            let text = format!("kind: pipeline\nworkspace: {written}\nsteps:\n- {{name: a, image: i}}\n");
            let value = |name| value(&text, &Build::new(Event::Push), name).unwrap_or_default();
            let all =
                [value("DRONE_WORKSPACE_BASE"), value("DRONE_WORKSPACE_PATH"), value("DRONE_WORKSPACE")];
            assert_eq!(all, [base, path, full], "{written}");
        }
    }

    #[test]
    fn values_for_substitution_are_those_of_the_build() {
        let variables = substitution_variables(&Build::new(Event::Tag));
        let value = |name: &str| variables.get(name).map_or("", String::as_str);
        assert_eq!(value("DRONE_TAG"), "v1.0.0");
        assert_eq!(value("DRONE_STAGE_NAME"), "default");
        assert_eq!(value("DRONE_STAGE_MACHINE"), "m");
        assert_eq!(value("DRONE_BUILD_STATUS"), "success");
        // Not there: the container's own.
        assert_eq!((value("DRONE_STEP_NAME"), value("DRONE_WORKSPACE"), value("CI_REPO")), ("", "", ""));
    }

    #[test]
    fn the_environment_of_ten_thousand_steps_is_not_made_before_it_is_asked_for() {
        let steps: Vec<String> = (0..10_000).map(|it| format!("- {{name: s{it}, image: i}}\n")).collect();
        let steps = steps.concat();
        let plan = plan_of(&format!("kind: pipeline\nsteps:\n{steps}"), &Build::new(Event::Push), &[]);
        let steps = &plan.pipelines[0].steps;
        assert!(Arc::ptr_eq(&steps[1].variables.shared, &steps[9_999].variables.shared));
        assert!(steps.iter().all(|it| it.variables.own.is_empty()));
    }
}
