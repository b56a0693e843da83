//! What a project's grants say of the rounds and applications that they come from.

use std::collections::HashSet;

use super::Grant;
use super::content::HeldGrant;
use crate::error::{Fault, Faults, Result};
use crate::ids::{ApplicationId, ProgrammeId, ProjectId, RoundId};
use crate::programmes::applications::{self, DecisionOutcome};
use crate::programmes::rounds::RoundBook;
use crate::store::{AsOf, Db};

/// The grants in ids; of those that name rounds and applications that don't fit, the faults.
pub fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    grants: &[Grant],
    faults: &mut Faults,
) -> Result<Vec<HeldGrant>> {
    let rounds = RoundBook::load(db, programme, AsOf::NOW)?;
    let mut used = HashSet::new();
    let mut held = Vec::with_capacity(grants.len());
    for (index, grant) in grants.iter().enumerate() {
        let pointer = |field: &str| format!("/grants/{index}/{field}");
        let mut round = grant.round.as_deref().and_then(|code| {
            let found = rounds.find(code);
            let unknown = || Fault::at(pointer("round"), "unknown_round").with("value", code);
            faults.keep(found.ok_or_else(unknown))
        });
        let mut application = None;
        if let Some(code) = &grant.application {
            let fault = |what: &'static str| {
                Err(Fault::at(pointer("application"), what).with("value", code))
            };
            let found = match applications::brief(db, programme, code)? {
                None => fault("unknown_application"),
                Some(one) if one.outcome != Some(DecisionOutcome::Granted) => fault("not_granted"),
                Some(one) if one.project.is_some_and(|other| Some(other) != project) => {
                    fault("application_used")
                }
                Some(one) if !used.insert(one.id) => fault("application_used"),
                Some(one) => Ok((one.id, one.round)),
            };
            let found: Option<(ApplicationId, RoundId)> = faults.keep(found);
            if let Some((id, of)) = found {
                if round.is_some_and(|round| round != of) {
                    let of = rounds.code(of);
                    faults.push(Fault::at(pointer("round"), "other_round").with("value", of));
                }
                application = Some(id);
                round = round.or(Some(of));
            }
        }
        held.push(HeldGrant {
            amount_ore: grant.amount_ore,
            granted_on: grant.granted_on,
            note: grant.note.clone(),
            round,
            application,
        });
    }
    Ok(held)
}
