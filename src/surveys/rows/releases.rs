use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable};
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

diesel::define_sql_function! {
    fn coalesce(number: Nullable<Integer>, otherwise: Integer) -> Integer;
}

/// The releases of a questionnaire after one moment, up to another. A link's releases are in the
/// order of time, so that of each those are read that come after the last one before.
pub fn of_questionnaire(
    db: &mut Db,
    id: QuestionnaireId,
    after: Option<At>,
    until: At,
) -> QueryResult<Vec<ReleaseRow>> {
    let earlier = diesel::alias!(releases as earlier);
    on_each!(db, |c| {
        let query = releases::table
            .inner_join(links::table)
            .filter(links::questionnaire_id.eq(id))
            .filter(releases::recorded_at.le(until))
            .order((releases::recorded_at, releases::link_id, releases::number))
            .select(ReleaseRow::as_select());
        let Some(after) = after else { return query.load(c) };
        let last = earlier
            .filter(earlier.field(releases::link_id).eq(links::id))
            .filter(earlier.field(releases::recorded_at).le(after))
            .order(earlier.field(releases::number).desc())
            .select(earlier.field(releases::number))
            .limit(1)
            .single_value();
        query.filter(releases::number.gt(coalesce(last, 0))).load(c)
    })
}

/// The plans that releases of a questionnaire follow, each of them once.
pub fn plans(db: &mut Db, id: QuestionnaireId) -> QueryResult<Vec<Value>> {
    on_each!(db, |c| releases::table
        .inner_join(links::table)
        .filter(links::questionnaire_id.eq(id))
        .select(releases::plan)
        .distinct()
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

/// When a questionnaire was last released by then. A link's releases are in the order of time, so
/// that those of each are looked through from the end.
pub fn last_recorded(db: &mut Db, id: QuestionnaireId, as_of: AsOf) -> QueryResult<Option<At>> {
    let newest = on_each!(db, |c| links::table
        .filter(links::questionnaire_id.eq(id))
        .select(
            releases::table
                .filter(releases::link_id.eq(links::id))
                .filter(releases::recorded_at.le(as_of.moment()))
                .order(releases::number.desc())
                .select(releases::recorded_at)
                .limit(1)
                .single_value(),
        )
        .load::<Option<At>>(c))?;
    Ok(newest.into_iter().flatten().max())
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

/// The last release by then of each of these links that has one.
pub fn so_far(db: &mut Db, of: &[LinkId], as_of: AsOf) -> QueryResult<Vec<SoFarRow>> {
    let newer = diesel::alias!(releases as newer);
    let mut all = Vec::new();
    for batch in of.chunks(BATCH) {
        all.extend(on_each!(db, |c| releases::table
            .filter(releases::link_id.eq_any(batch))
            .filter(
                releases::number.nullable().eq(newer
                    .filter(newer.field(releases::link_id).eq(releases::link_id))
                    .filter(newer.field(releases::recorded_at).le(as_of.moment()))
                    .order(newer.field(releases::number).desc())
                    .select(newer.field(releases::number))
                    .limit(1)
                    .single_value()),
            )
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
