//! Calls of the program, from start to end of the process → how long they take.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ciworkshop::workshop::{Material, lay_down};

use crate::{Row, milliseconds, percentile, row};

const ROUNDS: usize = 200;
const PROGRAM: &str = env!("CARGO_BIN_EXE_ciworkshop");

pub(super) fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let workshop = folder.path().join("workshop");
    lay_down(&workshop, &Material::embedded()).unwrap();
    let project = folder.path().join("project");
    run(folder.path(), PROGRAM, &["init", "fb-scraper", "project"]);
    let calls: [(&Path, &str, &[&str]); 5] = [
        (folder.path(), "true", &[]),
        (folder.path(), PROGRAM, &["--version"]),
        (&workshop, PROGRAM, &["check", "1.1"]),
        (&project, PROGRAM, &["plan", "--tag", "v1.0.0"]),
        (folder.path(), PROGRAM, &["badge", "build", "success"]),
    ];
    let mut times: [Vec<Duration>; 5] = Default::default();
    // Turn by turn, so that a busy moment falls on all of them.
    for _ in 0..ROUNDS {
        for (call, times) in calls.iter().zip(&mut times) {
            let began = Instant::now();
            run(call.0, call.1, call.2);
            times.push(began.elapsed());
        }
    }
    let [empty, version, check, plan, badge] =
        times.map(|mut it| (percentile(&mut it, 50), percentile(&mut it, 95)));
    let both =
        |(half, most): (Duration, Duration)| format!("{}, p95 {}", milliseconds(half), milliseconds(most));
    let above = milliseconds(version.0.saturating_sub(empty.0));
    let above = format!("{above} ({} and {})", milliseconds(version.0), milliseconds(empty.0));
    vec![
        row("`--version`, above an empty process (`true`)", "≤ 3 ms", above),
        row("`check` of one exercise, as a process", "≤ 10 ms", both(check)),
        row("`plan` of a practice project, as a process", "≤ 10 ms", both(plan)),
        row("`badge`, as a process", "< 5 ms", both(badge)),
    ]
}

fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.status().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{program} {arguments:?}: {status}");
}
