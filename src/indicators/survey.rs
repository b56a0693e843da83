//! What an indicator takes from answers.

use serde_json::Value;

use super::{IndicatorSource, Owner};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::ProgrammeId;
use crate::store::Db;
use crate::surveys::shares::{self, ShareRule};

/// The rule, where it is right.
pub fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    owner: Owner,
    source: IndicatorSource,
    rule: Option<ShareRule>,
    faults: &mut Faults,
) -> Result<Option<ShareRule>> {
    let Some(rule) = rule else { return Ok(None) };
    if source != IndicatorSource::Survey {
        faults.push(Fault::at("/survey", "no_answers_to_take").with("source", source));
        return Ok(None);
    }
    let found = shares::check(db, programme, owner.project(), &rule)?;
    faults.0.extend(found.0.into_iter().map(|fault| fault.under("/survey")));
    Ok(Some(rule))
}

/// As it is stored; what it needs is tallied from now on.
pub fn prepared(
    db: &mut Db,
    programme: ProgrammeId,
    rule: Option<ShareRule>,
    now: At,
) -> Result<Option<Value>> {
    let Some(rule) = rule else { return Ok(None) };
    shares::prepare(db, programme, &rule, now)?;
    serde_json::to_value(rule).map(Some).map_err(Error::unexpected)
}

/// Only what was checked is stored.
pub fn read(rule: Option<&Value>) -> Option<ShareRule> {
    rule.and_then(|rule| serde_json::from_value(rule.clone()).ok())
}
