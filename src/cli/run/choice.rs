//! Flags → which pipelines and steps of a plan are asked for. Names are those of the file.

use std::collections::BTreeSet;

use clap::Args;

use crate::cli::Failure;
use crate::cli::plan::suggestion;
use crate::engine::plan::{PipelinePlan, Plan, Role, StepPlan};
use crate::run::memory::Memory;
use crate::run::schedule::Chosen;

/// What of the build is run.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct Choice {
    /// Only this pipeline (repeatable)
    #[arg(long, value_name = "NAME")]
    pipeline: Vec<String>,
    /// Only this step, after the clone; `pipeline/step` names one exactly (repeatable)
    #[arg(long, value_name = "STEP")]
    step: Vec<String>,
    /// This step and those that stand below it
    #[arg(long, value_name = "STEP", conflicts_with = "step")]
    from: Option<String>,
    /// Only the pipelines that were red the last time
    #[arg(long, conflicts_with_all = ["pipeline", "step", "from"])]
    failed: bool,
    /// Take the changes along that are not committed, and new files that git does not ignore
    #[arg(long)]
    pub(super) working_tree: bool,
}

/// The answer: which pipelines, and in each which steps by their place in it.
pub(in crate::cli) struct Asked {
    pipelines: Vec<(String, Option<BTreeSet<usize>>)>,
}

impl Choice {
    /// True when not all of the build is asked for.
    pub(super) fn is_partial(&self) -> bool {
        !self.pipeline.is_empty() || !self.step.is_empty() || self.from.is_some() || self.failed
    }

    /// What the flags mean for this plan.
    ///
    /// # Errors
    /// A name that the file does not have; `--failed` when nothing was red.
    pub(in crate::cli) fn of(&self, plan: &Plan, last: Option<&Memory>) -> Result<Asked, Failure> {
        for name in &self.pipeline {
            if !plan.pipelines.iter().any(|it| it.name == *name) {
                let help = suggestion(name, plan.pipelines.iter().map(|it| it.name.as_str()));
                return Err(Failure::usage(format!("no pipeline is called `{name}`"), help));
            }
        }
        for name in self.step.iter().chain(&self.from) {
            check_step(name, plan)?;
        }
        let red = if self.failed { Some(red(last)?) } else { None };
        let asked = |pipeline: &&PipelinePlan| {
            let named = self.pipeline.is_empty() || self.pipeline.contains(&pipeline.name);
            named && red.as_ref().is_none_or(|it| it.contains(&pipeline.name))
        };
        let steps = |pipeline: &PipelinePlan| self.steps(pipeline);
        let all = plan.pipelines.iter().filter(asked).map(|it| (it.name.clone(), steps(it)));
        let pipelines = all.filter(|(_, steps)| steps.as_ref().is_none_or(|it| !it.is_empty())).collect();
        Ok(Asked { pipelines })
    }

    /// The steps of a pipeline; `None` for all.
    fn steps(&self, pipeline: &PipelinePlan) -> Option<BTreeSet<usize>> {
        let steps = || pipeline.steps.iter().filter(|it| it.role == Role::Step);
        if let Some(from) = &self.from {
            // A pipeline that has no such step is not asked for.
            let first = steps().find(|it| is_named(from, pipeline, it)).map_or(usize::MAX, |it| it.index);
            return Some(steps().map(|it| it.index).filter(|it| *it >= first).collect());
        }
        if self.step.is_empty() {
            return None;
        }
        let named = |it: &&StepPlan| self.step.iter().any(|name| is_named(name, pipeline, it));
        Some(steps().filter(named).map(|it| it.index).collect())
    }
}

/// `step`, or `pipeline/step`.
fn is_named(name: &str, pipeline: &PipelinePlan, step: &StepPlan) -> bool {
    let short = name.strip_prefix(&pipeline.name).and_then(|it| it.strip_prefix('/'));
    step.name == name || short == Some(&step.name)
}

fn check_step(name: &str, plan: &Plan) -> Result<(), Failure> {
    let all = || plan.pipelines.iter().flat_map(|it| it.steps.iter().map(move |step| (it, step)));
    let steps = || all().filter(|(_, step)| step.role == Role::Step);
    if steps().any(|(pipeline, step)| is_named(name, pipeline, step)) {
        return Ok(());
    }
    let known: Vec<&str> = steps().map(|(_, step)| step.name.as_str()).collect();
    let help = suggestion(name, known.iter().copied());
    Err(Failure::usage(format!("no step is called `{name}`"), help))
}

/// The pipelines that were red in the last run.
fn red(last: Option<&Memory>) -> Result<Vec<String>, Failure> {
    let Some(last) = last else {
        return Err(Failure::usage(
            "--failed: no earlier run of this file is known",
            "run all of it first: ciworkshop run",
        ));
    };
    let red = last.red();
    if red.is_empty() {
        return Err(Failure::usage(
            "--failed: nothing was red the last time",
            "run all of it: ciworkshop run",
        ));
    }
    Ok(red)
}

impl Chosen for Asked {
    fn pipeline(&self, name: &str) -> bool {
        self.pipelines.iter().any(|it| it.0 == name)
    }

    fn step(&self, pipeline: &str, step: &StepPlan) -> bool {
        let of = self.pipelines.iter().find(|it| it.0 == pipeline);
        of.is_some_and(|(_, steps)| steps.as_ref().is_none_or(|it| it.contains(&step.index)))
    }
}
