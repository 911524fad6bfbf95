//! Many pipeline files in memory → how many megabytes of them a second are read and judged by all programs.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ciworkshop::engine::lint::{lint, rules, verdict};
use ciworkshop::engine::source::SourceFile;

use crate::{Row, row};

const ROUNDS: usize = 15;

/// What is asked of each file.
type Judge = fn(&SourceFile);

pub(super) fn rows() -> Vec<Row> {
    let (name, files) = files();
    let ask: Judge = |it| drop(std::hint::black_box(verdict(it)));
    let what = format!("{} {name} files, {:.1} MB, judged in one process", files.len(), megabytes(&files));
    let ((one, effort), (two, effort_of_two)) = (speed(&files, 1, ask), speed(&files, 2, ask));
    // Where a second core is not free, the processor time still tells whether the threads wait for each other.
    let times = format!("{:.2} times, for {:.2} times the processor time", two / one, effort_of_two / effort);
    vec![
        row(format!("{what}, on one core"), "≥ 10 MB/s", format!("{one:.1} MB/s")),
        row(format!("{what}, on two cores"), "nearly twice that", format!("{two:.1} MB/s ({times})")),
    ]
}

/// The same files, with all rules.
pub(super) fn lint_rows() -> Vec<Row> {
    let (name, files) = files();
    let ask: Judge = |it| drop(std::hint::black_box(lint(it)));
    let what = format!("the same {} {name} files with all {} rules", files.len(), rules::ALL.len());
    let (judged, _) = speed(&files, 1, |it| drop(std::hint::black_box(verdict(it))));
    let ((one, effort), (two, effort_of_two)) = (speed(&files, 1, ask), speed(&files, 2, ask));
    let times = format!("{:.2} times, for {:.2} times the processor time", two / one, effort_of_two / effort);
    let slower = format!("{one:.1} MB/s, {:.2} times the time of `verdict`", judged / one);
    vec![
        row(format!("{what}, on one core"), "≥ 5 MB/s, ≤ 2 times the time of `verdict`", slower),
        row(format!("{what}, on two cores"), "nearly twice that", format!("{two:.1} MB/s ({times})")),
    ]
}

fn megabytes(files: &[Vec<u8>]) -> f64 {
    files.iter().map(Vec::len).sum::<usize>() as f64 / 1e6
}

/// Megabytes a second, and the processor time of all rounds.
fn speed(files: &[Vec<u8>], cores: usize, ask: Judge) -> (f64, f64) {
    let before = processor_time();
    // The best of them: a busy machine makes it slower, nothing makes it faster.
    let best = (0..ROUNDS).map(|_| judge(files, cores, ask)).min().unwrap();
    (megabytes(files) / best.as_secs_f64(), processor_time() - before)
}

/// What Linux says this process has used until now, in ticks; elsewhere there is no such file.
fn processor_time() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = status.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum()
}

/// The corpus of real files where it is; otherwise our own cases, which are small and strange.
pub(super) fn files() -> (&'static str, Vec<Vec<u8>>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (name, folder) = match root.join("../shared/conformance/corpus") {
        corpus if corpus.is_dir() => ("real", corpus),
        _ => ("made-up", root.join("engine/tests/conformance")),
    };
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|it| it.path());
    let pipelines = entries.filter(|it| it.extension().is_some_and(|it| it == "yml"));
    let mut files: Vec<Vec<u8>> = pipelines.map(|it| std::fs::read(it).unwrap()).collect();
    // The largest first, so that no thread is left alone with one at the end.
    files.sort_by_key(|it| std::cmp::Reverse(it.len()));
    (name, files)
}

fn judge(files: &[Vec<u8>], cores: usize, ask: Judge) -> Duration {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(bytes) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            ask(&SourceFile::from_bytes("bench", bytes));
        }
    };
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 1..cores {
            scope.spawn(work);
        }
        work();
    });
    began.elapsed()
}
