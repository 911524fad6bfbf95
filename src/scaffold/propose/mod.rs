//! Components → a [`Proposal`]: the text of a `.drone.yml`, and what its owner should know.
//!
//! | file | what it does |
//! | --- | --- |
//! | `shape` | components → pipelines, steps and services, as values |
//! | `release` | which tag publishes which component |
//! | `write` | those → text, through the templates beside it or a team's own |
//! | `merge` | an existing file and those → the file with what it lacks |
//! | `graph` | what publishes in an existing file waits for new tests, too |
//! | `words` | text → what YAML and a comment take as one piece |

mod graph;
mod merge;
mod release;
mod shape;
mod words;
mod write;

use std::path::PathBuf;

use serde::Serialize;

use crate::scaffold::detect::{Advice, Component, detect};
use crate::scaffold::{Branch, Error, PIPELINE, Problem, Survey};

pub use merge::Update;

/// What may be wished about a proposal.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The main branch, where git's files are not to be asked.
    pub branch: Option<Branch>,
    /// The version of Python, where the project is not to be asked.
    pub python: Option<String>,
    /// A folder of templates that come before ours.
    pub templates: Option<PathBuf>,
}

/// What is proposed for a project.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// The components that were found, the surest first.
    pub components: Vec<Component>,
    /// The text of the `.drone.yml`.
    pub text: String,
    /// The secrets that it names, and what each is for.
    pub secrets: Vec<(String, String)>,
    /// What the owner should know.
    pub advice: Vec<Advice>,
    /// What could not be looked at.
    pub notes: Vec<String>,
    /// The main branch.
    pub branch: String,
    #[serde(skip)]
    shape: shape::Shape,
    #[serde(skip)]
    templates: Option<PathBuf>,
}

impl Proposal {
    /// The existing file with what it lacks.
    ///
    /// # Errors
    /// The file cannot be read as Drone reads it, or a template does not render.
    pub fn update(&self, existing: &str) -> Result<Update, Error> {
        let write = |it: &shape::Shape| write::write(it, self.templates.as_deref());
        let merged = merge::merge(existing, &self.shape, write)?;
        merged.map_err(|it| {
            let problem = Problem { path: PIPELINE.into(), line: it.line, message: it.message };
            Error::Broken(vec![problem])
        })
    }
}

/// Proposes a pipeline for the project.
///
/// # Errors
/// A manifest is broken, there is nothing to check, or a team's template does not render.
pub fn propose(survey: &Survey, wishes: &Wishes) -> Result<Proposal, Error> {
    let (mut components, mut advice) = detect(survey);
    let problems = survey.problems();
    if !problems.is_empty() {
        return Err(Error::Broken(problems));
    }
    if components.is_empty() {
        return Err(Error::NoProject { path: survey.root().into(), advice });
    }
    if let Some(python) = &wishes.python {
        for it in &mut components {
            it.use_python(python);
        }
    }
    let branch = wishes.branch.clone().or_else(|| survey.default_branch()?.parse().ok()).unwrap_or_default();
    let file = shape::shape(&components, &branch, &survey.tags(), &mut advice);
    let text = write::write(&file, wishes.templates.as_deref())?;
    advice.extend(components.iter().flat_map(|it| it.advice.iter().cloned()));
    let secrets = secrets(&components, &file);
    Ok(Proposal {
        components,
        text,
        secrets,
        advice,
        notes: survey.notes().to_vec(),
        branch: branch.name().into(),
        shape: file,
        templates: wishes.templates.clone(),
    })
}

/// The secrets that the file names, each once.
fn secrets(components: &[Component], file: &shape::Shape) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let named = |secret: &str| {
        let mut steps = file.pipelines.iter().flat_map(|it| &it.steps);
        steps.any(|it| {
            it.step.environment.iter().any(|it| it.secret == secret)
                || it.step.settings.iter().any(|it| it.secret == secret)
        })
    };
    for secret in components.iter().filter_map(|it| it.publish.as_ref()).flat_map(|it| &it.secrets) {
        if named(&secret.0) && !found.iter().any(|it| it.0 == secret.0) {
            found.push(secret.clone());
        }
    }
    found
}
