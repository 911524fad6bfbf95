//! A sample and its options → the project's files as values. Nothing is written here.

use minijinja::{Environment, UndefinedBehavior, context};

use crate::scaffold::{Error, Options, Sample};

/// The path of the pipeline's file in every project.
pub const PIPELINE: &str = ".drone.yml";

/// The templates, one a sample. A test holds the two lists together.
const TEMPLATES: [(&str, &str); 8] = [
    ("bertsum", include_str!("templates/bertsum.yml.jinja")),
    ("bqup", include_str!("templates/bqup.yml.jinja")),
    ("drone-hello-world", include_str!("templates/drone-hello-world.yml.jinja")),
    ("fb-scraper", include_str!("templates/fb-scraper.yml.jinja")),
    ("geomancer", include_str!("templates/geomancer.yml.jinja")),
    ("pizapy", include_str!("templates/pizapy.yml.jinja")),
    ("spade", include_str!("templates/spade.yml.jinja")),
    ("tiffany", include_str!("templates/tiffany.yml.jinja")),
];

/// One file of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the project, with `/` between folders.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// True for a script that is called by its name.
    pub executable: bool,
}

impl File {
    /// A file; one that begins with `#!` is executable.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { path: path.into(), executable: bytes.starts_with(b"#!"), bytes }
    }
}

/// All files of the project, its `.drone.yml` first: the reason why it is laid down.
pub fn render(sample: &Sample, options: &Options) -> Result<Vec<File>, Error> {
    let mut files = vec![File::new(PIPELINE, pipeline(sample, options)?)];
    files.extend(sample.stored().into_iter().map(|(path, bytes)| File::new(path, bytes)));
    Ok(files)
}

/// The text of the project's `.drone.yml`.
pub fn pipeline(sample: &Sample, options: &Options) -> Result<String, Error> {
    let template = TEMPLATES.iter().find(|(name, _)| *name == sample.name).map_or("", |(_, text)| text);
    let values = context! {
        python => options.python.to_string(),
        branch => options.branch.as_yaml(),
        main_ref => format!("refs/heads/{}", options.branch.name()),
    };
    let mut environment = Environment::new();
    // A name that is misspelt in a template is an error, not a hole in the file.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let failed = |source| Error::Template { sample: sample.name.clone(), source };
    let text = environment.render_str(template, values).map_err(failed)?;
    // The engine drops the line end that closes a template.
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::{PIPELINE, TEMPLATES, pipeline, render};
    use crate::scaffold::{Options, SampleOption, samples};

    #[test]
    fn every_sample_has_its_template_and_every_template_its_sample() {
        let names: Vec<_> = samples().into_iter().map(|it| it.name).collect();
        assert_eq!(names, TEMPLATES.map(|(name, _)| name));
    }

    #[test]
    fn an_option_changes_a_pipeline_exactly_where_the_sample_offers_it() {
        let defaults = Options::default();
        for sample in samples() {
            let plain = pipeline(&sample, &defaults).unwrap();
            let cases = [
                (SampleOption::Python, Options { python: "3.9".parse().unwrap(), ..defaults.clone() }),
                (SampleOption::Branch, Options { branch: "trunk".parse().unwrap(), ..defaults.clone() }),
            ];
            for (option, options) in cases {
                let changed = pipeline(&sample, &options).unwrap() != plain;
                assert_eq!(changed, sample.options.contains(&option), "{} {option:?}", sample.name);
            }
        }
    }

    #[test]
    fn the_pipeline_comes_first_and_every_path_once() {
        for sample in samples() {
            let files = render(&sample, &Options::default()).unwrap();
            assert_eq!(files[0].path, PIPELINE);
            let mut paths: Vec<_> = files.iter().map(|it| &it.path).collect();
            paths.sort();
            paths.dedup();
            assert_eq!(paths.len(), files.len(), "{}", sample.name);
            assert!(paths.iter().any(|it| *it == "README.md") && paths.iter().any(|it| *it == ".gitignore"));
        }
    }
}
