use actix_web::web::Data;
use actix_web::{delete, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::progress::{self, ProgrammeProgress, ProjectProgress};
use super::revisions::{self, Decision, NewRevision, Revision};
use super::values::{self, PutOn, PutValue, Value, ValueWithdrawal};
use super::{Indicator, IndicatorUpdate, NewIndicator, Owner};
use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{
    AsOfQuery, Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, IfMatch, Now, Put,
    Shown, Tagged,
};
use crate::ids::{IndicatorId, ProgrammeId, ProjectId, RevisionId, ValueId};
use crate::once::Once;
use crate::paging::{Listing, Page};
use crate::store::{AsOf, Store};

/// The indicators of a project, in their order.
#[utoipa::path(tag = "indicators", params(("id" = ProjectId, Path)))]
#[get("/projects/{id}/indicators")]
pub async fn list_indicators(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
) -> Result<Shown<Listing<Indicator>>> {
    let all = store.read(move |db| super::list(db, &caller, Owner::Project(id))).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Defines an indicator of a project, with its first target where one is given.
#[utoipa::path(
    tag = "indicators",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewIndicator
)]
#[post("/projects/{id}/indicators")]
pub async fn create_indicator(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewIndicator>,
) -> Result<Created<Indicator>> {
    let once = key.bound_to(&body);
    create(store, caller, Owner::Project(id), once, body.value, now).await
}

/// The programme's own goals, in their order.
#[utoipa::path(tag = "indicators", params(("id" = ProgrammeId, Path)))]
#[get("/programmes/{id}/indicators")]
pub async fn list_goals(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Shown<Listing<Indicator>>> {
    let all = store.read(move |db| super::list(db, &caller, Owner::Programme(id))).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Defines a goal of the programme itself, with its first target where one is given.
#[utoipa::path(
    tag = "indicators",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = NewIndicator
)]
#[post("/programmes/{id}/indicators")]
pub async fn create_goal(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<NewIndicator>,
) -> Result<Created<Indicator>> {
    let once = key.bound_to(&body);
    create(store, caller, Owner::Programme(id), once, body.value, now).await
}

async fn create(
    store: Data<Store>,
    caller: Caller,
    owner: Owner,
    once: Once,
    input: NewIndicator,
    now: Now,
) -> Result<Created<Indicator>> {
    let indicator = store
        .write(owner, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| super::create(db, &caller, owner, input, now.0),
                |db, made| super::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/indicators/{}", indicator.id), indicator))
}

/// One indicator.
#[utoipa::path(tag = "indicators", params(("id" = IndicatorId, Path)))]
#[get("/indicators/{id}")]
pub async fn show_indicator(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
) -> Result<Tagged<Indicator>> {
    Ok(Tagged(store.read(move |db| super::get(db, &caller, id)).await?))
}

/// Changes what an indicator measures, or retires it.
#[utoipa::path(
    tag = "indicators",
    params(("id" = IndicatorId, Path), IfMatch),
    request_body = IndicatorUpdate
)]
#[put("/indicators/{id}")]
pub async fn update_indicator(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
    seen: IfMatch,
    body: Body<IndicatorUpdate>,
) -> Result<Tagged<Indicator>> {
    let change = move |db: &mut _| super::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Every target that an indicator had, has or was proposed, in the order of proposal.
#[utoipa::path(tag = "targets", params(("id" = IndicatorId, Path), AsOfQuery))]
#[get("/indicators/{id}/revisions")]
pub async fn list_revisions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Shown<Listing<Revision>>> {
    let as_of = query.as_of();
    let all = store.read(move |db| revisions::list(db, &caller, id, as_of)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Proposes a target. The secretariat's is agreed at once; 409 while another proposal waits.
#[utoipa::path(
    tag = "targets",
    params(("id" = IndicatorId, Path), IdempotencyKey),
    request_body = NewRevision
)]
#[post("/indicators/{id}/revisions")]
pub async fn create_revision(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
    key: IdempotencyKey,
    body: Body<NewRevision>,
) -> Result<Created<Revision>> {
    let once = key.bound_to(&body);
    let revision = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| revisions::propose(db, &caller, id, body.value, now.0),
                |db, made| revisions::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::unversioned(format!("/api/v1/revisions/{}", revision.id), revision))
}

/// One revision.
#[utoipa::path(tag = "targets", params(("id" = RevisionId, Path)))]
#[get("/revisions/{id}")]
pub async fn show_revision(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<RevisionId>,
) -> Result<Shown<Revision>> {
    Ok(Shown(store.read(move |db| revisions::get(db, &caller, id)).await?))
}

/// Takes a proposal back; only who made it can. It stays in the list as withdrawn.
#[utoipa::path(tag = "targets", params(("id" = RevisionId, Path)))]
#[delete("/revisions/{id}")]
pub async fn withdraw_revision(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<RevisionId>,
) -> Result<Deleted> {
    store.write(id, move |db| revisions::withdraw(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}

/// Agrees to a proposal or refuses it; 409 where it is decided already.
#[utoipa::path(tag = "targets", params(("id" = RevisionId, Path)), request_body = Decision)]
#[put("/revisions/{id}/decision")]
pub async fn decide_revision(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<RevisionId>,
    body: Body<Decision>,
) -> Result<Shown<Revision>> {
    let decide = move |db: &mut _| revisions::decide(db, &caller, id, body.value, now.0);
    Ok(Shown(store.write(id, decide).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ValuesQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// Whether withdrawn values are listed too.
    #[serde(default)]
    #[param(required = false)]
    with_withdrawn: bool,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The posted values of an indicator, by date.
#[utoipa::path(tag = "values", params(("id" = IndicatorId, Path), ValuesQuery))]
#[get("/indicators/{id}/values")]
pub async fn list_values(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
    FromQuery(query): FromQuery<ValuesQuery>,
) -> Result<Shown<Listing<Value>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let (as_of, all) = (AsOf::end_of(query.as_of), query.with_withdrawn);
    Ok(Shown(store.read(move |db| values::list(db, &caller, id, as_of, all, &page)).await?))
}

/// Posts the value of an indicator on a date, in all so far, or corrects it. The latest one on or
/// before a day is what counts on that day. Put again alike it stays as it is.
#[utoipa::path(tag = "values", params(("id" = IndicatorId, Path)), request_body = PutValue)]
#[put("/indicators/{id}/values")]
pub async fn put_value(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<IndicatorId>,
    body: Body<PutValue>,
) -> Result<Put<Value>> {
    let put = move |db: &mut _| values::put(db, &caller, id, body.value, now.0);
    let PutOn { value, is_new, .. } = store.write(id, put).await?;
    let location = format!("/api/v1/values/{}", value.id);
    Ok(Put { created_at: is_new.then_some(location), value })
}

/// One value as it stands, withdrawn or not.
#[utoipa::path(tag = "values", params(("id" = ValueId, Path)))]
#[get("/values/{id}")]
pub async fn show_value(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ValueId>,
) -> Result<Shown<Value>> {
    Ok(Shown(store.read(move |db| values::get(db, &caller, id)).await?))
}

/// Every version of a value, the oldest first.
#[utoipa::path(tag = "values", params(("id" = ValueId, Path)))]
#[get("/values/{id}/history")]
pub async fn list_value_history(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ValueId>,
) -> Result<Shown<Listing<Value>>> {
    let all = store.read(move |db| values::history(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Withdraws a value: it is kept with its history and no longer counts. Putting it again brings it
/// back. 409 where it is withdrawn already.
#[utoipa::path(tag = "values", params(("id" = ValueId, Path)), request_body = ValueWithdrawal)]
#[post("/values/{id}/withdraw")]
pub async fn withdraw_value(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ValueId>,
    body: Body<ValueWithdrawal>,
) -> Result<Shown<Value>> {
    let withdraw = move |db: &mut _| values::withdraw(db, &caller, id, body.value, now.0);
    Ok(Shown(store.write(id, withdraw).await?))
}

/// How a project stands: every indicator with its target, and what was reached.
#[utoipa::path(tag = "progress", params(("id" = ProjectId, Path), AsOfQuery))]
#[get("/projects/{id}/progress")]
pub async fn show_project_progress(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Shown<ProjectProgress>> {
    let as_of = query.as_of();
    Ok(Shown(store.read(move |db| progress::of_project(db, &caller, id, as_of, now.0)).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many projects at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// How a programme stands: its own goals, then its projects page by page.
#[utoipa::path(tag = "progress", params(("id" = ProgrammeId, Path), ProgressQuery))]
#[get("/programmes/{id}/progress")]
pub async fn show_programme_progress(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ProgressQuery>,
) -> Result<Shown<ProgrammeProgress>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let look = move |db: &mut _| progress::of_programme(db, &caller, id, &page, as_of, None, now.0);
    Ok(Shown(store.read(look).await?))
}
