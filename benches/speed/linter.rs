//! Pipeline files on disk → how long `ciworkshop lint` takes as a process, beside yamllint where it is; and how soon one
//! long file is judged anew.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ciworkshop::engine::lint::lint;
use ciworkshop::engine::source::SourceFile;

use crate::{Row, corpus, milliseconds, percentile, row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = corpus::lint_rows();
    rows.push(one_long_file());
    rows.push(beside_yamllint());
    rows
}

/// A file of a thousand lines, as an editor asks after each key.
fn one_long_file() -> Row {
    let step = |it: usize| {
        format!(
            "- name: step-{it}\n  image: python:3.12\n  commands:\n  - pip install -r requirements.txt\n  - pytest tests/part_{it}\n  \
             environment:\n    NUMBER: {it}\n  when:\n    event: [push, tag]\n"
        )
    };
    let head = "kind: pipeline\ntype: docker\nname: long\n\nsteps:\n";
    let text = head.to_owned() + &(0..111).map(step).collect::<String>();
    let lines = text.lines().count();
    let source = SourceFile::new("long.yml", text);
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(lint(&source));
            began.elapsed()
        })
        .collect();
    row(format!("a file of {lines} lines, judged anew"), "< 5 ms", milliseconds(percentile(&mut times, 50)))
}

fn beside_yamllint() -> Row {
    let folder = tempfile::tempdir().unwrap();
    let (files, lines) = hundred_files(folder.path());
    let what = format!(
        "{} files of {lines} lines, `ciworkshop lint` without shellcheck beside `yamllint`",
        files.len()
    );
    let target = "≤ 1/60 of its time";
    let ours = || Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    let theirs = || Command::new("yamllint");
    if theirs().arg("--version").stdout(Stdio::null()).status().is_err() {
        return row(what, target, "not measured: yamllint is missing (pip install yamllint)");
    }
    let mut pairs: Vec<(Duration, Duration)> = (0..5)
        .map(|_| {
            (
                timed(ours().args(["lint", "--shellcheck", "never"]).args(&files)),
                timed(theirs().arg("-s").args(&files)),
            )
        })
        .collect();
    pairs.sort();
    let (own, other) = pairs[pairs.len() / 2];
    let ratio = other.as_secs_f64() / own.as_secs_f64();
    row(what, target, format!("{} against {}: 1/{ratio:.0}", milliseconds(own), milliseconds(other)))
}

fn timed(command: &mut Command) -> Duration {
    let began = Instant::now();
    // Both find something to complain about, so the exit code says nothing.
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    began.elapsed()
}

/// A hundred files, neighbours in size, that have 17,000 lines together; written to the folder.
fn hundred_files(folder: &std::path::Path) -> (Vec<PathBuf>, usize) {
    let (_, mut all) = corpus::files();
    all.sort_by_key(Vec::len);
    let lines = |it: &[Vec<u8>]| it.iter().flatten().filter(|it| **it == b'\n').count();
    let window = all.windows(100.min(all.len())).find(|it| lines(it) >= 17_000).unwrap_or(&all);
    let write = |(at, bytes): (usize, &Vec<u8>)| {
        let path = folder.join(format!("{at:03}.yml"));
        std::fs::write(&path, bytes).unwrap();
        path
    };
    (window.iter().enumerate().map(write).collect(), lines(window))
}
