//! What the routes of the matrix are about, and what is sent to them.

use serde_json::{Value, json};

use super::bodies::*;
use crate::harness::{App, Call, Persona, contract};
use crate::surveys::definition;
use crate::surveys::xlsform::{WORKBOOK, workbook};

/// One of everything, somewhere.
#[derive(Debug, Clone)]
pub struct Things {
    pub programme: String,
    pub organisation_code: String,
    pub organisation: String,
    pub project: String,
    pub activity: String,
    pub indicator: String,
    pub revision: String,
    pub value: String,
    pub count: String,
    pub invitation: String,
    pub member: String,
    pub questionnaire: String,
    pub core_question: String,
    pub link: String,
    pub machine_token: String,
    pub import: String,
    pub progress_report: String,
    pub opening: String,
    pub records: Records,
}

/// An id that nothing has.
pub const ABSENT: &str = "01890000-0000-7000-8000-000000000000";

impl Things {
    pub fn absent() -> Things {
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
            machine_token: none(),
            import: none(),
            progress_report: none(),
            opening: none(),
            records: Records::absent(),
        }
    }

    /// Made through the API by whoever runs the programme.
    pub async fn within(
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
        let token = machine_token(&programme, Some(&project), "read");
        let token = id(make("/machine-tokens".to_string(), token).await["machine_token"].clone());
        let codes = app.get(&format!("/projects/{project}")).by(by).await.expect(200).json();
        let file = format!(
            "project,period,participant_role,counting,participants\n{},2021,pupil,unique,7\n",
            codes["code"].as_str().expect("a code")
        );
        let imports = format!("/programmes/{programme}/imports?kind=participation");
        let import = app.post(&imports).by(by).body("text/csv", file).await.expect(200).json();
        let import = import["import_id"].as_str().expect("an id").to_string();
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
            machine_token: token,
            import,
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
            Some("machine-tokens") => &self.machine_token,
            Some("imports") => &self.import,
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
            .replace("{kind}", "participation")
            .replace("{number}", "1")
    }

    /// A body that the contract takes. An edit names a version that never was, so that whoever is
    /// let through changes nothing.
    pub fn send<'a>(
        &self,
        app: &'a App,
        method: &str,
        template: &str,
        token: Option<&str>,
    ) -> Call<'a> {
        let by = |call: Call<'a>| match token {
            Some(token) => call.with_token(token),
            None => call,
        };
        let mut call = by(Call::new(app, method, &self.address(template)));
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
                return by(call).body("text/csv", file);
            }
            ("POST", template) if template.ends_with("/xlsform") => {
                let code = &self.project.replace('-', "")[..20];
                let uri = format!("{}?code=x-{code}", self.address(template));
                return by(Call::new(app, method, &uri)).body(WORKBOOK, workbook());
            }
            ("PUT", "/questionnaires/{id}/xlsform") => return call.body(WORKBOOK, workbook()),
            ("POST", "/invitations") => invitation(&self.programme),
            ("POST", "/machine-tokens") => machine_token(&self.programme, None, "read"),
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
            ("POST", "/links/{id}/codes" | "/links/{id}/code-sheet") => json!({ "count": 24 }),
            ("PUT", "/links/{id}/paper") => json!({ "sheets": 22, "questions": [] }),
            _ => match of_a_report(method, template).or_else(|| records(method, template)) {
                Some(body) => body,
                None => return call,
            },
        };
        call.json(body)
    }
}
