//! The suggested assessment: what the figures say about the progress of a project, by a rule that
//! `docs/assessment.md` tells in words. Knows no database. A person decides.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::indicators::compute::{Percent, ProgressState};
use crate::indicators::target::{Milestone, Target};
use crate::messages::{self, Lang};
use crate::quantity::Quantity;
use crate::store::types::text_enum;

text_enum! {
    /// How a project comes along.
    pub enum Assessment {
        Good = "good",
        Acceptable = "acceptable",
        Slow = "slow",
    }
}

text_enum! {
    /// What a suggestion stands on.
    pub enum ReasonCode {
        /// The target is reached.
        Reached = "reached",
        /// More than the range that was promised.
        AboveRange = "above_range",
        /// As far as the planned profile says, or further.
        OnPlan = "on_plan",
        /// Somewhat behind the planned profile.
        BehindPlan = "behind_plan",
        /// Far behind the planned profile.
        FarBehindPlan = "far_behind_plan",
        /// Nothing of the planned profile is due yet.
        NotDueYet = "not_due_yet",
        /// The project's period has not begun.
        NotBegun = "not_begun",
        /// As far as the project's period has come, or further.
        OnTime = "on_time",
        /// Somewhat behind what would be even progress over the period.
        BehindTime = "behind_time",
        /// Far behind, in the first half of the period, when much is still to come.
        EarlyInPeriod = "early_in_period",
        /// Far behind what would be even progress over the period.
        FarBehindTime = "far_behind_time",
        /// Somewhat below a target that should be reached by now.
        NearlyReached = "nearly_reached",
        /// Far below a target that should be reached by now.
        NotReached = "not_reached",
        /// There is no planned profile, and the project's period is not known.
        PeriodUnknown = "period_unknown",
        /// There is no figure.
        Missing = "missing",
        /// There are only figures at a broader level than the target's.
        OnlyBroader = "only_broader",
        /// The figure is hidden for the sake of anonymity.
        Hidden = "hidden",
        /// Nothing is promised.
        NoTarget = "no_target",
        /// Of the report as a whole: how the targets were judged.
        Overall = "overall",
        /// Of the report as a whole: more targets lack a figure than can be judged.
        TooLittleKnown = "too_little_known",
        /// Of the report as a whole: no target can be judged yet.
        NothingToJudge = "nothing_to_judge",
    }
}

/// What a suggestion stands on, with the figures that its sentence names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: ReasonCode,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<(Word, String)>,
}

text_enum! {
    /// A figure that a sentence names.
    pub enum Word {
        Actual = "actual",
        Target = "target",
        /// What was to be reached by now.
        Expected = "expected",
        /// The next day on which something is due.
        Day = "day",
        /// Per cent of the period that has passed.
        Passed = "passed",
        Good = "good",
        Acceptable = "acceptable",
        Slow = "slow",
        Missing = "missing",
        Open = "open",
    }
}

impl Reason {
    fn new(code: ReasonCode) -> Reason {
        Reason { code, figures: Vec::new() }
    }

    fn with(mut self, word: Word, figure: impl ToString) -> Reason {
        self.figures.push((word, figure.to_string()));
        self
    }

    /// The sentence.
    pub fn text(&self, lang: Lang) -> String {
        let figure = |(word, figure): &(Word, String)| {
            let figure = match lang {
                // A day has no dot.
                Lang::Da => figure.replace('.', ","),
                Lang::En => figure.clone(),
            };
            (word.as_str(), figure)
        };
        let figures: Vec<_> = self.figures.iter().map(figure).collect();
        let id = format!("assessment-{}", self.code.as_str().replace('_', "-"));
        messages::text(lang, &id, &figures)
    }
}

/// Per cent of what was to be reached by now, from which progress is acceptable.
pub const ACCEPTABLE_FROM: i128 = 80;

/// How far the project's period had come on the day of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elapsed {
    /// Its first or its last day is not known.
    Unknown,
    Days {
        passed: i64,
        of: i64,
    },
    /// All is due: the period is over, or the report is the final one.
    Over,
}

impl Elapsed {
    pub fn on(day: NaiveDate, start: Option<NaiveDate>, end: Option<NaiveDate>) -> Elapsed {
        match (start, end) {
            (_, Some(end)) if day >= end => Elapsed::Over,
            (Some(start), Some(end)) if start <= end => Elapsed::Days {
                passed: ((day - start).num_days() + 1).max(0),
                of: (end - start).num_days() + 1,
            },
            _ => Elapsed::Unknown,
        }
    }
}

/// One indicator, as far as the rule looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub state: ProgressState,
    pub target: Option<&'a Target>,
    /// What was reached over what was promised.
    pub percent: Option<Percent>,
    pub planned_by_now: Option<Quantity>,
    pub next_due: Option<Milestone>,
    pub at_broader_level: Option<i64>,
    pub elapsed: Elapsed,
}

/// What the rule makes of one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// None where the rule has no opinion.
    pub assessment: Option<Assessment>,
    pub reason: Reason,
}

impl Judged {
    fn as_is(assessment: Option<Assessment>, reason: Reason) -> Judged {
        Judged { assessment, reason }
    }
}

/// Where one indicator stands.
pub fn judge(case: Case) -> Judged {
    use ReasonCode::*;
    let none = |code| Judged::as_is(None, Reason::new(code));
    let not_due = not_due_yet(&case);
    match (case.state, case.percent) {
        (ProgressState::NoTarget, _) => none(NoTarget),
        (ProgressState::Suppressed, _) => none(Hidden),
        (ProgressState::Reached | ProgressState::Exceeded, _) => reached(&case, Reached),
        (ProgressState::AboveRange, _) => reached(&case, AboveRange),
        _ if not_due.is_some() => {
            Judged::as_is(None, not_due.unwrap_or_else(|| Reason::new(NotDueYet)))
        }
        (ProgressState::Below, Some(percent)) => below(&case, percent),
        (ProgressState::NoData | ProgressState::Below, _) => match case.at_broader_level {
            Some(broader) => {
                let reason = Reason::new(OnlyBroader).with(Word::Actual, broader);
                Judged::as_is(None, reason)
            }
            None => none(Missing),
        },
    }
}

fn reached(case: &Case, code: ReasonCode) -> Judged {
    let mut reason = Reason::new(code);
    if let Some(percent) = case.percent {
        reason = reason.with(Word::Actual, percent.numerator);
        reason = reason.with(Word::Target, percent.denominator);
    }
    Judged::as_is(Some(Assessment::Good), reason)
}

/// A planned profile of which nothing is due, or a period that has not begun. Not reached is not
/// late.
fn not_due_yet(case: &Case) -> Option<Reason> {
    if case.elapsed == Elapsed::Over {
        return None;
    }
    let reason = Reason::new(ReasonCode::NotDueYet);
    match (case.planned_by_now, case.next_due) {
        (None | Some(Quantity::ZERO), Some(next)) => Some(reason.with(Word::Day, next.by)),
        (None, None) if matches!(case.elapsed, Elapsed::Days { passed: 0, .. }) => {
            Some(Reason::new(ReasonCode::NotBegun))
        }
        _ => None,
    }
}

fn below(case: &Case, percent: Percent) -> Judged {
    use ReasonCode::*;
    let Percent { numerator: actual, denominator: target, .. } = percent;
    let reason = |code| Reason::new(code).with(Word::Actual, actual).with(Word::Target, target);
    let held = |part: i64, of: i64, expected: Quantity| hold(actual, expected, part, of);
    // A share doesn't grow with time: it is due whenever it is measured.
    let is_share = matches!(case.target, Some(Target::AtLeastPercent { .. }));
    match (case.planned_by_now, case.elapsed) {
        (Some(planned), Elapsed::Unknown | Elapsed::Days { .. }) => {
            let assessment = held(1, 1, planned);
            let code = match assessment {
                Assessment::Good => OnPlan,
                Assessment::Acceptable => BehindPlan,
                Assessment::Slow => FarBehindPlan,
            };
            Judged::as_is(Some(assessment), reason(code).with(Word::Expected, planned))
        }
        (_, elapsed) if is_share || elapsed == Elapsed::Over => {
            // Below the target, so never good.
            match held(1, 1, target) {
                Assessment::Slow => Judged::as_is(Some(Assessment::Slow), reason(NotReached)),
                _ => Judged::as_is(Some(Assessment::Acceptable), reason(NearlyReached)),
            }
        }
        (_, Elapsed::Days { passed, of }) => {
            let early = passed.saturating_mul(2) < of;
            let (assessment, code) = match held(passed, of, target) {
                Assessment::Good => (Assessment::Good, OnTime),
                Assessment::Acceptable => (Assessment::Acceptable, BehindTime),
                Assessment::Slow if early => (Assessment::Acceptable, EarlyInPeriod),
                Assessment::Slow => (Assessment::Slow, FarBehindTime),
            };
            let passed = passed.saturating_mul(100).checked_div(of).unwrap_or(100);
            Judged::as_is(Some(assessment), reason(code).with(Word::Passed, passed))
        }
        (_, _) => Judged::as_is(None, reason(PeriodUnknown)),
    }
}

/// Holds a figure against a part of what was expected, in integers.
fn hold(actual: Quantity, expected: Quantity, part: i64, of: i64) -> Assessment {
    let actual = i128::from(actual.thousandths()) * i128::from(of);
    let expected = i128::from(expected.thousandths()) * i128::from(part);
    if actual >= expected {
        Assessment::Good
    } else if actual * 100 >= expected * ACCEPTABLE_FROM {
        Assessment::Acceptable
    } else {
        Assessment::Slow
    }
}

/// What the indicators say together: `slow` where at least half of those that can be judged are,
/// `good` where none is slow and at least half are good, else `acceptable`. Nothing is suggested
/// where more targets lack a figure than can be judged.
pub fn overall<'a>(all: impl IntoIterator<Item = &'a Judged>) -> Judged {
    use Assessment::*;
    let (mut good, mut acceptable, mut slow, mut missing, mut open) = (0, 0, 0, 0, 0);
    for judged in all {
        match (judged.assessment, judged.reason.code) {
            (Some(Good), _) => good += 1,
            (Some(Acceptable), _) => acceptable += 1,
            (Some(Slow), _) => slow += 1,
            (None, ReasonCode::Missing | ReasonCode::OnlyBroader) => missing += 1,
            (None, ReasonCode::NoTarget) => {}
            (None, _) => open += 1,
        }
    }
    let known = good + acceptable + slow;
    let (assessment, code) = if missing > known {
        (None, ReasonCode::TooLittleKnown)
    } else if known == 0 {
        (None, ReasonCode::NothingToJudge)
    } else if slow * 2 >= known {
        (Some(Slow), ReasonCode::Overall)
    } else if slow == 0 && good * 2 >= known {
        (Some(Good), ReasonCode::Overall)
    } else {
        (Some(Acceptable), ReasonCode::Overall)
    };
    let counts = [
        (Word::Good, good),
        (Word::Acceptable, acceptable),
        (Word::Slow, slow),
        (Word::Missing, missing),
        (Word::Open, open),
    ];
    let reason = counts
        .into_iter()
        .fold(Reason::new(code), |reason, (word, count): (_, usize)| reason.with(word, count));
    Judged { assessment, reason }
}

#[cfg(test)]
mod tests;
