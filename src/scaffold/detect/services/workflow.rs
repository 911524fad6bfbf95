//! The services that a project has at another service of this kind → those of a pipeline, and the variables about them.

use crate::scaffold::detect::services::example::told;
use crate::scaffold::detect::services::{kind_of, of_kind};
use crate::scaffold::detect::{Service, Variable};
use crate::scaffold::project::{Folder, Value};

/// Of the first job that has any.
pub(super) fn of_workflows(folder: Folder<'_>) -> (Vec<Service>, Vec<Variable>) {
    let project = folder.survey.folder("");
    let files = project.files().filter(|it| it.starts_with(".github/workflows/"));
    let read = |file: &str| {
        let workflow = folder.survey.guessed(file)?;
        let jobs = workflow.at(&["jobs"])?.entries();
        let (job, found) = jobs.iter().find_map(|(_, job)| {
            let found = services(project, file, job);
            (!found.is_empty()).then_some((job, found))
        })?;
        let steps = job.at(&["steps"]).map_or(&[][..], Value::items);
        let places = [&workflow, job].into_iter().chain(steps).filter_map(|it| it.at(&["env"]));
        let mut variables: Vec<Variable> = Vec::new();
        for (key, value) in places.flat_map(Value::entries) {
            let text = value.text().filter(|it| !it.contains('$'));
            let Some(value_told) = text.and_then(|it| told(key, it, &found)) else { continue };
            if variables.iter().all(|it| it.name != *key) {
                variables.push(Variable::new(key, value_told, project.place(file, value.line)));
            }
        }
        Some((found, variables))
    };
    files.into_iter().find_map(read).unwrap_or_default()
}

fn services(project: Folder<'_>, file: &str, job: &Value) -> Vec<Service> {
    let all = job.at(&["services"]).map_or(&[][..], Value::entries);
    all.iter().filter_map(|(host, it)| service(project, file, host, it)).collect()
}

fn service(project: Folder<'_>, file: &str, host: &str, value: &Value) -> Option<Service> {
    let image = value.at(&["image"])?;
    let text = image.text()?;
    let kind = kind_of(text)?;
    let valid = host.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-');
    let pinned = text.contains(':') && !text.ends_with(":latest") && !text.contains('$');
    let name = if pinned { text } else { kind.image };
    // The names that the tests expect to find, and no passwords.
    let wanted = ["POSTGRES_DB", "POSTGRES_USER", "MYSQL_DATABASE", "MARIADB_DATABASE"];
    let own = value.at(&["env"]).map_or(&[][..], Value::entries).iter().filter_map(|(key, it)| {
        let text = it.text().filter(|it| wanted.contains(&key.as_str()) && !it.contains('$'))?;
        Some(Variable::new(key, text, project.place(file, it.line)))
    });
    let why = format!("{}: a service of the tests there", project.place(file, image.line));
    valid.then(|| of_kind(kind, host, name.to_owned(), why, own.collect()))
}
