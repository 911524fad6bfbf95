//! `ciworkshop init` in a project, as its owner meets it: the real program, in real folders, good ones and bad ones.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn with(files: &[(&str, &str)]) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            place.put(path, text);
        }
        place
    }

    fn path(&self, inner: &str) -> PathBuf {
        self.folder.path().join(inner)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn pipeline(&self) -> Option<String> {
        fs::read_to_string(self.path(".drone.yml")).ok()
    }

    fn init(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
        command.arg("init").args(arguments).current_dir(self.folder.path()).env("NO_COLOR", "1");
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Answer { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

const PROJECT: [(&str, &str); 3] = [
    ("requirements.txt", "pytest\n"),
    (".python-version", "3.12\n"),
    ("tests/test_it.py", "import pytest\n"),
];

#[test]
fn what_the_project_has_learnt_is_added_to_the_step_that_tests_and_services_are_named() {
    let place = Place::with(&PROJECT);
    assert_eq!(place.init(&["--yes"]).code, 0);
    let mine = place
        .pipeline()
        .unwrap()
        .replace("      - pip install", "      - echo mine  # and stays\n      - pip install");
    place.put(".drone.yml", &mine);
    assert!(place.init(&[]).out.contains("does all that would be proposed"));
    place.put("ruff.toml", "line-length = 100\n");
    place.put(
        "compose.yml",
        "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_DB: a\n",
    );
    let shown = place.init(&[]);
    assert_eq!(shown.code, 1);
    assert!(shown.out.contains("- test/test: `pip install ruff`, `ruff check .`\n"), "{}", shown.out);
    assert!(shown.out.contains("- by hand: the service `db` (postgres:16)"), "{}", shown.out);
    assert_eq!(place.init(&["--update", "--yes"]).code, 0);
    let text = place.pipeline().unwrap();
    let added = "      - pip install ruff\n      # ruff.toml: settings of ruff\n      - ruff check .\n";
    assert_eq!(text.replace(added, ""), mine, "every other line is as it was");
    let left = place.init(&["--update", "--yes"]);
    assert!(
        left.code == 1 && left.out.contains("a new proposal has what it has not:\n- the service `db`"),
        "{}",
        left.out
    );
    assert_eq!(place.pipeline().unwrap(), text);
    assert_eq!(left.out.matches("the service `db`").count(), 1, "{}", left.out);
    // A list in brackets has no line to add to.
    let commands = text.find("    commands:").unwrap();
    let end = text[commands..].find("\n\n").unwrap() + commands;
    place.put(".drone.yml", &format!("{}    commands: [pytest tests/]{}", &text[..commands], &text[end..]));
    let shown = place.init(&[]);
    assert!(shown.out.contains("- in `test`: `pip install ruff`, `ruff check .`\n"), "{}", shown.out);
}

#[test]
fn an_added_part_has_the_line_ends_of_the_file() {
    let place = Place::with(&PROJECT);
    assert_eq!(place.init(&["--yes"]).code, 0);
    place.put(".drone.yml", &place.pipeline().unwrap().replace('\n', "\r\n"));
    place.put("ruff.toml", "line-length = 100\n");
    assert_eq!(place.init(&["--update", "--yes"]).code, 0);
    let text = place.pipeline().unwrap();
    assert!(text.contains("      - ruff check .\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn it_says_what_it_found_and_writes_when_it_is_told_to() {
    let place = Place::with(&PROJECT);
    let looked = place.init(&["--dry-run"]);
    assert_eq!((looked.code, looked.err.as_str(), place.pipeline()), (0, "", None));
    for said in [
        ".python-version:1",
        "requirements.txt",
        "pytest tests/",
        "a pull request  test",
        "Nothing is written",
    ] {
        assert!(looked.out.contains(said), "{said}: {}", looked.out);
    }
    let written = place.init(&["--yes"]);
    assert_eq!((written.code, written.err.as_str()), (0, ""));
    for said in ["ciworkshop run", "ciworkshop badge readme --write", "drone repo enable"] {
        assert!(written.out.contains(said), "{said}: {}", written.out);
    }
    let printed = place.init(&["--print"]);
    assert_eq!(place.pipeline().unwrap(), printed.out);
    let again = place.init(&["--yes"]);
    assert!(again.code == 0 && again.out.contains("is there already"), "{}", again.out);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_written() {
    let place = Place::with(&PROJECT);
    let answer = place.init(&[]);
    assert_eq!((answer.code, place.pipeline()), (2, None));
    assert!(answer.err.contains("--yes"), "{}", answer.err);
}

#[test]
fn a_target_that_reaches_out_is_never_called_however_it_is_written() {
    let upload = "\nupload:\n\ttwine upload dist/*\n";
    let more: [(&str, &str); 4] = [
        ("tools/Makefile", "publish:\n\tssh host deploy\n"),
        ("release.mk", "ship:\n\tgit push origin HEAD\n"),
        ("scripts/ship", "#!/bin/sh\ncurl -T dist/a https://example.com\n"),
        ("scripts/ship.sh", "exec rsync -a dist/ host:/srv\n"),
    ];
    for (recipe, rest) in [
        ("\ttwine upload dist/*", ""),
        ("\t@-twine upload dist/*", ""),
        ("\tpython -m twine upload dist/*", ""),
        ("\tenv A=1 twine upload dist/*", ""),
        ("\tA=1 nice twine upload dist/*", ""),
        ("\techo dist/* | xargs twine upload", ""),
        ("\tfind dist -exec twine upload {} +", ""),
        ("\tsh -c 'twine upload dist/*'", ""),
        ("\ttrue && { false || twine upload dist/*; }", ""),
        ("\tpytest; if true; then twine upload dist/*; fi", ""),
        ("\tfor it in unit upload; do $(MAKE) $$it; done", upload),
        ("\t$(MAKE) $(addprefix up,load)", upload),
        ("\t$(MAKE) $(GOAL)\nGOAL = upload", upload),
        ("\t$(MAKE) -C tools publish", ""),
        ("\tcd tools && $(MAKE) publish", ""),
        ("\t$(MAKE) -f release.mk ship", ""),
        ("\t$(MAKE) ship\ninclude release.mk", ""),
        ("\tscripts/ship", ""),
        ("\t./scripts/ship.sh", ""),
        ("\t$(SEND) dist/*\nSEND = twine upload", ""),
        ("\tpytest $(shell twine upload dist/*)", ""),
        ("\tpytest $$(twine upload dist/*)", ""),
        ("\trm -rf $(HOME)/cache", ""),
        ("\trm -rf ../other", ""),
        ("\tkubectl apply -f k8s", ""),
        ("\tnpm publish", ""),
        ("\tsudo make install", ""),
    ] {
        let makefile = format!("test:\n{recipe}\n{rest}");
        let mut files = vec![("Makefile", makefile.as_str()), ("main.c", "int main(void) { return 0; }\n")];
        files.extend(more);
        let text = Place::with(&files).init(&["--print"]).out;
        assert!(!text.contains("make test"), "{recipe}: {text}");
    }
    // One that only tests is called.
    let tests =
        [("Makefile", "test:\n\tcc main.c\n\t./a.out\n"), ("main.c", "int main(void) { return 0; }\n")];
    assert!(Place::with(&tests).init(&["--print"]).out.contains("make test"));
}

#[test]
fn an_empty_folder_gets_the_practice_projects_and_a_strange_one_what_is_known() {
    let empty = Place::with(&[]).init(&[]);
    assert_eq!((empty.code, empty.out.as_str()), (2, ""));
    assert!(empty.err.contains("Choose one:\n\n  bertsum"), "{}", empty.err);
    let strange =
        Place::with(&[("cats.cabal", "name: cats\n"), ("Cats.hs", "module Cats where\n")]).init(&[]);
    assert_eq!((strange.code, strange.out.as_str()), (2, ""));
    assert!(strange.err.contains("It reads what projects in Python") && !strange.err.contains("bertsum"));
}

/// The command as a terminal sees it, with what a person types.
fn typed(place: &Place, text: &str) -> String {
    use std::io::{Cursor, Write};
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);
    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kept = Kept::default();
    let mut world = ciworkshop::cli::World {
        input: Box::new(Cursor::new(text.to_owned())),
        out: Box::new(kept.clone()),
        err: Box::new(kept.clone()),
        folder: place.folder.path().to_owned(),
        variables: std::collections::BTreeMap::new(),
        terminal: true,
        typed: true,
    };
    ciworkshop::cli::run(["ciworkshop", "init"].map(Into::into), &mut world);
    String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn on_a_terminal_it_asks_once_and_takes_no_for_an_answer() {
    for (text, writes) in
        [("n\n", false), ("what?\n", false), ("", false), ("\n", true), ("y\n", true), ("Yes\n", true)]
    {
        let place = Place::with(&PROJECT);
        let said = typed(&place, text);
        assert_eq!(said.matches("[Y/n]").count(), 1, "{said}");
        assert_eq!(place.pipeline().is_some(), writes, "{text:?}: {said}");
    }
}

#[test]
fn every_flag_answers_what_would_be_asked() {
    let place = Place::with(&[
        ("setup.py", "setup(name='x', python_requires='>=3.11')\n"),
        ("x.py", ""),
        ("test_x.py", "import pytest\n"),
    ]);
    let text = place.init(&["--print", "--python", "3.14"]).out;
    assert!(text.contains("image: python:3.14-slim"), "{text}");
    let text = place.init(&["--print", "--python", "3.13", "--branch", "trunk"]).out;
    assert!(text.contains("image: python:3.13-slim") && !text.contains("python:3.11"), "{text}");
    assert!(text.contains("git fetch origin trunk"), "{text}");
    let difference = place.init(&["--diff"]);
    assert!(difference.code == 1 && difference.out.contains("+kind: pipeline\n"), "{}", difference.out);
    let explained = place.init(&["--explain"]);
    assert!(
        explained.code == 0
            && explained.out.contains("python_requires") | explained.out.contains("setup.py:1"),
        "{}",
        explained.out
    );
    let json = place.init(&["--dry-run", "--format", "json"]).out;
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["proposal"]["components"][0]["ecosystem"], "Python");
    assert_eq!((&value["done"], &value["changed"]), (&"dry-run".into(), &false.into()));
    assert_eq!(place.init(&["bqup", "--yes"]).code, 2, "a practice project asks nothing");
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let place = Place::with(&PROJECT);
    let own = "kind: pipeline\nname: mine\nsteps:\n- name: hello # my comment\n  image: alpine:3.22\n  commands: [echo hi]\n";
    place.put(".drone.yml", own);
    let shown = place.init(&["--yes"]);
    assert_eq!((shown.code, place.pipeline().as_deref()), (1, Some(own)));
    assert!(shown.out.contains("+name: test\n") && shown.out.contains("--update"), "{}", shown.out);
    assert_eq!(place.init(&["--update", "--yes"]).code, 0);
    let text = place.pipeline().unwrap();
    assert!(text.starts_with(own) && text.contains("\n---\nkind: pipeline\n"), "{text}");
    assert_eq!(fs::read_to_string(place.path(".drone.yml.bak-1")).unwrap(), own);
    assert_eq!(place.init(&[]).code, 0, "nothing is missing any more");
    let replaced = place.init(&["--force", "--yes"]);
    assert!(replaced.code == 0 && fs::read_to_string(place.path(".drone.yml.bak-2")).unwrap() == text);
}

#[test]
fn a_broken_manifest_or_pipeline_is_named_with_its_place() {
    let cases: [(&str, &str, &str); 4] = [
        ("pyproject.toml", "[project]\nname = \n", "pyproject.toml:2: "),
        ("package.json", "{\n  \"name\": \"x\",\n}\n", "package.json:3: "),
        ("environment.yml", "dependencies: [\n", "environment.yml:"),
        (".drone.yml", "kind: pipeline\nsteps: [\n", ".drone.yml:"),
    ];
    for (name, text, said) in cases {
        let place = Place::with(&PROJECT);
        place.put(name, text);
        let before = place.pipeline();
        let answer = place.init(&["--yes", "--update"]);
        assert_eq!((answer.code, place.pipeline()), (3, before), "{name}: {}{}", answer.out, answer.err);
        assert!(answer.err.contains(said) && answer.err.contains("help: "), "{name}: {}", answer.err);
    }
}

#[test]
fn nothing_in_a_project_reaches_the_shape_of_the_file_or_the_terminal() {
    let place = Place::with(&PROJECT);
    place.put("setup.py", "setup(name='a: \u{1b}[31m # x\\n}', python_requires='>=3.13')\n");
    place.put(
        "package.json",
        "{\"name\": \"x\\nsteps: []\", \"scripts\": {\"test\": \"echo\"}, \"main\": \"-- $(touch pwned)\"}",
    );
    let answer = place.init(&["--yes"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(!answer.out.contains('\u{1b}'), "{}", answer.out);
    let mut lint = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    let output = lint.args(["lint", "--deny", "warnings"]).current_dir(place.folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_folder_that_is_no_project_leads_to_the_practice_projects() {
    let place = Place::with(&[("notes.txt", "hi\n")]);
    let answer = place.init(&["--yes"]);
    assert_eq!((answer.code, place.pipeline()), (2, None));
    assert!(answer.err.contains("drone-hello-world"), "{}", answer.err);
}

#[test]
fn a_bare_repository_is_named() {
    let place = Place::with(&[("HEAD", "ref: refs/heads/main\n"), ("objects/x", ""), ("refs/x", "")]);
    let answer = place.init(&["--yes"]);
    assert!(answer.code == 3 && answer.err.contains("bare repository"), "{}", answer.err);
}

#[test]
fn the_main_branch_is_what_git_says() {
    let branch = |files: &[(&str, &str)]| {
        let place = Place::with(&[("setup.py", "setup(name='x')\n"), ("test_x.py", "import pytest\n")]);
        for (path, text) in files {
            place.put(path, text);
        }
        let text = place.init(&["--print"]).out;
        text.lines().find_map(|it| it.trim().strip_prefix("- git fetch origin ").map(str::to_owned)).unwrap()
    };
    assert_eq!(branch(&[]), "main");
    assert_eq!(
        branch(&[(".git/HEAD", "ref: refs/heads/topic\n"), (".git/packed-refs", "abc refs/heads/master\n")]),
        "master"
    );
    assert_eq!(branch(&[(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/develop\n")]), "develop");
    assert_eq!(branch(&[(".git/HEAD", "ref: refs/heads/odd`name\n")]), "main", "no name that could do harm");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_in_a_circle_and_names_that_are_no_text_do_not_stop_it() {
        let place = Place::with(&PROJECT);
        symlink(".", place.path("loop")).unwrap();
        symlink("b", place.path("a")).unwrap();
        symlink("a", place.path("b")).unwrap();
        symlink("/etc/passwd", place.path("pyproject.toml")).unwrap();
        fs::write(place.folder.path().join(OsStr::from_bytes(b"\xff.py")), "").unwrap();
        let answer = place.init(&["--dry-run"]);
        assert_eq!(answer.code, 0, "{}", answer.err);
        assert!(answer.out.contains("not UTF-8") && answer.out.contains("pytest tests/"), "{}", answer.out);
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_left_out_and_named() {
        let place = Place::with(&PROJECT);
        place.put("closed/x", "");
        fs::set_permissions(place.path("closed"), fs::Permissions::from_mode(0o000)).unwrap();
        let readable = fs::read_dir(place.path("closed")).is_ok();
        let answer = place.init(&["--dry-run"]);
        fs::set_permissions(place.path("closed"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(answer.code, 0, "{}", answer.err);
        // Root reads everything.
        assert!(
            readable || answer.out.contains("`closed` cannot be read (permission is denied)"),
            "{}",
            answer.out
        );
    }

    #[test]
    fn a_link_in_the_place_of_the_file_is_not_written_through() {
        let place = Place::with(&PROJECT);
        let outside = tempfile::tempdir().unwrap();
        symlink(outside.path().join("x.yml"), place.path(".drone.yml")).unwrap();
        let answer = place.init(&["--yes"]);
        assert_eq!((answer.code, outside.path().join("x.yml").exists()), (3, false), "{}", answer.out);
    }
}

#[test]
fn more_files_than_anybody_reads_end_in_an_answer() {
    let place = Place::with(&PROJECT);
    for folder in 0..26 {
        fs::create_dir_all(place.path(&format!("data/{folder}"))).unwrap();
        for file in 0..1000 {
            fs::File::create(place.path(&format!("data/{folder}/{file}"))).unwrap();
        }
    }
    let answer = place.init(&["--dry-run"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(
        answer.out.contains("more than 25000 files") && answer.out.contains("pytest tests/"),
        "{}",
        answer.out
    );
}
