//! The words of the book, the exercises and the rules: short sentences, plain words, one word for one thing, no slips.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on should say where")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Words that we do not use, and what we write. What is compared is a whole word, in small letters.
const TERMS: [(&str, &str); 22] = [
    ("simply", "nothing: what is simple for one is not for another"),
    ("obviously", "nothing: it is not, or it need not be said"),
    ("easily", "nothing"),
    ("basically", "nothing"),
    ("please", "nothing"),
    ("artifact", "artefact"),
    ("artifacts", "artefacts"),
    ("color", "colour"),
    ("behavior", "behaviour"),
    ("utilize", "use"),
    ("leverage", "use"),
    ("functionality", "what it does"),
    ("config", "configuration, or the name of the file"),
    ("repo", "repository"),
    ("repos", "repositories"),
    ("whitelist", "allow list"),
    ("blacklist", "deny list"),
    ("sanity", "the name of what is checked"),
    ("e.g", "such as"),
    ("i.e", "that is"),
    ("etc", "nothing, or the whole list"),
    ("via", "through, with"),
];

/// No sentence is longer: who reads aloud runs out of breath.
const MOST_WORDS: usize = 36;

/// The Flesch–Kincaid grade of a page: the years of school that its words and sentences ask for.
const MOST_GRADE: f64 = 8.0;

/// A text and where it stands.
struct Piece {
    place: String,
    text: String,
}

#[test]
fn no_sentence_is_too_long_to_be_read_aloud() {
    let mut long = Vec::new();
    for piece in pieces() {
        for sentence in sentences(&piece.text) {
            let words = words(&sentence).count();
            if words > MOST_WORDS {
                long.push(format!("{}: {words} words: {sentence}", piece.place));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn each_page_can_be_read_after_eight_years_of_school() {
    let mut hard = Vec::new();
    for path in pages() {
        // What stands alone, such as a cell, is a sentence of its own.
        let text: String = prose(&fs::read_to_string(&path).unwrap()).join(". ");
        // A page of few words says nothing about its sentences.
        if words(&text).count() < 100 {
            continue;
        }
        let grade = grade(&text);
        if grade > MOST_GRADE {
            hard.push(format!("{}: grade {grade:.1}", path.display()));
        }
    }
    assert!(hard.is_empty(), "{}", hard.join("\n"));
}

#[test]
fn the_grade_grows_with_the_words_and_the_sentences() {
    let plain = "The step is red. The build stops. You see why.";
    let heavy = "Notwithstanding considerable organisational difficulties, the aforementioned configuration \
                 necessitates comprehensive reconsideration of every intermediate representation.";
    assert!(grade(plain) < 2.0, "{}", grade(plain));
    assert!(grade(heavy) > 20.0, "{}", grade(heavy));
    assert_eq!(
        sentences("It is 3.10 now. See `a.b`! Why? Because."),
        ["It is 3.10 now.", "See `a.b`!", "Why?", "Because."]
    );
    assert_eq!(
        ["step", "pipeline", "image", "the", "commands", "repository"].map(syllables),
        [1, 3, 2, 1, 2, 5]
    );
}

#[test]
fn one_thing_has_one_word() {
    let mut wrong = Vec::new();
    for piece in pieces() {
        for word in words(&piece.text) {
            let word = word.to_lowercase();
            wrong.extend(
                TERMS
                    .iter()
                    .filter(|(avoided, _)| *avoided == word.trim_end_matches('.'))
                    .map(|(avoided, written)| format!("{}: `{avoided}`; write {written}", piece.place)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_word_is_spelled_as_the_dictionary_spells_it() {
    let mut asked = match Command::new("hunspell")
        .args(["-d", "en_GB", "-i", "utf-8", "-l", "-p"])
        .arg(Path::new("book/words.txt").canonicalize().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(child) => child,
        Err(error) => return eprintln!("skipped: hunspell: {error}"),
    };
    let pieces = pieces();
    let mut input = asked.stdin.take().unwrap();
    let all: String = pieces.iter().map(|it| it.text.replace('’', "'") + "\n").collect();
    let writing = std::thread::spawn(move || input.write_all(all.as_bytes()));
    let told = asked.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(
        told.status.success(),
        "hunspell has no British dictionary here: {}",
        String::from_utf8_lossy(&told.stderr)
    );
    let told = String::from_utf8(told.stdout).unwrap();
    let unknown: BTreeSet<&str> = told.lines().collect();
    let places = |word: &str| pieces.iter().find(|it| it.text.contains(word)).map_or("", |it| &it.place);
    let lines: Vec<String> = unknown.iter().map(|it| format!("{it}  ({})", places(it))).collect();
    assert!(lines.is_empty(), "not in the dictionary, and not in book/words.txt:\n{}", lines.join("\n"));
}

// ---------------------------------------------------------------------------------------------- what is read

/// Every paragraph, item and cell of the pages and the rules, and every sentence of the exercises.
fn pieces() -> Vec<Piece> {
    let mut all = Vec::new();
    for path in pages() {
        let place = path.display().to_string();
        let texts = prose(&fs::read_to_string(&path).unwrap());
        all.extend(texts.into_iter().map(|text| Piece { place: place.clone(), text }));
    }
    for path in below(Path::new("exercises"), "exercise.yml") {
        let place = path.display().to_string();
        let texts = spoken(&fs::read_to_string(&path).unwrap());
        all.extend(texts.into_iter().map(|text| Piece { place: place.clone(), text }));
    }
    assert!(all.len() > 500, "{}", all.len());
    all
}

/// The pages of the book and those of the rules, which are their READMEs.
fn pages() -> Vec<PathBuf> {
    let mut all = below(Path::new("book/src"), ".md");
    all.extend(below(Path::new("engine/src/lint/rules"), "README.md"));
    assert!(all.len() > 100);
    all.retain(|it| !it.ends_with("SUMMARY.md"));
    all
}

fn below(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        } else if path.to_str().unwrap().ends_with(end) {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The texts of a page, one for each paragraph, item and cell. Code says `code`, for it is one word to a reader.
fn prose(markdown: &str) -> Vec<String> {
    let without: String = markdown
        .lines()
        .filter(|it| !it.trim_start().starts_with("{{"))
        .map(|it| it.to_owned() + "\n")
        .collect();
    let mut texts = vec![String::new()];
    let mut silent = 0;
    for event in Parser::new_ext(&without, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => silent += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => silent -= 1,
            Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::TableCell
                | Tag::Heading { .. }
                | Tag::DefinitionListTitle
                | Tag::DefinitionListDefinition,
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::Heading(_)
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition,
            ) => {
                texts.push(String::new());
            }
            Event::Text(text) if silent == 0 => texts.last_mut().unwrap().push_str(&text),
            Event::Code(_) => texts.last_mut().unwrap().push_str("code"),
            Event::SoftBreak | Event::HardBreak => texts.last_mut().unwrap().push(' '),
            _ => {}
        }
    }
    texts.retain(|it| it.contains(char::is_alphabetic) && it.trim() != "---");
    texts
}

/// What a participant reads of an exercise.
fn spoken(exercise: &str) -> Vec<String> {
    let parsed: serde_json::Value = serde_yaml::from_str(exercise).unwrap();
    let mut texts = Vec::new();
    let mut add = |value: &serde_json::Value| texts.extend(value.as_str().into_iter().flat_map(prose));
    for key in ["title", "goal"] {
        add(&parsed[key]);
    }
    for list in ["hints", "checks"] {
        for item in parsed[list].as_array().into_iter().flatten() {
            add(item);
            for key in ["says", "expected", "next"] {
                add(item.get(key).unwrap_or(&serde_json::Value::Null));
            }
        }
    }
    texts
}

// --------------------------------------------------------------------------------------------- what is counted

fn sentences(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = String::new();
    for word in text.split_whitespace() {
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(word);
        let bare = word.trim_end_matches(['"', ')', '*', '\'', '”']);
        if bare.ends_with(['.', '?', '!', ':', ';', '…']) {
            all.push(std::mem::take(&mut open));
        }
    }
    all.extend(Some(open).filter(|it| !it.is_empty()));
    all
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let cut = |it: char| !(it.is_alphanumeric() || matches!(it, '\'' | '’' | '.' | '-'));
    text.split(cut).filter(|it| it.contains(char::is_alphabetic))
}

/// 0.39 × words in a sentence + 11.8 × syllables in a word − 15.59.
fn grade(text: &str) -> f64 {
    let count = |it: usize| f64::from(u32::try_from(it).unwrap());
    let (words_in_all, sentences_in_all) = (words(text).count(), sentences(text).len());
    let syllables_in_all: usize = words(text).map(syllables).sum();
    0.39 * count(words_in_all) / count(sentences_in_all)
        + 11.8 * count(syllables_in_all) / count(words_in_all)
        - 15.59
}

/// Groups of vowels, without an `e` that is not heard.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_vowel = |it: char| "aeiouyäöüé".contains(it);
    let mut groups = 0;
    let mut before = false;
    for letter in word.chars() {
        groups += usize::from(is_vowel(letter) && !before);
        before = is_vowel(letter);
    }
    let silent = word.ends_with('e') && !word.ends_with("le")
        || word.ends_with("es") && word.len() > 4
        || word.ends_with("ed");
    (groups - usize::from(silent && groups > 1)).max(1)
}
