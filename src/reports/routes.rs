use actix_web::get;
use actix_web::web::{Bytes, Data};
use chrono::NaiveDate;
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Export, TableName, Wanted};
use crate::accounts::Caller;
use crate::csv_text::Dialect;
use crate::error::Result;
use crate::http::{CsvContent, CsvFile, FromPath, FromQuery, Now};
use crate::ids::ProgrammeId;
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// How the file is written; `rfc4180` unless said otherwise.
    #[param(inline)]
    #[param(inline)]
    dialect: Option<Dialect>,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
}

/// A table of the whole programme as a CSV file; for its secretariat and readers. `docs/tables.md`
/// describes the columns. A file whose transfer breaks off is not whole.
#[utoipa::path(
    tag = "exports",
    params(("id" = ProgrammeId, Path), ("table" = inline(TableName), Path), ExportQuery)
)]
#[get("/programmes/{id}/exports/{table}")]
pub async fn export_table(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath((programme, table)): FromPath<(ProgrammeId, TableName)>,
    FromQuery(query): FromQuery<ExportQuery>,
) -> Result<CsvFile<TableName>> {
    let dialect = query.dialect.unwrap_or_default();
    let wanted = Wanted { table, dialect, as_of: AsOf::end_of(query.as_of) };
    // The first part is read before the answer starts, so that its errors still have a status.
    let (first, export) = store
        .read(move |db| {
            let mut export = Export::open(db, &caller, programme, wanted, now.0)?;
            Ok((export.next_part(db)?, export))
        })
        .await?;
    let name = export.file_name().to_string();
    let first = stream::iter(first.map(|part| Ok(Bytes::from(part))));
    Ok(CsvFile::new(name, first.chain(rest(store, export))))
}

/// One read for each part: no transaction waits for the client.
fn rest(store: Data<Store>, export: Export) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(export, move |mut export| {
        let store = store.clone();
        async move {
            let (part, export) = store.read(move |db| Ok((export.next_part(db)?, export))).await?;
            Ok(part.map(|part| (Bytes::from(part), export)))
        }
    })
}

impl CsvContent for TableName {
    fn description() -> String {
        let columns = |table: &TableName| {
            let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            format!("`{table}` has the columns {}.", names.join(", "))
        };
        let tables: Vec<String> = TableName::ALL.iter().map(columns).collect();
        format!("The table. {}", tables.join(" "))
    }
}
