//! Organisations of a programme: schools, universities, companies, the region itself.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::checked_code;
use super::codes::{CodeList, Codebook};
use super::rows::{self, OrganisationRow};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{OrganisationId, ProgrammeId};
use crate::paging::{Listing, Page};
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};
use crate::versioned::Versioned;

text_enum! {
    /// What an organisation is.
    pub enum OrganisationKind {
        /// A school or another place of education.
        Education = "education",
        Company = "company",
        /// A municipality, a region or another public authority.
        Authority = "authority",
        Other = "other",
    }
}

/// A school, a university, a company or another organisation that takes part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organisation {
    pub id: OrganisationId,
    /// Unique in the programme.
    #[schema(example = "aalborg-universitet")]
    pub code: String,
    pub name: String,
    /// Null where it is not known.
    pub kind: Option<OrganisationKind>,
    /// What kind of education it gives, as an `education_level`; null where it gives none, or
    /// where that is not known.
    pub education_type: Option<String>,
    /// Six digits, from the Danish register of institutions; text, since it may start with 0.
    pub institution_number: Option<String>,
    /// Eight digits, from the Danish register of companies (CVR).
    pub cvr_number: Option<String>,
    pub retired: bool,
    pub version: i32,
}

impl Versioned for Organisation {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A new organisation.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganisation {
    #[validate(length(min = 1, max = 64))]
    pub code: String,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Left out where it is not known; `education` for what has an education type.
    pub kind: Option<OrganisationKind>,
    pub education_type: Option<String>,
    pub institution_number: Option<String>,
    pub cvr_number: Option<String>,
}

/// What can change about an organisation.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationUpdate {
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Left out where it is not known; `education` for what has an education type.
    pub kind: Option<OrganisationKind>,
    pub education_type: Option<String>,
    pub institution_number: Option<String>,
    pub cvr_number: Option<String>,
    pub retired: bool,
}

impl Within for OrganisationId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let row = rows::organisation(db, *self)?.ok_or(Error::NotFound)?;
        Ok(row.programme_id.into())
    }
}

/// The organisations of a programme by code and by id, for whoever reads or writes many.
#[derive(Debug, Clone)]
pub struct Register {
    by_id: HashMap<OrganisationId, (String, String)>,
    by_code: HashMap<String, (OrganisationId, bool)>,
}

impl Register {
    pub fn load(db: &mut Db, programme: ProgrammeId) -> Result<Register> {
        let rows = rows::all_organisations(db, programme)?;
        let by_code = rows.iter().map(|row| (row.code.clone(), (row.id, row.retired))).collect();
        let by_id = rows.into_iter().map(|row| (row.id, (row.code, row.name))).collect();
        Ok(Register { by_id, by_code })
    }

    pub fn code(&self, id: OrganisationId) -> String {
        self.by_id.get(&id).map_or_else(String::new, |(code, _)| code.clone())
    }

    pub fn code_of(&self, id: Option<OrganisationId>) -> Option<String> {
        id.map(|id| self.code(id))
    }

    pub fn name(&self, id: OrganisationId) -> String {
        self.by_id.get(&id).map_or_else(String::new, |(_, name)| name.clone())
    }

    /// An organisation by its code, retired or not.
    pub fn find(&self, code: &str) -> Option<OrganisationId> {
        self.by_code.get(code).map(|(id, _)| *id)
    }

    /// An organisation that may be chosen today.
    pub fn choose(&self, code: &str, pointer: &str) -> Result<OrganisationId, Fault> {
        match self.by_code.get(code) {
            Some((id, false)) => Ok(*id),
            Some((_, true)) => Err(Fault::at(pointer, "retired_code").with("value", code)),
            None => Err(Fault::at(pointer, "unknown_organisation").with("value", code)),
        }
    }

    /// As [`Register::choose`]; what was chosen before may stay though it is retired.
    pub fn choose_or_keep(
        &self,
        code: &str,
        had: &[OrganisationId],
        pointer: &str,
    ) -> Result<OrganisationId, Fault> {
        match self.find(code).filter(|id| had.contains(id)) {
            Some(id) => Ok(id),
            None => self.choose(code, pointer),
        }
    }

    /// As [`Register::choose`], where none may be chosen too.
    pub fn choose_if(
        &self,
        code: Option<&str>,
        pointer: &str,
    ) -> Result<Option<OrganisationId>, Fault> {
        code.map(|code| self.choose(code, pointer)).transpose()
    }

    /// An organisation by what a person writes in a file: its code, or its name.
    pub fn named(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        if let Some((code, _)) = self.by_code.get_key_value(text) {
            return Some(code);
        }
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        let mut found = self.by_id.values().filter(|(code, name)| same(code) || same(name));
        // A name that two organisations share names neither.
        found.next().filter(|_| found.next().is_none()).map(|(code, _)| code.as_str())
    }
}

pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<OrganisationId>,
) -> Result<Listing<Organisation>> {
    caller.sees_programme(programme)?;
    let book = Codebook::load(db, programme)?;
    let rows = rows::organisations(db, programme, page)?;
    Ok(page.listing(rows, |row| row.id).map(|row| shown(row, &book)))
}

pub fn get(db: &mut Db, caller: &Caller, id: OrganisationId) -> Result<Organisation> {
    let row = rows::organisation(db, id)?.ok_or(Error::NotFound)?;
    caller.sees_programme(row.programme_id)?;
    let book = Codebook::load(db, row.programme_id)?;
    Ok(shown(row, &book))
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: NewOrganisation,
    now: At,
) -> Result<OrganisationId> {
    caller.runs_programme(programme)?;
    checked_code(&input.code, "/code")?;
    let NewOrganisation { code, name, kind, education_type, institution_number, cvr_number } =
        input;
    let retired = false;
    let update =
        OrganisationUpdate { name, kind, education_type, institution_number, cvr_number, retired };
    let id = OrganisationId::new();
    let row = checked(db, programme, id, code, update, 1)?;
    rows::insert_organisation(db, &row).or_taken("/code")?;
    audit::record(db, caller.actor(), now, Event::new("organisation.created", id))?;
    Ok(id)
}

pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: OrganisationId,
    seen: i32,
    input: OrganisationUpdate,
    now: At,
) -> Result<Organisation> {
    let old = for_change(db, caller, id, seen)?;
    let row = checked(db, old.programme_id, id, old.code, input, seen + 1)?;
    rows::update_organisation(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("organisation.updated", id))?;
    get(db, caller, id)
}

/// Deletes an organisation that nothing uses; one that is in use can be retired instead.
pub fn delete(db: &mut Db, caller: &Caller, id: OrganisationId, seen: i32, now: At) -> Result<()> {
    for_change(db, caller, id, seen)?;
    rows::delete_organisation(db, id).or_conflict("organisation_in_use")?;
    audit::record(db, caller.actor(), now, Event::new("organisation.deleted", id))
}

fn for_change(
    db: &mut Db,
    caller: &Caller,
    id: OrganisationId,
    seen: i32,
) -> Result<OrganisationRow> {
    let row = rows::organisation(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(row.programme_id)?;
    if row.version == seen { Ok(row) } else { Err(Error::Stale) }
}

fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    id: OrganisationId,
    code: String,
    input: OrganisationUpdate,
    version: i32,
) -> Result<OrganisationRow> {
    let book = Codebook::load(db, programme)?;
    let mut faults = Faults::default();
    let education_type_id = faults
        .keep(book.choose_if(
            CodeList::EducationLevel,
            input.education_type.as_deref(),
            "/education_type",
        ))
        .flatten();
    let kind = match (input.kind, education_type_id) {
        (None, Some(_)) => Some(OrganisationKind::Education),
        (Some(kind), Some(_)) if kind != OrganisationKind::Education => {
            faults.push(Fault::at("/education_type", "gives_no_education").with("value", kind));
            None
        }
        (kind, _) => kind,
    };
    let institution_number =
        faults.keep(digits(input.institution_number, 6, "/institution_number")).flatten();
    let cvr_number = faults.keep(digits(input.cvr_number, 8, "/cvr_number")).flatten();
    if let Some(number) = &institution_number {
        let other = rows::organisation_numbered(db, programme, number)?;
        if other.is_some_and(|other| other != id) {
            faults.push(Fault::at("/institution_number", "taken"));
        }
    }
    faults.check()?;
    Ok(OrganisationRow {
        id,
        programme_id: programme,
        code,
        name: input.name,
        kind,
        education_type_id,
        institution_number,
        cvr_number,
        retired: input.retired,
        version,
    })
}

fn digits(number: Option<String>, length: usize, pointer: &str) -> Result<Option<String>, Fault> {
    match number {
        Some(number) if number.len() != length || !number.bytes().all(|b| b.is_ascii_digit()) => {
            Err(Fault::at(pointer, "not_digits").with("length", length))
        }
        number => Ok(number),
    }
}

fn shown(row: OrganisationRow, book: &Codebook) -> Organisation {
    Organisation {
        id: row.id,
        code: row.code,
        name: row.name,
        kind: row.kind,
        education_type: book.word_of(row.education_type_id),
        institution_number: row.institution_number,
        cvr_number: row.cvr_number,
        retired: row.retired,
        version: row.version,
    }
}
