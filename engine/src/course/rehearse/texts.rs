//! Small programs that read a text and print another one → what they print, as far as that is known.

use crate::course::ignore::name_matches;
use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::programs::Run;
use crate::course::rehearse::state::{State, UNKNOWN};

/// What stands for the digest of a file, in `length` characters: another one for each path.
pub(in crate::course) fn digest(length: usize, path: &str) -> String {
    let fnv = |seed: usize| {
        let bytes = path.bytes().chain(seed.to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |all, it| (all ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3))
    };
    let text: String = (0..length.div_ceil(16)).map(|it| format!("{:016x}", fnv(it))).collect();
    text[..length].to_owned()
}

/// How long the digests are that a program prints.
fn length(run: &Run) -> Option<usize> {
    let asked = |it: &str| {
        run.args.windows(2).any(|two| two[0] == "-a" && two[1] == it)
            || run.args.iter().any(|word| *word == format!("-a{it}"))
    };
    Some(match run.program.as_str() {
        "md5sum" => 32,
        "sha256sum" => 64,
        "sha512sum" => 128,
        "shasum" if asked("256") => 64,
        "shasum" if asked("512") => 128,
        "sha1sum" | "shasum" => 40,
        _ => return None,
    })
}

/// The files that a program for digests is told to look at, as they are written.
pub(super) fn summed(run: &Run) -> Vec<&str> {
    let checks = run.args.iter().any(|it| matches!(it.as_str(), "-c" | "--check"));
    if length(run).is_none() || checks {
        return Vec::new();
    }
    let is_value =
        |it: &str| run.program == "shasum" && run.args.windows(2).any(|two| two[0] == "-a" && two[1] == it);
    run.operands().filter(|it| !is_value(it)).collect()
}

impl Step<'_> {
    /// What the program prints; `None` where that is not known.
    pub(super) fn text_of(&self, state: &State, run: &Run, call: &Call<'_>) -> Option<String> {
        let input = || {
            let lines = state.input.as_ref()?;
            (!lines.iter().any(|it| it.contains(UNKNOWN))).then(|| lines.to_vec())
        };
        let words: Vec<&str> = run.args.iter().map(String::as_str).collect();
        let all = |lines: Vec<String>| lines.iter().map(|it| format!("{it}\n")).collect::<String>();
        if let Some(length) = length(run) {
            return self.sums(state, run, call, length);
        }
        match (run.program.as_str(), words.as_slice()) {
            ("cat", []) | ("tee", _) => Some(all(input()?)),
            ("cut", words) => {
                let cut = cut(words)?;
                Some(all(input()?.iter().map(|it| cut(it)).collect()))
            }
            ("awk", [program]) if program.replace(' ', "") == "{print$1}" => {
                let first = |it: &String| it.split_whitespace().next().unwrap_or_default().to_owned();
                Some(all(input()?.iter().map(first).collect()))
            }
            ("head", ["-c", number]) => Some(all(input()?).chars().take(number.parse().ok()?).collect()),
            ("head", ["-n", number]) => Some(all(input()?.into_iter().take(number.parse().ok()?).collect())),
            ("head", [word]) => {
                let number = word.strip_prefix("-n").or_else(|| word.strip_prefix('-'));
                match word.strip_prefix("-c") {
                    Some(number) => Some(all(input()?).chars().take(number.parse().ok()?).collect()),
                    None => Some(all(input()?.into_iter().take(number?.parse().ok()?).collect())),
                }
            }
            _ => None,
        }
    }

    /// A line with digest and name for each file that is there.
    fn sums(&self, state: &State, run: &Run, call: &Call<'_>, length: usize) -> Option<String> {
        let line = |path: &str, name: &str| {
            let key = self.key(state, path);
            let inside = key.strip_prefix("workspace:/").unwrap_or(&key);
            state.world.files.contains(&key).then(|| format!("{}  {name}\n", digest(length, inside)))
        };
        let names = summed(run);
        if names.is_empty() {
            let (file, _) =
                self.text(state.clone(), &call.simple.redirects.iter().find(|it| it.input)?.target);
            return line(&file, "-");
        }
        if names.iter().any(|it| it.contains(UNKNOWN)) {
            return None;
        }
        let files = names.iter().flat_map(|it| self.matching(state, it, call));
        Some(files.filter_map(|it| line(&it, &it)).collect())
    }

    /// The files that a pattern stands for, as the shell writes them; a word without any stands for itself. What the
    /// command itself writes into is made after the pattern was looked up.
    fn matching(&self, state: &State, word: &str, call: &Call<'_>) -> Vec<String> {
        let (folder, pattern) =
            word.rsplit_once('/').map_or(("", word), |(folder, it)| (&word[..=folder.len()], it));
        if !pattern.contains(['*', '?', '[']) {
            return vec![word.to_owned()];
        }
        let key = self.key(state, if folder.is_empty() { "." } else { folder });
        let inside = format!("{}/", key.trim_end_matches('/'));
        let names = state.world.files.iter().filter_map(|it| it.strip_prefix(&inside));
        let here = names.filter(|it| !it.contains('/') && !it.starts_with('.') && name_matches(pattern, it));
        let own = |it: &&str| {
            call.simple
                .redirects
                .iter()
                .any(|to| to.writes && to.target.text() == Some(&format!("{folder}{it}")))
        };
        let here = here.filter(|it| !own(it));
        let found: Vec<String> = here.map(|it| format!("{folder}{it}")).collect();
        if found.is_empty() { vec![word.to_owned()] } else { found }
    }
}

/// `-c1-64`, or one field behind `-d` and `-f`.
fn cut(words: &[&str]) -> Option<impl Fn(&str) -> String> {
    let value = |letter: &str| {
        let behind = words.windows(2).find(|two| two[0] == letter).map(|two| two[1]);
        behind.or_else(|| words.iter().find_map(|it| it.strip_prefix(letter).filter(|it| !it.is_empty())))
    };
    let characters = value("-c").or_else(|| value("-b"));
    let range = match characters {
        Some(range) => {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let number = |it: &str, other: usize| if it.is_empty() { Some(other) } else { it.parse().ok() };
            Some((number(first, 1)?.max(1), number(last, usize::MAX)?))
        }
        None => None,
    };
    let sign = value("-d").unwrap_or("\t").to_owned();
    let field: usize = if range.is_some() { 0 } else { value("-f")?.parse().ok()? };
    Some(move |line: &str| match range {
        Some((first, last)) => {
            line.chars().skip(first - 1).take(last.saturating_sub(first - 1)).collect::<String>()
        }
        None if !line.contains(&sign) => line.to_owned(),
        None => line.split(&sign).nth(field.saturating_sub(1)).unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_by_characters_or_by_a_sign() {
        for (words, left) in [
            (&["-c1-3"][..], "abc"),
            (&["-c", "-3"], "abc"),
            (&["-c2-"], "bc  d e"),
            (&["-c2"], "b"),
            (&["-d ", "-f1"], "abc"),
            (&["-d", " ", "-f", "4"], "e"),
            (&["-d,", "-f1"], "abc  d e"),
        ] {
            assert_eq!(cut(words).unwrap()("abc  d e"), left, "{words:?}");
        }
        assert!(cut(&["-f1,2"]).is_none());
        assert!(cut(&[]).is_none());
    }

    #[test]
    fn a_digest_has_its_length_and_is_that_of_one_file() {
        assert_eq!(digest(64, "a").len(), 64);
        assert_eq!(digest(40, "a").len(), 40);
        assert_eq!(digest(64, "a"), digest(64, "a"));
        assert_ne!(digest(64, "a"), digest(64, "b"));
    }
}
