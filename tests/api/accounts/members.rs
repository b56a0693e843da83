//! Roles: who has which, what it lets one do, and that it ends at once.

use futures_util::future::join;
use maaltal::accounts::{Role, Scope};
use serde_json::{Value, json};

use super::{disable, enable, grant};
use crate::harness::{App, PASSWORD, Persona, Persona::*, last_part};

api_tests!(
    an_account_knows_itself_and_what_it_may,
    the_secretariat_sees_who_has_which_role,
    members_come_in_pages,
    a_role_ends_at_the_very_next_request,
    the_last_secretariat_stays,
    of_two_who_remove_each_other_one_stays,
    only_the_secretariat_takes_roles_away,
    a_contributor_sees_its_project_only,
    an_account_may_have_several_roles,
    the_trail_tells_who_did_what_and_names_nobody,
);

fn members(app: &App) -> String {
    format!("/programmes/{}/members", app.world.nordjylland)
}

fn nord(app: &App) -> Scope {
    Scope::programme(app.world.nordjylland)
}

async fn items(app: &App, path: &str, by: Persona) -> Vec<Value> {
    let list = app.get(path).by(by).await.expect(200).json();
    list["items"].as_array().expect("items").clone()
}

fn texts<'a>(items: &'a [Value], pointer: &str) -> Vec<&'a str> {
    items.iter().filter_map(|item| item.pointer(pointer)?.as_str()).collect()
}

/// The id of the persona's first role in Nordjylland.
async fn role_of(app: &App, persona: Persona) -> String {
    let account = app.account(persona).to_string();
    let items = items(app, &members(app), Secretariat).await;
    let found = items.iter().find(|item| item["user_id"] == account.as_str()).expect("a member");
    found["id"].as_str().expect("an id").to_string()
}

async fn an_account_knows_itself_and_what_it_may(app: &App) {
    let all = json!([
        "read",
        "post_counts",
        "propose_targets",
        "agree_targets",
        "write_reports",
        "approve_reports",
        "invite",
        "export",
    ]);
    for (persona, role, may) in [
        (Secretariat, "secretariat", all),
        (Reader, "reader", json!(["read", "export"])),
        (Holder, "holder", json!(["read", "post_counts", "propose_targets", "write_reports"])),
        (Contributor, "contributor", json!(["read", "post_counts"])),
    ] {
        let me = app.get("/me").by(persona).await.expect(200).json();
        assert_eq!(me["id"], app.account(persona).to_string());
        assert_eq!(me["mail"], persona.mail());
        assert_eq!(me["memberships"].as_array().map(Vec::len), Some(1));
        let one = &me["memberships"][0];
        assert_eq!((&one["role"], &one["may"]), (&json!(role), &may));
        assert_eq!(one["scope"]["programme"]["code"], "nordjylland");
        let has_project = matches!(persona, Holder | Contributor);
        let project = if has_project { json!("labstem-nord") } else { Value::Null };
        assert_eq!(one["scope"]["project"]["code"], project);
        let is_contributor = persona == Contributor;
        let own = if is_contributor { json!("hjoerring-gymnasium") } else { Value::Null };
        assert_eq!(one["scope"]["organisation"]["code"], own);
    }
    app.get("/me").await.expect_problem(401, "sign-in");
}

async fn the_secretariat_sees_who_has_which_role(app: &App) {
    let found = items(app, &members(app), Secretariat).await;
    assert_eq!(texts(&found, "/role"), ["secretariat", "reader", "holder", "contributor"]);
    let people = [Secretariat, Reader, Holder, Contributor];
    assert_eq!(texts(&found, "/mail"), people.map(Persona::mail));
    assert_eq!(found[2]["scope"]["project"]["title"], "LabSTEM Nord");
    assert_eq!(found[2]["since"], "2022-01-10T08:00:00Z");
    assert_eq!(found[2]["disabled"], false);
    disable(app, app.account(Holder)).await;
    assert_eq!(items(app, &members(app), Secretariat).await[2]["disabled"], true);

    for by in [Reader, Contributor] {
        app.get(&members(app)).by(by).await.expect_problem(403, "secretariat-only");
    }
    app.get(&members(app)).by(OtherSecretariat).await.expect_problem(404, "not-found");
    app.get(&members(app)).await.expect_problem(401, "sign-in");
}

async fn members_come_in_pages(app: &App) {
    let all = items(app, &members(app), Secretariat).await;
    let first = app.get(&format!("{}?limit=3", members(app))).by(Secretariat).await.expect(200);
    let first = first.json();
    let cursor = first["next_cursor"].as_str().expect("more");
    let path = format!("{}?limit=3&cursor={cursor}", members(app));
    let last = app.get(&path).by(Secretariat).await.expect(200).json();
    assert_eq!(first["items"], json!(all[..3]));
    assert_eq!(last["items"], json!(all[3..]));
    assert_eq!(last["next_cursor"], Value::Null);
}

async fn a_role_ends_at_the_very_next_request(app: &App) {
    let session = app.session(Holder.mail(), PASSWORD).await;
    let project = format!("/projects/{}", app.world.labstem);
    let programme = format!("/programmes/{}", app.world.nordjylland);
    app.get(&project).with_token(&session.access).await.expect(200);
    let role = role_of(app, Holder).await;
    app.delete(&format!("/members/{role}")).by(Secretariat).await.expect(204);
    // The same token: it says who calls, not what they may.
    for path in [&project, &programme] {
        let answer = app.get(path).with_token(&session.access).await;
        answer.expect_problem(404, "not-found");
    }
    // The account itself goes on, with nothing to see.
    let me = app.me(&session.access).await.expect(200).json();
    assert_eq!(me["memberships"], json!([]));
    app.session(Holder.mail(), PASSWORD).await;
    app.delete(&format!("/members/{role}")).by(Secretariat).await.expect_problem(404, "not-found");
}

async fn the_last_secretariat_stays(app: &App) {
    let own = role_of(app, Secretariat).await;
    let remove = || async { app.delete(&format!("/members/{own}")).by(Secretariat).await };
    remove().await.expect_problem(409, "last-secretariat");
    // Somebody who can't sign in runs nothing.
    let second = grant(app, app.account(Reader), Role::Secretariat, nord(app)).await;
    disable(app, app.account(Reader)).await;
    remove().await.expect_problem(409, "last-secretariat");
    enable(app, app.account(Reader)).await;
    remove().await.expect(204);
    app.get(&members(app)).by(Secretariat).await.expect_problem(404, "not-found");
    let reader = app.session(Reader.mail(), PASSWORD).await;
    let call = app.delete(&format!("/members/{second}")).with_token(&reader.access);
    call.await.expect_problem(409, "last-secretariat");
}

async fn of_two_who_remove_each_other_one_stays(app: &App) {
    let first = role_of(app, Secretariat).await;
    let second = grant(app, app.account(OtherSecretariat), Role::Secretariat, nord(app)).await;
    let one = async { app.delete(&format!("/members/{second}")).by(Secretariat).await };
    let other = async { app.delete(&format!("/members/{first}")).by(OtherSecretariat).await };
    let (one, other) = join(one, other).await;
    let removed = [&one, &other].iter().filter(|answer| answer.status == 204).count();
    assert_eq!(removed, 1, "{one:?} {other:?}");
    // Too late: either it is the last one by then, or has nothing to say any more.
    let late = if one.status == 204 { other } else { one };
    assert!([404, 409].contains(&late.status), "{late:?}");
}

async fn only_the_secretariat_takes_roles_away(app: &App) {
    let role = role_of(app, Contributor).await;
    let path = format!("/members/{role}");
    for by in [Reader, Holder, Contributor] {
        app.delete(&path).by(by).await.expect_problem(403, "secretariat-only");
    }
    app.delete(&path).by(OtherSecretariat).await.expect_problem(404, "not-found");
    app.delete(&path).await.expect_problem(401, "sign-in");
    let unknown = format!("/members/{}", app.world.labstem);
    app.delete(&unknown).by(Secretariat).await.expect_problem(404, "not-found");
    app.get("/me").by(Contributor).await.expect(200);
    app.delete(&path).by(Secretariat).await.expect(204);
}

async fn a_contributor_sees_its_project_only(app: &App) {
    let path = format!("/programmes/{}/projects", app.world.nordjylland);
    let codes = |items: Vec<Value>| texts(&items, "/code").join(" ");
    for by in [Contributor, Holder] {
        assert_eq!(codes(items(app, &path, by).await), "labstem-nord");
    }
    for by in [Secretariat, Reader] {
        assert_eq!(items(app, &path, by).await.len(), 2);
    }
    app.get(&format!("/projects/{}", app.world.labstem)).by(Contributor).await.expect(200);
    for foreign in [app.world.kram, app.world.bstem] {
        let answer = app.get(&format!("/projects/{foreign}")).by(Contributor).await;
        answer.expect_problem(404, "not-found");
    }
    let foreign = format!("/programmes/{}/projects", app.world.midtjylland);
    app.get(&foreign).by(Contributor).await.expect_problem(404, "not-found");
    assert_eq!(codes(items(app, "/programmes", Contributor).await), "nordjylland");
}

async fn an_account_may_have_several_roles(app: &App) {
    let (world, user) = (&app.world, app.account(Contributor));
    let kram = Scope::project(world.nordjylland, world.kram);
    let second = grant(app, user, Role::Holder, kram).await;
    // The same role again is the same role.
    assert_eq!(grant(app, user, Role::Holder, kram).await, second);
    grant(app, user, Role::Reader, Scope::programme(world.midtjylland)).await;

    let me = app.get("/me").by(Contributor).await.expect(200).json();
    let roles = me["memberships"].as_array().expect("memberships");
    assert_eq!(texts(roles, "/role"), ["contributor", "holder", "reader"]);
    let path = format!("/programmes/{}/projects", world.nordjylland);
    assert_eq!(items(app, &path, Contributor).await.len(), 2);
    assert_eq!(items(app, "/programmes", Contributor).await.len(), 2);
    app.get(&format!("/projects/{}", world.bstem)).by(Contributor).await.expect(200);

    // One of them ends, the others stay.
    app.delete(&format!("/members/{second}")).by(Secretariat).await.expect(204);
    app.get(&format!("/projects/{}", world.kram)).by(Contributor).await.expect(404);
    app.get(&format!("/projects/{}", world.labstem)).by(Contributor).await.expect(200);
    app.get(&format!("/projects/{}", world.bstem)).by(Contributor).await.expect(200);
}

async fn the_trail_tells_who_did_what_and_names_nobody(app: &App) {
    let body = |mail: &str| json!({ "programme_id": app.world.nordjylland, "mail": mail, "role": "reader" });
    let post = |mail: &str| app.post("/invitations").by(Secretariat).json(body(mail));
    let withdrawn = post("trukket@rn.dk").await.expect(201).json();
    let id = withdrawn["invitation"]["id"].as_str().expect("an id");
    app.delete(&format!("/invitations/{id}")).by(Secretariat).await.expect(204);
    let made = post("mette@kattegatcentret.dk").await.expect(201).json();
    let secret = last_part(&made["link"]);
    let newcomer = json!({ "name": "Mette Kirkegaard", "password": "femten hummere under broen" });
    let call = app.post(&format!("/invitations/{secret}/accept")).json(newcomer);
    let role = call.await.expect(201).json()["id"].as_str().expect("an id").to_string();
    let session = app.session("mette@kattegatcentret.dk", "femten hummere under broen").await;
    let mette = app.me(&session.access).await.json()["id"].clone();
    app.delete(&format!("/members/{role}")).by(Secretariat).await.expect(204);

    let path = format!("/programmes/{}/audit?limit=7", app.world.nordjylland);
    let trail = app.get(&path).by(Secretariat).await.expect(200);
    for personal in ["Mette", "Kirkegaard", "kattegatcentret", "rn.dk", "@", secret.as_str()] {
        assert!(!trail.text().contains(personal), "{personal} in {trail:?}");
    }
    let trail = trail.json();
    let entries = trail["items"].as_array().expect("items");
    let expected = [
        "membership.removed",
        "membership.granted",
        "invitation.accepted",
        "user.created",
        "invitation.created",
        "invitation.withdrawn",
        "invitation.created",
    ];
    assert_eq!(texts(entries, "/action"), expected);
    let secretariat = json!(app.account(Secretariat).to_string());
    let by: Vec<&Value> = entries.iter().map(|entry| &entry["actor_id"]).collect();
    let (s, m) = (&secretariat, &mette);
    assert_eq!(by, [s, m, m, m, s, s, s]);
    assert_eq!(entries[0]["entity_id"], role.as_str());
    // The role itself is gone, so its entry says what it was.
    let reason = entries[0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("reader") && reason.contains(mette.as_str().expect("an id")));
}
