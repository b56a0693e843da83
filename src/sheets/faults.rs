//! What is wrong with a file, in the words of the file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Header, Record};
use crate::error::Fault;
use crate::messages::Lang;
use crate::problem::{FaultView, problem_text};

/// What is wrong with one cell, one row or the header of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportError {
    /// The line of the file on which the row starts; the header's is 1. In Excel the row.
    pub row: u64,
    /// As the file calls it; null where the row as a whole is meant.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// Stable, for programs.
    pub code: String,
    /// For a person.
    pub detail: String,
}

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// By what it says.
    Fault(Fault),
    /// By what is there already, or by who sends it.
    Problem(String),
}

/// A fault and where it is.
#[derive(Debug, Clone)]
pub struct RowFault {
    /// The row's place in the file; none for the header, or the file as a whole.
    pub index: Option<usize>,
    pub line: u64,
    pub column: Option<String>,
    pub value: Option<String>,
    pub reason: Reason,
}

impl RowFault {
    pub fn of_header(name: Option<String>, fault: Fault) -> RowFault {
        let reason = Reason::Fault(fault);
        RowFault { index: None, line: 1, value: None, column: name, reason }
    }

    /// In that column of the row; in the row as a whole where there is none.
    pub fn of_row(
        header: &Header,
        record: &Record,
        column: Option<&str>,
        reason: Reason,
    ) -> RowFault {
        let value = column.and_then(|column| header.cell(&record.cells, column));
        RowFault {
            index: Some(record.index),
            line: record.line,
            column: column.map(|column| header.name(column)),
            value: value.map(str::to_string),
            reason,
        }
    }

    pub fn told(&self, lang: Lang) -> ImportError {
        let (code, detail) = match &self.reason {
            Reason::Fault(fault) => {
                let FaultView { code, detail, .. } = FaultView::of(fault, lang);
                (code, detail)
            }
            Reason::Problem(code) => (code.clone(), problem_text(code, lang)),
        };
        let (column, value) = (self.column.clone(), self.value.clone());
        ImportError { row: self.line, column, value, code, detail }
    }

    /// For the cell of the `error` column.
    pub fn in_words(&self, lang: Lang) -> String {
        let ImportError { column, detail, .. } = self.told(lang);
        match column {
            Some(column) => format!("[{column}] {detail}"),
            None => detail,
        }
    }
}

/// A fault as it is kept while a large file is worked on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    is_problem: bool,
    args: Vec<(String, String)>,
}

impl Reason {
    /// Its code, and what its words need.
    pub fn kept(&self) -> (String, Kept) {
        match self {
            Reason::Fault(fault) => {
                let args = fault.args.iter().map(|(name, value)| (name.to_string(), value.clone()));
                (fault.code.to_string(), Kept { is_problem: false, args: args.collect() })
            }
            Reason::Problem(code) => (code.clone(), Kept { is_problem: true, args: Vec::new() }),
        }
    }

    pub fn of_kept(code: String, kept: Kept) -> Reason {
        if kept.is_problem {
            return Reason::Problem(code);
        }
        let mut fault = Fault::at("", code);
        // The names of arguments are those of the message files: few, and known.
        let args = kept.args.into_iter();
        fault.args = args.filter_map(|(name, value)| Some((known(&name)?, value))).collect();
        Reason::Fault(fault)
    }
}

fn known(name: &str) -> Option<&'static str> {
    const NAMES: &[&str] = &[
        "value", "min", "max", "list", "from", "to", "total", "standing", "today", "expected",
        "found", "length", "sum", "minimum", "day", "source", "role", "start", "end", "of",
        "sheets",
    ];
    NAMES.iter().find(|one| **one == name).copied()
}
