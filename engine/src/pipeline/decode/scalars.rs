//! A scalar → a boolean, a number or a size, by the rules of go-yaml v2 (§1.3, §3).

use super::mismatch::why;
use super::{Decoder, Field};
use crate::diagnostic::{Diagnostic, Stage};
use crate::pipeline::Spanned;
use crate::yaml::{Kind, NodeId, Scalar, resolve};

impl<'a> Decoder<'a> {
    /// What a scalar is after its tag and its quotes are considered.
    pub(super) fn scalar(&mut self, node: NodeId, field: Field) -> Scalar<'a> {
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
        self.note(
            Diagnostic::error("yaml-tag", span, format!("the tag `!!{wanted}` does not fit this value"))
                .label(self.found(node))
                .why(why(field.programs))
                .help("take the tag away: Drone needs no tags")
                .refused_by(field.programs, Stage::Parse),
        );
        Scalar::Null
    }

    /// What Drone takes for no item at all: `NULL` and `Null` are an empty item instead (go-yaml's `prepare`).
    pub(super) fn is_absent(&self, node: NodeId) -> bool {
        let written = match &self.tree.node(node).kind {
            Kind::Scalar { text, .. } => text.as_ref(),
            _ => "",
        };
        self.is_null(node) && !matches!(written, "NULL" | "Null")
    }

    /// A null scalar of any spelling.
    pub(super) fn is_null(&self, node: NodeId) -> bool {
        let it = self.tree.node(node);
        match &it.kind {
            Kind::Scalar { text, plain } => match it.tag.as_deref() {
                Some(tag) => tag == "tag:yaml.org,2002:null",
                None => *plain && resolve(text) == Scalar::Null,
            },
            _ => false,
        }
    }

    pub(super) fn boolean(&mut self, field: Field) -> Option<Spanned<bool>> {
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

    pub(super) fn integer(&mut self, field: Field) -> Option<Spanned<i64>> {
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

    pub(super) fn number(&mut self, field: Field) {
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
    pub(super) fn bytes(&mut self, field: Field) -> Option<Spanned<i64>> {
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
    if !lower.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
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
