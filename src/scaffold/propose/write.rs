//! The shape of a file → its text, through templates. A team's folder may hold templates of the same names, which come
//! first.

use std::error::Error as _;
use std::fs;
use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::scaffold::Error;
use crate::scaffold::propose::shape::Shape;
use crate::scaffold::propose::words;

/// The templates: the first is the whole file, and takes in the others.
const TEMPLATES: [(&str, &str); 4] = [
    ("drone.yml.jinja", include_str!("templates/drone.yml.jinja")),
    ("pipeline.yml.jinja", include_str!("templates/pipeline.yml.jinja")),
    ("service.yml.jinja", include_str!("templates/service.yml.jinja")),
    ("step.yml.jinja", include_str!("templates/step.yml.jinja")),
];

/// Renders it.
///
/// # Errors
/// A template of the team's folder cannot be read or does not render.
pub(crate) fn write(shape: &Shape, folder: Option<&Path>) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let lines =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(lines.map_err(|it| wrong(None, TEMPLATES[0].0, &it))?);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("yaml", |it: String| words::yaml(&it));
    environment.add_filter("comment", |it: String| words::comment(&it));
    for (name, text) in TEMPLATES {
        let own = folder.map(|it| own(it, name)).transpose()?.flatten();
        let failed = |source: minijinja::Error| wrong(folder, name, &source);
        environment.add_template_owned(name, own.unwrap_or_else(|| text.to_owned())).map_err(failed)?;
    }
    if let Some(folder) = folder {
        holds_one(folder)?;
    }
    let template = environment.get_template(TEMPLATES[0].0);
    let text = template.and_then(|it| it.render(Serde(shape)));
    let text = text.map_err(|it| wrong(folder, it.name().unwrap_or(TEMPLATES[0].0), &it))?;
    Ok(format!("{}\n", text.trim_end()))
}

fn own(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    let path = folder.join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path, source }),
    }
}

/// A folder without one of our names would change nothing, and silence would look like consent.
fn holds_one(folder: &Path) -> Result<(), Error> {
    if TEMPLATES.iter().any(|it| folder.join(it.0).is_file()) {
        return Ok(());
    }
    let names: Vec<&str> = TEMPLATES.iter().map(|it| it.0).collect();
    Err(Error::TeamTemplate {
        path: folder.into(),
        message: format!("there is none of {} in it", names.join(", ")),
    })
}

/// Says where: the innermost error is about the template that was taken in.
fn wrong(folder: Option<&Path>, name: &str, error: &minijinja::Error) -> Error {
    let mut innermost = error;
    while let Some(inner) = innermost.source().and_then(|it| it.downcast_ref::<minijinja::Error>()) {
        innermost = inner;
    }
    let path = folder.unwrap_or(Path::new("")).join(innermost.name().unwrap_or(name));
    let place = innermost.line().map_or(String::new(), |it| format!("line {it}: "));
    let detail = innermost.detail().map_or_else(|| innermost.kind().to_string(), str::to_owned);
    Error::TeamTemplate { path, message: format!("{place}{detail}") }
}
