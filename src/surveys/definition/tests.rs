use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::surveys::fixture::{read, teachers, told};

/// What is told once the teachers' questionnaire has been changed.
fn faults_after(change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let mut value = teachers();
    change(&mut value);
    match Definition::read(value) {
        Ok(_) => Vec::new(),
        Err(faults) => told(&faults),
    }
}

/// Sets what the pointer names, which may be a field that isn't there yet.
fn put(value: &mut Value, pointer: &str, new: Value) {
    let (above, name) = pointer.rsplit_once('/').expect("a pointer");
    let above = value.pointer_mut(above).unwrap_or_else(|| panic!("nothing at {above}"));
    match above {
        Value::Array(items) => items[name.parse::<usize>().expect("a place")] = new,
        above => above[name] = new,
    }
}

fn take(value: &mut Value, pointer: &str) {
    let (above, name) = pointer.rsplit_once('/').expect("a pointer");
    let above = value.pointer_mut(above).and_then(Value::as_object_mut).expect("an object");
    above.remove(name).unwrap_or_else(|| panic!("nothing at {pointer}"));
}

#[track_caller]
fn refused(pointer: &str, new: Value, at: &str, code: &str) {
    let told = faults_after(|value| put(value, pointer, new.clone()));
    assert_eq!(told, [(at.to_string(), code.to_string())], "{pointer} = {new}");
}

#[track_caller]
fn taken(pointer: &str, new: Value) {
    let told = faults_after(|value| put(value, pointer, new.clone()));
    assert_eq!(told, [], "{pointer} = {new}");
}

fn options(count: usize) -> Value {
    let option = |index| json!({"code": format!("{index}"), "text": {"da": "Ja", "en": "Yes"}});
    (0..count).map(option).collect()
}

#[test]
fn what_is_written_out_is_read_in_the_same() {
    let definition = read(teachers());
    let written = serde_json::to_value(&definition).expect("JSON");
    assert_eq!(read(written.clone()), definition);
    // Nothing is written that nobody gave, but for the settings.
    let mut given = teachers();
    given["settings"] = json!(Settings::default());
    assert_eq!(written, given);
    let straight: Definition = serde_json::from_value(written).expect("a definition");
    assert_eq!(straight, definition);
}

#[test]
fn what_cannot_be_read_is_told_of_each_question() {
    let told = faults_after(|value| {
        put(value, "/titel", json!("Undervisernes udbytte"));
        put(value, "/questions/0/type", json!("heading"));
        put(value, "/questions/1/max_chosen", json!("two"));
        take(value, "/questions/2/options");
        put(value, "/questions/3/options", options(2));
        put(value, "/questions/4/options/2/positive", json!(1));
        take(value, "/questions/5/statements/1/text");
        put(value, "/questions/6/show_if/any/1/all/0/is", json!(1));
    });
    let expected = [
        ("/questions/0/type", "not_one_of"),
        ("/questions/1/max_chosen", "not_a_whole_number"),
        ("/questions/2/options", "required"),
        ("/questions/3/options", "unknown_field"),
        ("/questions/4/options/2/positive", "not_a_boolean"),
        ("/questions/5/statements/1/text", "required"),
        ("/questions/6/show_if/any/1/all/0/is", "not_a_list"),
        ("/titel", "unknown_field"),
    ];
    assert_eq!(told, expected.map(|(at, code)| (at.to_string(), code.to_string())));
}

#[test]
fn a_condition_says_one_thing() {
    for condition in [
        json!({}),
        json!({"question": "fag"}),
        json!({"question": "fag", "is": ["business"], "is_not": ["teknologi"]}),
        json!({"all": [], "any": []}),
        json!({"is": ["ja"]}),
    ] {
        refused("/questions/3/show_if", condition, "/questions/3/show_if", "wrong_type");
    }
}

#[test]
fn every_text_is_there_in_every_language() {
    let told = faults_after(|value| {
        take(value, "/title/en");
        put(value, "/questions/1/options/2/text/da", json!("  "));
        take(value, "/questions/3/unit/da");
        put(value, "/questions/5/statements/0/text/de", json!("die Weltziele"));
        take(value, "/questions/6/help/en");
    });
    let expected = [
        ("/title/en", "text_missing"),
        ("/questions/1/options/2/text/da", "text_missing"),
        ("/questions/3/unit/da", "text_missing"),
        ("/questions/5/statements/0/text/de", "language_not_listed"),
        ("/questions/6/help/en", "text_missing"),
    ];
    assert_eq!(told, expected.map(|(at, code)| (at.to_string(), code.to_string())));
}

#[test]
fn languages_are_tags_and_stand_once() {
    let first =
        |languages: Value| faults_after(|value| put(value, "/languages", languages))[0].clone();
    let at = |at: &str, code: &str| (at.to_string(), code.to_string());
    assert_eq!(first(json!([])), at("/languages", "number_of"));
    assert_eq!(first(json!(["Dansk", "en"])), at("/languages/0", "not_a_language"));
    assert_eq!(first(json!(["da", "../en"])), at("/languages/1", "not_a_language"));
    assert_eq!(first(json!(["en", "da", "da"])), at("/languages/2", "stands_twice"));
    for tag in ["kl", "pt-BR", "zh-Hans", "fil"] {
        assert_eq!(first(json!(["da", tag])).1, "text_missing");
    }
}

#[test]
fn codes_are_plain_and_stand_once() {
    let code = |code: &str| json!(code);
    let at = "/questions/4/code";
    for wrong in ["", "T_kompetencer", "t-kompetencer", "t kompetencer", "tå", "grid.række", "1t"]
    {
        refused(at, code(wrong), at, "not_a_question_code");
    }
    refused(at, code(&"t".repeat(41)), at, "not_a_question_code");
    taken(at, code(&"t".repeat(40)));
    refused(at, code("fag"), at, "stands_twice");

    let at = "/questions/4/options/0/code";
    refused(at, code("#n"), at, "not_an_option_code");
    refused(at, code(""), at, "not_an_option_code");
    refused(at, code("hoej"), "/questions/4/options/1/code", "stands_twice");
    taken(at, code("5"));
    let at = "/questions/5/statements/1/code";
    refused(at, code("verdensmaal"), at, "stands_twice");
    refused(at, code("2"), at, "not_a_question_code");
}

#[test]
fn sizes_have_limits() {
    let long = |count: usize| json!("å".repeat(count));
    taken("/title/da", long(200));
    refused("/title/da", long(201), "/title/da", "too_long");
    refused("/questions/4/text/en", long(1_001), "/questions/4/text/en", "too_long");
    refused(
        "/questions/2/options/0/text/da",
        long(301),
        "/questions/2/options/0/text/da",
        "too_long",
    );
    refused("/thanks", json!({"da": "Tak", "en": "\u{0}"}), "/thanks/en", "nul");

    refused("/questions/4/options", options(1), "/questions/4/options", "number_of");
    taken("/questions/4/options", options(11));
    refused("/questions/4/options", options(12), "/questions/4/options", "number_of");
    let statements: Value = (0..51)
        .map(|index| json!({"code": format!("s{index}"), "text": {"da": "praksis", "en": "practice"}}))
        .collect();
    let told = faults_after(|value| put(value, "/questions/5/statements", statements));
    assert_eq!(told[0], ("/questions/5/statements".to_string(), "number_of".to_string()));
    let alone = |questions: Value| faults_after(|value| put(value, "/questions", questions));
    let single = |code: String, options: Value| {
        let text = json!({"da": "Har du udviklet et forløb?", "en": "Have you?"});
        json!({"type": "single", "code": code, "text": text, "options": options})
    };
    let many =
        |count: usize| (0..count).map(|index| single(format!("t{index}"), options(2))).collect();
    assert_eq!(alone(json!([single("t".into(), options(50))])), []);
    assert_eq!(alone(json!([single("t".into(), options(51))])).len(), 1);
    assert_eq!(alone(many(200)), []);
    assert_eq!(alone(many(201)), [("/questions".to_string(), "number_of".to_string())]);
    assert_eq!(alone(json!([])), [("/questions".to_string(), "number_of".to_string())]);
    let section = json!([teachers()["questions"][0]]);
    assert_eq!(alone(section), [("/questions".to_string(), "asks_nothing".to_string())]);
}

#[test]
fn faults_without_end_are_cut_off() {
    let told = faults_after(|value| {
        let languages = ["da", "en", "de", "sv", "no", "fi", "is", "pl", "uk", "ar"];
        put(value, "/languages", json!(languages));
        let question = value["questions"][4].clone();
        put(value, "/questions", (0..200).map(|_| question.clone()).collect());
    });
    assert_eq!(told.len(), 1_000);
}

#[test]
fn dont_know_is_one_option_after_the_scale() {
    let at = "/questions/4/options";
    let flag = |index: usize| format!("{at}/{index}/dont_know");
    refused(&flag(2), json!(true), &flag(5), "dont_know_twice");
    let first = faults_after(|value| {
        let options = value.pointer_mut(at).and_then(Value::as_array_mut).expect("options");
        options.rotate_right(1);
    });
    assert_eq!(first, [(flag(0), "dont_know_not_last".to_string())]);
    let positive = format!("{at}/5/positive");
    refused(&positive, json!(true), &positive, "dont_know_positive");
    taken("/questions/2/options/0/positive", json!(false));
    taken("/questions/2/options/1/dont_know", json!(true));
    let several = "/questions/1/options/0/dont_know";
    refused(several, json!(true), several, "dont_know_of_several");
}

#[test]
fn faces_are_for_short_scales() {
    let faces = |options: Value| {
        faults_after(|value| {
            put(value, "/settings", json!({"faces": true}));
            put(value, "/questions/4/options", options);
        })
    };
    assert_eq!(faces(teachers()["questions"][4]["options"].clone()), []);
    let expected = ("/questions/4/options".to_string(), "too_many_for_faces".to_string());
    assert_eq!(faces(options(6)), [expected]);
}

#[test]
fn bounds_are_possible_ones() {
    refused("/questions/1/min_chosen", json!(0), "/questions/1/min_chosen", "range");
    refused("/questions/1/max_chosen", json!(4), "/questions/1/max_chosen", "range");
    refused("/questions/1/min_chosen", json!(3), "/questions/1/max_chosen", "max_below_min");
    refused("/questions/3/min", json!(401), "/questions/3/max", "max_below_min");
    refused("/questions/3/min", json!(0.25), "/questions/3/min", "decimals");
    refused("/questions/3/decimals", json!(0), "/questions/3/min", "decimals");
    refused("/questions/3/decimals", json!(4), "/questions/3/decimals", "range");
    taken("/questions/3/max", json!(100_000));
    refused("/questions/3/max", json!(100_000.1), "/questions/3/max", "range");
    refused("/questions/6/max_length", json!(0), "/questions/6/max_length", "range");
    refused("/questions/6/max_length", json!(5_001), "/questions/6/max_length", "range");
    refused("/questions/0/required", json!(true), "/questions/0/required", "section_asks_nothing");
    refused("/questions/0/core", json!("om_dig"), "/questions/0/core", "section_asks_nothing");
}

#[test]
fn pupils_write_free_text_only_where_it_is_allowed() {
    refused("/audience", json!("pupil"), "/questions/6/type", "free_text_off");
    let told = faults_after(|value| {
        put(value, "/audience", json!("pupil"));
        put(value, "/settings", json!({"free_text_allowed": true}));
    });
    assert_eq!(told, []);
}

#[test]
fn conditions_look_at_choices_made_before() {
    let at = "/questions/3/show_if/question";
    let fault = |question: &str, code: &str| refused(at, json!(question), at, code);
    fault("t_gennemfoert", "unknown_subject");
    fault("fag.business", "unknown_subject");
    fault("kombinere", "unknown_subject");
    fault("om_dig", "not_a_choice");
    fault("laering", "not_earlier");
    let earlier = json!({"question": "kombinere.praksis", "is": ["hoej"]});
    refused("/questions/3/show_if", earlier, at, "not_earlier");
    let own = json!({"question": "t_udviklet", "is": ["ja"]});
    refused("/questions/2/show_if", own, "/questions/2/show_if/question", "not_earlier");
    let number = json!({"question": "timer", "is": ["5"]});
    refused("/questions/4/show_if", number, "/questions/4/show_if/question", "not_a_choice");

    let at = "/questions/3/show_if/is";
    refused(at, json!([]), at, "number_of");
    refused(at, json!(["ja", "ja", "ja", "ja"]), at, "number_of");
    refused(at, json!(["ja", "jo"]), "/questions/3/show_if/is/1", "not_an_option");
    refused("/questions/6/show_if/any", json!([]), "/questions/6/show_if/any", "number_of");
    let mut deep = json!({"question": "t_udviklet", "is_not": ["nej"]});
    for _ in 0..4 {
        deep = json!({"all": [deep]});
    }
    taken("/questions/3/show_if", deep.clone());
    let at = "/questions/3/show_if";
    refused(
        at,
        json!({"any": [deep]}),
        &format!("{at}/any/0/all/0/all/0/all/0/all"),
        "condition_too_deep",
    );
}

#[test]
fn core_questions_are_as_the_bank_has_them() {
    let bank = read(teachers()).questions;
    let bank: BTreeMap<String, Question> =
        bank.into_iter().map(|question| (question.code.clone(), question)).collect();
    let after = |change: &dyn Fn(&mut Value)| {
        let mut value = teachers();
        for index in [1, 4, 5] {
            let code = value["questions"][index]["code"].clone();
            put(&mut value, &format!("/questions/{index}/core"), code);
        }
        change(&mut value);
        let definition = Definition::read_unchecked(value).expect("a definition");
        told(&definition.check_core(&bank))
    };
    let altered = |index: usize| [(format!("/questions/{index}"), "core_altered".to_string())];
    assert_eq!(after(&|_| {}), []);
    assert_eq!(after(&|value| put(value, "/questions/4/required", json!(true))), []);
    let shown = json!({"question": "t_udviklet", "is": ["ja"]});
    assert_eq!(after(&|value| put(value, "/questions/4/show_if", shown.clone())), []);
    // Another language is a translation; a language less is still the same question.
    assert_eq!(after(&|value| put(value, "/questions/4/text/de", json!("Wie sehr?"))), []);
    assert_eq!(
        after(&|value| {
            take(value, "/questions/5/text/en");
            take(value, "/questions/5/statements/0/text/en");
        }),
        []
    );

    for (index, field, new) in [
        (4, "text/da", json!("I hvor høj grad har du fået kompetencer?")),
        (4, "code", json!("t_nye_kompetencer")),
        (4, "help", json!({"da": "Tænk på seminardagene.", "en": "Think of the seminars."})),
        (4, "options/1/positive", json!(false)),
        (4, "options/5/text/en", json!("No idea")),
        (4, "type", json!("single")),
        (1, "max_chosen", json!(3)),
        (5, "statements/2/text/da", json!("praksis og virksomheder")),
    ] {
        let change =
            |value: &mut Value| put(value, &format!("/questions/{index}/{field}"), new.clone());
        assert_eq!(after(&change), altered(index), "{field}");
    }
    let unknown = after(&|value| put(value, "/questions/1/core", json!("t_fag")));
    assert_eq!(unknown, [("/questions/1/core".to_string(), "unknown_core".to_string())]);
}

#[test]
fn answers_add_up_over_versions_with_the_same_options() {
    let before = read(teachers());
    let same = |index: usize, change: &dyn Fn(&mut Value)| {
        let mut value = teachers();
        change(&mut value);
        let after = Definition::read_unchecked(value).expect("a definition");
        let (before, after) = (&before.questions[index], &after.questions[index]);
        assert_eq!(comparable(before, after), comparable(after, before));
        comparable(before, after)
    };
    let set = |pointer: &'static str, new: Value| {
        move |value: &mut Value| put(value, pointer, new.clone())
    };
    assert!(same(4, &|_| {}));
    assert!(same(4, &set("/questions/4/text/da", json!("Hvor meget har du lært?"))));
    assert!(same(4, &set("/questions/4/options/0/text/da", json!("Rigtig meget"))));
    assert!(same(4, &set("/questions/4/options/2/positive", json!(true))));
    assert!(same(4, &set("/questions/4/required", json!(true))));
    assert!(same(3, &set("/questions/3/max", json!(500))));
    assert!(same(5, &|value| {
        let statements = value.pointer_mut("/questions/5/statements").and_then(Value::as_array_mut);
        statements.expect("statements").pop();
    }));

    assert!(!same(4, &set("/questions/4/code", json!("t_laert"))));
    assert!(!same(4, &set("/questions/4/type", json!("single"))));
    assert!(!same(4, &set("/questions/4/options/2/code", json!("lidt"))));
    assert!(!same(4, &set("/questions/4/options/5/dont_know", json!(false))));
    assert!(!same(4, &|value| {
        let options = value.pointer_mut("/questions/4/options").and_then(Value::as_array_mut);
        options.expect("options").swap(0, 1);
    }));
    assert!(!same(5, &set("/questions/5/options", options(5))));
    assert!(!same(3, &set("/questions/3/decimals", json!(2))));
    assert!(!same(3, &set("/questions/3/unit/da", json!("dage"))));
}

#[test]
fn the_contract_shows_the_format_under_names_of_its_own() {
    use utoipa::{PartialSchema, ToSchema};
    let mut shapes = vec![("QuestionnaireDefinition".to_string(), Definition::schema())];
    Definition::schemas(&mut shapes);
    let shapes: BTreeMap<String, Value> = shapes
        .into_iter()
        .map(|(name, shape)| (name, serde_json::to_value(shape).expect("JSON")))
        .collect();
    let names: Vec<&str> = shapes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Audience",
            "ChoiceOption",
            "Decimal",
            "GridStatement",
            "Question",
            "QuestionKind",
            "QuestionnaireDefinition",
            "QuestionnaireSettings",
            "ShowIf",
            "Texts",
        ]
    );
    assert_eq!(shapes["QuestionKind"]["oneOf"].as_array().map(Vec::len), Some(7));
    assert_eq!(shapes["Texts"]["additionalProperties"]["type"], "string");
}
