//! A project's folder → the badges that its README can show, each with the evidence for it; and what is left out, and why.
//! Reads files of the folder, and asks no server: what an address shows is the server's word.

mod address;
mod folder;
mod licence;
mod manifests;
mod markup;
mod package;
mod pipeline;
mod place;
mod python;
mod registry;
mod status;
mod table;

pub use markup::{Markup, NoMarkup};
pub use place::{Broken, put, shown_already};
pub use registry::Registry;
pub use table::{Row, Table};

use std::path::Path;

use crate::badge::readme::folder::Folder;
use crate::badge::readme::package::Package;
use crate::badge::readme::pipeline::Evidence;

/// What the project's files do not say.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The address of the Drone server, such as `https://drone.example.com`.
    pub server: Option<String>,
    /// `owner/name`.
    pub repository: Option<String>,
    /// The forge that the repository is on, such as `github.com`.
    pub forge: Option<String>,
    /// Which build: of this branch, of this ref, or of the default branch.
    pub which: Which,
    /// The branch that everybody sees first.
    pub default_branch: Option<String>,
    /// Two branches side by side, in a table.
    pub branches: Option<[String; 2]>,
    /// The page with a branch's newest test report; `{branch}` stands for its name.
    pub test_report: Option<String>,
    /// The package is there, whatever the files say.
    pub published: Option<Registry>,
}

/// Which build a badge is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The one of the default branch.
    #[default]
    Default,
    /// The newest one of a branch.
    Branch(String),
    /// The newest one of a ref.
    Ref(String),
}

/// One picture for the README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What kind it is: `build`, `coverage`, `version`, `python`, `licence`, `documentation`, `test report`.
    pub kind: &'static str,
    /// What is said to those who do not see it.
    pub alt: String,
    /// The address of the picture.
    pub image: String,
    /// Where a click leads.
    pub link: Option<String>,
    /// What in the project says so.
    pub evidence: String,
}

/// A badge that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What kind it would be.
    pub kind: &'static str,
    /// Why it is not there.
    pub why: String,
    /// What brings it.
    pub next: Option<String>,
}

/// What a project can show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// One after the other.
    pub badges: Vec<Item>,
    /// Two branches side by side.
    pub table: Option<Table>,
    /// What is not there.
    pub left_out: Vec<LeftOut>,
}

impl Found {
    /// All pictures, those of the table too.
    pub fn items(&self) -> impl Iterator<Item = &Item> + use<'_> {
        let rows = self.table.iter().flat_map(|it| &it.rows);
        self.badges.iter().chain(rows.flat_map(|it| &it.items))
    }

    /// True when there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.badges.is_empty() && self.table.is_none()
    }
}

/// Looks through the folder.
#[must_use]
pub fn look(project: &Path, wishes: &Wishes) -> Found {
    let folder = Folder::new(project);
    let evidence = Evidence::of(&folder);
    let packages = package::read(&folder);
    let mut found = Found::default();
    let view = View { folder: &folder, evidence: &evidence, packages: &packages, wishes };
    if let Some(branches) = &wishes.branches {
        found.table = table::of(&view, branches, &mut found.left_out);
    } else {
        found.take("build", status::build(&view, &wishes.which));
        found.take("coverage", status::coverage(&view, view.branch().as_deref()));
        found.take("test report", status::test_report(&view, view.branch().as_deref()));
        found.take("documentation", status::documentation(&view, None));
    }
    for package in &packages {
        found.take(package.registry.kind(), package.version(&view));
    }
    found.take("python", python::item(&view));
    found.take("licence", licence::item(&view));
    found
}

/// Everything that a badge is made from.
struct View<'a> {
    folder: &'a Folder,
    evidence: &'a Evidence,
    packages: &'a [Package],
    wishes: &'a Wishes,
}

/// A badge, or why there is none; `None` where the project has nothing to do with it.
type Answer = Option<Result<Item, LeftOut>>;

impl Found {
    fn take(&mut self, kind: &'static str, answer: Answer) {
        match answer {
            Some(Ok(item)) => self.badges.push(Item { kind, ..item }),
            Some(Err(left_out)) => self.left_out.push(LeftOut { kind, ..left_out }),
            None => {}
        }
    }
}

fn left_out(why: impl Into<String>, next: impl Into<String>) -> LeftOut {
    LeftOut { kind: "", why: why.into(), next: Some(next.into()) }
}

impl View<'_> {
    /// The forge that the repository is on; the one of most where no remote says it.
    fn forge(&self) -> &str {
        self.wishes.forge.as_deref().unwrap_or("github.com")
    }

    /// The branch that a badge of another service is about.
    fn branch(&self) -> Option<String> {
        match &self.wishes.which {
            Which::Branch(branch) => Some(branch.clone()),
            Which::Ref(name) => name.strip_prefix("refs/heads/").map(str::to_owned),
            Which::Default => self.wishes.default_branch.clone(),
        }
    }
}
