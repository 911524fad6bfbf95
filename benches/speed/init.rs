//! `init --dry-run` in a small project and in one of 10,000 files → how long the process takes.

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
    ]
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
