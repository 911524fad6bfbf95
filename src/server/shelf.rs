//! A request → what lies on the shelf, in the way in which the real place would hand it out. Reads only, and only what
//! is below the shelf's folder.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /` | all deliveries, with links |
//! | `GET /pypi/simple/…` | the index for `pip` |
//! | `GET /npm/NAME` | what `npm` wants to know of a package |
//! | `GET /buckets/NAME/…` | a file with the headers that the store would send |
//! | `GET /…` | a file, or a list of a folder |

use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tokio_stream::wrappers::ReceiverStream;

use crate::run::shelf::{
    Delivery, Packument, SafePath, Shelf, content_type, escape, link_address, object_headers, page,
};
use crate::server::api::Problem;
use crate::server::{guard, site};

const CHUNK: usize = 64 * 1024;

/// For pages that are made here: they need nothing.
const OWN_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// For files that are handed out to be kept: nobody is to run them here.
const FILE_POLICY: &str = "sandbox";

/// Everything on a shelf, as a value that can be asked without a socket.
pub fn shelf_router(shelf: Shelf) -> Router {
    Router::new()
        .fallback(move |request: Request| {
            let shelf = shelf.clone();
            async move { ask(shelf, request).await }
        })
        .layer(middleware::from_fn(guard::guard))
}

async fn ask(shelf: Shelf, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let help = "look at it with GET";
        return Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the shelf can only be read", help)
            .into_response();
    }
    let answered = tokio::task::spawn_blocking(move || answer(&shelf, &request)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn answer(shelf: &Shelf, request: &Request) -> Response {
    let raw = request.uri().path();
    if raw == "/" {
        return overview(shelf);
    }
    let Some(found) = find(shelf, raw) else { return missing() };
    let Found { path, names } = found;
    if !path.is_dir() {
        return file(shelf, &path, &names, request.method() == Method::HEAD);
    }
    if names.first().is_some_and(|it| it == "npm")
        && let Ok(Some(package)) = Packument::in_folder(&path)
    {
        return packument(package, request.headers());
    }
    if !raw.ends_with('/') {
        let to = format!("/{}/", link_address(&names.join("/")));
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response();
    }
    let index = path.join("index.html");
    if index.is_file() {
        let names: Vec<String> = names.into_iter().chain(["index.html".to_owned()]).collect();
        return file(shelf, &index, &names, request.method() == Method::HEAD);
    }
    own(&listing(&path, &names))
}

struct Found {
    path: PathBuf,
    names: Vec<String>,
}

/// The file or folder that an address means. Neither `..` nor a link leads out, and what the shelf needs for itself is
/// not there.
fn find(shelf: &Shelf, raw: &str) -> Option<Found> {
    let wanted = site::decode(raw.trim_start_matches('/'))?;
    let wanted = SafePath::of(&wanted).ok()?;
    let names: Vec<String> = wanted.names().iter().map(ToString::to_string).collect();
    if names.first().is_some_and(|it| it.starts_with('.') || it == "lock") {
        return None;
    }
    let root = fs::canonicalize(shelf.root()).ok()?;
    let path = fs::canonicalize(wanted.below(&root)).ok()?;
    path.starts_with(&root).then_some(Found { path, names })
}

fn missing() -> Response {
    let help = "`ciworkshop shelf` lists what is there";
    Problem::new(StatusCode::NOT_FOUND, "nothing of that name is on the shelf", help).into_response()
}

fn file(shelf: &Shelf, path: &Path, names: &[String], head: bool) -> Response {
    let Ok(opened) = File::open(path) else { return missing() };
    let Ok(metadata) = opened.metadata() else { return missing() };
    let mut headers = headers(shelf, path, names);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(metadata.len()));
    let body = if head { Body::empty() } else { stream(opened) };
    (headers, body).into_response()
}

fn headers(shelf: &Shelf, path: &Path, names: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: header::HeaderName, value: &str| {
        if !value.is_empty()
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, content_type(path));
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["buckets", bucket, ref key @ ..] => {
            let said = object_headers(shelf, bucket, &key.join("/")).unwrap_or_default();
            set(header::CONTENT_TYPE, &said.content_type);
            set(header::CONTENT_ENCODING, &said.content_encoding);
            set(header::CACHE_CONTROL, &said.cache_control);
        }
        ["sites", ..] => {}
        ["releases" | "pypi", .., "index.html"] => {
            set(header::CONTENT_SECURITY_POLICY, OWN_POLICY);
        }
        _ => set(header::CONTENT_SECURITY_POLICY, FILE_POLICY),
    }
    headers
}

/// Files may be large: they are read as fast as they are taken.
fn stream(mut file: File) -> Body {
    let (send, receive) = tokio::sync::mpsc::channel::<std::io::Result<Vec<u8>>>(4);
    std::thread::spawn(move || {
        loop {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk).map(|length| chunk.truncate(length));
            let over = read.is_err() || chunk.is_empty();
            if chunk.is_empty() && read.is_ok() || send.blocking_send(read.map(|()| chunk)).is_err() || over {
                return;
            }
        }
    });
    Body::from_stream(ReceiverStream::new(receive))
}

/// `npm` wants whole addresses, so they are made from the one that it used.
fn packument(package: Packument, headers: &HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or("127.0.0.1");
    axum::Json(package.served_at(&format!("http://{host}/npm/"))).into_response()
}

fn own(html: &str) -> Response {
    let kind =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, OWN_POLICY)];
    (kind, html.to_owned()).into_response()
}

fn listing(folder: &Path, names: &[String]) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut inside: Vec<String> = entries
        .map(|it| {
            let end = if it.path().is_dir() { "/" } else { "" };
            format!("{}{end}", it.file_name().to_string_lossy())
        })
        .filter(|it| !it.starts_with(".staging-"))
        .collect();
    inside.sort();
    let mut body =
        format!("<h1>/{}/</h1>\n<ul>\n<li><a href=\"../\">../</a></li>\n", escape(&names.join("/")));
    for name in inside {
        let _ = writeln!(body, "<li><a href=\"./{}\">{}</a></li>", link_address(&name), escape(&name));
    }
    body.push_str("</ul>\n");
    page(&names.join("/"), &body)
}

fn overview(shelf: &Shelf) -> Response {
    let deliveries = match shelf.deliveries() {
        Ok(deliveries) => deliveries,
        Err(trouble) => {
            return Problem::new(StatusCode::CONFLICT, &trouble.message, &trouble.help).into_response();
        }
    };
    let mut body = String::from(
        "<h1>The shelf</h1>\n<p>What rehearsed builds would have published. Nothing of it has left this machine.</p>\n<ul>\n",
    );
    for Delivery { kind, title, path, source, .. } in deliveries.iter().rev() {
        let (title, kind) = (escape(title), kind.word());
        let from = escape(&format!("build {}, {}/{}", source.build, source.pipeline, source.step));
        let _ = writeln!(body, "<li>{kind}: <a href=\"/{}\">{title}</a> ({from})</li>", link_address(path));
    }
    body.push_str("</ul>\n");
    own(&page("The shelf", &body))
}
