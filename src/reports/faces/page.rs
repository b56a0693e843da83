//! The report as one page: tables and charts fit for printing, with nothing loaded and nothing run.

use std::collections::BTreeSet;

use askama::Template;

use super::{drawn, selection, spoken};
use crate::error::{Error, Result};
use crate::messages::{self, Lang};
use crate::reports::cell::Cell;
use crate::reports::edition::Edition;
use crate::reports::tables::TableName;
use crate::reports::tables::catalogue::{About, Kind, title};
use crate::store::Db;

/// The style is allowed by the page's policy by what it is, so that no other can slip in.
pub const STYLE: &str = include_str!("report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    lang: Lang,
    style: &'static str,
    programme: &'a str,
    facts: Vec<(String, String)>,
    notes: Vec<String>,
    sections: Vec<Section>,
}

impl Page<'_> {
    fn say(&self, id: &str) -> String {
        say(self.lang, id)
    }
}

struct Section {
    id: &'static str,
    title: String,
    about: String,
    chart: String,
    /// Wide tables are printed across.
    wide: bool,
    columns: Vec<Head>,
    rows: Vec<Vec<Shown>>,
    totals: Vec<Shown>,
    missing: Vec<(String, String)>,
}

struct Head {
    title: String,
    number: bool,
}

struct Shown {
    text: String,
    number: bool,
    /// An address inside of the API where the row's thing stands.
    link: Option<String>,
    /// A word that the style knows.
    class: &'static str,
}

fn say(lang: Lang, id: &str) -> String {
    messages::text(lang, id, &[])
}

/// The tables of the report as one page.
pub fn report(db: &mut Db, edition: &Edition) -> Result<String> {
    of_tables(db, edition, &Edition::tables().collect::<Vec<_>>())
}

/// As [`report`], of some tables only.
pub fn of_tables(db: &mut Db, edition: &Edition, tables: &[TableName]) -> Result<String> {
    let lang = edition.asked.lang;
    let mut sections = Vec::with_capacity(tables.len());
    for table in tables {
        let rows = edition.rows(db, *table)?;
        sections.push(section(*table, lang, &rows));
    }
    let head = edition.audit_head.as_ref();
    let facts = [
        ("report-programme", edition.programme_name().to_string()),
        ("report-day", spoken::date(lang, &edition.day)),
        ("report-year", edition.asked.year.map(|year| year.to_string()).unwrap_or_default()),
        ("report-made", spoken::date(lang, &edition.made_at.day())),
        ("report-source", say(lang, "report-source-is")),
        ("report-audit-head", head.map(|entry| entry.hash.clone()).unwrap_or_default()),
        ("report-audit-number", head.map(|entry| entry.number.to_string()).unwrap_or_default()),
    ];
    let page = Page {
        lang,
        style: STYLE,
        programme: edition.programme_name(),
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(id, value)| (say(lang, id), value))
            .collect(),
        notes: edition.notes("report-missing-means"),
        sections,
    };
    page.render().map_err(Error::unexpected)
}

fn section(table: TableName, lang: Lang, rows: &[Vec<Cell>]) -> Section {
    let columns = table.columns();
    let at = |name: &&str| columns.iter().position(|column| column.name == *name);
    let chosen: Vec<usize> = selection::columns(table).iter().filter_map(&at).collect();
    // A column of nothing takes the room of those that say something: it is named instead.
    let is_known = |index: &usize| rows.is_empty() || rows.iter().any(|row| row[*index].is_known());
    let (shown, unknown): (Vec<usize>, Vec<usize>) = chosen.into_iter().partition(is_known);
    let head = |&index: &usize| Head {
        title: title(lang, table.as_str(), columns[index].name),
        number: columns[index].kind.is_number(),
    };
    // Nobody reads fifty rows of nothing.
    let says_something = |cells: &&Vec<Cell>| {
        let of = |name: &str| at(&name).map(|index| &cells[index]);
        table != TableName::Approaches
            || of("focus_area") == Some(&Cell::Empty)
            || of("projects").and_then(Cell::exact).is_some_and(|count| count > 0)
    };
    let row = |cells: &Vec<Cell>| -> Vec<Shown> {
        let mut row: Vec<Shown> =
            shown.iter().map(|&index| cell(lang, columns[index], &cells[index])).collect();
        // An address says nothing to people: what stands there does.
        let code = at(&"entity_code").map(|index| &cells[index]);
        if let (Some(link), Some(code)) = (row.iter_mut().find(|one| one.link.is_some()), code) {
            link.text = spoken::text(lang, Kind::Text, code);
        }
        row
    };
    let gathered = match table {
        TableName::Consistency => gathered(lang, &columns, rows),
        _ => rows.to_vec(),
    };
    Section {
        id: table.as_str(),
        title: table.title(lang),
        about: say(lang, &format!("about-{}", table.as_str().replace('_', "-"))),
        chart: drawn::chart(table, lang, &columns, rows),
        wide: selection::is_wide(table),
        columns: shown.iter().map(head).collect(),
        rows: gathered.iter().filter(says_something).map(row).collect(),
        totals: totals(lang, &columns, &shown, rows),
        missing: unknown_columns(table, lang, &columns, &unknown)
            .into_iter()
            .chain(missing(table, lang, &columns, rows))
            .collect(),
    }
}

/// What many projects lack alike is one line with their names, and not a page of lines.
fn gathered(lang: Lang, columns: &[About], rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    let at = |name: &str| columns.iter().position(|column| column.name == name).unwrap_or(0);
    let (code_at, text_at, project_at) = (at("code"), at("text"), at("project"));
    let mut gathered: Vec<Vec<Cell>> = Vec::new();
    let mut done = BTreeSet::new();
    for row in rows {
        let Cell::Text(code) = &row[code_at] else { continue };
        let id = format!("findings-{}", code.replace('_', "-"));
        let own: Vec<&Vec<Cell>> = rows.iter().filter(|one| one[code_at] == row[code_at]).collect();
        if own.len() < 2 || !messages::is_written(lang, &id) {
            gathered.push(row.clone());
            continue;
        }
        if !done.insert(code.clone()) {
            continue;
        }
        let names: Vec<String> =
            own.iter().map(|one| spoken::text(lang, Kind::Text, &one[project_at])).collect();
        let args = [("count", own.len().to_string()), ("names", names.join(", "))];
        let mut line = row.clone();
        line[text_at] = Cell::Text(messages::text(lang, &id, &args));
        for name in ["found", "expected", "address"] {
            line[at(name)] = Cell::Empty;
        }
        gathered.push(line);
    }
    gathered
}

fn cell(lang: Lang, column: About, cell: &Cell) -> Shown {
    let class = match cell {
        Cell::Word(word @ ("error" | "warning" | "note")) => word,
        Cell::Empty => "unknown",
        _ => "",
    };
    Shown {
        text: spoken::text(lang, column.kind, cell),
        number: column.kind.is_number(),
        link: match (column.name, cell) {
            ("address", Cell::Text(address)) => Some(address.clone()),
            _ => None,
        },
        class,
    }
}

/// Under the columns whose sum says something.
fn totals(lang: Lang, columns: &[About], shown: &[usize], rows: &[Vec<Cell>]) -> Vec<Shown> {
    let plain = |text: String, number| Shown { text, number, link: None, class: "" };
    if !shown.iter().any(|&index| columns[index].adds_up) || rows.is_empty() {
        return Vec::new();
    }
    let sum = |&index: &usize| {
        let column = columns[index];
        if !column.adds_up {
            return plain(String::new(), column.kind.is_number());
        }
        let figures = rows.iter().filter_map(|row| row[index].exact());
        let sum = figures.reduce(i64::saturating_add);
        let text = sum.map(|sum| spoken::text(lang, column.kind, &of_kind(column.kind, sum)));
        plain(text.unwrap_or_default(), true)
    };
    let mut totals: Vec<Shown> = shown.iter().map(sum).collect();
    if let Some(first) = totals.first_mut().filter(|first| first.text.is_empty()) {
        first.text = say(lang, "report-total");
    }
    totals
}

fn of_kind(kind: Kind, figure: i64) -> Cell {
    match kind {
        Kind::Money => Cell::Money(figure),
        Kind::Percent => Cell::Percent(figure),
        Kind::Decimal => Cell::Decimal(figure),
        _ => Cell::Integer(figure),
    }
}

/// The columns that are known of no row, by name.
fn unknown_columns(
    table: TableName,
    lang: Lang,
    columns: &[About],
    unknown: &[usize],
) -> Option<(String, String)> {
    let names = unknown.iter().map(|&index| title(lang, table.as_str(), columns[index].name));
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| (say(lang, "report-columns-unknown"), names.join(", ")))
}

/// What lacks a figure, by name: under the table instead of in it.
fn missing(
    table: TableName,
    lang: Lang,
    columns: &[About],
    rows: &[Vec<Cell>],
) -> Vec<(String, String)> {
    let named = columns.iter().enumerate().filter(|(_, about)| about.name.starts_with("without_"));
    let mut missing = Vec::new();
    for (index, about) in named.filter(|(_, about)| about.kind == Kind::Text) {
        let mut names = BTreeSet::new();
        for row in rows {
            if let Cell::Text(codes) = &row[index] {
                names.extend(codes.split('|'));
            }
        }
        if !names.is_empty() {
            let count = names.len();
            let names: Vec<&str> = names.into_iter().collect();
            let what = title(lang, table.as_str(), about.name);
            missing.push((format!("{what} ({count})"), names.join(", ")));
        }
    }
    missing
}
