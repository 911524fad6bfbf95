//! The settings of Django, read as text and never run → the database that its tests talk to, and what the settings ask the
//! environment for.

use crate::scaffold::detect::python::manage;
use crate::scaffold::detect::{Advice, Variable};
use crate::scaffold::project::{Folder, line_of};

/// What the settings say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Django {
    /// The database, unless it is a file.
    pub(super) database: Option<Database>,
    /// What the settings ask for, with a value that does for tests.
    pub(super) variables: Vec<Variable>,
    /// Which settings are those for tests, where the usual ones are others.
    pub(super) settings: Option<Variable>,
    /// What they ask for, too, and only its owner knows.
    pub(super) advice: Vec<Advice>,
}

/// A database that is a service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Database {
    /// `postgres` or `mysql`.
    pub(super) kind: &'static str,
    /// The name under which the settings look for it.
    pub(super) host: String,
    /// The place that says so.
    pub(super) place: String,
    /// What the service has to make: its own variables.
    pub(super) made: Vec<Variable>,
}

const ENGINES: [(&str, &str); 3] = [
    ("django.db.backends.postgresql", "postgres"),
    ("django.contrib.gis.db.backends.postgis", "postgres"),
    ("django.db.backends.mysql", "mysql"),
];

/// How the service is called where the settings do not name it.
const HOST: &str = "database";

/// A value of the settings.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// It stands there.
    Word(String),
    /// It is a variable, with what is taken without it.
    Variable { name: String, default: Option<String>, needed: bool },
    /// It is computed.
    Else,
}

/// Reads the settings; they may have any name, and be several files.
pub(super) fn read(folder: Folder<'_>) -> Django {
    let mut django = Django::default();
    if manage(folder).is_none() {
        return django;
    }
    let mut files: Vec<&str> = folder.files().filter(|it| is_settings(it)).collect();
    files.sort_by_key(|it| rank(it));
    let texts: Vec<(&str, _)> = files.iter().filter_map(|it| Some((*it, folder.text(it)?))).collect();
    for (file, text) in &texts {
        if let Some((database, variables)) = database(folder, file, text) {
            django.database = Some(database);
            django.variables = variables;
            break;
        }
    }
    django.settings = for_tests(folder, &files);
    // What is there for a production server is not what tests start.
    let started = texts.iter().filter(|it| rank(it.0) < LAST);
    for (file, text) in started {
        let mut known: Vec<String> = django.variables.iter().map(|it| it.name.clone()).collect();
        for (name, at) in needed(text) {
            if known.contains(&name) {
                continue;
            }
            let place = folder.place(file, line_of(text, at));
            // A text is a text; a number, a list or an address is not made up so easily.
            if is_taken_as_it_is(text, at) {
                let why = format!("{place}: nothing starts without it");
                django.variables.push(Variable::new(name.clone(), "only-for-tests", why));
            } else {
                django.advice.push(Advice::new(
                    format!("{place} takes `{name}` from the environment, and nothing starts without it"),
                    "set it under `environment` of the step `test`; a value that is made up will mostly do",
                ));
            }
            known.push(name);
        }
    }
    django
}

/// A value that leads to the database, when that has another name.
pub(super) fn at(value: &str, host: &str) -> String {
    if value == HOST { host.to_owned() } else { value.replace(&format!("@{HOST}:"), &format!("@{host}:")) }
}

/// The settings for tests, unless `manage.py` takes them anyway.
fn for_tests(folder: Folder<'_>, files: &[&str]) -> Option<Variable> {
    let file = files.iter().find(|it| rank(it) == 0)?;
    let place = manage(folder)?;
    let inside = place.trim_end_matches("manage.py");
    let manage = folder.text(place)?;
    let module = file.strip_prefix(inside).unwrap_or(file).trim_end_matches(".py").replace('/', ".");
    let usual = quoted_words(&manage).into_iter().any(|it| it == module);
    (!usual).then(|| {
        Variable::new("DJANGO_SETTINGS_MODULE", module, format!("{}: settings for tests", folder.path(file)))
    })
}

/// True for a file of settings.
fn is_settings(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let inside = path.contains("settings/");
    path.ends_with(".py") && (inside || file.contains("settings")) && !path.contains("tests/")
}

/// The settings of a production server come last.
const LAST: usize = 3;

fn rank(path: &str) -> usize {
    let file = path.rsplit('/').next().unwrap_or(path);
    let has = |words: &[&str]| words.iter().any(|it| file.contains(it));
    match () {
        () if has(&["test", "ci."]) => 0,
        () if has(&["base", "common", "default"]) || file == "settings.py" => 1,
        () if has(&["prod", "stag", "deploy", "heroku", "live"]) => LAST,
        () => 2,
    }
}

/// The database of one file, and the variables that lead there.
fn database(folder: Folder<'_>, file: &str, text: &str) -> Option<(Database, Vec<Variable>)> {
    let start = text.find("DATABASES")?;
    let block = block(&text[start..])?;
    let place = |at: usize| folder.place(file, line_of(text, start + at));
    if let Some((kind, at)) = engine(block) {
        return Some(by_keys(kind, block, &place, at));
    }
    let at = ["dj_database_url", "env.db", ".db_url("].iter().find_map(|it| block.find(it))?;
    by_address(folder, &block[at..], place(at))
}

/// What stands in the braces behind `DATABASES = {`, or in the line when there are none.
fn block(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let Some(open) = line.find('{') else { return Some(line) };
    let mut depth = 0_usize;
    for (at, letter) in text[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(&text[..=open + at]),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The engine, also where it can be changed by a variable.
fn engine(block: &str) -> Option<(&'static str, usize)> {
    let (said, at) = value(block, "ENGINE")?;
    let (Said::Word(name) | Said::Variable { default: Some(name), .. }) = said else { return None };
    ENGINES.iter().find(|it| name.starts_with(it.0)).map(|it| (it.1, at))
}

/// `HOST`, `NAME`, `USER` and the others, each as it is said.
fn by_keys(
    kind: &'static str,
    block: &str,
    place: &dyn Fn(usize) -> String,
    at: usize,
) -> (Database, Vec<Variable>) {
    let (user, port) = if kind == "postgres" { ("postgres", "5432") } else { ("root", "3306") };
    let mut variables = Vec::new();
    let mut made = Vec::new();
    let mut host = HOST.to_owned();
    for key in ["HOST", "PORT", "NAME", "USER", "PASSWORD"] {
        let Some((said, at)) = value(block, key) else { continue };
        let why = place(at);
        match (key, said) {
            ("HOST", Said::Word(word)) if is_host(&word) => host = word,
            ("NAME" | "USER", Said::Word(word)) if kind == "postgres" => {
                let name = if key == "NAME" { "POSTGRES_DB" } else { "POSTGRES_USER" };
                made.push(Variable::new(name, word, why));
            }
            (_, Said::Variable { name, default, needed }) => {
                let value = match key {
                    "HOST" => HOST,
                    "USER" => user,
                    // The root of a MySQL without a password, whatever is taken else.
                    "PASSWORD" if kind == "mysql" => "",
                    // Any password does.
                    "PASSWORD" if needed => "any",
                    "NAME" if default.is_none() => "app",
                    "PORT" if needed => port,
                    _ => continue,
                };
                variables.push(Variable::new(name, value, why));
            }
            _ => {}
        }
    }
    (Database { kind, host, place: place(at), made }, variables)
}

/// A database whose whole address is one variable.
fn by_address(folder: Folder<'_>, call: &str, place: String) -> Option<(Database, Vec<Variable>)> {
    let end = call.find('\n').unwrap_or(call.len());
    let call = if call[..end].contains(')') { &call[..end] } else { call };
    // Without a variable, a file is taken.
    if call.contains("sqlite") {
        return None;
    }
    let name = quoted_words(call).into_iter().find(|it| is_variable(it)).unwrap_or("DATABASE_URL");
    let is_list = |it: &&str| {
        *it == "pyproject.toml" || *it == "Pipfile" || it.contains("requirements") && it.ends_with(".txt")
    };
    let lists: Vec<_> = folder.files().filter(is_list).filter_map(|it| folder.text(it)).collect();
    let named = |word: &str| lists.iter().any(|it| it.contains(word));
    let (kind, address) = match () {
        () if named("psycopg") => ("postgres", format!("postgres://postgres@{HOST}:5432/app")),
        () if named("mysqlclient") => ("mysql", format!("mysql://root@{HOST}:3306/app")),
        () => return None,
    };
    let variable = Variable::new(name, address, place.clone());
    Some((Database { kind, host: HOST.to_owned(), place, made: Vec::new() }, vec![variable]))
}

/// A host that can be the name of a service.
fn is_host(word: &str) -> bool {
    let plain = word.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-');
    plain && word.starts_with(|it: char| it.is_ascii_lowercase()) && word != "localhost"
}

fn is_variable(word: &str) -> bool {
    word.starts_with(|it: char| it.is_ascii_uppercase())
        && word.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

/// What stands behind a key of a dictionary, with the place of the key.
fn value(block: &str, key: &str) -> Option<(Said, usize)> {
    let at = ['\'', '"'].iter().find_map(|quote| block.find(&format!("{quote}{key}{quote}")))?;
    let rest = block[at + key.len() + 2..].trim_start().strip_prefix(':')?;
    Some((said(expression(rest)), at))
}

/// Up to the comma or the end of the line that no bracket holds.
fn expression(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' | ',' | '\n' if depth == 0 => return &text[..at],
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    text
}

fn said(expression: &str) -> Said {
    let text = expression.trim();
    let words = quoted_words(text);
    let [first, ..] = words[..] else { return Said::Else };
    if text.len() == first.len() + 2 {
        return Said::Word(first.to_owned());
    }
    let called = text.find(first).map_or("", |at| text[..at - 1].trim_end());
    let asks = called.ends_with(['(', '[']) && ["env", "config"].iter().any(|it| called.contains(it));
    if !asks || !is_variable(first) {
        return Said::Else;
    }
    let default = words.get(1).map(|it| (*it).to_owned());
    // `get` and `getenv` answer without it, too: with nothing.
    let needed = default.is_none() && !text.contains("default") && !called.contains("get");
    Said::Variable { name: first.to_owned(), default, needed }
}

/// The words in quotes.
fn quoted_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['\'', '"']) {
        let quote = rest.as_bytes()[open] as char;
        let Some(end) = rest[open + 1..].find(quote) else { break };
        words.push(&rest[open + 1..open + 1 + end]);
        rest = &rest[open + end + 2..];
    }
    words
}

/// True for `NAME = os.environ["NAME"]`, and nothing around it.
fn is_taken_as_it_is(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let before = text[line..at].trim_end_matches("os.").trim_end();
    let assigned = before.strip_suffix('=').is_some_and(|it| is_variable(it.trim()));
    let line = text[at..].lines().next().unwrap_or_default();
    let behind = line.split('#').next().unwrap_or_default().trim_end();
    assigned && behind.matches([')', ']']).count() == 1 && behind.ends_with([')', ']'])
}

/// Variables without which the settings do not start, with their places.
fn needed(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for call in ["environ[", "env(", "env.str(", "config("] {
        for (at, _) in text.match_indices(call) {
            let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
            let before = &text[line..at];
            let own = !before.ends_with(|it: char| it.is_alphanumeric() || it == '_') || call == "environ[";
            if !own || before.trim_start().starts_with('#') || before.contains("def ") {
                continue;
            }
            let rest = &text[at + call.len()..];
            let end = rest.find([')', ']', '\n']).unwrap_or(rest.len());
            // Set, not asked for.
            if rest[end..].trim_start_matches([']', ' ']).starts_with('=') && call == "environ[" {
                continue;
            }
            let expression = format!("{call}{}{}", &rest[..end], if call == "environ[" { "]" } else { ")" });
            if let Said::Variable { name, needed: true, .. } = said(&expression) {
                found.push((name, at));
            }
        }
    }
    found.sort_by_key(|it| it.1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_word_a_variable_or_computed() {
        let variable = |name: &str, default: Option<&str>, needed| Said::Variable {
            name: name.into(),
            default: default.map(str::to_owned),
            needed,
        };
        for (text, expected) in [
            ("'localhost'", Said::Word("localhost".into())),
            ("os.environ.get('DB_HOST', 'localhost')", variable("DB_HOST", Some("localhost"), false)),
            ("os.getenv(\"DB_HOST\")", variable("DB_HOST", None, false)),
            ("os.environ[\"DB_HOST\"]", variable("DB_HOST", None, true)),
            ("env('DB_HOST')", variable("DB_HOST", None, true)),
            ("env.str('DB_HOST', default='db')", variable("DB_HOST", Some("db"), false)),
            ("config('DB_PORT', default=5432, cast=int)", variable("DB_PORT", None, false)),
            ("BASE_DIR / 'db.sqlite3'", Said::Else),
            ("secrets['DB_HOST']", Said::Else),
            ("os.path.join('A', 'B')", Said::Else),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_the_settings_do_not_start_without_is_found() {
        let text = "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nDEBUG = os.environ.get('DEBUG')\n\
            # KEY = os.environ['OLD']\nos.environ['TZ'] = 'UTC'\nTOKEN = config('TOKEN')\nX = config('X', default='1')\n\
            def env(name):\n    return 1\n";
        let text = format!("{text}HOSTS = os.environ['HOSTS'].split(',')\nPORT = int(os.environ['PORT'])\n");
        let found: Vec<(String, bool)> =
            needed(&text).into_iter().map(|it| (it.0, is_taken_as_it_is(&text, it.1))).collect();
        let wanted = [("SECRET_KEY", true), ("TOKEN", true), ("HOSTS", false), ("PORT", false)];
        assert_eq!(found, wanted.map(|it| (it.0.to_owned(), it.1)));
    }
}
