//! Who may do what: every route, by every persona, on its own things, on others' and on nothing.
//! A route of `openapi.yaml` without a line here fails.

mod bodies;
mod table;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::bodies::*;
use self::table::{Of::*, TABLE};
use crate::harness::{App, Call, Persona, contract};
use crate::surveys::definition;

api_tests!(everybody_gets_what_is_theirs);

/// One of everything, somewhere.
#[derive(Debug, Clone)]
struct Things {
    programme: String,
    organisation_code: String,
    organisation: String,
    project: String,
    activity: String,
    indicator: String,
    revision: String,
    value: String,
    count: String,
    invitation: String,
    member: String,
    questionnaire: String,
    core_question: String,
    link: String,
    progress_report: String,
    opening: String,
    records: Records,
}

/// An id that nothing has.
const ABSENT: &str = "01890000-0000-7000-8000-000000000000";

impl Things {
    fn absent() -> Things {
        let none = || ABSENT.to_string();
        Things {
            programme: none(),
            organisation_code: "hjoerring-gymnasium".to_string(),
            organisation: none(),
            project: none(),
            activity: none(),
            indicator: none(),
            revision: none(),
            value: none(),
            count: none(),
            invitation: none(),
            member: none(),
            questionnaire: none(),
            core_question: none(),
            link: none(),
            progress_report: none(),
            opening: none(),
            records: Records::absent(),
        }
    }

    /// Made through the API by whoever runs the programme.
    async fn within(
        app: &App,
        by: Persona,
        programme: String,
        project: String,
        organisation: (&str, String),
    ) -> Things {
        let (organisation_code, organisation) = (organisation.0.to_string(), organisation.1);
        let id = |answer: Value| answer["id"].as_str().expect("an id").to_string();
        let make = async |path: String, body: Value| {
            app.post(&path).by(by).json(body).await.expect(201).json()
        };
        let activity =
            make(format!("/projects/{project}/activities"), json!({ "title": "Forløb" })).await;
        let code = format!("m-{project}");
        let indicator = make(format!("/projects/{project}/indicators"), indicator(&code)).await;
        let indicator = id(indicator);
        let revisions = app.get(&format!("/indicators/{indicator}/revisions")).by(by).await;
        let revision = id(revisions.expect(200).json()["items"][0].clone());
        let value = app.put(&format!("/indicators/{indicator}/values")).by(by).json(value()).await;
        let count = count(&organisation_code, 2021);
        let count = app.put(&format!("/projects/{project}/counts")).by(by).json(count).await;
        let letters = project.replace('-', "");
        let asked = questionnaire(&format!("q-{project}"));
        let asked = id(make(format!("/projects/{project}/questionnaires"), asked).await);
        let publish = app.post(&format!("/questionnaires/{asked}/publish")).by(by);
        publish.if_match("\"1\"").await.expect(201);
        let link = make(format!("/questionnaires/{asked}/links"), link(&organisation_code)).await;
        let core = core_question(&format!("k_{letters}"));
        let core = make(format!("/programmes/{programme}/core-questions"), core).await;
        let records = Records::within(app, by, &programme, &project, &code).await;
        let invitation = make("/invitations".to_string(), invitation(&programme)).await;
        let members = app.get(&format!("/programmes/{programme}/members")).by(by).await;
        let members = members.expect(200).json()["items"].as_array().expect("items").clone();
        let report = json!({
            "kind": "annual", "period": { "calendar_year": 2022 }, "due_on": "2023-03-01",
        });
        let report = make(format!("/projects/{project}/progress-reports"), report).await;
        let opening = an_opening(app, by, &project).await;
        Things {
            progress_report: id(report),
            opening,
            activity: id(activity),
            revision,
            value: id(value.json()),
            count: id(count.expect(201).json()["count"].clone()),
            invitation: id(invitation["invitation"].clone()),
            member: id(members.last().expect("a member").clone()),
            questionnaire: asked,
            core_question: id(core),
            link: id(link),
            records,
            indicator,
            programme,
            organisation_code,
            organisation,
            project,
        }
    }

    fn address(&self, template: &str) -> String {
        let id = match template.split('/').nth(1) {
            Some("programmes") => &self.programme,
            Some("organisations") => &self.organisation,
            Some("projects") => &self.project,
            Some("activities") => &self.activity,
            Some("indicators") => &self.indicator,
            Some("revisions") => &self.revision,
            Some("values") => &self.value,
            Some("counts") => &self.count,
            Some("members") => &self.member,
            Some("questionnaires") => &self.questionnaire,
            Some("core-questions") => &self.core_question,
            Some("links") => &self.link,
            Some("progress-reports") => &self.progress_report,
            Some("openings") => &self.opening,
            Some(other) => self.records.id(other).unwrap_or(&self.invitation),
            None => &self.invitation,
        };
        template
            .replace("{id}", id)
            .replace("{invitation}", &self.invitation)
            .replace("{list}", "education_level")
            .replace("{code}", "fgu")
            .replace("{table}", "progress")
            .replace("{number}", "1")
    }

    /// A body that the contract takes. An edit names a version that never was, so that whoever is
    /// let through changes nothing.
    fn send<'a>(&self, app: &'a App, method: &str, template: &str, by: Persona) -> Call<'a> {
        let mut call = Call::new(app, method, &self.address(template)).by(by);
        if contract::takes_header(method, &format!("/api/v1{template}"), "If-Match") {
            call = call.if_match("\"9999\"");
        }
        let school = &self.organisation_code;
        let body = match (method, template) {
            ("POST", "/programmes/{id}/imports") => {
                let file = "project,period,participant_role,counting,participants\n";
                let call = Call::new(
                    app,
                    method,
                    &format!("{}?kind=participation&dry_run=true", self.address(template)),
                );
                return call.by(by).body("text/csv", file);
            }
            ("POST", "/invitations") => invitation(&self.programme),
            ("POST", "/auth/password-resets") => json!({ "mail": Persona::Holder.mail() }),
            ("POST", "/auth/password") => json!({
                "current_password": "Ikke det rigtige ord", "password": "Et andet langt ord"
            }),
            ("POST", "/programmes/{id}/projects") => project("talstaerk", school),
            ("PUT", "/projects/{id}") => project("talstaerk", school),
            ("POST", "/projects/{id}/activities") => json!({ "title": "Forløb" }),
            ("PUT", "/activities/{id}") => {
                json!({ "number": 1, "title": "Forløb", "assumptions": [] })
            }
            ("PUT", "/projects/{id}/counts") => count(school, 2022),
            ("PUT", "/projects/{id}/counts/batch") => json!({ "counts": [count(school, 2022)] }),
            ("POST", "/counts/{id}/withdraw") | ("POST", "/values/{id}/withdraw") => {
                json!({ "reason": "Talt to gange" })
            }
            ("POST", "/programmes/{id}/indicators") => json!({
                "code": "flere-elever", "title": "20 % flere", "level": "impact",
                "unit": "people", "source": "manual"
            }),
            ("POST", "/projects/{id}/indicators") => indicator("seminarer"),
            ("PUT", "/indicators/{id}") => json!({
                "title": "Seminarer", "level": "output", "unit": "seminars", "position": 1,
                "retired": false
            }),
            ("POST", "/indicators/{id}/revisions") => json!({
                "target": { "shape": "at_least", "minimum": 2 }, "reason": "Færre skoler"
            }),
            ("PUT", "/revisions/{id}/decision") => json!({ "decision": "agreed" }),
            ("PUT", "/indicators/{id}/values") => value(),
            ("POST", "/projects/{id}/questionnaires" | "/programmes/{id}/questionnaires") => {
                questionnaire("undervisere")
            }
            ("POST", "/questionnaires/validate") => json!({
                "programme_id": self.programme, "definition": definition("undervisere")
            }),
            ("PUT", "/questionnaires/{id}") => json!({ "definition": definition("undervisere") }),
            ("POST", "/programmes/{id}/core-questions") | ("PUT", "/core-questions/{id}") => {
                core_question("u_niveau")
            }
            ("POST", "/questionnaires/{id}/links") | ("PUT", "/links/{id}") => link(school),
            ("POST", "/links/{id}/codes") => json!({ "count": 24 }),
            ("PUT", "/links/{id}/paper") => json!({ "sheets": 22, "questions": [] }),
            _ => match of_a_report(method, template).or_else(|| records(method, template)) {
                Some(body) => body,
                None => return call,
            },
        };
        call.json(body)
    }
}

fn letter(status: u16) -> char {
    match status {
        401 => 'U',
        403 => 'F',
        404 => 'N',
        _ => 'Y',
    }
}

async fn everybody_gets_what_is_theirs(app: &App) {
    let listed: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, ..)| (method.to_string(), format!("/api/v1{path}")))
        .collect();
    let routes: BTreeSet<_> = contract::operations().into_iter().collect();
    let missing: Vec<_> = routes.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&routes).collect();
    assert!(missing.is_empty(), "routes without a line in tests/api/matrix.rs: {missing:#?}");
    assert!(gone.is_empty(), "lines of tests/api/matrix.rs without a route: {gone:#?}");

    let world = &app.world;
    let (nord, midt) = (world.nordjylland.to_string(), world.midtjylland.to_string());
    let school = || ("hjoerring-gymnasium", world.hjoerring.to_string());
    let by = Persona::Secretariat;
    let own = Things::within(app, by, nord.clone(), world.labstem.to_string(), school()).await;
    let sibling = Things::within(app, by, nord, world.kram.to_string(), school()).await;
    let other = ("uch-holstebro", world.holstebro.to_string());
    let by = Persona::OtherSecretariat;
    let foreign = Things::within(app, by, midt, world.bstem.to_string(), other).await;
    let absent = Things::absent();

    let mut wrong = Vec::new();
    for (method, template, of, own_letters) in TABLE {
        let other_project = format!("{}NNNU", &own_letters[..2]);
        let other_programme = format!("NNNN{}U", &own_letters[..1]);
        let places: &[(&str, &Things, &str)] = match of {
            Programme => &[
                ("absent", &absent, "NNNNNU"),
                ("foreign", &foreign, &other_programme),
                ("own", &own, own_letters),
            ],
            Project => &[
                ("absent", &absent, "NNNNNU"),
                ("foreign", &foreign, &other_programme),
                ("another project", &sibling, &other_project),
                ("own", &own, own_letters),
            ],
            Account => &[("own", &own, own_letters)],
            Secret => continue,
        };
        for (place, things, expected) in places {
            // The least powerful first: what they are refused is still there for the others.
            for (index, persona) in Persona::ALL.into_iter().enumerate().rev() {
                // Who is signed in may end its own session, which the other lines still need.
                let ends = matches!(*template, "/auth/sign-out" | "/auth/password");
                if ends && persona != Persona::Nobody {
                    continue;
                }
                let answer = things.send(app, method, template, persona).await;
                let (got, wanted) = (letter(answer.status), expected.chars().nth(index));
                if Some(got) != wanted || answer.status >= 500 || answer.status == 400 {
                    wrong.push(format!(
                        "{method} {template}, {place}, {persona:?}: {wanted:?} wanted, {answer:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
