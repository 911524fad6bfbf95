//! The services that a project has at another service of this kind → those of a pipeline, and the variables about them.

use crate::scaffold::detect::services::example::{about, told};
use crate::scaffold::detect::services::image::{kind_of, taken};
use crate::scaffold::detect::services::started::{Asked, started};
use crate::scaffold::detect::services::{of_kind, valid, wanted};
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Service, Variable};
use crate::scaffold::project::{Folder, Value};

/// Of the first job that has any.
pub(super) fn of_workflows(folder: Folder<'_>) -> (Vec<Service>, Vec<Variable>) {
    let project = folder.survey.folder("");
    let files = project.files().filter(|it| it.starts_with(".github/workflows/"));
    let read = |file: &str| {
        let workflow = folder.survey.guessed(file)?;
        let jobs = workflow.at(&["jobs"])?.entries();
        jobs.iter().find_map(|(_, job)| {
            let job = Job { project, file, workflow: &workflow, inner: job };
            let found = job.services();
            (!found.is_empty()).then(|| (job.variables(&found), found))
        })
    };
    let (variables, found) = files.into_iter().find_map(read).unwrap_or_default();
    (found, variables)
}

/// A job of a workflow.
struct Job<'a> {
    project: Folder<'a>,
    file: &'a str,
    workflow: &'a Value,
    inner: &'a Value,
}

impl Job<'_> {
    fn steps(&self) -> &[Value] {
        self.inner.at(&["steps"]).map_or(&[][..], Value::items)
    }

    fn services(&self) -> Vec<Service> {
        let all = self.inner.at(&["services"]).map_or(&[][..], Value::entries);
        let beside = all.iter().filter_map(|(host, it)| asked(host, it));
        let mut found: Vec<Service> = Vec::new();
        for service in
            beside.chain(self.steps().iter().filter_map(started)).filter_map(|it| self.service(&it))
        {
            if found.iter().all(|it| it.name != service.name) {
                found.push(service);
            }
        }
        found
    }

    fn service(&self, asked: &Asked) -> Option<Service> {
        let (image, newest) = self.resolved(&asked.image);
        let taken = taken(&image)?;
        let own = asked.environment.iter().filter(|it| wanted(&it.0) && !it.1.contains('$'));
        let own = own.map(|(key, text, line)| Variable::new(key, text, self.project.place(self.file, *line)));
        let place = self.project.place(self.file, asked.line);
        let why = format!("{place}: a service of the tests there{newest}{}", taken.why);
        valid(&asked.host).then(|| of_kind(taken.kind, &asked.host, taken.image, why, own.collect()))
    }

    /// An image in which `${{ matrix.x }}` is worked out: the newest in the list of that key, and what is said about it.
    fn resolved(&self, image: &str) -> (String, String) {
        let written = || (image.to_owned(), String::new());
        let Some((before, rest)) = image.split_once("${{") else { return written() };
        let Some((inside, behind)) = rest.split_once("}}") else { return written() };
        let path: Vec<&str> = inside.trim().split('.').collect();
        let values = match path.as_slice() {
            ["matrix", path @ ..] => self.matrix(path),
            ["env", _] => [self.inner, self.workflow].iter().filter_map(|it| it.at(&path)).collect(),
            _ => Vec::new(),
        };
        let of = |it: &&Value| {
            let image = format!("{before}{}{behind}", it.text()?);
            let tag = image.rsplit_once(':')?.1;
            kind_of(&image).and(numbers(tag.trim_start_matches("pg"))).map(|number| (number, it.line, image))
        };
        match values.iter().filter_map(of).max() {
            Some((_, line, image)) => {
                (image, format!("; the newest version of {}", self.project.place(self.file, line)))
            }
            None => written(),
        }
    }

    /// What the matrix has for a key.
    fn matrix(&self, path: &[&str]) -> Vec<&Value> {
        let Some((first, inner)) = path.split_first() else { return Vec::new() };
        let Some(matrix) = self.inner.at(&["strategy", "matrix"]) else { return Vec::new() };
        let listed = matrix.at(&[first]).map_or(&[][..], Value::items).iter().filter_map(|it| it.at(inner));
        let included =
            matrix.at(&["include"]).map_or(&[][..], Value::items).iter().filter_map(|it| it.at(path));
        listed.chain(included).collect()
    }

    /// What the tests are told about the services; a step that tests knows best.
    fn variables(&self, found: &[Service]) -> Vec<Variable> {
        let tests = |it: &&Value| {
            ["run", "uses"].iter().any(|key| it.text_at(&[key]).is_some_and(|it| it.contains("test")))
        };
        let places = self.steps().iter().filter(tests).chain([self.inner, self.workflow]).chain(self.steps());
        let mut said: Vec<(usize, Variable)> = Vec::new();
        for (key, value) in places.filter_map(|it| it.at(&["env"])).flat_map(Value::entries) {
            let Some(text) = value.text().map(with_ports).filter(|it| !it.contains('$')) else { continue };
            let Some(text) = told(key, &text, found).or_else(|| about(key, &text, found)) else { continue };
            if said.iter().all(|it| it.1.name != *key) {
                said.push((value.line, Variable::new(key, text, self.project.place(self.file, value.line))));
            }
        }
        said.sort_by_key(|it| it.0);
        let host = host_of_libpq(&said, found);
        said.into_iter().map(|it| it.1).chain(host).collect()
    }
}

/// Who reads `PGUSER` reads `PGHOST`, too, and takes the machine itself where nobody sets it.
fn host_of_libpq(said: &[(usize, Variable)], found: &[Service]) -> Option<Variable> {
    let read = said.iter().find(|it| ["PGUSER", "PGPASSWORD", "PGDATABASE"].contains(&it.1.name.as_str()))?;
    let service = found.iter().find(|it| kind_of(&it.image).is_some_and(|it| it.name == "postgres"))?;
    let why = format!("{}: what reads this variable reads its host, too", read.1.why);
    let missing = said.iter().all(|it| it.1.name != "PGHOST");
    missing.then(|| Variable::new("PGHOST", service.name.clone(), why))
}

/// A service beside the steps.
fn asked(host: &str, value: &Value) -> Option<Asked> {
    let image = value.at(&["image"])?;
    let environment = value.at(&["env"]).map_or(&[][..], Value::entries).iter();
    let environment = environment.filter_map(|(key, it)| Some((key.clone(), it.text()?.to_owned(), it.line)));
    Some(Asked {
        host: host.into(),
        image: image.text()?.into(),
        line: image.line,
        environment: environment.collect(),
    })
}

/// `${{ job.services.postgres.ports[5432] }}` is `5432` where the service has a host of its own.
fn with_ports(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
    let Some((inside, behind)) = rest.split_once("}}") else { return text.to_owned() };
    let port = inside.trim().strip_prefix("job.services.").and_then(|it| it.split_once(".ports["));
    match port {
        Some((_, port)) => {
            format!("{before}{}{}", port.trim_matches([']', '\'', '"']), with_ports(behind))
        }
        None => text.to_owned(),
    }
}
