//! A file of `CMake`, Meson or M4 → the calls in it, with their arguments as written. All three write `name(a, b)`.

use crate::scaffold::detect::libraries::Asked;
use crate::scaffold::detect::version::numbers;
use crate::scaffold::project::Folder;

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    /// As written, a method with its object: `cc.find_library`.
    pub(super) name: String,
    /// What stands between the outer brackets.
    pub(super) inside: String,
    /// The line of the name.
    pub(super) line: usize,
    /// True where that line is indented: it is in a condition, or in another call.
    pub(super) nested: bool,
}

impl Called {
    /// True for this name, in any letters.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The words, without quotes: what `CMake` takes.
    pub(super) fn words(&self) -> Vec<&str> {
        self.inside.split_whitespace().map(|it| it.trim_matches('"')).collect()
    }

    /// What stands between commas, without quotes and square brackets around it: what Meson and M4 take.
    pub(super) fn arguments(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let (mut depth, mut start) = (0, 0);
        for (at, sign) in self.inside.char_indices() {
            match sign {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                ',' if depth == 0 => {
                    found.push(&self.inside[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        found.push(&self.inside[start..]);
        found.into_iter().map(plain).collect()
    }
}

fn plain(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"', '[', ']']).trim()
}

/// The calls of a file, in its order; what stands in a call as well, after it. Comments are left out.
pub(super) fn calls(text: &str) -> Vec<Called> {
    let text = without_comments(text);
    let mut found = Vec::new();
    let named = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.');
    for (open, _) in text.match_indices('(') {
        let before = text[..open].trim_end_matches([' ', '\t']);
        let name = &before[before.trim_end_matches(named).len()..];
        if name.is_empty() {
            continue;
        }
        let line = text[..open].matches('\n').count() + 1;
        let start = text[..open].rfind('\n').map_or(0, |it| it + 1);
        let nested = text[start..].starts_with([' ', '\t']);
        let inside = text[open + 1..open + 1 + length(&text[open + 1..])].to_owned();
        found.push(Called { name: name.to_owned(), inside, line, nested });
    }
    found
}

/// How far it is to the bracket that closes, at most to the end.
fn length(text: &str) -> usize {
    let mut depth = 1;
    for (at, sign) in text.char_indices() {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The same lines without `# …` and `dnl …`.
fn without_comments(text: &str) -> String {
    let plain = |line: &str| {
        let end = line.find("dnl ").filter(|at| line[..*at].trim().is_empty());
        let end = end.or_else(|| line.find('#').filter(|at| !quoted(&line[..*at])));
        line[..end.unwrap_or(line.len())].to_owned()
    };
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

fn quoted(before: &str) -> bool {
    before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1
}

/// The modules of `zlib >= 1.2 libpng`, without their versions.
pub(super) fn modules(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut version = false;
    for word in text.split([' ', '\t', '\n', ',', '[', ']']).filter(|it| !it.is_empty()) {
        let sign = word.find(['<', '>', '=', '!']);
        match sign {
            Some(0) => version = word.trim_start_matches(['<', '>', '=', '!']).is_empty(),
            _ if version => version = false,
            Some(at) => {
                found.push(&word[..at]);
                version = word[at..].trim_start_matches(['<', '>', '=', '!']).is_empty();
            }
            None => found.push(word),
        }
    }
    found.retain(|it| !it.contains('$'));
    found
}

/// The build files of that name that are the project's own, those near the root first.
pub(super) fn files(folder: Folder<'_>, names: &[&str]) -> Vec<String> {
    const OTHERS: [&str; 13] = [
        "bundled",
        "contrib",
        "doc",
        "docs",
        "example",
        "examples",
        "extern",
        "external",
        "externals",
        "fuzzers",
        "fuzzing",
        "subprojects",
        "third_party",
    ];
    let own = |it: &&str| !it.split('/').rev().skip(1).any(|it| OTHERS.contains(&it));
    let named = |it: &&str| {
        let name = it.rsplit('/').next().unwrap_or_default();
        names.iter().any(|wanted| match wanted.strip_prefix('*') {
            Some(ending) => name.ends_with(ending),
            None => name == *wanted,
        })
    };
    let mut found: Vec<String> = folder.files().filter(named).filter(own).map(str::to_owned).collect();
    found.sort_by_key(|it| it.matches('/').count());
    found
}

/// True when the version that is asked for is above the packaged one, as far as major and minor go.
pub(super) fn is_newer(said: &str, packaged: [u32; 2]) -> bool {
    let Some(numbers) = numbers(said) else { return false };
    (numbers[0], numbers.get(1).copied().unwrap_or(0)) > (packaged[0], packaged[1])
}

/// What a call asks for, at its place.
pub(super) fn asked(folder: Folder<'_>, file: &str, call: &Called, name: &str, required: bool) -> Asked {
    Asked::new(name, folder.place(file, call.line), required)
}

#[cfg(test)]
mod tests {
    use super::{calls, modules};

    #[test]
    fn a_call_has_its_arguments_over_several_lines() {
        let text =
            "project(x)\n# find_package(NO)\nPKG_CHECK_MODULES(\n  [A],\n  [zlib >= 1.2 b],\n  f(x, y)\n)\n";
        let all = calls(text);
        let names: Vec<_> = all.iter().map(|it| (it.name.as_str(), it.line)).collect();
        assert_eq!(names, [("project", 1), ("PKG_CHECK_MODULES", 3), ("f", 6)]);
        assert_eq!(all[1].arguments(), ["A", "zlib >= 1.2 b", "f(x, y)"]);
    }

    #[test]
    fn modules_are_read_without_their_versions() {
        assert_eq!(modules("zlib >= 1.2 libpng>=1.6 a>= 3 b $C"), ["zlib", "libpng", "a", "b"]);
    }
}
