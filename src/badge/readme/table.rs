//! Two branches side by side → a row each for build, test coverage and documentation, as far as the project has them.

use crate::badge::readme::status::{build, coverage, documentation};
use crate::badge::readme::{Item, LeftOut, View, Which};

/// The status of two branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of the branches.
    pub branches: [String; 2],
    /// What is said about both.
    pub rows: Vec<Row>,
}

/// One thing, of both branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub title: &'static str,
    /// In the order of the branches.
    pub items: [Item; 2],
}

/// The table, unless no row can be made.
pub(super) fn of(view: &View<'_>, branches: &[String; 2], left_out: &mut Vec<LeftOut>) -> Option<Table> {
    let mut rows = Vec::new();
    let default = view.wishes.default_branch.as_deref();
    // What Read the Docs makes of the default branch is called so.
    let version =
        |branch: &str| if Some(branch) == default { "latest".to_owned() } else { branch.to_owned() };
    let answers = [
        ("build", "Build", branches.each_ref().map(|it| build(view, &Which::Branch(it.clone())))),
        ("coverage", "Test coverage", branches.each_ref().map(|it| coverage(view, Some(it)))),
        (
            "documentation",
            "Documentation",
            branches.each_ref().map(|it| documentation(view, Some(&version(it)))),
        ),
    ];
    for (kind, title, answers) in answers {
        match answers {
            [Some(Ok(one)), Some(Ok(other))] => rows.push(Row { title, items: [one, other] }),
            [Some(Err(why)), _] | [_, Some(Err(why))] => left_out.push(LeftOut { kind, ..why }),
            _ => {}
        }
    }
    (!rows.is_empty()).then(|| Table { branches: branches.clone(), rows })
}
