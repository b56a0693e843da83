//! Questionnaires as workbooks, in and out.

use std::process::Command;

use maaltal::surveys::ready;
use maaltal::surveys::xlsform::write;
use serde_json::{Value, json};

use super::{definition, published};
use crate::harness::{Answer, App, Call, Persona::*};

api_tests!(
    what_goes_out_comes_in_again,
    a_dry_run_makes_nothing,
    a_workbook_is_taken_once,
    what_cannot_be_taken_is_named_by_its_cell,
    a_draft_is_written_anew_from_a_workbook,
    what_is_no_workbook_is_refused,
);

pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A ready questionnaire as a workbook.
pub fn workbook() -> Vec<u8> {
    let ready = ready::ALL.iter().find(|one| one.code == "undervisere").expect("a questionnaire");
    write(&ready.definition().expect("a definition"), ready.code, "1").expect("a workbook")
}

fn send<'a>(app: &'a App, query: &str, bytes: Vec<u8>) -> Call<'a> {
    let path = format!("/projects/{}/questionnaires/xlsform{query}", app.world.labstem);
    app.post(&path).by(Holder).body(WORKBOOK, bytes)
}

async fn exported(app: &App, place: &str) -> Answer {
    app.get(&format!("{place}/xlsform")).by(Reader).await.expect(200)
}

async fn what_goes_out_comes_in_again(app: &App) {
    let place = published(app).await;
    let draft = exported(app, &place).await;
    let version = exported(app, &format!("{place}/versions/1")).await;
    let file = "attachment; filename=\"elever-14-19-1.xlsx\"";
    assert_eq!(version.header("content-disposition"), Some(file));
    for (code, bytes) in [("kopi-1", draft.body), ("kopi-2", version.body)] {
        let made = send(app, &format!("?code={code}"), bytes.to_vec()).await.expect(201).json();
        assert_eq!(made["notes"], json!([]));
        assert_eq!(made["questionnaire"]["code"], code);
        assert_eq!(made["questionnaire"]["definition"], definition("elever-14-19"));
    }
    // Without a code it is called as the workbook is.
    send(app, "", workbook()).await.expect(201);
    send(app, "", workbook()).await.expect_fault("/code", "taken");
    let path = format!("/programmes/{}/questionnaires/xlsform", app.world.nordjylland);
    let call = app.post(&format!("{path}?code=alles")).by(Secretariat).body(WORKBOOK, workbook());
    assert_eq!(call.await.expect(201).json()["questionnaire"]["project_id"], Value::Null);
}

async fn a_dry_run_makes_nothing(app: &App) {
    for _ in 0..2 {
        let read = send(app, "?code=proeve&dry_run=true", workbook()).await.expect(200).json();
        assert_eq!(read["questionnaire"], Value::Null);
        assert_eq!(read["definition"], definition("undervisere"));
    }
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    assert_eq!(app.get(&path).by(Holder).await.expect(200).json()["items"], json!([]));
}

async fn a_workbook_is_taken_once(app: &App) {
    let one = send(app, "?code=en", workbook()).once("k1").await.expect(201);
    let again = send(app, "?code=en", workbook()).once("k1").await.expect(201);
    assert_eq!(one.header("location"), again.header("location"));
    send(app, "?code=to", workbook()).once("k1").await.expect_problem(422, "key-reused");
}

/// With the third row's type turned into one that is none.
fn spoilt() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("survey").expect("a name");
    let rows = [
        ["type", "name", "label::Dansk (da)", "relevant"],
        ["text", "a", "A", ""],
        ["geopoint", "b", "B", "${a} = 'x'"],
    ];
    for (row, cells) in (0..).zip(rows) {
        sheet.write_row(row, 0, cells).expect("a row");
    }
    book.save_to_buffer().expect("a workbook")
}

async fn what_cannot_be_taken_is_named_by_its_cell(app: &App) {
    let refused = send(app, "?code=x", spoilt()).header("Accept-Language", "da").await;
    let refused = refused.expect_fault("survey!A3", "xlsform_type");
    assert!(refused.text().contains("kan ikke stilles her"));
    let refused = send(app, "?code=x&dry_run=true", spoilt()).header("Accept-Language", "en").await;
    let refused = refused.expect_fault("survey!A3", "xlsform_type");
    assert!(refused.text().contains("can't be asked here"));
}

async fn a_draft_is_written_anew_from_a_workbook(app: &App) {
    let place = published(app).await;
    let path = format!("{place}/xlsform");
    let put = |tag: &str| app.put(&path).by(Holder).if_match(tag).body(WORKBOOK, workbook());
    put("\"1\"").await.expect(412);
    let changed = put("\"2\"").await.expect(200);
    assert_eq!(changed.json()["questionnaire"]["definition"], definition("undervisere"));
    assert_eq!(changed.etag(), "\"3\"");
    let version = app.get(&format!("{place}/versions/1")).by(Holder).await.expect(200).json();
    assert_eq!(version["definition"], definition("elever-14-19"));
}

async fn what_is_no_workbook_is_refused(app: &App) {
    let path = format!("/projects/{}/questionnaires/xlsform?code=x", app.world.labstem);
    let csv = app.post(&path).by(Holder).body("text/csv", "type,name").deliberately_bad();
    csv.await.expect_problem(415, "unsupported-media");
    send(app, "?code=x", b"type,name".to_vec()).await.expect_fault("", "xlsform_unreadable");
    send(app, "?code=x", vec![b'P'; 3 << 20]).await.expect_problem(413, "too-large");
    send(app, "?code=x&audience=dog", workbook()).deliberately_bad().await.expect(400);
}

/// `tests/run` installs pyxform and names its Python here; CONTRIBUTING.md says how to do it by
/// hand.
const PYXFORM: &str = "MAALTAL_TEST_PYXFORM";

/// Whether other tools can read what is written: pyxform is what they convert XLSForms with.
#[test]
fn pyxform_converts_every_ready_questionnaire_without_a_warning() {
    let python = std::env::var(PYXFORM).unwrap_or_else(|_| {
        panic!("{PYXFORM} must name a Python with pyxform in it; CONTRIBUTING.md says how")
    });
    let folder = std::env::temp_dir().join(format!("maaltal-xlsform-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut paths = Vec::new();
    for one in ready::ALL {
        let bytes = write(&one.definition().expect("a definition"), one.code, "1");
        paths.push(folder.join(format!("{}.xlsx", one.code)));
        std::fs::write(paths.last().expect("a path"), bytes.expect("a workbook")).expect("a file");
    }
    // With a grid, numbers, free text and conditions.
    let path = folder.join("alt.xlsx");
    let every = maaltal::surveys::definition::Definition::read(every_kind()).expect("a definition");
    std::fs::write(&path, write(&every, "alt", "draft").expect("a workbook")).expect("a file");
    paths.push(path);
    let script = "\
import sys
from pyxform.xls2xform import convert
for path in sys.argv[1:]:
    result = convert(path)
    assert not result.warnings, (path, result.warnings)
    assert '<h:html' in result.xform, path
print('converted', len(sys.argv) - 1)
";
    let ran = Command::new(&python).arg("-c").arg(script).args(&paths).output();
    let ran = ran.unwrap_or_else(|error| panic!("{python}: {error}"));
    std::fs::remove_dir_all(&folder).expect("the folder");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), "converted 5", "{told}");
}

fn every_kind() -> Value {
    let text = |da: &str, en: &str| json!({ "da": da, "en": en });
    let options = json!([
        { "code": "ja", "text": text("Ja", "Yes"), "positive": true },
        { "code": "nej", "text": text("Nej", "No") },
        { "code": "ved_ikke", "text": text("Ved ikke", "Don't know"), "dont_know": true },
    ]);
    json!({
        "title": text("Alt", "All"), "languages": ["da", "en"], "audience": "teacher",
        "intro": text("Velkommen", "Welcome"), "thanks": text("Tak", "Thanks"),
        "settings": { "one_at_a_time": true, "faces": true },
        "questions": [
            { "type": "section", "code": "om", "text": text("Om dig", "About you") },
            { "type": "scale", "code": "s", "text": text("Skala", "Scale"), "options": options,
              "help": text("Hjælp", "Help"), "required": true },
            { "type": "multiple", "code": "m", "text": text("Flere", "Several"),
              "min_chosen": 1, "max_chosen": 2, "options": [
                { "code": "a", "text": text("A", "A") }, { "code": "b", "text": text("B", "B") },
                { "code": "c", "text": text("C", "C") } ] },
            { "type": "grid", "code": "g", "text": text("Gitter", "Grid"), "options": options,
              "help": text("Hver linje", "Each line"),
              "show_if": { "question": "m", "is_not": ["a", "b"] }, "statements": [
                { "code": "x", "text": text("X", "X") }, { "code": "y", "text": text("Y", "Y") } ] },
            { "type": "number", "code": "n", "text": text("Timer", "Hours"), "min": 0, "max": 9.5,
              "decimals": 1, "unit": text("timer", "hours"),
              "show_if": { "any": [ { "question": "g.x", "is": ["ja", "nej"] },
                { "all": [ { "question": "s", "is": ["ja"] } ] } ] } },
            { "type": "text", "code": "t", "text": text("Andet", "More"), "max_length": 200 },
        ],
    })
}
