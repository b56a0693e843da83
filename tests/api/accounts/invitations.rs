//! Invitations: a link that the secretariat hands on, good once and for seven days.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use super::disable;
use crate::harness::{Answer, App, PASSWORD, Persona, Persona::*, last_part};

api_tests!(
    a_newcomer_is_invited_and_gets_in,
    an_account_accepts_signed_in,
    an_invitation_is_accepted_once,
    of_many_acceptances_at_once_one_works,
    two_programmes_may_invite_the_same_newcomer,
    an_invitation_lasts_seven_days,
    a_withdrawn_invitation_leads_nowhere,
    withdrawn_or_accepted_but_never_both,
    a_newcomer_gives_name_and_password,
    a_key_invites_once,
    a_role_goes_with_its_scope,
    only_the_secretariat_invites,
    who_has_the_role_is_not_invited_to_it,
    the_secretariat_sees_where_its_invitations_stand,
    a_link_is_no_other_link,
    a_disabled_account_does_not_accept,
);

const NEW: &str = "femten hummere under broen";
const MAIL: &str = "mette@kattegatcentret.dk";

/// An invitation to read Nordjylland.
fn to_read(app: &App, mail: &str) -> Value {
    json!({ "programme_id": app.world.nordjylland, "mail": mail, "role": "reader" })
}

async fn invite(app: &App, by: Persona, body: Value) -> Answer {
    app.post("/invitations").by(by).json(body).await
}

/// The id and the secret of an invitation to read Nordjylland.
async fn invited(app: &App, mail: &str) -> (String, String) {
    let made = invite(app, Secretariat, to_read(app, mail)).await.expect(201).json();
    let id = made["invitation"]["id"].as_str().expect("an id").to_string();
    (id, last_part(&made["link"]))
}

async fn preview(app: &App, secret: &str) -> Answer {
    app.get(&format!("/invitations/{secret}")).await
}

async fn accept(app: &App, secret: &str, token: Option<&str>, body: Value) -> Answer {
    let call = app.post(&format!("/invitations/{secret}/accept")).json(body);
    match token {
        Some(token) => call.with_token(token).await,
        None => call.await,
    }
}

fn newcomer() -> Value {
    json!({ "name": "Mette Kirkegaard", "password": NEW })
}

fn roles(me: &Value) -> Vec<&str> {
    let memberships = me["memberships"].as_array().expect("memberships");
    memberships.iter().map(|one| one["role"].as_str().expect("a role")).collect()
}

async fn a_newcomer_is_invited_and_gets_in(app: &App) {
    let body = json!({
        "programme_id": app.world.nordjylland,
        "mail": "Mette@Kattegatcentret.dk",
        "role": "contributor",
        "project_id": app.world.labstem,
        "organisation_id": app.world.aalborghus,
    });
    let made = invite(app, Secretariat, body).await.expect(201).json();
    let invitation = &made["invitation"];
    assert_eq!(invitation["mail"], MAIL);
    assert_eq!(invitation["state"], "open");
    assert_eq!(invitation["expires_at"], "2023-02-08T09:00:00Z");
    assert_eq!(invitation["scope"]["project"]["title"], "LabSTEM Nord");
    // Nobody gets in before they say yes.
    app.sign_in(MAIL, NEW).await.expect_problem(401, "wrong-credentials");

    let secret = last_part(&made["link"]);
    let shown = preview(app, &secret).await.expect(200).json();
    assert_eq!(shown["mail"], MAIL);
    assert_eq!(shown["role"], "contributor");
    assert_eq!(shown["has_account"], false);
    assert_eq!(shown["scope"], invitation["scope"]);

    let accepted = accept(app, &secret, None, newcomer()).await.expect(201).json();
    let session = app.session(MAIL, NEW).await;
    let me = app.me(&session.access).await.expect(200).json();
    assert_eq!(me["name"], "Mette Kirkegaard");
    assert_eq!(me["memberships"], json!([accepted]));
    assert_eq!(accepted["scope"]["organisation"]["name"], "Aalborghus Gymnasium");
    let project = format!("/projects/{}", app.world.labstem);
    app.get(&project).with_token(&session.access).await.expect(200);
}

async fn an_account_accepts_signed_in(app: &App) {
    let (_, secret) = invited(app, Holder.mail()).await;
    assert_eq!(preview(app, &secret).await.expect(200).json()["has_account"], true);
    // The link alone is no proof of being the account's owner.
    for body in [json!({}), newcomer()] {
        let refused = accept(app, &secret, None, body).await;
        refused.expect_problem(409, "sign-in-first");
    }
    let other = app.token(Reader).expect("a token");
    let refused = accept(app, &secret, Some(&other), json!({})).await;
    refused.expect_problem(409, "sign-in-first");
    accept(app, &secret, Some("x"), json!({})).await.expect_problem(401, "bad-token");

    let own = app.token(Holder).expect("a token");
    let accepted = accept(app, &secret, Some(&own), json!({})).await.expect(201).json();
    assert_eq!(accepted["role"], "reader");
    // At once, and with the session it has.
    let me = app.me(&own).await.expect(200).json();
    assert_eq!(roles(&me), ["holder", "reader"]);
    assert_eq!(me["name"], "Holder");
    app.session(Holder.mail(), PASSWORD).await;
}

async fn an_invitation_is_accepted_once(app: &App) {
    let (_, secret) = invited(app, MAIL).await;
    accept(app, &secret, None, newcomer()).await.expect(201);
    accept(app, &secret, None, newcomer()).await.expect_problem(409, "invitation-over");
    let own = app.session(MAIL, NEW).await;
    let again = accept(app, &secret, Some(&own.access), json!({})).await;
    again.expect_problem(409, "invitation-over");
    preview(app, &secret).await.expect_problem(409, "invitation-over");
    assert_eq!(roles(&app.me(&own.access).await.json()), ["reader"]);
}

async fn of_many_acceptances_at_once_one_works(app: &App) {
    let (_, secret) = invited(app, MAIL).await;
    let acceptances = (0..4).map(|_| accept(app, &secret, None, newcomer()));
    let mut worked = 0;
    for answer in join_all(acceptances).await {
        match answer.status {
            201 => worked += 1,
            _ => assert_eq!(answer.status, 409, "{answer:?}"),
        }
    }
    assert_eq!(worked, 1);
    let session = app.session(MAIL, NEW).await;
    assert_eq!(roles(&app.me(&session.access).await.json()), ["reader"]);
}

async fn two_programmes_may_invite_the_same_newcomer(app: &App) {
    let body = json!({ "programme_id": app.world.midtjylland, "mail": MAIL, "role": "reader" });
    let midt = invite(app, OtherSecretariat, body).await.expect(201).json();
    let (midt, (_, nord)) = (last_part(&midt["link"]), invited(app, MAIL).await);
    // Under the locks of two programmes, so at the same time in earnest.
    let one = accept(app, &nord, None, newcomer());
    let other = accept(app, &midt, None, newcomer());
    let (one, other) = join(one, other).await;
    let left = match (one.status, other.status) {
        (201, 409) => {
            other.expect_problem(409, "sign-in-first");
            midt
        }
        (409, 201) => {
            one.expect_problem(409, "sign-in-first");
            nord
        }
        _ => panic!("{one:?} {other:?}"),
    };
    // One account; the other invitation is still open, for whoever signs in to it.
    let session = app.session(MAIL, NEW).await;
    accept(app, &left, Some(&session.access), json!({})).await.expect(201);
    assert_eq!(roles(&app.me(&session.access).await.json()), ["reader", "reader"]);
}

async fn an_invitation_lasts_seven_days(app: &App) {
    const DAYS: i64 = 7 * 24 * 60 * 60;
    let (_, late) = invited(app, MAIL).await;
    app.clock.advance(DAYS);
    preview(app, &late).await.expect_problem(409, "invitation-over");
    accept(app, &late, None, newcomer()).await.expect_problem(409, "invitation-over");
    let (_, in_time) = invited(app, MAIL).await;
    app.clock.advance(DAYS - 1);
    preview(app, &in_time).await.expect(200);
    accept(app, &in_time, None, newcomer()).await.expect(201);
}

async fn a_withdrawn_invitation_leads_nowhere(app: &App) {
    let (id, secret) = invited(app, MAIL).await;
    let path = format!("/invitations/{id}");
    for by in [Reader, Holder, Contributor] {
        app.delete(&path).by(by).await.expect_problem(403, "secretariat-only");
    }
    app.delete(&path).by(OtherSecretariat).await.expect_problem(404, "not-found");
    app.delete(&path).await.expect_problem(401, "sign-in");
    preview(app, &secret).await.expect(200);

    app.delete(&path).by(Secretariat).await.expect(204);
    preview(app, &secret).await.expect_problem(409, "invitation-over");
    accept(app, &secret, None, newcomer()).await.expect_problem(409, "invitation-over");
    app.sign_in(MAIL, NEW).await.expect(401);
    app.delete(&path).by(Secretariat).await.expect(204);

    let (accepted, secret) = invited(app, MAIL).await;
    accept(app, &secret, None, newcomer()).await.expect(201);
    let refused = app.delete(&format!("/invitations/{accepted}")).by(Secretariat).await;
    refused.expect_problem(409, "invitation-over");
    // The id is no secret: it opens nothing.
    let call = app.get(&format!("/invitations/{accepted}"));
    call.await.expect_problem(404, "not-found");
}

async fn withdrawn_or_accepted_but_never_both(app: &App) {
    for round in 0..4 {
        let mail = format!("elev{round}@kattegatcentret.dk");
        let (id, secret) = invited(app, &mail).await;
        let withdrawing = async { app.delete(&format!("/invitations/{id}")).by(Secretariat).await };
        let (withdrawn, accepted) = join(withdrawing, accept(app, &secret, None, newcomer())).await;
        let both = (withdrawn.status, accepted.status);
        assert!([(204, 409), (409, 201)].contains(&both), "{withdrawn:?} {accepted:?}");
        let signed_in = app.sign_in(&mail, NEW).await.status;
        assert_eq!(signed_in, if accepted.status == 201 { 200 } else { 401 });
    }
}

async fn a_newcomer_gives_name_and_password(app: &App) {
    let (_, secret) = invited(app, MAIL).await;
    let nothing = accept(app, &secret, None, json!({})).await;
    nothing.expect_fault("/name", "required").expect_fault("/password", "required");
    let blank = json!({ "name": "   ", "password": "kort" });
    accept(app, &secret, None, blank).await.expect_fault("/name", "blank");
    let short = json!({ "password": "kort" });
    let short = accept(app, &secret, None, short).await;
    short.expect_fault("/name", "required").expect_fault("/password", "length");
    let own = json!({ "name": "Mette Kirkegaard", "password": "Mette.Kirkegaard-17" });
    let own = accept(app, &secret, None, own).await;
    own.expect_fault("/password", "password_own_name");
    let known = json!({ "name": "Mette Kirkegaard", "password": "adgangskode#2024!" });
    let known = accept(app, &secret, None, known).await;
    known.expect_fault("/password", "password_known");
    // None of that used it up.
    accept(app, &secret, None, newcomer()).await.expect(201);
}

async fn a_key_invites_once(app: &App) {
    let post = |key: &str, mail: &str| {
        app.post("/invitations").by(Secretariat).once(key).json(to_read(app, mail))
    };
    let first = post("a81f", MAIL).await.expect(201).json();
    // The answer that was lost comes again, with the same link.
    assert_eq!(post("a81f", MAIL).await.expect(201).json(), first);
    let other = post("a820", MAIL).await.expect(201).json();
    assert_ne!(other["link"], first["link"]);
    post("a81f", "en.anden@rn.dk").await.expect_problem(422, "key-reused");
    let path = format!("/programmes/{}/invitations", app.world.nordjylland);
    let list = app.get(&path).by(Secretariat).await.expect(200).json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
}

async fn a_role_goes_with_its_scope(app: &App) {
    let world = &app.world;
    let with = |role: &str, project: Value, organisation: Value| {
        json!({
            "programme_id": world.nordjylland, "mail": MAIL, "role": role,
            "project_id": project, "organisation_id": organisation,
        })
    };
    let (labstem, hjoerring) = (json!(world.labstem), json!(world.hjoerring));
    let none = || Value::Null;
    for (body, pointer, code) in [
        (with("holder", none(), none()), "/project_id", "required"),
        (with("contributor", none(), hjoerring.clone()), "/project_id", "required"),
        (with("contributor", labstem.clone(), none()), "/organisation_id", "required"),
        (with("reader", labstem.clone(), none()), "/project_id", "not_for_role"),
        (with("secretariat", none(), hjoerring.clone()), "/organisation_id", "not_for_role"),
        (with("holder", labstem.clone(), hjoerring.clone()), "/organisation_id", "not_for_role"),
        // Another programme's project or organisation, and none at all.
        (with("holder", json!(world.bstem), none()), "/project_id", "not_in_programme"),
        (with("holder", json!(world.hjoerring), none()), "/project_id", "not_in_programme"),
        (
            with("contributor", labstem.clone(), json!(world.holstebro)),
            "/organisation_id",
            "not_in_programme",
        ),
    ] {
        invite(app, Secretariat, body).await.expect_fault(pointer, code);
    }
    let both = with("contributor", json!(world.bstem), json!(world.holstebro));
    let both = invite(app, Secretariat, both).await;
    let both = both.expect_fault("/project_id", "not_in_programme");
    both.expect_fault("/organisation_id", "not_in_programme");

    for (mail, code) in [("kattegatcentret.dk", "email"), ("a b@rn.dk", "email")] {
        let refused = invite(app, Secretariat, to_read(app, mail)).await;
        refused.expect_fault("/mail", code);
    }
    let mut unknown = to_read(app, MAIL);
    unknown["role"] = json!("operator");
    let call = app.post("/invitations").by(Secretariat).json(unknown).deliberately_bad();
    call.await.expect(422);
    for good in [
        with("secretariat", none(), none()),
        with("reader", none(), none()),
        with("holder", labstem.clone(), none()),
        with("contributor", labstem, hjoerring),
    ] {
        invite(app, Secretariat, good).await.expect(201);
    }
}

async fn only_the_secretariat_invites(app: &App) {
    for by in [Reader, Holder, Contributor] {
        invite(app, by, to_read(app, MAIL)).await.expect_problem(403, "secretariat-only");
    }
    invite(app, OtherSecretariat, to_read(app, MAIL)).await.expect_problem(404, "not-found");
    invite(app, Nobody, to_read(app, MAIL)).await.expect_problem(401, "sign-in");
    let mut nowhere = to_read(app, MAIL);
    nowhere["programme_id"] = json!(app.world.labstem);
    invite(app, Secretariat, nowhere).await.expect_problem(404, "not-found");
}

async fn who_has_the_role_is_not_invited_to_it(app: &App) {
    let refused = invite(app, Secretariat, to_read(app, "STYREGRUPPE@rn.dk")).await;
    refused.expect_problem(409, "already-member");
    // Invited twice before saying yes: the second link gives nothing twice.
    let ((_, first), (_, second)) = (invited(app, MAIL).await, invited(app, MAIL).await);
    accept(app, &first, None, newcomer()).await.expect(201);
    let session = app.session(MAIL, NEW).await;
    accept(app, &second, Some(&session.access), json!({})).await.expect(201);
    assert_eq!(roles(&app.me(&session.access).await.json()), ["reader"]);
}

async fn the_secretariat_sees_where_its_invitations_stand(app: &App) {
    invited(app, "udloebet@rn.dk").await;
    app.clock.advance(7 * 24 * 60 * 60);
    let (withdrawn, _) = invited(app, "trukket@rn.dk").await;
    app.delete(&format!("/invitations/{withdrawn}")).by(Secretariat).await.expect(204);
    let (_, secret) = invited(app, MAIL).await;
    accept(app, &secret, None, newcomer()).await.expect(201);
    invited(app, "aaben@rn.dk").await;

    let path = format!("/programmes/{}/invitations", app.world.nordjylland);
    let list = app.get(&path).by(Secretariat).await.expect(200);
    // What opens an invitation is told once, to whoever made it.
    assert!(!list.text().contains(&secret), "{list:?}");
    let list = list.json();
    let items = list["items"].as_array().expect("items");
    let states: Vec<_> = items.iter().map(|item| item["state"].as_str().unwrap_or("")).collect();
    assert_eq!(states, ["open", "accepted", "withdrawn", "expired"]);
    let first = app.get(&format!("{path}?limit=3")).by(Secretariat).await.expect(200).json();
    let cursor = first["next_cursor"].as_str().expect("more");
    let rest = app.get(&format!("{path}?limit=3&cursor={cursor}")).by(Secretariat).await;
    assert_eq!(rest.expect(200).json()["items"], json!([items[3]]));

    for by in [Reader, Holder, Contributor] {
        app.get(&path).by(by).await.expect_problem(403, "secretariat-only");
    }
    app.get(&path).by(OtherSecretariat).await.expect_problem(404, "not-found");
}

async fn a_link_is_no_other_link(app: &App) {
    let (_, secret) = invited(app, MAIL).await;
    let reset = format!("/auth/password-resets/{secret}");
    let refused = app.post(&reset).json(json!({ "password": NEW })).await;
    refused.expect_problem(404, "not-found");
    let body = json!({ "mail": Holder.mail() });
    let link = app.post("/auth/password-resets").by(Secretariat).json(body).await.expect(201);
    let link = last_part(&link.json()["link"]);
    for unknown in [link.as_str(), "x", "%00", "%c3%a6"] {
        let call = app.get(&format!("/invitations/{unknown}")).deliberately_bad();
        call.await.expect_problem(404, "not-found");
        let call = app.post(&format!("/invitations/{unknown}/accept")).json(newcomer());
        call.deliberately_bad().await.expect_problem(404, "not-found");
    }
    preview(app, &secret).await.expect(200);
}

async fn a_disabled_account_does_not_accept(app: &App) {
    let (_, secret) = invited(app, Holder.mail()).await;
    let own = app.token(Holder).expect("a token");
    disable(app, app.account(Holder)).await;
    let refused = accept(app, &secret, Some(&own), json!({})).await;
    refused.expect_problem(401, "session-ended");
    accept(app, &secret, None, newcomer()).await.expect_problem(409, "sign-in-first");
}
