//! What was found, and what became of the README → text or JSON.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use similar::TextDiff;

use crate::badge::readme::{Found, Item, Markup, Table, shown_already};
use crate::cli::badge::VERSION;
use crate::cli::{Failure, World, desk};

/// What there is to say.
pub(super) struct Answer<'a> {
    pub(super) found: &'a Found,
    pub(super) lines: &'a str,
    pub(super) markup: Markup,
    /// The README, when there is one.
    pub(super) name: Option<&'a Path>,
    /// True when it is, or would be, another one now.
    pub(super) changed: bool,
}

impl Answer<'_> {
    pub(super) fn json(&self, changes: bool, world: &mut World) -> Result<(), Failure> {
        let left_out = self.found.left_out.iter();
        let left_out = left_out.map(|it| json!({"kind": it.kind, "why": it.why, "next": it.next}));
        let answer = json!({
            "version": VERSION,
            "readme": self.name,
            "markup": self.markup.word(),
            "badges": self.found.badges.iter().map(item).collect::<Vec<_>>(),
            "table": self.found.table.as_ref().map(table),
            "left_out": left_out.collect::<Vec<_>>(),
            "text": self.lines,
            "changed": changes.then_some(self.changed),
        });
        desk::json(world, &answer)
    }

    pub(super) fn written(&self, world: &mut World) -> Result<(), Failure> {
        let name = self.name.unwrap_or(Path::new("the README")).display();
        let count = match self.found.items().count() {
            1 => "1 badge".to_owned(),
            count => format!("{count} badges"),
        };
        if self.changed {
            return Ok(writeln!(world.out, "wrote {name}: {count}")?);
        }
        if self.found.is_empty() {
            return Ok(writeln!(world.out, "{name} stays as it is: there is nothing to show")?);
        }
        Ok(writeln!(world.out, "{name} is up to date: {count}")?)
    }

    pub(super) fn difference(&self, old: &str, new: &str, world: &mut World) -> Result<(), Failure> {
        let name = self.name.unwrap_or(Path::new("README")).display().to_string();
        let diff = TextDiff::from_lines(old, new);
        Ok(write!(world.out, "{}", diff.unified_diff().context_radius(3).header(&name, &name))?)
    }

    pub(super) fn left_out(&self, world: &mut World) -> Result<(), Failure> {
        for it in &self.found.left_out {
            let next = it.next.as_ref().map_or_else(String::new, |it| format!("; {it}"));
            writeln!(world.err, "left out: {}: {}{next}", it.kind, it.why)?;
        }
        if self.found.is_empty() && self.found.left_out.is_empty() {
            writeln!(
                world.err,
                "nothing is found that a badge could show: no .drone.yml, no package, no licence"
            )?;
        }
        Ok(())
    }

    /// Pictures that the README has already, in words of its owner.
    pub(super) fn twice(&self, readme: &str, world: &mut World) -> Result<(), Failure> {
        let name = self.name.unwrap_or(Path::new("README")).display();
        let mut said = BTreeSet::new();
        for item in self.found.items() {
            let Some(line) = shown_already(readme, &item.image, self.markup) else { continue };
            if said.insert(line) {
                writeln!(
                    world.err,
                    "note: {name}:{line} shows the {} badge already; keep one of them",
                    item.kind
                )?;
            }
        }
        Ok(())
    }
}

fn item(item: &Item) -> Value {
    json!({
        "kind": item.kind,
        "alt": item.alt,
        "image": item.image,
        "link": item.link,
        "evidence": item.evidence,
    })
}

fn table(table: &Table) -> Value {
    let rows = table.rows.iter();
    let rows = rows.map(|it| json!({"title": it.title, "badges": it.items.each_ref().map(item)}));
    json!({"branches": table.branches, "rows": rows.collect::<Vec<_>>()})
}
