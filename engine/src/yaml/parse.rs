//! The text of one document → a tree with spans, and what is wrong with its syntax. Never fails, never recurses.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span as Range, StructureStyle, Tag};

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::source::Span;
use crate::yaml::syntax::{describe, syntax_error};
use crate::yaml::tree::{Builder, Kind, Node, NodeId, Tree};
use crate::yaml::whitespace::stricter;

/// Lists in lists in maps …: more levels than this are refused, as by Drone's own reader.
pub const NESTING_LIMIT: usize = 10_000;

/// Parses one document. Problems carry spans of `text`; every program refuses a document with one.
///
/// What stands before a syntax error is in the tree. A text after the end of the outermost value is not looked at.
#[must_use]
pub fn parse(text: &str) -> (Tree<'_>, Vec<Diagnostic>) {
    if let Some(problem) = forbidden_character(text) {
        return (Tree::default(), vec![problem]);
    }
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: NESTING_LIMIT,
        block_nesting_limit: NESTING_LIMIT
    };
    let mut reader = Reader { text, builder: Builder::for_text(text.len()), ..Reader::default() };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, range)) => reader.take(event, &range),
            Err(error) => {
                reader.problems.push(describe(text, &error));
                break;
            }
        }
    }
    let tree = reader.builder.finish();
    let mut problems = reader.problems;
    if problems.is_empty() {
        problems.extend(stricter(text, &tree));
    }
    (tree, problems)
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    builder: Builder<'t>,
    anchors: HashMap<usize, NodeId>,
    problems: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn take(&mut self, event: Event<'t>, range: &Range) {
        let span = bytes(range);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                // An absent value comes as `~` that covers nothing.
                let text = if span.is_empty() && style == ScalarStyle::Plain { "".into() } else { text };
                let non_specific = tag.as_ref().is_some_and(|it| is_non_specific(it));
                let plain = style == ScalarStyle::Plain || non_specific;
                let tag = tag.filter(|_| !non_specific).map(|it| resolve_tag(&it));
                let id = self.builder.leaf(Node { span, tag, kind: Kind::Scalar { text, plain } });
                self.remember(anchor, id);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let kind = Kind::Sequence(Span::default());
                self.open(style, Node { span, tag: tag.map(|it| resolve_tag(&it)), kind }, anchor);
            }
            Event::MappingStart(style, anchor, tag) => {
                let kind = Kind::Mapping(Span::default());
                self.open(style, Node { span, tag: tag.map(|it| resolve_tag(&it)), kind }, anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.close(self.closing_bracket(span)),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Anchor(_, name) => self.anchor(&name, span),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, span),
            _ => {}
        }
    }

    fn open(&mut self, style: StructureStyle, node: Node<'t>, anchor: usize) {
        let mut node = node;
        if style == StructureStyle::Block {
            // A block list is reported at its first dash or after it; its first child is what a person sees.
            node.span.end = node.span.start;
        }
        let id = self.builder.open(node);
        self.remember(anchor, id);
    }

    fn remember(&mut self, anchor: usize, id: NodeId) {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let kind = self.anchors.get(&anchor).map_or(Kind::UnknownAlias, |it| Kind::Alias(*it));
        self.builder.leaf(Node { span, tag: None, kind });
    }

    /// go-yaml knows fewer letters in names than YAML does.
    fn anchor(&mut self, name: &str, span: Span) {
        if name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-')) {
            return;
        }
        self.problems.push(
            syntax_error("yaml-anchor", span, format!("`{name}` is no name for an anchor"))
                .label("letters, digits, `_` and `-` only")
                .why("no program of Drone can read the file past this place")
                .help("write the name with these letters, here and after each `*`"),
        );
    }

    fn unknown_alias(&mut self, name: &str, span: Span) {
        let message = format!("the anchor `{name}` is not defined before this place");
        self.problems.push(
            syntax_error("yaml-anchor", span, message)
                .label(format!("no `&{name}` above, in this document"))
                .why("an unquoted `*` begins an alias, and an anchor is known only in its own document")
                .help(format!(
                    "put quotes around it if it is a text: `'*{name}'`; or write `&{name}` at the value it repeats"
                )),
        );
        self.builder.leaf(Node { span, tag: None, kind: Kind::UnknownAlias });
    }

    /// Where a flow collection's own bracket ends; block collections end with their last child.
    fn closing_bracket(&self, span: Span) -> Option<u32> {
        let bracket = matches!(self.text.get(span.range()), Some("]" | "}"));
        bracket.then_some(span.end)
    }
}

fn bytes(range: &Range) -> Span {
    range.byte_range().map_or_else(Span::default, |it| Span::new(it.start, it.end))
}

/// The tag `!` alone: the scalar is read as if it had none, even its quotes do not count (§1.3, "tag `!`").
fn is_non_specific(tag: &Tag) -> bool {
    matches!((tag.handle(), tag.suffix()), ("", "!") | ("!", ""))
}

fn resolve_tag<'t>(tag: &Tag) -> Cow<'t, str> {
    Cow::Owned(format!("{}{}", tag.handle(), tag.suffix()))
}

/// Characters that no YAML reader takes, wherever they stand.
fn forbidden_character(text: &str) -> Option<Diagnostic> {
    if !text.bytes().any(|it| SUSPICIOUS[usize::from(it)]) {
        return None;
    }
    let (at, found) = text.char_indices().find(|(_, it)| !is_allowed(*it))?;
    let span = Span::new(at, at + found.len_utf8());
    let message = format!("the character U+{:04X} is not allowed in YAML", found as u32);
    Some(
        syntax_error("yaml-character", span, message)
            .label("an invisible control character")
            .why("no program of Drone reads a file that holds one, not even in a comment")
            .help("delete the character; text copied from a terminal or a PDF often brings such ones along"),
    )
}

/// The bytes that may begin a character that is not allowed. A table, because every byte of every text is asked.
const SUSPICIOUS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x20 {
        table[byte as usize] = !matches!(byte, b'\t' | b'\n' | b'\r');
        byte += 1;
    }
    table[0x7f] = true;
    table[0xc2] = true;
    table[0xef] = true;
    table
};

fn is_allowed(it: char) -> bool {
    matches!(it, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        || it >= '\u{10000}'
}

/// Every program refuses, while it reads.
pub(super) const REFUSED: (Programs, Stage) = (Programs::ALL, Stage::Parse);
