use actix_web::web::Data;
use actix_web::{get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{Body, FromPath, FromQuery, Now, Put, Shown};
use crate::ids::{FactId, ProgrammeId};
use crate::paging::{Listing, Page};
use crate::programmes::reported_facts::{
    self, FactDimension, FactWithdrawal, Filter, PutFact, PutReportedFact, ReportedFact,
};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FactsQuery {
    /// Only those of that measure.
    measure: Option<String>,
    /// Only those about that year.
    year: Option<i32>,
    /// Only those broken down by that.
    dimension: Option<FactDimension>,
    /// Whether withdrawn ones are listed too.
    #[serde(default)]
    with_withdrawn: bool,
    /// As they stood at the end of that day in Denmark; as they stand now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// Figures that are known from a report only; for those who see the whole programme. They stand
/// beside what is computed and never count in it.
#[utoipa::path(tag = "reported facts", params(("id" = ProgrammeId, Path), FactsQuery))]
#[get("/programmes/{id}/reported-facts")]
pub async fn list_reported_facts(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<FactsQuery>,
) -> Result<Shown<Listing<ReportedFact>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let FactsQuery { measure, year, dimension, with_withdrawn, .. } = query;
    let filter = Filter { measure, year, dimension, with_withdrawn };
    let list = move |db: &mut _| reported_facts::list(db, &caller, id, &filter, as_of, &page);
    Ok(Shown(store.read(list).await?))
}

/// Records a figure from a report, or corrects it: one for each measure, year, category, report
/// and page. For the programme's secretariat.
#[utoipa::path(
    tag = "reported facts",
    params(("id" = ProgrammeId, Path)),
    request_body = PutReportedFact
)]
#[put("/programmes/{id}/reported-facts")]
pub async fn put_reported_fact(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    body: Body<PutReportedFact>,
) -> Result<Put<ReportedFact>> {
    let put = move |db: &mut _| reported_facts::put(db, &caller, id, body.value, now.0);
    let PutFact { fact, is_new } = store.write(id, put).await?;
    let location = format!("/api/v1/reported-facts/{}", fact.id);
    Ok(Put { created_at: is_new.then_some(location), value: fact })
}

/// One reported fact as it stands, withdrawn or not.
#[utoipa::path(tag = "reported facts", params(("id" = FactId, Path)))]
#[get("/reported-facts/{id}")]
pub async fn show_reported_fact(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<FactId>,
) -> Result<Shown<ReportedFact>> {
    Ok(Shown(store.read(move |db| reported_facts::get(db, &caller, id)).await?))
}

/// Every version of a reported fact, the oldest first.
#[utoipa::path(tag = "reported facts", params(("id" = FactId, Path)))]
#[get("/reported-facts/{id}/history")]
pub async fn list_reported_fact_history(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<FactId>,
) -> Result<Shown<Listing<ReportedFact>>> {
    let all = store.read(move |db| reported_facts::history(db, &caller, id)).await?;
    Ok(Shown(Listing::whole(all)))
}

/// Takes a reported fact back; it stays in the history. For the programme's secretariat.
#[utoipa::path(
    tag = "reported facts",
    params(("id" = FactId, Path)),
    request_body = FactWithdrawal
)]
#[post("/reported-facts/{id}/withdraw")]
pub async fn withdraw_reported_fact(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<FactId>,
    body: Body<FactWithdrawal>,
) -> Result<Shown<ReportedFact>> {
    let withdraw = move |db: &mut _| reported_facts::withdraw(db, &caller, id, body.value, now.0);
    Ok(Shown(store.write(id, withdraw).await?))
}
