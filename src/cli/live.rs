//! A session → lines in the terminal for each save, until interrupted: the common half of `start` and `watch`.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::cli::{Exit, Failure, Format, World, course_text, desk};
use crate::workshop::watch::{Mode, Saved, Watcher};
use crate::workshop::{Cause, News, Session, Trouble};

/// Watches the workshop folder for the session: a save is checked, another program's progress is taken in.
pub(super) fn watch(session: &Arc<Session>, mode: Mode) -> Watcher {
    let heard = Arc::clone(session);
    Watcher::start(session.workshop(), mode, move |saved| {
        // A fault in a check must not end the watch without a word.
        let told = catch_unwind(AssertUnwindSafe(|| tell(&heard, &saved)));
        let fault = |_| {
            let help = "your files are as they were; `ciworkshop check` shows the fault again";
            Err(Trouble::could_not("the check ended in a fault of ciworkshop", help))
        };
        if let Err(trouble) = told.unwrap_or_else(fault) {
            heard.report(&trouble);
        }
    })
}

fn tell(session: &Session, saved: &Saved) -> Result<(), Trouble> {
    match saved {
        Saved::Exercises(ids) => ids.iter().try_for_each(|id| session.check(id, Cause::Saved).map(drop)),
        Saved::Progress => session.progress_changed(),
    }
}

/// Shows how the current exercise stands.
pub(super) fn show_current(session: &Session, format: Format, world: &mut World) -> Result<(), Failure> {
    if format == Format::Json {
        let state = session.state()?;
        return desk::json_line(world, &json!({"event": "state", "state": state}));
    }
    let view = session.exercise(&session.workshop().current_id()?)?;
    let task = desk::task(session.workshop(), &view, world);
    writeln!(world.out, "{task}{}", course_text::found(&view, desk::paint(world)))?;
    Ok(world.out.flush()?)
}

/// Shows news until the user interrupts.
pub(super) async fn follow(
    session: &Session,
    mut news: Receiver<News>,
    format: Format,
    world: &mut World,
) -> Result<Exit, Failure> {
    tokio::spawn(end_by_force());
    let interrupted = interrupt();
    tokio::pin!(interrupted);
    loop {
        tokio::select! {
            () = &mut interrupted => return Ok(Exit::Interrupted),
            heard = news.recv() => match heard {
                Ok(news) => show(session, &news, format, world)?,
                Err(RecvError::Lagged(_)) => show_current(session, format, world)?,
                Err(RecvError::Closed) => return Ok(Exit::Clean),
            },
        }
    }
}

fn show(session: &Session, news: &News, format: Format, world: &mut World) -> Result<(), Failure> {
    if format == Format::Json {
        return match news {
            News::Exercise { view, .. } => {
                desk::json_line(world, &json!({"event": "exercise", "exercise": view}))
            }
            News::Current { id, .. } => desk::json_line(world, &json!({"event": "current", "current": id})),
            News::Trouble(view) => desk::json_line(world, &json!({"event": "trouble", "trouble": view})),
        };
    }
    let paint = desk::paint(world);
    match news {
        News::Exercise { view, cause: Cause::Saved | Cause::Asked } => {
            writeln!(world.out, "{}", course_text::verdict(view, paint))?;
        }
        News::Current { id, cause: Cause::Remembered } => {
            let view = session.exercise(id)?;
            writeln!(world.out, "{}", desk::task(session.workshop(), &view, world))?;
        }
        News::Trouble(view) => writeln!(world.err, "error: {}\nhelp: {}", view.error, view.help)?,
        News::Exercise { .. } | News::Current { .. } => {}
    }
    Ok(world.out.flush()?)
}

/// Ends the program a moment after the interrupt, if it has not ended by then: an answer that nobody reads (a full
/// pipe, a terminal held with Ctrl-S) holds up the loop above for ever. What a participant would miss is on disk.
#[expect(clippy::exit, reason = "the thread that could return is the one that is held up")]
async fn end_by_force() {
    interrupt().await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    std::process::exit(Exit::Interrupted.code().into());
}

/// Ctrl-C, or a polite request to end.
pub(super) async fn interrupt() {
    #[cfg(unix)]
    if let Ok(mut ended) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = ended.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// The machinery that waits for several things at once.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.map_err(|error| {
        Failure::could_not(format!("no threads can be started: {error}"), "close some programs")
    })
}

/// True when the variable asks for polling.
pub(super) fn asked_to_poll(world: &World) -> bool {
    world.variables.get("CIWORKSHOP_POLL").is_some_and(|it| !it.is_empty() && it != "0")
}
