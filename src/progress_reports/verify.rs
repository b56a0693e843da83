use super::rows;
use crate::audit::{self, Head};
use crate::error::Result;
use crate::ids::ProgrammeId;
use crate::store::Db;

/// Holds the head that each approved report carries to the programme's audit trail; what is wrong,
/// in words for the operator.
pub fn verify(db: &mut Db, programme: ProgrammeId) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (report, number, hash) in rows::heads(db, programme)? {
        let head = number.zip(hash).map(|(number, hash)| Head { number, hash });
        let found = match head {
            Some(head) => audit::holds(db, programme.into(), &head)?,
            None => false,
        };
        if !found {
            wrong.push(format!(
                "progress report {report}: the audit head that it carries is not in the trail"
            ));
        }
    }
    Ok(wrong)
}
