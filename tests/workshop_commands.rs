//! The commands of the workshop as a participant types them: the real program, in real folders.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;

use support::{Desk, run, tree};

#[test]
fn without_a_workshop_every_command_names_start() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["check", "watch", "task", "hint", "next", "list", "skip", "reset", "solution"] {
        let answer = run(folder.path(), &[command]);
        assert_eq!(answer.code, 3, "{command}: {answer:?}");
        assert!(answer.err.contains("ciworkshop start"), "{command}: {answer:?}");
    }
}

#[test]
fn an_exercise_is_named_by_number_name_folder_or_file() {
    let desk = Desk::new();
    let inside = desk.first().join("tests");
    let absolute = desk.first().join(".drone.yml").display().to_string();
    let names = [
        "1.1",
        "nothing-is-installed",
        "01_clean_machine/01_nothing_is_installed",
        "01_nothing_is_installed",
        "exercises/01_clean_machine/01_nothing_is_installed/",
        "exercises/01_clean_machine/01_nothing_is_installed/.drone.yml",
        absolute.as_str(),
    ];
    desk.run(&["next"]);
    for name in names {
        let answer = desk.run(&["task", name, "--format", "json"]);
        assert_eq!(answer.json()["id"], "nothing-is-installed", "{name}");
    }
    for (from, name) in [(&inside, "../.drone.yml"), (&inside, "."), (&desk.root, "1.1")] {
        let answer = run(from, &["task", name, "--format", "json"]);
        assert_eq!(answer.json()["id"], "nothing-is-installed", "{name} in {}", from.display());
    }
    assert_eq!(
        run(&inside, &["task", "--format", "json"]).json()["id"],
        "nothing-is-installed",
        "where one stands"
    );
    assert_eq!(desk.run(&["task", "--format", "json"]).json()["number"], "1.2", "the current one");
}

#[test]
fn an_unknown_exercise_gets_a_suggestion_and_changes_nothing() {
    let desk = Desk::new();
    let before = tree(&desk.root, &[]);
    let cases = [
        ("nothing-is-instaled", "did you mean `nothing-is-installed`?"),
        ("1.9", "did you mean `1."),
        ("wednesday-afternoon", "`ciworkshop list` shows all"),
        ("/etc/passwd", "`ciworkshop list` shows all"),
    ];
    for (name, words) in cases {
        for command in ["check", "task", "hint", "skip", "reset", "solution"] {
            let answer = desk.run(&[command, name]);
            assert_eq!(answer.code, 2, "{command} {name}: {answer:?}");
            assert!(answer.err.contains(words), "{command} {name}: {answer:?}");
        }
    }
    assert_eq!(tree(&desk.root, &[".ciworkshop/lock"]), before);
}

#[test]
fn the_untouched_start_is_red_and_says_where_and_what_next() {
    let desk = Desk::new();
    let answer = desk.run(&["check"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.out.starts_with("no   1.1 Nothing is installed\n"), "{}", answer.out);
    let file = desk.first().join("answers.yml").display().to_string();
    for words in
        [&format!("{file}:"), "happened:", "expected:", "next:", "code:     CW-predict", "`ciworkshop hint`"]
    {
        assert!(answer.out.contains(words), "{words}: {}", answer.out);
    }
    assert!(!answer.out.contains('\u{1b}'), "no colour where nobody asked for it");
}

#[test]
fn the_solution_turns_it_green_and_next_goes_on() {
    let desk = Desk::new();
    desk.solve("01_clean_machine/01_nothing_is_installed");
    let answer = desk.run(&["check"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.starts_with("ok   1.1"), "{}", answer.out);
    assert!(answer.out.contains("not run: ") && answer.out.contains("`ciworkshop next`"), "{}", answer.out);
    assert_eq!(desk.run(&["task", "--format", "json"]).json()["number"], "1.1", "nothing moves on by itself");
    assert!(desk.run(&["next"]).out.starts_with("todo 1.2"));
    let list = desk.run(&["list"]).out;
    assert!(list.contains("  ok   1.1") && list.contains("> todo 1.2"), "{list}");
    assert!(list.contains(&format!("1 of {}", support::exercises())), "{list}");
}

#[test]
fn a_pass_stays_a_pass_in_the_list_and_the_check_tells_what_is_now() {
    let desk = Desk::new();
    desk.solve("01_clean_machine/01_nothing_is_installed");
    desk.run(&["check"]);
    fs::remove_file(desk.first().join(".drone.yml")).unwrap();
    let answer = desk.run(&["check", "--format", "json"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let exercise = &answer.json()["exercises"][0];
    assert_eq!((&exercise["state"], &exercise["done"]), (&"failed".into(), &true.into()));
    assert!(desk.run(&["list"]).out.contains("ok   1.1"));
}

#[test]
fn hints_come_one_by_one_and_the_solution_after_the_last() {
    let desk = Desk::new();
    let early = desk.run(&["solution"]);
    assert_eq!(early.code, 2, "{early:?}");
    assert!(early.err.contains("3 hints are still to be shown") && early.err.contains("--yes"), "{early:?}");
    for number in 1..=3 {
        let hint = desk.run(&["hint"]).out;
        assert!(
            hint.contains(&format!("hint {number} of 3:")) && hint.matches("hint ").count() <= 2,
            "{hint}"
        );
    }
    let again = desk.run(&["hint"]).out;
    assert!((1..=3).all(|it| again.contains(&format!("hint {it} of 3:"))), "{again}");
    let solution = desk.run(&["solution"]);
    assert_eq!(solution.code, 0, "{solution:?}");
    assert!(solution.out.contains(".drone.yml:"), "{solution:?}");
    let view = desk.run(&["task", "--format", "json"]).json();
    assert_eq!(view["solution_seen"], true, "it is remembered");
}

#[test]
fn the_solution_can_be_insisted_on_and_never_touches_the_files() {
    let desk = Desk::new();
    let before = tree(&desk.root, &[".ciworkshop"]);
    let answer = desk.run(&["solution", "2.1", "--yes", "--format", "json"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.json()["files"][".drone.yml"].as_str().unwrap().contains("kind: pipeline"), "{answer:?}");
    assert_eq!(tree(&desk.root, &[".ciworkshop"]), before);
}

#[test]
fn a_skip_has_its_own_word_and_next_passes_it_by() {
    let desk = Desk::new();
    assert!(desk.run(&["skip", "1.2"]).out.starts_with("skip 1.2"));
    assert!(desk.run(&["next"]).out.contains("todo 1.3"));
    let list = desk.run(&["list"]).out;
    assert!(list.contains("skip 1.2") && list.contains("1 put aside"), "{list}");
}

#[test]
fn a_reset_brings_the_start_back_and_keeps_a_copy() {
    let desk = Desk::new();
    let start = tree(&desk.first(), &[]);
    fs::write(desk.first().join(".drone.yml"), "mine: 1\n").unwrap();
    fs::write(desk.first().join("notes.txt"), "mine too\n").unwrap();
    fs::remove_file(desk.first().join("answers.yml")).unwrap();
    desk.run(&["hint"]);
    let answer = desk.run(&["reset", "--format", "json"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let json = answer.json();
    assert_eq!(json["restored"], serde_json::json!([".drone.yml", "answers.yml"]));
    assert_eq!(json["exercise"]["hints"], serde_json::json!([]));
    let backup = std::path::PathBuf::from(json["backup"].as_str().unwrap());
    assert_eq!(fs::read_to_string(backup.join(".drone.yml")).unwrap(), "mine: 1\n");
    let mut now = tree(&desk.first(), &[]);
    assert_eq!(now.remove("notes.txt").as_deref(), Some("mine too\n"), "what the start does not have stays");
    assert_eq!(now, start);
    assert_eq!(desk.run(&["reset", "--format", "json"]).json()["backup"], serde_json::Value::Null);
}

#[test]
fn progress_goes_to_another_machine_in_one_file_and_nothing_is_lost_there() {
    let (here, there) = (Desk::new(), Desk::new());
    here.solve("01_clean_machine/01_nothing_is_installed");
    here.run(&["check"]);
    there.run(&["skip", "1.2"]);
    there.run(&["skip", "1.1"]);
    let file = there.root.join("progress-export.json").display().to_string();
    assert_eq!(here.run(&["progress", "export", &file]).code, 0);
    let again = here.run(&["progress", "export", &file]);
    assert_eq!(again.code, 3, "an existing file stays: {again:?}");
    let answer = there.run(&["progress", "import", &file]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let list = there.run(&["list"]).out;
    assert!(list.contains("ok   1.1") && list.contains("skip 1.2"), "{list}");
    assert_eq!(there.run(&["check", "1.1"]).code, 0, "the files came along");
}

#[test]
fn an_import_writes_only_files_that_nobody_changed_here() {
    let (here, there) = (Desk::new(), Desk::new());
    here.solve("01_clean_machine/01_nothing_is_installed");
    fs::write(there.first().join(".drone.yml"), "mine: 1\n").unwrap();
    let mut export = here.run(&["progress", "export"]).json();
    let files = export["files"]["nothing-is-installed"].as_object_mut().unwrap();
    for path in ["../../../../escaped.txt", "tests/test_sales.py", "/tmp/escaped.txt", ""] {
        files.insert(path.into(), "theirs".into());
    }
    fs::write(there.root.join("theirs.json"), export.to_string()).unwrap();
    let before = tree(&there.root, &[".ciworkshop"]);
    let answer = there.run(&["progress", "import", "theirs.json", "--format", "json"]).json();
    let folder = "01_clean_machine/01_nothing_is_installed";
    assert_eq!(answer["taken"], serde_json::json!([format!("{folder}/answers.yml")]));
    assert_eq!(answer["kept"].as_array().unwrap().len(), 5, "{answer}");
    let mut after = tree(&there.root, &[".ciworkshop"]);
    let taken = after.insert(format!("exercises/{folder}/answers.yml"), String::new()).unwrap();
    assert_eq!(taken, fs::read_to_string(here.first().join("answers.yml")).unwrap());
    let mut before = before;
    before.insert(format!("exercises/{folder}/answers.yml"), String::new());
    assert_eq!(after, before);
    assert!(!fs::read_to_string(there.root.join(".ciworkshop/progress.json")).unwrap().contains("\"files\""));
}

#[test]
fn what_is_no_progress_is_not_taken_in() {
    let desk = Desk::new();
    desk.run(&["skip", "1.2"]);
    let progress = fs::read(desk.root.join(".ciworkshop/progress.json")).unwrap();
    let cases: [(&str, &[u8], &str); 4] = [
        ("half.json", b"{\"version\": 1, \"exer", "no complete progress file"),
        ("newer.json", b"{\"version\": 7}", "newer program"),
        ("binary.json", &[0xff, 0x00, 0x80], "no text"),
        ("missing.json", b"", "cannot be read"),
    ];
    for (name, content, words) in cases {
        if !content.is_empty() {
            fs::write(desk.root.join(name), content).unwrap();
        }
        let answer = desk.run(&["progress", "import", name]);
        assert_eq!(answer.code, 3, "{name}: {answer:?}");
        assert!(answer.err.contains(words) && answer.err.contains("help: "), "{name}: {answer:?}");
    }
    assert_eq!(fs::read(desk.root.join(".ciworkshop/progress.json")).unwrap(), progress);
}

#[test]
fn checking_all_shows_every_exercise_and_keeps_the_current_one() {
    let desk = Desk::new();
    desk.solve("02_one_file/01_first_pipeline");
    let answer = desk.run(&["check", "--all"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.out.contains("> no   1.1") && answer.out.contains("  ok   2.1"), "{}", answer.out);
    assert!(answer.out.contains(&format!("1 of {} exercises pass", support::exercises())), "{}", answer.out);
    let json = desk.run(&["check", "--all", "--format", "json"]).json();
    assert_eq!(json["exercises"].as_array().unwrap().len(), support::exercises());
    for exercise in json["exercises"].as_array().unwrap() {
        assert_eq!(exercise["checked"], true, "{}", exercise["id"]);
    }
}

#[test]
fn every_answer_has_a_json_form() {
    let desk = Desk::new();
    let calls: [&[&str]; 8] = [
        &["check"],
        &["task"],
        &["hint"],
        &["next"],
        &["list"],
        &["skip"],
        &["reset"],
        &["solution", "--yes"],
    ];
    for call in calls {
        let answer = desk.run(&[call, &["--format", "json"]].concat());
        assert!(answer.json().is_object(), "{call:?}");
        assert_eq!(answer.err, "", "{call:?}");
    }
}

#[test]
fn colour_repeats_words_and_comes_only_when_wanted() {
    let desk = Desk::new();
    let plain = desk.run(&["list"]).out;
    let mut command = support::program(&desk.root);
    let coloured =
        support::Answer::from(command.arg("list").env("CLICOLOR_FORCE", "1").output().unwrap()).out;
    assert!(coloured.contains('\u{1b}'));
    let mut stripped = String::new();
    for part in coloured.split('\u{1b}') {
        stripped.push_str(part.strip_prefix('[').and_then(|it| it.split_once('m')).map_or(part, |it| it.1));
    }
    assert_eq!(stripped, plain);
}
