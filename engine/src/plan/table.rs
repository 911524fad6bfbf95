//! A file and several builds → which pipelines and steps run in which of them, as a table.

use crate::plan::{Build, Decision, Faults, PipelinePlan, Plan, Role, plan_each};
use crate::source::{SourceFile, Span};

/// Pipelines and steps down, builds across.
#[derive(Clone, Debug)]
pub struct Table {
    /// One column each.
    pub builds: Vec<Build>,
    /// The plan behind each column.
    pub plans: Vec<Plan>,
    /// In file order: a pipeline, then its services and steps, then the next pipeline. Without the clone, which
    /// runs wherever the pipeline does.
    pub rows: Vec<Row>,
}

/// A pipeline, or one of its services or steps.
#[derive(Clone, Debug)]
pub struct Row {
    /// The pipeline's name.
    pub pipeline: String,
    /// The step's or service's name; `None` for the pipeline itself.
    pub step: Option<String>,
    /// What kind of step; `None` for the pipeline itself.
    pub role: Option<Role>,
    /// Place of the name.
    pub span: Span,
    /// One a build, in the order of [`Table::builds`].
    pub cells: Vec<Decision>,
}

impl Table {
    /// The row of a pipeline, or of a step in it.
    #[must_use]
    pub fn row(&self, pipeline: &str, step: Option<&str>) -> Option<&Row> {
        self.rows.iter().find(|it| it.pipeline == pipeline && it.step.as_deref() == step)
    }
}

/// What runs in each of these builds, when nothing fails.
#[must_use]
pub fn truth_table(source: &SourceFile, builds: &[Build]) -> Table {
    table_of(plan_each(source, builds, &Faults::default()))
}

/// The table of plans that were made of one file.
#[must_use]
pub fn table_of(plans: Vec<Plan>) -> Table {
    let mut rows: Vec<Row> = Vec::new();
    for (column, plan) in plans.iter().enumerate() {
        let cells = plan.pipelines.iter().flat_map(cells);
        for (place, (row, decision)) in cells.enumerate() {
            // The file is the same, and with it what stands in it; a row that `${…}` adds is added late.
            if place == rows.len() {
                rows.push(row);
            }
            if rows[place].cells.len() == column {
                rows[place].cells.push(decision);
            }
        }
    }
    rows.retain(|it| it.cells.len() == plans.len());
    Table { builds: plans.iter().map(|it| it.build.clone()).collect(), plans, rows }
}

fn cells(pipeline: &PipelinePlan) -> impl Iterator<Item = (Row, Decision)> + '_ {
    let row = |step: Option<String>, role, span| Row {
        pipeline: pipeline.name.clone(),
        step,
        role,
        span,
        cells: Vec::new(),
    };
    let itself = (row(None, None, pipeline.span), pipeline.decision.clone());
    let steps = pipeline.steps.iter().filter(|it| it.role != Role::Clone);
    let steps =
        steps.map(move |it| (row(Some(it.name.clone()), Some(it.role), it.span), it.decision.clone()));
    std::iter::once(itself).chain(steps)
}
