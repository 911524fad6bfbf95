//! A tree → values of the shapes that Drone's programs want, with every mismatch noted for the programs that mind.
//!
//! One walk serves all programs: each field is read once, together with the set of programs whose structures have it.
//! What a mismatch does is go-yaml's: it is noted, and reading goes on (§1.3).

mod conditions;
mod documents;
mod legacy;
mod merge;
mod mismatch;
mod pipeline;
mod scalars;
mod settings;
mod shape;
mod step;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::pipeline::{Spanned, Text, Unread};
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Scalar, Tree};

pub(super) use documents::document;
pub(super) use legacy::LegacyFile;

/// A value to read: the key it stands under, and who reads it.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// The key, for messages.
    pub(super) key: &'static str,
    /// The value.
    pub(super) node: NodeId,
    /// The programs that read it.
    pub(super) programs: Programs,
}

/// Walks one document.
pub(super) struct Decoder<'a> {
    tree: &'a Tree<'a>,
    /// A span of the parsed text → the place in the file as written.
    origin: &'a dyn Fn(Span) -> Span,
    pub(super) problems: Vec<Diagnostic>,
    /// Where values of a wrong shape stand.
    pub(super) unread: Vec<Unread>,
    /// The name under a map of free names, such as a variable of `environment`, for messages.
    entry: Option<String>,
    /// The alias that was looked through last, others inside it not counted.
    alias: Option<NodeId>,
    budget: Budget,
}

/// How often nodes were decoded, and how often through an alias: go-yaml's guard against alias bombs (§1.1).
#[derive(Default)]
struct Budget {
    decoded: u64,
    aliased: u64,
    depth: u32,
    exhausted: bool,
}

impl Budget {
    fn spend(&mut self) -> bool {
        self.decoded += 1;
        self.aliased += u64::from(self.depth > 0);
        self.exhausted |= self.aliased > 100 && self.decoded > 1_000 && self.is_mostly_aliases();
        !self.exhausted
    }

    /// At most 99 % of the work may come from aliases, falling to 10 % between 400,000 and 4,000,000 nodes.
    fn is_mostly_aliases(&self) -> bool {
        let spread = self.decoded.clamp(400_000, 4_000_000) - 400_000;
        // Per ten million, so that no rounding is needed: 99 % minus 89 % of the way.
        let allowed = 9_900_000 - 8_900_000 * spread / 3_600_000;
        self.aliased * 10_000_000 / self.decoded > allowed
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(tree: &'a Tree<'a>, origin: &'a dyn Fn(Span) -> Span) -> Self {
        Self {
            tree,
            origin,
            problems: Vec::new(),
            unread: Vec::new(),
            entry: None,
            alias: None,
            budget: Budget::default(),
        }
    }

    /// The place of a node in the file as written.
    fn place(&self, node: NodeId) -> Span {
        (self.origin)(self.tree.node(node).span)
    }

    /// Counts a node, and looks through an alias. `None` once the document is an alias bomb.
    fn enter(&mut self, field: Field) -> Option<NodeId> {
        if !self.budget.spend() {
            self.too_many_aliases(field);
            return None;
        }
        let target = self.tree.resolve(field.node);
        if target != field.node {
            self.budget.decoded += 1;
            self.budget.aliased += 1;
            if self.budget.depth == 0 {
                self.alias = Some(field.node);
            }
        }
        Some(target)
    }

    fn too_many_aliases(&mut self, field: Field) {
        if self.problems.iter().any(|it| it.code == "yaml-alias-bomb") {
            return;
        }
        let span = self.place(self.alias.unwrap_or(field.node));
        self.note(
            Diagnostic::error("yaml-alias-bomb", span, "the aliases of this document expand to far too much")
                .label("too much when this is expanded")
                .why("a document that is nearly all repetition could fill the memory of any reader, so Drone stops")
                .help("write the repeated part out, or repeat less")
                .refused_by(field.programs, Stage::Parse),
        );
    }

    /// A text: any scalar, in its original spelling. `None` for null and for what is no scalar.
    fn text(&mut self, field: Field) -> Option<Text> {
        let node = self.enter(field)?;
        match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } if self.scalar(node, field) != Scalar::Null => {
                Some(Spanned::new(text.to_string(), self.place(node)))
            }
            Kind::Scalar { .. } => None,
            _ => {
                self.mismatch(field, node, "a text");
                None
            }
        }
    }

    /// A list of texts. Null items are empty texts; items that are no scalars are noted and left out.
    fn texts(&mut self, field: Field) -> Vec<Text> {
        let mut texts = Vec::new();
        for item in self.list(field) {
            let inner = Field { node: item, ..field };
            let Some(node) = self.enter(inner) else { break };
            match &self.tree.node(node).kind {
                Kind::Scalar { text, .. } => {
                    let null = self.scalar(node, inner) == Scalar::Null;
                    let text = if null { String::new() } else { text.to_string() };
                    texts.push(Spanned::new(text, self.place(node)));
                }
                _ => self.item_mismatch(inner, node),
            }
        }
        texts
    }

    /// The items of a list; none for null and for what is no list, which is noted.
    fn list(&mut self, field: Field) -> Vec<NodeId> {
        let Some(node) = self.enter(field) else { return Vec::new() };
        match self.tree.node(node).kind {
            Kind::Sequence(_) => self.tree.items(node).to_vec(),
            _ if self.is_null(node) => Vec::new(),
            _ => {
                self.mismatch(field, node, "a list");
                Vec::new()
            }
        }
    }

    /// The keys and values of a map, `<<` expanded in Drone's order (§1.3): what comes later overrides.
    /// `None` for null, and for what is no map, which is noted.
    fn map(&mut self, field: Field) -> Option<Vec<(NodeId, NodeId)>> {
        let node = self.enter(field)?;
        match self.tree.node(node).kind {
            Kind::Mapping(_) => Some(self.entries(field, node)),
            _ if self.is_null(node) => None,
            _ => {
                self.mismatch(field, node, "a map");
                None
            }
        }
    }

    /// Entries of a map whose keys are free: texts with their place, one for each key. The last of equal keys wins.
    fn named(&mut self, field: Field) -> Vec<(Text, NodeId)> {
        let mut named: Vec<(Text, NodeId)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in self.map(field).unwrap_or_default() {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            let text = Spanned::new(name.to_string(), self.place(key));
            match places.entry(text.value.clone()) {
                Entry::Occupied(earlier) => named[*earlier.get()] = (text, value),
                Entry::Vacant(free) => {
                    free.insert(named.len());
                    named.push((text, value));
                }
            }
        }
        named
    }

    /// The text of a key. A key that is a list or a map is a mismatch wherever Drone reads the map.
    fn name_of(&mut self, key: Field) -> Option<Cow<'a, str>> {
        let node = self.enter(key)?;
        let tree = self.tree;
        match &tree.node(node).kind {
            Kind::Scalar { .. } if self.scalar(node, key) == Scalar::Null => Some(Cow::Borrowed("")),
            Kind::Scalar { text, .. } => Some(Cow::Borrowed(text.as_ref())),
            _ => {
                self.mismatch(key, node, shape::KEY);
                None
            }
        }
    }
}
