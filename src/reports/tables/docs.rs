//! `docs/tables.md`, written from the catalogue.

use std::fmt::Write;

use super::{About, Table, TableName};

const YEAR: &str = "\nTakes `year`.";

const INTRODUCTION: &str = "\
# Tables

Every table comes from the same records, by the same catalogue of columns, whichever face it leaves
by:

| face | by the API | by the command line |
|---|---|---|
| JSON | `GET /api/v1/programmes/{id}/tables/{table}` | |
| CSV | `GET /api/v1/programmes/{id}/exports/{table}` | `maaltal export {table} --programme CODE` |
| Excel, a sheet each | `GET /api/v1/programmes/{id}/workbook` | `maaltal report` |
| a page fit for printing | `GET /api/v1/programmes/{id}/report` | `maaltal report` |

`GET /api/v1/programmes/{id}/tables` lists the tables with their columns. `maaltal report --programme
CODE --year 2023 --out DIR` writes all of them at one moment, in both dialects of CSV (`csv/`,
`csv-dk-excel/`), with `workbook.xlsx`, `report.html` and `datapackage.json` (Frictionless Data
Package, tabular, version 1).

Columns have stable English names, in a fixed order: new ones are added at the end, and a table's
version rises with every change. Every table can be had as it stood at the end of any day (`as_of`).
Those that take `year` can be had up to and including a year, and say what held and was reached by
the end of it:

- projects by the year of their grant, rounds and applications by their own; of a project's grants
  those of rounds up to the year, or where no round is named those granted by its end. A project whose year is
  not known is always among them, since nothing says that it is later, and `consistency` names it;
- targets that held on its last day, counts whose period had begun by then (a period that ends later
  is counted as a whole: nobody knows how many came before), values posted for a day up to it, and
  assessments of periods that had ended;
- answers to questionnaires are in it as far as they are released: an answer has no date, so that no
  year can take it out. Statuses and texts of a project are as they are recorded. What was *recorded*
  by a day is asked for by `as_of`, and the two go together.

- Amounts are added up in øre and written in kroner with two decimals, so that nothing is lost.
- Sums of participants over activities and projects are sums of counts and not of people.
- Shares of a table's rows are rounded by the largest remainder, so that they add up to 100.0.
- What lacks a figure is counted (`projects_without_amount`) and named (`without_amount`), and never
  taken as 0.
- Figures that are only known from a report stand in columns of their own (`reported_...`).

CSV comes in two dialects:

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

fn markdown() -> String {
    let mut page = INTRODUCTION.to_string();
    for table in TableName::ALL {
        let Table { version, about, takes_year, .. } = table.table();
        let year = if *takes_year { YEAR } else { "" };
        // Writing to a String can't fail.
        let _ = write!(
            page,
            "\n## {table}\n\nVersion {version}. {about}{year}\n\n\
             | column | is | says |\n|---|---|---|\n"
        );
        for About { name, kind, text, .. } in table.columns() {
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
