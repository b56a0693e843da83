//! The assessments that the status report prints, with their source, and for one project what a
//! walk needs: a report that is overdue, one that is drafted and one that is due.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::rows;
use super::texts::texts;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId};
use crate::participation::PeriodInput;
use crate::progress_reports::{
    self, Assessment, NewProgressReport, ReportInput, ReportKind, ReportedAssessment,
};
use crate::projects;
use crate::store::Db;

const ASSESSMENTS: &str = include_str!("../../demo/nordjylland/progress.csv");

/// The project that the demo's holder runs.
const WALKED: &str = "labstem-nord";

/// Days that the holder still has for what is not overdue.
const IN_TIME: Days = Days::new(30);

#[derive(Deserialize)]
struct AssessmentRow {
    project: String,
    assessment: Assessment,
    reporting_year: i32,
}

pub fn load(db: &mut Db, programme: ProgrammeId, now: At) -> Result<()> {
    for row in rows::<AssessmentRow>(ASSESSMENTS)? {
        let source_note = format!("Status report 2019-2023: progress in {}", row.reporting_year);
        // Nobody submitted or approved it here.
        let assessment = Some(row.assessment);
        let reported = ReportedAssessment { assessment, learnings: None, source_note };
        let project = project(db, programme, &row.project)?;
        request(db, project, row.reporting_year, None, Some(reported), now)?;
    }
    learnings(db, programme, now)?;
    let walked = project(db, programme, WALKED)?;
    let due_long_ago = NaiveDate::from_ymd_opt(2022, 3, 1);
    request(db, walked, 2021, due_long_ago, None, now)?;
    let due_soon = now.day().checked_add_days(IN_TIME);
    let drafted = request(db, walked, 2023, due_soon, None, now)?;
    let draft = ReportInput {
        narrative: Some(
            "Opdigtet til demoen: forløbene er gennemført på skolerne, og underviserne har delt \
             deres erfaringer."
                .to_string(),
        ),
        ..ReportInput::default()
    };
    progress_reports::edit(db, &Caller::Operator, drafted, 1, draft, now)?;
    request(db, walked, 2024, due_soon, None, now)?;
    Ok(())
}

/// What the report tells of finished projects. For which period each reported is not in it: they
/// are told of up to the report's own last year.
fn learnings(db: &mut Db, programme: ProgrammeId, now: At) -> Result<()> {
    for row in texts()? {
        let Some(learnings) = row.learnings else { continue };
        let source_note = "Status report 2019-2023: learning from finished projects".to_string();
        let reported =
            Some(ReportedAssessment { assessment: None, learnings: Some(learnings), source_note });
        let period = PeriodInput { calendar_year: Some(2023), ..PeriodInput::default() };
        let input = NewProgressReport { kind: ReportKind::Final, period, due_on: None, reported };
        let project = project(db, programme, &row.project)?;
        progress_reports::request(db, &Caller::Operator, project, input, now)?;
    }
    Ok(())
}

fn project(db: &mut Db, programme: ProgrammeId, code: &str) -> Result<ProjectId> {
    let found = projects::by_code(db, programme, code)?;
    found.ok_or_else(|| Error::unexpected(format!("no project {code} in projects.csv")))
}

fn request(
    db: &mut Db,
    project: ProjectId,
    year: i32,
    due_on: Option<NaiveDate>,
    reported: Option<ReportedAssessment>,
    now: At,
) -> Result<ProgressReportId> {
    let period = PeriodInput { calendar_year: Some(year), ..PeriodInput::default() };
    let input = NewProgressReport { kind: ReportKind::Annual, period, due_on, reported };
    progress_reports::request(db, &Caller::Operator, project, input, now)
}
