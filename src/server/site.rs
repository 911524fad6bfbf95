//! The book that is built into the program → answers with type, tag and policy. Looks paths up in a table, so that no
//! path leads anywhere else.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

use crate::server::api::Problem;

static BOOK: Dir<'_> = include_dir!("$OUT_DIR/book");

/// Scripts come from this server only, never out of a page. The book's `style` attributes are its own.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>No such page</title>\
                       <p>There is no such page. <a href=\"/\">Begin at the first one.</a>\n";

/// The pages and what they need, by path.
#[derive(Clone)]
pub(super) struct Site(Arc<BTreeMap<String, &'static [u8]>>);

/// Every file of the book: its path with `/`, and its content.
pub fn book_files() -> impl Iterator<Item = (String, &'static [u8])> {
    let (mut files, mut waiting) = (Vec::new(), vec![&BOOK]);
    while let Some(folder) = waiting.pop() {
        let name = |path: &Path| path.to_string_lossy().replace('\\', "/");
        files.extend(folder.files().map(|it| (name(it.path()), it.contents())));
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
    fn find(&self, path: &str) -> Option<(&str, &'static [u8])> {
        let wanted = decode(path.trim_start_matches('/'))?;
        let name = match wanted.as_str() {
            "" => "index.html".to_owned(),
            folder if folder.ends_with('/') => format!("{folder}index.html"),
            _ => wanted,
        };
        self.0.get_key_value(&name).map(|(name, content)| (name.as_str(), *content))
    }
}

/// Answers a request for a page or a part of one.
pub(super) fn answer(site: &Site, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let help = "open the page in a browser";
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "pages can only be read", help).into_response();
    }
    let Some((name, content)) = site.find(request.uri().path()) else {
        return (StatusCode::NOT_FOUND, page("missing.html"), MISSING).into_response();
    };
    let tag = tag(content);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known.is_some_and(|it| it.split(',').any(|it| it.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag)], page(name), content).into_response()
}

fn page(name: &str) -> [(header::HeaderName, &'static str); 2] {
    [(header::CONTENT_TYPE, kind(name)), (header::CONTENT_SECURITY_POLICY, POLICY)]
}

/// Differs when the content does.
fn tag(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
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
fn decode(path: &str) -> Option<String> {
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
