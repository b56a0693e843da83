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
use crate::ids::{ProgrammeId, RoundId};
use crate::paging::{Listing, Page};
use crate::programmes::rounds::{self, Filter, Round, RoundInput, RoundVersion};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RoundsQuery {
    /// Only the one with that code.
    code: Option<String>,
    /// Only those of that year.
    year: Option<i32>,
    /// Only those of that kind, by its code.
    kind: Option<String>,
    /// As they stood at the end of that day in Denmark; as they stand now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The rounds of a programme, for everybody in it.
#[utoipa::path(tag = "rounds", params(("id" = ProgrammeId, Path), RoundsQuery))]
#[get("/programmes/{id}/rounds")]
pub async fn list_rounds(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<RoundsQuery>,
) -> Result<Shown<Listing<Round>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let RoundsQuery { code, year, kind, .. } = query;
    let filter = Filter { code, year, kind };
    let list = move |db: &mut _| rounds::list(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// Adds a round; for the programme's secretariat. One that was taken out comes back under its
/// code.
#[utoipa::path(
    tag = "rounds",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = RoundInput
)]
#[post("/programmes/{id}/rounds")]
pub async fn create_round(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<RoundInput>,
) -> Result<Created<Round>> {
    let once = key.bound_to(&body);
    let round = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| rounds::create(db, &caller, id, body.value, now.0),
                |db, made| rounds::get(db, &caller, made, AsOf::NOW),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/rounds/{}", round.id), round))
}

/// One round, as it stands or as it stood on a day.
#[utoipa::path(tag = "rounds", params(("id" = RoundId, Path), AsOfQuery))]
#[get("/rounds/{id}")]
pub async fn show_round(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<RoundId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Tagged<Round>> {
    Ok(Tagged(store.read(move |db| rounds::get(db, &caller, id, query.as_of())).await?))
}

/// Writes the whole of a round anew; for the programme's secretariat. What stood before stays in
/// its history.
#[utoipa::path(
    tag = "rounds",
    params(("id" = RoundId, Path), IfMatch),
    request_body = RoundInput
)]
#[put("/rounds/{id}")]
pub async fn update_round(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<RoundId>,
    seen: IfMatch,
    body: Body<RoundInput>,
) -> Result<Tagged<Round>> {
    let change = move |db: &mut _| rounds::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Takes out a round that no application and no grant names (409 otherwise). Its history stays.
#[utoipa::path(tag = "rounds", params(("id" = RoundId, Path), IfMatch))]
#[delete("/rounds/{id}")]
pub async fn delete_round(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<RoundId>,
    seen: IfMatch,
) -> Result<Deleted> {
    store.write(id, move |db| rounds::remove(db, &caller, id, seen.seen(), now.0)).await?;
    Ok(Deleted)
}

/// All versions of a round, the newest first.
#[utoipa::path(tag = "rounds", params(("id" = RoundId, Path), PageQuery))]
#[get("/rounds/{id}/history")]
pub async fn list_round_versions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<RoundId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<RoundVersion>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| rounds::history(db, &caller, id, &page)).await?))
}
