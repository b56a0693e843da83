use actix_web::web::Data;
use actix_web::{delete, get, post};

use super::{MachineToken, MachineTokenId, MachineTokenSecret, NewMachineToken};
use crate::accounts::{Caller, Doors};
use crate::error::Result;
use crate::http::{
    Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, Now, PageQuery, Shown,
};
use crate::ids::{ProgrammeId, UserId};
use crate::paging::Listing;
use crate::store::Store;

/// Makes a machine token, for a program that fetches tables or posts counts. The secret is in this
/// answer and nowhere else. The secretariat makes tokens for the programme and its projects, a
/// holder for its own project. A token belongs to the programme or project, and goes on to hold
/// when whoever made it leaves; it is in force up to its last day, or until it is revoked.
#[utoipa::path(tag = "machine tokens", params(IdempotencyKey), request_body = NewMachineToken)]
#[post("/machine-tokens")]
pub async fn create_machine_token(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    caller: Caller,
    key: IdempotencyKey,
    body: Body<NewMachineToken>,
) -> Result<Created<MachineTokenSecret>> {
    let once = key.bound_to(&body);
    let links = doors.links.clone();
    let made = store
        .write(body.value.programme_id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| super::create(db, &caller, &links, &body.value, now.0),
                |db, made| super::secret(db, &caller, &links, made, now.0),
            )
        })
        .await?;
    let location = format!("/api/v1/machine-tokens/{}", made.machine_token.id);
    Ok(Created::unversioned(location, made))
}

/// The programme's machine tokens, the newest first: all of them for the secretariat, those of its
/// own project for a holder.
#[utoipa::path(tag = "machine tokens", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/machine-tokens")]
pub async fn list_machine_tokens(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<MachineToken>>> {
    let page = query.page()?;
    let list = move |db: &mut _| super::list(db, &caller, id, &page, now.0);
    Ok(Shown(store.read(list).await?))
}

/// One machine token, for whoever could have made it.
#[utoipa::path(tag = "machine tokens", params(("id" = UserId, Path)))]
#[get("/machine-tokens/{id}")]
pub async fn show_machine_token(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<MachineTokenId>,
) -> Result<Shown<MachineToken>> {
    Ok(Shown(store.read(move |db| super::get(db, &caller, id, now.0)).await?))
}

/// Revokes a machine token, at once. It stays in the list, and in the audit trail.
#[utoipa::path(tag = "machine tokens", params(("id" = UserId, Path)))]
#[delete("/machine-tokens/{id}")]
pub async fn revoke_machine_token(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<MachineTokenId>,
) -> Result<Deleted> {
    store.write(id, move |db| super::revoke(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}
