//! What a badge was drawn from ↔ the digest that the badge carries. Anybody can compute it: it proves that two things
//! belong together, and nothing about who made them.

use roxmltree::Document;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::badge::BEGINNING;

/// The digest of a JSON text and of the badge's words. Line ends, indentation and the order of keys do not matter.
#[must_use]
pub fn digest(title: &str, source: &Value) -> String {
    // The keys of a value are in order, so equal values have equal texts.
    let text = format!("ciworkshop badge 1\n{title}\n{source}");
    let sum = Sha256::digest(text.as_bytes());
    let digits: String = sum.iter().map(|it| format!("{it:02x}")).collect();
    format!("sha256:{digits}")
}

/// What can be read from a badge of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its words.
    pub title: String,
    /// Its digest.
    pub digest: String,
}

/// Why a badge carries nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingCarried {
    /// It is something else.
    #[error("it is no badge of this program")]
    Foreign,
    /// Somebody has edited it.
    #[error("it says one thing to the eye and another one to the ear, so it was changed after it was drawn")]
    Altered,
    /// It is a badge without a digest.
    #[error("it is a badge without a digest")]
    NoDigest,
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// Reads a badge.
pub fn carried(svg: &str) -> Result<Carried, NothingCarried> {
    if !svg.starts_with(BEGINNING) {
        return Err(NothingCarried::Foreign);
    }
    let document = Document::parse(svg).map_err(|_| NothingCarried::Foreign)?;
    let root = document.root_element();
    let title = root.children().find(|it| it.has_tag_name((SVG, "title"))).and_then(|it| it.text());
    let title = title.unwrap_or_default().to_owned();
    let drawn: Vec<&str> = root
        .descendants()
        .filter(|it| it.has_tag_name((SVG, "text")) && it.attribute("aria-hidden").is_none())
        .filter_map(|it| it.text())
        .collect();
    // One style draws capitals.
    let same = drawn.join(": ").to_uppercase() == title.to_uppercase();
    if !same || root.attribute("aria-label") != Some(&title) {
        return Err(NothingCarried::Altered);
    }
    let digest = root.attribute("data-progress").ok_or(NothingCarried::NoDigest)?;
    Ok(Carried { title, digest: digest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badge::{Badge, Colour};

    #[test]
    fn a_badge_gives_back_what_it_carries() {
        let badge = Badge { digest: Some("sha256:00"), ..Badge::new("a & b", "5 of 8", Colour::BLUE) };
        let expected = Carried { title: "a & b: 5 of 8".into(), digest: "sha256:00".into() };
        assert_eq!(carried(&badge.svg()), Ok(expected));
        let altered = badge.svg().replace(">5 of 8<", ">8 of 8<");
        assert_eq!(carried(&altered), Err(NothingCarried::Altered));
        let large = Badge { style: crate::badge::Style::ForTheBadge, ..badge };
        assert!(carried(&large.svg()).is_ok());
        let plain = Badge::new("a", "b", Colour::BLUE).svg();
        assert_eq!(carried(&plain), Err(NothingCarried::NoDigest));
        for other in ["", "<svg/>", &plain[..300]] {
            assert_eq!(carried(other), Err(NothingCarried::Foreign));
        }
    }

    #[test]
    fn how_a_file_is_laid_out_does_not_matter_and_what_it_says_does() {
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let one = digest("a", &value("{\"x\": 1, \"y\": [2]}"));
        assert_eq!(one, digest("a", &value("{\r\n \"y\":[2],\"x\":1}")));
        assert_ne!(one, digest("b", &value("{\"x\": 1, \"y\": [2]}")));
        assert_ne!(one, digest("a", &value("{\"x\": 1, \"y\": [3]}")));
        assert_eq!(one.len(), "sha256:".len() + 64);
    }
}
