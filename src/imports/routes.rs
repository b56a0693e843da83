use actix_web::web::{Bytes, Data};
use actix_web::{get, post};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::annotated::Annotated;
use super::{Import, ImportKind, ImportReport, ImportStatus, Opened, Sent, Works, small};
use crate::accounts::Caller;
use crate::csv_text::Dialect;
use crate::error::Result;
use crate::http::{
    CsvContent, CsvFile, FromPath, FromQuery, Imported, Now, PageQuery, Shown, Upload, WantsCsv,
};
use crate::ids::{ImportId, ProgrammeId, ProjectId};
use crate::messages::Lang;
use crate::paging::Listing;
use crate::store::Store;

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
    /// Takes the good rows and leaves out those with errors, instead of all or nothing.
    #[serde(default)]
    partial: bool,
    /// The sheet of an Excel workbook; the first where not given.
    sheet: Option<String>,
}

/// Imports a CSV or Excel file: all of it, or nothing; with `partial`, its good rows.
///
/// The dialect of a CSV file is found out by reading: comma, semicolon or tab; UTF-8 or
/// Windows-1252. Of an Excel workbook (.xlsx) the first sheet is read, or the one that `sheet`
/// names. Columns come in any order, with English or Danish names; `docs/imports.md` lists them for
/// each kind, and a template has them all. Cells hold codes or names. What the file has no column
/// for stays as it is; `programme` and `error` are passed over, so that an exported file, or one
/// that came back, can be imported again.
///
/// Also where the file has errors the answer is 200, with `applied: false` and the errors, each
/// with row, column, value and reason: a problem document has no room for those. With
/// `Accept: text/csv` the file itself comes back with an `error` column, and the header
/// `Maaltal-Applied` says `true` or `false`.
///
/// Counts: the secretariat imports for all projects; holders and contributors for what is theirs,
/// and a row of others is an error in that row. A file of more than 20,000 rows, and up to
/// 1,000,000, is answered with 202 at once and worked on afterwards: ask for the import at the
/// address in `Location`. Values: as each is posted. Everything else: the secretariat, up to 5,000
/// rows.
#[utoipa::path(
    tag = "imports",
    params(("id" = ProgrammeId, Path), ImportQuery),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    ))
)]
#[post("/programmes/{id}/imports")]
#[allow(clippy::too_many_arguments)] // all that a file, a moment and a caller are
pub async fn import_file(
    store: Data<Store>,
    works: Data<Works>,
    now: Now,
    caller: Caller,
    lang: Lang,
    wants: WantsCsv,
    FromPath(programme): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ImportQuery>,
    upload: Upload,
) -> Result<Imported<ImportReport, ImportStatus>> {
    // Who may not is told before the file is looked at.
    super::may_import(&caller, programme, query.kind)?;
    let ImportQuery { kind, dry_run, partial, sheet } = query;
    let (file, now) = (upload.file, now.0);
    let sent = Sent { caller, programme, kind, file, sheet, dry_run, partial, now };
    let works = (**works).clone();
    store
        .on_pool(move |store| {
            let caller = sent.caller.clone();
            let opened = Opened::open(sent)?;
            if opened.is_large() {
                let id = works.take(opened)?;
                let status = store.read_here(|db| super::status(db, &caller, id, lang))?;
                return Ok(Imported::Later { location: format!("/api/v1/imports/{id}"), status });
            }
            let ran = small::run(store, opened, lang)?;
            Ok(if wants.0 {
                Imported::File { bytes: ran.annotated(lang)?, applied: ran.report.applied }
            } else {
                Imported::Report(ran.report)
            })
        })
        .await
}

/// The imports that were applied or are under way, the newest first: all of the programme for its
/// secretariat and readers, else one's own.
#[utoipa::path(tag = "imports", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/imports")]
pub async fn list_imports(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Import>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| super::list(db, &caller, id, &page)).await?))
}

/// How far an import has come, and what is wrong with its rows.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)))]
#[get("/imports/{id}")]
pub async fn show_import(
    store: Data<Store>,
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<ImportId>,
) -> Result<Shown<ImportStatus>> {
    Ok(Shown(store.read(move |db| super::status(db, &caller, id, lang)).await?))
}

/// The file of a large import that had errors, with an `error` column; for a day.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)))]
#[get("/imports/{id}/file")]
pub async fn show_import_file(
    store: Data<Store>,
    caller: Caller,
    lang: Lang,
    FromPath(id): FromPath<ImportId>,
) -> Result<CsvFile<AnnotatedFile>> {
    let open = move |db: &mut _| {
        let mut file = Annotated::open(db, &caller, id, lang)?;
        Ok((file.next_part(db)?, file))
    };
    let (first, file) = store.read(open).await?;
    let first = stream::iter(first.map(|part| Ok(Bytes::from(part))));
    let rest = stream::try_unfold(file, move |mut file| {
        let store = store.clone();
        async move {
            let (part, file) = store.read(move |db| Ok((file.next_part(db)?, file))).await?;
            Ok(part.map(|part| (Bytes::from(part), file)))
        }
    });
    Ok(CsvFile::new(format!("import-{id}.csv"), first.chain(rest)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// How the file is written; `dk-excel` unless said otherwise.
    #[param(inline)]
    dialect: Option<Dialect>,
}

/// A file to fill in and import: all columns of a kind, and rows for what is known of the project.
/// For counts a row for each that its indicators take and for each that was posted before, without
/// figures, for this year; for values a row for each indicator. Rows that nobody fills in may stay:
/// the column `template` tells them, and an import passes them over and counts them as `unfilled`.
/// Columns are called in the language of `Accept-Language`.
#[utoipa::path(
    tag = "imports",
    params(("id" = ProjectId, Path), ("kind" = inline(ImportKind), Path), TemplateQuery)
)]
#[get("/projects/{id}/imports/{kind}/template")]
pub async fn show_import_template(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    lang: Lang,
    FromPath((id, kind)): FromPath<(ProjectId, ImportKind)>,
    FromQuery(query): FromQuery<TemplateQuery>,
) -> Result<CsvFile<TemplateFile>> {
    let dialect = query.dialect.unwrap_or(Dialect::DkExcel);
    let make = move |db: &mut _| super::template(db, &caller, id, kind, dialect, lang, now.0);
    let bytes = Bytes::from(store.read(make).await?);
    Ok(CsvFile::new(format!("{kind}.csv"), stream::iter([Ok(bytes)])))
}

/// For the contract.
pub struct AnnotatedFile;
pub struct TemplateFile;

impl CsvContent for AnnotatedFile {
    fn description() -> String {
        "The file as it came, with an `error` column.".to_string()
    }
}

impl CsvContent for TemplateFile {
    fn description() -> String {
        let columns = |kind: &ImportKind| {
            let names: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
            format!("`{kind}` has the columns {}.", names.join(", "))
        };
        let kinds: Vec<String> = ImportKind::ALL.iter().map(columns).collect();
        format!("The file. In English {}", kinds.join(" "))
    }
}
