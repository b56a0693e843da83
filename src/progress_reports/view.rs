//! Reports as they are shown: what is written beside the figures, and what may be done next.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::assessment::Assessment;
use super::figures::{self, FigureChange, Figures, IndicatorFigure};
use super::may::{May, audit_head, is_overdue, withheld};
use super::reminders::{self, Reminder};
use super::rows::{self, Row};
use super::walk::{self, Held};
use super::{AuditHead, ReportInput, ReportKind, ReportState};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{IndicatorId, ProgrammeId, ProgressReportId, ProjectId, UserId};
use crate::indicators::IndicatorSource;
use crate::indicators::compute::{Percent, ProgressState};
use crate::indicators::progress::{self, ActualKind};
use crate::indicators::survey::AnswersProgress;
use crate::indicators::target::{Milestone, Target};
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::projects;
use crate::quantity::Quantity;
use crate::store::{AsOf, Db};
use crate::versioned::Versioned;

/// A progress report, with its figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressReport {
    pub id: ProgressReportId,
    pub programme_id: ProgrammeId,
    pub project_id: ProjectId,
    /// The project's code.
    #[schema(example = "labstem-nord")]
    pub project: String,
    pub project_title: String,
    pub kind: ReportKind,
    pub period_start: NaiveDate,
    /// The last day, included.
    pub period_end: NaiveDate,
    /// The last day on which it is in time; null where nobody is asked for it.
    pub due_on: Option<NaiveDate>,
    /// Still with the holder, and the due day has passed.
    pub overdue: bool,
    pub state: ReportState,
    /// What was done.
    pub narrative: Option<String>,
    /// What others can learn from it.
    pub learnings: Option<String>,
    /// What went otherwise than planned.
    pub deviations: Option<String>,
    /// What is written is not shown to the caller before the report is submitted.
    pub withheld: bool,
    /// The figures are as by this day: the last one of the period, or today before that has come.
    pub figures_by: NaiveDate,
    /// When they were frozen; null while they are filled in anew at each look.
    pub figures_frozen_at: Option<At>,
    /// The project's indicators in their order.
    pub indicators: Vec<ReportedIndicator>,
    /// What the figures suggest; null where too little is known. A person decides.
    pub suggested_assessment: Option<Assessment>,
    /// Why, in the language of `Accept-Language`.
    pub suggestion: String,
    /// The holder's own assessment.
    pub proposed_assessment: Option<Assessment>,
    pub proposed_comment: Option<String>,
    /// As the secretariat decided, or as another report gives it.
    pub assessment: Option<Assessment>,
    /// Of an approved report its comment, of another the last one with which it was returned.
    pub decision_comment: Option<String>,
    /// Which report gives the assessment, and where in it; null for what is written here.
    pub source_note: Option<String>,
    /// Figures that were corrected after they were frozen. Answers that came in later are no
    /// correction.
    pub changes: Vec<FigureChange>,
    pub submitted_at: Option<At>,
    pub submitted_by: Option<UserId>,
    /// When it was approved, or returned last.
    pub decided_at: Option<At>,
    pub decided_by: Option<UserId>,
    /// The head of the programme's audit trail when the report was approved: the trail up to it
    /// can't be changed without `maaltal verify` finding out. Null before that.
    pub audit_head: Option<AuditHead>,
    /// The newest first.
    pub reminders: Vec<Reminder>,
    pub version: i32,
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    pub may_edit: bool,
    pub may_submit: bool,
    pub may_return: bool,
    pub may_approve: bool,
    /// Give it another due day.
    pub may_move_due: bool,
    pub may_withdraw: bool,
}

impl Versioned for ProgressReport {
    fn version(&self) -> i32 {
        self.version
    }
}

/// An indicator in a report: its figures, what they suggest, and what the holder says of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportedIndicator {
    pub indicator_id: IndicatorId,
    #[schema(example = "labstem-nord-teacher")]
    pub code: String,
    pub title: String,
    #[schema(example = "people")]
    pub unit: String,
    pub source: IndicatorSource,
    /// The target that held on the day of the figures.
    pub target: Option<Target>,
    /// The target that was agreed first.
    pub original_target: Option<Target>,
    /// How far the project meant to be.
    pub planned_by_now: Option<Quantity>,
    pub next_due: Option<Milestone>,
    /// Null where nothing is known, and where it is hidden.
    pub actual: Option<Quantity>,
    pub actual_kind: ActualKind,
    pub percent: Option<Percent>,
    pub remaining: Option<Quantity>,
    pub state: ProgressState,
    /// Participants counted at a broader level; never added.
    pub at_broader_level: Option<i64>,
    /// A sum of counts over activities, and not of people.
    pub over_activities: bool,
    /// Of an indicator from answers: what its figure is made of, by what was released.
    pub answers: Option<AnswersProgress>,
    /// Null where the figures suggest nothing.
    pub suggested_assessment: Option<Assessment>,
    /// Why, in the language of `Accept-Language`.
    pub suggestion: String,
    /// The holder's own assessment.
    pub assessment: Option<Assessment>,
    /// The holder's comment.
    pub comment: Option<String>,
}

/// One version of a report, without its figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressReportVersion {
    pub version: i32,
    pub state: ReportState,
    pub due_on: Option<NaiveDate>,
    /// Empty where it is not shown to the caller.
    pub written: ReportInput,
    pub assessment: Option<Assessment>,
    pub decision_comment: Option<String>,
    pub audit_head: Option<AuditHead>,
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// Null for the version that stands.
    pub superseded_at: Option<At>,
}

pub fn get(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    lang: Lang,
    now: At,
) -> Result<ProgressReport> {
    let held = Held::find(db, caller, id)?;
    let project = projects::get(db, caller, held.row.report.project_id, AsOf::NOW)?;
    let hidden = withheld(held.row.version.state, &held.standing);
    let content = if hidden { ReportInput::default() } else { held.content()? };
    let frozen = held.row.version.figures.clone().map(Figures::stored).transpose()?;
    let (figures, changes) = match frozen {
        Some(then) => {
            let now = progress::by_day(db, project.id, then.day, now)?;
            let changes = figures::changes(&then, &now.indicators);
            (then, changes)
        }
        None => (walk::figures(db, caller, &held.row, now)?, Vec::new()),
    };
    let may = May::of(held.row.version.state, &held.standing);
    let overdue = is_overdue(&held.row, now.day());
    let reminders = reminders::of_report(db, id)?;
    let Row { report, version } = held.row;
    let indicators = figures.indicators;
    Ok(ProgressReport {
        id,
        programme_id: report.programme_id,
        project_id: report.project_id,
        project: project.code,
        project_title: project.title,
        kind: report.kind,
        period_start: report.period_start,
        period_end: report.period_end,
        due_on: version.due_on,
        overdue,
        state: version.state,
        narrative: content.narrative.clone(),
        learnings: content.learnings.clone(),
        deviations: content.deviations.clone(),
        withheld: hidden,
        figures_by: figures.day,
        figures_frozen_at: version.figures.is_some().then_some(figures.taken_at),
        indicators: indicators.into_iter().map(|one| reported(one, &content, lang)).collect(),
        suggested_assessment: figures.suggested,
        suggestion: figures.reason.text(lang),
        proposed_assessment: content.assessment,
        proposed_comment: content.assessment_comment,
        assessment: version.assessment,
        decision_comment: version.decision_comment.clone().filter(|_| !hidden),
        source_note: version.source_note.clone(),
        changes,
        submitted_at: version.submitted_at,
        submitted_by: version.submitted_by,
        decided_at: version.decided_at,
        decided_by: version.decided_by,
        audit_head: audit_head(&version),
        reminders,
        version: version.number,
        recorded_at: version.recorded_at,
        recorded_by: version.recorded_by,
        may_edit: may.write,
        may_submit: may.write && now.day() >= report.period_end,
        may_return: may.decide,
        may_approve: may.decide,
        may_move_due: may.arrange,
        may_withdraw: may.withdraw,
    })
}

fn reported(one: IndicatorFigure, content: &ReportInput, lang: Lang) -> ReportedIndicator {
    let opinion = content.indicators.iter().find(|own| own.indicator_id == one.indicator_id);
    ReportedIndicator {
        suggestion: one.reason.text(lang),
        assessment: opinion.and_then(|own| own.assessment),
        comment: opinion.and_then(|own| own.comment.clone()),
        indicator_id: one.indicator_id,
        code: one.code,
        title: one.title,
        unit: one.unit,
        source: one.source,
        target: one.target,
        original_target: one.original_target,
        planned_by_now: one.planned_by_now,
        next_due: one.next_due,
        actual: one.actual,
        actual_kind: one.actual_kind,
        percent: one.percent,
        remaining: one.remaining,
        state: one.state,
        at_broader_level: one.at_broader_level,
        over_activities: one.over_activities,
        answers: one.answers,
        suggested_assessment: one.suggested,
    }
}

/// All versions of a report, the newest first.
pub fn history(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    page: &Page<i32>,
) -> Result<Listing<ProgressReportVersion>> {
    let held = Held::find(db, caller, id)?;
    let rows = page.listing(rows::history(db, id, page)?, |row| row.number);
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        let hidden = withheld(row.state, &held.standing);
        items.push(ProgressReportVersion {
            version: row.number,
            state: row.state,
            due_on: row.due_on,
            audit_head: audit_head(&row),
            written: match hidden {
                true => ReportInput::default(),
                false => serde_json::from_value(row.content).map_err(Error::unexpected)?,
            },
            assessment: row.assessment,
            decision_comment: row.decision_comment.filter(|_| !hidden),
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        });
    }
    Ok(Listing { items, next_cursor: rows.next_cursor })
}
