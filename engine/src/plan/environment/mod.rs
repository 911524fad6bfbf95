//! A build and a pipeline → the variables of its containers, and the values for `${…}` (§5.9–§5.11).
//!
//! What all steps of a pipeline share is made once; a step's own variables are laid over it on demand.

mod groups;
mod names;
#[cfg(test)]
mod tests;

pub use groups::restricted_workspace;
pub use names::{BuildVariable, Presence, build_variable, build_variables};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pipeline::{Parameter, Pipeline, Step, Text, Variable, Variables};
use crate::plan::environment::groups::{
    Group, git, legacy, link, of_build, of_stage, repository, system, workspace,
};
use crate::plan::{Build, EnvironmentVariable, Event, Hidden, Origin, SecretUse};

/// What Drone knows of the pipeline that runs.
pub(super) struct Stage<'a> {
    pub(super) name: &'a str,
    pub(super) type_: &'a str,
    pub(super) number: usize,
    pub(super) platform: [&'a str; 4],
    pub(super) depends_on: String,
    /// Names of the pipelines that failed before.
    pub(super) failed_before: Vec<String>,
}

impl<'a> Stage<'a> {
    /// The stage of a pipeline that is the `number`th to start.
    pub(super) fn of(
        pipeline: &'a Pipeline,
        number: usize,
        depends_on: String,
        failed_before: &[String],
    ) -> Self {
        let or =
            |text: &'a Option<Text>, default: &'a str| text.as_ref().map_or(default, |it| &it.value).trim();
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
            failed_before: failed_before.to_vec(),
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
        failed_before: Vec::new(),
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
        add(of_build(build, &stage.failed_before), true);
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
    let using = |secret: &Text, variable: String| {
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
