//! Figures that are only known from a report: an old year's sum, a total without its parts. They
//! stand beside what is computed and are never mixed with it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::checked_code;
use super::codes::{CodeList, Codebook};
use super::reported_fact_rows::{self as rows, FactRow};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{FactId, ProgrammeId, UserId, VersionId};
use crate::paging::{Listing, Page};
use crate::quantity::Quantity;
use crate::store::types::text_enum;
use crate::store::{AsOf, Chain, Db, Within};

/// The measures that the tables look for. Any other code may be used too, and stands in the list
/// of reported facts only.
pub mod measures {
    /// A year's money to grant, in kroner.
    pub const ENVELOPE: &str = "envelope";
    /// What was granted up to and with that year, in kroner.
    pub const GRANTED_CUMULATED: &str = "granted_cumulated";
    /// Money granted, in kroner: by year and round kind, by focus area, by project type.
    pub const GRANTED: &str = "granted";
    /// The part of all money granted, in per cent: by focus area, by project type.
    pub const GRANTED_SHARE: &str = "granted_share";
    /// Applications received in a year.
    pub const APPLICATIONS: &str = "applications";
    pub const APPLICATIONS_REJECTED: &str = "applications_rejected";
    pub const APPLICATIONS_GRANTED: &str = "applications_granted";
    /// Projects: by focus area, by project type, by status.
    pub const PROJECTS: &str = "projects";
    /// Projects that a report tells of in a place that tells of some only: by status.
    pub const PROJECTS_DESCRIBED: &str = "projects_described";
    /// Projects that reach pupils of an education level.
    pub const PROJECTS_AT_LEVEL: &str = "projects_at_level";
    /// Projects that have partners of an education type.
    pub const PROJECTS_WITH_PARTNER_TYPE: &str = "projects_with_partner_type";
    /// How many are to take part: by group.
    pub const EXPECTED_PARTICIPANTS: &str = "expected_participants";
    /// The programme's own goal, in per cent, for a year.
    pub const PROGRAMME_GOAL: &str = "programme_goal";
    /// The smallest grant to a project, in kroner.
    pub const SMALLEST_GRANT: &str = "smallest_grant";
    /// The largest grant to a project, in kroner.
    pub const LARGEST_GRANT: &str = "largest_grant";
    pub const ALL: &[&str] = &[
        ENVELOPE,
        GRANTED_CUMULATED,
        GRANTED,
        GRANTED_SHARE,
        APPLICATIONS,
        APPLICATIONS_REJECTED,
        APPLICATIONS_GRANTED,
        PROJECTS,
        PROJECTS_DESCRIBED,
        PROJECTS_AT_LEVEL,
        PROJECTS_WITH_PARTNER_TYPE,
        EXPECTED_PARTICIPANTS,
        PROGRAMME_GOAL,
        SMALLEST_GRANT,
        LARGEST_GRANT,
    ];
}

text_enum! {
    /// What a figure is broken down by.
    pub enum FactDimension {
        /// A code of the list `focus_area`.
        FocusArea = "focus_area",
        /// A code of the list `project_type`.
        ProjectType = "project_type",
        /// A code of the list `approach`.
        Approach = "approach",
        /// A code of the list `education_level`.
        EducationLevel = "education_level",
        /// A code of the list `participant_role`.
        ParticipantRole = "participant_role",
        /// A code of the list `round_kind`.
        RoundKind = "round_kind",
        /// `planned`, `ongoing`, `completed` or `cancelled`.
        Status = "status",
        /// A group that the report has and no code list: `professionals`.
        Group = "group",
    }
}

impl FactDimension {
    fn list(self) -> Option<CodeList> {
        match self {
            FactDimension::FocusArea => Some(CodeList::FocusArea),
            FactDimension::ProjectType => Some(CodeList::ProjectType),
            FactDimension::Approach => Some(CodeList::Approach),
            FactDimension::EducationLevel => Some(CodeList::EducationLevel),
            FactDimension::ParticipantRole => Some(CodeList::ParticipantRole),
            FactDimension::RoundKind => Some(CodeList::RoundKind),
            FactDimension::Status | FactDimension::Group => None,
        }
    }
}

text_enum! {
    /// What a reported figure counts.
    pub enum FactUnit {
        Kroner = "kroner",
        Count = "count",
        Percent = "percent",
    }
}

/// A figure that is known from a report only.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportedFact {
    pub id: FactId,
    pub programme_id: ProgrammeId,
    #[schema(example = "granted")]
    pub measure: String,
    /// The year that it is about; null where it is about the whole programme.
    #[schema(example = 2021)]
    pub year: Option<i32>,
    /// What it is broken down by; null where it is a total.
    pub dimension: Option<FactDimension>,
    /// The part that it is about, as a code of its dimension.
    #[schema(example = "open")]
    pub category: Option<String>,
    pub unit: FactUnit,
    pub value: Quantity,
    /// As the report prints it, which tells how exact it is.
    #[schema(example = "3,74 mio. kr.")]
    pub printed: Option<String>,
    /// The day that the figure holds for.
    pub on_date: Option<NaiveDate>,
    /// Which report.
    #[schema(example = "Status report 2019-2023")]
    pub source: String,
    /// Where in it.
    pub page: Option<String>,
    pub note: Option<String>,
    /// Which projects the report counts in the figure: by their codes, or as it calls them where
    /// they stand in no list.
    #[schema(example = json!(["makerspace", "talstaerk"]))]
    pub projects: Vec<String>,
    pub withdrawn: bool,
    /// Why it was corrected or withdrawn.
    pub reason: Option<String>,
    pub recorded_at: At,
    /// The account, or null for the operator's command line.
    pub recorded_by: Option<UserId>,
    /// When another version took its place; null for the one that stands.
    pub superseded_at: Option<At>,
}

impl ReportedFact {
    /// The amount in øre, where it is money.
    pub fn ore(&self) -> Option<i64> {
        (self.unit == FactUnit::Kroner).then(|| self.value.thousandths() / 10)
    }

    pub fn is_about(
        &self,
        measure: &str,
        year: Option<i32>,
        part: Option<(FactDimension, &str)>,
    ) -> bool {
        self.measure == measure
            && self.year == year
            && self.dimension == part.map(|(dimension, _)| dimension)
            && self.category.as_deref() == part.map(|(_, category)| category)
    }
}

/// A reported figure, put on what it is about and where it stands; putting it again corrects it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutReportedFact {
    /// A stable word for what is measured: `granted`, `applications`, `expected_participants` …
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "granted")]
    pub measure: String,
    #[validate(range(min = 1990, max = 2100))]
    #[schema(example = 2021)]
    pub year: Option<i32>,
    /// Goes with `category`.
    pub dimension: Option<FactDimension>,
    /// A code of the dimension's list.
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "open")]
    pub category: Option<String>,
    pub unit: FactUnit,
    /// Kroner with at most two decimals; people, projects, applications as whole numbers.
    pub value: Quantity,
    /// As the report prints it, which tells how exact it is.
    #[validate(length(min = 1, max = 100))]
    #[schema(example = "3,74 mio. kr.")]
    pub printed: Option<String>,
    /// The day that the figure holds for.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    pub on_date: Option<NaiveDate>,
    /// Which report. Two reports may say two things.
    #[validate(length(min = 1, max = 200))]
    #[schema(example = "Status report 2019-2023")]
    pub source: String,
    /// Where in it. One report may say two things on two pages.
    #[validate(length(min = 1, max = 100))]
    pub page: Option<String>,
    #[validate(length(min = 1, max = 2_000))]
    pub note: Option<String>,
    /// Which projects the report counts in the figure: by their codes, or as it calls them where
    /// they stand in no list.
    #[serde(default)]
    #[validate(length(max = 1_000))]
    #[schema(example = json!(["makerspace", "talstaerk"]))]
    pub projects: Vec<String>,
    /// Why it is corrected.
    #[validate(length(min = 1, max = 2_000))]
    pub reason: Option<String>,
}

/// Why a reported figure no longer stands.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactWithdrawal {
    #[validate(length(min = 1, max = 2_000))]
    pub reason: String,
}

/// Which reported facts of a programme are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub measure: Option<String>,
    pub year: Option<i32>,
    pub dimension: Option<FactDimension>,
    pub with_withdrawn: bool,
}

impl Within for FactId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::programme_of(db, *self)?.ok_or(Error::NotFound)?.into())
    }
}

/// The reported facts of a programme as they stood; for those who see the whole of it.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    filter: &Filter,
    as_of: AsOf,
    page: &Page<FactId>,
) -> Result<Listing<ReportedFact>> {
    caller.reads_programme(programme)?;
    let found = rows::list(db, programme, filter, as_of, page)?;
    Ok(page.listing(found, |row| row.fact_id).map(ReportedFact::from))
}

/// All reported facts that stood, in the order in which they were first recorded. Asks nobody
/// whether they may know.
pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> Result<Vec<ReportedFact>> {
    Ok(rows::all(db, programme, as_of)?.into_iter().map(ReportedFact::from).collect())
}

pub fn get(db: &mut Db, caller: &Caller, id: FactId) -> Result<ReportedFact> {
    let row = rows::current(db, id)?.ok_or(Error::NotFound)?;
    caller.reads_programme(row.programme_id)?;
    Ok(row.into())
}

/// Every version of a reported fact, the oldest first.
pub fn history(db: &mut Db, caller: &Caller, id: FactId) -> Result<Vec<ReportedFact>> {
    let programme = rows::programme_of(db, id)?.ok_or(Error::NotFound)?;
    caller.reads_programme(programme)?;
    Ok(rows::history(db, id)?.into_iter().map(ReportedFact::from).collect())
}

/// A fact that was put, and whether there was none under its key before.
pub struct PutFact {
    pub fact: ReportedFact,
    pub is_new: bool,
}

/// Records a reported figure, or corrects it. What is there already is left as it is.
pub fn put(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: PutReportedFact,
    now: At,
) -> Result<PutFact> {
    caller.runs_programme(programme)?;
    check(db, programme, &input)?;
    let natural_key = natural_key(&input);
    let before = rows::at_key(db, programme, &natural_key)?;
    let row = FactRow {
        id: VersionId::new(),
        fact_id: before.as_ref().map_or_else(FactId::new, |before| before.fact_id),
        programme_id: programme,
        natural_key,
        measure: input.measure,
        year: input.year,
        dimension: input.dimension,
        category: input.category,
        unit: input.unit,
        thousandths: input.value.thousandths(),
        printed: input.printed,
        on_date: input.on_date,
        source: input.source,
        page: input.page,
        note: input.note,
        withdrawn: false,
        reason: input.reason,
        recorded_at: now,
        recorded_by: caller.actor(),
        superseded_at: None,
        projects: (!input.projects.is_empty()).then(|| input.projects.into()),
    };
    let is_new = before.is_none();
    let fact = match before {
        Some(before) if says_the_same(&before, &row) => before.into(),
        before => replace(db, caller, before, row, "reported_fact.put", now)?,
    };
    Ok(PutFact { fact, is_new })
}

/// Takes a reported figure back; it stays in the history.
pub fn withdraw(
    db: &mut Db,
    caller: &Caller,
    id: FactId,
    input: FactWithdrawal,
    now: At,
) -> Result<ReportedFact> {
    let before = rows::current(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(before.programme_id)?;
    if before.withdrawn {
        return Err(Error::Conflict("fact_withdrawn"));
    }
    let row = FactRow {
        id: VersionId::new(),
        withdrawn: true,
        reason: Some(input.reason),
        recorded_at: now,
        recorded_by: caller.actor(),
        ..before.clone()
    };
    replace(db, caller, Some(before), row, "reported_fact.withdrawn", now)
}

fn check(db: &mut Db, programme: ProgrammeId, input: &PutReportedFact) -> Result<()> {
    let mut faults = Faults::default();
    faults.keep(checked_code(&input.measure, "/measure"));
    match (input.dimension, &input.category) {
        (Some(dimension), Some(category)) => {
            let book = Codebook::load(db, programme)?;
            match dimension.list() {
                // What is retired was in use when the report was written.
                Some(list) if book.find(list, category).is_none() => {
                    let fault = Fault::at("/category", "unknown_code").with("value", category);
                    faults.push(fault.with("list", list));
                }
                Some(_) => {}
                None => drop(faults.keep(checked_code(category, "/category"))),
            }
        }
        (Some(_), None) => faults.push(Fault::at("/category", "required")),
        (None, Some(_)) => faults.push(Fault::at("/dimension", "required")),
        (None, None) => {}
    }
    let decimals = match input.unit {
        FactUnit::Kroner => 2,
        FactUnit::Count => 0,
        FactUnit::Percent => 3,
    };
    let finest = 10_i64.pow(3 - decimals);
    if input.value.thousandths() % finest != 0 {
        faults.push(Fault::at("/value", "decimals").with("decimals", decimals));
    }
    for (at, name) in input.projects.iter().enumerate() {
        let pointer = format!("/projects/{at}");
        if !(1..=200).contains(&name.chars().count()) {
            faults.push(Fault::at(pointer, "length").with("min", 1).with("max", 200));
        } else if input.projects[..at].contains(name) {
            faults.push(Fault::at(pointer, "chosen_twice").with("value", name));
        }
    }
    faults.check()
}

/// What there is one figure of at a time. Lengths stand before the parts that are free text, so
/// that no two keys read alike.
fn natural_key(input: &PutReportedFact) -> String {
    let year = input.year.map(|year| year.to_string()).unwrap_or_default();
    let dimension = input.dimension.map_or("", FactDimension::as_str);
    let category = input.category.as_deref().unwrap_or_default();
    let page = input.page.as_deref().unwrap_or_default();
    let (measure, source) = (&input.measure, &input.source);
    format!("{measure}/{year}/{dimension}/{category}/{}:{source}/{page}", source.len())
}

fn says_the_same(before: &FactRow, row: &FactRow) -> bool {
    !before.withdrawn
        && before.unit == row.unit
        && before.thousandths == row.thousandths
        && before.printed == row.printed
        && before.on_date == row.on_date
        && before.note == row.note
        && before.projects == row.projects
}

fn replace(
    db: &mut Db,
    caller: &Caller,
    before: Option<FactRow>,
    row: FactRow,
    action: &'static str,
    now: At,
) -> Result<ReportedFact> {
    if let Some(before) = before {
        rows::supersede(db, before.id, now)?;
    }
    rows::insert(db, &row)?;
    let event = Event::new(action, row.fact_id).version(row.id).because(row.reason.as_deref());
    audit::record(db, caller.actor(), now, event)?;
    Ok(row.into())
}
