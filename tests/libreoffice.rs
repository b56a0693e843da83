//! Exports and the workbook opened in a spreadsheet that somebody uses. LibreOffice is a large install, so this is of
//! `tests/run --long` only.

#[path = "common/database.rs"]
#[allow(dead_code)]
mod database;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use maaltal::accounts::Caller;
use maaltal::clock::Clock;
use maaltal::csv_text::{Dialect, harmless};
use maaltal::demo;
use maaltal::ids::ProgrammeId;
use maaltal::messages::Lang;
use maaltal::participation::{self, CountInput};
use maaltal::programmes;
use maaltal::projects;
use maaltal::reports::faces::{json, workbook};
use maaltal::reports::{self, Asked, Edition, Export, Reading, TableName, Wanted};
use maaltal::store::{AsOf, Engine, Store};
use maaltal::surveys::code_key::CodeKey;
use serde_json::{Value, json};

use database::Database;

const OPERATOR: Caller = Caller::Operator;

/// What people have tried in spreadsheets, and what only looks like it.
const ATTACKS: &[&str] = &[
    "=1+1",
    "=HYPERLINK(\"http://127.0.0.1/?\"&A1,\"klik\")",
    "=WEBSERVICE(\"http://127.0.0.1/\")",
    "=cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "'=1+1",
    "''=1+1",
    "x;=1+1",
    "x,=1+1",
    "x\";=1+1;\"",
    "x\",=1+1,\"",
    "x\n=1+1",
    "\u{ff1d}1+1",
    "%0A=1+1",
    "æøå ÆØÅ é – € \u{1f9ea}",
];

/// The demo, and a count for each attack with the attack as its note.
fn with_attacks() -> (Database, Store, ProgrammeId) {
    let database = Database::create(Engine::Sqlite, None);
    let store = database.open();
    store.migrate().expect("the migrations");
    let now = Clock::System.now();
    let key = CodeKey::of(b"the key of the tests, which nobody else has any use for");
    demo::load(&store, key.expect("a key"), now).expect("the demo");
    let programme = store
        .read_here(|db| programmes::by_code(db, &OPERATOR, "nordjylland"))
        .expect("a programme")
        .id;
    let project = store.read_here(|db| projects::by_code(db, programme, "makerspace"));
    let project = match project.expect("a look") {
        Some(project) => project,
        None => store
            .read_here(|db| projects::by_code(db, programme, "kram"))
            .expect("a look")
            .expect("a project"),
    };
    for (number, note) in ATTACKS.iter().enumerate() {
        let count: CountInput = serde_json::from_value(json!({
            "period": { "calendar_year": 1950 + number }, "role": "leader",
            "counting": "attendances", "participants": number, "note": note,
        }))
        .expect("a count");
        store
            .write_here(project, |db| participation::put(db, &OPERATOR, project, &count, now))
            .expect("a count");
    }
    (database, store, programme)
}

/// The demo, and a project for each attack with the attack as its summary.
fn with_attacked_projects() -> (Database, Store, ProgrammeId) {
    let (database, store, programme) = with_attacks();
    let now = Clock::System.now();
    for (number, summary) in ATTACKS.iter().enumerate() {
        let project = serde_json::from_value(json!({
            "code": format!("angreb-{number}"), "title": summary, "summary": summary,
            "holder": "euc-nord", "status": "ongoing", "year": 2023, "partners": [],
            "extensions": [], "approaches": [],
            "grants": [{ "amount_ore": 10_000_001 + number }],
        }))
        .expect("a project");
        store
            .write_here(programme, |db| projects::create(db, &OPERATOR, programme, project, now))
            .expect("a project");
    }
    (database, store, programme)
}

/// A folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = format!("maaltal-libreoffice-{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// Opens a CSV file as a person does who takes what the dialog offers, formulas included, and saves
/// it as a workbook.
fn opened(folder: &Folder, name: &str, bytes: &[u8], dialect: Dialect) -> Range<Data> {
    let file = folder.0.join(name);
    std::fs::write(&file, bytes).expect("a file");
    // The delimiter, the quote, UTF-8, from the first line, no formats, the language (Danish or
    // English), quoted cells as any, numbers and dates as such, and formulas evaluated.
    let (delimiter, language) = match dialect {
        Dialect::Rfc4180 => (44, 1033),
        Dialect::DkExcel => (59, 1030),
    };
    let read = format!("CSV:{delimiter},34,76,1,,{language},false,true,false,false,false,0,true");
    workbook_of(&convert(folder, &file, Some(&read)))
}

fn convert(folder: &Folder, file: &Path, read: Option<&str>) -> PathBuf {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.0.display());
    let out = folder.0.join("out");
    let mut command = Command::new("soffice");
    command.args([
        &profile,
        "--headless",
        "--norestore",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]);
    if let Some(read) = read {
        command.arg(format!("--infilter={read}"));
    }
    let ran = command.arg("--outdir").arg(&out).arg(file).output();
    let ran = ran.expect("soffice: tests/run --long installs it");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let name = file.file_stem().expect("a name");
    out.join(name).with_extension("xlsx")
}

/// Has LibreOffice compute every formula of a workbook anew, whatever the file says that it gave.
fn recalculating(folder: &Folder) {
    let user = folder.0.join("profile").join("user");
    std::fs::create_dir_all(&user).expect("a folder");
    let settings = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>"#;
    std::fs::write(user.join("registrymodifications.xcu"), settings).expect("settings");
}

/// A workbook as LibreOffice has it, saved by it again.
fn reopened(folder: &Folder, name: &str, bytes: &[u8]) -> Xlsx<BufReader<File>> {
    let file = folder.0.join(name);
    std::fs::write(&file, bytes).expect("a file");
    open_workbook(convert(folder, &file, None)).expect("what LibreOffice wrote")
}

fn workbook_of(file: &Path) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(file).expect("what LibreOffice wrote");
    let name = workbook.sheet_names().first().expect("a sheet").clone();
    let formulas = workbook.worksheet_formula(&name).expect("a sheet");
    let found: Vec<&String> = formulas.used_cells().map(|(_, _, formula)| formula).collect();
    assert!(found.is_empty(), "cells that are evaluated: {found:?}");
    workbook.worksheet_range(&name).expect("a sheet")
}

fn export(store: &Store, programme: ProgrammeId, table: TableName, dialect: Dialect) -> Vec<u8> {
    let mut bytes = Vec::new();
    let wanted = Wanted { table, as_of: AsOf::NOW, year: None, lang: Lang::Da };
    let reading = store
        .read_here(|db| Reading::open(db, &OPERATOR, programme, wanted, Clock::System.now()))
        .expect("a programme");
    reports::export(store, Export::new(reading, dialect), &mut bytes).expect("a table");
    bytes
}

/// The cells of a column below its header.
fn column<'a>(sheet: &'a Range<Data>, name: &str) -> Vec<&'a Data> {
    let header = sheet.rows().next().expect("a header");
    let at = header.iter().position(|cell| matches!(cell, Data::String(text) if text == name));
    let at = at.unwrap_or_else(|| panic!("no column {name} in {header:?}"));
    sheet.rows().skip(1).map(|row| &row[at]).collect()
}

#[test]
#[ignore = "needs LibreOffice: tests/run --long"]
fn a_formula_would_be_evaluated_if_it_came_through() {
    // Otherwise the other tests would show nothing.
    let folder = Folder::new();
    let file = folder.0.join("control.csv");
    std::fs::write(&file, "a,b\n=1+1,2\n").expect("a file");
    let read = "CSV:44,34,76,1,,1033,false,true,false,false,false,0,true";
    let out = convert(&folder, &file, Some(read));
    let mut workbook: Xlsx<_> = open_workbook(out).expect("a workbook");
    let name = workbook.sheet_names()[0].clone();
    let formulas = workbook.worksheet_formula(&name).expect("a sheet");
    assert!(formulas.used_cells().next().is_some(), "LibreOffice evaluates no formula of a CSV");
}

#[test]
#[ignore = "needs LibreOffice: tests/run --long"]
fn what_a_workbook_says_that_its_formulas_give_is_not_believed() {
    // Otherwise the next test would only read back what was written.
    let folder = Folder::new();
    recalculating(&folder);
    let mut book = rust_xlsxwriter::Workbook::new();
    let formula = rust_xlsxwriter::Formula::new("=1+1").set_result("7");
    book.add_worksheet().write_formula(0, 0, formula).expect("a cell");
    let bytes = book.save_to_buffer().expect("a workbook");
    let mut opened = reopened(&folder, "control.xlsx", &bytes);
    let sheet = opened.worksheet_range_at(0).expect("a sheet").expect("its cells");
    assert_eq!(sheet.get((0, 0)), Some(&Data::Float(2.0)));
}

/// Both are doubles of the same decimals; a sum is added up in another order.
fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

#[test]
#[ignore = "needs LibreOffice: tests/run --long"]
fn the_workbook_opens_and_says_what_the_api_says() {
    let (_database, store, programme) = with_attacked_projects();
    let folder = Folder::new();
    recalculating(&folder);
    let now = Clock::System.now();
    for lang in [Lang::Da, Lang::En] {
        let asked = Asked { as_of: AsOf::NOW, year: None, lang };
        let made = store.read_here(|db| {
            let edition = Edition::open(db, &OPERATOR, programme, asked, now)?;
            let bytes = workbook::build(db, &edition)?;
            let tables: Vec<TableName> = Edition::tables().collect();
            let pages = tables.into_iter().map(|table| {
                let reading = edition.reading(db, table)?;
                Ok((table, json::page(db, programme, reading)?))
            });
            Ok((bytes, pages.collect::<maaltal::error::Result<Vec<_>>>()?))
        });
        let (bytes, tables) = made.expect("a workbook");
        let mut book = reopened(&folder, &format!("{}.xlsx", lang.code()), &bytes);
        let names = book.sheet_names();
        assert_eq!(names.len(), tables.len() + 2, "{names:?}");
        let mut sums = 0;
        for (place, (table, page)) in tables.into_iter().enumerate() {
            assert_eq!(page.next_cursor, None, "{table}: all of it is held against the sheet");
            let name = &names[place + 1];
            let sheet = book.worksheet_range(name).expect("a sheet");
            let formulas = book.worksheet_formula(name).expect("a sheet");
            sums += same(table, &sheet, &formulas, &serde_json::to_value(page).expect("JSON"));
        }
        assert!(sums > 10, "{sums} columns are summed");
    }
}

/// A sheet against the rows of the API: how many columns it sums.
fn same(table: TableName, sheet: &Range<Data>, formulas: &Range<String>, page: &Value) -> usize {
    let rows = page["rows"].as_array().expect("rows");
    let last = u32::try_from(rows.len()).expect("few rows");
    let mut summed = 0;
    for (at, column) in page["columns"].as_array().expect("columns").iter().enumerate() {
        let column_at = u32::try_from(at).expect("few columns");
        let cell = |row: u32| sheet.get_value((row, column_at)).cloned().unwrap_or(Data::Empty);
        let name = column["name"].as_str().expect("a name");
        let place = |row: usize| format!("{table}, {name}, row {}", row + 1);
        assert_eq!(cell(0).to_string(), column["title"].as_str().expect("a title"));
        let per_cent =
            if column["kind"].as_str().expect("a kind").contains("cent") { 100.0 } else { 1.0 };
        let mut sum = 0.0;
        for (number, row) in rows.iter().enumerate() {
            let found = cell(u32::try_from(number).expect("few rows") + 1);
            match &row[name] {
                Value::Number(figure) => {
                    let figure = figure.as_f64().expect("a double") / per_cent;
                    let Data::Float(found) = found else {
                        panic!("{}: {found:?} is not the number {figure}", place(number))
                    };
                    assert!(is_close(found, figure), "{}: {found} {figure}", place(number));
                    sum += figure;
                }
                Value::Null => assert_eq!(found, Data::Empty, "{}", place(number)),
                // A day, or a word in its language; a text is what it was.
                Value::String(text) if ATTACKS.contains(&text.as_str()) => {
                    assert_eq!(&found.to_string().replace("\r\n", "\n"), text, "{}", place(number));
                }
                _ => assert_ne!(found, Data::Empty, "{}", place(number)),
            }
        }
        let total = formulas.get_value((last + 1, column_at)).filter(|formula| !formula.is_empty());
        if total.is_some() {
            let Data::Float(found) = cell(last + 1) else { panic!("{table}, {name}: no sum") };
            assert!(is_close(found, sum), "{table}, {name}: {found} is not the sum {sum}");
            summed += 1;
        }
    }
    let (start_row, start_column) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells().filter(|(_, _, text)| !text.is_empty()) {
        let (row, column) = (row as u32 + start_row, column as u32 + start_column);
        let is_sum = row == last + 1 && formula.starts_with("SUBTOTAL(109,");
        assert!(is_sum, "{table}: {formula} is run in row {row}, column {column}");
    }
    summed
}

#[test]
#[ignore = "needs LibreOffice: tests/run --long"]
fn both_dialects_are_numbers_dates_and_letters_and_nothing_is_evaluated() {
    let (_database, store, programme) = with_attacks();
    let totals = store
        .read_here(|db| participation::totals(db, programme, None, AsOf::NOW))
        .expect("totals");
    let sum: i64 = totals.iter().map(|total| total.participants).sum();
    let folder = Folder::new();
    for dialect in [Dialect::Rfc4180, Dialect::DkExcel] {
        let bytes = export(&store, programme, TableName::Participation, dialect);
        let sheet = opened(&folder, &format!("{dialect}-counts.csv"), &bytes, dialect);
        let participants = column(&sheet, "participants");
        let figures: Vec<f64> = participants
            .iter()
            .map(|cell| match cell {
                Data::Float(figure) => *figure,
                Data::Int(figure) => *figure as f64,
                other => panic!("{dialect}: {other:?} is no number"),
            })
            .collect();
        assert_eq!(figures.iter().sum::<f64>(), sum as f64, "{dialect}");
        for name in ["period_start", "period_end"] {
            for cell in column(&sheet, name) {
                assert!(matches!(cell, Data::DateTime(_)), "{dialect}: {cell:?} is no date");
            }
        }
        let notes: Vec<String> =
            column(&sheet, "note").into_iter().map(|cell| cell.to_string()).collect();
        for attack in ATTACKS {
            let text = harmless(attack);
            assert!(notes.iter().any(|note| *note == text), "{dialect}: {text:?} in {notes:#?}");
        }

        let bytes = export(&store, programme, TableName::Progress, dialect);
        let sheet = opened(&folder, &format!("{dialect}-progress.csv"), &bytes, dialect);
        let decimals = column(&sheet, "percent").into_iter().filter(|cell| **cell != Data::Empty);
        let decimals: Vec<&Data> = decimals.collect();
        assert!(!decimals.is_empty());
        for cell in decimals {
            assert!(
                matches!(cell, Data::Float(_) | Data::Int(_)),
                "{dialect}: {cell:?} is no number"
            );
        }
        let titles: String =
            column(&sheet, "title").into_iter().map(|cell| cell.to_string()).collect();
        assert!(titles.contains(['æ', 'ø', 'å']) && !titles.contains('Ã'), "{dialect}");
    }
}
