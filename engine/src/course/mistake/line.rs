//! A line of code → the same line with a mistake in it. Reads no grammar: it knows comments, quotes and what stands between
//! blanks, and leaves alone what it is not sure of.

/// Languages that are written alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Python,
    /// With `==`, `&&` and `//`.
    Braces,
    /// Of those: whose functions end with a value, and need no `return`.
    Rust,
    /// Of those: where any value may be returned.
    Script,
    Shell,
}

impl Family {
    pub(super) fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        Some(match ending {
            "py" => Self::Python,
            "rs" => Self::Rust,
            "js" | "mjs" | "cjs" | "jsx" => Self::Script,
            "ts" | "tsx" | "go" | "java" | "kt" | "c" | "cc" | "cpp" | "cs" | "php" | "swift" => Self::Braces,
            "sh" | "bash" => Self::Shell,
            _ => return None,
        })
    }

    fn comment(self) -> &'static str {
        if matches!(self, Self::Python | Self::Shell) { "#" } else { "//" }
    }
}

/// How sure it is that somebody notices; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Comparison,
    Logic,
    Result,
    Arithmetic,
}

/// Each with what it turns into.
type Swaps = &'static [(&'static str, &'static str)];

const COMPARISONS: Swaps = &[
    (" === ", " !== "),
    (" !== ", " === "),
    (" == ", " != "),
    (" != ", " == "),
    (" <= ", " > "),
    (" >= ", " < "),
    (" < ", " >= "),
    (" > ", " <= "),
];
const COMPARISONS_OF_PYTHON: Swaps = &[(" not in ", " in "), (" is not ", " is ")];
const COMPARISONS_OF_SHELL: Swaps = &[
    (" -eq ", " -ne "),
    (" -ne ", " -eq "),
    (" -gt ", " -le "),
    (" -le ", " -gt "),
    (" -lt ", " -ge "),
    (" -ge ", " -lt "),
    (" == ", " != "),
    (" = ", " != "),
    (" != ", " = "),
];
const LOGIC: Swaps = &[(" && ", " || "), (" || ", " && ")];
const LOGIC_OF_PYTHON: Swaps = &[(" and ", " or "), (" or ", " and ")];
const ARITHMETIC: Swaps = &[(" * ", " + "), (" - ", " + "), (" / ", " * "), (" + 1", " + 2")];

/// Lines that hold code, with their numbers. Comments, texts over several lines and Rust's own tests are passed over.
pub(super) fn code_lines(family: Family, text: &str) -> Vec<(usize, &str)> {
    let mut inside: Option<&str> = None;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if family == Family::Rust && line.trim() == "#[cfg(test)]" {
            break;
        }
        if let Some(end) = inside {
            inside = Some(end).filter(|it| !line.contains(it));
            continue;
        }
        inside = opens(family, line);
        if inside.is_none() && !is_aside(family, line.trim()) {
            lines.push((number, line));
        }
    }
    lines
}

/// What ends the text or the comment that begins in this line and goes on below it.
fn opens(family: Family, line: &str) -> Option<&'static str> {
    let marks: &[(&str, &str)] = match family {
        Family::Python => &[("\"\"\"", "\"\"\""), ("'''", "'''")],
        Family::Shell => &[],
        _ => &[("/*", "*/")],
    };
    marks.iter().find_map(|(begin, end)| {
        let (_, rest) = line.split_once(begin)?;
        (!rest.contains(end)).then_some(*end)
    })
}

/// A line in which a mistake would say nothing, or would never end.
fn is_aside(family: Family, line: &str) -> bool {
    const BEGINNINGS: [&str; 20] = [
        "import ",
        "from ",
        "use ",
        "package ",
        "include ",
        "#include",
        "#[",
        "@",
        "assert",
        "while ",
        "while(",
        "for ",
        "for(",
        "until ",
        "def ",
        "class ",
        "fn ",
        "pub fn ",
        "func ",
        "if __name__",
    ];
    let quoted = line.starts_with(['"', '\'', '*', '`']);
    line.is_empty()
        || quoted
        || line.starts_with(family.comment())
        || BEGINNINGS.iter().any(|it| line.starts_with(it))
}

/// The line with its surest mistake.
pub(super) fn changed(family: Family, line: &str) -> Option<(Rank, String)> {
    let swapped =
        |rank, swaps: Swaps| swaps.iter().find_map(|it| swap(family, line, it)).map(|it| (rank, it));
    let own = |rank, of_python: Swaps, of_shell: Swaps, of_braces: Swaps| match family {
        Family::Python => swapped(rank, of_python),
        Family::Shell => swapped(rank, of_shell),
        _ => swapped(rank, of_braces),
    };
    if family == Family::Shell {
        let compares = line.contains("[ ") || line.contains("test ");
        let comparison = compares.then(|| swapped(Rank::Comparison, COMPARISONS_OF_SHELL)).flatten();
        return comparison.or_else(|| swapped(Rank::Logic, LOGIC)).or_else(|| result(family, line));
    }
    own(Rank::Comparison, COMPARISONS_OF_PYTHON, &[], &[])
        .or_else(|| swapped(Rank::Comparison, COMPARISONS))
        .or_else(|| own(Rank::Logic, LOGIC_OF_PYTHON, &[], LOGIC))
        .or_else(|| result(family, line))
        .or_else(|| computes(family, line).then(|| swapped(Rank::Arithmetic, ARITHMETIC)).flatten())
}

/// True for a line that works something out, and does not declare a pointer.
fn computes(family: Family, line: &str) -> bool {
    family == Family::Rust || line.starts_with("return ") || line.contains(" = ")
}

/// A result that is another.
fn result(family: Family, line: &str) -> Option<(Rank, String)> {
    let whole = |it: &str| it.matches(['(', '[', '{']).count() == it.matches([')', ']', '}']).count();
    if family == Family::Shell {
        let said = line.strip_prefix("echo ").filter(|it| !it.contains(">&2"))?;
        return Some((Rank::Result, format!("echo mistake {said}")));
    }
    let value = line.strip_prefix("return ")?;
    let turned = match value.trim_end_matches(';') {
        "true" => Some("false"),
        "false" => Some("true"),
        "True" => Some("False"),
        "False" => Some("True"),
        _ => None,
    };
    let end = if value.ends_with(';') { ";" } else { "" };
    if let Some(turned) = turned {
        return Some((Rank::Result, format!("return {turned}{end}")));
    }
    let lost = match family {
        Family::Python if value != "None" && !value.ends_with('\\') => "None",
        Family::Script if value != "undefined;" => "undefined",
        _ => return None,
    };
    whole(value).then(|| (Rank::Result, format!("return {lost}{end}")))
}

/// The line with the first such sign, outside of quotes and comments, turned round.
fn swap(family: Family, line: &str, (from, to): &(&str, &str)) -> Option<String> {
    let code = &line[..end_of_code(family, line)];
    let at = code.match_indices(from).map(|(at, _)| at).find(|at| !is_quoted(&line[..*at]))?;
    Some(format!("{}{to}{}", &line[..at], &line[at + from.len()..]))
}

fn end_of_code(family: Family, line: &str) -> usize {
    let mark = format!(" {}", family.comment());
    line.match_indices(&mark).map(|(at, _)| at).find(|at| !is_quoted(&line[..*at])).unwrap_or(line.len())
}

/// True when a quotation is open at the end of this.
fn is_quoted(before: &str) -> bool {
    let mut open: Option<char> = None;
    let mut escaped = false;
    for sign in before.chars() {
        match open {
            _ if escaped => escaped = false,
            Some(_) if sign == '\\' => escaped = true,
            Some(quote) if quote == sign => open = None,
            None if matches!(sign, '"' | '\'' | '`') => open = Some(sign),
            _ => {}
        }
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_mistakes() {
        use Family::{Braces, Python, Rust, Script, Shell};
        for (family, line, expected) in [
            (Python, "if a == b:", Some("if a != b:")),
            (Python, "if a not in b:", Some("if a in b:")),
            (Python, "x = a and b", Some("x = a or b")),
            (Python, "return total", Some("return None")),
            (Python, "return True", Some("return False")),
            (Python, "return {", None),
            (Python, "x = 'a == b'", None),
            (Python, "x = f(a)  # a == b", None),
            (Python, "x = \"it's\" if a < b else c", Some("x = \"it's\" if a >= b else c")),
            (Python, "x = y * 2", Some("x = y + 2")),
            (Python, "return x", Some("return None")),
            (Braces, "if err != nil {", Some("if err == nil {")),
            (Braces, "return a, true", None),
            (Braces, "return false;", Some("return true;")),
            (Braces, "return total - tax", Some("return total + tax")),
            (Braces, "char * name;", None),
            (Rust, "width * height", Some("width + height")),
            (Rust, "a: &'a str,", None),
            (Rust, "let all: Vec<u8> = x;", None),
            (Script, "if (a === b) {", Some("if (a !== b) {")),
            (Script, "return total;", Some("return undefined;")),
            (Script, "return items.map((it) => {", None),
            (Shell, "if [ \"$1\" = start ]; then", Some("if [ \"$1\" != start ]; then")),
            (Shell, "name=x = y", None),
            (Shell, "test -f a || exit 1", Some("test -f a && exit 1")),
            (Shell, "echo \"Hello, $1\"", Some("echo mistake \"Hello, $1\"")),
            (Shell, "echo no >&2", None),
        ] {
            assert_eq!(changed(family, line).map(|it| it.1).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn comments_texts_and_loops_are_passed_over() {
        let numbers = |family, text| code_lines(family, text).iter().map(|it| it.0).collect::<Vec<_>>();
        let python = "\"\"\"One\n a == b\n\"\"\"\nimport os\nx = 1\n# y\nwhile a < b:\n    y = 2\n'''z'''\n";
        assert_eq!(numbers(Family::Python, python), [5, 8]);
        let rust = "/* a\n b */\nuse x;\nlet a = 1;\n// c\n#[cfg(test)]\nlet b = 2;\n";
        assert_eq!(numbers(Family::Rust, rust), [4]);
    }
}
