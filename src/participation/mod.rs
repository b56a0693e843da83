//! Counts of participants.

use crate::error::Result;
use crate::ids::{ActivityId, CodeId, OrganisationId, ProgrammeId, ProjectId};
use crate::store::types::text_enum;
use crate::store::{AsOf, Db};

text_enum! {
    /// How participants are counted; the two are never added.
    pub enum Counting {
        /// Each person once in this project and activity, over the project's whole life.
        Unique = "unique",
        /// Each meeting of each person.
        Attendances = "attendances",
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
    _db: &mut Db,
    _programme: ProgrammeId,
    _project: Option<ProjectId>,
    _as_of: AsOf,
) -> Result<Vec<Total>> {
    Ok(Vec::new())
}
