//! What is told while a build runs. Whoever listens decides what a person or a program sees of it.

use std::time::Duration;

use crate::engine::plan::{Decision, StepResult};

/// A listener. It is called from many threads, and must not take long.
pub trait Sink: Sync {
    /// Something happened.
    fn tell(&self, event: &Event<'_>);
}

/// Which step, by names: those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// The pipeline.
    pub pipeline: &'a str,
    /// The step; empty when it is about the whole pipeline.
    pub step: &'a str,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A pipeline starts.
    PipelineStarts(At<'a>),
    /// A pipeline does not start.
    PipelineSkipped(At<'a>, &'a Decision),
    /// A pipeline is over.
    PipelineEnds {
        /// Which.
        at: At<'a>,
        /// True when it is green.
        green: bool,
        /// How long it took.
        took: Duration,
    },
    /// A step, a service or the clone starts.
    StepStarts {
        /// Which.
        at: At<'a>,
        /// Its image; empty for the clone.
        image: &'a str,
        /// True when it is not waited for.
        detached: bool,
    },
    /// A step does not run.
    StepSkipped(At<'a>, &'a Decision),
    /// Whole lines of output, secrets masked, without the last line's end.
    Output(At<'a>, &'a [u8]),
    /// A remark of this program about a step or a pipeline, no output of it.
    Note(At<'a>, &'a str),
    /// A step is over.
    StepEnds {
        /// Which.
        at: At<'a>,
        /// How.
        result: StepResult,
        /// Its exit code, when it ended by itself.
        code: Option<i32>,
        /// How long it took.
        took: Duration,
    },
}
