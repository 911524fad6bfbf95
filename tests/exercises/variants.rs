//! More ways in which people write an answer than there are folders for: each passes, or fails for its own reason.

use ciworkshop::engine::course::{Answers, check};

/// Exercise, image, the commands of one or two steps, and the code of the first finding; empty for a right answer.
type Variant = (&'static str, &'static str, &'static [&'static [&'static str]], &'static str);

const SLIM: &str = "python:3.13-slim";
const UV: &str = "ghcr.io/astral-sh/uv:python3.13-bookworm-slim";
const INSTALL: &str = "pip install -r requirements.txt";

const VARIANTS: &[Variant] = &[
    ("1.1", SLIM, &[&["pip install -r requirements.txt && pytest"]], ""),
    (
        "1.1",
        SLIM,
        &[&[
            "pip install --upgrade pip",
            "pip install --no-cache-dir -r requirements.txt",
            "pytest -v tests/",
        ]],
        "",
    ),
    ("1.1", SLIM, &[&["pip3 install -qr requirements.txt", "python3 -m pytest"]], ""),
    ("1.1", SLIM, &[&["python -m venv env", ". env/bin/activate", INSTALL, "pytest"]], ""),
    ("1.1", SLIM, &[&["pip install uv", "uv pip install --system -r requirements.txt", "pytest"]], ""),
    (
        "1.1",
        SLIM,
        &[&["pip install uv", "uv venv", "uv pip install -r requirements.txt", ".venv/bin/pytest"]],
        "",
    ),
    ("1.1", UV, &[&["uv run --with-requirements requirements.txt pytest"]], ""),
    ("1.1", UV, &[&["uvx --with tabulate pytest"]], "CW-not-installed"),
    ("1.1", UV, &[&["uv pip install -r requirements.txt", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["uv pip install --system -r requirements.txt", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "coverage run -m pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip install coverage -r requirements.txt", "coverage run -m pytest"]], ""),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "timeout 300 pytest"]], ""),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "PYTHONDONTWRITEBYTECODE=1 pytest"]], ""),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "bash -ec 'pytest'"]], ""),
    ("1.1", SLIM, &[&["pip install -r requirement.txt", "pytest"]], "CW-no-file"),
    ("1.1", SLIM, &[&["pip install requirements.txt", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip install", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip download -r requirements.txt", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip install --dry-run -r requirements.txt", "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "pytest --version"]], "CW-present"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "# pytest"]], "CW-present"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "if false; then pytest; fi"]], "CW-not-reached"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "pytest; exit 0"]], ""),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "pytest || exit 0"]], "CW-hidden-red"),
    ("1.1", SLIM, &[&["pip install -r requirements.txt", "pytest &> log.txt"]], "CW-hidden-red"),
    ("1.1", SLIM, &[&["apt-get update && apt-get install -y python3-pytest", "pytest"]], "CW-not-installed"),
    (
        "1.1",
        "debian:12",
        &[&["apt-get update", "apt-get install -y python3-pytest python3-tabulate", "pytest"]],
        "",
    ),
    (
        "1.1",
        "debian:12",
        &[&["apt-get update && apt-get install -y python3 python3-pip", INSTALL, "pytest"]],
        "CW-system-python",
    ),
    (
        "1.1",
        "alpine:3.22",
        &[&["apk add python3 py3-pip", "pip install --break-system-packages -r requirements.txt", "pytest"]],
        "",
    ),
    ("1.1", "alpine:3.22", &[&[INSTALL, "pytest"]], "CW-not-installed"),
    ("1.1", "node:22", &[&[INSTALL, "pytest"]], "CW-not-installed"),
    ("1.1", SLIM, &[&[INSTALL], &["pytest"]], "CW-lost-with-container"),
    ("1.1", SLIM, &[&[INSTALL, "pytest tests/test_nothing.py"]], "CW-no-file"),
    ("1.1", SLIM, &[&[INSTALL, "pytest -v test"]], "CW-no-file"),
    ("1.1", SLIM, &[&[INSTALL, "pytest -k sales --tb short -q ./tests tests/test_sales.py::test_x"]], ""),
    ("1.1", SLIM, &[&[INSTALL, "cd tests && pytest test_sales.py --junitxml report.xml"]], ""),
    ("1.2", SLIM, &[&[INSTALL, "mkdir -p tests/data", "touch tests/data/prices.csv", "pytest"]], ""),
    ("1.2", SLIM, &[&[INSTALL, "git add -f tests/data/prices.csv", "pytest"]], "CW-not-committed"),
    ("1.2", SLIM, &[&["python tools/make_price.py", INSTALL, "pytest"]], "CW-no-file"),
    ("1.2", SLIM, &[&[INSTALL, "pytest", "python tools/make_prices.py"]], "CW-not-committed"),
    ("1.2", SLIM, &[&["python tools/make_prices.py"], &[INSTALL, "pytest"]], ""),
    ("1.2", SLIM, &[&["python /drone/src/tools/make_prices.py", INSTALL, "pytest"]], ""),
    ("1.2", SLIM, &[&["python $PWD/tools/make_prices.py || exit 1", INSTALL, "pytest"]], ""),
    ("1.3", "python:3.13.5-slim-bookworm", &[&["pip install pytest==8.4.2 'tabulate==0.9.0'", "pytest"]], ""),
    ("1.3", "python:3.13", &[&["pip install pytest 'tabulate==0.9.0'", "pytest"]], "CW-floating-need"),
    ("1.3", "python", &[&["pip install pytest==8.4.2 tabulate==0.9.0", "pytest"]], "CW-floating-image"),
    ("2.1", SLIM, &[&["python greet.py"]], ""),
    ("2.1", SLIM, &[&["python3 /drone/src/greet.py"]], ""),
    ("2.1", SLIM, &[&["python greets.py"]], "CW-present"),
    ("2.1", SLIM, &[&["greet.py"]], "CW-present"),
    ("2.1", SLIM, &[&["echo Hello"]], "CW-present"),
    ("2.1", SLIM, &[&["python -c 'print(1)'", "python greet.py"]], ""),
    ("2.3", SLIM, &[&[INSTALL, "python -m pytest"]], ""),
    ("2.3", SLIM, &[&["pip install -t . -r requirements.txt"], &["python -m pytest"]], ""),
    ("2.3", SLIM, &[&["pip install -t . -r requirements.txt"], &["pytest"]], "CW-installed-elsewhere"),
    ("2.3", SLIM, &[&["pip install -t libs -r requirements.txt"], &["PYTHONPATH=libs python -m pytest"]], ""),
    (
        "2.3",
        SLIM,
        &[&["pip install -t libs -r requirements.txt"], &["export PYTHONPATH=$PWD/libs", "libs/bin/pytest"]],
        "",
    ),
    (
        "2.3",
        SLIM,
        &[&["python -m venv .venv", ". .venv/bin/activate", INSTALL], &[". .venv/bin/activate", "pytest"]],
        "",
    ),
    (
        "2.3",
        SLIM,
        &[&["python -m venv .venv", ". .venv/bin/activate", INSTALL], &["pytest"]],
        "CW-installed-elsewhere",
    ),
    ("2.3", SLIM, &[&["python -m venv .venv", INSTALL], &[".venv/bin/pytest"]], "CW-lost-with-container"),
    (
        "2.3",
        SLIM,
        &[&["python -m venv .venv --system-site-packages", INSTALL], &[".venv/bin/python -m pytest"]],
        "CW-lost-with-container",
    ),
    (
        "2.3",
        SLIM,
        &[
            &["pip wheel -w wheels -r requirements.txt"],
            &["pip install --no-index -f wheels -r requirements.txt", "pytest"],
        ],
        "",
    ),
    (
        "2.3",
        SLIM,
        &[&["cd /tmp && python -m venv .venv && .venv/bin/pip install pytest"], &["/tmp/.venv/bin/pytest"]],
        "CW-lost-with-container",
    ),
    (
        "2.3",
        SLIM,
        &[&["pip wheel -r requirements.txt -w wheels"], &["pip install wheels/*.whl", "pytest"]],
        "",
    ),
    (
        "2.3",
        SLIM,
        &[&["pip download -r requirements.txt -d w"], &["pip install ./w/*", "python -m pytest"]],
        "",
    ),
    (
        "2.3",
        SLIM,
        &[&["pip wheel -r requirements.txt -w /w"], &["pip install /w/*.whl", "pytest"]],
        "CW-not-installed",
    ),
    (
        "2.3",
        SLIM,
        &[&["pip wheel -r requirements.txt -w wheels"], &["pip install wheel/*.whl", "pytest"]],
        "CW-no-file",
    ),
    ("2.3", UV, &[&["uv venv && uv pip install -r requirements.txt"], &["uv run pytest"]], ""),
    (
        "2.5",
        SLIM,
        &[&[
            "pip install -r requirements-dev.txt",
            "pytest > report.txt",
            "python -m build",
            "twine upload dist/*",
        ]],
        "",
    ),
    (
        "2.5",
        SLIM,
        &[&[
            "pip install -r requirements-dev.txt",
            "pytest | tee report.txt",
            "python -m build",
            "twine upload dist/*",
        ]],
        "CW-hidden-red",
    ),
    (
        "2.5",
        SLIM,
        &[&[
            "pip install -r requirements-dev.txt",
            "pytest &> report.txt",
            "python -m build",
            "twine upload dist/*",
        ]],
        "CW-hidden-red",
    ),
    (
        "2.5",
        SLIM,
        &[&[
            "pip install -r requirements-dev.txt",
            "(pytest; echo $? > code) | tee report.txt",
            "exit $(cat code)",
        ]],
        "CW-present",
    ),
    (
        "2.5",
        SLIM,
        &[
            &[
                "pip install -r requirements-dev.txt",
                "set +e; (pytest; echo $? > code) | tee r; [ $(cat code) = 0 ] || exit 1",
            ],
            &["pip install -r requirements-dev.txt", "python -m build", "twine upload dist/*"],
        ],
        "",
    ),
    (
        "2.5",
        SLIM,
        &[&["pip install -r requirements-dev.txt", "make test", "python -m build", "twine upload dist/*"]],
        "CW-present",
    ),
];

fn pipeline(image: &str, steps: &[&[&str]]) -> String {
    let step = |(at, commands): (usize, &&[&str])| {
        let commands = serde_json::to_string(commands).unwrap();
        format!("- {{name: s{at}, image: '{image}', commands: {commands}}}\n")
    };
    let steps: String = steps.iter().enumerate().map(step).collect::<Vec<_>>().concat();
    format!("kind: pipeline\ntype: docker\nname: a\nsteps:\n{steps}")
}

#[test]
fn what_people_write_is_judged_by_what_it_does() {
    let all = crate::all();
    let mut wrong = crate::Wrong::default();
    for (number, image, steps, code) in VARIANTS {
        let (exercise, answers) = all.iter().find(|(it, _)| it.number == *number).unwrap();
        // The other files as in the solution; in 1.2 it is the pipeline alone that is to mend it.
        let other = if *number == "1.2" { &exercise.start } else { &answers.solution };
        let mut files = Answers::laid_over(&exercise.start, other);
        files.insert(".drone.yml".into(), pipeline(image, steps).into_bytes());
        let report = check(exercise, &files);
        let first = report.findings.first().map_or("", |it| it.code.as_str());
        wrong.add(first == *code, || {
            format!("{number} {image} {steps:?}: not {code:?}\n{}", crate::show(&report))
        });
    }
    wrong.none();
}

#[test]
fn a_volume_over_the_packages_of_the_image_keeps_them() {
    let (exercise, answers) = crate::all().into_iter().find(|(it, _)| it.number == "2.3").unwrap();
    let judge = |path: &str, command: &str| {
        let mount = format!("volumes: [{{name: deps, path: {path}}}]");
        let step = |name: &str, command: &str| {
            format!("- {{name: {name}, image: '{SLIM}', {mount}, commands: ['{command}']}}\n")
        };
        let top = "kind: pipeline\ntype: docker\nname: a\nvolumes: [{name: deps, temp: {}}]\nsteps:\n";
        let text = format!("{top}{}{}", step("install", INSTALL), step("test", command));
        let mut files = Answers::laid_over(&exercise.start, &answers.solution);
        files.insert(".drone.yml".into(), text.into_bytes());
        let found = check(&exercise, &files).findings;
        found.first().map_or(String::new(), |it| it.code.clone())
    };
    assert_eq!(judge("/usr/local/lib/python3.13/site-packages", "python -m pytest"), "");
    assert_eq!(
        judge("/usr/local/lib/python3.12/site-packages", "python -m pytest"),
        "CW-lost-with-container"
    );
    assert_eq!(judge("/root/.cache/pip", "python -m pytest"), "CW-lost-with-container");
    assert_ne!(judge("/usr/local/lib/python3.13/site-packages", "pytest"), "");
}

/// Exercise, file, what stands in it in the solution, what somebody writes instead, the code, and words that say why.
const MISTAKES: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("1.1", ".drone.yml", "install -r req", "install req", "CW-not-installed", "`-r` is missing"),
    ("1.1", ".drone.yml", "pip install", "pip instal", "CW-not-installed", "pip has no command `instal`"),
    (
        "1.1",
        ".drone.yml",
        "commands:",
        "when: {event: tag}\n    commands:",
        "CW-not-reached",
        "Take out the condition",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "!tests/data/",
        "CW-not-committed",
        "it names a folder, and `*.csv` hides",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "! tests/data/prices.csv",
        "CW-not-committed",
        "no space may stand after `!`",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "!test/data/prices.csv",
        "CW-not-committed",
        "`!test/data/prices.csv` does not take it back in: it does not match",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "!tests/data/prices.csv # data",
        "CW-not-committed",
        "it does not match this file",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "!tests/data/prices.csv\n*.csv",
        "CW-not-committed",
        "comes after it",
    ),
    (
        "1.2",
        ".gitignore",
        "!tests/data/prices.csv",
        "tests/data\n!tests/data/prices.csv",
        "CW-not-committed",
        "hides a folder of the file",
    ),
    ("1.3", "requirements.txt", "pytest==", "pytest=", "CW-floating-need", "Write `==`"),
    ("2.1", ".drone.yml", "type: docker", "type: kubernetes", "CW-no-pipeline", "asks for is `type: docker`"),
    (
        "2.4",
        ".drone.yml",
        "- name: publish",
        "- name: publish\n    when: {event: [tag]}",
        "CW-not-reached",
        "This exercise judges the build of a push",
    ),
    ("2.5", ".drone.yml", "bin/pytest", "bin/pytest || exit 78 #", "CW-hidden-red", "exit code 78"),
];

#[test]
fn a_finding_says_what_is_wrong_and_not_something_near_it() {
    let all = crate::all();
    let mut wrong = crate::Wrong::default();
    for (number, file, right, written, code, words) in MISTAKES {
        let (exercise, answers) = all.iter().find(|(it, _)| it.number == *number).unwrap();
        let mut files = Answers::laid_over(&exercise.start, &answers.solution);
        let text = String::from_utf8(files[*file].clone()).unwrap();
        assert!(text.contains(right), "{number}: no {right:?} in {text}");
        files.insert((*file).to_owned(), text.replacen(right, written, 1).into_bytes());
        let report = check(exercise, &files);
        let said =
            report.findings.first().map(|it| (it.code.clone(), format!("{} {}", it.happened, it.next)));
        let fits = said.is_some_and(|(it, text)| it == *code && text.contains(words));
        wrong.add(fits, || format!("{number} {written:?}: not {code} {words:?}\n{}", crate::show(&report)));
    }
    wrong.none();
}
