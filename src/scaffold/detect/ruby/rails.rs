//! An application of Rails: its database, what makes the tables, and the assets that its tests render.

use crate::scaffold::detect::ruby::bundle::Bundle;
use crate::scaffold::detect::{Line, Variable};
use crate::scaffold::project::Folder;

/// Settings of the database that are there to be copied.
const EXAMPLES: [&str; 6] = [
    "config/database.yml.ci",
    "config/database.ci.yml",
    "config/database.yml.example",
    "config/database.example.yml",
    "config/database.yml.sample",
    "config/database.yml.template",
];

pub(super) fn is_rails(folder: Folder<'_>) -> bool {
    folder.has("config/application.rb") && folder.has("Gemfile")
}

/// What comes before the tests.
pub(super) struct Ready {
    pub(super) environment: Vec<Variable>,
    pub(super) install: Vec<Line>,
    pub(super) tables: Vec<Line>,
}

pub(super) fn ready(folder: Folder<'_>, bundle: &Bundle) -> Ready {
    let mut install = Vec::new();
    if !folder.has("config/database.yml")
        && let Some(example) = folder.first(&EXAMPLES)
    {
        // Bundler may read it, so it is there before anything is installed.
        let why = format!("{}: the settings that are in no repository", folder.path(example));
        install.push(Line::new(format!("cp {example} config/database.yml"), why));
    }
    install.push(Line::plain("bundle install"));
    install.extend(assets(folder, bundle));
    let mut tables = Vec::new();
    if folder.has("db/structure.sql") && bundle.has("pg") {
        tables.push(Line::new(
            "apt-get update && apt-get install -y postgresql-client",
            format!("{} is loaded by psql", folder.path("db/structure.sql")),
        ));
    }
    let schema = folder.first(&["db/schema.rb", "db/structure.sql"]);
    tables.extend(match schema {
        Some(schema) => {
            let why = format!("{}: the tables", folder.path(schema));
            Some(Line::new("bundle exec rails db:create db:schema:load", why))
        }
        None if folder.has_folder("db/migrate") => {
            let why = format!("{}: the tables", folder.path("db/migrate"));
            Some(Line::new("bundle exec rails db:create db:migrate", why))
        }
        None => None,
    });
    Ready { environment: vec![Variable::new("RAILS_ENV", "test", "")], install, tables }
}

/// Node.js, where the pages that are tested take what it builds.
fn assets(folder: Folder<'_>, bundle: &Bundle) -> Vec<Line> {
    const BUILDERS: [&str; 7] = [
        "webpacker",
        "shakapacker",
        "jsbundling-rails",
        "cssbundling-rails",
        "vite_rails",
        "uglifier",
        "coffee-rails",
    ];
    let Some(builder) = BUILDERS.iter().find(|it| bundle.has(it)) else { return Vec::new() };
    let node =
        Line::new("apt-get update && apt-get install -y nodejs npm", format!("`{builder}` needs Node.js"));
    let install: &[&str] = if !folder.has("package.json") {
        &[]
    } else if folder.has("yarn.lock") {
        &["npm install --global yarn", "yarn install --frozen-lockfile"]
    } else if folder.has("package-lock.json") {
        &["npm ci"]
    } else {
        &["npm install"]
    };
    std::iter::once(node).chain(install.iter().map(|it| Line::plain(*it))).collect()
}
