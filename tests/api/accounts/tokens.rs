//! Tokens: short lives, one use of each refresh token, and none but our own.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, Persona::*, SIGNING_KEY, Session};

api_tests!(
    an_access_token_lasts_a_quarter_of_an_hour,
    a_refresh_gives_the_next_pair,
    a_refresh_token_that_was_used_ends_the_session,
    of_many_refreshes_at_once_one_is_the_first,
    a_refresh_token_lasts_thirty_days_without_use,
    what_is_no_refresh_token_is_refused,
    a_token_of_another_key_is_refused,
    a_token_without_all_its_claims_is_refused,
    a_token_is_of_one_session_and_its_account,
);

async fn an_access_token_lasts_a_quarter_of_an_hour(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    app.clock.advance(15 * 60 - 1);
    app.me(&session.access).await.expect(200);
    app.clock.advance(1);
    let answer = app.me(&session.access).await.expect_problem(401, "token-expired");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let next = Session::of(&app.refresh(&session.refresh).await.expect(200));
    app.me(&next.access).await.expect(200);
    app.me(&session.access).await.expect(401);
}

async fn a_refresh_gives_the_next_pair(app: &App) {
    let mut session = app.session(Holder.mail(), PASSWORD).await;
    for _ in 0..4 {
        app.clock.advance(20 * 60);
        let next = Session::of(&app.refresh(&session.refresh).await.expect(200));
        assert_ne!(next.refresh, session.refresh);
        app.me(&next.access).await.expect(200);
        session = next;
    }
}

async fn a_refresh_token_that_was_used_ends_the_session(app: &App) {
    let desk = app.session(Holder.mail(), PASSWORD).await;
    let stolen = app.session(Holder.mail(), PASSWORD).await;
    let second = Session::of(&app.refresh(&stolen.refresh).await.expect(200));
    let third = Session::of(&app.refresh(&second.refresh).await.expect(200));
    app.me(&third.access).await.expect(200);
    app.refresh(&stolen.refresh).await.expect_problem(401, "session-ended");
    // All that came of it is dead, whoever holds it.
    for dead in [&stolen, &second, &third] {
        app.me(&dead.access).await.expect_problem(401, "session-ended");
        app.refresh(&dead.refresh).await.expect_problem(401, "session-ended");
    }
    app.me(&desk.access).await.expect(200);
    app.refresh(&desk.refresh).await.expect(200);
}

async fn of_many_refreshes_at_once_one_is_the_first(app: &App) {
    for _ in 0..5 {
        let session = app.session(Holder.mail(), PASSWORD).await;
        let answers = join_all((0..4).map(|_| app.refresh(&session.refresh))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort();
        assert_eq!(statuses, [200, 401, 401, 401]);
        let first = answers.iter().find(|answer| answer.status == 200).expect("one");
        let first = Session::of(first);
        app.me(&first.access).await.expect_problem(401, "session-ended");
        app.refresh(&first.refresh).await.expect_problem(401, "session-ended");
    }
}

async fn a_refresh_token_lasts_thirty_days_without_use(app: &App) {
    const DAY: i64 = 24 * 60 * 60;
    let session = app.session(Holder.mail(), PASSWORD).await;
    app.clock.advance(30 * DAY - 1);
    let next = Session::of(&app.refresh(&session.refresh).await.expect(200));
    // Used, it lives on for another thirty.
    app.clock.advance(30 * DAY - 1);
    let last = Session::of(&app.refresh(&next.refresh).await.expect(200));
    app.clock.advance(30 * DAY);
    app.refresh(&last.refresh).await.expect_problem(401, "session-ended");
}

async fn what_is_no_refresh_token_is_refused(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    for nonsense in ["", "x", "' or 1=1", session.access.as_str(), "æøå"] {
        app.refresh(nonsense).await.expect_problem(401, "session-ended");
    }
    let call = app.post("/auth/refresh").json(json!({})).deliberately_bad();
    call.await.expect_fault("/refresh_token", "required");
    // A refresh token opens nothing but the next pair.
    app.me(&session.refresh).await.expect_problem(401, "bad-token");
    app.refresh(&session.refresh).await.expect(200);
}

/// What a good token says.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64");
    serde_json::from_slice(&payload).expect("JSON")
}

fn signed(claims: &Value, key: &[u8]) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(key)).expect("a token")
}

async fn a_token_of_another_key_is_refused(app: &App) {
    let good = app.token(Secretariat).expect("a token");
    let says = claims(&good);
    app.me(&signed(&says, SIGNING_KEY)).await.expect(200);
    let (_, signature) = good.rsplit_once('.').expect("a signature");
    let unsigned = |algorithm: &str, signature: &str| {
        let header = json!({ "alg": algorithm, "typ": "JWT" }).to_string();
        let parts = [header, says.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{}.{}.{signature}", parts[0], parts[1])
    };
    let mut later = says.clone();
    later["exp"] = json!(says["exp"].as_i64().expect("a moment") + 3600);
    let payload = URL_SAFE_NO_PAD.encode(later.to_string());
    let header = good.split('.').next().expect("a header");
    for forged in [
        signed(&says, b"another key, which whoever forges the token has made up"),
        signed(&says, b""),
        unsigned("none", ""),
        unsigned("None", signature),
        unsigned("HS512", signature),
        unsigned("RS256", signature),
        format!("{header}.{payload}.{signature}"),
        good.trim_end_matches(signature).to_string(),
    ] {
        app.me(&forged).await.expect_problem(401, "bad-token");
    }
}

async fn a_token_without_all_its_claims_is_refused(app: &App) {
    let says = claims(&app.token(Secretariat).expect("a token"));
    for name in ["exp", "iat", "iss", "aud", "sub", "jti", "sid"] {
        let mut without = says.clone();
        without.as_object_mut().expect("claims").remove(name);
        app.me(&signed(&without, SIGNING_KEY)).await.expect_problem(401, "bad-token");
    }
    for (name, other) in [
        ("iss", json!("another")),
        ("aud", json!("another-api")),
        ("sub", json!("stem@rn.dk")),
        ("exp", json!("never")),
        ("iat", json!(says["iat"].as_i64().expect("a moment") + 3600)),
    ] {
        let mut changed = says.clone();
        changed[name] = other;
        app.me(&signed(&changed, SIGNING_KEY)).await.expect_problem(401, "bad-token");
    }
}

async fn a_token_is_of_one_session_and_its_account(app: &App) {
    let secretariat = claims(&app.token(Secretariat).expect("a token"));
    let mut mixed = claims(&app.token(Holder).expect("a token"));
    mixed["sub"] = secretariat["sub"].clone();
    app.me(&signed(&mixed, SIGNING_KEY)).await.expect_problem(401, "session-ended");
    mixed["sid"] = json!("00000000-0000-0000-0000-000000000000");
    app.me(&signed(&mixed, SIGNING_KEY)).await.expect_problem(401, "session-ended");
}
