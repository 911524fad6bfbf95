//! What granit-parser lets pass and go-yaml v2 does not: tabs where indentation is due, and keys over two lines.
//!
//! Both readers know that a tab is no indentation; go-yaml also minds it in a blank line, before a comment and after
//! a dash. See §1.3, "tabs".

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::syntax::syntax_error;
use crate::yaml::tree::{Kind, NodeId, Tree};

/// The first thing in `text` that go-yaml would stop at, although the text was parsed.
pub(super) fn stricter(text: &str, tree: &Tree<'_>) -> Option<Diagnostic> {
    let tab = misplaced_tab(text, tree).map(|it| (it, tab_problem(it)));
    let key = broken_key(text, tree).map(|it| (it, key_problem(it)));
    [tab, key].into_iter().flatten().min_by_key(|it| it.0).map(|it| it.1)
}

fn tab_problem(tab: Span) -> Diagnostic {
    syntax_error("yaml-syntax", tab, "a tab stands where only spaces may")
        .label("this is a tab")
        .why("no program of Drone can read the file past this place")
        .help("replace the tab by spaces, or delete it where the line is empty")
}

fn key_problem(key: Span) -> Diagnostic {
    syntax_error("yaml-syntax", key, "a key inside `{…}` goes over two lines")
        .label("the key, and no `:` on its line")
        .why("no program of Drone can read the file past this place")
        .help("write the key and its `:` on one line")
}

fn misplaced_tab(text: &str, tree: &Tree<'_>) -> Option<Span> {
    if !text.contains('\t') {
        return None;
    }
    let mut places = tab_places(text).peekable();
    places.peek()?;
    let layout = Layout::of(text, tree);
    places.find(|it| !layout.allows_tab(text, *it)).map(|it| Span::new(it, it + 1))
}

/// The first tab of each line that stands before everything but spaces, and the first after a leading dash.
fn tab_places(text: &str) -> impl Iterator<Item = usize> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    lines.filter(|(_, line)| line.contains('\t')).flat_map(|(start, line)| {
        let mut found = Vec::new();
        let mut at = 0;
        let bytes = line.as_bytes();
        loop {
            let blank = bytes[at..].iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
            found.extend(bytes[at..at + blank].iter().position(|it| *it == b'\t').map(|it| start + at + it));
            at += blank;
            let dash = bytes.get(at) == Some(&b'-') && matches!(bytes.get(at + 1), Some(b' ' | b'\t'));
            if !dash {
                return found;
            }
            at += 1;
        }
    })
}

/// A scalar and what go-yaml knows when it reads on behind it.
struct Leaf {
    span: Span,
    style: Style,
    /// The least column of a line that goes on with a plain text, or of the content of a block text.
    indent: usize,
}

#[derive(PartialEq, Eq)]
enum Style {
    Plain,
    Quoted,
    Block,
}

/// The scalars in file order, and the outermost `[…]` and `{…}`.
struct Layout {
    leaves: Vec<Leaf>,
    flows: Vec<Span>,
}

impl Layout {
    fn of(text: &str, tree: &Tree<'_>) -> Self {
        let mut layout = Self { leaves: Vec::new(), flows: Vec::new() };
        let mut work: Vec<(NodeId, usize)> = tree.root().map(|it| (it, 0)).into_iter().collect();
        while let Some((id, indent)) = work.pop() {
            let node = tree.node(id);
            match &node.kind {
                Kind::Scalar { .. } if !node.span.is_empty() => {
                    layout.leaves.push(leaf(text, node.span, indent));
                }
                Kind::Sequence(_) | Kind::Mapping(_) if is_flow(text, node.span) => {
                    layout.flows.push(node.span);
                }
                Kind::Sequence(_) | Kind::Mapping(_) => {
                    let indent = column(text, node.span.start as usize) + 1;
                    let pairs = tree.pairs(id).flat_map(|(key, value)| [key, value]);
                    work.extend(tree.items(id).iter().copied().chain(pairs).map(|it| (it, indent)));
                }
                _ => {}
            }
        }
        layout.leaves.sort_by_key(|it| it.span);
        layout.flows.sort_unstable();
        layout
    }

    fn allows_tab(&self, text: &str, at: usize) -> bool {
        let before = |span: &Span| (span.start as usize) <= at;
        let flow = self.flows.partition_point(before).checked_sub(1).map(|it| self.flows[it]);
        if flow.is_some_and(|it| it.range().contains(&at)) {
            return true;
        }
        let Some(leaf) = self.leaves.partition_point(|it| before(&it.span)).checked_sub(1) else {
            return false;
        };
        let leaf = &self.leaves[leaf];
        let end = leaf.span.end as usize;
        let inside = at < end;
        let behind = inside || text[end..at].bytes().all(|it| it.is_ascii_whitespace());
        match leaf.style {
            Style::Quoted => inside,
            Style::Plain | Style::Block => behind && column(text, at) >= leaf.indent,
        }
    }
}

fn leaf(text: &str, span: Span, indent: usize) -> Leaf {
    let style = match text.as_bytes()[span.start as usize] {
        b'"' | b'\'' => Style::Quoted,
        _ if is_block(text, span) => Style::Block,
        _ => Style::Plain,
    };
    let indent = if style == Style::Block { column(text, span.start as usize) } else { indent };
    Leaf { span, style, indent }
}

/// A block text begins below a line that ends with `|` or `>`, perhaps with signs behind it.
fn is_block(text: &str, span: Span) -> bool {
    let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
    let Some(above) = before.strip_suffix('\n') else { return false };
    let above = above.trim_end();
    let header = above.lines().next_back().unwrap_or_default();
    let header = header.split(" #").next().unwrap_or_default().trim_end();
    let signs = header.trim_end_matches(|it: char| it.is_ascii_digit() || matches!(it, '+' | '-'));
    signs.ends_with(['|', '>'])
}

fn is_flow(text: &str, span: Span) -> bool {
    matches!(text.as_bytes().get(span.start as usize), Some(b'[' | b'{'))
}

fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |it| it + 1)
}

/// In `{…}`, a key and its `:` have to stand on one line.
fn broken_key(text: &str, tree: &Tree<'_>) -> Option<Span> {
    let mut work: Vec<(NodeId, bool)> = tree.root().map(|it| (it, false)).into_iter().collect();
    let mut found: Option<Span> = None;
    while let Some((id, in_flow)) = work.pop() {
        let flow = in_flow || is_flow(text, tree.node(id).span);
        for (key, value) in tree.pairs(id) {
            let span = tree.node(key).span;
            if flow && is_over_two_lines(text, span) && found.is_none_or(|it| span < it) {
                found = Some(span);
            }
            work.extend([(key, flow), (value, flow)]);
        }
        work.extend(tree.items(id).iter().map(|it| (*it, flow)));
    }
    found
}

fn is_over_two_lines(text: &str, key: Span) -> bool {
    let end = key.end as usize;
    if key.is_empty() || text[..key.start as usize].trim_end().ends_with('?') {
        return false;
    }
    let rest = text[end..].trim_start_matches([' ', '\t', '\r', '\n']);
    let colon = text.len() - rest.len();
    rest.starts_with(':') && text[key.start as usize..colon].contains('\n')
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    #[test]
    fn tabs_are_minded_where_go_yaml_minds_them() {
        let refused = [
            "kind: pipeline\n\t\nname: d\n",
            "- name: a\n\t\n  image: b\n",
            "steps:\n\t\n- name: a\n",
            "steps:\n\t# c\n- name: a\n",
            "steps:\n  \t# c\n- name: a\n",
            "kind: pipeline\n\t",
            "\tkind: pipeline\n",
            "\t# x\nkind: pipeline\n",
            "-\tname: a\n",
            "- \tname: a\n",
            "a:\n  -\techo x\n",
            "a: |\n  text\n\t\nb: c\n",
            "a: \"x\"\n\t\nb: c\n",
            "a: [x]\n\t\nb: c\n",
        ];
        for text in refused {
            assert!(!parse(text).1.is_empty(), "{text:?} is refused");
        }
        let accepted = [
            "a:\tb\n",
            "a: b\t\n",
            "a: b \t# c\n",
            "a: x\n   \t\nb: c\n",
            "a: |\n  x\n  \ty\n",
            "a: |\n\n  \n  x\ty\n",
            "a: \"x\n\ty\"\n",
            "a: 'x\n\t\n  y'\n",
            "{\n\t\"a\": [\n\t\tb\n\t]\n}\n",
            "a: - x\ty\n".trim_start_matches("a: "),
        ];
        for text in accepted {
            let problems = parse(text).1;
            assert!(problems.is_empty(), "{text:?} is accepted: {problems:?}");
        }
    }

    #[test]
    fn a_key_in_braces_stays_on_its_line() {
        for text in ["{name: a, im\nage: b}\n", "{name: a, image\n  : b}\n", "{\"kind\"\n:\"pipeline\"}\n"] {
            assert!(!parse(text).1.is_empty(), "{text:?} is refused");
        }
        for text in ["{name: a,\n image: b}\n", "{a\n b}\n", "{a:\n b}\n", "{? a\n : b}\n"] {
            let problems = parse(text).1;
            assert!(problems.is_empty(), "{text:?} is accepted: {problems:?}");
        }
    }

    #[test]
    fn the_name_of_an_anchor_has_plain_letters_only() {
        for text in ["a: &base.env b\n", "a: &é b\n", "a: &x/y b\n"] {
            assert!(!parse(text).1.is_empty(), "{text:?} is refused");
        }
        for text in ["a: &base-env_1 b\nc: *base-env_1\n", "a: {b: &x y, c: *x}\n"] {
            assert!(parse(text).1.is_empty(), "{text:?} is accepted");
        }
    }
}
