use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use crate::clock::At;
use crate::ids::{
    CodeId, LinkId, OrganisationId, ProgrammeId, ProjectId, QuestionnaireId, VersionId,
};
use crate::paging::Page;
use crate::store::schema::{
    class_pages, crossings, link_codes, links, programmes, questionnaires, tallies,
};
use crate::store::types::AnyId;
use crate::store::{Db, on_each};
use crate::surveys::batch::MOST_RESPONSES;
use crate::surveys::definition::Audience;
use crate::surveys::link_state::{Access, Stage};
use crate::surveys::questionnaires::QuestionnaireState;
use crate::surveys::tally::Source;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = links, treat_none_as_default_value = false)]
pub struct LinkRow {
    pub id: LinkId,
    pub programme_id: ProgrammeId,
    pub project_id: Option<ProjectId>,
    pub questionnaire_id: QuestionnaireId,
    pub version_id: VersionId,
    pub token: String,
    pub organisation_id: Option<OrganisationId>,
    pub label: String,
    pub education_level_id: Option<CodeId>,
    pub audience: Audience,
    pub wave: Option<String>,
    pub opens_at: Option<At>,
    pub closes_at: Option<At>,
    pub cap: Option<i32>,
    pub class_size: Option<i32>,
    pub language: Option<String>,
    pub origins: Value,
    pub access: Access,
    pub state: Stage,
    pub closed_at: Option<At>,
    pub version: i32,
    pub created_at: At,
    pub suspicious: i32,
}

pub fn insert(db: &mut Db, row: &LinkRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(links::table).values(row).execute(c))
}

pub fn find(db: &mut Db, id: LinkId) -> QueryResult<Option<LinkRow>> {
    on_each!(db, |c| links::table.find(id).select(LinkRow::as_select()).first(c).optional())
}

pub fn programme_of(db: &mut Db, id: LinkId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| links::table.find(id).select(links::programme_id).first(c).optional())
}

/// What never changes about the link behind a token.
pub fn by_token(db: &mut Db, token: &str) -> QueryResult<Option<(LinkId, VersionId)>> {
    on_each!(db, |c| links::table
        .filter(links::token.eq(token))
        .select((links::id, links::version_id))
        .first(c)
        .optional())
}

pub fn insert_class_page(db: &mut Db, link: LinkId, token: &str) -> QueryResult<usize> {
    let row = (class_pages::token.eq(token), class_pages::link_id.eq(link));
    on_each!(db, |c| diesel::insert_into(class_pages::table).values(row).execute(c))
}

pub fn class_token(db: &mut Db, link: LinkId) -> QueryResult<Option<String>> {
    on_each!(db, |c| class_pages::table
        .filter(class_pages::link_id.eq(link))
        .select(class_pages::token)
        .first(c)
        .optional())
}

pub fn by_class_token(db: &mut Db, token: &str) -> QueryResult<Option<LinkId>> {
    on_each!(db, |c| class_pages::table
        .find(token)
        .select(class_pages::link_id)
        .first(c)
        .optional())
}

/// One project, and the organisations in it that the view is limited to.
pub type Part = (ProjectId, Option<Vec<OrganisationId>>);

/// The links of a questionnaire; only those within `parts`, where the view is limited to them.
pub fn list(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    parts: Option<&[Part]>,
    page: &Page<LinkId>,
) -> QueryResult<Vec<LinkRow>> {
    on_each!(db, |c| {
        let mut query = links::table
            .filter(links::questionnaire_id.eq(questionnaire))
            .order(links::id)
            .limit(page.fetch())
            .select(LinkRow::as_select())
            .into_boxed();
        if let Some(id) = page.after {
            query = query.filter(links::id.gt(id));
        }
        if let Some(parts) = parts {
            let whole: Vec<_> =
                parts.iter().filter(|part| part.1.is_none()).map(|part| part.0).collect();
            // A contributor's: of the project, and of one of its own organisations.
            let mut seen: Box<dyn BoxableExpression<links::table, _, SqlType = _>> =
                Box::new(links::project_id.eq_any(whole).assume_not_null());
            for (project, organisations) in parts {
                if let Some(own) = organisations {
                    let of = links::project_id.eq(*project).assume_not_null();
                    let by = links::organisation_id.eq_any(own).assume_not_null();
                    seen = Box::new(seen.or(of.and(by)));
                }
            }
            query = query.filter(seen);
        }
        query.load(c)
    })
}

/// Every link of the installation, by page.
pub fn after(db: &mut Db, page: &Page<LinkId>) -> QueryResult<Vec<LinkId>> {
    on_each!(db, |c| {
        let mut query =
            links::table.order(links::id).limit(page.fetch()).select(links::id).into_boxed();
        if let Some(id) = page.after {
            query = query.filter(links::id.gt(id));
        }
        query.load(c)
    })
}

pub fn of_questionnaire(db: &mut Db, id: QuestionnaireId) -> QueryResult<Vec<LinkId>> {
    on_each!(db, |c| links::table
        .filter(links::questionnaire_id.eq(id))
        .order(links::id)
        .select(links::id)
        .load(c))
}

/// Those of a questionnaire that still take answers, or are being closed.
pub fn not_closed(db: &mut Db, id: QuestionnaireId) -> QueryResult<Vec<LinkId>> {
    on_each!(db, |c| links::table
        .filter(links::questionnaire_id.eq(id))
        .filter(links::state.ne(Stage::Closed))
        .order(links::id)
        .select(links::id)
        .load(c))
}

/// Links that are being closed, whose time is up, or whose questionnaire is closed.
pub fn due(db: &mut Db, now: At) -> QueryResult<Vec<LinkId>> {
    on_each!(db, |c| links::table
        .inner_join(questionnaires::table)
        .filter(links::state.ne(Stage::Closed))
        .filter(
            links::state
                .eq(Stage::Closing)
                .or(links::closes_at.le(now).assume_not_null())
                .or(questionnaires::state.eq(QuestionnaireState::Closed)),
        )
        .order(links::id)
        .select(links::id)
        .load(c))
}

pub fn in_stage(db: &mut Db, stage: Stage) -> QueryResult<Vec<LinkId>> {
    on_each!(db, |c| links::table
        .filter(links::state.eq(stage))
        .order(links::id)
        .select(links::id)
        .load(c))
}

pub fn update(db: &mut Db, row: &LinkRow) -> QueryResult<usize> {
    let change = (
        links::organisation_id.eq(row.organisation_id),
        links::label.eq(&row.label),
        links::education_level_id.eq(row.education_level_id),
        links::audience.eq(row.audience),
        links::wave.eq(&row.wave),
        links::opens_at.eq(row.opens_at),
        links::closes_at.eq(row.closes_at),
        links::cap.eq(row.cap),
        links::class_size.eq(row.class_size),
        links::language.eq(&row.language),
        links::origins.eq(&row.origins),
        links::access.eq(row.access),
        links::version.eq(row.version),
    );
    on_each!(db, |c| diesel::update(links::table.find(row.id)).set(change).execute(c))
}

pub fn set_stage(
    db: &mut Db,
    id: LinkId,
    stage: Stage,
    closed_at: Option<At>,
) -> QueryResult<usize> {
    let change = (
        links::state.eq(stage),
        links::closed_at.eq(closed_at),
        links::version.eq(links::version + 1),
    );
    on_each!(db, |c| diesel::update(links::table.find(id)).set(change).execute(c))
}

/// What the intake must know of a link at the moment when it stores.
#[derive(Queryable, Selectable)]
#[diesel(table_name = links)]
pub struct GateRow {
    pub id: LinkId,
    pub questionnaire_id: QuestionnaireId,
    pub opens_at: Option<At>,
    pub closes_at: Option<At>,
    pub cap: Option<i32>,
    pub access: Access,
    pub state: Stage,
    pub language: Option<String>,
}

impl GateRow {
    /// How many may answer.
    pub fn most(&self) -> i64 {
        self.cap.map_or(MOST_RESPONSES, i64::from)
    }
}

pub fn add_suspicious(db: &mut Db, id: LinkId, more: i32) -> QueryResult<usize> {
    let sum = links::suspicious.eq(links::suspicious + more);
    on_each!(db, |c| diesel::update(links::table.find(id)).set(sum).execute(c))
}

/// What stands around the questions where a link is answered.
#[derive(Queryable, Selectable)]
#[diesel(table_name = links)]
pub struct FaceRow {
    pub project_id: Option<ProjectId>,
    pub audience: Audience,
    pub origins: Value,
    #[diesel(select_expression = programmes::name_da)]
    pub programme_da: String,
    #[diesel(select_expression = programmes::name_en)]
    pub programme_en: String,
}

pub fn face(db: &mut Db, id: LinkId) -> QueryResult<Option<FaceRow>> {
    on_each!(db, |c| links::table
        .inner_join(programmes::table)
        .filter(links::id.eq(id))
        .select(FaceRow::as_select())
        .first(c)
        .optional())
}

/// As [`gates`], each with whether its questionnaire tallies anything crossed, and how many have
/// answered it on the page; a link stands there once for each source of its tallies.
pub fn gates_and_totals(
    db: &mut Db,
    ids: &[LinkId],
) -> QueryResult<Vec<(GateRow, bool, Option<i64>)>> {
    let crossed = crossings::table.filter(crossings::questionnaire_id.eq(links::questionnaire_id));
    let everybody = tallies::link_id
        .eq(links::id)
        .and(tallies::question.eq(""))
        .and(tallies::option.eq(""))
        .and(tallies::base_question.eq(""))
        .and(tallies::base_option.eq(""))
        .and(tallies::source.ne(Source::Paper));
    on_each!(db, |c| {
        let query = links::table.left_join(tallies::table.on(everybody)).select((
            GateRow::as_select(),
            exists(crossed),
            tallies::n.nullable(),
        ));
        match ids {
            // The most frequent, and SQLite too plans it once.
            [id] => query.filter(links::id.eq(*id)).load(c),
            ids => query.filter(links::id.eq_any(ids)).load(c),
        }
    })
}

pub fn gates(db: &mut Db, ids: &[LinkId]) -> QueryResult<Vec<GateRow>> {
    on_each!(db, |c| links::table
        .filter(links::id.eq_any(ids))
        .select(GateRow::as_select())
        .load(c))
}

pub fn insert_codes(db: &mut Db, link: LinkId, hashes: &[Vec<u8>]) -> QueryResult<usize> {
    let row =
        |hash: &Vec<u8>| (link_codes::code_hash.eq(hash.clone()), link_codes::link_id.eq(link));
    let rows: Vec<_> = hashes.iter().map(row).collect();
    on_each!(db, |c| diesel::insert_into(link_codes::table).values(&rows).execute(c))
}

pub fn count_codes(db: &mut Db, link: LinkId) -> QueryResult<i64> {
    on_each!(db, |c| link_codes::table.filter(link_codes::link_id.eq(link)).count().get_result(c))
}

/// Which of these codes are good.
pub fn good_codes(db: &mut Db, hashes: &[Vec<u8>]) -> QueryResult<Vec<Vec<u8>>> {
    on_each!(db, |c| link_codes::table
        .filter(link_codes::code_hash.eq_any(hashes))
        .select(link_codes::code_hash)
        .load(c))
}

pub fn delete_codes(db: &mut Db, hashes: &[Vec<u8>]) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(link_codes::table.filter(link_codes::code_hash.eq_any(hashes)))
        .execute(c))
}

pub fn delete_codes_of(db: &mut Db, link: LinkId) -> QueryResult<usize> {
    on_each!(db, |c| diesel::delete(link_codes::table.filter(link_codes::link_id.eq(link)))
        .execute(c))
}

/// Which of these links have an answer of any source.
pub fn has_answers(db: &mut Db, ids: &[LinkId]) -> QueryResult<bool> {
    use crate::store::schema::tallies;
    let found: Option<AnyId> = on_each!(db, |c| tallies::table
        .filter(tallies::link_id.eq_any(ids))
        .select(tallies::link_id)
        .first(c)
        .optional())?;
    Ok(found.is_some())
}
