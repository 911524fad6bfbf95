//! The book that is built into the program → answers with type, tag and policy. Looks paths up in a table, so that no
//! path leads anywhere else. The book is embedded compressed: browsers get it so, and nothing is unpacked before it is
//! asked for.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use include_dir::{Dir, include_dir};

use crate::server::api::Problem;

static BOOK: Dir<'_> = include_dir!("$OUT_DIR/packed");

/// Scripts come from this server only, never out of a page. The book's `style` attributes are its own.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What else than the address decides what is sent.
const VARY: (header::HeaderName, &str) = (header::VARY, "accept-encoding");

const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>No such page</title>\
                       <p>There is no such page. <a href=\"/\">Begin at the first one.</a>\n";

/// The pages and what they need, by path.
#[derive(Clone)]
pub(super) struct Site(Arc<BTreeMap<String, BookFile>>);

/// A file of the book, as it is embedded.
#[derive(Clone, Copy, Debug)]
pub struct BookFile {
    /// Its content in the form of gzip.
    pub packed: &'static [u8],
}

impl BookFile {
    /// Its content. An error means that the program itself is damaged.
    pub fn content(self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        GzDecoder::new(self.packed).read_to_end(&mut content)?;
        Ok(content)
    }
}

/// Every file of the book, by its path with `/`.
pub fn book_files() -> impl Iterator<Item = (String, BookFile)> {
    let (mut files, mut waiting) = (Vec::new(), vec![&BOOK]);
    while let Some(folder) = waiting.pop() {
        let name = |path: &Path| path.with_extension("").to_string_lossy().replace('\\', "/");
        files.extend(folder.files().map(|it| (name(it.path()), BookFile { packed: it.contents() })));
        waiting.extend(folder.dirs());
    }
    files.into_iter()
}

impl Site {
    /// The book.
    pub(super) fn embedded() -> Self {
        Self(Arc::new(book_files().collect()))
    }

    /// The file for a path of an address: itself, or the page that stands for a folder.
    fn find(&self, path: &str) -> Option<(&str, BookFile)> {
        let wanted = decode(path.trim_start_matches('/'))?;
        let name = match wanted.as_str() {
            "" => "index.html".to_owned(),
            folder if folder.ends_with('/') => format!("{folder}index.html"),
            _ => wanted,
        };
        self.0.get_key_value(&name).map(|(name, file)| (name.as_str(), *file))
    }
}

/// Answers a request for a page or a part of one.
pub(super) fn answer(site: &Site, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let help = "open the page in a browser";
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "pages can only be read", help).into_response();
    }
    let Some((name, file)) = site.find(request.uri().path()) else {
        return (StatusCode::NOT_FOUND, page("missing.html"), MISSING).into_response();
    };
    let packed = takes_gzip(request.headers());
    let tag = tag(file, packed);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known.is_some_and(|it| it.split(',').any(|it| it.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)], [VARY]).into_response();
    }
    let head = ([(header::ETAG, tag)], page(name), [VARY]);
    if packed {
        return (head, [(header::CONTENT_ENCODING, "gzip")], file.packed).into_response();
    }
    match file.content() {
        Ok(content) => (head, content).into_response(),
        Err(error) => damaged(&error).into_response(),
    }
}

fn damaged(error: &io::Error) -> Problem {
    let error = format!("the book in this program is damaged: {error}");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, &error, "install the program again")
}

/// True when the browser says that it unpacks gzip itself: every browser does, a script may not.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
    let mut choices = lines.flat_map(|it| it.split(',')).map(|it| it.split_once(';').unwrap_or((it, "")));
    choices.any(|(name, weight)| name.trim().eq_ignore_ascii_case("gzip") && !is_zero(weight))
}

/// `q=0`, and with up to three more noughts, means: not this.
fn is_zero(weight: &str) -> bool {
    let value = weight.trim().strip_prefix("q=").or_else(|| weight.trim().strip_prefix("Q="));
    value.is_some_and(|it| it.trim().parse() == Ok(0.0_f32))
}

fn page(name: &str) -> [(header::HeaderName, &'static str); 2] {
    [(header::CONTENT_TYPE, kind(name)), (header::CONTENT_SECURITY_POLICY, POLICY)]
}

/// Differs when the content does, or the form in which it is sent.
fn tag(file: BookFile, packed: bool) -> String {
    let mut hasher = DefaultHasher::new();
    (file.packed, packed).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" | "yml" | "md" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// `%20` and the like; `None` where that gives no text.
pub(super) fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).filter(|it| it.iter().all(u8::is_ascii_hexdigit))?;
        let digits = std::str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_in_addresses_are_undone_and_broken_ones_find_nothing() {
        assert_eq!(decode("a%20b/c%C3%BC.html").as_deref(), Some("a b/cü.html"));
        for broken in ["%", "%2", "%zz", "%ff", "%+1"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn gzip_is_sent_to_who_names_it_and_does_not_refuse_it() {
        let cases = [
            ("gzip", true),
            ("br;q=1.0, GZIP;q=0.8, *;q=0.1", true),
            ("deflate, gzip", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("identity", false),
            ("xgzip", false),
            ("*", false),
            ("", false),
        ];
        for (header, packed) in cases {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, header.parse().unwrap())]);
            assert_eq!(takes_gzip(&headers), packed, "{header}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn the_folder_and_its_page_are_the_same_and_nothing_above_is_found() {
        let site = Site::embedded();
        assert_eq!(site.find("/").unwrap().0, "index.html");
        for path in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/..", "/index.html/", "/\\..\\x"]
        {
            assert!(site.find(path).is_none(), "{path}");
        }
    }
}
