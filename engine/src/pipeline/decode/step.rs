//! An item of `steps` or `services` → [`Step`].

use std::collections::HashSet;

use super::pipeline::Readers;
use super::{Decoder, Field};
use crate::diagnostic::Programs;
use crate::pipeline::{Mount, Spanned, Step, Text, Variable};
use crate::yaml::{Kind, NodeId};

impl Decoder<'_> {
    /// The items of `steps` or `services`. An item that is no map is a mismatch, and left out.
    pub(super) fn steps(&mut self, field: Field, readers: Readers) -> Vec<Step> {
        let mut steps = Vec::new();
        for node in self.list(field) {
            let item = Field { node, ..field };
            let target = self.tree.resolve(node);
            match &self.tree.node(target).kind {
                Kind::Mapping(_) => steps.push(self.step(item, readers)),
                _ if self.is_null(target) => steps.push(self.null_step(target)),
                _ => self.mismatch(Field { key: field.key, ..item }, target, super::shape::STEP),
            }
        }
        steps
    }

    fn null_step(&self, node: NodeId) -> Step {
        Step { span: self.place(node), null: self.is_absent(node), ..Step::default() }
    }

    fn step(&mut self, item: Field, readers: Readers) -> Step {
        let mut step = Step { span: self.place(self.tree.resolve(item.node)), ..Step::default() };
        for (key, node) in self.map(item).unwrap_or_default() {
            let Some(name) = self.name_of(Field { node: key, ..item }) else { continue };
            self.step_field(&mut step, &name, node, readers);
        }
        step
    }

    fn step_field(&mut self, step: &mut Step, key: &str, node: NodeId, readers: Readers) {
        let all = readers.all();
        let (docker, old) = (readers.docker, readers.old);
        // A program that does not know the key does not look at its value.
        let field = |key, programs: Programs| Field { key, node, programs };
        match key {
            "name" => step.name = self.text(field("name", all)),
            "image" => step.image = self.text(field("image", all)),
            "commands" => step.commands = self.commands(field("commands", all)),
            "command" => step.command = self.texts(field("command", readers.containers())),
            "entrypoint" => step.entrypoint = self.texts(field("entrypoint", readers.containers())),
            "environment" => self.environment(field("environment", all), &mut step.environment),
            "settings" => {
                let settings = self.settings(field("settings", readers.containers()));
                self.add(field("settings", all), &mut step.settings, settings);
            }
            "when" => self.conditions(field("when", all), &mut step.when),
            "depends_on" => step.depends_on = self.texts(field("depends_on", all)),
            "failure" => step.failure = self.text(field("failure", all)),
            "detach" => step.detach = self.boolean(field("detach", all)),
            "pull" => step.pull = self.text(field("pull", readers.containers())),
            "privileged" => step.privileged = self.boolean(field("privileged", readers.containers())),
            "user" => step.user = self.text(field("user", readers.containers())),
            "volumes" => step.volumes = self.mounts(field("volumes", readers.containers())),
            "devices" => step.devices = self.mounts(field("devices", readers.containers())),
            "dns" => step.dns = self.texts(field("dns", old | docker)),
            "dns_search" => step.dns_search = self.texts(field("dns_search", old | docker)),
            "extra_hosts" => step.extra_hosts = self.texts(field("extra_hosts", old | docker)),
            "network_mode" => step.network_mode = self.text(field("network_mode", old | docker)),
            "shm_size" if !docker.is_empty() => step.shm_size = self.bytes(field("shm_size", docker)),
            "mem_limit" if !docker.is_empty() => step.mem_limit = self.bytes(field("mem_limit", docker)),
            "memswap_limit" if !docker.is_empty() => {
                step.memswap_limit = self.bytes(field("memswap_limit", docker));
            }
            "working_dir" => step.working_dir = self.text(field("working_dir", readers.containers())),
            "shell" => step.shell = self.text(field("shell", all)),
            "ports" if !old.is_empty() => step.host_ports = self.ports(field("ports", old)),
            "build" if !old.is_empty() => step.build = self.build(field("build", old)),
            "push" if !old.is_empty() => self.image_or_map(field("push", old), &["image"]),
            "resources" => self.resources(field("resources", old | readers.kubernetes)),
            _ => {}
        }
    }

    fn commands(&mut self, field: Field) -> Option<Vec<Text>> {
        let absent = self.is_null(self.tree.resolve(field.node));
        let commands = self.texts(field);
        (!absent).then_some(commands)
    }

    fn environment(&mut self, field: Field, variables: &mut Vec<(Text, Variable)>) {
        let mut read = Vec::new();
        for (name, node) in self.named(field) {
            self.entry = Some(name.value.clone());
            if let Some(value) = self.variable(Field { node, ..field }) {
                read.push((name, value));
            }
        }
        self.entry = None;
        self.add(field, variables, read);
    }

    /// A second map under the same key adds to the first, as Go keeps the map it has; null empties it.
    pub(super) fn add<V>(&self, field: Field, to: &mut Vec<(Text, V)>, more: Vec<(Text, V)>) {
        if self.is_null(self.tree.resolve(field.node)) {
            to.clear();
        }
        if !to.is_empty() {
            let again: HashSet<&str> = more.iter().map(|it| it.0.value.as_str()).collect();
            to.retain(|it| !again.contains(it.0.value.as_str()));
        }
        to.extend(more);
    }

    /// A scalar, `{from_secret: NAME}` or `{value: TEXT}`; null sets nothing.
    fn variable(&mut self, field: Field) -> Option<Variable> {
        let node = self.enter(field)?;
        match &self.tree.node(node).kind {
            Kind::Scalar { .. } => self.text(field).map(Variable::Value),
            Kind::Mapping(_) => Some(self.long_variable(field, node)),
            _ => {
                self.mismatch(field, node, "a text or `from_secret: NAME`");
                None
            }
        }
    }

    fn long_variable(&mut self, field: Field, node: NodeId) -> Variable {
        let mut value = None;
        let mut secret = None;
        for (key, inner) in self.entries(field, node) {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            let inner = Field { node: inner, ..field };
            match name.as_ref() {
                "value" => value = self.text(inner),
                "from_secret" => secret = self.text(Field { key: "from_secret", ..inner }),
                _ => {}
            }
        }
        if let Some(secret) = secret.filter(|it| !it.value.is_empty()) {
            Variable::Secret(secret)
        } else {
            let empty = || Spanned::new(String::new(), self.place(node));
            Variable::Value(value.unwrap_or_else(empty))
        }
    }

    fn mounts(&mut self, field: Field) -> Vec<Mount> {
        let mut mounts = Vec::new();
        for node in self.list(field) {
            let target = self.tree.resolve(node);
            let item = Field { node, ..field };
            let mut mount = Mount { span: self.place(target), ..Mount::default() };
            match &self.tree.node(target).kind {
                Kind::Mapping(_) => {}
                _ if self.is_null(target) => mount.null = self.is_absent(target),
                _ => {
                    self.mismatch(item, target, super::shape::MOUNT);
                    continue;
                }
            }
            for (key, value) in self.map(item).unwrap_or_default() {
                let Some(name) = self.name_of(Field { node: key, ..item }) else { continue };
                match name.as_ref() {
                    "name" => mount.name = self.text(Field { key: "name", node: value, ..item }),
                    "path" => mount.path = self.text(Field { key: "path", node: value, ..item }),
                    _ => {}
                }
            }
            mounts.push(mount);
        }
        mounts
    }

    /// A number, or `{port, host, protocol}`. Gives the host ports.
    fn ports(&mut self, field: Field) -> Vec<Spanned<i64>> {
        let mut hosts = Vec::new();
        for node in self.list(field) {
            let item = Field { node, ..field };
            let target = self.tree.resolve(node);
            if let Kind::Scalar { .. } = self.tree.node(target).kind {
                if !self.is_null(target) {
                    self.integer(item);
                }
                continue;
            }
            for (key, value) in self.map(item).unwrap_or_default() {
                let Some(name) = self.name_of(Field { node: key, ..item }) else { continue };
                let value = Field { node: value, ..item };
                match name.as_ref() {
                    "host" => hosts.extend(self.integer(Field { key: "host", ..value })),
                    "port" => drop(self.integer(Field { key: "port", ..value })),
                    "protocol" => drop(self.text(Field { key: "protocol", ..value })),
                    _ => {}
                }
            }
        }
        hosts
    }

    /// The legacy `build`: true when it names an image. A bare text does.
    fn build(&mut self, field: Field) -> Option<Spanned<bool>> {
        let target = self.tree.resolve(field.node);
        if self.is_null(target) {
            return None;
        }
        let span = self.place(target);
        let mut image = matches!(self.tree.node(target).kind, Kind::Scalar { .. });
        if !image {
            for (key, node) in self.map(field).unwrap_or_default() {
                let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
                let value = |key| Field { key, node, ..field };
                match name.as_ref() {
                    "image" => image = self.text(value("image")).is_some_and(|it| !it.value.is_empty()),
                    "context" => drop(self.text(value("context"))),
                    "dockerfile" => drop(self.text(value("dockerfile"))),
                    "cache_from" => drop(self.texts(value("cache_from"))),
                    "args" => drop(self.texts_by_name(value("args"))),
                    "labels" => drop(self.texts_by_name(value("labels"))),
                    _ => {}
                }
            }
        }
        Some(Spanned::new(image, span))
    }

    fn image_or_map(&mut self, field: Field, keys: &[&str]) {
        let target = self.tree.resolve(field.node);
        if matches!(self.tree.node(target).kind, Kind::Scalar { .. }) {
            return;
        }
        for (key, node) in self.map(field).unwrap_or_default() {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            if keys.contains(&name.as_ref()) {
                self.text(Field { node, ..field });
            }
        }
    }

    fn resources(&mut self, field: Field) {
        for (key, node) in self.map(field).unwrap_or_default() {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            if matches!(name.as_ref(), "limits" | "requests") {
                self.resource_amounts(Field { node, ..field });
            }
        }
    }

    fn resource_amounts(&mut self, field: Field) {
        for (key, node) in self.map(field).unwrap_or_default() {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            match name.as_ref() {
                "cpu" => self.number(Field { key: "cpu", node, ..field }),
                "memory" => drop(self.bytes(Field { key: "memory", node, ..field })),
                _ => {}
            }
        }
    }

    /// A map from names to texts.
    pub(super) fn texts_by_name(&mut self, field: Field) -> Vec<(Text, Text)> {
        let mut texts = Vec::new();
        for (name, node) in self.named(field) {
            self.entry = Some(name.value.clone());
            let value = self.text(Field { node, ..field });
            let empty = Spanned::new(String::new(), self.place(node));
            texts.push((name, value.unwrap_or(empty)));
        }
        self.entry = None;
        texts
    }
}
