//! What real files write in `settings`: every name is in the tables, or one that the plugin does not read.
#![allow(clippy::print_stdout, reason = "a test that is passed over should say so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop_engine::pipeline::{Step, read};
use ciworkshop_engine::plugin::{Plugin, of_image};
use ciworkshop_engine::source::SourceFile;

/// The names that no version of the plugin reads: mistakes of the files' authors, each looked up in the sources.
const UNKNOWN: &[(&str, &str, usize)] = &[
    ("cache", "aws_access_key_id", 6),
    ("cache", "aws_secret_access_key", 6),
    ("cache", "pull", 8),
    ("cache", "settings", 3),
    ("cache", "volumes", 2),
    ("docker", "environment", 9),
    ("docker", "platforms", 6),
    ("github-release", "when", 1),
    ("hugo", "minify", 1),
    ("hugo", "pull", 1),
    ("manifest", "registry", 3),
    ("s3-sync", "strip_prefix", 3),
];

/// Steps that lack what their plugin cannot do without. In one, `repo` stands beside `settings`; the other is a notice
/// to nowhere.
const UNMET: &[(&str, &str, usize)] = &[("docker", "repo", 1), ("slack", "webhook", 1)];

#[test]
fn real_files_use_settings_that_the_tables_know() {
    let Some(folder) = corpus() else { return };
    let mut unknown = Count::default();
    for step in steps(&folder) {
        let Some(plugin) = plugin(&step) else { continue };
        let names = step.settings.iter().map(|it| it.0.value.as_str());
        for name in names.filter(|it| !plugin.open && plugin.setting(it).is_none()) {
            unknown.add(plugin.name, name);
        }
    }
    unknown.assert_is(UNKNOWN);
}

#[test]
fn real_files_give_plugins_what_they_need() {
    let Some(folder) = corpus() else { return };
    let mut unmet = Count::default();
    for step in steps(&folder).iter().filter(|it| !it.settings.is_empty()) {
        let Some(plugin) = plugin(step) else { continue };
        let has_setting = |name: &str| {
            let setting = plugin.setting(name).expect("a need names a setting");
            step.settings.iter().any(|it| setting.is_called(&it.0.value))
        };
        let has_variable = |name: &str| step.environment.iter().any(|it| it.0.value == name);
        for need in plugin.needs.iter().filter(|it| !it.is_met(has_setting, has_variable)) {
            unmet.add(plugin.name, need.one_of[0]);
        }
    }
    unmet.assert_is(UNMET);
}

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/corpus");
    if !folder.exists() {
        println!("skipped: the corpus of real files is not here");
        return None;
    }
    Some(folder)
}

fn steps(folder: &Path) -> Vec<Step> {
    let files = fs::read_dir(folder).expect("the corpus can be listed");
    let mut found = Vec::new();
    for path in files.map(|it| it.expect("an entry can be read").path()) {
        let bytes = fs::read(&path).expect("a file can be read");
        let (manifest, _) = read(&SourceFile::from_bytes(path.display().to_string(), &bytes));
        found.extend(manifest.pipelines().flat_map(|it| it.steps.clone()));
    }
    found
}

fn plugin(step: &Step) -> Option<&'static Plugin> {
    of_image(&step.image.as_ref()?.value)
}

/// How often each pair of words was met.
#[derive(Default)]
struct Count(BTreeMap<(String, String), usize>);

impl Count {
    fn add(&mut self, plugin: &str, name: &str) {
        *self.0.entry((plugin.to_owned(), name.to_owned())).or_default() += 1;
    }

    fn assert_is(&self, expected: &[(&str, &str, usize)]) {
        let found: Vec<_> = self.0.iter().map(|(it, count)| (it.0.as_str(), it.1.as_str(), *count)).collect();
        assert_eq!(found, expected);
    }
}
