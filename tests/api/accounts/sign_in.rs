//! Signing in: with the right password only, at the pace of a person, in one way of saying no.

use futures_util::future::join_all;
use serde_json::json;

use super::{disable, enable};
use crate::harness::{Answer, App, PASSWORD, Persona::*, Session};

api_tests!(
    the_right_password_signs_in,
    a_mail_address_is_one_however_it_is_typed,
    a_wrong_password_and_an_unknown_account_look_alike,
    a_password_is_never_repeated,
    after_five_failures_there_is_a_wait,
    an_account_is_never_locked,
    an_unknown_account_is_slowed_down_too,
    tries_at_once_are_all_counted,
    a_full_queue_asks_to_come_again,
    a_disabled_account_is_out_at_once,
    signing_out_ends_the_session_at_once,
);

const WRONG: &str = "Limfjorden fryser hver vinter";

/// What an answer says, without what is its own.
fn said(answer: &Answer) -> serde_json::Value {
    let mut said = answer.json();
    said["request_id"].take();
    said
}

async fn the_right_password_signs_in(app: &App) {
    let answer = app.sign_in(Secretariat.mail(), PASSWORD).await.expect(200);
    let said = answer.json();
    assert_eq!(said["token_type"], "Bearer");
    assert_eq!(said["expires_in"], 15 * 60);
    assert_eq!(said["refresh_expires_in"], 30 * 24 * 60 * 60);
    let me = app.me(&Session::of(&answer).access).await.expect(200).json();
    assert_eq!(me["id"], app.account(Secretariat).to_string());
    // Each sign-in is a session of its own.
    let other = Session::of(&app.sign_in(Secretariat.mail(), PASSWORD).await.expect(200));
    assert_ne!(other.access, Session::of(&answer).access);
    assert_ne!(other.refresh, Session::of(&answer).refresh);
}

async fn a_mail_address_is_one_however_it_is_typed(app: &App) {
    for mail in ["STEM@RN.dk", "Stem@rn.DK", "  stem@rn.dk "] {
        let session = app.session(mail, PASSWORD).await;
        assert_eq!(app.me(&session.access).await.expect(200).json()["mail"], "stem@rn.dk");
    }
}

async fn a_wrong_password_and_an_unknown_account_look_alike(app: &App) {
    let wrong = app.sign_in(Secretariat.mail(), WRONG).await;
    let wrong = wrong.expect_problem(401, "wrong-credentials");
    for (mail, password) in [
        ("ukendt@rn.dk", PASSWORD),
        ("ingen adresse", PASSWORD),
        (Secretariat.mail(), ""),
        (Secretariat.mail(), "limfjorden fryser sjældent til"),
        (Secretariat.mail(), "Limfjorden fryser sjældent til "),
    ] {
        let answer = app.sign_in(mail, password).await.expect(401);
        assert_eq!(said(&answer), said(&wrong), "{mail} {password}");
    }
}

async fn a_password_is_never_repeated(app: &App) {
    let body = json!({ "mail": Secretariat.mail(), "password": 98_765_432 });
    let answer = app.post("/auth/sign-in").json(body).deliberately_bad().await.expect(422);
    assert!(!answer.text().contains("98765432"), "{answer:?}");
    let answer = app.sign_in(Secretariat.mail(), WRONG).await.expect(401);
    assert!(!answer.text().contains("Limfjorden"), "{answer:?}");
    let answer = app.post("/auth/sign-in").json(json!({})).deliberately_bad().await;
    answer.expect_fault("/mail", "required");
}

/// Fails that often, each time as soon as it may.
async fn fail(app: &App, mail: &str, times: usize) {
    for _ in 0..times {
        app.sign_in(mail, WRONG).await.expect_problem(401, "wrong-credentials");
    }
}

/// Seconds to wait, of a refusal that says so.
fn wait(answer: Answer) -> i64 {
    let answer = answer.expect_problem(429, "slow-down");
    answer.header("retry-after").expect("a Retry-After").parse().expect("seconds")
}

async fn after_five_failures_there_is_a_wait(app: &App) {
    fail(app, Holder.mail(), 5).await;
    // The right password has to wait as well, or guessing would go on at full speed.
    assert_eq!(wait(app.sign_in(Holder.mail(), PASSWORD).await), 1);
    assert_eq!(wait(app.sign_in("LabSTEM@aau.dk", PASSWORD).await), 1);
    // Others are not held up, nor who is signed in already.
    app.session(Reader.mail(), PASSWORD).await;
    app.get("/me").by(Holder).await.expect(200);

    app.clock.advance(1);
    fail(app, Holder.mail(), 1).await;
    assert_eq!(wait(app.sign_in(Holder.mail(), PASSWORD).await), 2);
    app.clock.advance(2);
    app.session(Holder.mail(), PASSWORD).await;
    // Success wipes the slate.
    fail(app, Holder.mail(), 5).await;
    assert_eq!(wait(app.sign_in(Holder.mail(), PASSWORD).await), 1);
}

async fn an_account_is_never_locked(app: &App) {
    fail(app, Holder.mail(), 5).await;
    for _ in 0..8 {
        let seconds = wait(app.sign_in(Holder.mail(), WRONG).await);
        assert!((1..=60).contains(&seconds), "{seconds}");
        app.clock.advance(seconds);
        fail(app, Holder.mail(), 1).await;
    }
    let seconds = wait(app.sign_in(Holder.mail(), PASSWORD).await);
    assert_eq!(seconds, 60);
    // Being refused doesn't make the wait longer.
    app.clock.advance(seconds - 1);
    assert_eq!(wait(app.sign_in(Holder.mail(), PASSWORD).await), 1);
    app.clock.advance(1);
    app.session(Holder.mail(), PASSWORD).await;
}

async fn an_unknown_account_is_slowed_down_too(app: &App) {
    fail(app, "ukendt@rn.dk", 5).await;
    fail(app, Reader.mail(), 5).await;
    let unknown = app.sign_in("ukendt@rn.dk", WRONG).await.expect(429);
    let known = app.sign_in(Reader.mail(), WRONG).await.expect(429);
    assert_eq!(said(&unknown), said(&known));
    assert_eq!(wait(unknown), wait(known));
}

async fn tries_at_once_are_all_counted(app: &App) {
    let tries = (0..12).map(|_| app.sign_in(Holder.mail(), WRONG));
    let answers = join_all(tries).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(401), with(429)), (5, 7));
}

async fn a_full_queue_asks_to_come_again(app: &App) {
    let small = App::with_queue(app.store.engine(), 1).await;
    let mails = (0..20).map(|number| format!("elev{number}@rn.dk"));
    let tries: Vec<_> = mails.map(|mail| async { small.sign_in(&{ mail }, WRONG).await }).collect();
    let answers = join_all(tries).await;
    let mut busy = 0;
    for answer in answers {
        if answer.status == 503 {
            let answer = answer.expect_problem(503, "busy");
            assert_eq!(answer.header("retry-after"), Some("1"));
            busy += 1;
        } else {
            answer.expect_problem(401, "wrong-credentials");
        }
    }
    assert!((1..20).contains(&busy), "{busy}");
    // Reading goes on meanwhile and after, and so does signing in.
    small.session(Secretariat.mail(), PASSWORD).await;
}

async fn a_disabled_account_is_out_at_once(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    disable(app, app.account(Holder)).await;
    app.me(&session.access).await.expect_problem(401, "session-ended");
    app.get("/me").by(Holder).await.expect_problem(401, "session-ended");
    app.refresh(&session.refresh).await.expect_problem(401, "session-ended");
    app.sign_in(Holder.mail(), PASSWORD).await.expect_problem(401, "account-disabled");
    // Only the owner is told.
    app.sign_in(Holder.mail(), WRONG).await.expect_problem(401, "wrong-credentials");

    enable(app, app.account(Holder)).await;
    app.me(&session.access).await.expect_problem(401, "session-ended");
    app.refresh(&session.refresh).await.expect_problem(401, "session-ended");
    let again = app.session(Holder.mail(), PASSWORD).await;
    let roles = app.me(&again.access).await.expect(200).json()["memberships"].clone();
    assert_eq!(roles.as_array().map(Vec::len), Some(1));
}

async fn signing_out_ends_the_session_at_once(app: &App) {
    let phone = app.session(Holder.mail(), PASSWORD).await;
    let desk = app.session(Holder.mail(), PASSWORD).await;
    app.post("/auth/sign-out").with_token(&phone.access).await.expect(204);
    app.me(&phone.access).await.expect_problem(401, "session-ended");
    app.refresh(&phone.refresh).await.expect_problem(401, "session-ended");
    app.post("/auth/sign-out").with_token(&phone.access).await.expect(401);
    app.post("/auth/sign-out").await.expect_problem(401, "sign-in");
    // The other one goes on.
    app.me(&desk.access).await.expect(200);
    app.refresh(&desk.refresh).await.expect(200);
}
