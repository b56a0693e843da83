//! The page that is handed back to a class.

use serde_json::{Value, json};

use super::results::{answer, answered, close};
use super::{class, id_of, link_with, published, token_of};
use crate::harness::{Answer, App, Persona::*};

api_tests!(
    an_open_link_tells_how_many_and_never_what,
    a_closed_link_shows_bars_and_their_table,
    what_is_hidden_says_so,
    teachers_hear_of_it_before_they_wait,
    the_answering_token_opens_nothing_here,
);

async fn address(app: &App, link: &Answer) -> String {
    let path = format!("/links/{}/handout", id_of(link));
    let handout: Value = app.get(&path).by(Holder).await.expect(200).json();
    let address = handout["class_page"].as_str().expect("an address");
    address.strip_prefix("https://maaltal.example").expect("one of ours").to_string()
}

async fn page(app: &App, address: &str, lang: &str) -> String {
    app.get(&format!("{address}?lang={lang}")).await.expect(200).text()
}

async fn an_open_link_tells_how_many_and_never_what(app: &App) {
    let link = link_with(app, class()).await;
    let address = address(app, &link).await;
    answer(app, &link, &[("hoej", 12)]).await;
    let shown = page(app, &address, "da").await;
    assert!(shown.contains("12 ud af 24 har svaret"), "{shown}");
    assert!(!shown.contains("<table") && !shown.contains("I høj grad"), "{shown}");
    assert!(page(app, &address, "en").await.contains("12 of 24 have answered"));
    let status = app.get(&format!("{address}/status.json")).await.expect(200);
    assert_eq!(status.json(), json!({ "state": "open", "answered": 12, "class_size": 24 }));
    assert_eq!(status.header("cache-control"), Some("no-store"));
    // Its script comes from here, by a name that is in the page.
    let script = shown.split("src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let script = app.get(&format!("/r/{}", script.expect("a script"))).await.expect(200);
    assert!(script.header("cache-control").is_some_and(|value| value.contains("immutable")));
    app.get("/r/_/other.js").await.expect(404);
}

async fn a_closed_link_shows_bars_and_their_table(app: &App) {
    let place = published(app).await;
    let link =
        answered(app, &place, class(), &[("meget_hoej", 6), ("hoej", 9), ("nogen", 5)]).await;
    let address = address(app, &link).await;
    close(app, &link).await;
    let shown = page(app, &address, "da").await;
    for text in [
        "20 ud af 24 har svaret",
        "<svg class=\"chart\"",
        "role=\"img\" aria-label=\"Søjler: I hvor høj grad har forløbet givet dig",
        "<caption>20 svarede, 0 sprang over.</caption>",
        "<th scope=\"row\">I høj grad</th><td>9</td><td>45 %</td>",
        "width=\"45%\"",
    ] {
        assert!(shown.contains(text), "no {text} in {shown}");
    }
    assert!(!shown.contains("<script"), "nothing more comes, so nothing is asked for");
    let english = page(app, &address, "en").await;
    assert!(english.contains("<th scope=\"row\">To a great extent</th><td>9</td><td>45 %</td>"));
    // What nobody of the class answered is no result of nobody's.
    assert!(
        shown.contains("0 svarede, 20 sprang over.") || shown.contains("Ingen svarede på dette")
    );
}

async fn what_is_hidden_says_so(app: &App) {
    let place = published(app).await;
    let link = answered(app, &place, class(), &[("hoej", 3), ("nogen", 1)]).await;
    let address = address(app, &link).await;
    close(app, &link).await;
    let shown = page(app, &address, "da").await;
    assert!(shown.contains("4 ud af 24 har svaret"), "{shown}");
    assert!(shown.contains("for få svar til, at de kan vises"), "{shown}");
    assert!(!shown.contains("<table"), "{shown}");
    // One that all answered alike is hidden too, though enough did.
    let place = format!("{place}/links");
    let alike = app.post(&place).by(Holder).json(class()).await.expect(201);
    let address = self::address(app, &alike).await;
    answer(app, &alike, &[("hoej", 7)]).await;
    close(app, &alike).await;
    let shown = page(app, &address, "da").await;
    assert!(shown.contains("Skjult af hensyn til anonymiteten"), "{shown}");
}

async fn teachers_hear_of_it_before_they_wait(app: &App) {
    let mut input = class();
    input["audience"] = "teacher".into();
    let link = link_with(app, input).await;
    let shown = page(app, &address(app, &link).await, "da").await;
    assert!(shown.contains("mindst 5 har svaret"), "{shown}");
    let pupils = app
        .post(&format!(
            "/questionnaires/{}/links",
            link.json()["questionnaire_id"].as_str().expect("an id")
        ))
        .by(Holder)
        .json(class())
        .await
        .expect(201);
    assert!(!page(app, &address(app, &pupils).await, "da").await.contains("mindst 5 har svaret"));
}

async fn the_answering_token_opens_nothing_here(app: &App) {
    let link = link_with(app, class()).await;
    for token in [token_of(&link).as_str(), "NIX", "AAAAAAAAAAAAAAAA", "%00", "%F0%9F%99%82"] {
        app.get(&format!("/r/{token}")).await.expect(404);
        app.get(&format!("/r/{token}/status.json")).await.expect_problem(404, "not-found");
    }
}
