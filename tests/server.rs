//! The local server: what it answers, what it refuses, and that it ends. Asked as a value, and over real sockets.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use ciworkshop::server::{Server, bind, book_files, router};
use ciworkshop::workshop::{Session, Workshop, lay_down};
use flate2::read::GzDecoder;
use serde_json::Value;
use support::{RIGHT, WRONG, course, told};
use tokio::sync::watch;
use tower::ServiceExt;

/// A workshop with two exercises, and its session.
struct Room {
    folder: tempfile::TempDir,
    session: Arc<Session>,
    _ending: watch::Sender<bool>,
    ended: watch::Receiver<bool>,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let material = course(&[told("01_a/01_one", "one"), told("01_a/02_two", "two")]);
        lay_down(&folder.path().join("w"), &material).unwrap();
        let session = Session::new(Workshop::open(&folder.path().join("w"), material).unwrap()).unwrap();
        let (ending, ended) = watch::channel(false);
        Self { folder, session: Arc::new(session), _ending: ending, ended }
    }

    fn answer(&self, exercise: &str, text: &str) {
        fs::write(self.folder.path().join("w/exercises/01_a").join(exercise).join("answers.yml"), text)
            .unwrap();
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, Body::empty()).await
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:3000");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let router = router(Arc::clone(&self.session), self.folder.path(), self.ended.clone());
        let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 10_000_000).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

#[tokio::test]
async fn the_state_shows_every_exercise_with_what_the_page_needs() {
    let room = Room::new();
    let answer = room.ask("GET", "/api/state", &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    let state = answer.json();
    assert_eq!((&state["version"], &state["current"]), (&1.into(), &"one".into()));
    assert_eq!(state["exercises"].as_array().unwrap().len(), 2);
    let first = &state["exercises"][0];
    for (key, value) in
        [("id", "one"), ("number", "1.1"), ("title", "The title of one"), ("page", "page.html#one")]
    {
        assert_eq!(first[key], value, "{key}");
    }
    assert_eq!((&first["minutes"], &first["hints_total"]), (&5.into(), &3.into()));
    assert_eq!(first["hints"], Value::Array(vec![]));
    assert_eq!(
        (&first["state"], &first["checked"]),
        (&"failed".into(), &true.into()),
        "the current one is looked at"
    );
    assert_eq!(
        (&state["exercises"][1]["state"], &state["exercises"][1]["checked"]),
        (&"todo".into(), &false.into())
    );
}

#[tokio::test]
async fn the_latest_run_of_any_project_is_told_as_far_as_it_is_known() {
    let room = Room::new();
    assert_eq!(room.ask("GET", "/api/last-run", &[]).await.json(), Value::Null);
    let run = |name: &str, at: u64| {
        format!(
            r#"{{"version": 1, "project": "{name}", "commit": "1a2b", "event": "push", "ref": "refs/heads/main", "at": {at},
            "green": false, "partial": false, "pipelines": [{{"name": "p", "state": "failed", "seconds": 1.5,
            "steps": [{{"name": "test", "result": "failed", "code": 1, "seconds": 1.25}}]}}]}}"#
        )
    };
    for (name, text) in [
        ("b", run("later", 20)),
        ("a", run("earlier", 10)),
        ("c", "{".to_owned()),
        ("d", run("newer", 30).replace("\"version\": 1", "\"version\": 99")),
    ] {
        fs::write(room.folder.path().join(name).with_extension("json"), text).unwrap();
    }
    let told = room.ask("GET", "/api/last-run", &[]).await.json();
    assert_eq!(told["project"], "later", "{told}");
    assert_eq!(told["pipelines"][0]["steps"][0]["result"], "failed", "{told}");
}

#[tokio::test]
async fn a_check_reads_the_files_as_they_are() {
    let room = Room::new();
    room.answer("02_two", WRONG);
    let wrong = room.ask("POST", "/api/check/two", &[]).await.json();
    assert_eq!((&wrong["state"], &wrong["checked"]), (&"failed".into(), &true.into()));
    let finding = &wrong["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["file"]),
        (&"CW-predict".into(), &"answers.yml".into()),
        "{finding}"
    );
    for key in ["check", "happened", "expected", "next", "line", "column", "excerpt"] {
        assert!(!finding[key].is_null() && finding[key] != "", "{key}: {finding}");
    }
    room.answer("02_two", RIGHT);
    let right = room.ask("POST", "/api/check/two", &[]).await.json();
    assert_eq!((&right["state"], &right["findings"]), (&"passed".into(), &Value::Array(vec![])));
    assert_eq!(right["holds"], Value::Array(vec!["You have said what happens.".into()]));
    let state = room.ask("GET", "/api/state", &[]).await.json();
    assert_eq!((&state["current"], &state["exercises"][1]["state"]), (&"two".into(), &"passed".into()));
}

#[tokio::test]
async fn hints_come_one_by_one_and_stop_at_the_last() {
    let room = Room::new();
    for expected in [1, 2, 3, 3] {
        let view = room.ask("POST", "/api/hint/one", &[]).await.json();
        assert_eq!(view["hints"].as_array().unwrap().len(), expected);
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_said_as_json_with_help() {
    let room = Room::new();
    fs::remove_file(room.folder.path().join("w/exercises/01_a/01_one/answers.yml")).unwrap();
    fs::create_dir(room.folder.path().join("w/exercises/01_a/01_one/answers.yml")).unwrap();
    let cases = [
        ("POST", "/api/check/nobody", StatusCode::NOT_FOUND),
        ("POST", "/api/hint/%2e%2e", StatusCode::NOT_FOUND),
        ("GET", "/api/nothing", StatusCode::NOT_FOUND),
        ("GET", "/nothing.html", StatusCode::NOT_FOUND),
        ("POST", "/index.html", StatusCode::METHOD_NOT_ALLOWED),
    ];
    for (method, path, status) in cases {
        let answer = room.ask(method, path, &[]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        if answer.header("content-type") != "application/json" {
            assert!(
                !path.starts_with("/api/") && answer.body.contains("href=\"/\""),
                "{path}: {}",
                answer.body
            );
            continue;
        }
        let json = answer.json();
        assert!(json["error"].is_string() && json["help"].is_string(), "{method} {path}: {json}");
    }
    let blocked = room.ask("POST", "/api/check/one", &[]).await.json();
    assert!(blocked["trouble"]["error"].as_str().unwrap().contains("is a folder"), "{blocked}");
    assert_eq!(blocked["findings"][0]["happened"], blocked["trouble"]["error"], "every face shows findings");
}

#[tokio::test]
async fn other_hosts_other_sites_other_methods_and_large_bodies_are_refused() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], StatusCode);
    let room = Room::new();
    let (misdirected, forbidden) = (StatusCode::MISDIRECTED_REQUEST, StatusCode::FORBIDDEN);
    let cases: [Case<'_>; 14] = [
        ("GET", &[("host", "evil.example")], misdirected),
        ("GET", &[("host", "evil.example:3000")], misdirected),
        ("GET", &[("host", "127.0.0.1.evil.example")], misdirected),
        ("GET", &[("host", "")], misdirected),
        ("GET", &[("host", "localhost:3000")], StatusCode::OK),
        ("GET", &[("origin", "http://127.0.0.1:3000")], StatusCode::OK),
        ("GET", &[("origin", "http://127.0.0.1:4000")], forbidden),
        ("GET", &[("origin", "https://127.0.0.1:3000")], forbidden),
        ("GET", &[("origin", "null")], forbidden),
        ("GET", &[("sec-fetch-site", "cross-site")], forbidden),
        ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], StatusCode::OK),
        ("PUT", &[], StatusCode::METHOD_NOT_ALLOWED),
        ("DELETE", &[], StatusCode::METHOD_NOT_ALLOWED),
        ("OPTIONS", &[("origin", "http://evil.example")], StatusCode::METHOD_NOT_ALLOWED),
    ];
    for (method, headers, status) in cases {
        assert_eq!(room.ask(method, "/api/state", headers).await.status, status, "{method} {headers:?}");
    }
    let announced = room.ask("POST", "/api/check/one", &[("content-length", "16385")]).await;
    assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE);
    let before = room.ask("GET", "/api/state", &[]).await.json();
    room.ask("POST", "/api/hint/one", &[("origin", "http://evil.example")]).await;
    assert_eq!(room.ask("GET", "/api/state", &[]).await.json(), before, "a refused request changes nothing");
}

#[tokio::test]
async fn a_page_link_from_elsewhere_cannot_make_a_check() {
    let room = Room::new();
    let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    assert_eq!(room.ask("POST", "/api/check/one", &headers).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_book_comes_with_types_tags_and_a_policy_that_fits_its_scripts() {
    let room = Room::new();
    let page = room.ask("GET", "/", &[]).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("script-src"), "{policy}");
    let scripts = page.body.matches("<script").count();
    let from_here = page.body.matches("<script src=\"").count();
    assert!(scripts > 0 && from_here == scripts, "a script inside the page would not run");
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("cache-control", "no-cache")]
    {
        assert_eq!(page.header(name), value, "{name}");
    }
    let script = page
        .body
        .split("src=\"")
        .skip(1)
        .filter_map(|it| it.split('"').next())
        .find(|it| it.ends_with("workshop.js"));
    let script = room.ask("GET", &format!("/{}", script.unwrap()), &[]).await;
    assert_eq!(
        (script.status, script.header("content-type")),
        (StatusCode::OK, "text/javascript; charset=utf-8")
    );
    let again = room.ask("GET", "/", &[("if-none-match", "\"0\"")]).await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let room = Room::new();
    let router = router(Arc::clone(&room.session), room.folder.path(), room.ended.clone());
    let ask = |tag: Option<String>| {
        let mut request = Request::builder().uri("/index.html").header("host", "localhost");
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let first = ask(None).await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let second = ask(Some(format!("\"other\", W/{tag}"))).await.unwrap();
    assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(to_bytes(second.into_body(), 100).await.unwrap().len(), 0);
}

#[tokio::test]
async fn every_file_of_the_book_comes_compressed_to_who_unpacks_it_and_plain_to_others() {
    let room = Room::new();
    let router = router(Arc::clone(&room.session), room.folder.path(), room.ended.clone());
    let ask = |path: &str, encodings: Option<&str>| {
        let mut request = Request::builder().uri(format!("/{path}")).header("host", "localhost");
        if let Some(encodings) = encodings {
            request = request.header("accept-encoding", encodings);
        }
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let mut smaller = 0;
    for (path, file) in book_files() {
        let content = file.content().unwrap();
        let packed = ask(&path, Some("gzip, deflate, br")).await.unwrap();
        let plain = ask(&path, None).await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip", "{path}");
        assert_eq!(plain.headers().get("content-encoding"), None, "{path}");
        assert_ne!(packed.headers()["etag"], plain.headers()["etag"], "{path}: two forms, two tags");
        for answer in [&packed, &plain] {
            assert_eq!(
                (answer.status(), &answer.headers()["vary"]),
                (StatusCode::OK, &"accept-encoding".parse().unwrap())
            );
        }
        assert_eq!(packed.headers()["content-type"], plain.headers()["content-type"], "{path}");
        let packed = to_bytes(packed.into_body(), 10_000_000).await.unwrap();
        assert_eq!(to_bytes(plain.into_body(), 10_000_000).await.unwrap(), content, "{path}");
        let mut unpacked = Vec::new();
        GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, content, "{path}");
        smaller += usize::from(packed.len() * 2 < content.len());
    }
    assert!(smaller > 20, "{smaller} files are less than half as large");
}

#[tokio::test]
async fn nothing_outside_the_book_is_served() {
    let room = Room::new();
    let paths = [
        "/../Cargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2fCargo.toml",
        "//etc/passwd",
        "/%00",
        "/%ff",
        "/.git/config",
    ];
    for path in paths {
        let answer = room.ask("GET", path, &[]).await;
        assert!(answer.status == StatusCode::NOT_FOUND, "{path}: {}", answer.status);
        assert!(!answer.body.contains("[package]") && !answer.body.contains("root:"), "{path}");
    }
}

/// A server on a real socket, in a thread of its own.
struct Running {
    address: SocketAddr,
    end: tokio::sync::oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

fn serve(session: &Arc<Session>) -> Running {
    let listener = bind(Some(0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let session = Arc::clone(session);
    let thread = std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async move {
            let server = Server::start(listener, session, std::path::Path::new("/nowhere")).unwrap();
            ended.await.unwrap();
            server.end().await;
        });
    });
    Running { address, end, thread }
}

fn connect(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Reads until the words have come.
fn read_until(stream: &mut TcpStream, words: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(words) {
        let length =
            stream.read(&mut buffer).unwrap_or_else(|error| panic!("{error} before {words}: {text}"));
        assert!(length > 0, "the stream ended before {words}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    text
}

#[test]
fn each_open_page_hears_of_each_check() {
    let room = Room::new();
    let running = serve(&room.session);
    let request = format!("GET /api/events HTTP/1.1\r\nHost: {}\r\n\r\n", running.address);
    let mut pages = [connect(running.address, &request), connect(running.address, &request)];
    for page in &mut pages {
        let head = read_until(page, "event: state");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
    }
    room.answer("01_one", RIGHT);
    let check =
        format!("POST /api/check/one HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n", running.address);
    read_until(&mut connect(running.address, &check), "\"passed\"");
    for page in &mut pages {
        read_until(page, "event: exercise");
    }
    running.end.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn it_ends_within_a_second_with_pages_open() {
    let room = Room::new();
    let running = serve(&room.session);
    let request = format!("GET /api/events HTTP/1.1\r\nHost: {}\r\n\r\n", running.address);
    let mut pages: Vec<TcpStream> = (0..5).map(|_| connect(running.address, &request)).collect();
    for page in &mut pages {
        read_until(page, "event: state");
    }
    // And one that never finishes its request.
    let _slow = connect(running.address, "GET / HTTP/1.1\r\nHo");
    let begun = Instant::now();
    running.end.send(()).unwrap();
    running.thread.join().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn bodies_without_an_announced_length_are_measured() {
    let room = Room::new();
    for (length, status) in [(16 * 1024, StatusCode::OK), (16 * 1024 + 1, StatusCode::PAYLOAD_TOO_LARGE)] {
        let chunks =
            vec![Ok::<_, std::io::Error>("x".repeat(length / 2)), Ok("x".repeat(length - length / 2))];
        let body = Body::from_stream(tokio_stream::iter(chunks));
        assert_eq!(room.send("POST", "/api/check/one", &[], body).await.status, status, "{length}");
    }
}

#[test]
fn an_endless_body_does_not_stop_the_server() {
    let room = Room::new();
    let running = serve(&room.session);
    let head = format!(
        "POST /api/check/one HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        running.address
    );
    let chunk = format!("{:x}\r\n{}\r\n", 40_000, "x".repeat(40_000));
    let mut stream = connect(running.address, &head);
    for _ in 0..50 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    drop(stream);
    let state = format!("GET /api/state HTTP/1.1\r\nHost: {}\r\n\r\n", running.address);
    read_until(&mut connect(running.address, &state), "200 OK");
    running.end.send(()).unwrap();
    running.thread.join().unwrap();
}

#[test]
fn only_this_machine_is_served_and_a_port_in_use_is_named() {
    let listener = bind(Some(0)).unwrap();
    assert!(listener.local_addr().unwrap().ip().is_loopback());
    let taken = listener.local_addr().unwrap().port();
    let trouble = bind(Some(taken)).unwrap_err();
    assert!(trouble.message.contains(&format!("port {taken}")), "{trouble}");
    let usual = TcpListener::bind(("127.0.0.1", 3000));
    assert!(bind(None).is_ok(), "another port is found");
    drop(usual);
}
