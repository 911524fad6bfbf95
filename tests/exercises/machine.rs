//! What runs the pipelines of the exercises in these tests: the clean machines of the program itself.
//!
//! `CIWORKSHOP_TEST_RUNNER` names one: `plain`, `bubblewrap`, `docker`, `podman` or `none`. One that is named must be there.
//! Without the variable it is the sandbox that works here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ciworkshop::run::Trouble;
use ciworkshop::run::backend::Backend;
use ciworkshop::run::places::Places;
use ciworkshop::run::process::Stop;
use ciworkshop::run::{container, sandbox};
use ciworkshop::workshop::machine::CleanMachine;
use sandbox::Level;

/// The machine; `None` when none is wanted, and that is said.
pub(crate) fn machine() -> Option<&'static CleanMachine> {
    static MACHINE: OnceLock<Option<CleanMachine>> = OnceLock::new();
    MACHINE.get_or_init(find).as_ref()
}

fn find() -> Option<CleanMachine> {
    let asked = std::env::var("CIWORKSHOP_TEST_RUNNER");
    if asked.as_deref() == Ok("none") {
        eprintln!("skipped: CIWORKSHOP_TEST_RUNNER=none");
        return None;
    }
    let backend = match asked {
        Ok(name) => named(&name),
        Err(_) => named("bubblewrap").or_else(|_| named("plain")),
    };
    let backend = backend.unwrap_or_else(|it| panic!("{}; {}", it.message, it.help));
    eprintln!("machine: {}", backend.describe().title);
    let cache = cache().to_str().unwrap().to_owned();
    let places = Places::of(&BTreeMap::from([("CIWORKSHOP_CACHE".to_owned(), cache)]));
    Some(CleanMachine::new(backend, places, Stop::new()))
}

fn named(name: &str) -> Result<Arc<dyn Backend>, Trouble> {
    let variables = std::env::vars().collect();
    let sand = |level| sandbox::find(level, &variables, &cache()).map(|it| Arc::new(it) as Arc<dyn Backend>);
    match name {
        "plain" => sand(Level::Plain),
        "bubblewrap" => sand(Level::Bubblewrap),
        name => container::find_named(name, &variables).map(|it| Arc::new(it) as Arc<dyn Backend>),
    }
}

/// Pip is copied there once, for all tests.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("exercises-cache")
}
