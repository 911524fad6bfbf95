//! A command `twine upload` → the packages that it names, looked at as the index would, and put into the shelf's index.

use crate::run::rehearsal::pypi;
use crate::run::rehearsal::stage::{Over, Stage};

/// What the words of the command say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Upload {
    destination: String,
    patterns: Vec<String>,
}

/// Options that take a value.
const WITH_VALUE: [&str; 12] = [
    "-r",
    "--repository",
    "--repository-url",
    "-u",
    "--username",
    "-p",
    "--password",
    "-i",
    "--identity",
    "-c",
    "--comment",
    "--config-file",
];

impl Upload {
    /// Reads the command. `None` when it is another one, or only a shell knows what it says.
    pub(super) fn of(command: &str) -> Option<Self> {
        let rest = ["twine upload ", "python -m twine upload ", "python3 -m twine upload "]
            .iter()
            .find_map(|it| command.strip_prefix(it))?;
        if rest.contains(['$', '`', '"', '\'', '\\', '(', '{', '~']) {
            return None;
        }
        let mut upload =
            Self { destination: "https://upload.pypi.org/legacy/".to_owned(), patterns: Vec::new() };
        let mut words = rest.split_whitespace();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                upload.patterns.push(word.to_owned());
                continue;
            }
            let (name, value) = word.split_once('=').map_or((word, None), |it| (it.0, Some(it.1)));
            let takes = WITH_VALUE.contains(&name);
            let value = value.or_else(|| if takes { words.next() } else { None });
            match (name, value) {
                ("--repository-url", Some(url)) => url.clone_into(&mut upload.destination),
                ("-r" | "--repository", Some("testpypi")) => {
                    "https://test.pypi.org/legacy/".clone_into(&mut upload.destination);
                }
                _ => {}
            }
        }
        (!upload.patterns.is_empty()).then_some(upload)
    }
}

pub(super) fn rehearse(stage: &mut Stage<'_, '_>, upload: &Upload) -> Result<(), Over> {
    stage.tell_destination(&upload.destination);
    stage.talk.tell("not run", "the other commands of this step; what it uploads was built before it");
    let job = stage.settings.job;
    let named = |name: &str| job.step.environment.iter().any(|it| it.0.value == name);
    if let Some(empty) =
        ["TWINE_USERNAME", "TWINE_PASSWORD"].into_iter().find(|it| named(it) && job.variable(it).is_empty())
    {
        return Err(Over::Fails(format!(
            "{empty} is empty in this build, so the index would refuse the upload"
        )));
    }
    let patterns: Vec<&str> = upload.patterns.iter().map(String::as_str).collect();
    pypi::upload(stage, &patterns, &upload.destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_goes_where() {
        let rows = [
            ("twine upload dist/*", "https://upload.pypi.org/legacy/", &["dist/*"][..]),
            (
                "python -m twine upload --skip-existing -u me a.whl b.whl",
                "https://upload.pypi.org/legacy/",
                &["a.whl", "b.whl"],
            ),
            ("twine upload -r testpypi dist/*", "https://test.pypi.org/legacy/", &["dist/*"]),
            ("twine upload --repository-url=https://x.example/ dist/*", "https://x.example/", &["dist/*"]),
        ];
        for (command, destination, patterns) in rows {
            let upload = Upload::of(command).unwrap();
            assert_eq!(
                (upload.destination.as_str(), upload.patterns),
                (destination, patterns.iter().map(|it| (*it).to_owned()).collect()),
                "{command}"
            );
        }
        for command in [
            "twine upload $FILES",
            "twine upload",
            "twine upload --skip-existing",
            "npm publish x",
            "twine check dist/*",
        ] {
            assert_eq!(Upload::of(command), None, "{command}");
        }
    }
}
