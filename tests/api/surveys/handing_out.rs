//! What is handed out of a link: addresses, QR codes, print pages, codes.

use serde_json::{Value, json};

use super::{class, id_of, link_with, respond, response, token_of, yes};
use crate::harness::{Answer, App, PASSWORD, Persona, Persona::*};

api_tests!(
    a_handout_has_the_addresses_and_what_embeds_it,
    a_poster_tells_what_it_is_about_in_both_languages,
    what_people_write_is_escaped,
    print_pages_open_without_a_token_for_an_hour,
    print_pages_end_with_the_session,
    a_sheet_has_codes_that_work,
    a_browser_gets_codes_too,
    a_link_without_codes_has_no_sheet,
);

fn with_codes() -> Value {
    let mut input = class();
    input["access"] = "codes".into();
    input
}

async fn print_pages(app: &App, link: &Answer) -> Value {
    let path = format!("/links/{}/print-pages", id_of(link));
    app.post(&path).by(Contributor).await.expect(200).json()
}

fn path(address: &Value) -> String {
    let address = address.as_str().expect("an address");
    address.strip_prefix("https://maaltal.example").expect("one of ours").to_string()
}

async fn a_handout_has_the_addresses_and_what_embeds_it(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let handout = app.get(&format!("/links/{}/handout", id_of(&link))).by(Contributor).await;
    let handout = handout.expect(200).json();
    assert_eq!(handout["address"], format!("https://maaltal.example/s/{token}"));
    let script = handout["embed_script"].as_str().expect("a snippet");
    assert!(script.contains("<script async src=\"https://maaltal.example/embed.js\""), "{script}");
    assert!(script.contains(&format!("data-link=\"{token}\"")), "{script}");
    assert!(
        script.contains(&format!("<a href=\"https://maaltal.example/s/{token}\">")),
        "{script}"
    );
    let frame = handout["embed_frame"].as_str().expect("a snippet");
    assert!(frame.contains(&format!("/s/{token}?embed=1\"")), "{frame}");
    let class_page = handout["class_page"].as_str().expect("an address");
    assert!(!class_page.contains(&token), "{class_page}");
    let qr = app.get(&format!("/links/{}/qr.svg", id_of(&link))).by(Holder).await.expect(200);
    assert_eq!(qr.header("content-type"), Some("image/svg+xml"));
    assert!(qr.text().starts_with("<svg xmlns="), "{qr:?}");
}

async fn poster(app: &App, link: &Answer, lang: &str) -> String {
    let path = format!("/links/{}/poster?lang={lang}", id_of(link));
    app.get(&path).by(Contributor).await.expect(200).text()
}

async fn a_poster_tells_what_it_is_about_in_both_languages(app: &App) {
    let link = link_with(app, class()).await;
    let danish = poster(app, &link, "da").await;
    for text in [
        "Dit udbytte af forløbet",
        "2.b, biologi",
        "Hjørring Gymnasium",
        "LabSTEM Nord",
        "Det er frivilligt",
        "Ingen kan se, hvem der har svaret hvad",
        "<svg class=\"qr\"",
        "lang=\"da\"",
    ] {
        assert!(danish.contains(text), "no {text} in {danish}");
    }
    assert!(danish.contains(&format!("maaltal.example<wbr>/s/{}", token_of(&link))));
    let english = poster(app, &link, "en").await;
    assert!(english.contains("What you gained from the teaching") && english.contains("voluntary"));
    assert!(!english.contains("on a slip"), "codes are spoken of where there are some");
    // A school's own teachers are too few: they hear of it before they wait for figures.
    let mut input = class();
    input["audience"] = "teacher".into();
    let teachers = link_with_code(app, input, "undervisere").await;
    assert!(poster(app, &teachers, "da").await.contains("mindst 5 har svaret"));
}

async fn link_with_code(app: &App, input: Value, code: &str) -> Answer {
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let body = json!({ "code": format!("q-{code}"), "definition": super::definition(code) });
    let place = super::published_as(app, Holder, &path, body).await;
    app.post(&format!("{place}/links")).by(Contributor).json(input).await.expect(201)
}

const EVIL: &str = "2.b \"><script>alert('x')</script>&amp;";

async fn what_people_write_is_escaped(app: &App) {
    let mut definition = super::definition("elever-14-19");
    for field in ["title", "intro"] {
        definition[field] = json!({ "da": EVIL, "en": EVIL });
    }
    let path = format!("/projects/{}/questionnaires", app.world.labstem);
    let body = json!({ "code": "ond", "definition": definition });
    let place = super::published_as(app, Holder, &path, body).await;
    let mut input = with_codes();
    input["label"] = EVIL.into();
    let link = app.post(&format!("{place}/links")).by(Contributor).json(input).await.expect(201);
    let id = id_of(&link);
    let sheet = app.post(&format!("/links/{id}/code-sheet")).by(Contributor);
    let pages = print_pages(app, &link).await;
    let handout = app.get(&format!("/links/{id}/handout")).by(Contributor).await.expect(200).json();
    let mut shown = vec![
        poster(app, &link, "da").await,
        sheet.json(json!({ "count": 2 })).await.expect(200).text(),
        handout["embed_script"].as_str().expect("a snippet").replace("<script async", ""),
        handout["embed_frame"].as_str().expect("a snippet").to_string(),
        app.get(&path_of_class(&handout)).await.expect(200).text(),
    ];
    for page in ["poster", "handout", "codes"] {
        shown.push(app.get(&path_of(&pages, page)).await.expect(200).text());
    }
    for page in shown {
        assert!(!page.contains("<script>") && !page.contains("alert('x')"), "{page}");
        assert!(page.contains("alert("), "it is shown as text: {page}");
    }
}

fn path_of(pages: &Value, page: &str) -> String {
    path(&pages[page])
}

fn path_of_class(handout: &Value) -> String {
    path(&handout["class_page"])
}

async fn print_pages_open_without_a_token_for_an_hour(app: &App) {
    let link = link_with(app, class()).await;
    let pages = print_pages(app, &link).await;
    assert_eq!(pages["expires_at"], "2023-02-01T10:00:00Z");
    assert_eq!(pages["codes"], Value::Null);
    for page in ["poster", "handout"] {
        let shown = app.get(&path_of(&pages, page)).await.expect(200);
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        assert!(shown.text().contains(&token_of(&link)));
    }
    let address = path_of(&pages, "poster");
    app.get(&address.replace("/poster", "/nothing")).await.expect(404);
    let mut forged: Vec<char> = address.chars().collect();
    let place = "/print/".len() + 5;
    forged[place] = if forged[place] == 'A' { 'B' } else { 'A' };
    app.get(&forged.into_iter().collect::<String>()).await.expect(404);
    app.clock.advance(3_599);
    app.get(&address).await.expect(200);
    app.clock.advance(1);
    app.get(&address).await.expect(404);
}

async fn print_pages_end_with_the_session(app: &App) {
    let link = link_with(app, class()).await;
    let session = app.session(Persona::Contributor.mail(), PASSWORD).await;
    let path = format!("/links/{}/print-pages", id_of(&link));
    let pages = app.post(&path).with_token(&session.access).await.expect(200).json();
    let address = path_of(&pages, "poster");
    app.get(&address).await.expect(200);
    app.post("/auth/sign-out").with_token(&session.access).await.expect(204);
    app.get(&address).await.expect(404);
}

/// The codes on a sheet.
fn codes(sheet: &str) -> Vec<String> {
    let parts = sheet.split("<p class=\"c a\">").skip(1);
    parts.map(|part| part.split('<').next().expect("a code").replace(' ', "")).collect()
}

async fn a_sheet_has_codes_that_work(app: &App) {
    let link = link_with(app, with_codes()).await;
    let path = format!("/links/{}/code-sheet?lang=en", id_of(&link));
    let sheet = app.post(&path).by(Contributor).json(json!({ "count": 24 })).await.expect(200);
    let codes = codes(&sheet.text());
    assert_eq!(codes.len(), 24);
    for code in &codes {
        assert!(!code.contains(['0', 'O', '1', 'I']) && code.len() == 8, "{code}");
        let mut body = response(yes());
        body["code"] = json!(code);
        respond(app, &token_of(&link), &body).await.expect(201);
    }
    assert!(sheet.text().contains("2.b, biologi"));
    let made = app.get(&path.replace("code-sheet?lang=en", "status")).by(Holder).await.expect(200);
    assert_eq!((&made.json()["answered"], &made.json()["codes_left"]), (&json!(24), &json!(0)));
    let many = app.post(&path).by(Contributor).json(json!({ "count": 501 })).deliberately_bad();
    many.await.expect_fault("/count", "range");
}

async fn a_browser_gets_codes_too(app: &App) {
    let link = link_with(app, with_codes()).await;
    let address = path_of(&print_pages(app, &link).await, "codes");
    let form = app.get(&address).await.expect(200).text();
    assert!(form.contains("name=\"count\"") && form.contains("value=\"24\""), "{form}");
    let send = |body: &str| app.post(&address).body("application/x-www-form-urlencoded", body);
    let sheet = send("count=12").await.expect(200);
    assert_eq!(sheet.header("cache-control"), Some("no-store"));
    assert_eq!(codes(&sheet.text()).len(), 12);
    for wrong in ["count=0", "count=501", "count=mange", ""] {
        let told = send(wrong).await.expect(422).text();
        assert!(told.contains("fra 1 til 500"), "{told}");
    }
    let told = send("count=489").await.expect(422).text();
    assert!(told.contains("488"), "{told}");
    // Who made them stands in the trail, as of any call.
    let trail = format!("/programmes/{}/audit?limit=1", app.world.nordjylland);
    let last = app.get(&trail).by(Secretariat).await.expect(200).json()["items"][0].clone();
    assert_eq!(last["action"], "link.codes_made", "{last}");
}

async fn a_link_without_codes_has_no_sheet(app: &App) {
    let link = link_with(app, class()).await;
    let path = format!("/links/{}/code-sheet", id_of(&link));
    let sheet = app.post(&path).by(Contributor).json(json!({ "count": 1 })).await;
    sheet.expect_problem(409, "link-without-codes");
}
