//! A file that was read → the keys that stand where Drone does not look, with the place where it would.

use crate::pipeline::grammar::{Map, PIPELINE, STEP, WHEN};
use crate::pipeline::{Loss, Manifest};
use crate::source::Span;

/// A key that is ignored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ignored<'m> {
    pub(super) key: &'m str,
    pub(super) span: Span,
    /// What it stands in: `the pipeline`, `a step`.
    pub(super) inside: &'static str,
    /// Where it would be read, if it is known in another place.
    pub(super) belongs: Option<&'static str>,
}

/// The ignored keys of all documents of a file, in file order.
pub(super) fn ignored(manifest: &Manifest) -> impl Iterator<Item = Ignored<'_>> {
    manifest.documents.iter().flat_map(|it| &it.lost).filter_map(|it| {
        let (key, map) = match &it.loss {
            Loss::UnknownKey { name, map, .. } => (name.as_str(), *map),
            Loss::Inert { key, map } => (key.name, *map),
            _ => return None,
        };
        Some(Ignored { key, span: it.span, inside: map.noun, belongs: belongs(key, map) })
    })
}

/// Where a key is known that does nothing here.
fn belongs(key: &str, here: &'static Map) -> Option<&'static str> {
    let places: [(&'static str, &'static Map); 3] =
        [("a step", &STEP), ("the pipeline", &PIPELINE), ("`when`", &WHEN)];
    // `trigger` and `when` ask the same; what one ignores does not belong into the other.
    let alike = |it: &Map| here.noun == "`trigger`" && it.noun == WHEN.noun;
    let elsewhere = |it: &&(&str, &Map)| it.1.noun != here.noun && !alike(it.1) && it.1.key(key).is_some();
    places.iter().find(elsewhere).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::read;
    use crate::source::SourceFile;

    #[test]
    fn a_key_in_the_wrong_place_is_found_and_sent_home() {
        let text = "kind: pipeline\ncommands: [a]\nsteps:\n- name: a\n  imge: b\n  when: {brnch: main}\n  environment: {x: y}\n";
        let (manifest, _) = read(&SourceFile::new("it.yml", text));
        let found: Vec<_> = ignored(&manifest).map(|it| (it.key, it.inside, it.belongs)).collect();
        assert_eq!(
            found,
            [
                ("commands", "the pipeline", Some("a step")),
                ("imge", "a step", None),
                ("brnch", "`when`", None)
            ]
        );
    }

    #[test]
    fn a_condition_that_is_never_looked_at_belongs_nowhere() {
        for text in
            ["kind: pipeline\ntrigger: {paths: [a]}\n", "kind: pipeline\nsteps:\n- when: {paths: [a]}\n"]
        {
            let (manifest, _) = read(&SourceFile::new("it.yml", text));
            let found: Vec<_> = ignored(&manifest).map(|it| (it.key, it.belongs)).collect();
            assert_eq!(found, [("paths", None)], "{text}");
        }
    }

    #[test]
    fn spans_are_those_of_the_file() {
        let text = "---\nkind: secret\ndata: x\n---\nkind: pipeline\nhello: x\nx-parked: y\n";
        let (manifest, _) = read(&SourceFile::new("it.yml", text));
        let found: Vec<_> = ignored(&manifest).map(|it| &text[it.span.range()]).collect();
        assert_eq!(found, ["hello"]);
    }
}
