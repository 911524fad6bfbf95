//! What changes the world in a way that is not rehearsed, a plugin or a command → that it was held back, and why.

use serde_json::json;

use crate::run::rehearsal::stage::{Over, Stage, What};
use crate::run::shelf::{self, Kind};

pub(super) fn hold_back(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let plugin = stage.settings.plugin;
    stage.talk.tell("would do", plugin.does);
    stage.talk.tell("held back", "its own checks are not rehearsed here; `--publish` lets it run");
    let settings = stage.settings.shown();
    let note = json!({"plugin": plugin.name, "does": plugin.does, "page": plugin.page, "settings": settings});
    let note = stage.secrets().hide_in_json(note);
    let shelf = stage.open_shelf()?;
    let path = shelf::message(&shelf, plugin.name, &note)?;
    let (title, destination) = (plugin.does.trim_end_matches('.').to_owned(), String::new());
    stage.delivered(&shelf, What { kind: Kind::Held, title, path, destination, files: Vec::new() })
}

/// What is said of a step whose own commands publish.
pub(super) fn of_command(command: &str) -> String {
    format!(
        "Rehearsal: nothing leaves this machine.\n  held back       `{command}` publishes by itself, so no command of \
         this step was run; `--publish` lets it\n"
    )
}
