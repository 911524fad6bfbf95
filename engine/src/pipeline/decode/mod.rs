//! A tree → values of the shapes that Drone's programs want, with every mismatch noted for the programs that mind.
//!
//! One walk serves all programs: each field is read once, together with the set of programs whose structures have it.
//! What a mismatch does is go-yaml's: it is noted, and reading goes on (§1.3).

mod conditions;
mod documents;
mod legacy;
mod pipeline;
mod settings;
mod shape;
mod step;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::pipeline::{Spanned, Text, Unread};
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
        self.problems.push(
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
        let target = self.tree.resolve(field.node);
        if matches!(self.tree.node(target).kind, Kind::UnknownAlias) {
            return;
        }
        let found = self.found(target);
        self.problems.push(
            Diagnostic::error("yaml-merge", span, format!("`<<` merges maps, and this is {found}"))
                .label("a map, or a list of maps, is due here")
                .why(why(field.programs))
                .help("give `<<` an alias of a map, such as `<<: *defaults`, or a list of such aliases")
                .refused_by(field.programs, Stage::Parse),
        );
    }

    fn contains_itself(&mut self, field: Field) {
        let span = self.place(field.node);
        self.problems.push(
            Diagnostic::error("yaml-cycle", span, "an anchor contains itself")
                .label("this alias leads back to where it stands")
                .why("it would expand for ever, so the whole file is refused")
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
            Diagnostic::error("yaml-tag", span, format!("the tag `!!{wanted}` does not fit this value"))
                .label(self.found(node))
                .why(why(field.programs))
                .help("take the tag away: Drone needs no tags")
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
                self.mismatch(field, node, "`true` or `false`");
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
        let subject = match (&self.entry, field.key) {
            (_, shape::DOCUMENT) => shape::DOCUMENT.to_owned(),
            (Some(entry), key) => format!("`{entry}` under `{key}`"),
            (None, key) => format!("`{key}`"),
        };
        let found = self.found(node);
        let message = match expected {
            shape::KEY => format!("a key must be a text, and this is {found}"),
            shape::STEP | shape::MOUNT => {
                format!("each item of {subject} must be {expected}, and this is {found}")
            }
            _ => format!("{subject} must be {expected}, and this is {found}"),
        };
        self.wrong_shape(field, node, message, expected);
    }

    fn item_mismatch(&mut self, field: Field, node: NodeId) {
        let message =
            format!("each item of `{}` must be a text, and this is {}", field.key, self.found(node));
        self.wrong_shape(field, node, message, shape::ITEM);
    }

    fn wrong_shape(&mut self, field: Field, node: NodeId, message: String, expected: &str) {
        if matches!(self.tree.node(node).kind, Kind::UnknownAlias) {
            return; // noted as such
        }
        self.unread.push(Unread { span: self.place(node), key: Some(field.key), programs: field.programs });
        let due = if matches!(expected, shape::ITEM | shape::KEY) { "a text" } else { expected };
        let mut problem = Diagnostic::error("wrong-shape", self.shown(node), message)
            .label(format!("{due} is due here"))
            .why(why(field.programs))
            .refused_by(field.programs, Stage::Parse);
        problem.help = Some(self.advice(field.key, node, expected));
        problem.fixes.extend(self.mend(node, expected));
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

    /// The place to show: a list without brackets begins with its first item, whether its dash is indented or not.
    fn shown(&self, node: NodeId) -> Span {
        let span = self.tree.node(node).span;
        let items = self.tree.items(node).first().zip(self.tree.items(node).last());
        let own = |it: &NodeId| self.tree.node(*it).span;
        let without_brackets = items.filter(|it| own(it.1).end == span.end);
        let start = without_brackets.map_or(span.start, |it| own(it.0).start);
        (self.origin)(Span { start, ..span })
    }

    /// What a value is, for messages: short texts are quoted.
    fn found(&self, node: NodeId) -> String {
        match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } if !text.is_empty() && text.len() < 30 && !text.contains('\n') => {
                format!("{} `{text}`", self.found_plain(node))
            }
            _ => self.found_plain(node).to_owned(),
        }
    }

    fn found_plain(&self, node: NodeId) -> &'static str {
        let it = self.tree.node(node);
        match &it.kind {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a map",
            Kind::Scalar { text, plain: true } if it.tag.is_none() => match resolve(text) {
                Scalar::Null => "nothing",
                Scalar::Bool(_) => "the boolean",
                Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) => "the number",
                Scalar::Timestamp(_) | Scalar::Text(_) => "the text",
            },
            Kind::Scalar { text, .. } if text.contains('\n') => "a text of several lines",
            _ => "the text",
        }
    }
}

/// What a wrong shape does, for those who refuse it.
fn why(programs: Programs) -> &'static str {
    if programs.contains(Program::Server) {
        "one such value is enough: the whole file is refused, with every pipeline in it"
    } else {
        "the server does not look at it, so the build starts and then fails in the runner"
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
