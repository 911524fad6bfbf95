//! `start` and `watch` while they run: each save gives its verdict, other terminals are noticed, and Ctrl-C ends them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]
#![cfg(unix)]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::live::Live;
use support::{Desk, program, run};

const WRONG: &str = "first-build:\n  answer: a\n  reason: a\n";
const HALF_RIGHT: &str = "first-build:\n  answer: b\n  reason: b\n";

/// Saves as many editors do: a new file that takes the place of the old one.
fn save_by_rename(path: &Path, text: &str) {
    let new = path.with_extension("swp");
    fs::write(&new, text).unwrap();
    fs::rename(&new, path).unwrap();
}

#[test]
fn start_lays_down_serves_and_follows_saves_until_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let live = Live::json(folder.path(), &["start", "--no-open", "--port", "0"]);
    let laid = live.event("folder");
    assert_eq!(laid["new"], true);
    assert_eq!(live.event("state")["state"]["exercises"][0]["number"], "1.1");
    let address = live.event("address");
    assert_eq!(address["opened"], false);
    let host =
        address["address"].as_str().unwrap().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut page = TcpStream::connect(&host).unwrap();
    write!(page, "GET /api/events HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    page.read_exact(&mut [0; 64]).unwrap();

    let answers =
        folder.path().join("workshop/exercises/01_clean_machine/01_nothing_is_installed/answers.yml");
    fs::write(&answers, WRONG).unwrap();
    let exercise = live.event("exercise")["exercise"].clone();
    assert_eq!((&exercise["id"], &exercise["state"]), (&"nothing-is-installed".into(), &"failed".into()));
    assert_eq!(exercise["findings"][0]["file"], "answers.yml");

    let (status, took) = live.interrupt();
    assert_eq!(status.code(), Some(130));
    assert!(took < Duration::from_secs(1), "{took:?} with a page open");
    let again = Live::json(folder.path(), &["start", "--no-open", "--port", "0"]);
    let laid = again.event("folder");
    assert_eq!((&laid["new"], &laid["changes"]), (&false.into(), &serde_json::json!([])));
    assert_eq!(fs::read_to_string(&answers).unwrap(), WRONG, "a second start resumes");
}

#[test]
fn every_way_of_saving_is_noticed_once_and_the_saved_exercise_becomes_the_current_one() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    let answers = desk.first().join("answers.yml");
    let pipeline = desk.root.join("exercises/02_one_file/01_first_pipeline/.drone.yml");
    std::thread::sleep(Duration::from_millis(300));

    save_by_rename(&answers, WRONG);
    assert_eq!(live.event("exercise")["exercise"]["id"], "nothing-is-installed");
    save_by_rename(&pipeline, "kind: pipeline\n");
    assert_eq!(live.event("current")["current"], "first-pipeline");
    assert_eq!(live.event("exercise")["exercise"]["id"], "first-pipeline");
    fs::remove_file(&pipeline).unwrap();
    let gone = live.event("exercise")["exercise"].clone();
    assert_eq!((&gone["id"], &gone["state"]), (&"first-pipeline".into(), &"failed".into()));
    fs::write(&pipeline, "kind: pipeline\n").unwrap();
    assert_eq!(live.event("exercise")["exercise"]["id"], "first-pipeline");
    assert!(live.silent_for(Duration::from_millis(400)), "a save is told once");
    assert_eq!(desk.run(&["task", "--format", "json"]).json()["id"], "first-pipeline");
}

#[test]
fn a_file_that_is_emptied_and_then_filled_gives_one_verdict() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    std::thread::sleep(Duration::from_millis(300));
    let answers = desk.first().join("answers.yml");
    fs::write(&answers, "").unwrap();
    std::thread::sleep(Duration::from_millis(60));
    fs::write(&answers, HALF_RIGHT).unwrap();
    let exercise = live.event("exercise")["exercise"].clone();
    assert!(!exercise["findings"].to_string().contains("empty"), "{exercise}");
    assert!(live.silent_for(Duration::from_millis(400)));
}

#[test]
fn without_events_of_the_system_saves_are_noticed_by_looking() {
    for (arguments, variable) in [(&["watch", "--poll"][..], ""), (&["watch"][..], "1")] {
        let desk = Desk::new();
        let mut command = program(&desk.root);
        let live =
            Live::spawn(command.args(arguments).args(["--format", "json"]).env("CIWORKSHOP_POLL", variable));
        live.event("state");
        let answers = desk.first().join("answers.yml");
        let begun = Instant::now();
        fs::write(&answers, WRONG).unwrap();
        live.event("exercise");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }
}

#[test]
fn another_terminal_is_noticed() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    desk.run(&["hint", "1.1"]);
    let heard = live.event("exercise")["exercise"].clone();
    assert_eq!(heard["hints"].as_array().unwrap().len(), 1);
    desk.run(&["next"]);
    assert_eq!(live.event("current")["current"], "only-what-is-committed");
    desk.run(&["skip", "1.3"]);
    loop {
        let heard = live.event("exercise")["exercise"].clone();
        if heard["id"] == "same-answer-tomorrow" {
            assert_eq!(heard["state"], "skipped");
            break;
        }
    }
}

#[test]
fn in_the_terminal_the_verdict_comes_as_lines_and_nothing_is_cleared() {
    let desk = Desk::new();
    let live = Live::spawn(program(&desk.root).arg("watch"));
    live.line_with("Watching ");
    fs::write(desk.first().join("answers.yml"), WRONG).unwrap();
    assert!(live.line_with("1.1").starts_with("no   1.1 Nothing is installed"));
    assert!(live.line_with("answers.yml:").contains("01_nothing_is_installed/answers.yml:"));
    live.line_with("happened:");
    live.line_with("next:");
    let (status, _) = live.interrupt();
    assert_eq!(status.code(), Some(130));
}

#[test]
fn trouble_while_watching_is_told_and_the_watch_goes_on() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    std::thread::sleep(Duration::from_millis(300));
    let answers = desk.first().join("answers.yml");
    fs::remove_file(&answers).unwrap();
    fs::create_dir(&answers).unwrap();
    fs::write(answers.join("x"), "").unwrap();
    let told = live.event("exercise")["exercise"].clone();
    assert!(told["trouble"]["error"].as_str().unwrap().contains("is a folder"), "{told}");
    fs::remove_dir_all(&answers).unwrap();
    fs::write(&answers, WRONG).unwrap();
    loop {
        let told = live.event("exercise")["exercise"].clone();
        if told["trouble"].is_null()
            && told["checked"] == true
            && told["findings"].to_string().contains("answers.yml")
        {
            break;
        }
    }
}

#[test]
fn a_check_in_one_terminal_and_a_save_watched_in_another_lose_nothing() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    let answers = desk.first().join("answers.yml");
    let rounds: u64 = 8;
    for round in 0..rounds {
        fs::write(&answers, format!("{WRONG}# {round}\n")).unwrap();
        assert!(run(&desk.root, &["hint", "1.3"]).code == 0);
        while live.event("exercise")["exercise"]["id"] != "nothing-is-installed" {}
    }
    // The verdict is told before it is written down.
    std::thread::sleep(Duration::from_millis(500));
    let text = fs::read_to_string(desk.root.join(".ciworkshop/progress.json")).unwrap();
    let progress: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(progress["exercises"]["nothing-is-installed"]["attempts"], rounds);
    assert_eq!(progress["exercises"]["same-answer-tomorrow"]["hints_shown"], 3);
}

#[test]
fn a_port_that_is_taken_is_named_and_without_a_wish_another_is_found() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let answer = desk.run(&["start", "--no-open", "--port", &port]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains(&format!("port {port}")) && answer.err.contains("help: "), "{answer:?}");
    let usual = std::net::TcpListener::bind(("127.0.0.1", 3000));
    let live = Live::json(&desk.root, &["start", "--no-open"]);
    assert!(live.event("address")["address"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    drop(usual);
}

#[test]
fn a_second_start_shows_where_the_first_one_serves() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["start", "--no-open", "--port", "0"]);
    let address = live.event("address")["address"].as_str().unwrap().to_owned();
    let second = desk.run(&["start", "--no-open"]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.out.contains(&format!("runs already, in another terminal: {address}")), "{second:?}");
    let task = desk.run(&["task"]).out;
    assert!(task.contains(&format!("page:   {address}clean-machine/nothing-is-installed.html")), "{task}");
    live.interrupt();
    assert!(desk.run(&["task"]).out.contains("of the book, which `ciworkshop start` opens"));
    let third = Live::json(&desk.root, &["start", "--no-open", "--port", "0"]);
    third.event("state");
}

/// A terminal that is held with Ctrl-S, or a pipe that nobody empties, must not keep Ctrl-C from ending the program.
#[test]
fn it_ends_even_when_nobody_reads_what_it_writes() {
    let desk = Desk::new();
    let mut watch =
        program(&desk.root).args(["watch", "--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    let answers = desk.first().join("answers.yml");
    for round in 0..60 {
        save_by_rename(&answers, &format!("{WRONG}# {round}\n"));
        std::thread::sleep(Duration::from_millis(60));
    }
    Command::new("kill").args(["-INT", &watch.id().to_string()]).status().unwrap();
    let begun = Instant::now();
    while watch.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let status = watch.try_wait().unwrap();
    watch.kill().unwrap();
    assert_eq!(status.and_then(|it| it.code()), Some(130));
}

/// Saved to told, fifty times in a row. The times are printed, not judged: `scripts/bench` measures them.
#[test]
fn every_save_in_a_row_is_told() {
    let desk = Desk::new();
    let live = Live::json(&desk.root, &["watch"]);
    live.event("state");
    std::thread::sleep(Duration::from_millis(300));
    let answers = desk.first().join("answers.yml");
    let mut times: Vec<Duration> = (0..50)
        .map(|round| {
            let begun = Instant::now();
            save_by_rename(&answers, &format!("{WRONG}# {round}\n"));
            live.event("exercise");
            begun.elapsed()
        })
        .collect();
    times.sort();
    println!("saved → told: median {:?}, p95 {:?}, slowest {:?}", times[25], times[47], times[49]);
}
