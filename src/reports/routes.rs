use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::get;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder};
use chrono::NaiveDate;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Header, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};

use super::{Export, TableName, Wanted};
use crate::accounts::Caller;
use crate::csv_text::Dialect;
use crate::error::{Error, Result};
use crate::http::{FromPath, FromQuery, Now, RequestId};
use crate::ids::ProgrammeId;
use crate::store::{AsOf, Store};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// How the file is written; `rfc4180` unless said otherwise.
    dialect: Option<Dialect>,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    as_of: Option<NaiveDate>,
}

/// A table of the whole programme as a CSV file; for its secretariat and readers. `docs/tables.md`
/// describes the columns. A file whose transfer breaks off is not whole.
#[utoipa::path(
    tag = "exports",
    params(("id" = ProgrammeId, Path), ("table" = TableName, Path), ExportQuery)
)]
#[get("/programmes/{id}/exports/{table}")]
pub async fn export_table(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath((programme, table)): FromPath<(ProgrammeId, TableName)>,
    FromQuery(query): FromQuery<ExportQuery>,
) -> Result<CsvFile> {
    let dialect = query.dialect.unwrap_or_default();
    let wanted = Wanted { table, dialect, as_of: AsOf::end_of(query.as_of) };
    // The first part is read before the answer starts, so that its errors still have a status.
    let (first, export) = store
        .read(move |db| {
            let mut export = Export::open(db, &caller, programme, wanted, now.0)?;
            Ok((export.next_part(db)?, export))
        })
        .await?;
    Ok(CsvFile { first: first.unwrap_or_default(), export, store })
}

/// A CSV file that is sent while it is read.
pub struct CsvFile {
    first: Vec<u8>,
    export: Export,
    store: Data<Store>,
}

impl Responder for CsvFile {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let request_id = RequestId::of(&request.extensions());
        let name = self.export.file_name().to_string();
        let first = stream::iter([Ok(Bytes::from(self.first))]);
        let parts = first.chain(rest(self.store, self.export));
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header(attachment(name))
            // The error ends the body without its last chunk: the client sees that it is cut.
            .streaming(parts.inspect_err(move |error| {
                tracing::error!(request_id, cause = error.to_string(), "export broken off");
            }))
    }
}

/// One read for each part: no transaction waits for the client.
fn rest(store: Data<Store>, export: Export) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(export, move |mut export| {
        let store = store.clone();
        async move {
            let (part, export) = store.read(move |db| Ok((export.next_part(db)?, export))).await?;
            Ok(part.map(|part| (Bytes::from(part), export)))
        }
    })
}

/// A programme's code may hold Danish letters, which only the extended form can.
fn attachment(name: String) -> ContentDisposition {
    let parameter = if name.is_ascii() {
        DispositionParam::Filename(name)
    } else {
        DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_string()),
            language_tag: None,
            value: name.into_bytes(),
        })
    };
    ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![parameter] }
}

impl IntoResponses for CsvFile {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let columns = |table: &TableName| {
            let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            format!("`{table}` has the columns {}.", names.join(", "))
        };
        let tables: Vec<String> = TableName::ALL.iter().map(columns).collect();
        let response = ResponseBuilder::new()
            .description(format!("The table. {}", tables.join(" ")))
            .content("text/csv", ContentBuilder::new().schema(Some(text)).build())
            .header("Content-Disposition", Header::default())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}
