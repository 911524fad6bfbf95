//! Text → documents → a tree in which every scalar, key and collection has a span; always with what was wrong.
//!
//! The dialect is that of Drone's own reader: go-yaml v2, not strict (§1.2, §1.3, §5.10).

mod parse;
mod scalar;
mod split;
mod substitute;
mod syntax;
mod tree;
mod whitespace;

pub use parse::{NESTING_LIMIT, parse};
pub use scalar::{Scalar, resolve};
pub use split::{LINE_LIMIT, Split, split};
pub use substitute::{Dollar, Substituted, SubstitutionError, SubstitutionProblem, dollars, substitute};
pub use tree::{Kind, Node, NodeId, Tree};
