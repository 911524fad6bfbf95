//! A file of settings that is there to be copied → the variables about the services, with the hosts of a pipeline.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::without_password;
use crate::scaffold::detect::{Service, Variable};
use crate::scaffold::project::Folder;

/// Such files, the one for tests first.
const FILES: [&str; 9] = [
    ".env.test",
    ".env.testing",
    ".env.ci",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
    ".env",
];

/// What it says about these services.
pub(super) fn of_example(folder: Folder<'_>, found: &[Service]) -> Vec<Variable> {
    let files = FILES.iter().filter(|it| folder.has(it)).map(|it| of_file(folder, it, found));
    files.into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

fn of_file(folder: Folder<'_>, name: &str, found: &[Service]) -> Vec<Variable> {
    let Some(text) = folder.loosely(name) else { return Vec::new() };
    let line = |(number, line): (usize, &str)| {
        let (key, value) = pair(line)?;
        Some(Variable::new(key, told(key, value, found)?, folder.place(name, number + 1)))
    };
    text.lines().enumerate().filter_map(line).collect()
}

/// What a variable about this machine says in a pipeline, where it is about one of these services.
pub(super) fn told(key: &str, value: &str, found: &[Service]) -> Option<String> {
    if is_here(value) { host(key, found) } else { address(value, found) }
}

/// What any other variable about one of these services says there: another host in it, and the user that is let in.
pub(super) fn about(key: &str, value: &str, found: &[Service]) -> Option<String> {
    let word = |it: &str| key.starts_with(it) || key.contains(&format!("_{it}"));
    let (service, kind) = found.iter().find_map(|it| {
        let kind = kind_of(&it.image)?;
        let words: &[&str] = match kind.name {
            "postgres" => &["PG", "POSTGRES", "DB", "DATABASE"],
            "redis" => &["REDIS"],
            "mongo" => &["MONGO"],
            _ => &["MYSQL", "MARIADB", "DB", "DATABASE"],
        };
        let spoken = kind.schemes.iter().any(|it| value.contains(&format!("{it}://")));
        (spoken || words.iter().any(|it| word(it))).then_some((it, kind))
    })?;
    let ends = |all: &[&str]| all.iter().any(|it| key.ends_with(it));
    let (user, password) = (ends(&["USER", "USERNAME"]), ends(&["PASS", "PASSWORD", "PWD"]));
    match kind.name {
        // It is about the machine, or about the image.
        _ if value.starts_with('/') || ends(&["VERSION", "IMAGE"]) => None,
        _ if ends(&["PORT"]) => Some(kind.port.into()),
        "mysql" | "mariadb" if user => Some("root".into()),
        "mysql" | "mariadb" if password => Some(String::new()),
        // They let everybody in, and refuse a name that they do not know.
        "redis" | "mongo" if user || password => None,
        _ => Some(without_password(&at(value, &service.name))),
    }
}

/// The value with this host instead of the machine itself.
fn at(value: &str, host: &str) -> String {
    ["localhost", "127.0.0.1"].iter().fold(value.to_owned(), |text, it| text.replace(it, host))
}

fn is_here(host: &str) -> bool {
    ["localhost", "127.0.0.1"].contains(&host)
}

/// `KEY="value"`, where both are plain.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim().trim_start_matches("export ").trim();
    let name = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    let plain = !key.is_empty() && key.chars().all(name) && !value.contains('$');
    plain.then(|| (key, value.trim().trim_matches(['"', '\''])))
}

/// The host of the service that `DB_HOST` is about.
fn host(key: &str, found: &[Service]) -> Option<String> {
    let word = key.strip_suffix("HOST").or_else(|| key.strip_suffix("HOSTNAME"))?;
    found.iter().find(|it| is_meant(word, it)).map(|it| it.name.clone())
}

/// True when a variable of this beginning is about that service: `REDIS_`, `DB_`.
fn is_meant(word: &str, service: &Service) -> bool {
    let Some(kind) = kind_of(&service.image) else { return false };
    let word = word.trim_end_matches('_');
    let database = word.ends_with("DB") || word.ends_with("DATABASE");
    match kind.name {
        "postgres" => database || word.contains("POSTGRES") || word.starts_with("PG"),
        "redis" => word.contains("REDIS"),
        "mongo" => word.contains("MONGO"),
        _ => database || word.contains("MYSQL") || word.contains("MARIADB"),
    }
}

/// The address on the service of its scheme: another host, the port that is used there, and no password.
fn address(value: &str, found: &[Service]) -> Option<String> {
    let (scheme, rest) = value.split_once("://")?;
    let host = rest.rsplit('@').next()?.split(['/', ':', '?']).next().filter(|it| is_here(it))?;
    let spoken = scheme.split('+').next()?;
    let kind = |it: &Service| kind_of(&it.image).filter(|it| it.schemes.contains(&spoken));
    let service = found.iter().find(|it| kind(it).is_some())?;
    let (before, behind) = rest.rsplit_once(host)?;
    let path = behind.find(['/', '?']).map_or("", |it| &behind[it..]);
    let port = kind(service)?.port;
    Some(without_password(&format!("{scheme}://{before}{}:{port}{path}", service.name)))
}

#[cfg(test)]
mod tests {
    use super::{about, address, host};
    use crate::scaffold::detect::Service;

    #[test]
    fn a_host_on_the_machine_becomes_the_one_of_the_service() {
        let service = |name: &str, image: &str| Service {
            name: name.into(),
            image: image.into(),
            ..Service::default()
        };
        let found = [service("db", "postgres:17"), service("cache", "redis:7.4")];
        let of = |value: &str| address(value, &found);
        assert_eq!(
            of("postgresql://me:pw@localhost:5433/api?a=b").as_deref(),
            Some("postgresql://me@db:5432/api?a=b")
        );
        assert_eq!(of("redis://127.0.0.1").as_deref(), Some("redis://cache:6379"));
        assert_eq!(of("https://localhost:3000/x"), None);
        assert_eq!(of("postgres://db.example.com/x"), None);
        assert_eq!(host("DB_HOST", &found).as_deref(), Some("db"));
        assert_eq!(host("REDIS_HOST", &found).as_deref(), Some("cache"));
        assert_eq!(host("MAIL_HOST", &found), None);
        assert_eq!(about("PGUSER", "octo", &found).as_deref(), Some("octo"));
        assert_eq!(about("DB_PORT", "5433", &found).as_deref(), Some("5432"));
        assert_eq!(
            about("TEST_DSN", "jdbc:postgresql://localhost:5432/api", &found).as_deref(),
            Some("jdbc:postgresql://db:5432/api")
        );
        assert_eq!(about("PG_CONFIG", "/usr/bin/pg_config", &found), None);
        assert_eq!(about("REDIS_PASSWORD", "pw", &found), None);
        assert_eq!(about("CI", "1", &found), None);
    }
}
