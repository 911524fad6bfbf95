//! Fixes that change what runs: applied one at a time to the example of their rule, each leaves one problem less.

use std::fs;
use std::path::Path;

use ciworkshop_engine::diagnostic::{Diagnostic, Fix, Severity};
use ciworkshop_engine::lint::lint;
use ciworkshop_engine::source::SourceFile;

/// The rules about conditions that have fixes.
const CODES: [&str; 8] = [
    "branch-and-tag",
    "condition-shape",
    "dead-pattern",
    "ignored-condition",
    "notice-runs-at-once",
    "publish-on-pull-request",
    "unknown-event",
    "unknown-status",
];

#[test]
fn every_fix_leaves_one_problem_less_and_brings_no_new_one() {
    for code in CODES {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules").join(code.replace('-', "_"));
        let text = fs::read_to_string(folder.join("bad.yml")).expect("it can be read");
        let found = problems(&text, code);
        let fixes: Vec<&Fix> = found.iter().flat_map(|it| &it.fixes).collect();
        assert!(!fixes.is_empty(), "{code}: no fixes");
        for fix in fixes {
            let fixed = apply(&text, fix);
            let left = problems(&fixed, code).len();
            assert!(left < found.len(), "{code}: {} leaves {left} of {}\n{fixed}", fix.message, found.len());
        }
    }
}

/// What is found of the rule, and all of others that is worse than a hint.
fn problems(text: &str, code: &str) -> Vec<Diagnostic> {
    let mut found = lint(&SourceFile::new("it.yml", text));
    found.retain(|it| it.code == code || it.severity != Severity::Hint);
    found
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
