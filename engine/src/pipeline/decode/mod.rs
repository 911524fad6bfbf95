//! A tree → values of the shapes that Drone's programs want, with every mismatch noted for the programs that mind.
//!
//! One walk serves all programs: each field is read once, together with the set of programs whose structures have it.
//! What a mismatch does is go-yaml's: it is noted, and reading goes on (§1.3).

mod conditions;
mod documents;
mod legacy;
mod pipeline;
mod settings;
mod step;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::pipeline::{Spanned, Text};
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Scalar, Tree, resolve};

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
        Self { tree, origin, problems: Vec::new(), budget: Budget::default() }
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
        }
        Some(target)
    }

    fn too_many_aliases(&mut self, field: Field) {
        if self.problems.iter().any(|it| it.code == "yaml-alias-bomb") {
            return;
        }
        let span = self.place(field.node);
        self.problems.push(
            Diagnostic::error("yaml-alias-bomb", span, "the aliases of this document expand to far too much")
                .label("too much by here")
                .why("Drone stops reading a document that is nearly all repetition")
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
                self.mismatch(key, node, "a text as key");
                None
            }
        }
    }

    fn entries(&mut self, field: Field, map: NodeId) -> Vec<(NodeId, NodeId)> {
        let plain: Vec<_> = self.tree.pairs(map).collect();
        if !plain.iter().any(|(key, _)| self.is_merge(*key)) {
            return plain;
        }
        let mut entries = Vec::new();
        let mut work = vec![Merge { pairs: plain, next: 0, alias: None }];
        while let Some(top) = work.last_mut() {
            let Some((key, value)) = top.pairs.get(top.next).copied() else {
                self.budget.depth -= u32::from(top.alias.is_some());
                work.pop();
                continue;
            };
            top.next += 1;
            if self.is_merge(key) {
                self.merge(Field { node: value, ..field }, &mut work);
            } else if self.budget.spend() {
                entries.push((key, value));
            } else {
                self.too_many_aliases(field);
                break;
            }
        }
        self.budget.depth = 0;
        entries
    }

    /// Puts the maps behind `<<` on the pile, so that the first of a list is read last and wins.
    fn merge(&mut self, field: Field, work: &mut Vec<Merge>) {
        let target = self.tree.resolve(field.node);
        let maps = match self.tree.node(target).kind {
            Kind::Mapping(_) => vec![field.node],
            Kind::Sequence(_) if target == field.node => self.tree.items(target).to_vec(),
            _ => return self.bad_merge(field),
        };
        for map in maps {
            let inner = self.tree.resolve(map);
            if !matches!(self.tree.node(inner).kind, Kind::Mapping(_)) {
                return self.bad_merge(Field { node: map, ..field });
            }
            let alias = (inner != map).then_some(map);
            if alias.is_some() && work.iter().any(|it| it.alias == alias) {
                return self.contains_itself(Field { node: map, ..field });
            }
            if !self.budget.spend() {
                return self.too_many_aliases(field);
            }
            self.budget.depth += u32::from(alias.is_some());
            work.push(Merge { pairs: self.tree.pairs(inner).collect(), next: 0, alias });
        }
    }

    fn is_merge(&self, key: NodeId) -> bool {
        let node = self.tree.node(key);
        let tagged = node.tag.as_deref().is_none_or(|it| it == "tag:yaml.org,2002:merge");
        tagged && matches!(&node.kind, Kind::Scalar { text, plain: true } if text == "<<")
    }

    fn bad_merge(&mut self, field: Field) {
        let span = self.place(field.node);
        self.problems.push(
            Diagnostic::error("yaml-merge", span, "`<<` merges maps, and this is none")
                .label(self.found(self.tree.resolve(field.node)))
                .why("Drone refuses the whole file")
                .help("give `<<` an alias of a map, or a list of such aliases")
                .refused_by(field.programs, Stage::Parse),
        );
    }

    fn contains_itself(&mut self, field: Field) {
        let span = self.place(field.node);
        self.problems.push(
            Diagnostic::error("yaml-cycle", span, "an anchor contains itself")
                .label("this alias leads back to where it stands")
                .why("it would expand for ever, so Drone refuses the whole file")
                .help("take the alias out of the value that its anchor marks")
                .refused_by(field.programs, Stage::Parse),
        );
    }

    /// What a scalar is after its tag and its quotes are considered.
    fn scalar(&mut self, node: NodeId, field: Field) -> Scalar<'a> {
        let tree = self.tree;
        let it = tree.node(node);
        let Kind::Scalar { text, plain } = &it.kind else { return Scalar::Null };
        let Some(tag) = it.tag.as_deref() else {
            return if *plain { resolve(text) } else { Scalar::Text(text) };
        };
        match tag.strip_prefix("tag:yaml.org,2002:") {
            Some(wanted @ ("null" | "bool" | "int" | "float" | "timestamp")) => {
                self.tagged(node, field, wanted, resolve(text))
            }
            _ => Scalar::Text(text),
        }
    }

    fn tagged(&mut self, node: NodeId, field: Field, wanted: &str, found: Scalar<'a>) -> Scalar<'a> {
        if found.tag() == wanted || (wanted == "float" && found.tag() == "int") {
            return found;
        }
        let span = self.place(node);
        self.problems.push(
            Diagnostic::error("yaml-tag", span, format!("this is no `!!{wanted}`"))
                .label(format!("tagged `!!{wanted}`"))
                .why("Drone refuses the whole file")
                .help("take the tag away")
                .refused_by(field.programs, Stage::Parse),
        );
        Scalar::Null
    }

    /// A null scalar of any spelling.
    fn is_null(&self, node: NodeId) -> bool {
        let it = self.tree.node(node);
        match &it.kind {
            Kind::Scalar { text, plain } => match it.tag.as_deref() {
                Some(tag) => tag == "tag:yaml.org,2002:null",
                None => *plain && resolve(text) == Scalar::Null,
            },
            _ => false,
        }
    }

    fn boolean(&mut self, field: Field) -> Option<Spanned<bool>> {
        let node = self.enter(field)?;
        match self.scalar_only(field, node, "`true` or `false`")? {
            Scalar::Bool(value) => Some(Spanned::new(value, self.place(node))),
            Scalar::Null => None,
            _ => {
                self.mismatch(field, node, "`true` or `false`, without quotes,");
                None
            }
        }
    }

    fn integer(&mut self, field: Field) -> Option<Spanned<i64>> {
        let node = self.enter(field)?;
        let value = self.scalar_only(field, node, "a number")?;
        match whole(value) {
            Some(value) => Some(Spanned::new(value, self.place(node))),
            None if value == Scalar::Null => None,
            None => {
                self.mismatch(field, node, "a number");
                None
            }
        }
    }

    fn number(&mut self, field: Field) {
        let Some(node) = self.enter(field) else { return };
        let Some(value) = self.scalar_only(field, node, "a number") else { return };
        if !matches!(value, Scalar::Null | Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_)) {
            self.mismatch(field, node, "a number");
        }
    }

    fn scalar_only(&mut self, field: Field, node: NodeId, expected: &str) -> Option<Scalar<'a>> {
        if matches!(self.tree.node(node).kind, Kind::Scalar { .. }) {
            return Some(self.scalar(node, field));
        }
        self.mismatch(field, node, expected);
        None
    }

    /// A number of bytes, or a text such as `512m` with a unit of 1024 (§3).
    fn bytes(&mut self, field: Field) -> Option<Spanned<i64>> {
        let node = self.enter(field)?;
        let value = self.scalar_only(field, node, "a size such as `512m`")?;
        if value == Scalar::Null {
            return None;
        }
        let Kind::Scalar { text, .. } = &self.tree.node(node).kind else { return None };
        if let Some(value) = whole(value).or_else(|| bytes_of(text)) {
            Some(Spanned::new(value, self.place(node)))
        } else {
            self.mismatch(field, node, "a size such as `512m`");
            None
        }
    }

    fn mismatch(&mut self, field: Field, node: NodeId, expected: &str) {
        if matches!(self.tree.node(node).kind, Kind::UnknownAlias) {
            // Said already, and what it would have been is not known.
            return;
        }
        let found = self.found(node);
        let key = field.key;
        let span = self.shown(node);
        let mut problem = Diagnostic::error(
            "wrong-shape",
            span,
            format!("`{key}` must be {expected}, and this is {found}"),
        )
        .label(found)
        .why("Drone refuses the whole file, all pipelines in it included")
        .refused_by(field.programs, Stage::Parse);
        problem.help = Some(self.advice(key, node, expected));
        self.note(problem);
    }

    fn item_mismatch(&mut self, field: Field, node: NodeId) {
        let found = self.found(node);
        let key = field.key;
        let message = format!("each item of `{key}` must be a text, and this is {found}");
        let mut problem = Diagnostic::error("wrong-shape", self.shown(node), message)
            .label(found)
            .why("Drone refuses the whole file, all pipelines in it included")
            .refused_by(field.programs, Stage::Parse);
        problem.help = Some(match self.tree.node(node).kind {
            Kind::Mapping(_) => "a `: ` makes a map out of the line: put quotes around the whole item".into(),
            _ => "write one text a line, each after its own `- `".into(),
        });
        self.note(problem);
    }

    /// Programs that read a value twice complain once.
    fn note(&mut self, problem: Diagnostic) {
        if problem.refusals.iter().all(|it| it.programs.is_empty()) {
            return;
        }
        let same = |it: &&mut Diagnostic| it.code == problem.code && it.primary.span == problem.primary.span;
        match self.problems.iter_mut().rev().take(4).find(same) {
            Some(earlier) => earlier.refusals.extend(problem.refusals),
            None => self.problems.push(problem),
        }
    }

    fn advice(&self, key: &str, node: NodeId, expected: &str) -> String {
        let written = match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } if text.len() < 40 && !text.contains('\n') => text.as_ref(),
            _ => "…",
        };
        match expected {
            "a list" => format!("write `{key}: [{written}]`, or each item on a line of its own after `- `"),
            "a map" => format!("write the entries of `{key}` as `name: value`, indented under it"),
            _ => format!("give `{key}` {}", expected.trim_end_matches(',')),
        }
    }

    /// A collection is shown by its first line only.
    fn shown(&self, node: NodeId) -> Span {
        self.place(node)
    }

    fn found(&self, node: NodeId) -> &'static str {
        let it = self.tree.node(node);
        match &it.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a map",
            Kind::Scalar { text, plain: true } if it.tag.is_none() => match resolve(text) {
                Scalar::Null => "nothing",
                Scalar::Bool(_) => "`true` or `false`",
                Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) => "a number",
                Scalar::Timestamp(_) | Scalar::Text(_) => "a text",
            },
            _ => "a text",
        }
    }
}

/// A map whose entries are being read, and the alias through which it was reached.
struct Merge {
    pairs: Vec<(NodeId, NodeId)>,
    next: usize,
    alias: Option<NodeId>,
}

/// A number as Go puts it into an `int`: the fraction is cut off.
fn whole(value: Scalar<'_>) -> Option<i64> {
    match value {
        Scalar::Int(value) => Some(value),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "go-yaml cuts the fraction off; the range is checked"
        )]
        Scalar::Float(value) if value.abs() <= 9e18 => Some(value as i64),
        _ => None,
    }
}

/// `44kiB`, `1g`, `512m`: binary units, in any case, with or without a blank.
fn bytes_of(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(lower.len());
    let number: f64 = lower[..digits].parse().ok()?;
    let unit = lower[digits..].strip_prefix(' ').unwrap_or(&lower[digits..]);
    let unit = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(unit);
    let power = match unit {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    whole(Scalar::Float(number * 1024_f64.powi(power)))
}
