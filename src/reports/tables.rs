//! The catalogue of tables: each column once, for the header, the docs and the contract.

use std::fmt::Write;

use super::csv_out::Cell;
use super::{changes, participation, progress, response_rates, results};
use crate::store::types::text_enum;

text_enum! {
    /// The tables that can be taken out.
    pub enum TableName {
        Progress = "progress",
        Participation = "participation",
        /// What questionnaires were answered with.
        Results = "results",
        /// What the codes of `results` mean.
        Codebook = "codebook",
        /// The programme's core questions, added up over questionnaires.
        CoreResults = "core_results",
        /// Before against after.
        Changes = "changes",
        /// How many of those who could answer did.
        ResponseRates = "response_rates",
    }
}

/// What stands in a column, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Decimal,
    Percent,
    Date,
    Moment,
    Boolean,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "whole number",
            Kind::Decimal => "number, up to three decimals",
            Kind::Percent => "per cent, one decimal",
            Kind::Date => "date, ISO 8601",
            Kind::Moment => "time in UTC, ISO 8601",
            Kind::Boolean => "`true` or `false`",
        }
    }
}

/// What a column is called and what it says. The name is for programs and never changes.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub name: &'static str,
    pub kind: Kind,
    pub text: &'static str,
}

/// A column of a table whose rows are `R`.
pub struct Column<R> {
    pub about: About,
    cell: fn(&R) -> Cell,
}

/// One line of a catalogue.
pub const fn column<R>(
    name: &'static str,
    kind: Kind,
    text: &'static str,
    cell: fn(&R) -> Cell,
) -> Column<R> {
    Column { about: About { name, kind, text }, cell }
}

/// The cells of a row, in the order of the catalogue.
pub fn cells<R>(columns: &[Column<R>], row: &R) -> Vec<Cell> {
    columns.iter().map(|column| (column.cell)(row)).collect()
}

impl TableName {
    /// Its columns, in their order.
    pub fn columns(self) -> Vec<About> {
        fn abouts<R>(columns: &[Column<R>]) -> Vec<About> {
            columns.iter().map(|column| column.about).collect()
        }
        match self {
            TableName::Progress => abouts(progress::COLUMNS),
            TableName::Participation => abouts(participation::COLUMNS),
            TableName::Results => abouts(results::COLUMNS),
            TableName::Codebook => abouts(results::CODEBOOK_COLUMNS),
            TableName::CoreResults => abouts(results::CORE_COLUMNS),
            TableName::Changes => abouts(changes::COLUMNS),
            TableName::ResponseRates => abouts(response_rates::COLUMNS),
        }
    }

    fn about(self) -> &'static str {
        match self {
            TableName::Progress => progress::ABOUT,
            TableName::Participation => participation::ABOUT,
            TableName::Results => results::ABOUT,
            TableName::Codebook => results::CODEBOOK_ABOUT,
            TableName::CoreResults => results::CORE_ABOUT,
            TableName::Changes => changes::ABOUT,
            TableName::ResponseRates => response_rates::ABOUT,
        }
    }
}

const INTRODUCTION: &str = "\
# Tables

The tables that can be taken out as CSV, by `GET /api/v1/programmes/{id}/exports/{table}` and by
`maaltal export {table} --programme CODE`. Columns have stable English names, in a fixed order: new
ones are added at the end. Every table can be had as it stood at the end of any day (`as_of`).

| dialect | for | delimiter | decimals | encoding | lines end in |
|---|---|---|---|---|---|
| `rfc4180` | programs (RFC 4180) | comma | point | UTF-8 | CRLF |
| `dk-excel` | Excel in Danish | semicolon | comma | UTF-8 with a byte order mark | CRLF |

An empty cell means that the figure is not known or that there is nothing to say; it never means 0.
Text that starts with `=`, `+`, `-`, `@`, a tab or a carriage return has a `'` before it, so that no
spreadsheet runs it; text that starts with `'` and then one of those has one more. Import takes it
away again. Numbers are left alone.
";

/// The one file whose columns depend on the questionnaire.
const RESPONSES: &str = "
## responses.csv

The responses to one closed questionnaire, by `GET /api/v1/questionnaires/{id}/responses.csv`: a
row for each, sorted by what is in it, with `education_level`, `wave` and then a column for each
question. A question's column is called by its code, a grid's statement `grid.statement`, and a
code that a later version uses for something else `code@version`. A cell holds the code of the
option that was chosen, several with `|` between (`a|b`), or the number; the codebook says what
codes mean. An empty cell means that the question was not asked of that person, or not answered;
the two are not told apart.

Left out are free text, answers on paper (they are tallied and have no rows), and all responses of
a link of which not everything was published by itself, or in parts of fewer than ten: rows beside
the published tables would tell who is who. So the rows can be fewer than the responses in
`results`.
";

/// `docs/tables.md`.
pub fn markdown() -> String {
    let mut page = INTRODUCTION.to_string();
    for table in TableName::ALL {
        let about = table.about();
        // Writing to a String can't fail.
        let _ = write!(page, "\n## {table}\n\n{about}\n\n| column | is | says |\n|---|---|---|\n");
        for About { name, kind, text } in table.columns() {
            // A table's cell ends at a bare `|`.
            let text = text.replace('|', "\\|");
            let _ = writeln!(page, "| `{name}` | {} | {text} |", kind.word());
        }
    }
    page.push_str(RESPONSES);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const FILE: &str = "docs/tables.md";

    #[test]
    fn the_docs_are_what_the_catalogue_says() {
        let file = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(
            file == markdown(),
            "{FILE} is not what the catalogue says; renew it with \
             `cargo test --lib write_the_docs -- --ignored`"
        );
    }

    #[test]
    #[ignore = "writes docs/tables.md anew"]
    fn write_the_docs() {
        std::fs::write(FILE, markdown()).expect("docs/ can be written to");
    }

    #[test]
    fn names_are_stable_and_unique() {
        for table in TableName::ALL {
            let columns = table.columns();
            let names: HashSet<&str> = columns.iter().map(|column| column.name).collect();
            assert_eq!(names.len(), columns.len(), "{table}");
            let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(names.iter().all(plain), "{table}: {names:?}");
        }
    }
}
