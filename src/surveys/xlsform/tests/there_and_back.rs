//! What is written reads back as the same questionnaire.

use super::*;
use crate::surveys::definition::{Audience, Definition, Kind, Question, Texts};
use crate::surveys::fixture::random::definition;
use crate::surveys::fixture::{self, Random};
use crate::surveys::ready;

const ROUNDS: u64 = 200;

#[track_caller]
fn comes_back(definition: &Definition) {
    let cores = definition.questions.iter().filter_map(|question| {
        let own = Question { core: None, show_if: None, required: false, ..question.clone() };
        Some((question.core.clone()?, own))
    });
    let bank: BTreeMap<String, Question> = cores.collect();
    let bytes = write(definition, "elever", "1").expect("a workbook");
    let again = read(&bytes, None, &bank).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again.definition, *definition);
    assert_eq!(again.notes, Faults::default());
    assert_eq!(again.code, "elever");
}

#[test]
fn the_ready_questionnaires_come_back() {
    for one in ready::ALL {
        comes_back(&one.definition().expect("a definition"));
    }
    comes_back(&fixture::read(fixture::teachers()));
}

#[test]
fn random_questionnaires_come_back() {
    for seed in 0..ROUNDS {
        let random = &mut Random::new(seed);
        let mut definition = definition(random);
        vary(random, &mut definition);
        assert_eq!(definition.check(), Faults::default(), "seed {seed}");
        comes_back(&definition);
    }
}

/// What the generator leaves out: languages, odd texts, flags, hints, units, settings.
fn vary(random: &mut Random, definition: &mut Definition) {
    let languages = ["da", "en", "pt-BR", "uk"];
    let first = random.below(3);
    let count = 1 + random.below(languages.len() - first);
    definition.languages =
        languages[first..first + count].iter().map(|one| (*one).to_string()).collect();
    let languages = definition.languages.clone();
    let text = |random: &mut Random| -> Texts {
        languages.iter().map(|one| (one.clone(), odd_text(random))).collect()
    };
    definition.title = text(random);
    definition.intro = random.one_in(2).then(|| text(random));
    definition.thanks = random.one_in(2).then(|| text(random));
    definition.audience = [Audience::Teacher, Audience::Other, Audience::Pupil][random.below(3)];
    definition.settings.one_at_a_time = random.one_in(2);
    definition.settings.read_aloud = random.one_in(2);
    definition.settings.free_text_allowed = true;
    for question in &mut definition.questions {
        question.text = text(random);
        question.help = random.one_in(3).then(|| text(random));
        let may_be_core = !matches!(question.kind, Kind::Text { .. } | Kind::Section);
        question.core = (may_be_core && random.one_in(4)).then(|| question.code.clone());
        match &mut question.kind {
            Kind::Scale { options } | Kind::Single { options } | Kind::Multiple { options, .. } => {
                for option in options {
                    option.text = text(random);
                    option.positive = !option.dont_know && random.one_in(3);
                }
            }
            Kind::Grid { statements, options } => {
                statements.iter_mut().for_each(|one| one.text = text(random));
                options.iter_mut().for_each(|one| one.text = text(random));
            }
            Kind::Number { unit, .. } => *unit = random.one_in(2).then(|| short(&languages)),
            Kind::Text { .. } | Kind::Section => {}
        }
        if let Kind::Multiple { min_chosen, max_chosen, .. } = &mut question.kind {
            min_chosen.take_if(|_| random.one_in(2));
            max_chosen.take_if(|_| random.one_in(2));
        }
    }
}

fn short(languages: &[String]) -> Texts {
    languages.iter().map(|one| (one.clone(), "timer".to_string())).collect()
}

fn odd_text(random: &mut Random) -> String {
    const PARTS: &[&str] = &[
        "Har forløbet gjort dig mere motiveret?",
        "=1+1",
        "+45 12 34 56 78",
        "@SUM(A1)",
        " med luft omkring ",
        "to\nlinjer",
        "to\r\nlinjer",
        "\ttabulator",
        "<b>&amp;\"'</b>",
        "_x000D_ og _x0041_",
        "${ikke_et_navn} 100 %",
        "yes",
        "1.0",
        "TRUE",
        "æøå ÆØÅ é 你好 🙂",
        "it’s “quoted” »sådan«",
    ];
    (0..1 + random.below(3)).map(|_| PARTS[random.below(PARTS.len())]).collect()
}

#[test]
fn conditions_that_mean_the_same_stay_as_they_are_written() {
    use serde_json::json;
    let one = json!({"question": "t_udviklet", "is": ["ja"]});
    let other = json!({"question": "t_udviklet", "is": ["nej"]});
    let not = json!({"question": "fag", "is_not": ["business", "teknologi"]});
    for condition in [
        json!({"question": "t_udviklet", "is": ["ja", "nej"]}),
        json!({"question": "t_udviklet", "is": ["ja", "ja"]}),
        json!({"any": [one, other]}),
        json!({"any": [one]}),
        json!({"all": [one]}),
        json!({"all": [not, not]}),
        json!({"any": [{"all": [{"any": [one, not]}, other]}]}),
        json!({"question": "fag", "is": ["business"]}),
        json!({"question": "kombinere.praksis", "is_not": ["hoej"]}),
    ] {
        let mut definition = fixture::teachers();
        definition["questions"][6]["show_if"] = condition;
        comes_back(&fixture::read(definition));
    }
}
