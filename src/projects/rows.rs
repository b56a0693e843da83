use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use super::content::{Content, NamedOrganisation, Version};
use super::{Extension, Filter, Grant, PartialDate, ProjectStatus};
use crate::clock::At;
use crate::ids::{ActivityId, CodeId, OrganisationId, ProgrammeId, ProjectId, UserId, VersionId};
use crate::paging::Page;
use crate::store::schema::{
    activities, organisations, project_approaches, project_extensions, project_grants,
    project_partners, project_versions, projects,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

pub fn programme_of(db: &mut Db, id: ProjectId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| projects::table.find(id).select(projects::programme_id).first(c).optional())
}

pub fn by_code(db: &mut Db, programme: ProgrammeId, code: &str) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| projects::table
        .filter(projects::programme_id.eq(programme))
        .filter(projects::code.eq(code))
        .select(projects::id)
        .first(c)
        .optional())
}

pub fn codes_of(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<(ProjectId, String)>> {
    on_each!(db, |c| projects::table
        .filter(projects::programme_id.eq(programme))
        .select((projects::id, projects::code))
        .load(c))
}

pub fn ids(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<ProjectId>,
) -> QueryResult<Vec<ProjectId>> {
    on_each!(db, |c| {
        let mut query = projects::table
            .filter(projects::programme_id.eq(programme))
            .order(projects::id)
            .limit(page.fetch())
            .select(projects::id)
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(projects::id.gt(id));
        }
        query.load(c)
    })
}

pub fn names_of(
    db: &mut Db,
    programme: ProgrammeId,
) -> QueryResult<Vec<(ProjectId, String, String)>> {
    on_each!(db, |c| projects::table
        .inner_join(project_versions::table)
        .filter(projects::programme_id.eq(programme))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select((projects::id, projects::code, project_versions::title))
        .load(c))
}

pub fn title(db: &mut Db, id: ProjectId) -> QueryResult<Option<String>> {
    on_each!(db, |c| project_versions::table
        .filter(project_versions::project_id.eq(id))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select(project_versions::title)
        .first(c)
        .optional())
}

pub fn period_start(db: &mut Db, id: ProjectId) -> QueryResult<Option<PartialDate>> {
    let found: Option<Option<PartialDate>> = on_each!(db, |c| project_versions::table
        .filter(project_versions::project_id.eq(id))
        .filter(recorded_as_of!(project_versions, AsOf::NOW))
        .select(project_versions::period_start)
        .first(c)
        .optional())?;
    Ok(found.flatten())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = project_versions, treat_none_as_default_value = false)]
struct VersionRow {
    id: VersionId,
    project_id: ProjectId,
    number: i32,
    title: String,
    summary: Option<String>,
    holder_id: OrganisationId,
    focus_area_id: Option<CodeId>,
    project_type_id: Option<CodeId>,
    status: ProjectStatus,
    year: Option<i32>,
    strategic: bool,
    period_start: Option<PartialDate>,
    period_end: Option<PartialDate>,
    recorded_at: At,
    recorded_by: Option<UserId>,
    superseded_at: Option<At>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = projects)]
struct ProjectRow {
    programme_id: ProgrammeId,
    code: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: OrganisationId,
    code: String,
    name: String,
    education_type_id: Option<CodeId>,
}

type FoundRow = (VersionRow, ProjectRow, OrganisationRow);

/// Versions with their project and its holder.
macro_rules! versions {
    () => {
        project_versions::table.inner_join(projects::table).inner_join(organisations::table).select(
            (VersionRow::as_select(), ProjectRow::as_select(), OrganisationRow::as_select()),
        )
    };
}

/// Which projects are asked for, in ids.
pub struct Choice<'a> {
    pub programme: ProgrammeId,
    /// None where all of the programme are seen.
    pub only: Option<&'a [ProjectId]>,
    pub focus_area: Option<CodeId>,
    pub filter: &'a Filter,
}

pub fn list(
    db: &mut Db,
    choice: &Choice,
    as_of: AsOf,
    page: &Page<ProjectId>,
) -> QueryResult<Vec<Version>> {
    let rows: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(projects::programme_id.eq(choice.programme))
            .filter(recorded_as_of!(project_versions, as_of))
            .order(project_versions::project_id)
            .limit(page.fetch())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(project_versions::project_id.gt(id));
        }
        if let Some(only) = choice.only {
            query = query.filter(project_versions::project_id.eq_any(only));
        }
        if let Some(code) = &choice.filter.code {
            query = query.filter(projects::code.eq(code));
        }
        if let Some(status) = choice.filter.status {
            query = query.filter(project_versions::status.eq(status));
        }
        if let Some(id) = choice.focus_area {
            query = query.filter(project_versions::focus_area_id.eq(id));
        }
        if let Some(year) = choice.filter.year {
            query = query.filter(project_versions::year.eq(year));
        }
        query.load(c)
    })?;
    complete(db, rows)
}

pub fn version(db: &mut Db, id: ProjectId, as_of: AsOf) -> QueryResult<Option<Version>> {
    let rows: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(project_versions::project_id.eq(id))
        .filter(recorded_as_of!(project_versions, as_of))
        .load(c))?;
    Ok(complete(db, rows)?.pop())
}

pub fn history(db: &mut Db, id: ProjectId, page: &Page<i32>) -> QueryResult<Vec<Version>> {
    let rows: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(project_versions::project_id.eq(id))
            .order(project_versions::number.desc())
            .limit(page.fetch())
            .into_boxed();
        if let Some(number) = page.after {
            query = query.filter(project_versions::number.lt(number));
        }
        query.load(c)
    })?;
    complete(db, rows)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = project_grants, treat_none_as_default_value = false)]
struct GrantRow {
    version_id: VersionId,
    position: i32,
    amount_ore: i64,
    granted_on: Option<NaiveDate>,
    note: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = project_extensions, treat_none_as_default_value = false)]
struct ExtensionRow {
    version_id: VersionId,
    position: i32,
    period_end: PartialDate,
    agreed_on: Option<NaiveDate>,
    reason: Option<String>,
}

/// Adds what hangs on the versions: one query for each kind, however many versions.
fn complete(db: &mut Db, rows: Vec<FoundRow>) -> QueryResult<Vec<Version>> {
    let ids: Vec<VersionId> = rows.iter().map(|(version, _, _)| version.id).collect();
    let approaches: Vec<(VersionId, CodeId)> = on_each!(db, |c| project_approaches::table
        .filter(project_approaches::version_id.eq_any(&ids))
        .order(project_approaches::code_id)
        .load(c))?;
    let partners: Vec<(VersionId, OrganisationRow)> = on_each!(db, |c| project_partners::table
        .inner_join(organisations::table)
        .filter(project_partners::version_id.eq_any(&ids))
        .select((project_partners::version_id, OrganisationRow::as_select()))
        .load(c))?;
    let grants: Vec<GrantRow> = on_each!(db, |c| project_grants::table
        .filter(project_grants::version_id.eq_any(&ids))
        .order(project_grants::position)
        .select(GrantRow::as_select())
        .load(c))?;
    let extensions: Vec<ExtensionRow> = on_each!(db, |c| project_extensions::table
        .filter(project_extensions::version_id.eq_any(&ids))
        .order(project_extensions::position)
        .select(ExtensionRow::as_select())
        .load(c))?;

    let mut approaches = by_version(approaches, |row| row);
    let mut partners = by_version(partners, |row| row);
    let mut grants = by_version(grants, |row| {
        let GrantRow { version_id, amount_ore, granted_on, note, .. } = row;
        (version_id, Grant { amount_ore, granted_on, note })
    });
    let mut extensions = by_version(extensions, |row| {
        let ExtensionRow { version_id, period_end, agreed_on, reason, .. } = row;
        (version_id, Extension { period_end, agreed_on, reason })
    });
    let version = |(row, project, holder): FoundRow| {
        let mut partners = partners.remove(&row.id).unwrap_or_default();
        // Not in the query: the engines order text differently.
        partners.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
        let mut partner_ids: Vec<OrganisationId> = partners.iter().map(|one| one.id).collect();
        partner_ids.sort();
        Version {
            id: row.id,
            project: row.project_id,
            programme: project.programme_id,
            code: project.code,
            number: row.number,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
            content: Content {
                title: row.title,
                summary: row.summary,
                holder: row.holder_id,
                focus_area: row.focus_area_id,
                project_type: row.project_type_id,
                status: row.status,
                year: row.year,
                strategic: row.strategic,
                period_start: row.period_start,
                period_end: row.period_end,
                extensions: extensions.remove(&row.id).unwrap_or_default(),
                approaches: approaches.remove(&row.id).unwrap_or_default(),
                partners: partner_ids,
                grants: grants.remove(&row.id).unwrap_or_default(),
            },
            holder: holder.into(),
            partners: partners.into_iter().map(NamedOrganisation::from).collect(),
        }
    };
    Ok(rows.into_iter().map(version).collect())
}

fn by_version<R, T>(
    rows: Vec<R>,
    split: impl Fn(R) -> (VersionId, T),
) -> HashMap<VersionId, Vec<T>> {
    let mut all: HashMap<VersionId, Vec<T>> = HashMap::new();
    for row in rows {
        let (version, one) = split(row);
        all.entry(version).or_default().push(one);
    }
    all
}

impl From<OrganisationRow> for NamedOrganisation {
    fn from(row: OrganisationRow) -> NamedOrganisation {
        NamedOrganisation { code: row.code, name: row.name, education_type: row.education_type_id }
    }
}

pub fn insert(
    db: &mut Db,
    id: ProjectId,
    programme: ProgrammeId,
    code: &str,
    now: At,
) -> QueryResult<usize> {
    let row = (
        projects::id.eq(id),
        projects::programme_id.eq(programme),
        projects::code.eq(code),
        projects::created_at.eq(now),
    );
    on_each!(db, |c| diesel::insert_into(projects::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, id: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(project_versions::table.find(id))
        .set(project_versions::superseded_at.eq(now))
        .execute(c))
}

/// The limits on the input keep each of these lists within one statement.
pub fn insert_version(
    db: &mut Db,
    project: ProjectId,
    number: i32,
    content: &Content,
    now: At,
    by: Option<UserId>,
) -> QueryResult<VersionId> {
    let id = VersionId::new();
    let row = VersionRow {
        id,
        project_id: project,
        number,
        title: content.title.clone(),
        summary: content.summary.clone(),
        holder_id: content.holder,
        focus_area_id: content.focus_area,
        project_type_id: content.project_type,
        status: content.status,
        year: content.year,
        strategic: content.strategic,
        period_start: content.period_start,
        period_end: content.period_end,
        recorded_at: now,
        recorded_by: by,
        superseded_at: None,
    };
    let approach = |code: &CodeId| {
        (project_approaches::version_id.eq(id), project_approaches::code_id.eq(*code))
    };
    let approaches: Vec<_> = content.approaches.iter().map(approach).collect();
    let partner = |organisation: &OrganisationId| {
        (project_partners::version_id.eq(id), project_partners::organisation_id.eq(*organisation))
    };
    let partners: Vec<_> = content.partners.iter().map(partner).collect();
    let grants: Vec<GrantRow> = (1..)
        .zip(content.grants.iter().cloned())
        .map(|(position, grant)| {
            let Grant { amount_ore, granted_on, note } = grant;
            GrantRow { version_id: id, position, amount_ore, granted_on, note }
        })
        .collect();
    let extensions: Vec<ExtensionRow> = (1..)
        .zip(content.extensions.iter().cloned())
        .map(|(position, extension)| {
            let Extension { period_end, agreed_on, reason } = extension;
            ExtensionRow { version_id: id, position, period_end, agreed_on, reason }
        })
        .collect();
    on_each!(db, |c| {
        diesel::insert_into(project_versions::table).values(&row).execute(c)?;
        diesel::insert_into(project_approaches::table).values(&approaches).execute(c)?;
        diesel::insert_into(project_partners::table).values(&partners).execute(c)?;
        diesel::insert_into(project_grants::table).values(&grants).execute(c)?;
        diesel::insert_into(project_extensions::table).values(&extensions).execute(c)
    })?;
    Ok(id)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = activities)]
pub struct ActivityRow {
    pub id: ActivityId,
    pub project_id: ProjectId,
    pub number: i32,
    pub title: String,
    pub assumptions: Value,
    pub version: i32,
}

pub fn project_of_activity(db: &mut Db, id: ActivityId) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| activities::table.find(id).select(activities::project_id).first(c).optional())
}

pub fn activity(db: &mut Db, id: ActivityId) -> QueryResult<Option<ActivityRow>> {
    on_each!(db, |c| activities::table
        .find(id)
        .select(ActivityRow::as_select())
        .first(c)
        .optional())
}

pub fn activities(db: &mut Db, project: ProjectId) -> QueryResult<Vec<ActivityRow>> {
    on_each!(db, |c| activities::table
        .filter(activities::project_id.eq(project))
        .order(activities::number)
        .select(ActivityRow::as_select())
        .load(c))
}

pub fn activity_numbers(db: &mut Db, project: ProjectId) -> QueryResult<Vec<(ActivityId, i32)>> {
    on_each!(db, |c| activities::table
        .filter(activities::project_id.eq(project))
        .select((activities::id, activities::number))
        .load(c))
}

pub fn insert_activity(db: &mut Db, row: &ActivityRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(activities::table).values(row).execute(c))
}

pub fn update_activity(db: &mut Db, row: &ActivityRow) -> QueryResult<usize> {
    let change = (
        activities::number.eq(row.number),
        activities::title.eq(&row.title),
        activities::assumptions.eq(&row.assumptions),
        activities::version.eq(row.version),
    );
    on_each!(db, |c| diesel::update(activities::table.find(row.id)).set(change).execute(c))
}

pub fn delete_activity(db: &mut Db, id: ActivityId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(activities::table.find(id)).execute(c))
}
