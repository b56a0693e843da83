//! The files of one questionnaire: results, codebook, and responses as rows.

use serde_json::{Value, json};

use super::results::{answered, close, of_school};
use super::{class, definition, published, respond, response, token_of};
use crate::harness::{App, Persona, Persona::*};

api_tests!(
    results_of_a_questionnaire_as_a_file,
    responses_come_as_rows_after_closing,
    no_rows_that_tables_tell_apart,
    changes_and_rates_come_as_tables,
);

async fn file(app: &App, by: Persona, path: &str) -> String {
    app.get(path).by(by).await.expect(200).text()
}

/// The cells under that name in the rows that have those words.
fn cells<'a>(file: &'a str, name: &str, with: &[&str]) -> Vec<&'a str> {
    let mut lines = file.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let at = header.iter().position(|column| *column == name).expect("a column");
    let has = |line: &Vec<&str>| with.iter().all(|word| line.contains(word));
    lines.filter(has).map(|line| line[at]).collect()
}

async fn results_of_a_questionnaire_as_a_file(app: &App) {
    let place = published(app).await;
    let large = answered(app, &place, class(), &[("hoej", 7), ("nogen", 5)]).await;
    let small = answered(app, &place, of_school("aalborghus-gymnasium"), &[("hoej", 3)]).await;
    close(app, &large).await;
    close(app, &small).await;
    let today = app.clock.now().day();
    app.clock.advance(1);
    let whole = file(app, Reader, &format!("{place}/results.csv")).await;
    let key = ["u_forstaaelse", "whole", "hoej"];
    for (name, is) in
        [("count", "7"), ("n", "12"), ("share", "58.3"), ("state", "shown"), ("held_back", "3")]
    {
        assert_eq!(cells(&whole, name, &key), [is], "{name}: {whole}");
    }
    let title = definition("elever-14-19")["title"]["da"].clone();
    assert_eq!(cells(&whole, "questionnaire_title", &key), [title.as_str().expect("a title")]);
    let level = cells(&whole, "group_label", &["u_forstaaelse", "education_level", "stx"]);
    assert!(!level.is_empty() && level.iter().all(|label| *label == "STX"), "{level:?}");
    let hidden = ["u_forstaaelse", "organisation", "aalborghus-gymnasium"];
    assert_eq!(cells(&whole, "suppressed", &hidden), ["true"]);
    assert_eq!(cells(&whole, "n", &hidden), [""]);
    for kind in ["education_level", "wave", "link"] {
        assert!(!cells(&whole, "n", &["u_forstaaelse", kind]).is_empty(), "{kind}");
    }
    // A contributor sees its own organisation.
    let own = file(app, Contributor, &format!("{place}/results.csv")).await;
    assert!(cells(&own, "n", &hidden).is_empty());
    let early = today.pred_opt().expect("yesterday");
    let then = file(app, Reader, &format!("{place}/results.csv?as_of={early}")).await;
    assert!(cells(&then, "state", &["u_forstaaelse"]).is_empty(), "not asked yet: {then}");
    let dk = file(app, Reader, &format!("{place}/results.csv?dialect=dk-excel")).await;
    assert!(dk.starts_with("\u{feff}programme;questionnaire;") && dk.contains(";58,3;"), "{dk}");
    let codes = app.get(&format!("{place}/codebook.csv")).by(Contributor).await.expect(200);
    let name = codes.header("content-disposition").expect("a name");
    assert!(name.contains(&format!("elever-14-19-codebook-{today}.csv")), "{name}");
    let codes = codes.text();
    let key = ["u_forstaaelse", "ved_ikke"];
    assert_eq!(cells(&codes, "dont_know", &key), ["true"]);
    assert_eq!(cells(&codes, "positive", &["u_forstaaelse", "hoej"]), ["true"]);
    assert_eq!(cells(&codes, "kind", &key), ["scale"]);
    assert_eq!(cells(&codes, "questionnaire_title", &key), [title.as_str().expect("a title")]);
}

/// Answers to every question, so that every table can be published.
fn all_answers(index: usize) -> Value {
    let one = if index.is_multiple_of(2) { "hoej" } else { "nogen" };
    let works = if index.is_multiple_of(2) { "ja" } else { "nej" };
    json!({
        "u_samarbejde": works, "u_forstaaelse": one, "u_niveau": one, "u_motivation": one,
        "u_engagement": one, "u_job": one,
    })
}

/// A class that somebody looks at after so many answers.
async fn class_of(app: &App, place: &str, input: Value, size: usize, look: usize) {
    let link = answered(app, place, input, &[]).await;
    for index in 0..size {
        respond(app, &token_of(&link), &response(all_answers(index))).await.expect(201);
        if index + 1 == look {
            app.get(&format!("{place}/results")).by(Holder).await.expect(200);
            app.clock.advance(60);
        }
    }
}

async fn responses_come_as_rows_after_closing(app: &App) {
    let place = published(app).await;
    let path = format!("{place}/responses.csv");
    class_of(app, &place, class(), 12, 0).await;
    // Told apart by time, and no part of it is small.
    class_of(app, &place, of_school("aalborghus-gymnasium"), 23, 12).await;
    // Nine are too few for rows, though enough for tables.
    let mut hf = class();
    hf["education_level"] = "hf".into();
    class_of(app, &place, hf, 9, 0).await;
    app.get(&path).by(Holder).await.expect_problem(409, "questionnaire-open");
    app.post(&format!("{place}/close")).by(Holder).await.expect(200);
    for by in [Reader, Contributor] {
        app.get(&path).by(by).await.expect(403);
    }
    let rows = file(app, Secretariat, &path).await;
    assert_eq!(rows, file(app, Holder, &path).await);
    let lines: Vec<&str> = rows.lines().collect();
    let header = "education_level,wave,u_samarbejde,u_forstaaelse,u_niveau,u_motivation,\
                  u_engagement,u_job";
    assert_eq!(lines[0], header);
    assert_eq!(lines.len(), 1 + 35, "{rows}");
    assert!(lines[1..].is_sorted() && lines[1..].iter().all(|line| line.starts_with("stx,after,")));
    let high = lines.iter().filter(|line| line.contains(",ja,hoej,")).count();
    assert_eq!(high, 18);
    for secret in ["2.b", "hjoerring", &app.clock.now().day().to_string()] {
        assert!(!rows.contains(secret), "{secret} in {rows}");
    }
    let dk = file(app, Holder, &format!("{path}?dialect=dk-excel")).await;
    assert!(dk.contains("\nstx;after;ja;hoej;"), "{dk}");
}

async fn no_rows_that_tables_tell_apart(app: &App) {
    let place = published(app).await;
    let results = format!("{place}/results");
    // Released in two parts of which the second is small: the tables of both days tell it apart.
    let link = answered(app, &place, class(), &[]).await;
    for index in 0..20 {
        respond(app, &token_of(&link), &response(all_answers(index))).await.expect(201);
        if index == 11 || index == 17 {
            app.get(&results).by(Holder).await.expect(200);
            app.clock.advance(60);
        }
    }
    // One question that was answered by two only is held back, and with it the rows.
    let sparse = of_school("aalborghus-gymnasium");
    let link = answered(app, &place, sparse, &[]).await;
    for index in 0..14 {
        let mut given = all_answers(index);
        if index > 1 {
            given.as_object_mut().expect("answers").remove("u_job");
        }
        respond(app, &token_of(&link), &response(given)).await.expect(201);
    }
    app.post(&format!("{place}/close")).by(Holder).await.expect(200);
    let rows = file(app, Holder, &format!("{place}/responses.csv")).await;
    assert_eq!(rows.lines().count(), 1, "the header alone: {rows}");
}

async fn changes_and_rates_come_as_tables(app: &App) {
    let place = published(app).await;
    let in_wave = |wave: &str| {
        let mut input = class();
        input["wave"] = wave.into();
        input
    };
    let before = answered(app, &place, in_wave("before"), &[("hoej", 6), ("nogen", 6)]).await;
    let after = answered(app, &place, in_wave("after"), &[("hoej", 9), ("nogen", 3)]).await;
    close(app, &before).await;
    close(app, &after).await;
    app.clock.advance(1);
    let table = async |name: &str| {
        file(app, Reader, &format!("/programmes/{}/exports/{name}", app.world.nordjylland)).await
    };
    let changes = table("changes").await;
    let key = ["elever-14-19", "u_forstaaelse", "whole", "hoej"];
    for (name, is) in [
        ("before_count", "6"),
        ("before_n", "12"),
        ("before_share", "50.0"),
        ("after_count", "9"),
        ("after_share", "75.0"),
        ("points", "25"),
        ("suppressed", "false"),
    ] {
        assert_eq!(cells(&changes, name, &key), [is], "{name}: {changes}");
    }
    let rates = table("response_rates").await;
    let key = ["elever-14-19", "whole"];
    for (name, is) in
        [("responses", "24"), ("of_classes_n", "48"), ("of_classes", "50.0"), ("on_paper", "0")]
    {
        assert_eq!(cells(&rates, name, &key), [is], "{name}: {rates}");
    }
    assert_eq!(cells(&rates, "responses", &["elever-14-19", "wave", "before"]), ["12"]);
    // Nothing of it is a core question.
    assert_eq!(table("core_results").await.lines().count(), 1);
    assert!(cells(&rates, "responses", &["", "whole"]).len() > 1, "{rates}");
}
