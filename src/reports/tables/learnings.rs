//! The table `learnings`: what finished projects learned.

use std::collections::HashMap;

use uuid::Uuid;

use super::catalogue::Kind::{Date, Text, Word, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::Portfolio;
use crate::error::Result;
use crate::ids::ProjectId;
use crate::progress_reports::{self, Assessed, ReportKind};
use crate::projects::{Project, ProjectStatus};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
What finished projects learned, by their approved final reports. A finished project without one has
a row too, with nothing in it.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    project: Project,
    report: Option<Assessed>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("project", Text, "The project's code.", |row| row.project.code.as_str().into()),
    column("title", Text, "The project's title.", |row| row.project.title.as_str().into()),
    column("year", Year, "The year of the grant.", |row| row.project.year.into()),
    column("holder_name", Text, "The name of the organisation that ran it.", |row| {
        row.project.holder_name.as_str().into()
    }),
    column("assessment", Word, "`good`, `acceptable` or `slow`.", |row| {
        let report = row.report.as_ref();
        report.map_or(Cell::Empty, |report| Cell::Word(report.assessment.as_str()))
    }),
    column("learnings", Text, "What others can learn from it.", |row| {
        row.report.as_ref().and_then(|report| report.learnings.clone()).into()
    }),
    column("deviations", Text, "What went otherwise than planned.", |row| {
        row.report.as_ref().and_then(|report| report.deviations.clone()).into()
    }),
    column(
        "approved_on",
        Date,
        "When the final report was approved; empty where there is none.",
        |row| row.report.as_ref().and_then(|one| one.approved_at).map(|at| at.day()).into(),
    ),
    column("without_learnings", Text, "The project's code where nothing is written.", |row| {
        let written = row.report.as_ref().is_some_and(|report| report.learnings.is_some());
        Cell::several((!written).then_some(&row.project.code))
    }),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let mut finals: HashMap<ProjectId, Assessed> = HashMap::new();
    for report in progress_reports::assessed(db, walk.programme, walk.as_of)? {
        if report.kind == ReportKind::Final {
            finals.insert(report.project, report);
        }
    }
    let row = |project: Project| Row {
        programme: walk.code.to_string(),
        report: finals.remove(&project.id),
        project,
    };
    let finished =
        portfolio.projects.into_iter().filter(|one| one.status == ProjectStatus::Completed);
    let rows: Vec<Row> = finished.map(row).collect();
    Ok(whole(COLUMNS, &rows))
}
