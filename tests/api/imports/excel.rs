//! Excel workbooks: a number as it is, a date as a date, and nothing that unpacks without end.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{in_short, told};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    a_workbook_says_what_its_cells_say,
    a_sheet_is_named,
    what_is_no_workbook_is_refused,
    a_bomb_is_refused,
);

const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook with these sheets, as Excel writes one.
fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(format!("{head}{text}").as_bytes()).expect("its text");
    };
    let numbers = 1..=sheets.len();
    let of = |text: &dyn Fn(usize) -> String| numbers.clone().map(text).collect::<String>();
    put(
        "[Content_Types].xml",
        format!(
            "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
        ),
    );
    put(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r\" \
             Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let named =
        |n: usize| format!("<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"r{n}\"/>", sheets[n - 1].0);
    put(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{}</sheets></workbook>",
            of(&named)
        ),
    );
    let related = |n: usize| {
        format!(
            "<Relationship Id=\"r{n}\" Type=\"{office}/worksheet\" \
             Target=\"worksheets/sheet{n}.xml\"/>"
        )
    };
    put(
        "xl/_rels/workbook.xml.rels",
        format!(
            "<Relationships xmlns=\"{package}/relationships\">{}<Relationship Id=\"s\" \
             Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>",
            of(&related)
        ),
    );
    put(
        "xl/styles.xml",
        format!(
            "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
             </cellXfs></styleSheet>"
        ),
    );
    for (n, (_, rows)) in sheets.iter().enumerate() {
        put(
            &format!("xl/worksheets/sheet{}.xml", n + 1),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        );
    }
    zip.finish().expect("a workbook").into_inner()
}

/// A row of cells: text as it is, numbers with `#` before them, dates with `@`.
fn row(number: usize, cells: &[&str]) -> String {
    let cell = |(column, text): (usize, &&str)| {
        let place = format!("{}{number}", (b'A' + column as u8) as char);
        match (text.strip_prefix('#'), text.strip_prefix('@')) {
            (Some(figure), _) => format!("<c r=\"{place}\"><v>{figure}</v></c>"),
            (_, Some(date)) => format!("<c r=\"{place}\" s=\"1\"><v>{date}</v></c>"),
            _ if text.is_empty() => String::new(),
            _ => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

async fn send(app: &App, more: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/programmes/{}/imports?kind=participation{more}", app.world.nordjylland);
    app.post(&path).by(Secretariat).body(KIND, bytes).await
}

const HEADER: [&str; 8] = [
    "Projekt",
    "Organisation",
    "Periode start",
    "Periode slut",
    "Rolle",
    "Tælling",
    "Antal",
    "Note",
];

fn rows(more: &[[&str; 8]]) -> String {
    let first = ["LabSTEM Nord", "Hjørring Gymnasium", "@44562", "@44926", "Elev", "unikke", "#28"];
    let mut text = row(1, &HEADER) + &row(3, &first);
    for (index, cells) in more.iter().enumerate() {
        text.push_str(&row(4 + index, cells));
    }
    text
}

async fn a_workbook_says_what_its_cells_say(app: &App) {
    let more = ["kram", "", "2022-01-01", "@44926", "Elev", "unikke", "#300.0", "æøå &lt;&amp;"];
    let file = workbook(&[("Ark1", &rows(&[more]))]);
    let report = send(app, "", file.clone()).await.expect(200).json();
    assert_eq!(
        in_short(&report),
        [json!(true), json!(2), json!(0), json!(0), json!(0)],
        "{report:#}"
    );
    let report = send(app, "", file).await.expect(200).json();
    assert_eq!(in_short(&report), [json!(true), json!(0), json!(0), json!(2), json!(0)]);
    let counts = app.get(&format!("/projects/{}/counts", app.world.kram)).by(Secretariat).await;
    let count = counts.expect(200).json()["items"][0].clone();
    assert_eq!((&count["note"], &count["participants"]), (&json!("æøå <&"), &json!(300)));
    let counts = app.get(&format!("/projects/{}/counts", app.world.labstem)).by(Secretariat).await;
    let count = counts.expect(200).json()["items"][0].clone();
    assert_eq!(
        (&count["period_start"], &count["period_end"]),
        (&json!("2022-01-01"), &json!("2022-12-31"))
    );

    let wrong = ["kram", "", "@44926", "@44562", "Elev", "unikke", "#5.5", ""];
    let file = workbook(&[("Ark1", &rows(&[wrong]))]);
    let report = send(app, "", file.clone()).await.expect(200).json();
    // By the row of the sheet, an empty one above it counted.
    assert_eq!(
        told(&report),
        [(4, "Antal", "not_a_figure"), (4, "Periode slut", "period_backwards")]
    );
    let path = format!("/programmes/{}/imports?kind=participation", app.world.nordjylland);
    let call = app.post(&path).by(Secretariat).body(KIND, file).header("Accept", "text/csv");
    let back = call.header("Accept-Language", "en").await.expect(200).text();
    assert!(back.starts_with("\u{feff}Projekt;"), "{back}");
    assert!(back.contains(";5.5;;[Antal] “5.5” is not a whole number"), "{back}");
}

async fn a_sheet_is_named(app: &App) {
    let file = workbook(&[("Om", &row(1, &["Læs mig"])), ("Tal 2022", &rows(&[]))]);
    let report = send(app, "&sheet=Tal%202022&dry_run=true", file.clone()).await;
    assert_eq!(report.expect(200).json()["created"], 1);
    let report = send(app, "&sheet=Tal&dry_run=true", file.clone()).await.expect(200).json();
    assert_eq!(told(&report), [(1, "", "no_such_sheet")]);
    let detail = report["errors"][0]["detail"].as_str().expect("a detail");
    assert!(detail.contains("Om, Tal 2022"), "{detail}");
    let report = send(app, "", file).await.expect(200).json();
    assert_eq!(told(&report), [(1, "", "no_rows")]);
}

async fn what_is_no_workbook_is_refused(app: &App) {
    let whole = workbook(&[("Ark1", &rows(&[]))]);
    let cut = whole[..whole.len() / 2].to_vec();
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("readme.txt", SimpleFileOptions::default()).expect("a part");
    let other = other.finish().expect("a zip").into_inner();
    for bytes in [cut, other] {
        let report = send(app, "", bytes).await.expect(200).json();
        assert_eq!(told(&report), [(1, "", "not_excel")]);
    }
    let path = format!("/programmes/{}/imports?kind=participation", app.world.nordjylland);
    let call = app.post(&path).by(Secretariat).body("application/zip", whole).deliberately_bad();
    call.await.expect_problem(415, "unsupported-media");
}

async fn a_bomb_is_refused(app: &App) {
    // 200 MB of texts in 200 kB.
    let text = "x".repeat(1 << 20);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).expect("a part");
    for _ in 0..200 {
        zip.write_all(text.as_bytes()).expect("its text");
    }
    let bytes = zip.finish().expect("a zip").into_inner();
    assert!(bytes.len() < 250 << 10, "{}", bytes.len());
    let report = send(app, "", bytes).await.expect(200).json();
    assert_eq!(told(&report), [(1, "", "excel_too_large")]);
}
