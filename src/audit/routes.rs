use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Entry, Filter};
use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{FromPath, FromQuery, Shown};
use crate::ids::{ProgrammeId, UserId};
use crate::paging::{Listing, Page};
use crate::store::Store;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only changes to that kind of thing: `count`, `target`, `project` …
    entity: Option<String>,
    /// Only changes to that one thing.
    entity_id: Option<Uuid>,
    /// Only changes by that account.
    actor_id: Option<UserId>,
    /// From the start of that day in Denmark.
    from: Option<NaiveDate>,
    /// Up to the end of that day in Denmark.
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
) -> Result<Shown<Listing<Entry>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let filter = Filter {
        entity: query.entity,
        entity_id: query.entity_id,
        actor_id: query.actor_id,
        from: query.from,
        to: query.to,
    };
    let entries = store
        .read(move |db| {
            caller.runs_programme(id)?;
            super::list(db, id, &filter, &page)
        })
        .await?;
    Ok(Shown(entries))
}
