//! Tables of a programme: their catalogue, their rows as JSON, and the files.

use actix_web::get;
use actix_web::web::{Bytes, Data};
use chrono::NaiveDate;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{columns, rest};
use crate::accounts::Caller;
use crate::csv_text::Dialect;
use crate::error::Result;
use crate::http::{CsvContent, CsvFile, FromPath, FromQuery, Now, Shown};
use crate::ids::ProgrammeId;
use crate::messages::Lang;
use crate::paging::{Listing, Page};
use crate::reports::faces::json::{self, TableAbout, TablePage};
use crate::reports::{Export, Reading, TableName, Wanted, release_due};
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportTableQuery {
    /// How the file is written; `rfc4180` unless said otherwise.
    #[param(inline)]
    dialect: Option<Dialect>,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// Up to and including that year, for the tables that take one.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i32>,
    /// Of the names; by `Accept-Language` where not given.
    #[param(inline)]
    lang: Option<Lang>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TableQuery {
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
    /// Up to and including that year, for the tables that take one.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i32>,
    /// Of titles and names; by `Accept-Language` where not given.
    #[param(inline)]
    lang: Option<Lang>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The tables that can be taken out of a programme, with their columns.
#[utoipa::path(tag = "tables", params(("id" = ProgrammeId, Path)))]
#[get("/programmes/{id}/tables")]
pub async fn list_tables(
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<ProgrammeId>,
) -> Result<Shown<Listing<TableAbout>>> {
    caller.reading().reads_programme(id)?;
    Ok(Shown(Listing::whole(json::catalogue(lang))))
}

/// A table of the whole programme; for its secretariat and readers. Long ones come page by page,
/// in pages of their own size.
#[utoipa::path(
    tag = "tables",
    params(("id" = ProgrammeId, Path), ("table" = inline(TableName), Path), TableQuery)
)]
#[get("/programmes/{id}/tables/{table}")]
pub async fn show_table(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    accepted: Lang,
    FromPath((programme, table)): FromPath<(ProgrammeId, TableName)>,
    FromQuery(query): FromQuery<TableQuery>,
) -> Result<Shown<TablePage>> {
    let TableQuery { as_of, year, lang, cursor } = query;
    let lang = lang.unwrap_or(accepted);
    let wanted = Wanted { table, as_of: AsOf::end_of(as_of), year, lang };
    let after = Page::<Uuid>::parse(cursor.as_deref(), None)?.after;
    // Of what is read page by page, every page shows the same answers.
    if after.is_none() {
        let tables = std::iter::once(table);
        release_due(&store, &caller, programme, tables, wanted.as_of, now.0).await?;
    }
    let page = move |db: &mut _| {
        let reading = Reading::open(db, &caller, programme, wanted, now.0)?.after(after);
        json::page(db, programme, reading)
    };
    Ok(Shown(store.read(page).await?))
}

/// A table of the whole programme as a CSV file; for its secretariat and readers. `docs/tables.md`
/// describes the columns. A file whose transfer breaks off is not whole.
#[utoipa::path(
    tag = "tables",
    params(("id" = ProgrammeId, Path), ("table" = inline(TableName), Path), ExportTableQuery)
)]
#[get("/programmes/{id}/exports/{table}")]
pub async fn export_table(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    accepted: Lang,
    FromPath((programme, table)): FromPath<(ProgrammeId, TableName)>,
    FromQuery(query): FromQuery<ExportTableQuery>,
) -> Result<CsvFile<TableName>> {
    let ExportTableQuery { dialect, as_of, year, lang } = query;
    let lang = lang.unwrap_or(accepted);
    let wanted = Wanted { table, as_of: AsOf::end_of(as_of), year, lang };
    release_due(&store, &caller, programme, std::iter::once(table), wanted.as_of, now.0).await?;
    // The first part is read before the answer starts, so that its errors still have a status.
    let (first, export) = store
        .read(move |db| {
            let reading = Reading::open(db, &caller, programme, wanted, now.0)?;
            let mut export = Export::new(reading, dialect.unwrap_or_default());
            Ok((export.next_part(db)?, export))
        })
        .await?;
    let name = export.file_name();
    let first = stream::iter(first.map(|part| Ok(Bytes::from(part))));
    Ok(CsvFile::new(name, first.chain(rest(store, export))))
}

impl CsvContent for TableName {
    fn description() -> String {
        let has = |table: &TableName| format!("`{table}` has the columns {}.", columns(*table));
        let tables: Vec<String> = TableName::ALL.iter().map(has).collect();
        format!("The table. {}", tables.join(" "))
    }
}
