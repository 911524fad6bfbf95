//! Nodes that wait for others → the order in which they start, in waves. Knows nothing of steps or pipelines.

/// How long a node keeps those that wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// They start in the same wave: it is skipped, or started and not waited for.
    NoTime,
    /// They start in the next wave.
    OneWave,
}

/// What is being ordered. Each node is a number from 0.
pub(super) trait Nodes {
    /// How many there are.
    fn count(&self) -> usize;
    /// Those that it waits for.
    fn after(&self, node: usize) -> &[usize];
    /// All it waits for is done: it starts, or is skipped.
    fn start(&mut self, node: usize, wave: usize) -> Takes;
    /// Everything that started in this wave is done.
    fn wave_ends(&mut self);
    /// It waits in a circle, or for one that does, and never starts.
    fn never_starts(&mut self, node: usize);
}

/// Starts every node when all that it waits for is done. Takes time in proportion to nodes and edges.
pub(super) fn run(nodes: &mut impl Nodes) {
    let mut waiting = Waiting::of(nodes);
    let mut starting = waiting.first();
    let mut wave = 0;
    while !starting.is_empty() {
        let mut running = Vec::new();
        let mut at = 0;
        while let Some(node) = starting.get(at).copied() {
            at += 1;
            match nodes.start(node, wave) {
                Takes::NoTime => waiting.release(node, &mut starting),
                Takes::OneWave => running.push(node),
            }
        }
        nodes.wave_ends();
        starting.clear();
        for node in running {
            waiting.release(node, &mut starting);
        }
        wave += 1;
    }
    for node in waiting.left() {
        nodes.never_starts(node);
    }
}

/// Who waits for whom, turned round: all followers in one list, those of a node from `first[node]` on.
pub(super) struct Waiting {
    open: Vec<usize>,
    first: Vec<usize>,
    followers: Vec<usize>,
}

impl Waiting {
    pub(super) fn of(nodes: &impl Nodes) -> Self {
        let count = nodes.count();
        let mut first = vec![0; count + 1];
        for parent in (0..count).flat_map(|it| nodes.after(it)) {
            first[parent + 1] += 1;
        }
        for node in 0..count {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut followers = vec![0; first[count]];
        for node in 0..count {
            for parent in nodes.after(node) {
                followers[next[*parent]] = node;
                next[*parent] += 1;
            }
        }
        Self { open: (0..count).map(|it| nodes.after(it).len()).collect(), first, followers }
    }

    /// Those that wait for nothing.
    pub(super) fn first(&self) -> Vec<usize> {
        (0..self.open.len()).filter(|it| self.open[*it] == 0).collect()
    }

    /// Those that still wait.
    pub(super) fn left(&self) -> Vec<usize> {
        (0..self.open.len()).filter(|it| self.open[*it] > 0).collect()
    }

    /// The node is done: those that need not wait any longer.
    pub(super) fn released(&mut self, node: usize) -> Vec<usize> {
        let mut starting = Vec::new();
        self.release(node, &mut starting);
        starting
    }

    fn release(&mut self, node: usize, starting: &mut Vec<usize>) {
        for follower in &self.followers[self.first[node]..self.first[node + 1]] {
            self.open[*follower] -= 1;
            if self.open[*follower] == 0 {
                starting.push(*follower);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each node what it waits for, and whether it takes no time.
    struct Sample {
        after: Vec<Vec<usize>>,
        instant: Vec<usize>,
        waves: Vec<Option<usize>>,
        never: Vec<usize>,
    }

    impl Nodes for Sample {
        fn count(&self) -> usize {
            self.after.len()
        }
        fn after(&self, node: usize) -> &[usize] {
            &self.after[node]
        }
        fn start(&mut self, node: usize, wave: usize) -> Takes {
            assert_eq!(self.waves[node], None, "node {node} starts twice");
            self.waves[node] = Some(wave);
            if self.instant.contains(&node) { Takes::NoTime } else { Takes::OneWave }
        }
        fn wave_ends(&mut self) {}
        fn never_starts(&mut self, node: usize) {
            self.never.push(node);
        }
    }

    fn waves(after: &[&[usize]], instant: &[usize]) -> (Vec<Option<usize>>, Vec<usize>) {
        let after: Vec<Vec<usize>> = after.iter().map(|it| it.to_vec()).collect();
        let waves = vec![None; after.len()];
        let mut sample = Sample { after, instant: instant.to_vec(), waves, never: Vec::new() };
        run(&mut sample);
        (sample.waves, sample.never)
    }

    #[test]
    fn a_wave_is_one_more_than_the_latest_waited_for() {
        let (waves, never) = waves(&[&[], &[0], &[0], &[1, 2], &[0, 3]], &[]);
        assert_eq!(waves, [Some(0), Some(1), Some(1), Some(2), Some(3)]);
        assert!(never.is_empty());
    }

    #[test]
    fn what_takes_no_time_lets_others_start_in_its_own_wave() {
        let (waves, _) = waves(&[&[], &[0], &[1], &[2]], &[1, 2]);
        assert_eq!(waves, [Some(0), Some(1), Some(1), Some(1)]);
    }

    #[test]
    fn a_circle_and_all_behind_it_never_start() {
        let (waves, never) = waves(&[&[], &[2], &[1], &[2], &[4], &[0, 0]], &[]);
        assert_eq!(waves, [Some(0), None, None, None, None, Some(1)]);
        assert_eq!(never, [1, 2, 3, 4]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_walked_without_recursion() {
        let after: Vec<Vec<usize>> =
            (0..100_000).map(|it: usize| it.checked_sub(1).into_iter().collect()).collect();
        let borrowed: Vec<&[usize]> = after.iter().map(Vec::as_slice).collect();
        assert_eq!(waves(&borrowed, &[]).0.last(), Some(&Some(99_999)));
    }
}
