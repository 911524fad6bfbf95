//! Badges: what is drawn follows §9.3 of the reference and stands safely in any page; what the command writes is only
//! what it may; and a README gets its badges once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ciworkshop::badge::{BEGINNING, Badge, Colour, LEAST_CONTRAST, MOST_LETTERS, NAMES, Style};
use roxmltree::{Document, Node};
use support::badges::TEXTS;
use support::{Answer, Desk};

/// What is drawn, read back from the SVG.
#[derive(Debug, PartialEq)]
struct Drawn {
    size: (u32, u32),
    /// Width of each half.
    halves: Vec<u32>,
    /// Of each text without its shadow: middle, line and told width, in tenths of a pixel.
    texts: Vec<(u32, u32, Option<u32>)>,
}

fn number(node: Node<'_, '_>, name: &str) -> u32 {
    node.attribute(name).map_or(0, |it| it.parse().unwrap())
}

fn read(svg: &str) -> Drawn {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let root = document.root_element();
    let group = root.children().find(|it| it.has_tag_name("g")).unwrap();
    let solid = |it: &Node<'_, '_>| it.attribute("fill").is_some_and(|it| it.starts_with('#'));
    let texts = document.descendants().filter(|it| it.has_tag_name("text"));
    let texts = texts.filter(|it| it.attribute("aria-hidden").is_none());
    let told = |it: Node<'_, '_>| it.has_attribute("textLength").then(|| number(it, "textLength"));
    Drawn {
        size: (number(root, "width"), number(root, "height")),
        halves: group.children().filter(solid).map(|it| number(it, "width")).collect(),
        texts: texts.map(|it| (number(it, "x"), number(it, "y"), told(it))).collect(),
    }
}

/// Worked out by hand from the advances of §9.3: `build` is 623 + 633 + 274 + 274 + 623 = 2427 thousandths of 11 pixels,
/// so 26.7, cut to 26, made odd: 27. The left half is 27 + 10; the middle of its text is at 1 + 5 + 27/2.
#[test]
fn what_is_drawn_follows_the_rules_of_the_reference() {
    let drawn = |size, halves: &[u32], texts: &[(u32, u32, u32)]| Drawn {
        size,
        halves: halves.to_vec(),
        texts: texts.iter().map(|(x, y, width)| (*x, *y, Some(*width))).collect(),
    };
    let cases = [
        ("build", "passing", drawn((88, 20), &[37, 51], &[(195, 140, 270), (615, 140, 410)])),
        // success: 521 + 633 + 521 + 521 + 596 + 521 + 521 = 3834, so 42.2, 42, 43.
        ("build", "success", drawn((90, 20), &[37, 53], &[(195, 140, 270), (625, 140, 430)])),
        // coverage: 521 + 607 + 592 + 596 + 427 + 601 + 623 + 596 = 4563, so 50.2, 50, 51. 87%: 636 + 636 + 1076, 25.8, 25.
        ("coverage", "87%", drawn((96, 20), &[61, 35], &[(315, 140, 510), (775, 140, 250)])),
        // Without a label there is no left half, and the text stands in the middle: 5 + 41/2.
        ("", "passing", drawn((51, 20), &[51], &[(255, 140, 410)])),
        // Narrow ones: 10 × 274, so 30.1, 30, 31.
        ("a", "iiiiiiiiii", drawn((58, 20), &[17, 41], &[(95, 140, 70), (365, 140, 310)])),
    ];
    for (label, message, expected) in cases {
        assert_eq!(read(&Badge::new(label, message, Colour::BLUE).svg()), expected, "{label} {message}");
    }
    let plastic = Badge { style: Style::Plastic, ..Badge::new("build", "passing", Colour::BLUE) };
    assert_eq!(read(&plastic.svg()), drawn((88, 18), &[37, 51], &[(195, 130, 270), (615, 130, 410)]));
}

#[test]
fn shadow_corners_and_gloss_are_those_of_the_style() {
    for (style, radius, gradient, shadow) in [
        (Style::Flat, Some("3"), true, Some("150")),
        (Style::FlatSquare, None, false, None),
        (Style::Plastic, Some("4"), true, Some("140")),
        (Style::ForTheBadge, None, false, None),
    ] {
        let svg = Badge { style, ..Badge::new("build", "passing", Colour::BRIGHTGREEN) }.svg();
        let document = Document::parse(&svg).unwrap();
        let find = |name: &str| document.descendants().find(|it| it.has_tag_name(name));
        assert_eq!(find("clipPath").and_then(|it| it.first_child()?.attribute("rx")), radius, "{style:?}");
        assert_eq!(find("linearGradient").is_some(), gradient, "{style:?}");
        let hidden = document.descendants().find(|it| it.attribute("aria-hidden") == Some("true"));
        assert_eq!(hidden.and_then(|it| it.attribute("y")), shadow, "{style:?}");
    }
}

#[test]
fn a_logo_stands_at_the_left_and_moves_the_label() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let logo = ciworkshop::badge::Logo::new(svg).unwrap();
    let badge = Badge { logo: Some(&logo), ..Badge::new("build", "passing", Colour::BRIGHTGREEN) };
    let text = badge.svg();
    // 14 wide and 3 of free room: the left half grows by 17, and everything moves by as much.
    assert_eq!(read(&text).halves, [54, 51]);
    assert_eq!(read(&text).texts, [(365, 140, Some(270)), (785, 140, Some(410))]);
    let document = Document::parse(&text).unwrap();
    let image = document.descendants().find(|it| it.has_tag_name("image")).unwrap();
    let numbers = ["x", "y", "width", "height"].map(|it| number(image, it));
    assert_eq!(numbers, [5, 3, 14, 14]);
    assert!(image.attribute("href").unwrap().starts_with("data:image/svg+xml;base64,"));
}

#[test]
fn every_badge_is_whole_and_says_its_text() {
    for style in Style::ALL {
        for label in TEXTS {
            for message in ["passing", label] {
                let badge = Badge { style, ..Badge::new(label, message, Colour::ORANGE) };
                let svg = badge.svg();
                assert_eq!(svg, badge.svg(), "the same badge has the same bytes");
                let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
                let root = document.root_element();
                let title = format!("{label}: {message}");
                assert_eq!(root.attribute("aria-label"), Some(title.as_str()));
                assert_eq!(root.attribute("role"), Some("img"));
                assert_eq!(root.first_element_child().and_then(|it| it.text()), Some(title.as_str()));
                assert!(document.descendants().all(|it| !it.has_tag_name("script")));
                let drawn = read(&svg);
                assert_eq!(drawn.size.0, drawn.halves.iter().sum::<u32>());
            }
        }
    }
}

#[test]
fn texts_from_anywhere_are_drawn_as_one_short_line() {
    let long = "x".repeat(10_000);
    for (text, title) in [
        ("a\nb\tc", "a b c"),
        ("\u{1b}[31mred\u{0}", "[31mred"),
        ("\u{202e}gnidliub", "gnidliub"),
        (long.as_str(), &(format!("{}…", "x".repeat(MOST_LETTERS - 1)))),
    ] {
        let badge = Badge::new("", text, Colour::BLUE);
        assert_eq!(badge.title(), title);
        let svg = badge.svg();
        Document::parse(&svg).unwrap();
        assert!(svg.len() < 4000, "{}", svg.len());
    }
}

#[test]
fn right_to_left_is_said_and_letters_that_join_are_never_pulled_apart() {
    let svg = Badge::new("build", "نجح البناء", Colour::BRIGHTGREEN).svg();
    assert_eq!(svg.matches("direction=\"rtl\"").count(), 2, "the text and its shadow");
    assert_eq!(read(&svg).texts[1].2, None);
    assert!(!Badge::new("build", "passing", Colour::BLUE).svg().contains("direction"));
}

#[test]
fn ids_are_stable_and_no_two_badges_share_one() {
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for style in [Style::Flat, Style::Plastic] {
        for label in TEXTS {
            for colour in [Colour::RED, Colour::GREEN] {
                let svg = Badge { style, ..Badge::new(label, "x", colour) }.svg();
                let document = Document::parse(&svg).unwrap();
                let ids: Vec<_> = document.descendants().filter_map(|it| it.attribute("id")).collect();
                assert_eq!(ids.len(), 2);
                for id in ids {
                    assert!(svg.contains(&format!("url(#{id})")));
                    assert!(seen.insert(id.to_owned()), "{id} is there twice");
                    count += 1;
                }
            }
        }
    }
    // Where one text ends and the next begins counts too.
    let id = |label, message| {
        Badge::new(label, message, Colour::RED).svg().split("id=\"").nth(1).unwrap()[..13].to_owned()
    };
    assert_ne!(id("ab", "c"), id("a", "bc"));
    assert_eq!(count, 2 * 32 * 2 * 2);
}

#[test]
fn text_is_readable_on_every_named_colour() {
    for (name, colour) in NAMES {
        let svg = Badge::new("", "x", colour).svg();
        let document = Document::parse(&svg).unwrap();
        let text = document.descendants().rfind(|it| it.has_tag_name("text")).unwrap();
        let ink: Colour = text.attribute("fill").unwrap().parse().unwrap();
        assert!(colour.contrast(ink) >= LEAST_CONTRAST, "{name}: {}", colour.contrast(ink));
    }
}

/// A folder with the real program in it.
struct Place {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let place = Self { _folder: folder, root };
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap()
    }

    fn badge(&self, arguments: &[&str]) -> Answer {
        let mut command = support::program(&self.root);
        command.arg("badge").args(arguments).env("CIWORKSHOP_CACHE", self.root.join("cache"));
        Answer::from(command.env_remove("DRONE_SERVER").output().unwrap())
    }

    /// Makes a repository of it, with a remote and two branches where git is installed.
    fn repository(&self, remote: &str) {
        self.write(".git/HEAD", "ref: refs/heads/main\n");
        self.write(".git/config", &format!("[remote \"origin\"]\n\turl = {remote}\n"));
        self.write(".git/refs/heads/main", "0000000000000000000000000000000000000000\n");
    }
}

#[test]
fn a_badge_goes_to_the_output_or_into_a_file_and_only_once() {
    let place = Place::new(&[]);
    let shown = place.badge(&["licence", "MIT"]);
    assert_eq!(shown.out, Badge::new("licence", "MIT", Colour::BLUE).svg());
    let dash = place.badge(&["licence", "MIT", "--output", "-"]);
    assert_eq!(dash.out, shown.out);
    let wrote = place.badge(&["licence", "MIT", "-o", "docs/licence.svg"]);
    assert_eq!((wrote.code, wrote.out.as_str()), (0, "wrote docs/licence.svg: licence: MIT\n"));
    assert_eq!(place.text("docs/licence.svg"), shown.out);
    let again = place.badge(&["licence", "MIT", "-o", "docs/licence.svg"]);
    assert_eq!(again.out, "docs/licence.svg is up to date: licence: MIT\n");
    let other = place.badge(&["licence", "ISC", "-o", "docs/licence.svg", "--format", "json"]).json();
    assert_eq!((&other["changed"], &other["title"]), (&true.into(), &"licence: ISC".into()));
    assert!(other.get("svg").is_none());
}

#[test]
fn a_file_that_is_no_badge_of_ours_stays_unless_one_insists() {
    let place = Place::new(&[("mine.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), ("empty.svg", "")]);
    for name in ["mine.svg", "empty.svg"] {
        let before = place.text(name);
        let answer = place.badge(&["a", "b", "-o", name]);
        assert_eq!((answer.code, place.text(name)), (3, before));
        assert!(
            answer.err.contains("is no badge of this program") && answer.err.contains("--force"),
            "{}",
            answer.err
        );
        assert_eq!(place.badge(&["a", "b", "-o", name, "--force"]).code, 0);
        assert!(place.text(name).starts_with(BEGINNING));
    }
    let answer = place.badge(&["a", "b", "-o", "."]);
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains("is a folder"), "{}", answer.err);
}

#[test]
fn wrong_arguments_say_what_is_wrong_and_what_to_write() {
    let place = Place::new(&[("page.html", "<html/>")]);
    for (arguments, code, said, help) in [
        (&["a"][..], 2, "a message is missing", "write both"),
        (&["", " "], 2, "nothing to draw", "write one"),
        (&["a", "b", "--colour", "gren"], 2, "`gren` is no colour", "did you mean `green`?"),
        (&["a", "b", "--label-colour", "#12"], 2, "--label-colour: `#12`", "such as `4c1`"),
        (&["a", "b", "--style", "flatt"], 2, "no style `flatt`", "did you mean `flat`?"),
        (&["a", "b", "--logo", "https://example.com/a.png"], 2, "this is an address", "save the picture"),
        (&["a", "b", "--logo", "page.html"], 3, "page.html: it cannot be the logo", "PNG"),
        (&["a", "b", "--logo", "none.png"], 3, "none.png does not exist", "check the path"),
        (&["build", "fine"], 2, "`fine` is no state", "success, failure"),
        (&["build"], 3, "no run of", "ciworkshop run"),
        (&["coverage", "101"], 2, "101 is no percentage", "0 to 100"),
        (&["coverage", "page.html"], 3, "page.html says nothing about coverage", "coverage.xml"),
        (&["coverage", "87", "--thresholds", "x"], 2, "--thresholds: `x` has no `=`", "example"),
        (&["progress"], 3, "no workshop in this folder", "start"),
        (&["course", "--from", "page.html"], 3, "no complete progress file", "progress export"),
        (&["readme", "--server", "drone.example.com"], 2, "does not begin with https://", "https://drone"),
        (&["readme", "--server", "https://me:pw@drone.example.com"], 2, "a user's name", "https://drone"),
        (&["readme", "--repo", "hello"], 2, "not the name of a repository", "octocat/hello-world"),
        (&["readme", "--branches", "main"], 2, "does not name two branches", "main,develop"),
        (&["readme", "--test-report", "reports/{branch}"], 2, "does not begin with https://", "{branch}/"),
        (
            &["readme", "--test-report", "https://a.example/x) [y](z"],
            2,
            "signs that no address has",
            "{branch}/",
        ),
        (
            &["readme", "--branches", "a,b", "--test-report", "https://a.example/"],
            2,
            "is the same for both branches",
            "{branch}/",
        ),
        (&["readme", "--published", "cpan"], 2, "no index `cpan`", "there are pypi, npm, jsr, crates"),
        (&["readme", "--markup", "org"], 2, "no markup `org`", "markdown, rst and html"),
        (&["readme", "--write"], 3, "no README in", "make one"),
    ] {
        let answer = place.badge(arguments);
        assert_eq!(answer.code, code, "{arguments:?}: {answer:?}");
        assert!(answer.err.contains(said) && answer.err.contains(help), "{arguments:?}: {}", answer.err);
    }
}

#[test]
fn a_word_that_is_a_command_can_be_a_label() {
    let place = Place::new(&[]);
    let answer = place.badge(&["--", "build", "passing"]);
    assert_eq!(answer.out, Badge::new("build", "passing", Colour::BRIGHTGREEN).svg());
}

#[test]
fn a_text_that_is_cut_is_said() {
    let answer = Place::new(&[]).badge(&["a", &"x".repeat(300)]);
    assert_eq!((answer.code, answer.err.contains("longer than 200 letters")), (0, true), "{}", answer.err);
}

#[test]
fn the_states_of_a_build_look_as_on_a_drone_server() {
    let place = Place::new(&[]);
    for (state, message, colour) in [
        ("success", "success", "#4c1"),
        ("running", "started", "#dfb317"),
        ("error", "error", "#9f9f9f"),
        ("failure", "failure", "#e05d44"),
        ("none", "none", "#9f9f9f"),
    ] {
        let answer = place.badge(&["build", state, "--format", "json"]).json();
        let shown = (answer["label"].as_str(), answer["message"].as_str(), answer["colour"].as_str());
        assert_eq!(shown, (Some("build"), Some(message), Some(colour)));
    }
}

#[cfg(unix)]
#[test]
fn the_last_run_becomes_a_badge() {
    let pipeline = |command: &str| {
        format!(
            "kind: pipeline\ntype: docker\nname: a\nsteps:\n- name: test\n  image: busybox\n  commands: ['{command}']\n"
        )
    };
    let place = Place::new(&[(".drone.yml", &pipeline("true"))]);
    for (command, message, code) in [("true", "success", 0), ("false", "failure", 1)] {
        place.write(".drone.yml", &pipeline(command));
        let mut run = support::program(&place.root);
        run.args(["run", "--backend", "plain", "--yes"]).env("CIWORKSHOP_CACHE", place.root.join("cache"));
        assert_eq!(run.output().unwrap().status.code(), Some(code));
        let answer = place.badge(&["build", "--format", "json"]);
        assert_eq!(answer.json()["message"], message, "{}", answer.err);
    }
}

#[test]
fn coverage_comes_from_a_report_or_a_number() {
    let lcov = "SF:a.py\nLF:10\nLH:9\nend_of_record\n";
    let place = Place::new(&[("lcov.info", lcov), ("50", lcov)]);
    for (arguments, message, colour) in [
        (&["lcov.info"][..], "90%", "#4c1"),
        (&["87.9%"], "87%", "#97ca00"),
        (&["0"], "0%", "#e05d44"),
        (&["87", "--thresholds", "95=brightgreen,50=yellow"], "87%", "#dfb317"),
        // A file of that name comes first.
        (&["50"], "90%", "#4c1"),
    ] {
        let all = [&["coverage"], arguments, &["--format", "json"]].concat();
        let answer = place.badge(&all).json();
        assert_eq!((answer["message"].as_str(), answer["colour"].as_str()), (Some(message), Some(colour)));
    }
}

#[test]
fn a_course_badge_matches_its_own_progress_and_claims_no_more() {
    let desk = Desk::new();
    let all = support::exercises();
    desk.solve("01_clean_machine/01_nothing_is_installed");
    assert_eq!(desk.run(&["check", "1.1"]).code, 0);
    assert_eq!(desk.run(&["progress", "export", "progress.json"]).code, 0);
    let progress = desk.run(&["badge", "progress", "--format", "json"]).json();
    assert_eq!((&progress["message"], &progress["passed"]), (&format!("1/{all}").into(), &1.into()));
    assert_eq!(desk.run(&["badge", "course", "-o", "now.svg"]).code, 0);
    assert_eq!(desk.run(&["badge", "course", "--from", "progress.json", "-o", "course.svg"]).code, 0);
    let badge = fs::read_to_string(desk.root.join("course.svg")).unwrap();
    assert_eq!(badge, fs::read_to_string(desk.root.join("now.svg")).unwrap());
    assert!(badge.contains(&format!("<title>ciworkshop: 1 of {all} exercises passed</title>")), "{badge}");

    let verify = |badge: &str, progress: &str| desk.run(&["badge", "verify", badge, progress]);
    let good = verify("course.svg", "progress.json");
    assert_eq!(good.code, 0, "{good:?}");
    assert!(good.out.contains("Nothing more is proved"), "{}", good.out);
    // Another layout of the same file is the same progress.
    let value: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.root.join("progress.json")).unwrap()).unwrap();
    fs::write(desk.root.join("flat.json"), value.to_string()).unwrap();
    assert_eq!(verify("course.svg", "flat.json").code, 0);

    for (from, to, why) in [
        (format!("1 of {all}"), format!("{all} of {all}"), "its digest is another one"),
        (
            format!(">1 of {all} exercises passed</text></g>"),
            format!(">{all} of {all} exercises passed</text></g>"),
            "its words were changed",
        ),
    ] {
        fs::write(desk.root.join("forged.svg"), badge.replace(&from, &to)).unwrap();
        let forged = verify("forged.svg", "progress.json");
        assert_eq!(forged.code, 1, "{forged:?}");
        assert!(forged.out.contains(why), "{}", forged.out);
    }
    assert_eq!(desk.run(&["hint"]).code, 0);
    assert_eq!(desk.run(&["progress", "export", "later.json"]).code, 0);
    let later = verify("course.svg", "later.json");
    assert_eq!((later.code, later.out.contains("badge course --from later.json")), (1, true), "{later:?}");
    assert_eq!(desk.run(&["badge", "a", "b", "-o", "plain.svg"]).code, 0);
    for (badge, said) in
        [("plain.svg", "a badge without a digest"), ("README.md", "no badge of this program")]
    {
        let answer = verify(badge, "progress.json");
        assert_eq!((answer.code, answer.err.contains(said)), (3, true), "{answer:?}");
    }
}

const PIPELINE: &str = "kind: pipeline\ntype: docker\nname: a\nsteps:\n- name: test\n  image: python\n  commands:\n  - pytest\n  - codecov\n\
    - name: release\n  image: plugins/pypi\n  settings: {username: a}\n";
const PYPROJECT: &str = "[project]\nname = \"fb-scraper\"\nlicense = \"MIT\"\nrequires-python = \">=3.9\"\n\
    classifiers = [\"Programming Language :: Python :: 3\", \"Programming Language :: Python :: 3.9\"]\n";
const SERVER: [&str; 3] = ["readme", "--server", "https://drone.example.com/"];

fn project() -> Place {
    let place = Place::new(&[
        (".drone.yml", PIPELINE),
        ("pyproject.toml", PYPROJECT),
        ("LICENSE", "x"),
        ("README.md", "# A\n\ntext\n"),
    ]);
    place.repository("git@github.com:octocat/fb-scraper.git");
    place
}

#[test]
fn a_readme_shows_what_the_project_has() {
    let place = project();
    let answer = place.badge(&SERVER);
    let expected = "\
[![Build status](https://drone.example.com/api/badges/octocat/fb-scraper/status.svg)](https://drone.example.com/octocat/fb-scraper)
[![Test coverage of branch main](https://codecov.io/gh/octocat/fb-scraper/branch/main/graph/badge.svg)](https://codecov.io/gh/octocat/fb-scraper/branch/main)
[![Version of fb-scraper on PyPI](https://img.shields.io/pypi/v/fb-scraper)](https://pypi.org/project/fb-scraper/)
[![Python versions](https://img.shields.io/pypi/pyversions/fb-scraper)](https://pypi.org/project/fb-scraper/)
[![Licence: MIT](https://img.shields.io/badge/licence-MIT-blue)](LICENSE)
";
    assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (0, expected, ""));
    for (more, address) in [
        (["--branch", "feature/a b"], "status.svg?branch=feature/a%20b)"),
        (["--ref", "refs/tags/v1"], "status.svg?ref=refs/tags/v1)"),
        (["--repo", "group/sub/name"], "/api/badges/group/sub/name/status.svg)"),
    ] {
        let answer = place.badge(&[&SERVER[..], &more].concat());
        assert!(answer.out.contains(address), "{more:?}: {}", answer.out);
    }
}

#[test]
fn what_is_only_guessed_is_left_out_and_said() {
    let place = project();
    place.write(".drone.yml", &PIPELINE.replace("plugins/pypi", "python"));
    let answer = place.badge(&["readme"]);
    assert!(
        answer.err.contains("left out: build: the address of the Drone server is not known"),
        "{}",
        answer.err
    );
    assert!(
        answer.err.contains("nothing says that it is on PyPI; if it is: --published pypi"),
        "{}",
        answer.err
    );
    assert!(
        !answer.out.contains("pypi.org") && answer.out.contains("badge/python-3.9-blue"),
        "{}",
        answer.out
    );
    assert!(place.badge(&["readme", "--published", "pypi"]).out.contains("pypi/v/fb-scraper"));
    let private = Place::new(&[
        ("package.json", "{\"name\": \"@a/b\", \"private\": true, \"license\": \"ISC\"}"),
        ("Cargo.toml", "[package]\nname = \"a\"\npublish = false\n"),
        (
            "setup.cfg",
            "[metadata]\nname = a\nclassifiers =\n    Private :: Do Not Upload\n[options]\npython_requires = >=3.8\n",
        ),
    ]);
    let answer = private.badge(&["readme"]);
    assert_eq!(answer.err.matches("says that the package is private").count(), 3, "{}", answer.err);
    assert!(
        answer.out.contains("python-%3E%3D3.8-blue") && answer.out.contains("licence-ISC-blue"),
        "{}",
        answer.out
    );
    let nothing = Place::new(&[]).badge(&["readme"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
    assert!(nothing.err.contains("nothing is found"), "{}", nothing.err);
}

#[test]
fn a_setup_py_is_read_and_not_run() {
    let badges = |setup: &str| Place::new(&[("setup.py", setup)]).badge(&["readme", "--published", "pypi"]);
    let good = badges(
        "# setup(name='old')\nfrom setuptools import setup\nNAMES = ['a']\nsetup(\n    packages=NAMES, full_name='x',\n    name = \"sea-chart\",\n    license='MIT',\n    python_requires=\">=3.10\",\n)\n",
    );
    assert!(good.out.contains("img.shields.io/pypi/v/sea-chart"), "{} {}", good.out, good.err);
    assert!(
        good.out.contains("python-%3E%3D3.10-blue") && good.out.contains("licence-MIT-blue"),
        "{}",
        good.out
    );
    for computed in [
        "from setuptools import setup\nsetup(name=NAME)\n",
        "from setuptools import setup\nsetup(name='a' + SUFFIX)\n",
        "from setuptools import setup\nsetup(name=f'a{1}')\n",
        "import os\nname = 'not-a-package'\n",
    ] {
        let answer = badges(computed);
        assert!(!answer.out.contains("pypi"), "{computed}: {}", answer.out);
    }
    let private = Place::new(&[(
        "setup.py",
        "from setuptools import setup\nsetup(name='a', classifiers=['Private :: Do Not Upload', \"Programming Language :: Python :: 3.12\"])\n",
    )])
    .badge(&["readme"]);
    assert!(private.out.contains("python-3.12-blue"), "{} {}", private.out, private.err);
    assert!(private.err.contains("setup.py says that the package is private"), "{}", private.err);
}

#[test]
fn a_project_inside_the_repository_of_another_has_badges_of_its_own() {
    let place = Place::new(&[
        ("README.md", "# Around\n"),
        ("Cargo.toml", "[package]\nname = \"around\"\nlicense = \"MIT\"\n"),
        ("inner/README.md", "# Inner\n"),
        ("inner/.drone.yml", "kind: pipeline\n"),
        ("inner/pyproject.toml", "[project]\nname = \"inner\"\nrequires-python = \">=3.11\"\n"),
    ]);
    place.repository("https://github.com/octocat/around.git");
    fs::create_dir_all(place.root.join("inner/src")).unwrap();
    for folder in ["inner", "inner/src"] {
        let mut command = support::program(&place.root.join(folder));
        command.args(["badge", "readme", "--write"]).env("CIWORKSHOP_CACHE", place.root.join("cache"));
        let answer = Answer::from(command.env_remove("DRONE_SERVER").output().unwrap());
        assert_eq!(place.text("README.md"), "# Around\n", "{} {}", answer.out, answer.err);
    }
    assert!(
        place.text("inner/README.md").contains("python-%3E%3D3.11-blue"),
        "{}",
        place.text("inner/README.md")
    );
}

#[test]
fn a_package_of_every_language_shows_its_version_where_something_says_that_it_is_there() {
    let pom = "<project><parent><groupId>org.sea</groupId><artifactId>all</artifactId></parent>\
        <artifactId>tide</artifactId><build>central-publishing-maven-plugin</build></project>";
    let rows: [(&str, &str, &str, &str); 10] = [
        (
            "deno.json",
            "{\"name\": \"@sea/tide\", \"version\": \"1.0.0\", \"exports\": \"./mod.ts\"}",
            "`deno add jsr:@sea/tide`",
            "https://img.shields.io/jsr/v/@sea/tide)](https://jsr.io/@sea/tide)",
        ),
        (
            "tide.gemspec",
            "Gem::Specification.new do |s|\n  # s.name = 'old'\n  s.name = 'tide'\n  s.license = 'MIT'\nend\n",
            "gem install tide",
            "https://img.shields.io/gem/v/tide)](https://rubygems.org/gems/tide)",
        ),
        (
            "composer.json",
            "{\"name\": \"sea/tide\", \"type\": \"library\"}",
            "composer require sea/tide",
            "https://img.shields.io/packagist/v/sea/tide)](https://packagist.org/packages/sea/tide)",
        ),
        (
            "mix.exs",
            "def project do\n  [app: :tide, package: package()]\nend\n",
            "{:tide, \"~> 1.0\"}",
            "https://img.shields.io/hexpm/v/tide)](https://hex.pm/packages/tide)",
        ),
        (
            "pom.xml",
            pom,
            "",
            "https://img.shields.io/maven-central/v/org.sea/tide)](https://central.sonatype.com/artifact/org.sea/tide)",
        ),
        (
            "src/Tide/Tide.csproj",
            "<Project><PropertyGroup><PackageId>Sea.Tide</PackageId></PropertyGroup></Project>",
            "dotnet add package Sea.Tide",
            "https://img.shields.io/nuget/v/Sea.Tide)](https://www.nuget.org/packages/Sea.Tide)",
        ),
        (
            "DESCRIPTION",
            "Package: tide\nVersion: 0.1.0\nLicense: MIT + file LICENSE\n",
            "install.packages(\"tide\")",
            "https://img.shields.io/cran/v/tide)](https://cran.r-project.org/package=tide)",
        ),
        (
            "go.mod",
            "module github.com/sea/tide\n\ngo 1.24\n",
            "go install github.com/sea/tide/cmd/tide@latest",
            "[![Go reference of github.com/sea/tide](https://pkg.go.dev/badge/github.com/sea/tide.svg)]",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"tide_table\"\nrequires-python = \">=3.9\"\n\
             classifiers = [\"Programming Language :: Python :: 3\"]\n",
            "pip install tide-table",
            "https://img.shields.io/badge/python-%3E%3D3.9-blue",
        ),
        (
            "package.json",
            "{\"name\": \"tide\", \"version\": \"1.0.0\"}",
            "yarn add tide",
            "https://img.shields.io/npm/v/tide)](https://www.npmjs.com/package/tide)",
        ),
    ];
    for (file, manifest, told, badge) in rows {
        let readme = format!("# Tide\n\n{told}\n");
        let answer = Place::new(&[(file, manifest), ("README.md", &readme)]).badge(&["readme"]);
        assert!(answer.out.contains(badge), "{file}: {}{}", answer.out, answer.err);
        if !told.is_empty() {
            let silent = Place::new(&[(file, manifest)]).badge(&["readme"]);
            assert!(silent.err.contains("but nothing says that it is on"), "{file}: {}", silent.err);
        }
    }
    // A list of tools is no package, and an application is none for others.
    let tools = Place::new(&[("package.json", "{\"name\": \"tide\", \"devDependencies\": {}}")]);
    assert!(!tools.badge(&["readme"]).err.contains("npm"));
    let inside = Place::new(&[
        ("pyproject.toml", "[build-system]\nrequires = [\"maturin>=1\"]\n[project]\nname = \"tide\"\n"),
        ("Cargo.toml", "[package]\nname = \"tide-core\"\n"),
        (
            "pom.xml",
            "<project><groupId>a</groupId><artifactId>b</artifactId><packaging>pom</packaging></project>",
        ),
    ]);
    assert_eq!(inside.badge(&["readme"]).err.matches("left out").count(), 1, "the one of Python");
    let application = Place::new(&[("composer.json", "{\"name\": \"sea/site\", \"type\": \"project\"}")]);
    assert!(application.badge(&["readme"]).err.contains("composer.json says that the package is private"));
}

#[test]
fn two_branches_stand_side_by_side() {
    let place = project();
    place.write(".git/refs/heads/develop", "0000000000000000000000000000000000000000\n");
    let answer = place.badge(&SERVER);
    assert!(
        answer.out.contains(
            "\n| | main | develop |\n| --- | --- | --- |\n| Build | [![Build status of branch main]"
        )
    );
    assert!(answer.out.contains("| Test coverage | [![Test coverage of branch main]"), "{}", answer.out);
    assert_eq!(answer.out.matches("status.svg?branch=develop").count(), 1);
    assert!(!answer.out.contains("status.svg)"), "what the table shows does not stand above it too");
    let chosen = place.badge(&[&SERVER[..], &["--branches", "master,next"]].concat());
    assert!(chosen.out.contains("| | master | next |"), "{}", chosen.out);
    let html = place.badge(&[&SERVER[..], &["--markup", "html"]].concat()).out;
    assert_eq!(html.matches("<img ").count(), html.matches(" alt=\"").count());
    assert!(html.contains("<tr><th></th><th>main</th><th>develop</th></tr>"), "{html}");
    let rst = place.badge(&[&SERVER[..], &["--markup", "rst"]].concat()).out;
    assert_eq!(rst.matches(".. image:: ").count(), rst.matches("   :alt: ").count());
    assert!(
        rst.contains("   * -\n     - main\n     - develop\n   * - Build\n     - .. image:: https://"),
        "{rst}"
    );
}

#[test]
fn the_test_report_of_a_branch_is_named_or_known_to_codecov() {
    let place = project();
    let table = [&SERVER[..], &["--branches", "main,fix/a"]].concat();
    let asked = place.badge(&table);
    assert!(asked.err.contains("left out: test report: nothing here says where"), "{}", asked.err);
    assert!(asked.err.contains("--test-report 'https://reports.example.com/{branch}/'"), "{}", asked.err);
    assert!(!asked.out.contains("Test report"), "{}", asked.out);
    let page = "https://reports.example.com/{branch}/index.html?from=ci";
    let named = place.badge(&[&table[..], &["--test-report", page]].concat());
    let row = "| Test report | [![Test report of branch main](https://img.shields.io/badge/test_report-main-blue)]\
(https://reports.example.com/main/index.html?from=ci) | [![Test report of branch fix/a]\
(https://img.shields.io/badge/test_report-fix%2Fa-blue)](https://reports.example.com/fix/a/index.html?from=ci) |\n";
    assert!(named.out.contains(row) && named.err.is_empty(), "{}{}", named.out, named.err);
    // One branch: a picture among the others, and nothing is said where there is none.
    let one = place.badge(&[&SERVER[..], &["--test-report", "https://reports.example.com/"]].concat());
    assert!(one.out.contains("[![Test report of branch main]"), "{}", one.out);
    assert!(one.out.contains("](https://reports.example.com/)\n"), "{}", one.out);
    // Codecov gets the results: its page is the report, and that alone is no coverage.
    let results = "codecovcli do-upload --report-type test_results --file junit.xml";
    place.write(".drone.yml", &PIPELINE.replace("codecov\n", &format!("{results}\n")));
    assert!(place.text(".drone.yml").contains(results));
    let known = place.badge(&table);
    assert!(
        known.out.contains("](https://app.codecov.io/gh/octocat/fb-scraper/tests/main) |"),
        "{}",
        known.out
    );
    assert!(known.out.contains("/tests/fix%2Fa) |\n"), "{}", known.out);
    assert!(!known.out.contains("Test coverage"), "{}", known.out);
}

#[test]
fn a_readme_is_written_once_and_only_between_the_markers() {
    let place = project();
    let write = [&SERVER[..], &["--write"]].concat();
    let diff = [&SERVER[..], &["--diff"]].concat();
    let seen = place.badge(&diff);
    assert_eq!((seen.code, place.text("README.md").as_str()), (1, "# A\n\ntext\n"));
    assert!(
        seen.out.starts_with("--- README.md\n+++ README.md\n")
            && seen.out.contains("\n+<!-- ciworkshop badges: begin -->\n")
    );
    let wrote = place.badge(&write);
    assert_eq!((wrote.code, wrote.out.as_str()), (0, "wrote README.md: 5 badges\n"));
    let once = place.text("README.md");
    assert!(
        once.starts_with("# A\n\n<!-- ciworkshop badges: begin -->\n\n[![") && once.ends_with("\n\ntext\n"),
        "{once}"
    );
    assert_eq!(place.badge(&write).out, "README.md is up to date: 5 badges\n");
    assert_eq!((place.badge(&diff).code, place.text("README.md")), (0, once.clone()));
    // What stands elsewhere stays, byte by byte, and a badge that is gone goes.
    place.write("README.md", &once.replace("text\n", "my own words\n"));
    place.write("pyproject.toml", "");
    assert_eq!(place.badge(&write).out, "wrote README.md: 2 badges\n");
    let less = place.text("README.md");
    assert!(
        less.ends_with("<!-- ciworkshop badges: end -->\n\nmy own words\n") && !less.contains("pypi"),
        "{less}"
    );
}

#[test]
fn a_badge_that_the_readme_has_already_is_said() {
    let place = project();
    let before = "# A\n\n![PyPI](https://img.shields.io/pypi/v/fb-scraper?style=flat)\n";
    place.write("README.md", before);
    for _ in 0..2 {
        let answer = place.badge(&[&SERVER[..], &["--write"]].concat());
        let line = if answer.out.starts_with("wrote") { 3 } else { 13 };
        let note = format!("note: README.md:{line} shows the version badge already; keep one of them\n");
        assert_eq!(answer.err, note);
    }
    assert!(place.text("README.md").ends_with(&before[4..]));
}

#[test]
fn markers_that_are_broken_leave_the_readme_alone() {
    let place = project();
    let broken = "# A\n<!-- ciworkshop badges: begin -->\ntext\n";
    place.write("README.md", broken);
    let answer = place.badge(&[&SERVER[..], &["--write"]].concat());
    assert_eq!((answer.code, place.text("README.md").as_str()), (3, broken));
    assert!(answer.err.contains("README.md:2: the badges begin here"), "{}", answer.err);
    // They can still be looked at.
    assert_eq!(place.badge(&SERVER).code, 0);
}

#[test]
fn the_markup_is_that_of_the_readme() {
    let place = project();
    fs::remove_file(place.root.join("README.md")).unwrap();
    place.write("README.rst", "A\n=\n\ntext\n");
    let wrote = place.badge(&[&SERVER[..], &["--write", "--format", "json"]].concat()).json();
    assert_eq!((&wrote["markup"], &wrote["changed"]), (&"rst".into(), &true.into()));
    assert_eq!(wrote["badges"][0]["evidence"], ".drone.yml");
    assert!(
        place
            .text("README.rst")
            .starts_with("A\n=\n\n.. ciworkshop badges: begin\n\n.. image:: https://drone.example.com/")
    );
}

#[test]
fn markdown_makes_pictures_with_words_of_what_is_written() {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let place = project();
    place.write(".git/refs/heads/develop", "0000000000000000000000000000000000000000\n");
    place.write("pyproject.toml", &PYPROJECT.replace("\"MIT\"", "\"a_b*c* <or> [d]\""));
    place.badge(&[&SERVER[..], &["--write"]].concat());
    let text = place.text("README.md");
    let (mut pictures, mut words, mut inside) = (0, Vec::new(), false);
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Image { .. }) => (pictures, inside) = (pictures + 1, true),
            Event::End(TagEnd::Image) => inside = false,
            Event::Start(Tag::TableHead) => words.push("a table".to_owned()),
            Event::Text(text) if inside => words.push(text.to_string()),
            _ => {}
        }
    }
    assert_eq!(
        (pictures, words.join("").contains("Licence: a_b*c* <or> [d]")),
        (7, true),
        "{words:?}\n{text}"
    );
    assert!(words.contains(&"a table".to_owned()), "{text}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_two_texts_make_a_whole_badge(label in "\\PC{0,20}|.{0,300}", message in ".{0,40}", style in 0..4_usize, colour: [u8; 3]) {
        let colour = Colour::new(colour[0], colour[1], colour[2]);
        let badge = Badge { style: Style::ALL[style], ..Badge::new(&label, &message, colour) };
        let svg = badge.svg();
        let document = Document::parse(&svg).unwrap();
        assert_eq!(document.root_element().attribute("aria-label"), Some(badge.title().as_str()));
        let drawn = read(&svg);
        assert_eq!(drawn.size, badge.size());
        assert_eq!(drawn.size.0, drawn.halves.iter().sum::<u32>());
        for (middle, _, told) in drawn.texts {
            assert!(middle + told.unwrap_or(0) / 2 <= 10 * drawn.size.0 - 40, "{svg}");
        }
    }

    #[test]
    fn whatever_a_readme_holds_its_own_lines_stay_and_the_badges_come_once(
        lines in proptest::collection::vec("# A|A|===|---|```|~~~|<h1>a</h1>|<body>|| text|\\.\\. note", 0..12),
        end in "\n|\r\n",
        last in proptest::bool::ANY,
    ) {
        use ciworkshop::badge::readme::{Markup, put};
        let readme = lines.join(&end) + if last { &end } else { "" };
        for markup in [Markup::Markdown, Markup::Rst, Markup::Html] {
            let once = put(&readme, "X\n", markup).unwrap();
            assert_eq!(put(&once, "X\n", markup).unwrap(), once);
            assert_eq!(once.matches("ciworkshop badges: begin").count(), 1);
            let without = |text: &str| -> Vec<String> {
                let lines = text.lines().map(str::trim_end).filter(|it| !it.is_empty() && *it != "X");
                lines.filter(|it| !it.contains("ciworkshop badges:")).map(str::to_owned).collect()
            };
            assert_eq!(without(&once), without(&readme));
        }
    }
}
