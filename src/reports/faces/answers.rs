//! What one questionnaire was answered with, as files: the tables `results` and `codebook` of it
//! alone, and its responses as rows.

use super::csv;
use crate::accounts::Caller;
use crate::clock::At;
use crate::csv_text::Dialect;
use crate::error::Result;
use crate::ids::QuestionnaireId;
use crate::messages::Lang;
use crate::programmes;
use crate::reports::cell::Cell;
use crate::reports::tables::answers::SPLITS;
use crate::reports::tables::{TableName, Walk, codebook, results};
use crate::store::{AsOf, Db};
use crate::surveys::questionnaires;
use crate::surveys::response_rows::{self, Given, Row, RowGroup, Sheet};

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Results,
    Codebook,
    Responses,
}

impl File {
    fn word(self) -> &'static str {
        match self {
            File::Results => "results",
            File::Codebook => "codebook",
            File::Responses => "responses",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub file: File,
    pub dialect: Dialect,
    pub as_of: AsOf,
}

/// A file on its way out, part by part; no transaction stays open between them.
pub struct AnswersExport {
    caller: Caller,
    id: QuestionnaireId,
    programme: crate::ids::ProgrammeId,
    /// The programme's code, and the questionnaire's.
    codes: (String, String),
    wanted: Wanted,
    now: At,
    /// Only of responses.
    sheet: Option<Sheet>,
    /// How many parts are written; the first is the header.
    written: usize,
}

impl AnswersExport {
    /// For whoever sees the questionnaire's results, and as much of them; responses for those who
    /// may write it.
    pub fn open(
        db: &mut Db,
        caller: &Caller,
        id: QuestionnaireId,
        wanted: Wanted,
        now: At,
    ) -> Result<AnswersExport> {
        let caller = &*match wanted.file {
            File::Responses => std::borrow::Cow::Borrowed(caller),
            File::Results | File::Codebook => caller.reading(),
        };
        let of = questionnaires::get(db, caller, id)?;
        let sheet = match wanted.file {
            File::Responses => Some(response_rows::sheet(db, caller, id)?),
            _ => None,
        };
        let programme = programmes::get(db, caller, of.programme_id)?;
        let wanted = Wanted { as_of: wanted.as_of.pinned(now), ..wanted };
        Ok(AnswersExport {
            caller: caller.clone(),
            id,
            programme: programme.id,
            codes: (programme.code, of.code),
            wanted,
            now,
            sheet,
            written: 0,
        })
    }

    /// Such as `elever-14-19-results-2026-11-22.csv`.
    pub fn file_name(&self) -> String {
        let day = self.wanted.as_of.day(self.now);
        format!("{}-{}-{day}.csv", self.codes.1, self.wanted.file.word())
    }

    /// The next part of the file, never empty; none after the last.
    pub fn next_part(&mut self, db: &mut Db) -> Result<Option<Vec<u8>>> {
        loop {
            let part = match self.written.checked_sub(1) {
                None => Some(self.header()?),
                Some(index) => match self.rows(db, index)? {
                    Some(rows) => Some(csv::rows(self.wanted.dialect, &rows)?),
                    None => None,
                },
            };
            self.written += 1;
            // An empty part would end the body.
            if part.as_ref().is_none_or(|part| !part.is_empty()) {
                return Ok(part);
            }
        }
    }

    fn header(&self) -> Result<Vec<u8>> {
        let dialect = self.wanted.dialect;
        let of = |table: TableName| {
            csv::header(dialect, table.columns().into_iter().map(|column| column.name))
        };
        match (&self.sheet, self.wanted.file) {
            (Some(sheet), _) => {
                let own = ["education_level", "wave"].into_iter();
                csv::header(dialect, own.chain(sheet.columns.iter().map(String::as_str)))
            }
            (None, File::Codebook) => of(TableName::Codebook),
            (None, _) => of(TableName::Results),
        }
    }

    /// The rows of that part; None after the last.
    fn rows(&self, db: &mut Db, index: usize) -> Result<Option<Vec<Vec<Cell>>>> {
        if let Some(sheet) = &self.sheet {
            let Some(group) = sheet.groups.get(index) else { return Ok(None) };
            let rows = response_rows::rows_of(db, self.id, sheet, group)?;
            return Ok(Some(rows.into_iter().map(|row| cells(group, row)).collect()));
        }
        let walk = Walk {
            caller: &self.caller,
            programme: self.programme,
            code: &self.codes.0,
            as_of: self.wanted.as_of,
            year: None,
            lang: Lang::default(),
            now: self.now,
        };
        if self.wanted.file == File::Codebook {
            let rows = || codebook::codes_of(db, &walk, self.id, &self.codes.1);
            return (index == 0).then(rows).transpose();
        }
        let Some(by) = SPLITS.get(index) else { return Ok(None) };
        let own = (self.id, self.codes.1.as_str());
        results::rows_of(db, &walk, own, *by, index == 0).map(Some)
    }
}

fn cells(group: &RowGroup, row: Row) -> Vec<Cell> {
    let mut cells = vec![group.education_level.clone().into(), group.wave.clone().into()];
    cells.extend(row.into_iter().map(|given| match given {
        None => Cell::Empty,
        Some(Given::Codes(codes)) => Cell::Text(codes),
        Some(Given::Number(thousandths)) => Cell::Decimal(thousandths),
    }));
    cells
}
