//! Real steps in a real sandbox → what they can see, what they leave behind, and how they end. What is not installed
//! here is skipped, and the test says so.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails loudly, and says what it skips")]

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ciworkshop::engine::pipeline::{self, Pipeline, Resource, Step};
use ciworkshop::engine::plan::{Build, Event, Role, script};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::run::Trouble;
use ciworkshop::run::backend::{Backend, Ended, Job, Machine, MachineOrder, Probe};
use ciworkshop::run::process::{Stop, Why};
use ciworkshop::run::sandbox::{self, Level, Sandbox};
use tempfile::TempDir;

/// Numbers the folders of the tests.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A person's computer, with a sandbox on it.
struct Computer {
    sandbox: Sandbox,
    folder: TempDir,
}

/// A pipeline on a computer.
struct Run<'c> {
    computer: &'c Computer,
    pipeline: Pipeline,
    offline: bool,
    id: String,
}

impl Computer {
    /// `None` when this level does not work here.
    fn new(level: Level) -> Option<Self> {
        let variables: BTreeMap<String, String> = std::env::vars().collect();
        match sandbox::find(level, &variables, cache()) {
            Ok(sandbox) => Some(Self { sandbox, folder: tempfile::tempdir().unwrap() }),
            Err(trouble) => {
                eprintln!("skipped: {}", trouble.message);
                None
            }
        }
    }

    fn run(&self, text: &str, offline: bool) -> Run<'_> {
        let file = format!("kind: pipeline\ntype: docker\nname: default\n{text}");
        let (manifest, _) = pipeline::read(&SourceFile::new(".drone.yml", &file));
        let found = manifest.documents.into_iter().find_map(|it| match it.resource {
            Resource::Pipeline(pipeline) => Some(pipeline),
            _ => None,
        });
        fs::create_dir_all(self.workspace()).unwrap();
        let id = format!("test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Run { computer: self, pipeline: *found.unwrap(), offline, id }
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("run/workspace")
    }
}

/// Pip is copied once for all tests.
fn cache() -> &'static Path {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    CACHE.get_or_init(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-cache"))
}

impl Run<'_> {
    fn machine(&self) -> Result<Box<dyn Machine>, Trouble> {
        let order = MachineOrder {
            run: &self.id,
            number: 0,
            pipeline: &self.pipeline,
            build: &Build::new(Event::Push),
            folder: &self.computer.folder.path().join("run"),
            workspace: &self.computer.workspace(),
            base: "/drone/src",
            offline: self.offline,
        };
        self.computer.sandbox.prepare(&order, &mut std::io::sink())
    }

    fn job(&self, name: &str) -> Job {
        let is_named = |it: &&Step| it.name() == name;
        let services = self.pipeline.services.iter().map(|it| (Role::Service, it));
        let mut all = services.chain(self.pipeline.steps.iter().map(|it| (Role::Step, it)));
        let (role, step) = all.find(|it| is_named(&it.1)).unwrap();
        let commands = step.commands();
        let script = (!commands.is_empty()).then(|| script(commands.iter().map(|it| it.value.as_str())));
        let mut environment: Vec<(String, String)> = vec![("DRONE_WORKSPACE".into(), "/drone/src".into())];
        for (name, value) in &step.environment {
            if let pipeline::Variable::Value(text) = value {
                environment.push((name.value.clone(), text.value.clone()));
            }
        }
        let folder = script.as_ref().map(|_| "/drone/src".to_owned());
        Job { name: name.into(), role, place: 0, step: step.clone(), script, environment, folder }
    }

    /// Runs one step after the other.
    fn steps(&self, names: &[&str]) -> Vec<(Ended, String)> {
        let machine = self.machine().unwrap();
        let all = names.iter().map(|it| on(&*machine, &self.job(it), &Stop::new())).collect();
        machine.close().unwrap();
        all
    }
}

fn on(machine: &dyn Machine, job: &Job, stop: &Stop) -> (Ended, String) {
    let mut out = Vec::new();
    let ended = machine.run(job, &mut out, stop, &|| {}).unwrap();
    (ended, String::from_utf8_lossy(&out).into_owned())
}

fn one_step(commands: &str) -> String {
    steps(&[("step", "alpine:3.20", commands)])
}

fn steps(all: &[(&str, &str, &str)]) -> String {
    let step = |(name, image, commands): &(&str, &str, &str)| {
        let commands = commands.replace('\n', "\n      ");
        format!("- name: {name}\n  image: {image}\n  commands:\n  - |\n      {commands}\n")
    };
    format!("steps:\n{}", all.iter().map(step).collect::<String>())
}

/// One step on its own machine: how it ended, and its output without the line about the image.
fn run_one(computer: &Computer, script: &str, offline: bool) -> (Ended, String) {
    let run = computer.run(&one_step(":"), offline);
    let machine = run.machine().unwrap();
    let job = Job { script: Some(format!("unset DRONE_SCRIPT\nset -e\n{script}\n")), ..run.job("step") };
    let (ended, out) = on(&*machine, &job, &Stop::new());
    machine.close().unwrap();
    let (_, rest) = out.split_once('\n').unwrap();
    (ended, rest.to_owned())
}

fn is_in_path(program: &str) -> bool {
    let found = std::process::Command::new("sh").args(["-c", "command -v \"$1\"", "sh", program]).output();
    found.unwrap().status.success()
}

#[test]
fn a_step_sees_nothing_of_the_person() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let secret = computer.folder.path().join("secret");
    fs::write(&secret, "token").unwrap();
    let home = std::env::var("HOME").unwrap();
    let script = format!(
        "ls -A \"$HOME\" /home /run /tmp /var/run | grep -v ':$' || true\n\
         cat {secret} || echo no secret\n\
         ls {parent} {home}/.ssh {home}/.gitconfig {home}/.cargo /var/run/docker.sock /etc/shadow || true\n\
         ls /drone/src/.. \n\
         env | sort\n\
         ls /proc | grep -c '^[0-9]'",
        secret = secret.display(),
        parent = computer.folder.path().display(),
    );
    let (ended, out) = run_one(&computer, &script, true);
    assert_eq!(ended, Ended::Exit(0), "{out}");
    let lines: Vec<&str> = out.lines().filter(|it| !it.is_empty() && !it.contains("No such file")).collect();
    assert_eq!(lines[0..2], ["no secret", "src"], "{out}");
    let variables: Vec<&str> = lines[2..].iter().filter_map(|it| it.split_once('=')).map(|it| it.0).collect();
    assert_eq!(variables, ["DRONE_WORKSPACE", "HOME", "PATH", "PWD"], "{out}");
    let processes: usize = lines.last().unwrap().parse().unwrap();
    assert!(processes < 10, "it sees processes of others: {out}");
}

#[test]
fn a_step_is_an_ordinary_user_with_a_home_of_its_own_that_does_not_last() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let first =
        "id -u; touch ~/left /tmp/left /usr/local/left; echo kept > file; touch /usr/bin/x || echo read-only";
    let second = "ls -A ~ /tmp /usr/local; cat file";
    let run = steps(&[("first", "alpine", first), ("second", "alpine", second)]);
    let both = computer.run(&run, false).steps(&["first", "second"]);
    assert!(both[0].1.contains("\n1000\n") && both[0].1.contains("\nread-only\n"), "{}", both[0].1);
    assert_eq!(both[1].0, Ended::Exit(0));
    assert!(both[1].1.contains("kept") && !both[1].1.contains("left"), "{}", both[1].1);
    assert_eq!(fs::read_to_string(computer.workspace().join("file")).unwrap(), "kept\n");
}

#[test]
fn a_library_of_this_machine_without_a_program_is_known_to_be_here() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    if !Path::new("/var/lib/dpkg/status").is_file() {
        eprintln!("skipped: this system keeps no list of packages as Debian does");
        return;
    }
    let install = |package: &str| {
        let run = computer.run(&steps(&[("s", "debian:13", &format!("apt-get install -y {package}"))]), true);
        run.steps(&["s"]).remove(0)
    };
    let (ended, out) = install("libc6");
    assert!(ended == Ended::Exit(0) && out.contains("on this machine already: libc6"), "{out}");
    let (ended, out) = install("no-such-library");
    assert!(ended == Ended::Exit(100) && out.contains("not on this machine: no-such-library."), "{out}");
}

#[test]
fn offline_there_is_no_network_not_even_this_machine() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = format!(
        "bash -c 'echo > /dev/tcp/127.0.0.1/{port}' 2>/dev/null && echo reached || echo not reached\n\
         grep -c : /proc/net/dev"
    );
    let (_, out) = run_one(&computer, &script, true);
    assert_eq!(out, "not reached\n1\n");
    let (_, out) = run_one(&computer, &script, false);
    assert!(out.starts_with("reached"), "online it is the network of this machine: {out}");
}

#[test]
fn exit_codes_and_signals_are_told() {
    for level in [Level::Bubblewrap, Level::Plain] {
        let Some(computer) = Computer::new(level) else { continue };
        assert_eq!(run_one(&computer, "exit 7", false).0, Ended::Exit(7));
        assert_eq!(run_one(&computer, "exit 1", false).0, Ended::Exit(1));
        assert_eq!(run_one(&computer, "false\necho not here", false), (Ended::Exit(1), String::new()));
        assert_eq!(run_one(&computer, "kill -9 $$", false).0, Ended::Exit(137));
    }
}

#[test]
fn a_stop_ends_all_that_a_step_has_started() {
    for level in [Level::Bubblewrap, Level::Plain] {
        let Some(computer) = Computer::new(level) else { continue };
        let commands = "setsid sleep 4321 & trap '' TERM\nsleep 4321";
        let run = computer.run(&one_step(commands), false);
        let machine = run.machine().unwrap();
        let stop = Stop::new();
        let before = Instant::now();
        let ended = std::thread::scope(|scope| {
            let job = run.job("step");
            let (machine, stop) = (&*machine, &stop);
            let running = scope.spawn(move || on(machine, &job, stop));
            std::thread::sleep(Duration::from_millis(300));
            stop.stop(Why::Interrupted);
            running.join().unwrap().0
        });
        assert_eq!(ended, Ended::Stopped);
        assert!(before.elapsed() < Duration::from_secs(8));
        machine.close().unwrap();
        assert!(wait_until(|| !is_running("sleep\x004321\0")), "{level:?} leaves a process");
    }
}

#[test]
fn what_left_its_group_on_the_plain_level_is_ended_too() {
    let computer = Computer::new(Level::Plain).unwrap();
    let script = "setsid sh -c 'cd /; exec sleep 4322' >/dev/null 2>&1 </dev/null &\n\
                  cd \"$DRONE_WORKSPACE\"; env -i setsid /bin/sleep 4323 >/dev/null 2>&1 </dev/null &\n\
                  sleep 0.3";
    assert_eq!(run_one(&computer, script, false).0, Ended::Exit(0));
    assert!(wait_until(|| !is_running("sleep\x004322\0")), "known by its environment");
    assert!(wait_until(|| !is_running("sleep\x004323\0")), "known by where it works");
}

#[test]
fn the_plain_level_keeps_home_and_environment_apart_and_moves_the_workspace() {
    let computer = Computer::new(Level::Plain).unwrap();
    let script = "ls -A \"$HOME\" \"$TMPDIR\" | grep -v ':$'; pwd; echo \"$DRONE_WORKSPACE\"; env | cut -d= -f1 | sort";
    let (ended, out) = run_one(&computer, script, false);
    assert_eq!(ended, Ended::Exit(0), "{out}");
    let workspace = computer.workspace().canonicalize().unwrap();
    let lines: Vec<&str> = out.lines().filter(|it| !it.is_empty()).collect();
    assert_eq!(lines[0], workspace.to_str().unwrap(), "{out}");
    assert_eq!(Path::new(lines[1]).canonicalize().unwrap(), workspace);
    let allowed = ["DRONE_WORKSPACE", "HOME", "OLDPWD", "PATH", "PWD", "TMPDIR", "SHLVL", "_"];
    assert!(lines[2..].iter().all(|it| allowed.contains(it)), "{out}");
    assert!(!computer.sandbox.describe().open.is_empty());
}

#[test]
fn python_has_pip_and_no_package_of_this_machine_and_nothing_lasts() {
    for level in [Level::Bubblewrap, Level::Plain] {
        let Some(computer) = Computer::new(level) else { continue };
        let first = "python -c 'import sys; print(sys.version_info[0])'\n\
                     pip list --format=freeze 2>/dev/null | cut -d= -f1\n\
                     mkdir -p pkg/lessonpkg; echo 'x = 1' > pkg/lessonpkg/__init__.py\n\
                     cp -r pkg/lessonpkg \"$(python -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')\"\n\
                     python -c 'import lessonpkg; print(\"installed\")'\n\
                     echo packages: $(python -c 'import pkgutil; print(*sorted(it.name for it in pkgutil.iter_modules() if \"site-packages\" in it.module_finder.path or \"dist-packages\" in it.module_finder.path))')";
        // What is installed for the user is seen, as in an image.
        let first = format!(
            "{first}\nuser=$(python -m site --user-site)\nmkdir -p \"$user\" && echo 'y = 2' > \"$user/userpkg.py\"\npython -c 'import userpkg; print(\"for the user\")'"
        );
        // `uv sync` takes no environment for a Python; an image has one that is none. It takes the first in PATH.
        let first = format!(
            "{first}\nitself=$(echo \"$PATH\" | tr : '\\n' | grep -m 1 -E '/lib/itself$|^/usr/bin$')\n\"$itself\"/python3* -c 'import sys; print(\"itself:\", sys.prefix == sys.base_prefix)'"
        );
        let second = "python3 -c 'import lessonpkg' 2>&1 | tail -1";
        let run = steps(&[("first", "python:3", &first), ("second", "python:3.1-slim", second)]);
        let both = computer.run(&run, level == Level::Bubblewrap).steps(&["first", "second"]);
        let out = &both[0].1;
        if out.contains("without pip") || out.contains("no pip here") {
            eprintln!("skipped: {out}");
            continue;
        }
        assert!(out.starts_with("python:3 -> /"), "{out}");
        assert!(out.contains("\ninstalled\n") && out.ends_with("\nfor the user\nitself: True\n"), "{out}");
        assert!(out.contains("\npackages: lessonpkg\n"), "{out}");
        let known = ["pip", "setuptools", "wheel"];
        let listed: Vec<&str> = out.lines().filter(|it| known.contains(it)).collect();
        assert!(listed.contains(&"pip"), "{out}");
        assert!(both[1].1.contains("No module named 'lessonpkg'"), "{}", both[1].1);
        assert!(both[1].1.contains("which is newer: what passes here may fail there"), "{}", both[1].1);
    }
}

#[test]
fn what_a_step_installs_for_everybody_is_found_and_gone_with_the_step() {
    for level in [Level::Bubblewrap, Level::Plain] {
        let Some(computer) = Computer::new(level) else { continue };
        let node = "echo \"prefix: $(npm config get prefix)\"\nmkdir -p tool && cd tool\n\
            printf '{\"name\": \"tool\", \"version\": \"1.0.0\", \"bin\": \"tool.js\"}' > package.json\n\
            printf '#!/usr/bin/env node\\nconsole.log(\"a tool\")\\n' > tool.js\n\
            npm install --global --offline --no-audit --no-fund . >/dev/null && tool\n\
            corepack enable && ls -l \"$(command -v corepack)\" \"$(command -v pnpm)\" | grep -c /local/bin/";
        let rust = "mkdir -p \"$HOME/.cargo/bin\" && printf '#!/bin/sh\\necho crab' > \"$HOME/.cargo/bin/crab\" && \
            chmod +x \"$HOME/.cargo/bin/crab\" && crab; command -v tool || echo no tool\n\
            rustup component add clippy rustfmt --toolchain stable || true\n\
            rustup target add no-such-target 2>&1 || echo $?\nrustup toolchain install nightly 2>&1 || echo $?";
        for (image, script, expected) in [
            ("node:20", node, "\na tool\n2\n"),
            (
                "rust:1.95-slim",
                rust,
                "\ncrab\nno tool\n\
             rustup: on this machine already: clippy rustfmt\n\
             rustup: not on this machine: no-such-target. A sandbox installs nothing into the system: install it here, or \
             use a container engine.\n100\n\
             rustup: not on this machine: `rustup toolchain install nightly`. A sandbox installs nothing into the system: \
             install it here, or use a container engine.\n100\n",
            ),
        ] {
            let programs = if image.starts_with("node") { &["npm", "corepack"][..] } else { &["rustc"] };
            if let Some(missing) = programs.iter().find(|it| !is_in_path(it)) {
                eprintln!("skipped: {image}: not here: {missing}");
                continue;
            }
            let run = steps(&[("it", image, script)]);
            let all = computer.run(&run, false).steps(&["it"]);
            assert!(all[0].1.ends_with(expected), "{level:?}: {}", all[0].1);
        }
    }
}

#[test]
fn a_volume_of_the_pipeline_is_shared_and_an_unknown_plugin_needs_an_engine() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let text = "volumes:\n- name: it\n  temp: {}\nsteps:\n\
        - name: one\n  image: alpine\n  commands: [touch /shared/x]\n  volumes: [{name: it, path: /shared}]\n\
        - name: two\n  image: alpine\n  commands: [ls /other]\n  volumes: [{name: it, path: /other}]\n\
        - name: plugin\n  image: plugins/slack\n  settings: {a: b}\n";
    let run = computer.run(text, false);
    let both = run.steps(&["one", "two"]);
    assert!(both[1].1.ends_with("\nx\n"), "{both:?}");
    let machine = run.machine().unwrap();
    let trouble = machine.run(&run.job("plugin"), &mut Vec::new(), &Stop::new(), &|| {}).unwrap_err();
    assert!(trouble.help.contains("container engine"), "{trouble:?}");
}

#[test]
fn a_mount_that_cannot_be_made_is_a_trouble_and_no_exit_code() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let text = "volumes:\n- name: it\n  temp: {}\nsteps:\n\
        - name: one\n  image: alpine\n  commands: [ls]\n  volumes: [{name: it, path: /usr/bin/new}]\n";
    let run = computer.run(text, false);
    let machine = run.machine().unwrap();
    let trouble = machine.run(&run.job("one"), &mut Vec::new(), &Stop::new(), &|| {}).unwrap_err();
    assert!(trouble.message.contains("could not be started"), "{trouble:?}");
}

#[test]
fn secrets_are_not_in_any_command_line() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    let run = computer.run(&one_step("sleep 1"), false);
    let machine = run.machine().unwrap();
    let mut job = run.job("step");
    job.environment.push(("TOKEN".into(), "very-secret-4711".into()));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| on(&*machine, &job, &Stop::new()));
        std::thread::sleep(Duration::from_millis(400));
        assert!(!is_running("very-secret-4711"));
        assert_eq!(running.join().unwrap().0, Ended::Exit(0));
    });
}

#[test]
fn a_fork_bomb_ends_and_the_machine_goes_on() {
    let Some(computer) = Computer::new(Level::Bubblewrap) else { return };
    if computer.sandbox.describe().open.iter().any(|it| it.contains("number of processes is not limited")) {
        eprintln!("skipped: nothing limits the number of processes here");
        return;
    }
    // Not a real bomb: one that grows in line, and would end by itself.
    let script = "i=0; while [ $i -lt 5000 ]; do sleep 60 & i=$((i+1)); done; echo all of them";
    let before = Instant::now();
    let (ended, out) = run_one(&computer, script, false);
    assert_ne!(ended, Ended::Exit(0), "{out}");
    assert!(!out.contains("all of them"));
    assert!(before.elapsed() < Duration::from_secs(60));
}

const DATABASE: &str = "services:\n- name: db\n  image: postgres:15\n  environment: {POSTGRES_USER: me, \
    POSTGRES_PASSWORD: pw, POSTGRES_DB: shop}\nsteps:\n- name: ask\n  image: alpine\n  environment: {PGPASSWORD: pw}\n  \
    commands: [psql -h db -U me shop -Atc 'select 40 + 2']\n";
const STORE: &str = "services:\n- name: store\n  image: redis\n- name: second\n  image: redis\nsteps:\n- name: ask\n  \
    image: alpine\n  commands: [redis-cli -h store set a b, redis-cli -h second get a, redis-cli -h store get a]\n";

#[test]
fn postgres_answers_to_its_name_online_and_offline() {
    for offline in [true, false] {
        let Some(out) = with_services(DATABASE, &["db"], &Probe::Port(5432), offline) else { return };
        assert!(out.ends_with("\n42\n"), "offline {offline}: {out}");
    }
}

#[test]
fn two_stores_have_a_name_and_a_memory_each() {
    for offline in [true, false] {
        let probe = Probe::Command("redis-cli ping".into());
        let Some(out) = with_services(STORE, &["store", "second"], &probe, offline) else { return };
        let answers: Vec<&str> = out.lines().filter(|it| !it.starts_with("+ ")).skip(1).collect();
        assert_eq!(answers, ["OK", "", "b"], "offline {offline}: {out}");
    }
}

/// Runs the step `ask` when all services answer. `None`: skipped.
fn with_services(text: &str, services: &[&str], probe: &Probe, offline: bool) -> Option<String> {
    let computer = Computer::new(Level::Bubblewrap)?;
    let run = computer.run(text, offline);
    let machine = run.machine().unwrap();
    let stop = Stop::new();
    let out = std::thread::scope(|scope| {
        let running: Vec<_> = services
            .iter()
            .map(|name| {
                let job = run.job(name);
                let (machine, stop) = (&*machine, &stop);
                scope.spawn(move || machine.run(&job, &mut Vec::new(), stop, &|| {}))
            })
            .collect();
        let jobs: Vec<Job> = services.iter().map(|it| run.job(it)).collect();
        let up = wait_until(|| {
            running.iter().any(std::thread::ScopedJoinHandle::is_finished)
                || jobs.iter().all(|it| machine.answers(it, probe))
        });
        let out = (up && running.iter().all(|it| !it.is_finished()))
            .then(|| on(&*machine, &run.job("ask"), &Stop::new()).1);
        stop.stop(Why::NoLongerNeeded);
        for ended in running.into_iter().map(|it| it.join().unwrap()) {
            match ended {
                Err(trouble) => eprintln!("skipped: {}", trouble.message),
                Ok(ended) => assert_eq!(ended, Ended::Stopped, "a service ended by itself"),
            }
        }
        out
    });
    machine.close().unwrap();
    out
}

/// What starts and ends a sandbox in a process of its own, for the test that kills that process.
#[test]
#[ignore = "a helper of the next test"]
fn a_run_that_waits() {
    let computer = Computer::new(Level::Bubblewrap).unwrap();
    let run = computer.run(DATABASE, true);
    let machine = run.machine().unwrap();
    let script = "setsid sleep 4324 & sleep 4325".to_owned();
    let job = Job { script: Some(script), ..run.job("ask") };
    on(&*machine, &job, &Stop::new());
}

#[test]
fn nothing_survives_when_the_run_is_killed() {
    if Computer::new(Level::Bubblewrap).is_none() {
        return;
    }
    let mut run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_run_that_waits", "--ignored"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let started = wait_until(|| is_running("sleep\x004325\0") && is_running("sleep\x004324\0"));
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(started);
    let gone = || !is_running("sleep\x004325\0") && !is_running("sleep\x004324\0") && !is_running("exec cat");
    assert!(wait_until(gone));
}

/// True when some process of this machine has these words in its command line.
fn is_running(words: &str) -> bool {
    let own = std::process::id().to_string();
    fs::read_dir("/proc").unwrap().flatten().any(|it| {
        let name = it.file_name();
        let text = fs::read(it.path().join("cmdline")).unwrap_or_default();
        name.to_string_lossy() != own && String::from_utf8_lossy(&text).contains(words)
    })
}

fn wait_until(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

/// Prints what a step costs above the bare shell; a person runs it.
#[test]
#[ignore = "a measurement"]
fn overhead() {
    for level in [Level::Bubblewrap, Level::Plain] {
        let Some(computer) = Computer::new(level) else { continue };
        for (image, offline) in [("alpine", false), ("alpine", true), ("python:3", false)] {
            if level == Level::Plain && offline {
                continue;
            }
            let run = computer.run(&steps(&[("step", image, "true")]), offline);
            let machine = run.machine().unwrap();
            let job = run.job("step");
            on(&*machine, &job, &Stop::new());
            let mut times: Vec<Duration> = (0..100)
                .map(|_| {
                    let before = Instant::now();
                    on(&*machine, &job, &Stop::new());
                    before.elapsed()
                })
                .collect();
            times.sort();
            eprintln!("{level:?} {image} offline {offline}: median {:?}, 90 % {:?}", times[50], times[90]);
        }
    }
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let before = Instant::now();
            std::process::Command::new("/bin/sh").args(["-c", "echo true | /bin/sh"]).status().unwrap();
            before.elapsed()
        })
        .collect();
    times.sort();
    eprintln!("bare shell: median {:?}, 90 % {:?}", times[50], times[90]);
}
