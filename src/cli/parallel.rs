//! Items and a function → their results in the same order, worked out on all cores; and files answered that way.

use std::io::Write;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::cli::input::read_sources;
use crate::cli::{Exit, Failure, World};
use crate::engine::source::SourceFile;

/// Reads the files, or the `.drone.yml` here or above, and prints what `answer` says of each, in the order given. Its
/// flag says that there is something to complain about.
pub(super) fn answer_each(
    files: Vec<PathBuf>,
    world: &mut World,
    answer: impl Fn(&SourceFile) -> (String, bool) + Sync,
) -> Result<Exit, Failure> {
    let (sources, mut exit) = read_sources(world, files)?;
    for (text, refused) in map(&sources, |it| it.text().len(), answer) {
        world.out.write_all(text.as_bytes())?;
        if refused && exit == Exit::Clean {
            exit = Exit::Findings;
        }
    }
    Ok(exit)
}

/// Applies `work` to every item. The heaviest items come first, so that no core is left with a big one at the end.
pub(super) fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    weight: impl Fn(&T) -> usize,
    work: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    if cores <= 1 {
        return items.iter().map(work).collect();
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|it| std::cmp::Reverse(weight(&items[*it])));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(&items[*index]);
                    // A poisoned lock means that another worker panicked: its panic ends the scope anyway.
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((*index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1_000).collect();
        let squares = super::map(&items, |it| it % 7, |it| it * it);
        assert!(squares.iter().enumerate().all(|(at, it)| *it == at * at));
        assert_eq!(super::map(&[] as &[usize], |_| 0, |it| *it), Vec::<usize>::new());
    }
}
