//! What a project has spent of its grants, as reported. A figure is the standing on its date, in
//! all: the latest one on or before the day that is asked for is what counts.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::spending_rows::{self as rows, SpendingRow};
use super::standing;
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Result};
use crate::ids::{ProjectId, SpendingId, UserId, VersionId};
use crate::store::{AsOf, Chain, Db, Within};

/// What a project had spent by a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Spending {
    pub id: SpendingId,
    pub project_id: ProjectId,
    pub on_date: NaiveDate,
    /// What had been spent of the grants by that date, in all, in øre.
    #[schema(example = 12_050_000)]
    pub spent_ore: i64,
    pub note: Option<String>,
    pub withdrawn: bool,
    /// Why it was corrected or withdrawn.
    pub reason: Option<String>,
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// When another version took its place; null for the one that stands.
    pub superseded_at: Option<At>,
}

/// What a project has spent, put on its date; putting it again corrects it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutSpending {
    /// Not after today.
    #[serde(deserialize_with = "crate::clock::day")]
    pub on_date: NaiveDate,
    /// What has been spent of the grants by that date, in all, in øre.
    #[validate(range(min = 0, max = 10_000_000_000_000_i64))]
    #[schema(example = 12_050_000)]
    pub spent_ore: i64,
    #[validate(length(min = 1, max = 2_000))]
    pub note: Option<String>,
    /// Why it is corrected.
    #[validate(length(min = 1, max = 2_000))]
    pub reason: Option<String>,
}

/// Why a figure no longer counts.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpendingWithdrawal {
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
}

impl Within for SpendingId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let project = rows::project_of(db, *self)?.ok_or(Error::NotFound)?;
        project.chain(db)
    }
}

/// The figures of a project by date, as they stood.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    as_of: AsOf,
    with_withdrawn: bool,
) -> Result<Vec<Spending>> {
    standing(db, caller, project)?.1.require_whole_project()?;
    let rows = rows::of_project(db, project, as_of)?;
    let shown = rows.into_iter().filter(|row| with_withdrawn || !row.withdrawn);
    Ok(shown.map(Spending::from).collect())
}

pub fn get(db: &mut Db, caller: &Caller, id: SpendingId) -> Result<Spending> {
    let row = rows::current(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, row.project_id)?.1.require_whole_project()?;
    Ok(row.into())
}

/// Every version of a figure, the oldest first.
pub fn history(db: &mut Db, caller: &Caller, id: SpendingId) -> Result<Vec<Spending>> {
    let project = rows::project_of(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, project)?.1.require_whole_project()?;
    Ok(rows::history(db, id)?.into_iter().map(Spending::from).collect())
}

/// A figure that was put, and whether there was none on its date before.
pub struct PutDone {
    pub spending: Spending,
    pub is_new: bool,
}

/// Reports what is spent, or corrects it. What is there already is left as it is.
pub fn put(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: PutSpending,
    now: At,
) -> Result<PutDone> {
    standing(db, caller, project)?.1.require_holder()?;
    if input.on_date > now.day() {
        return Err(Fault::at("/on_date", "after_today").with("today", now.day()).into());
    }
    let before = rows::on_date(db, project, input.on_date)?;
    let row = SpendingRow {
        id: VersionId::new(),
        spending_id: before.as_ref().map_or_else(SpendingId::new, |before| before.spending_id),
        project_id: project,
        on_date: input.on_date,
        spent_ore: input.spent_ore,
        note: input.note,
        withdrawn: false,
        reason: input.reason,
        recorded_at: now,
        recorded_by: caller.actor(),
        superseded_at: None,
    };
    let is_new = before.is_none();
    let same = |before: &SpendingRow| {
        !before.withdrawn && before.spent_ore == row.spent_ore && before.note == row.note
    };
    let spending = match before {
        Some(before) if same(&before) => before.into(),
        before => replace(db, caller, before, row, "spending.put", now)?,
    };
    Ok(PutDone { spending, is_new })
}

/// Takes a figure back; it stays in the history.
pub fn withdraw(
    db: &mut Db,
    caller: &Caller,
    id: SpendingId,
    input: SpendingWithdrawal,
    now: At,
) -> Result<Spending> {
    let before = rows::current(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, before.project_id)?.1.require_holder()?;
    if before.withdrawn {
        return Err(Error::Conflict("spending_withdrawn"));
    }
    let row = SpendingRow {
        id: VersionId::new(),
        withdrawn: true,
        reason: Some(input.reason),
        recorded_at: now,
        recorded_by: caller.actor(),
        ..before.clone()
    };
    replace(db, caller, Some(before), row, "spending.withdrawn", now)
}

fn replace(
    db: &mut Db,
    caller: &Caller,
    before: Option<SpendingRow>,
    row: SpendingRow,
    action: &'static str,
    now: At,
) -> Result<Spending> {
    if let Some(before) = before {
        rows::supersede(db, before.id, now)?;
    }
    rows::insert(db, &row)?;
    let event = Event::new(action, row.spending_id).version(row.id).because(row.reason.as_deref());
    audit::record(db, caller.actor(), now, event)?;
    Ok(row.into())
}

/// The latest figure of each project on or before a day; none for those without. Asks nobody
/// whether they may know.
pub fn latest(
    db: &mut Db,
    projects: &[ProjectId],
    as_of: AsOf,
    day: NaiveDate,
) -> Result<HashMap<ProjectId, Spending>> {
    let mut all = HashMap::new();
    // By date, so that the latest of each is the one that stays.
    for row in rows::up_to(db, projects, as_of, day)? {
        all.insert(row.project_id, row.into());
    }
    Ok(all)
}
