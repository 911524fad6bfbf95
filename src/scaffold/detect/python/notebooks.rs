//! Notebooks, which nobody has tests for: what can be promised, and the Python that they were made with.

use crate::scaffold::detect::version::maintained;
use crate::scaffold::detect::{Line, path};
use crate::scaffold::project::Folder;

/// So many are named one by one.
const MOST: usize = 30;

fn all(folder: Folder<'_>) -> Vec<&str> {
    let own = |it: &&str| it.ends_with(".ipynb") && !it.contains(".ipynb_checkpoints");
    folder.files().filter(own).collect()
}

/// That each can be read, and its code compiles. To start them takes data, and hours.
pub(crate) fn lines(folder: Folder<'_>) -> Vec<Line> {
    let names: Vec<String> = all(folder).into_iter().take(MOST).map(path).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let convert = format!("jupyter nbconvert --to python --output-dir /tmp/notebooks {}", names.join(" "));
    vec![
        Line::new("pip install nbconvert ipython", "IPython knows what is no Python, such as `%time`"),
        Line::new(
            convert,
            "there are no tests yet: at least every notebook can be read, and its code compiles",
        ),
        Line::plain("python -m compileall -q /tmp/notebooks"),
    ]
}

/// What the first one was made with, and its place, as far as it is maintained.
pub(crate) fn version(folder: Folder<'_>) -> Option<(String, String)> {
    all(folder).into_iter().take(5).find_map(|file| {
        let text = folder.text(file)?;
        let about = text.find("\"language_info\"")?;
        let at = about + text[about..].find("\"version\"")?;
        let number = text[at..].split('"').nth(3)?;
        let short = number.rsplit_once('.').filter(|it| it.0.contains('.')).map_or(number, |it| it.0);
        let known = short.starts_with("3.") && maintained(&format!("python:{short}-slim"));
        let line = text[..at].lines().count().max(1);
        known.then(|| (short.to_owned(), folder.place(file, line)))
    })
}
