//! How many steps run at once, over all pipelines of a run.

use std::sync::{Mutex, PoisonError};

/// Places for steps that run. Services need none: they would keep it for ever.
pub(super) struct Slots(Mutex<usize>);

impl Slots {
    /// So many, and at least one.
    pub(super) fn new(count: usize) -> Self {
        Self(Mutex::new(count.max(1)))
    }

    /// Takes one, if one is free.
    pub(super) fn take(&self) -> bool {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = *free > 0;
        *free -= usize::from(taken);
        taken
    }

    /// Gives one back.
    pub(super) fn give(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }
}
