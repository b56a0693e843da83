//! The tables of the status report: whatever the portfolio, they agree with each other to the øre
//! and to the head, by whichever face they leave.

mod answers;
mod consistency;
mod portfolio;
mod random;

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};

use self::portfolio::{random_portfolio, round};
use crate::harness::{App, Persona::*};

api_tests!(
    every_face_says_the_same,
    a_year_cuts_off_what_is_later,
    a_year_says_what_was_reached_by_its_end,
    a_table_is_told_as_it_stood_on_a_day,
    what_lacks_a_figure_is_counted_and_named,
    a_level_is_never_compared_with_another,
    what_does_not_fit_is_found,
    a_page_brings_all_it_needs,
    a_table_without_a_year_takes_none,
);

const IN_REPORT: [&str; 15] = [
    "funding",
    "applications",
    "focus_areas",
    "partners",
    "participants",
    "project_types",
    "approaches",
    "statuses",
    "progress",
    "projects",
    "learnings",
    "core_questions",
    "survey_indicators",
    "reported",
    "consistency",
];

async fn table(app: &App, name: &str, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let and = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let programme = app.world.nordjylland;
        let path = format!("/programmes/{programme}/tables/{name}?lang=da{query}{and}");
        let page = app.get(&path).by(Reader).await.expect(200).json();
        rows.extend(page["rows"].as_array().expect("rows").clone());
        cursor = page["next_cursor"].as_str().map(str::to_string);
        if cursor.is_none() {
            return rows;
        }
    }
}

/// A number exactly, in thousandths; none of null.
fn exact(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Null => return None,
        Value::Number(number) => number.to_string(),
        other => panic!("{other} is no number"),
    };
    let (units, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if units.starts_with('-') { -1 } else { 1 };
    let units: i64 = units.trim_start_matches('-').parse().expect("units");
    let decimals: i64 = format!("{decimals:0<3}").parse().expect("decimals");
    Some(sign * (units * 1_000 + decimals))
}

fn sum(rows: &[Value], column: &str) -> i64 {
    rows.iter().filter_map(|row| exact(&row[column])).sum()
}

/// The rows of a CSV file, as text without what makes it harmless.
async fn csv_rows(app: &App, name: &str, dialect: &str) -> Vec<FileRow> {
    let programme = app.world.nordjylland;
    let path = format!("/programmes/{programme}/exports/{name}?lang=da&dialect={dialect}");
    let text = app.get(&path).by(Reader).await.expect(200).text();
    let delimiter = if dialect == "rfc4180" { b',' } else { b';' };
    let text = text.trim_start_matches('\u{feff}').to_string();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().expect("CSV")
}

async fn every_face_says_the_same(app: &App) {
    random_portfolio(app, 7).await;
    let programme = app.world.nordjylland;
    let path = format!("/programmes/{programme}/workbook?lang=da");
    let file = app.get(&path).by(Reader).await.expect(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body.to_vec())).expect("a workbook");
    let catalogue = app.get(&format!("/programmes/{programme}/tables")).by(Reader).await;
    let catalogue = catalogue.expect(200).json();
    let sheets: Vec<String> = book.sheet_names();
    assert_eq!(sheets.len(), IN_REPORT.len() + 2, "{sheets:?}");
    for (place, name) in IN_REPORT.iter().enumerate() {
        let about = &catalogue["items"].as_array().expect("tables").iter();
        let about = about.clone().find(|one| one["table"] == *name).expect(name).clone();
        assert_eq!(about["in_report"], true);
        let columns: Vec<&Value> = about["columns"].as_array().expect("columns").iter().collect();
        let rows = table(app, name, "").await;
        let (rfc, excel) =
            (csv_rows(app, name, "rfc4180").await, csv_rows(app, name, "dk-excel").await);
        let sheet = book.worksheet_range(&sheets[place + 1]).expect("a sheet");
        assert_files_agree(&catalogue, name, &rows, &rfc, &excel);
        for (at, column) in columns.iter().enumerate() {
            let title = column["title"].as_str().expect("a title");
            assert!(!title.starts_with("column-"), "{title}");
            let header = sheet.get_value((0, at as u32));
            assert_eq!(header, Some(&Data::String(title.to_string())), "{name}");
            let kind = column["kind"].as_str().expect("a kind");
            let column = column["name"].as_str().expect("a name");
            for (index, row) in rows.iter().enumerate() {
                let cell = sheet.get_value((index as u32 + 1, at as u32));
                assert_cell_agrees(&row[column], kind, cell, &format!("{name}.{column}"));
            }
        }
    }
}

/// What stands in a sheet against what the API says.
fn assert_cell_agrees(value: &Value, kind: &str, cell: Option<&Data>, at: &str) {
    let at = format!("{at}: {value}, {cell:?}");
    match value {
        Value::Null => assert!(matches!(cell, None | Some(Data::Empty)), "{at}"),
        Value::Number(_) => {
            let Some(Data::Float(cell)) = cell else { panic!("{at}") };
            let scale = if kind.starts_with("per cent") { 100.0 } else { 1.0 };
            let figure = exact(value).expect("one") as f64 / 1_000.0;
            assert!((cell * scale - figure).abs() < 1e-6, "{at}");
        }
        Value::String(text) if kind == "text" => {
            assert_eq!(cell, Some(&Data::String(text.clone())), "{at}");
        }
        // Words are in the reader's language, and dates are dates.
        _ => assert!(!matches!(cell, None | Some(Data::Empty | Data::Error(_))), "{at}"),
    }
}

type FileRow = BTreeMap<String, String>;

/// What stands in both dialects of CSV against what the API says.
fn assert_files_agree(
    catalogue: &Value,
    name: &str,
    rows: &[Value],
    rfc: &[FileRow],
    excel: &[FileRow],
) {
    let mut all = catalogue["items"].as_array().expect("tables").iter();
    let about = all.find(|one| one["table"] == name).expect(name);
    assert_eq!((rfc.len(), excel.len()), (rows.len(), rows.len()), "{name}");
    for column in about["columns"].as_array().expect("columns") {
        let column = column["name"].as_str().expect("a name");
        for (index, row) in rows.iter().enumerate() {
            let value = &row[column];
            let (one, other) = (&rfc[index][column], &excel[index][column]);
            let at = format!("{name}.{column}: {value}, {one}, {other}");
            match value {
                Value::Null => assert!(one.is_empty() && other.is_empty(), "{at}"),
                Value::Number(_) => {
                    let written = one.parse::<f64>().expect("a number");
                    assert_eq!(exact(value).expect("one") as f64 / 1_000.0, written, "{at}");
                    assert_eq!(&one.replace('.', ","), other, "{at}");
                }
                Value::Bool(value) => assert_eq!(&value.to_string(), one, "{at}"),
                Value::String(text) => {
                    assert_eq!(text, maaltal::csv_text::unharm(one), "{at}");
                    assert_eq!(one, other, "{at}");
                }
                other => panic!("{other}"),
            }
        }
    }
}

async fn project(app: &App, code: &str, year: Option<i32>, more: Value) -> String {
    let mut body = json!({
        "code": code, "title": code, "holder": "aalborg-universitet", "status": "ongoing",
        "year": year,
    });
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let path = format!("/programmes/{}/projects", app.world.nordjylland);
    let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
    made["id"].as_str().expect("an id").to_string()
}

async fn a_year_cuts_off_what_is_later(app: &App) {
    project(app, "sen", Some(2023), json!({})).await;
    project(app, "uden-aar", None, json!({})).await;
    let codes = |rows: Vec<Value>| -> Vec<String> {
        rows.iter().map(|row| row["project"].as_str().expect("a code").to_string()).collect()
    };
    let by_2020 = codes(table(app, "projects", "&year=2020").await);
    // One of which no year is known may be of any.
    assert_eq!(by_2020, ["kram", "labstem-nord", "uden-aar"]);
    assert_eq!(codes(table(app, "projects", "&year=2019").await), ["kram", "uden-aar"]);
    assert_eq!(table(app, "projects", "").await.len(), 4);
}

async fn a_year_says_what_was_reached_by_its_end(app: &App) {
    let labstem = app.world.labstem;
    let body = json!({
        "code": "undervisere", "title": "Undervisere", "level": "output", "unit": "people",
        "source": "participation", "filter": { "roles": ["teacher"] },
        "first_target": { "target": { "shape": "at_least", "minimum": 45 } },
    });
    let path = format!("/projects/{labstem}/indicators");
    let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
    let revision = json!({
        "target": { "shape": "at_least", "minimum": 60 }, "holds_from": "2022-01-01",
        "reason": "Flere skoler er kommet til",
    });
    let id = made["id"].as_str().expect("an id");
    let path = format!("/indicators/{id}/revisions");
    app.post(&path).by(Secretariat).json(revision).await.expect(201);
    for (year, teachers) in [(2021, 30), (2022, 44)] {
        let body = json!({
            "period": { "calendar_year": year }, "role": "teacher", "counting": "unique",
            "participants": teachers,
        });
        app.put(&format!("/projects/{labstem}/counts"))
            .by(Secretariat)
            .json(body)
            .await
            .expect(201);
    }
    for (query, target, actual) in [("", 60, 74), ("&year=2022", 60, 74), ("&year=2021", 45, 30)] {
        let progress = table(app, "progress", query).await;
        assert_eq!(
            (&progress[0]["target"], &progress[0]["actual"]),
            (&json!(target), &json!(actual))
        );
        let participants = table(app, "participants", query).await;
        let row = &participants[0];
        assert_eq!(
            (&row["expected"], &row["reached"]),
            (&json!(target), &json!(actual)),
            "{query}"
        );
    }
}

async fn a_table_is_told_as_it_stood_on_a_day(app: &App) {
    app.clock.advance(24 * 60 * 60);
    project(app, "ny", Some(2022), json!({ "grants": [{ "amount_ore": 5 }] })).await;
    let before = table(app, "statuses", "&as_of=2023-02-01").await;
    let after = table(app, "statuses", "").await;
    assert_eq!((sum(&before, "projects"), sum(&after, "projects")), (2_000, 3_000));
    assert_eq!((sum(&before, "amount_dkk"), sum(&after, "amount_dkk")), (0, 50));
}

async fn what_lacks_a_figure_is_counted_and_named(app: &App) {
    project(app, "kendt", Some(2022), json!({ "grants": [{ "amount_ore": 34_535_305 }] })).await;
    let rows = table(app, "statuses", "").await;
    let ongoing = rows.iter().find(|row| row["status"] == "ongoing").expect("it");
    assert_eq!(ongoing["projects"], 3);
    assert_eq!(ongoing["amount_dkk"], 345_353.05);
    assert_eq!(ongoing["projects_without_amount"], 2);
    assert_eq!(ongoing["without_amount"], "kram|labstem-nord");
    let planned = rows.iter().find(|row| row["status"] == "planned").expect("it");
    assert_eq!((&planned["projects"], &planned["amount_dkk"]), (&json!(0), &json!(0)));
    // Not known is not nothing.
    let areas = table(app, "focus_areas", "").await;
    let girls = areas.iter().find(|row| row["focus_area"] == "piger-kvinder").expect("it");
    assert_eq!((&girls["projects"], &girls["amount_dkk"]), (&json!(1), &Value::Null));
    let none = areas.iter().find(|row| row["focus_area"].is_null()).expect("a row without a code");
    assert_eq!(none["amount_dkk"], 345_353.05);
}

async fn kram_counts_at_a_broader_level(app: &App) {
    let kram = app.world.kram;
    let body = json!({
        "code": "kram-stx", "title": "Elever, stx", "level": "output", "unit": "people",
        "source": "participation", "filter": { "roles": ["pupil"], "education_levels": ["stx"] },
        "first_target": {
            "target": { "shape": "classes", "classes": 16, "estimated_pupils": 448 }
        },
    });
    let path = format!("/projects/{kram}/indicators");
    app.post(&path).by(Secretariat).json(body).await.expect(201);
    let body = json!({
        "period": { "calendar_year": 2022 }, "role": "pupil", "counting": "unique",
        "education_level": "ungdomsuddannelse", "participants": 500,
    });
    app.put(&format!("/projects/{kram}/counts")).by(Secretariat).json(body).await.expect(201);
}

async fn a_level_is_never_compared_with_another(app: &App) {
    kram_counts_at_a_broader_level(app).await;
    let rows = table(app, "participants", "").await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!((&row["expected"], &row["reached"]), (&json!(448), &Value::Null));
    assert_eq!((&row["at_broader_level"], &row["expected_of_classes"]), (&json!(500), &json!(448)));
    assert_eq!(row["without_actual"], "kram-stx");
}

async fn fact(app: &App, measure: &str, year: Option<i32>, part: Option<(&str, &str)>, value: f64) {
    let unit = match measure {
        "granted_share" => "percent",
        "projects" | "applications_granted" => "count",
        _ => "kroner",
    };
    let printed = (unit == "kroner").then(|| format!("{:.2} mio.", value / 1e6));
    let body = json!({
        "measure": measure, "year": year, "dimension": part.map(|(dimension, _)| dimension),
        "category": part.map(|(_, category)| category), "unit": unit, "value": value,
        "printed": printed, "source": "Statusrapport",
    });
    let path = format!("/programmes/{}/reported-facts", app.world.nordjylland);
    app.put(&path).by(Secretariat).json(body).await.expect(201);
}

async fn what_does_not_fit_is_found(app: &App) {
    kram_counts_at_a_broader_level(app).await;
    round(app, "2021-open", 2021, "open", &["piger-kvinder"]).await;
    let stem = json!({ "focus_area": "potentielle", "summary": "Den samme  tekst." });
    project(app, "stem-cafeer", Some(2021), stem).await;
    project(app, "kopi", Some(2022), json!({ "summary": "den samme tekst." })).await;
    let of_kind = |kind| Some(("round_kind", kind));
    fact(app, "envelope", Some(2020), None, 5_350_000.0).await;
    fact(app, "granted", Some(2020), of_kind("prioritised"), 1_630_000.0).await;
    fact(app, "granted", Some(2020), of_kind("open"), 3_730_000.0).await;
    fact(app, "granted_cumulated", Some(2020), None, 5_360_000.0).await;
    fact(app, "projects", None, Some(("focus_area", "potentielle")), 3.0).await;
    fact(app, "projects", None, Some(("focus_area", "piger-kvinder")), 1.0).await;
    fact(app, "granted_share", None, Some(("focus_area", "potentielle")), 58.0).await;
    fact(app, "granted_share", None, Some(("focus_area", "piger-kvinder")), 41.0).await;
    fact(app, "applications_granted", Some(2021), None, 7.0).await;

    let rows = table(app, "consistency", "").await;
    let found = |code: &str| -> Vec<(Value, Value, Value)> {
        let own = rows.iter().filter(|row| row["code"] == code);
        let figures = |row: &Value| {
            (row["entity_code"].clone(), row["found"].clone(), row["expected"].clone())
        };
        own.map(figures).collect()
    };
    let one =
        |what: &str, found: i64, expected: i64| vec![(json!(what), json!(found), json!(expected))];
    assert_eq!(found("at_broader_level"), one("kram-stx", 500, 448));
    assert_eq!(found("classes_against_pupils"), one("kram-stx", 448, 16));
    let none = |what: &str| vec![(json!(what), Value::Null, Value::Null)];
    assert_eq!(found("focus_area_not_open"), none("stem-cafeer"));
    assert_eq!(found("same_summary"), none("kopi"));
    assert_eq!(found("reported_parts_differ"), one("envelope", 5_350_000, 5_360_000));
    assert_eq!(found("reported_cumulated_differs"), one("granted_cumulated", 5_360_000, 5_350_000));
    // Two are in the list and one in the table; the list has four and the table's rows add up to
    // four by chance.
    assert_eq!(found("reported_differs"), one("projects", 3, 2));
    assert_eq!(found("reported_sums_differ"), []);
    assert_eq!(found("reported_shares_not_100"), one("granted_share", 99, 100));
    assert_eq!(found("reported_balance_differs"), one("applications_granted", 7, 1));
    assert_eq!(found("no_count_for_year").len(), 1, "KRAM, of 2019 to 2021");
    for row in &rows {
        let text = row["text"].as_str().expect("a text");
        assert!(!text.starts_with("finding-") && !text.contains("{$"), "{text}");
        let address = row["address"].as_str().expect("an address");
        app.get(address).by(Secretariat).await.expect(200);
    }
    let ranks: Vec<usize> = rows
        .iter()
        .map(|row| ["error", "warning", "note"].iter().position(|one| row["severity"] == *one))
        .map(|rank| rank.expect("a severity"))
        .collect();
    assert!(ranks.is_sorted(), "{ranks:?}");

    // Beside the computed figures, and never in them.
    let areas = table(app, "focus_areas", "").await;
    let row = areas.iter().find(|row| row["focus_area"] == "potentielle").expect("it");
    assert_eq!((&row["projects"], &row["reported_projects"]), (&json!(2), &json!(3)));
}

async fn a_page_brings_all_it_needs(app: &App) {
    random_portfolio(app, 3).await;
    for place in ["report", "report/consistency"] {
        for lang in ["da", "en"] {
            let path = format!("/programmes/{}/{place}?lang={lang}", app.world.nordjylland);
            let page = app.get(&path).by(Secretariat).await.expect(200);
            let policy = page.header("content-security-policy").expect("a policy").to_string();
            assert!(policy.contains("style-src 'sha256-"), "{policy}");
            let text = page.text();
            assert!(text.contains(&format!("<html lang=\"{lang}\">")), "{text}");
            for word in ["http:", "https:", "<script", "<img", "<link", " style=", "url("] {
                assert!(!text.contains(word), "{word}");
            }
            let (_, body) = text.split_once("</style>").expect("a style");
            for id in ["column-", "table-", "word-", "about-", "report-", "chart-", "finding-"] {
                let untold = [format!(">{id}"), format!(" {id}")];
                assert!(!untold.iter().any(|one| body.contains(one.as_str())), "{id} in {body}");
            }
            assert!(!text.contains("Projekt 1: =1+1; \"æøå\""), "a title is text");
        }
    }
}

async fn a_table_without_a_year_takes_none(app: &App) {
    let path = format!("/programmes/{}/tables/core_questions?year=2022", app.world.nordjylland);
    let refused = app.get(&path).by(Reader).await.expect_problem(400, "malformed");
    assert_eq!(refused.json()["errors"][0]["code"], "table_without_year");
    let path = format!("/programmes/{}/tables/nothing", app.world.nordjylland);
    app.get(&path).by(Reader).deliberately_bad().await;
}
