//! `ciworkshop init` as a participant meets it: a real program in real folders, compared as trees of files.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test says why, and fails loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder for one test.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::new();
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

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn init(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
        Answer::of(command.arg("init").args(arguments).current_dir(self.folder.path()).env("NO_COLOR", "1"))
    }

    /// Every file with its content; links with where they lead; folders that are empty.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut tree = BTreeMap::new();
        walk(self.folder.path(), self.folder.path(), &mut tree);
        tree
    }

    fn names(&self) -> Vec<String> {
        self.tree().into_keys().collect()
    }
}

fn walk(root: &Path, folder: &Path, tree: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if path.is_symlink() {
            tree.insert(name, format!("-> {}", fs::read_link(&path).unwrap().display()));
        } else if path.is_dir() {
            walk(root, &path, tree);
        } else if path.is_file() {
            tree.insert(name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
        } else {
            tree.insert(name, "(special)".into());
        }
    }
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Answer {
    fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code().expect("it ends by itself"), out: text(stdout), err: text(stderr) }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|it| panic!("{it}: {}", self.out))
    }
}

/// What `git` would call the difference between two trees.
fn changes(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let change = |name: &&String| match (before.get(*name), after.get(*name)) {
        (None, _) => Some(format!("+ {name}")),
        (_, None) => Some(format!("- {name}")),
        (one, other) => (one != other).then(|| format!("~ {name}")),
    };
    names.iter().filter_map(change).collect()
}

const HELLO: [&str; 6] =
    [".drone.yml", ".gitignore", "README.md", "hello.py", "requirements.txt", "test_hello.py"];

#[test]
fn a_project_goes_into_the_folder_one_is_in() {
    let place = Place::new();
    let answer = place.init(&["drone-hello-world"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert_eq!(place.names(), HELLO);
    assert!(answer.out.contains("ciworkshop plan --event tag --tag v1.0.0"), "{}", answer.out);
}

#[test]
fn in_the_same_folder_the_plan_of_a_tag_says_what_would_run_and_why_the_rest_would_not() {
    let place = Place::new();
    assert_eq!(place.init(&["fb-scraper"]).code, 0);
    let mut program = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    program.args(["plan", "--event", "tag", "--tag", "v1.0.0"]).current_dir(place.folder.path());
    let answer = Answer::of(&mut program);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let line = |step: &str| {
        let words = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        answer
            .out
            .lines()
            .map(words)
            .find(|it| it.iter().any(|word| word == step))
            .expect("the step is there")
    };
    for step in ["test", "build", "release"] {
        assert!(line(step).contains(&"runs".into()), "{}", answer.out);
    }
    let skipped = line("check-live-page").join(" ");
    assert!(skipped.contains("skip") && skipped.contains("`tag`") && skipped.contains("`cron`"), "{skipped}");
}

#[test]
fn a_project_goes_into_the_folder_that_is_named_and_the_way_there_is_made() {
    let place = Place::new();
    let answer = place.init(&["drone-hello-world", "a/b c"]);
    assert_eq!(answer.code, 0);
    assert_eq!(place.names(), HELLO.map(|it| format!("a/b c/{it}")));
    assert!(answer.out.contains("cd 'a/b c'\n"), "{}", answer.out);
    assert!(place.init(&["drone-hello-world", "--", "-x"]).out.contains("cd ./-x\n"));
}

#[test]
fn every_project_can_be_laid_down_under_the_name_that_the_deck_uses() {
    for name in ["Fb-scraper", "PizaPy", "BertSum", "BQUP", "drone-hello-world"] {
        let place = Place::new();
        assert_eq!(place.init(&[name]).code, 0, "{name}");
        assert!(place.read(".drone.yml").starts_with("kind: pipeline\n"), "{name}");
    }
}

#[test]
fn a_second_call_changes_nothing_and_is_content() {
    let place = Place::new();
    place.init(&["pizapy"]);
    let before = place.tree();
    let answer = place.init(&["pizapy"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.contains("already"), "{}", answer.out);
    assert_eq!(changes(&before, &place.tree()), [""; 0]);
}

#[test]
fn other_files_stay_and_missing_ones_come_back() {
    let place = Place::new();
    place.init(&["drone-hello-world"]);
    place.put("notes.txt", "mine");
    fs::remove_file(place.path("hello.py")).unwrap();
    let before = place.tree();
    assert_eq!(place.init(&["drone-hello-world"]).code, 0);
    assert_eq!(changes(&before, &place.tree()), ["+ hello.py"]);
}

#[test]
fn a_file_that_differs_stops_it_before_anything_is_written() {
    let place = Place::with(&[("README.md", "# Mine\n"), ("src/mine.py", "1\n")]);
    let before = place.tree();
    let answer = place.init(&["drone-hello-world"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.out.contains("-# Mine\n") && answer.out.contains("+# drone-hello-world\n"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("Nothing was written."), "{}", answer.out);
    assert_eq!(changes(&before, &place.tree()), [""; 0]);
}

#[test]
fn the_ways_out_that_it_names_lead_out() {
    let place = Place::with(&[("README.md", "# Mine\n"), ("drone-hello-world/README.md", "# Mine\n")]);
    let newer = place.init(&["drone-hello-world", "--python", "3.14"]);
    assert!(
        newer.code == 2 && newer.err.contains("newer than what the practice projects pin"),
        "{}",
        newer.err
    );
    let answer = place.init(&["drone-hello-world", "--python", "3.13"]);
    let ways: Vec<&str> = answer.out.lines().filter_map(|it| it.strip_prefix("  ciworkshop init ")).collect();
    assert_eq!(ways.len(), 3, "{}", answer.out);
    for way in ways {
        let words: Vec<&str> = way.split(' ').collect();
        let answer = place.init(&words);
        assert_eq!(answer.code, 0, "{way}: {}{}", answer.out, answer.err);
    }
    assert!(place.read("drone-hello-world-2/.drone.yml").contains("python:3.13-"));
    assert_eq!(place.read("README.md.bak-1"), "# Mine\n");
    assert_eq!(place.read("drone-hello-world/README.md"), "# Mine\n");
}

#[test]
fn force_keeps_what_it_replaces_and_never_overwrites_a_backup() {
    let place = Place::with(&[("README.md", "first\n"), ("README.md.bak-1", "older\n")]);
    let answer = place.init(&["drone-hello-world", "--force"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.contains("README.md is replaced; yours is kept as README.md.bak-2"), "{}", answer.out);
    place.put("README.md", "second\n");
    assert_eq!(place.init(&["drone-hello-world", "--force"]).code, 0);
    let kept = ["README.md.bak-1", "README.md.bak-2", "README.md.bak-3"].map(|it| place.read(it));
    assert_eq!(kept, ["older\n", "first\n", "second\n"]);
    assert!(place.read("README.md").starts_with("# drone-hello-world"));
}

#[test]
fn force_leaves_alone_what_is_as_it_should_be() {
    let place = Place::new();
    place.init(&["bqup"]);
    let before = place.tree();
    assert_eq!(place.init(&["bqup", "--force"]).code, 0);
    assert_eq!(changes(&before, &place.tree()), [""; 0]);
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let place = Place::new();
    let answer = place.init(&["fb-scraper", "new/folder", "--dry-run"]);
    assert_eq!(answer.code, 0);
    assert!(answer.out.contains("  write     .drone.yml\n"), "{}", answer.out);
    assert!(answer.out.contains("  write     tests/pages/first.html\n"), "{}", answer.out);
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_dry_run_finds_the_difference_too() {
    let place = Place::with(&[(".drone.yml", "kind: pipeline\n")]);
    let before = place.tree();
    let answer = place.init(&["bertsum", "--dry-run"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.out.contains("+name: bertsum\n") && answer.out.contains("  differs   .drone.yml"),
        "{}",
        answer.out
    );
    let forced = place.init(&["bertsum", "--dry-run", "--force"]);
    assert_eq!(forced.code, 0);
    assert!(forced.out.contains("  replace   .drone.yml"), "{}", forced.out);
    assert_eq!(changes(&before, &place.tree()), [""; 0]);
}

#[test]
fn print_writes_the_pipeline_that_would_be_laid_down_and_nothing_else() {
    let place = Place::new();
    for name in
        ["bertsum", "bqup", "drone-hello-world", "fb-scraper", "geomancer", "pizapy", "spade", "tiffany"]
    {
        let answer = place.init(&[name, "--print"]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""));
        assert_eq!(place.names(), [""; 0]);
        let other = Place::new();
        other.init(&[name]);
        assert_eq!(answer.out, other.read(".drone.yml"), "{name}");
    }
}

#[test]
fn choices_reach_the_pipeline() {
    let place = Place::new();
    let text = place.init(&["fb-scraper", "--print", "--python", "3.13", "--branch", "release/2.x"]).out;
    assert_eq!(text.matches("image: python:3.13-slim-bookworm").count(), 3, "{text}");
    assert!(text.contains("branch: [release/2.x]"), "{text}");
    let said = place.init(&["fb-scraper", "--branch", "trunk"]).out;
    assert!(said.contains("git init -b trunk"), "{said}");
}

#[test]
fn a_choice_that_cannot_be_is_refused_with_what_to_type() {
    let cases: [(&[&str], &str); 5] = [
        (&["pizapy", "--python", "2.7"], "--python 3.12"),
        (&["pizapy", "--python", "3.12\nprivileged: true"], "--python 3.12"),
        (&["fb-scraper", "--branch", "main]\n      event: [push"], "--branch main"),
        (&["fb-scraper", "--branch", ""], "--branch main"),
        (&["pizapy", "--branch", "main"], "leave --branch out"),
    ];
    for (arguments, help) in cases {
        let place = Place::new();
        let answer = place.init(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{arguments:?}");
        assert!(answer.err.contains(help), "{arguments:?}: {}", answer.err);
        assert_eq!(place.names(), [""; 0]);
    }
}

#[test]
fn without_a_name_it_says_what_there_is_to_choose_from() {
    let place = Place::new();
    let answer = place.init(&[]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""));
    for name in
        ["bertsum", "bqup", "drone-hello-world", "fb-scraper", "geomancer", "pizapy", "spade", "tiffany"]
    {
        assert!(answer.err.contains(name), "{name}: {}", answer.err);
    }
    assert_eq!(place.names(), [""; 0]);
}

#[test]
fn an_unknown_name_gets_the_names_that_are_known() {
    let place = Place::new();
    for (typed, said) in [
        ("pizzapy", "did you mean `pizapy`?"),
        (
            "flask",
            "there are bertsum, bqup, drone-hello-world, fb-scraper, geomancer, pizapy, spade, tiffany",
        ),
        ("../../etc", "there are bertsum"),
        ("\u{1b}[31m", "there are bertsum"),
    ] {
        let answer = place.init(&[typed]);
        assert_eq!(answer.code, 2, "{typed}");
        assert!(answer.err.contains(said) && !answer.err.contains('\u{1b}'), "{typed}: {}", answer.err);
    }
    assert_eq!(place.names(), [""; 0]);
}

#[test]
fn the_list_names_every_project_for_people_and_for_programs() {
    let place = Place::new();
    let text = place.init(&["--list"]);
    let json = place.init(&["--list", "--format", "json"]);
    assert_eq!((text.code, json.code), (0, 0));
    let samples = json.json();
    assert_eq!(samples.as_array().unwrap().len(), 8);
    for sample in samples.as_array().unwrap() {
        assert!(text.out.contains(sample["name"].as_str().unwrap()));
        assert!(text.out.contains(sample["summary"].as_str().unwrap()));
    }
}

#[test]
fn programs_read_what_became_of_each_file() {
    let place = Place::with(&[("README.md", "# Mine\n")]);
    let state = |answer: &serde_json::Value, path: &str| {
        let files = answer["files"].as_array().unwrap();
        files.iter().find(|it| it["path"] == path).unwrap()["state"].as_str().unwrap().to_owned()
    };
    let stopped = place.init(&["drone-hello-world", "--format", "json"]);
    assert_eq!((stopped.code, &stopped.json()["done"]), (1, &false.into()));
    assert_eq!(state(&stopped.json(), "README.md"), "differs");
    assert_eq!(state(&stopped.json(), "hello.py"), "new");
    let forced = place.init(&["drone-hello-world", "--format", "json", "--force"]);
    assert_eq!((forced.code, &forced.json()["changed"]), (0, &true.into()));
    assert_eq!(forced.json()["files"][2]["backup"], "README.md.bak-1");
    let again = place.init(&["drone-hello-world", "--format", "json"]);
    assert_eq!(
        (again.code, &again.json()["done"], &again.json()["changed"]),
        (0, &true.into(), &false.into())
    );
    let printed = place.init(&["drone-hello-world", "--format", "json", "--print"]);
    assert_eq!(printed.json()["text"], place.read(".drone.yml"));
}

#[test]
fn several_calls_at_once_lay_down_one_whole_project() {
    let place = Place::new();
    std::thread::scope(|threads| {
        let calls: Vec<_> = (0..6).map(|_| threads.spawn(|| place.init(&["fb-scraper"]))).collect();
        for call in calls {
            let answer = call.join().unwrap();
            assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
        }
    });
    let alone = Place::new();
    alone.init(&["fb-scraper"]);
    assert_eq!(changes(&alone.tree(), &place.tree()), [""; 0]);
}

#[test]
fn what_is_in_the_way_is_named_and_stays() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    let cases: [Case; 3] = [
        (&[("fb_scraper", "a file\n")], "fb-scraper", "fb_scraper is in the way: it is a file"),
        (&[("hello.py/mine.txt", "mine\n")], "drone-hello-world", "hello.py is in the way: it is a folder"),
        (&[("tests", "a file\n")], "pizapy", "tests is in the way: it is a file"),
    ];
    for (files, name, said) in cases {
        let place = Place::with(files);
        let before = place.tree();
        for more in [[name].as_slice(), &[name, "--force"], &[name, "--dry-run"]] {
            let answer = place.init(more);
            assert_eq!(answer.code, 3, "{more:?}");
            assert!(answer.err.contains(said) && answer.err.contains("help: move it away"), "{}", answer.err);
        }
        assert_eq!(changes(&before, &place.tree()), [""; 0]);
    }
    let place = Place::with(&[("target", "a file\n")]);
    let answer = place.init(&["pizapy", "target"]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("target is in the way: it is a file"), "{}", answer.err);
    assert_eq!(place.init(&["pizapy", "target/inner"]).code, 3);
}

#[test]
fn a_file_that_is_no_text_is_kept_and_not_shown() {
    let place = Place::new();
    fs::write(place.path("README.md"), b"\xff\xfe\x00\x1b[31m").unwrap();
    let answer = place.init(&["drone-hello-world"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.out.contains("one of them is not text") && !answer.out.contains('\u{1b}'),
        "{}",
        answer.out
    );
    assert_eq!(place.init(&["drone-hello-world", "--force"]).code, 0);
    assert_eq!(fs::read(place.path("README.md.bak-1")).unwrap(), b"\xff\xfe\x00\x1b[31m");
}

#[test]
fn what_a_terminal_would_obey_is_shown_and_not_sent() {
    let place = Place::with(&[("README.md", "\u{1b}]0;owned\u{7}\n")]);
    let answer = place.init(&["drone-hello-world"]);
    assert!(answer.out.contains("-\\u{1b}]0;owned\\u{7}"), "{}", answer.out);
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::{Answer, HELLO, Place, changes};

    #[test]
    fn nothing_is_written_through_a_link_that_leaves_the_folder() {
        let outside = Place::with(&[("README.md", "theirs\n")]);
        let place = Place::new();
        symlink(outside.path("README.md"), place.path("README.md")).unwrap();
        let inner = Place::new();
        symlink(outside.folder.path(), inner.path("tests")).unwrap();
        for (place, name) in [(&place, "drone-hello-world"), (&inner, "pizapy")] {
            let before = (place.tree(), outside.tree());
            for more in [[name].as_slice(), &[name, "--force"]] {
                let answer = place.init(more);
                assert_eq!(answer.code, 3, "{more:?}: {}", answer.out);
                assert!(answer.err.contains("leads out of the folder"), "{}", answer.err);
            }
            assert_eq!(changes(&before.0, &place.tree()), [""; 0]);
            assert_eq!(changes(&before.1, &outside.tree()), [""; 0]);
        }
    }

    #[test]
    fn a_link_to_nothing_is_in_the_way() {
        let place = Place::new();
        symlink(place.path("nowhere"), place.path("README.md")).unwrap();
        let answer = place.init(&["drone-hello-world", "--force"]);
        assert_eq!(answer.code, 3);
        assert!(answer.err.contains("leads nowhere"), "{}", answer.err);
        assert_eq!(place.names(), ["README.md"]);
    }

    #[test]
    fn a_link_inside_the_folder_is_a_folder_like_any_other() {
        let place = Place::with(&[("elsewhere/keep", "")]);
        symlink("elsewhere", place.path("tests")).unwrap();
        assert_eq!(place.init(&["pizapy"]).code, 0);
        assert!(place.read("elsewhere/test_table.py").contains("unittest"));
    }

    #[test]
    fn the_folder_that_is_named_may_be_a_link() {
        let real = Place::new();
        let place = Place::new();
        symlink(real.folder.path(), place.path("here")).unwrap();
        assert_eq!(place.init(&["drone-hello-world", "here"]).code, 0);
        assert_eq!(real.names(), HELLO);
    }

    #[test]
    fn files_get_the_permissions_of_any_new_file_and_replaced_ones_keep_theirs() {
        let place = Place::with(&[("README.md", "mine\n")]);
        fs::set_permissions(place.path("README.md"), fs::Permissions::from_mode(0o640)).unwrap();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!(
            "umask 022; exec {} init drone-hello-world --force",
            env!("CARGO_BIN_EXE_ciworkshop")
        ));
        assert_eq!(Answer::of(shell.current_dir(place.folder.path())).code, 0);
        let mode = |path: &str| fs::metadata(place.path(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("hello.py"), mode("README.md"), mode("README.md.bak-1")), (0o644, 0o640, 0o640));
    }

    /// Calls the program where no file of more than a kilobyte can be written.
    fn on_a_full_disk(place: &Place, arguments: &str) -> Answer {
        let script =
            format!("trap '' XFSZ; ulimit -f 1; exec {} init {arguments}", env!("CARGO_BIN_EXE_ciworkshop"));
        Answer::of(Command::new("sh").arg("-c").arg(script).current_dir(place.folder.path()))
    }

    #[test]
    fn a_full_disk_leaves_whole_files_and_the_same_command_goes_on() {
        let place = Place::new();
        place.init(&["fb-scraper"]);
        let whole = place.tree();
        for path in [".gitignore", "fb_scraper/page.py"] {
            fs::remove_file(place.path(path)).unwrap();
        }
        let answer = on_a_full_disk(&place, "fb-scraper");
        assert_eq!(answer.code, 3, "{}", answer.out);
        assert!(answer.err.contains("fb_scraper/page.py cannot be written"), "{}", answer.err);
        assert!(answer.err.contains("written before, and whole: .gitignore\n"), "{}", answer.err);
        assert!(answer.err.contains("help: make room"), "{}", answer.err);
        assert_eq!(changes(&whole, &place.tree()), ["- fb_scraper/page.py"]);
        assert_eq!(place.init(&["fb-scraper"]).code, 0);
        assert_eq!(changes(&whole, &place.tree()), [""; 0]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_place_where_nothing_can_be_made_is_said_in_words() {
        let place = Place::new();
        let long = "a".repeat(300);
        for (folder, said) in [("/proc/x", "is not there"), (long.as_str(), "takes no such name")] {
            let answer = place.init(&["pizapy", folder]);
            assert_eq!((answer.code, answer.out.as_str()), (3, ""), "{folder}");
            assert!(answer.err.contains(said) && answer.err.contains("\nhelp: name a"), "{}", answer.err);
            assert!(!answer.err.contains("os error"), "{}", answer.err);
        }
        assert_eq!(place.names(), [""; 0]);
    }

    #[test]
    fn a_backup_without_its_replacement_does_not_stay() {
        let place = Place::new();
        place.init(&["fb-scraper"]);
        place.put("fb_scraper/page.py", "mine\n");
        let before = place.tree();
        let answer = on_a_full_disk(&place, "fb-scraper --force");
        assert_eq!(answer.code, 3);
        assert!(answer.err.contains("nothing was written"), "{}", answer.err);
        assert_eq!(changes(&before, &place.tree()), [""; 0]);
    }

    #[test]
    fn a_device_in_the_place_of_a_file_is_left_alone() {
        let place = Place::new();
        let made = Command::new("mkfifo").arg(place.path("README.md")).status();
        if !made.is_ok_and(|it| it.success()) {
            eprintln!("skipped: there is no mkfifo");
            return;
        }
        let answer = place.init(&["drone-hello-world", "--force"]);
        assert_eq!(answer.code, 3);
        assert!(answer.err.contains("neither a file nor a folder"), "{}", answer.err);
    }
}
