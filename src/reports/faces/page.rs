//! The report as one page: tables and charts fit for printing, with nothing loaded and nothing run.

use std::collections::BTreeSet;

use askama::Template;

use super::{drawn, spoken};
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
        notes: ["report-missing-means", "report-sums-mean", "report-reported-means"]
            .map(|id| say(lang, id))
            .to_vec(),
        sections,
    };
    page.render().map_err(Error::unexpected)
}

/// What people get to see of a table: names and figures. Codes are for programs.
fn shown(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Funding => &[
            "year",
            "envelope_dkk",
            "prioritised_dkk",
            "open_dkk",
            "small_grants_dkk",
            "without_round_dkk",
            "granted_dkk",
            "cumulated_dkk",
            "projects_without_amount",
            "reported_envelope_dkk",
            "reported_prioritised_dkk",
            "reported_open_dkk",
            "reported_cumulated_dkk",
        ],
        TableName::Applications => &[
            "year",
            "received",
            "granted",
            "rejected",
            "success_rate",
            "applied_dkk",
            "granted_dkk",
            "reported_received",
            "reported_granted",
            "reported_rejected",
            "reported_success_rate",
        ],
        TableName::FocusAreas | TableName::ProjectTypes => &[
            "name",
            "projects",
            "projects_share",
            "amount_dkk",
            "amount_share",
            "projects_without_amount",
            "reported_projects",
            "reported_amount_dkk",
            "reported_share",
        ],
        TableName::Statuses => &[
            "status",
            "projects",
            "projects_share",
            "amount_dkk",
            "projects_without_amount",
            "reported_projects",
        ],
        TableName::Partners => {
            &["name", "projects", "horizontal", "vertical", "of_projects", "reported_projects"]
        }
        TableName::Reported => &[
            "measure_name",
            "year",
            "dimension",
            "category_name",
            "category",
            "printed",
            "printed_value",
            "computed",
            "lacking",
            "held",
            "page",
        ],
        TableName::Consistency => &["severity", "text", "found", "expected", "address"],
        TableName::Participants => &[
            "row",
            "education_level_name",
            "role_name",
            "indicators",
            "expected",
            "originally_expected",
            "reached",
            "at_broader_level",
            "indicators_without_actual",
        ],
        TableName::Approaches => &["name", "focus_area_name", "projects", "of_projects"],
        TableName::Progress => &[
            "project_title",
            "assessment",
            "title",
            "original_target",
            "target_text",
            "actual",
            "percent",
            "at_broader_level",
            "reported",
            "state",
        ],
        TableName::Projects => &[
            "year",
            "title",
            "holder_name",
            "focus_area_name",
            "project_type_name",
            "status",
            "amount_dkk",
            "period_start",
            "period_end",
        ],
        TableName::Learnings => &["title", "holder_name", "assessment", "learnings", "deviations"],
        TableName::CoreQuestions => &[
            "text",
            "education_level_name",
            "state",
            "option_text",
            "count",
            "n",
            "share",
            "missing",
        ],
        TableName::SurveyIndicators => {
            &["project", "title", "target", "actual", "positive", "base", "missing", "state"]
        }
        TableName::Participation
        | TableName::Results
        | TableName::Codebook
        | TableName::CoreResults
        | TableName::Changes
        | TableName::ResponseRates => &[],
    }
}

fn is_wide(table: TableName) -> bool {
    matches!(
        table,
        TableName::Funding
            | TableName::Reported
            | TableName::Progress
            | TableName::Projects
            | TableName::CoreQuestions
            | TableName::SurveyIndicators
    )
}

fn section(table: TableName, lang: Lang, rows: &[Vec<Cell>]) -> Section {
    let columns = table.columns();
    let at = |name: &&str| columns.iter().position(|column| column.name == *name);
    let shown: Vec<usize> = shown(table).iter().filter_map(&at).collect();
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
        wide: is_wide(table),
        columns: shown.iter().map(head).collect(),
        rows: gathered.iter().filter(says_something).map(row).collect(),
        totals: totals(lang, &columns, &shown, rows),
        missing: missing(table, lang, &columns, rows),
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
