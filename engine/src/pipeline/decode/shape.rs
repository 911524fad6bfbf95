//! A value of a wrong shape → what to write instead, as close to what is written as can be. Finds no problems itself.

use super::Decoder;
use crate::diagnostic::{Edit, Fix};
use crate::yaml::{Kind, NodeId, Scalar, resolve};

/// What the outermost value of a document is called.
pub(super) const DOCUMENT: &str = "a document";
/// Said of an item of a list of texts.
pub(super) const ITEM: &str = "a text, as an item";
/// Said of a key.
pub(super) const KEY: &str = "a text, as a key";
/// Said of an item of `steps` and `services`.
pub(super) const STEP: &str = "a map with `name` and `image`";
/// Said of an item of `volumes` and `devices`.
pub(super) const MOUNT: &str = "a map with a `name`";

impl Decoder<'_> {
    /// The next step, with the words of the file.
    pub(super) fn advice(&self, key: &str, node: NodeId, expected: &str) -> String {
        match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } => self.advice_on_text(key, node, text, expected),
            Kind::Mapping(_) => self.advice_on_map(key, node, expected),
            _ => advice_on_list(key, expected),
        }
    }

    fn advice_on_text(&self, key: &str, node: NodeId, text: &str, expected: &str) -> String {
        let plain = matches!(self.tree.node(node).kind, Kind::Scalar { plain: true, .. });
        let short = text.len() < 60 && !text.contains('\n');
        match (key, expected) {
            (DOCUMENT, _) => {
                "begin the document with `kind: pipeline`, and write every line as `key: value`".into()
            }
            (_, "`true` or `false`") if !plain && matches!(resolve(text), Scalar::Bool(_)) => {
                format!("take the quotes away: `{key}: {text}`")
            }
            (_, "`true` or `false`") => format!("write `{key}: true` or `{key}: false`"),
            ("clone", _) => "write `clone: {disable: true}` to fetch no code, or leave the key out".into(),
            ("when" | "trigger", _) if short => {
                format!("write the name of a condition first: `{key}: {{event: {text}}}`")
            }
            ("workspace", _) if short => format!("write `workspace: {{path: {text}}}`"),
            ("concurrency", _) if short => format!("write `concurrency: {{limit: {text}}}`"),
            ("platform", _) => match text.split_once('/') {
                Some((os, arch)) => format!("write `platform: {{os: {os}, arch: {arch}}}`"),
                None => "write `platform: {os: linux, arch: amd64}`".into(),
            },
            ("volumes", _) => {
                "give the volume a name under `volumes` of the pipeline, and mount it in the step \
                               with `- name: …` and `path: …`"
                    .into()
            }
            ("devices", _) => "write `- name: …` and `path: …`".into(),
            ("ports", _) => "write only the container's own port: Drone publishes none on the host".into(),
            ("steps" | "services", STEP) if short => {
                format!("write `- name: {text}`, and `image:` indented under it")
            }
            (_, "a list") if !short => {
                format!("begin each line under `{key}:` with `- `, and take the `|` away")
            }
            (_, "a list") => {
                format!("write `{key}: [{}]`, or `- {text}` on a line of its own", in_brackets(text))
            }
            (_, "a map") => format!("write the entries of `{key}` as `name: value`, indented under it"),
            _ => format!("give `{key}` {expected}"),
        }
    }

    fn advice_on_map(&self, key: &str, node: NodeId, expected: &str) -> String {
        match (key, expected) {
            (_, KEY) => "write the key as a plain word".into(),
            (_, ITEM) => match self.as_one_line(node) {
                Some(line) => format!("`: ` makes a key of what stands before it: put quotes around the whole item: `- '{line}'`"),
                None => "`: `, or a `{` at the beginning, makes a map of the item: put quotes around the whole of it".into(),
            },
            ("environment", "a text") => "move it to `environment` of each step that needs it: only there `from_secret` works".into(),
            ("steps" | "services", "a list") => match self.first_key(node) {
                Some(name) => format!("write `- name: {name}` instead of `{name}:`, and the same for each of the others"),
                None => format!("write `{key}` as a list, each item with `- name: …`"),
            },
            (_, "a list") => format!("write each item of `{key}` on a line of its own, after `- `"),
            (_, "a text") => format!("give `{key}` one text; quote it if it begins with `{{`"),
            _ => format!("give `{key}` {expected}"),
        }
    }

    /// The same as an edit, where it is sure what was meant.
    pub(super) fn mend(&self, node: NodeId, expected: &str) -> Option<Fix> {
        let (message, text) = match (&self.tree.node(node).kind, expected) {
            (Kind::Scalar { text, plain: false }, "`true` or `false`")
                if matches!(resolve(text), Scalar::Bool(_)) =>
            {
                ("take the quotes away", text.to_string())
            }
            (Kind::Scalar { text, plain: true }, "a list") if !text.contains('\n') => {
                ("make it a list of one", format!("[{}]", in_brackets(text)))
            }
            (Kind::Mapping(_), ITEM) => {
                ("put quotes around the whole item", format!("'{}'", self.as_one_line(node)?))
            }
            _ => return None,
        };
        let (read, written) = (self.tree.node(node).span, self.place(node));
        // A place of another length holds a `${…}`, which must stay.
        let verbatim = read.range().len() == written.range().len();
        verbatim.then(|| Fix {
            message: message.into(),
            edits: vec![Edit { span: written, text }],
            safe: true,
        })
    }

    fn first_key(&self, map: NodeId) -> Option<&str> {
        let (key, _) = self.tree.pairs(map).next()?;
        match &self.tree.node(key).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// `echo a: b`, as it stood before it was taken for a map.
    fn as_one_line(&self, map: NodeId) -> Option<String> {
        let mut pairs = self.tree.pairs(map);
        let (key, value) = pairs.next()?;
        let in_brackets = self.tree.node(map).span.start < self.tree.node(key).span.start;
        let (Kind::Scalar { text: key, plain: true }, Kind::Scalar { text: value, plain: true }) =
            (&self.tree.node(key).kind, &self.tree.node(value).kind)
        else {
            return None;
        };
        let line = format!("{key}: {value}").trim_end().replace('\'', "''");
        (!in_brackets && pairs.next().is_none() && line.len() < 80 && !line.contains('\n')).then_some(line)
    }
}

fn advice_on_list(key: &str, expected: &str) -> String {
    match (key, expected) {
        (_, KEY) => "write the key as a plain word".into(),
        (_, ITEM) => "write one text an item; put quotes around an item that begins with `[` or `-`".into(),
        ("environment", "a map") => "write `NAME: value` for each variable, without the `-`".into(),
        ("trigger" | "when", _) => format!("`{key}` is one map: write all conditions in it, without the `-`"),
        (DOCUMENT, _) => "separate the pipelines by lines of `---`, and take the `-` away".into(),
        (_, "a map") => format!("write the entries of `{key}` as `name: value`, without the `-`"),
        (_, "a text") => format!("give `{key}` one text, without brackets and `-`"),
        _ => format!("give `{key}` {expected}"),
    }
}

/// A text as an item of `[…]`.
fn in_brackets(text: &str) -> String {
    let simple = !text.contains([',', '[', ']', '{', '}', ':', '#', '\'', '"', '\\']);
    if simple { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
