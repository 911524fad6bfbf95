//! The source files of both crates → the arrows that their `lib.rs` draws hold, and so do the other rules of the house
//! that no compiler sees. Reads only.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// One source file: its path from the root of the project, and its lines of code without tests and comments.
struct Source {
    path: String,
    first_line: String,
    code: Vec<(usize, String)>,
}

/// How high a room stands in the drawing. A room may import what stands lower.
type Heights = BTreeMap<String, usize>;

#[test]
fn the_program_keeps_to_its_arrows() {
    assert_arrows("src", &["engine"]);
}

#[test]
fn the_engine_keeps_to_its_arrows() {
    assert_arrows("engine/src", &[]);
}

#[test]
fn the_engine_touches_no_file_clock_process_or_network() {
    const OUTSIDE: [&str; 9] = [
        "std::env",
        "std::fs",
        "std::io",
        "std::net",
        "std::os",
        "std::path",
        "std::process",
        "std::thread",
        "std::time",
    ];
    let touches = |line: &str| OUTSIDE.iter().any(|it| names(line, it)) || line.contains("use std::{");
    assert_none(&sources("engine/src"), "the engine touches the world", touches);
}

#[test]
fn only_the_command_line_prints() {
    const PRINTS: [&str; 9] = [
        "println!(",
        "eprintln!(",
        "print!(",
        "eprint!(",
        "io::stdout",
        "io::stderr",
        "anstream::",
        "stdout()",
        "stderr()",
    ];
    let silent: Vec<Source> = ["src", "engine/src"]
        .iter()
        .flat_map(|it| sources(it))
        .filter(|it| room(&it.path) != Some("cli"))
        .collect();
    assert_none(&silent, "only `cli` prints", |line| PRINTS.iter().any(|it| line.contains(it)));
}

#[test]
fn every_import_names_its_room() {
    let all: Vec<Source> = ["src", "engine/src"].iter().flat_map(|it| sources(it)).collect();
    let hides = |line: &str| {
        line.contains("use crate::{") || line.contains("use crate::*") || line.contains("super::super::")
    };
    assert_none(&all, "a review cannot see which room this is", hides);
    let glob = |line: &str| line.trim_start().starts_with("use crate::") && line.trim_end().ends_with("::*;");
    assert_none(&all, "a glob hides what is used", glob);
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let folders = ["src", "engine/src", "engine/tests", "build", "tests", "benches", "fuzz/targets"];
    let mut silent: Vec<String> = Vec::new();
    for source in folders.iter().filter(|it| Path::new(it).exists()).flat_map(|it| sources(it)) {
        if !source.first_line.starts_with("//! ") {
            silent.push(source.path);
        }
    }
    assert!(silent.is_empty(), "no first line `//! …`:\n{}", silent.join("\n"));
}

#[test]
fn a_wrong_arrow_is_seen() {
    let heights =
        heights("//! ```text\n//! main\n//!  cli\n//!   run      badge\n//!    yaml → source\n//! ```\n");
    let seen = |path: &str, line: &str| wrong_arrow(&heights, &[], path, line);
    assert_eq!(seen("src/cli/mod.rs", "use crate::run::Plan;"), None);
    assert_eq!(seen("src/yaml/mod.rs", "use crate::source::Span;"), None);
    assert_eq!(seen("src/run/a/b.rs", "use crate::run::c;"), None);
    assert!(seen("src/run/mod.rs", "use crate::cli::World;").is_some(), "upwards");
    assert!(seen("src/run/mod.rs", "    let it: crate::badge::Badge;").is_some(), "to a sibling");
    assert!(seen("src/source.rs", "pub use crate::yaml::Tree;").is_some(), "up within a line");
    assert!(seen("src/cli/mod.rs", "use crate::utils::x;").is_some(), "to a room that is not drawn");
}

fn assert_arrows(folder: &str, other_crates: &[&str]) {
    let text = fs::read_to_string(Path::new(folder).join("lib.rs")).unwrap();
    let heights = heights(&text);
    assert!(heights.len() > 3, "no drawing found in {folder}/lib.rs");
    let mut wrong = Vec::new();
    for source in sources(folder) {
        let undrawn = room(&source.path).filter(|it| !heights.contains_key(*it));
        wrong.extend(undrawn.map(|it| format!("{}: lib.rs does not draw the room `{it}`", source.path)));
        for (number, line) in &source.code {
            let found = wrong_arrow(&heights, other_crates, &source.path, line);
            wrong.extend(found.map(|it| format!("{}:{number}: {it}", source.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first ```` ```text ```` block of a `lib.rs`: lower lines are lower rooms; on one line stand siblings, or
/// `high → low`.
fn heights(lib: &str) -> Heights {
    let lines = lib.lines().map(|it| it.trim_start_matches("//!"));
    let drawing = lines.skip_while(|it| it.trim() != "```text").skip(1).take_while(|it| it.trim() != "```");
    let mut heights = Heights::new();
    let mut height = usize::MAX;
    for line in drawing.take_while(|it| !it.contains('─')) {
        for part in line.split('→') {
            height -= 1;
            heights.extend(part.split_whitespace().map(|it| (it.to_owned(), height)));
        }
    }
    heights
}

fn wrong_arrow(heights: &Heights, other_crates: &[&str], path: &str, line: &str) -> Option<String> {
    let from = room(path)?;
    // Two arrows in one line are rare, and each of them is looked at.
    line.match_indices("crate::").find_map(|(at, word)| {
        let rest = &line[at + word.len()..];
        let to = rest.split(|it: char| !it.is_alphanumeric() && it != '_').next()?;
        let fits = to.is_empty() || to == from || other_crates.contains(&to);
        let lower = || heights.get(to).is_some_and(|it| Some(it) < heights.get(from));
        (!fits && !lower()).then(|| format!("`{from}` may not use `{to}`"))
    })
}

/// `src/cli/plan.rs` → `cli`; `lib.rs` has none.
fn room(path: &str) -> Option<&str> {
    let (_, inside) = path.split_once("src/")?;
    let room = inside.split('/').next()?.trim_end_matches(".rs");
    (room != "lib" && room != "main").then_some(room)
}

fn assert_none(sources: &[Source], why: &str, found: impl Fn(&str) -> bool) {
    let lines = sources.iter().flat_map(|it| it.code.iter().map(move |line| (&it.path, line)));
    let wrong: Vec<String> = lines
        .filter(|(_, (_, line))| found(line))
        .map(|(path, (number, line))| format!("{path}:{number}: {}", line.trim()))
        .collect();
    assert!(wrong.is_empty(), "{why}:\n{}", wrong.join("\n"));
}

/// True when the line uses this path, and not one that begins alike.
fn names(line: &str, path: &str) -> bool {
    let ends = |at: usize| !line[at + path.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_');
    line.match_indices(path).any(|(at, _)| ends(at))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(folder).to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(read(&path));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no source file");
    found
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let path = path.to_str().unwrap().replace('\\', "/");
    let first_line = text.lines().next().unwrap_or_default().to_owned();
    // Tests stand at the end of a file, or in a file of their own; they may touch the world.
    let all_tests = ["tests.rs", "testing.rs"].iter().any(|it| path.ends_with(it));
    let code_end = if all_tests { 0 } else { text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len()) };
    let code = text[..code_end].lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let code = code.map(|(index, line)| (index + 1, line.to_owned())).collect();
    Source { path, first_line, code }
}
