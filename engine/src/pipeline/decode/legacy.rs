//! The parts of a 0.8 file that its conversion keeps: steps, services, branches and the size of the matrix.

use super::{Decoder, Field};
use crate::diagnostic::Programs;
use crate::pipeline::{ConditionKey, Conditions, Spanned, Step, Text};
use crate::source::Span;
use crate::yaml::Kind;

/// What is kept of a 0.8 file.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct LegacyFile {
    pub(in crate::pipeline) steps: Vec<Step>,
    pub(in crate::pipeline) services: Vec<Step>,
    pub(in crate::pipeline) branches_span: Option<Span>,
    pub(in crate::pipeline) include: Vec<Text>,
    pub(in crate::pipeline) exclude: Vec<Text>,
    /// How many pipelines the matrix makes; 0 without one.
    pub(in crate::pipeline) matrix: usize,
    /// Some step names the event `tag`.
    pub(in crate::pipeline) builds_tags: bool,
}

impl Decoder<'_> {
    /// Reads the whole file as 0.8 does.
    pub(in crate::pipeline) fn legacy_file(&mut self, programs: Programs) -> LegacyFile {
        let mut file = LegacyFile::default();
        let Some(node) = self.tree.root() else { return file };
        let root = Field { key: "the file", node, programs };
        for (name, node) in self.named(root) {
            let field = |key| Field { key, node, programs };
            match name.value.as_str() {
                "pipeline" => file.steps = self.legacy_steps(field("pipeline")),
                "services" => file.services = self.legacy_steps(field("services")),
                "branches" => self.branches(field("branches"), &mut file),
                "matrix" => file.matrix = self.matrix(field("matrix")),
                // Read only for what 0.8 minds about them.
                "workspace" => drop(self.map(field("workspace"))),
                "clone" => drop(self.map(field("clone"))),
                "secrets" => drop(self.map(field("secrets"))),
                _ => {}
            }
        }
        file.builds_tags = file.steps.iter().any(names_tag);
        file
    }

    fn legacy_steps(&mut self, field: Field) -> Vec<Step> {
        let named = self.named(field);
        named.into_iter().map(|(name, node)| self.legacy_step(name, Field { node, ..field })).collect()
    }

    fn legacy_step(&mut self, name: Text, field: Field) -> Step {
        let mut step = Step { span: self.place(field.node), name: Some(name), ..Step::default() };
        for (key, node) in self.named(field) {
            let value = |key| Field { key, node, ..field };
            match key.value.as_str() {
                "image" => step.image = self.text(value("image")),
                "commands" => step.commands = Some(self.text_or_texts(value("commands"))),
                "environment" => self.texts_or_map(value("environment")),
                "when" => self.conditions(value("when"), &mut step.when),
                "privileged" => step.privileged = self.boolean(value("privileged")),
                "detach" => step.detach = self.boolean(value("detach")),
                "volumes" => drop(self.list(value("volumes"))),
                _ => {}
            }
        }
        step
    }

    fn text_or_texts(&mut self, field: Field) -> Vec<Text> {
        match self.tree.node(self.tree.resolve(field.node)).kind {
            Kind::Scalar { .. } => self.text(field).into_iter().collect(),
            _ => self.texts(field),
        }
    }

    /// `A: b`, or a list of `A=b`. A list or a map as a value is neither.
    fn texts_or_map(&mut self, field: Field) {
        match self.tree.node(self.tree.resolve(field.node)).kind {
            Kind::Mapping(_) => drop(self.texts_by_name(field)),
            _ => drop(self.texts(field)),
        }
    }

    fn branches(&mut self, field: Field, file: &mut LegacyFile) {
        let node = self.tree.resolve(field.node);
        match self.tree.node(node).kind {
            Kind::Mapping(_) => {
                for (key, node) in self.named(field) {
                    let list = Field { key: "branches", node, ..field };
                    match key.value.as_str() {
                        "include" => file.include = self.text_or_texts(list),
                        "exclude" => file.exclude = self.text_or_texts(list),
                        _ => {}
                    }
                }
            }
            _ => file.include = self.text_or_texts(field),
        }
        let restricts = !file.include.is_empty() || !file.exclude.is_empty();
        file.branches_span = restricts.then(|| self.place(node));
    }

    /// The entries of `include`, or else the product of the axes.
    fn matrix(&mut self, field: Field) -> usize {
        let mut product = 0_usize;
        for (key, node) in self.named(field) {
            let count = self.list(Field { node, ..field }).len();
            match key.value.as_str() {
                "include" if count > 0 => return count,
                "include" | "exclude" => {}
                _ if count == 0 => {}
                _ => product = product.max(1).saturating_mul(count),
            }
        }
        product
    }
}

fn names_tag(step: &Step) -> bool {
    let names = |it: &Conditions| {
        it.get(ConditionKey::Event)
            .is_some_and(|it| it.include.iter().any(|it: &Spanned<String>| it.value == "tag"))
    };
    names(&step.when)
}
