//! Targets over time: proposed, agreed, and never overwritten. What was promised first, who
//! agreed to another figure, when and why, all stay.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::revision_rows::{self as rows, PartRow, VersionRow};
use super::target::{self, Milestone, Target};
use super::{Held, IndicatorSource, Owner, locked, survey};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{IndicatorId, OrganisationId, RevisionId, UserId, VersionId};
use crate::programmes::organisations::Register;
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};

text_enum! {
    /// Where a revision stands.
    pub enum RevisionState {
        /// Waits for the secretariat.
        Proposed = "proposed",
        /// Counts from the day on which it holds.
        Agreed = "agreed",
        Refused = "refused",
        /// Taken back by whoever proposed it.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What the secretariat says to a proposal.
    pub enum Verdict {
        Agreed = "agreed",
        Refused = "refused",
    }
}

/// What one organisation is to reach of the target.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    #[schema(example = "learnmark-horsens")]
    pub organisation: String,
    pub organisation_id: OrganisationId,
    pub minimum: i32,
}

/// A target of an indicator, from its proposal on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revision {
    pub id: RevisionId,
    pub indicator_id: IndicatorId,
    /// From 1, in the order in which they were proposed.
    pub number: i32,
    pub target: Target,
    /// How the target is split by partner organisation; empty where it is not.
    pub parts: Vec<Part>,
    /// The planned profile over the years; empty where there is none.
    pub planned: Vec<Milestone>,
    /// The first day on which it is the target; null where it holds from the start.
    pub holds_from: Option<NaiveDate>,
    pub reason: Option<String>,
    /// The figure is known from a report only.
    pub reported: bool,
    /// Which report, and where in it.
    pub source_note: Option<String>,
    pub state: RevisionState,
    /// The account, or null for the operator's command line.
    pub proposed_by: Option<UserId>,
    pub proposed_at: At,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<At>,
    pub decision_note: Option<String>,
}

/// One organisation's part of a new target.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// The organisation's code.
    #[validate(length(min = 1, max = 64))]
    pub organisation: String,
    pub minimum: i32,
}

/// A new target. The secretariat's is agreed at once; the holder's waits for the secretariat.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    pub target: Target,
    /// Splits the target of an `at_least` by organisation; the parts add up to it.
    #[serde(default)]
    #[validate(length(max = 500), nested)]
    pub parts: Vec<NewPart>,
    /// Dates ascending, figures so far never falling, the last not above the target.
    #[serde(default)]
    #[validate(length(max = 100))]
    pub planned: Vec<Milestone>,
    /// The first day on which it is the target; from the start where not given. Needed once an
    /// earlier revision names one, and not before that.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub holds_from: Option<NaiveDate>,
    /// Why the target changes; needed for every revision after the first.
    #[validate(length(min = 1, max = 2000))]
    pub reason: Option<String>,
    /// The figure is known from a report only.
    #[serde(default)]
    pub reported: bool,
    /// Which report, and where in it.
    #[validate(length(min = 1, max = 1000))]
    pub source_note: Option<String>,
}

/// The secretariat's answer to a proposal.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub decision: Verdict,
    #[validate(length(min = 1, max = 2000))]
    pub note: Option<String>,
}

impl Within for RevisionId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// A new target that holds together.
pub struct Checked {
    input: NewRevision,
    parts: Vec<(OrganisationId, i32)>,
}

/// All that is wrong with a new target, or the target ready to be kept.
pub fn checked(
    input: NewRevision,
    source: IndicatorSource,
    register: &Register,
    taking_part: Option<&HashSet<OrganisationId>>,
) -> Result<Checked, Faults> {
    let minimums: Vec<i32> = input.parts.iter().map(|part| part.minimum).collect();
    let mut faults = target::check(&input.target, &minimums, &input.planned);
    let counts = source == IndicatorSource::Participation;
    let fits = match &input.target {
        Target::PerCompany { .. } => counts,
        Target::AtLeastPercent { .. } => !counts,
        _ => true,
    };
    if !fits {
        faults.push(Fault::at("/target/shape", "shape_not_for_source").with("source", source));
    }
    let mut seen = HashSet::new();
    let mut parts = Vec::with_capacity(input.parts.len());
    for (index, part) in input.parts.iter().enumerate() {
        let pointer = format!("/parts/{index}/organisation");
        match register.choose(&part.organisation, &pointer) {
            Ok(id) if taking_part.is_some_and(|all| !all.contains(&id)) => {
                faults.push(Fault::at(pointer, "not_a_partner").with("value", &part.organisation));
            }
            Ok(id) if seen.insert(id) => parts.push((id, part.minimum)),
            Ok(_) => faults
                .push(Fault::at(pointer, "organisation_twice").with("value", &part.organisation)),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.0.is_empty() { Ok(Checked { input, parts }) } else { Err(faults) }
}

/// The revisions of these indicators as they stood, each indicator's in their order.
pub(super) fn load(
    db: &mut Db,
    indicators: &[IndicatorId],
    as_of: AsOf,
    register: &Register,
) -> Result<HashMap<IndicatorId, Vec<Revision>>> {
    let mut all: HashMap<IndicatorId, Vec<Revision>> = HashMap::new();
    let rows = rows::revisions(db, indicators, as_of)?;
    for revision in shown(db, rows, register)? {
        all.entry(revision.indicator_id).or_default().push(revision);
    }
    Ok(all)
}

fn shown(db: &mut Db, rows: Vec<VersionRow>, register: &Register) -> Result<Vec<Revision>> {
    let ids: Vec<VersionId> = rows.iter().map(|row| row.id).collect();
    let mut parts: HashMap<VersionId, Vec<Part>> = HashMap::new();
    for PartRow { version_id, organisation_id, minimum } in rows::parts(db, &ids)? {
        let organisation = register.code(organisation_id);
        parts.entry(version_id).or_default().push(Part { organisation, organisation_id, minimum });
    }
    let revision = |row: VersionRow| {
        let mut parts = parts.remove(&row.id).unwrap_or_default();
        parts.sort_by(|a, b| a.organisation.cmp(&b.organisation));
        Ok(Revision {
            id: row.revision_id,
            indicator_id: row.indicator_id,
            number: row.number,
            target: serde_json::from_value(row.target).map_err(Error::unexpected)?,
            parts,
            planned: serde_json::from_value(row.planned).map_err(Error::unexpected)?,
            holds_from: row.holds_from,
            reason: row.reason,
            reported: row.reported,
            source_note: row.source_note,
            state: row.state,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            decision_note: row.decision_note,
        })
    };
    rows.into_iter().map(revision).collect()
}

/// The target in force on a day: of those agreed, the one that holds from the latest day up to
/// it, and the later one where two hold from the same.
pub fn in_force(revisions: &[Revision], day: NaiveDate) -> Option<&Revision> {
    revisions
        .iter()
        .filter(|one| one.state == RevisionState::Agreed)
        .filter(|one| one.holds_from.is_none_or(|from| from <= day))
        .max_by_key(|one| (one.holds_from, one.number))
}

/// What was promised first: the first target that was agreed.
pub fn original(revisions: &[Revision]) -> Option<&Revision> {
    let mut agreed = revisions.iter().filter(|one| one.state == RevisionState::Agreed);
    let first = agreed.next()?;
    Some(agreed.fold(first, |first, one| if one.number < first.number { one } else { first }))
}

/// The proposal that waits for the secretariat.
pub fn pending(revisions: &[Revision]) -> Option<&Revision> {
    revisions.iter().find(|one| one.state == RevisionState::Proposed)
}

/// All revisions of an indicator, as they stood.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    as_of: AsOf,
) -> Result<Vec<Revision>> {
    let held = Held::find(db, caller, indicator)?;
    held.require_figures()?;
    let register = Register::load(db, held.definition.row.programme_id)?;
    Ok(load(db, &[indicator], as_of, &register)?.remove(&indicator).unwrap_or_default())
}

pub fn get(db: &mut Db, caller: &Caller, id: RevisionId) -> Result<Revision> {
    let row = rows::revision(db, id)?.ok_or(Error::NotFound)?;
    let held = Held::find(db, caller, row.indicator_id)?;
    held.require_figures()?;
    let register = Register::load(db, held.definition.row.programme_id)?;
    shown(db, vec![row], &register)?.pop().ok_or(Error::NotFound)
}

/// A revision that holds from before the newest one would be agreed and change nothing.
fn never_in_force(earlier: &[Revision], holds_from: Option<NaiveDate>) -> Option<Fault> {
    let agreed = earlier.iter().filter(|one| one.state == RevisionState::Agreed);
    let newest = agreed.filter_map(|one| one.holds_from).max()?;
    match holds_from {
        None => Some(Fault::at("/holds_from", "required")),
        Some(day) if day < newest => {
            Some(Fault::at("/holds_from", "before_earlier_revision").with("day", newest))
        }
        Some(_) => None,
    }
}

/// Proposes another target; the secretariat's own is agreed at once. One waits at a time, so that
/// revisions are decided in the order in which they were proposed.
pub fn propose(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    input: NewRevision,
    now: At,
) -> Result<RevisionId> {
    let held = Held::find(db, caller, indicator)?;
    held.require_holder()?;
    held.require_in_use()?;
    let row = &held.definition.row;
    let register = Register::load(db, row.programme_id)?;
    let earlier = load(db, &[indicator], AsOf::NOW, &register)?.remove(&indicator);
    let earlier = earlier.unwrap_or_default();
    if pending(&earlier).is_some() {
        return Err(Error::Conflict("proposal_open"));
    }
    let reason_missing =
        !earlier.is_empty() && input.reason.as_deref().unwrap_or_default().trim().is_empty();
    let mut missing: Vec<Fault> =
        reason_missing.then(|| Fault::at("/reason", "required")).into_iter().collect();
    missing.extend(never_in_force(&earlier, input.holds_from));
    missing.extend(survey::misses(survey::read(row.survey.as_ref()).as_ref(), [&input.target]));
    let taking_part = Owner::of(row).taking_part(db)?;
    let checked = match checked(input, row.source, &register, taking_part.as_ref()) {
        Ok(checked) => {
            Faults(missing).check()?;
            checked
        }
        Err(mut faults) => {
            faults.0.extend(missing);
            return Err(Error::Invalid(faults));
        }
    };
    locked::check_target(db, row, checked.input.holds_from, now)?;
    let number = earlier.iter().map(|one| one.number).max().unwrap_or(0) + 1;
    insert(db, caller, indicator, number, checked, held.standing.secretariat, now)
}

/// The target that an indicator is defined with: it comes from the grant, so it is agreed.
pub(super) fn agree_first(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    checked: Checked,
    now: At,
) -> Result<RevisionId> {
    insert(db, caller, indicator, 1, checked, true, now)
}

fn insert(
    db: &mut Db,
    caller: &Caller,
    indicator: IndicatorId,
    number: i32,
    checked: Checked,
    agreed: bool,
    now: At,
) -> Result<RevisionId> {
    let Checked { input, parts } = checked;
    let actor = caller.actor();
    let row = VersionRow {
        id: VersionId::new(),
        revision_id: RevisionId::new(),
        indicator_id: indicator,
        number,
        target: serde_json::to_value(&input.target).map_err(Error::unexpected)?,
        planned: serde_json::to_value(&input.planned).map_err(Error::unexpected)?,
        holds_from: input.holds_from,
        reason: input.reason,
        reported: input.reported,
        source_note: input.source_note,
        state: if agreed { RevisionState::Agreed } else { RevisionState::Proposed },
        proposed_by: actor,
        proposed_at: now,
        decided_by: actor.filter(|_| agreed),
        decided_at: agreed.then_some(now),
        decision_note: None,
        recorded_at: now,
        recorded_by: actor,
        superseded_at: None,
    };
    let part = |(organisation_id, minimum): &(OrganisationId, i32)| PartRow {
        version_id: row.id,
        organisation_id: *organisation_id,
        minimum: *minimum,
    };
    let parts: Vec<PartRow> = parts.iter().map(part).collect();
    rows::insert(db, &row, &parts)?;
    record(db, caller, &row, now)?;
    Ok(row.revision_id)
}

/// Agrees to a proposal or refuses it, once.
pub fn decide(
    db: &mut Db,
    caller: &Caller,
    id: RevisionId,
    input: Decision,
    now: At,
) -> Result<Revision> {
    let row = rows::revision(db, id)?.ok_or(Error::NotFound)?;
    let held = Held::find(db, caller, row.indicator_id)?;
    held.standing.require_secretariat()?;
    let state = match input.decision {
        Verdict::Agreed => RevisionState::Agreed,
        Verdict::Refused => RevisionState::Refused,
    };
    if state == RevisionState::Agreed && row.state == RevisionState::Proposed {
        locked::check_target(db, &held.definition.row, row.holds_from, now)?;
    }
    settle(db, caller, row, state, input.note, now)?;
    get(db, caller, id)
}

/// Takes a proposal back; only who made it can.
pub fn withdraw(db: &mut Db, caller: &Caller, id: RevisionId, now: At) -> Result<()> {
    let row = rows::revision(db, id)?.ok_or(Error::NotFound)?;
    let held = Held::find(db, caller, row.indicator_id)?;
    held.require_holder()?;
    if row.proposed_by != caller.actor() {
        return Err(Error::Forbidden("proposer_only"));
    }
    settle(db, caller, row, RevisionState::Withdrawn, None, now)
}

/// The proposal stays as the version before this one.
fn settle(
    db: &mut Db,
    caller: &Caller,
    row: VersionRow,
    state: RevisionState,
    note: Option<String>,
    now: At,
) -> Result<()> {
    if row.state != RevisionState::Proposed {
        return Err(Error::Conflict("already_decided"));
    }
    let mut parts = rows::parts(db, &[row.id])?;
    rows::supersede(db, row.id, now)?;
    let row = VersionRow {
        id: VersionId::new(),
        state,
        decided_by: caller.actor(),
        decided_at: Some(now),
        decision_note: note,
        recorded_at: now,
        recorded_by: caller.actor(),
        ..row
    };
    for part in &mut parts {
        part.version_id = row.id;
    }
    rows::insert(db, &row, &parts)?;
    record(db, caller, &row, now)
}

fn record(db: &mut Db, caller: &Caller, row: &VersionRow, now: At) -> Result<()> {
    let action = match row.state {
        RevisionState::Proposed => "target.proposed",
        RevisionState::Agreed => "target.agreed",
        RevisionState::Refused => "target.refused",
        RevisionState::Withdrawn => "target.withdrawn",
    };
    let reason = row.decision_note.as_deref().or(row.reason.as_deref());
    let event = Event::new(action, row.revision_id).version(row.id).because(reason);
    audit::record(db, caller.actor(), now, event)
}

#[cfg(test)]
mod tests;
