//! The table of ecosystems, in the order in which they are asked. One line for each.

use crate::scaffold::detect::component::Component;
use crate::scaffold::detect::{
    c, deno, dotnet, elixir, go, infra, java, more, node, other, php, python, ruby, rust, shell, sites,
};
use crate::scaffold::project::Folder;

/// Whether a find is a component of its own, only counts where there is none, or is what is left when nothing else is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Main,
    Other,
    Last,
}

/// A folder → the component in it, if there is one.
type Detect = fn(Folder<'_>) -> Option<Component>;

/// One ecosystem.
pub(crate) struct Ecosystem {
    pub(crate) rank: Rank,
    /// A folder is looked at when it holds one of these; `*.x` is an ending, `x/` a folder.
    pub(crate) markers: &'static [&'static str],
    /// True when the component in this folder takes care of all inside it.
    pub(crate) includes: fn(Folder<'_>) -> bool,
    pub(crate) detect: Detect,
}

/// All of them.
pub(crate) static ECOSYSTEMS: &[Ecosystem] = &[
    main(python::MARKERS, python::includes, python::detect),
    main(go::MARKERS, go::includes, go::detect),
    main(rust::MARKERS, rust::includes, rust::detect),
    main(node::MARKERS, node::includes, node::detect),
    main(deno::MARKERS, all, deno::detect),
    main(java::MARKERS, java::includes, java::detect),
    main(ruby::MARKERS, ruby::includes, ruby::detect),
    main(php::MARKERS, php::includes, php::detect),
    main(c::MARKERS, c::includes, c::detect),
    main(&["mix.exs"], all, elixir::detect),
    main(&["DESCRIPTION", "renv.lock"], all, more::r),
    main(&["Project.toml"], all, more::julia),
    main(dotnet::MARKERS, all, dotnet::detect),
    other(sites::MARKERS, sites::detect),
    other(&["*.tf"], infra::terraform),
    other(&["ansible.cfg", ".ansible-lint", "galaxy.yml", "tasks/", "roles/", "group_vars/"], infra::ansible),
    other(&["Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"], other::make),
    other(&["Dockerfile"], other::docker),
    other(&["*.tex", "*.cls", "*.sty"], other::latex),
    other(&["*.sh", "*.bash", "*.bats", "test/", "tests/", "bin/", "libexec/", "scripts/"], shell::shell),
    Ecosystem { rank: Rank::Last, ..other(&["*.py", "*.ipynb", "src/", "notebooks/"], other::scripts) },
];

/// A component of its own; a folder inside it may be another one unless it takes care of all.
const fn main(
    markers: &'static [&'static str],
    includes: fn(Folder<'_>) -> bool,
    detect: Detect,
) -> Ecosystem {
    Ecosystem { rank: Rank::Main, markers, includes, detect }
}

/// Counts only where there is no component.
const fn other(markers: &'static [&'static str], detect: Detect) -> Ecosystem {
    Ecosystem { rank: Rank::Other, markers, includes: all, detect }
}

fn all(_: Folder<'_>) -> bool {
    true
}
