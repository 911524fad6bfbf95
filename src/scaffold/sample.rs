//! The practice projects of `samples/`, embedded: what each is, and how one is found by name. Nothing is rendered here.

use std::borrow::Cow;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};

use crate::engine::lint::closest;
use crate::scaffold::Error;

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/samples");

/// One practice project: `sample.yml`, and where its files are.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The folder's name; what `init` is told.
    #[serde(skip_deserializing)]
    pub name: String,
    /// The version of the format.
    version: u32,
    /// What the project is, in one line.
    pub summary: String,
    /// What its pipeline teaches, in one line.
    pub lesson: String,
    /// What may be chosen about it.
    pub options: Vec<SampleOption>,
    /// The command that runs its tests on a machine with nothing but the language that it is written in.
    pub tests: String,
    /// The secrets that its pipeline refers to.
    pub secrets: Vec<Secret>,
}

/// A choice that a project's pipeline has a use for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleOption {
    /// The Python of the images.
    Python,
    /// The branch that nightly builds and releases look at.
    Branch,
}

/// A secret that a pipeline refers to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// What it is for, and when.
    pub purpose: String,
}

impl Sample {
    /// The files as they are stored, by their path in the project.
    pub(crate) fn stored(&self) -> Vec<(String, &'static [u8])> {
        let folder = format!("{}/files", self.name);
        let mut found = Vec::new();
        if let Some(dir) = SAMPLES.get_dir(&folder) {
            collect(dir, &folder, &mut found);
        }
        found.sort();
        found
    }
}

fn collect(dir: &'static Dir<'static>, root: &str, found: &mut Vec<(String, &'static [u8])>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        let inside = path.strip_prefix(root).unwrap_or(&path).trim_start_matches('/');
        found.push((restored(inside), file.contents()));
    }
    // What Python leaves behind when somebody runs a sample where it is stored.
    let dirs =
        dir.dirs().filter(|it| !it.path().ends_with("__pycache__") && !it.path().ends_with(".pytest_cache"));
    dirs.for_each(|it| collect(it, root, found));
}

/// `cargo package` drops some names, so they are stored under another. Named one by one: `__init__.py` begins alike.
fn restored(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let name = match name {
        "_gitignore" => ".gitignore",
        "_drone.yml" => ".drone.yml",
        "_Cargo.toml" => "Cargo.toml",
        name => name,
    };
    if folder.is_empty() { name.into() } else { format!("{folder}/{name}") }
}

/// All practice projects, by name.
///
/// # Panics
/// Never in a released program: a test reads every embedded `sample.yml`.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let mut samples: Vec<_> =
        SAMPLES.dirs().map(|it| read(it).expect("a test reads every sample.yml")).collect();
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    samples
}

fn read(dir: &Dir<'_>) -> Result<Sample, Cow<'static, str>> {
    let name = dir.path().to_string_lossy().into_owned();
    let file = dir.get_file(dir.path().join("sample.yml")).ok_or("there is no sample.yml")?;
    let text = file.contents_utf8().ok_or("sample.yml is not UTF-8")?;
    let sample: Sample = serde_yaml::from_str(text).map_err(|it| it.to_string())?;
    match sample.version {
        1 => Ok(Sample { name, ..sample }),
        _ => Err("sample.yml has a version that this program does not know".into()),
    }
}

/// The project of that name. `PizaPy` and `fb_scraper` find theirs too; anything else gets the closest name as advice.
pub fn find(name: &str) -> Result<Sample, Error> {
    let samples = samples();
    let wanted = plain(name);
    if let Some(sample) = samples.iter().find(|it| plain(&it.name) == wanted) {
        return Ok(sample.clone());
    }
    let plain_names: Vec<_> = samples.iter().map(|it| plain(&it.name)).collect();
    let slip = closest(&wanted, plain_names.iter().map(String::as_str));
    // `hello` is no slip of `drone-hello-world`, but a part of it.
    let part = || plain_names.iter().map(String::as_str).find(|it| wanted.len() > 2 && it.contains(&wanted));
    let meant = slip.or_else(part).and_then(|it| samples.iter().find(|sample| plain(&sample.name) == it));
    Err(Error::UnknownSample {
        name: name.escape_debug().to_string(),
        closest: meant.map(|it| it.name.clone()),
    })
}

fn plain(name: &str) -> String {
    name.chars().filter(|it| !matches!(it, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, find, read, restored, samples};
    use crate::scaffold::Error;

    #[test]
    fn every_sample_says_what_it_is() {
        for dir in SAMPLES.dirs() {
            let sample = read(dir).unwrap_or_else(|it| panic!("{}: {it}", dir.path().display()));
            assert!(!sample.stored().is_empty(), "{} has no files", sample.name);
        }
        let names: Vec<_> = samples().into_iter().map(|it| it.name).collect();
        let all =
            ["bertsum", "bqup", "drone-hello-world", "fb-scraper", "geomancer", "pizapy", "spade", "tiffany"];
        assert_eq!(names, all);
    }

    #[test]
    fn names_are_found_however_the_deck_spells_them() {
        for (typed, name) in [
            ("Fb-scraper", "fb-scraper"),
            ("PizaPy", "pizapy"),
            ("BQUP", "bqup"),
            ("fb_scraper", "fb-scraper"),
            ("Geomancer", "geomancer"),
            ("Tiffany", "tiffany"),
            ("Spade", "spade"),
        ] {
            assert_eq!(find(typed).unwrap().name, name);
        }
    }

    #[test]
    fn a_slip_gets_the_closest_name_and_another_word_gets_none() {
        let cases = [
            ("pizzapy", Some("pizapy")),
            ("bqupp", Some("bqup")),
            ("scraper", Some("fb-scraper")),
            ("hello", Some("drone-hello-world")),
            ("flask", None),
            ("", None),
            (".", None),
        ];
        for (typed, wanted) in cases {
            let Err(Error::UnknownSample { closest, .. }) = find(typed) else { panic!("{typed} was found") };
            assert_eq!(closest.as_deref(), wanted, "{typed}");
        }
    }

    #[test]
    fn stored_names_become_the_names_that_tools_look_for() {
        for (stored, name) in [
            ("_gitignore", ".gitignore"),
            ("a/_gitignore", "a/.gitignore"),
            ("_drone.yml", ".drone.yml"),
            ("x/__init__.py", "x/__init__.py"),
            ("_other", "_other"),
        ] {
            assert_eq!(restored(stored), name);
        }
    }
}
