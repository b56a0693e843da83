//! Filling in and sending, with no script in the browser.

use futures_util::future::join_all;
use maaltal::surveys::tally;
use serde_json::json;

use super::{Form, every_type, hand_out, ready};
use crate::harness::{App, Persona::*};

api_tests!(
    part_by_part_the_server_asks_what_comes_next,
    what_is_not_asked_any_more_is_not_stored,
    one_question_at_a_time,
    where_nothing_more_is_asked_there_is_a_button_to_send,
    faults_are_told_on_top_and_beside_and_answers_stay,
    numbers_are_taken_as_people_write_them,
    whatever_comes_is_stored_once,
    other_answers_under_the_same_id_change_nothing,
    the_next_pupil_gets_a_fresh_form,
    a_code_is_typed_as_people_type,
    what_was_tampered_with_can_be_sent_again,
);

async fn part_by_part_the_server_asks_what_comes_next(app: &App) {
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    let first = Form::open(app, &link.address).await;
    assert_eq!(first.shown(), ["fag", "udviklet"]);
    assert_eq!(first.button(), "next");
    let first = first.choose("fag", "fysik").choose("fag", "kemi").choose("udviklet", "ja");
    let second = first.go(app, "next").await;
    assert_eq!(second.shown(), ["timer", "kombinere"]);
    assert_eq!(second.value("id"), first.value("id"));
    let second = second.write("a.timer", "12,5").choose("kombinere.maal", "mindre");
    let second = second.choose("kombinere.praksis", "hoej");
    let third = second.go(app, "next").await;
    assert_eq!((third.shown(), third.button()), (vec!["laering".to_string()], "send".into()));
    let third = third.write("a.laering", "At spørge\nførst");
    // Back and forth, nothing is lost.
    let second = third.go(app, "back").await;
    assert_eq!(second.value("a.timer"), "12,5");
    let first = second.go(app, "back").await;
    assert_eq!((first.shown().len(), first.value("a.udviklet")), (2, "ja"));
    let third = first.go(app, "next").await.go(app, "next").await;
    assert_eq!(third.value("a.laering"), "At spørge\nførst");
    let thanks = third.send(app).await.text();
    assert!(thanks.contains("Tak for dine svar"), "{thanks}");
    assert_eq!(link.answered(app).await, 1);
    assert_eq!(app.store.read(tally::verify).await.expect("a recount"), []);
}

async fn what_is_not_asked_any_more_is_not_stored(app: &App) {
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    let form = Form::open(app, &link.address).await.choose("udviklet", "ja");
    let form = form.go(app, "next").await.write("a.timer", "5");
    let form = form.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "hoej");
    let form = form.go(app, "next").await.write("a.laering", "Meget");
    // Another answer, and neither the hours nor the text is asked for.
    let form = form.go(app, "back").await.choose("kombinere.praksis", "mindre");
    let form = form.go(app, "back").await.choose("udviklet", "nej").go(app, "next").await;
    assert_eq!(form.shown(), ["kombinere"]);
    let end = form.go(app, "next").await;
    assert!(end.shown().is_empty() && end.button() == "send");
    end.send(app).await;
    // The stored text is what the questionnaire's owner may have, once all is closed.
    assert_eq!(link.answered(app).await, 1);
    assert_eq!(app.store.read(tally::verify).await.expect("a recount"), []);
    // As a script sends it: everything at once, what is hidden with it.
    let all = Form::open(app, &link.address).await.choose("udviklet", "nej");
    let all = all.write("a.timer", "tolv").write("a.laering", "Meget");
    let all = all.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    all.send(app).await;
    assert_eq!(link.answered(app).await, 2);
}

async fn one_question_at_a_time(app: &App) {
    let link = ready(app, "elever-7-9").await;
    let mut form = Form::open(app, &link.address).await;
    assert!(form.shown().is_empty() && form.page.contains(">Start</button>"));
    for (n, code) in
        ["b_samarbejde", "b_forstaaelse", "b_niveau", "b_motivation"].iter().enumerate()
    {
        form = form.go(app, "next").await;
        assert_eq!(form.shown(), [*code]);
        assert!(form.page.contains(&format!("Spørgsmål {} af 4", n + 1)), "{}", form.page);
        let option = if n == 0 { "ja" } else { "ja_lidt" };
        // Nothing is required: one of them is skipped.
        if n != 2 {
            form = form.choose(code, option);
        }
    }
    assert_eq!(form.button(), "send");
    let thanks = form.send(app).await.text();
    assert!(thanks.contains("Tak for hjælpen!") && thanks.contains("Næste elev"), "{thanks}");
    assert_eq!(link.answered(app).await, 1);
}

async fn where_nothing_more_is_asked_there_is_a_button_to_send(app: &App) {
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    let form = Form::open(app, &link.address).await.choose("udviklet", "nej");
    let form = form.go(app, "next").await.choose("kombinere.maal", "hoej");
    let form = form.choose("kombinere.praksis", "ved_ikke").go(app, "next").await;
    assert!(form.page.contains("Det var det hele"), "{}", form.page);
    assert_eq!(link.answered(app).await, 0, "nothing is sent before somebody says so");
    assert_eq!(form.go(app, "back").await.shown(), ["kombinere"]);
    form.send(app).await;
    assert_eq!(link.answered(app).await, 1);
}

async fn faults_are_told_on_top_and_beside_and_answers_stay(app: &App) {
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    let form = Form::open(app, &link.address).await;
    let all = form.choose("fag", "fysik").choose("fag", "kemi").choose("fag", "matematik");
    let told = all.press(app, "next").await.expect(422);
    let again = Form::of(&link.address, &told);
    let page = &again.page;
    assert!(page.contains("<title>Fejl: Undervisernes udbytte</title>"), "{page}");
    assert!(page.contains("role=\"alert\" tabindex=\"-1\" autofocus"), "{page}");
    for (link, text) in [
        ("i-fag", "Hvilke fag? – Vælg fra 1 til 2 svar."),
        ("i-udviklet", "Har du udviklet et forløb? – Svar på spørgsmålet."),
    ] {
        assert!(page.contains(&format!("<a href=\"#{link}\">{text}</a>")), "{text} in {page}");
        assert!(page.contains(&format!(" id=\"{link}\"")), "{link}");
    }
    assert!(page.contains("aria-describedby=\"t-fag e-fag\""), "{page}");
    assert!(page.contains("id=\"e-fag\">Vælg fra 1 til 2 svar.</p>"), "{page}");
    assert!(page.contains("aria-required=\"true\" aria-invalid=\"true\""), "{page}");
    assert_eq!(page.matches("name=\"a.fag\"").count(), 3);
    assert_eq!(page.matches(" checked").count(), 3, "all that was chosen stays chosen");
    assert_eq!(again.value("id"), all.value("id"));

    // All at once, as a script sends it; the page shows the first part with a fault.
    let form = Form::open(app, &link.address).await.choose("udviklet", "ja");
    let form = form.write("a.timer", "mange").choose("kombinere.praksis", "hoej");
    let form = form.write("a.laering", &"æ".repeat(41));
    let page = form.press(app, "send").await.expect(422);
    let again = Form::of(&link.address, &page);
    assert_eq!(again.shown(), ["timer", "kombinere"]);
    for text in [
        "Hvor længe? – Skriv et tal, for eksempel 12.",
        "Kan du kombinere STEM med … – Svar på hver linje.",
        "Hvad lærte du? – Skriv højst 40 tegn.",
    ] {
        assert!(again.page.contains(text), "{text} in {}", again.page);
    }
    assert!(again.page.contains("href=\"#i-kombinere-maal\""), "{}", again.page);
    assert!(again.page.contains("id=\"e-kombinere-maal\">Svar på denne linje."));
    assert!(!again.page.contains("id=\"e-kombinere-praksis\""));
    assert_eq!((again.value("a.timer"), again.value("a.laering").len()), ("mange", 82));
    assert_eq!(link.answered(app).await, 0);
}

async fn numbers_are_taken_as_people_write_them(app: &App) {
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    let form = Form::open(app, &link.address).await.choose("udviklet", "ja");
    let form = form.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    for (typed, told) in [
        ("1,25", "Skriv højst 1 ciffer efter kommaet."),
        ("401", "Skriv et tal fra 0,5 til 400."),
        ("", "Svar på spørgsmålet."),
        ("1e2", "Skriv et tal, for eksempel 12."),
    ] {
        let page = form.clone().write("a.timer", typed).press(app, "send").await.expect(422);
        assert!(page.text().contains(told), "{typed}: {page:?}");
    }
    for typed in ["12,5", "12.5", " 12 ", "0,5"] {
        let fresh = Form::open(app, &link.address).await.choose("udviklet", "ja");
        let fresh = fresh.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
        fresh.write("a.timer", typed).send(app).await;
    }
    assert_eq!(link.answered(app).await, 4);
}

async fn whatever_comes_is_stored_once(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let form = Form::open(app, &link.address).await.choose("u_samarbejde", "ja");
    // The button pressed twice, and the page loaded again; then the link is closed.
    for answer in join_all([form.press(app, "send"), form.press(app, "send")]).await {
        answer.expect(303);
    }
    form.send(app).await;
    assert_eq!(link.answered(app).await, 1);
    app.post(&format!("{}/close", link.place)).by(Holder).await.expect(200);
    form.send(app).await;
}

async fn other_answers_under_the_same_id_change_nothing(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let form = Form::open(app, &link.address).await.choose("u_samarbejde", "ja");
    form.send(app).await;
    let changed = form.choose("u_samarbejde", "nej").press(app, "send").await.expect(422).text();
    assert!(changed.contains("Dine svar er modtaget tidligere"), "{changed}");
    assert!(changed.contains("Næste elev"), "{changed}");
    assert_eq!(link.answered(app).await, 1);
}

async fn the_next_pupil_gets_a_fresh_form(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let address = format!("{}?lang=en&embed=1&origin=https://aau.dk", link.address);
    let form = Form::open(app, &address).await.choose("u_samarbejde", "ja");
    let thanks = form.send(app).await.text();
    let next = thanks.split_once("class=\"b m\" href=\"").expect("a link").1;
    let next = next.split('"').next().expect("an end").replace("&#38;", "&");
    assert_eq!(next, "?lang=en&embed=1&origin=", "neither language nor frame is lost");
    let fresh = Form::open(app, &format!("{}{next}", link.address)).await;
    assert_ne!(fresh.value("id"), form.value("id"));
    assert!(fresh.value("a.u_samarbejde").is_empty() && fresh.page.contains("Send answers"));
    // Nor do two who open the page at the same moment share one.
    let two = join_all([Form::open(app, &link.address), Form::open(app, &link.address)]).await;
    assert_ne!(two[0].value("id"), two[1].value("id"));
    assert_ne!(two[0].value("id").as_bytes()[14], b'7');
}

async fn a_code_is_typed_as_people_type(app: &App) {
    let input = json!({ "label": "2.b", "access": "codes" });
    let link = hand_out(app, every_type(), input).await;
    let codes = app.post(&format!("{}/codes", link.place)).by(Holder).json(json!({ "count": 2 }));
    let codes = codes.await.expect(200).json();
    let code = |at: usize| codes["codes"][at].as_str().expect("a code");
    let form = Form::open(app, &link.address).await.choose("udviklet", "nej");
    // Told at once where it can't be one, before all is filled in.
    for (typed, told) in [("", "Skriv koden fra dit kort."), ("ABC", "Koden gælder ikke.")] {
        let page = form.clone().write("code", typed).press(app, "next").await.expect(422).text();
        assert!(page.contains(told) && page.contains("<a href=\"#code\">"), "{page}");
    }
    let form = form.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    // One that could be one is not looked up before it is used: that would help who guesses.
    let guess = form.clone().write("code", "ABCDEFGH");
    guess.go(app, "next").await;
    let page = guess.press(app, "send").await.expect(422);
    let again = Form::of(&link.address, &page);
    assert!(again.page.contains("aria-describedby=\"h-code e-code\" aria-invalid=\"true\""));
    assert_eq!(again.value("a.kombinere.praksis"), "mindre");
    let (start, end) = code(0).split_at(4);
    let typed = format!(" {}-{end} ", start.to_lowercase());
    again.write("code", &typed).send(app).await;
    let used = Form::open(app, &link.address).await.choose("udviklet", "nej");
    let used = used.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    used.clone().write("code", code(0)).press(app, "send").await.expect(422);
    used.write("code", code(1)).send(app).await;
    assert_eq!(link.answered(app).await, 2);
    // In the address it would stand in logs.
    let page = app.get(&format!("{}?k={}", link.address, code(1))).await.expect(200);
    assert!(!page.text().contains(code(1)));
}

async fn what_was_tampered_with_can_be_sent_again(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let form = Form::open(app, &link.address).await.choose("u_samarbejde", "ja");
    for id in ["", "1", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        let page = form.clone().write("id", id).press(app, "send").await.expect(422);
        let again = Form::of(&link.address, &page);
        assert!(again.page.contains("Se dine svar efter"), "{}", again.page);
        assert_eq!(again.value("a.u_samarbejde"), "ja");
        again.send(app).await;
    }
    assert_eq!(link.answered(app).await, 3);
    // Nothing that is sent beside the form moves anything.
    for part in ["-1", "99", "x"] {
        form.clone().write("part", part).go(app, "back").await;
    }
    let body = format!("{}&a.findes_ikke=ja&a.u_job=kejser&stray=1", form.body("send"));
    let answer = app.post(&link.address).body("application/x-www-form-urlencoded", body).await;
    assert!(answer.expect(422).text().contains("Vælg et af svarene."));
}
