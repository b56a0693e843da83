//! Whoever answers leaves nothing behind but the answers: not in the database, its log, the
//! program's log, its metrics, nor a backup.

use std::net::Ipv4Addr;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use maaltal::accounts::Caller;
use maaltal::clock::Clock;
use maaltal::store::Engine;
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::{codes, upkeep};
use serde_json::json;
use uuid::Uuid;

use super::client::Client;
use super::home::{Handed, Home, SIGNING_KEY, answers, before, class, response};
use super::service::Service;
use super::traces::{Traces, dump, holds, run, words};

#[test]
fn nothing_is_left_of_who_answers_on_sqlite() {
    nothing_is_left(Engine::Sqlite);
}

#[test]
fn nothing_is_left_of_who_answers_on_postgres() {
    nothing_is_left(Engine::Postgres);
}

const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 77);
/// As a proxy in front would tell it.
const BEHIND: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 77);
const AGENT: &str = "Kikkert/7.3 (elevens tablet)";
const REFERRER: &str = "https://laering.hjoerring.example/2b/biologi";
const COOKIE: &str = "unilogin=elev4711";

fn nothing_is_left(engine: Engine) {
    let home = Home::new(engine);
    let coded = json!({ "label": "2.c, biologi", "access": "codes" });
    let links = home.hand_out(&[class(), coded]);
    let (codes, hashes) = {
        let store = home.open();
        let wanted = serde_json::from_value(json!({ "count": 5 })).expect("wanted codes");
        let key = CodeKey::of(SIGNING_KEY.as_bytes()).expect("a key");
        let made = store.write_here(links[1].id, |db| {
            codes::make(db, &Caller::Operator, links[1].id, &wanted, &key, before())
        });
        // When the tables were made is no secret, and may have been this very minute.
        run(&store, "UPDATE __diesel_schema_migrations SET run_on = '2020-01-01 00:00:00'");
        let query = match engine {
            Engine::Sqlite => "SELECT hex(code_hash) AS words FROM link_codes",
            Engine::Postgres => "SELECT encode(code_hash, 'hex') AS words FROM link_codes",
        };
        (made.expect("codes").codes, words(&store, query))
    };
    let service = Service::start(&home);

    let begun = Clock::System.now();
    let ids = answer_in_every_way(&service, &links, &codes);
    let mut traces = Traces::new(begun, Clock::System.now());
    traces.address(ADDRESS);
    traces.address(BEHIND);
    for text in [AGENT, "Kikkert", REFERRER, "laering.hjoerring", COOKIE, "elev4711"] {
        traces.text(text);
    }
    ids.into_iter().for_each(|id| traces.id(id));
    codes.iter().take(3).for_each(|code| traces.text(code));

    // No line at all, since a line has a time.
    assert_eq!(service.log(), "");
    let mut page = Client::new(service.metrics, Ipv4Addr::LOCALHOST, "").expect("a connection");
    let (status, metrics) = page.get("/metrics").expect("the metrics");
    assert!(status == 200 && metrics.contains("links/{token}/responses"), "{metrics}");
    let mut found = traces.found_in("metrics", metrics.as_bytes());
    for link in &links {
        assert!(!metrics.contains(&link.token), "{metrics}");
    }

    let store = home.open();
    let all = dump(&store);
    // The search is not blind.
    assert!(all.contains("u_forstaaelse") && all.contains(&links[0].token), "{all}");
    found.extend(traces.found_in("tables", all.as_bytes()));
    if let Some(folder) = home.folder() {
        found.extend(found_in_files(folder, &traces));
    }
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(upkeep::nightly(&store))
        .expect("all is written anew");
    // Three of five codes are used. What is left of them is left of the others too, or it would
    // tell which of a class have answered.
    let all = dump(&store).to_uppercase();
    let left = hashes.iter().filter(|hash| all.contains(&hash.to_uppercase())).count();
    assert_eq!(left, 2);
    if let Some(folder) = home.folder() {
        back_up(folder);
        found.extend(found_in_files(folder, &traces));
        let of_codes = |hash: &&String| {
            let bytes: Vec<u8> = (0..hash.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hash[at..at + 2], 16).expect("hex"))
                .collect();
            files(folder).iter().any(|(_, content)| holds(content, &bytes))
        };
        assert_eq!(hashes.iter().filter(of_codes).count(), 2, "used codes are still in the files");
    }
    found.extend(traces.found_in("log", service.log().as_bytes()));
    assert!(found.is_empty(), "{found:#?}");
}

/// The ids that the forms made.
fn answer_in_every_way(service: &Service, links: &[Handed], codes: &[String]) -> Vec<Uuid> {
    let headers = format!(
        "User-Agent: {AGENT}\r\nReferer: {REFERRER}\r\nCookie: {COOKIE}\r\n\
         X-Forwarded-For: {BEHIND}\r\nForwarded: for={BEHIND}\r\nX-Real-IP: {BEHIND}\r\n"
    );
    let mut client = Client::new(service.address, ADDRESS, &headers).expect("a connection");
    let (open, coded) = (&links[0], &links[1]);
    let mut ids = Vec::new();
    let mut send = |path: &str, body: String, expected: u16| {
        let (status, answer) = client.post(path, &body).expect("an answer");
        assert_eq!(status, expected, "{answer}");
    };
    let mut id = || {
        let id = Uuid::new_v4();
        ids.push(id);
        id
    };
    for number in 0..30 {
        send(&open.responses(), response(id(), answers(number)), 201);
    }
    let mine = id();
    send(&open.responses(), response(mine, answers(1)), 201);
    send(&open.responses(), response(mine, answers(1)), 201);
    send(&open.responses(), response(mine, answers(2)), 422);
    send(&open.responses(), response(id(), json!({ "findes_ikke": "ja" })), 422);
    send(&open.responses(), response(id(), json!({ "u_samarbejde": 7 })), 422);
    send(&open.responses(), r#"{"id": "nummer-1", "answers": {}}"#.to_string(), 422);
    send(&open.responses(), "{".to_string(), 400);
    for code in codes.iter().take(3) {
        let body = json!({ "id": id(), "code": code, "answers": answers(4) });
        send(&coded.responses(), body.to_string(), 201);
        let again = json!({ "id": id(), "code": code, "answers": answers(4) });
        send(&coded.responses(), again.to_string(), 422);
    }
    send(&coded.responses(), response(id(), answers(5)), 422);
    send("/api/v1/links/ABCDEFGHJK/responses", response(id(), answers(6)), 404);
    send("/api/v1/links/hemmeligt/responses", response(id(), answers(6)), 404);
    for link in links {
        let form = client.get(&format!("/api/v1/links/{}/form", link.token));
        assert_eq!(form.expect("an answer").0, 200);
    }
    let form = client.get("/api/v1/links/ABCDEFGHJK/form").expect("an answer");
    assert_eq!(form.0, 404);
    answer_by_page(&mut client, open, coded, codes, &mut id);
    ids
}

/// As most do: in a browser, part of it wrong at first, and sent twice.
fn answer_by_page(
    client: &mut Client,
    open: &Handed,
    coded: &Handed,
    codes: &[String],
    id: &mut impl FnMut() -> Uuid,
) {
    let address = format!("/s/{}", open.token);
    let mut page = |path: &str, body: &str, expected: u16| {
        let answer = match body {
            "" => client.get(path),
            body => client.post_form(path, body),
        };
        let (status, text) = answer.expect("an answer");
        assert_eq!(status, expected, "{path}: {text}");
        text
    };
    let form = page(&address, "", 200);
    let script = form.split_once("<script src=\"").expect("a script").1;
    page(&format!("/s/{}", script.split('"').next().expect("an end")), "", 200);
    page("/embed.js", "", 200);
    page("/s/ABCDEFGHJK", "", 404);
    page(&format!("{address}?embed=1&origin=https://ond.example&utm_source=elev4711"), "", 200);
    let own = id();
    page(&address, &format!("id={own}&go=send&a.u_samarbejde=kejser"), 422);
    for _ in 0..2 {
        page(&address, &format!("id={own}&go=send&a.u_samarbejde=ja&website=x"), 303);
    }
    page(&format!("{address}?done=1"), "", 200);
    let coded = format!("/s/{}", coded.token);
    page(&coded, &format!("id={}&go=send&code={}", id(), codes[0]), 422);
}

fn found_in_files(folder: &Path, traces: &Traces) -> Vec<String> {
    let found = |(name, content): &(String, Vec<u8>)| traces.found_in(name, content);
    files(folder).iter().flat_map(found).collect()
}

/// All that lies there: the database, its log, the index of the log, backups.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.push((name, std::fs::read(&path).expect("a file")));
    }
    assert!(files.iter().any(|(name, _)| name == "maaltal.db-wal"), "no log to look into");
    files
}

fn back_up(folder: &Path) {
    let path = folder.join("maaltal.db");
    let mut connection = SqliteConnection::establish(path.to_str().expect("UTF-8")).expect("open");
    let command = format!("VACUUM INTO '{}'", folder.join("backup.db").display());
    connection.batch_execute(&command).expect("a backup");
}
