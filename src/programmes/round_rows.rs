use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::QueryResult;

use super::rounds::Filter;
use crate::clock::At;
use crate::ids::{CodeId, ProgrammeId, RoundId, UserId, VersionId};
use crate::paging::Page;
use crate::store::schema::{
    application_versions, project_grants, project_versions, round_codes, round_versions, rounds,
};
use crate::store::{AsOf, Db, on_each, recorded_as_of};

/// What one version says, in ids. Two that are equal say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub year: i32,
    pub kind: CodeId,
    pub envelope_ore: Option<i64>,
    pub note: Option<String>,
    pub removed: bool,
    /// The focus areas and levels that it is open to, sorted, since their order says nothing.
    pub codes: Vec<CodeId>,
}

/// Which version it is, and how long it stood.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: VersionId,
    pub round_id: RoundId,
    pub number: i32,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
}

#[derive(Debug, Clone)]
pub struct Version {
    pub stored: Stored,
    pub programme: ProgrammeId,
    pub code: String,
    pub content: Content,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = round_versions, treat_none_as_default_value = false)]
struct VersionRow {
    id: VersionId,
    round_id: RoundId,
    number: i32,
    year: i32,
    kind_id: CodeId,
    envelope_ore: Option<i64>,
    note: Option<String>,
    removed: bool,
    recorded_at: At,
    recorded_by: Option<UserId>,
    superseded_at: Option<At>,
}

type FoundRow = (VersionRow, ProgrammeId, String);

macro_rules! versions {
    () => {
        round_versions::table.inner_join(rounds::table).select((
            VersionRow::as_select(),
            rounds::programme_id,
            rounds::code,
        ))
    };
}

pub fn programme_of(db: &mut Db, id: RoundId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| rounds::table.find(id).select(rounds::programme_id).first(c).optional())
}

pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    filter: &Filter,
    kind: Option<CodeId>,
    as_of: AsOf,
    page: &Page<RoundId>,
) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(rounds::programme_id.eq(programme))
            .filter(round_versions::removed.eq(false))
            .filter(recorded_as_of!(round_versions, as_of))
            .order(round_versions::round_id)
            .limit(page.fetch())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(round_versions::round_id.gt(id));
        }
        if let Some(code) = &filter.code {
            query = query.filter(rounds::code.eq(code));
        }
        if let Some(year) = filter.year {
            query = query.filter(round_versions::year.eq(year));
        }
        if let Some(kind) = kind {
            query = query.filter(round_versions::kind_id.eq(kind));
        }
        query.load(c)
    })?;
    complete(db, found)
}

/// Every round as it stood, those taken out too.
pub fn all(db: &mut Db, programme: ProgrammeId, as_of: AsOf) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(rounds::programme_id.eq(programme))
        .filter(recorded_as_of!(round_versions, as_of))
        .load(c))?;
    complete(db, found)
}

pub fn version(db: &mut Db, id: RoundId, as_of: AsOf) -> QueryResult<Option<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(round_versions::round_id.eq(id))
        .filter(recorded_as_of!(round_versions, as_of))
        .load(c))?;
    Ok(complete(db, found)?.pop())
}

/// The round under that code as it stands, taken out or not.
pub fn by_code(db: &mut Db, programme: ProgrammeId, code: &str) -> QueryResult<Option<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| versions!()
        .filter(rounds::programme_id.eq(programme))
        .filter(rounds::code.eq(code))
        .filter(recorded_as_of!(round_versions, AsOf::NOW))
        .load(c))?;
    Ok(complete(db, found)?.pop())
}

pub fn history(db: &mut Db, id: RoundId, page: &Page<i32>) -> QueryResult<Vec<Version>> {
    let found: Vec<FoundRow> = on_each!(db, |c| {
        let mut query = versions!()
            .filter(round_versions::round_id.eq(id))
            .order(round_versions::number.desc())
            .limit(page.fetch())
            .into_boxed();
        if let Some(number) = page.after {
            query = query.filter(round_versions::number.lt(number));
        }
        query.load(c)
    })?;
    complete(db, found)
}

fn complete(db: &mut Db, found: Vec<FoundRow>) -> QueryResult<Vec<Version>> {
    let ids: Vec<VersionId> = found.iter().map(|(row, _, _)| row.id).collect();
    let codes: Vec<(VersionId, CodeId)> = on_each!(db, |c| round_codes::table
        .filter(round_codes::version_id.eq_any(&ids))
        .order(round_codes::code_id)
        .load(c))?;
    let mut by_version: HashMap<VersionId, Vec<CodeId>> = HashMap::new();
    for (version, code) in codes {
        by_version.entry(version).or_default().push(code);
    }
    let version = |(row, programme, code): FoundRow| Version {
        content: Content {
            year: row.year,
            kind: row.kind_id,
            envelope_ore: row.envelope_ore,
            note: row.note,
            removed: row.removed,
            codes: by_version.remove(&row.id).unwrap_or_default(),
        },
        stored: Stored {
            id: row.id,
            round_id: row.round_id,
            number: row.number,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            superseded_at: row.superseded_at,
        },
        programme,
        code,
    };
    Ok(found.into_iter().map(version).collect())
}

/// Whether any application names the round, or any grant as the project stands.
pub fn is_used(db: &mut Db, id: RoundId) -> QueryResult<bool> {
    on_each!(db, |c| {
        let applied = application_versions::table
            .filter(application_versions::round_id.eq(id))
            .filter(application_versions::removed.eq(false))
            .filter(recorded_as_of!(application_versions, AsOf::NOW));
        let granted = project_grants::table
            .inner_join(project_versions::table)
            .filter(project_grants::round_id.eq(id))
            .filter(recorded_as_of!(project_versions, AsOf::NOW));
        let applied: bool = diesel::select(diesel::dsl::exists(applied)).get_result(c)?;
        Ok(applied || diesel::select(diesel::dsl::exists(granted)).get_result(c)?)
    })
}

pub fn insert(
    db: &mut Db,
    id: RoundId,
    programme: ProgrammeId,
    code: &str,
    now: At,
) -> QueryResult<usize> {
    let row = (
        rounds::id.eq(id),
        rounds::programme_id.eq(programme),
        rounds::code.eq(code),
        rounds::created_at.eq(now),
    );
    on_each!(db, |c| diesel::insert_into(rounds::table).values(row).execute(c))
}

pub fn supersede(db: &mut Db, id: VersionId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(round_versions::table.find(id))
        .set(round_versions::superseded_at.eq(now))
        .execute(c))
}

pub fn insert_version(
    db: &mut Db,
    round: RoundId,
    number: i32,
    content: &Content,
    now: At,
    by: Option<UserId>,
) -> QueryResult<VersionId> {
    let id = VersionId::new();
    let row = VersionRow {
        id,
        round_id: round,
        number,
        year: content.year,
        kind_id: content.kind,
        envelope_ore: content.envelope_ore,
        note: content.note.clone(),
        removed: content.removed,
        recorded_at: now,
        recorded_by: by,
        superseded_at: None,
    };
    let code = |code: &CodeId| (round_codes::version_id.eq(id), round_codes::code_id.eq(*code));
    let codes: Vec<_> = content.codes.iter().map(code).collect();
    on_each!(db, |c| {
        diesel::insert_into(round_versions::table).values(&row).execute(c)?;
        diesel::insert_into(round_codes::table).values(&codes).execute(c)
    })?;
    Ok(id)
}
