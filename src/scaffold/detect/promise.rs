//! What a project promises about versions of its language → the ones that are tested. What others install is tested on both
//! ends of its range, and on what it is tested on elsewhere; a program runs on one.

use crate::scaffold::detect::elsewhere::{Keys, listed_in};
use crate::scaffold::detect::kit::Said;
use crate::scaffold::detect::version::{Tilde, allows, maintained, numbers, short};
use crate::scaffold::project::Folder;

/// A language: the versions that are known, oldest first, with their image, and how others write them.
pub(crate) struct Language {
    pub(crate) known: &'static [&'static str],
    /// The image without its tag.
    pub(crate) image: &'static str,
    pub(crate) tilde: Tilde,
    /// How many numbers make a version.
    pub(crate) parts: usize,
    /// What is said about a version of a range.
    pub(crate) support: &'static str,
    pub(crate) keys: Keys,
}

impl Language {
    fn maintained(&self, number: &str) -> bool {
        maintained(&format!("{}:{number}", self.image))
    }

    /// The versions that another service tests, as far as somebody mends them and they fit.
    pub(crate) fn elsewhere(&self, folder: Folder<'_>, range: Option<&Said>) -> Vec<Said> {
        let known = |(text, place): Said| {
            let number = short(&text, self.parts)?;
            let fits = range.is_none_or(|it| allows(&it.0, &number, self.tilde));
            let kept = fits && self.known.contains(&number.as_str()) && self.maintained(&number);
            kept.then_some((number, place))
        };
        let mut found: Vec<Said> = listed_in(folder, &self.keys).into_iter().filter_map(known).collect();
        found.sort_by_key(|it| numbers(&it.0));
        found.dedup_by(|a, b| a.0 == b.0);
        found
    }

    /// The ends of a range that are maintained; of a program, the newer one. None where nothing is known to fit.
    pub(crate) fn ends(&self, (range, place): &Said, both: bool) -> Vec<Said> {
        let fitting = || self.known.iter().filter(|it| allows(range, it, self.tilde));
        let kept: Vec<&&str> = fitting().filter(|it| self.maintained(it)).collect();
        let Some(newest) = kept.last().copied().or_else(|| fitting().next_back()) else { return Vec::new() };
        let support = if kept.is_empty() { "" } else { self.support };
        let last = ((*newest).to_owned(), format!("the newest{support} that fits `{range}` in {place}"));
        let why = format!("the oldest that is maintained and fits `{range}` in {place}");
        match kept.first().filter(|it| both && **it != newest) {
            Some(first) => vec![((**first).to_owned(), why), last],
            None => vec![last],
        }
    }
}
