//! The run checks, really run: right answers pass them, wrong ones stay wrong, and the packages install.
//! [`crate::machine`] says where.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use ciworkshop::engine::course::{Answers, Exercise, Files, Report, RunRequest, RunSeen, check};
use ciworkshop::engine::plan::{Build, Event};
use ciworkshop::workshop::index::{self, Index};
use ciworkshop::workshop::runs::{Runner, check_and_run};

use crate::machine::machine;
use crate::{Wrong, all, codes, show};

fn judged(exercise: &Exercise, answer: &Files, runner: &dyn Runner) -> Report {
    let files = Answers::laid_over(&exercise.start, answer);
    check_and_run(exercise, &files, runner, &Index::embedded().unwrap())
}

#[test]
fn every_exercise_with_a_green_run_has_a_red_one() {
    for (exercise, _) in all() {
        let twins: Vec<bool> = exercise.run_checks().map(|it| it.twin.is_some()).collect();
        assert!(twins.is_empty() || twins.contains(&true) && twins.contains(&false), "{}", exercise.folder);
        for (name, files) in &exercise.twins {
            for (path, content) in files {
                assert!(exercise.start.get(path).is_some_and(|it| it != content), "{name}: {path}");
            }
        }
    }
}

#[test]
fn right_answers_pass_their_real_runs() {
    let Some(runner) = machine() else { return };
    let all = all();
    let right = all.iter().flat_map(|(exercise, answers)| {
        let alternates = answers.alternates.iter().map(|(name, files)| (name.as_str(), files));
        alternates.chain([("solution", &answers.solution)]).map(move |it| (exercise, it.0, it.1))
    });
    let (right, wrong) = (Mutex::new(right), Mutex::new(Wrong::default()));
    let work = || {
        while let Some((exercise, name, files)) = next(&right) {
            let before = Instant::now();
            let report = judged(exercise, files, runner);
            let end = if report.really_ran { "ran" } else { "not run" };
            println!("{} {name}: {end} in {:.1?} {:?}", exercise.number, before.elapsed(), report.not_run);
            let told = || format!("{} {name}\n{:?}\n{}", exercise.folder, report.not_run, show(&report));
            let runs = exercise.run_checks().next().is_some();
            let holds = report.findings.is_empty() && (report.really_ran || !runs || name != "solution");
            wrong.lock().unwrap().add(holds, told);
        }
    };
    // Mostly they wait for pip, which uses one core.
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    wrong.into_inner().unwrap().none();
}

/// The next of what several threads share.
fn next<T>(shared: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    shared.lock().unwrap().next()
}

#[test]
fn wrong_answers_stay_wrong_whatever_a_run_shows() {
    let Some(runner) = machine() else { return };
    let mut wrong = Wrong::default();
    for (exercise, answers) in all() {
        let report = judged(&exercise, &Files::new(), runner);
        wrong.add(codes(&report) == [exercise.expect_first.as_str()], || show(&report));
        for (name, miss) in &answers.near_misses {
            let report = judged(&exercise, &miss.files, runner);
            let own = codes(&report).first() == Some(&miss.code.as_str());
            wrong.add(own, || format!("{} {name}: not {}\n{}", exercise.folder, miss.code, show(&report)));
        }
    }
    wrong.none();
}

/// A wait in Python is nothing that the check can follow. Three seconds of sleep are no wait, with a store that is late.
#[test]
fn where_a_check_cannot_follow_the_real_runs_decide() {
    let Some(runner) = machine() else { return };
    let Some((exercise, answers)) = all().into_iter().find(|(it, _)| it.id == "started-is-not-ready") else {
        return;
    };
    let loop_ = "for i in $(seq 60); do python ping.py && break; sleep 1; done";
    let text = String::from_utf8(answers.solution[".drone.yml"].clone()).unwrap();
    let script = "import subprocess, sys, time\nfor _ in range(60):\n    if subprocess.call([sys.executable, 'ping.py']) == 0:\n        sys.exit(0)\n    time.sleep(1)\nsys.exit(1)\n";
    for (command, code) in
        [("python ci/wait.py", None), ("python -c 'import time; time.sleep(3)'", Some("CW-run-slow"))]
    {
        assert!(text.contains(loop_), "{text}");
        let mut files = Files::new();
        files.insert(".drone.yml".into(), text.replace(loop_, command).into_bytes());
        files.insert("ci/wait.py".into(), script.into());
        let read = check(&exercise, &Answers::laid_over(&exercise.start, &files));
        assert_eq!(codes(&read), ["CW-not-followed"], "{}", show(&read));
        let report = judged(&exercise, &files, runner);
        assert_eq!(codes(&report).first().copied(), code, "{}\n{:?}", show(&report), report.not_run);
        assert!(report.not_run.iter().any(|it| it.contains(command)), "{:?}", report.not_run);
    }
}

/// 8.1 is about a log that was recorded once. What its lines say, a run of the exercise's own project says too.
#[test]
fn the_recorded_log_says_what_a_run_says() {
    let Some(runner) = machine() else { return };
    let Some((exercise, _)) = all().into_iter().find(|(it, _)| it.id == "read-the-log") else { return };
    let ignored = |path: &&String| path.starts_with("measured/");
    let mut files = exercise.start.clone();
    files.retain(|path, _| !ignored(&path));
    let request = RunRequest {
        code: "CW-x",
        files: &files,
        build: &Build::new(Event::Push),
        variables: &BTreeMap::new(),
        twin: None,
        result: None,
    };
    let RunSeen::Ran(ran) = runner.run(&request) else { panic!("it could not be run") };
    assert_eq!((ran.green, ran.red.unwrap().name.as_str()), (false, "test"));
    let recorded = String::from_utf8(exercise.start["log.txt"].clone()).unwrap();
    let recorded: Vec<&str> = recorded.lines().filter_map(|it| Some(it.split_once("| ")?.1)).collect();
    let telling =
        ["+ python", "ERROR stations.py", "FileNotFoundError", "no new", "0 stations", "ValueError", "FATAL"];
    let said: Vec<&str> =
        ran.log.lines().filter(|line| telling.iter().any(|it| line.starts_with(it))).collect();
    assert_eq!(said.len(), 11, "{said:?}");
    for line in said {
        // The words of an older Python, which may stand in for that of the image.
        let line = line.replace("max() arg is an empty sequence", "max() iterable argument is empty");
        assert!(recorded.contains(&line.as_str()), "{line}");
    }
}

#[test]
fn pip_installs_from_the_index_the_version_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    Index::embedded().unwrap().write(folder.path()).unwrap();
    let made = Command::new("python3").args(["-m", "venv"]).arg(folder.path().join("v")).output();
    if !made.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: python3 makes no virtual environment here");
        return;
    }
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(folder.path().join("v/bin").join(program));
        command.envs(index::environment(folder.path().to_str().unwrap())).current_dir(folder.path());
        let output = command.args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let (code, text) = run("pip", &["install", "pytest", "tabulate==0.8.10", "--no-build-isolation"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("Successfully installed pytest-8.4.2 tabulate-0.8.10"), "{text}");
    assert_eq!(run("pip", &["check"]).0, Some(0));
    let (code, text) = run("pip", &["install", "numpy"]);
    assert!(code == Some(1) && text.contains("No matching distribution found for numpy"), "{text}");

    std::fs::write(folder.path().join("test_a.py"), "def test_a():\n    assert len('ab') == 3\n").unwrap();
    let (code, text) = run("pytest", &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("This is the workshop's small stand-in for pytest 8.4.2.\n"), "{text}");
    for words in ["test_a.py:2: in test_a", "E   assert 2 == 3", "FAILED test_a.py::test_a", "= 1 failed in"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    for (arguments, code) in [
        (&["-m", "pytest", "-q", "-k", "not test_a"][..], 5),
        (&["-m", "pytest", "nowhere"], 4),
        (&["-m", "pytest", "--no-such"], 4),
        (&["-m", "pytest", "-x", "-v", "--tb", "short", "test_a.py::test_a"], 1),
        (&["-m", "pytest", "--version"], 0),
    ] {
        let (ended, text) = run("python", arguments);
        assert_eq!(ended, Some(code), "{arguments:?}: {text}");
    }
    let (code, text) = run("pip", &["uninstall", "-y", "pytest", "tabulate"]);
    assert_eq!(code, Some(0), "{text}");
}
