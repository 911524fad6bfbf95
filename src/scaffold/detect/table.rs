//! The table of ecosystems, in the order in which they are asked. One line for each.

use crate::scaffold::detect::component::Component;
use crate::scaffold::detect::python;
use crate::scaffold::project::Folder;

/// Whether a find is a component of its own, or only counts where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Main,
    Other,
}

/// One ecosystem.
pub(crate) struct Ecosystem {
    pub(crate) rank: Rank,
    /// A folder is looked at when it holds one of these; `*.x` is an ending.
    pub(crate) markers: &'static [&'static str],
    /// True when a folder inside a component may be another one.
    pub(crate) nests: bool,
    /// True when the component in this folder takes care of all inside it.
    pub(crate) includes: fn(Folder<'_>) -> bool,
    pub(crate) detect: fn(Folder<'_>) -> Option<Component>,
}

/// All of them.
pub(crate) static ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        rank: Rank::Main,
        markers: python::MARKERS,
        nests: true,
        includes: python::includes,
        detect: python::detect,
    },
];
