use actix_web::web::Data;
use actix_web::{delete, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, Now, Shown};
use crate::ids::{ChangeRequestId, ProgrammeId, ProjectId};
use crate::paging::{Listing, Page};
use crate::projects::change::ChangeKind;
use crate::projects::change_requests::{
    self, ChangeRequest, Filter, NewChangeRequest, RequestDecision, RequestState,
};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestsQuery {
    /// Only those that stand so.
    state: Option<RequestState>,
    /// Only those about that.
    kind: Option<ChangeKind>,
    /// As they stood at the end of that day in Denmark; as they stand now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

impl RequestsQuery {
    fn parts(&self) -> Result<(Filter, AsOf, Page<ChangeRequestId>)> {
        let page = Page::parse(self.cursor.as_deref(), self.limit)?;
        let filter = Filter { state: self.state, kind: self.kind };
        Ok((filter, AsOf::end_of(self.as_of), page))
    }
}

/// The requests for changes of a project, the oldest first.
#[utoipa::path(tag = "change requests", params(("id" = ProjectId, Path), RequestsQuery))]
#[get("/projects/{id}/requests")]
pub async fn list_project_requests(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<RequestsQuery>,
) -> Result<Shown<Listing<ChangeRequest>>> {
    let (filter, as_of, page) = query.parts()?;
    let list =
        move |db: &mut _| change_requests::of_project(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// The requests for changes of all projects of a programme, the oldest first: with
/// `state=pending` what waits for the secretariat. For those who see the whole programme.
#[utoipa::path(tag = "change requests", params(("id" = ProgrammeId, Path), RequestsQuery))]
#[get("/programmes/{id}/requests")]
pub async fn list_programme_requests(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<RequestsQuery>,
) -> Result<Shown<Listing<ChangeRequest>>> {
    let (filter, as_of, page) = query.parts()?;
    let list =
        move |db: &mut _| change_requests::of_programme(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// Asks for a longer period, another budget or other partners; for whoever runs the project. One
/// of each kind waits at a time (409).
#[utoipa::path(
    tag = "change requests",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewChangeRequest
)]
#[post("/projects/{id}/requests")]
pub async fn create_request(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewChangeRequest>,
) -> Result<Created<ChangeRequest>> {
    let once = key.bound_to(&body);
    let request = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| change_requests::request(db, &caller, id, body.value, now.0),
                |db, made| change_requests::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::unversioned(format!("/api/v1/requests/{}", request.id), request))
}

/// One request, and what the caller may do with it.
#[utoipa::path(tag = "change requests", params(("id" = ChangeRequestId, Path)))]
#[get("/requests/{id}")]
pub async fn show_request(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ChangeRequestId>,
) -> Result<Shown<ChangeRequest>> {
    Ok(Shown(store.read(move |db| change_requests::get(db, &caller, id)).await?))
}

/// Agrees to a request, and the project has a new version, or refuses it with a reason, and
/// nothing changes; once, for the programme's secretariat. What was changed meanwhile can't be
/// agreed to (409).
#[utoipa::path(
    tag = "change requests",
    params(("id" = ChangeRequestId, Path)),
    request_body = RequestDecision
)]
#[put("/requests/{id}/decision")]
pub async fn decide_request(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ChangeRequestId>,
    body: Body<RequestDecision>,
) -> Result<Shown<ChangeRequest>> {
    let decide = move |db: &mut _| change_requests::decide(db, &caller, id, body.value, now.0);
    Ok(Shown(store.write(id, decide).await?))
}

/// Takes a request back; only who made it can. It stays in the list as withdrawn.
#[utoipa::path(tag = "change requests", params(("id" = ChangeRequestId, Path)))]
#[delete("/requests/{id}")]
pub async fn withdraw_request(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ChangeRequestId>,
) -> Result<Deleted> {
    store.write(id, move |db| change_requests::withdraw(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}
