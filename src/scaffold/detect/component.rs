//! The nouns of detection: a component of a project, and what a pipeline should do for it. Values only.

use serde::Serialize;

use crate::scaffold::project::Fact;

/// A part of the project that is built and tested by one tool.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Component {
    /// `Python`, `Go`, …
    pub ecosystem: &'static str,
    /// What manages it: `uv`, `npm`, …
    pub tool: String,
    /// Its folder; empty for the project's own.
    pub root: String,
    /// What it is called.
    pub name: String,
    /// How sure it is that this is what the project is about.
    pub score: u32,
    /// What says so, and where.
    pub(crate) evidence: Vec<Fact>,
    /// The versions of the language that it is tested on; at least one.
    pub(crate) versions: Vec<Version>,
    /// Variables that every command needs.
    pub(crate) environment: Vec<Variable>,
    /// Steps before the one that tests, in images of their own. `{version}` in a command is the version that is tested.
    pub(crate) before: Vec<Step>,
    /// Steps after it.
    pub(crate) after: Vec<Step>,
    /// What is installed, in order.
    pub(crate) install: Vec<Line>,
    /// What tests it; where there are no tests, what can still be promised.
    pub(crate) test: Vec<Line>,
    /// What looks at its style; once, on the newest version.
    pub(crate) lint: Vec<Line>,
    /// True for tools of the repository that are no part of what it makes.
    #[serde(skip)]
    pub(crate) tooling: bool,
    /// Folders and ecosystems that have no pipeline of their own, because this one builds what they would.
    #[serde(skip)]
    pub(crate) covers: Vec<(String, &'static str)>,
    /// False when there are no tests.
    pub tested: bool,
    /// What its tests talk to.
    pub(crate) services: Vec<Service>,
    /// How it is published, on a tag.
    pub(crate) publish: Option<Publish>,
    /// What its owner should know.
    pub advice: Vec<Advice>,
}

impl Component {
    /// Tests on this Python alone, whatever the project says.
    pub(crate) fn use_python(&mut self, number: &str) {
        if self.ecosystem != "Python" {
            return;
        }
        let Some(last) = self.versions.pop() else { return };
        let image = last.image.replace(&last.number, number);
        let swap = |text: &str| text.replace(&last.number.replace('.', ""), &number.replace('.', ""));
        let swapped = |it: Line| Line { command: swap(&it.command).replace(&last.number, number), ..it };
        let why = format!("python {number}: --python");
        self.versions = vec![Version { number: number.into(), image, why, test: last.test.map(swapped) }];
    }
}

/// What the owner should know, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What was seen.
    pub what: String,
    /// What to do next.
    pub next: String,
}

impl Advice {
    pub(crate) fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), next: next.into() }
    }
}

/// A version of the language, with its image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Version {
    /// `3.12`; empty where the image has no version of a language.
    pub(crate) number: String,
    /// The image.
    pub(crate) image: String,
    /// Why this one: `python 3.12: requires-python in pyproject.toml:5`.
    pub(crate) why: String,
    /// The test command of this version, where it differs from version to version.
    pub(crate) test: Option<Line>,
}

/// A command, and why it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// As the shell gets it.
    pub(crate) command: String,
    /// What a comment says above it; empty for none.
    pub(crate) why: String,
}

impl Line {
    pub(crate) fn new(command: impl Into<String>, why: impl Into<String>) -> Self {
        Self { command: command.into(), why: why.into() }
    }

    /// A command that needs no words.
    pub(crate) fn plain(command: impl Into<String>) -> Self {
        Self::new(command, "")
    }
}

/// An environment variable: a value, or the name of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    /// The secret that it gets its value from; empty for a plain value.
    pub(crate) secret: String,
    pub(crate) why: String,
}

impl Variable {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>, why: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), why: why.into(), ..Self::default() }
    }

    pub(crate) fn secret(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { name: name.into(), secret: secret.into(), ..Self::default() }
    }
}

/// A service beside the steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) why: String,
    pub(crate) environment: Vec<Variable>,
    /// Waits until it answers; runs in its own image.
    pub(crate) wait: String,
    /// Why an image that nobody maintains is here, if it is.
    pub(crate) ended: String,
}

/// How a component is published, on a tag and after its tests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Publish {
    /// Where to, and why: a comment.
    pub(crate) why: String,
    pub(crate) steps: Vec<Step>,
    /// The secrets that it names, and what each is for.
    pub(crate) secrets: Vec<(String, String)>,
}

/// A step of publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) why: String,
    pub(crate) image: String,
    pub(crate) environment: Vec<Variable>,
    pub(crate) commands: Vec<Line>,
    /// Settings of a plugin: a value, a list, or a secret.
    pub(crate) settings: Vec<Setting>,
}

/// A setting of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) list: Vec<String>,
    pub(crate) secret: String,
}

impl Component {
    /// What says so: places and what stands there.
    pub fn facts(&self) -> Vec<(&str, &str)> {
        self.evidence.iter().map(|it| (it.place.as_str(), it.what.as_str())).collect()
    }

    /// Why each version and each command is there.
    pub fn reasons(&self) -> Vec<String> {
        let versions = self.versions.iter().map(|it| format!("{}: {}", it.image, it.why));
        let special = self.versions.iter().filter_map(|it| it.test.as_ref());
        let lines = self.install.iter().chain(special).chain(&self.test).chain(&self.lint);
        let said = lines.map(|it| {
            if it.why.is_empty() { it.command.clone() } else { format!("{}: {}", it.command, it.why) }
        });
        let services = self.services.iter().map(|it| format!("{}: {}", it.image, it.why));
        versions.chain(services).chain(said).collect()
    }
}
