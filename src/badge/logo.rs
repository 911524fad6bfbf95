//! The bytes of a PNG or SVG file → a logo that stands inside the badge. Nothing is fetched, now or later.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

/// More is refused: the badge would be heavier than the page it stands on.
const MOST_BYTES: usize = 32 * 1024;

/// A picture as part of a badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// `data:image/…;base64,…`, which no reader of XML takes for anything else.
    pub(super) address: String,
}

/// A file that cannot be a logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be the logo: {problem}")]
pub struct NoLogo {
    problem: String,
    /// The next thing to try.
    pub help: &'static str,
}

const ANOTHER: &str = "take another picture: a small PNG, or an SVG that holds all of itself";

fn no_logo(problem: impl Into<String>, help: &'static str) -> NoLogo {
    NoLogo { problem: problem.into(), help }
}

impl Logo {
    /// Looks at the bytes, not at the file's name.
    pub fn new(bytes: &[u8]) -> Result<Self, NoLogo> {
        if bytes.len() > MOST_BYTES {
            let problem = format!("it has {} bytes, and a logo at most {MOST_BYTES}", bytes.len());
            return Err(no_logo(problem, "make it smaller: it is drawn 14 pixels high"));
        }
        let kind = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            check_png(bytes)?;
            "png"
        } else {
            check_svg(bytes)?;
            "svg+xml"
        };
        Ok(Self { address: format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)) })
    }
}

/// The first chunk says how large the picture is; a file that is cut has no last chunk.
fn check_png(bytes: &[u8]) -> Result<(), NoLogo> {
    let number = |at: usize| {
        bytes.get(at..at + 4).map(|it| it.iter().fold(0_u32, |sum, it| sum << 8 | u32::from(*it)))
    };
    let whole = bytes.get(12..16) == Some(b"IHDR") && bytes.windows(4).any(|it| it == b"IEND");
    if !whole || number(16).is_none_or(|it| it == 0) || number(20).is_none_or(|it| it == 0) {
        return Err(no_logo("it begins like a PNG, and is broken or cut", "save it again, as a PNG"));
    }
    Ok(())
}

fn check_svg(bytes: &[u8]) -> Result<(), NoLogo> {
    let neither = || no_logo("it is neither a PNG nor an SVG", "convert it to PNG, or take another picture");
    let text = str::from_utf8(bytes).map_err(|_| neither())?;
    if !text.contains("<svg") {
        return Err(neither());
    }
    let document = Document::parse(text)
        .map_err(|it| no_logo(format!("its SVG does not read: {it}"), "save it again, as a plain SVG"))?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(neither());
    }
    if document.root_element().tag_name().namespace() != Some("http://www.w3.org/2000/svg") {
        let help = "add xmlns=\"http://www.w3.org/2000/svg\" to its first element";
        return Err(no_logo("its SVG does not say that it is one, so browsers draw nothing", help));
    }
    document.descendants().find_map(alien).map_or(Ok(()), |it| Err(no_logo(it, ANOTHER)))
}

/// What no picture needs: scripts, pages inside, and addresses of something that is not in the file.
fn alien(node: Node<'_, '_>) -> Option<String> {
    let name = node.tag_name().name();
    if matches!(name, "script" | "foreignObject") {
        return Some(format!("its SVG holds <{name}>"));
    }
    let mut attributes = node.attributes();
    let style = (name == "style").then(|| node.text().unwrap_or_default());
    if let Some(handler) = node.attributes().find(|it| it.name().starts_with("on")) {
        return Some(format!("its SVG holds a script, in `{}`", handler.name()));
    }
    let far = |it: &str| it.contains("@import") || it.split("url(").skip(1).any(|it| !is_inside(it));
    let found = attributes
        .find(|it| (matches!(it.name(), "href" | "src") && !is_inside(it.value())) || far(it.value()));
    if let Some(found) = found {
        return Some(format!("its SVG fetches something from elsewhere, in `{}`", found.name()));
    }
    style.filter(|it| far(it)).map(|_| "its SVG fetches something from elsewhere, in <style>".into())
}

/// True for the address of something in the file itself.
fn is_inside(address: &str) -> bool {
    let address = address.trim_start_matches(|it: char| it.is_whitespace() || it == '"' || it == '\'');
    address.starts_with('#') || address.starts_with("data:")
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">";

    #[test]
    fn a_small_picture_is_taken_in_whole() {
        let svg = format!("{START}<path fill=\"url(#a)\" d=\"M0 0h1v1z\"/></svg>");
        let logo = Logo::new(svg.as_bytes()).unwrap();
        let (kind, data) = logo.address.split_once(";base64,").unwrap();
        assert_eq!((kind, STANDARD.decode(data).unwrap()), ("data:image/svg+xml", svg.into_bytes()));
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01".to_vec();
        assert!(Logo::new(&png).unwrap_err().to_string().contains("broken or cut"));
        png.extend(b"\x08\x06\0\0\0....\0\0\0\0IEND....");
        assert!(Logo::new(&png).unwrap().address.starts_with("data:image/png;base64,iVBORw0KGgo"));
    }

    #[test]
    fn what_is_no_picture_of_its_own_is_refused() {
        let inside = |it: &str| format!("{START}{it}</svg>").into_bytes();
        for (bytes, said) in [
            (b"GIF89a".to_vec(), "neither a PNG nor an SVG"),
            (b"<html><svg/></html>".to_vec(), "neither a PNG nor an SVG"),
            (b"<svg/>".to_vec(), "does not say that it is one"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">".to_vec(), "does not read"),
            (vec![b'x'; MOST_BYTES + 1], "32769 bytes"),
            (inside("<script>1</script>"), "<script>"),
            (inside("<g onload=\"a()\"/>"), "`onload`"),
            (inside("<image href=\"https://example.com/a.png\"/>"), "`href`"),
            (inside("<g style=\"fill: url('https://example.com/a')\"/>"), "`style`"),
            (inside("<style>@import 'a.css';</style>"), "<style>"),
            (
                b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
                "does not read",
            ),
        ] {
            let error = Logo::new(&bytes).unwrap_err();
            assert!(error.to_string().contains(said), "{said}: {error}");
        }
    }
}
