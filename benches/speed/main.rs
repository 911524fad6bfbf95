//! The promises about speed → one table: target and measured value, on this machine, now. It measures and does not
//! judge: on a busy machine every figure is worse, so nothing fails here. `scripts/bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on should say where"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are shown with two digits")]

mod corpus;
mod init;
mod linter;
mod many_steps;
mod page;
mod process;
mod run;

use std::time::Duration;

/// One line of the table.
struct Row {
    what: String,
    target: &'static str,
    measured: String,
}

fn row(what: impl Into<String>, target: &'static str, measured: impl Into<String>) -> Row {
    Row { what: what.into(), target, measured: measured.into() }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The measurement of memory needs a process of its own.
    if let [word, shape] = &arguments[..]
        && word == "many-steps"
    {
        return many_steps::in_this_process(shape);
    }
    let parts = [
        ("process", process::rows as fn() -> Vec<Row>),
        ("init", init::rows),
        ("corpus", corpus::rows),
        ("lint", linter::rows),
        ("many-steps", many_steps::rows),
        ("page", page::rows),
        ("run", run::rows),
        ("size", size),
    ];
    let named: Vec<&String> = arguments.iter().filter(|it| !it.starts_with("--")).collect();
    println!("{}\n", conditions());
    println!("| what | target | measured |\n| --- | --- | --- |");
    for (name, rows) in parts {
        if named.is_empty() || named.iter().any(|it| *it == name) {
            for it in rows() {
                println!("| {} | {} | {} |", it.what, it.target, it.measured);
            }
        }
    }
}

/// What the figures depend on.
fn conditions() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().filter(|it| !it.is_empty()).unwrap_or("unknown").to_owned();
    let build = if cfg!(debug_assertions) { "debug (its figures mean nothing)" } else { "release" };
    format!("{cores} cores, load {load} before, {build} build, ciworkshop {}", env!("CARGO_PKG_VERSION"))
}

fn size() -> Vec<Row> {
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_ciworkshop")).unwrap().len();
    vec![row("the program's size, book included", "< 10 MB", format!("{:.2} MB", bytes as f64 / 1e6))]
}

/// The value that this share of all values does not exceed.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent).div_ceil(100).clamp(1, times.len()) - 1]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
