//! `ciworkshop run`: what a step, a workspace and a stream of output cost above what they would cost by hand.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ciworkshop::engine::pipeline::CloneOptions;
use ciworkshop::engine::plan::{Build, Event};
use ciworkshop::run::content::Content;
use tempfile::TempDir;

use crate::{Row, milliseconds, percentile, row};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ciworkshop");
const IMAGE: &str = "busybox:1.36";
const STEPS: u32 = 40;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![workspace(), graph("plain"), output("plain")];
    if works(Command::new("bwrap").args(["--unshare-all", "--ro-bind", "/", "/", "true"])) {
        rows.extend([sandbox_step(), graph("bubblewrap"), output("bubblewrap")]);
    }
    if works(Command::new("docker").args(["image", "inspect", IMAGE])) {
        rows.extend([container_step(), output("docker")]);
    }
    rows
}

fn works(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

/// A committed project with this pipeline, and a cache of its own.
struct Project {
    folder: TempDir,
    cache: TempDir,
}

impl Project {
    fn new(pipeline: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        fs::write(project.folder.path().join(".drone.yml"), pipeline).unwrap();
        commit(project.folder.path());
        project
    }

    fn begin(&self, machine: &str) -> Child {
        let mut command = Command::new(PROGRAM);
        command.args(["run", "--yes", "--backend", machine]).current_dir(self.folder.path());
        command.env("CIWORKSHOP_CACHE", self.cache.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap()
    }

    /// The shortest of some runs.
    fn time(&self, machine: &str, rounds: usize) -> Duration {
        let one = || {
            let began = Instant::now();
            assert!(self.begin(machine).wait().unwrap().success(), "{machine}");
            began.elapsed()
        };
        (0..rounds).map(|_| one()).min().unwrap_or_default()
    }
}

fn commit(folder: &Path) {
    for arguments in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["add", "--all"],
        &["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=first"],
    ] {
        assert!(works(Command::new("git").current_dir(folder).args(arguments)), "git {arguments:?}");
    }
}

fn pipeline(steps: u32, command: &str, each: impl Fn(u32) -> String) -> String {
    let mut text = "kind: pipeline\ntype: docker\nname: default\nsteps:\n".to_owned();
    for step in 0..steps {
        let _ =
            writeln!(text, "- {{name: s{step}, image: '{IMAGE}', commands: ['{command}']{}}}", each(step));
    }
    text
}

/// What one more step takes, of steps that follow each other.
fn of_a_step(machine: &str) -> Duration {
    let few = Project::new(&pipeline(1, "true", |_| String::new())).time(machine, 3);
    let many = Project::new(&pipeline(1 + STEPS, "true", |_| String::new())).time(machine, 3);
    many.saturating_sub(few) / STEPS
}

/// The middle one of some calls.
fn of_a_call(program: &str, arguments: &[&str]) -> Duration {
    let one = || {
        let began = Instant::now();
        assert!(works(Command::new(program).args(arguments)), "{program}");
        began.elapsed()
    };
    percentile(&mut (0..20).map(|_| one()).collect::<Vec<_>>(), 50)
}

fn sandbox_step() -> Row {
    let (bare, step) = (of_a_call("sh", &["-c", "true"]), of_a_step("bubblewrap"));
    let above = step.saturating_sub(bare);
    row(
        "`run`: a step in the sandbox, above the bare shell",
        "≤ 30 ms",
        format!("{} ({} and {})", milliseconds(above), milliseconds(step), milliseconds(bare)),
    )
}

fn container_step() -> Row {
    let name = format!("ciworkshop-bench-{}", std::process::id());
    assert!(works(Command::new("docker").args(["network", "create", &name])));
    let bare = of_a_call("docker", &["run", "--rm", "--network", &name, IMAGE, "true"]);
    works(Command::new("docker").args(["network", "rm", &name]));
    let step = of_a_step("docker");
    row(
        "`run`: a step in a container, beside `docker run` in a network",
        "≤ 1.1 times",
        format!(
            "{:.2} times ({} and {})",
            step.as_secs_f64() / bare.as_secs_f64(),
            milliseconds(step),
            milliseconds(bare)
        ),
    )
}

fn graph(machine: &str) -> Row {
    let project = Project::new(&pipeline(100, "true", |it| {
        if it == 0 {
            ", depends_on: [clone]".to_owned()
        } else {
            format!(", depends_on: [s{}]", (it - 1) / 3)
        }
    }));
    let took = project.time(machine, 3);
    row(format!("`run`: a graph of 100 steps, {machine}"), "< 3 s", format!("{:.2} s", took.as_secs_f64()))
}

fn output(machine: &str) -> Row {
    const MEGABYTES: u32 = 1000;
    let command = format!("yes 2024-05-05T05:05:05Z INFO request took 12.5 ms | head -c {MEGABYTES}000000");
    let nothing = Project::new(&pipeline(1, "true", |_| String::new())).time(machine, 2);
    let project = Project::new(&pipeline(1, &command, |_| String::new()));
    let began = Instant::now();
    let mut child = project.begin(machine);
    let mut most = 0;
    let status = loop {
        most = most.max(memory(&child));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{machine}");
    let took = began.elapsed().saturating_sub(nothing);
    row(
        format!("`run`: 1 GB of output of a step, {machine}"),
        "≥ 200 MB/s, in constant memory",
        format!("{:.0} MB/s, at most {most} MB", f64::from(MEGABYTES) / took.as_secs_f64()),
    )
}

/// The most memory that a process has had, in MB; 0 where the system does not tell.
fn memory(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or_default() / 1000
}

fn workspace() -> Row {
    let project = tempfile::tempdir().unwrap();
    for number in 0..1000 {
        let folder = project.path().join(format!("folder{}", number % 40));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("file{number}.txt")), format!("line {number}\n").repeat(150)).unwrap();
    }
    commit(project.path());
    let address = format!("file://{}", project.path().display());
    let rounds = tempfile::tempdir().unwrap();
    let content = Content::committed(project.path(), &rounds.path().join("scratch")).unwrap();
    let mut number = 0;
    let mut lay = || {
        number += 1;
        let began = Instant::now();
        let target = rounds.path().join(format!("laid{number}"));
        content
            .lay(&target, &Build::new(Event::Push), &CloneOptions::default(), &mut std::io::sink())
            .unwrap();
        began.elapsed()
    };
    lay();
    let (mut later, mut clones) = (Vec::new(), Vec::new());
    for round in 0..9 {
        later.push(lay());
        let target = rounds.path().join(format!("clone{round}"));
        let began = Instant::now();
        let mut clone = Command::new("git");
        assert!(works(clone.args(["clone", "--quiet", "--depth", "1", &address]).arg(target)));
        clones.push(began.elapsed());
    }
    let (later, clone) = (percentile(&mut later, 50), percentile(&mut clones, 50));
    row(
        "`run`: the second and later workspaces of a commit of 1,000 files, beside `git clone --depth 1`",
        "≤ 1/4",
        format!(
            "{:.2} ({} and {})",
            later.as_secs_f64() / clone.as_secs_f64(),
            milliseconds(later),
            milliseconds(clone)
        ),
    )
}
