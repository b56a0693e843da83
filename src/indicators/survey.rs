//! What an indicator takes from answers.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::compute::Percent;
use super::quantity::Quantity;
use super::rows::IndicatorRow;
use super::{IndicatorSource, Owner};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::ProgrammeId;
use crate::store::Db;
use crate::surveys::result_view::FigureState;
use crate::surveys::shares::{self, Measure, Share, ShareRule, Shares};

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
) -> Result<Option<Value>> {
    let Some(rule) = rule else { return Ok(None) };
    shares::prepare(db, programme, &rule)?;
    serde_json::to_value(rule).map(Some).map_err(Error::unexpected)
}

/// As [`prepared`], and since when; what it took on an earlier day stays.
pub fn changed(
    db: &mut Db,
    row: &IndicatorRow,
    rule: Option<ShareRule>,
    now: At,
) -> Result<(Option<Value>, Option<At>)> {
    if rule == read(row.survey.as_ref()) {
        return Ok((row.survey.clone(), row.survey_since));
    }
    if row.survey_since.is_some_and(|since| since.day() < now.day()) {
        return Err(Error::Conflict("indicator_has_past"));
    }
    let since = rule.as_ref().map(|_| now);
    Ok((prepared(db, row.programme_id, rule)?, since))
}

/// Only what was checked is stored.
pub fn read(rule: Option<&Value>) -> Option<ShareRule> {
    rule.and_then(|rule| serde_json::from_value(rule.clone()).ok())
}

/// The positive answers that an indicator takes.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct AnswersProgress {
    /// The positive answers, and all in the base.
    pub numerator: i64,
    pub denominator: i64,
    /// How many were asked and did not answer.
    pub missing: i64,
}

/// What an indicator's rule finds in the answers.
pub struct Surveyed {
    pub measure: Measure,
    pub found: Shares,
}

impl Surveyed {
    pub fn figure(&self, share: &Share) -> Option<Quantity> {
        let whole = Quantity::whole;
        match (share.state, self.measure) {
            (FigureState::Suppressed | FigureState::Empty, _) => None,
            (FigureState::Shown, Measure::Count) => Some(whole(share.numerator)),
            (FigureState::Shown, Measure::Share) => {
                Percent::of(whole(share.numerator), whole(share.denominator)).map(|one| one.percent)
            }
        }
    }

    /// Its answers as they are told, unless they are hidden.
    pub fn answers(&self) -> Option<AnswersProgress> {
        let Share { state, numerator, denominator, missing } = self.found.whole;
        let shown = state == FigureState::Shown;
        shown.then_some(AnswersProgress { numerator, denominator, missing })
    }
}
