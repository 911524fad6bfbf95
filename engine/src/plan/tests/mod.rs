//! The rules of §4.4, §4.6, §4.7, §5.2–§5.4 and §5.9 as data: manifests by hand, and what the plan says of them.

#![allow(clippy::too_many_lines, clippy::type_complexity, reason = "tables of cases read best in one piece")]

mod live;
mod pipelines;
mod properties;
mod steps;

use crate::pipeline::{CloneOptions, ConditionKey, Pipeline, Spanned, Step};
use crate::plan::testing::{conditions, manifest, text, texts};
use crate::plan::{Build, Event, Fault, Faults, PipelinePlan, Plan, plan_manifest};
use crate::source::Span;

fn plan_of(pipelines: Vec<Pipeline>, build: &Build, faults: &[(&str, Fault)]) -> Plan {
    let steps = faults.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect();
    plan_manifest(&manifest(pipelines), build, &Faults { steps })
}

fn push() -> Build {
    Build::new(Event::Push)
}

fn one(pipeline: Pipeline, faults: &[(&str, Fault)]) -> PipelinePlan {
    plan_of(vec![pipeline], &push(), faults).pipelines.remove(0)
}

fn without_clone(pipeline: Pipeline) -> Pipeline {
    let disable = Some(Spanned::new(true, Span::default()));
    Pipeline { clone: CloneOptions { disable, ..CloneOptions::default() }, ..pipeline }
}

fn with_services(pipeline: Pipeline, services: Vec<Step>) -> Pipeline {
    Pipeline { services, ..pipeline }
}

fn detached(step: Step) -> Step {
    Step { detach: Some(Spanned::new(true, Span::default())), ..step }
}

fn with_failure(step: Step, failure: &str) -> Step {
    Step { failure: Some(text(failure)), ..step }
}

fn depending(pipeline: Pipeline, names: &[&str]) -> Pipeline {
    Pipeline { depends_on: texts(names), ..pipeline }
}

fn triggered(pipeline: Pipeline, key: ConditionKey, patterns: &[&str]) -> Pipeline {
    Pipeline { trigger: conditions(&[(key, patterns, &[])]), ..pipeline }
}
