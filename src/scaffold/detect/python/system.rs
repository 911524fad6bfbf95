//! Packages of Python that need something from Debian: libraries that they are compiled against, programs that they call.

use std::rc::Rc;

use crate::scaffold::detect::Line;
use crate::scaffold::detect::python::facts::Facts;

/// The package, and those of Debian. What the large image has is not here.
const NEEDS: [(&str, &str); 16] = [
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
    ("python-ldap", "libldap-dev libsasl2-dev"),
    ("python-magic", "libmagic1"),
    ("pyzbar", "libzbar0"),
    ("weasyprint", "libpango-1.0-0 libpangoft2-1.0-0"),
    ("xmlsec", "libxmlsec1-dev"),
];

/// Installs them, when some list names one of the packages.
pub(crate) fn packages(facts: &Facts<'_>) -> Option<Line> {
    let found = || NEEDS.iter().filter_map(|it| Some((it.0, it.1, facts.package(it.0)?)));
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
