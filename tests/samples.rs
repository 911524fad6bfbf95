//! The practice projects hold what they promise: their tests pass, notice broken code, and every file is packaged.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test says why, and fails loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ciworkshop::scaffold::{self, Mode, Options, Sample};
use tempfile::TempDir;

fn laid_down(sample: &Sample) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = scaffold::render(sample, &Options::default()).unwrap();
    scaffold::lay_down(folder.path(), &files, Mode::Keep).unwrap();
    folder
}

fn shell(command: &str, folder: &Path) -> Output {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(folder).env("PYTHONDONTWRITEBYTECODE", "1");
    // The tests must pass for whoever has no token, and must not use one that is there.
    shell.env_remove("FB_TOKEN").env_remove("SMOKE_TORCH").output().unwrap()
}

fn there_is(command: &str) -> bool {
    let found = shell(command, Path::new(".")).status.success();
    if !found {
        eprintln!("skipped: `{command}` does not work here");
    }
    found
}

fn is_green(command: &str, folder: &Path) -> Result<(), String> {
    let Output { status, stdout, stderr } = shell(command, folder);
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    if status.success() { Ok(()) } else { Err(said) }
}

/// Whether the language of a sample is here, and what its tests build on.
fn has_what_it_needs(sample: &Sample) -> bool {
    match (sample.name.as_str(), sample.tests.starts_with("go ")) {
        ("tiffany", _) => there_is("go version") && there_is("echo '#include <zlib.h>' | cc -E -"),
        (_, true) => there_is("go version"),
        _ => there_is("python3 --version"),
    }
}

#[test]
fn the_tests_of_every_sample_pass_with_nothing_but_its_language() {
    for sample in scaffold::samples().into_iter().filter(has_what_it_needs) {
        let folder = laid_down(&sample);
        is_green(&sample.tests, folder.path()).unwrap_or_else(|said| panic!("{}: {said}", sample.name));
        if sample.tests.starts_with("python3 ") {
            is_green("python3 -m compileall -q .", folder.path())
                .unwrap_or_else(|said| panic!("{}: {said}", sample.name));
        }
    }
}

#[test]
fn pytest_finds_the_tests_where_the_pipeline_calls_it() {
    if !there_is("python3 -m pytest --version") {
        return;
    }
    for (name, command, tests) in [
        ("fb-scraper", "tests/", 11),
        ("pizapy", "tests/", 10),
        ("drone-hello-world", "", 2),
        ("geomancer", "tests/", 8),
    ] {
        let sample = scaffold::find(name).unwrap();
        let pipeline = scaffold::pipeline(&sample, &Options::default()).unwrap();
        assert!(pipeline.contains(format!("- pytest {command}").trim_end()), "{name}");
        let folder = laid_down(&sample);
        let first = if name == "geomancer" { "python3 ci/get_data.py && " } else { "" };
        let said =
            shell(&format!("{first}python3 -m pytest -p no:cacheprovider -q {command}"), folder.path());
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.contains(&format!("{tests} passed")), "{name}: {said}");
    }
}

#[test]
fn pytest_alone_would_find_nothing_in_bqup_as_its_comment_says() {
    if !there_is("python3 -m pytest --version") {
        return;
    }
    let folder = laid_down(&scaffold::find("bqup").unwrap());
    // 5 is pytest's exit code for "no tests".
    assert_eq!(shell("python3 -m pytest -p no:cacheprovider", folder.path()).status.code(), Some(5));
}

/// Where the code is broken, and how: a pipeline is worth what it catches.
const BROKEN: [(&str, &str, &str, &str); 32] = [
    ("fb-scraper", "fb_scraper/page.py", "* 1000", "* 100"),
    ("fb-scraper", "fb_scraper/page.py", ".replace(\",\", \"\")", ""),
    ("fb-scraper", "fb_scraper/page.py", "if self._field:", "if True:"),
    ("fb-scraper", "fb_scraper/scraper.py", "if post.identifier not in seen:", "if True:"),
    ("fb-scraper", "fb_scraper/scraper.py", " or address in visited", ""),
    ("fb-scraper", "fb_scraper/scraper.py", "urljoin(address, page.next_address)", "page.next_address"),
    ("fb-scraper", "fb_scraper/__main__.py", "if not token:", "if False:"),
    ("fb-scraper", "fb_scraper/fetch.py", "return \"Fetcher(token=***)\"", "return self._token"),
    ("pizapy", "pizapy/recipe.py", "diameter / 2", "diameter"),
    ("pizapy", "pizapy/recipe.py", "if pizzas < 1:", "if pizzas < 0:"),
    ("pizapy", "pizapy/table.py", "place < left", "place > left"),
    ("pizapy", "pizapy/table.py", "if not people:", "if False:"),
    ("bertsum", "src/prepare.py", "[:length]", ""),
    ("bertsum", "src/prepare.py", "import re\n", "import re\nimport torch\n"),
    ("bertsum", "src/model.py", "Embedding(words, width)", "Embedding(words - 1, width)"),
    ("bertsum", "src/model.py", "Linear(width, 1)", "Linear(width + 1, 1)"),
    ("bertsum", "src/summarise.py", "sorted(ranked[:most])", "ranked[:most]"),
    ("bqup", "bqup/backup.py", "if path not in kept", "if path in kept"),
    ("bqup", "bqup/backup.py", "changes.unchanged += 1", "changes.written += 1"),
    ("drone-hello-world", "hello.py", "{name}", "{name.lower()}"),
    ("geomancer", "geomancer/distance.py", "6_371_000", "6_731_000"),
    ("geomancer", "geomancer/distance.py", "math.cos(latitude) * ", ""),
    ("geomancer", "geomancer/places.py", "it[1])", "it[0])"),
    ("geomancer", "geomancer/places.py", "?mode=ro", ""),
    ("geomancer", "geomancer/places.py", "<= within", ">= within"),
    ("geomancer", "tests/data/places.csv", "14.5547", "15.5547"),
    ("spade", "dig.go", "> all[b].count", "< all[b].count"),
    ("spade", "dig.go", "rows[1:]", "rows"),
    ("tiffany", "heights.go", "+0.5", ""),
    ("tiffany", "heights.go", "if high > low {", "if true {"),
    ("tiffany", "tiff.go", "if len(packed)%2 == 1 {", "if len(packed)%2 == 0 {"),
    ("tiffany", "compress.go", "packed[:size]", "packed[1:size]"),
];

#[test]
fn the_tests_of_every_sample_notice_broken_code() {
    let seen: BTreeSet<_> = BROKEN.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(seen, scaffold::samples().into_iter().map(|it| it.name).collect());
    for (name, path, right, wrong) in BROKEN {
        let sample = scaffold::find(name).unwrap();
        if !has_what_it_needs(&sample) {
            continue;
        }
        let folder = laid_down(&sample);
        let text = fs::read_to_string(folder.path().join(path)).unwrap();
        assert_eq!(text.matches(right).count(), 1, "{path} holds `{right}` once");
        fs::write(folder.path().join(path), text.replace(right, wrong)).unwrap();
        let green = is_green(&sample.tests, folder.path()).is_ok();
        assert!(!green, "{name}: nothing notices `{wrong}` for `{right}` in {path}");
    }
}

#[test]
fn make_test_of_bqup_uploads_and_the_pipeline_does_not_call_it() {
    let sample = scaffold::find("bqup").unwrap();
    let folder = laid_down(&sample);
    let makefile = fs::read_to_string(folder.path().join("Makefile")).unwrap();
    let recipe = makefile.split("\ntest: build\n").nth(1).unwrap();
    assert!(recipe.starts_with("\ttwine upload "), "{recipe}");
    let pipeline = scaffold::pipeline(&sample, &Options::default()).unwrap();
    let called =
        pipeline.lines().filter(|it| !it.trim_start().starts_with('#')).any(|it| it.contains("make"));
    assert!(!called && pipeline.contains("# Not `make test`"), "{pipeline}");
}

/// Lines that `drone` would read otherwise than they look, whatever the YAML says.
#[test]
fn no_pipeline_holds_what_substitution_or_splitting_would_change() {
    for sample in scaffold::samples() {
        let text = scaffold::pipeline(&sample, &Options::default()).unwrap();
        assert!(!text.contains("${") && !text.contains("$$"), "{}", sample.name);
        assert!(!text.contains('\t') && text.is_ascii() | text.contains('→'), "{}", sample.name);
        // A line of dashes alone parts two pipelines.
        assert!(
            !text.lines().any(|it| it.starts_with("---") && it != "---" || it.starts_with("...")),
            "{}",
            sample.name
        );
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", sample.name);
        for image in text.lines().filter_map(|it| it.trim().strip_prefix("image: ")) {
            let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
            // There, a number alone is all that is published.
            let named = tag.contains('.') || image == "plugins/codecov:2";
            assert!(named && tag != "latest", "{}: {image} names no version", sample.name);
        }
    }
}

#[test]
fn every_requirement_is_pinned() {
    for sample in scaffold::samples() {
        for file in scaffold::render(&sample, &Options::default()).unwrap() {
            if !file.path.starts_with("requirements") {
                continue;
            }
            for line in String::from_utf8(file.bytes).unwrap().lines().filter(|it| !it.starts_with('#')) {
                assert!(line.contains("=="), "{} {}: {line}", sample.name, file.path);
            }
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn stored(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            stored(&path, found);
        } else {
            found.insert(path.strip_prefix(root()).unwrap().to_string_lossy().into_owned());
        }
    }
}

/// The compiler notices a changed file of a sample, but no new one: a stale program would lay down half a project.
#[test]
fn what_is_embedded_is_what_is_stored() {
    for sample in scaffold::samples() {
        let mut files = BTreeSet::new();
        stored(&root().join("samples").join(&sample.name).join("files"), &mut files);
        files.retain(|it| !it.contains("__pycache__") && !it.contains(".pytest_cache"));
        let embedded = scaffold::render(&sample, &Options::default()).unwrap().len() - 1;
        assert_eq!(embedded, files.len(), "{}: touch src/scaffold/sample.rs and build again", sample.name);
    }
}

/// A file that `cargo package` drops is missing for everybody but us.
#[test]
fn the_package_holds_every_file_of_every_sample() {
    let mut command = Command::new(env!("CARGO"));
    command.args(["package", "--list", "--allow-dirty", "--offline", "-p", "ciworkshop"]).current_dir(root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: BTreeSet<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(Into::into).collect();
    let mut files = BTreeSet::new();
    stored(&root().join("samples"), &mut files);
    stored(&root().join("src/scaffold/templates"), &mut files);
    let missing: Vec<_> = files.difference(&listed).collect();
    assert!(missing.is_empty(), "not packaged: {missing:?}");
    // Outside git, cargo leaves out dotfiles; a folder with a Cargo.toml is left out anywhere.
    let dropped = |it: &&String| it.split('/').any(|part| part.starts_with('.') || part == "Cargo.toml");
    assert_eq!(files.iter().filter(dropped).count(), 0, "stored under a name that gets lost");
}
