//! A list of digests that commands have written, against the files that it is about.

use crate::course::check::event::{Scene, item_span};
use crate::course::check::found::Found;
use crate::course::declared::{HeardSpec, SumsSpec};
use crate::course::rehearse::{Called, Cause, Note, UNKNOWN, What, digest};

/// Characters of a SHA-256 digest.
const LENGTH: usize = 64;

impl Scene<'_> {
    /// What is wrong with the list; nothing where its text is only known when it runs.
    pub(super) fn sums(&self) -> Option<Found> {
        let wanted = self.check.sums.as_ref()?;
        let text = self.rehearsal.written.get(&wanted.file).filter(|it| !it.contains(UNKNOWN))?;
        let (why, next) = wrong_in(wanted, text)?;
        let happened = format!("{} `{}` {why}", self.occasion(), wanted.file);
        let found = self.at_role(Found::new(happened), &wanted.role, "writes the digests");
        Some(Found { next: Some(next), ..found })
    }

    /// A digest that a program is given, and that is not the one of its file.
    pub(super) fn wrong_digest(&self, wanted: &HeardSpec, note: &Note, called: &Called) -> Option<Found> {
        let file = wanted.digest.as_ref()?;
        let bare = |it: &String| it.trim_start_matches("./").trim_start_matches("/drone/src/") == file;
        let at = called.words.iter().position(bare)?;
        let given = &called.words[at + 1..];
        let known = !given.iter().any(|it| it.contains(UNKNOWN));
        let why = match given {
            [] => return None,
            _ if !known => return None,
            [one] if *one == digest(LENGTH, file) => return None,
            [one] if one.is_empty() => {
                format!("the digest that the program is given is empty.{}", self.why_empty(note))
            }
            [one] if one.len() == LENGTH => match self.file_of(one) {
                Some(other) => {
                    format!("the program is given the digest of `{other}`, and not that of `{file}`.")
                }
                None => format!("the program is given `{one}`, as it is typed."),
            },
            some => format!(
                "the program is given `{}` behind the archive. A digest is one word of {LENGTH} characters.",
                without_digests(&some.join(" "))
            ),
        };
        let happened = format!("{} {why}", self.occasion());
        Some(Found::new(happened).at(item_span(self.page, note), "not the digest of the archive"))
    }

    /// Which command of the step found no file.
    fn why_empty(&self, note: &Note) -> String {
        let here = |it: &&Note| (it.pipeline, it.step, it.item) == (note.pipeline, note.step, note.item);
        let broke = self.rehearsal.notes.iter().filter(here).find_map(|it| match &it.what {
            What::Broke(Cause::NoFile(path)) => Some((&it.command, path)),
            _ => None,
        });
        broke.map_or_else(String::new, |(command, path)| {
            format!(" `{command}` says nothing: there is no `{path}`.")
        })
    }

    fn file_of(&self, sum: &str) -> Option<&str> {
        let made = self.page.exercise.project.values().flat_map(|it| &it.makes);
        self.page.committed.keys().chain(made).find(|it| digest(LENGTH, it) == sum).map(String::as_str)
    }
}

/// Digests are worked out here only to be compared, so a message shows none.
fn without_digests(text: &str) -> String {
    let is_one = |it: &str| it.len() >= 32 && it.chars().all(|it| it.is_ascii_hexdigit());
    text.split(' ').map(|it| if is_one(it) { "…" } else { it }).collect::<Vec<_>>().join(" ")
}

/// What does not fit, and what to do about it.
fn wrong_in(wanted: &SumsSpec, text: &str) -> Option<(String, String)> {
    let lines = text.lines().filter_map(|it| it.split_once(' '));
    let lines: Vec<(&str, &str)> =
        lines.map(|(sum, name)| (sum, name.trim_start_matches([' ', '*']))).collect();
    let folder = wanted.file.rsplit_once('/').map_or("", |it| it.0);
    if let Some((_, name)) = lines.iter().find(|it| it.1.contains('/')) {
        let why = format!(
            "speaks of `{name}`. Who downloads the files has them beside the list, without a folder."
        );
        let next =
            format!("Go into the folder first: `cd {folder}`, and then write the list of the names alone.");
        return Some((why, next));
    }
    if let Some(name) = wanted.names.iter().find(|it| !lines.iter().any(|line| line.1 == **it)) {
        let next = "Let the command look at all the files, with a pattern or one by one.";
        return Some((format!("has no line for `{name}`."), next.into()));
    }
    if let Some((_, name)) = lines.iter().find(|it| !wanted.names.iter().any(|name| name == it.1)) {
        let why = format!("speaks of `{name}`, which is none of the files.");
        return Some((why, "Let the pattern fit those files alone.".into()));
    }
    let right = |(sum, name): &&(&str, &str)| *sum == digest(LENGTH, &format!("{folder}/{name}"));
    let (sum, name) = lines.iter().find(|it| !right(it))?;
    let why = if sum.len() == LENGTH {
        format!("has a digest for `{name}` that is not that of `{folder}/{name}`.")
    } else {
        format!("has digests of {} characters. SHA-256 has {LENGTH}.", sum.len())
    };
    Some((why, "Let `sha256sum`, or `shasum -a 256`, look at the files that were built.".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_for_whoever_has_it_beside_the_files() {
        let names = ["a".to_owned(), "b".to_owned()].to_vec();
        let wanted = SumsSpec { role: String::new(), file: "dist/SUMS".into(), names };
        let line = |path: &str, name: &str| format!("{}  {name}\n", digest(64, path));
        let (a, b) = (line("dist/a", "a"), line("dist/b", "b"));
        let why = |text: &str| wrong_in(&wanted, text).map(|it| it.0);
        assert_eq!(why(&(a.clone() + &b)), None);
        assert_eq!(why(&(b.clone() + &a.replace("  ", " *"))), None);
        for (text, words) in [
            (a.clone(), "no line for `b`"),
            (String::new(), "no line for `a`"),
            (a.clone() + &b + &line("dist/c", "c"), "none of the files"),
            (a.clone() + &line("dist/b", "dist/b"), "without a folder"),
            (a.clone() + &line("dist/a", "b"), "not that of `dist/b`"),
            (a.clone() + &format!("{}  b\n", digest(40, "dist/b")), "40 characters"),
        ] {
            assert!(why(&text).unwrap().contains(words), "{words}: {:?}", why(&text));
        }
    }
}
