use serde_json::{Map, Value, json};

use super::*;
use crate::surveys::fixture::{read, teachers, told};

mod random;

fn version() -> Compiled {
    Compiled::new(read(teachers())).expect("a checked definition")
}

/// What a teacher answers who is asked everything.
fn full() -> Value {
    json!({
        "fag": ["business", "teknologi"],
        "t_udviklet": "ja",
        "timer": 12.5,
        "t_kompetencer": "hoej",
        "kombinere": {"verdensmaal": "nogen", "baeredygtighed": "ved_ikke", "praksis": "hoej"},
        "laering": " At spørge virksomheden først. ",
    })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("not an object: {other}"),
    }
}

fn checked(value: Value) -> Answers {
    check(&version(), &object(value)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What is told of the full answers with one of them replaced; `null` takes it away.
fn faults_of(question: &str, answer: Value) -> Vec<(String, String)> {
    let mut given = object(full());
    given.insert(question.to_string(), answer);
    check(&version(), &given).map_or_else(|faults| told(&faults), |_| Vec::new())
}

#[track_caller]
fn refused(question: &str, answer: Value, at: &str, code: &str) {
    let told = faults_of(question, answer.clone());
    assert_eq!(told, [(format!("/answers/{at}"), code.to_string())], "{question} = {answer}");
}

#[track_caller]
fn taken(question: &str, answer: Value) {
    assert_eq!(faults_of(question, answer.clone()), [], "{question} = {answer}");
}

#[test]
fn equal_responses_are_equal_bytes() {
    let answers = checked(full());
    let text = String::from_utf8(answers.canonical()).expect("UTF-8");
    let expected = concat!(
        r#"{"fag":["teknologi","business"],"#,
        r#""kombinere":{"baeredygtighed":"ved_ikke","praksis":"hoej","verdensmaal":"nogen"},"#,
        r#""laering":"At spørge virksomheden først.","#,
        r#""t_kompetencer":"hoej","t_udviklet":"ja","timer":12.5}"#
    );
    assert_eq!(text, expected);
    let again = Answers::from_canonical(text.as_bytes()).expect("answers");
    assert_eq!(again, answers);

    let bytes = |timer: &str| {
        let text = format!(r#"{{"timer": {timer}, "t_udviklet": "ja", "fag": null}}"#);
        checked(serde_json::from_str(&text).expect("JSON")).canonical()
    };
    assert_eq!(bytes("12"), bytes("12.0"));
    assert_eq!(bytes("12"), bytes("1.2e1"));
    assert_eq!(bytes("12"), br#"{"t_udviklet":"ja","timer":12}"#);
}

#[test]
fn what_a_form_leaves_blank_is_not_answered() {
    let blank = json!({
        "fag": [], "t_udviklet": "nej", "timer": null, "t_kompetencer": "", "laering": " \n",
        "kombinere": {"praksis": null, "verdensmaal": ""},
    });
    assert_eq!(checked(blank).canonical(), br#"{"t_udviklet":"nej"}"#);
    refused("t_udviklet", json!(""), "t_udviklet", "required");
}

#[test]
fn every_fault_of_an_answer_is_named_where_it_is() {
    refused("t_gennemfoert", json!("ja"), "t_gennemfoert", "unknown_question");
    refused("om/dig", json!("ja"), "om~1dig", "unknown_question");
    refused("om_dig", json!("ja"), "om_dig", "unknown_question");

    refused("t_kompetencer", json!(["hoej"]), "t_kompetencer", "not_one_option");
    refused("t_kompetencer", json!(false), "t_kompetencer", "not_one_option");
    refused("t_kompetencer", json!("ja"), "t_kompetencer", "not_an_option");
    refused("t_kompetencer", json!("I høj grad"), "t_kompetencer", "not_an_option");
    taken("t_kompetencer", json!("ved_ikke"));

    refused("fag", json!("business"), "fag", "not_a_list");
    refused("fag", json!(["business", "dansk"]), "fag/1", "not_an_option");
    refused("fag", json!(["business", 2]), "fag/1", "not_one_option");
    refused("fag", json!(["business", "business"]), "fag/1", "stands_twice");
    let all = json!(["business", "teknologi", "matematik_fysik"]);
    refused("fag", all, "fag", "number_chosen");
    taken("fag", json!(["business"]));

    refused("kombinere", json!("hoej"), "kombinere", "not_a_grid");
    refused("kombinere", json!({"praksis": "ja"}), "kombinere/praksis", "not_an_option");
    let unknown = json!({"praksis": "hoej", "eksperter": "hoej"});
    refused("kombinere", unknown, "kombinere/eksperter", "unknown_statement");
    taken("kombinere", json!({"praksis": "hoej"}));

    refused("timer", json!("12,5"), "timer", "not_a_number");
    refused("timer", json!(0.4), "timer", "range");
    refused("timer", json!(400.5), "timer", "range");
    refused("timer", json!(1e300), "timer", "range");
    refused("timer", json!(12.25), "timer", "decimals");
    refused("timer", json!(12.0001), "timer", "decimals");
    taken("timer", json!(0.5));
    taken("timer", json!(400));

    refused("laering", json!(7), "laering", "not_a_text");
    refused("laering", json!("a\0b"), "laering", "nul");
    refused("laering", json!("å".repeat(201)), "laering", "too_long");
    taken("laering", json!("å".repeat(200)));
}

#[test]
fn what_is_required_is_required_where_it_is_asked() {
    refused("timer", Value::Null, "timer", "required");
    let nothing = check(&version(), &Map::new()).expect_err("a fault");
    assert_eq!(told(&nothing), [("/answers/t_udviklet".into(), "required".into())]);
    // Whoever develops nothing is not asked for how long.
    checked(json!({"t_udviklet": "nej"}));
}

#[test]
fn of_a_required_grid_every_statement_is() {
    let mut value = teachers();
    value["questions"][5]["required"] = json!(true);
    let version = Compiled::new(read(value)).expect("a definition");
    let faults = |grid: Value| {
        let given = object(json!({"t_udviklet": "nej", "kombinere": grid}));
        check(&version, &given).map_or_else(|faults| told(&faults), |_| Vec::new())
    };
    let at = |at: &str| (format!("/answers/kombinere{at}"), "required".to_string());
    assert_eq!(faults(Value::Null), [at("")]);
    let grid = json!({"praksis": "nogen", "verdensmaal": ""});
    assert_eq!(faults(grid), [at("/verdensmaal"), at("/baeredygtighed")]);
}

#[test]
fn what_is_not_asked_is_not_answered() {
    let told_of = |value: Value| {
        check(&version(), &object(value)).map_or_else(|faults| told(&faults), |_| Vec::new())
    };
    let not_asked = |at: &str| [(format!("/answers/{at}"), "not_asked".to_string())];
    assert_eq!(told_of(json!({"t_udviklet": "nej", "timer": 3})), not_asked("timer"));
    let practice = |option: &str| json!({"t_udviklet": "nej", "kombinere": {"praksis": option}, "laering": "Meget."});
    assert_eq!(told_of(practice("hoej")), []);
    assert_eq!(told_of(practice("nogen")), not_asked("laering"));
    let business = |developed: &str| {
        let timer = if developed == "nej" { Value::Null } else { json!(3) };
        json!({"fag": ["business"], "t_udviklet": developed, "timer": timer, "laering": "Meget."})
    };
    assert_eq!(told_of(business("i_gang")), []);
    assert_eq!(told_of(business("nej")), not_asked("laering"));
}

#[test]
fn answers_to_hidden_questions_do_not_count_for_later_conditions() {
    let mut value = teachers();
    value["questions"][4]["show_if"] = json!({"question": "t_udviklet", "is": ["ja"]});
    value["questions"][6]["show_if"] = json!({"question": "t_kompetencer", "is": ["hoej"]});
    let version = Compiled::new(read(value)).expect("a definition");
    let given = json!({"t_udviklet": "nej", "t_kompetencer": "hoej", "laering": "Meget."});
    let faults = check(&version, &object(given)).expect_err("faults");
    let at = |code: &str| (format!("/answers/{code}"), "not_asked".to_string());
    assert_eq!(told(&faults), [at("t_kompetencer"), at("laering")]);
}

#[test]
fn one_fault_does_not_bring_others_with_it() {
    // Neither that `timer` is missing nor that it is not asked can be known.
    refused("t_udviklet", json!("jo"), "t_udviklet", "not_an_option");
    let given = object(json!({"t_udviklet": "jo"}));
    assert_eq!(told(&check(&version(), &given).expect_err("a fault")).len(), 1);
}

#[test]
fn faults_are_told_together_and_not_without_end() {
    let mut given = object(json!({
        "fag": ["dansk"], "t_udviklet": "ja", "timer": 1000, "kombinere": {"praksis": "ja"},
    }));
    let faults = told(&check(&version(), &given).expect_err("faults"));
    let at = |at: &str, code: &str| (format!("/answers/{at}"), code.to_string());
    let expected = [
        at("fag/0", "not_an_option"),
        at("timer", "range"),
        at("kombinere/praksis", "not_an_option"),
    ];
    assert_eq!(faults, expected);

    given.extend((0..1000).map(|index| (format!("x{index}"), json!(index))));
    given.insert("fag".into(), (0..1000).map(|_| json!("business")).collect());
    let rows = (0..1000).map(|index| (format!("x{index}"), json!("hoej")));
    given.insert("kombinere".into(), Value::Object(rows.collect()));
    let faults = check(&version(), &given).expect_err("faults");
    assert!(faults.0.len() < 50, "{}", faults.0.len());
    let long = faults_of("t_kompetencer", json!("hoej".repeat(10_000)));
    assert_eq!(long, [at("t_kompetencer", "not_an_option")]);
}

fn of(question: &str, option: &str, increment: i64) -> (Cell, i64) {
    (Cell { question: question.into(), option: option.into(), base: None }, increment)
}

#[test]
fn a_response_adds_one_to_what_was_chosen() {
    let expected = [
        of("fag", "#n", 1),
        of("fag", "business", 1),
        of("fag", "teknologi", 1),
        of("kombinere.baeredygtighed", "ved_ikke", 1),
        of("kombinere.praksis", "hoej", 1),
        of("kombinere.verdensmaal", "nogen", 1),
        of("t_kompetencer", "hoej", 1),
        of("t_udviklet", "ja", 1),
        of("timer", "#n", 1),
        of("timer", "#squares", 15_625),
        of("timer", "#sum", 125),
    ];
    assert_eq!(cells(&version(), &checked(full())), expected);
}

#[test]
fn missing_is_asked_and_not_answered() {
    let answers = json!({"t_udviklet": "nej", "kombinere": {"praksis": "nogen"}});
    // Neither `timer` nor `laering` was asked.
    let expected = [
        of("fag", "", 1),
        of("kombinere.baeredygtighed", "", 1),
        of("kombinere.praksis", "nogen", 1),
        of("kombinere.verdensmaal", "", 1),
        of("t_kompetencer", "", 1),
        of("t_udviklet", "nej", 1),
    ];
    assert_eq!(cells(&version(), &checked(answers)), expected);
}

#[test]
fn cells_are_crossed_by_what_else_was_answered() {
    let cells = cells(&version(), &checked(full()));
    let pairs = [
        ("t_udviklet".to_string(), "t_kompetencer".to_string()),
        ("fag".to_string(), "kombinere.praksis".to_string()),
        ("timer".to_string(), "t_kompetencer".to_string()),
        ("t_kompetencer".to_string(), "laering".to_string()),
    ];
    let by = |question: &str, option: &str, base: (&str, &str)| {
        let (cell, increment) = of(question, option, 1);
        (Cell { base: Some((base.0.into(), base.1.into())), ..cell }, increment)
    };
    let expected = [
        by("kombinere.praksis", "hoej", ("fag", "business")),
        by("kombinere.praksis", "hoej", ("fag", "teknologi")),
        by("t_kompetencer", "hoej", ("t_udviklet", "ja")),
    ];
    assert_eq!(crossed(&cells, &pairs), expected);
}

#[test]
fn mean_and_spread_come_from_sums() {
    // 2, 4, 4, 4, 5, 5, 7, 9 hours and a half each, in tenths.
    let tenths = [25_i128, 45, 45, 45, 55, 55, 75, 95];
    let squares = tenths.iter().map(|number| number * number).sum();
    let found = moments(1, 8, tenths.iter().sum(), squares).expect("numbers");
    assert!((found.mean - 5.5).abs() < 1e-12);
    assert!((found.deviation.expect("a spread") - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
    assert_eq!(moments(0, 1, 45, 2025), Some(Moments { mean: 45.0, deviation: None }));
    assert_eq!(moments(0, 0, 0, 0), None);
    // A million answers of a million each: the squares still fit a column of 64 bits.
    let (n, most) = (1_000_000_i64, 1_000_000_i64);
    let squares = n.checked_mul(most * most).expect("64 bits");
    let found = moments(0, n, (n * most).into(), squares.into()).expect("numbers");
    assert_eq!((found.mean, found.deviation), (1e6, Some(0.0)));
}
