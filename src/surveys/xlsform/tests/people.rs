//! Workbooks as people and other tools write them.

use serde_json::{Value, json};

use super::*;
use crate::surveys::definition::{Audience, Definition};
use crate::surveys::fixture::told;

const SURVEY: &str = "survey";

/// What people write for pupils who visited a company, with names and figures of their own.
fn visit() -> Vec<u8> {
    book(&[
        (
            SURVEY,
            &[
                &["type", "name", "label", "required", "relevant", "constraint", "appearance"],
                &["start", "start"],
                &["begin group", "besoeg", "Om besøget"],
                &["select_one jn", "Moedt", "Mødte I nogen?", "yes"],
                &[
                    "select one tal",
                    "Grad",
                    "Hvor spændende var det?",
                    "",
                    "${Moedt} = 'Ja'",
                    "",
                    "likert",
                ],
                &[
                    "select_multiple fag",
                    "fag",
                    "Hvilke fag?",
                    "TRUE",
                    "${Grad} >= 3",
                    "count-selected(.) <= 2",
                ],
                &["end group"],
                &["integer", "alder", "Hvor gammel er du?", "", "", ".>5 and . < 20"],
                &["decimal", "timer", "Hvor mange timer?"],
                &[
                    "text",
                    "andet",
                    "Andet?",
                    "",
                    "selected(${fag}, 'mat') and not(${Moedt} = 'Nej')",
                ],
            ],
        ),
        (
            "choices",
            &[
                &["list name", "name", "label"],
                &["jn", "Ja", "Ja"],
                &["jn", "Nej", "Nej"],
                &["tal", "1", "Slet ikke"],
                &["tal", "2", "Lidt"],
                &["tal", "3", "Noget"],
                &["tal", "4", "Meget"],
                &["fag", "mat", "Matematik"],
                &["fag", "nat", "Natur/teknologi"],
                &["fag", "dansk", "Dansk"],
            ],
        ),
        ("settings", &[&["form_title", "form_id"], &["Virksomhedsbesøg", "Besoeg 2023"]]),
    ])
}

fn json_of(definition: &Definition) -> Value {
    serde_json::to_value(definition).expect("JSON")
}

#[test]
fn a_plain_form_is_taken() {
    let read = taken(&visit());
    assert_eq!(read.code, "besoeg-2023");
    assert_eq!(read.definition.audience, Audience::Other);
    let value = json_of(&read.definition);
    assert_eq!(value["title"], json!({"da": "Virksomhedsbesøg"}));
    let types: Vec<&str> = value["questions"]
        .as_array()
        .expect("questions")
        .iter()
        .filter_map(|question| question["type"].as_str())
        .collect();
    assert_eq!(types, ["section", "single", "scale", "multiple", "number", "number", "text"]);
    let questions = &value["questions"];
    assert_eq!(questions[1]["code"], "moedt");
    assert_eq!(questions[1]["required"], true);
    assert_eq!(questions[2]["show_if"], json!({"question": "moedt", "is": ["ja"]}));
    assert_eq!(questions[2]["options"][3]["code"], "4");
    assert_eq!(questions[3]["show_if"], json!({"question": "grad", "is": ["3", "4"]}));
    assert_eq!(questions[3]["max_chosen"], 2);
    assert_eq!((&questions[4]["min"], &questions[4]["max"]), (&json!(6), &json!(19)));
    assert_eq!(
        (&questions[5]["min"], &questions[5]["max"], &questions[5]["decimals"]),
        (&json!(-10_000), &json!(10_000), &json!(2))
    );
    assert_eq!(questions[6]["max_length"], 1_000);
    assert_eq!(
        questions[6]["show_if"],
        json!({"all": [
            {"question": "fag", "is": ["mat"]}, {"question": "moedt", "is_not": ["nej"]},
        ]})
    );
    let notes = told(&read.notes);
    for (place, code) in [
        ("choices!B2", "xlsform_renamed"),
        ("survey!A2", "xlsform_meta"),
        ("survey!B4", "xlsform_renamed"),
        ("survey!F9", "xlsform_bounds"),
    ] {
        assert!(notes.contains(&(place.into(), code.into())), "{place} {code} not in {notes:?}");
    }
}

#[test]
fn a_form_in_two_languages_starts_with_its_default() {
    let read = taken(&book(&[
        (
            SURVEY,
            &[
                &[
                    "type",
                    "name",
                    "label::English (en)",
                    "label::Dansk (da)",
                    "label::Deutsch (de)",
                ],
                &["range", "karakter", "Grade", "Karakter", ""],
            ],
        ),
        ("settings", &[&["form_title", "default_language"], &["Karakter", "Dansk (da)"]]),
    ]));
    assert_eq!(read.definition.languages, ["da", "en"]);
    let value = json_of(&read.definition);
    assert_eq!(value["questions"][0]["text"], json!({"da": "Karakter", "en": "Grade"}));
    assert_eq!(
        (&value["questions"][0]["min"], &value["questions"][0]["max"]),
        (&json!(1), &json!(10))
    );
}

#[test]
fn tables_are_grids_and_other_groups_are_headings() {
    let choices: &[&[&str]] =
        &[&["list_name", "name", "label"], &["g", "hoej", "Høj"], &["g", "lav", "Lav"]];
    let head: &[&str] = &["type", "name", "label", "required", "relevant", "appearance"];
    let read = taken(&book(&[
        (
            SURVEY,
            &[
                head,
                &["select_one g", "med", "Var du med?"],
                &["begin_group", "t", "I hvor høj grad …", "", "${med} = 'hoej'", "field-list"],
                &["select_one g", "t_top", "", "", "", "label"],
                &["select_one g", "lyst", "fik du lyst?", "yes", "", "list-nolabel"],
                &["select_one g", "viden", "fik du viden?", "yes", "", "list-nolabel"],
                &["end_group"],
                &["begin_group", "u", "Resten", "", "${lyst} != 'lav'"],
                &["note", "tak", "Godt gået"],
                &["begin_group", "v", ""],
                &["select_one g", "igen", "Igen?", "", "${viden} = 'hoej' or ${viden} = 'lav'"],
                &["end_group"],
                &["end_group"],
            ],
        ),
        ("choices", choices),
        ("settings", &[&["form_title"], &["Tabel"]]),
    ]));
    let value = json_of(&read.definition);
    let grid = &value["questions"][1];
    assert_eq!((&grid["type"], &grid["required"]), (&json!("grid"), &json!(true)));
    assert_eq!(grid["statements"][1], json!({"code": "viden", "text": {"da": "fik du viden?"}}));
    let not_low = json!({"question": "t.lyst", "is_not": ["lav"]});
    assert_eq!(value["questions"][2]["show_if"], not_low);
    assert_eq!(value["questions"][3]["show_if"], not_low);
    assert_eq!(
        value["questions"][4]["show_if"],
        json!({"all": [not_low, {"question": "t.viden", "is": ["hoej", "lav"]}]})
    );
}

#[test]
fn all_that_cannot_be_taken_is_named_by_its_cell() {
    let faults = refused(&book(&[
        (
            SURVEY,
            &[
                &["type", "name", "label", "required", "relevant", "constraint", "calculation"],
                &["geopoint", "sted", "Hvor er du?"],
                &["select_one findes_ikke", "a", "A"],
                &["select_one jn or_other", "b", "B"],
                &["select_one jn", "c", "C", "måske"],
                &["integer", "d", "D", "", "${c} = 'ja' + 1", "regex(., '[0-9]')"],
                &["text", "e", "Hej ${c}", "", "${d} > 5"],
                &["begin_repeat", "f", "F"],
                &["geopoint", "g", "G"],
                &["end_repeat"],
                &["integer", "h", "H", "", "", "", "1 + 1"],
                &["end_group"],
                &["begin_group", "i", "I"],
            ],
        ),
        ("choices", &[&["list_name", "name", "label"], &["jn", "ja", "Ja"], &["jn", "nej", "Nej"]]),
    ]));
    let told = told(&faults);
    for (place, code) in [
        ("survey!A2", "xlsform_type"),
        ("survey!A3", "xlsform_no_list"),
        ("survey!A4", "xlsform_type"),
        ("survey!D5", "xlsform_flag"),
        ("survey!E6", "xlsform_condition"),
        ("survey!F6", "xlsform_constraint"),
        ("survey!C7", "xlsform_reference"),
        ("survey!E7", "xlsform_condition"),
        ("survey!A8", "xlsform_type"),
        ("survey!G11", "xlsform_not_taken"),
        ("survey!A12", "xlsform_nothing_to_end"),
        ("survey!A13", "xlsform_never_ended"),
    ] {
        assert!(told.contains(&(place.into(), code.into())), "{place} {code} not in {told:?}");
    }
    assert_eq!(told.len(), 12, "{told:?}");
}

#[test]
fn broken_rules_are_named_by_their_cells_too() {
    let faults = refused(&book(&[
        (
            SURVEY,
            &[
                &["type", "name", "label::Dansk (da)", "label::English (en)", "relevant"],
                &["select_one jn", "a", "A", "A"],
                &["select_one jn", "a", "Igen", "", "${b} = 'ja'"],
                &["integer", "9", "Ni", "Nine", "${a} = 'maaske'"],
            ],
        ),
        (
            "choices",
            &[
                &["list_name", "name", "label::Dansk (da)", "label::English (en)"],
                &["jn", "ja", "Ja", "Yes"],
                &["jn", "ja", "Nej"],
            ],
        ),
        ("settings", &[&["form_title"], &["Test"]]),
    ]));
    let told = told(&faults);
    for (place, code) in [
        ("survey!B3", "stands_twice"),
        ("survey!D3", "text_missing"),
        ("survey!E3", "unknown_subject"),
        ("survey!B4", "not_a_question_code"),
        ("survey!E4", "not_an_option"),
        ("choices!B3", "stands_twice"),
        ("choices!D3", "text_missing"),
    ] {
        assert!(told.contains(&(place.into(), code.into())), "{place} {code} not in {told:?}");
    }
}

#[test]
fn columns_and_sheets_that_are_not_as_they_should_be_are_named() {
    let told_of = |sheets: &[(&str, &[&[&str]])]| told(&refused(&book(sheets)));
    assert_eq!(told_of(&[("ark1", &[])]), [("survey".into(), "xlsform_no_sheet".into())]);
    assert_eq!(
        told_of(&[(SURVEY, &[&["type", "label::Klingon", "name", "type"]])]),
        [
            ("survey!B1".into(), "xlsform_language".into()),
            ("survey!D1".into(), "stands_twice".into()),
            ("survey!1".into(), "xlsform_no_column".into()),
        ]
    );
    let read = taken(&book(&[
        (
            SURVEY,
            &[
                &["type", "name", "label", "media::image", "guidance_hint", "default"],
                &["text", "a", "A", "kat.png", "", "x"],
            ],
        ),
        ("settings", &[&["form_title"], &["Test"]]),
    ]));
    assert_eq!(
        told(&read.notes),
        [
            ("survey!D1".into(), "xlsform_left_out".into()),
            ("survey!F1".into(), "xlsform_left_out".into()),
        ]
    );
}
