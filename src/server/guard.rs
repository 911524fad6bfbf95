//! A request → refused, or passed on and answered with the headers that keep the page to itself.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::server::LARGEST_BODY;
use crate::server::api::Problem;

/// Answers only the browser on this machine, and only reads and checks.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = match refuse(&request) {
        Some(problem) => problem.into_response(),
        None => pass_on(request, next).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-cache"),
];

/// Takes the body in first: one that does not announce its length is measured too.
async fn pass_on(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, LARGEST_BODY).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => too_large().into_response(),
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the request is larger than 16 KiB", "send an empty body")
}

fn refuse(request: &Request) -> Option<Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
        let error = "only GET and POST are answered here";
        return Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, error, "open the page in a browser"));
    }
    let host = host(request);
    if !host.as_deref().is_some_and(is_this_machine) {
        let error = "this server answers only as 127.0.0.1 or localhost";
        return Some(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            error,
            "open the address that was printed",
        ));
    }
    if !same_origin(request, host.as_deref().unwrap_or_default()) {
        let error = "the request comes from another site";
        return Some(Problem::new(StatusCode::FORBIDDEN, error, "open the address that was printed"));
    }
    if announced_length(request.headers()) > LARGEST_BODY {
        return Some(too_large());
    }
    None
}

/// The host that the request names, in its own line or in its address.
fn host(request: &Request) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|it| it.to_str().ok());
    named.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str)).map(str::to_owned)
}

/// A name that another machine could point at this one is not enough.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|it| it.is_ascii_digit()) => name,
        Some(_) => return false,
        None => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

/// The page itself asks, or a person follows a link to a page. Programs that are no browser name no origin.
fn same_origin(request: &Request, host: &str) -> bool {
    let text = |name: &HeaderName| request.headers().get(name).map(|it| it.to_str().unwrap_or("?"));
    let origin_fits =
        text(&header::ORIGIN).is_none_or(|it| it.eq_ignore_ascii_case(&format!("http://{host}")));
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let navigates = text(&HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    let link = navigates && *request.method() == Method::GET;
    origin_fits && (link || site.is_none_or(|it| it == "same-origin" || it == "none"))
}

fn announced_length(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    length.map_or(0, |it| it.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_mean_this_machine_are_answered() {
        let cases = [
            ("127.0.0.1", true),
            ("127.0.0.1:3000", true),
            ("LocalHost:3000", true),
            ("localhost.evil.example:3000", false),
            ("evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("127.0.0.1:", false),
            ("127.0.0.1:80@evil", false),
            ("0.0.0.0:3000", false),
            ("", false),
        ];
        for (host, answered) in cases {
            assert_eq!(is_this_machine(host), answered, "{host}");
        }
    }
}
