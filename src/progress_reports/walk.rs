//! A report's way: written, submitted, returned or approved. Each step is a version.

use std::collections::HashSet;

use super::assessment::Elapsed;
use super::figures::Figures;
use super::rows::{self, Row, VersionRow};
use super::{
    Approval, Assessment, DueDay, ReportInput, ReportKind, ReportReturn, ReportState,
    ReportWithdrawal,
};
use crate::accounts::{Caller, Standing};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{IndicatorId, ProgressReportId, VersionId};
use crate::indicators::progress;
use crate::projects;
use crate::projects::locks::{self, LockedDays};
use crate::store::{AsOf, Db};

/// A report as it stands, and what the caller is to it.
pub(super) struct Held {
    pub row: Row,
    pub standing: Standing,
}

impl Held {
    /// A contributor sees its own school's counts only, and no report.
    pub fn find(db: &mut Db, caller: &Caller, id: ProgressReportId) -> Result<Held> {
        let row = rows::current(db, id)?.ok_or(Error::NotFound)?;
        let (_, standing) = projects::standing(db, caller, row.report.project_id)?;
        standing.require_whole_project()?;
        Ok(Held { row, standing })
    }

    fn check_seen(&self, seen: i32) -> Result<()> {
        if self.row.version.number == seen { Ok(()) } else { Err(Error::Stale) }
    }

    /// With the holder, who can still write in it.
    fn require_open(&self) -> Result<()> {
        match self.row.version.state.is_open() {
            true => Ok(()),
            false => Err(Error::Conflict("report_not_open")),
        }
    }

    fn require_submitted(&self) -> Result<()> {
        match self.row.version.state {
            ReportState::Submitted => Ok(()),
            _ => Err(Error::Conflict("report_not_submitted")),
        }
    }

    pub fn content(&self) -> Result<ReportInput> {
        serde_json::from_value(self.row.version.content.clone()).map_err(Error::unexpected)
    }

    /// What the next version starts from.
    fn next(&self, caller: &Caller, now: At) -> VersionRow {
        let version = self.row.version.clone();
        VersionRow {
            id: VersionId::new(),
            number: version.number + 1,
            recorded_at: now,
            recorded_by: caller.actor(),
            ..version
        }
    }

    fn event(&self, action: &'static str, row: &VersionRow) -> Event {
        Event::new(action, self.row.report.id).version(row.id)
    }
}

/// Writes the next version, and the trail of it.
fn step(
    db: &mut Db,
    caller: &Caller,
    held: &Held,
    row: &VersionRow,
    action: &'static str,
    reason: Option<&str>,
    now: At,
) -> Result<()> {
    rows::supersede(db, held.row.report.id, now)?;
    rows::insert_version(db, row)?;
    audit::record(db, caller.actor(), now, held.event(action, row).because(reason))
}

/// The figures by the last day of the period, or by today before that has come.
pub(super) fn figures(db: &mut Db, caller: &Caller, row: &Row, now: At) -> Result<Figures> {
    let report = &row.report;
    let found = progress::by_day(db, report.project_id, report.period_end, now)?;
    let elapsed = match report.kind {
        ReportKind::Final => Elapsed::Over,
        ReportKind::Annual => {
            let project = projects::get(db, caller, report.project_id, AsOf::NOW)?;
            let start = project.period_start.map(|start| start.first_day());
            let end = project.period_end_in_force.map(|end| end.last_day());
            Elapsed::on(found.day, start, end)
        }
    };
    Ok(Figures::of(found.indicators, found.day, elapsed, now))
}

/// Writes the report; figures are never written, they are filled in.
pub fn edit(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    input: ReportInput,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_holder()?;
    held.check_seen(seen)?;
    held.require_open()?;
    let known = progress::by_day(db, held.row.report.project_id, held.row.report.period_end, now)?;
    let known: HashSet<IndicatorId> = known.indicators.iter().map(|one| one.indicator.id).collect();
    let mut faults = Faults::default();
    let mut written = HashSet::new();
    for (index, opinion) in input.indicators.iter().enumerate() {
        let pointer = format!("/indicators/{index}/indicator_id");
        if !known.contains(&opinion.indicator_id) {
            faults.push(Fault::at(pointer, "not_in_project"));
        } else if !written.insert(opinion.indicator_id) {
            faults.push(Fault::at(pointer, "indicator_twice"));
        }
    }
    faults.check()?;
    if input == held.content()? && held.row.version.state != ReportState::Requested {
        return Ok(());
    }
    let mut row = held.next(caller, now);
    row.content = serde_json::to_value(&input).map_err(Error::unexpected)?;
    if row.state == ReportState::Requested {
        row.state = ReportState::Draft;
    }
    step(db, caller, &held, &row, "progress_report.written", None, now)
}

/// Hands the report in, and freezes its figures as they stand.
pub fn submit(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_holder()?;
    held.check_seen(seen)?;
    held.require_open()?;
    // Its approval would lock days that have not come.
    if now.day() < held.row.report.period_end {
        return Err(Error::Conflict("period_not_over"));
    }
    let figures = figures(db, caller, &held.row, now)?;
    let content = held.content()?;
    lacking(&content, held.row.report.kind, &figures).check()?;
    let mut row = held.next(caller, now);
    row.state = ReportState::Submitted;
    row.figures = Some(serde_json::to_value(&figures).map_err(Error::unexpected)?);
    row.submitted_at = Some(now);
    row.submitted_by = caller.actor();
    step(db, caller, &held, &row, "progress_report.submitted", None, now)
}

/// What a report must have before it is handed in: pointers are into what was written.
fn lacking(content: &ReportInput, kind: ReportKind, figures: &Figures) -> Faults {
    let mut faults = Faults::default();
    let mut required = |missing: bool, pointer: &str| {
        if missing {
            faults.push(Fault::at(pointer, "required"));
        }
    };
    required(content.narrative.is_none(), "/narrative");
    // A project that is over is what others learn from.
    required(kind == ReportKind::Final && content.learnings.is_none(), "/learnings");
    required(content.assessment.is_none(), "/assessment");
    let differs = |own, suggested: Option<Assessment>| matches!((own, suggested), (Some(own), Some(suggested)) if own != suggested);
    if differs(content.assessment, figures.suggested) && content.assessment_comment.is_none() {
        faults.push(Fault::at("/assessment_comment", "differs_without_comment"));
    }
    for (index, opinion) in content.indicators.iter().enumerate() {
        let figure = figures.indicators.iter().find(|one| one.indicator_id == opinion.indicator_id);
        let suggested = figure.and_then(|figure| figure.suggested);
        if differs(opinion.assessment, suggested) && opinion.comment.is_none() {
            let pointer = format!("/indicators/{index}/comment");
            faults.push(Fault::at(pointer, "differs_without_comment"));
        }
    }
    faults
}

/// Gives a submitted report back to its holder; its figures are filled in anew.
pub fn return_to_holder(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    input: ReportReturn,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_secretariat()?;
    held.check_seen(seen)?;
    held.require_submitted()?;
    let mut row = held.next(caller, now);
    row.state = ReportState::Returned;
    row.figures = None;
    row.decided_at = Some(now);
    row.decided_by = caller.actor();
    row.decision_comment = Some(input.comment);
    step(db, caller, &held, &row, "progress_report.returned", None, now)
}

/// Agrees to a submitted report with an assessment, and locks its period.
pub fn approve(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    input: Approval,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_secretariat()?;
    held.check_seen(seen)?;
    held.require_submitted()?;
    let figures = held.row.version.figures.clone().map(Figures::stored).transpose()?;
    let own = held.content()?.assessment;
    let expected = own.or(figures.and_then(|figures| figures.suggested));
    if input.comment.is_none() && expected.is_some_and(|expected| expected != input.assessment) {
        return Err(Error::invalid("/comment", "differs_without_comment"));
    }
    let mut row = held.next(caller, now);
    row.state = ReportState::Approved;
    row.decided_at = Some(now);
    row.decided_by = caller.actor();
    row.decision_comment = input.comment;
    row.assessment = Some(input.assessment);
    let report = &held.row.report;
    rows::supersede(db, report.id, now)?;
    let event = held.event("progress_report.approved", &row);
    audit::record(db, caller.actor(), now, event)?;
    let days = LockedDays { start: report.period_start, end: report.period_end };
    locks::lock(db, caller, report.project_id, days, report.id, now)?;
    // After both entries, so that the head that is printed seals them too.
    let head = audit::head(db)?;
    row.audit_number = Some(head.number);
    row.audit_hash = Some(head.hash);
    rows::insert_version(db, &row)?;
    Ok(())
}

/// Gives the holder another due day.
pub fn move_due(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    input: DueDay,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_secretariat()?;
    held.check_seen(seen)?;
    held.require_open()?;
    if held.row.version.due_on == Some(input.due_on) {
        return Ok(());
    }
    let mut row = held.next(caller, now);
    row.due_on = Some(input.due_on);
    let reason = input.reason.as_deref();
    step(db, caller, &held, &row, "progress_report.due_moved", reason, now)
}

/// Takes back that the report was asked for, or an assessment that was only reported; what is written stays in its history.
pub fn withdraw(
    db: &mut Db,
    caller: &Caller,
    id: ProgressReportId,
    seen: i32,
    input: ReportWithdrawal,
    now: At,
) -> Result<()> {
    let held = Held::find(db, caller, id)?;
    held.standing.require_secretariat()?;
    held.check_seen(seen)?;
    if !held.row.version.state.can_be_withdrawn() {
        return Err(Error::Conflict("report_not_open"));
    }
    let mut row = held.next(caller, now);
    row.state = ReportState::Withdrawn;
    step(db, caller, &held, &row, "progress_report.withdrawn", Some(&input.reason), now)
}
