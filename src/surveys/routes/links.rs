use actix_web::web::Data;
use actix_web::{delete, get, post, put};

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{
    Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, IfMatch, Now, PageQuery, Shown,
    Tagged,
};
use crate::ids::{LinkId, QuestionnaireId};
use crate::paging::Listing;
use crate::store::Store;
use crate::surveys::closing;
use crate::surveys::codes::{self, CodesWanted, NewCodes};
use crate::surveys::forms::Forms;
use crate::surveys::link_input::LinkInput;
use crate::surveys::links::{self, Link, LinkStatus};
use crate::surveys::paper::{self, PaperInput};

/// The links of a questionnaire; holders and contributors see their own.
#[utoipa::path(tag = "links", params(("id" = QuestionnaireId, Path), PageQuery))]
#[get("/questionnaires/{id}/links")]
pub async fn list_links(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Link>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| links::list(db, &caller, id, now.0, &page)).await?))
}

/// Makes a link to the newest published version; contributors for their own organisation.
#[utoipa::path(
    tag = "links",
    params(("id" = QuestionnaireId, Path), IdempotencyKey),
    request_body = LinkInput
)]
#[post("/questionnaires/{id}/links")]
pub async fn create_link(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    key: IdempotencyKey,
    body: Body<LinkInput>,
) -> Result<Created<Link>> {
    let once = key.bound_to(&body);
    let link = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| links::create(db, &caller, id, body.value, now.0),
                |db, made| links::get(db, &caller, made, now.0),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/links/{}", link.id), link))
}

/// One link.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[get("/links/{id}")]
pub async fn show_link(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Tagged<Link>> {
    Ok(Tagged(store.read(move |db| links::get(db, &caller, id, now.0)).await?))
}

/// Changes a link that still takes answers. With the first answer, organisation, level, audience,
/// wave and access are fixed.
#[utoipa::path(
    tag = "links",
    params(("id" = LinkId, Path), IfMatch),
    request_body = LinkInput
)]
#[put("/links/{id}")]
pub async fn update_link(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
    seen: IfMatch,
    body: Body<LinkInput>,
) -> Result<Tagged<Link>> {
    let change = move |db: &mut _| links::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Closes a link for good.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[post("/links/{id}/close")]
pub async fn close_link(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Tagged<Link>> {
    let reader = caller.clone();
    store.write(id, move |db| links::close(db, &caller, id, now.0)).await?;
    closing::finish(&store, id, now.0).await?;
    Ok(Tagged(store.read(move |db| links::get(db, &reader, id, now.0)).await?))
}

/// How many have answered.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[get("/links/{id}/status")]
pub async fn show_link_status(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Shown<LinkStatus>> {
    Ok(Shown(store.read(move |db| links::status(db, &caller, id, now.0)).await?))
}

/// Makes codes for one answer each, which are given this once. Sent again it makes others.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)), request_body = CodesWanted)]
#[post("/links/{id}/codes")]
pub async fn create_link_codes(
    store: Data<Store>,
    forms: Data<Forms>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
    body: Body<CodesWanted>,
) -> Result<Shown<NewCodes>> {
    let key = forms.code_key().clone();
    let make = move |db: &mut _| codes::make(db, &caller, id, &body.value, &key, now.0);
    Ok(Shown(store.write(id, make).await?))
}

/// Makes all codes that are not used yet worthless.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[delete("/links/{id}/codes")]
pub async fn revoke_link_codes(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Deleted> {
    store.write(id, move |db| codes::revoke(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}

/// Puts what a class answered on paper in the place of what was put before, while none of it is
/// released.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)), request_body = PaperInput)]
#[put("/links/{id}/paper")]
pub async fn put_paper(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
    body: Body<PaperInput>,
) -> Result<Shown<LinkStatus>> {
    let put = move |db: &mut _| paper::put(db, &caller, id, &body.value, now.0);
    Ok(Shown(store.write(id, put).await?))
}
