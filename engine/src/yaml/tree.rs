//! One YAML document as a tree in which every scalar, key and collection has a span. An arena: depth costs no stack.

use std::borrow::Cow;

use crate::source::Span;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A document. Nodes refer to each other by number, so building, walking and dropping need no recursion.
#[derive(Clone, Debug, Default)]
pub struct Tree<'t> {
    nodes: Vec<Node<'t>>,
    children: Vec<NodeId>,
    root: Option<NodeId>,
    cut: Vec<NodeId>,
}

/// A scalar, a collection or an alias, and where it stands.
#[derive(Clone, Debug)]
pub struct Node<'t> {
    /// Where it stands in the text that was parsed; a collection ends with its last child.
    pub span: Span,
    /// The tag, resolved (`tag:yaml.org,2002:str`), if one is written.
    pub tag: Option<Cow<'t, str>>,
    /// What it is.
    pub kind: Kind<'t>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<'t> {
    /// Text, quoted or not.
    Scalar {
        /// The value after escapes and folding.
        text: Cow<'t, str>,
        /// Written without quotes and not as a block: only then it may be a number, a boolean or null.
        plain: bool,
    },
    /// A list: indices into the tree's children.
    Sequence(Span),
    /// A map: indices into the tree's children, keys and values in turn.
    Mapping(Span),
    /// `*name`: what it stands for.
    Alias(NodeId),
    /// `*name` without an anchor of that name before it.
    UnknownAlias,
}

impl<'t> Tree<'t> {
    /// The document's outermost node; `None` for an empty document.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// The maps that a syntax error left open: what they seem to lack may stand behind it.
    #[must_use]
    pub fn cut(&self) -> &[NodeId] {
        &self.cut
    }

    /// The node of a number that this tree gave out.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// The node itself, or what an alias stands for. Aliases never point to aliases.
    #[must_use]
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// The items of a list; empty for everything else.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match self.node(id).kind {
            Kind::Sequence(range) => &self.children[range.range()],
            _ => &[],
        }
    }

    /// Keys and values of a map in file order, duplicates and `<<` included; empty for everything else.
    pub fn pairs(&self, id: NodeId) -> impl DoubleEndedIterator<Item = (NodeId, NodeId)> {
        let flat = match self.node(id).kind {
            Kind::Mapping(range) => &self.children[range.range()],
            _ => &[],
        };
        flat.chunks_exact(2).map(|it| (it[0], it[1]))
    }

    /// True when both hold the same values in the same order, wherever they stand.
    #[must_use]
    pub fn says_the_same(&self, other: &Tree<'_>) -> bool {
        let same = |(own, other): (&Node<'_>, &Node<'_>)| own.kind == other.kind && own.tag == other.tag;
        self.nodes.len() == other.nodes.len()
            && self.children == other.children
            && self.nodes.iter().zip(&other.nodes).all(same)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True for an empty document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// Builds a tree from events: open, add, close.
#[derive(Debug, Default)]
pub(super) struct Builder<'t> {
    tree: Tree<'t>,
    pending: Vec<NodeId>,
    open: Vec<(NodeId, usize)>,
}

impl<'t> Builder<'t> {
    /// With room for the nodes that a text of so many bytes usually has.
    pub(super) fn for_text(length: usize) -> Self {
        let usual = (length / 12).min(1_000);
        let (nodes, children) = (Vec::with_capacity(usual), Vec::with_capacity(usual));
        Self { tree: Tree { nodes, children, ..Tree::default() }, ..Self::default() }
    }

    /// A node that has no children.
    pub(super) fn leaf(&mut self, node: Node<'t>) -> NodeId {
        let id = self.push(node);
        self.attach(id);
        id
    }

    /// A collection whose children follow, until [`Builder::close`].
    pub(super) fn open(&mut self, node: Node<'t>) -> NodeId {
        let id = self.push(node);
        self.attach(id);
        self.open.push((id, self.pending.len()));
        id
    }

    /// Ends the collection that was opened last. `end` is where its own closing bracket ends, if it has one.
    pub(super) fn close(&mut self, end: Option<u32>) {
        let Some((id, first)) = self.open.pop() else { return };
        let start = self.tree.children.len();
        let last = self.pending[first..].last().map(|it| self.tree.node(*it).span.end);
        self.tree.children.extend(self.pending.drain(first..));
        let range = Span::new(start, self.tree.children.len());
        let node = &mut self.tree.nodes[id.0 as usize];
        match &mut node.kind {
            Kind::Sequence(children) | Kind::Mapping(children) => *children = range,
            _ => {}
        }
        node.span.end = end.or(last).unwrap_or(node.span.end).max(node.span.start);
    }

    /// The tree as far as it was built; collections left open by a syntax error are closed.
    pub(super) fn finish(mut self) -> Tree<'t> {
        let maps = self.open.iter().map(|it| it.0);
        self.tree.cut = maps.filter(|it| matches!(self.tree.node(*it).kind, Kind::Mapping(_))).collect();
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree
    }

    fn push(&mut self, node: Node<'t>) -> NodeId {
        let id = NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX));
        self.tree.nodes.push(node);
        id
    }

    fn attach(&mut self, id: NodeId) {
        if self.open.is_empty() {
            self.tree.root.get_or_insert(id);
        } else {
            self.pending.push(id);
        }
    }
}
