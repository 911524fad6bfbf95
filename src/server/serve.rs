//! A port and a session, or a shelf → pages until told to end, and then an end within a second, however many pages are open.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::run::shelf::Shelf;
use crate::server::{router, shelf_router};
use crate::workshop::{Session, Trouble};

/// Tried first, so that the address stays the same from day to day.
const USUAL_PORT: u16 = 3000;
/// Streams end at once; a request that is still being answered gets so long.
const LAST_ANSWERS: Duration = Duration::from_millis(600);

/// A socket on this machine only. Without a wish for a port: the usual one, or any that is free.
pub fn bind(port: Option<u16>) -> Result<TcpListener, Trouble> {
    let at = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let bound = match port {
        Some(port) => at(port),
        None => at(USUAL_PORT).or_else(|_| at(0)),
    };
    bound.map_err(|error| {
        let port = port.map_or_else(|| "any port".to_owned(), |it| format!("port {it}"));
        let (why, help) = match error.kind() {
            ErrorKind::AddrInUse => {
                ("another program uses it", "leave `--port` out, and a free one is found")
            }
            ErrorKind::PermissionDenied => ("this user may not use it", "name a port above 1023"),
            _ => ("the system refuses", "check the machine's network settings"),
        };
        Trouble::could_not(format!("the pages cannot be served on {port} of 127.0.0.1: {why}"), help)
    })
}

/// A server that is running.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    ending: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Begins to serve. Must be called inside a tokio runtime.
    pub fn start(listener: TcpListener, session: Arc<Session>, last_runs: &Path) -> Result<Self, Trouble> {
        Self::serve(listener, |ended| router(session, last_runs, ended))
    }

    /// Begins to serve a shelf. Must be called inside a tokio runtime.
    pub fn start_shelf(listener: TcpListener, shelf: Shelf) -> Result<Self, Trouble> {
        Self::serve(listener, |_| shelf_router(shelf))
    }

    fn serve(
        listener: TcpListener,
        router: impl FnOnce(watch::Receiver<bool>) -> Router,
    ) -> Result<Self, Trouble> {
        let trouble = |error: std::io::Error| {
            Trouble::could_not(format!("the pages cannot be served: {error}"), "start again")
        };
        listener.set_nonblocking(true).map_err(trouble)?;
        let address = listener.local_addr().map_err(trouble)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(trouble)?;
        let (ending, mut ended) = watch::channel(false);
        let router = router(ended.clone());
        let end = async move { drop(ended.wait_for(|it| *it).await) };
        let serve = axum::serve(listener, router).with_graceful_shutdown(end);
        let task = tokio::spawn(async move { drop(serve.await) });
        Ok(Self { address, ending, task })
    }

    /// The address of the first page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Ends the streams, lets the last answers go out, and stops.
    pub async fn end(mut self) {
        let _ = self.ending.send(true);
        if tokio::time::timeout(LAST_ANSWERS, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
