//! `ciworkshop run` as a person types it, on every machine that is here: outcomes, the clean clone, what is left behind.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::machines::{Project, machines};
use support::tree;

const SLOW: &str = "kind: pipeline\ntype: docker\nname: default\nservices:\n- name: helper\n  image: busybox:1.36\n  commands: [sleep 300]\n\
    steps:\n- name: slow\n  image: busybox:1.36\n  commands: ['echo begun', 'sleep 300 & sleep 300']\n";

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn last_event(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    serde_json::from_str(line).unwrap()
}

/// The outcome in the words of `tests/run_outcomes`.
fn words(end: &Value) -> String {
    let mut text = String::new();
    for pipeline in end["pipelines"].as_array().unwrap() {
        text += &format!("{} {}\n", pipeline["state"].as_str().unwrap(), pipeline["name"].as_str().unwrap());
        for step in pipeline["steps"].as_array().unwrap() {
            let code = step["code"].as_i64().filter(|it| *it != 0 && step["detached"] == false);
            let code = code.map_or(String::new(), |it| format!(" {it}"));
            text +=
                &format!("  {} {}{code}\n", step["result"].as_str().unwrap(), step["name"].as_str().unwrap());
        }
    }
    text
}

#[test]
fn all_machines_give_the_outcomes_that_drone_gives() {
    let mut files: Vec<_> =
        fs::read_dir("tests/run_outcomes").unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "yml"));
    files.sort();
    assert!(files.len() >= 20);
    for machine in machines() {
        for file in &files {
            let project = Project::new(&[(".drone.yml", &fs::read_to_string(file).unwrap())]);
            let output = project.run(machine, &["--format", "json"]).output().unwrap();
            let expected = fs::read_to_string(file.with_extension("txt")).unwrap();
            assert_eq!(
                words(&last_event(&output)),
                expected,
                "{machine}: {}\n{}",
                file.display(),
                text(&output)
            );
            let failed = expected.lines().any(|it| it.starts_with("failed"));
            assert_eq!(output.status.code(), Some(i32::from(failed)), "{machine}: {}", file.display());
            assert!(project.runs().is_empty(), "{machine}: {:?}", project.runs());
        }
    }
}

const LOOKING: &str = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: look\n  image: busybox:1.36\n  commands: [cat story.txt, ls]\n";

#[test]
fn only_what_is_committed_is_there_unless_the_working_tree_is_asked_for() {
    for machine in machines() {
        let project = Project::new(&[
            (".drone.yml", LOOKING),
            ("story.txt", "committed\n"),
            (".gitignore", "secret.txt\n"),
        ]);
        project.write(&[("story.txt", "changed\n"), ("new.txt", "new\n"), ("secret.txt", "no\n")]);
        let before = tree(project.path(), &[]);
        let output = project.run(machine, &[]).output().unwrap();
        let seen = text(&output);
        assert!(seen.contains("committed") && !seen.contains("| new.txt"), "{machine}: {seen}");
        assert!(output.status.success(), "{machine}: {seen}");
        let output = project.run(machine, &["--working-tree"]).output().unwrap();
        let seen = text(&output);
        assert!(seen.contains("| changed") && seen.contains("| new.txt"), "{machine}: {seen}");
        assert!(!seen.contains("| secret.txt"), "{machine}: {seen}");
        assert_eq!(tree(project.path(), &[]), before, "{machine}: the folder is as it was");
    }
}

#[test]
fn the_end_says_what_happened_and_where_to_look() {
    let project = Project::new(&[(
        ".drone.yml",
        "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: good\n  image: busybox:1.36\n  commands: [echo fine]\n\
         - name: bad\n  image: busybox:1.36\n  commands: [echo 'the reason', pytset]\n- name: late\n  image: busybox:1.36\n  commands: [echo never]\n",
    )]);
    let output = project.run("plain", &[]).output().unwrap();
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(1), "{seen}");
    for words in [
        "machine: ",
        "default/good",
        "| + echo fine",
        "first red step: default/bad, exit code 127",
        "  | ",
        "skipped: `bad` failed before, and it runs only while all is well (.drone.yml:8:9)",
        "red after ",
    ] {
        assert!(seen.contains(words), "no {words:?} in\n{seen}");
    }
}

#[test]
fn a_part_of_the_build_can_be_run_and_the_red_part_again() {
    let project = Project::new(&[(
        ".drone.yml",
        "kind: pipeline\ntype: docker\nname: one\nsteps:\n- {name: a, image: 'busybox:1.36', commands: [echo from-a]}\n- {name: b, image: 'busybox:1.36', commands: [echo from-b]}\n\
         ---\nkind: pipeline\ntype: docker\nname: two\nsteps:\n- {name: c, image: 'busybox:1.36', commands: [echo from-c, 'false']}\n",
    )]);
    let run = |arguments: &[&str]| {
        let output = project.run("plain", arguments).output().unwrap();
        let seen = text(&output);
        let ran: Vec<&str> = ["from-a", "from-b", "from-c"]
            .into_iter()
            .filter(|it| seen.lines().any(|line| line.ends_with(&format!("| {it}"))))
            .collect();
        (ran.join(" "), output.status.code().unwrap(), seen)
    };
    assert_eq!(run(&["--failed"]).1, 2, "nothing is known yet");
    assert_eq!(run(&["--step", "b"]).0, "from-b");
    assert_eq!(run(&["--from", "one/b"]).0, "from-b");
    assert_eq!(run(&["--pipeline", "one"]).0, "from-a from-b");
    assert_eq!(run(&[]).0, "from-a from-b from-c");
    assert_eq!(run(&["--failed"]).0, "from-c");
    let (_, code, seen) = run(&["--step", "bb"]);
    assert_eq!(code, 2);
    assert!(seen.contains("no step is called `bb`") && seen.contains("help: "), "{seen}");
}

#[test]
fn what_cannot_be_run_is_said_with_the_next_step() {
    let project = Project::new(&[("README.md", "hello\n")]);
    project.write(&[(".drone.yml", LOOKING)]);
    let output = project.run("plain", &[]).output().unwrap();
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(3), "{seen}");
    assert!(seen.contains("not committed") && seen.contains("--working-tree"), "{seen}");
    project.write(&[(".drone.yml", "kind: pipeline\nsteps:\n- name: a\n")]);
    let output = project.run("plain", &["--working-tree"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("error["), "{}", text(&output));
}

#[test]
fn without_consent_nothing_runs_where_little_is_kept_apart() {
    let project = Project::new(&[(".drone.yml", LOOKING), ("story.txt", "once\n")]);
    let mut command = support::program(project.path());
    command.env("CIWORKSHOP_CACHE", project.cache()).args(["run", "--backend", "plain"]);
    let output = command.output().unwrap();
    let seen = text(&output);
    assert_eq!(output.status.code(), Some(2), "{seen}");
    assert!(seen.contains("--yes") && seen.contains("  - ") && !seen.contains("once"), "{seen}");
}

#[test]
fn secrets_reach_their_step_and_no_output() {
    let pipeline = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: with\n  image: busybox:1.36\n  environment: {TOKEN: {from_secret: token}}\n\
        \x20 commands: ['echo \"it is $TOKEN\"', 'test \"$TOKEN\" = \"hunter2-and-more\"', 'echo $TOKEN | base64']\n- name: without\n  image: busybox:1.36\n  commands: ['test -z \"$TOKEN\"']\n";
    for machine in machines() {
        let project = Project::new(&[(".drone.yml", pipeline)]);
        let logs = project.cache().join("logs");
        let log_dir = ["--log-dir", logs.to_str().unwrap()];
        for format in ["text", "json"] {
            let mut command = project.run(machine, &["--secret", "token=MINE", "--format", format]);
            let output = command.args(log_dir).env("MINE", "hunter2-and-more").output().unwrap();
            let seen = text(&output);
            assert!(output.status.success(), "{machine}: {seen}");
            assert!(seen.contains("it is ******"), "{machine}: {seen}");
            assert!(!seen.contains("hunter2") && !seen.contains("aHVudGVyMi"), "{machine}: {seen}");
        }
        let written = tree(&logs, &[]);
        assert!(written.values().any(|it| it.contains("it is ******")));
        assert!(!written.values().any(|it| it.contains("hunter2")));
        let output = project.run(machine, &[]).output().unwrap();
        let seen = text(&output);
        assert_eq!(output.status.code(), Some(3), "{machine}: {seen}");
        assert!(seen.contains("`token`") && seen.contains(".drone.yml:7:38"), "{machine}: {seen}");
        // A pull request does not get it, and nobody asks for it.
        let output = project.run(machine, &["--fork", "--step", "without"]).output().unwrap();
        assert!(output.status.success(), "{machine}: {}", text(&output));
    }
}

#[test]
fn an_image_is_built_when_its_release_is_rehearsed_and_is_not_kept() {
    if !machines().contains(&"docker") {
        return;
    }
    let pipeline = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: image\n  image: plugins/docker\n  settings:\n    repo: octocat/app\n    tags: '1.0'\n    build_args: [WORD=hunter2]\n";
    let recipe = "FROM busybox:1.36\nARG WORD\nRUN test \"$WORD\" = hunter2 && echo laid > /file\n";
    for (recipe, green) in [(recipe.to_owned(), true), (recipe.replace("= hunter2", "= other"), false)] {
        let project = Project::new(&[(".drone.yml", pipeline), ("Dockerfile", &recipe)]);
        let output = project.run("docker", &["--offline"]).output().unwrap();
        let seen = text(&output);
        assert_eq!(output.status.success(), green, "{seen}");
        assert_eq!(seen.contains("it is not kept"), green, "{seen}");
        assert!(green || seen.contains("the image does not build: exit code 1"), "{seen}");
    }
    let missing = Project::new(&[(".drone.yml", pipeline), ("Dockerfile", "FROM nowhere/nothing:1\n")]);
    let output = missing.run("docker", &["--offline"]).output().unwrap();
    let seen = text(&output);
    assert!(seen.contains("nowhere/nothing:1") && seen.contains("--offline"), "{seen}");
    let images =
        Command::new("docker").args(["images", "--quiet", "--filter", "label=ciworkshop.run"]).output();
    assert!(images.unwrap().stdout.is_empty());
}

/// Starts a run that would take minutes, and waits until its step runs.
fn begin(project: &Project, machine: &str) -> Child {
    let child =
        project.run(machine, &["--log-dir", project.cache().join("logs").to_str().unwrap()]).spawn().unwrap();
    let log = project.cache().join("logs/default.slow.log");
    until("the step runs", || fs::read_to_string(&log).is_ok_and(|it| it.contains("begun")));
    child
}

fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn send(child: &Child, signal: &str) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Containers, networks and volumes of a run; other tests have theirs.
fn left_in_engine(id: &str) -> String {
    let label = format!("label=ciworkshop.run={id}");
    let of = |arguments: &[&str]| {
        let output = Command::new("docker").args(arguments).args(["--filter", &label]).output();
        output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default()
    };
    of(&["ps", "--all", "--quiet"]) + &of(&["network", "ls", "--quiet"]) + &of(&["volume", "ls", "--quiet"])
}

/// The id of a run is the name of its folder.
fn name(run: &Path) -> String {
    run.file_name().unwrap().to_str().unwrap().to_owned()
}

fn assert_nothing_is_left(project: &Project, machine: &str, runs: &[PathBuf], after: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !project.processes().is_empty() {
        let left = project.processes();
        assert!(Instant::now() < deadline, "{machine} after {after}: {left:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(project.runs().is_empty(), "{machine} after {after}: {:?}", project.runs());
    if machine == "docker" {
        let left: String = runs.iter().map(|it| left_in_engine(&name(it))).collect();
        assert_eq!(left, "", "{machine} after {after}");
    }
}

#[test]
fn nothing_is_left_whatever_ends_a_run() {
    let rounds: usize = std::env::var("ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    for machine in machines() {
        let project = Project::new(&[(".drone.yml", SLOW)]);
        for round in 0..rounds {
            for signals in [&["-INT"][..], &["-TERM"], &["-HUP"], &["-INT", "-INT"]] {
                let child = begin(&project, machine);
                let run = project.runs();
                assert!(machine != "docker" || !left_in_engine(&name(&run[0])).is_empty(), "it is counted");
                for signal in signals {
                    send(&child, signal);
                    std::thread::sleep(Duration::from_millis(50));
                }
                let output = child.wait_with_output().unwrap();
                assert_eq!(output.status.code(), Some(130), "{machine} {signals:?}: {}", text(&output));
                assert_nothing_is_left(&project, machine, &run, &format!("{signals:?}, round {round}"));
                fs::remove_dir_all(project.cache().join("logs")).unwrap();
            }
            let mut child = begin(&project, machine);
            child.kill().unwrap();
            child.wait().unwrap();
            fs::remove_dir_all(project.cache().join("logs")).unwrap();
            let mut left = project.runs();
            assert_eq!(left.len(), 1, "{machine}: the killed run had no time to clean up");
            let child = begin(&project, machine);
            assert!(!left[0].exists(), "{machine}: the next start cleans up");
            left.extend(project.runs());
            send(&child, "-INT");
            child.wait_with_output().unwrap();
            fs::remove_dir_all(project.cache().join("logs")).unwrap();
            assert_nothing_is_left(&project, machine, &left, &format!("kill -9, round {round}"));
        }
    }
}

/// Runs with a cache on a disk with room for so little; gives what it says, and `None` where no disk can be made.
fn on_a_small_disk(project: &Project, machine: &str, megabytes: u32) -> Option<Output> {
    let cache = project.cache();
    let size = format!("size={megabytes}m");
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(cache).output();
    if !mount.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: no small disk can be mounted here");
        return None;
    }
    let output = project.run(machine, &[]).output();
    let left = project.runs();
    assert!(Command::new("umount").arg(cache).status().unwrap().success());
    assert!(left.is_empty(), "{left:?}");
    Some(output.unwrap())
}

#[test]
fn a_full_disk_is_said_and_nothing_is_left() {
    let pipeline = |command: &str| {
        format!(
            "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: fill\n  image: busybox:1.36\n  commands: ['{command}']\n"
        )
    };
    for machine in machines() {
        // A step fills it.
        let project = Project::new(&[(
            ".drone.yml",
            &pipeline("head -c 60000000 /dev/zero > big; rm -f big; echo after"),
        )]);
        let Some(output) = on_a_small_disk(&project, machine, 40) else { return };
        let seen = text(&output);
        assert_eq!(output.status.code(), Some(1), "{machine}: {seen}");
        let said = ["No space left on device", "I/O error"].iter().any(|it| seen.contains(it));
        assert!(said && !seen.contains("\nafter"), "{machine}: {seen}");
        // The clone does not fit.
        let big = "0123456789".repeat(300_000);
        let project = Project::new(&[(".drone.yml", &pipeline("true")), ("big.txt", &big)]);
        let output = on_a_small_disk(&project, machine, 2).unwrap();
        let seen = text(&output);
        assert_eq!(output.status.code(), Some(3), "{machine}: {seen}");
        assert!(seen.contains("space") && seen.contains("help: "), "{machine}: {seen}");
    }
}

#[test]
fn a_variable_of_the_runner_reaches_every_step_and_the_file_goes_before_it() {
    let pipeline = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: one\n  image: busybox:1.36\n  environment: {OWN: file}\n  commands: ['echo \"$GIVEN, $TAKEN, $OWN\"']\n";
    for machine in machines() {
        let project = Project::new(&[(".drone.yml", pipeline)]);
        let mut command =
            project.run(machine, &["--env", "GIVEN=a=b", "--env", "TAKEN", "--env", "OWN=runner"]);
        let seen = text(&command.env("TAKEN", "mine").output().unwrap());
        assert!(seen.contains("| a=b, mine, file"), "{machine}: {seen}");
    }
    let project = Project::new(&[(".drone.yml", pipeline)]);
    let output = project.run("plain", &["--env", "NOWHERE_SET"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("--env NOWHERE_SET: there is no such variable"), "{}", text(&output));
}

/// A wheel made by hand: no tool that would have to be fetched.
const MAKE_WHEEL: &str = "import zipfile, pathlib
pathlib.Path('dist').mkdir()
info = 'tiny_pkg-1.0.0.dist-info/'
with zipfile.ZipFile('dist/tiny_pkg-1.0.0-py3-none-any.whl', 'w') as wheel:
    wheel.write('tiny_pkg.py')
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: tiny-pkg\\nVersion: 1.0.0\\nSummary: Tiny\\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(info + 'entry_points.txt', '[console_scripts]\\ntiny = tiny_pkg:main\\n')
    wheel.writestr(info + 'RECORD', ''.join(it.filename + ',,\\n' for it in wheel.filelist) + info + 'RECORD,,\\n')
";

const RELEASE: &str = "kind: pipeline
type: docker
name: default
steps:
- name: test
  image: python:3.13-slim
  commands: ['python3 -c \"import tiny_pkg; tiny_pkg.main()\"']
- name: build
  image: python:3.13-slim
  commands: [python3 make_wheel.py]
  when: {event: tag}
- name: publish
  image: python:3.13-slim
  environment: {TWINE_PASSWORD: {from_secret: token}}
  commands: [pip install twine, twine upload --non-interactive dist/*]
  when: {event: tag}
";

#[test]
fn what_a_rehearsed_tag_build_publishes_can_be_installed_and_runs() {
    let files = [
        (".drone.yml", RELEASE),
        ("make_wheel.py", MAKE_WHEEL),
        ("tiny_pkg.py", "def main():\n    print('hello from tiny')\n"),
    ];
    for machine in machines() {
        let image = Command::new("docker").args(["image", "inspect", "python:3.13-slim"]).output();
        if machine == "docker" && !image.is_ok_and(|it| it.status.success()) {
            eprintln!("skipped: docker: the image python:3.13-slim is not here");
            continue;
        }
        let project = Project::new(&files);
        let tagged = ["--tag", "v1.0.0", "--offline", "--secret", "token"];
        let tagged = if machine == "plain" {
            [tagged[0], tagged[1], tagged[3], tagged[4]].to_vec()
        } else {
            tagged.to_vec()
        };
        let seen = text(&project.run(machine, &tagged).env("token", "hunter2-and-more").output().unwrap());
        assert!(seen.contains("is              tiny-pkg 1.0.0: Tiny"), "{machine}: {seen}");
        assert!(!seen.contains("hunter2"), "{machine}: {seen}");
        let shelf = fs::read_dir(project.cache().join("shelves")).unwrap().next().unwrap().unwrap().path();
        let home = project.cache().join("user");
        let made = Command::new("python3").args(["-m", "venv"]).arg(&home).output();
        if !made.is_ok_and(|it| it.status.success()) {
            eprintln!("skipped: python3 makes no virtual environment here");
            return;
        }
        let index = format!("file://{}", shelf.join("pypi/simple").display());
        let mut pip = Command::new(home.join("bin/pip"));
        let pip = pip
            .args(["install", "--no-input", "--index-url", &index, "tiny-pkg"])
            .env("PIP_CONFIG_FILE", "/dev/null");
        let installed = pip.output().unwrap();
        assert!(installed.status.success(), "{machine}: {}", text(&installed));
        let ran = Command::new(home.join("bin/tiny")).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.stdout), "hello from tiny\n", "{machine}");
        // Without its token the upload would be refused.
        let refused = project.run(machine, &["--tag", "v1.0.0", "--allow-missing-secrets"]).output().unwrap();
        let seen = text(&refused);
        assert!(!refused.status.success() && seen.contains("TWINE_PASSWORD is empty"), "{machine}: {seen}");
    }
}

#[test]
fn a_command_that_publishes_is_held_back() {
    let pipeline = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: publish\n  image: busybox:1.36\n  commands: [touch /tmp/x, npm publish]\n";
    for machine in machines() {
        let project = Project::new(&[(".drone.yml", pipeline)]);
        let held = project.run(machine, &[]).output().unwrap();
        let seen = text(&held);
        assert!(
            held.status.success() && seen.contains("`npm publish` publishes by itself"),
            "{machine}: {seen}"
        );
        assert!(!seen.contains("+ touch"), "{machine}: {seen}");
        let published = project.run(machine, &["--publish"]).output().unwrap();
        let seen = text(&published);
        assert!(!published.status.success() && seen.contains("+ touch"), "{machine}: {seen}");
    }
}

#[test]
fn a_signal_before_the_first_step_leaves_nothing() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let project = Project::new(&[(".drone.yml", SLOW)]);
        // The run waits for whoever writes into this.
        let pipe = project.cache().with_extension("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let child = project.run("plain", &["--secret-file", pipe.to_str().unwrap()]).spawn().unwrap();
        until("the run has its folder", || {
            project.runs().iter().any(|it| it.join("content").exists() && it.join("lock").exists())
        });
        send(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}: {}", text(&output));
        assert_nothing_is_left(&project, "plain", &[], signal);
        fs::remove_file(&pipe).unwrap();
    }
}

#[test]
fn a_run_can_be_kept_for_a_look() {
    let project = Project::new(&[(".drone.yml", LOOKING), ("story.txt", "once\n")]);
    let output = project.run("plain", &["--keep"]).output().unwrap();
    let [kept] = &project.runs()[..] else { panic!("{}", text(&output)) };
    assert!(text(&output).contains(kept.to_str().unwrap()), "{}", text(&output));
    assert!(tree(kept, &[]).keys().any(|it| it.ends_with("/story.txt")));
    project.run("plain", &[]).output().unwrap();
    assert!(kept.exists(), "a later run takes it not away");
}

#[test]
fn an_output_without_an_end_needs_no_memory_and_can_be_stopped() {
    let pipeline = "kind: pipeline\ntype: docker\nname: default\nsteps:\n- name: endless\n  image: busybox:1.36\n  commands: ['yes | head -c 200000000 | tr -d \"\\\\n\"']\n";
    let project = Project::new(&[(".drone.yml", pipeline)]);
    let mut command = project.run("plain", &[]);
    let output = command.stdout(std::process::Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
}
