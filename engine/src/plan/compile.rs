//! A pipeline → its steps in Drone's order, and what each waits for (§5.1, §5.2). Decides nothing about a build.

use std::collections::HashMap;

use crate::pipeline::{Pipeline, Step, Text};
use crate::plan::{Order, Role};

/// The clone step's name. Other steps may wait for it under this name.
pub(super) const CLONE: &str = "clone";

/// One container of a pipeline.
pub(super) struct Compiled<'m> {
    pub(super) role: Role,
    /// Its place in `steps` or `services`.
    pub(super) index: usize,
    /// What is written; `None` for the clone.
    pub(super) step: Option<&'m Step>,
    /// Places of those it waits for.
    pub(super) after: Vec<usize>,
}

impl Compiled<'_> {
    pub(super) fn name(&self) -> &str {
        self.step.map_or(CLONE, Step::name)
    }

    /// True when it is started and not waited for.
    pub(super) fn is_detached(&self) -> bool {
        self.role == Role::Service || self.step.is_some_and(Step::is_detached)
    }
}

/// Clone, services, steps. Names that nothing has are waited for by nobody.
pub(super) fn compile(pipeline: &Pipeline) -> (Order, Vec<Compiled<'_>>) {
    let clone = !pipeline.clone.is_disabled();
    let mut compiled: Vec<Compiled<'_>> = clone
        .then(|| Compiled { role: Role::Clone, index: 0, step: None, after: Vec::new() })
        .into_iter()
        .collect();
    for (role, steps) in [(Role::Service, &pipeline.services), (Role::Step, &pipeline.steps)] {
        let written = steps.iter().enumerate().filter(|(_, step)| !step.null);
        compiled.extend(written.map(|(index, step)| Compiled {
            role,
            index,
            step: Some(step),
            after: Vec::new(),
        }));
    }
    if compiled.iter().all(|it| waits_for(it, clone).is_empty()) {
        for (place, one) in compiled.iter_mut().enumerate().skip(1) {
            one.after = vec![place - 1];
        }
        return (Order::Serial, compiled);
    }
    let after = edges(&compiled, clone);
    for (one, after) in compiled.iter_mut().zip(after) {
        one.after = after;
    }
    (Order::Graph, compiled)
}

/// Its `depends_on`. Waiting for nothing but a clone that is disabled is not waiting.
fn waits_for<'m>(compiled: &Compiled<'m>, clone: bool) -> &'m [Text] {
    match compiled.step.map(|it| it.depends_on.as_slice()).unwrap_or_default() {
        [only] if !clone && only.value == CLONE => &[],
        written => written,
    }
}

fn edges(compiled: &[Compiled<'_>], clone: bool) -> Vec<Vec<usize>> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(compiled.len());
    for (place, one) in compiled.iter().enumerate() {
        places.entry(one.name()).or_insert(place);
    }
    let after = |one: &Compiled<'_>| -> Vec<usize> {
        match waits_for(one, clone) {
            [] if clone && one.role != Role::Clone => vec![0],
            written => {
                distinct(written.iter().filter_map(|it| places.get(it.value.as_str()).copied()).collect())
            }
        }
    };
    compiled.iter().map(after).collect()
}

/// Each place once, in order of first mention.
fn distinct(mut places: Vec<usize>) -> Vec<usize> {
    if places.len() > 1 {
        let mut seen = std::collections::HashSet::with_capacity(places.len());
        places.retain(|it| seen.insert(*it));
    }
    places
}
