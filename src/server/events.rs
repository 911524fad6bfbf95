//! News of the session → server-sent events, until the page leaves or the server ends.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};

use crate::server::Shared;
use crate::workshop::view::TroubleView;
use crate::workshop::{News, Session};

/// A stream that begins with the whole state. A page that fell behind gets the whole state again.
pub(super) async fn events(
    State(shared): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(64);
    tokio::spawn(forward(shared, sender));
    let stream = ReceiverStream::new(receiver).map(Ok);
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("still here"))
}

/// Ends, and with it the stream, when the page has left or the server ends.
async fn forward(mut shared: Shared, page: tokio::sync::mpsc::Sender<Event>) {
    let mut news = shared.session.subscribe();
    if page.send(state(&shared.session)).await.is_err() {
        return;
    }
    loop {
        let event = tokio::select! {
            _ = shared.ending.wait_for(|ending| *ending) => return,
            () = page.closed() => return,
            heard = news.recv() => match heard {
                Ok(News::Exercise { view, .. }) => json("exercise", &view),
                Ok(News::Trouble(view)) => json("trouble", &view),
                Ok(News::Current { .. }) | Err(broadcast::error::RecvError::Lagged(_)) => state(&shared.session),
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if page.send(event).await.is_err() {
            return;
        }
    }
}

fn state(session: &Session) -> Event {
    match session.state() {
        Ok(state) => json("state", &state),
        Err(trouble) => json("trouble", &TroubleView::from(&trouble)),
    }
}

fn json(name: &str, value: &impl Serialize) -> Event {
    Event::default().event(name).json_data(value).unwrap_or_else(|_| Event::default().event(name).data("{}"))
}
