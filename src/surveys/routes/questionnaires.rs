use actix_web::web::Data;
use actix_web::{delete, get, post, put};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Caller;
use crate::error::{Faults, Result};
use crate::http::{
    Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, IfMatch, Now, PageQuery, Shown,
    Tagged,
};
use crate::ids::{CoreQuestionId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::messages::Lang;
use crate::paging::Listing;
use crate::problem::FaultView;
use crate::store::Store;
use crate::surveys::closing;
use crate::surveys::core_questions::{self, CoreQuestion, CoreQuestionInput};
use crate::surveys::questionnaires::{self, Draft, NewQuestionnaire, Questionnaire, ToValidate};
use crate::surveys::ready::{self, ReadyQuestionnaire};
use crate::surveys::versions::{self, PublishedVersion};

/// What keeps a definition from being published.
#[derive(Debug, Serialize, ToSchema)]
pub struct Validation {
    /// Whether nothing does.
    pub valid: bool,
    /// All of it at once.
    pub errors: Vec<FaultView>,
}

impl Validation {
    fn of(faults: &Faults, lang: Lang) -> Validation {
        let errors = faults.0.iter().map(|fault| FaultView::of(fault, lang)).collect();
        Validation { valid: faults.0.is_empty(), errors }
    }
}

fn address(id: QuestionnaireId) -> String {
    format!("/api/v1/questionnaires/{id}")
}

/// The questionnaires of a project.
#[utoipa::path(tag = "questionnaires", params(("id" = ProjectId, Path), PageQuery))]
#[get("/projects/{id}/questionnaires")]
pub async fn list_project_questionnaires(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Questionnaire>>> {
    let page = query.page()?;
    let list = move |db: &mut _| questionnaires::list_of_project(db, &caller, id, &page);
    Ok(Shown(store.read(list).await?))
}

/// Begins a questionnaire of a project; for its holder.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewQuestionnaire
)]
#[post("/projects/{id}/questionnaires")]
pub async fn create_project_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewQuestionnaire>,
) -> Result<Created<Questionnaire>> {
    let once = key.bound_to(&body);
    let made = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| questionnaires::create_in_project(db, &caller, id, body.value, now.0),
                |db, made| questionnaires::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(address(made.id), made))
}

/// The programme's own questionnaires, which every project may hand out.
#[utoipa::path(tag = "questionnaires", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/questionnaires")]
pub async fn list_programme_questionnaires(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Questionnaire>>> {
    let page = query.page()?;
    let list = move |db: &mut _| questionnaires::list_of_programme(db, &caller, id, &page);
    Ok(Shown(store.read(list).await?))
}

/// Begins a questionnaire of the programme itself; for its secretariat.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = NewQuestionnaire
)]
#[post("/programmes/{id}/questionnaires")]
pub async fn create_programme_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<NewQuestionnaire>,
) -> Result<Created<Questionnaire>> {
    let once = key.bound_to(&body);
    let made = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| questionnaires::create_in_programme(db, &caller, id, body.value, now.0),
                |db, made| questionnaires::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(address(made.id), made))
}

/// Checks a definition, and tells all that keeps it from being published. Nothing is stored.
#[utoipa::path(tag = "questionnaires", request_body = ToValidate)]
#[post("/questionnaires/validate")]
pub async fn validate_questionnaire(
    store: Data<Store>,
    lang: Lang,
    caller: Caller,
    body: Body<ToValidate>,
) -> Result<Shown<Validation>> {
    let check = move |db: &mut _| questionnaires::validate(db, &caller, body.value);
    Ok(Shown(Validation::of(&store.read(check).await?, lang)))
}

/// A questionnaire, with its draft.
#[utoipa::path(tag = "questionnaires", params(("id" = QuestionnaireId, Path)))]
#[get("/questionnaires/{id}")]
pub async fn show_questionnaire(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
) -> Result<Tagged<Questionnaire>> {
    Ok(Tagged(store.read(move |db| questionnaires::get(db, &caller, id)).await?))
}

/// Writes the draft anew. Published versions stay as they are.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = QuestionnaireId, Path), IfMatch),
    request_body = Draft
)]
#[put("/questionnaires/{id}")]
pub async fn update_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    seen: IfMatch,
    body: Body<Draft>,
) -> Result<Tagged<Questionnaire>> {
    let change =
        move |db: &mut _| questionnaires::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Deletes a questionnaire that nobody has answered, with its links. One that somebody has
/// answered is closed instead (409 here).
#[utoipa::path(tag = "questionnaires", params(("id" = QuestionnaireId, Path), IfMatch))]
#[delete("/questionnaires/{id}")]
pub async fn delete_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    seen: IfMatch,
) -> Result<Deleted> {
    store.write(id, move |db| questionnaires::delete(db, &caller, id, seen.seen(), now.0)).await?;
    Ok(Deleted)
}

/// Publishes the draft that was seen as the next version. Links made from now on hand it out.
#[utoipa::path(tag = "questionnaires", params(("id" = QuestionnaireId, Path), IfMatch))]
#[post("/questionnaires/{id}/publish")]
pub async fn publish_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    seen: IfMatch,
) -> Result<Created<PublishedVersion>> {
    let publish = move |db: &mut _| versions::publish(db, &caller, id, seen.seen(), now.0);
    let made = store.write(id, publish).await?;
    let location = format!("{}/versions/{}", address(id), made.number);
    Ok(Created::unversioned(location, made))
}

/// Closes a questionnaire for good, with all its links.
#[utoipa::path(tag = "questionnaires", params(("id" = QuestionnaireId, Path)))]
#[post("/questionnaires/{id}/close")]
pub async fn close_questionnaire(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
) -> Result<Tagged<Questionnaire>> {
    let (reader, actor) = (caller.clone(), caller.actor());
    let close = move |db: &mut _| questionnaires::close(db, &caller, id, now.0);
    for link in store.write(id, close).await? {
        closing::close(&store, actor, link, now.0).await?;
    }
    Ok(Tagged(store.read(move |db| questionnaires::get(db, &reader, id)).await?))
}

/// A published version, which never changes.
#[utoipa::path(
    tag = "questionnaires",
    params(("id" = QuestionnaireId, Path), ("number" = i32, Path))
)]
#[get("/questionnaires/{id}/versions/{number}")]
pub async fn show_questionnaire_version(
    store: Data<Store>,
    caller: Caller,
    FromPath((id, number)): FromPath<(QuestionnaireId, i32)>,
) -> Result<Shown<PublishedVersion>> {
    Ok(Shown(store.read(move |db| versions::get(db, &caller, id, number)).await?))
}

/// Ready questionnaires for four groups who answer. A new questionnaire takes one over with `from`.
#[utoipa::path(tag = "questionnaires", params(("id" = ProgrammeId, Path)))]
#[get("/programmes/{id}/ready-questionnaires")]
pub async fn list_ready_questionnaires(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Shown<Listing<ReadyQuestionnaire>>> {
    let all = store.read(move |db| ready::list(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Puts the questions of the ready questionnaires into the bank, where every new programme has
/// them; for the programme's secretariat. What is there stays as it is. Gives the whole bank.
#[utoipa::path(tag = "core questions", params(("id" = ProgrammeId, Path)))]
#[post("/programmes/{id}/core-questions/ready")]
pub async fn add_ready_core_questions(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Shown<Listing<CoreQuestion>>> {
    let add = move |db: &mut _| ready::add_core_questions(db, &caller, id, now.0);
    Ok(Shown(Listing::whole(store.write(id, add).await?)))
}

/// The programme's bank of core questions, by code.
#[utoipa::path(tag = "core questions", params(("id" = ProgrammeId, Path)))]
#[get("/programmes/{id}/core-questions")]
pub async fn list_core_questions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Shown<Listing<CoreQuestion>>> {
    let all = store.read(move |db| core_questions::list(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Adds a core question; for the programme's secretariat.
#[utoipa::path(
    tag = "core questions",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = CoreQuestionInput
)]
#[post("/programmes/{id}/core-questions")]
pub async fn create_core_question(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<CoreQuestionInput>,
) -> Result<Created<CoreQuestion>> {
    let once = key.bound_to(&body);
    let made = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| core_questions::create(db, &caller, id, body.value, now.0),
                |db, made| core_questions::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/core-questions/{}", made.id), made))
}

/// One core question.
#[utoipa::path(tag = "core questions", params(("id" = CoreQuestionId, Path)))]
#[get("/core-questions/{id}")]
pub async fn show_core_question(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<CoreQuestionId>,
) -> Result<Tagged<CoreQuestion>> {
    Ok(Tagged(store.read(move |db| core_questions::get(db, &caller, id)).await?))
}

/// Changes a core question that no published questionnaire asks (409 where one does).
#[utoipa::path(
    tag = "core questions",
    params(("id" = CoreQuestionId, Path), IfMatch),
    request_body = CoreQuestionInput
)]
#[put("/core-questions/{id}")]
pub async fn update_core_question(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<CoreQuestionId>,
    seen: IfMatch,
    body: Body<CoreQuestionInput>,
) -> Result<Tagged<CoreQuestion>> {
    let change =
        move |db: &mut _| core_questions::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Takes a core question out of the bank. It stays where it is asked.
#[utoipa::path(tag = "core questions", params(("id" = CoreQuestionId, Path), IfMatch))]
#[post("/core-questions/{id}/retire")]
pub async fn retire_core_question(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<CoreQuestionId>,
    seen: IfMatch,
) -> Result<Tagged<CoreQuestion>> {
    let change = move |db: &mut _| core_questions::retire(db, &caller, id, seen.seen(), now.0);
    Ok(Tagged(store.write(id, change).await?))
}
