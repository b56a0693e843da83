//! What an indicator takes from answers.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::compute::{Assessment, Percent, ProgressState};
use super::quantity::Quantity;
use super::revisions::{self, RevisionState};
use super::rows::{self, IndicatorRow};
use super::target::Target;
use super::{IndicatorSource, Owner};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{IndicatorId, ProgrammeId};
use crate::programmes::organisations::Register;
use crate::store::{AsOf, Db};
use crate::surveys::bases;
use crate::surveys::result_view::FigureState;
use crate::surveys::shares::{self, Measure, Released, Share, ShareRule, Shares};

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

/// A share is held against a percentage and a count against a number; either may have no target.
pub fn misses<'a>(
    rule: Option<&ShareRule>,
    targets: impl IntoIterator<Item = &'a Target>,
) -> Option<Fault> {
    let measure = rule?.measure;
    let fits = |target: &Target| match target {
        Target::None {} => true,
        Target::AtLeastPercent { .. } => measure == Measure::Share,
        _ => measure == Measure::Count,
    };
    let misses = targets.into_iter().any(|target| !fits(target));
    misses.then(|| Fault::at("/survey/measure", "measure_not_for_target").with("measure", measure))
}

/// As [`misses`], of the target in force, of those that hold later and of one that is proposed.
pub fn misses_standing(
    db: &mut Db,
    row: &IndicatorRow,
    rule: Option<&ShareRule>,
    now: At,
) -> Result<Option<Fault>> {
    let day = now.day();
    let register = Register::load(db, row.programme_id)?;
    let all = revisions::load(db, &[row.id], AsOf::NOW, &register)?.remove(&row.id);
    let all = all.unwrap_or_default();
    let later = all.iter().filter(|one| {
        one.state == RevisionState::Agreed && one.holds_from.is_some_and(|from| from > day)
    });
    let standing = later.chain(revisions::in_force(&all, day)).chain(revisions::pending(&all));
    Ok(misses(rule, standing.map(|one| &one.target)))
}

/// As it is stored, of a new indicator; what it needs is tallied from now on.
pub fn prepared(
    db: &mut Db,
    programme: ProgrammeId,
    rule: Option<ShareRule>,
) -> Result<Option<Value>> {
    let Some(rule) = rule else { return Ok(None) };
    let others = in_use(db, programme, None)?;
    bases::change(db, programme, None, Some(&rule), &others)?;
    stored(&rule).map(Some)
}

/// As it is stored, and since when. What it needs is tallied from now on, and what only it needed
/// no longer; a retired indicator needs nothing. What it took on an earlier day stays.
pub fn changed(
    db: &mut Db,
    row: &IndicatorRow,
    rule: Option<ShareRule>,
    retired: bool,
    now: At,
) -> Result<(Option<Value>, Option<At>)> {
    let before = read(row.survey.as_ref());
    let same = rule == before;
    if !same && row.survey_since.is_some_and(|since| since.day() < now.day()) {
        let unseen = match (&before, &rule) {
            (Some(before), Some(rule)) => only_base_differs(db, row.programme_id, before, rule)?,
            _ => false,
        };
        if !unseen {
            return Err(Error::Conflict("indicator_has_past"));
        }
    }
    if !same || retired != row.retired {
        let others = in_use(db, row.programme_id, Some(row.id))?;
        let needed_before = before.as_ref().filter(|_| !row.retired);
        let needed = rule.as_ref().filter(|_| !retired);
        bases::change(db, row.programme_id, needed_before, needed, &others)?;
    }
    match rule {
        _ if same => Ok((row.survey.clone(), row.survey_since)),
        None => Ok((None, None)),
        Some(rule) => {
            let past = row.survey_since.filter(|since| since.day() < now.day());
            Ok((Some(stored(&rule)?), past.or(Some(now))))
        }
    }
}

/// Whether the rules differ in a base of which nothing is released by either, so that no figure of
/// an earlier day is another.
fn only_base_differs(
    db: &mut Db,
    programme: ProgrammeId,
    before: &ShareRule,
    rule: &ShareRule,
) -> Result<bool> {
    let both = before.base.is_some() && rule.base.is_some();
    let otherwise = ShareRule { base: before.base.clone(), ..rule.clone() };
    Ok(both
        && otherwise == *before
        && !bases::any_released(db, programme, before)?
        && !bases::any_released(db, programme, rule)?)
}

/// The rules of the programme's indicators that are not retired, but for one.
fn in_use(db: &mut Db, programme: ProgrammeId, but: Option<IndicatorId>) -> Result<Vec<ShareRule>> {
    let rules = rows::rules_in_use(db, programme)?.into_iter();
    Ok(rules.filter(|(id, _)| Some(*id) != but).filter_map(|(_, rule)| read(Some(&rule))).collect())
}

fn stored(rule: &ShareRule) -> Result<Value> {
    serde_json::to_value(rule).map_err(Error::unexpected)
}

/// Only what was checked is stored.
pub fn read(rule: Option<&Value>) -> Option<ShareRule> {
    rule.and_then(|rule| serde_json::from_value(rule.clone()).ok())
}

/// The answers that an indicator takes.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct AnswersProgress {
    /// How many of those in `denominator` gave a positive answer.
    pub numerator: i64,
    /// How many answered the question, of those in the rule's base where it names one; those who
    /// said "don't know" only where the rule takes them in.
    pub denominator: i64,
    /// How many were asked and did not answer.
    pub missing: i64,
    /// How many of the responses that the figures are made of came on paper.
    pub on_paper: i64,
    /// Responses that are released and not in the figures: they are too few so far or, where the
    /// rule names a base, came on paper or were released before it was named.
    pub held_back: i64,
}

/// What an indicator's rule finds in the answers.
pub struct Surveyed {
    pub measure: Measure,
    pub found: Shares,
}

/// What the rules of these indicators find.
pub fn found<'a>(
    db: &mut Db,
    rows: impl Iterator<Item = &'a IndicatorRow>,
    released: &mut Released,
) -> Result<HashMap<IndicatorId, Surveyed>> {
    let mut all = HashMap::new();
    for row in rows {
        let Some(rule) = read(row.survey.as_ref()) else { continue };
        let found = shares::of(db, row.programme_id, row.project_id, &rule, released)?;
        all.insert(row.id, Surveyed { measure: rule.measure, found });
    }
    Ok(all)
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
        let Share { state, numerator, denominator, missing, on_paper, held_back } =
            self.found.whole;
        let shown = state == FigureState::Shown;
        let answers = AnswersProgress { numerator, denominator, missing, on_paper, held_back };
        shown.then_some(answers)
    }
}

impl Assessment {
    /// Of what is hidden it is not said either what is missing.
    pub fn of_share(self, share: Option<&Share>) -> Assessment {
        match share {
            Some(share) if share.state == FigureState::Suppressed => {
                Assessment { remaining: None, state: ProgressState::Suppressed, ..self }
            }
            _ => self,
        }
    }
}
