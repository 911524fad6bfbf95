//! A text and a build → each pipeline as the server reads it, and as the runner does once `${…}` is replaced (§5.10).
//!
//! Every pipeline is substituted with its own `DRONE_STAGE_…` values. A text is read once for each set of values
//! that makes a difference, which is nearly always once.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Manifest, Pipeline, Variables};
use crate::plan::environment::{self, Stage};
use crate::plan::{Build, pipelines};
use crate::source::SourceFile;

/// How often a text is read for the sake of differing stages. Those beyond are read as the first one.
const MOST_READINGS: usize = 8;

/// What reading gave.
pub(super) struct Reading<'s> {
    server: &'s Manifest,
    /// Empty when nothing is substituted.
    runners: Vec<Manifest>,
    /// For each pipeline of the server, which of the runners' readings is its own.
    chosen: Vec<usize>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'s> Reading<'s> {
    /// Reads a text for a build, when the server's reading of it is known.
    pub(super) fn of(
        source: &SourceFile,
        server: &'s Manifest,
        problems: Vec<Diagnostic>,
        build: &Build,
    ) -> Self {
        let mut reading = Self { server, runners: Vec::new(), chosen: Vec::new(), problems };
        if source.text().contains("${") || source.text().contains("$$") {
            reading.substitute(source, build);
        }
        reading
    }

    /// The pipelines in file order.
    pub(super) fn pipelines(&self) -> Vec<pipelines::Read<'_>> {
        let mut by_document: Vec<HashMap<usize, &Pipeline>> = Vec::new();
        for runner in &self.runners {
            by_document.push(runner.pipelines().map(|it| (it.document, it)).collect());
        }
        let runner = |place: usize, document: usize| {
            by_document.get(*self.chosen.get(place)?)?.get(&document).copied()
        };
        let both = |(place, server): (usize, _)| {
            let server: &Pipeline = server;
            pipelines::Read { server, runner: runner(place, server.document).unwrap_or(server) }
        };
        self.server.pipelines().enumerate().map(both).collect()
    }

    fn substitute(&mut self, source: &SourceFile, build: &Build) {
        let mut found = Vec::new();
        for values in self.values(source.text(), build) {
            found.push(pipeline::read_with(source, &values));
        }
        let key = |it: &Diagnostic| (it.code, it.primary.span, it.message.clone());
        let mut known: HashSet<_> = self.problems.iter().map(key).collect();
        for (manifest, problems) in found {
            self.runners.push(manifest);
            self.problems.extend(problems.into_iter().filter(|it| known.insert(key(it))));
        }
        self.problems.sort_by_key(|it| it.primary.span);
    }

    /// The values to read with, and for each pipeline which of them are its own.
    fn values(&mut self, text: &str, build: &Build) -> Vec<Variables> {
        let used = stage_variables(text);
        let server: Vec<&Pipeline> = self.server.pipelines().collect();
        if used.is_empty() || server.is_empty() {
            self.chosen = vec![0; server.len()];
            return vec![environment::substitution_variables(build)];
        }
        let numbers = pipelines::numbers(&server, build);
        let mut distinct: Vec<Variables> = Vec::new();
        for (pipeline, number) in server.into_iter().zip(numbers) {
            let depends_on: Vec<&str> = pipeline.depends_on.iter().map(|it| it.value.as_str()).collect();
            let values =
                environment::substitution_for(build, &Stage::of(pipeline, number, depends_on.join(","), &[]));
            let same = |other: &Variables| used.iter().all(|it| other.get(*it) == values.get(*it));
            match distinct.iter().position(same) {
                Some(same) => self.chosen.push(same),
                None if distinct.len() == MOST_READINGS => self.chosen.push(0),
                None => {
                    self.chosen.push(distinct.len());
                    distinct.push(values);
                }
            }
        }
        distinct
    }
}

/// The names of the stage's variables that stand in the text, each once.
fn stage_variables(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (start, _) in text.match_indices("DRONE_STAGE_") {
        let rest = &text[start..];
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len());
        if !names.contains(&&rest[..end]) {
            names.push(&rest[..end]);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Event;

    #[test]
    fn each_pipeline_is_read_with_the_values_of_its_own_stage() {
        let one = |arch: &str| {
            format!(
                "---\nkind: pipeline\nname: {arch}\nplatform: {{arch: {arch}}}\nsteps:\n- name: a\n  image: i:${{DRONE_STAGE_ARCH}}\n"
            )
        };
        let source = SourceFile::new("x", ["amd64", "arm64", "amd64"].map(one).concat());
        let (server, problems) = pipeline::read(&source);
        let reading = Reading::of(&source, &server, problems, &Build::new(Event::Push));
        let pipelines = reading.pipelines();
        let images: Vec<&str> = pipelines.iter().map(|it| it.runner.steps[0].image()).collect();
        assert_eq!(images, ["i:amd64", "i:arm64", "i:amd64"]);
        assert_eq!(pipelines[0].server.steps[0].image(), "i:${DRONE_STAGE_ARCH}");
        assert_eq!(reading.runners.len(), 2);
    }

    #[test]
    fn a_text_without_anything_to_replace_is_read_once() {
        let source =
            SourceFile::new("x", "kind: pipeline\nsteps:\n- {name: a, image: i, commands: [echo $HOME]}\n");
        let (server, problems) = pipeline::read(&source);
        assert!(Reading::of(&source, &server, problems, &Build::new(Event::Push)).runners.is_empty());
    }
}
