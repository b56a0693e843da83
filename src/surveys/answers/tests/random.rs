//! Random definitions: their random valid answers check clean, and each single mistake is found.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::*;
use crate::surveys::definition::{Definition, Kind, Question};
use crate::surveys::fixture::Random;
use crate::surveys::fixture::random::definition;

const ROUNDS: u64 = 300;

/// An answer that fits the question.
fn answer(random: &mut Random, question: &Question) -> Value {
    let option = |random: &mut Random| {
        let options = question.options();
        json!(options[random.below(options.len())].code)
    };
    match &question.kind {
        Kind::Scale { .. } | Kind::Single { .. } => option(random),
        Kind::Multiple { options, min_chosen, max_chosen } => {
            let least = min_chosen.unwrap_or(1) as usize;
            let most = max_chosen.map_or(options.len(), |most| most as usize);
            let count = least + random.below(most - least + 1);
            let mut chosen = BTreeSet::new();
            while chosen.len() < count {
                chosen.insert(random.below(options.len()));
            }
            // In any order: the canonical one is the check's to find.
            chosen.iter().rev().map(|&index| json!(options[index].code)).collect()
        }
        Kind::Grid { statements, .. } => {
            let skips = !question.required;
            let mut rows = Map::new();
            for (index, statement) in statements.iter().enumerate() {
                if index == 0 || !skips || random.one_in(2) {
                    rows.insert(statement.code.clone(), option(random));
                }
            }
            rows.into()
        }
        Kind::Number { min, max, decimals, .. } => {
            let (min, max) = (min.units(*decimals), max.units(*decimals));
            let (min, max) = (min.expect("units"), max.expect("units"));
            let units = min + random.below((max - min + 1) as usize) as i64;
            json!(units as f64 / 10_f64.powi((*decimals).into()))
        }
        Kind::Text { max_length } => json!("å".repeat(1 + random.below(*max_length as usize))),
        Kind::Section => Value::Null,
    }
}

/// Whether a condition holds, worked out from the words of the definition alone.
fn holds(condition: &Value, given: &Map<String, Value>) -> bool {
    if let Some(all) = condition["all"].as_array() {
        return all.iter().all(|one| holds(one, given));
    }
    if let Some(any) = condition["any"].as_array() {
        return any.iter().any(|one| holds(one, given));
    }
    let name = condition["question"].as_str().expect("a question");
    let answer = match name.split_once('.') {
        Some((code, row)) => given.get(code).and_then(|rows| rows.get(row)),
        None => given.get(name),
    };
    let chosen: Vec<&Value> = match answer {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let among = |codes: &[Value]| chosen.iter().any(|one| codes.contains(one));
    match (condition["is"].as_array(), condition["is_not"].as_array()) {
        (Some(codes), _) => among(codes),
        (None, Some(codes)) => !among(codes),
        (None, None) => panic!("{condition}"),
    }
}

fn is_asked(question: &Question, given: &Map<String, Value>) -> bool {
    let condition = question.show_if.as_ref();
    condition.is_none_or(|one| holds(&serde_json::to_value(one).expect("JSON"), given))
}

/// Random answers that break no rule.
fn answers(random: &mut Random, definition: &Definition) -> Map<String, Value> {
    let mut given = Map::new();
    let asked = definition.questions.iter().filter(|question| question.kind != Kind::Section);
    for question in asked {
        if is_asked(question, &given) && (question.required || !random.one_in(4)) {
            given.insert(question.code.clone(), answer(random, question));
        }
    }
    given
}

/// The same answers with one mistake in them, and which fault tells it.
fn mistakes(
    random: &mut Random,
    definition: &Definition,
    given: &Map<String, Value>,
) -> Vec<(Map<String, Value>, String, &'static str)> {
    let mut mistakes = Vec::new();
    let mut mistake = |at: &str, code: &str, value: Option<Value>, fault| {
        let mut given = given.clone();
        match value {
            Some(value) => given.insert(code.to_string(), value),
            None => given.remove(code),
        };
        mistakes.push((given, format!("/answers/{at}"), fault));
    };
    mistake("q_", "q_", Some(json!("o0")), "unknown_question");
    for question in &definition.questions {
        let code = question.code.as_str();
        let mut wrong = |value: Value, fault| mistake(code, code, Some(value), fault);
        if question.kind == Kind::Section {
            wrong(json!("o0"), "unknown_question");
            continue;
        }
        if !is_asked(question, given) {
            wrong(answer(random, question), "not_asked");
            continue;
        }
        match &question.kind {
            Kind::Scale { .. } | Kind::Single { .. } => {
                wrong(json!("o_"), "not_an_option");
                wrong(json!(1), "not_one_option");
                wrong(json!(["o0"]), "not_one_option");
            }
            Kind::Multiple { options, min_chosen, max_chosen } => {
                let codes: Vec<Value> = options.iter().map(|one| json!(one.code)).collect();
                let least = min_chosen.unwrap_or(1) as usize;
                let most = max_chosen.map_or(codes.len(), |most| most as usize);
                wrong(json!("o0"), "not_a_list");
                if least > 1 {
                    wrong(codes[..least - 1].to_vec().into(), "number_chosen");
                }
                if most < codes.len() {
                    wrong(codes[..=most].to_vec().into(), "number_chosen");
                }
                let mut items = codes[..most].to_vec();
                items[most - 1] = json!("o_");
                let at = format!("{code}/{}", most - 1);
                mistake(&at, code, Some(items.clone().into()), "not_an_option");
                if most > 1 {
                    items[most - 1] = codes[0].clone();
                    mistake(&at, code, Some(items.into()), "stands_twice");
                }
            }
            Kind::Grid { statements, .. } => {
                wrong(json!("o0"), "not_a_grid");
                let first = format!("{code}/{}", statements[0].code);
                let mut rows = object(answer(random, question));
                rows.insert(statements[0].code.clone(), json!("o_"));
                mistake(&first, code, Some(rows.clone().into()), "not_an_option");
                rows.insert("s_".into(), json!("o0"));
                mistake(
                    &format!("{code}/s_"),
                    code,
                    Some(rows.clone().into()),
                    "unknown_statement",
                );
                rows.remove("s_");
                rows.remove(&statements[0].code);
                if question.required && !rows.is_empty() {
                    mistake(&first, code, Some(rows.into()), "required");
                }
            }
            Kind::Number { min, max, decimals, .. } => {
                let bound = |decimal: &Decimal| decimal.thousandths() as f64 / 1000.0;
                wrong(json!("1"), "not_a_number");
                wrong(json!(bound(max) + 1.0), "range");
                wrong(json!(bound(min) - 0.001), "range");
                if min < max {
                    let fine = bound(min) + 0.5 * 0.1_f64.powi((*decimals).into());
                    wrong(json!((fine * 1e4).round() / 1e4), "decimals");
                }
            }
            Kind::Text { max_length } => {
                wrong(json!("å".repeat(*max_length as usize + 1)), "too_long");
                wrong(json!("\0"), "nul");
                wrong(json!(true), "not_a_text");
            }
            Kind::Section => {}
        }
        if question.required {
            mistake(code, code, None, "required");
        }
    }
    mistakes
}

#[test]
fn valid_answers_check_clean_and_are_their_own_canonical_form() {
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let definition = definition(random);
        let version = Compiled::new(definition.clone()).expect("a checked definition");
        for _ in 0..5 {
            let given = answers(random, &definition);
            let answers = check(&version, &given).unwrap_or_else(|faults| {
                panic!("seed {seed}: {faults}\n{given:?}\n{definition:#?}")
            });
            let stored = answers.canonical();
            let again = object(serde_json::from_slice(&stored).expect("JSON"));
            assert_eq!(check(&version, &again).map(|again| again.canonical()), Ok(stored.clone()));
            assert_eq!(Answers::from_canonical(&stored).expect("answers"), answers);
            assert_eq!(again.len(), given.len());
        }
    }
}

#[test]
fn each_single_mistake_is_found() {
    let mut found = BTreeSet::new();
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let definition = definition(random);
        let version = Compiled::new(definition.clone()).expect("a checked definition");
        let given = answers(random, &definition);
        for (wrong, at, code) in mistakes(random, &definition, &given) {
            let Err(faults) = check(&version, &wrong) else {
                panic!("seed {seed}: {at} {code} not found\n{wrong:?}\n{definition:#?}");
            };
            let told = told(&faults);
            let named = told.contains(&(at.clone(), code.to_string()));
            assert!(named, "seed {seed}: {at} {code} not in {told:?}\n{wrong:?}\n{definition:#?}");
            found.insert(code);
        }
    }
    assert_eq!(found.len(), 16, "{found:?}");
}

/// Whoever was asked stands once in the tally of each question, and nobody else in any.
#[test]
fn the_tally_of_a_question_is_who_was_asked() {
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let definition = definition(random);
        let version = Compiled::new(definition.clone()).expect("a checked definition");
        let given = answers(random, &definition);
        let cells = cells(&version, &check(&version, &given).expect("valid answers"));
        assert!(cells.is_sorted());
        let count = |name: &str, counts: &dyn Fn(&str) -> bool| -> i64 {
            let of = cells.iter().filter(|(cell, _)| cell.question == name && counts(&cell.option));
            of.map(|(_, increment)| increment).sum()
        };
        for question in &definition.questions {
            let asked = i64::from(is_asked(question, &given));
            let code = question.code.as_str();
            match &question.kind {
                Kind::Scale { .. } | Kind::Single { .. } => {
                    assert_eq!(count(code, &|_| true), asked, "seed {seed}: {code}");
                }
                Kind::Multiple { .. } | Kind::Number { .. } => {
                    let n = count(code, &|option| matches!(option, "" | "#n"));
                    assert_eq!(n, asked, "seed {seed}: {code}");
                }
                Kind::Grid { statements, .. } => {
                    for statement in statements {
                        let name = format!("{code}.{}", statement.code);
                        assert_eq!(count(&name, &|_| true), asked, "seed {seed}: {name}");
                    }
                }
                Kind::Text { .. } | Kind::Section => assert_eq!(count(code, &|_| true), 0),
            }
        }
    }
}
