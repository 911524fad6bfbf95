//! A file that one step left and another does not find → which `volumes` of the file keep the two apart.

use crate::course::check::event::Scene;
use crate::course::check::found::Found;
use crate::course::rehearse::{Cause, Note};
use crate::pipeline::{Pipeline, Step};
use crate::source::Span;

/// What is wrong with the mounts of one step.
struct Fault {
    why: String,
    next: String,
    at: Span,
}

impl Scene<'_> {
    /// What to say of a file that should lie in a volume.
    pub(super) fn of_a_volume(&self, note: &Note, cause: &Cause, found: &Found) -> Option<Found> {
        let (path, maker) = match cause {
            Cause::Lost { name, step } if name.starts_with('/') => (name, Some(step)),
            Cause::NotMounted { path, .. } => (path, None),
            _ => return None,
        };
        let pipeline = self.manifest.pipelines().nth(note.pipeline)?;
        let maker = maker.and_then(|name| pipeline.steps.iter().find(|it| it.name() == name));
        let reader = pipeline.steps.get(note.step);
        let fault = maker.into_iter().chain(reader).find_map(|step| fault(pipeline, step, path))?;
        let happened = format!("{} {}", found.happened, fault.why);
        let next = Some(fault.next);
        Some(Found {
            next,
            ..Found { code: found.code, ..Found::new(happened).at(fault.at, "no volume there") }
        })
    }
}

/// Why the path does not lie in a volume of this step.
fn fault(pipeline: &Pipeline, step: &Step, path: &str) -> Option<Fault> {
    let folder = path.rsplit_once('/').map_or("/", |it| it.0);
    let (name, at) = (step.name(), step.name_span());
    let text = |it: &Option<crate::pipeline::Text>| it.as_ref().map_or(String::new(), |it| it.value.clone());
    let known: Vec<String> = pipeline.volumes.iter().map(|it| text(&it.name)).collect();
    let mut faults = Vec::new();
    for mount in &step.volumes {
        let (volume, place) = (text(&mount.name), text(&mount.path));
        let at = mount.name.as_ref().or(mount.path.as_ref()).map_or(at, |it| it.span);
        let made = pipeline.volumes.iter().find(|it| text(&it.name) == volume);
        let (why, next) = match made {
            None => {
                let names: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
                let names = if names.is_empty() { "none".into() } else { names.join(", ") };
                (
                    format!("The step `{name}` mounts `{volume}`. The volumes of the pipeline are: {names}."),
                    "Write the same name in both places: in `volumes` of the pipeline, and in those of the step.".into(),
                )
            }
            Some(it) if it.temp.is_none() && it.host.is_none() => (
                format!("The volume `{volume}` has nothing behind its name, so no folder is mounted."),
                format!(
                    "In `volumes` of the pipeline write `temp: {{}}` below `name: {volume}`, with the braces."
                ),
            ),
            Some(_) if !path.starts_with(&format!("{}/", place.trim_end_matches('/'))) => (
                format!(
                    "The step `{name}` mounts `{volume}` at `{place}`, and its program looks in `{folder}`."
                ),
                format!("Let the step mount it at `path: {folder}`."),
            ),
            Some(_) => return None,
        };
        faults.push(Fault { why, next, at });
    }
    let none = || Fault {
        why: format!("The step `{name}` mounts no volume."),
        next: format!(
            "Give the step `volumes`, with the name of a volume of the pipeline and `path: {folder}`."
        ),
        at,
    };
    Some(faults.into_iter().next().unwrap_or_else(none))
}
