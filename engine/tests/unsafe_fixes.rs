//! Fixes that may change what a file does: each mends its own problem, and brings no new error or warning.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ciworkshop_engine::diagnostic::{Diagnostic, Fix, Severity};
use ciworkshop_engine::lint::lint;
use ciworkshop_engine::source::SourceFile;

/// Rules with such fixes.
const RULES: [&str; 8] = [
    "dollar-dollar",
    "emptied-by-substitution",
    "mangled-setting",
    "secret-name",
    "setting-name",
    "shell-only-operator",
    "status-too-early",
    "untrusted-text",
];

fn bad(code: &str) -> SourceFile {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules").join(code.replace('-', "_"));
    SourceFile::new("bad.yml", fs::read_to_string(folder.join("bad.yml")).expect("it is there"))
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|it| std::cmp::Reverse(it.span));
    for edit in edits {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

/// How often each code is found, hints of other rules aside.
fn counts(code: &str, found: &[Diagnostic]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for it in found.iter().filter(|it| it.code == code || it.severity != Severity::Hint) {
        *counts.entry(it.code).or_default() += 1;
    }
    counts
}

#[test]
fn each_fix_mends_its_problem_and_brings_no_new_one() {
    for code in RULES {
        let source = bad(code);
        let found = lint(&source);
        let before = counts(code, &found);
        let fixes: Vec<&Fix> = found.iter().filter(|it| it.code == code).flat_map(|it| &it.fixes).collect();
        assert!(!fixes.is_empty(), "{code}: no fix");
        for fix in fixes {
            let fixed = SourceFile::new("bad.yml", apply(source.text(), fix));
            let after = counts(code, &lint(&fixed));
            let own = |it: &BTreeMap<&str, usize>| it.get(code).copied().unwrap_or_default();
            assert_eq!(own(&after) + 1, own(&before), "{code}: {}\n{}", fix.message, fixed.text());
            assert!(after.keys().all(|it| *it == code), "{code}: {after:?}\n{}", fixed.text());
        }
    }
}
