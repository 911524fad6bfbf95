//! Steps in real containers, by each engine that answers here: what goes in, what comes out, and that nothing stays.
//! Skipped with a line where there is no engine; with `CIWORKSHOP_TEST_ENGINE=required` that is a failure.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on should say where")]
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ciworkshop::engine::pipeline::{self, Manifest, Variable};
use ciworkshop::engine::plan::{self, Build, Event, Role};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::run::Trouble;
use ciworkshop::run::backend::{Backend, Ended, Job, Machine, MachineOrder, Probe};
use ciworkshop::run::container::{self, Container};
use ciworkshop::run::process::{Stop, Why};

/// The image of all tests: one busybox with all its names.
const IMAGE: &str = "ciworkshop-test/sh:1";

#[test]
fn a_step_sees_its_script_its_variables_and_the_workspace_and_its_end_is_told() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  commands:\n  - echo \"$MULTI\"\n  - echo $PATH $DOCKER_HOST $HOME\n  - pwd\n  - cat note\n  - echo there > made\n  - echo err >&2\n  - exit 7\n",
        );
        fs::write(bench.workspace().join("note"), "a note\n").unwrap();
        let machine = bench.machine(engine);
        let mut job = bench.job("s");
        let path = "/bin:/nowhere";
        for (name, value) in [
            ("MULTI", "one\n 'two' \"x\"\n\nthree"),
            ("PATH", path),
            ("DOCKER_HOST", "tcp://no:1"),
            ("HOME", "/h"),
        ] {
            job.environment.push((name.into(), value.into()));
        }
        let (ended, out) = run(&*machine, &job);
        assert_eq!(ended.unwrap(), Ended::Exit(7), "{out}");
        for part in [
            "one\n 'two' \"x\"\n\nthree\n",
            "/bin:/nowhere tcp://no:1 /h\n",
            "\n/drone/src\n",
            "a note\n",
            "err\n",
        ] {
            assert!(out.contains(part), "{part:?} is not in {out}");
        }
        assert_eq!(fs::read_to_string(bench.workspace().join("made")).unwrap(), "there\n");
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
    }
}

#[test]
fn exit_codes_that_clients_use_themselves_are_still_those_of_the_step() {
    for engine in engines() {
        let bench = Bench::of("steps:\n- name: s\n  image: IMAGE\n  commands: [exit $CODE]\n");
        let machine = bench.machine(engine);
        for (place, code) in [0, 1, 78, 125, 126, 127, 137, 255].into_iter().enumerate() {
            let mut job = bench.job("s");
            job.place = place;
            job.environment.push(("CODE".into(), code.to_string()));
            assert_eq!(run(&*machine, &job).0.unwrap(), Ended::Exit(code));
        }
        machine.close().unwrap();
    }
}

#[test]
fn an_image_runs_its_own_program_or_the_one_that_is_written() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  entrypoint: [/bin/sh, -c]\n  command: ['echo \"<$0>\"; id -u', a b]\n  user: '1000'\n- name: t\n  image: IMAGE\n  command: [echo, hello]\n- name: own\n  image: IMAGE\n",
        );
        let machine = bench.machine(engine);
        assert_eq!(run(&*machine, &bench.job("s")).1, "<a b>\n1000\n");
        assert_eq!(run(&*machine, &bench.job("t")).1, "hello\n");
        assert_eq!(run(&*machine, &bench.job("own")).0.unwrap(), Ended::Exit(0), "a shell without input");
        machine.close().unwrap();
    }
}

#[test]
fn what_keeps_a_step_from_running_is_told_with_the_next_step() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: no-shell\n  image: IMAGE\n  entrypoint: [/nope]\n- name: never\n  image: ciworkshop-test/none:1\n  pull: never\n- name: no-user\n  image: IMAGE\n  user: nobody-knows\n  commands: ['true']\n- name: trust\n  image: IMAGE\n  privileged: true\n- name: memory\n  image: IMAGE\n  mem_limit: 1k\n- name: pull\n  image: registry.invalid/x:1\n",
        );
        let machine = bench.machine(engine);
        for (name, message, help) in [
            ("no-shell", "cannot start", "entrypoint"),
            ("never", "not on this machine", "pull ciworkshop-test/none:1"),
            ("no-user", "cannot start", ""),
            ("trust", "trusted", "--trusted"),
            ("memory", "cannot start", ""),
            ("pull", "cannot pull", "reaches the registry"),
        ] {
            let (ended, out) = run(&*machine, &bench.job(name));
            let trouble = ended.expect_err(&out);
            eprintln!("{name}: {trouble}; {}", trouble.help);
            assert!(trouble.message.contains(message) && trouble.help.contains(help), "{name}: {trouble:?}");
            assert!(!trouble.help.is_empty() && !trouble.message.ends_with('.'), "{trouble:?}");
        }
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
    }
}

#[test]
fn offline_an_image_that_is_here_is_enough_and_no_step_has_a_way_out() {
    for engine in engines() {
        let mut bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  pull: always\n  commands: ['nslookup deb.debian.org && echo FOUND; true', 'wget -T 3 -O - http://203.0.113.80/ && echo REACHED; true']\n- name: t\n  image: ciworkshop-test/none\n",
        );
        bench.offline = true;
        let machine = bench.machine(engine);
        let (ended, out) = run(&*machine, &bench.job("s"));
        assert_eq!(ended.unwrap(), Ended::Exit(0), "{out}");
        assert!(!out.contains("\nREACHED"), "{out}");
        // Older versions of podman look names up for a container that reaches nobody.
        assert!(engine.name == "podman" || !out.contains("\nFOUND"), "{out}");
        let trouble = run(&*machine, &bench.job("t")).0.unwrap_err();
        assert!(trouble.message.contains("--offline"), "{trouble:?}");
        machine.close().unwrap();
    }
}

#[test]
fn offline_steps_reach_their_services_and_not_what_listens_on_this_machine() {
    // Each address of this machine, among them the one that it would have in the network of the steps.
    let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    let knock = format!(
        "for first in $(ip -4 addr | sed -n 's,.*inet \\([0-9]*\\.[0-9]*\\.[0-9]*\\)\\..*,\\1.1,p') $(ip route | sed -n 's/.*via \\([0-9.]*\\).*/\\1/p'); do echo \"at $first\"; timeout 2 nc -w 1 $first {port} </dev/null; done; true"
    );
    let served = "services:\n- name: web\n  image: IMAGE\n  commands: [mkdir /www, echo served > /www/page, httpd -f -p 8080 -h /www]\n";
    for (engine, services) in engines().iter().flat_map(|it| [(it, ""), (it, served)]) {
        let mut bench =
            Bench::of(&format!("steps:\n- name: s\n  image: IMAGE\n  commands: ['true']\n{services}"));
        bench.offline = true;
        let machine = &*bench.machine(engine);
        let mut job = bench.job("s");
        let fetch = if services.is_empty() { "" } else { "wget -q -O - http://web:8080/page\n" };
        job.script = Some(format!("{fetch}{knock}"));
        let stop = Stop::new();
        thread::scope(|scope| {
            if !services.is_empty() {
                let (service, stop) = (bench.job("web"), stop.clone());
                let serving = service.clone();
                scope.spawn(move || machine.run(&serving, &mut Vec::new(), &stop, &|| {}));
                wait_until("it answers", || machine.answers(&service, &Probe::Port(8080)));
            }
            let (ended, out) = run(machine, &job);
            stop.stop(Why::NoLongerNeeded);
            assert_eq!(ended.unwrap(), Ended::Exit(0), "{out}");
            assert!(out.contains("at 127.0.0.1"), "{out}");
            if !services.is_empty() {
                assert!(out.starts_with("served\n"), "{}: {out}", engine.name);
                assert!(out.matches("at ").count() > 1, "it has an address of its own: {out}");
            }
            // Podman's networks have an address of this machine; that is said when the run begins.
            if engine.name == "docker" || services.is_empty() {
                assert!(listener.accept().is_err(), "{}: {out}", engine.name);
            }
        });
        bench.close_by_sweep(engine);
    }
}

#[test]
fn a_service_is_found_by_its_name_answers_and_ends_with_the_pipeline() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  commands: ['wget -q -O - http://web:8080/page']\nservices:\n- name: web\n  image: IMAGE\n  commands: [mkdir /www, echo served > /www/page, sleep 1, httpd -f -p 8080 -h /www]\n",
        );
        let machine = &*bench.machine(engine);
        let service = bench.job("web");
        let stop = Stop::new();
        thread::scope(|scope| {
            let (sender, started) = std::sync::mpsc::channel();
            let sender = std::sync::Mutex::new(sender);
            let serving = scope.spawn({
                let (service, stop) = (&service, &stop);
                move || {
                    let mut out = Vec::new();
                    machine.run(service, &mut out, stop, &|| sender.lock().unwrap().send(()).unwrap())
                }
            });
            started.recv_timeout(Duration::from_mins(1)).unwrap();
            assert!(machine.answers(&service, &Probe::Command("true".into())), "it is said to be started");
            wait_until("it answers", || machine.answers(&service, &Probe::Port(8080)));
            assert!(!machine.answers(&service, &Probe::Port(8081)));
            assert!(!machine.answers(&service, &Probe::Command("false".into())));
            if engine.knows_names {
                let (ended, out) = run(machine, &bench.job("s"));
                assert_eq!(ended.unwrap(), Ended::Exit(0), "{out}");
                assert!(out.ends_with("served\n"), "{out}");
            } else {
                eprintln!("skipped: the network of {} knows no names here", engine.name);
            }
            stop.stop(Why::NoLongerNeeded);
            assert_eq!(serving.join().unwrap().unwrap(), Ended::Stopped);
        });
        assert!(!machine.answers(&service, &Probe::Port(8080)));
        let left = engine.list(&bench.id, &["ps", "-a", "--format={{.Names}}"]);
        assert!(
            !left.contains(&format!("{}-0-0", bench.id)),
            "the container of the service is removed: {left}"
        );
        bench.close_by_sweep(engine);
    }
}

#[test]
fn a_step_that_ignores_the_request_to_end_or_that_sleeps_is_stopped_at_once() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: deaf\n  image: IMAGE\n  commands: [trap '' TERM INT HUP, echo ready, 'while :; do sleep 1; done']\n- name: frozen\n  image: IMAGE\n  commands: [echo ready, kill -STOP 1 $$, sleep 100]\n- name: paused\n  image: IMAGE\n  commands: [echo ready, sleep 100]\n",
        );
        let machine = bench.machine(engine);
        for name in ["deaf", "frozen", "paused"] {
            let job = bench.job(name);
            let container = format!("ciworkshop-{}-0-{}", bench.id, job.place);
            let (ended, took) = run_and_stop(&*machine, &job, || {
                if name == "paused" {
                    engine.call(&["pause", &container]);
                }
            });
            assert_eq!(ended.unwrap(), Ended::Stopped, "{name}");
            assert!(took < Duration::from_secs(15), "{name} took {took:?}");
            assert_eq!(engine.list(&bench.id, &["ps", "-aq"]), "", "{name} is removed");
        }
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
    }
}

#[test]
fn a_step_that_is_stopped_while_its_container_is_being_made_leaves_none() {
    for engine in engines() {
        let bench = Bench::of("steps:\n- name: s\n  image: IMAGE\n  commands: [sleep 100]\n");
        let machine = bench.machine(engine);
        let bridges = namespaces();
        for (place, delay) in [0, 20, 60, 120, 200, 300].into_iter().enumerate() {
            let mut job = bench.job("s");
            job.place = place;
            let stop = Stop::new();
            thread::scope(|scope| {
                let running = scope.spawn(|| machine.run(&job, &mut io::sink(), &stop, &|| {}));
                thread::sleep(Duration::from_millis(delay));
                stop.stop(Why::InterruptedTwice);
                assert_eq!(running.join().unwrap().unwrap(), Ended::Stopped);
            });
        }
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
        // Other tests run beside this one, and have some as long as they run.
        wait_until("no network is left without an owner", || namespaces() <= bridges);
    }
}

#[test]
fn a_step_out_of_memory_is_told_so() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  mem_limit: 16m\n  memswap_limit: 16m\n  commands: ['head -c 200000000 /dev/zero | tail']\n",
        );
        let machine = bench.machine(engine);
        assert_eq!(run(&*machine, &bench.job("s")).0.unwrap(), Ended::OutOfMemory);
        machine.close().unwrap();
    }
}

#[test]
fn a_fork_bomb_meets_a_limit_and_the_machine_lives() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  commands: ['i=0; while [ $i -lt 6000 ]; do sleep 300 & i=$((i+1)); done']\n",
        );
        let machine = bench.machine(engine);
        let (ended, out) = run(&*machine, &bench.job("s"));
        assert_ne!(ended.unwrap(), Ended::Exit(0), "{out}");
        assert!(out.contains("fork"), "{out}");
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
    }
}

#[test]
fn steps_share_a_temporary_volume_and_it_goes_with_the_pipeline() {
    for engine in engines() {
        let bench = Bench::of(
            "steps:\n- name: s\n  image: IMAGE\n  volumes: [{name: v, path: /v}, {name: nobody, path: /x}]\n  commands: [echo kept > /v/file, test ! -d /x]\n- name: t\n  image: IMAGE\n  volumes: [{name: v, path: /elsewhere}]\n  commands: [cat /elsewhere/file]\nvolumes:\n- {name: v, temp: {}}\n",
        );
        let machine = bench.machine(engine);
        assert_eq!(run(&*machine, &bench.job("s")).0.unwrap(), Ended::Exit(0));
        assert!(run(&*machine, &bench.job("t")).1.ends_with("kept\n"));
        machine.close().unwrap();
        bench.assert_nothing_left(engine);
    }
}

/// Run again by itself, for each engine, and killed in the middle.
#[test]
fn what_a_killed_run_leaves_is_swept_away_by_the_next() {
    const AGAIN: &str = "CIWORKSHOP_TEST_KILLED";
    const PIPELINE: &str = "steps:\n- name: s\n  image: IMAGE\n  volumes: [{name: v, path: /v}]\n  commands: [sleep 1000]\nvolumes:\n- {name: v, temp: {}}\n";
    if let Ok(name) = std::env::var(AGAIN) {
        let engine = engines().iter().find(|it| it.name == name).unwrap();
        let bench = Bench::of(PIPELINE);
        let _ = run(&*bench.machine(engine), &bench.job("s"));
        return;
    }
    for engine in engines() {
        let folder = tempfile::tempdir().unwrap();
        let mut killed = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "what_a_killed_run_leaves_is_swept_away_by_the_next"])
            .env(AGAIN, engine.name)
            .env("TMPDIR", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let id = format!("test-{}-0", killed.id());
        wait_until("its step runs", || {
            !engine.list(&id, &["ps", "-q", "--filter=status=running"]).is_empty()
        });
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(!engine.list(&id, &["volume", "ls", "-q"]).is_empty(), "there is something to sweep");
        let next = container::find_named(engine.name, &variables()).unwrap();
        next.sweep(&id, folder.path()).unwrap();
        assert_nothing_left(engine, &id);
        // Once more, as when two programs start at once.
        next.sweep(&id, folder.path()).unwrap();
    }
}

#[test]
fn values_are_on_no_command_line() {
    for engine in engines() {
        let bench = Bench::of("steps:\n- name: s\n  image: IMAGE\n  commands: [echo ready, sleep 100]\n");
        let machine = bench.machine(engine);
        let mut job = bench.job("s");
        job.environment.push(("TOKEN".into(), "0d15ea5e-secret".into()));
        job.environment.push(("HTTP_PROXY".into(), "http://u:0d15ea5e-secret@p".into()));
        let mut seen = 0;
        run_and_stop(&*machine, &job, || {
            for line in processes() {
                seen += usize::from(line.contains("--env=TOKEN"));
                assert!(!line.contains("0d15ea5e"), "{line}");
            }
        })
        .0
        .unwrap();
        assert!(seen > 0, "the client runs");
        assert!(fs::read_dir(bench.folder.path()).unwrap().count() == 1, "only the workspace is left");
        machine.close().unwrap();
    }
}

#[test]
fn much_output_is_passed_on_whole() {
    const SIZE: usize = 100_000_000;
    for engine in engines() {
        let bench = Bench::of(&format!(
            "steps:\n- name: s\n  image: IMAGE\n  command: [head, -c, '{SIZE}', /dev/zero]\n"
        ));
        let machine = bench.machine(engine);
        let mut count = Count(0);
        let began = Instant::now();
        let ended = machine.run(&bench.job("s"), &mut count, &Stop::new(), &|| {}).unwrap();
        eprintln!("{}: {} MB in {:?}", engine.name, SIZE / 1_000_000, began.elapsed());
        assert_eq!(ended, Ended::Exit(0));
        assert!((SIZE..SIZE + 100).contains(&count.0), "{}", count.0);
        machine.close().unwrap();
    }
}

#[test]
fn output_that_cannot_be_written_ends_the_step_and_says_why() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for engine in engines() {
        let bench = Bench::of("steps:\n- name: s\n  image: IMAGE\n  command: [yes]\n");
        let machine = bench.machine(engine);
        let trouble = machine.run(&bench.job("s"), &mut Full, &Stop::new(), &|| {}).unwrap_err();
        assert!(trouble.help.contains("make room"), "{trouble:?}");
        assert_eq!(engine.list(&bench.id, &["ps", "-aq"]), "");
        machine.close().unwrap();
    }
}

/// Run again by itself as another user: what containers leave as root, that user must be able to remove.
#[test]
fn files_of_root_in_the_workspace_can_be_removed_by_a_user_who_is_not_root() {
    const AGAIN: &str = "CIWORKSHOP_TEST_AS_USER";
    if std::env::var_os(AGAIN).is_none() && user() == 0 {
        let Some(_) = engines().iter().find(|it| it.name == "docker") else { return };
        return as_nobody("files_of_root_in_the_workspace_can_be_removed_by_a_user_who_is_not_root", AGAIN);
    }
    let Some(engine) = engines().iter().find(|it| it.name == "docker") else { return };
    let bench = Bench::of(
        "steps:\n- name: s\n  image: IMAGE\n  commands: [mkdir -p a/b, touch a/b/c, chmod 700 a, ln -s /bin a/l]\n",
    );
    let machine = bench.machine(engine);
    assert_eq!(run(&*machine, &bench.job("s")).0.unwrap(), Ended::Exit(0));
    assert!(fs::remove_dir_all(bench.workspace().join("a")).is_err(), "root made it");
    machine.close().unwrap();
    assert_eq!(fs::metadata(bench.workspace().join("a/b/c")).unwrap().uid(), user());
    fs::remove_dir_all(bench.workspace().join("a")).unwrap();
    bench.assert_nothing_left(engine);
}

#[test]
fn without_an_engine_the_cause_and_the_next_step_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let find = |script: &str| {
        fake(folder.path(), script);
        container::find(&BTreeMap::from([("PATH".into(), folder.path().to_str().unwrap().into())]))
            .unwrap_err()
    };
    let silent = find(
        "echo 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?' >&2; exit 1",
    );
    assert!(silent.message.contains("no engine answers: Cannot connect"), "{silent:?}");
    assert!(
        silent.help.contains("start the engine") && silent.help.contains("--backend bubblewrap"),
        "{silent:?}"
    );
    let denied = find(
        "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///x: dial unix /x: connect: permission denied' >&2; exit 1",
    );
    assert!(denied.help.contains("your user"), "{denied:?}");
    fs::remove_file(folder.path().join("docker")).unwrap();
    let nothing = container::find(&BTreeMap::from([("PATH".into(), folder.path().to_str().unwrap().into())]))
        .unwrap_err();
    assert!(
        nothing.message.contains("neither") && nothing.help.contains("--backend bubblewrap"),
        "{nothing:?}"
    );
}

#[test]
fn an_engine_that_vanishes_while_a_step_runs_is_a_trouble_and_no_exit_code() {
    const GONE: &str = "error during connect: Post \"http://x\": EOF";
    let folder = tempfile::tempdir().unwrap();
    let script = r#"case "$1" in
version) echo '{"Client":{"Version":"1"},"Server":{"Version":"2"}}' ;;
context) echo unix:///fake ;;
run) touch "$0.dead"; echo working; echo 'GONE' >&2; exit 1 ;;
*) [ ! -e "$0.dead" ] || { echo 'GONE' >&2; exit 1; } ;;
esac"#;
    fake(folder.path(), &script.replace("GONE", GONE));
    let path = format!("{}:/bin:/usr/bin", folder.path().display());
    let engine = container::find_named("docker", &BTreeMap::from([("PATH".into(), path)])).unwrap();
    assert_eq!(engine.describe().title, "docker 1, engine 2 at unix:///fake");
    let bench = Bench::of("steps:\n- name: s\n  image: IMAGE\n  commands: [a]\n");
    let machine = bench.order(|order| engine.prepare(order, &mut io::sink())).unwrap();
    let (ended, out) = run(&*machine, &bench.job("s"));
    let trouble = ended.expect_err(&out);
    assert!(trouble.message.contains("error during connect"), "{trouble:?}");
    assert!(trouble.help.contains("start the engine"), "{trouble:?}");
    assert!(machine.close().is_err(), "what is left cannot be removed");
}

/// An engine that answers, with the image of the tests.
struct Engine {
    name: &'static str,
    container: Container,
    knows_names: bool,
}

impl Engine {
    fn call(&self, arguments: &[&str]) -> String {
        let output = Command::new(self.name).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What there is with the label of a run.
    fn list(&self, id: &str, asked: &[&str]) -> String {
        let filter = format!("--filter=label=ciworkshop.run={id}");
        let mut arguments = asked.to_vec();
        arguments.push(&filter);
        self.call(&arguments)
    }
}

/// A pipeline of a file, its folders, and the id of a run.
struct Bench {
    id: String,
    folder: tempfile::TempDir,
    manifest: Manifest,
    build: Build,
    offline: bool,
}

impl Bench {
    fn of(pipeline: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let text = format!("kind: pipeline\nname: p\n{}", pipeline.replace("IMAGE", IMAGE));
        let (manifest, problems) = pipeline::read(&SourceFile::new(".drone.yml", text));
        assert!(problems.is_empty(), "{problems:?}");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("workspace")).unwrap();
        let id = format!("test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { id, folder, manifest, build: Build::new(Event::Push), offline: false }
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn order<R>(&self, then: impl FnOnce(&MachineOrder<'_>) -> R) -> R {
        then(&MachineOrder {
            run: &self.id,
            number: 0,
            pipeline: self.manifest.pipelines().next().unwrap(),
            build: &self.build,
            folder: self.folder.path(),
            workspace: &self.workspace(),
            base: "/drone/src",
            offline: self.offline,
        })
    }

    fn machine(&self, engine: &Engine) -> Box<dyn Machine> {
        self.order(|order| engine.container.prepare(order, &mut io::sink())).unwrap()
    }

    fn job(&self, name: &str) -> Job {
        let pipeline = self.manifest.pipelines().next().unwrap();
        let all = pipeline.services.iter().chain(&pipeline.steps);
        let (place, step) = all.enumerate().find(|it| it.1.name() == name).unwrap();
        let service = place < pipeline.services.len();
        let script = step.commands.as_ref().map(|it| plan::script(it.iter().map(|it| it.value.as_str())));
        let value = |it: &Variable| match it {
            Variable::Value(text) | Variable::Secret(text) => text.value.clone(),
        };
        Job {
            name: name.to_owned(),
            role: if service { Role::Service } else { Role::Step },
            place,
            step: step.clone(),
            folder: script.is_some().then(|| "/drone/src".to_owned()),
            script,
            environment: step.environment.iter().map(|it| (it.0.value.clone(), value(&it.1))).collect(),
        }
    }

    fn close_by_sweep(&self, engine: &Engine) {
        engine.container.sweep(&self.id, self.folder.path()).unwrap();
        self.assert_nothing_left(engine);
    }

    fn assert_nothing_left(&self, engine: &Engine) {
        assert_nothing_left(engine, &self.id);
    }
}

fn assert_nothing_left(engine: &Engine, id: &str) {
    for asked in [&["ps", "-aq"][..], &["volume", "ls", "-q"], &["network", "ls", "-q"]] {
        assert_eq!(engine.list(id, asked), "", "{} {asked:?}", engine.name);
    }
    // Neither a client nor, with podman, the helper of a container.
    wait_until("all its processes have ended", || !processes().any(|it| it.contains(id)));
}

/// How many networks of containers podman has left mounted.
fn namespaces() -> usize {
    fs::read_dir("/run/netns").map_or(0, Iterator::count)
}

/// The arguments of all processes.
fn processes() -> impl Iterator<Item = String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.map(|it| fs::read(it.path().join("cmdline")).unwrap_or_default());
    lines.map(|it| String::from_utf8_lossy(&it).into_owned())
}

impl Drop for Bench {
    fn drop(&mut self) {
        // A test that failed leaves nothing either.
        for engine in engines().iter().filter(|_| thread::panicking()) {
            let _ = engine.container.sweep(&self.id, self.folder.path());
        }
    }
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn run(machine: &dyn Machine, job: &Job) -> (Result<Ended, Trouble>, String) {
    let mut out = Vec::new();
    let ended = machine.run(job, &mut out, &Stop::new(), &|| {});
    // Where there is no syslog, some versions of podman's network say so each time.
    let out = String::from_utf8(out).unwrap().replace("failed to connect to syslog: Initialization\n", "");
    (ended, out)
}

/// Runs a step that says `ready`; then does something, and stops it. Also how long the end took.
fn run_and_stop(machine: &dyn Machine, job: &Job, then: impl FnOnce()) -> (Result<Ended, Trouble>, Duration) {
    let stop = Stop::new();
    let (reader, mut writer) = io::pipe().unwrap();
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            let ended = machine.run(job, &mut writer, &stop, &|| {});
            drop(writer);
            ended
        });
        let mut lines = io::BufRead::lines(io::BufReader::new(reader));
        assert!(lines.any(|it| it.unwrap() == "ready"), "it says that it is ready");
        then();
        let before = Instant::now();
        stop.stop(Why::Interrupted);
        (running.join().unwrap(), before.elapsed())
    })
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let before = Instant::now();
    while !done() {
        assert!(before.elapsed() < Duration::from_mins(1), "never: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn variables() -> BTreeMap<String, String> {
    std::env::vars().collect()
}

fn user() -> u32 {
    fs::metadata("/proc/self").unwrap().uid()
}

/// A `docker` that is a shell script.
fn fake(folder: &Path, script: &str) {
    let path = folder.join("docker");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// All engines that can run the image of the tests.
fn engines() -> &'static [Engine] {
    static ENGINES: OnceLock<Vec<Engine>> = OnceLock::new();
    let engines = ENGINES.get_or_init(|| {
        ["docker", "podman"]
            .into_iter()
            .filter_map(|it| engine(it).map_err(|why| eprintln!("skipped: {why}")).ok())
            .collect()
    });
    if engines.is_empty() {
        eprintln!("skipped: no container engine");
        assert_ne!(
            std::env::var("CIWORKSHOP_TEST_ENGINE").as_deref(),
            Ok("required"),
            "an engine is required"
        );
    }
    engines
}

fn engine(name: &'static str) -> Result<Engine, String> {
    let container = container::find_named(name, &variables()).map_err(|it| it.to_string())?;
    let call = |arguments: &[&str]| -> Result<String, String> {
        let output = Command::new(name).args(arguments).output().map_err(|it| it.to_string())?;
        let said = |it: &[u8]| String::from_utf8_lossy(it).trim().to_owned();
        if output.status.success() {
            Ok(said(&output.stdout))
        } else {
            Err(format!("{name}: {}", said(&output.stderr)))
        }
    };
    if call(&["image", "inspect", IMAGE]).is_err() {
        import(name)?;
    }
    call(&["run", "--rm", "--network=none", IMAGE, "true"])?;
    let network = format!("ciworkshop-test-{}", std::process::id());
    call(&["network", "create", &network])?;
    let own = format!("--network={network}");
    let found = call(&["run", "--rm", &own, "--network-alias=me", IMAGE, "nslookup", "me"]);
    call(&["network", "rm", &network])?;
    Ok(Engine { name, container, knows_names: found.is_ok() })
}

/// Makes the image of the tests from the busybox of this machine.
fn import(name: &str) -> Result<(), String> {
    let busybox = Path::new("/bin/busybox");
    let listed =
        Command::new(busybox).arg("--list").output().map_err(|_| "busybox-static is missing".to_owned())?;
    let root = tempfile::tempdir().unwrap();
    for folder in ["bin", "etc", "tmp"] {
        fs::create_dir(root.path().join(folder)).unwrap();
    }
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::copy(busybox, root.path().join("bin/busybox")).unwrap();
    for program in String::from_utf8(listed.stdout).unwrap().lines().filter(|it| *it != "busybox") {
        symlink("busybox", root.path().join("bin").join(program)).unwrap();
    }
    let packing =
        Command::new("tar").args(["c", "."]).current_dir(root.path()).stdout(Stdio::piped()).spawn();
    let mut packing = packing.map_err(|it| format!("tar: {it}"))?;
    let tar = packing.stdout.take().unwrap();
    let output = Command::new(name)
        .args(["import", "--change", "CMD [\"/bin/sh\"]", "-", IMAGE])
        .stdin(tar)
        .output()
        .map_err(|it| it.to_string())?;
    packing.wait().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Runs one test of this file again as a user who is not root, and may speak to the engine.
fn as_nobody(test: &str, again: &str) {
    let Ok(socket) = fs::metadata("/var/run/docker.sock") else {
        return eprintln!("skipped: the engine is not at its usual place");
    };
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = folder.path().join("tests");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let group = format!("--groups={}", socket.gid());
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", &group, "--"])
        .arg(&program)
        .args(["--exact", test, "--nocapture"])
        .env(again, "1")
        .env("TMPDIR", folder.path())
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .output();
    let Ok(output) = output else { return eprintln!("skipped: setpriv is missing") };
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
