//! `trigger` and `when` → [`Conditions`]. A condition of a wrong shape restricts nothing, silently (§4.2).

use super::{Decoder, Field};
use crate::pipeline::{Condition, ConditionKey, Conditions, Spanned, Text};
use crate::yaml::{Kind, NodeId, Scalar, resolve};

impl Decoder<'_> {
    /// A map of conditions; anything else but null is a mismatch.
    pub(super) fn conditions(&mut self, field: Field, earlier: &mut Conditions) {
        let Some(entries) = self.map(field) else {
            *earlier = Conditions::default();
            return;
        };
        let span = self.place(field.node);
        earlier.span = Some(span);
        for (key, value) in entries {
            let Some(name) = self.name_of(Field { node: key, ..field }) else { continue };
            let Some(known) = ConditionKey::ALL.into_iter().find(|it| it.name() == name) else { continue };
            let Some(condition) = self.condition(Field { node: value, ..field }, known, key) else {
                continue;
            };
            earlier.entries.retain(|it| it.key != known);
            earlier.entries.push(condition);
        }
    }

    fn condition(&mut self, field: Field, key: ConditionKey, key_node: NodeId) -> Option<Condition> {
        let node = self.enter(field)?;
        let mut condition = Condition {
            key,
            key_span: self.place(key_node),
            span: self.place(node),
            include: Vec::new(),
            exclude: Vec::new(),
        };
        match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } if is_absent(text, self.is_null(node)) => return None,
            Kind::Scalar { .. } => condition.include = self.pattern(node).into_iter().collect(),
            Kind::Sequence(_) => condition.include = self.patterns(node),
            Kind::Mapping(_) => self.include_and_exclude(field, node, &mut condition),
            Kind::Alias(_) | Kind::UnknownAlias => return None,
        }
        Some(condition)
    }

    /// `include:` and `exclude:` count only when they are lists. The errors of this shape are swallowed by Drone.
    fn include_and_exclude(&mut self, field: Field, map: NodeId, condition: &mut Condition) {
        for (key, value) in self.entries(field, map) {
            let value = self.tree.resolve(value);
            let Kind::Scalar { text, .. } = &self.tree.node(self.tree.resolve(key)).kind else { continue };
            let is_list = matches!(self.tree.node(value).kind, Kind::Sequence(_));
            match text.as_ref() {
                "include" if is_list => condition.include = self.patterns(value),
                "exclude" if is_list => condition.exclude = self.patterns(value),
                _ => {}
            }
        }
    }

    /// The scalars of a list; everything else in it is dropped without a word.
    fn patterns(&mut self, list: NodeId) -> Vec<Text> {
        let items = self.tree.items(list).to_vec();
        items.into_iter().filter_map(|it| self.pattern(self.tree.resolve(it))).collect()
    }

    fn pattern(&mut self, node: NodeId) -> Option<Text> {
        let it = self.tree.node(node);
        let Kind::Scalar { text, plain } = &it.kind else { return None };
        let null = *plain && it.tag.is_none() && resolve(text) == Scalar::Null;
        let text = if null { String::new() } else { text.to_string() };
        Some(Spanned::new(text, self.place(node)))
    }
}

/// Nothing, `~` and `null` are as if the key were not there; `Null` and `NULL` are an empty pattern.
fn is_absent(text: &str, null: bool) -> bool {
    null && matches!(text, "" | "~" | "null")
}
