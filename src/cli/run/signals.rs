//! Ctrl-C and its kin → an end that leaves nothing behind.
//!
//! Before the first step they end the program at once: nothing runs yet, and a question may wait for an answer. Only
//! what is [writing](Signals::while_writing) is waited for, or it would write into the folder that is being removed.
//! From [`Signals::stop`] on, the first asks everything to end and the second ends it at once; both clean up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::run::process::Stop;

/// How long a signal waits for what is writing. A terminal's Ctrl-C ends git itself, so that only `kill` comes to it.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

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
struct Stage {
    state: Arc<Mutex<State>>,
    /// Held while files are written.
    writing: Arc<Mutex<()>>,
}

enum State {
    /// Ends the program, and removes a folder before.
    Early(Option<PathBuf>),
    /// Stops the run.
    Running(Stop),
}

impl Stage {
    fn get(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signals {
    /// Begins to listen for interrupt, termination and hang-up.
    ///
    /// # Errors
    /// The system refuses to tell of them.
    pub(in crate::cli) fn listen() -> std::io::Result<Self> {
        let stage = Stage { state: Arc::new(Mutex::new(State::Early(None))), writing: Arc::default() };
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

    /// Does what writes into the folder, or has a program do it. A signal lets it come to its end.
    pub(in crate::cli) fn while_writing<T>(&self, write: impl FnOnce() -> T) -> T {
        let _writing = self.stage.writing.lock().unwrap_or_else(PoisonError::into_inner);
        write()
    }

    /// From now on, a signal stops the run.
    pub(in crate::cli) fn stop(&self, stop: &Stop) {
        *self.stage.get() = State::Running(stop.clone());
    }
}

#[cfg(unix)]
impl Stage {
    fn heard(&self) {
        if let State::Running(stop) = &*self.get() {
            return ask_to_stop(stop);
        }
        // Held until the end: nothing begins to write any more. What was writing may have gone on to the next stage.
        let _writing = self.wait_for_writing();
        match &*self.get() {
            State::Running(stop) => ask_to_stop(stop),
            State::Early(folder) => {
                crate::cli::run::ask::show_typing();
                if let Some(folder) = folder {
                    let _ = crate::run::ledger::remove(folder);
                }
                std::process::exit(crate::cli::Exit::Interrupted.code().into());
            }
        }
    }

    /// `None` when it takes longer than anyone wants to wait.
    fn wait_for_writing(&self) -> Option<MutexGuard<'_, ()>> {
        use std::sync::TryLockError;
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            match self.writing.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
                Err(TryLockError::WouldBlock) if std::time::Instant::now() > deadline => return None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        }
    }
}

#[cfg(unix)]
fn ask_to_stop(stop: &Stop) {
    use crate::run::process::Why;
    stop.stop(if stop.is_stopped() { Why::InterruptedTwice } else { Why::Interrupted });
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
