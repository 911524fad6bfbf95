//! Every fix of every bad example, applied alone: its problem is gone, and no other came.

use std::fs;
use std::path::Path;

use ciworkshop_engine::diagnostic::{Diagnostic, Fix, Severity};
use ciworkshop_engine::lint::{apply, lint, rules};
use ciworkshop_engine::source::SourceFile;

/// The codes of what is found, hints aside.
fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        found.iter().filter(|it| it.severity != Severity::Hint).map(|it| it.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn every_fix_mends_its_problem_and_brings_no_other() {
    for rule in rules::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
        let path = folder.join(rule.code.replace('-', "_")).join("bad.yml");
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let source = SourceFile::new("bad.yml", text.as_str());
        let found = lint(&source);
        for problem in &found {
            for fix in &problem.fixes {
                check(&source, &found, problem, fix);
            }
        }
    }
}

fn check(source: &SourceFile, found: &[Diagnostic], problem: &Diagnostic, fix: &Fix) {
    let fixed = apply(source.text(), &fix.edits);
    let after = lint(&SourceFile::new("fixed.yml", fixed.as_str()));
    let same = |it: &&Diagnostic| it.code == problem.code && it.message == problem.message;
    let count = |all: &[Diagnostic]| all.iter().filter(same).count();
    let named = format!("{}: {}\n{fixed}", problem.code, fix.message);
    assert!(count(&after) < count(found), "{named}");
    let mut before = codes(found);
    for code in codes(&after) {
        match before.iter().position(|it| *it == code) {
            Some(at) => drop(before.remove(at)),
            None => panic!("a new {code}: {named}"),
        }
    }
}
