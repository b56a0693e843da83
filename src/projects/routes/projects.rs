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
use crate::ids::{ActivityId, ProgrammeId, ProjectId};
use crate::paging::{Listing, Page};
use crate::projects::activities::{self, Activity, ActivityUpdate, NewActivity};
use crate::projects::{self, Filter, Project, ProjectInput, ProjectStatus, ProjectVersion};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProjectsQuery {
    /// Only the one with that code.
    code: Option<String>,
    /// Only those in that state.
    status: Option<ProjectStatus>,
    /// Only those in that focus area, by its code.
    focus_area: Option<String>,
    /// Only those granted in that year.
    year: Option<i32>,
    /// As they stood at the end of that day in Denmark; as they stand now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The projects of a programme; holders and contributors see their own.
#[utoipa::path(tag = "projects", params(("id" = ProgrammeId, Path), ProjectsQuery))]
#[get("/programmes/{id}/projects")]
pub async fn list_projects(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ProjectsQuery>,
) -> Result<Shown<Listing<Project>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let ProjectsQuery { code, status, focus_area, year, .. } = query;
    let filter = Filter { code, status, focus_area, year };
    let list = move |db: &mut _| projects::list(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// Adds a project; for the programme's secretariat.
#[utoipa::path(
    tag = "projects",
    params(("id" = ProgrammeId, Path), IdempotencyKey),
    request_body = ProjectInput
)]
#[post("/programmes/{id}/projects")]
pub async fn create_project(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    key: IdempotencyKey,
    body: Body<ProjectInput>,
) -> Result<Created<Project>> {
    let once = key.bound_to(&body);
    let project = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| projects::create(db, &caller, id, body.value, now.0),
                |db, made| projects::get(db, &caller, made, AsOf::NOW),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/projects/{}", project.id), project))
}

/// One project, as it stands or as it stood on a day.
#[utoipa::path(tag = "projects", params(("id" = ProjectId, Path), AsOfQuery))]
#[get("/projects/{id}")]
pub async fn show_project(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Tagged<Project>> {
    Ok(Tagged(store.read(move |db| projects::get(db, &caller, id, query.as_of())).await?))
}

/// Writes the whole of a project anew; for the programme's secretariat. What stood before stays in
/// its history. Codes and organisations that are retired may stay, and can't be chosen anew.
#[utoipa::path(
    tag = "projects",
    params(("id" = ProjectId, Path), IfMatch),
    request_body = ProjectInput
)]
#[put("/projects/{id}")]
pub async fn update_project(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    seen: IfMatch,
    body: Body<ProjectInput>,
) -> Result<Tagged<Project>> {
    let change =
        move |db: &mut _| projects::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// All versions of a project, the newest first.
#[utoipa::path(tag = "projects", params(("id" = ProjectId, Path), PageQuery))]
#[get("/projects/{id}/history")]
pub async fn list_project_versions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<ProjectVersion>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| projects::history(db, &caller, id, &page)).await?))
}

/// The main activities of a project, in the order of its results chain.
#[utoipa::path(tag = "activities", params(("id" = ProjectId, Path)))]
#[get("/projects/{id}/activities")]
pub async fn list_activities(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
) -> Result<Shown<Listing<Activity>>> {
    let activities = store.read(move |db| activities::list(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(activities)))
}

/// Adds an activity; for the programme's secretariat.
#[utoipa::path(
    tag = "activities",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewActivity
)]
#[post("/projects/{id}/activities")]
pub async fn create_activity(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewActivity>,
) -> Result<Created<Activity>> {
    let once = key.bound_to(&body);
    let activity = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| activities::create(db, &caller, id, body.value, now.0),
                |db, made| activities::get(db, &caller, made),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/activities/{}", activity.id), activity))
}

/// One activity.
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path)))]
#[get("/activities/{id}")]
pub async fn show_activity(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ActivityId>,
) -> Result<Tagged<Activity>> {
    Ok(Tagged(store.read(move |db| activities::get(db, &caller, id)).await?))
}

/// Changes an activity; for the programme's secretariat.
#[utoipa::path(
    tag = "activities",
    params(("id" = ActivityId, Path), IfMatch),
    request_body = ActivityUpdate
)]
#[put("/activities/{id}")]
pub async fn update_activity(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ActivityId>,
    seen: IfMatch,
    body: Body<ActivityUpdate>,
) -> Result<Tagged<Activity>> {
    let change =
        move |db: &mut _| activities::update(db, &caller, id, seen.seen(), body.value, now.0);
    Ok(Tagged(store.write(id, change).await?))
}

/// Deletes an activity that no count and no indicator names (409 otherwise).
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path), IfMatch))]
#[delete("/activities/{id}")]
pub async fn delete_activity(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ActivityId>,
    seen: IfMatch,
) -> Result<Deleted> {
    store.write(id, move |db| activities::delete(db, &caller, id, seen.seen(), now.0)).await?;
    Ok(Deleted)
}
