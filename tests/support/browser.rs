//! A headless Chromium, driven through chromedriver by plain HTTP: no crate beyond the test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A browser window.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: tempfile::TempDir,
}

impl Browser {
    /// A window, or `None` and a line that says why where Chromium or its driver is missing.
    pub fn open() -> Option<Self> {
        let (driver, chromium) = (program("CHROMEDRIVER", "chromedriver"), program("CHROMIUM", "chromium"));
        let (Some(driver), Some(chromium)) = (driver, chromium) else {
            println!("skipped: chromium and chromedriver are needed (Debian: chromium, chromium-driver)");
            return None;
        };
        let mut driver = Command::new(driver);
        let mut driver = driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let port = port(&mut driver);
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self { driver, port, session: String::new(), profile };
        let options = browser.options(&chromium);
        let answer = browser.send("POST", "/session", &json!({"capabilities": {"alwaysMatch": options}}));
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}"));
        browser.session = session.into();
        Some(browser)
    }

    fn options(&self, chromium: &Path) -> Value {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            profile.as_str(),
        ];
        json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        })
    }

    /// Goes to an address and waits until the page is there.
    pub fn go(&self, address: &str) {
        self.ask("POST", "url", &json!({"url": address}));
    }

    /// Runs a script in the page and gives what it returns.
    pub fn run(&self, script: &str) -> Value {
        self.ask("POST", "execute/sync", &json!({"script": script, "args": []}))
    }

    /// The text that a person sees of the first element that fits.
    pub fn text(&self, selector: &str) -> String {
        let element = self.find(selector);
        self.ask("GET", &format!("element/{element}/text"), &Value::Null)
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Clicks on it as a person does: it must be visible, and nothing may cover it.
    pub fn click(&self, selector: &str) {
        // The page scrolls softly, and a click does not wait for it.
        let into_view =
            "document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant', block: 'center'})";
        self.ask("POST", "execute/sync", &json!({"script": into_view, "args": [selector]}));
        let element = self.find(selector);
        self.ask("POST", &format!("element/{element}/click"), &json!({}));
    }

    fn find(&self, selector: &str) -> String {
        let found = self.ask("POST", "element", &json!({"using": "css selector", "value": selector}));
        let id = found.as_object().and_then(|it| it.values().next()).and_then(Value::as_str);
        id.unwrap_or_else(|| panic!("no element {selector}: {found}")).to_owned()
    }

    /// Waits until the text of an element holds the words; gives it. In one call to the page, which may be changing: an
    /// element that was found may be gone when it is asked for its text.
    pub fn wait_for(&self, selector: &str, words: &str) -> String {
        let begun = Instant::now();
        let seen = "const it = document.querySelector(arguments[0]); \
                    return it && it.checkVisibility() ? it.innerText : ''";
        loop {
            let told = self.ask("POST", "execute/sync", &json!({"script": seen, "args": [selector]}));
            let text = told.as_str().unwrap_or_default().to_owned();
            if text.contains(words) {
                return text;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(5),
                "{selector} never says {words:?}, but {text:?}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What the browser complained about: scripts that fail, files that are missing, policies that are broken.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.ask("POST", "se/log", &json!({"type": "browser"}));
        let entries = log.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|it| it["level"] == "SEVERE" || it["level"] == "WARNING")
            .map(Value::to_string)
            .collect()
    }

    /// What the window shows, as a PNG.
    pub fn screenshot(&self) -> Vec<u8> {
        use base64::Engine as _;
        let picture = self.ask("GET", "screenshot", &Value::Null);
        base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Makes the window so large.
    pub fn resize(&self, width: u32, height: u32) {
        self.ask("POST", "window/rect", &json!({"width": width, "height": height}));
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        self.send(method, &format!("/session/{}/{path}", self.session), body)
    }

    /// One request, one connection.
    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = BufReader::new(stream);
        let length = content_length(&mut answer);
        let mut content = vec![0; length];
        answer.read_exact(&mut content).unwrap();
        let mut value: Value = serde_json::from_slice(&content).unwrap();
        assert!(value["value"]["error"].is_null(), "{method} {path}: {}", value["value"]);
        value["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.send("DELETE", &format!("/session/{}", self.session), &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Where a program is: what the variable names, or the first of that name in `PATH`.
fn program(variable: &str, name: &str) -> Option<PathBuf> {
    let name = std::env::var_os(variable).unwrap_or_else(|| name.into());
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|it| it.join(&name)).find(|it| it.is_file())
}

/// The driver says on which port it listens.
fn port(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|it| it.contains("started successfully on port")).expect("the driver starts");
    std::thread::spawn(move || lines.for_each(drop));
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn content_length(answer: &mut impl BufRead) -> usize {
    let mut length = 0;
    loop {
        let mut line = String::new();
        assert!(answer.read_line(&mut line).unwrap() > 0, "the driver ended its answer early");
        if line.trim().is_empty() {
            return length;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
    }
}
