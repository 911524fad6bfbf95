//! A project with Ecto → its database, and how its settings find it: by a variable that they read, else by a word in them
//! that is changed for the build.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::{KINDS, Kind, address, of_kind};
use crate::scaffold::detect::{Component, Line, Service, Variable};
use crate::scaffold::project::Folder;

/// The driver among the packages, and its database.
const DRIVERS: [(&str, &str); 2] = [("{:postgrex,", "postgres"), ("{:myxql,", "mysql")];

/// Adds the database, unless it is there.
pub(super) fn of_ecto(
    folder: Folder<'_>,
    component: &mut Component,
    found: &mut Vec<Service>,
    variables: &mut Vec<Variable>,
) {
    let Some(settings) = folder.first(&["config/test.exs", "config/config.exs"]) else { return };
    let Some((kind, place)) = driver(folder) else { return };
    let Some(text) = folder.loosely(settings) else { return };
    let own = |it: &&Service| kind_of(&it.image).is_some_and(|it| it.name == kind.name);
    if !found.iter().any(|it| own(&it)) {
        let user = value(&text, "username:").filter(|it| kind.name == "postgres" && it != "postgres");
        let user = user.map(|it| Variable::new("POSTGRES_USER", it, "the name in the settings"));
        let why = format!("{place}: the database of Ecto");
        found.push(of_kind(kind, "database", kind.image.to_owned(), why, user.into_iter().collect()));
    }
    let Some(service) = found.iter().find(own) else { return };
    let line =
        |word: &str| text.lines().position(|it| !it.trim_start().starts_with('#') && it.contains(word));
    if let Some(at) = line("hostname:") {
        let written = text.lines().nth(at).unwrap_or_default();
        let place = folder.place(settings, at + 1);
        match variable(written) {
            Some(name) => variables.push(Variable::new(name, service.name.clone(), place)),
            None if written.contains("\"localhost\"") => component.install.push(Line::new(
                format!("sed -i 's/hostname: \"localhost\"/hostname: \"{}\"/' {settings}", service.name),
                format!("{place} takes the database to be on this machine; `System.get_env` there would need no change"),
            )),
            None => {}
        }
    } else if let Some((at, name)) = line("url:").and_then(|at| Some((at, variable(text.lines().nth(at)?)?)))
    {
        let place = folder.place(settings, at + 1);
        variables.push(Variable::new(name, address("ecto", kind, service, Some("test")), place));
    }
    if !folder.loosely("mix.exs").is_some_and(|it| it.contains("\"ecto.create"))
        && folder.has_folder("priv/repo/migrations")
    {
        let why = format!("{}: the tables", folder.path("priv/repo/migrations"));
        component.install.push(Line::new("mix ecto.create && mix ecto.migrate", why));
    }
}

fn driver(folder: Folder<'_>) -> Option<(&'static Kind, String)> {
    let mut builds = folder.files().filter(|it| *it == "mix.exs" || it.ends_with("/mix.exs"));
    builds.find_map(|file| {
        let text = folder.loosely(file)?;
        let (word, name) = DRIVERS.iter().find(|it| text.contains(it.0))?;
        Some((KINDS.iter().find(|it| it.name == *name)?, folder.place_of(file, word)))
    })
}

/// `System.get_env("DB_HOST", "localhost")` → `DB_HOST`.
fn variable(line: &str) -> Option<String> {
    let rest = ["System.get_env(\"", "System.fetch_env!(\""].iter().find_map(|it| line.split_once(it))?.1;
    let name = rest.split('"').next()?;
    name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_').then(|| name.to_owned())
}

/// The text behind a key.
fn value(text: &str, key: &str) -> Option<String> {
    let rest = text.split_once(key)?.1.trim_start().strip_prefix('"')?;
    let value = rest.split('"').next()?;
    value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_').then(|| value.to_owned())
}
