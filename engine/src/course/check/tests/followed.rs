//! What commands do with files and texts, as far as it can be followed without running them.

use super::{exercise, report};

/// What happened, in an exercise whose only role needs the file `data/a.csv`; the project has `data/A.csv` and `run.py`.
fn told(commands: &[&str], more: &[(&str, &str)]) -> String {
    let it = exercise(
        "roles: {run: {called: the run, command: [python run.py]}}\nproject: {run: {files: [data/a.csv]}}\n\
         checks: [{code: CW-x, says: s, expected: e, next: n, event: {runs: [run], result: green}}]\n",
    );
    let commands: String =
        commands.iter().map(|it| format!("  - {}\n", serde_json::to_string(it).unwrap())).collect();
    let yml = super::pipeline("", &format!("- name: s\n  image: python:3.13\n  commands:\n{commands}"));
    let mut files = vec![(".drone.yml", yml.as_str()), ("data/A.csv", ""), ("run.py", "")];
    files.extend(more);
    report(&it, &files).findings.into_iter().map(|it| it.happened).collect()
}

#[test]
fn a_file_is_made_by_a_link_by_a_loop_or_by_a_program_that_speaks_of_it() {
    for commands in [
        &["ln -s A.csv data/a.csv", "python run.py"][..],
        &["ln -sf \"$PWD/data/A.csv\" data/a.csv", "python run.py"],
        &["cd data && ln -s A.csv a.csv && cd ..", "python run.py"],
        &["for it in data/*.csv; do cp \"$it\" data/a.csv; done", "python run.py"],
        &["for it in data/*.csv; do mv \"$it\" \"$(echo \"$it\" | tr A-Z a-z)\"; done", "python run.py"],
        &["python -c \"import os; os.rename('data/A.csv', 'data/a.csv')\"", "python run.py"],
        &["python - <<'E'\nopen('data/a.csv', 'w')\nE", "python run.py"],
        &["python ci/rename.py", "test -f data/a.csv", "python run.py"],
    ] {
        assert_eq!(told(commands, &[("ci/rename.py", "open('data/a.csv', 'w')")]), "", "{commands:?}");
    }
    for commands in [
        &["ln -s data/A.csv data/a.csv", "python run.py"][..],
        &["for it in data/*.txt; do cp data/A.csv data/a.csv; done; rm data/a.csv", "python run.py"],
        &["python -c 'print(1)'", "python run.py"],
        &["python ci/other.py", "python run.py"],
    ] {
        let told = told(commands, &[("ci/other.py", "print(1)")]);
        assert!(told.contains("there is no `data/a.csv`"), "{commands:?}: {told}");
    }
}

#[test]
fn a_folder_that_no_image_has_is_not_entered_and_another_one_holds_no_clone() {
    let with = |commands: &[&str]| told(&[&["cp data/A.csv data/a.csv"], commands].concat(), &[]);
    assert!(with(&["cd /work", "python run.py"]).contains("there is no `/work`"));
    assert!(with(&["cd /tmp", "python run.py"]).contains("there is no `run.py`"));
    for commands in [
        &["mkdir -p /work", "cd /work", "cd /drone/src", "python run.py"][..],
        &["cd /tmp; cd -; cd /drone/src", "python run.py"],
    ] {
        assert_eq!(with(commands), "", "{commands:?}");
    }
}

#[test]
fn what_a_here_document_calls_is_called() {
    let kind = "event: {skips: [publish]}";
    let yml = |document: &str| {
        super::pipeline("", &format!("- name: t\n  image: python:3.13\n  commands:\n  - |\n    {document}\n"))
    };
    let told = |document: &str| super::happened(kind, &yml(document));
    assert!(
        told("cat <<E\n    a $(twine upload x) b\n    E").contains("it comes to the upload all the same")
    );
    assert_eq!(told("cat <<'E'\n    a $(twine upload x) b\n    E"), "");
    assert_eq!(told("cat <<E\n    twine upload x\n    E"), "");
}

#[test]
fn what_is_come_to_in_an_unexpected_step_is_shown_there() {
    let kind = "event: {skips: [publish]}";
    let steps = "- {name: t, image: 'python:3.13', commands: ['echo \"$(twine upload x)\"']}\n\
                 - {name: p, image: 'python:3.13', commands: [twine upload x], when: {event: tag}}\n";
    let yml = super::pipeline("", steps);
    let report = super::report(&super::one_check(kind), &[(".drone.yml", &yml)]);
    let found = &report.findings[0];
    assert!(found.happened.ends_with("The step `t` runs it."), "{}", found.happened);
    assert!(found.excerpt.as_ref().unwrap().contains("echo"), "{:?}", found.excerpt);
}

#[test]
fn tests_are_kept_when_none_is_gone_and_none_is_skipped() {
    let head = "checks: [{code: CW-x, says: s, expected: e, next: n, model: {keeps_tests: [test_a.py]}}]\n";
    let mut it = exercise(head);
    it.edit.push("test_a.py".into());
    it.start.insert("test_a.py".into(), b"class A:\n    def test_a(self):\n    def test_b(self):\n".to_vec());
    let told = |text: &str| {
        let files = [(".drone.yml", super::pipeline("", super::TEST)), ("test_a.py", text.to_owned())];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        report(&it, &files).findings.into_iter().map(|it| it.happened).collect::<String>()
    };
    assert_eq!(told("class A:\n    def setUp(self):\n    def test_x(self):\n    def test_b(self):\n"), "");
    assert_eq!(told("def test_a(self):\n"), "`test_a.py` holds one test, and held 2 tests.");
    assert!(
        told("@unittest.skip('x')\ndef test_a(self):\ndef test_b(self):\n")
            .contains("holds `@unittest.skip`")
    );
}
