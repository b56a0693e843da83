//! Progress reports: requested by the secretariat, written by the holder on figures that the
//! service fills in, submitted, returned or approved. Approval locks the period.

pub mod assessment;
mod figures;
mod lists;
mod may;
mod read;
mod reminder_rows;
pub mod reminders;
mod requests;
pub mod routes;
mod rows;
mod verify;
mod view;
mod walk;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use self::assessment::Assessment;
pub use self::figures::{FigureChange, Figures, IndicatorFigure};
pub use self::lists::{Filter, ProgressReportLine, list, list_of};
pub use self::read::{Assessed, Due, assessed, overdue};
pub use self::requests::{RequestedReports, request, request_all};
pub use self::verify::verify;
pub use self::view::{ProgressReport, ProgressReportVersion, ReportedIndicator, get, history};
pub use self::walk::{approve, edit, move_due, return_to_holder, submit, withdraw};

use crate::error::{Error, Result};
use crate::ids::{IndicatorId, ProgressReportId};
use crate::participation::PeriodInput;
use crate::projects::ProjectStatus;
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};

text_enum! {
    /// Whether a report is one of several or the last one.
    pub enum ReportKind {
        Annual = "annual",
        /// The project is over: all that it promised is due.
        Final = "final",
    }
}

text_enum! {
    /// Where a report is on its way.
    pub enum ReportState {
        /// Asked for by the secretariat; nothing is written.
        Requested = "requested",
        /// The holder is writing.
        Draft = "draft",
        /// With the secretariat; its figures are frozen.
        Submitted = "submitted",
        /// Back with the holder, with a comment.
        Returned = "returned",
        /// Agreed by the secretariat; its period is locked.
        Approved = "approved",
        /// Not asked for any more.
        Withdrawn = "withdrawn",
        /// Not written here: the assessment is known from another report only.
        Reported = "reported",
    }
}

impl ReportState {
    /// Not in the secretariat's hands, and not agreed to.
    fn can_be_withdrawn(self) -> bool {
        self.is_open() || self == ReportState::Reported
    }

    /// With the holder, who owes it.
    pub fn is_open(self) -> bool {
        matches!(self, ReportState::Requested | ReportState::Draft | ReportState::Returned)
    }
}

/// What the holder writes, and what is stored of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What was done.
    #[validate(length(min = 1, max = 20_000))]
    pub narrative: Option<String>,
    /// What others can learn from it.
    #[validate(length(min = 1, max = 20_000))]
    pub learnings: Option<String>,
    /// What went otherwise than planned.
    #[validate(length(min = 1, max = 20_000))]
    pub deviations: Option<String>,
    /// The holder's own assessment of the project.
    pub assessment: Option<Assessment>,
    /// Why; needed to submit an assessment that differs from the suggested one.
    #[validate(length(min = 1, max = 5_000))]
    pub assessment_comment: Option<String>,
    /// On some or all of the project's indicators, each once.
    #[serde(default)]
    #[validate(length(max = 1_000), nested)]
    pub indicators: Vec<IndicatorOpinion>,
}

/// What the holder writes about one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorOpinion {
    pub indicator_id: IndicatorId,
    pub assessment: Option<Assessment>,
    /// Needed to submit an assessment that differs from the suggested one.
    #[validate(length(min = 1, max = 5_000))]
    pub comment: Option<String>,
}

/// Asks one project for a report, or records an assessment that another report gives.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProgressReport {
    pub kind: ReportKind,
    pub period: PeriodInput,
    /// The last day on which it is in time; needed where it is asked for.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub due_on: Option<NaiveDate>,
    /// Only where nobody writes it here: it stands as `reported`, and is neither submitted nor
    /// approved.
    #[validate(nested)]
    pub reported: Option<ReportedAssessment>,
}

/// An assessment that is known from another report only, or what a project learned by it; one of
/// them at least.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedAssessment {
    pub assessment: Option<Assessment>,
    /// What others can learn from the project.
    #[validate(length(min = 1, max = 20_000))]
    pub learnings: Option<String>,
    /// Which report, and where in it.
    #[validate(length(min = 1, max = 1_000))]
    pub source_note: String,
}

/// Asks all projects of a programme that are in one of these states, and that have no such report
/// yet.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRequests {
    pub kind: ReportKind,
    /// A calendar or a school year, or a first and a last day; no project year.
    pub period: PeriodInput,
    /// The last day on which they are in time.
    #[serde(deserialize_with = "crate::clock::day")]
    pub due_on: NaiveDate,
    /// The ongoing ones where none is given.
    #[serde(default)]
    #[validate(length(max = 10))]
    pub statuses: Vec<ProjectStatus>,
}

/// The head of the programme's audit trail when a report was approved: the approval itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditHead {
    pub number: i64,
    /// In hex.
    pub hash: String,
}

/// Why a report goes back to its holder.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportReturn {
    /// What is to be changed.
    #[validate(length(min = 1, max = 5_000))]
    pub comment: String,
}

/// The secretariat's decision on a submitted report.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub assessment: Assessment,
    /// Needed where the assessment differs from the holder's, or from the suggested one where the
    /// holder gave none.
    #[validate(length(min = 1, max = 5_000))]
    pub comment: Option<String>,
}

/// Another due day.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueDay {
    #[serde(deserialize_with = "crate::clock::day")]
    pub due_on: NaiveDate,
    #[validate(length(min = 1, max = 2_000))]
    pub reason: Option<String>,
}

/// Why a report is not asked for any more.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportWithdrawal {
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
}

impl Within for ProgressReportId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}
