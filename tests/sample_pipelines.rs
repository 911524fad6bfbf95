//! The pipelines that `init` writes: no program of Drone refuses one, and each runs what it says on every event.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::BTreeSet;

use ciworkshop::engine::diagnostic::{Diagnostic, Severity};
use ciworkshop::engine::lint::{lint, verdict};
use ciworkshop::engine::plan::{Build, Event, Faults, PipelinePlan, Plan, StepPlan, StepResult, plan};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::scaffold::{self, Options, PIPELINE};

/// What is found, but for hints: whoever chooses an old Python is told so, and gets it.
fn serious(source: &SourceFile) -> Vec<Diagnostic> {
    lint(source).into_iter().filter(|it| it.severity != Severity::Hint).collect()
}

/// For each sample: the steps that every event runs, those of a push to the main branch, of a nightly build and of a tag, all
/// in order; the steps that publish; and which step may see which secret. Where there are several pipelines, steps are
/// named with theirs.
struct Promise {
    sample: &'static str,
    always: &'static [&'static str],
    push: &'static [&'static str],
    nightly: &'static [&'static str],
    tag: &'static [&'static str],
    publish: &'static [&'static str],
    secrets: &'static [(&'static str, &'static str)],
}

const PROMISES: [Promise; 8] = [
    Promise {
        sample: "bertsum",
        always: &["compile", "smoke"],
        push: &[],
        nightly: &["smoke-on-real-torch"],
        tag: &["smoke-on-real-torch", "archive", "release"],
        publish: &["release"],
        secrets: &[("release", "github_token")],
    },
    Promise {
        sample: "bqup",
        always: &["test"],
        push: &[],
        nightly: &[],
        tag: &["build", "publish"],
        publish: &["publish"],
        secrets: &[("publish", "pypi_token")],
    },
    Promise {
        sample: "drone-hello-world",
        always: &["test"],
        push: &[],
        nightly: &[],
        tag: &["release"],
        publish: &["release"],
        secrets: &[("release", "github_token")],
    },
    Promise {
        sample: "fb-scraper",
        always: &["test"],
        push: &[],
        nightly: &["check-live-page"],
        tag: &["build", "release"],
        publish: &["release"],
        secrets: &[("check-live-page", "fb_token"), ("release", "github_token")],
    },
    Promise {
        sample: "geomancer",
        always: &["python-3.11/test", "python-3.13/test", "tox/tox"],
        push: &["coverage/measure", "coverage/send"],
        nightly: &[],
        tag: &["publish/build", "publish/publish"],
        publish: &["publish/publish"],
        secrets: &[("coverage/send", "codecov_token"), ("publish/publish", "pypi_token")],
    },
    Promise {
        sample: "pizapy",
        always: &["test", "build"],
        push: &[],
        nightly: &[],
        tag: &["check-version", "publish"],
        publish: &["publish"],
        secrets: &[("publish", "pypi_token")],
    },
    Promise {
        sample: "spade",
        always: &["test"],
        push: &[],
        nightly: &[],
        tag: &["build", "release"],
        publish: &["release"],
        secrets: &[("release", "github_token")],
    },
    Promise {
        sample: "tiffany",
        always: &["test/test"],
        push: &["nightly/build", "nightly/upload"],
        nightly: &[],
        tag: &["test/build", "test/release", "latest/build", "latest/upload"],
        publish: &["test/release", "latest/upload"],
        secrets: &[
            ("test/release", "github_token"),
            ("latest/upload", "gcs_token"),
            ("nightly/upload", "gcs_token"),
        ],
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

/// All steps without the clones, under the names of the promises.
fn steps(plan: &Plan) -> Vec<(String, &PipelinePlan, &StepPlan)> {
    let several = plan.pipelines.len() > 1;
    let named = |pipeline: &PipelinePlan, step: &StepPlan| {
        if several { format!("{}/{}", pipeline.name, step.name) } else { step.name.clone() }
    };
    let all =
        plan.pipelines.iter().flat_map(|pipeline| pipeline.steps[1..].iter().map(move |it| (pipeline, it)));
    all.map(|(pipeline, step)| (named(pipeline, step), pipeline, step)).collect()
}

/// The steps that run.
fn running(plan: &Plan) -> Vec<String> {
    let started: Vec<_> = plan.started().map(|it| it.name.as_str()).collect();
    let all = steps(plan).into_iter();
    let all = all.filter(|(_, pipeline, it)| started.contains(&pipeline.name.as_str()) && it.decision.runs());
    all.map(|(name, ..)| name).collect()
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
                let pipelines = planned(promise.sample, &Build::new(Event::Push)).pipelines.len();
                let found = (refused, judgement.pipelines);
                assert_eq!(found, (None, pipelines), "{} {:?}", promise.sample, judgement.program);
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
                Event::Push => promise.push,
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
fn a_chosen_branch_is_the_one_that_nightly_builds_and_pushes_look_at() {
    for (sample, event, step) in BRANCHED {
        for options in variants() {
            let source = source(sample, &options);
            let branch = options.branch.name();
            let on = |branch: &str| {
                let plan = plan(&source, &Build::new(event).with_branch(branch), &Faults::default());
                running(&plan).iter().any(|it| it == step)
            };
            assert!(on(branch) && !on("another"), "{sample} {branch}");
        }
    }
}

/// What only the main branch does.
const BRANCHED: [(&str, Event, &str); 4] = [
    ("fb-scraper", Event::Cron, "check-live-page"),
    ("bertsum", Event::Cron, "smoke-on-real-torch"),
    ("geomancer", Event::Push, "coverage/send"),
    ("tiffany", Event::Push, "nightly/upload"),
];

proptest::proptest! {
    /// Whatever is typed: it is refused, or it is a branch and nothing else in the file changes.
    #[test]
    fn no_branch_can_change_the_shape_of_a_pipeline(typed in "[a-zA-Z0-9_./ :'\"#*&!|>{}$\\[\\]\n-]{0,12}|[a-z0-9.]{1,5}") {
        let Ok(branch) = typed.parse::<ciworkshop::scaffold::Branch>() else { return Ok(()) };
        for (sample, event, _) in BRANCHED {
            let source = source(sample, &Options { branch: branch.clone(), ..Options::default() });
            proptest::prop_assert!(serious(&source).is_empty(), "{typed}");
            let planned = plan(&source, &Build::new(event).with_branch(&typed), &Faults::default());
            let promise = PROMISES.iter().find(|it| it.sample == sample).unwrap();
            let more = if event == Event::Push { promise.push } else { promise.nightly };
            proptest::prop_assert_eq!(running(&planned), [promise.always, more].concat());
        }
    }
}

#[test]
fn a_secret_is_asked_for_where_it_is_needed_and_seen_by_no_pull_request() {
    for promise in PROMISES {
        for event in Event::ALL {
            let build = Build { fork: event == Event::PullRequest, ..Build::new(event) };
            let plan = planned(promise.sample, &build);
            let steps = steps(&plan);
            let asked: Vec<_> = steps
                .iter()
                .flat_map(|(name, _, step)| step.secrets.iter().map(|it| (name.as_str(), it.name.as_str())))
                .collect();
            assert_eq!(asked, promise.secrets, "{}", promise.sample);
            let running = running(&plan);
            let seen = asked.iter().any(|(step, _)| running.iter().any(|it| it == step));
            let pushes = event == Event::Push && !promise.push.is_empty();
            let allowed = pushes || matches!(event, Event::Tag | Event::Cron);
            assert!(allowed || !seen, "{} {event:?}", promise.sample);
        }
        let sample = scaffold::find(promise.sample).unwrap();
        let described: BTreeSet<_> = sample.secrets.into_iter().map(|it| it.name).collect();
        assert_eq!(described, promise.secrets.iter().map(|(_, name)| (*name).to_owned()).collect());
    }
}

#[test]
fn nothing_is_published_when_any_step_before_fails() {
    use ciworkshop::engine::plan::Fault;
    for promise in PROMISES {
        let source = source(promise.sample, &Options::default());
        let all = [promise.always, promise.tag].concat();
        for name in all.iter().filter(|it| !promise.publish.contains(it)) {
            let faults = Faults { steps: vec![((*name).to_owned(), Fault::Fails)] };
            let plan = plan(&source, &Build::new(Event::Tag), &faults);
            assert!(plan.pipelines.iter().any(|it| it.fails), "{} {name}", promise.sample);
            for publish in promise.publish {
                // A release goes out when only the copy for the bucket cannot be built, and the other way round.
                let waits = promise.always.contains(name) || folder(name) == folder(publish);
                let runs = steps(&plan).iter().any(|(it, pipeline, step)| {
                    it == publish && pipeline.decision.runs() && step.result != StepResult::Skipped
                });
                assert!(!waits || !runs, "{}: {publish} runs after {name} failed", promise.sample);
            }
        }
    }
}

/// The pipeline of a step, as far as its name says it.
fn folder(name: &str) -> &str {
    name.split_once('/').map_or("", |it| it.0)
}
