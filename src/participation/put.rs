//! Putting counts on their keys, and withdrawing them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::input::{BatchInput, CountInput, Place, Words, resolve};
use super::ledger::Fate;
use super::plan::{Plan, Stamp, plan, plan_withdrawal};
use super::view::{self, Count};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{CountId, ProjectId};
use crate::projects;
use crate::store::Db;
use crate::store::types::text_enum;

text_enum! {
    /// What became of a count that was put.
    pub enum Outcome {
        /// There was none on that key.
        Created = "created",
        /// It says something else than before, or stands again after it was withdrawn.
        Corrected = "corrected",
        /// It says what it said before; no version was made.
        Unchanged = "unchanged",
    }
}

impl From<Fate> for Outcome {
    fn from(fate: Fate) -> Outcome {
        match fate {
            Fate::Created => Outcome::Created,
            Fate::Unchanged => Outcome::Unchanged,
            Fate::Corrected | Fate::Adjusted | Fate::Withdrawn => Outcome::Corrected,
        }
    }
}

/// A count after it was put.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PutCount {
    pub outcome: Outcome,
    pub count: Count,
}

/// One count of a batch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchItem {
    pub id: CountId,
    pub outcome: Outcome,
}

/// A batch that was put.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BatchReport {
    pub created: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// Counts that were not in the batch: posted "so far" before, with a share of their total that
    /// is another now.
    pub adjusted: usize,
    /// In the order of the batch.
    pub items: Vec<BatchItem>,
}

/// Why a count is withdrawn.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
}

/// Puts one count on its natural key.
pub fn put(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: &CountInput,
    now: At,
) -> Result<PutCount> {
    let caller = &*caller.counting();
    let inputs = std::slice::from_ref(input);
    let plan = put_all(db, caller, project, inputs, now, |_| String::new())?;
    let (id, fate) =
        plan.placed.first().copied().ok_or_else(|| Error::unexpected("no count was planned"))?;
    Ok(PutCount { outcome: fate.into(), count: view::get(db, caller, id)? })
}

/// Puts many counts in one step: all of them, or none.
pub fn put_batch(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: &BatchInput,
    now: At,
) -> Result<BatchReport> {
    let caller = &*caller.counting();
    let plan =
        put_all(db, caller, project, &input.counts, now, |index| format!("/counts/{index}"))?;
    let item = |&(id, fate): &(CountId, Fate)| BatchItem { id, outcome: fate.into() };
    Ok(BatchReport {
        created: plan.how_many(Fate::Created),
        corrected: plan.how_many(Fate::Corrected),
        unchanged: plan.how_many(Fate::Unchanged),
        adjusted: plan.adjusted,
        items: plan.placed.iter().map(item).collect(),
    })
}

fn put_all(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    inputs: &[CountInput],
    now: At,
    pointer: impl Fn(usize) -> String,
) -> Result<Plan> {
    let (programme, standing) = projects::standing(db, caller, project)?;
    let words = Words::load(db, programme)?;
    let place = Place::load(db, project, standing)?;
    if !place.posts() {
        return Err(Error::Forbidden("counters_only"));
    }
    let mut faults: Vec<(usize, Fault)> = Vec::new();
    let mut wanted = Vec::with_capacity(inputs.len());
    let mut places = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        match resolve(&words, &place, input) {
            Ok(one) if !place.standing.may_count(one.series.organisation) => {
                return Err(Error::Forbidden("other_organisation"));
            }
            Ok(one) => {
                wanted.push(one);
                places.push(index);
            }
            Err(all) => faults.extend(all.into_iter().map(|fault| (index, fault))),
        }
    }
    let stamp = Stamp { programme, actor: caller.actor(), now };
    let (plan, more) = plan(db, stamp, wanted)?;
    let placed = |(row, fault)| (places.get(row).copied().unwrap_or(row), fault);
    faults.extend(more.into_iter().map(placed));
    faults.sort_by_key(|(index, _)| *index);
    let told = faults.into_iter().map(|(index, fault)| fault.under(&pointer(index)));
    let told = Faults(told.collect());
    if !told.0.is_empty() && told.0.iter().all(|fault| fault.code == "period_locked") {
        return Err(Error::Locked(told));
    }
    told.check()?;
    plan.carry_out(db, stamp)?;
    Ok(plan)
}

/// Withdraws a count: it is kept with its history, and no longer counted. Putting it again brings
/// it back.
pub fn withdraw(
    db: &mut Db,
    caller: &Caller,
    id: CountId,
    input: &Withdrawal,
    now: At,
) -> Result<Count> {
    let (count, version, standing) = view::seen(db, caller, id)?;
    if !standing.may_count(count.organisation_id) {
        return Err(Error::Forbidden("counters_only"));
    }
    if version.withdrawn {
        return Err(Error::Conflict("already_withdrawn"));
    }
    let stamp = Stamp { programme: count.programme_id, actor: caller.actor(), now };
    plan_withdrawal(db, stamp, &count, &input.reason)?.carry_out(db, stamp)?;
    view::get(db, caller, id)
}
