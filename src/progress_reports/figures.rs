//! The figures of a report as they are stored when it is submitted, and what has changed in them
//! since.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assessment::{self, Assessment, Case, Elapsed, Judged, Reason};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::IndicatorId;
use crate::indicators::IndicatorSource;
use crate::indicators::compute::{Percent, ProgressState};
use crate::indicators::progress::{ActualKind, Progress};
use crate::indicators::survey::AnswersProgress;
use crate::indicators::target::{Milestone, Target};
use crate::quantity::Quantity;

/// The shape of stored figures. Another shape gets another number, and reads this one too.
const SHAPE: i32 = 1;

/// The figures of a report on one day, and what they suggest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figures {
    shape: i32,
    /// They are as by this day: the last one of the period, or an earlier day before that has
    /// come.
    pub day: NaiveDate,
    /// When they were taken.
    pub taken_at: At,
    pub indicators: Vec<IndicatorFigure>,
    /// None where nothing can be suggested.
    pub suggested: Option<Assessment>,
    pub reason: Reason,
}

/// One indicator's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorFigure {
    pub indicator_id: IndicatorId,
    pub code: String,
    pub title: String,
    pub unit: String,
    pub source: IndicatorSource,
    pub target: Option<Target>,
    pub original_target: Option<Target>,
    pub planned_by_now: Option<Quantity>,
    pub next_due: Option<Milestone>,
    pub actual: Option<Quantity>,
    pub actual_kind: ActualKind,
    pub percent: Option<Percent>,
    pub remaining: Option<Quantity>,
    pub state: ProgressState,
    pub at_broader_level: Option<i64>,
    pub over_activities: bool,
    pub answers: Option<AnswersProgress>,
    pub suggested: Option<Assessment>,
    pub reason: Reason,
}

impl Figures {
    /// From the progress by that day.
    pub fn of(progress: Vec<Progress>, day: NaiveDate, elapsed: Elapsed, now: At) -> Figures {
        let judged: Vec<Judged> = progress.iter().map(|one| judge(one, elapsed)).collect();
        let Judged { assessment, reason } = assessment::overall(&judged);
        let figure = |(one, judged): (Progress, Judged)| IndicatorFigure {
            indicator_id: one.indicator.id,
            code: one.indicator.code,
            title: one.indicator.title,
            unit: one.indicator.unit,
            source: one.indicator.source,
            target: one.target.map(|target| target.target),
            original_target: one.original_target.map(|target| target.target),
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
            suggested: judged.assessment,
            reason: judged.reason,
        };
        Figures {
            shape: SHAPE,
            day,
            taken_at: now,
            indicators: progress.into_iter().zip(judged).map(figure).collect(),
            suggested: assessment,
            reason,
        }
    }

    pub fn stored(value: serde_json::Value) -> Result<Figures> {
        let figures: Figures = serde_json::from_value(value).map_err(Error::unexpected)?;
        match figures.shape {
            SHAPE => Ok(figures),
            other => Err(Error::unexpected(format!("figures of the unknown shape {other}"))),
        }
    }
}

fn judge(one: &Progress, elapsed: Elapsed) -> Judged {
    assessment::judge(Case {
        state: one.state,
        target: one.target.as_ref().map(|target| &target.target),
        percent: one.percent,
        planned_by_now: one.planned_by_now,
        next_due: one.next_due,
        at_broader_level: one.at_broader_level,
        elapsed,
    })
}

/// What a figure was when the report was submitted, and what it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureChange {
    pub indicator_id: IndicatorId,
    #[schema(example = "labstem-nord-teacher")]
    pub code: String,
    pub title: String,
    /// Null where nothing was known.
    pub actual_then: Option<Quantity>,
    /// Null where nothing is known any more.
    pub actual_now: Option<Quantity>,
    pub target_then: Option<Target>,
    pub target_now: Option<Target>,
    pub state_then: ProgressState,
    pub state_now: ProgressState,
}

/// What was corrected since. Answers that come in later are no correction.
pub fn changes(then: &Figures, now: &[Progress]) -> Vec<FigureChange> {
    let counted = |one: &&IndicatorFigure| one.source != IndicatorSource::Survey;
    then.indicators
        .iter()
        .filter(counted)
        .filter_map(|then| {
            let now = now.iter().find(|now| now.indicator.id == then.indicator_id)?;
            let target = now.target.as_ref().map(|target| target.target.clone());
            let same = then.actual == now.actual && then.target == target;
            (!same).then(|| FigureChange {
                indicator_id: then.indicator_id,
                code: then.code.clone(),
                title: then.title.clone(),
                actual_then: then.actual,
                actual_now: now.actual,
                target_then: then.target.clone(),
                target_now: target,
                state_then: then.state,
                state_now: now.state,
            })
        })
        .collect()
}
