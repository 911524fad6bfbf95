//! A document of `kind: pipeline`, or of an unknown kind → [`Pipeline`].

use super::{Decoder, Field};
use crate::diagnostic::{Program, Programs};
use crate::pipeline::{CloneOptions, Pipeline, Platform, Spanned, Temp, Text, Volume, Workspace};
use crate::source::Span;
use crate::yaml::{Kind, NodeId};

/// Which programs read the fields of a pipeline (§1.5).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Readers {
    /// The server and the old linter: they read every pipeline, whatever its type.
    pub(super) old: Programs,
    /// The docker runner and today's linter, when the pipeline is theirs.
    pub(super) docker: Programs,
    /// The kubernetes runner, when the pipeline is its own.
    pub(super) kubernetes: Programs,
    /// The exec and ssh runners, when the pipeline is theirs.
    pub(super) host: Programs,
    /// All but the old ones read a few fields of every document, whatever its kind.
    pub(super) raw: Programs,
}

impl Readers {
    /// Who of `programs` reads a document of this kind and type.
    pub(super) fn of(kind: &str, type_: &str, programs: Programs) -> Self {
        let own = |wanted: bool, set: Programs| {
            if wanted && kind == "pipeline" { programs.and(set) } else { Programs::NONE }
        };
        let host = own(type_ == "exec", Program::Exec.into()) | own(type_ == "ssh", Program::Ssh.into());
        Self {
            old: programs.and(Programs::OLD),
            docker: own(matches!(type_, "" | "docker"), Programs::NEW),
            kubernetes: own(type_ == "kubernetes", Program::Kubernetes.into()),
            host,
            raw: programs.and(Programs::ALL_BUT_OLD),
        }
    }

    /// Everyone who reads steps.
    pub(super) fn all(self) -> Programs {
        self.containers() | self.host
    }

    /// Everyone whose steps are containers.
    pub(super) fn containers(self) -> Programs {
        self.old | self.docker | self.kubernetes
    }
}

impl Decoder<'_> {
    /// Reads one key of a pipeline into it.
    pub(super) fn pipeline_field(&mut self, to: &mut Pipeline, key: &str, node: NodeId, readers: Readers) {
        let all = readers.all();
        let field = |key, programs: Programs| Field { key, node, programs };
        match key {
            "platform" => self.platform(field("platform", all | readers.raw), to),
            "concurrency" => self.concurrency(field("concurrency", all | readers.raw), to),
            "depends_on" => to.depends_on = self.texts(field("depends_on", all | readers.raw)),
            "node" => {
                let labels = self.texts_by_name(field("node", all | readers.raw));
                self.add(field("node", all), &mut to.node, labels);
            }
            "clone" => self.clone_options(field("clone", all), to, readers),
            "trigger" => self.conditions(field("trigger", all), &mut to.trigger),
            "workspace" => self.workspace(field("workspace", all), to),
            "environment" if !readers.docker.is_empty() => {
                let variables = self.texts_by_name(field("environment", readers.docker));
                self.add(field("environment", all), &mut to.environment, variables);
            }
            "image_pull_secrets" => {
                to.image_pull_secrets = self.texts(field("image_pull_secrets", readers.containers()));
            }
            "services" => to.services = self.steps(field("services", readers.containers()), readers),
            "steps" => to.steps = self.steps(field("steps", all), readers),
            "volumes" => to.volumes = self.volumes(field("volumes", readers.containers())),
            _ => {}
        }
    }

    /// Keys and values of a map, as text and node; none for null and for what is no map.
    pub(super) fn fields(&mut self, field: Field) -> Vec<(String, NodeId)> {
        self.fields_if_map(field).unwrap_or_default()
    }

    /// As [`Decoder::fields`]; `None` for null and for what is no map, which is noted.
    pub(super) fn fields_if_map(&mut self, field: Field) -> Option<Vec<(String, NodeId)>> {
        let entries = self.map(field)?;
        let mut fields = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            if let Some(name) = self.name_of(Field { node: key, ..field }) {
                fields.push((name.into_owned(), node));
            }
        }
        Some(fields)
    }

    fn platform(&mut self, field: Field, to: &mut Pipeline) {
        if self.is_null(self.tree.resolve(field.node)) {
            to.platform = Platform::default();
        }
        for (name, node) in self.fields(field) {
            let value = |key| Field { key, node, ..field };
            match name.as_str() {
                "os" => to.platform.os = self.text(value("os")),
                "arch" => to.platform.arch = self.text(value("arch")),
                "variant" => to.platform.variant = self.text(value("variant")),
                "version" => to.platform.version = self.text(value("version")),
                _ => {}
            }
        }
    }

    fn concurrency(&mut self, field: Field, to: &mut Pipeline) {
        for (name, node) in self.fields(field) {
            if name == "limit" {
                to.concurrency_limit = self.integer(Field { key: "limit", node, ..field });
            }
        }
    }

    fn clone_options(&mut self, field: Field, to: &mut Pipeline, readers: Readers) {
        // The server's structures do not have the last two.
        if self.is_null(self.tree.resolve(field.node)) {
            to.clone = CloneOptions::default();
        }
        let newer = field.programs.and(readers.docker | readers.kubernetes | readers.host);
        for (name, node) in self.fields(field) {
            let value = |key| Field { key, node, ..field };
            match name.as_str() {
                "disable" => to.clone.disable = self.boolean(value("disable")),
                "depth" => to.clone.depth = self.integer(value("depth")),
                "skip_verify" => to.clone.skip_verify = self.boolean(value("skip_verify")),
                "retries" if !newer.is_empty() => {
                    to.clone.retries = self.integer(Field { programs: newer, ..value("retries") });
                }
                "trace" if !newer.is_empty() => {
                    to.clone.trace = self.boolean(Field { programs: newer, ..value("trace") });
                }
                _ => {}
            }
        }
    }

    fn workspace(&mut self, field: Field, to: &mut Pipeline) {
        if self.is_null(self.tree.resolve(field.node)) {
            to.workspace = Workspace::default();
        }
        for (name, node) in self.fields(field) {
            let value = |key| Field { key, node, ..field };
            match name.as_str() {
                "base" => to.workspace.base = self.text(value("base")),
                "path" => to.workspace.path = self.text(value("path")),
                _ => {}
            }
        }
    }

    fn volumes(&mut self, field: Field) -> Vec<Volume> {
        let mut volumes = Vec::new();
        for node in self.list(field) {
            let target = self.tree.resolve(node);
            let mut volume = Volume { span: self.place(target), ..Volume::default() };
            match &self.tree.node(target).kind {
                Kind::Mapping(_) => self.volume(Field { node, ..field }, &mut volume),
                _ if self.is_null(target) => volume.null = self.is_absent(target),
                _ => {
                    self.mismatch(Field { node, ..field }, target, super::shape::MOUNT);
                    continue;
                }
            }
            volumes.push(volume);
        }
        volumes
    }

    fn volume(&mut self, field: Field, volume: &mut Volume) {
        for (name, node) in self.fields(field) {
            let value = |key| Field { key, node, ..field };
            let null = self.is_absent(self.tree.resolve(node));
            match name.as_str() {
                "name" => volume.name = self.text(value("name")),
                "temp" if null => volume.temp = None,
                "temp" => volume.temp = Some(self.temp(value("temp"))),
                "host" if null => volume.host = None,
                "host" => volume.host = Some(self.host(value("host"))),
                "claim" => volume.claim = (!null).then(|| self.place(node)),
                _ => {}
            }
        }
    }

    fn temp(&mut self, field: Field) -> Temp {
        let mut temp = Temp { span: self.place(field.node), medium: None };
        for (name, node) in self.fields(field) {
            match name.as_str() {
                "medium" => temp.medium = self.text(Field { key: "medium", node, ..field }),
                "size_limit" => drop(self.bytes(Field { key: "size_limit", node, ..field })),
                _ => {}
            }
        }
        temp
    }

    fn host(&mut self, field: Field) -> Spanned<String> {
        let mut host = Spanned::new(String::new(), self.place(field.node));
        for (name, node) in self.fields(field) {
            if name == "path" {
                let path: Option<Text> = self.text(Field { key: "path", node, ..field });
                host = path.unwrap_or(host);
            }
        }
        host
    }
}

/// A pipeline of which only kind, type and name are known yet.
pub(super) fn begin(
    document: usize,
    span: Span,
    kind: Text,
    type_: Option<Text>,
    name: Option<Text>,
) -> Pipeline {
    Pipeline { document, span, kind, type_, written_name: name, ..Pipeline::default() }
}
