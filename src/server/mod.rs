//! The local pages: the book, the state of the exercises, and their checks. Loopback only, and only for this machine's
//! own browser: `guard` refuses requests that name another host or come from another site.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /api/state` | the whole workshop |
//! | `POST /api/check/{id}` | the exercise, checked now |
//! | `POST /api/hint/{id}` | the exercise, with one more hint |
//! | `GET /api/events` | `state` at first and when the current exercise changes, then `exercise` for each verdict |
//! | `GET /api/last-run` | the latest `ciworkshop run` of any project, or `null` |
//! | `GET /…` | the book |
//!
//! The local shelf is served by itself: [`shelf_router`].

mod api;
mod events;
mod guard;
mod serve;
mod shelf;
mod site;

pub use serve::{Server, bind};
pub use shelf::shelf_router;
pub use site::{BookFile, book_files};

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use tokio::sync::watch;

use crate::workshop::Session;

/// Bodies beyond this are refused: no request of the page has one.
const LARGEST_BODY: usize = 16 * 1024;

/// What each request can reach.
#[derive(Clone)]
struct Shared {
    session: Arc<Session>,
    /// The folder with the last run of each project.
    last_runs: Arc<Path>,
    /// Turns true when the server ends: streams end with it.
    ending: watch::Receiver<bool>,
}

/// Everything that is served, as a value that can be asked without a socket. For `last_runs` see
/// [`Places::last_runs`](crate::run::places::Places::last_runs).
pub fn router(session: Arc<Session>, last_runs: &Path, ending: watch::Receiver<bool>) -> Router {
    let site = site::Site::embedded();
    api::routes()
        .fallback(move |request: Request| async move { site::answer(&site, &request) })
        .layer(middleware::from_fn(guard::guard))
        .with_state(Shared { session, last_runs: last_runs.into(), ending })
}
