//! What an indicator names: an activity of its project, and the counts that it takes.

use std::collections::{BTreeSet, HashMap};

use super::rows::Definition;
use super::{CountFilter, IndicatorSource, Owner};
use crate::error::{Fault, Faults, Result};
use crate::ids::{ActivityId, CodeId, OrganisationId, ProgrammeId};
use crate::participation::Counting;
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::Db;

/// What an indicator's activity and filter are chosen within.
pub struct Choice<'a> {
    pub programme: ProgrammeId,
    pub owner: Owner,
    pub source: IndicatorSource,
    /// What it named before may stay, retired or not.
    pub before: Option<&'a Definition>,
}

#[derive(Default)]
pub struct Chosen {
    pub activity: Option<ActivityId>,
    pub codes: BTreeSet<CodeId>,
    pub organisation: Option<OrganisationId>,
    pub counting: Option<Counting>,
}

impl Choice<'_> {
    pub fn check(
        &self,
        db: &mut Db,
        activity: Option<i32>,
        filter: Option<&CountFilter>,
        faults: &mut Faults,
    ) -> Result<Chosen> {
        let activity = match activity {
            Some(number) => faults.keep(self.activity(db, number)?),
            None => None,
        };
        if self.source != IndicatorSource::Participation {
            if filter.is_some() {
                faults
                    .push(Fault::at("/filter", "no_counts_to_filter").with("source", self.source));
            }
            return Ok(Chosen { activity, ..Chosen::default() });
        }
        let Some(filter) = filter else {
            return Ok(Chosen { activity, counting: Some(Counting::Unique), ..Chosen::default() });
        };
        let book = Codebook::load(db, self.programme)?;
        let mut codes = BTreeSet::new();
        for (list, name, words) in [
            (CodeList::ParticipantRole, "roles", &filter.roles),
            (CodeList::EducationLevel, "education_levels", &filter.education_levels),
        ] {
            for (index, word) in words.iter().enumerate() {
                let pointer = format!("/filter/{name}/{index}");
                codes.extend(faults.keep(self.code(&book, list, word, &pointer)));
            }
        }
        let organisation = match &filter.organisation {
            Some(word) => {
                faults.keep(self.organisation(&Register::load(db, self.programme)?, word))
            }
            None => None,
        };
        Ok(Chosen { activity, codes, organisation, counting: Some(filter.counting) })
    }

    fn activity(&self, db: &mut Db, number: i32) -> Result<Result<ActivityId, Fault>> {
        let numbers = match self.owner {
            Owner::Project(id) => projects::activities::numbers(db, id)?,
            Owner::Programme(_) => HashMap::new(),
        };
        let found = numbers.into_iter().find(|(_, one)| *one == number).map(|(id, _)| id);
        Ok(found.ok_or_else(|| Fault::at("/activity", "unknown_activity").with("value", number)))
    }

    fn code(&self, book: &Codebook, list: CodeList, word: &str, at: &str) -> Result<CodeId, Fault> {
        let kept = book.find(list, word).map(|code| code.id);
        match kept.filter(|id| self.before.is_some_and(|before| before.codes.contains(id))) {
            Some(id) => Ok(id),
            None => book.choose(list, word, at),
        }
    }

    fn organisation(&self, register: &Register, word: &str) -> Result<OrganisationId, Fault> {
        let kept = self.before.and_then(|before| before.row.organisation_id);
        match kept.filter(|id| register.code(*id) == word) {
            Some(id) => Ok(id),
            None => register.choose(word, "/filter/organisation"),
        }
    }
}
