//! A file → the keys that stand where Drone does not look. Names only; values are the reader's business.

use crate::course::check::keys::Shape::{Any, Each, Free, Keys};
use crate::source::Span;
use crate::yaml::{Kind, NodeId, Tree, parse, split};

/// What may stand in a place.
enum Shape {
    /// Whatever.
    Any,
    /// A map with any keys.
    Free,
    /// A map with these keys.
    Keys(&'static [(&'static str, Shape)]),
    /// A list whose items have this shape.
    Each(&'static Shape),
}

/// A key that is ignored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    pub(super) key: String,
    pub(super) span: Span,
    /// What it stands in: `the pipeline`, `a step`.
    pub(super) inside: &'static str,
    /// Where it would be read, if it is known in another place.
    pub(super) belongs: Option<&'static str>,
}

const CONDITIONS: Shape = Keys(&[
    ("action", Any),
    ("branch", Any),
    ("cron", Any),
    ("event", Any),
    ("instance", Any),
    ("ref", Any),
    ("repo", Any),
    ("status", Any),
    ("target", Any),
]);
const MOUNTS: Shape = Each(&Keys(&[("name", Any), ("path", Any)]));
const STEP: Shape = Keys(&[
    ("name", Any),
    ("image", Any),
    ("commands", Any),
    ("command", Any),
    ("entrypoint", Any),
    ("environment", Free),
    ("settings", Free),
    ("when", CONDITIONS),
    ("depends_on", Any),
    ("failure", Any),
    ("detach", Any),
    ("pull", Any),
    ("privileged", Any),
    ("user", Any),
    ("volumes", MOUNTS),
    ("devices", MOUNTS),
    ("dns", Any),
    ("dns_search", Any),
    ("extra_hosts", Any),
    ("network_mode", Any),
    ("shm_size", Any),
    ("mem_limit", Any),
    ("memswap_limit", Any),
    ("working_dir", Any),
    ("resources", Any),
    ("ports", Any),
]);
const PIPELINE: Shape = Keys(&[
    ("kind", Any),
    ("type", Any),
    ("name", Any),
    ("version", Any),
    ("platform", Keys(&[("os", Any), ("arch", Any), ("variant", Any), ("version", Any)])),
    (
        "clone",
        Keys(&[("disable", Any), ("depth", Any), ("skip_verify", Any), ("retries", Any), ("trace", Any)]),
    ),
    ("workspace", Keys(&[("path", Any), ("base", Any)])),
    ("steps", Each(&STEP)),
    ("services", Each(&STEP)),
    ("volumes", Each(&Keys(&[("name", Any), ("temp", Any), ("host", Any), ("claim", Any)]))),
    ("node", Free),
    ("concurrency", Keys(&[("limit", Any)])),
    ("depends_on", Any),
    ("trigger", CONDITIONS),
    ("image_pull_secrets", Any),
    ("environment", Free),
]);

/// The ignored keys of all pipelines of a file.
pub(super) fn ignored(text: &str) -> Vec<Ignored> {
    let documents = split(text).documents;
    documents.into_iter().flat_map(|it| of_document(text.get(it.range()).unwrap_or(""), it.start)).collect()
}

fn of_document(text: &str, offset: u32) -> Vec<Ignored> {
    let (tree, _) = parse(text);
    let mut found = Vec::new();
    let Some(root) = tree.root() else { return found };
    if !is_pipeline(&tree, root) {
        return found;
    }
    let mut open = vec![(root, &PIPELINE, "the pipeline")];
    while let Some((node, shape, inside)) = open.pop() {
        match shape {
            Any | Free => {}
            Each(inner) => open.extend(tree.items(node).iter().map(|it| (tree.resolve(*it), *inner, inside))),
            Keys(known) => {
                for (key, value) in tree.pairs(node) {
                    let name = text_of(&tree, key);
                    match known.iter().find(|(it, _)| *it == name) {
                        Some((word, inner)) => open.push((tree.resolve(value), inner, noun(word, inside))),
                        None if matches!(name, "<<" | "") || name.starts_with("x-") => {}
                        None => found.push(Ignored {
                            key: name.into(),
                            span: shift(tree.node(key).span, offset),
                            inside,
                            belongs: belongs(name, inside),
                        }),
                    }
                }
            }
        }
    }
    found.sort_by_key(|it| it.span);
    found
}

fn is_pipeline(tree: &Tree<'_>, root: NodeId) -> bool {
    let kind = tree.pairs(root).find(|(key, _)| text_of(tree, *key) == "kind");
    kind.is_none_or(|(_, value)| text_of(tree, value) == "pipeline")
}

fn text_of<'t>(tree: &'t Tree<'_>, node: NodeId) -> &'t str {
    match &tree.node(tree.resolve(node)).kind {
        Kind::Scalar { text, .. } => text,
        _ => "",
    }
}

fn noun(key: &str, inside: &'static str) -> &'static str {
    match key {
        "steps" => "a step",
        "services" => "a service",
        "when" => "`when`",
        "trigger" => "`trigger`",
        "clone" => "`clone`",
        "platform" => "`platform`",
        "workspace" => "`workspace`",
        "volumes" => "`volumes`",
        _ => inside,
    }
}

/// Where a key is known that is not known here.
fn belongs(key: &str, inside: &str) -> Option<&'static str> {
    let knows = |shape: &Shape| matches!(shape, Keys(keys) if keys.iter().any(|(it, _)| *it == key));
    let places = [("a step", &STEP), ("the pipeline", &PIPELINE), ("`when`", &CONDITIONS)];
    places.into_iter().find(|(name, shape)| *name != inside && knows(shape)).map(|(name, _)| name)
}

fn shift(span: Span, offset: u32) -> Span {
    Span { start: span.start + offset, end: span.end + offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_wrong_place_is_found_and_sent_home() {
        let text = "kind: pipeline\ncommands: [a]\nsteps:\n- name: a\n  imge: b\n  when: {brnch: main}\n  environment: {x: y}\n";
        let found: Vec<_> = ignored(text).into_iter().map(|it| (it.key, it.inside, it.belongs)).collect();
        assert_eq!(
            found,
            [
                ("commands".to_owned(), "the pipeline", Some("a step")),
                ("imge".to_owned(), "a step", None),
                ("brnch".to_owned(), "`when`", None),
            ]
        );
    }

    #[test]
    fn spans_are_those_of_the_file_and_other_kinds_are_left_alone() {
        let text = "---\nkind: secret\nanything: x\n---\nkind: pipeline\nhello: x\n";
        let found = ignored(text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].span.range()], "hello");
    }
}
