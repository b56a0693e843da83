use actix_web::web::Data;
use actix_web::{delete, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::accounts::Caller;
use crate::audit;
use crate::error::Result;
use crate::http::{
    Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, IfMatch, Now, PageQuery, Shown,
    Tagged,
};
use crate::ids::{CodeId, OrganisationId, ProgrammeId, UserId};
use crate::paging::{Listing, Page};
use crate::programmes::codes::{self, Code, CodeAddress, CodeList, CodeUpdate, NewCode};
use crate::programmes::organisations::{self, NewOrganisation, Organisation, OrganisationUpdate};
use crate::programmes::{self, Programme, ProgrammeUpdate};
use crate::store::Store;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ByCode {
    /// Only the one with that code.
    code: Option<String>,
}

/// The programmes in which the caller has a role.
#[utoipa::path(tag = "programmes", params(ByCode))]
#[get("/programmes")]
pub async fn list_programmes(
    store: Data<Store>,
    caller: Caller,
    FromQuery(query): FromQuery<ByCode>,
) -> Result<Shown<Listing<Programme>>> {
    let mut found = store.read(move |db| programmes::list(db, &caller)).await?;
    if let Some(code) = &query.code {
        found.retain(|programme| programme.code == *code);
    }
    Ok(Shown(Listing::whole(found)))
}

/// One programme.
#[utoipa::path(tag = "programmes", params(("id" = ProgrammeId, Path)))]
#[get("/programmes/{id}")]
pub async fn show_programme(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Tagged<Programme>> {
    Ok(Tagged(store.read(move |db| programmes::get(db, &caller, id)).await?))
}

/// Changes a programme's names, and the fewest answers that may be shown together.
#[utoipa::path(
    tag = "programmes",
    params(("id" = ProgrammeId, Path), IfMatch),
    request_body = ProgrammeUpdate
)]
#[put("/programmes/{id}")]
pub async fn update_programme(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    seen: IfMatch,
    body: Body<ProgrammeUpdate>,
) -> Result<Tagged<Programme>> {
    let change =
        move |db: &mut _| programmes::update(db, &caller, id, seen.seen(), &body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// A code list, in its order.
#[utoipa::path(tag = "codes", params(("id" = ProgrammeId, Path), ("list" = CodeList, Path)))]
#[get("/programmes/{id}/codes/{list}")]
pub async fn list_codes(
    store: Data<Store>,
    caller: Caller,
    FromPath((programme, list)): FromPath<(ProgrammeId, CodeList)>,
) -> Result<Shown<Listing<Code>>> {
    let codes = store.read(move |db| codes::list(db, &caller, programme, list)).await?;
    Ok(Shown(Listing::whole(codes)))
}

/// Adds a code to a list.
#[utoipa::path(
    tag = "codes",
    params(("id" = ProgrammeId, Path), ("list" = CodeList, Path), IdempotencyKey),
    request_body = NewCode
)]
#[post("/programmes/{id}/codes/{list}")]
pub async fn create_code(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath((programme, list)): FromPath<(ProgrammeId, CodeList)>,
    key: IdempotencyKey,
    body: Body<NewCode>,
) -> Result<Created<Code>> {
    let once = key.bound_to(&body);
    let code = store
        .write(programme, move |db| {
            let word = body.value.code.clone();
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| codes::create(db, &caller, programme, list, &body.value, now.0),
                |db, _: CodeId| codes::get(db, &caller, programme, list, &word),
            )
        })
        .await?;
    let location = format!("/api/v1/programmes/{programme}/codes/{list}/{}", code.code);
    Ok(Created::at(location, code))
}

/// One code.
#[utoipa::path(
    tag = "codes",
    params(("id" = ProgrammeId, Path), ("list" = CodeList, Path), ("code" = String, Path))
)]
#[get("/programmes/{id}/codes/{list}/{code}")]
pub async fn show_code(
    store: Data<Store>,
    caller: Caller,
    FromPath((programme, list, code)): FromPath<(ProgrammeId, CodeList, String)>,
) -> Result<Tagged<Code>> {
    Ok(Tagged(store.read(move |db| codes::get(db, &caller, programme, list, &code)).await?))
}

/// Changes a code's names, place or parent, or retires it.
#[utoipa::path(
    tag = "codes",
    params(("id" = ProgrammeId, Path), ("list" = CodeList, Path), ("code" = String, Path), IfMatch),
    request_body = CodeUpdate
)]
#[put("/programmes/{id}/codes/{list}/{code}")]
pub async fn update_code(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath((programme, list, code)): FromPath<(ProgrammeId, CodeList, String)>,
    seen: IfMatch,
    body: Body<CodeUpdate>,
) -> Result<Tagged<Code>> {
    let code = store
        .write(programme, move |db| {
            let at = CodeAddress { programme, list, code: &code };
            codes::update(db, &caller, &at, seen.seen(), &body.value, now.0)
        })
        .await?;
    Ok(Tagged(code))
}

/// Deletes a code that nothing uses. One in use is retired instead (409 here).
#[utoipa::path(
    tag = "codes",
    params(("id" = ProgrammeId, Path), ("list" = CodeList, Path), ("code" = String, Path), IfMatch)
)]
#[delete("/programmes/{id}/codes/{list}/{code}")]
pub async fn delete_code(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath((programme, list, code)): FromPath<(ProgrammeId, CodeList, String)>,
    seen: IfMatch,
) -> Result<Deleted> {
    store
        .write(programme, move |db| {
            let at = CodeAddress { programme, list, code: &code };
            codes::delete(db, &caller, &at, seen.seen(), now.0)
        })
        .await?;
    Ok(Deleted)
}

/// The organisations of a programme.
#[utoipa::path(tag = "organisations", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/organisations")]
pub async fn list_organisations(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Organisation>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| organisations::list(db, &caller, id, &page)).await?))
}

/// Adds an organisation.
#[utoipa::path(
    tag = "organisations",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = NewOrganisation
)]
#[post("/programmes/{id}/organisations")]
pub async fn create_organisation(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<NewOrganisation>,
) -> Result<Created<Organisation>> {
    let once = key.bound_to(&body);
    let organisation = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| organisations::create(db, &caller, id, body.value, now.0),
                |db, made| organisations::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/organisations/{}", organisation.id), organisation))
}

/// One organisation.
#[utoipa::path(tag = "organisations", params(("id" = OrganisationId, Path)))]
#[get("/organisations/{id}")]
pub async fn show_organisation(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<OrganisationId>,
) -> Result<Tagged<Organisation>> {
    Ok(Tagged(store.read(move |db| organisations::get(db, &caller, id)).await?))
}

/// Changes an organisation, or retires it.
#[utoipa::path(
    tag = "organisations",
    params(("id" = OrganisationId, Path), IfMatch),
    request_body = OrganisationUpdate
)]
#[put("/organisations/{id}")]
pub async fn update_organisation(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<OrganisationId>,
    seen: IfMatch,
    body: Body<OrganisationUpdate>,
) -> Result<Tagged<Organisation>> {
    let change =
        move |db: &mut _| organisations::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Deletes an organisation that nothing uses. One in use is retired instead (409 here).
#[utoipa::path(tag = "organisations", params(("id" = OrganisationId, Path), IfMatch))]
#[delete("/organisations/{id}")]
pub async fn delete_organisation(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<OrganisationId>,
    seen: IfMatch,
) -> Result<Deleted> {
    store.write(id, move |db| organisations::delete(db, &caller, id, seen.seen(), now.0)).await?;
    Ok(Deleted)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only changes to that kind of thing: `count`, `target`, `project` …
    entity: Option<String>,
    /// Only changes to that one thing.
    entity_id: Option<Uuid>,
    /// Only that change, as `entity.verb`: `target.agreed`, `count.corrected` …
    action: Option<String>,
    /// Only changes to that project and to what belongs to it, by its code: its counts, targets,
    /// questionnaires, members, requests … What is deleted since is found by its own id only.
    project: Option<String>,
    /// Only changes by that account.
    actor_id: Option<UserId>,
    /// Only changes by the operator's command line.
    #[serde(default)]
    by_operator: bool,
    /// From the start of that day in Denmark.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    from: Option<NaiveDate>,
    /// Up to the end of that day in Denmark.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    to: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The programme's audit trail, newest first; for its secretariat.
#[utoipa::path(tag = "audit", params(("id" = ProgrammeId, Path), AuditQuery))]
#[get("/programmes/{id}/audit")]
pub async fn list_audit(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<AuditQuery>,
) -> Result<Shown<Listing<audit::Entry>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let filter = audit::Filter {
        entity: query.entity,
        entity_id: query.entity_id,
        action: query.action,
        project: None,
        actor_id: query.actor_id,
        by_operator: query.by_operator,
        from: query.from,
        to: query.to,
    };
    let entries = store
        .read(move |db| {
            programmes::audit_trail(db, &caller, id, query.project.as_deref(), filter, &page)
        })
        .await?;
    Ok(Shown(entries))
}
