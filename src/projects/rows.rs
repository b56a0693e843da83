mod names;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::QueryResult;

pub use self::names::*;
use super::content::{Content, HeldGrant, NamedOrganisation, Version};
use super::{Extension, Filter, Grant, PartialDate, ProjectStatus};
use crate::clock::At;
use crate::ids::{
    ApplicationId, CodeId, OrganisationId, ProgrammeId, ProjectId, RoundId, UserId, VersionId,
};
use crate::paging::Page;
use crate::programmes::organisations::OrganisationKind;
use crate::store::schema::{
    applications, organisations, project_approaches, project_extensions, project_grants,
    project_partners, project_versions, projects, rounds,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

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
    total_budget_ore: Option<i64>,
    own_cofinancing_ore: Option<i64>,
    other_cofinancing_ore: Option<i64>,
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
    kind: Option<OrganisationKind>,
    education_type_id: Option<CodeId>,
}

type FoundRow = (VersionRow, ProjectRow, OrganisationRow);

/// A grant with the codes of its round and its application.
type FoundGrant = (GrantRow, Option<String>, Option<String>);

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

/// These versions, whenever they stood.
pub fn versions(db: &mut Db, ids: &[VersionId]) -> QueryResult<Vec<Version>> {
    let rows: Vec<FoundRow> =
        on_each!(db, |c| versions!().filter(project_versions::id.eq_any(ids)).load(c))?;
    complete(db, rows)
}

/// These projects as they stood.
pub fn versions_of(db: &mut Db, ids: &[ProjectId], as_of: AsOf) -> QueryResult<Vec<Version>> {
    let rows: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(project_versions::project_id.eq_any(ids))
        .filter(recorded_as_of!(project_versions, as_of))
        .load(c))?;
    complete(db, rows)
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
    round_id: Option<RoundId>,
    application_id: Option<ApplicationId>,
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
    let grants: Vec<FoundGrant> = on_each!(db, |c| project_grants::table
        .left_join(rounds::table)
        .left_join(applications::table)
        .filter(project_grants::version_id.eq_any(&ids))
        .order(project_grants::position)
        .select((GrantRow::as_select(), rounds::code.nullable(), applications::code.nullable()))
        .load(c))?;
    let extensions: Vec<ExtensionRow> = on_each!(db, |c| project_extensions::table
        .filter(project_extensions::version_id.eq_any(&ids))
        .order(project_extensions::position)
        .select(ExtensionRow::as_select())
        .load(c))?;

    let mut approaches = by_version(approaches, |row| row);
    let mut partners = by_version(partners, |row| row);
    let mut grants = by_version(grants, |(row, round, application)| {
        let GrantRow { version_id, amount_ore, granted_on, note, .. } = row;
        let (round_id, application_id) = (row.round_id, row.application_id);
        let shown = Grant { amount_ore, granted_on, note: note.clone(), round, application };
        let (round, application) = (round_id, application_id);
        (version_id, (HeldGrant { amount_ore, granted_on, note, round, application }, shown))
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
        let (held_grants, grants) = grants.remove(&row.id).unwrap_or_default().into_iter().unzip();
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
                grants: held_grants,
                total_budget_ore: row.total_budget_ore,
                own_cofinancing_ore: row.own_cofinancing_ore,
                other_cofinancing_ore: row.other_cofinancing_ore,
            },
            holder: holder.into(),
            partners: partners.into_iter().map(NamedOrganisation::from).collect(),
            grants,
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
        let OrganisationRow { code, name, kind, education_type_id: education_type, .. } = row;
        NamedOrganisation { code, name, kind, education_type }
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
        total_budget_ore: content.total_budget_ore,
        own_cofinancing_ore: content.own_cofinancing_ore,
        other_cofinancing_ore: content.other_cofinancing_ore,
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
            let HeldGrant { amount_ore, granted_on, note, round, application } = grant;
            let (round_id, application_id) = (round, application);
            let version_id = id;
            GrantRow {
                version_id,
                position,
                amount_ore,
                granted_on,
                note,
                round_id,
                application_id,
            }
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
