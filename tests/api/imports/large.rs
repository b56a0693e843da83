//! Files of more rows than are written in one transaction.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{Days, NaiveDate};
use maaltal::accounts::{Caller, sessions, users};
use maaltal::clock::At;
use maaltal::imports::{self, Import, ImportKind, ImportReport, ImportState, Sent};
use maaltal::messages::Lang;
use maaltal::participation::{self, CountInput};
use maaltal::sheets::File;
use maaltal::store::{Installation, Store};
use serde_json::{Value, json};

use super::told;
use crate::harness::{App, Persona::*};

api_tests!(
    a_large_file_is_worked_on_and_can_be_asked_for,
    of_a_hundred_thousand_rows_exactly_the_wrong_ones_are_named,
    others_write_while_it_is_applied,
    an_import_that_was_cut_off_goes_on_where_it_was,
    what_contradicts_a_count_posted_meanwhile_stops_it,
    what_is_stopped_says_row_by_row_what_is_not_in,
    rows_of_a_locked_period_are_named_and_go_in_when_it_is_opened,
);

const HEADER: &str = "project,period_start,period_end,participant_role,counting,participants";

/// So many counts of one day each, of pupils and teachers in two projects.
fn file(rows: u64) -> String {
    let mut text = format!("{HEADER}\n");
    let first = NaiveDate::from_ymd_opt(1905, 1, 1).expect("a day");
    for number in 0..rows {
        let day = first + Days::new(number / 8);
        let project = if number % 2 == 0 { "kram" } else { "labstem-nord" };
        let role = if number / 2 % 2 == 0 { "pupil" } else { "teacher" };
        let counting = if number / 4 % 2 == 0 { "unique" } else { "attendances" };
        writeln!(text, "{project},{day},{day},{role},{counting},{}", number % 30).expect("text");
    }
    text
}

fn sent(app: &App, text: &str, now: At) -> Sent {
    Sent {
        caller: Caller::Operator,
        programme: app.world.nordjylland,
        kind: ImportKind::Participation,
        file: File::of(text.as_bytes()).expect("a file"),
        sheet: None,
        dry_run: false,
        partial: false,
        now,
    }
}

/// On a thread of its own, as the store wants it.
async fn imported(
    app: &App,
    sent: Sent,
    mut progress: impl FnMut(&Store, &Import) + Send + 'static,
) -> ImportReport {
    let (store, clock) = (app.store.clone(), app.clock.clone());
    let run = move || {
        let mut told = |import: &Import| progress(&store, import);
        imports::import_here(&store, sent, Lang::En, &|| clock.now(), &mut told)
    };
    let done = actix_web::rt::task::spawn_blocking(run).await.expect("a thread");
    done.expect("an import")
}

fn participants(app: &App) -> impl Future<Output = i64> {
    let (store, programme) = (app.store.clone(), app.world.nordjylland);
    let sum = move || {
        let read =
            |db: &mut _| participation::totals(db, programme, None, maaltal::store::AsOf::NOW);
        store.read_here(read).expect("totals").iter().map(|one| one.participants).sum()
    };
    async { actix_web::rt::task::spawn_blocking(sum).await.expect("a thread") }
}

fn sum_of(text: &str) -> i64 {
    let last = |line: &str| line.rsplit(',').next().and_then(|cell| cell.parse::<i64>().ok());
    text.lines().skip(1).filter_map(last).sum()
}

async fn wait(app: &App) {
    let works = app.works.clone();
    actix_web::rt::task::spawn_blocking(move || works.wait()).await.expect("a thread");
}

async fn a_large_file_is_worked_on_and_can_be_asked_for(app: &App) {
    let text = file(20_100);
    let path = format!("/programmes/{}/imports?kind=participation", app.world.nordjylland);
    let later = app.post(&path).by(Secretariat).body("text/csv", text.as_str()).await.expect(202);
    let address = later.header("location").expect("a place").to_string();
    let address = address.strip_prefix("/api/v1").expect("of the API").to_string();
    assert_eq!(later.json()["import"]["finished_at"], Value::Null);
    wait(app).await;
    let done = app.get(&address).by(Secretariat).await.expect(200).json();
    let import = &done["import"];
    assert_eq!((&import["state"], &import["created"]), (&json!("applied"), &json!(20_100)));
    assert_eq!((&import["rows_done"], &import["error_count"]), (&json!(20_100), &json!(0)));
    assert_eq!(participants(app).await, sum_of(&text));

    let wrong =
        text.replacen("kram,1905-01-03,1905-01-03,pupil", "kram,1905-01-03,1905-01-03,x", 1);
    let later = app.post(&path).by(Secretariat).body("text/csv", wrong).await.expect(202);
    wait(app).await;
    let id = later.json()["import"]["id"].as_str().expect("an id").to_string();
    let done = app.get(&format!("/imports/{id}")).by(Reader).await.expect(200).json();
    assert_eq!(done["import"]["state"], "refused");
    assert_eq!(told(&done), [(18, "participant_role", "unknown_code")]);
    let back = app.get(&format!("/imports/{id}/file")).by(Secretariat);
    let back = back.header("Accept-Language", "en").await.expect(200).text();
    assert_eq!(back.lines().count(), 20_101);
    let line = back.lines().nth(17).expect("a line");
    assert!(line.starts_with("kram,1905-01-03,1905-01-03,x,unique,"), "{line}");
    assert!(line.contains("[participant_role]"), "{line}");
    // The rows of what had no errors are not kept, and after a day none are.
    app.get(&format!("{address}/file"))
        .by(Secretariat)
        .await
        .expect_problem(409, "import-rows-gone");
    app.clock.advance(86_400 + 60);
    app.works.resume();
    wait(app).await;
    let gone = app.get(&format!("/imports/{id}/file")).by(Secretariat).await;
    gone.expect_problem(409, "import-rows-gone");
}

async fn of_a_hundred_thousand_rows_exactly_the_wrong_ones_are_named(app: &App) {
    let mut lines: Vec<String> = file(100_000).lines().map(str::to_string).collect();
    lines[777] = lines[777].replace("unique", "unik").replace("attendances", "unik");
    lines[50_001] = lines[50_001].replace("kram", "kraem");
    // The same count again, far below.
    lines[99_999] = lines[9].clone();
    let text = lines.join("\n");
    let report = imported(app, sent(app, &text, app.clock.now()), |_, _| {}).await;
    let found: Vec<_> = report
        .errors
        .iter()
        .map(|one| (one.row, one.column.as_deref(), one.value.as_deref(), one.code.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (778, Some("counting"), Some("unik"), "unknown_counting"),
            (50_002, Some("project"), Some("kraem"), "unknown_project"),
            (100_000, None, None, "twice"),
        ],
        "{report:#?}"
    );
    assert!(report.errors.iter().all(|one| !one.detail.is_empty()), "{report:#?}");
    assert_eq!((report.applied, report.error_count, report.rows), (false, 3, 100_000));
    assert_eq!(participants(app).await, 0);
}

fn count(participants: i64, start: &str, end: &str) -> CountInput {
    serde_json::from_value(json!({
        "period": { "start": start, "end": end }, "role": "pupil", "counting": "unique",
        "participants": participants,
    }))
    .expect("a count")
}

async fn others_write_while_it_is_applied(app: &App) {
    let text = file(20_100);
    let (project, now) = (app.world.kram, app.clock.now());
    let (tell, told) = std::sync::mpsc::channel();
    let report = imported(app, sent(app, &text, now), move |store, import| {
        // Between any two steps somebody gets their turn.
        if import.state == ImportState::Applying {
            let put = count(import.rows_done.into(), "2022-01-01", "2022-12-31");
            let put = store.write_here(project, |db| {
                participation::put(db, &Caller::Operator, project, &put, now)
            });
            tell.send(put.is_ok()).expect("somebody listens");
        }
    })
    .await;
    assert_eq!((report.applied, report.created), (true, 20_100));
    let put: Vec<bool> = told.iter().collect();
    assert!(put.len() > 5 && put.iter().all(|one| *one), "{put:?}");
    let again = imported(app, sent(app, &text, now), |_, _| {}).await;
    assert_eq!((again.created, again.corrected, again.unchanged), (0, 0, 20_100));
}

async fn an_import_that_was_cut_off_goes_on_where_it_was(app: &App) {
    let text = file(20_100);
    let (store, clock, order) =
        (app.store.clone(), app.clock.clone(), sent(app, &text, app.clock.now()));
    let cut = move || {
        // As if the power went, after the first step that has rows: which those are is chance.
        let mut told = |import: &Import| {
            let has_written = import.state == ImportState::Applying && import.rows_done > 0;
            assert!(!has_written, "cut off");
        };
        let run = || imports::import_here(&store, order, Lang::En, &|| clock.now(), &mut told);
        catch_unwind(AssertUnwindSafe(run)).is_err()
    };
    assert!(actix_web::rt::task::spawn_blocking(cut).await.expect("a thread"));
    let so_far = participants(app).await;
    assert!(so_far > 0 && so_far < sum_of(&text), "{so_far}");
    // Not yet: whoever works on it may only be slow.
    app.works.resume();
    wait(app).await;
    assert_eq!(participants(app).await, so_far);
    app.clock.advance(61);
    app.works.resume();
    wait(app).await;
    assert_eq!(participants(app).await, sum_of(&text));
    let path = format!("/programmes/{}/imports", app.world.nordjylland);
    let log = app.get(&path).by(Secretariat).await.expect(200).json();
    let import = &log["items"][0];
    assert_eq!((&import["state"], &import["created"]), (&json!("applied"), &json!(20_100)));
}

async fn what_contradicts_a_count_posted_meanwhile_stops_it(app: &App) {
    let text = file(20_100);
    let (project, now) = (app.world.kram, app.clock.now());
    let mut is_posted = false;
    let report = imported(app, sent(app, &text, now), move |store, import| {
        if import.state == ImportState::Applying && !is_posted {
            is_posted = true;
            for (start, end) in [("1904-12-01", "1905-01-01"), ("1911-01-01", "1911-12-31")] {
                let put = count(1, start, end);
                let put = store.write_here(project, |db| {
                    participation::put(db, &Caller::Operator, project, &put, now)
                });
                put.expect("a count");
            }
        }
    })
    .await;
    let codes: Vec<&str> = report.errors.iter().map(|error| error.code.as_str()).collect();
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == "overlap"), "{codes:?}");
    // Exactly what it says is written.
    let id = report.import_id.expect("an import");
    let status = app.get(&format!("/imports/{id}")).by(Secretariat).await.expect(200).json();
    let import = &status["import"];
    assert_eq!(import["state"], "stopped");
    let written = import["created"].as_i64().expect("a number");
    assert_eq!(import["rows_done"], written);
    assert!(written < 20_100);
    let (store, programme) = (app.store.clone(), app.world.nordjylland);
    let verified = move || store.read_here(|db| participation::verify(db, programme));
    let verified = actix_web::rt::task::spawn_blocking(verified).await.expect("a thread");
    assert_eq!(verified.expect("a look"), Vec::<String>::new());
}

async fn what_is_stopped_says_row_by_row_what_is_not_in(app: &App) {
    // Two rows of a template that nobody filled in, which are passed over here too.
    let unfilled = "kram,1900-01-01,1900-01-01,pupil,unique,,ja\n";
    let mut text = file(20_100).replace("participants\n", "participants,template\n");
    text = text.lines().map(|line| format!("{line},\n")).collect();
    text = text.replacen("template,\n", &format!("template\n{unfilled}{unfilled}"), 1);
    let (now, user) = (app.clock.now(), app.account(Secretariat));
    let store = app.store.clone();
    let caller = move || store.read_here(|db| sessions::on_behalf(db, Some(user), now));
    let caller = actix_web::rt::task::spawn_blocking(caller).await.expect("a thread");
    let by_them =
        || Sent { caller: caller.as_ref().expect("a caller").clone(), ..sent(app, &text, now) };
    let mut is_out = false;
    let report = imported(app, by_them(), move |store, import| {
        if import.state == ImportState::Applying && import.rows_done > 0 && !is_out {
            is_out = true;
            let disable = |db: &mut _| users::disable(db, &Caller::Operator, user, now);
            store.write_here(Installation, disable).expect("out");
        }
    })
    .await;
    assert_eq!((report.state, report.error_count, report.unfilled), (ImportState::Stopped, 0, 2));
    let why = report.failure.as_deref().unwrap_or_default();
    assert!(why.contains("may not import here any more"), "{why}");
    assert!(report.created > 0 && report.not_written > 0, "{report:?}");
    assert_eq!(report.created + report.not_written + report.unfilled, report.rows);

    // The file comes back with what is not in, and nothing else is.
    let id = report.import_id.expect("an import");
    let back = app.get(&format!("/imports/{id}/file")).by(Reader).header("Accept-Language", "en");
    let back = back.await.expect(200).text();
    let (out, there): (Vec<&str>, Vec<&str>) =
        back.lines().skip(1).partition(|line| line.contains("Not written"));
    assert_eq!((out.len(), there.len()), (report.not_written, report.created + 2));
    let figure = |line: &&str| line.split(',').nth(5).and_then(|cell| cell.parse::<i64>().ok());
    let written: i64 = there.iter().filter_map(figure).sum();
    assert_eq!(participants(app).await, written);

    // Sent again, the rest goes in.
    let again = imported(app, sent(app, &text, now), |_, _| {}).await;
    assert_eq!(
        (again.state, again.created, again.unchanged, again.not_written),
        (ImportState::Applied, report.not_written, report.created, 0)
    );
}

async fn rows_of_a_locked_period_are_named_and_go_in_when_it_is_opened(app: &App) {
    crate::progress_reports::Report::approved(app).await;
    let mut text = file(20_100);
    text.push_str("labstem-nord,2022-03-01,2022-03-31,teacher,unique,7\n");
    let now = app.clock.now();
    let report = imported(app, sent(app, &text, now), |_, _| {}).await;
    let [error] = report.errors.as_slice() else { panic!("{report:#?}") };
    assert_eq!(
        (report.state, error.row, error.code.as_str()),
        (ImportState::Refused, 20_102, "period_locked")
    );
    assert_eq!(
        (error.column.as_deref(), error.value.as_deref()),
        (Some("period_start"), Some("2022-03-01"))
    );
    assert!(error.detail.contains("2022-01-01 to 2022-12-31"), "{}", error.detail);
    let opening = json!({
        "start": "2022-03-01", "end": "2022-03-31", "reason": "Talt forkert",
        "open_until": "2023-02-10",
    });
    let path = format!("/projects/{}/openings", app.world.labstem);
    app.post(&path).by(Secretariat).json(opening).await.expect(201);
    let report = imported(app, sent(app, &text, now), |_, _| {}).await;
    assert_eq!((report.state, report.created), (ImportState::Applied, 20_101));
}
