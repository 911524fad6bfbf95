//! The page's requests → the workshop's answers as JSON. Knows no rule about exercises.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::run::memory::Memory;
use crate::server::{Shared, events};
use crate::workshop::view::{ExerciseView, StateView, TroubleView};
use crate::workshop::{Cause, Kind, Session, Trouble};

/// The requests of the page.
pub(super) fn routes() -> Router<Shared> {
    let unknown = || async {
        Problem::new(StatusCode::NOT_FOUND, "there is no such request", "reload the page").into_response()
    };
    Router::new()
        .route("/api/state", get(state))
        .route("/api/check/{id}", post(check))
        .route("/api/hint/{id}", post(hint))
        .route("/api/last-run", get(last_run))
        .route("/api/events", get(events::events))
        .route("/api/{*rest}", get(unknown).post(unknown))
}

/// An error as JSON: `{"error","help"}`.
pub(super) struct Problem {
    status: StatusCode,
    view: TroubleView,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: &str, help: &str) -> Self {
        Self { status, view: TroubleView { error: error.into(), help: help.into() } }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let status = match trouble.kind {
            Kind::Asked => StatusCode::NOT_FOUND,
            Kind::CouldNot => StatusCode::CONFLICT,
        };
        Self { status, view: TroubleView::from(&trouble) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(self.view)).into_response()
    }
}

type Answer<T> = Result<Json<T>, Problem>;

async fn state(State(shared): State<Shared>) -> Answer<StateView> {
    work(shared, Session::state).await
}

async fn last_run(State(shared): State<Shared>) -> Answer<Option<Memory>> {
    let folder = Arc::clone(&shared.last_runs);
    work(shared, move |_| Ok(Memory::latest(&folder))).await
}

async fn check(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<ExerciseView> {
    work(shared, move |session| session.check(&id, Cause::Asked)).await
}

async fn hint(State(shared): State<Shared>, Path(id): Path<String>) -> Answer<ExerciseView> {
    work(shared, move |session| session.hint(&id)).await
}

/// Files are read and written beside the thread that serves, and a fault in there is an answer, not the end.
async fn work<T: Send + 'static>(
    shared: Shared,
    ask: impl FnOnce(&Session) -> Result<T, Trouble> + Send + 'static,
) -> Answer<T> {
    let fault = |_| {
        let error = "the check ended in a fault of ciworkshop";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error, "your files are as they were; try again")
    };
    Ok(Json(tokio::task::spawn_blocking(move || ask(&shared.session)).await.map_err(fault)??))
}
