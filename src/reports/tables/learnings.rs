//! The table `learnings`: what finished projects learned.

use std::collections::HashMap;

use uuid::Uuid;

use super::catalogue::Kind::{Date, Text, Word, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::portfolio::Portfolio;
use crate::error::Result;
use crate::ids::ProjectId;
use crate::progress_reports::{self, Assessed, ReportKind, ReportState};
use crate::projects::{Project, ProjectStatus};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 2,
    about: "\
What finished projects learned, by their approved final reports, or by another report where that is
all there is (`source`). A finished project without either has a row too, with nothing in it.",
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
        let assessment = report.and_then(|report| report.assessment);
        assessment.map_or(Cell::Empty, |one| Cell::Word(one.as_str()))
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
    column(
        "source",
        Text,
        "Of what is known from another report only: which report, and where in it.",
        |row| row.report.as_ref().and_then(|one| one.source_note.clone()).into(),
    ),
];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let portfolio = Portfolio::load(db, walk)?;
    let mut finals: HashMap<ProjectId, Assessed> = HashMap::new();
    for report in progress_reports::assessed(db, walk.programme, walk.as_of)? {
        let is_approved = |one: &Assessed| one.state == ReportState::Approved;
        // What the secretariat agreed to goes before what another report tells.
        if report.kind == ReportKind::Final
            && (is_approved(&report) || !finals.get(&report.project).is_some_and(is_approved))
        {
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
