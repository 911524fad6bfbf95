//! A step of a workflow that starts a database by itself: with an action that does nothing else, or with `docker run`.

use crate::scaffold::detect::services::image::kind_of;
use crate::scaffold::detect::services::{KINDS, Kind};
use crate::scaffold::project::Value;

/// Actions that start a database, and which one.
const ACTIONS: [(&str, &str); 11] = [
    ("ankane/setup-mariadb", "mariadb"),
    ("ankane/setup-mongodb", "mongo"),
    ("ankane/setup-mysql", "mysql"),
    ("ankane/setup-postgres", "postgres"),
    ("harmon758/postgresql-action", "postgres"),
    ("ikalnytskyi/action-setup-postgres", "postgres"),
    ("shogo82148/actions-setup-mysql", "mysql"),
    ("shogo82148/actions-setup-redis", "redis"),
    ("supercharge/mongodb-github-action", "mongo"),
    ("supercharge/redis-github-action", "redis"),
    ("mirromutth/mysql-action", "mysql"),
];

/// A service that is asked for: its host, its image as it is written, where, and its variables with their lines.
pub(super) struct Asked {
    pub(super) host: String,
    pub(super) image: String,
    pub(super) line: usize,
    pub(super) environment: Vec<(String, String, usize)>,
}

/// What this step starts.
pub(super) fn started(step: &Value) -> Option<Asked> {
    by_action(step).or_else(|| by_docker(step))
}

fn by_action(step: &Value) -> Option<Asked> {
    let uses = step.at(&["uses"])?;
    let name = uses.text()?.split('@').next()?;
    let row = ACTIONS.iter().find(|it| it.0.eq_ignore_ascii_case(name))?;
    let inputs = step.at(&["with"]).map_or(&[][..], Value::entries);
    let version = inputs.iter().find(|it| it.0.ends_with("version")).and_then(|it| it.1.text());
    // `mariadb-10.6`
    let (name, version) = match version.and_then(|it| it.split_once('-')) {
        Some(("mariadb", number)) => ("mariadb", Some(number)),
        _ => (row.1, version),
    };
    let kind = KINDS.iter().find(|it| it.name == name)?;
    let image = match version {
        Some(text) if text.contains('$') => format!("{}:{text}", kind.name),
        Some(text) => kind.of_version(text),
        None => kind.image.to_owned(),
    };
    let environment = inputs
        .iter()
        .filter_map(|(key, it)| Some((variable(kind, key)?.to_owned(), it.text()?.to_owned(), it.line)));
    Some(Asked { host: kind.name.into(), image, line: uses.line, environment: environment.collect() })
}

/// The variable of the image for an input of an action: `postgresql db`.
fn variable(kind: &Kind, input: &str) -> Option<&'static str> {
    let database = input.ends_with("db") || input.ends_with("database");
    let user = input.ends_with("user") || input.ends_with("username");
    match kind.name {
        "postgres" if database => Some("POSTGRES_DB"),
        "postgres" if user => Some("POSTGRES_USER"),
        "mysql" if database => Some("MYSQL_DATABASE"),
        "mariadb" if database => Some("MARIADB_DATABASE"),
        _ => None,
    }
}

/// `docker run -d -e POSTGRES_DB=test postgres:13`. An expression may stand in it, so no shell reads it.
fn by_docker(step: &Value) -> Option<Asked> {
    const ALONE: [&str; 9] =
        ["--detach", "--init", "--interactive", "--privileged", "--rm", "--tty", "-P", "-d", "-i"];
    let run = step.at(&["run"])?;
    let text = run.text()?.replace("\\\n", " ").replace("${{ ", "${{").replace(" }}", "}}");
    let call = text.lines().find_map(|it| it.split_once("docker run ").filter(|it| !it.0.contains('#')))?.1;
    let mut words = call.split_whitespace().map(|it| it.trim_matches(['"', '\'']));
    let mut environment = Vec::new();
    let image = loop {
        let word = words.next()?;
        if !word.starts_with('-') {
            break word;
        }
        let alone = ALONE.contains(&word) || word.starts_with("-it") || word.contains('=');
        let value = if alone { word.split_once('=').map(|it| it.1) } else { words.next() };
        let flag = word.split('=').next().unwrap_or_default();
        let pair = value.filter(|_| matches!(flag, "-e" | "--env")).and_then(|it| it.split_once('='));
        environment
            .extend(pair.map(|it| (it.0.to_owned(), it.1.trim_matches(['"', '\'']).to_owned(), run.line)));
    };
    let host = kind_of(image)?.name.to_owned();
    Some(Asked { host, image: image.to_owned(), line: run.line, environment })
}
