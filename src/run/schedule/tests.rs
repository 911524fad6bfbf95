//! The pipelines of `tests/run_outcomes`, on a machine that is nothing but `/bin/sh` in a folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::*;
use crate::engine::plan::{Event as Occasion, SHELL, StepResult};
use crate::run::backend::{Description, Ended, Machine, MachineOrder};
use crate::run::ledger::Ledger;
use crate::run::process;

struct Shell;

struct Room {
    workspace: std::path::PathBuf,
    base: String,
}

impl Backend for Shell {
    fn describe(&self) -> Description {
        Description { name: "shell", title: String::new(), open: Vec::new() }
    }
    fn prepare(&self, order: &MachineOrder<'_>, _: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble> {
        Ok(Box::new(Room { workspace: order.workspace.to_owned(), base: order.base.to_owned() }))
    }
    fn sweep(&self, _: &str, _: &Path) -> Result<(), Trouble> {
        Ok(())
    }
}

impl Machine for Room {
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble> {
        if job.step.image() == "missing" {
            return Err(Trouble::new("there is no such image", "name another"));
        }
        let _ = writeln!(out, "a remark of the machine");
        let folder = job.folder.as_deref().unwrap_or(&self.base);
        let folder =
            self.workspace.join(folder.strip_prefix(&self.base).unwrap_or("").trim_start_matches('/'));
        let mut command = Command::new(SHELL[0]);
        command.args(&SHELL[1..]).env_clear().env("PATH", "/usr/bin:/bin").current_dir(folder);
        command.envs(job.environment.iter().map(|(name, value)| (name, value)));
        command.env("DRONE_SCRIPT", job.script.as_deref().unwrap_or("")).stdin(Stdio::null());
        process::run(&mut command, out, stop, started).map_err(|it| Trouble::new(it.to_string(), "try again"))
    }
    fn answers(&self, _: &Job, _: &Probe) -> bool {
        true
    }
    fn close(self: Box<Self>) -> Result<(), Trouble> {
        Ok(())
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Sink for Seen {
    fn tell(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

/// Runs a text; the clone is a folder with a `.git`.
fn run_text(text: &str, stop: &Stop, timeout: Duration, jobs: usize) -> (Outcome, Vec<String>) {
    let source = SourceFile::new(".drone.yml", text);
    let build = Build::new(Occasion::Push);
    let root = tempfile::tempdir().unwrap();
    let run_folder = Ledger::new(root.path().to_owned()).begin().unwrap();
    let seen = Seen::default();
    let order = Order {
        source: &source,
        build: &build,
        chosen: &All,
        jobs,
        timeout,
        offline: false,
        secrets: &|name| Some(format!("value-of-{name}")),
        mask: &Mask::none(),
        clone: &|_, target, _| {
            fs::create_dir(target.join(".git")).map_err(|it| Trouble::with_path("be made", target, &it))
        },
        probe: &|_| None,
        patience: Duration::from_secs(1),
        variables: &[],
    };
    let (outcome, problems) = run(&order, &Shell, &run_folder, &seen, stop);
    assert!(problems.is_empty(), "{problems:?}");
    drop(run_folder);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "the folder of the run is gone");
    (outcome, seen.0.into_inner().unwrap())
}

fn run_all(text: &str) -> Outcome {
    run_text(text, &Stop::new(), Duration::from_secs(60), 8).0
}

fn words(outcome: &Outcome) -> String {
    let mut text = String::new();
    for pipeline in &outcome.pipelines {
        let word = match pipeline.state {
            PipelineState::Passed => "passed",
            PipelineState::Failed => "failed",
            PipelineState::Skipped => "skipped",
            PipelineState::LeftOut => "left_out",
        };
        text += &format!("{word} {}\n", pipeline.name);
        for step in &pipeline.steps {
            let word = match step.result {
                StepResult::Succeeds => "passed",
                StepResult::Fails => "failed",
                StepResult::FailsIgnored => "failed_ignored",
                StepResult::Skipped => "skipped",
                StepResult::StopsEarly => "stopped_early",
                StepResult::Killed => "killed",
            };
            let code = step.code.filter(|it| *it != 0 && !step.detached);
            text += &format!("  {word} {}{}\n", step.name, code.map_or(String::new(), |it| format!(" {it}")));
        }
    }
    text
}

#[test]
fn each_pipeline_has_the_outcome_that_drone_gives_it() {
    let mut files: Vec<_> =
        fs::read_dir("tests/run_outcomes").unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "yml"));
    assert!(files.len() >= 20);
    files.sort();
    for file in files {
        let outcome = run_all(&fs::read_to_string(&file).unwrap());
        let expected = fs::read_to_string(file.with_extension("txt")).unwrap();
        let lines: Vec<_> =
            outcome.pipelines.iter().flat_map(|it| &it.steps).map(|it| &it.last_lines).collect();
        assert_eq!(words(&outcome), expected, "{}\n{lines:?}", file.display());
    }
}

#[test]
fn what_the_machine_says_before_a_step_starts_is_shown_and_is_not_among_its_last_words() {
    let text = "kind: pipeline\nname: p\nsteps:\n- name: a\n  image: i\n  commands: [echo one, exit 3]\n- name: b\n  image: i\n  when: {status: [failure]}\n  commands: ['for i in $(seq 200); do echo $i; done 2>/dev/null']\n";
    let (outcome, seen) = run_text(text, &Stop::new(), Duration::from_mins(1), 1);
    let remark = format!("{:?}", b"a remark of the machine");
    assert_eq!(seen.iter().filter(|it| it.contains(&remark)).count(), 2, "{seen:?}");
    let steps = &outcome.pipelines[0].steps;
    let of = |name: &str| steps.iter().find(|it| it.name == name).unwrap().last_lines.clone();
    assert_eq!(of("a"), ["+ echo one", "one", "+ exit 3"]);
    assert_eq!((of("b").len(), of("b").last().unwrap().as_str()), (50, "200"));
}

const SLEEPERS: &str = "kind: pipeline\nname: p\nservices:\n- name: db\n  image: i\n  commands: [sleep 70]\nsteps:\n\
    - name: a\n  image: i\n  commands: [sleep 60]\n- name: b\n  image: i\n  when: {status: [success, failure]}\n  commands: [sleep 60]\n";

#[test]
fn a_stopped_run_ends_at_once_and_starts_nothing_more() {
    let stop = Stop::new();
    let (outcome, _) = std::thread::scope(|scope| {
        let running = scope.spawn(|| run_text(SLEEPERS, &stop, Duration::from_secs(60), 8));
        std::thread::sleep(Duration::from_millis(300));
        stop.stop(Why::Interrupted);
        running.join().unwrap()
    });
    assert!(outcome.interrupted && !outcome.green());
    assert!(outcome.took < Duration::from_secs(10));
    assert_eq!(words(&outcome), "failed p\n  passed clone\n  passed db\n  killed a\n  skipped b\n");
}

#[test]
fn a_pipeline_ends_when_its_time_is_over() {
    let (outcome, _) = run_text(SLEEPERS, &Stop::new(), Duration::from_millis(300), 8);
    assert!(outcome.pipelines[0].timed_out && !outcome.interrupted && !outcome.green());
    assert!(outcome.took < Duration::from_secs(10));
}

#[test]
fn an_engine_error_fails_also_where_failures_are_ignored() {
    let text = "kind: pipeline\nname: p\nsteps:\n- name: a\n  image: missing\n  failure: ignore\n  commands: [a]\n\
        - name: b\n  image: i\n  commands: [a]\n";
    let outcome = run_all(text);
    assert_eq!(words(&outcome), "failed p\n  passed clone\n  failed a\n  skipped b\n");
    assert_eq!(outcome.pipelines[0].steps[1].trouble.as_ref().unwrap().help, "name another");
}

#[test]
fn one_job_at_a_time_runs_a_graph_to_its_end() {
    let text = "kind: pipeline\nname: p\nsteps:\n".to_owned()
        + &(0..10).map(|it| format!("- {{name: s{it}, image: i, commands: ['test ! -e here && touch here && sleep 0.02 && rm here'], depends_on: [clone]}}\n")).collect::<String>();
    let (outcome, _) = run_text(&text, &Stop::new(), Duration::from_secs(60), 1);
    assert!(outcome.green(), "{}", words(&outcome));
}

#[test]
fn secrets_reach_only_those_who_name_them() {
    let text = "kind: pipeline\nname: p\nsteps:\n- name: a\n  image: i\n  environment: {T: {from_secret: token}}\n  commands: ['test $T = value-of-token']\n\
        - name: b\n  image: i\n  commands: ['test -z \"$T\"']\n";
    assert!(run_all(text).green());
}

#[test]
fn what_happens_is_told_in_order() {
    let text = "kind: pipeline\nname: p\nsteps:\n- name: a\n  image: i\n  commands: [echo hello]\n";
    let (_, events) = run_text(text, &Stop::new(), Duration::from_secs(60), 1);
    let mut names: Vec<&str> =
        events.iter().map(|it| it.split(|it: char| !it.is_alphanumeric()).next().unwrap()).collect();
    // Output comes in as many pieces as it was written in.
    names.dedup();
    let expected =
        ["PipelineStarts", "StepStarts", "StepEnds", "StepStarts", "Output", "StepEnds", "PipelineEnds"];
    assert_eq!(names, expected);
}
