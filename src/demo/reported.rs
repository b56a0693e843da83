//! What the status report prints of rounds, and its totals: as reported facts, beside what is
//! computed from the projects that it lists.

use serde::Deserialize;

use super::rows;
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::programmes::reported_facts::{self, FactDimension, FactUnit, PutReportedFact, measures};
use crate::programmes::rounds::{self, RoundInput};
use crate::quantity::Quantity;
use crate::store::Db;

const ROUNDS: &str = include_str!("../../demo/nordjylland/rounds.csv");
const FUNDING: &str = include_str!("../../demo/nordjylland/funding.csv");
const APPLICATIONS: &str = include_str!("../../demo/nordjylland/applications.csv");
const TABLES: &str = include_str!("../../demo/nordjylland/reported-tables.csv");
const TOTALS: &str = include_str!("../../demo/nordjylland/reported-totals.csv");

const ELSEWHERE: &str = include_str!("../../demo/nordjylland/reported-elsewhere.csv");

const NAMED: &str = include_str!("../../demo/nordjylland/named.csv");

const REPORT: &str = "Status report 2019-2023";

#[derive(Deserialize)]
struct RoundRow {
    code: String,
    year: i32,
    kind: String,
    focus_areas: String,
}

#[derive(Deserialize)]
struct FundingRow {
    year: i32,
    round: String,
    granted_mio_dkk: String,
}

#[derive(Deserialize)]
struct ApplicationsRow {
    year: i32,
    applications: i32,
    rejected: i32,
    granted: i32,
}

#[derive(Deserialize)]
struct TableRow {
    table: String,
    row: String,
    projects: i32,
    amount_dkk: i64,
    share_percent: i32,
}

/// A figure that the report prints in another place than its tables of totals.
#[derive(Deserialize)]
struct ElsewhereRow {
    measure: String,
    year: Option<i32>,
    dimension: Option<FactDimension>,
    category: Option<String>,
    unit: FactUnit,
    value: String,
    printed: Option<String>,
    page: String,
}

/// A place where the report names the projects that it speaks of.
#[derive(Deserialize)]
struct NamedRow {
    measure: String,
    dimension: Option<FactDimension>,
    category: Option<String>,
    value: i32,
    page: String,
    /// With `|` between: codes, or what is in no list as the report calls it.
    projects: String,
}

#[derive(Deserialize)]
struct TotalRow {
    measure: String,
    key: String,
    value: String,
    note: String,
}

/// Loads the rounds and the printed figures; the programme has its code lists already.
pub fn load(db: &mut Db, programme: ProgrammeId, now: At) -> Result<()> {
    for row in rows::<RoundRow>(ROUNDS)? {
        let input = RoundInput {
            code: row.code,
            year: row.year,
            kind: row.kind,
            envelope_ore: None,
            focus_areas: row.focus_areas.split_whitespace().map(str::to_string).collect(),
            education_levels: Vec::new(),
            note: None,
            reason: None,
        };
        rounds::create(db, &Caller::Operator, programme, input, now)?;
    }
    for fact in facts()? {
        reported_facts::put(db, &Caller::Operator, programme, fact, now)?;
    }
    Ok(())
}

fn facts() -> Result<Vec<PutReportedFact>> {
    let mut facts = Vec::new();
    for row in rows::<FundingRow>(FUNDING)? {
        let of_kind = Some((FactDimension::RoundKind, row.round.as_str()));
        facts.push(fact(
            measures::GRANTED,
            Some(row.year),
            of_kind,
            millions(&row.granted_mio_dkk)?,
        ));
    }
    for row in rows::<ApplicationsRow>(APPLICATIONS)? {
        for (measure, count) in [
            (measures::APPLICATIONS, row.applications),
            (measures::APPLICATIONS_REJECTED, row.rejected),
            (measures::APPLICATIONS_GRANTED, row.granted),
        ] {
            facts.push(fact(measure, Some(row.year), None, counted(count)));
        }
    }
    for row in rows::<TableRow>(TABLES)? {
        let dimension = match row.table.as_str() {
            "by_focus_area" => FactDimension::FocusArea,
            "by_project_type" => FactDimension::ProjectType,
            other => return Err(unknown(other)),
        };
        let part = Some((dimension, row.row.as_str()));
        let amount = Figure::of(FactUnit::Kroner, Quantity::whole(row.amount_dkk));
        let share = Figure::of(FactUnit::Percent, row.share_percent.into());
        facts.push(fact(measures::PROJECTS, None, part, counted(row.projects)));
        facts.push(fact(measures::GRANTED, None, part, amount));
        facts.push(fact(measures::GRANTED_SHARE, None, part, share));
    }
    for row in rows::<TotalRow>(TOTALS)? {
        facts.push(total(row)?);
    }
    // Last: of figures that are printed twice, the tables have the one of the totals.
    for row in rows::<ElsewhereRow>(ELSEWHERE)? {
        let part = row.dimension.zip(row.category.as_deref());
        let figure = Figure { unit: row.unit, value: quantity(&row.value)?, printed: row.printed };
        let fact = fact(&row.measure, row.year, part, figure);
        facts.push(PutReportedFact { page: Some(row.page), ..fact });
    }
    for row in rows::<NamedRow>(NAMED)? {
        let part = row.dimension.zip(row.category.as_deref());
        let fact = fact(&row.measure, None, part, counted(row.value));
        let projects = row.projects.split('|').map(str::to_string).collect();
        facts.push(PutReportedFact { page: Some(row.page), projects, ..fact });
    }
    Ok(facts)
}

fn total(row: TotalRow) -> Result<PutReportedFact> {
    use FactDimension::{EducationLevel, Group, Status};
    let key = row.key.as_str();
    let year = || key.parse::<i32>().map(Some).map_err(Error::unexpected);
    let plain = |unit| Ok::<_, Error>(Figure::of(unit, quantity(&row.value)?));
    let (measure, year, part, figure) = match row.measure.as_str() {
        "budget_envelope_mio_dkk" => (measures::ENVELOPE, year()?, None, millions(&row.value)?),
        "cumulated_mio_dkk" => (measures::GRANTED_CUMULATED, year()?, None, millions(&row.value)?),
        "programme_goal_percent" => {
            (measures::PROGRAMME_GOAL, year()?, None, plain(FactUnit::Percent)?)
        }
        measure => {
            let (measure, dimension) = match measure {
                "expected_participants" => (measures::EXPECTED_PARTICIPANTS, Group),
                "projects_at_level" => (measures::PROJECTS_AT_LEVEL, EducationLevel),
                "projects_with_partner_type" => {
                    (measures::PROJECTS_WITH_PARTNER_TYPE, EducationLevel)
                }
                "projects_by_status" => (measures::PROJECTS, Status),
                other => return Err(unknown(other)),
            };
            (measure, None, Some((dimension, key)), plain(FactUnit::Count)?)
        }
    };
    let note = Some(row.note).filter(|note| !note.is_empty());
    Ok(PutReportedFact { note, ..fact(measure, year, part, figure) })
}

struct Figure {
    unit: FactUnit,
    value: Quantity,
    printed: Option<String>,
}

impl Figure {
    fn of(unit: FactUnit, value: Quantity) -> Figure {
        Figure { unit, value, printed: None }
    }
}

fn counted(count: i32) -> Figure {
    Figure::of(FactUnit::Count, count.into())
}

/// Millions as they are printed, which is no more exact than that.
fn millions(text: &str) -> Result<Figure> {
    let thousandths = quantity(text)?.thousandths() * 1_000_000;
    let printed = Some(format!("{} mio. kr.", text.replace('.', ",")));
    let value = Quantity::of_thousandths(thousandths);
    Ok(Figure { unit: FactUnit::Kroner, value, printed })
}

fn quantity(text: &str) -> Result<Quantity> {
    Quantity::parse(text).ok_or_else(|| Error::unexpected(format!("{text} is no figure")))
}

fn unknown(what: &str) -> Error {
    Error::unexpected(format!("{what} is not known in the demo's files"))
}

fn fact(
    measure: &str,
    year: Option<i32>,
    part: Option<(FactDimension, &str)>,
    figure: Figure,
) -> PutReportedFact {
    PutReportedFact {
        measure: measure.to_string(),
        year,
        dimension: part.map(|(dimension, _)| dimension),
        category: part.map(|(_, category)| category.to_string()),
        unit: figure.unit,
        value: figure.value,
        printed: figure.printed,
        on_date: None,
        source: REPORT.to_string(),
        page: None,
        note: None,
        projects: Vec::new(),
        reason: None,
    }
}
