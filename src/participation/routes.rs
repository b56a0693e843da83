use actix_web::web::Data;
use actix_web::{get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    BatchInput, BatchReport, Count, CountInput, CountVersion, Counting, Filter, Outcome, PutCount,
    Withdrawal,
};
use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{Body, FromPath, FromQuery, Now, PageQuery, Put, Shown, Tagged};
use crate::ids::{CountId, ProjectId};
use crate::paging::{Listing, Page};
use crate::store::{AsOf, Store};

/// Puts a count on its natural key: activity, organisation, period, role, education level and
/// counting. Put again it is corrected, and the history stays; put again alike it is unchanged.
///
/// A count posted as `so_far` gives totals up to the end of its period, and is stored as the
/// difference to what stands before it in the same series. The total goes on to hold: when an
/// earlier count of the series is put, corrected or withdrawn, the difference is worked out anew
/// (a version `adjusted` in the audit trail), and a correction that leaves less than nothing is
/// refused (422 `against_so_far`). A contributor posts its own organisation's counts only.
#[utoipa::path(tag = "counts", params(("id" = ProjectId, Path)), request_body = CountInput)]
#[put("/projects/{id}/counts")]
pub async fn put_count(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    body: Body<CountInput>,
) -> Result<Put<PutCount>> {
    let count = store.write(id, move |db| super::put(db, &caller, id, &body.value, now.0)).await?;
    let location = format!("/api/v1/counts/{}", count.count.id);
    let is_new = count.outcome == Outcome::Created;
    Ok(Put { created_at: is_new.then_some(location), value: count })
}

/// Puts 1 to 1,000 counts in one step: all of them, or none. All faults are told, with their place
/// in the batch; the same key twice is one of them.
#[utoipa::path(tag = "counts", params(("id" = ProjectId, Path)), request_body = BatchInput)]
#[put("/projects/{id}/counts/batch")]
pub async fn put_counts(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    body: Body<BatchInput>,
) -> Result<Shown<BatchReport>> {
    let put = move |db: &mut _| super::put_batch(db, &caller, id, &body.value, now.0);
    Ok(Shown(store.write(id, put).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountsQuery {
    /// Only of the activity with that number.
    activity: Option<i32>,
    /// Only of the organisation with that code.
    organisation: Option<String>,
    /// Only of that role.
    role: Option<String>,
    /// Only of exactly that level, not of those below it.
    education_level: Option<String>,
    /// Only counted in that way.
    counting: Option<Counting>,
    /// Only with periods that end on that day or later.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    from: Option<NaiveDate>,
    /// Only with periods that start on that day or earlier.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    to: Option<NaiveDate>,
    /// With those that are withdrawn.
    #[serde(default)]
    include_withdrawn: bool,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The counts of a project; for a contributor, of its own organisation.
#[utoipa::path(tag = "counts", params(("id" = ProjectId, Path), CountsQuery))]
#[get("/projects/{id}/counts")]
pub async fn list_counts(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<CountsQuery>,
) -> Result<Shown<Listing<Count>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let as_of = AsOf::end_of(query.as_of);
    let filter = Filter {
        activity: query.activity,
        organisation: query.organisation,
        role: query.role,
        education_level: query.education_level,
        counting: query.counting,
        from: query.from,
        to: query.to,
        withdrawn: query.include_withdrawn,
    };
    let counts = store.read(move |db| super::list(db, &caller, id, &filter, as_of, &page)).await?;
    Ok(Shown(counts))
}

/// One count.
#[utoipa::path(tag = "counts", params(("id" = CountId, Path)))]
#[get("/counts/{id}")]
pub async fn show_count(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<CountId>,
) -> Result<Tagged<Count>> {
    Ok(Tagged(store.read(move |db| super::get(db, &caller, id)).await?))
}

/// What a count has said, the newest first.
#[utoipa::path(tag = "counts", params(("id" = CountId, Path), PageQuery))]
#[get("/counts/{id}/history")]
pub async fn list_count_history(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<CountId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<CountVersion>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| super::history(db, &caller, id, &page)).await?))
}

/// Withdraws a count: it is kept with its history and no longer counted. Putting it again brings
/// it back.
#[utoipa::path(tag = "counts", params(("id" = CountId, Path)), request_body = Withdrawal)]
#[post("/counts/{id}/withdraw")]
pub async fn withdraw_count(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<CountId>,
    body: Body<Withdrawal>,
) -> Result<Tagged<Count>> {
    let withdraw = move |db: &mut _| super::withdraw(db, &caller, id, &body.value, now.0);
    Ok(Tagged(store.write(id, withdraw).await?))
}
