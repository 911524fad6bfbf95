//! A pipeline of ten thousand steps → how long it takes to read, judge and plan it, and the most memory that needs.

use std::fmt::Write;
use std::process::Command;
use std::time::Instant;

use ciworkshop::engine::lint::verdict;
use ciworkshop::engine::plan::{Build, Event, Faults, plan};
use ciworkshop::engine::source::SourceFile;

use crate::{Row, row};

const STEPS: usize = 10_000;

pub(super) fn rows() -> Vec<Row> {
    let shapes = [
        ("serial", "one after the other"),
        ("chain", "each waits for the last"),
        ("fan", "all wait for one"),
    ];
    let measure = |shape: &str| {
        let output =
            Command::new(std::env::current_exe().unwrap()).args(["many-steps", shape]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let rows = shapes.iter().map(|(shape, words)| {
        // The best of five: a busy machine makes it slower, nothing makes it faster.
        let best = (0..5).map(|_| measure(shape)).min_by(|a, b| leading(a).total_cmp(&leading(b)));
        row(format!("10,000 steps, {words}: read, judged, planned"), "< 100 ms, < 100 MB", best.unwrap())
    });
    rows.collect()
}

fn leading(text: &str) -> f64 {
    text.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(f64::INFINITY)
}

/// Does it once, and prints time and memory.
pub(super) fn in_this_process(shape: &str) {
    let text = text(shape);
    let began = Instant::now();
    let source = SourceFile::new("bench", text);
    let verdict = verdict(&source);
    let judged = began.elapsed();
    let plan = plan(&source, &Build::new(Event::Push), &Faults::default());
    let time = began.elapsed();
    assert!(verdict.problems.is_empty(), "{:?}", verdict.problems.first());
    assert_eq!(plan.pipelines[0].steps.len(), STEPS + 1);
    let judged = judged.as_secs_f64() * 1e3;
    println!("{:.1} ms (of it {judged:.1} ms judging), {}", time.as_secs_f64() * 1e3, most_memory());
}

fn text(shape: &str) -> String {
    let mut text = "kind: pipeline\ntype: docker\nname: many\n\nsteps:\n".to_owned();
    for number in 0..STEPS {
        let _ = write!(text, "- name: step-{number}\n  image: alpine:3.20\n  commands:\n  - echo {number}\n");
        let waits_for = match shape {
            "chain" => number.checked_sub(1),
            "fan" => (number > 0).then_some(0),
            _ => None,
        };
        if let Some(other) = waits_for {
            let _ = writeln!(text, "  depends_on: [step-{other}]");
        }
    }
    text
}

/// What Linux says; elsewhere there is no such file.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kib = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.map_or("memory unknown".into(), |it| format!("{:.1} MB", it * 1024.0 / 1e6))
}
