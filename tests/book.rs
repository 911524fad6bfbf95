//! The book: what the build refuses in its sources, and what its rendered pages promise.

#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "all names here are our own")]

// The build script's own modules, so that its refusals are tested without a build each.
#[allow(dead_code, unused_imports, reason = "the build script uses all of it, the test a part")]
#[path = "../build/mod.rs"]
mod site;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ciworkshop::engine::course::{Course, Files};
use ciworkshop::engine::diagnostic::render;
use ciworkshop::engine::lint::{lint, rules};
use ciworkshop::engine::source::SourceFile;
use site::{Page, Shelf};

fn page(path: &str, text: &str) -> Page {
    Page { path: path.to_owned(), title: path.to_owned(), text: text.to_owned() }
}

const GOOD: &str =
    "kind: pipeline\ntype: docker\nname: p\nsteps:\n- name: s\n  image: i:1\n  commands: [c]\n";

fn course() -> Course {
    let files: Files = [
        ("01_one/chapter.yml", "title: One\n"),
        ("01_one/01_first/exercise.yml", EXERCISE),
        ("01_one/01_first/start/.drone.yml", GOOD),
    ]
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .into();
    Course::read(&files).unwrap()
}

const EXERCISE: &str = "\
id: first
title: A <first> one
rung: fix
minutes: 5
page: one/first.html#exercise
edit: [.drone.yml]
goal: |
  Make it *good*.
hints: [Look here., Think of this., Shape it so.]
expect_first: CW-x
checks:
  - code: CW-x
    says: It is good.
    expected: Good.
    next: Make it so.
    model: { named: yes }
";

/// A book with one chapter, then another, and a glossary.
fn shelf(texts: &[(&str, &str)]) -> Shelf {
    let pages = texts.iter().map(|(path, text)| page(path, text)).collect();
    let files = [("pipelines/good.yml", GOOD), ("pipelines/empty.yml", "")];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    Shelf { pages, files, course: course() }
}

/// The problems that the build reports for a book of these pages, as it prints them.
fn problems(texts: &[(&str, &str)]) -> Vec<String> {
    let shelf = shelf(texts);
    let mut all: Vec<String> =
        shelf.pages.iter().flat_map(|it| site::expand(it, &shelf).1).map(|it| it.to_string()).collect();
    let rendered: BTreeMap<String, String> = shelf
        .pages
        .iter()
        .map(|it| (it.html(), "<h2 id=\"there\"></h2><dt id=\"word\"></dt><i id=\"exercise\">".to_owned()))
        .collect();
    all.extend(site::check_links(&shelf, &rendered).iter().map(ToString::to_string));
    all
}

#[test]
fn each_mistake_in_a_page_is_reported_with_file_and_line() {
    let cases = [
        (
            "\n{{#pipline pipelines/good.yml}}",
            "book/src/one/first.md:2: `pipline` is no directive; there are: code",
        ),
        ("see {{#code pipelines/good.yml}}", "book/src/one/first.md:1: a directive stands alone on its line"),
        (
            "{{#code pipelines/good.yml",
            "book/src/one/first.md:1: a directive stands alone on its line and ends with",
        ),
        ("{{#code}}", "book/src/one/first.md:1: `code` needs the path of a pipeline file"),
        (
            "{{#code pipelines/none.yml}}",
            "book/src/one/first.md:1: the book has no file `pipelines/none.yml`",
        ),
        (
            "{{#code pipelines/good.yml colour=red}}",
            "book/src/one/first.md:1: `code` has no option `colour`; it has: findings",
        ),
        (
            "{{#code pipelines/good.yml findings=yaml-syntax}}",
            "book/src/one/first.md:1: the file has findings none, and the page says yaml-syntax",
        ),
        (
            "{{#plan pipelines/good.yml event=puhs}}",
            "book/src/one/first.md:1: `puhs` is no event; there are: push",
        ),
        (
            "a\n\n{{#exercise second}}",
            "book/src/one/first.md:3: there is no exercise `second`; there are: first",
        ),
        ("{{#before none}}", "book/src/one/first.md:1: there is no rule `none`"),
        ("{{#rule}}", "book/src/one/first.md:1: `rule` needs the code of a rule"),
        ("{{#rules by=code}}", "book/src/one/first.md:1: `rules` has no option `by`; it has none"),
        (
            "{{#question}}\nWhy?\n",
            "book/src/one/first.md:1: this begins here and never ends with `{{/question}}`",
        ),
        (
            "{{#question}}\nWhy?\n- [x] so\n{{/question}}",
            "book/src/one/first.md:1: a question ends with a line `---`",
        ),
        (
            "{{#question}}\nWhy?\n- [x] so\n---\nx\n{{/question}}",
            "book/src/one/first.md:1: a question has at least two choices",
        ),
        (
            "{{#question}}\nWhy?\n- [ ] so\n- [ ] so\n---\nx\n{{/question}}",
            "book/src/one/first.md:1: a question has at least two choices",
        ),
        (
            "[x](second.md)",
            "book/src/one/first.md:1: `second.md` leads nowhere: the book has no `one/second.md`",
        ),
        (
            "a\nb [x](../two/later.md#nowhere)",
            "book/src/one/first.md:2: `../two/later.md#nowhere` leads nowhere: `two/later.md` has no `#nowhere`",
        ),
        ("[x](../../outside.md)", "book/src/one/first.md:1: `../../outside.md` leads out of the book"),
        ("[x](https://example.com)", "book/src/one/first.md:1: `https://example.com` leaves the book"),
        (
            "[x](../two/later.md#exercise)",
            "book/src/one/first.md:1: the exercise of `two/later.md` belongs to a later chapter",
        ),
        (
            "[x](../glossary.md#word)",
            "book/src/one/first.md:1: the word `word` is used before `two/later.md`, which explains it",
        ),
    ];
    for (text, expected) in cases {
        let glossary = "word\n: Means something.\n  {{#introduced two/later.md}}\n";
        let found = problems(&[("one/first.md", text), ("two/later.md", "# L"), ("glossary.md", glossary)]);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{text}\n{found:#?}\n{expected}");
    }
}

#[test]
fn a_good_page_has_no_problems() {
    let text = "# One\n{{#pipeline pipelines/good.yml}}\n{{#plan pipelines/good.yml event=tag tag=v2 fail=s}}\n\
                {{#table pipelines/good.yml events=push,cron}}\n{{#code pipelines/good.yml}}\n{{#exercise first}}\n\
                [a](#there) [b](../two/later.md) [c](../glossary.md#word) [d](../pipelines/good.yml)\n\
                ```text\n{{#nothing here}}\n```\n";
    let glossary = "word\n: Means something.\n  {{#introduced one/first.md}}\n";
    let pages = [
        ("one/first.md", text),
        ("two/later.md", "[x](../one/first.md#exercise)"),
        ("glossary.md", glossary),
    ];
    assert_eq!(problems(&pages), Vec::<String>::new());
}

#[test]
fn a_word_of_the_glossary_says_where_it_is_explained() {
    let glossary =
        "# Words\n\nword\n: Means something.\n\nother\n: Means more.\n  {{#introduced one/none.md}}\n";
    let found = problems(&[("one/first.md", ""), ("glossary.md", glossary)]);
    let expected = [
        "book/src/glossary.md:8: `one/none.md` is no page of the book",
        "book/src/glossary.md:3: `word` does not say where it is explained first; end it with {{#introduced PAGE.md}}",
        "book/src/glossary.md:6: `other` is introduced by `one/none.md`, which is no page of the book",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_exercise_stands_on_the_page_that_it_names_and_nowhere_else() {
    let found = problems(&[("one/other.md", "{{#exercise first}}")]);
    let expected = "book/src/one/other.md:1: exercise `first` says that its page is `one/first.html#exercise`, and \
                    this is `one/other.html#exercise`";
    assert_eq!(found, [expected]);
    let unseen = site::check_exercises(&shelf(&[("one/first.md", "# Nothing here")]));
    assert_eq!(unseen, ["exercises/01_one/01_first: no page of the book shows `first`"]);
    assert!(site::check_exercises(&shelf(&[("one/first.md", "{{#exercise first}}")])).is_empty());
}

#[test]
fn texts_of_exercises_and_files_come_in_as_text() {
    let shelf = shelf(&[("one/first.md", "{{#exercise first}}")]);
    let (html, _) = site::expand(&shelf.pages[0], &shelf);
    assert!(html.contains("Exercise 1.1: A &lt;first&gt; one"), "{html}");
    assert!(html.contains("<p>Make it <em>good</em>.</p>"), "{html}");
    assert!(!html.trim_end().contains('\n'), "a blank line would end the section for Markdown");
}

#[test]
fn the_table_of_contents_lists_every_page_and_no_other() {
    let files: Files =
        ["SUMMARY.md", "a.md", "lost.md", "x.yml"].map(|it| (it.to_owned(), Vec::new())).into();
    let found = site::check_summary("# Summary\n\n[A](a.md)\n- [B](b.md)\n", &files);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = [
        "book/src/SUMMARY.md:4: `b.md` is listed here and is not there",
        "book/src/SUMMARY.md:4: `lost.md` is there and is not listed here",
    ];
    assert_eq!(found, expected);
}

#[test]
fn dead_targets_of_the_rendered_site_are_found() {
    let pages: BTreeMap<String, String> = [
        ("index.html", "<a href=\"a/b.html#x\"> <a href=\"a/b.html#y\"> <img src=\"none.png\">"),
        ("a/b.html", "<i id=\"x\"> <a href=\"../index.html\"> <script src=\"//example.com/x.js\">"),
    ]
    .map(|(path, html)| (path.to_owned(), html.to_owned()))
    .into();
    let files = pages.keys().cloned().collect();
    let expected = [
        "a/b.html: `//example.com/x.js` leads nowhere",
        "index.html: `a/b.html#y` leads to an id that is not there",
        "index.html: `none.png` leads nowhere",
    ];
    assert_eq!(site::check_site(&pages, &files), expected);
}

#[test]
fn drawings_and_findings_are_what_the_engine_says() {
    let shelf =
        shelf(&[("one/first.md", "{{#plan pipelines/good.yml fail=s}}\n{{#table pipelines/good.yml}}\n")]);
    let (html, problems) = site::expand(&shelf.pages[0], &shelf);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(html.contains("<li>s runs after clone and fails.</li>"), "{html}");
    assert!(html.contains("<tr><th scope=\"row\"><code>s</code></th><td class=\"runs\">runs</td>"), "{html}");
}

#[test]
fn every_pipeline_that_is_shown_has_its_graph_and_its_table_if_a_build_starts_from_it() {
    let course = Course::read(&tree(Path::new("exercises"))).unwrap();
    let files = tree(Path::new("book/src"));
    let shown = |line: &str| {
        let shelf = Shelf { pages: vec![page("p.md", line)], files: files.clone(), course: course.clone() };
        site::expand(&shelf.pages[0], &shelf).0
    };
    for directive in ["code", "pipeline"] {
        let html = shown(&format!("{{{{#{directive} pipelines/three-questions/and-or.yml}}}}\n"));
        assert_eq!(html.matches("<svg class=\"plan-graph\"").count(), 1, "{html}");
        let folded = html.split("<details class=\"what-runs\">").nth(1).unwrap();
        for event in ["push", "pull_request", "tag", "cron"] {
            assert!(folded.contains(&format!("<code>{event}</code>")), "{directive}: {folded}");
        }
        assert!(folded.contains("skipped") && folded.contains("runs"), "{directive}: {folded}");
        let path = "pipelines/three-questions/and-or.yml";
        let tabled = shown(&format!("{{{{#{directive} {path}}}}}\n{{{{#table {path} events=push,tag}}}}\n"));
        assert_eq!(tabled.matches("<table").count(), 1, "what the page has is not said twice: {tabled}");
        assert_eq!(tabled.matches("<svg class=\"plan-graph\"").count(), 1, "{tabled}");
        let planned = shown(&format!("{{{{#{directive} {path}}}}}\n{{{{#plan {path}}}}}\n"));
        let expected = if directive == "code" { 1 } else { 2 };
        assert_eq!(planned.matches("<svg class=\"plan-graph\"").count(), expected, "{planned}");
    }
    let refused = shown("{{#code pipelines/one-file/typo.yml findings=unknown-key}}\n");
    assert!(refused.contains("what-runs"), "Drone takes a file with an unknown key: {refused}");
    let refused = shown("{{#findings pipelines/one-file/tab.yml findings=yaml-syntax}}\n");
    assert!(!refused.contains("what-runs"), "{refused}");
}

#[test]
fn every_pipeline_file_and_yaml_block_of_the_book_is_read_with_the_result_that_its_page_claims() {
    let files = tree(Path::new("book/src"));
    let course = Course::read(&tree(Path::new("exercises"))).unwrap();
    let sources = files.iter().filter(|(path, _)| path.ends_with(".md"));
    let pages: Vec<Page> =
        sources.map(|(path, text)| page(path, std::str::from_utf8(text).unwrap())).collect();
    let shelf = Shelf { pages: pages.clone(), files: files.clone(), course };
    for page in &pages {
        let (_, problems) = site::expand(page, &shelf);
        assert!(problems.is_empty(), "{problems:#?}");
    }
    let texts: String = pages.iter().map(|it| it.text.as_str()).collect();
    let pipelines: Vec<&String> = files.keys().filter(|it| it.ends_with(".yml")).collect();
    assert!(pipelines.len() > 15, "{pipelines:?}");
    for path in pipelines {
        assert!(path.starts_with("pipelines/") && texts.contains(path), "{path} is shown on no page");
    }
    assert!(texts.matches("```yaml").count() >= 2);
    let glossary = std::str::from_utf8(&files["glossary.md"]).unwrap();
    for (term, _) in glossary.lines().zip(glossary.lines().skip(1)).filter(|(_, next)| next.starts_with(": "))
    {
        let link = format!("glossary.md#{})", term.to_lowercase().replace(' ', "-"));
        assert!(texts.contains(&link), "no page leads to `{term}` of the glossary");
    }
}

#[test]
fn every_command_that_the_book_names_is_there() {
    let (_folder, files) = written();
    let html: String = pages(&files).into_values().collect();
    let named = html
        .split("ciworkshop ")
        .skip(1)
        .map(|it| it.chars().take_while(char::is_ascii_lowercase).collect::<String>());
    let named: std::collections::BTreeSet<String> = named.filter(|it| !it.is_empty()).collect();
    assert!(named.contains("plan") && named.contains("check"), "{named:?}");
    for command in named {
        let help =
            Command::new(env!("CARGO_BIN_EXE_ciworkshop")).args([&command, "--help"]).output().unwrap();
        assert!(help.status.success(), "`ciworkshop {command}` is no command");
    }
}

// ------------------------------------------------------------------------------------------- the rendered pages

/// The commands below these words, as the program itself lists them.
fn subcommands(help: &str) -> Vec<String> {
    let Some((_, listed)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = listed.lines().take_while(|it| it.starts_with("  "));
    let named = lines.filter(|it| !it.starts_with("   ")).filter_map(|it| it.split_whitespace().next());
    named.filter(|it| *it != "help").map(str::to_owned).collect()
}

/// A section of the reference for a command and those below it.
fn reference(words: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ciworkshop")).args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "{words:?}");
    let help = String::from_utf8(output.stdout).unwrap();
    let lines: String = help.trim_end().lines().map(|it| it.trim_end().to_owned() + "\n").collect();
    let called = [vec!["ciworkshop".to_owned()], words.to_vec()].concat().join(" ");
    let mut text = format!("\n## `{called}`\n\n```text\n{lines}```\n");
    for word in subcommands(&help) {
        text += &reference(&[words, &[word]].concat());
    }
    text
}

#[test]
fn the_reference_of_commands_is_the_programs_own_help() {
    let head = "# All commands and their options\n\nThis is what each command says of itself with `--help`. \
                For a first look, [The commands you keep](tool.md) is shorter.\n";
    let told = format!("{head}{}", reference(&[]));
    for part in ["## `ciworkshop run`", "## `ciworkshop progress export`", "--working-tree", "Exit code"] {
        assert!(told.contains(part), "{part}");
    }
    let path = Path::new("book/src/commands.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, &told).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == told, "UPDATE_EXPECT=1 writes {} anew", path.display());
}

fn write_book(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ciworkshop")).arg("book").arg(folder).output().unwrap()
}

fn written() -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let output = write_book(&book);
    assert!(output.status.success(), "{output:?}");
    let files = tree(&book);
    (folder, files)
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut files, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

fn pages(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let html = files.iter().filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, content)| (path.clone(), String::from_utf8(content.clone()).unwrap())).collect()
}

#[test]
fn the_written_book_has_every_page_of_the_table_of_contents() {
    let (_folder, files) = written();
    let summary = fs::read_to_string("book/src/SUMMARY.md").unwrap();
    let listed: Vec<String> =
        summary.split("](").skip(1).map(|it| it.split(".md)").next().unwrap().to_owned() + ".html").collect();
    assert!(listed.len() > 10, "{listed:?}");
    for path in &listed {
        assert!(files.contains_key(path), "{path}");
    }
    let made = rules::ALL.iter().map(|it| format!("rules/{}.html", it.code));
    let expected: Vec<String> = listed.into_iter().chain(made).chain(["print.html".to_owned()]).collect();
    for path in pages(&files).keys() {
        assert!(expected.contains(path), "{path} is written and not listed");
    }
}

/// The text of a rendered piece, without markup.
fn text(html: &str) -> String {
    let parts = html.split('<').map(|it| it.split_once('>').map_or(it, |(_, text)| text));
    let text: String = parts.collect();
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    signs.iter().fold(text, |text, (escaped, plain)| text.replace(escaped, plain))
}

#[test]
fn every_rule_has_a_page_with_its_text_its_examples_and_what_the_linter_says() {
    let (_folder, files) = written();
    let pages = pages(&files);
    for rule in rules::ALL {
        let code = rule.code;
        let html = &pages[&format!("rules/{code}.html")];
        let main = html.split("<main").nth(1).and_then(|it| it.split("</main>").next()).unwrap();
        let shown = text(main);
        for words in [format!("ciworkshop explain {code}"), rule.severity.word().to_owned()] {
            assert!(shown.contains(&words), "{code}: {words}");
        }
        for heading in rule.page.lines().filter_map(|it| it.strip_prefix("## ")) {
            assert!(shown.contains(heading), "{code}: {heading}");
        }
        for example in [rule.before(), rule.after()].into_iter().flatten() {
            assert!(shown.contains(example.trim_end()), "{code}: {example}");
        }
        let before = rule.before().map(|it| SourceFile::new(".drone.yml", it));
        for (problem, source) in
            before.iter().flat_map(|it| lint(it).into_iter().map(move |found| (found, it)))
        {
            let said = render(&problem, source, false);
            assert!(shown.contains(said.trim_end()), "{code}: {said}\n{shown}");
        }
        assert!(!main.contains("{{") && !main.contains("```"), "{code}");
    }
}

#[test]
fn the_first_page_of_the_rules_lists_each_once_with_its_first_sentence() {
    let (_folder, files) = written();
    let html = &pages(&files)["rules/index.html"];
    for rule in rules::ALL {
        let link = format!("<dt><a href=\"{0}.html\"><code>{0}</code></a></dt>", rule.code);
        assert_eq!(html.matches(&link).count(), 1, "{}", rule.code);
        let entry = html.split(&link).nth(1).unwrap().split("</dd>").next().unwrap();
        assert_eq!(text(entry).trim(), rule.summary().replace('`', ""), "{}", rule.code);
    }
    assert_eq!(html.matches("<dt>").count(), rules::ALL.len());
}

#[test]
fn the_table_of_contents_names_no_rule_but_the_one_that_is_open() {
    let (_folder, files) = written();
    let code = rules::ALL[0].code;
    for (path, html) in pages(&files).iter().filter(|(path, _)| *path != "print.html") {
        let menu =
            html.split("<nav aria-label=\"Contents\">").nth(1).and_then(|it| it.split("</nav>").next());
        let named = menu.unwrap().matches("data-page=\"rules/").count();
        let is_rule = path.starts_with("rules/") && path != "rules/index.html";
        assert_eq!(named, if is_rule { 2 } else { 1 }, "{path}");
        let own = path.ends_with(&format!("/{code}.html"));
        assert_eq!(menu.unwrap().contains(&format!("{code}</a>")), own, "{path}");
        assert_eq!(menu.unwrap().matches("aria-current=\"page\"").count(), 1, "{path}");
    }
}

#[test]
fn all_links_of_the_written_book_lead_to_something_in_it() {
    let (_folder, files) = written();
    let names = files.keys().cloned().collect();
    assert_eq!(site::check_site(&pages(&files), &names), Vec::<String>::new());
    for (path, content) in
        files.iter().filter(|(path, _)| path.ends_with("css") || path.starts_with("theme/"))
    {
        let text = String::from_utf8_lossy(content);
        for outside in ["http:", "https:", "@import", "url("] {
            assert!(!text.contains(outside), "{path} has {outside}");
        }
    }
}

#[test]
fn every_page_can_be_read_by_everybody() {
    let (_folder, files) = written();
    for (path, html) in pages(&files).iter().filter(|(path, _)| *path != "print.html") {
        let count = |it: &str| html.matches(it).count();
        assert_eq!(count("<h1"), 1, "{path}: one heading of the first level");
        assert!(html.contains("<html lang=\"en\""), "{path}: a language");
        assert!(count("<title>") >= 1 && !html.contains("<title></title>"), "{path}: a title");
        assert!(
            html.contains("class=\"skip\" href=\"#text\"") && html.contains("<main id=\"text\""),
            "{path}: a skip link"
        );
        assert_eq!(count("<img"), count("alt=\""), "{path}: words for each image");
        assert_eq!(
            count("<svg class=\"plan-graph\" role=\"img\""),
            count("<svg class=\"plan-graph\""),
            "{path}"
        );
        for script in html.split("<script").skip(1) {
            assert!(script.trim_start().starts_with("src="), "{path}: no script inside the page");
        }
        assert_eq!(count(" onclick="), 0, "{path}");
    }
}

#[test]
fn every_page_of_a_chapter_asks_two_to_four_questions_that_need_no_script() {
    let (_folder, files) = written();
    for (path, html) in
        pages(&files).iter().filter(|(path, _)| path.contains('/') && !path.starts_with("rules/"))
    {
        let questions: Vec<&str> = html.split("<fieldset class=\"question\"").skip(1).collect();
        assert!((2..=4).contains(&questions.len()), "{path} has {} questions", questions.len());
        for question in questions {
            let answer = question.split("<details class=\"answer\">").nth(1).unwrap_or_default();
            assert!(answer.contains("<strong>Answer") && answer.len() > 200, "{path}: {answer}");
        }
    }
}

#[test]
fn every_exercise_has_its_section_with_goal_commands_and_hints() {
    let (_folder, files) = written();
    let course = Course::read(&tree(Path::new("exercises"))).unwrap();
    for exercise in course.exercises() {
        let (path, anchor) = exercise.page.split_once('#').unwrap();
        let html = &pages(&files)[path];
        let section =
            format!("<section class=\"exercise\" id=\"{anchor}\" data-exercise=\"{}\"", exercise.id);
        let section = html.split(&section).nth(1).unwrap_or_else(|| panic!("{path} shows {}", exercise.id));
        assert!(section.contains(&format!("ciworkshop check {}", exercise.id)), "{path}");
        assert_eq!(section.matches("<details class=\"hint\">").count(), exercise.hints.len(), "{path}");
    }
}

#[test]
fn no_page_promises_what_is_not_written() {
    let (_folder, files) = written();
    for (path, html) in &pages(&files) {
        let text = html.to_lowercase();
        for word in ["todo", "tbd", "coming soon", "lorem ipsum", "to be written"] {
            // The state of an exercise is a word of the scripts, not of the text.
            assert!(!text.contains(word), "{path} says {word}");
        }
    }
}

// ----------------------------------------------------------------------------------------- writing to a folder

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let said = refusal(&write_book(folder.path()));
    assert!(said.contains("`mine.txt` in it is not part of a book"), "{said}");
    assert!(said.contains("help: name a folder that is new or empty"), "{said}");
    assert_eq!(tree(folder.path()).len(), 1);
}

#[test]
fn a_file_where_the_folder_is_due_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for path in [file.clone(), file.join("below")] {
        let said = refusal(&write_book(&path));
        assert!(said.contains("is not a folder"), "{said}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn an_earlier_book_is_replaced_and_its_old_pages_go() {
    let (folder, first) = written();
    let book = folder.path().join("book");
    fs::create_dir(book.join("old")).unwrap();
    fs::write(book.join("old/page.html"), "old").unwrap();
    let list = book.join(".ciworkshop-book");
    let earlier = fs::read_to_string(&list).unwrap() + &format!("{} old/page.html\n", fingerprint(b"old"));
    fs::write(&list, earlier).unwrap();
    assert!(write_book(&book).status.success());
    assert_eq!(tree(&book), first);
    assert!(!book.join("old").exists());
}

/// The same sum that the program writes into the list: FNV-1a over the bytes and their number.
fn fingerprint(content: &[u8]) -> String {
    let bytes = content.iter().copied().chain(content.len().to_le_bytes());
    let step = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.fold(0xcbf2_9ce4_8422_2325, step))
}

#[test]
fn a_list_that_names_files_elsewhere_harms_none_of_them() {
    let (folder, first) = written();
    let (book, elsewhere) = (folder.path().join("book"), folder.path().join("mine.txt"));
    fs::write(&elsewhere, "mine").unwrap();
    let list = book.join(".ciworkshop-book");
    let lines = format!("{0} ../mine.txt\n{0} {1}\n", fingerprint(b"mine"), elsewhere.display());
    fs::write(&list, fs::read_to_string(&list).unwrap() + &lines).unwrap();
    assert!(write_book(&book).status.success());
    assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
    assert_eq!(tree(&book), first);
}

#[test]
fn a_page_that_somebody_has_changed_is_not_written_over() {
    let (folder, _) = written();
    let book = folder.path().join("book");
    fs::write(book.join("index.html"), "my notes").unwrap();
    let said = refusal(&write_book(&book));
    assert!(said.contains("`index.html` in it was changed after the book was written"), "{said}");
    assert_eq!(fs::read(book.join("index.html")).unwrap(), b"my notes");
}

#[test]
fn a_call_that_was_interrupted_can_be_repeated() {
    let (folder, first) = written();
    let book = folder.path().join("book");
    fs::remove_file(book.join("index.html")).unwrap();
    fs::remove_dir_all(book.join("theme")).unwrap();
    assert!(write_book(&book).status.success());
    assert_eq!(tree(&book), first);
}
