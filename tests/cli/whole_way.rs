//! From a question to the 80 %, on the demo, as somebody walks it over HTTP.

use maaltal::surveys::ready;
use serde_json::{Value, json};

use super::program::{Folder, maaltal, on, output};
use super::serving::Service;

/// Who asks, and whom.
struct Walk {
    service: Service,
    token: Option<String>,
}

impl Walk {
    fn ask(&self, method: &str, path: &str, header: &str, body: &str) -> (u16, String) {
        self.ask_as(self.token.as_deref(), method, path, header, body)
    }

    /// One request on a connection of its own, and what came back.
    fn ask_as(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        header: &str,
        body: &str,
    ) -> (u16, String) {
        let signed = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let answer = self.service.send(&format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}{}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            signed.unwrap_or_default(),
            body.len()
        ));
        let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let streamed = head.contains("transfer-encoding: chunked");
        let body = if streamed { unchunked(body) } else { body.to_string() };
        (status.expect("a status"), body)
    }

    fn get(&self, path: &str) -> String {
        let (status, body) = self.ask("GET", path, "", "");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn look(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path)).expect("JSON")
    }

    fn post(&self, path: &str, header: &str, body: Value) -> Value {
        let (status, answer) = self.ask("POST", path, header, &body.to_string());
        assert!((200..=201).contains(&status), "{path}: {status} {answer}");
        serde_json::from_str(&answer).expect("JSON")
    }
}

/// A streamed body, whose every chunk has its length before it.
fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    loop {
        let (length, rest) = body.split_once("\r\n").expect("a length");
        match usize::from_str_radix(length, 16).expect("a length") {
            0 => return whole,
            length => {
                let (chunk, rest) = rest.split_at(length);
                whole.push_str(chunk);
                body = rest.strip_prefix("\r\n").expect("the chunk's end");
            }
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}"))
}

#[test]
fn thirty_answers_from_one_address_move_the_80_percent() {
    let folder = Folder::new();
    let data = folder.join("demo");
    output(on(&data, &["demo", "--load-only"]));
    let sign_ins = std::fs::read_to_string(data.join("sign-ins.txt")).expect("sign-ins");
    let words: Vec<&str> = sign_ins.lines().next().expect("a line").split_whitespace().collect();
    let mut walk =
        Walk { service: Service::start(maaltal().arg("--data").arg(&data)), token: None };
    let sign_in = json!({ "mail": words[1], "password": words[2] });
    let session = walk.post("/auth/sign-in", "", sign_in);
    walk.token = Some(text(&session, "access_token").to_string());

    let programmes = walk.look("/programmes?code=midtjylland");
    let programme = text(&programmes["items"][0], "id").to_string();
    let projects = walk.look(&format!("/programmes/{programme}/projects?code=bstem"));
    let project = text(&projects["items"][0], "id").to_string();

    // Define and publish.
    let pupils = ready::ALL.iter().find(|one| one.code == "elever-14-19").expect("it is ready");
    let definition = pupils.definition().expect("a definition");
    let made = walk.post(
        &format!("/projects/{project}/questionnaires"),
        "",
        json!({ "code": "vores-klasse", "definition": definition }),
    );
    let form = format!("/questionnaires/{}", text(&made, "id"));
    walk.post(&format!("{form}/publish"), "If-Match: \"1\"\r\n", json!({}));

    // The demo's closed class is in it from the start.
    let indicator = json!({
        "code": "alle-80", "title": "Forstår STEM i praksis bedre", "level": "outcome",
        "unit": "percent", "source": "survey",
        "survey": {
            "questionnaires": ["elever-14-19", "vores-klasse"], "questions": ["u_forstaaelse"],
            "positive": ["meget_hoej", "hoej"],
            "base": { "question": "u_samarbejde", "options": ["ja"] },
        },
        "first_target": { "target": { "shape": "at_least_percent", "percent": 80 } },
    });
    walk.post(&format!("/projects/{project}/indicators"), "", indicator);
    let of = |code: &str| {
        let progress = walk.look(&format!("/projects/{project}/progress"));
        let all = progress["indicators"].as_array().expect("indicators").clone();
        let found = all.into_iter().find(|one| one["indicator"]["code"] == code);
        found.expect("the indicator")
    };
    let progress = || of("alle-80");
    let table = || {
        let table = walk.get(&format!("/programmes/{programme}/exports/progress"));
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        let headers = rows.headers().expect("a header").clone();
        let row = rows.records().map(|row| row.expect("a row")).find(|row| &row[2] == "alle-80");
        let row = row.expect("the indicator's row");
        let cell = |name: &str| {
            let column = headers.iter().position(|header| header == name).expect("a column");
            row[column].to_string()
        };
        ["positive", "base", "actual", "state"].map(cell)
    };
    let counted = json!({ "numerator": 14, "denominator": 17, "missing": 0,
        "on_paper": 0, "held_back": 22 });
    assert_eq!(progress()["answers"], counted);
    assert_eq!(table(), ["14", "17", "82.4", "exceeded"]);

    // Thirty pupils behind one address, none of whom has an account.
    let link = json!({ "label": "2.c", "organisation": "skive-college", "education_level": "eux",
        "wave": "after", "class_size": 30 });
    let link = walk.post(&format!("{form}/links"), "", link);
    let path = format!("/links/{}/responses", text(&link, "token"));
    let understands = |number: usize| if number % 3 == 1 { "nogen" } else { "hoej" };
    for number in 0..30 {
        let met = if number % 3 == 2 { "nej" } else { "ja" };
        let answers = json!({ "u_samarbejde": met, "u_forstaaelse": understands(number) });
        let body = json!({ "id": uuid::Uuid::new_v4(), "answers": answers });
        let (status, answer) = walk.ask_as(None, "POST", &path, "", &body.to_string());
        assert_eq!(status, 201, "{answer}");
    }
    let link = format!("/links/{}", text(&link, "id"));
    assert_eq!(walk.look(&format!("{link}/status"))["answered"], 30);
    assert_eq!(progress()["answers"], counted, "what an open link holds is not shown");

    // Closing releases it: 10 more of 20, and below the 80 % it is.
    walk.post(&format!("{link}/close"), "", json!({}));
    let after = progress();
    assert_eq!(
        after["answers"],
        json!({ "numerator": 24, "denominator": 37, "missing": 0,
        "on_paper": 0, "held_back": 22 })
    );
    assert_eq!((&after["actual"], &after["state"]), (&json!(64.9), &json!("below")));
    assert_eq!(table(), ["24", "37", "64.9", "below"]);

    // The demo's own class that is still open: with all of its answers the target is missed.
    let all = walk.look(&format!("/projects/{project}/questionnaires"));
    let all = all["items"].as_array().expect("questionnaires");
    let own = all.iter().find(|one| one["code"] == "elever-14-19").expect("the demo's");
    let links = walk.look(&format!("/questionnaires/{}/links", text(own, "id")));
    let links = links["items"].as_array().expect("links");
    let open: Vec<&Value> = links.iter().filter(|link| link["state"] == "open").collect();
    assert_eq!(open.len(), 1);
    walk.post(&format!("/links/{}/close", text(open[0], "id")), "", json!({}));
    let after = of("bstem-2-13");
    assert_eq!(
        after["answers"],
        json!({ "numerator": 22, "denominator": 29, "missing": 0,
        "on_paper": 0, "held_back": 0 })
    );
    assert_eq!(after["state"], "below");
}
