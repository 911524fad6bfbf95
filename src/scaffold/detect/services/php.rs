//! An application of Laravel or Symfony → its database, the driver for it, and what makes the tables.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::{KINDS, of_kind};
use crate::scaffold::detect::{Component, Line, Service, Variable};
use crate::scaffold::project::Folder;

/// What Laravel calls a database, and which kind it is.
const CONNECTIONS: [(&str, &str); 3] = [("pgsql", "postgres"), ("mysql", "mysql"), ("mariadb", "mariadb")];

/// The database of Laravel, unless its tests use a file or the memory.
pub(super) fn of_laravel(folder: Folder<'_>, found: &mut Vec<Service>, variables: &mut Vec<Variable>) {
    let Some((connection, place)) = connection(folder) else { return };
    let Some((_, name)) = CONNECTIONS.iter().find(|it| it.0 == connection) else { return };
    let Some(kind) = KINDS.iter().find(|it| it.name == *name) else { return };
    let own = |it: &&Service| kind_of(&it.image).is_some_and(|it| it.name == *name);
    if !found.iter().any(|it| own(&it)) {
        let database = match *name {
            "mysql" => Some("MYSQL_DATABASE"),
            "mariadb" => Some("MARIADB_DATABASE"),
            _ => None,
        };
        let more = database.map(|it| Variable::new(it, "test", "")).into_iter().collect();
        found.push(of_kind(
            kind,
            "database",
            kind.image.into(),
            format!("{place}: the database of Laravel"),
            more,
        ));
    }
    let Some(service) = found.iter().find(own) else { return };
    let of = |key: &str| service.environment.iter().find(|it| it.name == key).map(|it| it.value.clone());
    let (user, database) = if *name == "postgres" {
        let user = of("POSTGRES_USER").unwrap_or_else(|| "postgres".into());
        (user.clone(), of("POSTGRES_DB").unwrap_or(user))
    } else {
        let database = of("MYSQL_DATABASE").or_else(|| of("MARIADB_DATABASE"));
        ("root".into(), database.unwrap_or_else(|| "test".into()))
    };
    let host = service.name.clone();
    let told =
        [("DB_HOST", host), ("DB_DATABASE", database), ("DB_USERNAME", user), ("DB_PASSWORD", String::new())];
    variables.extend(told.into_iter().map(|(name, value)| Variable::new(name, value, "")));
    if let Some(first) = variables.iter_mut().find(|it| it.name == "DB_HOST") {
        first.why = "Laravel takes these before its settings".into();
    }
}

/// The connection of the tests, and the place that names it.
fn connection(folder: Folder<'_>) -> Option<(String, String)> {
    if !folder.has("artisan") {
        return None;
    }
    let settings = folder.first(&["phpunit.xml", "phpunit.xml.dist"]);
    let by_tests = settings.and_then(|file| {
        let text = folder.loosely(file)?;
        let says = |it: &&str| it.contains("\"DB_CONNECTION\"") && !it.trim_start().starts_with("<!--");
        let line = text.lines().find(says)?;
        Some((
            line.split("value=\"").nth(1)?.split('"').next()?.to_owned(),
            folder.place_of(file, "\"DB_CONNECTION\""),
        ))
    });
    by_tests.or_else(|| {
        let file = folder.first(&[".env.testing", ".env.example"])?;
        let text = folder.loosely(file)?;
        let value = text.lines().find_map(|it| it.strip_prefix("DB_CONNECTION="))?;
        Some((value.trim().to_owned(), folder.place_of(file, "DB_CONNECTION=")))
    })
}

/// The drivers that the image of PHP does not have, and the tables of Symfony.
pub(super) fn drivers(folder: Folder<'_>, component: &mut Component, found: &[Service]) {
    let of =
        |names: &[&str]| found.iter().any(|it| kind_of(&it.image).is_some_and(|it| names.contains(&it.name)));
    let mut commands: Vec<&str> = Vec::new();
    if of(&["postgres"]) {
        commands
            .extend(["apt-get update && apt-get install -y libpq-dev", "docker-php-ext-install pdo_pgsql"]);
    }
    if of(&["mysql", "mariadb"]) {
        commands.push("docker-php-ext-install pdo_mysql");
    }
    let there = |it: &str| component.install.iter().any(|line| line.command.contains(it));
    if !there("pdo_pgsql") && !there("pdo_mysql") {
        let mut why = "the driver of the database";
        component.install.extend(commands.into_iter().map(|it| Line::new(it, std::mem::take(&mut why))));
    }
    if folder.has("bin/console") && folder.has_folder("migrations") && of(&["postgres", "mysql", "mariadb"]) {
        let why = format!("{}: the tables", folder.path("migrations"));
        let all = "php bin/console doctrine:database:create --env=test --if-not-exists && php bin/console doctrine:migrations:migrate --env=test --no-interaction";
        component.test.insert(0, Line::new(all, why));
    }
}
