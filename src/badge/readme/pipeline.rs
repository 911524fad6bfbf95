//! `.drone.yml` and the settings of services → where the project publishes, and who keeps its coverage.

use crate::badge::readme::address;
use crate::badge::readme::folder::Folder;
use crate::badge::readme::registry::Registry;
use crate::engine::pipeline::{self, Step};
use crate::engine::plugin;
use crate::engine::source::SourceFile;

/// What the files say about services.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// True when there is a pipeline.
    pub(super) pipeline: bool,
    /// Where packages go, and what says so.
    pub(super) publishes: Vec<(Registry, String)>,
    /// Who keeps the coverage, and what says so.
    pub(super) coverage: Option<(Service, String)>,
    /// What says that Codecov gets the result of each test.
    pub(super) test_results: Option<String>,
}

/// A service that keeps coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Codecov,
    Coveralls,
}

impl Service {
    const ALL: [Self; 2] = [Self::Codecov, Self::Coveralls];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Codecov => "Codecov",
            Self::Coveralls => "Coveralls",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Codecov => "codecov",
            Self::Coveralls => "coveralls",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Codecov => &["codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml"],
            Self::Coveralls => &[".coveralls.yml"],
        }
    }

    /// Picture and page of a repository (§9.2).
    pub(super) fn addresses(
        self,
        forge: &str,
        repository: &str,
        branch: Option<&str>,
    ) -> Option<(String, String)> {
        let (long, short) = words_of(forge)?;
        let escaped = branch.map(address::path);
        Some(match self {
            Self::Codecov => {
                let page = format!("https://codecov.io/{short}/{repository}");
                let of = escaped.map_or_else(String::new, |it| format!("/branch/{it}"));
                (format!("{page}{of}/graph/badge.svg"), page + &of)
            }
            Self::Coveralls => {
                let of = escaped.map_or_else(String::new, |it| format!("?branch={it}"));
                let picture = format!("https://coveralls.io/repos/{long}/{repository}/badge.svg{of}");
                (picture, format!("https://coveralls.io/{long}/{repository}{of}"))
            }
        })
    }
}

/// How the services call a forge: in full, and in short.
fn words_of(forge: &str) -> Option<(&'static str, &'static str)> {
    match forge {
        "github.com" => Some(("github", "gh")),
        "gitlab.com" => Some(("gitlab", "gl")),
        "bitbucket.org" => Some(("bitbucket", "bb")),
        _ => None,
    }
}

/// Codecov's page with the tests of a branch, of the default one where none is named.
pub(super) fn codecov_tests(forge: &str, repository: &str, branch: Option<&str>) -> Option<String> {
    let (_, short) = words_of(forge)?;
    let of = branch.map_or_else(String::new, |it| format!("/{}", address::part(it)));
    Some(format!("https://app.codecov.io/{short}/{repository}/tests{of}"))
}

impl Evidence {
    pub(super) fn of(folder: &Folder) -> Self {
        let mut evidence = Self::default();
        if let Some(text) = folder.text(".drone.yml") {
            evidence.pipeline = true;
            let (manifest, _) = pipeline::read(&SourceFile::new(".drone.yml", text));
            manifest.pipelines().flat_map(|it| &it.steps).for_each(|it| evidence.read(it));
        }
        if evidence.coverage.is_none() {
            let settings =
                Service::ALL.iter().flat_map(|it| it.settings().iter().map(move |name| (*it, *name)));
            let found = settings.into_iter().find(|(_, name)| folder.has(name));
            evidence.coverage = found.map(|(service, name)| (service, name.to_owned()));
        }
        evidence
    }

    fn read(&mut self, step: &Step) {
        let says = format!("the step `{}` of .drone.yml", step.name());
        let plugin = plugin::of_image(step.image()).map_or("", |it| it.name);
        let lines: Vec<String> = step.commands().iter().map(|it| plain(&it.value)).collect();
        // A rehearsal on a test index is no publication.
        let elsewhere = lines.iter().any(|it| it.contains("testpypi") || it.contains("test.pypi.org"))
            || step.settings.iter().any(|(name, _)| matches!(name.value.as_str(), "repository" | "registry"));
        let by_plugin =
            [("pypi", Registry::Pypi), ("npm", Registry::Npm)].into_iter().find(|it| it.0 == plugin);
        let by_command = lines.iter().find_map(|it| Registry::of_command(it));
        if let Some(registry) = by_plugin.map(|it| it.1).or(by_command).filter(|_| !elsewhere) {
            self.publishes.push((registry, says.clone()));
        }
        // The same program sends coverage, and the result of each test: `--report-type test_results`.
        let (results, rest): (Vec<_>, Vec<_>) =
            lines.iter().partition(|it| it.contains(Service::Codecov.word()) && it.contains("test_results"));
        if !results.is_empty() {
            self.test_results.get_or_insert_with(|| says.clone());
        }
        let names = |it: &Service| plugin == it.word() || rest.iter().any(|line| line.contains(it.word()));
        if self.coverage.is_none() {
            self.coverage = Service::ALL.into_iter().find(names).map(|it| (it, says));
        }
    }
}

/// A command without its comments, with single blanks.
fn plain(command: &str) -> String {
    let lines = command.lines().map(|it| it.split(" #").next().unwrap_or_default().trim());
    let lines = lines.filter(|it| !it.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
