//! Ctrl-C and its kin → an end that leaves nothing behind.
//!
//! Before the first step they end the program at once: nothing runs yet, and a question may wait for an answer. From
//! [`Signals::stop`] on, the first asks everything to end and the second ends it at once; both clean up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::run::process::Stop;

/// Listens until it is dropped.
pub(in crate::cli) struct Signals {
    stage: Stage,
    #[cfg(unix)]
    handle: signal_hook::iterator::Handle,
    #[cfg(unix)]
    thread: Option<std::thread::JoinHandle<()>>,
}

/// What a signal does now.
#[derive(Clone)]
struct Stage(Arc<Mutex<State>>);

enum State {
    /// Ends the program, and removes a folder before.
    Early(Option<PathBuf>),
    /// Stops the run.
    Running(Stop),
}

impl Stage {
    fn get(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signals {
    /// Begins to listen for interrupt, termination and hang-up.
    ///
    /// # Errors
    /// The system refuses to tell of them.
    pub(in crate::cli) fn listen() -> std::io::Result<Self> {
        let stage = Stage(Arc::new(Mutex::new(State::Early(None))));
        #[cfg(unix)]
        {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
            let handle = signals.handle();
            let here = stage.clone();
            let thread = std::thread::spawn(move || signals.forever().for_each(|_| here.heard()));
            Ok(Self { stage, handle, thread: Some(thread) })
        }
        #[cfg(not(unix))]
        Ok(Self { stage })
    }

    /// From now on, a signal that ends the program removes this folder first.
    pub(in crate::cli) fn remove(&self, folder: &Path) {
        *self.stage.get() = State::Early(Some(folder.to_owned()));
    }

    /// From now on, a signal stops the run.
    pub(in crate::cli) fn stop(&self, stop: &Stop) {
        *self.stage.get() = State::Running(stop.clone());
    }
}

#[cfg(unix)]
impl Stage {
    fn heard(&self) {
        use crate::run::process::Why;
        match &*self.get() {
            State::Running(stop) if stop.is_stopped() => stop.stop(Why::InterruptedTwice),
            State::Running(stop) => stop.stop(Why::Interrupted),
            State::Early(folder) => {
                crate::cli::run::ask::show_typing();
                // What a child is writing now can come in between.
                if let Some(folder) = folder {
                    let mut tries = (0..10).map(|_| crate::run::ledger::remove(folder));
                    let _ = tries.find(Result::is_ok);
                }
                std::process::exit(crate::cli::Exit::Interrupted.code().into());
            }
        }
    }
}

#[cfg(unix)]
impl Drop for Signals {
    fn drop(&mut self) {
        self.handle.close();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
