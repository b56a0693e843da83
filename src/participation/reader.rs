//! Turns the rows of a file into the counts that they put.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::StringRecord;

use super::cells::{Cells, Named};
use super::columns;
use super::input::{Place, Words, resolve};
use super::ledger::Wanted;
use crate::accounts::{Caller, Role};
use crate::error::{Error, Fault, Result};
use crate::ids::{ProgrammeId, ProjectId};
use crate::projects;
use crate::sheets::{Header, Record};
use crate::store::Db;

/// Turns rows into counts.
pub struct Reader<'a> {
    caller: Cow<'a, Caller>,
    programme: ProgrammeId,
    pub header: &'a Header,
    decimal_mark: char,
    words: Words,
    /// By code and, in small letters, by title; none where two projects share it.
    projects: HashMap<String, Option<ProjectId>>,
    /// None where the caller is nothing to the project.
    places: HashMap<ProjectId, Option<Place>>,
    /// What cells name, since the same few words stand in thousands of rows.
    named: Named,
}

/// A row that could be read, or all that is wrong with it.
pub type Read<T> = std::result::Result<T, Vec<Fault>>;

impl<'a> Reader<'a> {
    pub fn load(
        db: &mut Db,
        caller: &'a Caller,
        programme: ProgrammeId,
        header: &'a Header,
        decimal_mark: char,
    ) -> Result<Reader<'a>> {
        let caller = caller.counting();
        may_import(&caller, programme)?;
        let names = projects::names_of(db, programme)?;
        let mut projects = HashMap::new();
        for (id, _, title) in &names {
            projects.entry(title.to_lowercase()).and_modify(|one| *one = None).or_insert(Some(*id));
        }
        projects.extend(names.into_iter().map(|(id, code, _)| (code, Some(id))));
        Ok(Reader {
            caller,
            programme,
            header,
            decimal_mark,
            words: Words::load(db, programme)?,
            projects,
            places: HashMap::new(),
            named: HashMap::new(),
        })
    }

    /// The count that a row puts, or all that is wrong with the row.
    pub fn wanted(&mut self, db: &mut Db, record: &Record) -> Result<Read<Wanted>> {
        let cells = &record.cells;
        if let Err(fault) = self.header.check_width(cells) {
            return Ok(Err(vec![fault]));
        }
        let project = self.project(db, cells)?;
        let place = project.as_ref().ok().and_then(|id| self.places.get(id)?.as_ref());
        let mut cells = Cells::of(self.header, cells, self.decimal_mark);
        let input = cells.input(&self.words, place, &mut self.named);
        let mut faults = cells.faults;
        let place = match (project, place) {
            (Ok(_), Some(place)) => place,
            (Ok(_), None) => return Err(Error::unexpected("a project that was found is gone")),
            (Err(fault), _) => {
                faults.insert(0, fault);
                return Ok(Err(faults));
            }
        };
        match resolve(&self.words, place, &input) {
            Ok(wanted) if !place.standing.may_count(wanted.series.organisation) => {
                faults.push(Fault::at("/organisation", "other_organisation"));
            }
            Ok(wanted) if faults.is_empty() => return Ok(Ok(wanted)),
            Ok(_) => {}
            Err(more) => {
                // A cell that can't be read has been told of already.
                let is_new =
                    |fault: &Fault| !faults.iter().any(|told| is_of_same_cell(told, fault));
                let more: Vec<Fault> = more.into_iter().filter(is_new).collect();
                faults.extend(more);
            }
        }
        Ok(Err(faults))
    }

    fn project(
        &mut self,
        db: &mut Db,
        cells: &StringRecord,
    ) -> Result<std::result::Result<ProjectId, Fault>> {
        let pointer = "/project";
        let Some(name) = self.header.cell(cells, columns::PROJECT) else {
            return Ok(Err(Fault::at(pointer, "required")));
        };
        let found = self.projects.get(name).or_else(|| self.projects.get(&name.to_lowercase()));
        // What the caller is nothing to is told of as what isn't there.
        let unknown = || Fault::at(pointer, "unknown_project").with("value", name);
        let Some(id) = found.copied().flatten() else { return Ok(Err(unknown())) };
        if !self.places.contains_key(&id) {
            let place = match self.caller.standing(self.programme, id) {
                Ok(standing) => Some(Place::load(db, id, standing)?),
                Err(Error::NotFound) => None,
                Err(error) => return Err(error),
            };
            self.places.insert(id, place);
        }
        Ok(match self.places.get(&id).and_then(Option::as_ref) {
            None => Err(unknown()),
            Some(place) if !place.posts() => Err(Fault::at(pointer, "not_yours")),
            Some(_) => Ok(id),
        })
    }
}

/// Posts counts somewhere in the programme; which rows those may be, each row tells.
pub fn may_import(caller: &Caller, programme: ProgrammeId) -> Result<()> {
    caller.sees_programme(programme)?;
    let posts = match caller {
        Caller::Operator | Caller::Machine(_) => true,
        Caller::User(account) => account
            .memberships
            .iter()
            .any(|one| one.programme == programme && one.role != Role::Reader),
    };
    if posts { Ok(()) } else { Err(Error::Forbidden("counters_only")) }
}

fn is_of_same_cell(told: &Fault, fault: &Fault) -> bool {
    let both = |start| told.pointer.starts_with(start) && fault.pointer.starts_with(start);
    told.pointer == fault.pointer || both("/period")
}
