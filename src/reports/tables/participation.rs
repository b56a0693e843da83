//! The table `participation`: every count that holds.

use uuid::Uuid;

use super::catalogue::Kind::{Date, Integer, Moment, Text};
use super::catalogue::{Column, Page, Table, Walk, abouts, cells, column};
use super::rows::{self, CountRow};
use crate::error::Result;
use crate::ids::CountId;
use crate::programmes::codes::Codebook;
use crate::store::Db;

const PAGE: usize = 1_000;

pub const TABLE: Table =
    Table { version: 1, about: ABOUT, takes_year: false, columns: || abouts(COLUMNS), page };

const ABOUT: &str = "\
Every count that was not withdrawn, in the order in which they were first posted. The import of
counts takes the file as it is, and passes over `programme`, `count_id` and `recorded_at`.";

/// A count with its codes in words.
struct Row {
    programme: String,
    role: String,
    education_level: Option<String>,
    count: CountRow,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("project", Text, "The project's code.", |row| row.count.project.as_str().into()),
    column(
        "activity",
        Integer,
        "The activity's number in the project; empty for the project as a whole.",
        |row| row.count.activity.into(),
    ),
    column(
        "organisation",
        Text,
        "The code of the school or company that was counted at; empty where none is named.",
        |row| row.count.organisation.clone().into(),
    ),
    column("period_start", Date, "The first day of the period.", |row| {
        row.count.period_start.into()
    }),
    column("period_end", Date, "The last day of the period.", |row| row.count.period_end.into()),
    column(
        "participant_role",
        Text,
        "Who was counted, from the code list `participant_role`.",
        |row| row.role.as_str().into(),
    ),
    column(
        "education_level",
        Text,
        "From the code list `education_level`; empty where none is named, which is broader than \
         any.",
        |row| row.education_level.clone().into(),
    ),
    column(
        "counting",
        Text,
        "`unique` (each person once in this project and activity) or `attendances` (each meeting); \
         the two are never added.",
        |row| row.count.counting.as_str().into(),
    ),
    column("participants", Integer, "How many.", |row| row.count.participants.into()),
    column("women", Integer, "Of them women or girls; empty where not counted.", |row| {
        row.count.women.into()
    }),
    column("men", Integer, "Of them men or boys; empty where not counted.", |row| {
        row.count.men.into()
    }),
    column("other_gender", Integer, "Of them of another gender; empty where not counted.", |row| {
        row.count.other_gender.into()
    }),
    column("note", Text, "What was noted with the count.", |row| row.count.note.clone().into()),
    column("count_id", Text, "The count's id in the API, the same over its corrections.", |row| {
        row.count.id.to_string().into()
    }),
    column("recorded_at", Moment, "When this figure was recorded.", |row| {
        row.count.recorded_at.into()
    }),
];

/// Counts after that one, and the last of them where there may be more.
fn page(db: &mut Db, walk: &Walk, after: Option<Uuid>) -> Result<Page> {
    let book = Codebook::load(db, walk.programme)?;
    let counts = rows::counts(db, walk.programme, None, walk.as_of, after.map(CountId), PAGE)?;
    let next = counts.last().filter(|_| counts.len() == PAGE).map(|count| count.id.into());
    let row = |count: CountRow| Row {
        programme: walk.code.to_string(),
        role: book.word(count.role_id),
        education_level: book.word_of(count.education_level_id),
        count,
    };
    Ok((counts.into_iter().map(row).map(|row| cells(COLUMNS, &row)).collect(), next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::At;
    use crate::ids::CodeId;
    use crate::participation::Counting;
    use crate::reports::cell::Cell;

    #[test]
    fn every_cell_is_what_its_column_says() {
        let day = |text: &str| text.parse().expect("a day");
        let count = CountRow {
            id: CountId::new(),
            project: "book-en-ekspert".to_string(),
            activity: Some(1),
            organisation: Some("aalborg-universitet".to_string()),
            period_start: day("2022-01-01"),
            period_end: day("2022-12-31"),
            role_id: CodeId::new(),
            education_level_id: Some(CodeId::new()),
            counting: Counting::Unique,
            participants: 540,
            women: Some(280),
            men: Some(250),
            other_gender: Some(10),
            note: Some("school visits hampered by the lockdowns".to_string()),
            recorded_at: At::end_of(day("2023-01-15")),
        };
        let row = Row {
            programme: "nordjylland".to_string(),
            role: "pupil".to_string(),
            education_level: Some("gymnasial".to_string()),
            count,
        };
        for (column, cell) in COLUMNS.iter().zip(cells(COLUMNS, &row)) {
            let fits = match column.about.kind {
                Text => matches!(cell, Cell::Text(_)),
                Integer => matches!(cell, Cell::Integer(_)),
                Date => matches!(cell, Cell::Date(_)),
                Moment => matches!(cell, Cell::Moment(_)),
                _ => false,
            };
            assert!(fits, "{}: {cell:?}", column.about.name);
        }
    }
}
