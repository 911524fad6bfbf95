//! Packages of Python that need something from Debian: libraries that they are compiled against, programs that they call.

use std::rc::Rc;

use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::manager::comes;
use crate::scaffold::detect::{Line, Variable};

/// The package, and those of Debian. What the large image has is not here.
const NEEDS: [(&str, &str); 18] = [
    ("dbus-python", "libdbus-1-dev libglib2.0-dev"),
    ("ffmpeg-python", "ffmpeg"),
    ("gdal", "libgdal-dev"),
    ("opencv-python", "libgl1 libglib2.0-0"),
    ("pdf2image", "poppler-utils"),
    ("pyaudio", "portaudio19-dev"),
    ("pycairo", "libcairo2-dev"),
    ("pycups", "libcups2-dev"),
    ("pydub", "ffmpeg"),
    ("pygraphviz", "graphviz libgraphviz-dev"),
    ("pytesseract", "tesseract-ocr"),
    ("pytest-qt", QT),
    ("python-ldap", "libldap-dev libsasl2-dev"),
    ("python-magic", "libmagic1"),
    ("pyside6", QT),
    ("pyzbar", "libzbar0"),
    ("weasyprint", "libpango-1.0-0 libpangoft2-1.0-0"),
    ("xmlsec", "libxmlsec1-dev"),
];

/// What Qt loads, even without a display.
const QT: &str = "libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0";

/// Tests of windows draw them in memory: a step has no display.
pub(crate) fn display(facts: &Facts<'_>) -> Option<Variable> {
    let place =
        ["pytest-qt", "pyside6"].iter().find(|it| comes(facts, it)).and_then(|it| facts.package(it))?;
    Some(Variable::new("QT_QPA_PLATFORM", "offscreen", format!("{place}: a step has no display")))
}

/// Installs them, when some list names one of the packages.
pub(crate) fn packages(facts: &Facts<'_>) -> Option<Line> {
    let found = || {
        NEEDS.iter().filter(|it| comes(facts, it.0)).filter_map(|it| Some((it.0, it.1, facts.package(it.0)?)))
    };
    let (first, _, place) = found().next()?;
    let mut names: Vec<&str> = found().flat_map(|it| it.1.split(' ')).collect();
    names.sort_unstable();
    names.dedup();
    let more = if found().count() > 1 { " and others need" } else { " needs" };
    let why = format!("{place}: `{first}`{more} what Python's index does not have");
    Some(Line::new(format!("apt-get update && apt-get install -y {}", names.join(" ")), why))
}

/// True for a client of Postgres that comes without the library: the large image has that, and its compiler.
pub(crate) fn wants_library(facts: &Facts<'_>) -> bool {
    let files = facts.requirements.iter().chain(&["pyproject.toml", "setup.py", "setup.cfg", "Pipfile"]);
    let texts: Vec<Rc<str>> = files.filter_map(|it| facts.folder.text(it)).collect();
    let binary = |text: &Rc<str>| text.lines().any(|it| it.contains("psycopg") && it.contains("binary"));
    facts.package("psycopg").is_some() && !texts.iter().any(binary)
}
