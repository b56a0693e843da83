use actix_web::web::Data;
use actix_web::{delete, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{
    AsOfQuery, Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, IfMatch, Now,
    PageQuery, Shown, Tagged,
};
use crate::ids::{ApplicationId, ProgrammeId};
use crate::paging::{Listing, Page};
use crate::programmes::applications::{
    self, Application, ApplicationInput, ApplicationState, ApplicationVersion, Filter,
};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsQuery {
    /// Only the one with that number.
    code: Option<String>,
    /// Only those of that round, by its code.
    round: Option<String>,
    /// Only those of that year's rounds.
    year: Option<i32>,
    /// Only those that stand so.
    state: Option<ApplicationState>,
    /// Only those in that focus area, by its code.
    focus_area: Option<String>,
    /// As they stood at the end of that day in Denmark; as they stand now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The applications of a programme; for those who see the whole of it.
#[utoipa::path(tag = "applications", params(("id" = ProgrammeId, Path), ApplicationsQuery))]
#[get("/programmes/{id}/applications")]
pub async fn list_applications(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ApplicationsQuery>,
) -> Result<Shown<Listing<Application>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let ApplicationsQuery { code, round, year, state, focus_area, .. } = query;
    let filter = Filter { code, round, year, state, focus_area };
    let list = move |db: &mut _| applications::list(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// Adds an application; for the programme's secretariat. One that was taken out comes back under
/// its number.
#[utoipa::path(
    tag = "applications",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = ApplicationInput
)]
#[post("/programmes/{id}/applications")]
pub async fn create_application(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<ApplicationInput>,
) -> Result<Created<Application>> {
    let once = key.bound_to(&body);
    let application = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| applications::create(db, &caller, id, body.value, now.0),
                |db, made| applications::get(db, &caller, made, AsOf::NOW),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/applications/{}", application.id), application))
}

/// One application, as it stands or as it stood on a day.
#[utoipa::path(tag = "applications", params(("id" = ApplicationId, Path), AsOfQuery))]
#[get("/applications/{id}")]
pub async fn show_application(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ApplicationId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Tagged<Application>> {
    Ok(Tagged(store.read(move |db| applications::get(db, &caller, id, query.as_of())).await?))
}

/// Writes the whole of an application anew, with what the committee recommends and the council
/// decides; for the programme's secretariat. What stood before stays in its history. Once it is a
/// project it stays granted (409).
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path), IfMatch),
    request_body = ApplicationInput
)]
#[put("/applications/{id}")]
pub async fn update_application(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ApplicationId>,
    seen: IfMatch,
    body: Body<ApplicationInput>,
) -> Result<Tagged<Application>> {
    let change =
        move |db: &mut _| applications::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Takes out an application that became no project (409 otherwise). Its history stays.
#[utoipa::path(tag = "applications", params(("id" = ApplicationId, Path), IfMatch))]
#[delete("/applications/{id}")]
pub async fn delete_application(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ApplicationId>,
    seen: IfMatch,
) -> Result<Deleted> {
    store.write(id, move |db| applications::remove(db, &caller, id, seen.seen(), now.0)).await?;
    Ok(Deleted)
}

/// All versions of an application, the newest first.
#[utoipa::path(tag = "applications", params(("id" = ApplicationId, Path), PageQuery))]
#[get("/applications/{id}/history")]
pub async fn list_application_versions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ApplicationId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<ApplicationVersion>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| applications::history(db, &caller, id, &page)).await?))
}
