//! How a Python package is published: built on a tag, its version compared with the tag, and uploaded in a step of its
//! own, which alone sees the token.

use crate::scaffold::detect::publish::not_empty;
use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::manager::{manifest, rust};
use crate::scaffold::detect::python::runner::is_private;
use crate::scaffold::detect::{Line, Publish, Step, Variable};

/// `None` for what is no package, is private, or is an application.
pub(crate) fn publish(facts: &Facts<'_>, image: &str) -> Option<Publish> {
    // A site of Django is deployed; a package for Django that has a `manage.py` for its people has classifiers, too.
    let site = facts.folder.has("manage.py") && !classified(facts);
    if !facts.is_package() || is_private(facts) || site {
        return None;
    }
    let name = facts.name()?;
    let place = facts.folder.path(manifest(facts));
    Some(Publish {
        why: format!("to PyPI, because {place} makes the package `{name}`"),
        steps: vec![build(facts, image), upload(image)],
        secrets: vec![("pypi_token".into(), "a token of PyPI for this project; uploads a release".into())],
    })
}

fn build(facts: &Facts<'_>, image: &str) -> Step {
    let mut commands = vec![Line::plain("pip install build==1.2.2 twine==6.1.0")];
    if from_git(facts) {
        commands.push(Line::new("git fetch --tags", "the version is made from tags, and the clone has none"));
    }
    if let Some(place) = facts.of_rust() {
        commands.push(rust(&place));
    }
    commands.push(match facts.compiled() {
        Some(place) => Line::new(
            "python -m build --sdist",
            format!("the source alone: PyPI takes no wheel that is compiled on any Linux ({place})"),
        ),
        None => Line::plain("python -m build"),
    });
    commands.push(Line::plain("twine check --strict dist/*"));
    commands.push(Line::new(
        "test -n \"$(find dist/ -name \"*-$(echo \"$DRONE_TAG\" | sed 's/^v//')[.-][a-z]*\")\" || { echo \"No file in dist/ has the version of the tag $DRONE_TAG.\"; exit 1; }",
        "PyPI takes a version once and never again: it must be the one of the tag",
    ));
    Step { name: "build".into(), image: image.into(), commands, ..Step::default() }
}

fn upload(image: &str) -> Step {
    let token = Variable::secret("TWINE_PASSWORD", "pypi_token");
    Step {
        name: "publish".into(),
        why: "the only step that sees the token, and no code of the project runs in it".into(),
        image: image.into(),
        commands: vec![
            not_empty(&token),
            Line::plain("pip install twine==6.1.0"),
            Line::plain("twine upload --non-interactive dist/*"),
        ],
        environment: vec![Variable::new("TWINE_USERNAME", "__token__", ""), token],
        ..Step::default()
    }
}

/// True when the version comes from tags of git.
pub(crate) fn from_git(facts: &Facts<'_>) -> bool {
    const TOOLS: [&str; 10] = [
        "dunamai",
        "flit-scm",
        "hatch-vcs",
        "pbr",
        "pdm-scm",
        "poetry-dynamic-versioning",
        "setuptools-git-versioning",
        "setuptools-scm",
        "uv-dynamic-versioning",
        "versioningit",
    ];
    TOOLS.iter().any(|it| facts.package(it).is_some()) || facts.folder.has("versioneer.py")
}

fn classified(facts: &Facts<'_>) -> bool {
    facts.at(&["project", "classifiers"]).or_else(|| facts.at(&["tool", "poetry", "classifiers"])).is_some()
        || facts.setup_cfg.get("metadata", "classifiers").is_some()
        || facts.argument("classifiers").is_some()
}
