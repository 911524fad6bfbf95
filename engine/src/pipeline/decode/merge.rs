//! The entries of a map with every `<<` expanded in Drone's order, and what is wrong with a `<<` (§1.3).

use super::mismatch::why;
use super::{Decoder, Field};
use crate::diagnostic::{Diagnostic, Stage};
use crate::yaml::{Kind, NodeId};

impl Decoder<'_> {
    pub(super) fn entries(&mut self, field: Field, map: NodeId) -> Vec<(NodeId, NodeId)> {
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
        self.note(
            Diagnostic::error("yaml-merge", span, format!("`<<` merges maps, and this is {found}"))
                .label("a map, or a list of maps, is due here")
                .why(why(field.programs))
                .help("give `<<` an alias of a map, such as `<<: *defaults`, or a list of such aliases")
                .refused_by(field.programs, Stage::Parse),
        );
    }

    pub(super) fn contains_itself(&mut self, field: Field) {
        let span = self.place(field.node);
        self.note(
            Diagnostic::error("yaml-cycle", span, "an anchor contains itself")
                .label("this alias leads back to where it stands")
                .why("it would expand for ever, so the whole file is refused")
                .help("take the alias out of the value that its anchor marks")
                .refused_by(field.programs, Stage::Parse),
        );
    }
}

/// A map whose entries are being read, and the alias through which it was reached.
struct Merge {
    pairs: Vec<(NodeId, NodeId)>,
    next: usize,
    alias: Option<NodeId>,
}
