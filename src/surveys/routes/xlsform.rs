//! Questionnaires as XLSForm workbooks.

use actix_web::web::Data;
use actix_web::{get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{
    FromPath, FromQuery, IdempotencyKey, IfMatch, Now, Put, Tagged, Workbook, WorkbookFile,
};
use crate::ids::{ProgrammeId, ProjectId, QuestionnaireId};
use crate::messages::Lang;
use crate::problem::FaultView;
use crate::store::{Store, Within};
use crate::surveys::definition::{Audience, Definition};
use crate::surveys::questionnaires::{self, Draft, NewQuestionnaire, Questionnaire};
use crate::surveys::workbooks::{self, Owner, Written};
use crate::surveys::xlsform::{MOST_BYTES, Read};
use crate::versioned::Versioned;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct XlsformQuery {
    /// The questionnaire's code; the workbook's `form_id` where not given.
    code: Option<String>,
    /// Who answers, where the workbook doesn't say; `other` where neither does.
    #[param(inline)]
    audience: Option<Audience>,
    /// Only tells what would be made.
    #[serde(default)]
    dry_run: bool,
}

/// What a workbook was read as.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadXlsform {
    /// As it is stored; null after a dry run.
    pub questionnaire: Option<Questionnaire>,
    pub definition: Definition,
    /// What was left out of it or changed, by its cell. What can't be taken is refused.
    pub notes: Vec<FaultView>,
}

impl Versioned for ReadXlsform {
    fn version(&self) -> i32 {
        self.questionnaire.as_ref().map_or(0, Versioned::version)
    }
}

impl ReadXlsform {
    fn of(read: Read, questionnaire: Option<Questionnaire>, lang: Lang) -> ReadXlsform {
        let notes = read.notes.0.iter().map(|note| FaultView::of(note, lang)).collect();
        ReadXlsform { questionnaire, definition: read.definition, notes }
    }
}

/// Whoever sends a workbook, and what comes with it.
struct Sent {
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    key: IdempotencyKey,
    query: XlsformQuery,
    book: Workbook<MOST_BYTES>,
}

impl Sent {
    async fn take(self, owner: Owner, within: impl Within) -> Result<Put<ReadXlsform>> {
        let Sent { store, now, caller, lang, key, query, book } = self;
        let reader = caller.clone();
        let read =
            move |db: &mut _| workbooks::read_for(db, &reader, owner, &book.bytes, query.audience);
        let read = store.read(read).await?;
        if query.dry_run {
            return Ok(Put { value: ReadXlsform::of(read, None, lang), created_at: None });
        }
        let code = query.code.unwrap_or_else(|| read.code.clone());
        let definition = serde_json::to_value(&read.definition);
        let definition = Some(definition.map_err(crate::error::Error::unexpected)?);
        let input = NewQuestionnaire { code, from: None, definition };
        let once = key.bound_to_hash(book.hash);
        let made = store
            .write(within, move |db| {
                let make = |db: &mut _| match owner {
                    Owner::Programme(id) => {
                        questionnaires::create_in_programme(db, &caller, id, input, now.0)
                    }
                    Owner::Project(id) => {
                        questionnaires::create_in_project(db, &caller, id, input, now.0)
                    }
                };
                once.run(db, caller.actor(), now.0, make, |db, made| {
                    questionnaires::get(db, &caller, made)
                })
            })
            .await?;
        let place = format!("/api/v1/questionnaires/{}", made.id);
        Ok(Put { value: ReadXlsform::of(read, Some(made), lang), created_at: Some(place) })
    }
}

/// Makes a questionnaire of a project from an XLSForm workbook; for its holder.
///
/// What can't be taken is told all at once, each `pointer` a cell such as `survey!C7`. With
/// `dry_run` nothing is stored (200). `docs/xlsform.md` says what is taken.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = ProjectId, Path), XlsformQuery, IdempotencyKey),
    request_body(content = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
)]
#[post("/projects/{id}/questionnaires/xlsform")]
#[allow(clippy::too_many_arguments)] // all that a workbook, a moment and a caller are
pub async fn create_project_questionnaire_from_xlsform(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<XlsformQuery>,
    key: IdempotencyKey,
    book: Workbook<MOST_BYTES>,
) -> Result<Put<ReadXlsform>> {
    Sent { store, now, caller, lang, key, query, book }.take(Owner::Project(id), id).await
}

/// Makes a questionnaire of the programme itself from an XLSForm workbook; for its secretariat.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = ProgrammeId, Path), XlsformQuery, IdempotencyKey),
    request_body(content = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
)]
#[post("/programmes/{id}/questionnaires/xlsform")]
#[allow(clippy::too_many_arguments)] // all that a workbook, a moment and a caller are
pub async fn create_programme_questionnaire_from_xlsform(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<XlsformQuery>,
    key: IdempotencyKey,
    book: Workbook<MOST_BYTES>,
) -> Result<Put<ReadXlsform>> {
    Sent { store, now, caller, lang, key, query, book }.take(Owner::Programme(id), id).await
}

/// Writes the draft anew from an XLSForm workbook.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = QuestionnaireId, Path), IfMatch),
    request_body(content = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
)]
#[put("/questionnaires/{id}/xlsform")]
#[allow(clippy::too_many_arguments)] // all that a workbook, a moment and a caller are
pub async fn update_questionnaire_from_xlsform(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<QuestionnaireId>,
    seen: IfMatch,
    book: Workbook<MOST_BYTES>,
) -> Result<Tagged<ReadXlsform>> {
    let reader = caller.clone();
    let read = move |db: &mut _| workbooks::read_over(db, &reader, id, &book.bytes);
    let read = store.read(read).await?;
    let definition = serde_json::to_value(&read.definition);
    let draft = Draft { definition: definition.map_err(crate::error::Error::unexpected)? };
    let change =
        move |db: &mut _| questionnaires::update(db, &caller, id, seen.seen(), draft, now.0);
    let changed = store.write(id, change).await?;
    Ok(Tagged(ReadXlsform::of(read, Some(changed), lang)))
}

/// The draft as an XLSForm workbook, which reads back as the same questionnaire.
#[utoipa::path(tag = "questionnaires", params(("id" = QuestionnaireId, Path)))]
#[get("/questionnaires/{id}/xlsform")]
pub async fn show_questionnaire_as_xlsform(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
) -> Result<WorkbookFile> {
    let write = move |db: &mut _| workbooks::write(db, &caller, id, None);
    let Written { name, bytes } = store.read(write).await?;
    Ok(WorkbookFile { name, bytes })
}

/// A published version as an XLSForm workbook.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = QuestionnaireId, Path), ("number" = i32, Path))
)]
#[get("/questionnaires/{id}/versions/{number}/xlsform")]
pub async fn show_questionnaire_version_as_xlsform(
    store: Data<Store>,
    caller: Caller,
    FromPath((id, number)): FromPath<(QuestionnaireId, i32)>,
) -> Result<WorkbookFile> {
    let write = move |db: &mut _| workbooks::write(db, &caller, id, Some(number));
    let Written { name, bytes } = store.read(write).await?;
    Ok(WorkbookFile { name, bytes })
}
