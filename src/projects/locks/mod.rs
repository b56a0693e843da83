//! Locked periods: what a project reported and had approved takes no more changes, until the
//! secretariat opens it for a time.
//!
//! A write is held against the days that it touches. The days of an approved report are locked;
//! those that an opening covers take writes again until its last day has passed, or it is closed.

pub mod routes;
mod rows;

use std::collections::HashMap;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use self::rows::{LockRow, OpeningRow};
use super::standing;
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{LockId, OpeningId, ProgressReportId, ProjectId, UserId};
use crate::store::{Chain, Db, Within};

/// How long an opening may last: what is never closed again is not locked.
const LONGEST: Months = Months::new(12);

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct LockedDays {
    pub start: NaiveDate,
    pub end: NaiveDate,
}

/// A period that an approved report locked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodLock {
    pub id: LockId,
    pub start: NaiveDate,
    /// The last day, included.
    pub end: NaiveDate,
    /// The report whose approval locked it.
    pub progress_report_id: ProgressReportId,
    pub locked_at: At,
    /// The account, or null for the operator's command line.
    pub locked_by: Option<UserId>,
}

/// A time in which locked days take corrections.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Opening {
    pub id: OpeningId,
    pub project_id: ProjectId,
    /// The first day that takes corrections.
    pub start: NaiveDate,
    /// The last one, included.
    pub end: NaiveDate,
    pub reason: String,
    /// The last day, in Denmark, on which corrections are taken.
    pub open_until: NaiveDate,
    pub opened_at: At,
    /// The account, or null for the operator's command line.
    pub opened_by: Option<UserId>,
    /// When it was closed by hand; null where it was not.
    pub closed_at: Option<At>,
    pub closed_by: Option<UserId>,
    /// Whether corrections are taken now.
    pub open: bool,
    /// Whether the caller may close it now.
    pub may_close: bool,
}

/// What is locked in a project, and what was opened again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectLocks {
    /// By their first day.
    pub locks: Vec<PeriodLock>,
    /// The newest first.
    pub openings: Vec<Opening>,
    /// The days that take no writes now, after what is open.
    pub closed: Vec<LockedDays>,
    /// Whether the caller may open locked days.
    pub may_open: bool,
}

/// Opens locked days for corrections.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpening {
    /// The first day that takes corrections.
    #[serde(deserialize_with = "crate::clock::day")]
    pub start: NaiveDate,
    /// The last one, included.
    #[serde(deserialize_with = "crate::clock::day")]
    pub end: NaiveDate,
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
    /// The last day, in Denmark, on which corrections are taken: today or later, and at most a
    /// year ahead.
    #[serde(deserialize_with = "crate::clock::day")]
    pub open_until: NaiveDate,
}

impl Within for OpeningId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        rows::opening(db, *self)?.ok_or(Error::NotFound)?.project_id.chain(db)
    }
}

/// The days of a project that take no writes.
#[derive(Debug, Clone, Default)]
pub struct Closed(Vec<LockedDays>);

impl Closed {
    fn of(locks: &[LockRow], openings: &[OpeningRow], today: NaiveDate) -> Closed {
        let mut closed: Vec<LockedDays> = locks
            .iter()
            .map(|lock| LockedDays { start: lock.period_start, end: lock.period_end })
            .collect();
        for opening in openings.iter().filter(|one| one.is_open(today)) {
            closed = closed.into_iter().flat_map(|days| days.without(opening)).collect();
        }
        closed.sort_by_key(|days| (days.start, days.end));
        Closed(closed)
    }

    /// The locked days that a period touches; none where it may be written.
    pub fn touching(&self, start: NaiveDate, end: NaiveDate) -> Option<LockedDays> {
        self.0.iter().copied().find(|days| days.start <= end && start <= days.end)
    }

    /// As [`Closed::touching`], as a fault at what was written.
    pub fn fault(&self, start: NaiveDate, end: NaiveDate, pointer: &str) -> Option<Fault> {
        self.touching(start, end).map(|days| {
            let fault = Fault::at(pointer, "period_locked").with("from", days.start);
            fault.with("to", days.end)
        })
    }

    /// Refused where the period touches locked days.
    pub fn check(&self, start: NaiveDate, end: NaiveDate, pointer: &str) -> Result<()> {
        match self.fault(start, end, pointer) {
            Some(fault) => Err(Error::Locked(Faults(vec![fault]))),
            None => Ok(()),
        }
    }
}

impl LockedDays {
    /// What is left on either side of what is open.
    fn without(self, opening: &OpeningRow) -> impl Iterator<Item = LockedDays> {
        let before = opening.period_start.checked_sub_days(Days::new(1));
        let after = opening.period_end.checked_add_days(Days::new(1));
        let left = before.map(|day| LockedDays { end: self.end.min(day), ..self });
        let right = after.map(|day| LockedDays { start: self.start.max(day), ..self });
        let whole = self.end < opening.period_start || self.start > opening.period_end;
        let parts = if whole { [Some(self), None] } else { [left, right] };
        parts.into_iter().flatten().filter(|days| days.start <= days.end)
    }
}

impl OpeningRow {
    fn is_open(&self, today: NaiveDate) -> bool {
        self.closed_at.is_none() && self.open_until >= today
    }

    fn shown(self, today: NaiveDate, secretariat: bool) -> Opening {
        let open = self.is_open(today);
        Opening {
            id: self.id,
            project_id: self.project_id,
            start: self.period_start,
            end: self.period_end,
            reason: self.reason,
            open_until: self.open_until,
            opened_at: self.opened_at,
            opened_by: self.opened_by,
            closed_at: self.closed_at,
            closed_by: self.closed_by,
            open,
            may_close: open && secretariat,
        }
    }
}

/// What takes no writes in each of these projects; those without locks are left out. Asked under
/// the programme's lock, so that no approval comes between the answer and the write.
pub fn closed_in(
    db: &mut Db,
    projects: &[ProjectId],
    now: At,
) -> Result<HashMap<ProjectId, Closed>> {
    let mut locks: HashMap<ProjectId, Vec<LockRow>> = HashMap::new();
    for row in rows::locks(db, projects)? {
        locks.entry(row.project_id).or_default().push(row);
    }
    let locked: Vec<ProjectId> = locks.keys().copied().collect();
    let mut openings: HashMap<ProjectId, Vec<OpeningRow>> = HashMap::new();
    for row in rows::openings(db, &locked)? {
        openings.entry(row.project_id).or_default().push(row);
    }
    let closed = |(id, locks): (ProjectId, Vec<LockRow>)| {
        let openings = openings.get(&id).map_or(&[][..], Vec::as_slice);
        (id, Closed::of(&locks, openings, now.day()))
    };
    Ok(locks.into_iter().map(closed).collect())
}

/// What takes no writes in a project.
pub fn closed(db: &mut Db, project: ProjectId, now: At) -> Result<Closed> {
    Ok(closed_in(db, &[project], now)?.remove(&project).unwrap_or_default())
}

/// Locks the period of a report that was approved. Who may do that, the report knows.
pub fn lock(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    days: LockedDays,
    report: ProgressReportId,
    now: At,
) -> Result<()> {
    let row = LockRow {
        id: LockId::new(),
        project_id: project,
        period_start: days.start,
        period_end: days.end,
        report_id: report,
        locked_at: now,
        locked_by: caller.actor(),
    };
    rows::insert_lock(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("period.locked", row.id))
}

/// What is locked and what is open, for whoever has to do with the project: who posts counts is
/// told why they are refused.
pub fn list(db: &mut Db, caller: &Caller, project: ProjectId, now: At) -> Result<ProjectLocks> {
    let (_, standing) = standing(db, caller, project)?;
    let locks = rows::locks(db, &[project])?;
    let openings = rows::openings(db, &[project])?;
    let closed = Closed::of(&locks, &openings, now.day()).0;
    let secretariat = standing.secretariat;
    Ok(ProjectLocks {
        may_open: secretariat && !locks.is_empty(),
        locks: locks.into_iter().map(PeriodLock::from).collect(),
        openings: openings.into_iter().map(|row| row.shown(now.day(), secretariat)).collect(),
        closed,
    })
}

pub fn opening(db: &mut Db, caller: &Caller, id: OpeningId, now: At) -> Result<Opening> {
    let row = rows::opening(db, id)?.ok_or(Error::NotFound)?;
    let (_, standing) = standing(db, caller, row.project_id)?;
    Ok(row.shown(now.day(), standing.secretariat))
}

/// Opens locked days of one project for corrections, with a reason and an end.
pub fn open(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: NewOpening,
    now: At,
) -> Result<OpeningId> {
    standing(db, caller, project)?.1.require_secretariat()?;
    let mut faults = Faults::default();
    let today = now.day();
    if input.end < input.start {
        faults.push(Fault::at("/end", "period_backwards"));
    } else {
        let locks = rows::locks(db, &[project])?;
        if Closed::of(&locks, &[], today).touching(input.start, input.end).is_none() {
            faults.push(Fault::at("/start", "nothing_locked"));
        }
    }
    if input.open_until < today {
        faults.push(Fault::at("/open_until", "day_has_passed").with("today", today));
    }
    if let Some(latest) = today.checked_add_months(LONGEST).filter(|day| input.open_until > *day) {
        faults.push(Fault::at("/open_until", "open_too_long").with("latest", latest));
    }
    faults.check()?;
    let row = OpeningRow {
        id: OpeningId::new(),
        project_id: project,
        period_start: input.start,
        period_end: input.end,
        reason: input.reason,
        open_until: input.open_until,
        opened_at: now,
        opened_by: caller.actor(),
        closed_at: None,
        closed_by: None,
    };
    rows::insert_opening(db, &row)?;
    let event = Event::new("period.opened", row.id).because(Some(&row.reason));
    audit::record(db, caller.actor(), now, event)?;
    Ok(row.id)
}

/// Closes what was opened before its last day has passed.
pub fn close(db: &mut Db, caller: &Caller, id: OpeningId, now: At) -> Result<Opening> {
    let row = rows::opening(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, row.project_id)?.1.require_secretariat()?;
    if !row.is_open(now.day()) {
        return Err(Error::Conflict("opening_ended"));
    }
    rows::close_opening(db, id, caller.actor(), now)?;
    audit::record(db, caller.actor(), now, Event::new("period.closed", id))?;
    opening(db, caller, id, now)
}

impl From<LockRow> for PeriodLock {
    fn from(row: LockRow) -> PeriodLock {
        PeriodLock {
            id: row.id,
            start: row.period_start,
            end: row.period_end,
            progress_report_id: row.report_id,
            locked_at: row.locked_at,
            locked_by: row.locked_by,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn lock(start: &str, end: &str) -> LockRow {
        LockRow {
            id: LockId::new(),
            project_id: ProjectId::new(),
            period_start: day(start),
            period_end: day(end),
            report_id: ProgressReportId::new(),
            locked_at: At::END,
            locked_by: None,
        }
    }

    fn opening(start: &str, end: &str, until: &str, closed: bool) -> OpeningRow {
        OpeningRow {
            id: OpeningId::new(),
            project_id: ProjectId::new(),
            period_start: day(start),
            period_end: day(end),
            reason: String::new(),
            open_until: day(until),
            opened_at: At::END,
            opened_by: None,
            closed_at: closed.then_some(At::END),
            closed_by: None,
        }
    }

    fn told(locks: &[LockRow], openings: &[OpeningRow], today: &str) -> Vec<String> {
        let closed = Closed::of(locks, openings, day(today)).0;
        closed.into_iter().map(|days| format!("{} {}", days.start, days.end)).collect()
    }

    #[test]
    fn what_is_open_is_cut_out_of_what_is_locked() {
        let locks = [lock("2022-01-01", "2022-12-31"), lock("2023-01-01", "2023-12-31")];
        let open =
            |start, end| told(&locks, &[opening(start, end, "2024-05-01", false)], "2024-05-01");
        assert_eq!(open("2022-01-01", "2022-12-31"), ["2023-01-01 2023-12-31"]);
        assert_eq!(
            open("2022-08-01", "2023-07-31"),
            ["2022-01-01 2022-07-31", "2023-08-01 2023-12-31"]
        );
        assert_eq!(
            open("2022-03-01", "2022-03-31"),
            ["2022-01-01 2022-02-28", "2022-04-01 2022-12-31", "2023-01-01 2023-12-31"]
        );
        assert_eq!(open("1900-01-01", "2199-12-31"), Vec::<String>::new());
    }

    #[test]
    fn an_opening_ends_with_its_last_day_or_by_hand() {
        let locks = [lock("2022-01-01", "2022-12-31")];
        let locked = ["2022-01-01 2022-12-31"];
        let whole = |closed| [opening("2022-01-01", "2022-12-31", "2024-04-30", closed)];
        assert_eq!(told(&locks, &whole(false), "2024-04-30"), Vec::<String>::new());
        assert_eq!(told(&locks, &whole(false), "2024-05-01"), locked);
        assert_eq!(told(&locks, &whole(true), "2024-04-30"), locked);
    }

    #[test]
    fn a_period_that_touches_is_held_back() {
        let closed = Closed::of(&[lock("2022-01-01", "2022-12-31")], &[], day("2024-01-01"));
        let touches = |start, end| closed.touching(day(start), day(end)).is_some();
        assert!(touches("2022-08-01", "2023-07-31"));
        assert!(touches("2021-08-01", "2022-01-01"));
        assert!(!touches("2021-08-01", "2021-12-31"));
        assert!(!touches("2023-01-01", "2023-12-31"));
    }
}
