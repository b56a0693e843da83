//! Which tables are drawn as a chart, and of what.

use super::chart::{self, Bar, Words, bars};
use super::spoken;
use crate::messages::{self, Lang};
use crate::reports::cell::Cell;
use crate::reports::tables::TableName;
use crate::reports::tables::catalogue::{self, About, Kind};

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
        TableName::Funding => funding(&rows),
        TableName::Applications => applications(&rows),
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

/// What is computed, or what is printed where nothing is: never both in one chart.
fn first_known<const N: usize>(
    rows: &Rows,
    computed: [&str; N],
    printed: [&str; N],
) -> ([String; N], bool) {
    let known = |names: &[&str]| {
        let exact = |row: &Vec<Cell>, name: &&str| rows.cell(row, name).exact().is_some();
        rows.rows.iter().any(|row| names.iter().any(|name| exact(row, name)))
    };
    let is_printed = !known(&computed) && known(&printed);
    let names = if is_printed { printed } else { computed };
    (names.map(str::to_string), is_printed)
}

fn funding(rows: &Rows) -> String {
    let (names, is_printed) = first_known(
        rows,
        ["prioritised_dkk", "open_dkk", "small_grants_dkk"],
        ["reported_prioritised_dkk", "reported_open_dkk", "reported_small_grants_dkk"],
    );
    let column = |row: &Vec<Cell>| {
        let parts: Vec<i64> =
            names.iter().map(|name| rows.cell(row, name).exact().unwrap_or(0)).collect();
        let sum: i64 = parts.iter().sum();
        let text = spoken::text(rows.lang, Kind::Money, &Cell::Money(sum));
        chart::Column { label: rows.text(row, "year"), parts, text }
    };
    let drawn: Vec<chart::Column> = rows.rows.iter().map(column).collect();
    if drawn.iter().all(|column| column.parts.iter().sum::<i64>() == 0) {
        return String::new();
    }
    columns(TableName::Funding, rows, "chart-funding", &names, is_printed, &drawn)
}

fn applications(rows: &Rows) -> String {
    let (names, is_printed) =
        first_known(rows, ["granted", "rejected"], ["reported_granted", "reported_rejected"]);
    let column = |row: &Vec<Cell>| {
        let parts: Vec<i64> =
            names.iter().map(|name| rows.cell(row, name).exact().unwrap_or(0)).collect();
        let text = parts.iter().sum::<i64>().to_string();
        chart::Column { label: rows.text(row, "year"), parts, text }
    };
    let drawn: Vec<chart::Column> = rows.rows.iter().map(column).collect();
    columns(TableName::Applications, rows, "chart-applications", &names, is_printed, &drawn)
}

fn columns(
    table: TableName,
    rows: &Rows,
    description: &str,
    names: &[String],
    is_printed: bool,
    drawn: &[chart::Column],
) -> String {
    let lang = rows.lang;
    let series: Vec<String> =
        names.iter().map(|name| catalogue::title(lang, table.as_str(), name)).collect();
    let mut description = say(lang, description);
    if is_printed {
        description = format!("{description} {}", say(lang, "chart-printed"));
    }
    let title = table.title(lang);
    chart::columns(&words(table, &title, &description, &series), drawn)
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
