use actix_web::web::Data;
use actix_web::{get, post};

use super::{NewOpening, Opening, ProjectLocks};
use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{Body, Created, FromPath, IdempotencyKey, Now, Shown};
use crate::ids::{OpeningId, ProjectId};
use crate::store::Store;

/// Which periods of a project are locked, and which of them were opened again for corrections.
#[utoipa::path(tag = "locks", params(("id" = ProjectId, Path)))]
#[get("/projects/{id}/locks")]
pub async fn list_locks(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
) -> Result<Shown<ProjectLocks>> {
    Ok(Shown(store.read(move |db| super::list(db, &caller, id, now.0)).await?))
}

/// Opens locked days of one project for corrections by its holder and the secretariat, with a
/// reason and an end; for the secretariat. Where nothing is locked there is nothing to open (422).
#[utoipa::path(
    tag = "locks",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewOpening
)]
#[post("/projects/{id}/openings")]
pub async fn create_opening(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewOpening>,
) -> Result<Created<Opening>> {
    let once = key.bound_to(&body);
    let opening = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| super::open(db, &caller, id, body.value, now.0),
                |db, made| super::opening(db, &caller, made, now.0),
            )
        })
        .await?;
    Ok(Created::unversioned(format!("/api/v1/openings/{}", opening.id), opening))
}

/// One opening.
#[utoipa::path(tag = "locks", params(("id" = OpeningId, Path)))]
#[get("/openings/{id}")]
pub async fn show_opening(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<OpeningId>,
) -> Result<Shown<Opening>> {
    Ok(Shown(store.read(move |db| super::opening(db, &caller, id, now.0)).await?))
}

/// Closes an opening before its last day; 409 where it has ended already.
#[utoipa::path(tag = "locks", params(("id" = OpeningId, Path)))]
#[post("/openings/{id}/close")]
pub async fn close_opening(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<OpeningId>,
) -> Result<Shown<Opening>> {
    Ok(Shown(store.write(id, move |db| super::close(db, &caller, id, now.0)).await?))
}
