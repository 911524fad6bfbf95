//! A Makefile or justfile → its targets with what they need and what they run. Variables that are plain text are put in;
//! what only make itself could know is left as it is, and [`closure`] then refuses it.

use std::collections::BTreeMap;

/// What make itself sets, as far as a recipe for a program uses it: `$(CC)` is there in a file that never says what it is.
const BUILT_IN: [(&str, &str); 15] = [
    ("AR", "ar"),
    ("ARFLAGS", "rv"),
    ("AS", "as"),
    ("ASFLAGS", ""),
    ("CC", "cc"),
    ("CFLAGS", ""),
    ("CPPFLAGS", ""),
    ("CXX", "g++"),
    ("CXXFLAGS", ""),
    ("FC", "f77"),
    ("LDFLAGS", ""),
    ("LDLIBS", ""),
    ("MAKE", "make"),
    ("RM", "rm -f"),
    ("TARGET_ARCH", ""),
];

/// A target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What it is called by.
    pub(crate) name: String,
    /// The targets that come first.
    pub(crate) needs: Vec<String>,
    /// Its commands, as the shell gets them.
    pub(crate) recipe: Vec<String>,
    /// Its line.
    pub(crate) line: usize,
}

/// The targets of the file, in its order.
pub(crate) fn targets(text: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let mut variables: BTreeMap<String, String> = BUILT_IN.into_iter().map(own).collect();
    for (number, line) in joined(text) {
        if line.starts_with('\t') || (line.starts_with("  ") && !targets.is_empty()) {
            let command = line.trim().trim_start_matches(['@', '-', '+']).trim();
            if let Some(last) =
                targets.last_mut().filter(|_| !command.is_empty() && !command.starts_with('#'))
            {
                last.recipe.push(command.to_owned());
            }
        } else if let Some((name, value)) = assignment(&line) {
            variables.insert(name, value);
        } else if let Some(target) = head(&line, number) {
            targets.push(target);
        }
    }
    for target in &mut targets {
        target.recipe.iter_mut().for_each(|it| *it = expanded(it, &variables));
        let needs = expanded(&target.needs.join(" "), &variables);
        target.needs = needs.split_whitespace().map(str::to_owned).collect();
    }
    targets
}

/// Lines with their numbers; one that ends in a backslash goes on in the next.
fn joined(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let goes_on = line.ends_with('\\');
        let part = line.strip_suffix('\\').unwrap_or(line);
        match lines.last_mut().filter(|_| open) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(part.trim_start());
            }
            None => lines.push((number + 1, part.to_owned())),
        }
        open = goes_on;
    }
    lines
}

/// `NAME = value` in any of make's spellings.
fn assignment(line: &str) -> Option<(String, String)> {
    let (before, value) = line.split_once('=')?;
    let name = before.trim_end_matches([':', '?', '+', ' ']).trim_start_matches("export ").trim();
    let plain = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    plain.then(|| (name.to_owned(), value.trim().to_owned()))
}

fn head(line: &str, number: usize) -> Option<Target> {
    let (names, needs) = line.split_once(':')?;
    let first = names.split_whitespace().next()?;
    let special =
        first.starts_with(['.', '#', '$', '@', '%']) || names.contains('=') || needs.starts_with('=');
    if special || line.starts_with(' ') {
        return None;
    }
    let needs = needs.split('#').next().unwrap_or_default().split(';').next().unwrap_or_default();
    let needs = needs.split_whitespace().filter(|it| *it != "|").map(str::to_owned).collect();
    Some(Target { name: first.to_owned(), needs, recipe: Vec::new(), line: number })
}

fn expanded(command: &str, variables: &BTreeMap<String, String>) -> String {
    let mut text = command.to_owned();
    // A variable may hold another one; a few rounds are enough for every file that a person reads.
    for _ in 0..4 {
        for (name, value) in variables {
            text = text.replace(&format!("$({name})"), value).replace(&format!("${{{name}}}"), value);
            text = text.replace(&format!("{{{{{name}}}}}"), value);
            text = endings(&text, name, value);
        }
        if text.len() > 10_000 {
            break;
        }
    }
    text.replace("$@", "it").replace("$<", "it").replace("$^", "it").replace("$$", "$")
}

/// `$(NAME:.c=.o)`: the words of a variable with another ending.
fn endings(text: &str, name: &str, value: &str) -> String {
    let Some((before, rest)) = text.split_once(&format!("$({name}:")) else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once(')') else { return text.to_owned() };
    let Some((old, new)) = inside.split_once('=').filter(|it| !it.0.contains('%')) else {
        return text.to_owned();
    };
    let changed = |it: &str| it.strip_suffix(old).map_or_else(|| it.to_owned(), |stem| stem.to_owned() + new);
    let words: Vec<String> = value.split_whitespace().map(changed).collect();
    format!("{before}{}{after}", words.join(" "))
}

/// Everything that `make NAME` runs, the targets that come first included.
///
/// # Errors
/// The reason why it cannot be known without running make.
pub(crate) fn closure(targets: &[Target], name: &str) -> Result<Vec<String>, String> {
    let mut commands = Vec::new();
    let mut waiting = vec![name.to_owned()];
    let mut seen = Vec::new();
    while let Some(name) = waiting.pop() {
        if seen.contains(&name) {
            continue;
        }
        let Some(target) = targets.iter().find(|it| it.name == name) else {
            // A file that is there, or one of a pattern: it has no recipe of its own that could be read.
            seen.push(name);
            continue;
        };
        if let Some(unknown) = target.recipe.iter().chain(&target.needs).find(|it| it.contains("$(")) {
            return Err(format!("`{unknown}` is known only when make runs"));
        }
        commands.extend(target.recipe.iter().cloned());
        waiting.extend(target.needs.iter().cloned());
        seen.push(name);
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::{closure, targets};

    const FILE: &str = "PYTHON ?= python3\n.PHONY: test\n\ntest: build lint ## all\n\t@$(PYTHON) -m pytest \\\n\t  -q\n\nbuild:\n\tpython setup.py sdist\nlint:\n\truff check .\nodd:\n\t$(shell date)\n";

    #[test]
    fn a_target_is_read_with_all_that_comes_first() {
        let targets = targets(FILE);
        let names: Vec<_> = targets.iter().map(|it| (it.name.as_str(), it.line)).collect();
        assert_eq!(names, [("test", 4), ("build", 8), ("lint", 10), ("odd", 12)]);
        let all = closure(&targets, "test").unwrap();
        assert_eq!(all, ["python3 -m pytest  -q", "ruff check .", "python setup.py sdist"]);
    }

    #[test]
    fn what_only_make_knows_is_refused() {
        assert!(closure(&targets(FILE), "odd").unwrap_err().contains("$(shell date)"));
    }

    #[test]
    fn what_make_itself_sets_is_known() {
        let file = "SRC = a.c b.c\nOBJ = $(SRC:.c=.o)\nall: $(OBJ)\n\t$(CC) $(LDFLAGS) -o a $^\nclean:\n\t$(RM) a $(OBJ)\n";
        let targets = targets(file);
        assert_eq!(targets[0].needs, ["a.o", "b.o"]);
        assert_eq!(closure(&targets, "all").unwrap(), ["cc  -o a it"]);
        assert_eq!(closure(&targets, "clean").unwrap(), ["rm -f a a.o b.o"]);
        let own = super::targets("CC = clang\nall:\n\t$(CC) a.c\n");
        assert_eq!(own[0].recipe, ["clang a.c"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(closure(&targets("a: b\n\tx\nb: a\n\ty\n"), "a").unwrap(), ["x", "y"]);
    }
}
