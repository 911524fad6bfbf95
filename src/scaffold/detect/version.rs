//! Version ranges as manifests write them → the versions that fit; and which versions are still maintained.

use crate::engine::lint::ended_since;

/// A version as numbers; what is not written is open.
type Numbers = Vec<u32>;

/// How far `~` reaches: npm and Poetry mean the same minor version, PEP 440 and Ruby drop the last part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tilde {
    Minor,
    DropsLast,
}

/// True when a version such as `3.12`, standing for its newest repair, fits the range.
pub(crate) fn allows(range: &str, version: &str, tilde: Tilde) -> bool {
    let Some(candidate) = numbers(version) else { return false };
    range.split("||").any(|it| {
        let parts = words(it);
        !parts.is_empty() && parts.iter().all(|(sign, wanted)| fits(sign, wanted, &candidate, tilde))
    })
}

/// Constraints as sign and version: `>= 3.9, <4` → (`>=`, `3.9`), (`<`, `4`).
fn words(range: &str) -> Vec<(String, String)> {
    let spaced = range.replace(',', " ").replace(" - ", " <=");
    let mut found: Vec<(String, String)> = Vec::new();
    let mut sign = String::new();
    for word in spaced.split_whitespace() {
        let start = word.find(|it: char| it.is_ascii_alphanumeric() || it == '*').unwrap_or(word.len());
        sign.push_str(&word[..start]);
        if start < word.len() {
            // The first half of `18 - 20` is a lower bound.
            let sign = if sign.is_empty() && range.contains(" - ") {
                ">=".into()
            } else {
                std::mem::take(&mut sign)
            };
            found.push((sign, word[start..].trim_start_matches('v').to_owned()));
        }
    }
    found
}

fn fits(sign: &str, wanted: &str, candidate: &Numbers, tilde: Tilde) -> bool {
    if wanted == "*" || wanted == "x" {
        return true;
    }
    let wanted_parts = numbers(wanted.trim_end_matches(['*', 'x', 'X']).trim_end_matches('.'));
    let Some(wanted) = wanted_parts else { return true };
    let shared = wanted.len().min(candidate.len());
    let same = wanted[..shared] == candidate[..shared];
    let above = same || candidate[..shared] > wanted[..shared];
    let below = |end: &Numbers| {
        let shared = end.len().min(candidate.len());
        candidate[..shared] < end[..shared]
    };
    match sign {
        ">=" | ">" => above,
        "<" => below(&wanted) && !same,
        "<=" => same || candidate[..shared] < wanted[..shared],
        "!=" => !(same && wanted.len() <= candidate.len()),
        "^" => above && below(&vec![wanted[0] + 1]),
        "~=" | "~>" => above && below(&next(&wanted, wanted.len().saturating_sub(1).max(1))),
        "~" => {
            let kept = match tilde {
                Tilde::Minor => wanted.len().min(2),
                Tilde::DropsLast => wanted.len().saturating_sub(1).max(1),
            };
            above && below(&next(&wanted, kept))
        }
        _ => same,
    }
}

/// The first version behind all that begin with the first `kept` numbers.
fn next(version: &Numbers, kept: usize) -> Numbers {
    let mut end = version[..kept].to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

/// `3.12.1` → its numbers. What follows a number, as in `3.12rc1`, is left out.
pub(crate) fn numbers(version: &str) -> Option<Numbers> {
    let mut found = Vec::new();
    for part in version.trim().split('.') {
        let digits: &str = &part[..part.find(|it: char| !it.is_ascii_digit()).unwrap_or(part.len())];
        if digits.is_empty() {
            break;
        }
        found.push(digits.parse().ok()?);
    }
    (!found.is_empty()).then_some(found)
}

/// The first `parts` numbers: `3.12.1` → `3.12`.
pub(crate) fn short(version: &str, parts: usize) -> Option<String> {
    let numbers = numbers(version)?;
    let words: Vec<String> = numbers.iter().take(parts).map(u32::to_string).collect();
    (words.len() == parts.min(numbers.len())).then(|| words.join("."))
}

/// True while somebody mends the image of this version.
pub(crate) fn maintained(image: &str) -> bool {
    ended_since(image).is_none()
}

#[cfg(test)]
mod tests {
    use super::{Tilde, allows};

    #[test]
    fn ranges_mean_what_their_tools_say() {
        let cases = [
            (">=3.9", "3.9", true),
            (">=3.9", "3.8", false),
            (">=3.9.5,<3.13", "3.9", true),
            (">=3.9,<3.13", "3.13", false),
            (">=3.9,<4", "3.14", true),
            ("^3.9", "3.14", true),
            ("^3.9", "4.0", false),
            ("~=3.9", "3.14", true),
            ("~=3.9.0", "3.10", false),
            ("==3.11.*", "3.11", true),
            ("==3.11.4", "3.12", false),
            ("!=3.10.*,>=3.9", "3.10", false),
            ("!=3.10.1,>=3.9", "3.10", true),
            ("<=3.11", "3.11", true),
            (">= 18", "22", true),
            ("^18.12 || >=20", "18", true),
            ("^18.12 || >=20", "19", false),
            ("18.x", "18", true),
            ("18 - 20", "19", true),
            ("18 - 20", "22", false),
            ("~> 3.1", "3.4", true),
            ("*", "1", true),
            ("", "1", false),
        ];
        for (range, version, wanted) in cases {
            assert_eq!(allows(range, version, Tilde::Minor), wanted, "{range} {version}");
        }
        assert!(!allows("~3.9", "3.10", Tilde::Minor) && allows("~8.1", "8.4", Tilde::DropsLast));
    }
}
