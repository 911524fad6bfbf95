//! Words of other systems, and of Drone 0.8, that do not exist in Drone, and what takes their place.

/// Some words that mean the same.
pub(super) struct Word {
    pub(super) names: &'static [&'static str],
    /// The key of the same map that does the same.
    pub(super) instead: Option<&'static str>,
    /// The next step.
    pub(super) help: &'static str,
}

impl Word {
    pub(super) fn label(&self) -> String {
        self.instead.map_or_else(|| "not in Drone".to_owned(), |it| format!("Drone's word is `{it}`"))
    }
}

const fn word(names: &'static [&'static str], instead: &'static str, help: &'static str) -> Word {
    Word { names, instead: Some(instead), help }
}

const fn none(names: &'static [&'static str], help: &'static str) -> Word {
    Word { names, instead: None, help }
}

const NO_MATRIX: &str = "write the step once for each value, or let Jsonnet or Starlark write the file";
const NO_KEEPING: &str =
    "steps share their folder, and builds share nothing: a plugin must store what should outlive the build";
const NO_TIMEOUT: &str = "take it out: the time limit is a setting of the repository, for all steps together";
const NO_RETRY: &str = "repeat the command in `commands`, in a loop with a limit";

/// In a step or a service.
pub(super) const STEP: &[Word] = &[
    word(
        &["script", "scripts", "run", "cmd", "cmds", "bash", "sh", "before_script", "after_script"],
        "commands",
        "write `commands`, with one line for the shell in each item",
    ),
    word(
        &["env", "envs", "env_vars", "variables", "vars"],
        "environment",
        "write `environment`, with `NAME: value` for each variable",
    ),
    word(
        &["needs", "after", "requires", "dependencies"],
        "depends_on",
        "write `depends_on`, with the names of steps above this one",
    ),
    word(&["uses"], "image", "name the image of a plugin with `image`: Drone runs images, not actions"),
    word(
        &["with", "parameters", "params", "inputs"],
        "settings",
        "write `settings`: a plugin gets its parameters there",
    ),
    word(&["args"], "command", "write `command`, or better the whole line in `commands`"),
    word(
        &["cwd", "workdir", "working_directory", "working-directory", "directory", "dir"],
        "working_dir",
        "write `working_dir`, or begin `commands` with `cd`",
    ),
    word(
        &["allow_failure", "ignore_failure", "ignore_errors", "continue_on_error", "continue-on-error"],
        "failure",
        "write `failure: ignore`",
    ),
    word(
        &["only", "if", "rules", "condition", "conditions", "trigger"],
        "when",
        "write `when`, with `branch`, `event` and other conditions under it",
    ),
    none(&["except"], "write `when`, with `exclude` under a condition: `when: {branch: {exclude: [main]}}`"),
    none(
        &["secrets"],
        "give each secret to a variable: `environment: {NAME: {from_secret: name}}`, or to a plugin's setting",
    ),
    none(&["from_secret"], "write it under a variable: `environment: {NAME: {from_secret: name}}`"),
    none(
        &["group", "parallel"],
        "let steps that may run at the same time wait for the same step with `depends_on`",
    ),
    none(&["timeout", "timeout-minutes", "timeout_minutes"], NO_TIMEOUT),
    none(&["retry", "retries"], NO_RETRY),
    none(
        &["links"],
        "take it out: the containers of a pipeline reach each other by the names of their steps",
    ),
    none(
        &["env_file"],
        "write the variables under `environment`, or read the file in `commands`: `. ./FILE`",
    ),
    none(
        &["healthcheck"],
        "wait in the `commands` of a step until the service answers, in a loop with a limit",
    ),
    none(&["matrix", "strategy"], NO_MATRIX),
    none(&["cache", "artifacts"], NO_KEEPING),
    none(&["include", "extends"], "write the step out, or merge an anchor of this document with `<<`"),
    none(
        &["labels", "tags", "agent", "runs-on", "runs_on"],
        "write `node` or `platform` at the left edge, for the whole pipeline",
    ),
    none(&["restart"], "take it out: a container of a build is started once"),
    word(&["container_name", "hostname"], "name", "take it out: the `name` is the host name for the others"),
];

/// At the left edge of a pipeline.
pub(super) const PIPELINE: &[Word] = &[
    word(
        &["jobs", "stages", "tasks", "script", "before_script", "after_script", "build"],
        "steps",
        "write `steps`, each with `- name:`, `image:` and `commands:`",
    ),
    word(
        &["on", "only", "rules", "when"],
        "trigger",
        "write `trigger` for the whole pipeline; `when` is for a single step",
    ),
    none(&["branches"], "write `branch` under `trigger`: `trigger: {branch: [main]}`"),
    none(
        &["except"],
        "write `trigger`, with `exclude` under a condition: `trigger: {branch: {exclude: [main]}}`",
    ),
    word(
        &["env", "envs", "variables", "vars"],
        "environment",
        "write `environment`, with `NAME: value` for each variable",
    ),
    word(
        &["needs", "requires", "after", "dependencies"],
        "depends_on",
        "write `depends_on`, with the names of pipelines above this one",
    ),
    word(&["skip_clone"], "clone", "write `clone: {disable: true}`"),
    word(
        &["labels", "tags", "agent", "agents", "runs-on", "runs_on"],
        "node",
        "write `node`, with the labels that the runner has",
    ),
    none(
        &["matrix", "strategy"],
        "write a pipeline for each value, or let Jsonnet or Starlark write the file",
    ),
    none(&["secrets"], "write `from_secret: NAME` where the value is needed"),
    none(&["include", "extends", "imports"], "write it out: Drone reads this one file only"),
    none(&["timeout", "timeout-minutes", "timeout_minutes"], NO_TIMEOUT),
    none(&["retry", "retries"], NO_RETRY),
    none(&["cache", "artifacts"], NO_KEEPING),
    none(
        &["notify", "notifications"],
        "write a last step with a plugin, and `when: {status: [success, failure]}`",
    ),
];

/// What is written for people only.
pub(super) const NOTES: &[&str] =
    &["description", "comment", "comments", "note", "notes", "title", "doc", "summary"];

/// What no plugin has for a parameter.
pub(super) const NEVER_SETTINGS: &[&str] = &[
    "secrets",
    "group",
    "from_secret",
    "needs",
    "uses",
    "with",
    "trigger",
    "allow_failure",
    "image_pull_secrets",
    "links",
    "healthcheck",
    "only",
    "except",
    "if",
];
