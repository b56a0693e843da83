use actix_web::web::Data;
use actix_web::{get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{AsOfQuery, Body, Created, FromPath, FromQuery, IdempotencyKey, Now, Put, Shown};
use crate::ids::{ApplicationId, ProgrammeId, ProjectId, SpendingId};
use crate::paging::{Listing, Page};
use crate::projects::finances::{self, Finances};
use crate::projects::from_application::{self, ProjectOfApplication};
use crate::projects::spending::{self, PutDone, PutSpending, Spending, SpendingWithdrawal};
use crate::projects::{self, Filter, Project, ProjectStatus};
use crate::store::{AsOf, Store};

/// Makes a project of a granted application, or gives a project that exists its grant; once (409
/// afterwards). For the programme's secretariat.
#[utoipa::path(
    tag = "applications",
    params(("id" = ApplicationId, Path), IdempotencyKey),
    request_body = ProjectOfApplication
)]
#[post("/applications/{id}/project")]
pub async fn create_project_of_application(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ApplicationId>,
    key: IdempotencyKey,
    body: Body<ProjectOfApplication>,
) -> Result<Created<Project>> {
    let once = key.bound_to(&body);
    let project = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| from_application::create(db, &caller, id, body.value, now.0),
                |db, made| projects::get(db, &caller, made, AsOf::NOW),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/projects/{}", project.id), project))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpendingQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// Whether withdrawn figures are listed too.
    #[serde(default)]
    with_withdrawn: bool,
}

/// What a project has spent of its grants, by date.
#[utoipa::path(tag = "money", params(("id" = ProjectId, Path), SpendingQuery))]
#[get("/projects/{id}/spending")]
pub async fn list_spending(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<SpendingQuery>,
) -> Result<Shown<Listing<Spending>>> {
    let (as_of, all) = (AsOf::end_of(query.as_of), query.with_withdrawn);
    let found = store.read(move |db| spending::list(db, &caller, id, as_of, all)).await?;
    Ok(Shown(Listing::whole(found)))
}

/// Reports what a project has spent of its grants by a day, in all, or corrects that day's figure.
#[utoipa::path(tag = "money", params(("id" = ProjectId, Path)), request_body = PutSpending)]
#[put("/projects/{id}/spending")]
pub async fn put_spending(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    body: Body<PutSpending>,
) -> Result<Put<Spending>> {
    let put = move |db: &mut _| spending::put(db, &caller, id, body.value, now.0);
    let PutDone { spending, is_new } = store.write(id, put).await?;
    let location = format!("/api/v1/spending/{}", spending.id);
    Ok(Put { created_at: is_new.then_some(location), value: spending })
}

/// One figure as it stands, withdrawn or not.
#[utoipa::path(tag = "money", params(("id" = SpendingId, Path)))]
#[get("/spending/{id}")]
pub async fn show_spending(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<SpendingId>,
) -> Result<Shown<Spending>> {
    Ok(Shown(store.read(move |db| spending::get(db, &caller, id)).await?))
}

/// Every version of a figure, the oldest first.
#[utoipa::path(tag = "money", params(("id" = SpendingId, Path)))]
#[get("/spending/{id}/history")]
pub async fn list_spending_history(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<SpendingId>,
) -> Result<Shown<Listing<Spending>>> {
    let all = store.read(move |db| spending::history(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Takes a figure back; it stays in the history. 409 where it is withdrawn already.
#[utoipa::path(
    tag = "money",
    params(("id" = SpendingId, Path)),
    request_body = SpendingWithdrawal
)]
#[post("/spending/{id}/withdraw")]
pub async fn withdraw_spending(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<SpendingId>,
    body: Body<SpendingWithdrawal>,
) -> Result<Shown<Spending>> {
    let withdraw = move |db: &mut _| spending::withdraw(db, &caller, id, body.value, now.0);
    Ok(Shown(store.write(id, withdraw).await?))
}

/// A project's money held against its time, as it stood.
#[utoipa::path(tag = "money", params(("id" = ProjectId, Path), AsOfQuery))]
#[get("/projects/{id}/finances")]
pub async fn show_finances(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<AsOfQuery>,
) -> Result<Shown<Finances>> {
    let show = move |db: &mut _| finances::of_project(db, &caller, id, query.as_of(), now.0);
    Ok(Shown(store.read(show).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FinancesQuery {
    /// Only the projects in that state.
    status: Option<ProjectStatus>,
    /// Only the projects in that focus area, by its code.
    focus_area: Option<String>,
    /// Only the projects granted in that year.
    year: Option<i32>,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The money of a programme's projects held against their time; for those who see the whole of
/// it.
#[utoipa::path(tag = "money", params(("id" = ProgrammeId, Path), FinancesQuery))]
#[get("/programmes/{id}/finances")]
pub async fn list_finances(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<FinancesQuery>,
) -> Result<Shown<Listing<Finances>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let FinancesQuery { status, focus_area, year, .. } = query;
    let filter = Filter { code: None, status, focus_area, year };
    let list =
        move |db: &mut _| finances::of_programme(db, &caller, id, &filter, as_of, &page, now.0);
    Ok(Shown(store.read(list).await?))
}
