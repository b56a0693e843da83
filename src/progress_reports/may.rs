use chrono::NaiveDate;

use super::rows::{Row, VersionRow};
use super::{AuditHead, ReportState};
use crate::accounts::Standing;
use crate::audit::Head;

/// What the caller may do next.
#[derive(Debug, Clone, Copy)]
pub struct May {
    pub write: bool,
    pub decide: bool,
    pub arrange: bool,
    pub withdraw: bool,
}

impl May {
    pub fn of(state: ReportState, standing: &Standing) -> May {
        let holder = standing.holder || standing.secretariat;
        May {
            write: holder && state.is_open(),
            decide: standing.secretariat && state == ReportState::Submitted,
            arrange: standing.secretariat && state.is_open(),
            withdraw: standing.secretariat && state.can_be_withdrawn(),
        }
    }
}

/// A draft is between the holder and the secretariat.
pub fn withheld(state: ReportState, standing: &Standing) -> bool {
    let writes = standing.holder || standing.secretariat;
    !writes && (state.is_open() || state == ReportState::Withdrawn)
}

pub fn is_overdue(row: &Row, today: NaiveDate) -> bool {
    row.version.state.is_open() && row.version.due_on.is_some_and(|day| day < today)
}

pub fn audit_head(version: &VersionRow) -> Option<AuditHead> {
    let (number, hash) = (version.audit_number?, version.audit_hash.clone()?);
    Some(AuditHead { number, hash: Head { number, hash }.hex() })
}
