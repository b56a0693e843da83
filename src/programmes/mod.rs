//! Programmes, their code lists and organisations, their rounds and applications, and what is
//! known of them from a report only.

mod application_check;
mod application_rows;
mod application_view;
pub mod applications;
pub mod codes;
pub mod organisations;
mod reported_fact_rows;
pub mod reported_facts;
mod round_rows;
pub mod rounds;
pub mod routes;
mod rows;
mod starting_codes;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::ProgrammeId;
use crate::paging::{Listing, Page};
use crate::store::Db;
use crate::versioned::Versioned;

/// A fund with a goal, a secretariat and code lists of its own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Programme {
    pub id: ProgrammeId,
    /// Unique in the installation; people, CSV and the command line use it.
    #[schema(example = "nordjylland")]
    pub code: String,
    pub name_da: String,
    pub name_en: String,
    /// The fewest answers to questionnaires that are released and shown together: 5, unless the
    /// secretariat says otherwise. It holds for the releases from then on; what was released
    /// before stays as it was.
    #[schema(example = 5)]
    pub threshold: i32,
    pub version: i32,
}

impl Versioned for Programme {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A programme's names.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeNames {
    #[validate(length(min = 1, max = 200))]
    pub name_da: String,
    #[validate(length(min = 1, max = 200))]
    pub name_en: String,
}

/// What can change about a programme.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeUpdate {
    #[validate(length(min = 1, max = 200))]
    pub name_da: String,
    #[validate(length(min = 1, max = 200))]
    pub name_en: String,
    /// The fewest answers to questionnaires that are shown together, never below 3; as it is where
    /// not given.
    #[validate(range(min = 3, max = 100))]
    #[schema(example = 5)]
    pub threshold: Option<i32>,
}

/// Makes a programme with the education levels and roles that every programme starts with.
/// Only the operator does that, since whoever makes one decides who runs it.
pub fn create(
    db: &mut Db,
    caller: &Caller,
    code: &str,
    names: &ProgrammeNames,
    now: At,
) -> Result<ProgrammeId> {
    if !caller.is_operator() {
        return Err(Error::Forbidden("operator_only"));
    }
    let code = checked_code(code, "/code")?;
    let id = ProgrammeId::new();
    rows::insert(db, id, code, names, now).or_taken("/code")?;
    starting_codes::insert(db, id)?;
    audit::record(db, caller.actor(), now, Event::new("programme.created", id))?;
    Ok(id)
}

/// The programmes in which the caller has a role.
pub fn list(db: &mut Db, caller: &Caller) -> Result<Vec<Programme>> {
    let mut programmes = rows::list(db)?;
    programmes.retain(|programme| caller.sees_programme(programme.id).is_ok());
    Ok(programmes)
}

pub fn get(db: &mut Db, caller: &Caller, id: ProgrammeId) -> Result<Programme> {
    caller.sees_programme(id)?;
    rows::find(db, id)?.ok_or(Error::NotFound)
}

/// The programme that people call by that code.
pub fn by_code(db: &mut Db, caller: &Caller, code: &str) -> Result<Programme> {
    let programme = rows::find_by_code(db, code)?.ok_or(Error::NotFound)?;
    caller.sees_programme(programme.id)?;
    Ok(programme)
}

pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: ProgrammeId,
    seen: i32,
    input: &ProgrammeUpdate,
    now: At,
) -> Result<Programme> {
    caller.runs_programme(id)?;
    let programme = rows::find(db, id)?.ok_or(Error::NotFound)?;
    programme.check_seen(seen)?;
    rows::update(db, id, seen + 1, input)?;
    audit::record(db, caller.actor(), now, Event::new("programme.updated", id))?;
    get(db, caller, id)
}

/// The fewest answers that may be shown together in each programme. Asks nobody whether they may
/// know.
pub fn thresholds(db: &mut Db) -> Result<HashMap<ProgrammeId, i32>> {
    Ok(rows::list(db)?.into_iter().map(|one| (one.id, one.threshold)).collect())
}

/// The programme's audit trail, newest first; of one project where its code is given.
pub fn audit_trail(
    db: &mut Db,
    caller: &Caller,
    id: ProgrammeId,
    project: Option<&str>,
    mut filter: audit::Filter,
    page: &Page<i64>,
) -> Result<Listing<audit::Entry>> {
    caller.runs_programme(id)?;
    if let Some(code) = project {
        let found = rows::project_coded(db, id, code)?;
        let unknown = || Fault::at("project", "unknown_project").with("value", code);
        let found = found.ok_or_else(|| Error::Malformed(Faults(vec![unknown()])))?;
        filter.project = Some(found);
    }
    audit::list(db, id, &filter, page)
}

/// A code as people type it: letters (Danish ones too), digits and `-`, 1 to 64 of them.
pub fn checked_code<'a>(code: &'a str, pointer: &str) -> Result<&'a str, Fault> {
    let fits = |c: char| c.is_alphanumeric() && !c.is_uppercase() || matches!(c, '-' | '_');
    if code.is_empty() || code.chars().count() > 64 || !code.chars().all(fits) {
        return Err(Fault::at(pointer, "not_a_code"));
    }
    Ok(code)
}
