//! Ctrl-C and its kin → a word to stop. The first asks everything to end, the second ends it at once; both clean up.

use crate::run::process::{Stop, Why};

/// Listens until it is dropped.
pub(in crate::cli) struct Signals {
    #[cfg(unix)]
    handle: signal_hook::iterator::Handle,
    #[cfg(unix)]
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Signals {
    /// Begins to listen for interrupt, termination and hang-up.
    #[cfg(unix)]
    pub(in crate::cli) fn listen(stop: &Stop) -> std::io::Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let handle = signals.handle();
        let stop = stop.clone();
        let thread = std::thread::spawn(move || {
            for (before, _) in signals.forever().enumerate() {
                stop.stop(if before == 0 { Why::Interrupted } else { Why::InterruptedTwice });
            }
        });
        Ok(Self { handle, thread: Some(thread) })
    }

    #[cfg(not(unix))]
    pub(in crate::cli) fn listen(_: &Stop) -> std::io::Result<Self> {
        Ok(Self {})
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
