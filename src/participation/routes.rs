use actix_web::web::Data;
use actix_web::{get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::import;
use super::{
    BatchInput, BatchReport, Count, CountInput, CountVersion, Counting, Filter, Import, ImportKind,
    ImportReport, Outcome, PutCount, Withdrawal,
};
use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{
    Body, FromPath, FromQuery, Now, PageQuery, Put, ReportOrFile, Shown, Tagged, Upload, WantsCsv,
};
use crate::ids::{CountId, ProgrammeId, ProjectId};
use crate::messages::Lang;
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

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// What the file holds.
    #[param(inline)]
    kind: ImportKind,
    /// Tells all that the file would do, and writes nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Imports a CSV file: all of it, or nothing.
///
/// The dialect is found out by reading: comma, semicolon or tab; UTF-8 or Windows-1252. Columns
/// come in any order, with English or Danish names: `project`, `activity`, `organisation`, `period`
/// (`2022`, or `2022/2023` for a school year) or `period_start` and `period_end`,
/// `participant_role`, `education_level`, `counting`, `participants`, `women`, `men`,
/// `other_gender`, `note`, `so_far`. Cells hold codes or names. `programme`, `count_id`,
/// `recorded_at` and `error` are passed over, so that an exported file can be imported again.
/// At most 200,000 rows.
///
/// Also where the file has errors the answer is 200, with `applied: false` and the errors, each
/// with row, column, value and reason: a problem document has no room for those. With
/// `Accept: text/csv` the file itself comes back with an `error` column, and the header
/// `Maaltal-Applied` says `true` or `false`.
///
/// The secretariat imports for all projects; holders and contributors for what is theirs, and a
/// row of others is an error in that row.
#[utoipa::path(
    tag = "imports",
    params(("id" = ProgrammeId, Path), ImportQuery),
    request_body(content = String, content_type = "text/csv")
)]
#[post("/programmes/{id}/imports")]
#[allow(clippy::too_many_arguments)] // all that a file, a moment and a caller are
pub async fn import_counts(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    wants: WantsCsv,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ImportQuery>,
    upload: Upload,
) -> Result<ReportOrFile<ImportReport>> {
    let ImportKind::Participation = query.kind;
    let looker = caller.clone();
    let stage = move |db: &mut _| {
        let staged = import::stage(&upload.bytes);
        let judged = import::judge(db, &looker, id, &staged, now.0)?;
        Ok((staged, judged))
    };
    let (mut staged, mut judged) = store.read(stage).await?;
    let mut applied = false;
    if !query.dry_run && judged.is_fine() {
        let apply = move |db: &mut _| {
            let judged = import::apply(db, &caller, id, &staged, now.0)?;
            Ok((staged, judged))
        };
        (staged, judged) = store.write(id, apply).await?;
        applied = judged.is_fine();
    }
    Ok(if wants.0 {
        ReportOrFile::File { bytes: import::annotated(&staged, &judged, lang)?, applied }
    } else {
        ReportOrFile::Report(import::report(&staged, &judged, applied, lang))
    })
}

/// The files that were applied, the newest first: all of the programme for its secretariat and
/// readers, else one's own.
#[utoipa::path(tag = "imports", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/imports")]
pub async fn list_imports(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Import>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| import::list(db, &caller, id, &page)).await?))
}
