//! Many pipeline files in memory → how many megabytes of them a second are read and judged by all programs.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ciworkshop::engine::lint::verdict;
use ciworkshop::engine::source::SourceFile;

use crate::{Row, row};

const ROUNDS: usize = 15;

pub(super) fn rows() -> Vec<Row> {
    let (name, files) = files();
    let bytes: usize = files.iter().map(Vec::len).sum();
    let what = format!("{} {name} files, {:.1} MB, judged in one process", files.len(), bytes as f64 / 1e6);
    let measure = |cores: usize| {
        let before = processor_time();
        // The best of them: a busy machine makes it slower, nothing makes it faster.
        let best = (0..ROUNDS).map(|_| judge(&files, cores)).min().unwrap();
        (bytes as f64 / 1e6 / best.as_secs_f64(), processor_time() - before)
    };
    let ((one, effort), (two, effort_of_two)) = (measure(1), measure(2));
    // Where a second core is not free, the processor time still tells whether the threads wait for each other.
    let times = format!("{:.2} times, for {:.2} times the processor time", two / one, effort_of_two / effort);
    vec![
        row(format!("{what}, on one core"), "≥ 10 MB/s", format!("{one:.1} MB/s")),
        row(format!("{what}, on two cores"), "nearly twice that", format!("{two:.1} MB/s ({times})")),
    ]
}

/// What Linux says this process has used until now, in ticks; elsewhere there is no such file.
fn processor_time() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = status.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum()
}

/// The corpus of real files where it is; otherwise our own cases, which are small and strange.
fn files() -> (&'static str, Vec<Vec<u8>>) {
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

fn judge(files: &[Vec<u8>], cores: usize) -> Duration {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(bytes) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            std::hint::black_box(verdict(&SourceFile::from_bytes("bench", bytes)));
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
