//! One document's tree → [`Resource`], by its `kind` (§1.4).

use super::pipeline::{Readers, begin};
use super::{Decoder, Field};
use crate::diagnostic::Programs;
use crate::pipeline::{Cron, Registry, Resource, Secret, Signature, Spanned, Text};
use crate::source::Span;
use crate::yaml::NodeId;

/// Reads a document for `programs`. `index` is its place in the file, `span` the place of all of it.
pub(in crate::pipeline) fn document(
    decoder: &mut Decoder<'_>,
    index: usize,
    span: Span,
    programs: Programs,
) -> Resource {
    let Some(root) = decoder.tree.root() else { return Resource::NoKind };
    let field = Field { key: super::shape::DOCUMENT, node: root, programs };
    let Some(named) = decoder.fields_if_map(field) else {
        // A null document has no kind; anything else that is no map was noted as a mismatch.
        return if decoder.problems.is_empty() { Resource::NoKind } else { Resource::Broken };
    };
    let header = Header::read(decoder, &named, programs);
    decoder.resource(index, span, header, &named, programs)
}

/// What is read of every document before its kind decides.
struct Header {
    kind: Option<Text>,
    type_: Option<Text>,
    name: Option<Text>,
    wrong: bool,
}

impl Header {
    fn read(decoder: &mut Decoder<'_>, named: &[(String, NodeId)], programs: Programs) -> Self {
        let mut header = Self { kind: None, type_: None, name: None, wrong: false };
        for (key, node) in named {
            let field = |key| Field { key, node: *node, programs };
            let before = decoder.problems.len();
            match key.as_str() {
                "kind" => header.kind = decoder.text(field("kind")),
                "type" => header.type_ = decoder.text(field("type")),
                "name" => header.name = decoder.text(field("name")),
                "version" => drop(decoder.text(field("version"))),
                _ => {}
            }
            header.wrong |= key == "kind" && decoder.problems.len() > before;
        }
        header
    }
}

impl Decoder<'_> {
    fn resource(
        &mut self,
        index: usize,
        span: Span,
        header: Header,
        named: &[(String, NodeId)],
        programs: Programs,
    ) -> Resource {
        let Header { kind, type_, name, wrong } = header;
        let Some(kind) = kind.filter(|it| !it.value.is_empty()) else {
            self.raw_fields(index, span, named, programs);
            return if wrong { Resource::Broken } else { Resource::NoKind };
        };
        match kind.value.as_str() {
            "secret" => {
                self.raw_fields(index, span, named, programs);
                self.secret(kind, name, named, programs)
            }
            "signature" => {
                self.raw_fields(index, span, named, programs);
                let hmac = self.last(named, "hmac", programs);
                Resource::Signature(Signature { kind, name, hmac })
            }
            "cron" => {
                self.raw_fields(index, span, named, programs);
                self.cron(kind, name, named, programs.and(Programs::OLD))
            }
            "registry" => {
                self.raw_fields(index, span, named, programs);
                self.registry(kind, named, programs.and(Programs::OLD))
            }
            _ => {
                let readers = Readers::of(&kind.value, type_.as_ref().map_or("", |it| &it.value), programs);
                let mut pipeline = begin(index, span, kind, type_, name);
                for (key, node) in named {
                    self.pipeline_field(&mut pipeline, key, *node, readers);
                }
                Resource::Pipeline(Box::new(pipeline))
            }
        }
    }

    /// The few fields that the newer programs read of every document, whatever its kind.
    fn raw_fields(&mut self, index: usize, span: Span, named: &[(String, NodeId)], programs: Programs) {
        let readers = Readers { raw: programs.and(Programs::ALL_BUT_OLD), ..Readers::default() };
        let mut unused = begin(index, span, Text::default(), None, None);
        for (key, node) in named {
            if matches!(key.as_str(), "platform" | "concurrency" | "depends_on" | "node") {
                self.pipeline_field(&mut unused, key, *node, readers);
            }
        }
    }

    fn last(&mut self, named: &[(String, NodeId)], wanted: &'static str, programs: Programs) -> Option<Text> {
        let node = named.iter().rev().find(|it| it.0 == wanted)?.1;
        self.text(Field { key: wanted, node, programs })
    }

    fn inner(
        &mut self,
        named: &[(String, NodeId)],
        wanted: &'static str,
        programs: Programs,
    ) -> Vec<(String, NodeId)> {
        let Some((_, node)) = named.iter().rev().find(|it| it.0 == wanted) else { return Vec::new() };
        self.fields(Field { key: wanted, node: *node, programs })
    }

    fn secret(
        &mut self,
        kind: Text,
        name: Option<Text>,
        named: &[(String, NodeId)],
        programs: Programs,
    ) -> Resource {
        let data = self.last(named, "data", programs);
        let get = self.inner(named, "get", programs);
        let get_path = self.last(&get, "path", programs);
        let get_name = self.last(&get, "name", programs);
        self.last(&get, "key", programs);
        Resource::Secret(Secret { kind, name, data, get_path, get_name })
    }

    fn cron(
        &mut self,
        kind: Text,
        name: Option<Text>,
        named: &[(String, NodeId)],
        programs: Programs,
    ) -> Resource {
        let spec = self.inner(named, "spec", programs);
        let schedule = self.last(&spec, "schedule", programs);
        let branch = self.last(&spec, "branch", programs);
        let deployment = self.inner(&spec, "deployment", programs);
        self.last(&deployment, "target", programs);
        Resource::Cron(Cron { kind, name, schedule, branch })
    }

    fn registry(&mut self, kind: Text, named: &[(String, NodeId)], programs: Programs) -> Resource {
        let Some((_, node)) = named.iter().rev().find(|it| it.0 == "data") else {
            return Resource::Registry(Registry { kind, data: Vec::new() });
        };
        let data = self.texts_by_name(Field { key: "data", node: *node, programs });
        let data = data.into_iter().map(|(name, _)| Spanned::new(name.value, name.span)).collect();
        Resource::Registry(Registry { kind, data })
    }
}
