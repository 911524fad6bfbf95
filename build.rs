//! The folder `book/`, the exercises and the engine → the book's pages in `$OUT_DIR/book`, and compressed, as the
//! program embeds them, in `$OUT_DIR/packed`; exercises and their solutions as archives in `$OUT_DIR`. Writes nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::Context;
use ciworkshop_engine::course::{Course, Files};
use flate2::{Compression, GzBuilder};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem, Chapter};
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

#[path = "build/mod.rs"]
mod site;

use site::{Page, Shelf};

/// What mdBook writes for its own page template and ours does without, and what pages have taken in as text.
const UNUSED: [&str; 14] = [
    ".nojekyll",
    "ayu-highlight.css",
    "book.js",
    "clipboard.min.js",
    "css",
    "favicon.png",
    "fonts",
    "highlight.css",
    "highlight.js",
    "pictures",
    "pipelines",
    "toc.html",
    "toc.js",
    "tomorrow-night.css",
];

fn main() -> ExitCode {
    match render() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in format!("{error:#}").lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn render() -> anyhow::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").context("cargo names the folder")?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").context("cargo names the output folder")?);
    for input in ["build.rs", "build", "book", "exercises", "solutions"] {
        println!("cargo::rerun-if-changed={input}");
    }
    // Read here and not by `MDBook::load`, which would let the environment change the book.
    let mut config = Config::from_disk(root.join("book/book.toml"))?;
    config.build.create_missing = false;
    config.build.use_default_preprocessors = false;
    config.build.build_dir = out.join("book");
    config.set("output.html.theme", out.join("theme"))?;
    let files = files_below(&root.join("book/src"))?;
    let summary = files.get("SUMMARY.md").map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
    let problems = site::check_summary(&summary, &files);
    if !problems.is_empty() {
        return Err(complaint(&problems));
    }
    archive(&files_below(&root.join("exercises"))?, &out.join("exercises.tar.gz"))?;
    // What is proved against them, right and wrong, is for tests only.
    let mut solutions = files_below(&root.join("solutions"))?;
    solutions.retain(|path, _| path.split('/').nth(2) == Some("solution"));
    archive(&solutions, &out.join("solutions.tar.gz"))?;
    let mut book = MDBook::load_with_config(root.join("book"), config)?;
    add_rules(&mut book.book)?;
    let shelf = Rc::new(shelf(&root, files, &book)?);
    write_theme(&root.join("book/theme"), &out.join("theme"), &shelf.pages)?;
    book.with_preprocessor(Directives(Rc::clone(&shelf)));
    book.build()?;
    let site = out.join("book");
    prune(&site)?;
    check(&site, &shelf)?;
    pack(&site, &out.join("packed"))
}

/// Files as one archive, the same bytes for the same files.
fn archive(files: &Files, to: &Path) -> anyhow::Result<()> {
    let packed = GzBuilder::new().write(fs::File::create(to)?, Compression::best());
    let mut archive = tar::Builder::new(packed);
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, path, content.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}

/// Everything that directives may refer to.
fn shelf(root: &Path, files: Files, book: &MDBook) -> anyhow::Result<Shelf> {
    let chapters = book.iter().filter_map(|it| match it {
        BookItem::Chapter(chapter) => Some(chapter),
        _ => None,
    });
    let pages = chapters.filter_map(|it| {
        let path = it.source_path.as_ref()?.to_str()?.replace('\\', "/");
        Some(Page { path, title: it.name.clone(), text: it.content.clone() })
    });
    let course = Course::read(&files_below(&root.join("exercises"))?).map_err(|it| complaint(&it))?;
    Ok(Shelf { pages: pages.collect(), files, course })
}

/// Puts a page for each rule below the page that lists them.
fn add_rules(book: &mut Book) -> anyhow::Result<()> {
    let index = book.items.iter_mut().find_map(|it| match it {
        BookItem::Chapter(chapter) if chapter.path.as_deref() == Some(Path::new(site::RULES_INDEX)) => {
            Some(chapter)
        }
        _ => None,
    });
    let index = index.with_context(|| format!("SUMMARY.md does not list {}", site::RULES_INDEX))?;
    for page in site::rule_pages() {
        let above = vec![index.name.clone()];
        index.sub_items.push(BookItem::Chapter(Chapter::new(&page.title, page.text, page.path, above)));
    }
    Ok(())
}

fn complaint<T: ToString>(problems: &[T]) -> anyhow::Error {
    anyhow::anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// A folder as a value, with `/` in its paths.
fn files_below(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_now) = open.pop() {
        let entries =
            fs::read_dir(&folder_now).with_context(|| format!("cannot read {}", folder_now.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
        }
    }
    Ok(files)
}

/// mdBook's template folder: our page with the table of contents filled in. `fonts/` keeps mdBook's own fonts out.
fn write_theme(from: &Path, to: &Path, pages: &[Page]) -> anyhow::Result<()> {
    let template = fs::read_to_string(from.join("index.hbs")).context("book/theme/index.hbs")?;
    fs::create_dir_all(to.join("fonts"))?;
    fs::write(to.join("index.hbs"), template.replace("{{!-- navigation --}}", &site::navigation(pages)))?;
    fs::write(to.join("fonts/fonts.css"), "")?;
    fs::copy(from.join("favicon.svg"), to.join("favicon.svg")).context("book/theme/favicon.svg")?;
    Ok(())
}

/// Hands our directives to mdBook.
struct Directives(Rc<Shelf>);

impl Preprocessor for Directives {
    fn name(&self) -> &'static str {
        "directives"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> mdbook_driver::errors::Result<Book> {
        let mut problems = Vec::new();
        book.for_each_mut(|item| {
            let BookItem::Chapter(chapter) = item else { return };
            let page =
                self.0.pages.iter().find(|it| Some(Path::new(&it.path)) == chapter.source_path.as_deref());
            let Some(page) = page else { return };
            let (text, found) = site::expand(page, &self.0);
            chapter.content = text;
            problems.extend(found);
        });
        if problems.is_empty() { Ok(book) } else { Err(complaint(&problems)) }
    }
}

/// Removes what no page of ours refers to.
fn prune(site: &Path) -> anyhow::Result<()> {
    for name in UNUSED {
        let path = site.join(name);
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// No link of a source or of a rendered page leads nowhere or reaches ahead, and every exercise has its page.
fn check(site: &Path, shelf: &Shelf) -> anyhow::Result<()> {
    let files = files_below(site)?;
    let names: BTreeSet<String> = files.keys().cloned().collect();
    let is_page = |name: &str| Path::new(name).extension().is_some_and(|it| it == "html");
    let pages: BTreeMap<String, String> = files
        .into_iter()
        .filter(|(name, _)| is_page(name))
        .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    let mut problems: Vec<String> =
        site::check_links(shelf, &pages).iter().map(ToString::to_string).collect();
    problems.extend(site::check_exercises(shelf));
    if problems.is_empty() {
        problems = site::check_site(&pages, &names);
    }
    if problems.is_empty() { Ok(()) } else { Err(complaint(&problems)) }
}

/// Each file of the site as `NAME.gz`: a browser takes it as it is.
fn pack(site: &Path, packed: &Path) -> anyhow::Result<()> {
    if packed.exists() {
        fs::remove_dir_all(packed)?;
    }
    for (name, content) in files_below(site)? {
        let path = packed.join(format!("{name}.gz"));
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        // Without a time, so that the same book gives the same bytes.
        let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
        encoder.write_all(&content)?;
        fs::write(path, encoder.finish()?)?;
    }
    Ok(())
}
