//! What is posted, and how its words become what a count is of.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Counting;
use super::key::Series;
use super::ledger::{Figures, GENDERS, Wanted, genders_fit};
use super::period::PeriodInput;
use crate::accounts::Standing;
use crate::error::{Fault, Faults, Result};
use crate::ids::{ActivityId, CodeId, OrganisationId, ProgrammeId, ProjectId};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::Db;

const MOST_PARTICIPANTS: i64 = 1_000_000;
const LONGEST_NOTE: usize = 2_000;

/// How many took part in one period.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountInput {
    /// The number of the project's activity; none for the project as a whole.
    #[schema(example = 1)]
    pub activity: Option<i32>,
    /// The code of the school or other organisation that they come from. A contributor names its
    /// own.
    pub organisation: Option<String>,
    pub period: PeriodInput,
    /// A code of the list `participant_role`.
    #[schema(example = "pupil")]
    pub role: String,
    /// A code of the list `education_level`; as exact as it is known, or none.
    #[schema(example = "stx")]
    pub education_level: Option<String>,
    pub counting: Counting,
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub participants: i64,
    /// Of the participants.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub women: Option<i64>,
    /// Of the participants.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub men: Option<i64>,
    /// Of the participants.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub other_gender: Option<i64>,
    /// At most 2,000 characters.
    #[schema(max_length = 2_000)]
    pub note: Option<String>,
    /// The figures are totals up to and including the last day of the period. Stored is the
    /// difference to the counts of the same series that end before it; the total goes on to hold
    /// when those are corrected later. The period's `start` may be left out: it is the day after
    /// the latest of them, or else the day on which the project starts.
    #[serde(default)]
    pub so_far: bool,
}

/// Up to 1,000 counts of one project.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchInput {
    #[validate(length(min = 1, max = 1_000))]
    pub counts: Vec<CountInput>,
}

/// The words of a programme.
pub struct Words {
    pub book: Codebook,
    pub register: Register,
}

impl Words {
    pub fn load(db: &mut Db, programme: ProgrammeId) -> Result<Words> {
        Ok(Words { book: Codebook::load(db, programme)?, register: Register::load(db, programme)? })
    }

    fn code(
        &self,
        list: CodeList,
        code: &str,
        pointer: &str,
        retired: &mut Vec<Fault>,
    ) -> Result<CodeId, Fault> {
        let found = self.book.find(list, code).ok_or_else(|| {
            Fault::at(pointer, "unknown_code").with("value", code).with("list", list)
        })?;
        if found.retired {
            retired.push(Fault::at(pointer, "retired_code").with("value", code));
        }
        Ok(found.id)
    }

    fn organisation(&self, code: &str, retired: &mut Vec<Fault>) -> Result<OrganisationId, Fault> {
        let chosen = self.register.choose(code, "/organisation");
        match (self.register.find(code), chosen) {
            (Some(id), Err(fault)) => {
                retired.push(fault);
                Ok(id)
            }
            (_, chosen) => chosen,
        }
    }
}

/// One project as a place to count in, and what the caller is to it.
pub struct Place {
    pub project: ProjectId,
    pub standing: Standing,
    pub start: Option<NaiveDate>,
    pub activities: HashMap<i32, ActivityId>,
    /// In small letters, as files may name them; none where two activities share it.
    titles: HashMap<String, Option<i32>>,
}

impl Place {
    pub fn load(db: &mut Db, project: ProjectId, standing: Standing) -> Result<Place> {
        let activities = projects::activities::list_of(db, project)?;
        let mut titles = HashMap::new();
        for one in &activities {
            titles
                .entry(one.title.to_lowercase())
                .and_modify(|number| *number = None)
                .or_insert(Some(one.number));
        }
        Ok(Place {
            project,
            standing,
            start: projects::period_start(db, project)?.map(|date| date.first_day()),
            activities: activities.into_iter().map(|one| (one.number, one.id)).collect(),
            titles,
        })
    }

    /// An activity by what a person writes in a file: its number, or its title.
    pub fn activity_named(&self, text: &str) -> Option<i32> {
        let number = text.parse().ok();
        number.or_else(|| self.titles.get(&text.to_lowercase()).copied().flatten())
    }

    /// Whether the caller posts counts here, be it of one organisation only.
    pub fn posts(&self) -> bool {
        self.standing.counts_for_all() || !self.standing.contributes_for.is_empty()
    }

    /// Posts one organisation's counts only, and so has to name it.
    fn must_name_organisation(&self) -> bool {
        !self.standing.counts_for_all()
    }
}

/// The count that is meant, or all that is wrong with it.
pub fn resolve(words: &Words, place: &Place, input: &CountInput) -> Result<Wanted, Vec<Fault>> {
    let mut faults = Faults::default();
    let mut retired = Vec::new();

    let activity = input.activity.map(|number| {
        let fault = || Fault::at("/activity", "unknown_activity").with("value", number);
        place.activities.get(&number).copied().ok_or_else(fault)
    });
    let activity = faults.keep(activity.transpose()).flatten();
    let organisation = input.organisation.as_deref();
    let organisation = organisation.map(|code| words.organisation(code, &mut retired)).transpose();
    let organisation = faults.keep(organisation).flatten();
    if input.organisation.is_none() && place.must_name_organisation() {
        faults.push(Fault::at("/organisation", "required"));
    }
    let when = faults.keep(input.period.read(input.so_far, place.start));
    let role = words.code(CodeList::ParticipantRole, &input.role, "/role", &mut retired);
    let role = faults.keep(role);
    let level = input
        .education_level
        .as_deref()
        .map(|code| words.code(CodeList::EducationLevel, code, "/education_level", &mut retired));
    let education_level = faults.keep(level.transpose()).flatten();
    let figures = figures(input, &mut faults);
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        faults.push(Fault::at("/note", "length").with("min", 0).with("max", LONGEST_NOTE));
    }

    match (when, role) {
        (Some(when), Some(role)) if faults.0.is_empty() => Ok(Wanted {
            project: place.project,
            series: Series {
                activity,
                organisation,
                role,
                education_level,
                counting: input.counting,
            },
            when,
            project_start: place.start,
            figures,
            so_far: input.so_far,
            note: note.map(str::to_string),
            retired,
        }),
        _ => Err(faults.0),
    }
}

fn figures(input: &CountInput, faults: &mut Faults) -> Figures {
    let before = faults.0.len();
    let mut figure = |value: i64, name: &str| {
        let fits = (0..=MOST_PARTICIPANTS).contains(&value);
        let figure = i32::try_from(value).ok().filter(|_| fits);
        if figure.is_none() {
            let fault = Fault::at(format!("/{name}"), "range").with("min", 0);
            faults.push(fault.with("max", MOST_PARTICIPANTS));
        }
        figure
    };
    let participants = figure(input.participants, "participants").unwrap_or(0);
    let posted = [input.women, input.men, input.other_gender];
    let mut genders = [None; 3];
    for ((slot, value), name) in genders.iter_mut().zip(posted).zip(GENDERS) {
        *slot = value.and_then(|value| figure(value, name));
    }
    let figures = Figures { participants, genders };
    if faults.0.len() == before && !genders_fit(&figures) {
        faults.push(Fault::at("/participants", "gender_sum"));
    }
    figures
}
