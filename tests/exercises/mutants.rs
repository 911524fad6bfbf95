//! A right `.drone.yml` → wrong ones, made mechanically: keys deleted, entries swapped, values turned elsewhere.

use ciworkshop::engine::source::Span;
use ciworkshop::engine::yaml::{Kind, NodeId, Tree, parse, split};

/// A changed file, and what was changed.
pub(crate) struct Mutant {
    /// In words.
    pub(crate) change: String,
    /// The whole file.
    pub(crate) text: String,
}

/// All mutants of a file.
pub(crate) fn mutants(text: &str) -> Vec<Mutant> {
    let document = split(text).documents.last().copied().unwrap_or_default();
    let (tree, problems) = parse(&text[document.range()]);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    let mut maker = Maker { text, offset: document.start as usize, tree: &tree, made: Vec::new() };
    maker.walk();
    maker.made
}

struct Maker<'a> {
    text: &'a str,
    offset: usize,
    tree: &'a Tree<'a>,
    made: Vec<Mutant>,
}

impl Maker<'_> {
    fn walk(&mut self) {
        let mut open: Vec<(NodeId, String)> =
            self.tree.root().map(|it| (it, String::new())).into_iter().collect();
        while let Some((node, path)) = open.pop() {
            let pairs: Vec<_> = self.tree.pairs(node).collect();
            self.delete_keys(node, &path, &pairs);
            for (key, value) in &pairs {
                let below = format!("{path}/{}", self.slice(*key));
                self.retarget(&below, *key, *value);
                open.push((*value, below));
            }
            let items = self.tree.items(node).to_vec();
            self.delete_items(node, &path, &items);
            self.swap_items(&path, &items);
            self.swap_values(&path, &items);
            open.extend(items.iter().enumerate().map(|(at, it)| (*it, format!("{path}[{at}]"))));
        }
    }

    fn span(&self, node: NodeId) -> (usize, usize) {
        let Span { start, end } = self.tree.node(node).span;
        (start as usize + self.offset, end as usize + self.offset)
    }

    fn slice(&self, node: NodeId) -> &str {
        let (start, end) = self.span(node);
        &self.text[start..end]
    }

    fn make(&mut self, change: String, edits: &[(usize, usize, &str)]) {
        let mut edits = edits.to_vec();
        edits.sort_unstable_by_key(|it| std::cmp::Reverse(it.0));
        let mut text = self.text.to_owned();
        for (start, end, new) in edits {
            text.replace_range(start..end, new);
        }
        self.made.push(Mutant { change, text });
    }

    /// Where to cut so that one of several neighbours goes.
    fn cut(all: &[(usize, usize)], at: usize) -> (usize, usize) {
        match (at.checked_sub(1).map(|it| all[it]), all.get(at + 1)) {
            (_, Some(next)) => (all[at].0, next.0),
            (Some(previous), None) => (previous.1, all[at].1),
            (None, None) => all[at],
        }
    }

    fn delete_keys(&mut self, _: NodeId, path: &str, pairs: &[(NodeId, NodeId)]) {
        let spans: Vec<_> =
            pairs.iter().map(|(key, value)| (self.span(*key).0, self.span(*value).1)).collect();
        for (at, (key, _)) in pairs.iter().enumerate() {
            let (start, end) = Self::cut(&spans, at);
            let change = format!("delete {path}/{}", self.slice(*key));
            self.make(change, &[(start, end, if pairs.len() == 1 { "{}" } else { "" })]);
        }
    }

    fn delete_items(&mut self, list: NodeId, path: &str, items: &[NodeId]) {
        let spans: Vec<_> = items.iter().map(|it| self.span(*it)).collect();
        for at in 0..items.len() {
            let (start, end) = if items.len() == 1 { self.span(list) } else { Self::cut(&spans, at) };
            self.make(
                format!("delete {path}[{at}]"),
                &[(start, end, if items.len() == 1 { "[]" } else { "" })],
            );
        }
    }

    fn swap_items(&mut self, path: &str, items: &[NodeId]) {
        for (at, pair) in items.windows(2).enumerate() {
            let ((a, b), (c, d)) = (self.span(pair[0]), self.span(pair[1]));
            let (first, second) = (self.text[a..b].to_owned(), self.text[c..d].to_owned());
            self.make(format!("swap {path}[{at}] and the next"), &[(a, b, &second), (c, d, &first)]);
        }
    }

    /// Neighbours in a list exchange the values of a key that both have.
    fn swap_values(&mut self, path: &str, items: &[NodeId]) {
        for (at, two) in items.windows(2).enumerate() {
            let second: Vec<_> = self.tree.pairs(two[1]).collect();
            for (key, value) in self.tree.pairs(two[0]).collect::<Vec<_>>() {
                let same = second.iter().find(|(it, _)| self.slice(*it) == self.slice(key));
                let Some((_, other)) = same.filter(|(_, it)| self.slice(*it) != self.slice(value)) else {
                    continue;
                };
                let ((a, b), (c, d)) = (self.span(value), self.span(*other));
                let (one, two) = (self.text[a..b].to_owned(), self.text[c..d].to_owned());
                let change = format!("exchange {path}[{at}]/{} with the next", self.slice(key));
                self.make(change, &[(a, b, &two), (c, d, &one)]);
            }
        }
    }

    /// Values that decide where, when and on what something runs are turned elsewhere.
    fn retarget(&mut self, path: &str, key: NodeId, value: NodeId) {
        let others: &[&str] = match self.slice(key) {
            "kind" => &["secret", "pipline"],
            "type" => &["exec", "kubernetes", "dokcer"],
            "image" => &["alpine:3.22", "postgres:17", "python:2.7-slim", "pyhton:3.13"],
            "event" => &["tag", "promote"],
            "branch" => &["release/*"],
            "depends_on" => &["[nobody]", "[]"],
            "path" => &["/elsewhere"],
            _ => &[],
        };
        let scalar = matches!(self.tree.node(value).kind, Kind::Scalar { .. });
        let (start, end) = self.span(value);
        let listed = self.slice(key) == "depends_on";
        for other in others.iter().filter(|_| scalar || listed) {
            self.make(format!("{path} becomes {other}"), &[(start, end, other)]);
        }
        if self.slice(key) == "commands" {
            self.spoil(path, key, value);
        }
    }

    /// The usual ways to make a red step green.
    fn spoil(&mut self, path: &str, key: NodeId, value: NodeId) {
        let (at, _) = self.span(key);
        let flow = self.text[..at].trim_end().ends_with([',', '{']);
        let line = self.text[..at].rfind('\n').map_or(0, |it| it + 1);
        let glue = if flow { ", ".to_owned() } else { format!("\n{}", " ".repeat(at - line)) };
        for more in ["failure: ignore", "detach: true", "when: {event: [tag]}"] {
            self.make(format!("{path}: with {more}"), &[(at, at, &format!("{more}{glue}"))]);
        }
        for (at, item) in self.tree.items(value).to_vec().into_iter().enumerate() {
            let (start, end) = self.span(item);
            let plain = matches!(&self.tree.node(item).kind, Kind::Scalar { plain: true, .. });
            for (name, end_with) in [("|| true", " || true"), ("| cat", " | cat"), ("&", " &")] {
                if plain {
                    let new = format!("'{}{end_with}'", self.text[start..end].replace('\'', "''"));
                    self.make(format!("{path}[{at}] with {name}"), &[(start, end, &new)]);
                }
            }
        }
    }
}
