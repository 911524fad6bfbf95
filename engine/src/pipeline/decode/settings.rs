//! A plugin's settings → what the plugin finds in its environment (§5.6). Deep values cost no stack.

use std::collections::BTreeMap;

use super::{Decoder, Field};
use crate::pipeline::{Parameter, Spanned, Text};
use crate::yaml::{Kind, NodeId, Scalar};

impl Decoder<'_> {
    /// All settings of a step.
    pub(super) fn settings(&mut self, field: Field) -> Vec<(Text, Parameter)> {
        let named = self.named(field);
        named.into_iter().map(|(name, node)| (name, self.parameter(Field { node, ..field }))).collect()
    }

    fn parameter(&mut self, field: Field) -> Parameter {
        let node = self.tree.resolve(field.node);
        let span = self.place(node);
        if let Some(secret) = self.secret_name(field, node) {
            return Parameter::Secret(secret);
        }
        Parameter::Value(Spanned::new(self.environment_text(field), span))
    }

    /// `{from_secret: NAME}`, whatever stands beside it. An empty name is no reference.
    fn secret_name(&mut self, field: Field, map: NodeId) -> Option<Text> {
        if !matches!(self.tree.node(map).kind, Kind::Mapping(_)) {
            return None;
        }
        let mut found = None;
        for (key, value) in self.entries(field, map) {
            let Kind::Scalar { text: key, .. } = &self.tree.node(self.tree.resolve(key)).kind else {
                return None;
            };
            if key != "from_secret" {
                continue;
            }
            let value = self.tree.resolve(value);
            let Kind::Scalar { text, .. } = &self.tree.node(value).kind else { return None };
            let name = if self.is_null(value) { String::new() } else { text.to_string() };
            found = Some(Spanned::new(name, self.place(value)));
        }
        found.filter(|it| !it.value.is_empty())
    }

    /// The text of `PLUGIN_…`; `None` for null, which sets nothing.
    fn environment_text(&mut self, field: Field) -> Option<String> {
        let node = self.enter(field)?;
        match self.tree.node(node).kind {
            Kind::Scalar { .. } => self.scalar_text(node, field),
            Kind::Sequence(_) => Some(self.joined(node, field).unwrap_or_else(|| self.json(field))),
            Kind::Mapping(_) => Some(self.json(field)),
            Kind::Alias(_) | Kind::UnknownAlias => None,
        }
    }

    fn scalar_text(&mut self, node: NodeId, field: Field) -> Option<String> {
        Some(match self.scalar(node, field) {
            Scalar::Null => return None,
            Scalar::Bool(it) => it.to_string(),
            Scalar::Int(it) => it.to_string(),
            Scalar::Unsigned(it) => it.to_string(),
            Scalar::Float(it) => float_text(it),
            Scalar::Timestamp(it) | Scalar::Text(it) => it.to_owned(),
        })
    }

    /// A list of scalars, with commas between; `None` when a list or a map is among them.
    fn joined(&mut self, list: NodeId, field: Field) -> Option<String> {
        let items = self.tree.items(list).to_vec();
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let node = self.enter(Field { node: item, ..field })?;
            if !matches!(self.tree.node(node).kind, Kind::Scalar { .. }) {
                return None;
            }
            texts.push(self.scalar_text(node, field).unwrap_or_default());
        }
        Some(texts.join(","))
    }

    /// Compact JSON, keys sorted. Written with a pile of work instead of recursion.
    fn json(&mut self, field: Field) -> String {
        let mut out = String::new();
        let mut open: Vec<NodeId> = Vec::new();
        let mut work = vec![Work::Value(field.node)];
        while let Some(next) = work.pop() {
            match next {
                Work::Text(text) => out.push_str(&text),
                Work::Leave => drop(open.pop()),
                Work::Value(node) => {
                    let inner = Field { node, ..field };
                    if open.contains(&node) {
                        self.contains_itself(inner);
                        return out;
                    }
                    let Some(target) = self.enter(inner) else { return out };
                    if target != node {
                        open.push(node);
                        work.push(Work::Leave);
                    }
                    self.budget.depth = u32::from(!open.is_empty());
                    self.json_value(inner, target, &mut work, &mut out);
                }
            }
        }
        self.budget.depth = 0;
        out
    }

    fn json_value(&mut self, field: Field, node: NodeId, work: &mut Vec<Work>, out: &mut String) {
        match self.tree.node(node).kind {
            Kind::Sequence(_) => {
                out.push('[');
                work.push(Work::Text("]".into()));
                let items = self.tree.items(node).iter().rev();
                for (index, item) in items.enumerate() {
                    if index > 0 {
                        work.push(Work::Text(",".into()));
                    }
                    work.push(Work::Value(*item));
                }
            }
            Kind::Mapping(_) => {
                out.push('{');
                work.push(Work::Text("}".into()));
                for (index, (key, value)) in self.sorted(field, node).into_iter().rev().enumerate() {
                    if index > 0 {
                        work.push(Work::Text(",".into()));
                    }
                    work.push(Work::Value(value));
                    work.push(Work::Text(format!("{}:", json_string(&key))));
                }
            }
            _ => out.push_str(&self.json_scalar(node, field)),
        }
    }

    fn sorted(&mut self, field: Field, map: NodeId) -> BTreeMap<String, NodeId> {
        let mut sorted = BTreeMap::new();
        for (key, value) in self.entries(field, map) {
            let node = self.tree.resolve(key);
            if !matches!(self.tree.node(node).kind, Kind::Scalar { .. }) {
                self.mismatch(Field { node: key, ..field }, node, super::shape::KEY);
                continue;
            }
            let name = self.scalar_text(node, field).unwrap_or_else(|| "null".into());
            sorted.insert(name, value);
        }
        sorted
    }

    fn json_scalar(&mut self, node: NodeId, field: Field) -> String {
        match self.scalar(node, field) {
            Scalar::Null => "null".into(),
            Scalar::Timestamp(it) | Scalar::Text(it) => json_string(it),
            Scalar::Float(it) => json_float(it),
            _ => self.scalar_text(node, field).unwrap_or_default(),
        }
    }
}

enum Work {
    Value(NodeId),
    Text(String),
    Leave,
}

/// As Go's `%g`: the shortest digits, with an exponent below 1e-4 and from 1e6 … where the digits allow it.
fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    with_exponent(value, -4..6, 2)
}

/// As Go's JSON: an exponent only for the very small and the very large.
fn json_float(value: f64) -> String {
    with_exponent(value, -6..21, 1)
}

/// Plain digits for the exponents in `plain`, else a mantissa and an exponent of at least `digits` digits.
fn with_exponent(value: f64, plain: std::ops::Range<i32>, digits: usize) -> String {
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if value == 0.0 || plain.contains(&exponent) {
        return value.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:0digits$}", exponent.unsigned_abs())
}

/// As Go writes it: `<`, `>` and `&` are escaped.
fn json_string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::{float_text, json_float};

    #[test]
    fn floats_are_spelled_as_go_spells_them() {
        let cases = [
            (3.1, "3.1", "3.1"),
            (1e3, "1000", "1000"),
            (1.0, "1", "1"),
            (0.0, "0", "0"),
            (123_456.5, "123456.5", "123456.5"),
            (1e6, "1e+06", "1000000"),
            (123_456_789.5, "1.234567895e+08", "123456789.5"),
            (0.000_1, "0.0001", "0.0001"),
            (0.000_01, "1e-05", "0.00001"),
            (1e21, "1e+21", "1e+21"),
            (-1e-7, "-1e-07", "-1e-7"),
        ];
        for (value, setting, json) in cases {
            assert_eq!((float_text(value).as_str(), json_float(value).as_str()), (setting, json));
        }
    }
}
