//! The schema of Prisma → its database, the variables with its address, and the commands that make its tables.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::{KINDS, Kind, address, of_kind};
use crate::scaffold::detect::{Component, Line, Service, Variable};
use crate::scaffold::project::Folder;

/// Adds the database, unless it is there, and what the tests need to find it.
pub(super) fn of_prisma(
    folder: Folder<'_>,
    component: &mut Component,
    found: &mut Vec<Service>,
    variables: &mut Vec<Variable>,
) {
    let schema = |it: &&str| *it == "schema.prisma" || it.ends_with("/schema.prisma");
    let Some(name) = folder.files().find(schema) else { return };
    let Some(text) = folder.loosely(name) else { return };
    let source = text.split_once("datasource ").map_or("", |it| it.1.split('}').next().unwrap_or_default());
    let named = |kind: &&Kind| kind.schemes.iter().any(|it| source.contains(&format!("\"{it}\"")));
    let Some(kind) = KINDS.iter().take(2).find(named) else { return };
    let own = |it: &&Service| kind_of(&it.image).is_some_and(|it| it.name == kind.name);
    if !found.iter().any(|it| own(&it)) {
        let more = (kind.name == "mysql").then(|| Variable::new("MYSQL_DATABASE", "test", ""));
        let why = format!("{}: the database of Prisma", folder.place_of(name, "datasource "));
        found.push(of_kind(kind, "database", kind.image.to_owned(), why, more.into_iter().collect()));
    }
    let Some(service) = found.iter().find(own) else { return };
    let scheme = if kind.name == "mysql" { "mysql" } else { "postgresql" };
    let address = address(scheme, kind, service, None);
    let plain = |it: &&str| it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let names = source.split("env(\"").skip(1).filter_map(|it| it.split('"').next());
    for key in names.filter(plain) {
        if !variables.iter().any(|it| it.name == key) {
            variables.push(Variable::new(key, address.clone(), folder.place_of(name, key)));
        }
    }
    if name == "prisma/schema.prisma" {
        component.install.extend(tables(folder, name, &component.tool));
    }
}

/// The commands that make the client and the tables.
fn tables(folder: Folder<'_>, schema: &str, tool: &str) -> [Line; 2] {
    let exec = match tool {
        "pnpm" => "pnpm exec",
        "yarn" => "yarn run",
        "bun" => "bunx",
        _ => "npx",
    };
    let (command, place) = if folder.has_folder("prisma/migrations") {
        ("migrate deploy", folder.path("prisma/migrations"))
    } else {
        ("db push", folder.path(schema))
    };
    [
        Line::plain(format!("{exec} prisma generate")),
        Line::new(format!("{exec} prisma {command}"), format!("{place}: the tables")),
    ]
}
