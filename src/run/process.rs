//! One child process and all its children: its output goes to a writer as it comes, and it can be stopped at any time.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::run::backend::Ended;

/// How long a process has to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(2);

/// How much output is read at once.
const CHUNK: usize = 64 * 1024;

/// Why something is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is no longer needed: the pipeline of a service is over.
    NoLongerNeeded,
    /// Another step failed with `failure: fail-fast`.
    FailFast,
    /// The time for the pipeline is over.
    TimedOut,
    /// A person stopped the run.
    Interrupted,
    /// A person stopped the run a second time: there is no time to end well.
    InterruptedTwice,
}

const REASONS: [Why; 5] =
    [Why::NoLongerNeeded, Why::FailFast, Why::TimedOut, Why::Interrupted, Why::InterruptedTwice];

/// A word to stop, for one thing or for many: what is stopped takes all its children along.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// 0, or one more than the place of the strongest reason so far.
    why: AtomicU8,
    children: Mutex<Vec<Weak<Inner>>>,
    /// Called once each, when it is stopped.
    hooks: Mutex<Vec<Hook>>,
}

struct Hook(u64, Box<dyn Fn(Why) + Send>);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({})", self.0)
    }
}

impl Stop {
    /// One that nothing has stopped yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One that is stopped with this one, and can be stopped alone.
    #[must_use]
    pub fn child(&self) -> Self {
        let child = Self::new();
        lock(&self.0.children).push(Arc::downgrade(&child.0));
        if let Some(why) = self.why() {
            child.stop(why);
        }
        child
    }

    /// Why it is stopped; `None` as long as it is not.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        let why = self.0.why.load(Ordering::SeqCst);
        why.checked_sub(1).map(|it| REASONS[usize::from(it)])
    }

    /// True when it is stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.why().is_some()
    }

    /// Stops it. A stronger reason replaces a weaker one.
    pub fn stop(&self, why: Why) {
        let number = REASONS.iter().position(|it| *it == why).unwrap_or(0) + 1;
        let number = u8::try_from(number).unwrap_or(u8::MAX);
        if self.0.why.fetch_max(number, Ordering::SeqCst) >= number {
            return;
        }
        for hook in lock(&self.0.hooks).iter() {
            (hook.1)(why);
        }
        let children: Vec<Arc<Inner>> = lock(&self.0.children).iter().filter_map(Weak::upgrade).collect();
        for child in children {
            Self(child).stop(why);
        }
    }

    /// Calls `hook` each time that a (stronger) reason to stop comes, and now if there is one already, until the answer
    /// is dropped.
    #[must_use = "the hook is gone when this is dropped"]
    pub fn when_stopped(&self, hook: impl Fn(Why) + Send + 'static) -> WhenStopped {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut hooks = lock(&self.0.hooks);
        if let Some(why) = self.why() {
            hook(why);
        }
        hooks.push(Hook(id, Box::new(hook)));
        drop(hooks);
        WhenStopped { stop: Self(Arc::clone(&self.0)), id }
    }
}

/// A hook of a [`Stop`]; gone when dropped.
#[derive(Debug)]
pub struct WhenStopped {
    stop: Stop,
    id: u64,
}

impl Drop for WhenStopped {
    fn drop(&mut self) {
        lock(&self.stop.0.hooks).retain(|it| it.0 != self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a command until it ends, with standard output and standard error going to `out` in the order in which they are
/// written. Its standard input is what the command says, and nothing unless it says so.
///
/// It runs in a process group of its own. When it ends, the rest of the group is killed: nothing of a step outlives it.
/// When `stop` says so, the group is asked to end, and killed two seconds later.
///
/// # Errors
/// The command could not be started, or `out` could not be written; in the latter case it is killed first.
pub fn run(
    command: &mut Command,
    out: &mut (dyn Write + Send),
    stop: &Stop,
    started: &(dyn Fn() + Sync),
) -> io::Result<Ended> {
    run_and_end(command, out, stop, started, &|| {})
}

/// As [`run`]; `over` is called when the command is over and its group is killed, while its output is still read. It
/// must end what has left the group: as long as one of those can write, the output has no end.
pub fn run_and_end(
    command: &mut Command,
    out: &mut (dyn Write + Send),
    stop: &Stop,
    started: &(dyn Fn() + Sync),
    over: &(dyn Fn() + Sync),
) -> io::Result<Ended> {
    if stop.is_stopped() {
        return Ok(Ended::Stopped);
    }
    let (mut reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    own_group(command);
    let mut child = command.spawn()?;
    // The command holds the writing ends; as long as it does, reading would never come to an end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    started();
    let group = Group::of(&child);
    let waited = Arc::new(AtomicBool::new(false));
    let hook = {
        let waited = Arc::clone(&waited);
        stop.when_stopped(move |why| group.end(why, &waited))
    };
    let (status, copied) = std::thread::scope(|scope| {
        let copying = scope.spawn(|| {
            let copied = copy(&mut reader, out);
            if copied.is_err() {
                group.kill();
            }
            copied
        });
        let status = child.wait();
        waited.store(true, Ordering::SeqCst);
        group.kill();
        over();
        (status, copying.join())
    });
    drop(hook);
    copied.unwrap_or_else(|_| Err(io::Error::other("the output could not be passed on")))?;
    let status = status?;
    Ok(if stop.is_stopped() && !status.success() { Ended::Stopped } else { Ended::Exit(code(status)) })
}

fn copy(reader: &mut impl Read, out: &mut dyn Write) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return out.flush(),
            Ok(length) => out.write_all(&chunk[..length])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The exit code as a shell gives it.
#[cfg(unix)]
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|it| 128 + it)).unwrap_or(-1)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(-1)
}

/// A Ctrl-C of the user does not reach the command.
#[cfg(unix)]
pub(in crate::run) fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
pub(in crate::run) fn own_group(_: &mut Command) {}

/// The process group of a child.
#[derive(Clone, Copy)]
struct Group(u32);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id())
    }

    /// Asks all to end; those that have not ended after the grace are killed.
    fn end(self, why: Why, over: &Arc<AtomicBool>) {
        if why == Why::InterruptedTwice {
            self.kill();
            return;
        }
        self.ask();
        let over = Arc::clone(over);
        // The caller must not wait: others want to be stopped too.
        std::thread::spawn(move || {
            let deadline = Instant::now() + GRACE;
            while Instant::now() < deadline {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            if !over.load(Ordering::SeqCst) {
                self.kill();
            }
        });
    }

    #[cfg(unix)]
    fn ask(self) {
        self.send(rustix::process::Signal::TERM);
    }

    #[cfg(unix)]
    fn kill(self) {
        self.send(rustix::process::Signal::KILL);
    }

    #[cfg(unix)]
    fn send(self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.0).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            // That nothing of the group is left is what is wanted.
            let _ = rustix::process::kill_process_group(id, signal);
        }
    }

    #[cfg(not(unix))]
    fn ask(self) {
        self.kill();
    }

    /// Windows has no process groups; its own program ends a process with its children.
    #[cfg(not(unix))]
    fn kill(self) {
        let _ = Command::new("taskkill").args(["/T", "/F", "/PID", &self.0.to_string()]).output();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null());
        command
    }

    fn run_it(script: &str, stop: &Stop) -> (Ended, String) {
        let mut out = Vec::new();
        let ended = run(&mut shell(script), &mut out, stop, &|| {}).unwrap();
        (ended, String::from_utf8(out).unwrap())
    }

    #[test]
    fn output_and_exit_code_are_those_of_the_command() {
        let (ended, out) = run_it("echo one; echo two >&2; echo three; exit 7", &Stop::new());
        assert_eq!((ended, out.as_str()), (Ended::Exit(7), "one\ntwo\nthree\n"));
        assert_eq!(run_it("kill -9 $$", &Stop::new()).0, Ended::Exit(137));
    }

    #[test]
    fn what_a_command_leaves_running_is_killed_when_it_ends() {
        let before = Instant::now();
        let (ended, out) = run_it("sleep 60 & echo $!", &Stop::new());
        assert!(before.elapsed() < Duration::from_secs(10));
        assert_eq!(ended, Ended::Exit(0));
        let left = std::path::Path::new("/proc").join(out.trim()).join("cmdline");
        let gone = || std::fs::read(&left).map_or(true, |it| it.is_empty());
        assert!((0..100).any(|_| gone() || {
            std::thread::sleep(Duration::from_millis(20));
            false
        }));
    }

    #[test]
    fn a_command_is_stopped_also_when_it_ignores_the_request() {
        for script in ["sleep 60", "trap '' TERM; echo ready; while :; do sleep 1; done"] {
            let stop = Stop::new();
            let child = stop.child();
            let ended = std::thread::scope(|scope| {
                let running = scope.spawn(|| run_it(script, &child));
                std::thread::sleep(Duration::from_millis(200));
                stop.stop(Why::Interrupted);
                running.join().unwrap().0
            });
            assert_eq!(ended, Ended::Stopped, "{script}");
            assert_eq!(child.why(), Some(Why::Interrupted));
        }
    }

    #[test]
    fn what_was_stopped_before_does_not_start() {
        let stop = Stop::new();
        stop.stop(Why::FailFast);
        assert_eq!(run_it("echo no", &stop.child()), (Ended::Stopped, String::new()));
    }

    #[test]
    fn a_writer_that_fails_ends_the_command() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = run(&mut shell("yes"), &mut Full, &Stop::new(), &|| {}).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
