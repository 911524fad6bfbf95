//! Meson: its tests, the option that switches them on, and what it looks for.

use crate::scaffold::detect::Line;
use crate::scaffold::detect::c::Built;
use crate::scaffold::detect::c::calls::{Called, asked, calls, files, is_newer};
use crate::scaffold::detect::libraries::Asked;
use crate::scaffold::project::Folder;

/// The newest Meson that a stable Debian is sure to have.
const PACKAGED: [u32; 2] = [1, 0];

pub(super) fn meson(folder: Folder<'_>) -> Built {
    let read = |it: String| folder.loosely(&it).map(|text| (calls(&text), it));
    let all: Vec<(Vec<Called>, String)> =
        files(folder, &["meson.build"]).into_iter().filter_map(read).collect();
    let tested = all
        .iter()
        .find_map(|(calls, file)| Some(folder.place(file, calls.iter().find(|it| it.name == "test")?.line)));
    let setup = match tested.as_ref().and_then(|_| switch(folder)) {
        Some((option, place)) => Line::new(
            format!("meson setup build -D{option}"),
            format!("{place}: the tests are off without it"),
        ),
        None => Line::plain("meson setup build"),
    };
    let mut test = vec![setup, Line::plain("meson compile -C build")];
    test.extend(
        tested.iter().map(|it| Line::new("meson test -C build --print-errorlogs", format!("{it}: a test"))),
    );
    let newer = newer(folder, &all);
    Built {
        tool: "Meson",
        tools: if newer.is_some() { vec!["ninja-build", "python3-pip"] } else { vec!["meson"] },
        before: newer.into_iter().collect(),
        asked: all.iter().flat_map(|(calls, file)| wanted(folder, calls, file)).collect(),
        tested: tested.is_some(),
        test,
        first: "`test('first', your_program)` in meson.build",
    }
}

/// The option that must be set, so that there are tests: `option('tests', type: 'boolean', value: false)`.
fn switch(folder: Folder<'_>) -> Option<(String, String)> {
    let file = folder.first(&["meson.options", "meson_options.txt"])?;
    calls(&folder.loosely(file)?).iter().find_map(|it| {
        let arguments = it.arguments();
        let name = arguments.first().filter(|_| it.name == "option")?;
        let named = matches!(
            name.to_lowercase().replace('-', "_").as_str(),
            "test" | "tests" | "unit_tests" | "build_tests" | "enable_tests" | "with_tests" | "testing"
        );
        let text = it.inside.replace(' ', "");
        let value = if text.contains("value:false") || text.contains("value:'false'") {
            "true"
        } else if text.contains("value:'disabled'") {
            "enabled"
        } else {
            return None;
        };
        named.then(|| (format!("{name}={value}"), folder.place(file, it.line)))
    })
}

/// What the build looks for.
fn wanted(folder: Folder<'_>, calls: &[Called], file: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    for call in calls {
        let arguments = call.arguments();
        let Some(name) = arguments.first() else { continue };
        let plain = !name.contains(['(', '$', '+', ' ']) && call.inside.trim_start().starts_with('\'');
        let text = call.inside.replace(' ', "");
        let needed = !text.contains("required:") || text.contains("required:true");
        let library = call.name.ends_with(".find_library") || call.name == "find_program";
        if call.name == "dependency" && plain {
            let own = matches!(*name, "threads" | "dl" | "m" | "openmp" | "appleframeworks" | "iconv");
            let falls_back = text.contains("fallback:");
            found.push(asked(folder, file, call, "pkg-config", false));
            found.push(asked(folder, file, call, name, needed && !call.nested && !own && !falls_back));
        } else if library && plain {
            found.push(asked(folder, file, call, name, false));
        } else if call.name.ends_with("i18n.gettext") {
            found.push(asked(folder, file, call, "gettext", false));
        }
    }
    found
}

/// The line that gets a newer Meson than Debian has, where the project asks for one.
fn newer(folder: Folder<'_>, all: &[(Vec<Called>, String)]) -> Option<Line> {
    let (calls, file) = all.iter().find(|it| it.1 == "meson.build")?;
    let call = calls.iter().find(|it| it.name == "project")?;
    let (_, said) = call.inside.split_once("meson_version")?;
    let said = said.split('\'').nth(1)?.trim_start_matches(['>', '=', ' ']);
    is_newer(said, PACKAGED).then(|| {
        Line::new(
            format!("pip3 install --break-system-packages 'meson>={said}'"),
            format!("{}: it asks for a newer one than Debian has", folder.place(file, call.line)),
        )
    })
}
