//! The workshop as a newcomer meets it: the real program, the real book, a real browser. Skipped with a line where
//! Chromium or its driver is missing.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]
#![cfg(unix)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::browser::Browser;
use support::live::Live;

const WRONG: &str = "first-build:\n  answer: a\n  reason: a\n";
const SECTION: &str = "section[data-exercise=\"nothing-is-installed\"]";

/// A running `start` in a new folder.
struct Workshop {
    live: Live,
    _folder: tempfile::TempDir,
    root: PathBuf,
    address: String,
}

impl Workshop {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = support::program(folder.path());
        command.env("CIWORKSHOP_CACHE", folder.path().join("cache"));
        let live = Live::spawn(command.args(["start", "--no-open", "--port", "0", "--format", "json"]));
        let address = live.event("address")["address"].as_str().unwrap().to_owned();
        let root = folder.path().join("workshop");
        Self { live, _folder: folder, root, address }
    }

    fn answers(&self) -> PathBuf {
        self.root.join("exercises/01_clean_machine/01_nothing_is_installed/answers.yml")
    }

    fn solve(&self) {
        let folder = "01_clean_machine/01_nothing_is_installed";
        let solution =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("solutions").join(folder).join("solution");
        for (name, content) in support::tree(&solution, &[]) {
            fs::write(self.root.join("exercises").join(folder).join(name), content).unwrap();
        }
    }
}

fn part(name: &str) -> String {
    format!("{SECTION} [data-part=\"{name}\"]")
}

#[test]
fn a_newcomer_reads_checks_takes_a_hint_and_sees_the_save_turn_green() {
    let Some(browser) = Browser::open() else { return };
    let workshop = Workshop::start();
    browser.go(&workshop.address);
    assert!(browser.run("return document.title").as_str().unwrap().contains("ciworkshop"));
    browser.run("document.querySelector('a[href=\"clean-machine/nothing-is-installed.html\"]').click()");
    browser.wait_for("h1", "Nothing is installed");
    browser.wait_for(&part("state"), "no");
    browser.wait_for(&part("verdict"), "CW-predict");

    fs::write(workshop.answers(), WRONG).unwrap();
    workshop.live.event("exercise");
    browser.wait_for(&part("verdict"), "laptop");
    browser.click(&part("hint"));
    browser.wait_for(&part("hints"), "Look at");
    browser.wait_for(&part("hint"), "2 of 3");

    workshop.solve();
    browser.wait_for(&part("state"), "ok");
    browser.wait_for(&part("verdict"), "All that was checked holds");
    browser.wait_for(&part("verdict"), "Not run here");
    fs::remove_file(workshop.answers()).unwrap();
    browser.wait_for(&part("state"), "no");
    browser.click(&part("check"));
    browser.wait_for(&part("verdict"), "answers.yml");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    let (status, took) = workshop.live.interrupt();
    assert_eq!(status.code(), Some(130));
    assert!(took < Duration::from_secs(1), "{took:?} with the page open");
}

#[test]
fn a_second_terminal_changes_the_open_page() {
    let Some(browser) = Browser::open() else { return };
    let workshop = Workshop::start();
    browser.go(&format!("{}clean-machine/nothing-is-installed.html", workshop.address));
    browser.wait_for(&part("hint"), "1 of 3");
    assert_eq!(support::run(&workshop.root, &["hint", "1.1"]).code, 0);
    browser.wait_for(&part("hints"), "Look at");
    assert_eq!(support::run(&workshop.root, &["skip", "1.1"]).code, 0);
    browser.wait_for(&part("state"), "skip");
}

#[test]
fn the_book_shows_the_last_run_of_a_project() {
    let Some(browser) = Browser::open() else { return };
    let workshop = Workshop::start();
    let page = format!("{}running.html", workshop.address);
    browser.go(&page);
    browser.wait_for(".last-run", "No run is known here");

    let project = workshop.root.parent().unwrap().join("my-project");
    fs::create_dir(&project).unwrap();
    let pipeline = "kind: pipeline\ntype: docker\nname: p\nsteps:\n- name: test\n  image: busybox:1.36\n  commands: [exit 3]\n";
    fs::write(project.join(".drone.yml"), pipeline).unwrap();
    let mut run = support::program(&project);
    run.env("CIWORKSHOP_CACHE", project.with_file_name("cache")).args(["run", "--backend", "plain", "--yes"]);
    assert_eq!(run.output().unwrap().status.code(), Some(1));
    browser.go(&page);
    browser.wait_for(".last-run p", "red my-project: push, ");
    browser.wait_for(".last-run table", "failed (exit code 3)");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn no_page_of_the_book_makes_the_browser_complain() {
    let Some(browser) = Browser::open() else { return };
    let workshop = Workshop::start();
    for (path, _) in
        ciworkshop::server::book_files().filter(|(path, _)| path.rsplit('.').next() == Some("html"))
    {
        browser.go(&format!("{}{path}", workshop.address));
        assert!(browser.run("return document.querySelector('h1') !== null").as_bool().unwrap(), "{path}");
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{path}");
    }
}

/// Saved to shown: the page itself notes when its verdict changed, on the clock that the test uses too. The times are
/// printed, not judged: a busy machine makes them long, and `scripts/bench` measures them.
#[test]
fn every_save_reaches_the_page() {
    let Some(browser) = Browser::open() else { return };
    let workshop = Workshop::start();
    browser.go(&format!("{}clean-machine/nothing-is-installed.html", workshop.address));
    browser.wait_for(&part("verdict"), "CW-predict");
    let watch = "window.seen = []; new MutationObserver(() => window.seen.push(Date.now()))\
                 .observe(document.querySelector('SELECTOR'), {childList: true});";
    browser.run(&watch.replace("SELECTOR", &part("verdict").replace('\'', "\\'")));
    let mut times = Vec::new();
    for round in 0..40 {
        let answer = if round % 2 == 0 { "a" } else { "c" };
        let begun = std::time::SystemTime::now();
        let saved = begun.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        fs::write(workshop.answers(), format!("first-build:\n  answer: {answer}\n  reason: a\n")).unwrap();
        times.push(shown(&browser, round + 1).saturating_sub(saved));
    }
    times.sort_unstable();
    println!("saved → page: median {} ms, p95 {} ms, slowest {} ms", times[20], times[37], times[39]);
}

/// When the page changed for the nth time, in milliseconds since 1970.
fn shown(browser: &Browser, count: usize) -> u128 {
    let begun = Instant::now();
    loop {
        let seen = browser.run("return window.seen");
        if let Some(at) = seen.get(count - 1).and_then(Value::as_u64) {
            return u128::from(at);
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "the page never changed for the {count}th time");
    }
}
