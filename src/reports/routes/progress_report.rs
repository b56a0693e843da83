//! A progress report as people print it.

use actix_web::get;
use actix_web::web::Data;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{FromPath, Now, PlainPage};
use crate::ids::ProgressReportId;
use crate::messages::Lang;
use crate::progress_reports;
use crate::reports::faces::{page, progress_report};
use crate::store::Store;

/// A progress report as one page fit for printing, with its figures, what is written, the decision
/// and the head of the audit trail at approval; in the language of `Accept-Language`.
#[utoipa::path(tag = "progress reports", params(("id" = ProgressReportId, Path)))]
#[get("/progress-reports/{id}/page")]
pub async fn show_progress_report_page(
    store: Data<Store>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgressReportId>,
) -> Result<PlainPage> {
    let html = move |db: &mut _| {
        progress_report::page(&progress_reports::get(db, &caller, id, lang, now.0)?, lang)
    };
    Ok(PlainPage { html: store.read(html).await?, style: page::STYLE })
}
