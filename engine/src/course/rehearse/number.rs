//! A step's script → the same, in which each simple command knows the entry of `commands` that it stands in.

use std::rc::Rc;

use crate::course::shell::{Command, Script};

/// Writes into each simple command which entry of `commands` it stands in.
pub(super) fn number(script: &mut Script, item_of: &impl Fn(usize) -> usize) {
    for list in &mut script.lists {
        let pipelines = std::iter::once(&mut list.first).chain(list.rest.iter_mut().map(|(_, it)| it));
        for command in pipelines.flat_map(|it| &mut it.commands) {
            number_command(command, item_of);
        }
    }
}

fn number_command(command: &mut Command, item_of: &impl Fn(usize) -> usize) {
    match command {
        Command::Simple(simple) => simple.item = item_of(simple.start),
        Command::Group(script) | Command::Subshell(script) | Command::For { body: script, .. } => {
            number(script, item_of);
        }
        Command::If { branches, otherwise } => {
            for (condition, body) in branches {
                number(condition, item_of);
                number(body, item_of);
            }
            if let Some(it) = otherwise {
                number(it, item_of);
            }
        }
        Command::Loop { condition, body, .. } => {
            number(condition, item_of);
            number(body, item_of);
        }
        Command::Case { arms, .. } => arms.iter_mut().for_each(|(_, it)| number(it, item_of)),
        Command::Function { body, .. } => {
            if let Some(body) = Rc::get_mut(body) {
                number_command(body, item_of);
            }
        }
    }
}
