//! Counts of participants: who took part, in which period, and in what.

mod cells;
pub mod columns;
pub mod file;
mod input;
mod key;
mod ledger;
mod period;
mod plan;
mod put;
mod reader;
pub mod routes;
mod rows;
mod verify;
mod view;

pub use input::{BatchInput, CountInput};
pub use period::{Period, PeriodInput, When};
pub use put::{BatchItem, BatchReport, Outcome, PutCount, Withdrawal, put, put_batch, withdraw};
pub use reader::may_import;
pub use verify::verify;
pub use view::{Count, CountVersion, Filter, get, history, list};

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::ids::{ActivityId, CodeId, CountId, OrganisationId, ProgrammeId, ProjectId};
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};

text_enum! {
    /// How participants are counted; the two are never added.
    pub enum Counting {
        /// Each person once in this project and activity, over the project's whole life.
        Unique = "unique",
        /// Each meeting of each person.
        Attendances = "attendances",
    }
}

impl Within for CountId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// The sum of all counts, over periods, that agree in everything else.
#[derive(Debug, Clone)]
pub struct Total {
    pub project: ProjectId,
    pub activity: Option<ActivityId>,
    pub organisation: Option<OrganisationId>,
    pub role: CodeId,
    /// None where the count names no level, which is broader than any.
    pub education_level: Option<CodeId>,
    pub counting: Counting,
    pub participants: i64,
}

/// What indicators are computed from: the counts of one project, or of a whole programme.
pub fn totals(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    as_of: AsOf,
) -> Result<Vec<Total>> {
    totals_begun_by(db, programme, project, None, as_of)
}

/// As [`totals`], of the counts whose period had begun by a day: those that end later are in it as
/// a whole, since nobody knows how many of them came before.
pub fn totals_begun_by(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    begun_by: Option<NaiveDate>,
    as_of: AsOf,
) -> Result<Vec<Total>> {
    let rows = rows::totals(db, programme, project, begun_by, as_of)?;
    let total = |row: rows::TotalRow| Total {
        project: row.project,
        activity: row.activity,
        organisation: row.organisation,
        role: row.role,
        education_level: row.education_level,
        counting: row.counting,
        participants: row.participants.unwrap_or(0),
    };
    Ok(rows.into_iter().map(total).collect())
}

/// The periods that each project has counts for, each once.
pub fn periods(
    db: &mut Db,
    programme: ProgrammeId,
    as_of: AsOf,
) -> Result<Vec<(ProjectId, NaiveDate, NaiveDate)>> {
    Ok(rows::periods(db, programme, as_of)?)
}
