//! `init --dry-run` in a small project and in one of 10,000 files → how long the process takes; beside copier, where it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Row, milliseconds, percentile, row};

const ROUNDS: usize = 50;

pub(super) fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    project(&small);
    project(&large);
    for number in 0..10_000 {
        let inner = large.join(format!("pkg/part{}/sub{}", number % 50, number % 10));
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join(format!("module{number}.py")), "x = 1\n").unwrap();
    }
    vec![
        row("`init --dry-run` of a small project", "≤ 10 ms", both(&small)),
        row("`init --dry-run` of a project of 10,000 files", "≤ 50 ms", both(&large)),
        beside_copier(&small, folder.path()),
    ]
}

/// copier renders one file of a template, of which nothing is asked; ours has to find out first what it writes.
fn beside_copier(project: &Path, work: &Path) -> Row {
    let (what, target) =
        ("`init --dry-run` of a small project beside `copier copy` of one file", "≤ 1/50 of its time");
    let copier = || Command::new("copier");
    if copier().arg("--version").stdout(Stdio::null()).status().is_err() {
        return row(what, target, "not measured: copier is missing (pip install copier)");
    }
    let template = work.join("template");
    fs::create_dir(&template).unwrap();
    fs::write(template.join("copier.yml"), "python: {type: str, default: '3.13'}\n").unwrap();
    let pipeline = "kind: pipeline\nname: test\nsteps:\n- name: test\n  image: python:{{ python }}\n  commands: [pytest]\n";
    fs::write(template.join(".drone.yml.jinja"), pipeline).unwrap();
    let theirs = |round: usize| {
        let began = Instant::now();
        let target = work.join(format!("copied{round}"));
        let mut command = copier();
        command.args(["copy", "--defaults", "--quiet"]).arg(&template).arg(&target).stdin(Stdio::null());
        assert!(command.status().unwrap().success() && target.join(".drone.yml").is_file());
        began.elapsed()
    };
    let mut pairs: Vec<(Duration, Duration)> = (0..5).map(|round| (once(project), theirs(round))).collect();
    pairs.sort();
    let (own, other) = pairs[pairs.len() / 2];
    let ratio = other.as_secs_f64() / own.as_secs_f64();
    row(what, target, format!("{} against {}: 1/{ratio:.0}", milliseconds(own), milliseconds(other)))
}

fn project(folder: &Path) {
    fs::create_dir_all(folder.join("tests")).unwrap();
    let manifest = "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.11\"\n";
    fs::write(folder.join("pyproject.toml"), manifest).unwrap();
    fs::write(folder.join("tests/test_a.py"), "import pytest\n").unwrap();
}

fn both(folder: &Path) -> String {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| once(folder)).collect();
    format!("{}, p95 {}", milliseconds(percentile(&mut times, 50)), milliseconds(percentile(&mut times, 95)))
}

fn once(folder: &Path) -> Duration {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    command.args(["init", "--dry-run"]).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    assert!(command.status().unwrap().success(), "{}", folder.display());
    began.elapsed()
}
