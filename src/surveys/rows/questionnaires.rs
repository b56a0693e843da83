use diesel::prelude::*;
use diesel::result::QueryResult;
use serde_json::Value;

use crate::clock::At;
use crate::ids::{CoreQuestionId, ProgrammeId, ProjectId, QuestionnaireId, UserId, VersionId};
use crate::paging::Page;
use crate::store::schema::{
    core_question_uses, core_questions, crossings, link_codes, links, questionnaire_versions,
    questionnaires,
};
use crate::store::{Db, on_each};
use crate::surveys::questionnaires::QuestionnaireState;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = questionnaires, treat_none_as_default_value = false)]
pub struct QuestionnaireRow {
    pub id: QuestionnaireId,
    pub programme_id: ProgrammeId,
    pub project_id: Option<ProjectId>,
    pub code: String,
    pub definition: Value,
    pub state: QuestionnaireState,
    pub version: i32,
    pub created_at: At,
}

pub fn insert(db: &mut Db, row: &QuestionnaireRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(questionnaires::table).values(row).execute(c))
}

pub fn find(db: &mut Db, id: QuestionnaireId) -> QueryResult<Option<QuestionnaireRow>> {
    on_each!(db, |c| questionnaires::table
        .find(id)
        .select(QuestionnaireRow::as_select())
        .first(c)
        .optional())
}

pub fn programme_of(db: &mut Db, id: QuestionnaireId) -> QueryResult<Option<ProgrammeId>> {
    on_each!(db, |c| questionnaires::table
        .find(id)
        .select(questionnaires::programme_id)
        .first(c)
        .optional())
}

/// Those of one project; or of a programme, without those of its projects.
pub fn list(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    page: &Page<QuestionnaireId>,
) -> QueryResult<Vec<QuestionnaireRow>> {
    on_each!(db, |c| {
        let mut query = questionnaires::table
            .filter(questionnaires::programme_id.eq(programme))
            .order(questionnaires::id)
            .limit(page.fetch())
            .select(QuestionnaireRow::as_select())
            .into_boxed();
        query = match project {
            Some(id) => query.filter(questionnaires::project_id.eq(id)),
            None => query.filter(questionnaires::project_id.is_null()),
        };
        if let Some(id) = page.after {
            query = query.filter(questionnaires::id.gt(id));
        }
        query.load(c)
    })
}

pub fn update(
    db: &mut Db,
    id: QuestionnaireId,
    definition: &Value,
    version: i32,
) -> QueryResult<usize> {
    let change = (questionnaires::definition.eq(definition), questionnaires::version.eq(version));
    on_each!(db, |c| diesel::update(questionnaires::table.find(id)).set(change).execute(c))
}

pub fn set_state(
    db: &mut Db,
    id: QuestionnaireId,
    state: QuestionnaireState,
    version: i32,
) -> QueryResult<usize> {
    let change = (questionnaires::state.eq(state), questionnaires::version.eq(version));
    on_each!(db, |c| diesel::update(questionnaires::table.find(id)).set(change).execute(c))
}

/// With everything that hangs on it; the foreign keys refuse where there are answers.
pub fn delete(db: &mut Db, id: QuestionnaireId) -> QueryResult<()> {
    on_each!(db, |c| {
        let own_links = links::table.filter(links::questionnaire_id.eq(id)).select(links::id);
        let own_versions = questionnaire_versions::table
            .filter(questionnaire_versions::questionnaire_id.eq(id))
            .select(questionnaire_versions::id);
        diesel::delete(link_codes::table.filter(link_codes::link_id.eq_any(own_links)))
            .execute(c)?;
        diesel::delete(links::table.filter(links::questionnaire_id.eq(id))).execute(c)?;
        diesel::delete(
            core_question_uses::table.filter(core_question_uses::version_id.eq_any(own_versions)),
        )
        .execute(c)?;
        diesel::delete(
            questionnaire_versions::table.filter(questionnaire_versions::questionnaire_id.eq(id)),
        )
        .execute(c)?;
        diesel::delete(crossings::table.filter(crossings::questionnaire_id.eq(id))).execute(c)?;
        diesel::delete(questionnaires::table.find(id)).execute(c)?;
        Ok(())
    })
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = questionnaire_versions, treat_none_as_default_value = false)]
pub struct VersionRow {
    pub id: VersionId,
    pub questionnaire_id: QuestionnaireId,
    pub number: i32,
    pub definition: Value,
    pub published_at: At,
    pub published_by: Option<UserId>,
    pub closed_at: Option<At>,
}

pub fn insert_version(db: &mut Db, row: &VersionRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(questionnaire_versions::table).values(row).execute(c))
}

pub fn version(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    number: i32,
) -> QueryResult<Option<VersionRow>> {
    on_each!(db, |c| questionnaire_versions::table
        .filter(questionnaire_versions::questionnaire_id.eq(questionnaire))
        .filter(questionnaire_versions::number.eq(number))
        .select(VersionRow::as_select())
        .first(c)
        .optional())
}

/// The definition of a version, which never changes.
pub fn definition(db: &mut Db, version: VersionId) -> QueryResult<Option<Value>> {
    on_each!(db, |c| questionnaire_versions::table
        .find(version)
        .select(questionnaire_versions::definition)
        .first(c)
        .optional())
}

/// Id and number of each version of these questionnaires, in their order.
pub fn versions(
    db: &mut Db,
    of: &[QuestionnaireId],
) -> QueryResult<Vec<(QuestionnaireId, VersionId, i32)>> {
    on_each!(db, |c| questionnaire_versions::table
        .filter(questionnaire_versions::questionnaire_id.eq_any(of))
        .order((questionnaire_versions::questionnaire_id, questionnaire_versions::number))
        .select((
            questionnaire_versions::questionnaire_id,
            questionnaire_versions::id,
            questionnaire_versions::number,
        ))
        .load(c))
}

/// The next of all questionnaires of a programme, those of its projects included.
pub fn next(
    db: &mut Db,
    programme: ProgrammeId,
    after: Option<QuestionnaireId>,
) -> QueryResult<Option<(QuestionnaireId, String)>> {
    on_each!(db, |c| {
        let mut query = questionnaires::table
            .filter(questionnaires::programme_id.eq(programme))
            .order(questionnaires::id)
            .select((questionnaires::id, questionnaires::code))
            .into_boxed();
        if let Some(id) = after {
            query = query.filter(questionnaires::id.gt(id));
        }
        query.first(c).optional()
    })
}

/// The questionnaires of a programme that people call so, and whose they are.
pub fn by_codes(
    db: &mut Db,
    programme: ProgrammeId,
    codes: &[String],
) -> QueryResult<Vec<(QuestionnaireId, String, Option<ProjectId>)>> {
    on_each!(db, |c| questionnaires::table
        .filter(questionnaires::programme_id.eq(programme))
        .filter(questionnaires::code.eq_any(codes))
        .order(questionnaires::id)
        .select((questionnaires::id, questionnaires::code, questionnaires::project_id))
        .load(c))
}

/// Every version of a questionnaire with its definition, in their order.
pub fn published(db: &mut Db, of: QuestionnaireId) -> QueryResult<Vec<VersionRow>> {
    on_each!(db, |c| questionnaire_versions::table
        .filter(questionnaire_versions::questionnaire_id.eq(of))
        .order(questionnaire_versions::number)
        .select(VersionRow::as_select())
        .load(c))
}

pub fn close_versions(db: &mut Db, of: QuestionnaireId, now: At) -> QueryResult<usize> {
    on_each!(db, |c| diesel::update(
        questionnaire_versions::table
            .filter(questionnaire_versions::questionnaire_id.eq(of))
            .filter(questionnaire_versions::closed_at.is_null())
    )
    .set(questionnaire_versions::closed_at.eq(now))
    .execute(c))
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = core_questions, treat_none_as_default_value = false)]
pub struct CoreQuestionRow {
    pub id: CoreQuestionId,
    pub programme_id: ProgrammeId,
    pub code: String,
    pub question: Value,
    pub retired: bool,
    pub version: i32,
    pub created_at: At,
}

pub fn insert_core(db: &mut Db, row: &CoreQuestionRow) -> QueryResult<usize> {
    on_each!(db, |c| diesel::insert_into(core_questions::table).values(row).execute(c))
}

pub fn core(db: &mut Db, id: CoreQuestionId) -> QueryResult<Option<CoreQuestionRow>> {
    on_each!(db, |c| core_questions::table
        .find(id)
        .select(CoreQuestionRow::as_select())
        .first(c)
        .optional())
}

/// The whole bank of a programme: a few dozen at the most.
pub fn bank(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<CoreQuestionRow>> {
    on_each!(db, |c| core_questions::table
        .filter(core_questions::programme_id.eq(programme))
        .order(core_questions::code)
        .select(CoreQuestionRow::as_select())
        .load(c))
}

pub fn update_core(
    db: &mut Db,
    id: CoreQuestionId,
    question: &Value,
    retired: bool,
    version: i32,
) -> QueryResult<usize> {
    let change = (
        core_questions::question.eq(question),
        core_questions::retired.eq(retired),
        core_questions::version.eq(version),
    );
    on_each!(db, |c| diesel::update(core_questions::table.find(id)).set(change).execute(c))
}

/// The core questions of a programme that a published version asks.
pub fn used_cores(db: &mut Db, programme: ProgrammeId) -> QueryResult<Vec<CoreQuestionId>> {
    on_each!(db, |c| core_question_uses::table
        .inner_join(core_questions::table)
        .filter(core_questions::programme_id.eq(programme))
        .select(core_question_uses::core_question_id)
        .distinct()
        .load(c))
}

pub fn insert_core_uses(
    db: &mut Db,
    version: VersionId,
    cores: &[CoreQuestionId],
) -> QueryResult<usize> {
    let row = |core: &CoreQuestionId| {
        (core_question_uses::core_question_id.eq(*core), core_question_uses::version_id.eq(version))
    };
    let rows: Vec<_> = cores.iter().map(row).collect();
    on_each!(db, |c| diesel::insert_into(core_question_uses::table).values(&rows).execute(c))
}
