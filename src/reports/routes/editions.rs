//! All tables of a programme at once: the workbook and the page.

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{FileContent, FromPath, FromQuery, Now, PlainPage, WholeFile};
use crate::ids::ProgrammeId;
use crate::messages::Lang;
use crate::reports::faces::{page, workbook};
use crate::reports::{Asked, Edition, TableName, release_due};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EditionQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// Up to and including that year, in the tables that take one.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i32>,
    /// Of all that people read; by `Accept-Language` where not given.
    #[param(inline)]
    lang: Option<Lang>,
}

impl EditionQuery {
    fn asked(&self, accepted: Lang) -> Asked {
        let lang = self.lang.unwrap_or(accepted);
        Asked { as_of: AsOf::end_of(self.as_of), year: self.year, lang }
    }
}

/// For the contract.
pub struct WorkbookFile;

impl FileContent for WorkbookFile {
    const MEDIA_TYPE: &'static str =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const DESCRIPTION: &'static str = "The workbook.";
}

/// The tables of the status report as one Excel workbook, a sheet each, read at one moment; for the
/// programme's secretariat and readers.
#[utoipa::path(tag = "tables", params(("id" = ProgrammeId, Path), EditionQuery))]
#[get("/programmes/{id}/workbook")]
pub async fn export_workbook(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    accepted: Lang,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<EditionQuery>,
) -> Result<WholeFile<WorkbookFile>> {
    let asked = query.asked(accepted);
    release_due(&store, &caller, id, Edition::tables(), asked.as_of, now.0).await?;
    let file = move |db: &mut _| {
        let edition = Edition::open(db, &caller, id, asked, now.0)?;
        let name = format!("{}.xlsx", edition.file_name());
        Ok(WholeFile::new(name, workbook::build(db, &edition)?))
    };
    store.read(file).await
}

/// The status report as one page with tables and charts, fit for printing; for the programme's
/// secretariat and readers.
#[utoipa::path(tag = "tables", params(("id" = ProgrammeId, Path), EditionQuery))]
#[get("/programmes/{id}/report")]
pub async fn show_report(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    accepted: Lang,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<EditionQuery>,
) -> Result<PlainPage> {
    let tables = Edition::tables().collect();
    shown(store, now, caller, id, query.asked(accepted), tables).await
}

/// What does not fit together in a programme, and where to mend it, as a page; for its secretariat
/// and readers. The table `consistency` has the same.
#[utoipa::path(tag = "tables", params(("id" = ProgrammeId, Path), EditionQuery))]
#[get("/programmes/{id}/report/consistency")]
pub async fn show_consistency(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    accepted: Lang,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<EditionQuery>,
) -> Result<PlainPage> {
    let tables = vec![TableName::Consistency, TableName::Reported];
    shown(store, now, caller, id, query.asked(accepted), tables).await
}

async fn shown(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    id: ProgrammeId,
    asked: Asked,
    tables: Vec<TableName>,
) -> Result<PlainPage> {
    release_due(&store, &caller, id, tables.iter().copied(), asked.as_of, now.0).await?;
    let html = move |db: &mut _| {
        let edition = Edition::open(db, &caller, id, asked, now.0)?;
        page::of_tables(db, &edition, &tables)
    };
    Ok(PlainPage { html: store.read(html).await?, style: page::STYLE })
}
