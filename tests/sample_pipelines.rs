//! The pipelines that `init` writes: no program of Drone refuses one, and each runs what it says on every event.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use ciworkshop::engine::diagnostic::{Diagnostic, Severity};
use ciworkshop::engine::lint::{lint, verdict};
use ciworkshop::engine::plan::{Build, Event, Faults, Plan, StepResult, plan};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::scaffold::{self, Options, PIPELINE};

/// What is found, but for hints: whoever chooses an old Python is told so, and gets it.
fn serious(source: &SourceFile) -> Vec<Diagnostic> {
    lint(source).into_iter().filter(|it| it.severity != Severity::Hint).collect()
}

/// For each sample: the steps that every event runs, those of a nightly build, those of a tag, all in order; and
/// which step may see which secret.
struct Promise {
    sample: &'static str,
    always: &'static [&'static str],
    nightly: &'static [&'static str],
    tag: &'static [&'static str],
    secrets: &'static [(&'static str, &'static str)],
}

const PROMISES: [Promise; 5] = [
    Promise {
        sample: "bertsum",
        always: &["compile", "smoke"],
        nightly: &["smoke-on-real-torch"],
        tag: &["smoke-on-real-torch", "archive", "release"],
        secrets: &[("release", "github_token")],
    },
    Promise {
        sample: "bqup",
        always: &["test"],
        nightly: &[],
        tag: &["build", "publish"],
        secrets: &[("publish", "pypi_token")],
    },
    Promise {
        sample: "drone-hello-world",
        always: &["test"],
        nightly: &[],
        tag: &["release"],
        secrets: &[("release", "github_token")],
    },
    Promise {
        sample: "fb-scraper",
        always: &["test"],
        nightly: &["check-live-page"],
        tag: &["build", "release"],
        secrets: &[("check-live-page", "fb_token"), ("release", "github_token")],
    },
    Promise {
        sample: "pizapy",
        always: &["test", "build"],
        nightly: &[],
        tag: &["check-version", "publish"],
        secrets: &[("publish", "pypi_token")],
    },
];

fn source(sample: &str, options: &Options) -> SourceFile {
    let sample = scaffold::find(sample).unwrap();
    SourceFile::new(PIPELINE, scaffold::pipeline(&sample, options).unwrap())
}

fn variants() -> Vec<Options> {
    let all =
        [("3.12", "main"), ("3.9", "master"), ("3.13", "release/2.x"), ("3.10", "null"), ("3.11", "1.10")];
    let options = |(python, branch): (&str, &str)| Options {
        python: python.parse().unwrap(),
        branch: branch.parse().unwrap(),
    };
    all.map(options).into()
}

fn planned(sample: &str, build: &Build) -> Plan {
    plan(&source(sample, &Options::default()), build, &Faults::default())
}

/// The steps that run, without the clone.
fn running(plan: &Plan) -> Vec<&str> {
    let pipeline = plan.started().next().expect("the pipeline starts");
    pipeline.steps[1..].iter().filter(|it| it.decision.runs()).map(|it| it.name.as_str()).collect()
}

#[test]
fn every_sample_has_its_promise() {
    let names: Vec<_> = scaffold::samples().into_iter().map(|it| it.name).collect();
    assert_eq!(names, PROMISES.map(|it| it.sample));
}

#[test]
fn no_program_of_drone_finds_anything_whatever_was_chosen() {
    for promise in PROMISES {
        for options in variants() {
            let source = source(promise.sample, &options);
            let problems: Vec<_> = serious(&source).into_iter().map(|it| it.message).collect();
            assert_eq!(problems, [""; 0], "{} {options:?}", promise.sample);
            let verdict = verdict(&source);
            assert_eq!(verdict.judgements.len(), 4, "server, runner, and both generations of `drone lint`");
            for judgement in verdict.judgements {
                let refused = judgement.untrusted.or(judgement.trusted);
                assert_eq!(
                    (refused, judgement.pipelines),
                    (None, 1),
                    "{} {:?}",
                    promise.sample,
                    judgement.program
                );
            }
        }
    }
}

#[test]
fn tests_run_on_every_event_and_publishing_waits_for_a_tag() {
    for promise in PROMISES {
        for event in Event::ALL {
            let plan = planned(promise.sample, &Build::new(event));
            let more = match event {
                Event::Tag => promise.tag,
                Event::Cron => promise.nightly,
                _ => &[],
            };
            assert_eq!(running(&plan), [promise.always, more].concat(), "{} {event:?}", promise.sample);
        }
    }
}

#[test]
fn other_branches_and_any_tag_are_treated_as_they_should_be() {
    for promise in PROMISES {
        let feature = planned(promise.sample, &Build::new(Event::Push).with_branch("feature/x"));
        assert_eq!(running(&feature), promise.always, "{}", promise.sample);
        let nightly = planned(promise.sample, &Build::new(Event::Cron).with_branch("feature/x"));
        assert_eq!(running(&nightly), promise.always, "{}: not the main branch", promise.sample);
        let tag = planned(promise.sample, &Build::new(Event::Tag).with_tag("v2.0.0-rc.1"));
        assert_eq!(running(&tag), [promise.always, promise.tag].concat(), "{}", promise.sample);
    }
}

#[test]
fn a_chosen_branch_is_the_one_that_nightly_builds_look_at() {
    for (sample, nightly) in [("fb-scraper", "check-live-page"), ("bertsum", "smoke-on-real-torch")] {
        for options in variants() {
            let source = source(sample, &options);
            let branch = options.branch.name();
            let on = |branch: &str| {
                let plan = plan(&source, &Build::new(Event::Cron).with_branch(branch), &Faults::default());
                running(&plan).contains(&nightly)
            };
            assert!(on(branch) && !on("another"), "{sample} {branch}");
        }
    }
}

proptest::proptest! {
    /// Whatever is typed: it is refused, or it is a branch and nothing else in the file changes.
    #[test]
    fn no_branch_can_change_the_shape_of_a_pipeline(typed in "[a-zA-Z0-9_./ :'\"#*&!|>{}$\\[\\]\n-]{0,12}|[a-z0-9.]{1,5}") {
        let Ok(branch) = typed.parse::<ciworkshop::scaffold::Branch>() else { return Ok(()) };
        for sample in ["fb-scraper", "bertsum"] {
            let source = source(sample, &Options { branch: branch.clone(), ..Options::default() });
            proptest::prop_assert!(serious(&source).is_empty(), "{typed}");
            let nightly = plan(&source, &Build::new(Event::Cron).with_branch(&typed), &Faults::default());
            let promise = PROMISES.iter().find(|it| it.sample == sample).unwrap();
            proptest::prop_assert_eq!(running(&nightly), [promise.always, promise.nightly].concat());
        }
    }
}

#[test]
fn a_secret_is_asked_for_by_one_step_and_seen_by_no_pull_request() {
    for promise in PROMISES {
        for event in Event::ALL {
            let build = Build { fork: event == Event::PullRequest, ..Build::new(event) };
            let plan = planned(promise.sample, &build);
            let steps = &plan.started().next().unwrap().steps;
            let asked: Vec<_> = steps
                .iter()
                .flat_map(|step| step.secrets.iter().map(|it| (step.name.as_str(), it.name.as_str())))
                .collect();
            assert_eq!(asked, promise.secrets, "{}", promise.sample);
            let seen = steps.iter().filter(|it| it.decision.runs() && !it.secrets.is_empty()).count();
            let allowed = matches!(event, Event::Tag | Event::Cron);
            assert!(allowed || seen == 0, "{} {event:?}", promise.sample);
        }
        let described: Vec<_> =
            scaffold::find(promise.sample).unwrap().secrets.into_iter().map(|it| it.name).collect();
        assert_eq!(described, promise.secrets.iter().map(|(_, name)| *name).collect::<Vec<_>>());
    }
}

#[test]
fn nothing_is_published_when_any_step_before_fails() {
    use ciworkshop::engine::plan::Fault;
    for promise in PROMISES {
        let source = source(promise.sample, &Options::default());
        let steps = [promise.always, promise.tag].concat();
        let (publish, before) = steps.split_last().unwrap();
        for step in before {
            let faults = Faults { steps: vec![((*step).to_owned(), Fault::Fails)] };
            let plan = plan(&source, &Build::new(Event::Tag), &faults);
            let pipeline = plan.started().next().unwrap();
            let result = pipeline.step(publish).unwrap().result;
            assert!(pipeline.fails, "{} {step}", promise.sample);
            assert_eq!(result, StepResult::Skipped, "{}: {publish} runs after {step} failed", promise.sample);
        }
    }
}
