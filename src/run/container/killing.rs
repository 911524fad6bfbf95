//! A word to stop → the container is killed, and its client with it only when the engine hangs.
//!
//! A client that is killed while it makes a container leaves what nobody knows of: with Podman, which has no engine
//! beside it, a process and a network without an owner.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::run::container::client::Client;
use crate::run::process::{Stop, Why};

/// How long an engine has to end a container.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same for somebody who asked twice.
const LITTLE_PATIENCE: Duration = Duration::from_secs(3);
/// How often one looks.
const LOOK: Duration = Duration::from_millis(50);

/// How the container of one step is ended.
#[derive(Debug)]
pub(super) struct Killing {
    client: Arc<Client>,
    container: String,
    begun: AtomicBool,
    hurry: AtomicBool,
    /// True as soon as the client has ended.
    pub over: AtomicBool,
    /// Stopped when there is nothing left but to kill the client.
    pub give_up: Stop,
}

impl Killing {
    pub(super) fn of(client: &Arc<Client>, container: String) -> Self {
        Self {
            client: Arc::clone(client),
            container,
            begun: AtomicBool::default(),
            hurry: AtomicBool::default(),
            over: AtomicBool::default(),
            give_up: Stop::new(),
        }
    }

    /// Begins, and does not wait: others want to be stopped too.
    pub(super) fn begin(self: &Arc<Self>, why: Why) {
        self.hurry.fetch_or(why == Why::InterruptedTwice, Ordering::SeqCst);
        if self.begun.swap(true, Ordering::SeqCst) {
            return;
        }
        let killing = Arc::clone(self);
        thread::spawn(move || killing.go_on());
        let killing = Arc::clone(self);
        thread::spawn(move || killing.watch());
    }

    /// Kills the container. It may not be there yet, so this is tried until the client is over.
    fn go_on(&self) {
        while !self.is_over() {
            let Ok(answer) = self.client.call_within(PATIENCE, ["kill", &self.container]) else { return };
            if answer.good {
                return;
            }
            if answer.err.contains("paused") {
                // Nothing that is frozen can die.
                let _ = self.client.call_within(PATIENCE, ["unpause", &self.container]);
            }
            thread::sleep(LOOK);
        }
    }

    fn watch(&self) {
        let began = Instant::now();
        while !self.is_over() {
            let patience = if self.hurry.load(Ordering::SeqCst) { LITTLE_PATIENCE } else { PATIENCE };
            if began.elapsed() > patience {
                return self.give_up.stop(Why::InterruptedTwice);
            }
            thread::sleep(LOOK);
        }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst) || self.give_up.is_stopped()
    }
}
