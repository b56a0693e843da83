//! Which tables are drawn as a chart, and of what.

use super::chart::{Bar, Words, bars};
use super::spoken;
use crate::messages::{self, Lang};
use crate::reports::cell::Cell;
use crate::reports::tables::TableName;
use crate::reports::tables::catalogue::About;

/// A table's rows by the names of their columns.
pub(super) struct Rows<'a> {
    pub lang: Lang,
    pub columns: &'a [About],
    pub rows: &'a [Vec<Cell>],
}

impl Rows<'_> {
    fn at(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    fn cell<'a>(&'a self, row: &'a [Cell], name: &str) -> &'a Cell {
        self.at(name).and_then(|at| row.get(at)).unwrap_or(&Cell::Empty)
    }

    fn text(&self, row: &[Cell], name: &str) -> String {
        let Some(at) = self.at(name) else { return String::new() };
        spoken::text(self.lang, self.columns[at].kind, &row[at])
    }

    /// How long a bar is, and what is written beside it.
    fn value(&self, row: &[Cell], name: &str, unit: &str) -> (Option<i64>, String) {
        let value = self.cell(row, name).exact();
        let text = match value {
            Some(_) => format!("{} {unit}", self.text(row, name)).trim_end().to_string(),
            None => say(self.lang, "report-unknown"),
        };
        (value, text)
    }
}

fn say(lang: Lang, id: &str) -> String {
    messages::text(lang, id, &[])
}

/// The chart of a table, or nothing.
pub fn chart(table: TableName, lang: Lang, columns: &[About], rows: &[Vec<Cell>]) -> String {
    let rows = Rows { lang, columns, rows };
    if rows.rows.is_empty() {
        return String::new();
    }
    match table {
        TableName::FocusAreas | TableName::ProjectTypes => support(table, &rows),
        TableName::Statuses => statuses(&rows),
        TableName::Participants => participants(&rows),
        _ => String::new(),
    }
}

fn words<'a>(
    table: TableName,
    title: &'a str,
    description: &'a str,
    series: &'a [String],
) -> Words<'a> {
    Words { id: table.as_str(), title, description, series }
}

fn support(table: TableName, rows: &Rows) -> String {
    let lang = rows.lang;
    let bar = |row: &Vec<Cell>| {
        let (value, mut text) = rows.value(row, "amount_dkk", "kr.");
        let share = rows.text(row, "amount_share");
        if !share.is_empty() {
            text = format!("{text} ({share})");
        }
        let label = match rows.text(row, "name") {
            name if name.is_empty() => say(lang, "report-none-given"),
            name => name,
        };
        let count = rows.text(row, "projects");
        Bar { label: format!("{label} ({count})"), values: vec![(value, text)] }
    };
    let drawn: Vec<Bar> = rows.rows.iter().map(bar).collect();
    let series = [say(lang, "report-amount")];
    let title = table.title(lang);
    bars(&words(table, &title, &say(lang, "chart-support"), &series), &drawn)
}

fn statuses(rows: &Rows) -> String {
    let lang = rows.lang;
    let bar = |row: &Vec<Cell>| Bar {
        label: rows.text(row, "status"),
        values: vec![rows.value(row, "projects", "")],
    };
    let drawn: Vec<Bar> = rows.rows.iter().map(bar).collect();
    let series = [say(lang, "report-projects")];
    let title = TableName::Statuses.title(lang);
    bars(&words(TableName::Statuses, &title, &say(lang, "chart-statuses"), &series), &drawn)
}

fn participants(rows: &Rows) -> String {
    let lang = rows.lang;
    let all = say(lang, "report-all");
    let or_all = |text: String| if text.is_empty() { all.clone() } else { text };
    let bar = |row: &Vec<Cell>| Bar {
        label: format!(
            "{}, {}",
            or_all(rows.text(row, "role_name")),
            or_all(rows.text(row, "education_level_name"))
        ),
        values: vec![rows.value(row, "expected", ""), rows.value(row, "reached", "")],
    };
    let is_expected = |row: &&Vec<Cell>| rows.cell(row, "expected").exact().is_some();
    let drawn: Vec<Bar> = rows.rows.iter().filter(is_expected).map(bar).collect();
    if drawn.is_empty() {
        return String::new();
    }
    let series = [say(lang, "report-expected"), say(lang, "report-reached")];
    let title = TableName::Participants.title(lang);
    bars(&words(TableName::Participants, &title, &say(lang, "chart-participants"), &series), &drawn)
}
