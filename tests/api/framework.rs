//! What the framework refuses is refused as everything else is.

use crate::harness::App;

api_tests!(
    knows_no_such_address,
    names_the_methods_of_an_address,
    answers_in_the_language_asked_for,
    asks_who_calls,
    tells_of_its_health,
    serves_its_contract,
);

async fn knows_no_such_address(app: &App) {
    for path in ["/skoler", "/programmes/x/y/z/w", "/api/v2/programmes", "/programmes/"] {
        app.get(path).deliberately_bad().await.expect_problem(404, "not-found");
    }
}

async fn names_the_methods_of_an_address(app: &App) {
    let answer = app.delete("/programmes").deliberately_bad().await;
    let answer = answer.expect_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("GET"));
    let path = format!("/programmes/{}/organisations", app.world.nordjylland);
    let answer = app.put(&path).deliberately_bad().await.expect_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("GET, POST"));
}

async fn answers_in_the_language_asked_for(app: &App) {
    let danish = app.get("/skoler").deliberately_bad().await;
    assert_eq!(danish.json()["detail"], "Her er intet, eller intet som du må se.");
    assert_eq!(danish.header("content-language"), Some("da"));
    let english = app.get("/skoler").header("Accept-Language", "en-GB, da;q=0.5");
    let english = english.deliberately_bad().await;
    assert_eq!(english.json()["detail"], "There is nothing here, or nothing that you may see.");
    assert_eq!(english.header("content-language"), Some("en"));
}

async fn asks_who_calls(app: &App) {
    let answer = app.get("/programmes").await.expect(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    for credentials in ["Bearer", "Bearer x", "Basic cm46cm4=", "Bearer a.b.c", "", "\u{e6}"] {
        let answer = app.get("/programmes").header("Authorization", credentials).await;
        answer.expect(401);
    }
}

async fn tells_of_its_health(app: &App) {
    app.get("/health/live").await.expect(200);
    app.get("/health/ready").await.expect(200);
}

async fn serves_its_contract(app: &App) {
    let served = app.get("/openapi.yaml").await.expect(200);
    // Not assert_eq: nobody reads two whole contracts in a terminal.
    assert!(served.text().trim_end() == include_str!("../../openapi.yaml").trim_end());
    app.get("/docs/").await.expect(200);
    // The page reads it as JSON, from where its script says.
    let script = app.get("/docs/swagger-initializer.js").await.expect(200);
    assert!(script.text().contains("\"/docs/openapi.json\""), "{}", script.text());
    let json = app.get("/docs/openapi.json").await.expect(200).json();
    assert_eq!(json["info"]["title"], "Maaltal");
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(served.header(header), Some(value));
    }
}
