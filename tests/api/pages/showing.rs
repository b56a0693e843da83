//! What a page says, in which language, with which headers, and how much it weighs.

use maaltal::surveys::ready;
use serde_json::{Value, json};

use super::{Form, every_type, hand_out, ready};
use crate::harness::{App, Persona::*};

api_tests!(
    it_says_who_asks_and_that_nobody_sees,
    it_warns_not_to_write_names_where_text_is_written,
    everything_fits_into_one_round_trip,
    what_people_write_is_never_markup,
    it_speaks_the_language_asked_for,
    it_is_framed_by_its_own_origins_only,
    every_state_has_its_page,
    what_leads_nowhere_is_the_same_page,
    faces_and_reading_aloud_are_where_the_questionnaire_says,
    what_is_loaded_is_kept_for_good,
);

async fn it_says_who_asks_and_that_nobody_sees(app: &App) {
    for one in ready::ALL {
        let link = ready(app, one.code).await;
        let definition = serde_json::to_value(one.definition().expect("one")).expect("JSON");
        for (lang, words) in [
            ("da", ["LabSTEM Nord", "frivilligt", "Ingen kan se, hvem der har svaret hvad"]),
            ("en", ["LabSTEM Nord", "voluntary", "Nobody can see who answered what"]),
        ] {
            let page = app.get(&format!("{}?lang={lang}", link.address)).await.expect(200);
            assert_eq!(page.header("content-language"), Some(lang));
            let page = page.text().replace("&#39;", "'");
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{page}");
            for words in words {
                assert!(page.contains(words), "{}: no {words}", one.code);
            }
            assert!(page.contains(definition["title"][lang].as_str().expect("a title")));
            assert!(page.contains(definition["intro"][lang].as_str().expect("an intro")));
            for question in definition["questions"].as_array().expect("questions") {
                let text = question["text"][lang].as_str().expect("a text");
                assert!(page.contains(text), "{}: no {text}", one.code);
            }
            // What belongs to the one who hands it out is nothing to who answers.
            assert!(!page.contains("2.b"), "{page}");
        }
    }
}

async fn it_warns_not_to_write_names_where_text_is_written(app: &App) {
    let warned = |page: &Form| page.page.contains("Skriv ikke navne");
    let link = hand_out(app, every_type(), json!({ "label": "Alle" })).await;
    assert!(warned(&Form::open(app, &link.address).await));
    let link = ready(app, "undervisere").await;
    assert!(!warned(&Form::open(app, &link.address).await));
}

async fn everything_fits_into_one_round_trip(app: &App) {
    let weight = async |address: &str| {
        let answer = app.get(address).header("Accept-Encoding", "gzip").await.expect(200);
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{address}");
        answer.body.len()
    };
    for one in ready::ALL {
        let link = ready(app, one.code).await;
        let page = Form::open(app, &link.address).await.page;
        let mut sum = weight(&link.address).await;
        let mut loaded = 0;
        for (at, _) in page.match_indices(" src=\"") {
            let path = page[at + 6..].split('"').next().expect("an address");
            sum += weight(&format!("/s/{path}")).await;
            loaded += 1;
        }
        assert_eq!(loaded, 1, "the script, and nothing else");
        assert!(!page.contains("url(") && !page.contains("@import"), "{page}");
        assert!(sum <= 14_000, "{}: {sum} bytes", one.code);
        // What it is today, so that a page that doubles is seen.
        assert!(sum <= 8_500, "{}: {sum} bytes", one.code);
    }
}

async fn what_people_write_is_never_markup(app: &App) {
    fn poisoned(value: &Value) -> Value {
        match value {
            Value::Object(fields) if fields.contains_key("da") => fields
                .iter()
                .map(|(lang, text)| {
                    let text = text.as_str().expect("a text");
                    let unit = if text.len() < 8 { "\"><i>" } else { BAD };
                    (lang.clone(), Value::from(format!("{text}{unit}")))
                })
                .collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), poisoned(value))).collect()
            }
            Value::Array(items) => items.iter().map(poisoned).collect(),
            other => other.clone(),
        }
    }
    const BAD: &str = "'\"><script>alert(1)</script><a href=javascript:alert(1)>http://ond.example";
    let mut definition = poisoned(&every_type());
    definition["intro"] = json!({ "da": BAD, "en": BAD });
    definition["thanks"] = json!({ "da": BAD, "en": BAD });
    let link = hand_out(app, definition, json!({ "label": "Alle", "access": "codes" })).await;
    let harmless = |page: &str| {
        assert!(page.contains("alert(1)"), "{page}");
        for markup in ["<script>", "<a href=javascript", "'\"><", "href=\"http", "<i>"] {
            assert!(!page.contains(markup), "{markup} in {page}");
        }
    };
    let form = Form::open(app, &link.address).await;
    harmless(&form.page);
    let typed = form.write("code", BAD).write("a.laering", BAD).write("a.timer", BAD);
    let mut typed = typed.choose("udviklet", "ja");
    for go in ["next", "send", "lang-en"] {
        typed = Form::of(&link.address, &typed.press(app, go).await);
        harmless(&typed.page);
        assert_eq!(typed.value("code"), BAD);
        assert_eq!(typed.value("a.laering"), BAD);
    }
    harmless(&app.get(&format!("{}?done=1", link.address)).await.expect(200).text());
    let address = format!("{}?lang=%22%3E{BAD2}&origin=%22%3E{BAD2}&embed=1", link.address);
    assert!(!app.get(&address).await.expect(200).text().contains("<script>"));
}

const BAD2: &str = "%3Cscript%3Ealert(1)%3C/script%3E";

async fn it_speaks_the_language_asked_for(app: &App) {
    let mut definition = every_type();
    let german: Value = serde_json::from_str(
        &definition.to_string().replace("\"en\":", "\"de\":").replace("\"en\"", "\"de\""),
    )
    .expect("JSON");
    let in_german = hand_out(app, german, json!({ "label": "Alle" })).await;
    definition["title"]["da"] = "Udbytte".into();
    let place = hand_out(app, definition, json!({ "label": "Alle", "language": "en" })).await;
    let title = async |address: &str, accepted: &str| {
        let page = app.get(address).header("Accept-Language", accepted).await.expect(200).text();
        let rest = page.split_once("<title>").expect("a title").1;
        rest.split("</title>").next().expect("an end").to_string()
    };
    let (danish, english) = ("Udbytte", "What teachers gained");
    assert_eq!(title(&place.address, "da").await, english, "the link's goes first");
    assert_eq!(title(&format!("{}?lang=da", place.address), "en").await, danish);
    assert_eq!(title(&format!("{}?lang=xx", place.address), "da").await, english);
    assert_eq!(title(&in_german.address, "fr, de-AT;q=0.8, da;q=0.5").await, english);
    assert_eq!(title(&in_german.address, "fr").await, "Undervisernes udbytte");
    // The page's own words stay in one that it has; the questions say which theirs is.
    let german = format!("{}?lang=de", in_german.address);
    let page = app.get(&german).header("Accept-Language", "de").await.expect(200);
    assert_eq!(page.header("content-language"), Some("da"));
    assert!(page.text().contains("<h1 lang=\"de\">"));

    // Changing it keeps what was answered, and where one is.
    let form = Form::open(app, &format!("{}?lang=da", place.address)).await;
    let form = form.choose("udviklet", "ja").go(app, "lang-en").await;
    assert_eq!((form.value("a.udviklet"), form.value("lang")), ("ja", "en"));
    assert!(form.page.contains(english));
    let form = form.go(app, "next").await;
    assert!(form.page.contains("How long?") && form.page.contains(english));
    assert_eq!(form.shown(), ["timer", "kombinere"]);
    let same = form.go(app, "lang-da").await;
    assert_eq!(same.shown(), form.shown());
    assert_eq!(same.value("id"), form.value("id"));
}

async fn it_is_framed_by_its_own_origins_only(app: &App) {
    let origins = json!(["https://WWW.hjoerring-gymnasium.dk:443", "http://localhost:8000"]);
    let own = hand_out(app, every_type(), json!({ "label": "Alle", "origins": origins })).await;
    let other = ready(app, "elever-14-19").await;
    let policy = async |address: &str| {
        let page = app.get(address).await;
        page.header("content-security-policy").expect("a policy").to_string()
    };
    let ends = "frame-ancestors http://localhost:8000 https://www.hjoerring-gymnasium.dk";
    assert!(policy(&own.address).await.ends_with(ends));
    assert!(policy(&format!("{}?done=1", own.address)).await.ends_with(ends));
    assert!(policy(&other.address).await.ends_with("frame-ancestors 'none'"));
    assert!(policy("/s/ABCDEFGHJK").await.ends_with("frame-ancestors 'none'"));

    let target = async |link: &str, origin: &str| {
        let page = app.get(&format!("{link}?embed=1&origin={origin}")).await.expect(200).text();
        let rest = page.split_once("data-embed=\"").expect("embedded").1;
        rest.split('"').next().expect("an end").to_string()
    };
    let school = "https://www.hjoerring-gymnasium.dk";
    assert_eq!(target(&own.address, school).await, school);
    assert_eq!(target(&own.address, "https://ond.example").await, "");
    assert_eq!(target(&own.address, "*").await, "");
    assert_eq!(target(&other.address, school).await, "");
    let refused = json!({ "label": "Alle", "origins": ["https://*.dk", "https://aau.dk/stem"] });
    let place = app.get(&own.place).by(Holder).await.expect(200);
    let refused = app.put(&own.place).by(Holder).if_match(place.etag()).json(refused).await;
    let refused = refused.expect_fault("/origins/0", "not_an_origin");
    refused.expect_fault("/origins/1", "not_an_origin");
}

async fn every_state_has_its_page(app: &App) {
    let says = async |address: &str, da: &str, en: &str| {
        for (lang, words) in [("da", da), ("en", en)] {
            let page = app.get(&format!("{address}?lang={lang}")).await.expect(200).text();
            assert!(page.contains(words) && !page.contains("<form"), "{page}");
            assert!(page.contains("LabSTEM Nord"));
        }
    };
    let link = json!({ "label": "2.b", "opens_at": "2023-02-01T10:00:00Z", "cap": 1 });
    let link = hand_out(app, every_type(), link).await;
    says(&link.address, "Du kan svare fra 1.2.2023 kl. 11.00", "from 1.2.2023 at 11.00").await;
    // What will be asked is not to be had in another way either.
    for body in ["go=next", "go=back", "go=lang-en", "go=send", "go=send&a.fag=kejser&id=1"] {
        let kind = "application/x-www-form-urlencoded";
        let page = app.post(&link.address).body(kind, body).await.expect(409).text();
        assert!(!page.contains("Hvilke fag") && !page.contains("Which subjects"), "{page}");
    }
    let done = app.get(&format!("{}?done=1", link.address)).await.expect(200).text();
    assert!(done.contains("Der er ikke åbnet endnu"), "{done}");
    app.clock.advance(3600);
    let form = Form::open(app, &link.address).await.choose("udviklet", "nej");
    let form = form.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    let late = Form::open(app, &link.address).await.choose("udviklet", "nej");
    let late = late.choose("kombinere.maal", "hoej").choose("kombinere.praksis", "mindre");
    form.send(app).await;
    says(&link.address, "Alle svar er kommet ind", "All the answers are in").await;
    let page = late.press(app, "send").await.expect(409).text();
    assert!(page.contains("Alle svar er kommet ind"), "{page}");
    app.post(&format!("{}/close", link.place)).by(Holder).await.expect(200);
    says(&link.address, "Der er lukket", "It is closed").await;
    let page = late.press(app, "send").await.expect(409).text();
    assert!(page.contains("Der er lukket"), "{page}");
    // Who sends again what was stored is thanked all the same, and nobody is asked in.
    let thanks = form.send(app).await.text();
    assert!(!thanks.contains("Næste underviser"), "{thanks}");
}

async fn what_leads_nowhere_is_the_same_page(app: &App) {
    let mut pages = std::collections::BTreeSet::new();
    for address in ["/s/ABCDEFGHJK", "/s/abc", "/s/%00", "/s/%3Cscript%3E", "/s/ABCDEFGHJ0"] {
        let page = app.get(address).await.expect(404);
        assert_eq!(page.header("content-language"), Some("da"));
        pages.insert(page.text());
        let sent = app.post(address).body("application/x-www-form-urlencoded", "go=send").await;
        pages.insert(sent.expect(404).text());
    }
    assert_eq!(pages.len(), 1, "{pages:?}");
    let english = app.get("/s/ABCDEFGHJK").header("Accept-Language", "en").await.expect(404);
    assert!(english.text().contains("There is no questionnaire here"));
    // What is no page stays as it was.
    app.get("/skoler").deliberately_bad().await.expect_problem(404, "not-found");
}

async fn faces_and_reading_aloud_are_where_the_questionnaire_says(app: &App) {
    let young = Form::open(app, &ready(app, "elever-7-9").await.address).await.page;
    assert_eq!(young.matches("<use href=\"#f0\"/>").count(), 3);
    assert!(young.contains("data-say=\"Læs op\"") && young.contains("data-one=\"true\""));
    // Words stand beside every face.
    assert!(young.contains("</svg><span>Ja, meget</span>"));
    let old = Form::open(app, &ready(app, "elever-14-19").await.address).await.page;
    assert!(
        !old.contains("<svg") && !old.contains("data-say") && old.contains("data-one=\"false\"")
    );
}

async fn what_is_loaded_is_kept_for_good(app: &App) {
    let page = Form::open(app, &ready(app, "elever-7-9").await.address).await.page;
    let path = page.split_once("<script src=\"").expect("a script").1;
    let path = format!("/s/{}", path.split('"').next().expect("an end"));
    let script = app.get(&path).await.expect(200);
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    app.get("/s/_/andet.js").await.expect(404);
    let embed = app.get("/embed.js").await.expect(200);
    assert_eq!(embed.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(embed.header("cross-origin-resource-policy"), Some("cross-origin"));
    for script in [script.text(), embed.text()] {
        for kept in ["cookie", "localStorage", "sessionStorage", "indexedDB", "://"] {
            assert!(!script.contains(kept), "{kept}");
        }
    }
}
