//! A document's tree → what is written there and has no effect: unknown keys, keys that are overwritten, conditions of a
//! shape that restricts nothing. Drone says nothing of any of these (§1.3, §4.2).

use std::collections::{HashMap, HashSet};

use crate::pipeline::grammar::{Key, Map, PIPELINE, Shape, Types};
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Tree};

/// Something that is written and has no effect.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The key, or the value, that is lost.
    pub span: Span,
    /// What became of it.
    pub loss: Loss,
}

/// How something is lost.
#[derive(Clone, Debug)]
pub enum Loss {
    /// No program knows this key here.
    UnknownKey {
        /// The key.
        name: String,
        /// What it stands in.
        map: &'static Map,
        /// The place of its value; empty when there is none.
        value: Span,
    },
    /// The key is known, and does nothing in a pipeline of this type.
    Inert {
        /// The key.
        key: &'static Key,
        /// What it stands in.
        map: &'static Map,
    },
    /// The same key stands again further down, and that one counts.
    Repeated {
        /// The key.
        name: String,
        /// What it stands in.
        noun: &'static str,
        /// The later one.
        winner: Span,
        /// True for free names, such as variables.
        free: bool,
        /// True when both are maps that Drone joins: of each only the names count that the later one does not have.
        joined: bool,
    },
    /// A `<<` further down brings the same key, and that one counts.
    Merged {
        /// The key.
        name: String,
        /// The place of the `<<`.
        merge: Span,
    },
    /// A text under `include` or `exclude` of a condition: only a list restricts anything.
    NoList {
        /// The condition, such as `branch`.
        condition: &'static str,
        /// `include` or `exclude`.
        key: &'static str,
    },
    /// A key under a condition that is neither `include` nor `exclude`.
    NoPattern {
        /// The condition, such as `branch`.
        condition: &'static str,
        /// The key.
        name: String,
    },
    /// An item of a condition's list that is no text.
    NoText {
        /// The condition, such as `branch`.
        condition: &'static str,
    },
}

/// A tree to walk, the text it was made of, and the place of each span in the file.
pub(super) struct Walk<'a> {
    tree: &'a Tree<'a>,
    text: &'a str,
    place: &'a dyn Fn(Span) -> Span,
    types: Types,
    seen: HashSet<(NodeId, usize)>,
    lost: Vec<Lost>,
}

/// What has no effect in a document of this kind and type, by place.
pub(super) fn lost(
    tree: &Tree<'_>,
    text: &str,
    map: &'static Map,
    type_: &str,
    place: &dyn Fn(Span) -> Span,
) -> Vec<Lost> {
    let Some(root) = tree.root() else { return Vec::new() };
    let known = Types::named(type_).unwrap_or(Types::ALL);
    let mut walk = Walk { tree, text, place, types: known, seen: HashSet::new(), lost: Vec::new() };
    walk.all(root, map);
    walk.lost.sort_by_key(|it| it.span);
    walk.lost
}

impl<'a> Walk<'a> {
    fn all(&mut self, root: NodeId, map: &'static Map) {
        let mut open = vec![(root, Shape::Keys(map))];
        while let Some((node, shape)) = open.pop() {
            let target = self.tree.resolve(node);
            match shape {
                Shape::Keys(map) | Shape::TextOr(map) => self.map(node, target, map, &mut open),
                Shape::Each(map) | Shape::EachOrInteger(map) => {
                    open.extend(self.tree.items(target).iter().map(|it| (*it, Shape::Keys(map))));
                }
                Shape::TextMap | Shape::Variables | Shape::Settings => self.repeated(target, None),
                _ => {}
            }
        }
    }

    fn map(&mut self, node: NodeId, target: NodeId, map: &'static Map, open: &mut Vec<(NodeId, Shape)>) {
        // What is repeated by aliases is looked at once.
        if target != node && !self.seen.insert((target, std::ptr::from_ref(map).addr())) {
            return;
        }
        self.repeated(target, Some(map));
        let tree = self.tree;
        for (key, value) in tree.pairs(target) {
            let Some(name) = self.name(key) else { continue };
            if name == "<<" {
                self.merge(target, key, value, map);
                open.extend(self.merged(value).into_iter().map(|it| (it, Shape::Keys(map))));
                continue;
            }
            match map.key(name) {
                Some(known) => self.known(known, key, value, map, open),
                None => self.unknown(name, key, value, map),
            }
        }
    }

    fn known(
        &mut self,
        known: &'static Key,
        key: NodeId,
        value: NodeId,
        map: &'static Map,
        open: &mut Vec<(NodeId, Shape)>,
    ) {
        if !known.types.meets(self.types) {
            self.note(key, Loss::Inert { key: known, map });
        } else if let Shape::Condition = known.shape {
            self.condition(known.name, value);
        } else {
            open.push((value, known.shape));
        }
    }

    fn unknown(&mut self, name: &str, key: NodeId, value: NodeId, map: &'static Map) {
        if name.starts_with("x-") || self.is_shelf(key, value, map) {
            return;
        }
        let value = (self.place)(self.tree.node(value).span);
        self.note(key, Loss::UnknownKey { name: name.to_owned(), map, value });
    }

    /// A key under which anchors are parked for use elsewhere.
    fn is_shelf(&self, key: NodeId, value: NodeId, map: &Map) -> bool {
        let (from, to) = (self.tree.node(key).span.end, self.tree.node(value).span.end);
        let written = self.text.get(from as usize..to.max(from) as usize).unwrap_or_default();
        let begins = |at: usize| {
            let before = written[..at].chars().next_back();
            let after = written[at + 1..].chars().next();
            before.is_none_or(|it| it.is_whitespace() || matches!(it, '[' | '{' | ','))
                && after.is_some_and(|it| it.is_ascii_alphanumeric() || it == '_')
        };
        std::ptr::eq(map, &raw const PIPELINE) && written.match_indices('&').any(|(at, _)| begins(at))
    }

    /// Earlier ones of equal keys. Without a map of known keys the names are free; of unknown keys nobody reads any.
    fn repeated(&mut self, map: NodeId, known: Option<&'static Map>) {
        let tree = self.tree;
        let names: Vec<(&str, NodeId)> =
            tree.pairs(map).filter_map(|(key, _)| Some((self.name(key)?, key))).collect();
        // Most maps repeat nothing, and to sort a few names is quicker than to hash them.
        let mut sorted: Vec<&str> = names.iter().map(|it| it.0).collect();
        sorted.sort_unstable();
        if sorted.windows(2).all(|it| it[0] != it[1]) {
            return;
        }
        let winners: HashMap<&str, NodeId> = names.iter().copied().collect();
        for (name, key) in names.iter().filter(|it| it.0 != "<<") {
            let Some(winner) = winners.get(name).filter(|it| *it != key) else { continue };
            let shape = known.map(|it| it.key(name).map(|it| it.shape));
            if matches!(shape, Some(None)) {
                continue;
            }
            let joined = shape.flatten().is_some_and(is_joined);
            let (noun, free) = (known.map_or("", |it| it.noun), known.is_none());
            let winner = (self.place)(tree.node(*winner).span);
            self.note(*key, Loss::Repeated { name: (*name).to_owned(), noun, winner, free, joined });
        }
    }

    /// Keys before a `<<` that it overwrites. What is joined loses nothing but equal names, and of unknown keys nobody
    /// reads any.
    fn merge(&mut self, node: NodeId, merge: NodeId, value: NodeId, map: &'static Map) {
        let tree = self.tree;
        let merged = self.merged(value);
        let brought: HashSet<&str> = merged
            .iter()
            .flat_map(|it| tree.pairs(tree.resolve(*it)))
            .filter_map(|(key, _)| self.name(key))
            .collect();
        let place = (self.place)(tree.node(merge).span);
        for (key, _) in tree.pairs(node).take_while(|(key, _)| *key != merge) {
            let Some(name) = self.name(key).filter(|it| brought.contains(it)) else { continue };
            if map.key(name).is_none_or(|it| is_joined(it.shape)) {
                continue;
            }
            self.note(key, Loss::Merged { name: name.to_owned(), merge: place });
        }
    }

    /// The maps behind a `<<`.
    fn merged(&self, value: NodeId) -> Vec<NodeId> {
        let target = self.tree.resolve(value);
        match self.tree.node(target).kind {
            Kind::Mapping(_) => vec![value],
            _ => self.tree.items(target).to_vec(),
        }
    }

    fn condition(&mut self, condition: &'static str, value: NodeId) {
        let tree = self.tree;
        let target = tree.resolve(value);
        self.no_texts(condition, target);
        for (key, value) in tree.pairs(target) {
            let name = self.name(key).unwrap_or_default();
            let list = tree.resolve(value);
            let known = ["include", "exclude"].into_iter().find(|it| *it == name);
            let Some(known) = known else {
                self.note(key, Loss::NoPattern { condition, name: name.to_owned() });
                continue;
            };
            match &tree.node(list).kind {
                Kind::Sequence(_) => self.no_texts(condition, list),
                Kind::Scalar { text, .. } if text.is_empty() => {}
                _ => self.note(list, Loss::NoList { condition, key: known }),
            }
        }
    }

    fn no_texts(&mut self, condition: &'static str, list: NodeId) {
        for item in self.tree.items(list) {
            let item = self.tree.resolve(*item);
            if !matches!(self.tree.node(item).kind, Kind::Scalar { .. } | Kind::UnknownAlias) {
                self.note(item, Loss::NoText { condition });
            }
        }
    }

    fn name(&self, key: NodeId) -> Option<&'a str> {
        let tree = self.tree;
        match &tree.node(tree.resolve(key)).kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    fn note(&mut self, node: NodeId, loss: Loss) {
        let span = (self.place)(self.tree.node(node).span);
        self.lost.push(Lost { span, loss });
    }
}

/// What Go reads into the map that it has already.
fn is_joined(shape: Shape) -> bool {
    matches!(shape, Shape::Keys(_) | Shape::TextMap | Shape::Variables | Shape::Settings)
}
