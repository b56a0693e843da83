//! Who may do what: every route, by every persona, on its own things, on others' and on nothing.
//! A route of `openapi.yaml` without a line here fails.

mod bodies;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::bodies::*;
use crate::harness::{App, Call, Persona, contract};
use crate::surveys::definition;

api_tests!(everybody_gets_what_is_theirs);

/// What a line of the table is about.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// A programme, or something that everybody in it shares.
    Programme,
    /// A project or a part of one: holder and contributor have their own only.
    Project,
    /// The caller's own account or session: whoever is signed in.
    Account,
    /// For whoever holds a secret or knows a password: no token is asked for.
    Secret,
}
use Of::*;

/// Method, address, and how it goes on one's own things for secretariat, reader, holder,
/// contributor, the other programme's secretariat, nobody: `Y` let through, `F` 403, `N` 404,
/// `U` 401. On other things everybody else's is 404, as is what does not exist.
const TABLE: &[(&str, &str, Of, &str)] = &[
    // accounts
    ("POST", "/auth/sign-in", Secret, "YYYYYY"),
    ("POST", "/auth/refresh", Secret, "YYYYYY"),
    ("POST", "/auth/sign-out", Account, "YYYYYU"),
    ("POST", "/auth/password", Account, "YYYYYU"),
    ("POST", "/auth/password-resets", Account, "YFFFNU"),
    ("POST", "/auth/password-resets/{token}", Secret, "YYYYYY"),
    ("GET", "/me", Account, "YYYYYU"),
    ("POST", "/invitations", Programme, "YFFFNU"),
    ("GET", "/invitations/{invitation}", Secret, "YYYYYY"),
    ("POST", "/invitations/{token}/accept", Secret, "YYYYYY"),
    ("DELETE", "/invitations/{invitation}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/invitations", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/members", Programme, "YFFFNU"),
    // programmes
    ("GET", "/programmes", Account, "YYYYYU"),
    ("GET", "/programmes/{id}", Programme, "YYYYNU"),
    ("PUT", "/programmes/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/codes/{list}", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/codes/{list}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/codes/{list}/{code}", Programme, "YYYYNU"),
    ("PUT", "/programmes/{id}/codes/{list}/{code}", Programme, "YFFFNU"),
    ("DELETE", "/programmes/{id}/codes/{list}/{code}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/organisations", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/organisations", Programme, "YFFFNU"),
    ("GET", "/organisations/{id}", Programme, "YYYYNU"),
    ("PUT", "/organisations/{id}", Programme, "YFFFNU"),
    ("DELETE", "/organisations/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/audit", Programme, "YFFFNU"),
    // projects
    ("GET", "/programmes/{id}/projects", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/projects", Programme, "YFFFNU"),
    ("GET", "/projects/{id}", Project, "YYYYNU"),
    ("PUT", "/projects/{id}", Project, "YFFFNU"),
    ("GET", "/projects/{id}/history", Project, "YYYYNU"),
    ("GET", "/projects/{id}/activities", Project, "YYYYNU"),
    ("POST", "/projects/{id}/activities", Project, "YFFFNU"),
    ("GET", "/activities/{id}", Project, "YYYYNU"),
    ("PUT", "/activities/{id}", Project, "YFFFNU"),
    ("DELETE", "/activities/{id}", Project, "YFFFNU"),
    // rounds, applications, reported facts
    ("GET", "/programmes/{id}/rounds", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/rounds", Programme, "YFFFNU"),
    ("GET", "/rounds/{id}", Programme, "YYYYNU"),
    ("PUT", "/rounds/{id}", Programme, "YFFFNU"),
    ("GET", "/rounds/{id}/history", Programme, "YYYYNU"),
    ("DELETE", "/rounds/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/applications", Programme, "YYFFNU"),
    ("POST", "/programmes/{id}/applications", Programme, "YFFFNU"),
    ("GET", "/applications/{id}", Programme, "YYFFNU"),
    ("PUT", "/applications/{id}", Programme, "YFFFNU"),
    ("GET", "/applications/{id}/history", Programme, "YYFFNU"),
    ("POST", "/applications/{id}/project", Programme, "YFFFNU"),
    ("DELETE", "/applications/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/reported-facts", Programme, "YYFFNU"),
    ("PUT", "/programmes/{id}/reported-facts", Programme, "YFFFNU"),
    ("GET", "/reported-facts/{id}", Programme, "YYFFNU"),
    ("GET", "/reported-facts/{id}/history", Programme, "YYFFNU"),
    ("POST", "/reported-facts/{id}/withdraw", Programme, "YFFFNU"),
    // money, requests for changes
    ("GET", "/projects/{id}/spending", Project, "YYYFNU"),
    ("PUT", "/projects/{id}/spending", Project, "YFYFNU"),
    ("GET", "/spending/{id}", Project, "YYYFNU"),
    ("GET", "/spending/{id}/history", Project, "YYYFNU"),
    ("POST", "/spending/{id}/withdraw", Project, "YFYFNU"),
    ("GET", "/projects/{id}/finances", Project, "YYYFNU"),
    ("GET", "/programmes/{id}/finances", Programme, "YYFFNU"),
    ("GET", "/projects/{id}/requests", Project, "YYYFNU"),
    ("POST", "/projects/{id}/requests", Project, "YFYFNU"),
    ("GET", "/programmes/{id}/requests", Programme, "YYFFNU"),
    ("GET", "/requests/{id}", Project, "YYYFNU"),
    ("PUT", "/requests/{id}/decision", Project, "YFFFNU"),
    ("DELETE", "/requests/{id}", Project, "YFFFNU"),
    // counts
    ("PUT", "/projects/{id}/counts", Project, "YFYYNU"),
    ("PUT", "/projects/{id}/counts/batch", Project, "YFYYNU"),
    ("GET", "/projects/{id}/counts", Project, "YYYYNU"),
    ("GET", "/counts/{id}", Project, "YYYYNU"),
    ("GET", "/counts/{id}/history", Project, "YYYYNU"),
    ("POST", "/counts/{id}/withdraw", Project, "YFYYNU"),
    ("POST", "/programmes/{id}/imports", Programme, "YFYYNU"),
    ("GET", "/programmes/{id}/imports", Programme, "YYYYNU"),
    // indicators, targets, values
    ("GET", "/programmes/{id}/indicators", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/indicators", Programme, "YFFFNU"),
    ("GET", "/projects/{id}/indicators", Project, "YYYYNU"),
    ("POST", "/projects/{id}/indicators", Project, "YFFFNU"),
    ("GET", "/indicators/{id}", Project, "YYYYNU"),
    ("PUT", "/indicators/{id}", Project, "YFFFNU"),
    ("GET", "/indicators/{id}/revisions", Project, "YYYFNU"),
    ("POST", "/indicators/{id}/revisions", Project, "YFYFNU"),
    ("GET", "/revisions/{id}", Project, "YYYFNU"),
    ("PUT", "/revisions/{id}/decision", Project, "YFFFNU"),
    ("DELETE", "/revisions/{id}", Project, "YFFFNU"),
    ("PUT", "/indicators/{id}/values", Project, "YFYFNU"),
    ("GET", "/indicators/{id}/values", Project, "YYYFNU"),
    ("GET", "/values/{id}", Project, "YYYFNU"),
    ("GET", "/values/{id}/history", Project, "YYYFNU"),
    ("POST", "/values/{id}/withdraw", Project, "YFYFNU"),
    ("GET", "/projects/{id}/progress", Project, "YYYFNU"),
    ("GET", "/programmes/{id}/progress", Programme, "YYFFNU"),
    // progress reports and locks
    ("GET", "/programmes/{id}/progress-reports", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/progress-reports", Programme, "YFFFNU"),
    ("POST", "/programmes/{id}/progress-reports/reminders", Programme, "YFFFNU"),
    ("GET", "/projects/{id}/progress-reports", Project, "YYYFNU"),
    ("POST", "/projects/{id}/progress-reports", Project, "YFFFNU"),
    ("GET", "/progress-reports/{id}", Project, "YYYFNU"),
    ("PUT", "/progress-reports/{id}", Project, "YFYFNU"),
    ("GET", "/progress-reports/{id}/history", Project, "YYYFNU"),
    ("POST", "/progress-reports/{id}/submit", Project, "YFYFNU"),
    ("POST", "/progress-reports/{id}/return", Project, "YFFFNU"),
    ("POST", "/progress-reports/{id}/approve", Project, "YFFFNU"),
    ("PUT", "/progress-reports/{id}/due-day", Project, "YFFFNU"),
    ("POST", "/progress-reports/{id}/withdraw", Project, "YFFFNU"),
    ("GET", "/projects/{id}/locks", Project, "YYYYNU"),
    ("POST", "/projects/{id}/openings", Project, "YFFFNU"),
    ("GET", "/openings/{id}", Project, "YYYYNU"),
    ("POST", "/openings/{id}/close", Project, "YFFFNU"),
    // results
    ("GET", "/questionnaires/{id}/results", Project, "YYYYNU"),
    ("GET", "/projects/{id}/results", Project, "YYYYNU"),
    ("GET", "/programmes/{id}/results", Programme, "YYFFNU"),
    // reports
    ("GET", "/programmes/{id}/tables", Programme, "YYFFNU"),
    ("GET", "/programmes/{id}/tables/{table}", Programme, "YYFFNU"),
    ("GET", "/programmes/{id}/exports/{table}", Programme, "YYFFNU"),
    ("GET", "/programmes/{id}/workbook", Programme, "YYFFNU"),
    ("GET", "/programmes/{id}/report", Programme, "YYFFNU"),
    ("GET", "/programmes/{id}/report/consistency", Programme, "YYFFNU"),
    ("GET", "/questionnaires/{id}/results.csv", Project, "YYYYNU"),
    ("GET", "/questionnaires/{id}/codebook.csv", Project, "YYYYNU"),
    ("GET", "/questionnaires/{id}/responses.csv", Project, "YFYFNU"),
    // questionnaires
    ("GET", "/projects/{id}/questionnaires", Project, "YYYYNU"),
    ("POST", "/projects/{id}/questionnaires", Project, "YFYFNU"),
    ("GET", "/programmes/{id}/questionnaires", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/questionnaires", Programme, "YFFFNU"),
    ("POST", "/questionnaires/validate", Programme, "YYYYNU"),
    ("GET", "/questionnaires/{id}", Project, "YYYYNU"),
    ("PUT", "/questionnaires/{id}", Project, "YFYFNU"),
    ("DELETE", "/questionnaires/{id}", Project, "YFYFNU"),
    ("POST", "/questionnaires/{id}/publish", Project, "YFYFNU"),
    ("GET", "/questionnaires/{id}/versions/{number}", Project, "YYYYNU"),
    ("GET", "/programmes/{id}/core-questions", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/core-questions", Programme, "YFFFNU"),
    ("GET", "/core-questions/{id}", Programme, "YYYYNU"),
    ("PUT", "/core-questions/{id}", Programme, "YFFFNU"),
    ("POST", "/core-questions/{id}/retire", Programme, "YFFFNU"),
    // links
    ("GET", "/questionnaires/{id}/links", Project, "YYYYNU"),
    ("POST", "/questionnaires/{id}/links", Project, "YFYYNU"),
    ("GET", "/links/{id}", Project, "YYYYNU"),
    ("PUT", "/links/{id}", Project, "YFYYNU"),
    ("GET", "/links/{id}/status", Project, "YYYYNU"),
    ("POST", "/links/{id}/codes", Project, "YFYYNU"),
    ("DELETE", "/links/{id}/codes", Project, "YFYYNU"),
    ("PUT", "/links/{id}/paper", Project, "YFYYNU"),
    ("POST", "/links/{id}/close", Project, "YFYYNU"),
    ("POST", "/questionnaires/{id}/close", Project, "YFYFNU"),
    ("GET", "/links/{token}/form", Secret, "YYYYYY"),
    ("POST", "/links/{token}/responses", Secret, "YYYYYY"),
    // last, since it takes a persona its role
    ("DELETE", "/members/{id}", Programme, "YFFFNU"),
];

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
