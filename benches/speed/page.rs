//! Saves in a workshop that is being served → how long until an open page has the verdict, and the engine's part of it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ciworkshop::engine::course;
use ciworkshop::workshop::{Material, Workshop, lay_down};

use crate::{Row, milliseconds, percentile, row};

const SAVES: usize = 100;

pub(super) fn rows() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    lay_down(&root, &Material::embedded()).unwrap();
    let (half, most) = saves(&root);
    let engine = engine(&root);
    vec![
        row(
            format!("saved → verdict on the page, p95 of {SAVES} saves"),
            "< 100 ms",
            format!("{most}, p50 {half}"),
        ),
        row("of it the engine's part, the slowest exercise", "< 10 ms", engine),
    ]
}

fn saves(root: &Path) -> (String, String) {
    let mut server = Server::start(root);
    let mut page = server.page();
    let file = root.join("exercises/02_one_file/01_first_pipeline/.drone.yml");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut times: Vec<Duration> = (0..SAVES).map(|it| save(&mut page, &file, &text, it)).collect();
    server.end();
    (milliseconds(percentile(&mut times, 50)), milliseconds(percentile(&mut times, 95)))
}

/// As a person saves: now and then, never in the middle of the last check.
fn save(page: &mut BufReader<TcpStream>, file: &Path, text: &str, number: usize) -> Duration {
    std::thread::sleep(Duration::from_millis(150 + (number as u64 * 37) % 100));
    let began = Instant::now();
    std::fs::write(file, format!("{text}# {number}\n")).unwrap();
    wait_for(page, "event: exercise");
    began.elapsed()
}

fn wait_for(page: &mut BufReader<TcpStream>, wanted: &str) {
    let mut line = String::new();
    while line.trim_end() != wanted {
        line.clear();
        assert!(page.read_line(&mut line).unwrap() > 0, "the page ends before `{wanted}`");
    }
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(root: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
        command.arg("start").arg(root).args(["--no-open", "--port", "0"]);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut addresses = lines.map_while(Result::ok).filter_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            Some(rest.split('/').next()?.to_owned())
        });
        let address = addresses.next().expect("the server says its address");
        // What it prints goes on being read, so that it never waits.
        std::thread::spawn(move || addresses.count());
        Self { process, address }
    }

    fn page(&self) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET /api/events HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        let mut page = BufReader::new(stream);
        wait_for(&mut page, "event: state");
        page
    }

    fn end(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

/// The checks alone, without files, server and page.
fn engine(root: &Path) -> String {
    let workshop = Workshop::open(root, Material::embedded()).unwrap();
    let slowest = workshop.course().unwrap().exercises().map(|exercise| {
        let files = workshop.files(exercise).unwrap();
        let mut times: Vec<Duration> = (0..50)
            .map(|_| {
                let began = Instant::now();
                std::hint::black_box(course::check(exercise, &files));
                began.elapsed()
            })
            .collect();
        (percentile(&mut times, 95), exercise.folder.clone())
    });
    let (time, folder) = slowest.max().unwrap();
    format!("{}, p95 ({folder})", milliseconds(time))
}
