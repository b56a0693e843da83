//! `report`: the whole status report as a folder, on the real projects; it agrees with itself to the
//! øre and to the head, whichever file is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use maaltal::accounts::Caller;
use maaltal::clock::Clock;
use maaltal::config::Database;
use maaltal::csv_text::unharm;
use maaltal::messages::Lang;
use maaltal::programmes;
use maaltal::reports::faces::json;
use maaltal::reports::tables::Kind;
use maaltal::reports::{Asked, Edition};
use maaltal::store::AsOf;
use serde_json::Value;

use super::program::{Folder, failure, on, output};

type Row = BTreeMap<String, String>;

fn load() -> (Folder, std::path::PathBuf) {
    let folder = Folder::new();
    let data = folder.join("demo");
    output(on(&data, &["demo", "--load-only"]));
    (folder, data)
}

fn write(data: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    let out = out.to_str().expect("UTF-8");
    let own = ["report", "--programme", "nordjylland", "--year", "2023", "--out", out];
    on(data, &[&own[..], more].concat())
}

fn rows(out: &Path, name: &str) -> Vec<Row> {
    let path = out.join("csv").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(path).expect("a file");
    reader.deserialize().collect::<Result<_, _>>().expect("CSV")
}

fn ore(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or(0)
}

/// What portfolio's readers found by hand, a program finds in the records and the printed figures.
#[test]
fn what_the_report_got_wrong_is_found() {
    let (folder, data) = load();
    let out = folder.join("report");
    output(write(&data, &out, &["--lang", "en"]));
    let findings = rows(&out, "consistency");
    let found = |code: &str| -> BTreeSet<(String, String)> {
        let own = findings.iter().filter(|row| row["code"] == code);
        own.map(|row| (row["found"].clone(), row["expected"].clone())).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        pairs.iter().map(|(one, other)| (one.to_string(), other.to_string())).collect()
    };
    // 27 in the list, and the tables add up to 28; by status too.
    let sums = found("reported_sums_differ");
    assert!(sums.contains(&("28".to_string(), "27".to_string())), "{sums:?}");
    // 23.24 million in one table, 23.231178 in the next, and 23.23 before.
    assert!(sums.contains(&("23240000".to_string(), "23230000".to_string())), "{sums:?}");
    assert!(sums.contains(&("23231178".to_string(), "23230000".to_string())), "{sums:?}");
    assert_eq!(sums.len(), 3, "{sums:?}");
    let differs = found("reported_differs");
    for pair in [
        // The types count 13 / 4 / 5 / 5, and not 13 / 8 / 5 / 2.
        ("8", "4"),
        ("2", "5"),
        // The areas count 13 / 4 / 4 / 6, and not 12 / 4 / 6 / 6, or 5 in the text.
        ("12", "13"),
        ("6", "4"),
        ("5", "4"),
        // 18 ongoing and 9 completed, and not 20 and 8.
        ("20", "18"),
        ("8", "9"),
        // 28 projects, of which 27 are listed.
        ("28", "27"),
        // The smallest is 200,000, and a project got 100,000.
        ("200000", "100000"),
    ] {
        assert!(
            differs.contains(&(pair.0.to_string(), pair.1.to_string())),
            "{pair:?} {differs:?}"
        );
    }
    // 1.63 + 3.73 is not 5.35, 0.92 + 4.71 is neither 5.64 nor 4.88.
    assert_eq!(
        found("reported_parts_differ"),
        pairs(&[("5350000", "5360000"), ("5640000", "5630000"), ("4880000", "5630000")])
    );
    assert_eq!(found("reported_cumulated_differs"), pairs(&[("23230000", "23240000")]));
    assert_eq!(found("reported_shares_not_100"), pairs(&[("99", "100")]));
    // KRAM: 448 pupils at stx are not held against 500 somewhere in upper secondary school.
    assert_eq!(found("at_broader_level"), pairs(&[("500", "448")]));
    assert_eq!(found("classes_against_pupils"), pairs(&[("320", "16"), ("448", "16")]));
    // 30,791 are expected, and the targets add up to little more than half.
    let expected = found("expected_below_goal");
    let young = expected.iter().find(|(_, goal)| goal == "30791").expect("the goal");
    assert!((15_396..18_475).contains(&young.0.parse::<i64>().expect("a sum")), "{young:?}");
    let not_open: BTreeSet<&str> = findings
        .iter()
        .filter(|row| row["code"] == "focus_area_not_open")
        .map(|row| row["project"].as_str())
        .collect();
    assert_eq!(not_open, BTreeSet::from(["stem-cafeer", "stem-konference"]));
    // The text speaks of 12 and names 11.
    assert_eq!(found("named_count_differs"), pairs(&[("11", "12")]));
    let of = |code: &str| -> BTreeSet<&str> {
        let own = findings.iter().filter(|row| row["code"] == code);
        own.map(|row| row["project"].as_str()).collect()
    };
    // In the list under one area, in the text under another; one in the text under none.
    let elsewhere = BTreeSet::from(["makerspace", "talstaerk-2", "nordjysk-science-dyst"]);
    assert_eq!(of("named_elsewhere"), elsewhere);
    assert_eq!(of("named_nowhere"), BTreeSet::from(["stem-paa-htx"]));
    // Told as completed and as ongoing.
    assert_eq!(of("named_twice"), BTreeSet::from(["rekrutteringsunivers"]));
    // One description is another's.
    assert_eq!(of("same_words"), BTreeSet::from(["rpa-eud-eux"]));
    // Two initiatives are in no list.
    let initiatives: Vec<&Row> =
        findings.iter().filter(|row| row["code"] == "named_not_listed").collect();
    assert_eq!(initiatives.len(), 2);
    for name in ["Nordjylland brænder for", "Youths Go Green"] {
        assert!(initiatives.iter().any(|row| row["text"].contains(name)), "{name}");
    }
    let count = |code: &str| findings.iter().filter(|row| row["code"] == code).count();
    assert_eq!((count("amount_missing"), count("partners_missing")), (17, 27));
}

#[test]
fn a_report_is_whole_and_agrees_with_itself() {
    let (folder, data) = load();
    let out = folder.join("report");
    output(write(&data, &out, &[]));
    let projects = rows(&out, "projects");
    assert_eq!(projects.len(), 27);
    let granted: i64 = projects.iter().map(|row| ore(&row["amount_dkk"])).sum();
    assert_eq!(granted, 613_222_700);
    for name in ["focus_areas", "project_types", "statuses"] {
        let own = rows(&out, name);
        let sum = |column: &str| own.iter().map(|row| ore(&row[column])).sum::<i64>();
        assert_eq!(sum("amount_dkk"), granted, "{name}");
        assert_eq!((sum("projects"), sum("projects_without_amount")), (27, 17), "{name}");
        assert_eq!((sum("amount_share"), sum("projects_share")), (1_000, 1_000), "{name}");
    }
    sums_agree(&out, granted);
    every_face_says_the_same(&data, &out);
    let description = std::fs::read(out.join("datapackage.json")).expect("a description");
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    assert_eq!(description["profile"], "tabular-data-package");
    let resources = description["resources"].as_array().expect("resources");
    let mut described = BTreeSet::new();
    for resource in resources {
        let path = resource["path"].as_str().expect("a path");
        described.insert(path.to_string());
        let bytes = std::fs::read(out.join(path)).expect(path);
        assert_eq!(resource["bytes"], bytes.len());
        let text = String::from_utf8(bytes).expect("UTF-8");
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = resource["dialect"]["delimiter"].as_str().expect("one").as_bytes()[0];
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let names: Vec<&str> = fields.iter().filter_map(|one| one["name"].as_str()).collect();
        let header: Vec<String> =
            reader.headers().expect("a header").iter().map(str::to_string).collect();
        assert_eq!(header, names, "{path}");
        for record in reader.records() {
            let record = record.expect("a record");
            for (cell, field) in record.iter().zip(fields) {
                assert!(fits(cell, field), "{path}: {cell} {field}");
            }
        }
    }
    let mut files = BTreeSet::new();
    for folder in ["csv", "csv-dk-excel"] {
        for entry in out.join(folder).read_dir().expect("a folder") {
            let name = entry.expect("an entry").file_name();
            files.insert(format!("{folder}/{}", name.to_str().expect("UTF-8")));
        }
    }
    assert_eq!(files, described);
    let book: Xlsx<_> = open_workbook(out.join("workbook.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names().len(), 17);
    let page = std::fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("<svg") && page.contains("Revisionssporets"), "charts, and the head");
}

fn sum(rows: &[Row], column: &str) -> i64 {
    rows.iter().map(|row| ore(&row[column])).sum()
}

/// Thousandths, which figures of people are written in without trailing zeros.
fn heads(rows: &[Row], column: &str) -> i64 {
    let figure = |row: &Row| row[column].parse::<f64>().unwrap_or(0.0) * 1_000.0;
    rows.iter().map(figure).sum::<f64>().round() as i64
}

/// To the øre and to the head, from file to file; and who is missing is named.
fn sums_agree(out: &Path, granted: i64) {
    let funding = rows(out, "funding");
    let of_kinds = ["prioritised", "open", "small_grants", "other_kinds", "without_round"];
    let of_kinds: i64 = of_kinds.iter().map(|kind| sum(&funding, &format!("{kind}_dkk"))).sum();
    let cumulated = funding.iter().rev().find(|row| !row["cumulated_dkk"].is_empty());
    assert_eq!((sum(&funding, "granted_dkk"), of_kinds), (granted, granted));
    assert_eq!(ore(&cumulated.expect("a last year")["cumulated_dkk"]), granted);

    let projects = rows(out, "projects");
    let without: BTreeSet<&str> = projects
        .iter()
        .filter(|row| row["amount_dkk"].is_empty())
        .map(|row| row["project"].as_str())
        .collect();
    assert_eq!(without.len(), 17);
    for name in ["funding", "focus_areas", "project_types", "statuses"] {
        let own = rows(out, name);
        let named: BTreeSet<&str> = own
            .iter()
            .flat_map(|row| row["without_amount"].split('|'))
            .filter(|code| !code.is_empty())
            .collect();
        assert_eq!(named, without, "{name}");
    }
    let all: BTreeSet<&str> = projects.iter().map(|row| row["project"].as_str()).collect();
    for (name, column, figure) in [
        ("partners", "without_partners", "projects"),
        ("approaches", "without_approaches", "projects"),
    ] {
        let own = rows(out, name);
        let named: BTreeSet<&str> = own[0][column].split('|').collect();
        assert_eq!(named, all, "{name}");
        assert!(own.iter().all(|row| row[figure].is_empty()), "{name}: not known is not 0");
    }

    let progress: Vec<Row> = rows(out, "progress")
        .into_iter()
        .filter(|row| !row["project"].is_empty() && !row["counting"].is_empty())
        .filter(|row| row["row"] == "indicator" && row["target_shape"] != "per_company")
        .collect();
    let participants: Vec<Row> =
        rows(out, "participants").into_iter().filter(|row| row["row"] == "indicators").collect();
    assert_eq!(heads(&participants, "expected"), heads(&progress, "target"));
    assert_eq!(heads(&participants, "reached"), heads(&progress, "actual"));
    let broader = "at_broader_level";
    assert_eq!(heads(&participants, broader), heads(&progress, broader));
    let silent: BTreeSet<&str> = progress
        .iter()
        .filter(|row| row["actual"].is_empty())
        .map(|row| row["indicator"].as_str())
        .collect();
    let named: BTreeSet<&str> = participants
        .iter()
        .flat_map(|row| row["without_actual"].split('|'))
        .filter(|code| !code.is_empty())
        .collect();
    assert!(silent.is_subset(&named), "{silent:?} {named:?}");
    // As the report of 2023 has them, on its own pages and not beside them in a sum.
    let learnings = rows(out, "learnings");
    assert_eq!(learnings.len(), 9);
    assert!(learnings.iter().all(|row| !row["learnings"].is_empty() && !row["source"].is_empty()));
}

/// What the files hold, the workbook holds, and the API says.
fn every_face_says_the_same(data: &Path, out: &Path) {
    let store = Database::Embedded(data.to_path_buf()).open(1).expect("the demo's database");
    let now = Clock::System.now();
    let asked = Asked { as_of: AsOf::NOW, year: Some(2023), lang: Lang::Da };
    let edition = store
        .read_here(|db| {
            let programme = programmes::by_code(db, &Caller::Operator, "nordjylland")?.id;
            Edition::open(db, &Caller::Operator, programme, asked, now)
        })
        .expect("an edition");
    let mut book: Xlsx<_> = open_workbook(out.join("workbook.xlsx")).expect("a workbook");
    let sheets = book.sheet_names();
    for (place, table) in Edition::tables().enumerate() {
        let page = store
            .read_here(|db| {
                let reading = edition.reading(db, table)?;
                json::page(db, edition.programme.id, reading)
            })
            .expect("a page");
        let page = serde_json::to_value(page).expect("JSON");
        let said = page["rows"].as_array().expect("rows");
        let written = rows(out, table.as_str());
        assert_eq!(said.len(), written.len(), "{table}");
        let sheet = book.worksheet_range(&sheets[place + 1]).expect("a sheet");
        for (at, column) in table.columns().into_iter().enumerate() {
            for (index, (said, written)) in said.iter().zip(&written).enumerate() {
                let (said, text) = (&said[column.name], &written[column.name]);
                let cell = sheet.get_value((index as u32 + 1, at as u32));
                let at = format!("{table}.{}: {said}, {text}, {cell:?}", column.name);
                match said {
                    Value::Null => {
                        assert!(
                            text.is_empty() && matches!(cell, None | Some(Data::Empty)),
                            "{at}"
                        );
                    }
                    Value::Number(number) => {
                        let figure = number.as_f64().expect("a figure");
                        assert_eq!(text.parse::<f64>().expect("a figure"), figure, "{at}");
                        let Some(Data::Float(cell)) = cell else { panic!("{at}") };
                        let scale = if column.kind == Kind::Percent { 100.0 } else { 1.0 };
                        assert!((cell * scale - figure).abs() < 1e-6, "{at}");
                    }
                    Value::String(said) => assert_eq!(said, unharm(text), "{at}"),
                    other => assert_eq!(&other.to_string(), text, "{at}"),
                }
            }
        }
    }
}

/// As the description says of its type, or empty.
fn fits(cell: &str, field: &Value) -> bool {
    let mark = field["decimalChar"].as_str().unwrap_or(".");
    let digits =
        |text: &str| text.strip_prefix('-').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
    match field["type"].as_str().expect("a type") {
        _ if cell.is_empty() => field["constraints"]["required"] != true,
        "string" => true,
        "integer" => digits(cell),
        "year" => cell.len() == 4 && digits(cell),
        "number" => {
            let (units, decimals) = cell.split_once(mark).unwrap_or((cell, ""));
            digits(units) && digits(decimals)
        }
        "date" => cell.parse::<chrono::NaiveDate>().is_ok(),
        "datetime" => cell.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
        "boolean" => ["true", "false"].contains(&cell),
        other => panic!("{other}"),
    }
}

#[test]
fn nothing_is_overwritten_but_an_older_report() {
    let (folder, data) = load();
    let out = folder.join("report");
    output(write(&data, &out, &[]));
    let words = failure(write(&data, &out, &[]), 2);
    assert!(words.contains("--force"), "{words}");
    std::fs::write(out.join("csv").join("old.csv"), "old").expect("a file");
    output(write(&data, &out, &["--force", "--lang", "en"]));
    assert!(!out.join("csv").join("old.csv").exists(), "of the older report nothing stays");

    let thesis = folder.join("thesis");
    std::fs::create_dir(&thesis).expect("a folder");
    std::fs::write(thesis.join("chapter-1.txt"), "years of work").expect("a file");
    failure(write(&data, &thesis, &[]), 2);
    failure(write(&data, &thesis, &["--force"]), 2);
    assert_eq!(thesis.read_dir().expect("it").count(), 1);

    let below = thesis.join("chapter-1.txt").join("report");
    failure(write(&data, &below, &[]), 1);
    let out = folder.join("other");
    let out = out.to_str().expect("UTF-8");
    failure(on(&data, &["report", "--programme", "nowhere", "--out", out]), 1);
    let left: BTreeSet<String> = std::fs::read_dir(folder.join("."))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    assert_eq!(left, BTreeSet::from(["demo", "report", "thesis"].map(str::to_string)));
}
