//! The course → the files at the top of the workshop folder: a short README and editor settings.

use std::fmt::Write;

use crate::engine::course::{Course, Files};
use crate::engine::pipeline::schema;

/// Where the schema lies that the settings name.
const SCHEMA: &str = ".vscode/drone.schema.json";

const SETTINGS: &str = r#"{
  "yaml.schemas": { "./.vscode/drone.schema.json": ["**/.drone.yml"] },
  "files.associations": { ".drone.yml": "yaml" },
  "files.exclude": { "**/.ciworkshop": true },
  "[yaml]": { "editor.insertSpaces": true, "editor.tabSize": 2 },
  "redhat.telemetry.enabled": false
}
"#;

const EDITOR: &str = "root = true\n\n[*]\nend_of_line = lf\ninsert_final_newline = true\n\n[*.yml]\nindent_style = space\nindent_size = 2\n";

const README: &str = "\
# Your CI/CD workshop

`ciworkshop start` opens the book in the browser and watches this folder. Read a page, open the files of its exercise
in your editor, and save. The verdict appears in the terminal and on the page.

| command | what it does |
| --- | --- |
| `ciworkshop start` | serves the book, watches this folder and shows each verdict |
| `ciworkshop task` | says what the exercise asks for |
| `ciworkshop check` | checks the exercise (`check 1.2` another one, `check --all` all of them) |
| `ciworkshop hint` | shows the first hint, then the second, then the third |
| `ciworkshop next` | goes on to the next exercise |
| `ciworkshop list` | shows where you stand |
| `ciworkshop skip` | puts the exercise aside |
| `ciworkshop reset` | brings the first version back and keeps a copy of yours |
| `ciworkshop solution` | shows one good answer, after a pass or after the third hint |
| `ciworkshop progress export FILE` | takes what you reached and wrote to another machine (`import` there) |

The exercise that you saved last is the current one. Nothing moves on by itself.

Everything stays on this machine. Progress, backups and the first versions are in `.ciworkshop/`.

## The exercises
";

/// The files at the top, by path.
pub(crate) fn files(course: &Course) -> Files {
    let mut readme = README.to_owned();
    for exercise in course.exercises() {
        let (number, title, folder) = (&exercise.number, &exercise.title, &exercise.folder);
        let _ =
            writeln!(readme, "- {number} {title}: `exercises/{folder}`, about {} minutes", exercise.minutes);
    }
    let schema = format!("{:#}\n", schema());
    [
        ("README.md", readme.as_str()),
        (".vscode/settings.json", SETTINGS),
        (SCHEMA, &schema),
        (".editorconfig", EDITOR),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_settings_are_json() {
        let settings: serde_json::Value = serde_json::from_str(SETTINGS).unwrap();
        assert_eq!(settings["files.associations"][".drone.yml"], "yaml");
        assert_eq!(settings["yaml.schemas"][format!("./{SCHEMA}")][0], "**/.drone.yml");
    }
}
