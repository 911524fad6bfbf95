//! The text of a YAML file → values with lines, or what is wrong with it and where. Only the first document counts.

use crate::engine::yaml::{self, NodeId, Tree, split};
use crate::scaffold::project::survey::line_of;
use crate::scaffold::project::value::{Kind, Value};

/// Deeper values are not looked at, and neither are more of them: aliases can make a small file large.
const DEEPEST: usize = 12;
const MOST: usize = 20_000;

/// Reads it. The error says the byte and the reason.
pub(crate) fn read(text: &str) -> Result<Value, (usize, String)> {
    let first = split(text).documents.first().map_or(0..0, |it| it.range());
    let (tree, problems) = yaml::parse(&text[first.clone()]);
    if let Some(problem) = problems.iter().find(|it| it.code == "yaml-syntax") {
        let at = problem.primary.span.start as usize;
        return Err((first.start + at, problem.message.clone()));
    }
    let mut reader = Reader { text, offset: first.start, tree: &tree, left: MOST };
    let Some(root) = tree.root() else { return Ok(Value::empty()) };
    Ok(Value { line: 1, kind: reader.kind_of(root, 0) })
}

struct Reader<'a, 't> {
    text: &'a str,
    offset: usize,
    tree: &'a Tree<'t>,
    left: usize,
}

impl Reader<'_, '_> {
    fn kind_of(&mut self, id: NodeId, depth: usize) -> Kind {
        let tree = self.tree;
        let id = tree.resolve(id);
        self.left = self.left.saturating_sub(1);
        let goes_on = depth < DEEPEST && self.left > 0;
        match &tree.node(id).kind {
            yaml::Kind::Scalar { text, .. } => Kind::Text(text.to_string()),
            yaml::Kind::Sequence(_) if goes_on => {
                let items = tree.items(id).iter().map(|it| self.value_of(*it, *it, depth + 1));
                Kind::List(items.collect())
            }
            yaml::Kind::Mapping(_) if goes_on => {
                let entry = |(key, value): (NodeId, NodeId)| {
                    let yaml::Kind::Scalar { text, .. } = &tree.node(tree.resolve(key)).kind else {
                        return None;
                    };
                    Some((text.to_string(), self.value_of(key, value, depth + 1)))
                };
                Kind::Table(tree.pairs(id).filter_map(entry).collect())
            }
            _ => Kind::Text(String::new()),
        }
    }

    fn value_of(&mut self, place: NodeId, value: NodeId, depth: usize) -> Value {
        let at = self.offset + self.tree.node(place).span.start as usize;
        Value { line: line_of(self.text, at), kind: self.kind_of(value, depth) }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn values_know_the_lines_of_their_keys() {
        let value = read("services:\n  db:\n    image: postgres:16\n    ports: [5432]\n").unwrap();
        assert_eq!(value.at(&["services", "db", "image"]).unwrap().line, 3);
        assert_eq!(value.at(&["services", "db", "ports"]).unwrap().texts(), ["5432"]);
    }

    #[test]
    fn a_broken_file_says_where() {
        let text = "services:\n  db: [\n";
        assert!(crate::scaffold::project::line_of(text, read(text).unwrap_err().0) >= 2);
    }
}
