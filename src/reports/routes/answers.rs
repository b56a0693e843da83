//! What one questionnaire was answered with, as files.

use actix_web::get;
use actix_web::web::{Bytes, Data};
use chrono::NaiveDate;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{columns, rest};
use crate::accounts::Caller;
use crate::csv_text::Dialect;
use crate::error::Result;
use crate::http::{CsvContent, CsvFile, FromPath, FromQuery, Now};
use crate::ids::QuestionnaireId;
use crate::reports::TableName;
use crate::reports::faces::answers::{self, AnswersExport, File};
use crate::store::{AsOf, Store};
use crate::surveys::results::{self, Of};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// How the file is written; `rfc4180` unless said otherwise.
    #[param(inline)]
    dialect: Option<Dialect>,
    /// As it stood at the end of that day in Denmark; as it stands now where not given.
    #[serde(default, deserialize_with = "crate::clock::day_if_any")]
    as_of: Option<NaiveDate>,
}

impl ExportQuery {
    fn wanted(&self, file: File) -> answers::Wanted {
        let dialect = self.dialect.unwrap_or_default();
        answers::Wanted { file, dialect, as_of: AsOf::end_of(self.as_of) }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DialectQuery {
    /// How the file is written; `rfc4180` unless said otherwise.
    #[param(inline)]
    dialect: Option<Dialect>,
}

/// What a questionnaire was answered with, as a CSV file: the table `results` of `docs/tables.md`
/// for this questionnaire alone, of the links that the caller sees.
#[utoipa::path(tag = "results", params(("id" = QuestionnaireId, Path), ExportQuery))]
#[get("/questionnaires/{id}/results.csv")]
pub async fn export_questionnaire_results(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    FromQuery(query): FromQuery<ExportQuery>,
) -> Result<CsvFile<ResultsFile>> {
    let as_of = AsOf::end_of(query.as_of);
    results::refresh(&store, &caller, Of::Questionnaire(id), as_of, now.0).await?;
    answers_file(store, caller, id, query.wanted(File::Results), now).await
}

/// What the codes in a questionnaire's results and responses mean, as a CSV file: the table
/// `codebook` of `docs/tables.md` for this questionnaire alone.
#[utoipa::path(tag = "results", params(("id" = QuestionnaireId, Path), ExportQuery))]
#[get("/questionnaires/{id}/codebook.csv")]
pub async fn export_questionnaire_codebook(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    FromQuery(query): FromQuery<ExportQuery>,
) -> Result<CsvFile<CodebookFile>> {
    answers_file(store, caller, id, query.wanted(File::Codebook), now).await
}

/// The responses to a closed questionnaire as rows of a CSV file, for whoever may write it (409
/// while it or one of its links is open). A row has the education level and the wave of its link,
/// and what was answered: no link, organisation, day or id, and no free text. Rows stand sorted by
/// what is in them. A link's responses are given all or not at all: only where everything that was
/// asked through it was published of that link alone with nothing held back, and in no part of
/// fewer than ten responses, so that the published figures take no smaller group out of the rows.
/// Several chosen options stand as `a|b`; an empty cell was not asked or not answered; paper has no
/// rows. `docs/tables.md` says more.
#[utoipa::path(tag = "results", params(("id" = QuestionnaireId, Path), DialectQuery))]
#[get("/questionnaires/{id}/responses.csv")]
pub async fn export_questionnaire_responses(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    FromQuery(query): FromQuery<DialectQuery>,
) -> Result<CsvFile<ResponsesFile>> {
    let dialect = query.dialect.unwrap_or_default();
    let wanted = answers::Wanted { file: File::Responses, dialect, as_of: AsOf::NOW };
    answers_file(store, caller, id, wanted, now).await
}

async fn answers_file<T>(
    store: Data<Store>,
    caller: Caller,
    id: QuestionnaireId,
    wanted: answers::Wanted,
    now: Now,
) -> Result<CsvFile<T>> {
    let (first, export) = store
        .read(move |db| {
            let mut export = AnswersExport::open(db, &caller, id, wanted, now.0)?;
            Ok((export.next_part(db)?, export))
        })
        .await?;
    let name = export.file_name();
    let first = stream::iter(first.map(|part| Ok(Bytes::from(part))));
    Ok(CsvFile::new(name, first.chain(rest(store, export))))
}

/// What stands in the files of one questionnaire, for the contract.
pub struct ResultsFile;
pub struct CodebookFile;
pub struct ResponsesFile;

impl CsvContent for ResultsFile {
    fn description() -> String {
        format!("The file, with the columns {}.", columns(TableName::Results))
    }
}

impl CsvContent for CodebookFile {
    fn description() -> String {
        format!("The file, with the columns {}.", columns(TableName::Codebook))
    }
}

impl CsvContent for ResponsesFile {
    fn description() -> String {
        "The file, with the columns education_level, wave, and one for each question by its code \
         (a grid's statements as `grid.statement`): the option's code, several with `|` between, \
         or the number; empty where not asked or not answered."
            .to_string()
    }
}
