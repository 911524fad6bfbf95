//! The sessions of a `noxfile.py`, read as text and never run → which one tests, on which Pythons, and which look at the
//! style.

use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::literals::{quoted, strings};
use crate::scaffold::detect::python::style::Checks;
use crate::scaffold::project::harm;

/// Sessions that test, the likeliest first.
const TESTS: [&str; 8] =
    ["tests", "test", "pytest", "unit", "unittest", "unit_tests", "test_suite", "testsuite"];

/// A session.
pub(crate) struct Session {
    /// What it is called by.
    pub(crate) name: String,
    /// The line of its function.
    pub(crate) line: usize,
    decorator: String,
    body: String,
}

/// All of them, in the order of the file.
pub(crate) fn sessions(text: &str) -> Vec<Session> {
    let mut found: Vec<Session> = Vec::new();
    let mut decorator: Option<String> = None;
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("@nox.session")
            || line.starts_with("@session")
            || line.starts_with("@nox_session")
        {
            decorator = Some(line.to_owned());
        } else if let Some(rest) = line.strip_prefix("def ") {
            open = false;
            let own = rest.split('(').next().unwrap_or_default().trim();
            if let Some(decorator) = decorator.take() {
                let named = after(&decorator, "name=").and_then(quoted).unwrap_or(own).to_owned();
                found.push(Session { name: named, line: number + 1, decorator, body: String::new() });
                open = true;
            }
        } else if let Some(decorator) = &mut decorator {
            decorator.push('\n');
            decorator.push_str(line);
        } else if open && (line.is_empty() || line.starts_with([' ', '\t', ')'])) {
            if let Some(last) = found.last_mut() {
                last.body.push_str(line);
                last.body.push('\n');
            }
        } else {
            open = false;
        }
    }
    found
}

/// The session that tests.
pub(crate) fn test(text: &str) -> Option<Session> {
    let mut all = sessions(text);
    let at = TESTS.iter().find_map(|it| all.iter().position(|own| own.name.replace('-', "_") == *it))?;
    Some(all.swap_remove(at))
}

/// The sessions that look at the style on this version of Python.
pub(crate) fn checks(facts: &Facts<'_>, newest: &str) -> Checks {
    let Some(text) = facts.folder.text("noxfile.py") else { return Checks::default() };
    let all = sessions(&text);
    let fits = |it: &Session| it.versions(&text).iter().all(|it| it == newest);
    Checks::of(|name| all.iter().any(|it| it.name == name && fits(it) && it.harm(facts).is_none()))
}

impl Session {
    /// True when there is one for each version.
    pub(crate) fn each(&self) -> bool {
        let one = |it: &str| it.starts_with(['"', '\'']) || it.starts_with("None") || it.starts_with("False");
        after(&self.decorator, "python=").is_some_and(|it| !one(it))
    }

    /// The versions of Python that it is for, as far as the file lists them.
    pub(crate) fn versions(&self, text: &str) -> Vec<String> {
        let Some(value) = after(&self.decorator, "python=") else { return Vec::new() };
        let of = |value: &str| match quoted(value) {
            Some(one) => vec![one.to_owned()],
            None if value.starts_with(['[', '(']) => strings(value).map(str::to_owned).collect(),
            None => Vec::new(),
        };
        let direct = of(value);
        if direct.is_empty() { constant(text, value).map(of).unwrap_or_default() } else { direct }
    }

    /// Why it should not be called: what it hands to other programs is read, and nothing else can be.
    pub(crate) fn harm(&self, facts: &Facts<'_>) -> Option<String> {
        self.body.match_indices("session.run").find_map(|(at, _)| {
            let call = &self.body[at..];
            let words: Vec<&str> = strings(&call[call.find('(')?..]).collect();
            harm(facts.folder, &words.join(" "))
        })
    }
}

fn after<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.match_indices(name).find_map(|(at, _)| {
        let own = text[..at].chars().next_back().is_some_and(|it| !it.is_alphanumeric() && it != '_');
        own.then(|| text[at + name.len()..].trim_start())
    })
}

/// What `NAME` holds, in `NAME = ["3.11", "3.12"]` or `NAME: list[str] = […]`.
fn constant<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let name =
        name.split(|it: char| !it.is_alphanumeric() && it != '_').next().filter(|it| !it.is_empty())?;
    let mut rest = text;
    loop {
        let at = rest.find(name)?;
        let first = at == 0 || rest[..at].ends_with('\n');
        rest = &rest[at + name.len()..];
        let line = rest.lines().next().unwrap_or_default();
        let value = line.find("= ").map(|it| rest[it + 2..].trim_start());
        if let Some(value) = value.filter(|_| first && line.trim_start().starts_with(['=', ':'])) {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{sessions, test};

    const FILE: &str = "import nox\n\nPYTHONS: list[str] = [\n    '3.11',\n    '3.13',\n]\n\n@nox.session(\n    python=PYTHONS,\n)\n@nox.parametrize('db', ['a'])\ndef tests(session, db):\n    session.run('pytest')\n\n\n@nox.session(name='type-check', python='3.12')\ndef typed(session):\n    session.run('mypy')\n\ndef helper(): ...\n";

    #[test]
    fn sessions_are_read_with_their_pythons() {
        let all = sessions(FILE);
        let names: Vec<_> = all.iter().map(|it| (it.name.as_str(), it.line, it.each())).collect();
        assert_eq!(names, [("tests", 12, true), ("type-check", 17, false)]);
        assert_eq!(test(FILE).unwrap().versions(FILE), ["3.11", "3.13"]);
        assert_eq!(all[1].versions(FILE), ["3.12"]);
    }
}
