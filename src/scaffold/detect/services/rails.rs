//! An application of Rails → its database and its Redis, with the variables that Rails itself reads.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::{KINDS, Kind, address, of_kind};
use crate::scaffold::detect::{Service, Variable};
use crate::scaffold::project::Folder;

/// What a database is called by the settings and the gem, and by its addresses.
const ADAPTERS: [(&str, &str, &str, &str); 4] = [
    ("postgresql", "pg", "postgres", "postgresql"),
    ("postgis", "activerecord-postgis-adapter", "postgres", "postgis"),
    ("mysql2", "mysql2", "mysql", "mysql2"),
    ("trilogy", "trilogy", "mysql", "trilogy"),
];

/// Adds what is not there yet.
pub(super) fn of_rails(folder: Folder<'_>, found: &mut Vec<Service>, variables: &mut Vec<Variable>) {
    if !folder.has("config/application.rb") {
        return;
    }
    if let Some((kind, scheme, place)) = database(folder) {
        let host = one_of(kind, "database", &format!("{place}: the database of Rails"), found);
        add(
            variables,
            Variable::new(
                "DATABASE_URL",
                address(scheme, kind, &host, Some("test")),
                "Rails takes it before its settings",
            ),
        );
    }
    let asked = ["redis", "sidekiq", "resque"].iter().find_map(|it| Some((it, gem(folder, it)?)));
    if let (Some((gem, place)), Some(kind)) = (asked, KINDS.iter().find(|it| it.name == "redis")) {
        let host = one_of(kind, "redis", &format!("{place}: the gem `{gem}`"), found);
        add(variables, Variable::new("REDIS_URL", format!("redis://{}:{}/0", host.name, kind.port), ""));
    }
}

fn add(variables: &mut Vec<Variable>, variable: Variable) {
    if !variables.iter().any(|it| it.name == variable.name) {
        variables.push(variable);
    }
}

/// The service of this kind, which is added when there is none.
fn one_of(kind: &Kind, name: &str, why: &str, found: &mut Vec<Service>) -> Service {
    let own = found.iter().find(|it| kind_of(&it.image).is_some_and(|it| it.name == kind.name));
    if let Some(own) = own {
        return own.clone();
    }
    let service = of_kind(kind, name, kind.image.to_owned(), why.to_owned(), Vec::new());
    found.push(service.clone());
    service
}

/// The kind of its database, how an address of it begins, and the place that says so.
fn database(folder: Folder<'_>) -> Option<(&'static Kind, &'static str, String)> {
    let settings = folder.files().find(|it| it.starts_with("config/database") && it.contains(".yml"));
    let text = settings.and_then(|it| folder.loosely(it));
    let said = text.as_ref().and_then(|text| {
        text.lines().enumerate().find_map(|(number, line)| {
            let adapter = line.trim().strip_prefix("adapter:")?.split('#').next()?.trim();
            Some((adapter.trim_matches(['"', '\'']).to_owned(), number + 1))
        })
    });
    if said.as_ref().is_some_and(|it| it.0.starts_with("sqlite")) {
        return None;
    }
    let by_settings = said.and_then(|(adapter, line)| {
        let row = ADAPTERS.iter().find(|it| it.0 == adapter)?;
        Some((row, folder.place(settings?, line)))
    });
    let (row, place) =
        by_settings.or_else(|| ADAPTERS.iter().find_map(|it| Some((it, gem(folder, it.1)?))))?;
    Some((KINDS.iter().find(|it| it.name == row.2)?, row.3, place))
}

/// The line of the `Gemfile` that asks for this gem.
fn gem(folder: Folder<'_>, name: &str) -> Option<String> {
    let text = folder.loosely("Gemfile")?;
    let starts = [format!("gem '{name}'"), format!("gem \"{name}\"")];
    let line = text.lines().position(|it| starts.iter().any(|start| it.trim_start().starts_with(start)))?;
    Some(folder.place("Gemfile", line + 1))
}
