//! What Drone itself says of 252 cases, and of the corpus where it is: our verdict agrees on every row.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop_engine::diagnostic::{Program, Stage};
use ciworkshop_engine::lint::{Judgement, Verdict, verdict};
use ciworkshop_engine::source::SourceFile;
use serde_json::{Value, json};

const BUILDS: [&str; 8] = [
    "push-master",
    "push-feature",
    "pr-master",
    "tag",
    "cron-nightly",
    "promote-production",
    "rollback-production",
    "custom",
];

#[test]
fn every_case_agrees_with_drone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let count = compare(&folder.join("cases.jsonl"), &folder);
    assert_eq!(count, 252, "a case is missing");
}

#[test]
fn every_corpus_file_agrees_with_drone() {
    let Some(folder) = corpus() else {
        println!("skipped: the corpus of real files is not here");
        return;
    };
    let count = compare(&folder.join("corpus.jsonl"), &folder.join("corpus"));
    assert_eq!(count, 306, "a file is missing");
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    folder.join("corpus.jsonl").exists().then_some(folder)
}

fn compare(rows: &Path, files: &Path) -> usize {
    let rows = fs::read_to_string(rows).expect("the rows are there");
    let mut differences = Vec::new();
    let mut count = 0;
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).expect("a row is JSON");
        let name = row["file"].as_str().expect("a row names its file");
        let bytes = fs::read(files.join(name)).expect("the file is there");
        let verdict = verdict(&SourceFile::from_bytes(name, &bytes));
        differences.extend(differ(&row, &verdict).into_iter().map(|it| format!("{name}: {it}")));
        count += 1;
    }
    let total = differences.len();
    differences.truncate(60);
    assert!(total == 0, "{total} differences:\n{}", differences.join("\n"));
    count
}

fn differ(row: &Value, verdict: &Verdict) -> Vec<String> {
    let mut found = Vec::new();
    for program in Program::ALL {
        let expected = &row[program.key()];
        let judgement = verdict.of(program);
        if expected.is_null() != judgement.is_none() {
            found.push(format!("{}: expected {expected}, got {judgement:?}", program.key()));
        }
        let Some(judgement) = judgement else { continue };
        found.extend(differ_in(program.key(), expected, judgement.untrusted, verdict));
        let trusted = &row[format!("{}_trusted", program.key())];
        let trusted = if trusted.is_null() { expected } else { trusted };
        found.extend(differ_in(&format!("{}_trusted", program.key()), trusted, judgement.trusted, verdict));
    }
    let legacy = row["legacy"] == json!(true);
    if legacy != verdict.legacy {
        found.push(format!("legacy: expected {legacy}"));
    }
    found.extend(differ_in_lists(row, verdict, legacy));
    found
}

fn differ_in(
    what: &str,
    expected: &Value,
    refusal: Option<(Stage, usize)>,
    verdict: &Verdict,
) -> Option<String> {
    let ok = expected["ok"] == json!(true);
    let stage = expected["stage"].as_str().unwrap_or_default();
    let same = match refusal {
        None => ok,
        // Where Drone crashes, any stage will do.
        Some((found, _)) => !ok && (stage == found.word() || stage.starts_with("panic")),
    };
    let found = refusal.map(|(stage, at)| (stage, &verdict.problems[at].message));
    (!same).then(|| format!("{what}: expected {expected}, got {found:?}"))
}

fn differ_in_lists(row: &Value, verdict: &Verdict, legacy: bool) -> Vec<String> {
    let mut found = Vec::new();
    let server = server_list(verdict);
    let expected = row.get("server_pipelines").cloned().unwrap_or_else(|| json!([]));
    if accepted(verdict, Program::Server) && server != expected {
        found.push(format!("server_pipelines: expected\n  {expected}\ngot\n  {server}"));
    }
    let runner = runner_list(verdict);
    let expected = row.get("runner_pipelines").cloned().unwrap_or_else(|| json!([]));
    if !legacy && accepted(verdict, Program::Runner) && runner != expected {
        found.push(format!("runner_pipelines: expected\n  {expected}\ngot\n  {runner}"));
    }
    found
}

fn accepted(verdict: &Verdict, program: Program) -> bool {
    verdict.of(program).is_some_and(|it: &Judgement| it.untrusted.is_none())
}

fn server_list(verdict: &Verdict) -> Value {
    let builds = |it: &[(&'static str, bool)]| -> BTreeMap<&str, bool> { it.iter().copied().collect() };
    let pipelines = verdict.server_pipelines.iter();
    let list: Vec<Value> = pipelines
        .map(|it| json!({"name": it.name, "depends_on": it.depends_on, "builds": builds(&it.builds)}))
        .collect();
    Value::Array(list)
}

fn runner_list(verdict: &Verdict) -> Value {
    let step = |it: &ciworkshop_engine::lint::ReadStep| json!({"name": it.name, "depends_on": it.depends_on});
    let pipelines = verdict.runner_pipelines.iter().map(|it| {
        let builds: BTreeMap<&str, Value> = it
            .builds
            .iter()
            .map(|(name, trigger, when)| (*name, json!({"trigger": trigger, "when": when})))
            .collect();
        assert_eq!(builds.len(), BUILDS.len());
        json!({
            "name": it.name,
            "type": it.type_,
            "depends_on": it.depends_on,
            "steps": it.steps.iter().map(step).collect::<Vec<_>>(),
            "services": it.services,
            "builds": builds,
        })
    });
    Value::Array(pipelines.collect())
}
