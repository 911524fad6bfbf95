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

/// The targets of the file, in its order. Names that begin with a point or hold a pattern are rules of make itself, and are
/// there for what they run.
pub(crate) fn targets(file: &str, text: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    // How many of the last targets a recipe belongs to: `a b: c` makes two.
    let mut open = 0;
    // What stands in no recipe.
    let mut outside: Vec<String> = Vec::new();
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let mut variables: BTreeMap<String, String> = BUILT_IN.into_iter().map(own).collect();
    for (number, line) in joined(text) {
        // Behind a variable, an indented line is one like any other.
        if line.starts_with(['\t', ' ']) && open > 0 {
            let command = line.trim().trim_start_matches(['@', '-', '+']).trim();
            if !command.is_empty() && !command.starts_with('#') {
                let at = targets.len() - open.min(targets.len());
                targets[at..].iter_mut().for_each(|it| it.recipe.push(command.to_owned()));
            }
        } else if let Some((name, value)) = assignment(line.trim_start()) {
            open = 0;
            let more = line.split_once('=').is_some_and(|it| it.0.trim_end().ends_with('+'));
            let before = variables.get(&name).filter(|_| more).map(|it| format!("{it} "));
            // `NAME := $(NAME) more` means what it was before.
            let old = variables.get(&name).cloned().unwrap_or_default();
            let value = value.replace(&format!("$({name})"), &old).replace(&format!("${{{name}}}"), &old);
            outside.push(value.clone());
            // A compiler that is looked for is one all the same.
            if value.contains("$(shell ") && BUILT_IN.iter().any(|it| it.0 == name) {
                continue;
            }
            variables.insert(name, before.unwrap_or_default() + &value);
        } else {
            outside.push(line.clone());
            let heads = heads(&line, number);
            if !heads.is_empty() {
                open = heads.len();
                targets.extend(heads);
            }
        }
    }
    let just = file.to_lowercase().ends_with("justfile");
    let includes = text.lines().any(|it| it.trim_start_matches('-').starts_with("include "));
    for target in &mut targets {
        if just {
            target.recipe.iter_mut().for_each(|it| *it = expanded(it, &variables));
        } else {
            resolve(target, &variables, !includes);
        }
    }
    if !just {
        targets.extend(at_once(&outside, &variables, !includes));
        let unread = Target { name: UNREAD.into(), needs: Vec::new(), recipe: Vec::new(), line: 0 };
        targets.extend(includes.then_some(unread));
    }
    targets
}

/// Puts in what is known, and marks what is not.
fn resolve(target: &mut Target, variables: &BTreeMap<String, String>, whole: bool) {
    let known = |it: &String| opaque(&expanded(it, variables), whole);
    let (recipe, shells): (Vec<_>, Vec<_>) = target.recipe.iter().map(known).unzip();
    let name = target.name.clone();
    let mine = |it: String| {
        it.replace("$@", &name).replace("$<", "it").replace("$^", "it").replace("$*", "it").replace("$$", "$")
    };
    let lines = recipe.into_iter().chain(shells.into_iter().flatten()).map(mine);
    let bare = |it: String| it.trim_start_matches(['@', '-', '+', ' ']).to_owned();
    target.recipe = lines.map(bare).filter(|it| !it.is_empty()).collect();
    let needs = known(&target.needs.join(" ")).0;
    target.needs = needs.split_whitespace().map(str::to_owned).collect();
}

/// What make calls before it looks at any target: `NAME := $(shell …)`.
fn at_once(outside: &[String], variables: &BTreeMap<String, String>, whole: bool) -> Option<Target> {
    let calling = outside.iter().filter(|it| !it.starts_with('#') && it.contains("$(shell "));
    let shells = calling.flat_map(|it| opaque(&expanded(it, variables), whole).1);
    let recipe: Vec<String> = shells.map(|it| it.replace("$$", "$")).collect();
    (!recipe.is_empty()).then(|| Target { name: AT_ONCE.into(), needs: Vec::new(), recipe, line: 0 })
}

/// Stands for the targets of a file that is included and could not be read.
const UNREAD: &str = ".unread";

/// What runs whichever target is asked for.
const AT_ONCE: &str = ".at once";

/// The target that make takes when none is named.
pub(crate) fn first(targets: &[Target]) -> Option<&Target> {
    targets.iter().find(|it| !it.name.starts_with('.') && !it.name.contains(['%', '$']))
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

/// The targets of a line such as `a b: c`.
fn heads(line: &str, number: usize) -> Vec<Target> {
    let Some((names, needs)) = line.split_once(':') else { return Vec::new() };
    let special = names.trim_start().starts_with(['#', '@']) || names.contains('=') || needs.starts_with('=');
    if special || line.starts_with(' ') {
        return Vec::new();
    }
    // `test: build; upload` has its first command on the same line.
    let (needs, command) = needs.split_once(';').unwrap_or((needs, ""));
    let bare = command.trim().trim_start_matches(['@', '-', '+']).trim();
    let recipe: Vec<String> = Some(bare.to_owned()).filter(|it| !it.is_empty()).into_iter().collect();
    let needs = needs.split('#').next().unwrap_or_default();
    // `test: NAME = value` sets a variable for this target, and `a:: b` is a rule among several.
    let needs = if assignment(needs.trim_start_matches([':', ' ', '\t'])).is_some() {
        ""
    } else {
        needs.trim_start_matches(':')
    };
    let needs: Vec<String> = needs.split_whitespace().filter(|it| *it != "|").map(str::to_owned).collect();
    let target = |name: &str| Target {
        name: name.to_owned(),
        needs: needs.clone(),
        recipe: recipe.clone(),
        line: number,
    };
    names.split_whitespace().map(target).collect()
}

fn expanded(command: &str, variables: &BTreeMap<String, String>) -> String {
    let mut text = command.to_owned();
    // A variable may hold another one; a few rounds are enough for every file that a person reads.
    for _ in 0..4 {
        let next = once(&text, variables);
        let done = next == text || next.len() > 10_000;
        text = next;
        if done {
            break;
        }
    }
    text
}

/// Each `$(NAME)`, `${NAME}` and `{{NAME}}` of a known variable, replaced once.
fn once(text: &str, variables: &BTreeMap<String, String>) -> String {
    const SIGNS: [(&str, &str); 3] = [("$(", ")"), ("${", "}"), ("{{", "}}")];
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // `$${NAME}` is for the shell.
        if let Some(after) = rest.strip_prefix("$$") {
            out.push_str("$$");
            rest = after;
            continue;
        }
        let known = SIGNS.iter().find_map(|(opens, closes)| {
            let (inside, after) = rest.strip_prefix(opens)?.split_once(closes)?;
            let (name, change) = inside.split_once(':').map_or((inside, None), |it| (it.0, Some(it.1)));
            let value = variables.get(name)?;
            let value = change.map_or_else(|| Some(value.clone()), |it| with_endings(value, it))?;
            Some((value, after))
        });
        if let Some((value, after)) = known {
            out.push_str(&value);
            rest = after;
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out + rest
}

/// What is left of make's own signs: an unset variable is empty, a function that works on words is a word that only make
/// knows, and what `$(shell …)` calls is given back. Others are left, and [`closure`] refuses them.
fn opaque(text: &str, whole: bool) -> (String, Vec<String>) {
    const FILES: [&str; 14] = [
        "abspath",
        "basename",
        "dir",
        "filter",
        "filter-out",
        "firstword",
        "lastword",
        "notdir",
        "patsubst",
        "realpath",
        "sort",
        "strip",
        "wildcard",
        "word",
    ];
    const NAMES: [&str; 8] = ["addprefix", "addsuffix", "and", "findstring", "if", "join", "or", "subst"];
    let (mut left, mut shells) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        left.push_str(&rest[..at]);
        let end = match rest[at + 1..].chars().next() {
            Some('(') => closing(&rest[at..], '(', ')'),
            Some('{') => closing(&rest[at..], '{', '}'),
            Some(_) => None,
            None => break,
        };
        let Some(end) = end else {
            let sign = 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            left.push_str(&rest[at..at + sign]);
            rest = &rest[at + sign..];
            continue;
        };
        let inside = &rest[at + 2..at + end];
        let (function, arguments) = inside.split_once([' ', '\t']).unwrap_or((inside, ""));
        match function {
            "info" | "warning" | "error" => {}
            "shell" => {
                shells.push(arguments.trim().to_owned());
                left.push_str(ONLY_MAKE);
            }
            _ if FILES.contains(&function) => left.push_str(ONLY_MAKE),
            _ if NAMES.contains(&function) => left.push_str(NAMED_BY_MAKE),
            // Nothing to write to is no command; make itself would say so.
            _ if arguments.is_empty() && left.trim_end().ends_with(['>', '<']) => left.push_str(ONLY_MAKE),
            _ if arguments.is_empty() && whole && !inside.contains(['$', ':', '@', '<', '^', '*']) => {}
            _ if arguments.is_empty() => left.push_str(NAMED_BY_MAKE),
            _ => left.push_str(&rest[at..=at + end]),
        }
        rest = &rest[at + end + 1..];
    }
    left.push_str(rest);
    (left, shells)
}

/// A variable of the shell stands for what only make knows: it may be an argument, and is refused as a program.
const ONLY_MAKE: &str = "$$MADE_BY_MAKE";
/// The same, where it may be the name of a target and not only of a file.
const NAMED_BY_MAKE: &str = "$$NAMED_BY_MAKE";

/// Where the bracket behind `$` is closed.
fn closing(text: &str, opens: char, closes: char) -> Option<usize> {
    let mut depth = 0;
    for (at, sign) in text.char_indices() {
        depth += i32::from(sign == opens);
        if sign == closes {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// `$(NAME:.c=.o)` and `${NAME:%.c=%.o}`: the words of a variable with another ending.
fn with_endings(value: &str, change: &str) -> Option<String> {
    let (old, new) = change.split_once('=')?;
    let (old, new) = match (old.strip_prefix('%'), new.strip_prefix('%')) {
        (Some(old), Some(new)) => (old, new),
        _ => (old, new),
    };
    if old.contains('%') || new.contains('%') {
        return None;
    }
    let changed = |it: &str| it.strip_suffix(old).map_or_else(|| it.to_owned(), |stem| stem.to_owned() + new);
    Some(value.split_whitespace().map(changed).collect::<Vec<_>>().join(" "))
}

/// Everything that `make NAME` runs, the targets that come first included.
///
/// # Errors
/// The reason why it cannot be known without running make.
pub(crate) fn closure(targets: &[Target], name: &str) -> Result<Vec<String>, String> {
    let mut commands = Vec::new();
    let mut waiting = vec![name.to_owned(), AT_ONCE.to_owned()];
    let mut seen = Vec::new();
    while let Some(name) = waiting.pop() {
        if seen.contains(&name) {
            continue;
        }
        let rules: Vec<&Target> = rules(targets, &name);
        let word = !name.contains(['.', '/', '$']) && name != AT_ONCE;
        let hidden =
            word && !rules.iter().any(|it| it.name == name) && targets.iter().any(|it| it.name == UNREAD);
        if hidden {
            return Err(format!(
                "what `{name}` does is known only when make runs: a file that is included is not here"
            ));
        }
        for target in rules {
            if let Some(unknown) = target.needs.iter().chain(&target.recipe).find(|it| unreadable(it)) {
                return Err(format!("`{unknown}` is known only when make runs"));
            }
            if target.needs.iter().any(|it| it.contains(&NAMED_BY_MAKE[1..])) {
                return Err(format!("what `{name}` needs is known only when make runs"));
            }
            commands.extend(target.recipe.iter().map(|it| it.replace(".DEFAULT", &name)));
            waiting.extend(target.needs.iter().filter(|it| !it.contains('%')).cloned());
        }
        seen.push(name);
    }
    Ok(commands)
}

/// The rules for a name. What has none is a file: one that is there, one of a pattern, or one for `.DEFAULT`.
fn rules<'t>(targets: &'t [Target], name: &str) -> Vec<&'t Target> {
    let own: Vec<_> = targets.iter().filter(|it| it.name == name).collect();
    if !own.is_empty() || name == AT_ONCE {
        return own;
    }
    targets.iter().filter(|it| it.name.contains('%') || it.name == ".DEFAULT").collect()
}

/// Functions that may make anything.
fn unreadable(text: &str) -> bool {
    ["$(call ", "$(eval ", "$(file ", "$(foreach "].iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::{closure, first, targets};

    const FILE: &str = "PYTHON ?= python3\n.PHONY: test\n\ntest: build lint ## all\n\t@$(PYTHON) -m pytest \\\n\t  -q\n\nbuild:\n\tpython setup.py sdist\nlint:\n\truff check .\nodd:\n\t$(shell date)\n";

    #[test]
    fn a_target_is_read_with_all_that_comes_first() {
        let targets = targets("Makefile", FILE);
        let names: Vec<_> = targets.iter().map(|it| (it.name.as_str(), it.line)).collect();
        assert_eq!(names, [(".PHONY", 2), ("test", 4), ("build", 8), ("lint", 10), ("odd", 12)]);
        let all = closure(&targets, "test").unwrap();
        assert_eq!(all, ["python3 -m pytest  -q", "ruff check .", "python setup.py sdist"]);
    }

    #[test]
    fn what_only_make_knows_is_refused() {
        let file = "odd:\n\t$(eval X=1)\nnamed: $(addprefix deploy-,$(ALL))\n\ttrue\n";
        let targets = targets("Makefile", file);
        assert!(closure(&targets, "odd").unwrap_err().contains("$(eval X=1)"));
        assert!(closure(&targets, "named").unwrap_err().contains("`named`"));
    }

    #[test]
    fn what_make_calls_at_once_is_part_of_every_target() {
        let file = "V := $(shell git describe)\nall:\n\t$(info hello)\n\t$(CC) $(wildcard *.c) $(NOTHING)\n";
        let all = closure(&targets("Makefile", file), "all").unwrap();
        assert_eq!(all, ["git describe", "cc $MADE_BY_MAKE "]);
    }

    #[test]
    fn rules_for_several_names_and_for_all_others_are_read() {
        let file = "default: all\n.DEFAULT:\n\tcd src && $(MAKE) $@\na b:\n\techo $@\na: c\nc:\n\tc\n%.o: %.c\n\tcompile\n";
        let targets = targets("Makefile", file);
        assert_eq!(first(&targets).map(|it| it.name.as_str()), Some("default"));
        assert_eq!(closure(&targets, "default").unwrap(), ["cd src && make all", "compile"]);
        assert_eq!(closure(&targets, "a").unwrap(), ["echo a", "c"]);
    }

    #[test]
    fn a_command_behind_the_needs_is_read_and_an_unread_file_is_no_excuse() {
        let file = "test: lint; scp a b:\nlint:\n\ttrue\n";
        assert_eq!(closure(&targets("Makefile", file), "test").unwrap(), ["scp a b:", "true"]);
        let file = "include $(HOME)/shared.mk\ntest: publish\n\ttrue\n";
        assert!(closure(&targets("Makefile", file), "test").unwrap_err().contains("`publish`"));
        let file = "include $(HOME)/shared.mk\ntest: a.o\n\ttrue\n";
        assert!(closure(&targets("Makefile", file), "test").is_ok());
    }

    #[test]
    fn the_shells_own_signs_stay_in_a_justfile() {
        let all = closure(&targets("justfile", "test:\n    echo $(date) {{x}}\n"), "test").unwrap();
        assert_eq!(all, ["echo $(date) {{x}}"]);
    }

    #[test]
    fn what_make_itself_sets_is_known() {
        let file = "SRC = a.c b.c\nOBJ = $(SRC:.c=.o)\nall: $(OBJ)\n\t$(CC) $(LDFLAGS) -o a $^\nclean:\n\t$(RM) a $(OBJ)\n";
        let targets = targets("Makefile", file);
        assert_eq!(targets[0].needs, ["a.o", "b.o"]);
        assert_eq!(closure(&targets, "all").unwrap(), ["cc  -o a it"]);
        assert_eq!(closure(&targets, "clean").unwrap(), ["rm -f a a.o b.o"]);
        let patterns = super::targets("Makefile", "T = a.c b.c\nall: ${T:%.c=%.test}\n");
        assert_eq!(patterns[0].needs, ["a.test", "b.test"]);
        let own = super::targets("Makefile", "CC = clang\nall:\n\t$(CC) a.c\n");
        assert_eq!(own[0].recipe, ["clang a.c"]);
    }

    #[test]
    fn what_the_shell_puts_in_is_left_to_it() {
        let file = "CC := $(shell sh -c 'type $${CC%% *} && echo $(CC) || echo gcc')\ntest:\n\techo $${CC} $$PPID\n\t$(CC) -c $<\n";
        let all = closure(&targets("Makefile", file), "test").unwrap();
        assert_eq!(all, ["sh -c 'type ${CC%% *} && echo cc || echo gcc'", "echo ${CC} $PPID", "cc -c it"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(closure(&targets("Makefile", "a: b\n\tx\nb: a\n\ty\n"), "a").unwrap(), ["x", "y"]);
    }
}
