//! Passwords: changed by their owner, or set anew with a link from the secretariat.

use futures_util::future::join_all;
use maaltal::accounts::{Role, Scope};
use serde_json::{Value, json};

use super::{disable, grant};
use crate::harness::{Answer, App, PASSWORD, Persona, Persona::*, last_part};

api_tests!(
    a_change_ends_every_session,
    a_change_takes_the_current_password,
    guessing_the_current_password_is_slowed_down,
    what_is_quickly_guessed_is_no_password,
    a_link_sets_a_new_password_once,
    of_many_uses_of_a_link_at_once_one_works,
    a_link_is_made_by_a_secretariat_for_its_own_accounts,
    no_link_is_made_for_an_account_with_roles_elsewhere,
    a_link_ends_with_what_it_was_made_on,
    a_link_lasts_a_day,
    a_bad_password_does_not_use_up_the_link,
    a_link_ends_with_the_next_change,
    a_disabled_account_has_no_link,
    a_link_ends_the_wait_of_failed_tries,
    a_key_makes_one_link,
);

const NEW: &str = "femten hummere under broen";
const OTHER: &str = "atten sæler på molen i Hirtshals";

async fn change(app: &App, token: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "password": new });
    app.post("/auth/password").with_token(token).json(body).await
}

async fn ask(app: &App, by: Persona, mail: &str) -> Answer {
    app.post("/auth/password-resets").by(by).json(json!({ "mail": mail })).await
}

/// A link for the holder's account: its secret.
async fn link(app: &App) -> String {
    last_part(&ask(app, Secretariat, Holder.mail()).await.expect(201).json()["link"])
}

async fn reset(app: &App, secret: &str, new: &str) -> Answer {
    app.post(&format!("/auth/password-resets/{secret}")).json(json!({ "password": new })).await
}

async fn a_change_ends_every_session(app: &App) {
    let desk = app.session(Holder.mail(), PASSWORD).await;
    let phone = app.session(Holder.mail(), PASSWORD).await;
    change(app, &desk.access, PASSWORD, NEW).await.expect(204);
    for session in [desk, phone] {
        app.me(&session.access).await.expect_problem(401, "session-ended");
        app.refresh(&session.refresh).await.expect_problem(401, "session-ended");
    }
    app.get("/me").by(Holder).await.expect_problem(401, "session-ended");
    app.sign_in(Holder.mail(), PASSWORD).await.expect_problem(401, "wrong-credentials");
    app.session(Holder.mail(), NEW).await;
    // Others keep theirs.
    app.get("/me").by(Reader).await.expect(200);
}

async fn a_change_takes_the_current_password(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    let refused = change(app, &session.access, "noget helt andet her", NEW).await;
    refused.expect_fault("/current_password", "wrong_password");
    let call = app.post("/auth/password").with_token(&session.access);
    let call = call.json(json!({ "password": NEW })).deliberately_bad();
    call.await.expect_fault("/current_password", "required");
    let body = json!({ "current_password": PASSWORD, "password": NEW });
    app.post("/auth/password").json(body).await.expect_problem(401, "sign-in");
    app.me(&session.access).await.expect(200);
    app.session(Holder.mail(), PASSWORD).await;
}

async fn guessing_the_current_password_is_slowed_down(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    for _ in 0..5 {
        change(app, &session.access, "et gæt mere", NEW).await.expect(422);
    }
    let refused = change(app, &session.access, PASSWORD, NEW).await;
    let refused = refused.expect_problem(429, "slow-down");
    assert_eq!(refused.header("retry-after"), Some("1"));
    app.clock.advance(1);
    change(app, &session.access, PASSWORD, NEW).await.expect(204);
}

/// Each with why it is refused, for styregruppe@rn.dk.
const GUESSED: [(&str, &str); 7] = [
    ("kort", "length"),
    ("", "length"),
    ("aaaaaaaaaaaaaaaaa", "password_repeats"),
    ("123456789012345", "password_in_a_row"),
    ("Password-2024-2025", "password_known"),
    ("Sommer2024Danmark", "password_known"),
    ("Styregruppe-2023-rn", "password_own_name"),
];

async fn what_is_quickly_guessed_is_no_password(app: &App) {
    let session = app.session(Reader.mail(), PASSWORD).await;
    let made = ask(app, Secretariat, Reader.mail()).await.expect(201);
    let link = last_part(&made.json()["link"]);
    for (password, code) in GUESSED {
        let refused = change(app, &session.access, PASSWORD, password).await;
        let refused = refused.expect_fault("/password", code);
        assert!(password.is_empty() || !refused.text().contains(password), "{refused:?}");
        reset(app, &link, password).await.expect_fault("/password", code);
    }
    let too_long = "kø".repeat(129);
    change(app, &session.access, PASSWORD, &too_long).await.expect_fault("/password", "length");
    // Long and one's own is enough: no rule asks for signs or capitals.
    let longest: String = (0..64).map(|number| format!("{:03}.", number * 83 % 997)).collect();
    let plain = "uden tal eller store bogstaver";
    change(app, &session.access, PASSWORD, plain).await.expect(204);
    let session = app.session(Reader.mail(), plain).await;
    change(app, &session.access, plain, &longest).await.expect(204);
    app.session(Reader.mail(), &longest).await;
}

async fn a_link_sets_a_new_password_once(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    let made = ask(app, Secretariat, "LabSTEM@AAU.dk").await.expect(201).json();
    assert_eq!(made["mail"], Holder.mail());
    assert_eq!(made["expires_at"], "2023-02-02T09:00:00Z");
    let secret = last_part(&made["link"]);
    // The link alone changes nothing.
    app.me(&session.access).await.expect(200);

    reset(app, &secret, NEW).await.expect(204);
    app.me(&session.access).await.expect_problem(401, "session-ended");
    app.refresh(&session.refresh).await.expect_problem(401, "session-ended");
    app.sign_in(Holder.mail(), PASSWORD).await.expect_problem(401, "wrong-credentials");
    app.session(Holder.mail(), NEW).await;

    reset(app, &secret, OTHER).await.expect_problem(409, "reset-over");
    app.session(Holder.mail(), NEW).await;
    for unknown in ["x", "%20", &secret.to_lowercase()] {
        reset(app, unknown, OTHER).await.expect_problem(404, "not-found");
    }
}

async fn of_many_uses_of_a_link_at_once_one_works(app: &App) {
    let secret = link(app).await;
    let passwords = [NEW, OTHER, "tolv tejster ved Læsø Trindel"];
    let answers = join_all(passwords.map(|password| reset(app, &secret, password))).await;
    let mut worked = Vec::new();
    for (answer, password) in answers.into_iter().zip(passwords) {
        match answer.status {
            204 => worked.push(password),
            _ => drop(answer.expect_problem(409, "reset-over")),
        }
    }
    assert_eq!(worked.len(), 1, "{worked:?}");
    app.session(Holder.mail(), worked[0]).await;
}

async fn a_link_is_made_by_a_secretariat_for_its_own_accounts(app: &App) {
    for by in [Reader, Holder, Contributor] {
        ask(app, by, by.mail()).await.expect_problem(403, "secretariat-only");
        // Nor are they told who has an account.
        ask(app, by, "ukendt@rn.dk").await.expect_problem(403, "secretariat-only");
    }
    ask(app, Nobody, Holder.mail()).await.expect_problem(401, "sign-in");
    // Another programme's account and none at all look alike.
    let body = |answer: Answer| {
        let mut body: Value = answer.expect_problem(404, "not-found").json();
        body["request_id"].take();
        body
    };
    let foreign = body(ask(app, OtherSecretariat, Holder.mail()).await);
    assert_eq!(foreign, body(ask(app, OtherSecretariat, "ukendt@rn.dk").await));
    assert_eq!(foreign, body(ask(app, Secretariat, OtherSecretariat.mail()).await));
}

async fn no_link_is_made_for_an_account_with_roles_elsewhere(app: &App) {
    let secret = link(app).await;
    let scope = Scope::programme(app.world.midtjylland);
    let role = grant(app, app.account(Holder), Role::Reader, scope).await;
    let refused = ask(app, Secretariat, Holder.mail()).await;
    refused.expect_problem(403, "account-elsewhere");
    ask(app, OtherSecretariat, Holder.mail()).await.expect_problem(403, "account-elsewhere");
    // Nor is a link any good that was made before the role was given.
    reset(app, &secret, NEW).await.expect_problem(409, "reset-over");
    app.session(Holder.mail(), PASSWORD).await;

    app.delete(&format!("/members/{role}")).by(OtherSecretariat).await.expect(204);
    ask(app, Secretariat, Holder.mail()).await.expect(201);
}

async fn a_link_ends_with_what_it_was_made_on(app: &App) {
    let nord = Scope::programme(app.world.nordjylland);
    let role = grant(app, app.account(Reader), Role::Secretariat, nord).await;
    let made = ask(app, Reader, Holder.mail()).await.expect(201).json();
    let secret = last_part(&made["link"]);
    app.delete(&format!("/members/{role}")).by(Secretariat).await.expect(204);
    reset(app, &secret, NEW).await.expect_problem(409, "reset-over");
    app.session(Holder.mail(), PASSWORD).await;
}

async fn a_link_lasts_a_day(app: &App) {
    let (first, second) = (link(app).await, link(app).await);
    assert_ne!(first, second);
    app.clock.advance(24 * 60 * 60);
    reset(app, &first, NEW).await.expect_problem(409, "reset-over");
    reset(app, &second, NEW).await.expect_problem(409, "reset-over");
    let third = link(app).await;
    app.clock.advance(24 * 60 * 60 - 1);
    reset(app, &third, NEW).await.expect(204);
}

async fn a_bad_password_does_not_use_up_the_link(app: &App) {
    let secret = link(app).await;
    reset(app, &secret, "kort").await.expect_fault("/password", "length");
    let path = format!("/auth/password-resets/{secret}");
    app.post(&path).json(json!({})).deliberately_bad().await.expect_fault("/password", "required");
    reset(app, &secret, NEW).await.expect(204);
}

async fn a_link_ends_with_the_next_change(app: &App) {
    let (first, second) = (link(app).await, link(app).await);
    reset(app, &first, NEW).await.expect(204);
    reset(app, &second, OTHER).await.expect_problem(409, "reset-over");
    let third = link(app).await;
    let session = app.session(Holder.mail(), NEW).await;
    change(app, &session.access, NEW, PASSWORD).await.expect(204);
    reset(app, &third, OTHER).await.expect_problem(409, "reset-over");
}

async fn a_disabled_account_has_no_link(app: &App) {
    let secret = link(app).await;
    disable(app, app.account(Holder)).await;
    reset(app, &secret, NEW).await.expect_problem(409, "reset-over");
    let refused = ask(app, Secretariat, Holder.mail()).await;
    refused.expect_problem(409, "account-is-disabled");
}

async fn a_link_ends_the_wait_of_failed_tries(app: &App) {
    for _ in 0..5 {
        app.sign_in(Holder.mail(), "glemt igen").await.expect(401);
    }
    app.sign_in(Holder.mail(), PASSWORD).await.expect(429);
    reset(app, &link(app).await, NEW).await.expect(204);
    app.session(Holder.mail(), NEW).await;
}

async fn a_key_makes_one_link(app: &App) {
    let body = json!({ "mail": Holder.mail() });
    let post = |key: &str| {
        let call = app.post("/auth/password-resets").by(Secretariat).once(key);
        call.json(body.clone())
    };
    let first = post("c9d1").await.expect(201).json();
    assert_eq!(post("c9d1").await.expect(201).json(), first);
    assert_ne!(post("c9d2").await.expect(201).json()["link"], first["link"]);
}
