//! Indicators with their targets, by the indicator's code. An indicator that is not there is made
//! with its first target; the target of one that is there is revised, as it would be by hand.

use std::collections::HashMap;

use super::small::{Context, Loader};
use crate::error::{Error, Fault, Result};
use crate::ids::{IndicatorId, ProjectId};
use crate::indicators::revisions::{self, NewRevision, Revision, RevisionState};
use crate::indicators::target::Target;
use crate::indicators::{
    self, CountFilter, Indicator, IndicatorLevel, IndicatorSource, IndicatorUpdate, NewIndicator,
    Owner,
};
use crate::participation::{Counting, Outcome};
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects;
use crate::quantity::Quantity;
use crate::shape;
use crate::sheets::{Column, Row};
use crate::store::{AsOf, Db};

pub const COLUMNS: &[Column] = &[
    Column::new("indicator", &["code", "indikator", "kode"], "/code", true),
    Column::new("project", &["projekt"], "/project", false),
    Column::new("activity", &["aktivitet"], "/activity", false),
    Column::new("title", &["titel"], "/title", false),
    Column::new("note", &["bemærkning"], "/note", false),
    Column::new("level", &["trin"], "/level", false),
    Column::new("unit", &["enhed"], "/unit", false),
    Column::new("source", &["kilde_til_tal"], "/source", false),
    Column::new("role", &["participant_role", "rolle", "deltagerrolle"], "/filter/roles", false),
    Column::new("education_level", &["uddannelsesniveau"], "/filter/education_levels", false),
    Column::new("organisation", &[], "/filter/organisation", false),
    Column::new("counting", &["tælling"], "/filter/counting", false),
    Column::new("target_shape", &["måltal_form"], "/target/shape", false),
    Column::new("target", &["måltal", "target_min"], "/target", false),
    Column::new("target_max", &["måltal_højst"], "/target/maximum", false),
    Column::new("target_classes", &["måltal_klasser"], "/target/classes", false),
    Column::new("holds_from", &["gælder_fra"], "/holds_from", false),
    Column::new("reason", &["begrundelse"], "/reason", false),
    Column::new("reported", &["indberettet_i_rapport"], "/reported", false),
    Column::new("source_note", &["kilde"], "/source_note", false),
];

pub struct Targets<'a> {
    context: Context<'a>,
    book: Codebook,
    register: Register,
    projects: HashMap<String, ProjectId>,
}

impl<'a> Targets<'a> {
    pub fn load(db: &mut Db, context: Context<'a>) -> Result<Targets<'a>> {
        let codes = projects::codes_of(db, context.programme)?;
        Ok(Targets {
            context,
            book: Codebook::load(db, context.programme)?,
            register: Register::load(db, context.programme)?,
            projects: codes.into_iter().map(|(id, code)| (code, id)).collect(),
        })
    }

    /// The target that the row names; none where it names none.
    fn target(row: &mut Row) -> Option<Target> {
        let shape = row.text("target_shape");
        let figure = row.decimal("target", Quantity::parse);
        let maximum = row.decimal("target_max", Quantity::parse);
        let classes = row.small("target_classes");
        let whole = |quantity: Option<Quantity>| {
            let units = quantity?.thousandths();
            if units % 1_000 == 0 { i32::try_from(units / 1_000).ok() } else { None }
        };
        let shape = match shape {
            Some(shape) => shape,
            None if classes.is_some() => "classes",
            None if maximum.is_some() => "range",
            None if figure.is_some() => "at_least",
            None => return None,
        };
        let made = match shape {
            "none" => Some(Target::None {}),
            "at_least" => figure.map(|minimum| Target::AtLeast { minimum }),
            "at_least_percent" => figure.map(|percent| Target::AtLeastPercent { percent }),
            "range" => {
                figure.zip(maximum).map(|(minimum, maximum)| Target::Range { minimum, maximum })
            }
            "classes" => classes
                .zip(whole(figure))
                .map(|(classes, estimated_pupils)| Target::Classes { classes, estimated_pupils }),
            "per_company" => whole(figure)
                .zip(whole(maximum))
                .map(|(minimum, maximum)| Target::PerCompany { minimum, maximum }),
            other => {
                row.fault(Fault::at("/target/shape", "unknown_word").with("value", other));
                return None;
            }
        };
        if made.is_none() {
            row.fault(Fault::at("/target", "target_incomplete").with("value", shape));
        }
        made
    }

    fn revision(row: &mut Row) -> Option<NewRevision> {
        let target = Targets::target(row)?;
        let text = |column| row.text(column).map(str::to_string);
        Some(NewRevision {
            target,
            parts: Vec::new(),
            planned: Vec::new(),
            reason: text("reason"),
            source_note: text("source_note"),
            holds_from: row.day("holds_from"),
            reported: row.yes("reported").unwrap_or(false),
        })
    }

    fn filter(&self, row: &mut Row) -> Option<CountFilter> {
        let named = |row: &Row, column, list| {
            let code = |text: &str| {
                let found = self.book.named(list, text);
                found.map_or_else(|| text.to_string(), |code| code.code.clone())
            };
            row.list(column).into_iter().map(code).collect::<Vec<_>>()
        };
        let counting = row.read("counting", "unknown_counting", |text| {
            crate::participation::columns::counting(text)
        });
        Some(CountFilter {
            roles: named(row, "role", CodeList::ParticipantRole),
            education_levels: named(row, "education_level", CodeList::EducationLevel),
            organisation: row
                .text("organisation")
                .map(|text| self.register.named(text).unwrap_or(text).to_string()),
            counting: counting.unwrap_or(Counting::Unique),
        })
    }

    fn create(&self, db: &mut Db, code: String, mut row: Row) -> Result<Outcome> {
        let Context { caller, programme, now } = self.context;
        let owner = match row.text("project") {
            None => Owner::Programme(programme),
            Some(text) => match self.projects.get(text) {
                Some(id) => Owner::Project(*id),
                None => {
                    row.fault(Fault::at("/project", "unknown_project").with("value", text));
                    Owner::Programme(programme)
                }
            },
        };
        for column in ["title", "level", "unit", "source"] {
            row.needed(column);
        }
        let level = row.read("level", "unknown_word", level);
        let source = row.read("source", "unknown_word", |text| text.parse().ok());
        let filter = match source {
            Some(IndicatorSource::Participation) => self.filter(&mut row),
            _ => None,
        };
        let activity = row.small("activity");
        let first_target = Targets::revision(&mut row);
        let text = |column| row.text(column).map(str::to_string);
        let (title, unit, note) = (text("title"), text("unit"), text("note"));
        row.check()?;
        let (Some(level), Some(source)) = (level, source) else {
            return Err(Error::unexpected("words that were read are gone"));
        };
        let input = NewIndicator {
            code,
            activity,
            title: title.unwrap_or_default(),
            note,
            level,
            unit: unit.unwrap_or_default(),
            source,
            filter,
            survey: None,
            position: None,
            first_target,
        };
        shape::held(&input)?;
        indicators::create(db, caller, owner, input, now)?;
        Ok(Outcome::Created)
    }

    fn revise(&self, db: &mut Db, id: IndicatorId, mut row: Row) -> Result<Outcome> {
        let Context { caller, now, .. } = self.context;
        let before = indicators::get(db, caller, id)?;
        if let (Some(text), Some(own)) = (row.text("project"), before.project_id)
            && self.projects.get(text) != Some(&own)
        {
            row.fault(Fault::at("/project", "indicator_elsewhere").with("value", text));
        }
        let new = Targets::revision(&mut row);
        let update = Targets::update(&before, &mut row);
        row.check()?;
        let mut outcome = Outcome::Unchanged;
        if let Some(update) = update {
            shape::held(&update)?;
            indicators::update(db, caller, id, before.version, update, now)?;
            outcome = Outcome::Corrected;
        }
        let revisions = revisions::list(db, caller, id, AsOf::NOW)?;
        if let Some(new) = new.filter(|new| !stands(&revisions, new)) {
            shape::held(&new)?;
            revisions::propose(db, caller, id, new, now)?;
            outcome = Outcome::Corrected;
        }
        Ok(outcome)
    }

    /// What the row says of the indicator itself, if that is another than what stands; what it
    /// counts can't change any more.
    fn update(before: &Indicator, row: &mut Row) -> Option<IndicatorUpdate> {
        let text = |column, before: &str| row.text(column).unwrap_or(before).to_string();
        let title = text("title", &before.title);
        let unit = text("unit", &before.unit);
        let note = match row.has("note") {
            true => row.text("note").map(str::to_string),
            false => before.note.clone(),
        };
        let level = row.read("level", "unknown_word", level).unwrap_or(before.level);
        let same = title == before.title
            && unit == before.unit
            && note == before.note
            && level == before.level;
        (!same).then(|| IndicatorUpdate {
            activity: before.activity,
            title,
            note,
            level,
            unit,
            filter: before.filter.clone(),
            survey: before.survey.clone(),
            position: before.position,
            retired: before.retired,
        })
    }
}

impl Loader for Targets<'_> {
    fn key(&self, row: &Row) -> Option<String> {
        row.text("indicator").map(str::to_string)
    }

    fn put(&mut self, db: &mut Db, mut row: Row) -> Result<Outcome> {
        let code = row.needed("indicator").to_string();
        match indicators::by_code(db, self.context.programme, &code)? {
            Some(id) => self.revise(db, id, row),
            None => self.create(db, code, row),
        }
    }
}

/// The target that was agreed last.
pub(super) fn newest(revisions: &[Revision]) -> Option<&Revision> {
    let agreed = revisions.iter().filter(|one| one.state == RevisionState::Agreed);
    agreed.max_by_key(|one| one.number)
}

/// Whether the newest agreed target says what the row says.
fn stands(revisions: &[Revision], new: &NewRevision) -> bool {
    newest(revisions).is_some_and(|newest| {
        let from = new.holds_from.is_none() || new.holds_from == newest.holds_from;
        newest.target == new.target && from
    })
}

fn level(text: &str) -> Option<IndicatorLevel> {
    let word = text.to_lowercase();
    Some(match word.as_str() {
        "resultat" => IndicatorLevel::Outcome,
        "effekt" => IndicatorLevel::Impact,
        word => word.parse().ok()?,
    })
}
