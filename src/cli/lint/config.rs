//! The levels of the rules: first from `.ciworkshop.yml`, then from the arguments. Only reads.
//!
//! ```yaml
//! lint:
//!   deny: warnings          # or hints, the code of a rule, or a list of these
//!   levels:
//!     needs-trust: off      # or hint, warning, error
//! ```

use std::path::PathBuf;

use crate::cli::input::read_source;
use crate::cli::lint::Arguments;
use crate::cli::{Failure, World};
use crate::engine::diagnostic::Severity;
use crate::engine::lint::{Level, Levels, Unknown, closest};
use crate::engine::source::{SourceFile, Span};
use crate::engine::yaml::{Kind, NodeId, Tree, parse, split};

const NAME: &str = ".ciworkshop.yml";

/// What the file says, and then what the arguments say.
///
/// # Errors
/// The file cannot be read, or one of the two says something that is not known.
pub(super) fn levels(arguments: &Arguments, world: &mut World) -> Result<Levels, Failure> {
    let path = arguments.config.clone().or_else(|| find(world));
    let mut levels = match path {
        None => Levels::default(),
        Some(path) => {
            let source = read_source(world, &path)?;
            read(&source).map_err(|it| it.told(&source))?
        }
    };
    apply(arguments, &mut levels)?;
    Ok(levels)
}

/// Looked for like the `.drone.yml`: here, and above up to the root of the repository.
fn find(world: &World) -> Option<PathBuf> {
    let mut up = PathBuf::new();
    for folder in world.folder.ancestors() {
        if folder.join(NAME).exists() {
            return Some(up.join(NAME));
        }
        if folder.join(".git").exists() {
            return None;
        }
        up.push("..");
    }
    None
}

fn apply(arguments: &Arguments, levels: &mut Levels) -> Result<(), Failure> {
    let given = [("--allow", &arguments.allow), ("--warn", &arguments.warn), ("--deny", &arguments.deny)];
    let mut known: Vec<(&str, &str)> = Vec::new();
    for (option, codes) in given {
        for code in codes {
            if let Some((other, _)) = known.iter().find(|it| it.1 == code && it.0 != option) {
                let message = format!("`{code}` stands behind {other} and behind {option}");
                return Err(Failure::usage(message, "leave one of them away"));
            }
            known.push((option, code));
            let set = match option {
                "--allow" => levels.set(code, Level::Off),
                "--warn" => levels.set(code, Level::At(Severity::Warning)),
                _ => levels.deny(code),
            };
            set.map_err(|it| Failure::usage(format!("{option}: {}", it.message), it.help))?;
        }
    }
    Ok(())
}

/// What is wrong in the file, and where.
struct Wrong {
    span: Span,
    message: String,
    help: String,
}

impl Wrong {
    fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: help.into() }
    }

    fn unknown(span: Span, unknown: Unknown) -> Self {
        Self::new(span, unknown.message, unknown.help)
    }

    fn told(self, source: &SourceFile) -> Failure {
        let place = source.line_column(self.span.start);
        Failure::usage(format!("{}:{place}: {}", source.name(), self.message), self.help)
    }
}

fn read(source: &SourceFile) -> Result<Levels, Wrong> {
    let text = source.text();
    if let Some(separator) = split(text).separators.get(1) {
        return Err(Wrong::new(
            *separator,
            "a second document begins here",
            "write all of it in one document",
        ));
    }
    let (tree, problems) = parse(text);
    if let Some(problem) = problems.into_iter().next() {
        let help = problem.help.unwrap_or_else(|| "mend the YAML".into());
        return Err(Wrong::new(problem.primary.span, problem.message, help));
    }
    let mut reading = Reading { tree: &tree, levels: Levels::default() };
    if let Some(root) = tree.root().filter(|it| !reading.is_empty(*it)) {
        for (_, lint) in reading.entries(root, "the file", &["lint"])? {
            reading.lint(lint)?;
        }
    }
    Ok(reading.levels)
}

struct Reading<'t> {
    tree: &'t Tree<'t>,
    levels: Levels,
}

impl<'t> Reading<'t> {
    fn lint(&mut self, node: NodeId) -> Result<(), Wrong> {
        for (key, value) in self.entries(node, "`lint`", &["deny", "levels"])? {
            if self.text(key)? == "deny" { self.deny(value)? } else { self.set(value)? }
        }
        Ok(())
    }

    fn deny(&mut self, node: NodeId) -> Result<(), Wrong> {
        let list = matches!(self.tree.node(node).kind, Kind::Sequence(_));
        let words = if list { self.tree.items(node).to_vec() } else { vec![node] };
        for word in words {
            let text = self.text(word)?;
            self.levels.deny(text).map_err(|it| Wrong::unknown(self.span(word), it))?;
        }
        Ok(())
    }

    fn set(&mut self, node: NodeId) -> Result<(), Wrong> {
        for (key, value) in self.entries(node, "`levels`", &[])? {
            let level =
                Level::of_word(self.text(value)?).map_err(|it| Wrong::unknown(self.span(value), it))?;
            let code = self.text(key)?;
            self.levels.set(code, level).map_err(|it| Wrong::unknown(self.span(key), it))?;
        }
        Ok(())
    }

    /// The entries of a map, each key once. With `keys`, no other key may be there.
    fn entries(&self, node: NodeId, what: &str, keys: &[&str]) -> Result<Vec<(NodeId, NodeId)>, Wrong> {
        let node = self.tree.resolve(node);
        if !matches!(self.tree.node(node).kind, Kind::Mapping(_)) {
            let example = keys.first().unwrap_or(&"needs-trust");
            let help = format!("write lines such as `{example}: …` below it");
            return Err(Wrong::new(self.span(node), format!("{what} is no map"), help));
        }
        let entries: Vec<_> = self.tree.pairs(node).collect();
        let mut seen = Vec::with_capacity(entries.len());
        for (key, _) in &entries {
            let name = self.text(*key)?;
            if seen.contains(&name) {
                return Err(Wrong::new(
                    self.span(*key),
                    format!("`{name}` is there twice"),
                    "keep one of them",
                ));
            }
            if !(keys.is_empty() || keys.contains(&name)) {
                let all = || format!("{what} has {}", keys.join(", "));
                let help = closest(name, keys.iter().copied());
                let help = help.map_or_else(all, |it| format!("did you mean `{it}`?"));
                return Err(Wrong::new(self.span(*key), format!("{what} has no key `{name}`"), help));
            }
            seen.push(name);
        }
        Ok(entries)
    }

    fn is_empty(&self, node: NodeId) -> bool {
        matches!(&self.tree.node(node).kind, Kind::Scalar { text, plain: true } if text.is_empty())
    }

    fn text(&self, node: NodeId) -> Result<&'t str, Wrong> {
        match &self.tree.node(self.tree.resolve(node)).kind {
            Kind::Scalar { text, .. } => Ok(text),
            _ => Err(Wrong::new(self.span(node), "a word is expected here", "write a single word")),
        }
    }

    fn span(&self, node: NodeId) -> Span {
        self.tree.node(node).span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let source = SourceFile::new("c.yml", text);
        let failure = read(&source).map_err(|it| it.told(&source)).unwrap_err();
        format!("{} | {}", failure.message, failure.help)
    }

    #[test]
    fn what_is_not_known_is_told_with_its_place_and_what_was_meant() {
        let cases = [
            ("lnt: {}\n", "c.yml:1:1: the file has no key `lnt` | did you mean `lint`?"),
            ("lint:\n  denny: x\n", "c.yml:2:3: `lint` has no key `denny` | did you mean `deny`?"),
            ("lint:\n  other: x\n", "c.yml:2:3: `lint` has no key `other` | `lint` has deny, levels"),
            ("lint: {deny: warning}\n", "c.yml:1:14: there is no rule `warning` | did you mean `warnings`?"),
            (
                "lint: {levels: {legcy: off}}\n",
                "c.yml:1:17: there is no rule `legcy` | did you mean `legacy`?",
            ),
            ("lint: {levels: {legacy: of}}\n", "c.yml:1:25: there is no level `of` | did you mean `off`?"),
            (
                "lint: {levels: [legacy]}\n",
                "c.yml:1:16: `levels` is no map | write lines such as `needs-trust: …` below it",
            ),
            ("lint: {deny: [[hints]]}\n", "c.yml:1:15: a word is expected here | write a single word"),
            ("lint: {}\nlint: {}\n", "c.yml:2:1: `lint` is there twice | keep one of them"),
            (
                "lint: {}\n---\nlint: {}\n",
                "c.yml:2:1: a second document begins here | write all of it in one document",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(wrong(text), expected, "{text}");
        }
        assert!(wrong("lint: {\n").starts_with("c.yml:1:7: "), "{}", wrong("lint: {\n"));
    }

    #[test]
    fn an_empty_file_says_nothing_and_a_full_one_says_it_all() {
        for text in [
            "",
            "# nothing\n",
            "lint: {}\n",
            "lint:\n  deny: [warnings, needs-trust]\n  levels: {legacy: 'off'}\n",
        ] {
            assert!(read(&SourceFile::new("c.yml", text)).is_ok(), "{text}");
        }
    }
}
