use std::collections::BTreeMap;

use super::*;
use crate::surveys::definition::{Audience, Kind, Question};
use crate::surveys::fixture::told;

fn ready(code: &str) -> Definition {
    let found = ALL.iter().find(|ready| ready.code == code).expect("a ready questionnaire");
    found.definition().unwrap_or_else(|error| match error {
        Error::Invalid(faults) => panic!("{code}: {:?}", told(&faults)),
        other => panic!("{code}: {other}"),
    })
}

fn codes(definition: &Definition) -> Vec<&str> {
    definition.questions.iter().map(|question| question.code.as_str()).collect()
}

#[test]
fn all_pass_the_check_in_danish_and_english() {
    for Ready { code, .. } in ALL {
        let definition = ready(code);
        assert_eq!(definition.languages, ["da", "en"], "{code}");
        assert!(definition.check().0.is_empty(), "{code}");
    }
}

#[test]
fn they_ask_what_the_results_chains_want_to_know() {
    assert_eq!(
        codes(&ready("elever-14-19")),
        ["u_samarbejde", "u_forstaaelse", "u_niveau", "u_motivation", "u_engagement", "u_job"]
    );
    assert_eq!(
        codes(&ready("elever-10-13")),
        ["b_samarbejde", "b_forstaaelse", "b_niveau", "b_motivation", "b_engagement", "b_job"]
    );
    assert_eq!(
        codes(&ready("undervisere")),
        [
            "t_kompetencer",
            "t_verdensmaal",
            "t_baeredygtighed",
            "t_praksis",
            "t_udviklet",
            "t_gennemfoert"
        ]
    );
}

#[test]
fn scales_have_their_options_and_positives() {
    let scale = |question: &Question| {
        let mark = |flag: bool, mark: &'static str| if flag { mark } else { "" };
        let options = question.options().iter().map(|option| {
            let marks = (mark(option.positive, "+"), mark(option.dont_know, "?"));
            format!("{}{}{}", option.code, marks.0, marks.1)
        });
        options.collect::<Vec<_>>().join(" ")
    };
    let g = "meget_hoej+ hoej+ nogen mindre slet_ikke ved_ikke?";
    let j = "ja_meget+ ja_lidt+ nej_lidt nej ved_ikke?";
    for (code, expected) in
        [("elever-7-9", j), ("elever-10-13", j), ("elever-14-19", g), ("undervisere", g)]
    {
        for question in ready(code).questions {
            match &question.kind {
                Kind::Scale { .. } => assert_eq!(scale(&question), expected, "{}", question.code),
                _ if question.code.ends_with("_samarbejde") => {
                    assert_eq!(scale(&question), "ja nej");
                }
                _ => {}
            }
        }
    }
    let teachers = ready("undervisere");
    let of = |code: &str| scale(teachers.question(code).expect("a question"));
    assert_eq!(of("t_udviklet"), "ja+ i_gang nej");
    assert_eq!(of("t_gennemfoert"), "ja+ planlagt nej");
}

#[test]
fn the_youngest_are_asked_little_and_gently() {
    let youngest = ready("elever-7-9");
    assert!(youngest.questions.len() <= 4);
    let settings = &youngest.settings;
    assert!(settings.one_at_a_time && settings.read_aloud && settings.faces);
    assert!(!settings.free_text_allowed);
    let intro = youngest.intro.as_ref().expect("an intro");
    assert!(intro["da"].contains("Det er frivilligt"));
    assert!(intro["en"].contains("voluntary"));
    let older = ready("elever-10-13");
    assert!(codes(&youngest).iter().all(|code| older.question(code).is_some()));
}

#[test]
fn nothing_is_required_and_who_answers_is_told_why() {
    for Ready { code, .. } in ALL {
        let definition = ready(code);
        assert!(definition.questions.iter().all(|question| !question.required), "{code}");
        assert!(
            definition.intro.as_ref().expect("an intro")["da"].contains("frivilligt"),
            "{code}"
        );
        let pupils = code != "undervisere";
        assert_eq!(definition.audience == Audience::Pupil, pupils, "{code}");
    }
}

#[test]
fn younger_pupils_never_read_the_word_stem() {
    for ready in ALL.iter().take(2) {
        assert!(!ready.json.contains("STEM"), "{}", ready.code);
    }
}

/// So that both ages are one core question.
#[test]
fn what_two_questionnaires_ask_they_ask_alike() {
    let mut asked: BTreeMap<String, Question> = BTreeMap::new();
    for Ready { code, .. } in ALL {
        for question in ready(code).questions {
            let known = asked.entry(question.code.clone()).or_insert_with(|| question.clone());
            assert!(!altered(&question, known), "{}", question.code);
        }
    }
}

/// The same question, whether it was asked on scale J or on G, is shown apart.
#[test]
fn no_code_stands_for_two_scales() {
    let mut scales: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Ready { code, .. } in ALL {
        for question in ready(code).questions {
            let options: Vec<String> =
                question.options().iter().map(|option| option.code.clone()).collect();
            let known = scales.entry(question.code.clone()).or_insert_with(|| options.clone());
            assert_eq!(*known, options, "{}", question.code);
        }
    }
}
