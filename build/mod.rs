//! The book's sources, exercises and engine → Markdown that mdBook renders, or every problem with file and line.
//!
//! Everything here takes values and gives values, so tests use it without a build; `build.rs` does the files.
//!
//! A directive stands alone on its line. Paths are below `book/src/`.
//!
//! | directive | puts in |
//! | --- | --- |
//! | `{{#code PATH}}` | a pipeline file; folded below it, what runs on which event |
//! | `{{#dialect PATH as=NAME}}` | a file of another service, under the name that it has there; it only has to be YAML |
//! | `{{#pipeline PATH}}` | the file, its picture, and the picture in words; folded, what runs on which event |
//! | `{{#plan PATH event=tag fail=STEP}}` | the picture and the words of one build; also `branch=`, `tag=` |
//! | `{{#table PATH events=push,tag}}` | which steps run on which event |
//! | `{{#findings PATH findings=CODE}}` | the file, and what the linter says of it |
//! | `{{#picture PATH}}` | an SVG with title and description |
//! | `{{#exercise ID}}` | the section of an exercise, with its texts |
//! | `{{#question}}` … `{{/question}}` | a question: text, choices `- [ ]` and `- [x]`, a line `---`, the answer; with `choose=many` the form does not say that only one is right |
//! | `{{#introduced PAGE}}` | in the glossary: where a word is explained first |
//! | `{{#keys}}` | all keys of a `.drone.yml` and what each is for |
//! | `{{#rules}}` | all rules of the linter, by severity and topic |
//! | `{{#rule CODE}}`, `{{#before CODE}}` | in the page of a rule, which is made from its README |
//!
//! A file is shown only with the claim `findings=…` that the linter confirms: no claim, no findings. Words of the
//! glossary are linked, `[step](../glossary.md#step)`, and not before the chapter that explains them.

mod directive;
mod drawing;
mod exercise;
mod expand;
mod glossary;
mod highlight;
mod html;
mod keys;
mod links;
mod navigation;
mod page;
mod question;
mod rules;

use ciworkshop_engine::course::{Course, Files};

pub(crate) use exercise::check_exercises;
pub(crate) use expand::expand;
pub(crate) use links::{check_links, check_site, check_summary};
pub(crate) use navigation::navigation;
pub(crate) use page::Page;
pub(crate) use rules::{INDEX as RULES_INDEX, pages as rule_pages};

/// All that a page may refer to.
pub(crate) struct Shelf {
    /// The pages in reading order.
    pub(crate) pages: Vec<Page>,
    /// Everything else below `book/src/`, by path.
    pub(crate) files: Files,
    /// The exercises.
    pub(crate) course: Course,
}

impl Shelf {
    /// The page at a path below `book/src/`.
    fn page(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|it| it.path == path)
    }

    /// Reading position of a chapter: its first page. Pages of the top level stand before all chapters.
    fn position(&self, chapter: &str) -> usize {
        if chapter.is_empty() {
            0
        } else {
            self.pages.iter().position(|it| it.chapter() == chapter).unwrap_or(0)
        }
    }
}
