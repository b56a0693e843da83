//! What results look like to who reads them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::moments;
use super::definition::{Decimal, Kind, Question, Texts};
use super::release::{Figures, Outcome};
use super::response_rate::ParticipantRate;
use crate::ids::{LinkId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::store::types::text_enum;

text_enum! {
    /// How results are split up.
    pub enum By {
        Link = "link",
        Organisation = "organisation",
        EducationLevel = "education_level",
        Wave = "wave",
    }
}

text_enum! {
    /// What a group of answers is.
    pub enum GroupKind {
        Whole = "whole",
        Link = "link",
        Organisation = "organisation",
        EducationLevel = "education_level",
        Wave = "wave",
    }
}

text_enum! {
    /// Whether figures may be seen.
    pub enum FigureState {
        Shown = "shown",
        /// Hidden, since they are of so few, or so alike, that they would tell of single people.
        Suppressed = "suppressed",
        /// Nobody was asked or answered, in what is released.
        Empty = "empty",
    }
}

/// Results of a questionnaire, a project or a programme. Answers come out in releases, when enough
/// further have come and at closing, so the latest may not be in yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Results {
    pub programme_id: ProgrammeId,
    /// Null where they are not one project's.
    pub project_id: Option<ProjectId>,
    /// Null where they are not one questionnaire's.
    pub questionnaire_id: Option<QuestionnaireId>,
    /// The day, in Denmark, at whose end they stood so.
    pub day: NaiveDate,
    /// How the groups are split up; null where they are not.
    #[schema(inline)]
    pub by: Option<By>,
    /// The fewest answers that are shown together, as the programme has it now. What was released
    /// under another threshold keeps to that one.
    #[schema(example = 5)]
    pub threshold: i64,
    /// How many responses are released: of all first, then of each group.
    pub responses: Vec<GroupResponses>,
    pub questions: Vec<QuestionResults>,
}

/// A group of answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResultGroup {
    #[schema(inline)]
    pub kind: GroupKind,
    pub link_id: Option<LinkId>,
    /// The organisation's or education level's code, or the wave; null for those with none.
    #[schema(example = "hjoerring-gymnasium")]
    pub code: Option<String>,
    /// The link's label, or the organisation's name.
    pub label: Option<String>,
}

/// How many of a group have answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroupResponses {
    pub group: ResultGroup,
    /// Released, those on paper included. Responses since the last release are not among them.
    #[schema(example = 24)]
    pub responses: i64,
    /// Of them on paper.
    pub on_paper: i64,
    /// Over the links that tell their class size, what of it has answered; null where none does.
    pub response_rate: Option<Share>,
    /// Links that don't tell their class size, so that they are not in the rate.
    pub links_without_size: i64,
    /// What of the participants counted has answered.
    pub participants: ParticipantRate,
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Share {
    pub numerator: i64,
    pub denominator: i64,
    /// With one decimal, halves rounded up.
    #[schema(example = 66.7)]
    pub percent: Decimal,
}

/// The answers to one question, over all versions and questionnaires in which it is the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuestionResults {
    /// The question's code, or `grid.statement`.
    #[schema(example = "u_forstaaelse")]
    pub question: String,
    /// The code of the programme's core question that it is.
    pub core: Option<String>,
    /// The codes of the questionnaires that ask it.
    pub questionnaires: Vec<String>,
    /// The versions of the questionnaire that ask it so; empty over several questionnaires.
    pub versions: Vec<i32>,
    /// `scale`, `single`, `multiple`, `grid` (one statement of it) or `number`.
    #[schema(example = "scale")]
    pub kind: String,
    pub text: Texts,
    /// Of a grid the statement.
    pub statement: Option<Texts>,
    /// What a number counts.
    pub unit: Option<Texts>,
    /// What could be chosen, in order.
    pub options: Vec<OptionText>,
    /// All first, then each group.
    pub groups: Vec<GroupFigures>,
    /// Those who were asked before held against those who were asked after; nothing where not
    /// both were asked.
    pub changes: Vec<Change>,
}

/// An option, as the newest version has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OptionText {
    pub code: String,
    pub text: Texts,
    pub positive: bool,
    pub dont_know: bool,
}

/// What a group answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroupFigures {
    pub group: ResultGroup,
    #[schema(inline)]
    pub state: FigureState,
    /// Null unless shown.
    pub figures: Option<QuestionFigures>,
}

/// How many answered what.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuestionFigures {
    /// Responses that the figures are made of.
    pub responses: i64,
    /// Of them on paper.
    pub on_paper: i64,
    /// Released responses of the group that are too few so far to be among them.
    pub held_back: i64,
    /// How many answered the question, "don't know" included.
    pub n: i64,
    /// How many were asked and did not answer.
    pub missing: i64,
    pub dont_know: i64,
    /// Every option, with its share of all who answered.
    pub options: Vec<OptionFigures>,
    /// Of a number.
    pub mean: Option<f64>,
    /// Of a number the standard deviation.
    pub deviation: Option<f64>,
}

/// How many chose an option.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OptionFigures {
    #[schema(example = "hoej")]
    pub option: String,
    pub count: i64,
    /// Null over nobody.
    pub share: Option<Share>,
}

/// Before against after, of one group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    pub group: ResultGroup,
    #[schema(inline)]
    pub before_state: FigureState,
    pub before: Option<QuestionFigures>,
    #[schema(inline)]
    pub after_state: FigureState,
    pub after: Option<QuestionFigures>,
    /// After less before; empty unless both are shown.
    pub differences: Vec<Difference>,
    /// Of a number, the mean after less the mean before.
    pub mean_difference: Option<f64>,
}

/// How much more or less often an option was chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Difference {
    pub option: String,
    /// In percentage points, with one decimal.
    #[schema(example = 12.5)]
    pub points: Decimal,
}

impl Share {
    /// None over nothing. Computed in integers.
    pub fn of(numerator: i64, denominator: i64) -> Option<Share> {
        if denominator <= 0 {
            return None;
        }
        let (n, d) = (i128::from(numerator), i128::from(denominator));
        let tenths = (2_000 * n + d).div_euclid(2 * d);
        let thousandths = i64::try_from(tenths.checked_mul(100)?).ok()?;
        Some(Share { numerator, denominator, percent: Decimal::from_thousandths(thousandths) })
    }
}

/// Counts are of people, far below the end of 64 bits.
pub(super) fn small(count: i128) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn figures(
    question: &Question,
    outcome: &Outcome,
) -> (FigureState, Option<QuestionFigures>) {
    match outcome {
        Outcome::Suppressed => (FigureState::Suppressed, None),
        Outcome::Empty => (FigureState::Empty, None),
        Outcome::Shown(figures) => (FigureState::Shown, Some(shown(question, figures))),
    }
}

fn shown(question: &Question, figures: &Figures) -> QuestionFigures {
    let n = small(figures.n);
    let options = question.options().iter().map(|option| {
        let count = small(figures.counts.get(&option.code).copied().unwrap_or_default());
        OptionFigures { option: option.code.clone(), count, share: Share::of(count, n) }
    });
    let decimals = match question.kind {
        Kind::Number { decimals, .. } => decimals,
        _ => 0,
    };
    let number = figures.number.as_ref();
    let number = number.and_then(|one| moments(decimals, n, one.sum, one.squares));
    QuestionFigures {
        responses: figures.responses,
        on_paper: figures.paper,
        held_back: figures.held_back,
        n,
        missing: small(figures.missing),
        dont_know: small(figures.dont_know),
        options: options.collect(),
        mean: number.map(|found| found.mean),
        deviation: number.and_then(|found| found.deviation),
    }
}

/// After less before, in tenths of a point, from the exact shares.
pub(super) fn differences(before: &QuestionFigures, after: &QuestionFigures) -> Vec<Difference> {
    let both = before.options.iter().zip(&after.options);
    let difference = |(before, after): (&OptionFigures, &OptionFigures)| {
        let (one, other) = (before.share?, after.share?);
        let (b, bd) = (i128::from(one.numerator), i128::from(one.denominator));
        let (a, ad) = (i128::from(other.numerator), i128::from(other.denominator));
        let (n, d) = (a * bd - b * ad, ad * bd);
        let tenths = (2_000 * n + d).div_euclid(2 * d);
        let points = Decimal::from_thousandths(small(tenths * 100));
        Some(Difference { option: after.option.clone(), points })
    };
    both.filter_map(difference).collect()
}
