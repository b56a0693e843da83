use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::result::QueryResult;

use super::codes::{Code, CodeList, CodeUpdate};
use super::organisations::OrganisationKind;
use super::{Programme, ProgrammeNames, ProgrammeUpdate};
use crate::clock::At;
use crate::ids::{CodeId, OrganisationId, ProgrammeId, ProjectId};
use crate::paging::Page;
use crate::store::schema::{codes, counts, indicator_codes, organisations, programmes, projects};
use crate::store::{Db, on_each};

#[derive(Queryable, Selectable)]
#[diesel(table_name = programmes)]
struct ProgrammeRow {
    id: ProgrammeId,
    code: String,
    name_da: String,
    name_en: String,
    threshold: i32,
    version: i32,
}

impl From<ProgrammeRow> for Programme {
    fn from(row: ProgrammeRow) -> Programme {
        let ProgrammeRow { id, code, name_da, name_en, threshold, version } = row;
        Programme { id, code, name_da, name_en, threshold, version }
    }
}

pub fn insert(
    db: &mut Db,
    id: ProgrammeId,
    code: &str,
    names: &ProgrammeNames,
    now: At,
) -> QueryResult<usize> {
    let row = (
        programmes::id.eq(id),
        programmes::code.eq(code),
        programmes::name_da.eq(&names.name_da),
        programmes::name_en.eq(&names.name_en),
        programmes::version.eq(1),
        programmes::created_at.eq(now),
    );
    on_each!(db, |c| diesel::insert_into(programmes::table).values(row).execute(c))
}

pub fn list(db: &mut Db) -> QueryResult<Vec<Programme>> {
    let rows: Vec<ProgrammeRow> = on_each!(db, |c| programmes::table
        .order(programmes::code)
        .select(ProgrammeRow::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(Programme::from).collect())
}

pub fn find(db: &mut Db, id: ProgrammeId) -> QueryResult<Option<Programme>> {
    let row: Option<ProgrammeRow> = on_each!(db, |c| programmes::table
        .find(id)
        .select(ProgrammeRow::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(Programme::from))
}

pub fn find_by_code(db: &mut Db, code: &str) -> QueryResult<Option<Programme>> {
    let row: Option<ProgrammeRow> = on_each!(db, |c| programmes::table
        .filter(programmes::code.eq(code))
        .select(ProgrammeRow::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(Programme::from))
}

pub fn update(
    db: &mut Db,
    id: ProgrammeId,
    version: i32,
    input: &ProgrammeUpdate,
) -> QueryResult<usize> {
    let change = (
        programmes::name_da.eq(&input.name_da),
        programmes::name_en.eq(&input.name_en),
        input.threshold.map(|threshold| programmes::threshold.eq(threshold)),
        programmes::version.eq(version),
    );
    on_each!(db, |c| diesel::update(programmes::table.find(id)).set(change).execute(c))
}

/// Projects stand above programmes; the trail of one is asked for by its code.
pub fn project_coded(
    db: &mut Db,
    programme: ProgrammeId,
    code: &str,
) -> QueryResult<Option<ProjectId>> {
    on_each!(db, |c| projects::table
        .filter(projects::programme_id.eq(programme))
        .filter(projects::code.eq(code))
        .select(projects::id)
        .first(c)
        .optional())
}

#[derive(Insertable)]
#[diesel(table_name = codes, treat_none_as_default_value = false)]
pub struct NewCodeRow<'a> {
    pub id: CodeId,
    pub programme_id: ProgrammeId,
    pub list: CodeList,
    pub code: &'a str,
    pub parent_id: Option<CodeId>,
    pub name_da: &'a str,
    pub name_en: &'a str,
    pub position: i32,
    pub retired: bool,
    pub version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = codes)]
struct CodeRow {
    id: CodeId,
    list: CodeList,
    code: String,
    parent_id: Option<CodeId>,
    name_da: String,
    name_en: String,
    position: i32,
    retired: bool,
    version: i32,
}

/// All codes, each list in its order.
pub fn codes(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<Code>> {
    let rows: Vec<CodeRow> = on_each!(db, |c| codes::table
        .filter(codes::programme_id.eq(programme))
        .order((codes::list, codes::position, codes::code))
        .select(CodeRow::as_select())
        .load(c))?;
    let words: HashMap<CodeId, String> =
        rows.iter().map(|row| (row.id, row.code.clone())).collect();
    let code = |row: CodeRow| Code {
        id: row.id,
        list: row.list,
        code: row.code,
        parent: row.parent_id.and_then(|id| words.get(&id).cloned()),
        name_da: row.name_da,
        name_en: row.name_en,
        position: row.position,
        retired: row.retired,
        version: row.version,
    };
    Ok(rows.into_iter().map(code).collect())
}

pub fn insert_codes(db: &mut Db, rows: &[NewCodeRow]) -> QueryResult<()> {
    on_each!(db, |c| diesel::insert_into(codes::table).values(rows).execute(c))?;
    Ok(())
}

pub fn update_code(
    db: &mut Db,
    id: CodeId,
    parent: Option<CodeId>,
    input: &CodeUpdate,
    version: i32,
) -> QueryResult<usize> {
    let change = (
        codes::parent_id.eq(parent),
        codes::name_da.eq(&input.name_da),
        codes::name_en.eq(&input.name_en),
        codes::position.eq(input.position),
        codes::retired.eq(input.retired),
        codes::version.eq(version),
    );
    on_each!(db, |c| diesel::update(codes::table.find(id)).set(change).execute(c))
}

/// Whether any count or any indicator names one of the codes.
pub fn are_counted(db: &mut Db, ids: &HashSet<CodeId>) -> QueryResult<bool> {
    on_each!(db, |c| {
        let counted = counts::table
            .filter(counts::education_level_id.eq_any(ids).or(counts::role_id.eq_any(ids)));
        let chosen = indicator_codes::table.filter(indicator_codes::code_id.eq_any(ids));
        let counted: bool = diesel::select(diesel::dsl::exists(counted)).get_result(c)?;
        Ok(counted || diesel::select(diesel::dsl::exists(chosen)).get_result(c)?)
    })
}

pub fn delete_code(db: &mut Db, id: CodeId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(codes::table.find(id)).execute(c))
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = organisations, treat_none_as_default_value = false)]
pub struct OrganisationRow {
    pub id: OrganisationId,
    pub programme_id: ProgrammeId,
    pub code: String,
    pub name: String,
    pub kind: Option<OrganisationKind>,
    pub education_type_id: Option<CodeId>,
    pub institution_number: Option<String>,
    pub cvr_number: Option<String>,
    pub retired: bool,
    pub version: i32,
}

pub fn organisations(
    db: &mut Db,
    programme: ProgrammeId,
    page: &Page<OrganisationId>,
) -> QueryResult<Vec<OrganisationRow>> {
    on_each!(db, |c| {
        let mut query = organisations::table
            .filter(organisations::programme_id.eq(programme))
            .order(organisations::id)
            .limit(page.fetch())
            .select(OrganisationRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(organisations::id.gt(id));
        }
        query.load(c)
    })
}

pub fn all_organisations(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<OrganisationRow>> {
    on_each!(db, |c| organisations::table
        .filter(organisations::programme_id.eq(programme))
        .order(organisations::code)
        .select(OrganisationRow::as_select())
        .load(c))
}

pub fn organisation(db: &mut Db, id: OrganisationId) -> QueryResult<Option<OrganisationRow>> {
    on_each!(db, |c| organisations::table
        .find(id)
        .select(OrganisationRow::as_select())
        .first(c)
        .optional())
}

pub fn insert_organisation(db: &mut Db, row: &OrganisationRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(organisations::table).values(row).execute(c))
}

pub fn update_organisation(db: &mut Db, row: &OrganisationRow) -> QueryResult<usize> {
    let change = (
        organisations::name.eq(&row.name),
        organisations::kind.eq(row.kind),
        organisations::education_type_id.eq(row.education_type_id),
        organisations::institution_number.eq(&row.institution_number),
        organisations::cvr_number.eq(&row.cvr_number),
        organisations::retired.eq(row.retired),
        organisations::version.eq(row.version),
    );
    on_each!(db, |c| diesel::update(organisations::table.find(row.id)).set(change).execute(c))
}

pub fn delete_organisation(db: &mut Db, id: OrganisationId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(organisations::table.find(id)).execute(c))
}

/// The organisation with that institution number, which is unique in the programme.
pub fn organisation_numbered(
    db: &mut Db,
    programme: ProgrammeId,
    number: &str,
) -> QueryResult<Option<OrganisationId>> {
    on_each!(db, |c| organisations::table
        .filter(organisations::programme_id.eq(programme))
        .filter(organisations::institution_number.eq(number))
        .select(organisations::id)
        .first(c)
        .optional())
}
