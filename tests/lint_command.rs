//! `ciworkshop lint` as a person and as CI type it: levels, fixes, folders, standard input, and each format.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Answer, program, run, tree};

const GOOD: &str = "kind: pipeline\ntype: docker\nname: test\n\nsteps:\n- name: test\n  image: python:3.12\n  commands:\n  - pytest\n";

/// One safe fix, with line ends, characters and comments that have to stay.
const SAFE: &str = "# Prüfung 🐘\r\nkind: pipeline\r\ntype: docker\r\nname: \"ü\"\r\n\r\nsteps:\r\n- name: 'test'\r\n  image: python:3.12\r\n  commands: pytest -k ä   # 🐘 all\r\n";

/// One safe fix and one that may change the meaning.
const BOTH: &str = "kind: pipeline\ntype: docker\nname: test\n\nsteps:\n- name: test\n  image: bash:5\n  commands: ls\n- name: more\n  image: bash:5\n  commands:\n  - echo ${a[0]}\n";

/// A comment that allows what is there, one that allows nothing, and one without a reason.
const ALLOWING: &str = "kind: pipeline\ntype: docker\nname: test\n\nsteps:\n# ciworkshop: allow(missing-image) comes later\n- name: test\n  commands:\n  - make\n- name: more  # ciworkshop: allow(legacy) no\n  image: bash:5\n  privileged: true  # ciworkshop: allow(needs-trust)\n  commands:\n  - make\n";

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn with_input(folder: &Path, arguments: &[&str], bytes: &[u8]) -> std::process::Output {
    let mut command = program(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

/// The codes with their severity, `!` where one fails, of the rules that this test is about.
fn problems(answer: &Answer) -> Vec<String> {
    let about =
        ["allow-comment", "missing-image", "needs-trust", "substitution", "wrong-shape", "yaml-syntax"];
    let json = answer.json();
    let problems = json["problems"].as_array().unwrap().iter();
    let problems = problems.filter(|it| about.contains(&it["code"].as_str().unwrap()));
    let word = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    let mark = |it: &Value| if it["fails"] == true { "!" } else { "" };
    problems.map(|it| format!("{} {}{}", word(it, "severity"), word(it, "code"), mark(it))).collect()
}

#[test]
fn levels_come_from_the_file_and_then_from_the_arguments() {
    let config = "lint:\n  deny: hints\n  levels:\n    missing-image: off\n    allow-comment: hint\n";
    let plain = folder_with(&[("a.yml", ALLOWING)]);
    let set = folder_with(&[(".ciworkshop.yml", config), (".git/x", ""), ("ci/a.yml", ALLOWING)]);
    let json =
        |folder: &Path, more: &[&str]| run(folder, &[&["lint", "a.yml", "--format", "json"], more].concat());
    let ci = set.path().join("ci");
    let cases: [(&Path, &[&str], i32, &[&str]); 7] = [
        (plain.path(), &[], 0, &["warning allow-comment", "hint allow-comment"]),
        (plain.path(), &["--deny", "warnings"], 1, &["warning allow-comment!", "hint allow-comment"]),
        (plain.path(), &["--deny=hints"], 1, &["warning allow-comment!", "hint allow-comment!"]),
        (plain.path(), &["--deny", "allow-comment"], 1, &["warning allow-comment!", "hint allow-comment!"]),
        (plain.path(), &["--allow", "allow-comment,legacy", "--deny=warnings"], 0, &[]),
        (&ci, &[], 1, &["hint allow-comment!", "hint allow-comment!"]),
        (&ci, &["--warn", "allow-comment"], 1, &["warning allow-comment!", "warning allow-comment!"]),
    ];
    for (folder, more, code, expected) in cases {
        let answer = json(folder, more);
        assert_eq!(
            (answer.code, problems(&answer).as_slice()),
            (code, expected.map_owned().as_slice()),
            "{more:?}"
        );
        assert_eq!(answer.json()["allowed"], 2, "{more:?}");
    }
    // A file that is named instead, and nothing that fails any more.
    fs::write(plain.path().join("levels.yml"), "lint: {levels: {missing-image: warning}}\n").unwrap();
    fs::write(plain.path().join("bare.yml"), GOOD.replace("  image: python:3.12\n", "")).unwrap();
    let bare = |more: &[&str]| run(plain.path(), &[&["lint", "bare.yml", "--format", "json"], more].concat());
    assert_eq!(problems(&bare(&[])), ["error missing-image!"]);
    let answer = bare(&["--config", "levels.yml"]);
    assert_eq!((answer.code, problems(&answer)), (0, vec!["warning missing-image".to_owned()]));
}

trait MapOwned {
    fn map_owned(&self) -> Vec<String>;
}

impl MapOwned for &[&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|it| (*it).to_owned()).collect()
    }
}

#[test]
fn what_makes_no_sense_is_an_error_of_usage_that_says_what_was_meant() {
    let folder = folder_with(&[("a.yml", GOOD), ("bad.yml", "lint:\n  levels: {legcy: off}\n")]);
    let cases: [(&[&str], &str); 10] = [
        (&["--allow", "legcy"], "did you mean `legacy`?"),
        (&["--deny", "warning"], "did you mean `warnings`?"),
        (&["--allow", "legacy", "--deny", "legacy"], "leave one of them away"),
        (&["--config", "bad.yml"], "bad.yml:2:12: there is no rule `legcy`"),
        (&["--unsafe"], "add `--diff` to look first"),
        (&["--diff", "--format", "json"], "no other format"),
        (&["--stdin-filename", "x.yml"], "add `-`"),
        (&["--fix", "-"], "standard input can only be fixed alone"),
        (&["--format", "xml"], "possible values: text, json, sarif, github"),
        (&["--deny"], "a value is required"),
    ];
    for (arguments, expected) in cases {
        let answer = run(folder.path(), &[&["lint", "a.yml"], arguments].concat());
        assert_eq!(answer.code, 2, "{arguments:?}: {answer:?}");
        assert!(answer.err.contains(expected), "{arguments:?}: {answer:?}");
    }
    let answer = run(folder.path(), &["lint", "a.yml", "--config", "none.yml"]);
    assert_eq!(answer.code, 3, "{answer:?}");
}

#[test]
fn a_fix_changes_only_the_bytes_of_its_edit_and_is_made_once() {
    let folder = folder_with(&[("a.yml", SAFE)]);
    let answer = run(folder.path(), &["lint", "--fix", "a.yml"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("fixed[wrong-shape]: make it a list of one (a.yml:9)"), "{answer:?}");
    assert_eq!(read(&folder, "a.yml"), SAFE.replace("pytest -k ä", "[pytest -k ä]"));
    let before = fs::metadata(folder.path().join("a.yml")).unwrap().modified().unwrap();
    let again = run(folder.path(), &["lint", "--fix", "a.yml"]);
    assert!(!again.out.contains("fixed"), "{again:?}");
    assert_eq!(
        fs::metadata(folder.path().join("a.yml")).unwrap().modified().unwrap(),
        before,
        "not written again"
    );
    assert_eq!(tree(folder.path(), &[]).len(), 1, "no other file stays");
}

#[test]
fn what_may_change_the_meaning_is_fixed_only_when_that_is_said() {
    let folder = folder_with(&[("a.yml", BOTH)]);
    let answer = run(folder.path(), &["lint", "a.yml"]);
    assert!(answer.out.contains("= fix: make it a list of one (--fix)\n"), "{answer:?}");
    assert!(answer.out.contains("= fix: double the `$` (--fix --unsafe)\n"), "{answer:?}");
    assert!(answer.out.contains("1 of these can be fixed: ciworkshop lint --fix a.yml\n"), "{answer:?}");
    assert!(answer.out.contains("ciworkshop lint --diff --unsafe a.yml\n"), "{answer:?}");
    let answer = run(folder.path(), &["lint", "--fix", "a.yml"]);
    assert_eq!(answer.code, 1, "one is left: {answer:?}");
    let once = BOTH.replace("commands: ls", "commands: [ls]");
    assert_eq!(read(&folder, "a.yml"), once);
    let answer = run(folder.path(), &["lint", "--fix", "--unsafe", "a.yml", "--format", "json"]);
    assert_eq!((answer.code, problems(&answer)), (0, vec![]), "{answer:?}");
    assert_eq!(answer.json()["fixed"][0]["code"], "substitution");
    assert_eq!(read(&folder, "a.yml"), once.replace("${a", "$${a"));
}

#[test]
fn a_difference_shows_what_would_change_and_changes_nothing() {
    let folder = folder_with(&[("a.yml", BOTH), ("b.yml", SAFE), ("c.yml", GOOD)]);
    let before = tree(folder.path(), &[]);
    let answer = run(folder.path(), &["lint", "--fix", "--diff", "a.yml", "b.yml", "c.yml"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let expected = concat!(
        "--- a.yml\n+++ a.yml\n@@ -5,7 +5,7 @@\n steps:\n - name: test\n   image: bash:5\n-  commands: ls\n+  commands: [ls]\n",
        " - name: more\n   image: bash:5\n   commands:\n",
    );
    assert!(answer.out.starts_with(expected), "{}", answer.out);
    assert!(answer.out.contains("+  commands: [pytest -k ä]   # 🐘 all\r\n"), "{}", answer.out);
    assert_eq!(answer.err, "2 fixes in 2 files; to make them: ciworkshop lint --fix a.yml b.yml c.yml\n");
    assert_eq!(tree(folder.path(), &[]), before);
    let answer = run(folder.path(), &["lint", "--diff", "--unsafe", "a.yml"]);
    assert!(answer.out.contains("+  - echo $${a[0]}\n"), "{answer:?}");
    assert_eq!(answer.err, "2 fixes; to make them: ciworkshop lint --fix --unsafe a.yml\n");
    let answer = run(folder.path(), &["lint", "--diff", "c.yml"]);
    assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (0, "", "nothing to fix\n"));
}

#[test]
fn standard_input_is_fixed_to_standard_output_and_its_problems_go_to_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let fixed = with_input(
        folder.path(),
        &["lint", "--fix", "-", "--stdin-filename", "ci/.drone.yml"],
        BOTH.as_bytes(),
    );
    assert_eq!(String::from_utf8(fixed.stdout).unwrap(), BOTH.replace("commands: ls", "commands: [ls]"));
    let problems = String::from_utf8(fixed.stderr).unwrap();
    assert!(problems.contains("--> ci/.drone.yml:12:10"), "{problems}");
    assert_eq!(fixed.status.code(), Some(1));
    // What is no text comes back as it is.
    let broken = b"kind: pipeline\nsteps: \xff\n  commands: x\n";
    assert_eq!(with_input(folder.path(), &["lint", "--fix", "-"], broken).stdout, broken);
    // A name is enough to say that standard input is meant.
    let named =
        with_input(folder.path(), &["lint", "--stdin-filename", "x.yml", "--format=json"], GOOD.as_bytes());
    assert_eq!(serde_json::from_slice::<Value>(&named.stdout).unwrap()["file"], "x.yml");
    let plain = with_input(folder.path(), &["lint", "-"], BOTH.as_bytes());
    assert!(String::from_utf8(plain.stdout).unwrap().contains("--> -:8:13"));
}

#[test]
fn a_folder_means_the_pipeline_files_below_it_in_one_order() {
    let folder = folder_with(&[
        (".drone.yml", GOOD),
        ("b/.drone.yaml", GOOD),
        ("b/ci.drone.yml", GOOD),
        ("b/other.yml", GOOD),
        ("a/z/.drone.yml", GOOD),
        (".git/.drone.yml", GOOD),
        ("node_modules/x/.drone.yml", GOOD),
        ("target/.drone.yml", GOOD),
        (".venv/.drone.yml", GOOD),
        ("vendor/x/.drone.yml", GOOD),
        ("none/readme", ""),
    ]);
    let files = |arguments: &[&str]| {
        let answer = run(folder.path(), &[&["lint", "--format", "json"], arguments].concat());
        let name = |it: &str| serde_json::from_str::<Value>(it).unwrap()["file"].as_str().unwrap().to_owned();
        (answer.code, answer.out.lines().map(name).collect::<Vec<_>>())
    };
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", folder.path().join("b/loop")).unwrap();
        std::os::unix::fs::symlink("../.drone.yml", folder.path().join("none/.drone.yml")).unwrap();
    }
    let all = [".drone.yml", "a/z/.drone.yml", "b/.drone.yaml", "b/ci.drone.yml"];
    assert_eq!(files(&["."]), (0, all.map(str::to_owned).to_vec()));
    // Each file once, under the name that came first; a file that is named is always taken.
    let (code, named) = files(&["b/other.yml", "b", "./b/.drone.yaml", "."]);
    let expected = ["b/other.yml", "b/.drone.yaml", "b/ci.drone.yml", ".drone.yml", "a/z/.drone.yml"];
    assert_eq!((code, named), (0, expected.map(str::to_owned).to_vec()));
    let answer = run(folder.path(), &["lint", "none", "b"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("none is a folder without a pipeline file"), "{answer:?}");
    assert!(answer.out.contains("2 files: no problems found"), "{answer:?}");
}

#[test]
#[cfg(unix)]
fn a_file_keeps_its_permissions_a_link_stays_and_what_is_read_only_is_left_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder_with(&[("real/a.yml", SAFE), ("closed.yml", SAFE)]);
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    let set = |name: &str, mode: u32| {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    symlink("real/a.yml", folder.path().join("link.yml")).unwrap();
    set("real/a.yml", 0o640);
    set("closed.yml", 0o444);
    let answer = run(folder.path(), &["lint", "--fix", "closed.yml", "link.yml"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("closed.yml is read-only"), "{answer:?}");
    // What could not be written is told as it is.
    assert!(answer.out.contains("closed.yml: 1 error"), "{answer:?}");
    assert!(answer.out.contains("link.yml: 1 fixed"), "{answer:?}");
    assert_eq!(read(&folder, "closed.yml"), SAFE);
    assert!(fs::symlink_metadata(folder.path().join("link.yml")).unwrap().is_symlink());
    assert_eq!(read(&folder, "real/a.yml"), SAFE.replace("pytest -k ä", "[pytest -k ä]"));
    assert_eq!((mode("real/a.yml"), mode("closed.yml")), (0o640, 0o444));
}

#[test]
fn colour_is_asked_for_and_forbidden_by_the_environment() {
    let folder = folder_with(&[("a.yml", BOTH)]);
    let coloured = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = program(folder.path());
        command.arg("lint").args(arguments).arg("a.yml").envs(variables.iter().copied());
        Answer::from(command.output().unwrap()).out.contains('\x1b')
    };
    for arguments in [&[][..], &["--diff"]] {
        assert!(!coloured(&[], arguments), "not to a pipe");
        assert!(coloured(&[("CLICOLOR_FORCE", "1")], arguments));
        assert!(coloured(&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], arguments));
        assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], arguments));
        assert!(!coloured(&[("CLICOLOR_FORCE", "0")], arguments));
    }
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], &["--format", "json"]));
}

#[test]
fn json_has_the_edits_of_each_fix() {
    let folder = folder_with(&[("a.yml", SAFE)]);
    let json = run(folder.path(), &["lint", "a.yml", "--format", "json"]).json();
    assert_eq!((&json["version"], &json["file"]), (&1.into(), &"a.yml".into()));
    let problem = &json["problems"][0];
    assert_eq!(problem["fixes"][0]["safe"], true);
    assert_eq!(problem["fixes"][0]["message"], "make it a list of one");
    let edit = &problem["fixes"][0]["edits"][0];
    let start = SAFE.find("pytest").unwrap();
    let expected = serde_json::json!({
        "line": 9, "column": 13, "end_line": 9, "end_column": 24,
        "start": start, "end": start + "pytest -k ä".len(), "text": "[pytest -k ä]",
    });
    assert_eq!(edit, &expected);
}

#[test]
fn github_gets_a_line_for_each_problem() {
    let folder = folder_with(&[("a,b.yml", BOTH), ("c.yml", ALLOWING)]);
    let answer = run(folder.path(), &["lint", "a,b.yml", "c.yml", "--format", "github"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let lines: Vec<&str> = answer.out.lines().collect();
    let starts = [
        "::error file=a%2Cb.yml,line=8,endLine=8,col=13,endColumn=14,title=wrong-shape::",
        "::error file=a%2Cb.yml,line=12,endLine=12,col=10,endColumn=16,title=substitution::",
        "::warning file=c.yml,line=10,endLine=10,col=35,endColumn=40,title=allow-comment::`legacy` is allowed here",
        "::notice file=c.yml,line=12,endLine=12,col=21,endColumn=52,title=allow-comment::",
    ];
    for start in starts {
        assert!(lines.iter().any(|it| it.starts_with(start)), "{start}\n{}", answer.out);
    }
    assert!(lines.iter().all(|it| it.starts_with("::") && it.contains("%0A")), "{}", answer.out);
}

/// The schema, as a package on crates.io has it; see `tests/sarif_schema/Cargo.toml`.
fn sarif_schema() -> Option<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--manifest-path",
        "tests/sarif_schema/Cargo.toml",
    ]);
    let output = cargo.output().unwrap();
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(std::env::var_os("CI").is_none(), "the schema of SARIF cannot be had: {why}");
        println!("skipped: the schema of SARIF cannot be had: {why}");
        return None;
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|it| it["name"] == "serde-sarif").unwrap();
    let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
    let mut schema: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("src/schema.json")).unwrap()).unwrap();
    // Its pattern for a language, which we never give, is no regular expression: a bracket too many.
    for owner in ["run", "toolComponent"] {
        let language = schema["definitions"][owner]["properties"]["language"].as_object_mut().unwrap();
        language.remove("pattern");
    }
    Some(schema)
}

#[test]
fn sarif_fits_its_schema() {
    let Some(schema) = sarif_schema() else { return };
    let validator = jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap();
    let folder =
        folder_with(&[("a b.yml", SAFE), ("both.yml", BOTH), ("c.yml", ALLOWING), ("good.yml", GOOD)]);
    fs::write(folder.path().join("latin.yml"), b"kind: pipeline\nname: \xe9\nsteps: x\n").unwrap();
    fs::write(folder.path().join("twice.yml"), GOOD.to_owned() + "- name: test\n  image: bash:5\n").unwrap();
    // All the examples of the rules, too.
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/src/lint/rules");
    let examples = fs::read_dir(rules).unwrap().map(|it| it.unwrap().path().join("bad.yml"));
    let examples: Vec<String> =
        examples.filter(|it| it.exists()).map(|it| it.to_str().unwrap().to_owned()).collect();
    let mut arguments = vec!["lint", "--format", "sarif", "none.yml"];
    arguments.extend(["a b.yml", "both.yml", "c.yml", "good.yml", "latin.yml", "twice.yml"]);
    for arguments in [&arguments[..4], &arguments, &["lint", "--format=sarif", "good.yml"]] {
        let mut arguments = arguments.to_vec();
        if arguments.len() > 4 {
            arguments.extend(examples.iter().map(String::as_str));
        }
        let log = run(folder.path(), &arguments).json();
        let wrong: Vec<String> =
            validator.iter_errors(&log).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    // The validator would say so.
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0", "runs": [{"results": 3}]})));
}

#[test]
fn sarif_says_the_rule_the_place_the_fix_and_what_is_allowed() {
    let folder = folder_with(&[("a b.yml", SAFE), ("c.yml", ALLOWING)]);
    let log = run(folder.path(), &["lint", "a b.yml", "c.yml", "--format", "sarif"]).json();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let of = |code: &str| results.iter().find(|it| it["ruleId"] == code).unwrap();
    let shape = of("wrong-shape");
    let place = &shape["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yml");
    let region = serde_json::json!({"startLine": 9, "startColumn": 13, "endLine": 9, "endColumn": 24});
    assert_eq!(place["region"], region);
    let replacement = &shape["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "[pytest -k ä]");
    assert_eq!(replacement["deletedRegion"]["byteOffset"], SAFE.find("pytest").unwrap());
    let allowed = of("missing-image");
    assert_eq!(
        allowed["suppressions"],
        serde_json::json!([{"kind": "inSource", "justification": "comes later"}])
    );
    assert_eq!(of("needs-trust")["suppressions"], serde_json::json!([{"kind": "inSource"}]));
    assert!(of("allow-comment").get("suppressions").is_none());
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_seen_one_line_is_no_problem() {
    let folder = folder_with(&[]);
    for index in 0..300 {
        fs::write(folder.path().join(format!("{index}.drone.yml")), BOTH).unwrap();
    }
    for arguments in
        ["lint .", "lint . --format json", "lint . --format sarif", "lint . --format github", "lint . --diff"]
    {
        let line = format!("{} {arguments} | head -1", env!("CARGO_BIN_EXE_ciworkshop"));
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path()).args(["-c", &line]).env_remove("CI");
        let answer = Answer::from(shell.output().unwrap());
        assert!(!answer.err.contains("error"), "{arguments}: {}", answer.err);
        assert_eq!(answer.out.lines().count(), 1, "{arguments}");
    }
}

#[test]
fn comments_that_allow_are_counted_and_the_denied_are_told() {
    let folder = folder_with(&[("a.yml", ALLOWING)]);
    let answer = run(folder.path(), &["lint", "a.yml", "--deny", "warnings"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("\na.yml: 1 warning, 1 hint, 1 denied, 2 allowed\n"), "{}", answer.out);
    assert!(answer.out.contains("1 of these can be fixed: ciworkshop lint --fix a.yml\n"), "{}", answer.out);
    run(folder.path(), &["lint", "a.yml", "--fix"]);
    assert_eq!(read(&folder, "a.yml"), ALLOWING.replace("  # ciworkshop: allow(legacy) no", ""));
}
