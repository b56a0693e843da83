//! Posted figures, for what can't be counted: seminars held, camps, the programme's own goals.
//!
//! A value is the standing on its date, in all and not since the value before: the latest one on
//! or before the day that is asked for is what counts. A figure that is known from a report only
//! stands beside the posted one of the same date and never in its place.

use std::collections::HashMap;
use std::fmt::{Display, Formatter};
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::value_rows::{self as rows, ValueRow};
use super::{Held, IndicatorSource, locked};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::{At, YEARS};
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{IndicatorId, UserId, ValueId, VersionId};
use crate::paging::{Listing, Page};
use crate::quantity::Quantity;
use crate::store::{AsOf, Chain, Db, Within};

/// A figure of an indicator on a date, so far.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PostedValue)]
pub struct Value {
    pub id: ValueId,
    pub indicator_id: IndicatorId,
    pub on_date: NaiveDate,
    /// What had been reached by that date, in all.
    pub figure: Quantity,
    pub note: Option<String>,
    /// The figure is known from a report only.
    pub reported: bool,
    /// Which report, and where in it.
    pub source_note: Option<String>,
    pub withdrawn: bool,
    /// Why it was corrected or withdrawn.
    pub reason: Option<String>,
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// When another version took its place; null for the one that stands.
    pub superseded_at: Option<At>,
}

/// A figure, put on its indicator and date; putting it again corrects it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutValue {
    /// Not after today.
    #[serde(deserialize_with = "crate::clock::day")]
    pub on_date: NaiveDate,
    /// What had been reached by that date, in all.
    pub figure: Quantity,
    #[validate(length(min = 1, max = 2000))]
    pub note: Option<String>,
    /// The figure is known from a report only; for the secretariat, on any indicator. It stands
    /// beside a posted value of the same date.
    #[serde(default)]
    pub reported: bool,
    /// Which report, and where in it.
    #[validate(length(min = 1, max = 1000))]
    pub source_note: Option<String>,
    /// Why it is corrected.
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
}

/// Why a value no longer counts.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueWithdrawal {
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// What there is one value of at a time within an indicator, and what its values are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueKey {
    pub on_date: NaiveDate,
    pub reported: bool,
}

impl Display for ValueKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.on_date, self.reported)
    }
}

impl FromStr for ValueKey {
    type Err = ();

    fn from_str(text: &str) -> Result<ValueKey, ()> {
        let (date, reported) = text.split_once('/').ok_or(())?;
        let on_date: NaiveDate = date.parse().map_err(drop)?;
        if !YEARS.contains(&on_date.year()) {
            return Err(());
        }
        Ok(ValueKey { on_date, reported: reported.parse().map_err(drop)? })
    }
}

impl Within for ValueId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// The values of an indicator by date, as they stood.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    as_of: AsOf,
    with_withdrawn: bool,
    page: &Page<ValueKey>,
) -> Result<Listing<Value>> {
    Held::find(db, caller, indicator)?.require_figures()?;
    let rows = rows::page(db, indicator, as_of, with_withdrawn, page)?;
    let key = |row: &ValueRow| ValueKey { on_date: row.on_date, reported: row.reported };
    Ok(page.listing(rows, key).map(Value::from))
}

pub fn get(db: &mut Db, caller: &Caller, id: ValueId) -> Result<Value> {
    let row = rows::current(db, id)?.ok_or(Error::NotFound)?;
    Held::find(db, caller, row.indicator_id)?.require_figures()?;
    Ok(row.into())
}

/// Every version of a value, the oldest first.
pub fn history(db: &mut Db, caller: &Caller, id: ValueId) -> Result<Vec<Value>> {
    let rows = rows::history(db, id)?;
    let first = rows.first().ok_or(Error::NotFound)?;
    Held::find(db, caller, first.indicator_id)?.require_figures()?;
    Ok(rows.into_iter().map(Value::from).collect())
}

/// A value that was put, and whether there was none on its date before.
pub struct PutOn {
    pub value: Value,
    pub is_new: bool,
    /// It says something else than before.
    pub is_changed: bool,
}

/// Posts a value, or corrects the one on that date. What is there already is left as it is.
pub fn put(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    input: PutValue,
    now: At,
) -> Result<PutOn> {
    let held = Held::find(db, caller, indicator)?;
    may_post(&held, input.reported)?;
    held.require_in_use()?;
    let mut faults = Faults::default();
    let source = held.definition.row.source;
    if source != IndicatorSource::Manual && !input.reported {
        faults.push(Fault::at("/figure", "not_posted_by_hand").with("source", source));
    }
    if input.on_date > now.day() {
        faults.push(Fault::at("/on_date", "after_today").with("today", now.day()));
    }
    faults.check()?;
    let key = ValueKey { on_date: input.on_date, reported: input.reported };
    let before = rows::at_key(db, indicator, key)?;
    let row = ValueRow {
        id: VersionId::new(),
        value_id: before.as_ref().map_or_else(ValueId::new, |before| before.value_id),
        indicator_id: indicator,
        on_date: input.on_date,
        thousandths: input.figure.thousandths(),
        note: input.note,
        reported: input.reported,
        source_note: input.source_note,
        withdrawn: false,
        reason: input.reason,
        recorded_at: now,
        recorded_by: caller.actor(),
        superseded_at: None,
    };
    let is_new = before.is_none();
    let is_changed = !before.as_ref().is_some_and(|before| says_the_same(before, &row));
    let value = match before {
        Some(before) if !is_changed => before.into(),
        before => replace(db, caller, &held, before, row, "value.put", now)?,
    };
    Ok(PutOn { value, is_new, is_changed })
}

/// Takes a value back; it stays in the history.
pub fn withdraw(
    db: &mut Db,
    caller: &Caller,
    id: ValueId,
    input: ValueWithdrawal,
    now: At,
) -> Result<Value> {
    let before = rows::current(db, id)?.ok_or(Error::NotFound)?;
    let held = Held::find(db, caller, before.indicator_id)?;
    may_post(&held, before.reported)?;
    if before.withdrawn {
        return Err(Error::Conflict("value_withdrawn"));
    }
    let row = ValueRow {
        id: VersionId::new(),
        withdrawn: true,
        reason: Some(input.reason),
        recorded_at: now,
        recorded_by: caller.actor(),
        ..before.clone()
    };
    replace(db, caller, &held, Some(before), row, "value.withdrawn", now)
}

fn may_post(held: &Held, reported: bool) -> Result<()> {
    held.require_holder()?;
    if reported { held.standing.require_secretariat() } else { Ok(()) }
}

fn says_the_same(before: &ValueRow, row: &ValueRow) -> bool {
    !before.withdrawn
        && before.thousandths == row.thousandths
        && before.note == row.note
        && before.source_note == row.source_note
}

fn replace(
    db: &mut Db,
    caller: &Caller,
    held: &Held,
    before: Option<ValueRow>,
    row: ValueRow,
    action: &'static str,
    now: At,
) -> Result<Value> {
    locked::check_value(db, &held.definition.row, row.on_date, now)?;
    if let Some(before) = before {
        rows::supersede(db, before.id, now)?;
    }
    rows::insert(db, &row)?;
    let event = Event::new(action, row.value_id).version(row.id).because(row.reason.as_deref());
    audit::record(db, caller.actor(), now, event)?;
    Ok(row.into())
}

/// What was posted for an indicator up to a day, and what a report says beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct Latest {
    pub posted: Option<Value>,
    pub reported: Option<Value>,
}

pub(super) fn latest(
    db: &mut Db,
    indicators: &[IndicatorId],
    as_of: AsOf,
    day: NaiveDate,
) -> Result<HashMap<IndicatorId, Latest>> {
    let mut all: HashMap<IndicatorId, Latest> = HashMap::new();
    // By date, so that the latest of each is the one that stays.
    for row in rows::up_to(db, indicators, as_of, day)? {
        let latest = all.entry(row.indicator_id).or_default();
        let place = if row.reported { &mut latest.reported } else { &mut latest.posted };
        *place = Some(row.into());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = ValueKey { on_date: "2022-12-31".parse().expect("a day"), reported: true };
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!("2022-12-31".parse::<ValueKey>(), Err(()));
        assert_eq!("2022-12-31/maybe".parse::<ValueKey>(), Err(()));
    }
}
