use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::{IndicatorLevel, IndicatorSource};
use crate::clock::At;
use crate::ids::{ActivityId, CodeId, IndicatorId, OrganisationId, ProgrammeId, ProjectId};
use crate::paging::Page;
use crate::participation::Counting;
use crate::store::schema::{activities, indicator_codes, indicators, project_versions, projects};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// How many ids one statement names at the most.
pub const BATCH: usize = 500;

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = indicators, treat_none_as_default_value = false)]
pub struct IndicatorRow {
    pub id: IndicatorId,
    pub programme_id: ProgrammeId,
    pub project_id: Option<ProjectId>,
    pub activity_id: Option<ActivityId>,
    pub code: String,
    pub title: String,
    pub note: Option<String>,
    pub level: IndicatorLevel,
    pub unit: String,
    pub source: IndicatorSource,
    /// Only where the source is the counts.
    pub counting: Option<Counting>,
    pub organisation_id: Option<OrganisationId>,
    pub position: i32,
    pub retired: bool,
    pub version: i32,
    pub created_at: At,
    /// Only where the source is answers.
    pub survey: Option<Value>,
    /// From when on answers are taken by that rule.
    pub survey_since: Option<At>,
}

/// An indicator with the roles and levels that it takes: each code's list tells which it is.
#[derive(Debug, Clone)]
pub struct Definition {
    pub row: IndicatorRow,
    pub codes: BTreeSet<CodeId>,
    pub activity_number: Option<i32>,
}

/// Gives each indicator its codes, in the order of the rows.
fn defined(db: &mut Db, rows: Vec<(IndicatorRow, Option<i32>)>) -> QueryResult<Vec<Definition>> {
    let mut codes: HashMap<IndicatorId, BTreeSet<CodeId>> = HashMap::new();
    let ids: Vec<IndicatorId> = rows.iter().map(|(row, _)| row.id).collect();
    for batch in ids.chunks(BATCH) {
        let pairs: Vec<(IndicatorId, CodeId)> = on_each!(db, |c| indicator_codes::table
            .filter(indicator_codes::indicator_id.eq_any(batch))
            .select((indicator_codes::indicator_id, indicator_codes::code_id))
            .load(c))?;
        for (id, code) in pairs {
            codes.entry(id).or_default().insert(code);
        }
    }
    let definition = |(row, activity_number): (IndicatorRow, _)| {
        let codes = codes.remove(&row.id).unwrap_or_default();
        Definition { row, codes, activity_number }
    };
    Ok(rows.into_iter().map(definition).collect())
}

pub fn find(db: &mut Db, id: IndicatorId) -> QueryResult<Option<Definition>> {
    let rows = on_each!(db, |c| indicators::table
        .left_join(activities::table)
        .filter(indicators::id.eq(id))
        .select((IndicatorRow::as_select(), activities::number.nullable()))
        .load(c))?;
    Ok(defined(db, rows)?.pop())
}

/// The indicators of these projects, each project's in their order.
pub fn of_projects(db: &mut Db, projects: &[ProjectId]) -> QueryResult<Vec<Definition>> {
    let mut all = Vec::new();
    for batch in projects.chunks(BATCH) {
        let rows = on_each!(db, |c| indicators::table
            .left_join(activities::table)
            .filter(indicators::project_id.eq_any(batch))
            .order((indicators::project_id, indicators::position, indicators::id))
            .select((IndicatorRow::as_select(), activities::number.nullable()))
            .load(c))?;
        all.extend(defined(db, rows)?);
    }
    Ok(all)
}

/// The programme's own indicators, in their order.
pub fn goals(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<Definition>> {
    let rows = on_each!(db, |c| indicators::table
        .left_join(activities::table)
        .filter(indicators::programme_id.eq(programme))
        .filter(indicators::project_id.is_null())
        .order((indicators::position, indicators::id))
        .select((IndicatorRow::as_select(), activities::number.nullable()))
        .load(c))?;
    defined(db, rows)
}

/// Which answers the programme's indicators take, but for those retired.
pub fn rules_in_use(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<(IndicatorId, Value)>> {
    on_each!(db, |c| indicators::table
        .filter(indicators::programme_id.eq(programme))
        .filter(indicators::retired.eq(false))
        .filter(indicators::survey.is_not_null())
        .select((indicators::id, indicators::survey.assume_not_null()))
        .load(c))
}

pub fn programme_of(db: &mut Db, id: IndicatorId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| indicators::table
        .find(id)
        .select(indicators::programme_id)
        .first(c)
        .optional())
}

/// The last place among a project's indicators, or among the programme's own.
pub fn last_position(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
) -> QueryResult<Option<i32>> {
    on_each!(db, |c| {
        let query = indicators::table
            .filter(indicators::programme_id.eq(programme))
            .select(diesel::dsl::max(indicators::position))
            .into_boxed();
        match project {
            Some(id) => query.filter(indicators::project_id.eq(id)).first(c),
            None => query.filter(indicators::project_id.is_null()).first(c),
        }
    })
}

pub fn insert(db: &mut Db, row: &IndicatorRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(indicators::table).values(row).execute(c))
}

pub fn update(db: &mut Db, row: &IndicatorRow) -> QueryResult<usize> {
    let change = (
        indicators::activity_id.eq(row.activity_id),
        indicators::title.eq(&row.title),
        indicators::note.eq(&row.note),
        indicators::level.eq(row.level),
        indicators::unit.eq(&row.unit),
        indicators::counting.eq(row.counting),
        indicators::organisation_id.eq(row.organisation_id),
        indicators::position.eq(row.position),
        indicators::retired.eq(row.retired),
        indicators::version.eq(row.version),
        indicators::survey.eq(&row.survey),
        indicators::survey_since.eq(row.survey_since),
    );
    on_each!(db, |c| diesel::update(indicators::table.find(row.id)).set(change).execute(c))
}

/// Replaces the roles and levels that an indicator takes.
pub fn set_codes(db: &mut Db, id: IndicatorId, codes: &BTreeSet<CodeId>) -> QueryResult<()> {
    let pair =
        |code: &CodeId| (indicator_codes::indicator_id.eq(id), indicator_codes::code_id.eq(*code));
    let pairs: Vec<_> = codes.iter().map(pair).collect();
    on_each!(db, |c| {
        let old = indicator_codes::table.filter(indicator_codes::indicator_id.eq(id));
        diesel::delete(old).execute(c)?;
        diesel::insert_into(indicator_codes::table).values(pairs).execute(c)
    })?;
    Ok(())
}

/// What a line of progress calls a project.
#[derive(Debug, Clone)]
pub struct ProjectLine {
    pub id: ProjectId,
    pub code: String,
    pub title: String,
}

impl From<(ProjectId, String, String)> for ProjectLine {
    fn from((id, code, title): (ProjectId, String, String)) -> ProjectLine {
        ProjectLine { id, code, title }
    }
}

/// A project as it was called then; none before it was recorded.
pub fn project(db: &mut Db, id: ProjectId, as_of: AsOf) -> QueryResult<Option<ProjectLine>> {
    let line: Option<(ProjectId, String, String)> = on_each!(db, |c| projects::table
        .inner_join(project_versions::table)
        .filter(projects::id.eq(id))
        .filter(recorded_as_of!(project_versions, as_of))
        .select((projects::id, projects::code, project_versions::title))
        .first(c)
        .optional())?;
    Ok(line.map(ProjectLine::from))
}

/// The projects that were recorded by then, in the order of making.
pub fn projects(
    db: &mut Db,
    programme: ProgrammeId,
    as_of: AsOf,
    page: &Page<ProjectId>,
) -> QueryResult<Vec<ProjectLine>> {
    let lines: Vec<(ProjectId, String, String)> = on_each!(db, |c| {
        let mut query = projects::table
            .inner_join(project_versions::table)
            .filter(projects::programme_id.eq(programme))
            .filter(recorded_as_of!(project_versions, as_of))
            .order(projects::id)
            .limit(page.fetch())
            .select((projects::id, projects::code, project_versions::title))
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(projects::id.gt(id));
        }
        query.load(c)
    })?;
    Ok(lines.into_iter().map(ProjectLine::from).collect())
}
