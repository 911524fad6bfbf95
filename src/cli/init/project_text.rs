//! A proposal → what a person reads: the evidence, the plan, the file, advice, and the next three commands.

use std::io::{self, Write};

use crate::cli::World;
use crate::engine::plan::{Build, Event, Faults, plan};
use crate::engine::source::SourceFile;
use crate::scaffold::{Component, PIPELINE, Proposal};

/// Why nothing is kept for the next build; the reasons stand where pipelines are shaped.
const NO_CACHE: &str = "Each build installs anew: Drone keeps nothing between builds, and what could (a folder of the server, a store with a key) \
     is not there on every server.";

/// What was found, what would run, and what its owner should know.
pub(super) fn found(proposal: &Proposal, world: &mut World) -> io::Result<()> {
    let out = &mut world.out;
    proposal.components.iter().try_for_each(|it| component(it, out))?;
    pipelines(proposal, out)?;
    advice(proposal, out)
}

/// Everything before the question.
pub(super) fn proposal(proposal: &Proposal, world: &mut World) -> io::Result<()> {
    found(proposal, world)?;
    let out = &mut world.out;
    writeln!(out, "\n{PIPELINE}:\n")?;
    for line in proposal.text.lines() {
        let indent = if line.is_empty() { "" } else { "  " };
        writeln!(out, "{indent}{line}")?;
    }
    Ok(())
}

/// What was found and decided, with every place, and without the file.
pub(super) fn explained(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    for it in &proposal.components {
        component(it, out)?;
        for line in it.reasons() {
            writeln!(out, "  {}", shown(&line))?;
        }
    }
    pipelines(proposal, out)?;
    advice(proposal, out)?;
    writeln!(out, "\n{NO_CACHE}")?;
    writeln!(
        out,
        "\nThe main branch is `{}`. Nothing of the project was executed, and nothing is written.",
        proposal.branch
    )
}

fn component(component: &Component, out: &mut dyn Write) -> io::Result<()> {
    let place = if component.root.is_empty() { String::new() } else { format!(" in {}/", component.root) };
    let tool = if component.tool.is_empty() { String::new() } else { format!(", with {}", component.tool) };
    writeln!(out, "{}{}{tool}:", component.ecosystem, shown(&place))?;
    let facts = component.facts();
    let width = facts.iter().map(|it| it.0.chars().count()).max().unwrap_or(0);
    facts.iter().try_for_each(|(place, what)| writeln!(out, "  {:width$}  {}", shown(place), shown(what)))
}

/// What the pipelines would do on each of the events that matter.
fn pipelines(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    let source = SourceFile::new(PIPELINE, proposal.text.clone());
    writeln!(out, "\nWhat would run:")?;
    for (event, word) in
        [(Event::Push, "a push"), (Event::PullRequest, "a pull request"), (Event::Tag, "a tag")]
    {
        let plan = plan(&source, &Build::new(event), &Faults::default());
        let names: Vec<_> = plan.started().map(|it| it.name.as_str()).collect();
        writeln!(out, "  {word:14}  {}", names.join(", "))?;
    }
    Ok(())
}

fn advice(proposal: &Proposal, out: &mut dyn Write) -> io::Result<()> {
    if proposal.advice.is_empty() && proposal.notes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nTo know:")?;
    for it in &proposal.advice {
        writeln!(out, "- {}\n  {}", shown(&it.what), shown(&it.next))?;
    }
    proposal.notes.iter().take(5).try_for_each(|it| writeln!(out, "- {}", shown(it)))?;
    match proposal.notes.len().saturating_sub(5) {
        0 => Ok(()),
        more => writeln!(out, "- and {more} more that could not be looked at"),
    }
}

/// The next three commands; before them, where the file is new, what they need.
pub(super) fn next(proposal: &Proposal, new: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nNext:")?;
    if new {
        writeln!(
            out,
            "  git add {PIPELINE} && git commit -m 'Test on every push'\n      a build sees what is committed"
        )?;
    }
    let steps = [
        ("ciworkshop run", "the same build, here and now, on a clean machine"),
        (
            "ciworkshop badge readme --write --server https://drone.example.com",
            "the badge of this pipeline in your README, with the address of your Drone server",
        ),
        (
            "drone repo enable OWNER/NAME",
            "switches the repository on; it is Drone's own program, and the page of your server has the same button",
        ),
    ];
    steps.iter().try_for_each(|(command, why)| writeln!(out, "  {command}\n      {why}"))?;
    if proposal.secrets.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\nSecrets it asks for on a tag; add them on the server, in the settings of the repository:"
    )?;
    proposal.secrets.iter().try_for_each(|(name, what)| writeln!(out, "  {name:16}  {what}"))
}

/// What stands in a project may hold anything: what a terminal would obey is shown, not sent.
fn shown(text: &str) -> String {
    text.chars()
        .map(|it| if it.is_control() { it.escape_default().to_string() } else { it.to_string() })
        .collect()
}
