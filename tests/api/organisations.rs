//! Organisations of a programme.

use serde_json::{Value, json};

use crate::harness::{App, Persona::*};

api_tests!(
    an_institution_number_is_text_and_unique,
    numbers_are_digits_of_their_length,
    a_used_organisation_is_retired_not_deleted,
    the_list_pages_to_its_end,
    a_cursor_of_elsewhere_is_refused,
    the_same_school_may_be_in_two_programmes,
);

fn path(app: &App) -> String {
    format!("/programmes/{}/organisations", app.world.nordjylland)
}

fn school(code: &str, number: Option<&str>) -> Value {
    json!({
        "code": code, "name": "Frederikshavn Gymnasium", "education_type": "stx",
        "institution_number": number, "cvr_number": null,
    })
}

async fn an_institution_number_is_text_and_unique(app: &App) {
    let made = app.post(&path(app)).by(Secretariat).json(school("frederikshavn", Some("081003")));
    let made = made.await.expect(201);
    assert_eq!(made.json()["institution_number"], "081003");
    let other = app.post(&path(app)).by(Secretariat).json(school("fr-havn", Some("081003"))).await;
    other.expect_fault("/institution_number", "taken");
    // No number at all is no number to be unique.
    for code in ["hasseris", "noerresundby"] {
        app.post(&path(app)).by(Secretariat).json(school(code, None)).await.expect(201);
    }
    let taken = app.post(&path(app)).by(Secretariat).json(school("hasseris", None)).await;
    taken.expect_fault("/code", "taken");
    // Its own number stays its own when it is changed.
    let location = made.header("location").expect("a place");
    let change = json!({ "name": "Frederikshavn Gymnasium & HF", "education_type": "stx",
        "institution_number": "081003", "cvr_number": "29542910", "retired": false });
    let changed = app.put(location).by(Secretariat).if_match(made.etag()).json(change).await;
    assert_eq!(changed.expect(200).json()["name"], "Frederikshavn Gymnasium & HF");
}

async fn numbers_are_digits_of_their_length(app: &App) {
    let wrong = json!({
        "code": "roerdal", "name": "Rørdal", "education_type": "ukendt",
        "institution_number": "8103", "cvr_number": "2954291x",
    });
    let answer = app.post(&path(app)).by(Secretariat).json(wrong).await.expect(422);
    let faults = answer.json()["errors"].clone();
    let told: Vec<_> = faults.as_array().expect("faults").iter().map(|f| &f["pointer"]).collect();
    assert_eq!(told, ["/education_type", "/institution_number", "/cvr_number"]);
    let number = json!({ "code": "roerdal", "name": "Rørdal", "institution_number": 81003 });
    let answer = app.post(&path(app)).by(Secretariat).json(number).deliberately_bad().await;
    answer.expect_fault("/institution_number", "not_text");
}

async fn a_used_organisation_is_retired_not_deleted(app: &App) {
    let used = format!("/organisations/{}", app.world.university);
    let seen = app.get(&used).by(Secretariat).await.expect(200);
    let refused = app.delete(&used).by(Secretariat).if_match(seen.etag()).await;
    refused.expect_problem(409, "organisation-in-use");
    let change = json!({ "name": "Aalborg Universitet", "education_type": "videregaaende",
        "institution_number": null, "cvr_number": null, "retired": true });
    app.put(&used).by(Secretariat).if_match(seen.etag()).json(change).await.expect(200);

    let unused = app.post(&path(app)).by(Secretariat).json(school("stoevring", None)).await;
    let location = unused.header("location").expect("a place").to_string();
    app.delete(&location).by(Secretariat).if_match(unused.etag()).await.expect(204);
    app.get(&location).by(Secretariat).await.expect(404);
}

async fn the_list_pages_to_its_end(app: &App) {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..10 {
        let page = app.get(&format!("{}?limit=1{cursor}", path(app))).by(Reader).await.expect(200);
        let page = page.json();
        let items = page["items"].as_array().expect("items");
        seen.extend(items.iter().map(|item| item["code"].as_str().unwrap_or("").to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(
        seen,
        ["aalborg-universitet", "hjoerring-gymnasium", "aalborghus-gymnasium", "amu-nordjylland"]
    );
}

async fn a_cursor_of_elsewhere_is_refused(app: &App) {
    for query in ["cursor=xyz", "cursor=%00", "limit=0", "limit=1001", "limit=mange"] {
        let call = app.get(&format!("{}?{query}", path(app))).by(Reader).deliberately_bad();
        call.await.expect_problem(400, "malformed");
    }
}

async fn the_same_school_may_be_in_two_programmes(app: &App) {
    app.post(&path(app))
        .by(Secretariat)
        .json(school("mercantec", Some("791401")))
        .await
        .expect(201);
    let other = format!("/programmes/{}/organisations", app.world.midtjylland);
    let made = app.post(&other).by(OtherSecretariat).json(school("mercantec", Some("791401")));
    made.await.expect(201);
}
