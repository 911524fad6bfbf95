//! The text of a step's commands → a tree of shell commands with their places. Nothing is expanded and nothing is run.
//!
//! Every place is a [`Span`](crate::source::Span) in bytes of the text that was given to [`parse`], also inside
//! `$( … )` and backquotes. With `bash`, what only bash understands is read as well and marked in the tree
//! ([`bashisms`] lists it); without it, it is read as a plain shell reads it.
//!
//! A rule asks for the simple commands, and what stands around them:
//!
//! ```
//! use ciworkshop_engine::shell::{Joint, commands, parse, pipelines};
//!
//! let text = "set -e\nif sudo apt-get update; then\n  curl -sL $URL | sh || true\nfi\n";
//! let script = parse(text, true).expect("a shell can read it");
//!
//! for seen in commands(&script) {
//!     let call = seen.simple.unwrapped(); // looks through `sudo`, `env A=b`, `time`, …
//!     match call.program() {
//!         Some("apt-get") => {
//!             assert!(seen.context.condition);
//!             assert_eq!(call.subcommand(), Some("update"));
//!             assert!(!call.has_flag("-y"));
//!             assert_eq!(&text[seen.simple.span.range()], "sudo apt-get update");
//!         }
//!         Some("curl") => {
//!             assert!(seen.context.writes_to_pipe());
//!             assert!(call.has_letter('L'), "`-sL` has it");
//!             let url = &call.words[2];
//!             assert_eq!(url.parts[0].piece.variable(), Some("URL"));
//!             assert!(!url.quoted);
//!         }
//!         _ => {}
//!     }
//! }
//!
//! // A whole pipeline, with its signs and what joins it to the next.
//! let (pipeline, context) = pipelines(&script)[3];
//! assert_eq!(&text[pipeline.pipes[0].span.range()], "|");
//! assert_eq!(context.after, Some(Joint::Or));
//! ```
//!
//! [`visit`] goes through everything: lists (with the place of each `||`), compound commands, redirections, words.

mod bashisms;
mod call;
mod compound;
mod expansions;
mod parse;
mod redirects;
#[cfg(test)]
mod tests;
mod tree;
mod visit;
mod words;

pub use bashisms::{Bashism, Only, bashisms};
pub use call::Call;
pub use parse::parse;
pub use tree::{
    Arithmetic, Arm, Assignment, Command, Compound, Document, Joined, Joint, List, Part, Piece, Pipe,
    Pipeline, Redirect, Script, Shape, Simple, Unreadable, Word,
};
pub use visit::{Context, Place, Seen, Visit, commands, lists, pipelines, visit};
