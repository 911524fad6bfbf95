//! The compose file and the settings of Django → the services that tests need, with a step that waits for each.

mod django;
mod ecto;
mod example;
mod image;
mod left_out;
mod php;
mod prisma;
mod rails;
mod started;
mod workflow;

use crate::scaffold::detect::services::django::Django;
use crate::scaffold::detect::services::ecto::of_ecto;
use crate::scaffold::detect::services::example::of_example;
use crate::scaffold::detect::services::image::{kind_of, taken};
use crate::scaffold::detect::services::left_out::left_out;
use crate::scaffold::detect::services::php::{drivers, of_laravel};
use crate::scaffold::detect::services::prisma::of_prisma;
use crate::scaffold::detect::services::rails::of_rails;
use crate::scaffold::detect::services::workflow::of_workflows;
use crate::scaffold::detect::{Advice, Component, Service, Variable};
use crate::scaffold::project::{Folder, Survey, Value};

/// A kind of service: how its image is recognised, which one is taken, what it needs, and how one sees that it answers.
struct Kind {
    name: &'static str,
    /// How its addresses begin, and the port in them.
    schemes: &'static [&'static str],
    port: &'static str,
    image: &'static str,
    environment: &'static [(&'static str, &'static str, &'static str)],
    wait: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        name: "postgres",
        schemes: &["postgres", "postgresql", "ecto"],
        port: "5432",
        image: "postgres:17",
        environment: &[(
            "POSTGRES_HOST_AUTH_METHOD",
            "trust",
            "it lives as long as the build, so any password will do",
        )],
        wait: "for _ in $(seq 60); do pg_isready -h HOST && break; sleep 1; done; pg_isready -h HOST",
    },
    Kind {
        name: "mysql",
        schemes: &["mysql", "mysql2"],
        port: "3306",
        image: "mysql:8.4",
        environment: &[("MYSQL_ALLOW_EMPTY_PASSWORD", "yes", "it lives as long as the build")],
        wait: "for _ in $(seq 60); do mysqladmin ping -h HOST --silent && break; sleep 1; done; mysqladmin ping -h HOST",
    },
    Kind {
        name: "mariadb",
        schemes: &["mariadb", "mysql", "mysql2"],
        port: "3306",
        image: "mariadb:11.4",
        environment: &[("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "yes", "it lives as long as the build")],
        wait: "for _ in $(seq 60); do mariadb-admin ping -h HOST --silent && break; sleep 1; done; mariadb-admin ping -h HOST",
    },
    Kind {
        name: "redis",
        schemes: &["redis"],
        port: "6379",
        image: "redis:7.4",
        environment: &[],
        wait: "for _ in $(seq 60); do redis-cli -h HOST ping && break; sleep 1; done; redis-cli -h HOST ping",
    },
    Kind {
        name: "mongo",
        schemes: &["mongodb"],
        port: "27017",
        image: "mongo:8.0",
        environment: &[],
        wait: "for _ in $(seq 60); do mongosh --host HOST --quiet --eval 'db.version()' && break; sleep 1; done; mongosh --host HOST --quiet --eval 'db.version()'",
    },
];

/// Those for tests and for people come after the plain ones.
const COMPOSE: [&str; 11] = [
    "compose.yml",
    "compose.yaml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "docker-compose.test.yml",
    "docker-compose.ci.yml",
    "docker-compose.local.yml",
    "docker-compose.dev.yml",
    "compose.local.yml",
    "compose.dev.yml",
    "local.yml",
];

/// Adds what the tests of this component talk to. Without tests nothing talks.
pub(crate) fn add(survey: &Survey, component: &mut Component) {
    if !component.tested || component.tooling {
        return;
    }
    let root = component.root.clone();
    let folder = survey.folder(&root);
    if component.ecosystem == "Node.js" && !talks(folder) {
        return;
    }
    component.advice.extend(left_out(folder));
    let (mut found, mut variables) = of_compose(folder);
    if found.is_empty() && !root.is_empty() {
        (found, variables) = of_compose_above(survey, folder);
    }
    let django = django::read(folder);
    let database = django.database.as_ref().map(|it| it.kind);
    if found.iter().all(|it| kind_of(&it.image).map(|it| it.name) != database) {
        found.extend(of_django(&django));
    }
    if component.ecosystem == "Node.js" {
        of_prisma(folder, component, &mut found, &mut variables);
    }
    if component.ecosystem == "Elixir" {
        of_ecto(folder, component, &mut found, &mut variables);
    }
    if component.ecosystem == "Ruby" {
        of_rails(folder, &mut found, &mut variables);
    }
    if component.ecosystem == "PHP" {
        of_laravel(folder, &mut found, &mut variables);
    }
    // A job elsewhere is about the whole project, and rarely says which part of it.
    let elsewhere = found.is_empty() && root.is_empty();
    if elsewhere {
        let (services, told) = of_workflows(folder);
        found = services;
        variables.extend(told);
    }
    if variables.is_empty() && !found.is_empty() {
        variables = of_example(folder, &found);
    }
    told_by_django(django, component, &found, &mut variables);
    if component.ecosystem == "PHP" {
        drivers(folder, component, &found);
    }
    if found.is_empty() {
        component.environment.extend(variables);
        return;
    }
    let names: Vec<&str> = match (elsewhere, component.ecosystem) {
        (true, _) => unnamed(&found, &variables),
        (false, "Elixir") => Vec::new(),
        _ if variables.is_empty() => found.iter().map(|it| it.name.as_str()).collect(),
        _ => Vec::new(),
    };
    component.environment.extend(variables);
    if !names.is_empty() {
        component.advice.push(Advice::new(
            format!(
                "the tests may talk to a service: in a pipeline its host is called `{}`, not `localhost`",
                names.join("` or `")
            ),
            "let the tests read the host from a variable, and set it under `environment`",
        ));
    }
    component.services = found;
}

/// The services whose host no variable names.
fn unnamed<'f>(found: &'f [Service], variables: &[Variable]) -> Vec<&'f str> {
    let named = |host: &str, it: &Variable| {
        let key = ["HOST", "HOSTNAME", "SERVER"].iter().any(|end| it.name.ends_with(end));
        (key && it.value == host)
            || ["@", "//", "="].iter().any(|before| it.value.contains(&format!("{before}{host}")))
            || it.value.starts_with(&format!("{host}:"))
    };
    let hosts = found.iter().map(|it| it.name.as_str());
    hosts.filter(|host| !variables.iter().any(|it| named(host, it))).collect()
}

/// Packages of Node.js that talk to a service.
const CLIENTS: [&str; 20] = [
    "@prisma/client",
    "bull",
    "bullmq",
    "drizzle-orm",
    "ioredis",
    "knex",
    "mariadb",
    "mikro-orm",
    "mongodb",
    "mongoose",
    "mysql",
    "mysql2",
    "objection",
    "pg",
    "pg-promise",
    "postgres",
    "prisma",
    "redis",
    "sequelize",
    "typeorm",
];

/// True when a package here, or one of its members, knows how to talk to a service.
fn talks(folder: Folder<'_>) -> bool {
    let manifests = folder.files().filter(|it| *it == "package.json" || it.ends_with("/package.json"));
    manifests.take(60).any(|it| {
        let Some(value) = folder.value_loosely(it) else { return false };
        let sections =
            ["dependencies", "devDependencies"].map(|it| value.at(&[it]).map_or(&[][..], Value::entries));
        sections.iter().flat_map(|it| it.iter()).any(|it| CLIENTS.contains(&it.0.as_str()))
    })
}

/// The address of a database for its owner, who needs no password in a build; the database that it has, else this one.
fn address(scheme: &str, kind: &Kind, service: &Service, usual: Option<&str>) -> String {
    let of = |key: &str| service.environment.iter().find(|it| it.name == key).map(|it| it.value.as_str());
    let (user, database) = if kind.name == "mysql" {
        ("root", usual.or(of("MYSQL_DATABASE")).unwrap_or("test"))
    } else {
        let user = of("POSTGRES_USER").unwrap_or("postgres");
        (user, usual.or(of("POSTGRES_DB")).unwrap_or(user))
    };
    format!("{scheme}://{user}@{}:{}/{database}", service.name, kind.port)
}

/// The services with an image that is known, and the variables of the program that name them.
fn of_compose(folder: Folder<'_>) -> (Vec<Service>, Vec<Variable>) {
    let Some(name) = folder.first(&COMPOSE) else { return Default::default() };
    let Some(value) = folder.value(name) else { return Default::default() };
    let all = value.at(&["services"]).map_or(&[][..], Value::entries);
    let found: Vec<Service> = all.iter().filter_map(|(host, it)| service(folder, name, host, it)).collect();
    let hosts: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
    let built = all.iter().filter(|it| it.1.at(&["build"]).is_some());
    let variables =
        built.flat_map(|it| variables(&it.1)).filter(|it| hosts.iter().any(|host| names(&it.1, host)));
    let variable = |(key, text, line): (String, String, usize)| {
        Variable::new(key, without_password(&text), folder.place(name, line))
    };
    let mut variables: Vec<Variable> = variables.map(variable).collect();
    variables.dedup_by(|a, b| a.name == b.name);
    (found, variables)
}

/// What a part of the project says that it needs.
fn manifests(folder: Folder<'_>) -> String {
    const MANIFESTS: [&str; 14] = [
        "pyproject.toml",
        "requirements.txt",
        "requirements/base.txt",
        "Pipfile",
        "package.json",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "composer.json",
        "Gemfile",
        "mix.exs",
        "go.mod",
        "Cargo.toml",
        "build.sbt",
    ];
    MANIFESTS.iter().filter_map(|it| folder.loosely(it)).collect()
}

/// The services beside this folder that its manifests speak of: the compose file is one of the whole project.
fn of_compose_above(survey: &Survey, folder: Folder<'_>) -> (Vec<Service>, Vec<Variable>) {
    let (mut found, mut variables) = of_compose(survey.folder(""));
    if found.is_empty() {
        return (found, variables);
    }
    let text = manifests(folder);
    let spoken = |it: &Service| match kind_of(&it.image).map(|it| it.name) {
        Some("postgres") => {
            ["postgres", "\"pg\"", "'pg'", "pgx", "lib/pq", "prisma", "psycopg", "asyncpg", "sqlmodel"]
                .iter()
                .any(|it| text.contains(it))
        }
        Some("mysql" | "mariadb") => text.contains("mysql") || text.contains("mariadb"),
        Some("redis") => ["redis", "bull", "sidekiq", "celery"].iter().any(|it| text.contains(it)),
        Some(name) => text.contains(name),
        None => false,
    };
    found.retain(spoken);
    variables.retain(|it| found.iter().any(|service| names(&it.value, &service.name)));
    (found, variables)
}

/// A text with what compose puts in where a variable is not set: `${TAG:-16}` → `16`.
fn with_defaults(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let Some((inside, behind)) = rest.split_once('}') else { return text.to_owned() };
    let value = inside.split_once(":-").or_else(|| inside.split_once('-')).map(|it| it.1);
    match value {
        Some(value) => format!("{before}{value}{}", with_defaults(behind)),
        None => text.to_owned(),
    }
}

/// What may be the host of a service.
fn valid(host: &str) -> bool {
    host.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
}

/// The names that the program expects to find, and no passwords.
fn wanted(variable: &str) -> bool {
    ["POSTGRES_DB", "POSTGRES_USER", "MYSQL_DATABASE", "MARIADB_DATABASE"].contains(&variable)
}

/// What other images call the same.
fn usual(variable: &str) -> &str {
    match variable {
        "POSTGRESQL_DATABASE" => "POSTGRES_DB",
        "POSTGRESQL_USERNAME" => "POSTGRES_USER",
        _ => variable,
    }
}

fn service(folder: Folder<'_>, name: &str, host: &str, value: &Value) -> Option<Service> {
    let image = value.at(&["image"])?;
    let taken = taken(&with_defaults(image.text()?)).filter(|_| valid(host))?;
    let own = variables(value).into_iter().map(|(key, text, line)| (key, with_defaults(&text), line));
    let own = own.filter(|it| wanted(usual(&it.0)) && !it.1.contains('$'));
    let own = own.map(|(key, text, line)| Variable::new(usual(&key), text, folder.place(name, line)));
    let why = format!("{}: a service of the compose file{}", folder.place(name, image.line), taken.why);
    Some(of_kind(taken.kind, host, taken.image, why, own.collect()))
}

fn of_kind(kind: &Kind, host: &str, image: String, why: String, more: Vec<Variable>) -> Service {
    let fixed = kind.environment.iter().map(|(name, value, why)| Variable::new(*name, *value, *why));
    Service {
        name: host.to_owned(),
        wait: kind.wait_for(&image, host),
        image,
        why,
        environment: fixed.chain(more).collect(),
        ..Service::default()
    }
}

/// An address without its password: the service of a build takes any, or for `mysql` that of `root`, which is empty.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let Some((user, host)) = rest.split_once('@') else { return address.to_owned() };
    let root = scheme.starts_with("mysql") || scheme.starts_with("mariadb");
    let user = if root { "root" } else { user.split(':').next().unwrap_or_default() };
    format!("{scheme}://{user}@{host}")
}

/// The variables of a service, written as a table or as a list.
fn variables(value: &Value) -> Vec<(String, String, usize)> {
    let Some(environment) = value.at(&["environment"]) else { return Vec::new() };
    let table = environment
        .entries()
        .iter()
        .filter_map(|(key, it)| Some((key.clone(), it.text()?.to_owned(), it.line)));
    let list = environment.items().iter().filter_map(|it| {
        let (key, text) = it.text()?.split_once('=')?;
        Some((key.to_owned(), text.to_owned(), it.line))
    });
    table.chain(list).collect()
}

/// True when the value is the host, or an address on it.
fn names(value: &str, host: &str) -> bool {
    let address = value.contains(&format!("@{host}")) || value.contains(&format!("//{host}"));
    !value.contains('$') && (value == host || address)
}

/// The database of Django.
fn of_django(django: &Django) -> Option<Service> {
    let database = django.database.as_ref()?;
    let kind = KINDS.iter().find(|it| it.name == database.kind)?;
    let why = format!("{}: the database of Django", database.place);
    Some(of_kind(kind, &database.host, kind.image.to_owned(), why, database.made.clone()))
}

/// What the settings of Django ask for, as far as nothing else has said it; at the service that is there.
fn told_by_django(
    django: Django,
    component: &mut Component,
    found: &[Service],
    variables: &mut Vec<Variable>,
) {
    let wanted = django.database.as_ref().map(|it| it.kind);
    let service = found.iter().find(|it| kind_of(&it.image).map(|it| it.name) == wanted);
    let tests = component.test.iter().any(|it| it.command.contains("manage.py test"));
    let all = django.variables.into_iter().chain(django.settings.filter(|_| tests));
    for mut variable in all {
        if let Some(service) = service {
            variable.value = django::at(&variable.value, &service.name);
        }
        if variables.iter().all(|it| it.name != variable.name) {
            variables.push(variable);
        }
    }
    component.advice.extend(django.advice);
}
