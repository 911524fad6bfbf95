//! Two branches side by side → a row each for build, test coverage, test report and documentation, as far as the project has them.

use crate::badge::readme::status::{build, coverage, documentation, test_report};
use crate::badge::readme::{Answer, Item, LeftOut, View, Which, left_out};

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
        ("test report", "Test report", branches.each_ref().map(|it| report(view, it))),
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

/// A branch's test report. No file of a project says where it is, unless a service gets the results; so it is asked for.
fn report(view: &View<'_>, branch: &str) -> Answer {
    let nothing = || {
        left_out(
            "nothing here says where the test report of a branch is",
            "name it: --test-report 'https://reports.example.com/{branch}/'",
        )
    };
    view.evidence.pipeline.then(|| test_report(view, Some(branch)).unwrap_or_else(|| Err(nothing())))
}
