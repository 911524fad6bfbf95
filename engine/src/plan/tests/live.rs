//! A live build that is told what the faults of a plan say, when they would: it decides as the plan does.

use proptest::prelude::*;

use crate::pipeline::Pipeline;
use crate::plan::live::{Ending, LiveBuild};
use crate::plan::pipelines::{Read, Simulation};
use crate::plan::tests::properties::{some_faults, some_pipeline};
use crate::plan::tests::{plan_of, push};
use crate::plan::{Decision, EnvironmentVariable, Fault, Faults, StepResult};

/// What became of a step: whether it ran, its result, and its environment when it started.
type Lived = (Decision, StepResult, Vec<EnvironmentVariable>);

/// Each step takes one wave and ends as its fault says.
fn live(pipeline: &Pipeline, faults: &[(&str, Fault)]) -> (Vec<Lived>, bool) {
    let (read, build, none) = ([Read { server: pipeline, runner: pipeline }], push(), Faults::default());
    let mut whole = LiveBuild::new(Simulation::new(&read, &build, &none, &|_| false));
    assert!(whole.start(0).decision.runs());
    let mut steps = whole.steps(0);
    let mut environments = vec![Vec::new(); steps.plans().len()];
    let mut ready = steps.first();
    while !ready.is_empty() {
        let (mut running, mut at) = (Vec::new(), 0);
        while let Some(step) = ready.get(at).copied() {
            at += 1;
            let started = steps.start(step);
            let (runs, detached) = (started.decision.runs(), started.detached);
            environments[step] = steps.environment(step);
            if runs && !detached {
                running.push(step);
            } else {
                ready.extend(steps.release(step));
            }
        }
        end(&mut steps, &running, faults);
        ready = running.into_iter().flat_map(|it| steps.release(it)).collect();
    }
    steps.close();
    let lived = steps.plans().iter().zip(environments);
    (lived.map(|(it, environment)| (it.decision.clone(), it.result, environment)).collect(), steps.failed())
}

/// All that runs in this wave ends; what is cut short by one of them was killed.
fn end(steps: &mut crate::plan::LiveSteps<'_>, running: &[usize], faults: &[(&str, Fault)]) {
    let fault = |step: usize, plans: &[crate::plan::StepPlan]| {
        faults.iter().rev().find(|it| it.0 == plans[step].name).map(|it| it.1)
    };
    let mut cancelled = false;
    for step in running {
        let code = match fault(*step, steps.plans()) {
            Some(Fault::Fails) => 1,
            Some(Fault::Exits78) => 78,
            Some(Fault::Slow(_)) | None => continue,
        };
        cancelled |= steps.ended(*step, Ending::Exit(code));
    }
    for step in running {
        if matches!(fault(*step, steps.plans()), Some(Fault::Slow(_)) | None) {
            steps.ended(*step, if cancelled { Ending::Killed } else { Ending::Exit(0) });
        }
    }
}

proptest! {
    #[test]
    fn a_live_build_decides_as_the_plan_does(pipeline in some_pipeline(), faults in some_faults()) {
        let faults: Vec<_> = faults.into_iter().filter(|it| !matches!(it.1, Fault::Slow(_))).collect();
        let plan = plan_of(vec![pipeline.clone()], &push(), &faults).pipelines.remove(0);
        if !plan.decision.runs() {
            return Ok(());
        }
        let (lived, failed) = live(&pipeline, &faults);
        prop_assert_eq!(failed, plan.fails);
        for (step, (decision, result, environment)) in plan.steps.iter().zip(lived) {
            prop_assert_eq!(&step.decision, &decision, "{}", step.name);
            prop_assert_eq!(step.result, result, "{}", step.name);
            if decision.runs() {
                prop_assert_eq!(step.environment(), environment, "{}", step.name);
            }
        }
    }
}
