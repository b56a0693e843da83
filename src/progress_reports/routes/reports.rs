use actix_web::web::Data;
use actix_web::{get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::clock::At;
use crate::error::Result;
use crate::http::{
    Body, Created, FromPath, FromQuery, IdempotencyKey, IfMatch, Now, PageQuery, Shown, Tagged,
};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId};
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::progress_reports::{
    self, Approval, DueDay, Filter, NewProgressReport, ProgressReport, ProgressReportLine,
    ProgressReportVersion, ReportInput, ReportKind, ReportRequests, ReportReturn, ReportState,
    ReportWithdrawal, RequestedReports,
};
use crate::store::{Db, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportsQuery {
    /// Only those in that state.
    state: Option<ReportState>,
    /// Only annual or only final ones.
    kind: Option<ReportKind>,
    /// Only those whose period ends in that year.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i32>,
    /// Only those that are still with their holder and whose due day has passed.
    #[serde(default)]
    #[param(required = false)]
    overdue: bool,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at the most: 1 to 1,000, and 100 unless said otherwise.
    limit: Option<u32>,
}

/// The progress reports of a programme; a holder sees those of its own projects, and a contributor
/// none.
#[utoipa::path(tag = "progress reports", params(("id" = ProgrammeId, Path), ReportsQuery))]
#[get("/programmes/{id}/progress-reports")]
pub async fn list_progress_reports(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ReportsQuery>,
) -> Result<Shown<Listing<ProgressReportLine>>> {
    let page = Page::parse(query.cursor.as_deref(), query.limit)?;
    let ReportsQuery { state, kind, year, overdue, .. } = query;
    let filter = Filter { state, kind, year, overdue };
    let list = move |db: &mut _| progress_reports::list(db, &caller, id, &filter, &page, now.0);
    Ok(Shown(store.read(list).await?))
}

/// Asks all projects of a programme that are in certain states, and that have no such report yet,
/// for one by a due day; for the secretariat. Doing it again asks only those that have come since.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgrammeId, Path)),
    request_body = ReportRequests
)]
#[post("/programmes/{id}/progress-reports")]
pub async fn request_progress_reports(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    body: Body<ReportRequests>,
) -> Result<Shown<RequestedReports>> {
    let request =
        move |db: &mut _| progress_reports::request_all(db, &caller, id, &body.value, now.0);
    Ok(Shown(store.write(id, request).await?))
}

/// The progress reports of a project.
#[utoipa::path(tag = "progress reports", params(("id" = ProjectId, Path), PageQuery))]
#[get("/projects/{id}/progress-reports")]
pub async fn list_project_progress_reports(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<ProgressReportLine>>> {
    let page = query.page()?;
    let list = move |db: &mut _| progress_reports::list_of(db, &caller, id, &page, now.0);
    Ok(Shown(store.read(list).await?))
}

/// Asks one project for a report, or records an assessment that is known from another report only;
/// for the secretariat. 409 where there is such a report already.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProjectId, Path), IdempotencyKey),
    request_body = NewProgressReport
)]
#[post("/projects/{id}/progress-reports")]
#[allow(clippy::too_many_arguments, reason = "a handler is given what it needs one by one")]
pub async fn create_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    key: IdempotencyKey,
    body: Body<NewProgressReport>,
) -> Result<Created<ProgressReport>> {
    let once = key.bound_to(&body);
    let report = store
        .write(id, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| progress_reports::request(db, &caller, id, body.value, now.0),
                |db, made| progress_reports::get(db, &caller, made, lang, now.0),
            )
        })
        .await?;
    Ok(Created::at(format!("/api/v1/progress-reports/{}", report.id), report))
}

/// One progress report: what is written, beside the figures that the service fills in.
#[utoipa::path(tag = "progress reports", params(("id" = ProgressReportId, Path)))]
#[get("/progress-reports/{id}")]
pub async fn show_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
) -> Result<Tagged<ProgressReport>> {
    let get = move |db: &mut _| progress_reports::get(db, &caller, id, lang, now.0);
    Ok(Tagged(store.read(get).await?))
}

/// Every version of a progress report, the newest first.
#[utoipa::path(tag = "progress reports", params(("id" = ProgressReportId, Path), PageQuery))]
#[get("/progress-reports/{id}/history")]
pub async fn list_progress_report_versions(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<ProgressReportVersion>>> {
    let page = query.page()?;
    let list = move |db: &mut _| progress_reports::history(db, &caller, id, &page);
    Ok(Shown(store.read(list).await?))
}

/// Who moves a report on, when, and from which version.
struct Step {
    caller: Caller,
    id: ProgressReportId,
    seen: i32,
    now: At,
    lang: Lang,
}

/// Carries out a step, and shows what came of it.
async fn step<F>(store: &Store, next: Step, f: F) -> Result<Tagged<ProgressReport>>
where
    F: FnOnce(&mut Db, &Step) -> Result<()> + Send + 'static,
{
    let id = next.id;
    let run = move |db: &mut _| {
        f(db, &next)?;
        progress_reports::get(db, &next.caller, next.id, next.lang, next.now)
    };
    Ok(Tagged(store.write(id, run).await?))
}

/// Writes a report that is asked for, drafted or returned. The figures are filled in and never
/// written.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgressReportId, Path), IfMatch),
    request_body = ReportInput
)]
#[put("/progress-reports/{id}")]
pub async fn update_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
    body: Body<ReportInput>,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| {
        progress_reports::edit(db, &by.caller, by.id, by.seen, body.value, by.now)
    })
    .await
}

/// Hands a report in, from the last day of its period on, and freezes its figures. 422 with what
/// it lacks; 409 where it is not with its holder.
#[utoipa::path(tag = "progress reports", params(("id" = ProgressReportId, Path), IfMatch))]
#[post("/progress-reports/{id}/submit")]
pub async fn submit_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| progress_reports::submit(db, &by.caller, by.id, by.seen, by.now))
        .await
}

/// Gives a submitted report back to its holder with a comment; 409 where it is not submitted.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgressReportId, Path), IfMatch),
    request_body = ReportReturn
)]
#[post("/progress-reports/{id}/return")]
pub async fn return_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
    body: Body<ReportReturn>,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| {
        progress_reports::return_to_holder(db, &by.caller, by.id, by.seen, body.value, by.now)
    })
    .await
}

/// Approves a submitted report with an assessment, and locks its period in its project; 409 where
/// it is not submitted.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgressReportId, Path), IfMatch),
    request_body = Approval
)]
#[post("/progress-reports/{id}/approve")]
pub async fn approve_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
    body: Body<Approval>,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| {
        progress_reports::approve(db, &by.caller, by.id, by.seen, body.value, by.now)
    })
    .await
}

/// Gives a report that is not submitted yet another due day; for the secretariat.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgressReportId, Path), IfMatch),
    request_body = DueDay
)]
#[put("/progress-reports/{id}/due-day")]
pub async fn move_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
    body: Body<DueDay>,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| {
        progress_reports::move_due(db, &by.caller, by.id, by.seen, body.value, by.now)
    })
    .await
}

/// Takes back that a report was asked for, as long as it is not submitted, or an assessment that
/// was only reported; for the secretariat. Asking for it again brings it back.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgressReportId, Path), IfMatch),
    request_body = ReportWithdrawal
)]
#[post("/progress-reports/{id}/withdraw")]
pub async fn withdraw_progress_report(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
    seen: IfMatch,
    body: Body<ReportWithdrawal>,
) -> Result<Tagged<ProgressReport>> {
    let next = Step { caller, id, seen: seen.seen(), now: now.0, lang };
    step(&store, next, |db, by| {
        progress_reports::withdraw(db, &by.caller, by.id, by.seen, body.value, by.now)
    })
    .await
}
