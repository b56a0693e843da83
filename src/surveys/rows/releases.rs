use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use crate::clock::At;
use crate::ids::{
    CodeId, LinkId, OrganisationId, ProgrammeId, ProjectId, QuestionnaireId, VersionId,
};
use crate::store::schema::{links, releases};
use crate::store::{AsOf, Db, on_each};
use crate::surveys::definition::Audience;
use crate::surveys::link_state::Stage;

/// How many ids one statement names at the most.
const BATCH: usize = 500;

/// A release: append-only, with all that decides what of it may be seen.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = releases, treat_none_as_default_value = false)]
pub struct ReleaseRow {
    pub link_id: LinkId,
    pub number: i32,
    pub recorded_at: At,
    pub closing: bool,
    pub threshold: i32,
    pub organisation_id: Option<OrganisationId>,
    pub education_level_id: Option<CodeId>,
    pub wave: Option<String>,
    /// All responses so far, those on paper included.
    pub n: i64,
    pub paper: i64,
    pub plan: Value,
    pub tally: Value,
}

pub fn insert(db: &mut Db, row: &ReleaseRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(releases::table).values(row).execute(c))
}

/// All releases of a questionnaire by then.
pub fn of_questionnaire(
    db: &mut Db,
    id: QuestionnaireId,
    as_of: AsOf,
) -> QueryResult<Vec<ReleaseRow>> {
    on_each!(db, |c| releases::table
        .inner_join(links::table)
        .filter(links::questionnaire_id.eq(id))
        .filter(releases::recorded_at.le(as_of.moment()))
        .order((releases::recorded_at, releases::link_id, releases::number))
        .select(ReleaseRow::as_select())
        .load(c))
}

/// All releases of a link, in their order.
pub fn of_link(db: &mut Db, link: LinkId) -> QueryResult<Vec<ReleaseRow>> {
    on_each!(db, |c| releases::table
        .filter(releases::link_id.eq(link))
        .order(releases::number)
        .select(ReleaseRow::as_select())
        .load(c))
}

pub fn last_recorded(db: &mut Db, id: QuestionnaireId) -> QueryResult<Option<At>> {
    on_each!(db, |c| releases::table
        .inner_join(links::table)
        .filter(links::questionnaire_id.eq(id))
        .order(releases::recorded_at.desc())
        .select(releases::recorded_at)
        .first(c)
        .optional())
}

/// How far a link has been released, without what was answered.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = releases)]
pub struct SoFarRow {
    pub link_id: LinkId,
    pub number: i32,
    pub closing: bool,
    pub n: i64,
    pub paper: i64,
}

/// Every release of these links by then, each link's in their order.
pub fn so_far(db: &mut Db, of: &[LinkId], as_of: AsOf) -> QueryResult<Vec<SoFarRow>> {
    let mut all = Vec::new();
    for batch in of.chunks(BATCH) {
        all.extend(on_each!(db, |c| releases::table
            .filter(releases::link_id.eq_any(batch))
            .filter(releases::recorded_at.le(as_of.moment()))
            .order((releases::link_id, releases::number))
            .select(SoFarRow::as_select())
            .load(c))?);
    }
    Ok(all)
}

/// Whose links are meant.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    Questionnaire(QuestionnaireId),
    Project(ProjectId),
    Programme(ProgrammeId),
    Everybody,
}

/// What results know of a link.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = links)]
pub struct LinkInfo {
    pub id: LinkId,
    pub programme_id: ProgrammeId,
    pub questionnaire_id: QuestionnaireId,
    pub version_id: VersionId,
    pub project_id: Option<ProjectId>,
    pub organisation_id: Option<OrganisationId>,
    pub education_level_id: Option<CodeId>,
    pub audience: Audience,
    pub wave: Option<String>,
    pub label: String,
    pub class_size: Option<i32>,
    pub state: Stage,
    pub created_at: At,
}

pub fn links_of(db: &mut Db, whose: Whose) -> QueryResult<Vec<LinkInfo>> {
    on_each!(db, |c| {
        let mut query = links::table.order(links::id).select(LinkInfo::as_select()).into_boxed();
        query = match whose {
            Whose::Questionnaire(id) => query.filter(links::questionnaire_id.eq(id)),
            Whose::Project(id) => query.filter(links::project_id.eq(id)),
            Whose::Programme(id) => query.filter(links::programme_id.eq(id)),
            // Closed links gave their last release when they were closed.
            Whose::Everybody => query.filter(links::state.eq(Stage::Open)),
        };
        query.load(c)
    })
}
