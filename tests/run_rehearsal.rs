//! Publishing steps of a build, rehearsed over a plain machine: what they say, how they end, and what lies on the shelf
//! then. `pip` and `npm` install from it, over HTTP and from the folder.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on should say where")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use ciworkshop::cli::{Exit, World};
use ciworkshop::engine::plan::{Build, Event, Role, SHELL, live};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::run::Trouble;
use ciworkshop::run::backend::{
    Backend, Description, Ended, Job, Machine, MachineOrder, Probe, on_this_machine,
};
use ciworkshop::run::process::{self, Stop};
use ciworkshop::run::rehearsal::{BuildsImages, ImageOrder, Rehearsing};
use ciworkshop::run::shelf::{Kind, Shelf};
use ciworkshop::server::{Server, bind, shelf_router};
use serde_json::Value;
use tower::ServiceExt;

/// Never to be seen anywhere.
const SECRET: &str = "s3cr3t-t0ken-of-the-test";
const BASE: &str = "/drone/src";

/// Scripts run with `/bin/sh` in the workspace. What it was asked to run is remembered.
#[derive(Default)]
struct Plain {
    images: Arc<Mutex<Vec<String>>>,
}

struct PlainMachine {
    images: Arc<Mutex<Vec<String>>>,
    workspace: PathBuf,
    folder: PathBuf,
}

impl Backend for Plain {
    fn describe(&self) -> Description {
        Description { name: "plain", title: "a shell".into(), open: Vec::new() }
    }

    fn prepare(&self, order: &MachineOrder<'_>, _: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble> {
        let (workspace, folder) = (order.workspace.to_owned(), order.folder.to_owned());
        Ok(Box::new(PlainMachine { images: Arc::clone(&self.images), workspace, folder }))
    }

    fn sweep(&self, _: &str, _: &Path) -> Result<(), Trouble> {
        Ok(())
    }
}

impl Machine for PlainMachine {
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble> {
        self.images.lock().unwrap().push(job.step.image.as_ref().unwrap().value.clone());
        let Some(script) = &job.script else {
            writeln!(out, "the image's own program").unwrap();
            return Ok(Ended::Exit(0));
        };
        let home = self.folder.join("home");
        fs::create_dir_all(&home).unwrap();
        let inner = job.folder.as_deref().unwrap_or(BASE).strip_prefix(BASE).unwrap();
        let mut command = Command::new(SHELL[0]);
        command.args(&SHELL[1..]).env_clear().envs(job.environment.iter().map(|(a, b)| (a, b)));
        command.env("DRONE_SCRIPT", script).env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap());
        // The packages that building needs come from where this machine has them from.
        command.envs(std::env::vars_os().filter(|it| {
            let name = it.0.to_string_lossy().to_ascii_lowercase();
            name.starts_with("pip_") || name.ends_with("_proxy") || name.contains("ssl_cert")
        }));
        command.current_dir(self.workspace.join(inner.trim_start_matches('/'))).stdin(Stdio::null());
        process::run(&mut command, out, stop, started).map_err(|it| Trouble::new(it.to_string(), "try again"))
    }

    fn answers(&self, _: &Job, _: &Probe) -> bool {
        true
    }

    fn close(self: Box<Self>) -> Result<(), Trouble> {
        Ok(())
    }
}

/// A workspace, and a shelf for what is published from it.
struct Room {
    folder: tempfile::TempDir,
    build: Build,
    images: Arc<Mutex<Vec<String>>>,
    builder: Option<Arc<dyn BuildsImages>>,
}

/// How a step was over, and what it said.
#[derive(Debug)]
struct Told {
    ended: Result<Ended, Trouble>,
    out: String,
}

impl Told {
    fn green(&self) {
        assert_eq!(self.ended, Ok(Ended::Exit(0)), "{}", self.out);
    }

    fn red(&self, why: &str) {
        assert_eq!(self.ended, Ok(Ended::Exit(1)), "{}", self.out);
        let last = self.out.lines().last().unwrap_or_default();
        assert!(last.starts_with("error: ") && last.contains(why), "{why}: {}", self.out);
    }

    fn says(&self, text: &str) {
        assert!(self.out.contains(text), "{text}: {}", self.out);
    }
}

impl Room {
    fn new(event: Event) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        Self { folder, build: Build::new(event), images: Arc::default(), builder: None }
    }

    fn file(&self, path: &str, content: &str) -> &Self {
        let path = self.folder.path().join("src").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn link(&self, path: &str, to: &str) -> &Self {
        symlink(to, self.folder.path().join("src").join(path)).unwrap();
        self
    }

    fn shelf(&self) -> Shelf {
        Shelf::new(self.folder.path().join("shelf"))
    }

    fn on_shelf(&self, path: &str) -> String {
        let path = self.folder.path().join("shelf").join(path);
        fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
    }

    /// Runs one step, written without its name.
    fn step(&self, step: &str) -> Told {
        let step = step.trim().replace('\n', "\n  ");
        let text = format!(
            "kind: pipeline\nname: release\nclone: {{disable: true}}\nsteps:\n- name: publish\n  {step}\n"
        );
        let build = self.build.clone();
        let source = SourceFile::new(".drone.yml", &text);
        let (told, problems) = live(&source, &build, |mut live| {
            live.start(0);
            let mut steps = live.steps(0);
            steps.start(0);
            let secret = |name: &str| if name == "nothing" { String::new() } else { SECRET.to_owned() };
            let environment = steps.environment(0).into_iter();
            let environment = environment.map(|it| {
                let value = it.secret.as_deref().map_or(it.value, secret);
                (it.name, value)
            });
            let step = steps.written(0).unwrap().clone();
            let lines = step.commands.as_deref().unwrap_or_default();
            let script = (!lines.is_empty())
                .then(|| ciworkshop::engine::plan::script(lines.iter().map(|it| it.value.as_str())));
            let job = Job {
                name: "publish".into(),
                role: Role::Step,
                place: 0,
                environment: environment.collect(),
                folder: Some(BASE.into()),
                script,
                step,
            };
            self.run(&job, live.pipeline(0), &build)
        });
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        assert!(!told.out.contains(SECRET), "a secret is said: {}", told.out);
        told
    }

    fn run(&self, job: &Job, pipeline: &ciworkshop::engine::pipeline::Pipeline, build: &Build) -> Told {
        let workspace = self.folder.path().join("src");
        let order = MachineOrder {
            run: "1-a",
            number: 0,
            pipeline,
            build,
            folder: self.folder.path(),
            workspace: &workspace,
            base: BASE,
            offline: false,
        };
        assert_eq!(on_this_machine(&order, BASE), workspace.join(""));
        let mut backend = Rehearsing::new(Arc::new(Plain { images: Arc::clone(&self.images) }), self.shelf());
        if let Some(builder) = &self.builder {
            backend = backend.with_builder(Arc::clone(builder));
        }
        let machine = backend.prepare(&order, &mut Vec::new()).unwrap();
        let mut out = Vec::new();
        let ended = machine.run(job, &mut out, &Stop::new(), &|| {});
        machine.close().unwrap();
        Told { ended, out: String::from_utf8(out).unwrap() }
    }

    /// What the shelf answers over HTTP.
    fn ask(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::get(path).header("host", "127.0.0.1:1").body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let response = shelf_router(self.shelf()).oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts.status, parts.headers, to_bytes(body, 10_000_000).await.unwrap().to_vec())
        })
    }

    /// Serves the shelf as long as `work` works.
    fn serve(&self, work: impl FnOnce(&str)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let server =
            runtime.block_on(async { Server::start_shelf(bind(Some(0)).unwrap(), self.shelf()) }).unwrap();
        let url = server.url();
        work(&url);
        runtime.block_on(server.end());
    }
}

impl Drop for Room {
    /// Whatever a test does: no secret is on the shelf, in no name and in no file, and nothing waits to be placed.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut open = vec![self.folder.path().join("shelf")];
        while let Some(folder) = open.pop() {
            for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
                assert!(!path.to_string_lossy().contains(SECRET), "{}", path.display());
                assert!(!path.to_string_lossy().contains(".staging"), "{} is left", path.display());
                if path.is_dir() {
                    open.push(path);
                } else {
                    let content = fs::read(&path).unwrap();
                    let found = content.windows(SECRET.len()).any(|it| it == SECRET.as_bytes());
                    assert!(!found, "a secret is in {}", path.display());
                }
            }
        }
    }
}

const SETUP: &str = r#"
from setuptools import setup
setup(name="tiny_pkg", version="1.0.0", description="A tiny package", py_modules=["tiny"],
      long_description="Tiny.", long_description_content_type="text/markdown", python_requires=">=3.6",
      entry_points={"console_scripts": ["tiny=tiny:main"]})
"#;

const PYPI: &str = "image: plugins/pypi:1
settings:
  username: __token__
  password: {from_secret: pypi}
  distributions: [sdist, bdist_wheel]";

fn python_room() -> Room {
    let room = Room::new(Event::Tag);
    room.file("setup.py", SETUP).file("tiny.py", "def main():\n    print('hello from tiny')\n");
    room
}

/// False, and says so, when packages cannot be built on this machine.
fn built(told: &Told) -> bool {
    if let Err(trouble) = &told.ended {
        eprintln!("skipped: {trouble}");
        return false;
    }
    told.green();
    true
}

fn run(command: &mut Command) -> Result<String, String> {
    let done = command.stdin(Stdio::null()).output().map_err(|it| it.to_string())?;
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    if done.status.success() { Ok(text) } else { Err(text) }
}

#[test]
fn a_rehearsed_package_installs_with_pip_and_its_command_runs() {
    let room = python_room();
    let told = room.step(PYPI);
    if !built(&told) {
        return;
    }
    told.says("https://upload.pypi.org/legacy/");
    told.says("password ******");
    told.says("tiny_pkg 1.0.0: A tiny package");
    assert_eq!(*room.images.lock().unwrap(), ["python:3"], "only the building runs in the machine");
    let index = room.on_shelf("pypi/simple/tiny-pkg/index.html");
    assert!(index.contains("data-requires-python=\"&gt;=3.6\"") && index.contains("#sha256="), "{index}");
    let deliveries = room.shelf().deliveries().unwrap();
    let [delivery] = &deliveries[..] else { panic!("{deliveries:?}") };
    // Older setuptools write the name with a hyphen.
    let title = delivery.title.replace('-', "_");
    assert_eq!((delivery.kind, title.as_str()), (Kind::Package, "tiny_pkg 1.0.0"));
    assert_eq!((delivery.files.len(), delivery.source.step.as_str()), (2, "publish"));
    let from_folder = format!("file://{}/pypi/simple", room.shelf().root().display());
    room.serve(|url| installs(&room, &format!("{url}pypi/simple/")));
    installs(&room, &from_folder);
}

fn installs(room: &Room, index: &str) {
    let home = room.folder.path().join(if index.starts_with("http") { "v1" } else { "v2" });
    if let Err(why) = run(Command::new("python3").args(["-m", "venv"]).arg(&home)) {
        eprintln!("skipped: no virtual environment can be made: {why}");
        return;
    }
    let mut pip = Command::new(home.join("bin/pip"));
    pip.env_clear().env("HOME", &home).env("PIP_CONFIG_FILE", "/dev/null").env("PATH", "/usr/bin:/bin");
    pip.args([
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--no-cache-dir",
        "--index-url",
        index,
    ]);
    let installed = run(pip.arg("tiny-pkg")).unwrap_or_else(|it| panic!("{index}: {it}"));
    assert!(installed.contains("Successfully installed tiny"), "{installed}");
    assert_eq!(run(&mut Command::new(home.join("bin/tiny"))).unwrap(), "hello from tiny\n");
}

#[test]
fn an_index_takes_a_version_once_and_only_what_is_a_package() {
    let room = python_room();
    if !built(&room.step(PYPI)) {
        return;
    }
    let again = PYPI.to_owned() + "\n  skip_build: true";
    room.step(&again).red("in the index already");
    assert_eq!(room.shelf().deliveries().unwrap().len(), 1);
    room.file("dist/notes.txt", "x");
    room.step(&again).red("`dist/notes.txt` is no package");
    let other = PYPI.to_owned() + "\n  skip_build: true\n  dist_dir: nowhere";
    room.step(&other).red("no file fits `nowhere/*`");
    room.step("image: plugins/pypi\nsettings: {username: a, password: {from_secret: nothing}}")
        .red("comes from the secret `nothing`");
    room.step("image: plugins/pypi\nsettings: {password: {from_secret: pypi}}").red("`username` is missing");
    fs::write(room.folder.path().join("src/setup.py"), "import sys; sys.exit(3)").unwrap();
    room.step(PYPI).red("`python3 setup.py` ended with exit code 3");
}

#[test]
fn the_script_of_a_package_gets_no_secret() {
    let room = python_room();
    let spy = "import os\nopen('seen', 'w').write(repr(dict(os.environ)))\n".to_owned() + SETUP;
    room.file("setup.py", &spy);
    let step = PYPI.to_owned() + "\nenvironment:\n  OTHER: {from_secret: other}\n  HARMLESS: seen";
    if !built(&room.step(&step)) {
        return;
    }
    let seen = fs::read_to_string(room.folder.path().join("src/seen")).unwrap();
    assert!(seen.contains("HARMLESS") && !seen.contains(SECRET), "{seen}");
}

const RELEASE: &str = "image: plugins/github-release:1
settings:
  api_key: {from_secret: github}
  files: [dist/*]
  checksum: [sha256, crc32]
  title: The first
  note: NOTES.md";

#[test]
fn a_release_has_its_files_their_checksums_and_its_words() {
    let room = Room::new(Event::Tag);
    room.file("dist/a.txt", "abc").file("dist/b.txt", "b").file("NOTES.md", "<b>new</b>\n");
    let told = room.step(RELEASE);
    told.green();
    told.says("api_key ******");
    let page = "releases/octocat/hello-world/v1.0.0";
    let release: Value = serde_json::from_str(&room.on_shelf(&format!("{page}/release.json"))).unwrap();
    assert_eq!(release["title"], "The first");
    assert_eq!(release["note"], "<b>new</b>\n");
    let names: Vec<_> = release["assets"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["a.txt", "b.txt", "crc32sum.txt", "sha256sum.txt"]);
    let sums = room.on_shelf(&format!("{page}/download/sha256sum.txt"));
    assert!(
        sums.starts_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  dist/a.txt\n")
    );
    assert_eq!(fs::read_to_string(room.folder.path().join("src/sha256sum.txt")).unwrap(), sums);
    assert!(room.on_shelf(&format!("{page}/index.html")).contains("&lt;b&gt;new"));
    let (status, headers, body) = room.ask(&format!("/{page}/download/a.txt"));
    assert_eq!((status, body.as_slice()), (StatusCode::OK, &b"abc"[..]));
    assert_eq!(headers["content-security-policy"], "sandbox");
}

#[test]
fn a_release_that_is_there_is_changed_as_the_settings_say() {
    let room = Room::new(Event::Tag);
    room.file("dist/a.txt", "one");
    room.step(RELEASE).green();
    room.file("dist/a.txt", "two");
    let asset = "releases/octocat/hello-world/v1.0.0/download/a.txt";
    room.step(&(RELEASE.to_owned() + "\n  file_exists: fail")).red("a.txt is on the shelf already");
    room.step(&(RELEASE.to_owned() + "\n  file_exists: skip")).says("a.txt is in the release already");
    assert_eq!(room.on_shelf(asset), "one");
    room.step(&RELEASE.replace("The first", "The second")).says("title and text stay");
    assert_eq!(room.on_shelf(asset), "two");
    let json = "releases/octocat/hello-world/v1.0.0/release.json";
    assert!(room.on_shelf(json).contains("The first"));
    room.step(&(RELEASE.replace("The first", "The second") + "\n  overwrite: true")).green();
    assert!(room.on_shelf(json).contains("The second"));
    room.step(&(RELEASE.to_owned() + "\n  file_exists: perhaps")).red("must be overwrite, fail or skip");
}

#[test]
fn a_release_fails_where_the_real_one_does() {
    let room = Room::new(Event::Tag);
    room.step(RELEASE).red("no file fits `dist/*`");
    room.file("dist/a.txt", "").file("dist/sub/a.txt", "");
    room.step(RELEASE).red("`dist/sub` is a folder");
    room.step(&RELEASE.replace("dist/*", "dist/a.txt, dist/sub/a.txt")).red("have the same name");
    room.step(&RELEASE.replace("crc32", "blake2b").replace("dist/*", "dist/a.txt"))
        .red("`blake2b` is not known here");
    room.step("image: plugins/github-release\nsettings: {files: [dist/a.txt]}").red("`api_key` is missing");
    assert!(room.shelf().deliveries().unwrap().is_empty());
    let push = Room::new(Event::Push);
    push.file("dist/a.txt", "");
    push.step(RELEASE).red("only in a build of a tag");
}

const PACKAGES: &str = "image: plugins/github-release:1
settings:
  api_key: {from_secret: token}
  files: dist/*";

const FORMULA: &str = r#"class Tally < Formula
  url "https://github.com/octocat/hello-world/releases/download/v1.0.0/tally.tar.gz"
  sha256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
end
"#;

#[test]
fn a_formula_of_a_release_agrees_with_its_file_or_the_release_is_red() {
    let room = Room::new(Event::Tag);
    room.file("dist/tally.tar.gz", "abc").file("dist/tally.rb", FORMULA);
    let told = room.step(PACKAGES);
    told.green();
    told.says("tally.rb downloads tally.tar.gz, and its sha256 is right");
    let deliveries = room.shelf().deliveries().unwrap();
    assert_eq!((deliveries[1].kind, deliveries[1].path.as_str()), (Kind::Formula, "brew/Formula/tally.rb"));
    let tap = room.on_shelf("brew/Formula/tally.rb");
    let url = tap.lines().find_map(|it| it.trim().strip_prefix("url \"file://")?.strip_suffix('"')).unwrap();
    assert_eq!(fs::read_to_string(url).unwrap(), "abc", "it points to the shelf");

    room.shelf().clear().unwrap();
    for (old, new, why) in [
        ("ba7816bf", "00000000", "brew would refuse the download"),
        ("v1.0.0", "v0.9.0", "which is of the release v0.9.0"),
        ("tally.tar.gz", "tally.zip", "this release has no file `tally.zip`"),
        ("  sha256", "  # sha256", "has no `sha256` for"),
    ] {
        room.file("dist/tally.rb", &FORMULA.replace(old, new));
        room.step(PACKAGES).red(why);
    }
    assert!(room.shelf().deliveries().unwrap().is_empty(), "nothing of a red release is on the shelf");
    room.file("dist/tally.rb", &FORMULA.replace("octocat", "elsewhere"));
    room.step(PACKAGES).says("That is no file of this release, so it is not compared");
}

/// A package for apt with one file. `name` is that of the archive with what it says of itself.
fn deb(name: &str, version: &str, pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let control = format!(
        "Package: tally\nVersion: {version}\nArchitecture: all\nMaintainer: t <t@example.com>\nDescription: adds up\n"
    );
    let archive = |files: &[(&str, &[u8])]| {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_ustar();
            let folder = name.ends_with('/');
            header.set_entry_type(if folder { tar::EntryType::Directory } else { tar::EntryType::Regular });
            header.set_mode(0o755);
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, name, *content).unwrap();
        }
        archive.into_inner().unwrap()
    };
    let program = b"#!/bin/sh\necho added up\n";
    let data = archive(&[("./usr/", &[]), ("./usr/bin/", &[]), ("./usr/bin/tally", program)]);
    let parts = [
        ("debian-binary", b"2.0\n".to_vec()),
        (name, pack(&archive(&[("./control", control.as_bytes())]))),
        ("data.tar", data),
    ];
    let mut whole = b"!<arch>\n".to_vec();
    for (name, content) in parts {
        writeln!(whole, "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, 0, 100_644, content.len()).unwrap();
        whole.extend_from_slice(&content);
        whole.resize(whole.len() + content.len() % 2, b'\n');
    }
    whole
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

fn xz(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    lzma_rs::xz_compress(&mut &content[..], &mut packed).unwrap();
    packed
}

impl Room {
    fn bytes(&self, path: &str, content: &[u8]) -> &Self {
        self.file(path, "");
        fs::write(self.folder.path().join("src").join(path), content).unwrap();
        self
    }

    /// `apt-get` of this machine over an empty system of its own, in which nothing is installed.
    fn apt(&self, source: &str, words: &[&str]) -> Result<String, String> {
        let root = self.folder.path().join("system");
        for folder in [
            "etc/apt/apt.conf.d",
            "etc/apt/preferences.d",
            "var/lib/dpkg/info",
            "var/lib/dpkg/updates",
            "var/lib/apt/lists/partial",
            "var/cache/apt/archives/partial",
            "var/log/apt",
        ] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let status = root.join("var/lib/dpkg/status");
        if !status.exists() {
            fs::write(&status, "").unwrap();
        }
        fs::write(root.join("etc/apt/sources.list"), format!("deb [trusted=yes] {source} stable main\n"))
            .unwrap();
        let shown = root.display();
        let config = format!(
            "Dir \"{shown}\";\nDir::State::status \"{}\";\nDir::Bin::methods \"/usr/lib/apt/methods\";\n\
             Dir::Bin::dpkg \"/usr/bin/dpkg\";\nAPT::Architecture \"amd64\";\nAPT::Sandbox::User \"\";\n\
             Acquire::http::Proxy \"DIRECT\";\nDPkg::Options {{\"--root={shown}\"; \"--log=/dev/null\";}};\n",
            status.display()
        );
        fs::write(root.join("apt.conf"), config).unwrap();
        let mut apt = Command::new("apt-get");
        apt.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("APT_CONFIG", root.join("apt.conf"));
        apt.env("DEBIAN_FRONTEND", "noninteractive").current_dir(&root);
        run(apt.args(words))
    }
}

#[test]
fn a_package_for_apt_is_installed_from_the_shelf_by_apt_get() {
    let room = Room::new(Event::Tag);
    let package = deb("control.tar.gz", "1.0.0", gzip);
    room.bytes("dist/tally_1.0.0_all.deb", &package);
    let told = room.step(PACKAGES);
    told.green();
    told.says("tally 1.0.0 for all");
    assert!(!told.out.contains("note"), "{}", told.out);
    let deliveries = room.shelf().deliveries().unwrap();
    let place = "apt/pool/main/t/tally/tally_1.0.0_all.deb";
    assert_eq!((deliveries[1].kind, deliveries[1].path.as_str()), (Kind::Deb, place));
    assert_eq!(fs::read(room.shelf().root().join(place)).unwrap(), package);
    if run(Command::new("apt-get").arg("--version")).is_err() {
        eprintln!("skipped: there is no apt-get here");
        return;
    }
    let from_folder = format!("file:{}/apt/", room.shelf().root().display());
    room.serve(|url| looks_for_it(&room, &format!("{url}apt/"), &package));
    looks_for_it(&room, &from_folder, &package);
    // A second version is offered beside the first, and wins.
    room.bytes("dist/tally_1.0.0_all.deb", &deb("control.tar.xz", "1.0.0-2", xz));
    room.step(PACKAGES).says("tally 1.0.0-2 for all");
    let said =
        room.apt(&from_folder, &["update"]).and_then(|_| room.apt(&from_folder, &["install", "-y", "tally"]));
    if let Err(why) = &said {
        assert!(why.contains("are you root") || why.contains("Permission denied"), "{why}");
        eprintln!("skipped: only root installs packages");
        return;
    }
    let program = room.folder.path().join("system/usr/bin/tally");
    assert_eq!(run(&mut Command::new(program)).unwrap(), "added up\n");
    let status = fs::read_to_string(room.folder.path().join("system/var/lib/dpkg/status")).unwrap();
    assert!(status.contains("Version: 1.0.0-2"), "{status}");
}

fn looks_for_it(room: &Room, source: &str, package: &[u8]) {
    let said = room.apt(source, &["update"]).unwrap();
    assert!(!said.contains("W:") && !said.contains("E:"), "{said}");
    let said = room.apt(source, &["install", "--simulate", "tally"]).unwrap();
    assert!(said.contains("Inst tally (1.0.0 shelf:stable [all])"), "{said}");
    room.apt(source, &["download", "tally"]).unwrap();
    let downloaded = room.folder.path().join("system/tally_1.0.0_all.deb");
    assert_eq!(fs::read(&downloaded).unwrap(), package);
    fs::remove_file(downloaded).unwrap();
}

#[test]
fn what_apt_would_not_offer_is_said() {
    let room = Room::new(Event::Tag);
    room.bytes("dist/tally.deb", &deb("control.tar.gz", "0.9.0", gzip));
    room.step(PACKAGES)
        .says("tally says version 0.9.0, and the tag is v1.0.0: who has 0.9.0 gets nothing new");
    room.bytes("dist/tally.deb", &deb("control.tar", "0.9.0", <[u8]>::to_vec));
    room.step(PACKAGES).says("there was another tally 0.9.0. apt compares versions alone");
    room.bytes("dist/tally.deb", &deb("control.tar.zst", "1.0.0", <[u8]>::to_vec));
    room.step(PACKAGES).says("is packed with zstd, which is not read here");
    room.file("dist/tally.deb", "no package");
    let told = room.step(PACKAGES);
    told.green();
    told.says(
        "tally.deb is no package for apt: it does not begin as a `.deb` does, so apt is not offered it",
    );
}

#[test]
fn hostile_names_links_and_patterns_reach_nothing_outside() {
    let mut room = Room::new(Event::Tag);
    let outside = room.folder.path().join("outside");
    fs::write(&outside, "private").unwrap();
    room.file("dist/a.txt", "a").link("dist/link", "../../outside").link("up", "..");
    room.step(RELEASE).red("finds `dist/link`, which is a link that leads out of the workspace");
    for pattern in ["../outside", "/etc/passwd", "dist/../../outside", "up/outside"] {
        room.step(&RELEASE.replace("dist/*", pattern)).red("leads out of the workspace");
    }
    let only = RELEASE.replace("dist/*", "dist/a.txt");
    room.step(&(only.clone() + "\n  checksum_file: ../CHECKSUM")).red("leads out of the workspace");
    room.step(&only.replace("NOTES.md", "../outside")).red("leads out of the workspace");
    room.build.git_ref = "refs/tags/../../../../x".into();
    room.step(&only).red("leads to another folder");
    room.build = Build::new(Event::Tag);
    room.build.repo = "../../x".into();
    room.step(&only).red("leads to another folder");
    room.build = Build::new(Event::Tag);
    for target in ["../x", "b/../../x"] {
        let step = format!(
            "image: plugins/gcs\nsettings: {{source: dist/a.txt, target: {target}, token: {{from_secret: a}}}}"
        );
        room.step(&step).red("leads to another folder");
    }
    room.step("image: plugins/s3\nsettings: {bucket: .., source: dist/a.txt}").red("leads to another folder");
    room.step("image: plugins/gh-pages\nsettings: {password: x, pages_directory: up}")
        .red("leads out of the workspace");
    room.step("image: plugins/gh-pages\nsettings: {password: x, pages_directory: dist}")
        .red("leads out of the workspace");
    room.step("image: plugins/docker\nsettings: {repo: a/b, dockerfile: up/outside}")
        .red("leads out of the workspace");
    room.step("image: plugins/docker\nsettings: {repo: ../../b, dockerfile: dist/a.txt}").red("has no FROM");
    assert!(room.shelf().deliveries().unwrap().is_empty());
    assert_eq!(fs::read_to_string(outside).unwrap(), "private");
    let names: Vec<_> =
        fs::read_dir(room.folder.path()).unwrap().flatten().map(|it| it.file_name()).collect();
    assert!(names.iter().all(|it| ["src", "shelf", "outside"].contains(&it.to_str().unwrap())), "{names:?}");
}

#[test]
fn a_file_that_holds_the_token_is_not_delivered() {
    let room = Room::new(Event::Tag);
    room.file("dist/a.txt", &format!("{}token={SECRET}\n", "x".repeat(65_530)));
    room.step(RELEASE).red("`dist/a.txt` holds the value of a secret");
    assert!(room.shelf().deliveries().unwrap().is_empty());
}

#[test]
fn files_for_a_store_lie_in_its_bucket_with_their_headers() {
    let room = Room::new(Event::Push);
    room.file("site/index.html", "<p>").file("site/a/b.css", "p{}").file("site/skip.tmp", "");
    let told = room.step(
        "image: plugins/gcs
settings:
  source: site
  target: my-bucket/www
  ignore: '*.tmp'
  acl: [allUsers:READER]
  cache_control: public,max-age=60
  gzip: [css]
  metadata: {x-test: 1}
  token: {from_secret: gcs}",
    );
    told.green();
    told.says("https://storage.googleapis.com/my-bucket/www");
    assert_eq!(room.on_shelf("buckets/my-bucket/www/index.html"), "<p>");
    assert!(!room.shelf().root().join("buckets/my-bucket/www/skip.tmp").exists());
    let (status, headers, body) = room.ask("/buckets/my-bucket/www/a/b.css");
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-encoding"], "gzip");
    assert_eq!(headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(headers["cache-control"], "public,max-age=60");
    assert_eq!(body[..2], [0x1f, 0x8b]);
    let list: Value = serde_json::from_str(&room.on_shelf("objects/my-bucket.json")).unwrap();
    assert_eq!(list["objects"]["www/index.html"]["acl"][0], "allUsers:READER");
    assert_eq!(list["objects"]["www/index.html"]["metadata"]["x-test"], "1");
    room.step("image: plugins/gcs\nsettings: {source: none, target: b, token: {from_secret: a}}")
        .red("finds nothing");
    room.step("image: plugins/gcs\nsettings: {source: site, target: b}")
        .red("neither `token` nor `json_key`");
    room.step("image: plugins/gcs\nsettings: {source: site, target: b, acl: x, token: {from_secret: a}}")
        .red("ENTITY:ROLE");
}

#[test]
fn files_for_s3_lose_their_prefix_and_a_secret_bucket_stays_one() {
    let room = Room::new(Event::Push);
    room.file("public/a/x.html", "x").file("public/b.txt", "b").file("public/c.log", "");
    let told = room.step(
        "image: plugins/s3
settings:
  bucket: {from_secret: bucket}
  access_key: {from_secret: a}
  secret_key: {from_secret: b}
  source: public/**/*
  exclude: ['**/*.log']
  strip_prefix: public/
  target: /www
  acl: public-read
  cache_control: {.html: no-store}",
    );
    told.green();
    assert_eq!(room.on_shelf("buckets/hidden/www/a/x.html"), "x");
    assert_eq!(room.on_shelf("buckets/hidden/www/b.txt"), "b");
    assert!(!room.shelf().root().join("buckets/hidden/www/c.log").exists());
    assert_eq!(room.ask("/buckets/hidden/www/a/x.html").1["cache-control"], "no-store");
    room.step("image: plugins/s3\nsettings: {source: public}").red("`bucket` is missing");
    room.step("image: plugins/s3\nsettings: {bucket: b, source: none/*}").red("finds nothing");
    let download = room.step("image: plugins/s3\nsettings: {bucket: b, source: x, download: true}");
    download.says("the image's own program");
}

#[test]
fn an_image_is_checked_and_its_tags_are_noted() {
    let room = Room::new(Event::Tag);
    let step = "image: plugins/docker:20
settings:
  repo: ghcr.io/octocat/app
  registry: ghcr.io
  username: octocat
  password: {from_secret: docker}
  auto_tag: true
  build_args: [VERSION=1]
  build_args_from_env: [TOKEN]
environment:
  TOKEN: {from_secret: token}";
    room.step(step).red("the recipe `Dockerfile` is not in the workspace");
    room.file("Dockerfile", "FROM alpine:3 AS base\nFROM base\n");
    let told = room.step(step);
    told.green();
    for line in [
        "ghcr.io/octocat/app:1\n",
        "ghcr.io/octocat/app:1.0\n",
        "ghcr.io/octocat/app:1.0.0\n",
        "alpine:3",
        "TOKEN=******",
    ] {
        told.says(line);
    }
    let tags: Value = serde_json::from_str(&room.on_shelf("images/ghcr.io/octocat/app/tags.json")).unwrap();
    assert_eq!(tags["tags"]["1.0"]["build_args"][0], "VERSION=1");
    room.step("image: plugins/docker\nsettings: {dockerfile: Dockerfile}").red("`repo` is missing");
    room.step("image: plugins/docker\nsettings: {repo: a/b, tags: [not/one]}").red("is no tag");
    room.step("image: plugins/docker\nsettings: {repo: a/b, registry: ghcr.io}")
        .says("the login is for ghcr.io");
}

#[test]
fn a_builder_builds_the_image_and_its_failure_is_the_steps() {
    struct Builder(Mutex<Vec<ImageOrder>>);
    impl BuildsImages for Builder {
        fn build(&self, order: &ImageOrder, _: &mut (dyn Write + Send), _: &Stop) -> Result<Ended, Trouble> {
            self.0.lock().unwrap().push(order.clone());
            Ok(Ended::Exit(i32::from(order.target == "broken")))
        }
    }
    let builder = Arc::new(Builder(Mutex::default()));
    let mut room = Room::new(Event::Push);
    let lent: Arc<dyn BuildsImages> = Arc::<Builder>::clone(&builder);
    room.builder = Some(lent);
    room.file("app/Dockerfile", "FROM alpine:3\n");
    room.step("image: plugins/docker\nsettings: {repo: a/b, context: app, dockerfile: app/Dockerfile}")
        .green();
    room.step("image: plugins/docker\nsettings: {repo: a/b, context: app, dockerfile: app/Dockerfile, target: broken}")
        .red("exit code 1");
    let orders = builder.0.lock().unwrap();
    assert_eq!(orders[0].names, ["a/b:latest"]);
    assert_eq!(orders[0].context, fs::canonicalize(room.folder.path()).unwrap().join("src/app"));
}

#[test]
fn a_packed_package_installs_with_npm() {
    let room = Room::new(Event::Tag);
    let manifest = r#"{"name": "@octocat/tiny", "version": "1.0.0", "main": "i.js", "files": ["i.js"]}"#;
    room.file("package.json", manifest).file("i.js", "module.exports = 'tiny'").file("private.txt", "");
    let step = "image: plugins/npm\nsettings:\n  token: {from_secret: npm}";
    let told = room.step(step);
    if !built(&told) {
        return;
    }
    assert!(!room.folder.path().join("src/.rehearsal-0").exists());
    room.step(step).says("publishes nothing");
    room.step(&(step.to_owned() + "\n  fail_on_version_conflict: true")).red("never takes a version twice");
    room.step(&(step.to_owned() + "\n  registry: https://npm.example.com/"))
        .red("`publishConfig` of package.json says");
    room.serve(|url| {
        let project = room.folder.path().join("project");
        fs::create_dir(&project).unwrap();
        let mut npm = Command::new("npm");
        npm.current_dir(&project).env("HOME", &project).args(["install", "--no-audit", "--no-fund"]);
        run(npm.args(["--registry", &format!("{url}npm/"), "@octocat/tiny"])).unwrap();
        let mut node = Command::new("node");
        assert_eq!(
            run(node.current_dir(&project).args(["-p", "require('@octocat/tiny')"])).unwrap(),
            "tiny\n"
        );
        assert!(!project.join("node_modules/@octocat/tiny/private.txt").exists());
    });
    room.file("package.json", r#"{"name": "../x", "version": "1"}"#);
    room.step(step).red("no registry takes such a name");
}

#[test]
fn a_site_can_be_opened_and_keeps_its_domain() {
    let room = Room::new(Event::Push);
    room.file("docs/index.html", "<h1>one</h1>")
        .file("docs/old.html", "")
        .file("docs/CNAME", "from the build");
    let step = "image: plugins/gh-pages\nsettings: {username: a, password: {from_secret: p}}";
    room.step(step).green();
    let site = room.shelf().root().join("sites/octocat/hello-world");
    assert!(!site.join("CNAME").exists());
    fs::write(site.join("CNAME"), "example.com").unwrap();
    fs::remove_file(room.folder.path().join("src/docs/old.html")).unwrap();
    room.file("docs/index.html", "<h1>two</h1>");
    room.step(step).green();
    assert!(!site.join("old.html").exists() && site.join("CNAME").exists());
    let (status, headers, body) = room.ask("/sites/octocat/hello-world/");
    assert_eq!((status, body.as_slice()), (StatusCode::OK, &b"<h1>two</h1>"[..]));
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    room.step("image: plugins/gh-pages\nsettings: {pages_directory: docs}")
        .red("neither `password` nor `ssh_key`");
    room.step("image: plugins/gh-pages\nsettings: {password: x, pages_directory: none}")
        .red("is not in the workspace");
}

#[test]
fn messages_are_worked_out_and_their_address_is_hidden() {
    let room = Room::new(Event::Tag);
    let told = room.step(
        "image: plugins/slack
settings:
  webhook: https://hooks.example.com/services/T0/B0/key
  channel: dev
  template: >
    {{#success build.status}}{{repo.name}} {{build.tag}} is out{{else}}broken{{/success}}
    {{since build.started}}",
    );
    told.green();
    told.says("https://hooks.example.com/******, #dev");
    told.says("hello-world v1.0.0 is out");
    told.says("stays as written");
    assert!(!told.out.contains("B0"), "{}", told.out);
    let kept = room.on_shelf("messages/0001-slack.json");
    assert!(kept.contains("v1.0.0 is out") && !kept.contains("B0"), "{kept}");
    room.step("image: plugins/slack\nsettings: {channel: dev}")
        .red("`webhook` (or `access_token`) is missing");

    let told = room.step(
        "image: plugins/webhook
settings:
  urls: [https://example.com/hook?token=abc]
  headers: [X-Token=abc]
  template: '{\"build\": {{build.number}}}'
  password: {from_secret: p}",
    );
    told.green();
    told.says("https://example.com/****** by POST");
    assert!(!told.out.contains("abc") || told.out.contains("urls https://"), "{}", told.out);
    let kept: Value = serde_json::from_str(&room.on_shelf("messages/0002-webhook.json")).unwrap();
    assert_eq!((&kept["method"], &kept["headers"][0]), (&Value::from("POST"), &Value::from("X-Token")));
    room.step("image: plugins/webhook\nsettings: {urls: [ftp://example.com]}").red("no address");
}

#[test]
fn other_plugins_that_change_the_world_are_held_back_and_the_rest_runs() {
    let room = Room::new(Event::Push);
    room.file("a", "");
    let told = room.step(
        "image: appleboy/drone-scp\nsettings: {host: h, password: {from_secret: p}, source: a, target: b}",
    );
    told.green();
    told.says("held back");
    assert_eq!(room.shelf().deliveries().unwrap()[0].kind, Kind::Held);
    assert!(room.images.lock().unwrap().is_empty());
    room.step("image: registry.example.com/plugins/slack:1\nsettings: {webhook: {from_secret: w}}")
        .says("Rehearsal of slack");
    assert!(room.images.lock().unwrap().is_empty(), "a copy in another registry is the same plugin");
    room.step("image: plugins/slack\ncommands: [echo $((6 * 7))]").says("42");
    room.step("image: octocat/some-plugin\nsettings: {a: b}").says("the image's own program");
    assert_eq!(*room.images.lock().unwrap(), ["plugins/slack", "octocat/some-plugin"]);
}

#[test]
fn the_shelf_is_served_to_this_machine_and_nothing_else_of_it() {
    let room = Room::new(Event::Tag);
    room.file("dist/a.txt", "a");
    room.step(RELEASE.replace("NOTES.md", "<script>").as_str()).green();
    fs::write(room.folder.path().join("outside"), "x").unwrap();
    symlink(room.folder.path().join("outside"), room.shelf().root().join("link")).unwrap();
    for path in
        ["/../outside", "/%2e%2e/outside", "/releases/..%2f..%2foutside", "/link", "/lock", "/none", "/%00"]
    {
        assert_eq!(room.ask(path).0, StatusCode::NOT_FOUND, "{path}");
    }
    fs::remove_file(room.shelf().root().join("link")).unwrap();
    let (status, headers, _) = room.ask("/releases");
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(headers["location"], "/releases/");
    assert!(String::from_utf8(room.ask("/").2).unwrap().contains("octocat/hello-world v1.0.0"));
    let page = String::from_utf8(room.ask("/releases/octocat/hello-world/v1.0.0/").2).unwrap();
    assert!(!page.contains("<script>"), "{page}");
    let request = Request::get("/").header("host", "evil.example").body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(shelf_router(room.shelf()).oneshot(request)).unwrap();
    assert_eq!(refused.status(), StatusCode::MISDIRECTED_REQUEST);
}

/// Types a command, with an answer on the input.
fn typed(folder: &Path, terminal: bool, words: &[&str], input: &str) -> (Exit, String) {
    struct Shared(Arc<Mutex<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let said = Arc::new(Mutex::new(Vec::new()));
    let cache = folder.join("cache").display().to_string();
    let mut world = World {
        input: Box::new(std::io::Cursor::new(input.to_owned())),
        out: Box::new(Shared(Arc::clone(&said))),
        err: Box::new(Shared(Arc::clone(&said))),
        folder: folder.join("src"),
        variables: [("XDG_CACHE_HOME".to_owned(), cache.clone()), ("HOME".to_owned(), cache)].into(),
        terminal,
        typed: false,
    };
    let words = ["ciworkshop", "shelf"].iter().chain(words).map(Into::into);
    let exit = ciworkshop::cli::run(words, &mut world);
    let said = String::from_utf8(said.lock().unwrap().clone()).unwrap();
    (exit, said)
}

#[test]
fn the_command_lists_the_shelf_and_clears_it_when_it_may() {
    let room = Room::new(Event::Tag);
    let folder = room.folder.path();
    let (exit, said) = typed(folder, false, &[], "");
    assert!(exit == Exit::Clean && said.starts_with("The shelf is empty."), "{said}");
    room.file("dist/a.txt", "a");
    room.step(RELEASE).green();
    let shelf = room.shelf().root().display().to_string();
    let on_this = ["--folder", shelf.as_str()];
    let (_, said) = typed(folder, false, &on_this, "");
    assert!(
        said.contains("release  octocat/hello-world v1.0.0  build ") && said.contains("release/publish"),
        "{said}"
    );
    let (_, said) = typed(folder, false, &[&on_this[..], &["--format", "json"]].concat(), "");
    let list: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&list["version"], &list["deliveries"][0]["kind"]),
        (&Value::from(1), &Value::from("release"))
    );
    assert!(!said.contains("apt-get") && !said.contains("brew"), "{said}");
    room.bytes("dist/tally.deb", &deb("control.tar.gz", "1.0.0", gzip));
    room.file("dist/tally.tar.gz", "abc").file("dist/tally.rb", FORMULA);
    room.step(PACKAGES).green();
    let (_, said) = typed(folder, false, &on_this, "");
    for words in [
        "deb      tally 1.0.0 all",
        "formula  tally.rb",
        "http://127.0.0.1:3141/apt/ stable main",
        "brew install local/",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let clear = [&["clear"], &on_this[..]].concat();
    let (exit, said) = typed(folder, false, &clear, "");
    assert!(exit == Exit::Usage && said.contains("--yes"), "{said}");
    let (_, said) = typed(folder, true, &clear, "n\n");
    assert!(said.contains("stays as it is") && !room.shelf().deliveries().unwrap().is_empty(), "{said}");
    let (_, said) = typed(folder, true, &clear, "y\n");
    assert!(
        said.contains("4 deliveries were taken off") && room.shelf().deliveries().unwrap().is_empty(),
        "{said}"
    );
    assert!(!room.shelf().root().join("releases").exists());
}
