//! The 27 projects of a status report for 2019-2023, with the targets and figures that it prints.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;

use super::texts::texts;
use super::{organisation, rows, slug};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{IndicatorId, ProgrammeId, ProjectId};
use crate::indicators::revisions::{self, NewRevision};
use crate::indicators::target::Target;
use crate::indicators::values::{self, PutValue};
use crate::indicators::{self, CountFilter, IndicatorLevel, IndicatorSource, NewIndicator, Owner};
use crate::participation::{self, CountInput, Counting, PeriodInput};
use crate::programmes::codes::{self, CodeList, NewCode};
use crate::projects::{self, Grant, PartialDate, ProjectInput, ProjectStatus};
use crate::quantity::Quantity;
use crate::store::Db;

const REFERENCE: &str = include_str!("../../demo/nordjylland/reference.csv");
const PROJECTS: &str = include_str!("../../demo/nordjylland/projects.csv");
const TARGETS: &str = include_str!("../../demo/nordjylland/targets.csv");
const ACTUALS: &str = include_str!("../../demo/nordjylland/actuals.csv");
const TOTALS: &str = include_str!("../../demo/nordjylland/reported-totals.csv");

const REPORT: &str = "Status report 2019-2023";

#[derive(Deserialize)]
struct ReferenceRow {
    list: CodeList,
    code: String,
    name_da: String,
    name_en: String,
}

#[derive(Deserialize)]
struct ProjectRow {
    project: String,
    title: String,
    year: i32,
    holder: String,
    focus_area: String,
    project_type: String,
    grant_dkk: Option<i64>,
    status: ProjectStatus,
    period_start: Option<PartialDate>,
    period_end: Option<PartialDate>,
    strategic: String,
}

#[derive(Deserialize)]
struct TargetRow {
    project: String,
    level: IndicatorLevel,
    measures: String,
    participant_role: String,
    education_level: String,
    unit: String,
    target_min: i32,
    target_max: Option<i32>,
    estimated: Option<i32>,
    revised_from: Option<i32>,
    note: String,
}

#[derive(Deserialize)]
struct ActualRow {
    project: String,
    measures: String,
    participant_role: String,
    education_level: String,
    unit: String,
    count: i32,
    as_of: NaiveDate,
    note: String,
}

#[derive(Deserialize)]
struct TotalRow {
    measure: String,
    key: String,
    value: String,
    note: String,
}

/// What is loaded so far, by what the files call it.
struct Loader<'a> {
    db: &'a mut Db,
    programme: ProgrammeId,
    now: At,
    /// Id and year of each project.
    projects: HashMap<String, (ProjectId, i32)>,
    /// Indicators by project and what they measure.
    indicators: HashMap<(String, String), IndicatorId>,
    /// Project, role and level of every indicator that takes counts.
    counted: Vec<(String, String, String)>,
}

pub fn load(db: &mut Db, programme: ProgrammeId, now: At) -> Result<()> {
    let (projects, indicators, counted) = Default::default();
    let mut loader = Loader { db, programme, now, projects, indicators, counted };
    loader.codes()?;
    loader.projects()?;
    for row in rows(TARGETS)? {
        loader.target(row)?;
    }
    for row in rows(ACTUALS)? {
        loader.actual(row)?;
    }
    loader.goals()
}

impl Loader<'_> {
    /// The levels and roles are those that every programme starts with.
    fn codes(&mut self) -> Result<()> {
        let own = [CodeList::FocusArea, CodeList::ProjectType, CodeList::Approach];
        for row in rows::<ReferenceRow>(REFERENCE)? {
            if own.contains(&row.list) {
                let ReferenceRow { list, code, name_da, name_en } = row;
                let input = NewCode { code, name_da, name_en, parent: None, position: None };
                codes::create(self.db, &Caller::Operator, self.programme, list, &input, self.now)?;
            }
        }
        Ok(())
    }

    fn projects(&mut self) -> Result<()> {
        let rows: Vec<ProjectRow> = rows(PROJECTS)?;
        let holders: BTreeSet<&str> = rows.iter().map(|row| row.holder.as_str()).collect();
        for holder in holders {
            organisation(self.db, self.programme, holder, self.now)?;
        }
        let mut summaries: HashMap<String, String> =
            texts()?.into_iter().map(|row| (row.project, row.summary)).collect();
        for row in rows {
            let grant = |kroner: i64| Grant {
                amount_ore: kroner * 100,
                granted_on: None,
                note: None,
                round: None,
                application: None,
            };
            let input = ProjectInput {
                code: row.project.clone(),
                title: row.title,
                summary: summaries.remove(&row.project),
                holder: slug(&row.holder),
                focus_area: Some(row.focus_area),
                project_type: Some(row.project_type),
                status: row.status,
                year: Some(row.year),
                strategic: row.strategic == "yes",
                period_start: row.period_start,
                period_end: row.period_end,
                extensions: Vec::new(),
                approaches: Vec::new(),
                partners: Vec::new(),
                grants: row.grant_dkk.map(grant).into_iter().collect(),
                total_budget_ore: None,
                own_cofinancing_ore: None,
                other_cofinancing_ore: None,
                reason: None,
            };
            let id = projects::create(self.db, &Caller::Operator, self.programme, input, self.now)?;
            self.projects.insert(row.project, (id, row.year));
        }
        Ok(())
    }

    fn project(&self, code: &str) -> Result<(ProjectId, i32)> {
        let found = self.projects.get(code).copied();
        found.ok_or_else(|| Error::unexpected(format!("no project {code} in projects.csv")))
    }

    fn target(&mut self, row: TargetRow) -> Result<()> {
        let target = match (row.unit.as_str(), row.target_max, row.estimated) {
            ("classes", _, Some(estimated_pupils)) => {
                Target::Classes { classes: row.target_min, estimated_pupils }
            }
            ("people per company", Some(maximum), _) => {
                Target::PerCompany { minimum: row.target_min, maximum }
            }
            (_, Some(maximum), _) => {
                Target::Range { minimum: row.target_min.into(), maximum: maximum.into() }
            }
            _ => Target::AtLeast { minimum: row.target_min.into() },
        };
        let original = match row.revised_from {
            Some(minimum) => Target::AtLeast { minimum: minimum.into() },
            None => target.clone(),
        };
        let source = match row.measures.as_str() {
            "participants" => IndicatorSource::Participation,
            "survey count" => IndicatorSource::Survey,
            // So many in each company: counted like participants, company by company.
            _ if row.unit == "people per company" => IndicatorSource::Participation,
            _ => IndicatorSource::Manual,
        };
        let subject = Subject::of(&row.measures, &row.participant_role, &row.education_level);
        let note = Some(row.note).filter(|note| !note.is_empty());
        let unit = match row.unit.as_str() {
            "classes" | "people per company" => "people".to_string(),
            unit => unit.to_string(),
        };
        let input = NewIndicator {
            level: row.level,
            unit,
            note: note.clone(),
            first_target: Some(first(original)),
            ..subject.indicator(&row.project, source)
        };
        let id = self.indicator(&row.project, &subject, input)?;
        if row.revised_from.is_some() {
            let input = NewRevision { reason: note, ..first(target) };
            revisions::propose(self.db, &Caller::Operator, id, input, self.now)?;
        }
        Ok(())
    }

    fn indicator(
        &mut self,
        project: &str,
        subject: &Subject,
        input: NewIndicator,
    ) -> Result<IndicatorId> {
        let (owner, _) = self.project(project)?;
        if input.source == IndicatorSource::Participation {
            let role = subject.role.to_string();
            self.counted.push((project.to_string(), role, subject.level.to_string()));
        }
        let owner = Owner::Project(owner);
        let id = indicators::create(self.db, &Caller::Operator, owner, input, self.now)?;
        self.indicators.insert((project.to_string(), subject.measures.to_string()), id);
        Ok(id)
    }

    fn actual(&mut self, row: ActualRow) -> Result<()> {
        let subject = Subject::of(&row.measures, &row.participant_role, &row.education_level);
        match row.measures.as_str() {
            "participants" => self.count(&row, &subject),
            _ => self.value(&row, &subject),
        }
    }

    fn count(&mut self, row: &ActualRow, subject: &Subject) -> Result<()> {
        let (project, year) = self.project(&row.project)?;
        // Where nothing was promised of these, they are shown without a target.
        if !self.is_promised(row) {
            let input = subject.indicator(&row.project, IndicatorSource::Participation);
            self.indicator(&row.project, subject, input)?;
        }
        let input = CountInput {
            activity: None,
            organisation: None,
            period: PeriodInput {
                start: NaiveDate::from_ymd_opt(year, 1, 1),
                end: Some(row.as_of),
                ..PeriodInput::default()
            },
            role: row.participant_role.clone(),
            education_level: Some(row.education_level.clone()).filter(|code| !code.is_empty()),
            counting: Counting::Unique,
            participants: row.count.into(),
            women: None,
            men: None,
            other_gender: None,
            so_far: false,
            note: Some(row.note.clone()),
        };
        participation::put(self.db, &Caller::Operator, project, &input, self.now)?;
        Ok(())
    }

    /// Whether an indicator of the project takes such a count, at its own level, a broader or a
    /// narrower one.
    fn is_promised(&self, row: &ActualRow) -> bool {
        self.counted
            .iter()
            .any(|(project, role, _)| *project == row.project && *role == row.participant_role)
    }

    fn value(&mut self, row: &ActualRow, subject: &Subject) -> Result<()> {
        let key = (row.project.clone(), row.measures.clone());
        let id = match self.indicators.get(&key) {
            Some(id) => *id,
            None => {
                let input = NewIndicator {
                    unit: row.unit.clone(),
                    ..subject.indicator(&row.project, IndicatorSource::Manual)
                };
                self.indicator(&row.project, subject, input)?
            }
        };
        let input = PutValue {
            on_date: row.as_of,
            figure: row.count.into(),
            note: Some(row.note.clone()).filter(|note| !note.is_empty()),
            reported: false,
            source_note: None,
            reason: None,
        };
        values::put(self.db, &Caller::Operator, id, input, self.now)?;
        Ok(())
    }

    /// What the programme as a whole is to reach, by the report's own totals. How many were
    /// reached is counted over all projects.
    fn goals(&mut self) -> Result<()> {
        for row in rows::<TotalRow>(TOTALS)? {
            let (code, title, roles): (_, _, &[&str]) =
                match (row.measure.as_str(), row.key.as_str()) {
                    ("programme_goal_percent", _) => {
                        ("flere-i-stem", "Flere i en STEM-uddannelse inden 2028", &[])
                    }
                    ("expected_participants", "children_and_young") => (
                        "boern-og-unge",
                        "Børn og unge i alle projekter",
                        &["pupil", "student", "course_participant"],
                    ),
                    ("expected_participants", "professionals") => (
                        "fagpersoner",
                        "Fagpersoner i alle projekter",
                        &["teacher", "leader", "counsellor", "employee"],
                    ),
                    _ => continue,
                };
            let figure = Quantity::parse(&row.value)
                .ok_or_else(|| Error::unexpected(format!("{} is no figure", row.value)))?;
            let target = NewRevision {
                reported: true,
                source_note: Some(REPORT.to_string()),
                ..first(Target::AtLeast { minimum: figure })
            };
            let counted = !roles.is_empty();
            let filter = CountFilter {
                roles: roles.iter().map(|role| role.to_string()).collect(),
                education_levels: Vec::new(),
                organisation: None,
                counting: Counting::Unique,
            };
            let (level, unit, source) = match counted {
                true => (IndicatorLevel::Output, "people", IndicatorSource::Participation),
                false => (IndicatorLevel::Impact, "percent", IndicatorSource::Manual),
            };
            let input = NewIndicator {
                code: code.to_string(),
                activity: None,
                title: title.to_string(),
                note: Some(row.note).filter(|note| !note.is_empty()),
                level,
                unit: unit.to_string(),
                source,
                filter: counted.then_some(filter),
                survey: None,
                position: None,
                first_target: Some(target),
            };
            let owner = Owner::Programme(self.programme);
            indicators::create(self.db, &Caller::Operator, owner, input, self.now)?;
        }
        Ok(())
    }
}

fn first(target: Target) -> NewRevision {
    NewRevision {
        target,
        parts: Vec::new(),
        planned: Vec::new(),
        holds_from: None,
        reason: None,
        reported: false,
        source_note: None,
    }
}

/// What an indicator measures, as the files say it.
struct Subject<'a> {
    measures: &'a str,
    role: &'a str,
    level: &'a str,
}

impl<'a> Subject<'a> {
    fn of(measures: &'a str, role: &'a str, level: &'a str) -> Subject<'a> {
        Subject { measures, role, level }
    }

    fn indicator(&self, project: &str, source: IndicatorSource) -> NewIndicator {
        let counted = source == IndicatorSource::Participation;
        let word = |word: &str| Some(word.to_string()).filter(|word| !word.is_empty());
        let parts: Vec<String> = match counted {
            true => [project, self.role, self.level].into_iter().filter_map(word).collect(),
            false => vec![project.to_string(), slug(self.measures)],
        };
        let filter = CountFilter {
            roles: word(self.role).into_iter().collect(),
            education_levels: word(self.level).into_iter().collect(),
            organisation: None,
            counting: Counting::Unique,
        };
        NewIndicator {
            code: parts.join("-"),
            activity: None,
            title: self.title(counted),
            note: None,
            level: IndicatorLevel::Output,
            unit: "people".to_string(),
            source,
            filter: counted.then_some(filter),
            survey: None,
            position: None,
            first_target: None,
        }
    }

    fn title(&self, counted: bool) -> String {
        let role = match self.role {
            "pupil" => "Elever",
            "student" => "Studerende",
            "teacher" => "Undervisere",
            "employee" => "Medarbejdere pr. virksomhed",
            "role_model" => "Rollemodeller",
            _ => "Andre deltagere",
        };
        let what = match self.measures {
            _ if counted => role,
            "survey count" => "Elever med større interesse for naturvidenskabelige linjer",
            "teaching sequences" => "Undervisningsforløb",
            "cafés" => "Caféer",
            "locations" => "Steder",
            "camps" => "Camps",
            "days" => "Dage",
            "companies" => "Virksomheder",
            "upper secondary schools" => "Gymnasier og eux-skoler",
            "primary schools" => "Folkeskoler",
            other => other,
        };
        match self.level {
            "" => what.to_string(),
            "videregaaende" => format!("{what}, videregående"),
            level => format!("{what}, {level}"),
        }
    }
}
