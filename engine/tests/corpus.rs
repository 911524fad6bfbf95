//! What the rules find in 306 real files, where they are: no error on what every program accepts, and a table of counts.
//!
//! `UPDATE_EXPECT=1` rewrites the table. `SHOW=CODE` prints a sample of a rule's findings, to be read by a person; `SAMPLE`
//! says how many, 20 unless said otherwise.
#![allow(clippy::print_stdout, reason = "what is skipped, or shown on request, is said")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop_engine::diagnostic::{Diagnostic, Severity, render};
use ciworkshop_engine::lint::{lint, rules, verdict};
use ciworkshop_engine::source::SourceFile;

/// The files in order of their names; none where the corpus is not here.
fn corpus() -> Vec<SourceFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/corpus");
    let Ok(entries) = fs::read_dir(folder) else {
        println!("skipped: the corpus of real files is not here");
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|it| it.expect("it can be listed").path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().expect("it is a file").to_string_lossy().into_owned();
    paths.iter().map(|it| SourceFile::from_bytes(name(it), &fs::read(it).expect("it can be read"))).collect()
}

#[test]
fn a_file_that_every_program_accepts_has_no_error() {
    for source in corpus() {
        if verdict(&source).refused_by().is_empty() {
            let errors: Vec<String> = lint(&source)
                .iter()
                .filter(|it| it.severity == Severity::Error)
                .map(|it| render(it, &source, false))
                .collect();
            assert!(errors.is_empty(), "{}", errors.join("\n\n"));
        }
    }
}

#[test]
fn the_table_says_what_is_found_in_real_files() {
    let files = corpus();
    if files.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut shown: Vec<(&SourceFile, Diagnostic)> = Vec::new();
    let wanted = std::env::var("SHOW").unwrap_or_default();
    for source in &files {
        let found = lint(source);
        for rule in rules::ALL {
            let own = found.iter().filter(|it| it.code == rule.code).count();
            let entry = counts.entry(rule.code).or_default();
            *entry = (entry.0 + usize::from(own > 0), entry.1 + own);
        }
        shown.extend(found.into_iter().filter(|it| it.code == wanted).map(|it| (source, it)));
    }
    sample(&shown);
    let mut table = format!("{:<9} {:<28} {:>5} {:>8}\n", "severity", "code", "files", "findings");
    for rule in rules::ALL {
        let (files, findings) = counts[rule.code];
        let severity = rule.severity.word();
        writeln!(table, "{severity:<9} {:<28} {files:>5} {findings:>8}", rule.code).expect("it is a text");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus-findings.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &table).expect("it can be written");
    }
    assert_eq!(table, fs::read_to_string(path).unwrap_or_default());
}

/// Prints some of them, spread over all.
fn sample(shown: &[(&SourceFile, Diagnostic)]) {
    let most: usize = std::env::var("SAMPLE").ok().and_then(|it| it.parse().ok()).unwrap_or(20);
    let step = shown.len().div_ceil(most.max(1)).max(1);
    for (source, problem) in shown.iter().step_by(step) {
        println!("{}\n", render(problem, source, false));
    }
    if !shown.is_empty() {
        println!("{} of {} findings", shown.len().div_ceil(step), shown.len());
    }
}
