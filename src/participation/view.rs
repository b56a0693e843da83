//! Counts as they are shown.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::Counting;
use super::input::Words;
use super::rows::{self, Choice, CountRow, VersionRow};
use crate::accounts::{Caller, Standing};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{ActivityId, CountId, ProgrammeId, ProjectId, UserId};
use crate::paging::{Listing, Page};
use crate::programmes::codes::CodeList;
use crate::projects;
use crate::store::{AsOf, Db};
use crate::versioned::Versioned;

/// How many took part in one period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Count {
    pub id: CountId,
    pub project_id: ProjectId,
    /// The number of the project's activity; null for the project as a whole.
    pub activity: Option<i32>,
    /// The code of the organisation that they come from.
    pub organisation: Option<String>,
    /// The first day.
    pub period_start: NaiveDate,
    /// The last day, included.
    pub period_end: NaiveDate,
    /// A code of the list `participant_role`.
    pub role: String,
    /// A code of the list `education_level`; null where it is not said.
    pub education_level: Option<String>,
    pub counting: Counting,
    /// In this period, however the count was posted.
    pub participants: i32,
    /// Of the participants; null where it is not said.
    pub women: Option<i32>,
    /// Of the participants; null where it is not said.
    pub men: Option<i32>,
    /// Of the participants; null where it is not said.
    pub other_gender: Option<i32>,
    /// The total up to and including `period_end`, where the count was posted as "so far".
    pub so_far: Option<i32>,
    pub note: Option<String>,
    /// Kept, and no longer counted.
    pub withdrawn: bool,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    pub recorded_at: At,
    /// The number of its version, from 1.
    pub version: i32,
}

impl Versioned for Count {
    fn version(&self) -> i32 {
        self.version
    }
}

/// What a count said, from when to when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountVersion {
    /// From 1.
    pub number: i32,
    pub participants: i32,
    pub women: Option<i32>,
    pub men: Option<i32>,
    pub other_gender: Option<i32>,
    /// The total up to and including the end of the period, where it was posted as "so far".
    pub so_far: Option<i32>,
    pub note: Option<String>,
    pub withdrawn: bool,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    pub recorded_at: At,
    /// The account; null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// When the next version took its place; null for the current one.
    pub superseded_at: Option<At>,
}

/// Which counts are looked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub activity: Option<i32>,
    pub organisation: Option<String>,
    pub role: Option<String>,
    pub education_level: Option<String>,
    pub counting: Option<Counting>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub withdrawn: bool,
}

/// A count that the caller sees, and what the caller is to its project.
pub fn seen(db: &mut Db, caller: &Caller, id: CountId) -> Result<(CountRow, VersionRow, Standing)> {
    let (count, version) = rows::find(db, id)?.ok_or(Error::NotFound)?;
    let standing = caller.standing(count.programme_id, count.project_id)?;
    let is_own = |all: &[_]| count.organisation_id.is_some_and(|own| all.contains(&own));
    if !standing.limited_to().is_none_or(is_own) {
        return Err(Error::NotFound);
    }
    Ok((count, version, standing))
}

pub fn get(db: &mut Db, caller: &Caller, id: CountId) -> Result<Count> {
    let (count, version, _) = seen(db, caller, id)?;
    let names = Names::load(db, count.programme_id, count.project_id)?;
    Ok(names.shown(count, version))
}

/// All versions of a count, the newest first.
pub fn history(
    db: &mut Db,
    caller: &Caller,
    id: CountId,
    page: &Page<i32>,
) -> Result<Listing<CountVersion>> {
    seen(db, caller, id)?;
    let versions = rows::history(db, id, page)?;
    Ok(page.listing(versions, |version| version.number).map(CountVersion::from))
}

/// The counts of a project, in the order in which they were first put.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<CountId>,
) -> Result<Listing<Count>> {
    let caller = &*caller.reading();
    let (programme, standing) = projects::standing(db, caller, project)?;
    let names = Names::load(db, programme, project)?;
    let choice = Choice { limited_to: standing.limited_to(), ..names.choice(filter)? };
    let found = rows::list(db, project, &choice, as_of, page)?;
    let listing = page.listing(found, |(count, _)| count.id);
    Ok(listing.map(|(count, version)| names.shown(count, version)))
}

/// What ids are called.
struct Names {
    words: Words,
    activities: HashMap<ActivityId, i32>,
}

impl Names {
    fn load(db: &mut Db, programme: ProgrammeId, project: ProjectId) -> Result<Names> {
        let words = Words::load(db, programme)?;
        Ok(Names { words, activities: projects::activities::numbers(db, project)? })
    }

    fn shown(&self, count: CountRow, version: VersionRow) -> Count {
        let activity = count.activity_id.and_then(|id| self.activities.get(&id).copied());
        Count {
            id: count.id,
            project_id: count.project_id,
            activity,
            organisation: self.words.register.code_of(count.organisation_id),
            period_start: count.period_start,
            period_end: count.period_end,
            role: self.words.book.word(count.role_id),
            education_level: self.words.book.word_of(count.education_level_id),
            counting: count.counting,
            participants: version.participants,
            women: version.women,
            men: version.men,
            other_gender: version.other_gender,
            so_far: version.so_far,
            note: version.note,
            withdrawn: version.withdrawn,
            reason: version.reason,
            recorded_at: version.recorded_at,
            version: version.number,
        }
    }

    /// A filter by a word that doesn't exist is a mistake, and not an empty list.
    fn choice(&self, filter: &Filter) -> Result<Choice<'static>> {
        let mut faults = Faults::default();
        let mut code = |list: CodeList, code: &Option<String>, name: &str| {
            let code = code.as_deref()?;
            let found = self.words.book.find(list, code).map(|code| code.id);
            let fault = || Fault::at(name, "unknown_code").with("value", code).with("list", list);
            faults.keep(found.ok_or_else(fault))
        };
        let role = code(CodeList::ParticipantRole, &filter.role, "role");
        let education_level =
            code(CodeList::EducationLevel, &filter.education_level, "education_level");
        let organisation = filter.organisation.as_deref().and_then(|code| {
            let found = self.words.register.find(code);
            let fault = || Fault::at("organisation", "unknown_organisation").with("value", code);
            faults.keep(found.ok_or_else(fault))
        });
        let activity = filter.activity.and_then(|number| {
            let mut all = self.activities.iter();
            let found = all.find(|(_, one)| **one == number).map(|(id, _)| *id);
            let fault = || Fault::at("activity", "unknown_activity").with("value", number);
            faults.keep(found.ok_or_else(fault))
        });
        if !faults.0.is_empty() {
            return Err(Error::Malformed(faults));
        }
        Ok(Choice {
            limited_to: None,
            activity,
            organisation,
            role,
            education_level,
            counting: filter.counting,
            from: filter.from,
            to: filter.to,
            withdrawn: filter.withdrawn,
        })
    }
}

impl From<VersionRow> for CountVersion {
    fn from(row: VersionRow) -> CountVersion {
        CountVersion {
            number: row.number,
            participants: row.participants,
            women: row.women,
            men: row.men,
            other_gender: row.other_gender,
            so_far: row.so_far,
            note: row.note,
            withdrawn: row.withdrawn,
            reason: row.reason,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        }
    }
}
