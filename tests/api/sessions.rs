//! Sign-in, and what ends it.

use std::future::IntoFuture;

use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, Persona, Persona::*};

api_tests!(
    one_signs_in_and_is_known,
    a_wrong_password_and_a_wrong_address_are_answered_alike,
    an_access_token_runs_out,
    a_refresh_token_is_used_once,
    of_two_at_once_with_one_refresh_token_one_wins_and_the_session_ends,
    signing_out_holds_at_once,
    a_new_password_ends_all_sessions,
    an_invitation_is_accepted_once,
);

async fn sign_in(app: &App, persona: Persona) -> Value {
    let body = json!({ "mail": persona.mail(), "password": PASSWORD });
    app.post("/auth/sign-in").json(body).await.expect(200).json()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

async fn one_signs_in_and_is_known(app: &App) {
    let body = json!({ "mail": " Labstem@AAU.dk ", "password": PASSWORD });
    let signed_in = app.post("/auth/sign-in").json(body).await.expect(200);
    assert_eq!(signed_in.json()["expires_in"], 900);
    let me = app.get("/me").with_token(text(&signed_in.json()["access_token"])).await.expect(200);
    let me = me.json();
    assert_eq!(me["mail"], "labstem@aau.dk");
    assert_eq!(me["memberships"][0]["role"], "holder");
    assert_eq!(me["memberships"][0]["scope"]["project"]["code"], "labstem-nord");
    assert_eq!(me["memberships"][0]["may"], json!(["read", "post_counts", "propose_targets"]));
}

async fn a_wrong_password_and_a_wrong_address_are_answered_alike(app: &App) {
    let refused = async |mail: &str, password: &str| {
        let body = json!({ "mail": mail, "password": password });
        let mut answer = app.post("/auth/sign-in").json(body).await.expect(401).json();
        answer["request_id"] = Value::Null;
        answer
    };
    let wrong = refused("labstem@aau.dk", "Et helt andet langt ord").await;
    assert_eq!(wrong, refused("ingen@aau.dk", PASSWORD).await);
    assert_eq!(wrong, refused("ikke en adresse", "x").await);
}

async fn an_access_token_runs_out(app: &App) {
    let signed_in = sign_in(app, Holder).await;
    let token = text(&signed_in["access_token"]);
    app.clock.advance(899);
    app.get("/me").with_token(token).await.expect(200);
    app.clock.advance(1);
    app.get("/me").with_token(token).await.expect_problem(401, "token-expired");
    for changed in [token.replace('.', "x"), format!("{token}x"), token[1..].to_string()] {
        app.get("/me").with_token(&changed).await.expect_problem(401, "bad-token");
    }
}

async fn a_refresh_token_is_used_once(app: &App) {
    let first = sign_in(app, Holder).await;
    let refresh = |token: &Value| {
        app.post("/auth/refresh").json(json!({ "refresh_token": token })).into_future()
    };
    let second = refresh(&first["refresh_token"]).await.expect(200).json();
    let third = refresh(&second["refresh_token"]).await.expect(200).json();
    app.get("/me").with_token(text(&third["access_token"])).await.expect(200);
    // Somebody has a copy of an old one: whoever that is, the family ends.
    refresh(&first["refresh_token"]).await.expect(401);
    app.get("/me").with_token(text(&third["access_token"])).await.expect(401);
    refresh(&third["refresh_token"]).await.expect(401);
    // Other sessions of the account go on.
    app.get("/me").by(Holder).await.expect(200);
    let late = sign_in(app, Holder).await;
    app.clock.advance(31 * 24 * 60 * 60);
    refresh(&late["refresh_token"]).await.expect(401);
}

async fn of_two_at_once_with_one_refresh_token_one_wins_and_the_session_ends(app: &App) {
    let signed_in = sign_in(app, Holder).await;
    let body = json!({ "refresh_token": signed_in["refresh_token"] });
    let refresh = |_| app.post("/auth/refresh").json(body.clone()).into_future();
    let answers = futures_util::future::join_all((0..2).map(refresh)).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [200, 401]);
    let won = answers.iter().find(|answer| answer.status == 200).expect("a winner").json();
    app.get("/me").with_token(text(&won["access_token"])).await.expect(401);
    let body = json!({ "refresh_token": won["refresh_token"] });
    app.post("/auth/refresh").json(body).await.expect(401);
}

async fn signing_out_holds_at_once(app: &App) {
    let signed_in = sign_in(app, Contributor).await;
    let token = text(&signed_in["access_token"]);
    app.post("/auth/sign-out").with_token(token).await.expect(204);
    app.get("/me").with_token(token).await.expect_problem(401, "session-ended");
    let body = json!({ "refresh_token": signed_in["refresh_token"] });
    app.post("/auth/refresh").json(body).await.expect(401);
    app.get("/me").by(Contributor).await.expect(200);
}

async fn a_new_password_ends_all_sessions(app: &App) {
    let signed_in = sign_in(app, Reader).await;
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "password": new });
        app.post("/auth/password").by(Reader).json(body).into_future()
    };
    assert!(change("Ikke det rigtige ord", "Himmerland er ikke en ø").await.status >= 400);
    for bad in ["kort", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword"] {
        change(PASSWORD, bad).await.expect(422);
    }
    change(PASSWORD, "Himmerland er ikke en ø").await.expect(204);
    app.get("/me").by(Reader).await.expect(401);
    app.get("/me").with_token(text(&signed_in["access_token"])).await.expect(401);
    let body = json!({ "mail": Reader.mail(), "password": "Himmerland er ikke en ø" });
    app.post("/auth/sign-in").json(body).await.expect(200);
    let body = json!({ "mail": Reader.mail(), "password": PASSWORD });
    app.post("/auth/sign-in").json(body).await.expect(401);
}

async fn an_invitation_is_accepted_once(app: &App) {
    let body = json!({
        "programme_id": app.world.nordjylland, "mail": "stem@aalborghus.dk",
        "role": "contributor", "project_id": app.world.labstem,
        "organisation_id": app.world.aalborghus,
    });
    let made = app.post("/invitations").by(Secretariat).json(body).await.expect(201).json();
    let link = text(&made["link"]);
    assert!(link.starts_with("https://maaltal.example/"), "{link}");
    let token = link.rsplit(['/', '=']).next().expect("a token");
    let preview = app.get(&format!("/invitations/{token}")).await.expect(200).json();
    assert_eq!(preview["scope"]["organisation"]["code"], "aalborghus-gymnasium");
    let accept = || {
        let body = json!({ "name": "Mette Kirkegaard", "password": "Fjorden er dyb ved Hals" });
        app.post(&format!("/invitations/{token}/accept")).json(body).into_future()
    };
    accept().await.expect(201);
    assert!(accept().await.status >= 400, "an invitation is good once");
    let body = json!({ "mail": "stem@aalborghus.dk", "password": "Fjorden er dyb ved Hals" });
    let signed_in = app.post("/auth/sign-in").json(body).await.expect(200).json();
    let path = format!("/projects/{}", app.world.labstem);
    app.get(&path).with_token(text(&signed_in["access_token"])).await.expect(200);
    let other = format!("/projects/{}", app.world.kram);
    app.get(&other).with_token(text(&signed_in["access_token"])).await.expect(404);
}
