//! A package and a version → the bytes of its wheel. Nothing is written.

use crate::engine::course::Files;
use crate::workshop::index::{About, zip};

/// The name by which pip knows what is in it.
pub(super) fn file_name(name: &str, version: &str) -> String {
    format!("{}-{version}-py3-none-any.whl", name.replace('-', "_"))
}

/// The wheel: the files, and what pip wants to know of them.
pub(super) fn wheel(name: &str, version: &str, about: &About, files: &Files) -> Vec<u8> {
    let info = format!("{}-{version}.dist-info", name.replace('-', "_"));
    let mut all = files.clone();
    let mut add = |file: &str, text: String| all.insert(format!("{info}/{file}"), text.into_bytes());
    add(
        "METADATA",
        format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {}\n", about.summary),
    );
    add(
        "WHEEL",
        "Wheel-Version: 1.0\nGenerator: ciworkshop\nRoot-Is-Purelib: true\nTag: py3-none-any\n".into(),
    );
    if !about.commands.is_empty() {
        let lines = about.commands.iter().map(|(command, function)| format!("{command} = {function}\n"));
        add("entry_points.txt", format!("[console_scripts]\n{}", lines.collect::<String>()));
    }
    // Without hashes: whoever can change a file of the wheel can change its list too.
    let record = format!("{info}/RECORD");
    let list: String = all.keys().chain([&record]).map(|it| format!("{it},,\n")).collect();
    all.insert(record, list.into_bytes());
    zip::stored(&all)
}
