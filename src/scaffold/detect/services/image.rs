//! The image of a service, as a project writes it → the kind that it is, and the image that a pipeline takes.

use crate::scaffold::detect::services::{KINDS, Kind};
use crate::scaffold::detect::version::{numbers, short};

/// Images of others that are used like the usual one: how their names end, the kind, and the one to take without a version.
const ALIKE: [(&str, &str, &str); 5] = [
    ("pgvector", "postgres", "pgvector/pgvector:pg17"),
    ("postgis", "postgres", "postgis/postgis:17-3.5"),
    ("redis-stack", "redis", "redis/redis-stack-server:7.4.0-v3"),
    ("redis-stack-server", "redis", "redis/redis-stack-server:7.4.0-v3"),
    ("timescaledb", "postgres", "timescale/timescaledb:2.17.2-pg17"),
];

/// The same server in an image with settings of its own: the usual image of that version stands for it.
const INSTEAD: [(&str, &str); 13] = [
    ("bitnami/mariadb", "mariadb"),
    ("bitnami/mongodb", "mongo"),
    ("bitnami/mysql", "mysql"),
    ("bitnami/postgresql", "postgres"),
    ("bitnami/redis", "redis"),
    ("bitnamilegacy/mariadb", "mariadb"),
    ("bitnamilegacy/mongodb", "mongo"),
    ("bitnamilegacy/mysql", "mysql"),
    ("bitnamilegacy/postgresql", "postgres"),
    ("bitnamilegacy/redis", "redis"),
    ("mariadb/server", "mariadb"),
    ("mongodb/mongodb-community-server", "mongo"),
    ("mysql/mysql-server", "mysql"),
];

/// The image that a pipeline takes.
pub(super) struct Taken {
    pub(super) kind: &'static Kind,
    pub(super) image: String,
    /// What is to be said about it, behind the place that asks for it; empty for the image that stands there.
    pub(super) why: String,
}

/// The kind of this image, when it is one that can be waited for.
pub(super) fn kind_of(image: &str) -> Option<&'static Kind> {
    let name = parts(image).0;
    let own = |it: &&Kind| instead(name).or(alike(name).map(|it| it.1)).unwrap_or(base(name)) == it.name;
    KINDS.iter().find(own)
}

/// The image for one that is written like this.
pub(super) fn taken(text: &str) -> Option<Taken> {
    let kind = kind_of(text)?;
    let (name, tag) = parts(text);
    let computed = text.contains('$');
    if instead(name).is_some() {
        let image = if computed { kind.image.to_owned() } else { kind.of_version(tag) };
        return Some(Taken { kind, image, why: format!("; the usual image stands for {name}") });
    }
    let pinned = !tag.is_empty() && tag != "latest" && !computed;
    let usual = alike(name).map_or(kind.image, |it| it.2);
    let image = if pinned { text } else { usual }.to_owned();
    let why = if computed { "; its version is computed there: the usual one" } else { "" };
    Some(Taken { kind, image, why: why.into() })
}

impl Kind {
    /// The image of this version, as far as its numbers go; without a number the usual one.
    pub(super) fn of_version(&self, version: &str) -> String {
        let count = if self.name == "postgres" && !version.starts_with("9.") { 1 } else { 2 };
        let base = parts(self.image).0;
        short(version, count).map_or_else(|| self.image.to_owned(), |it| format!("{base}:{it}"))
    }

    /// What waits for this image: the programs have other names in older ones.
    pub(super) fn wait_for(&self, image: &str, host: &str) -> String {
        let wait = self.wait.replace("HOST", host);
        match (self.name, numbers(parts(image).1)) {
            ("mongo", Some(number)) if number < vec![5] => wait.replace("mongosh", "mongo"),
            ("mariadb", Some(number)) if number < vec![10, 5] && number != vec![10] => {
                wait.replace("mariadb-admin", "mysqladmin")
            }
            _ => wait,
        }
    }
}

/// The name and the tag, without a digest.
fn parts(image: &str) -> (&str, &str) {
    let image = image.split('@').next().unwrap_or_default();
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, ""),
    }
}

/// The last part of its name.
pub(super) fn base(name: &str) -> &str {
    parts(name).0.rsplit('/').next().unwrap_or_default()
}

fn alike(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    ALIKE.iter().find(|it| it.0 == base(name))
}

fn instead(name: &str) -> Option<&'static str> {
    let ends =
        |it: &str| name.strip_suffix(it).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    INSTEAD.iter().find(|it| ends(it.0)).map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::{kind_of, taken};

    #[test]
    fn an_image_is_taken_as_it_stands_unless_another_stands_for_it() {
        let of = |text: &str| taken(text).map(|it| it.image).unwrap_or_default();
        assert_eq!(of("mysql:8"), "mysql:8");
        assert_eq!(of("mysql/mysql-server:5.7.41"), "mysql:5.7");
        assert_eq!(of("docker.io/bitnami/postgresql:15.3.0-debian-11-r1"), "postgres:15");
        assert_eq!(of("bitnami/redis"), "redis:7.4");
        assert_eq!(of("mariadb/server:10.4"), "mariadb:10.4");
        assert_eq!(of("postgis/postgis"), "postgis/postgis:17-3.5");
        assert_eq!(
            of("registry.example.com:5000/postgis/postgis:16-3.4"),
            "registry.example.com:5000/postgis/postgis:16-3.4"
        );
        assert_eq!(of("redis/redis-stack-server:latest"), "redis/redis-stack-server:7.4.0-v3");
        assert_eq!(of("postgres:${{ matrix.pg }}"), "postgres:17");
        assert!(kind_of("mcr.microsoft.com/mssql/server:2022-latest").is_none());
    }

    #[test]
    fn an_old_image_is_asked_by_the_program_that_it_has() {
        let wait = |image: &str| kind_of(image).map(|it| it.wait_for(image, "db")).unwrap_or_default();
        assert!(wait("mongo:4.4").contains("mongo --host db"));
        assert!(wait("mongo:6").contains("mongosh --host db"));
        assert!(wait("mariadb:10.3").contains("mysqladmin ping -h db"));
        assert!(wait("mariadb:10.11").contains("mariadb-admin ping -h db"));
    }
}
