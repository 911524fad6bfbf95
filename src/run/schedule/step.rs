//! A step of the plan → the job that a machine runs, with its script, its environment and its folder.

use crate::engine::pipeline::{Pipeline, Step};
use crate::engine::plan::{LiveSteps, Role, script};
use crate::run::backend::Job;
use crate::run::schedule::Order;

pub(super) use crate::run::lines::LineWriter;

/// Where the steps find the repository, in the clean machine (§5.7).
pub(super) struct Workspace {
    /// The folder that is shared.
    pub(super) base: String,
    /// The folder of the clone, the same or below.
    pub(super) full: String,
}

/// The workspace of a pipeline. All its steps have the same.
pub(super) fn workspace(steps: &LiveSteps<'_>) -> Workspace {
    let environment = if steps.plans().is_empty() { Vec::new() } else { steps.environment(0) };
    let value = |name: &str| {
        let found = environment.iter().find(|it| it.name == name);
        found.map_or("/drone/src", |it| &it.value).to_owned()
    };
    Workspace { base: value("DRONE_WORKSPACE_BASE"), full: value("DRONE_WORKSPACE") }
}

/// What a machine is to run for a step that starts now.
pub(super) fn job(steps: &LiveSteps<'_>, place: usize, read: &Pipeline, order: &Order<'_>) -> Job {
    let plan = &steps.plans()[place];
    let step = steps.written(place).cloned().unwrap_or_default();
    let commands = step.commands.as_ref().filter(|it| !it.is_empty());
    let script = commands.map(|it| script(it.iter().map(|it| it.value.as_str())));
    let name = if plan.name.is_empty() { format!("service-{}", plan.index + 1) } else { plan.name.clone() };
    Job {
        name,
        role: plan.role,
        place,
        folder: folder(steps, &step, plan.role, plan.detached && script.is_none()),
        environment: environment(steps, place, order),
        script,
        step: if plan.role == Role::Clone { clone_step(read) } else { step },
    }
}

/// The clone has nothing written but the options of the pipeline.
fn clone_step(_: &Pipeline) -> Step {
    Step::default()
}

/// `working_dir`, else the clone's folder; the image's own for a detached program of the image (§5.7).
fn folder(steps: &LiveSteps<'_>, step: &Step, role: Role, own: bool) -> Option<String> {
    match &step.working_dir {
        Some(written) if !written.value.is_empty() && role != Role::Clone => Some(written.value.clone()),
        _ if own => None,
        _ => Some(workspace(steps).full),
    }
}

/// The step's variables with the values of the secrets that this build may see. What has no value is not set.
fn environment(steps: &LiveSteps<'_>, place: usize, order: &Order<'_>) -> Vec<(String, String)> {
    let hidden = |name: &str| steps.plans()[place].secrets.iter().any(|it| it.name == name && !it.visible);
    let value = |variable: crate::engine::plan::EnvironmentVariable| {
        let value = match &variable.secret {
            Some(secret) if hidden(secret) => None,
            Some(secret) => (order.secrets)(secret),
            None => Some(variable.value),
        };
        value.filter(|it| !it.is_empty()).map(|it| (variable.name, it))
    };
    let mut all: Vec<(String, String)> = steps.environment(place).into_iter().filter_map(value).collect();
    // What the file says goes before what a runner says.
    let more = order.variables.iter().filter(|(name, _)| !all.iter().any(|it| it.0 == *name));
    all.extend(more.cloned().collect::<Vec<_>>());
    all.sort();
    all
}
