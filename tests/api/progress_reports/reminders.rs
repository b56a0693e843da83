//! Reminders: by mail through a server that stands in the test, or as texts.

use std::sync::{Arc, Mutex};

use maaltal::mail::Mailer;
use maaltal::store::Engine;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Report, faults, trail};
use crate::harness::{App, Persona, Persona::*};

api_tests!(
    without_a_server_the_texts_are_to_send,
    mails_go_out_once_a_day,
    what_failed_is_tried_again,
    only_what_is_overdue_is_reminded_of,
);

/// A mail server on this machine that keeps what it is given, or says no to all of it.
#[derive(Clone, Default)]
struct Post {
    mails: Arc<Mutex<Vec<String>>>,
    refuses: Arc<Mutex<bool>>,
}

impl Post {
    async fn open() -> (Post, Mailer) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let post = Post::default();
        let kept = post.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                kept.talk(stream).await;
            }
        });
        let url = format!("smtp://127.0.0.1:{port}");
        (post, Mailer::smtp(&url, "Maaltal <maaltal@rn.dk>").expect("a mailer"))
    }

    async fn talk(&self, stream: TcpStream) {
        let (reading, mut writing) = stream.into_split();
        let mut lines = BufReader::new(reading).lines();
        let mut say = async |text: &str| {
            writing.write_all(format!("{text}\r\n").as_bytes()).await.expect("a line")
        };
        say("220 post").await;
        let mut mail = None::<String>;
        while let Ok(Some(line)) = lines.next_line().await {
            match &mut mail {
                Some(text) if line == "." => {
                    self.mails.lock().expect("mails").push(std::mem::take(text));
                    mail = None;
                    say("250 kept").await;
                }
                Some(text) => text.push_str(&format!("{line}\n")),
                None if line.starts_with("DATA") => {
                    mail = Some(String::new());
                    say("354 go on").await;
                }
                None if line.starts_with("RCPT") && *self.refuses.lock().expect("a word") => {
                    say("550 nobody here").await;
                }
                None if line.starts_with("QUIT") => return say("221 bye").await,
                None => say("250 fine").await,
            }
        }
    }

    fn mails(&self) -> Vec<String> {
        self.mails.lock().expect("mails").clone()
    }
}

/// LabSTEM Nord's report, the day after it was due.
async fn overdue(app: &App) -> Report {
    let report = Report::requested(app).await;
    app.clock.advance(29 * 24 * 60 * 60);
    report
}

async fn remind(app: &App, by: Persona, body: Value) -> crate::harness::Answer {
    let path = format!("/programmes/{}/progress-reports/reminders", app.world.nordjylland);
    app.post(&path).by(by).header("Accept-Language", "en").json(body).await
}

fn engine(app: &App) -> Engine {
    app.store.engine()
}

async fn without_a_server_the_texts_are_to_send(app: &App) {
    let report = overdue(app).await;
    remind(app, Holder, json!({})).await.expect_problem(403, "secretariat-only");
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["sent"], &told["by_hand"]), (&json!(0), &json!(1)));
    let one = &told["items"][0];
    assert_eq!((&one["outcome"], &one["days_overdue"]), (&json!("by_hand"), &json!(1)));
    assert_eq!(one["recipients"], json!([{ "name": "Holder", "mail": "labstem@aau.dk" }]));
    assert_eq!(one["subject"], "Reminder: progress report of LabSTEM Nord");
    let text = one["text"].as_str().expect("a text");
    assert!(
        text.contains("due on 2023-03-01") && text.contains("https://maaltal.example"),
        "{text}"
    );
    // Once more: the same texts, and no other reminder.
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!(told["items"][0]["outcome"], "by_hand");
    let seen = report.seen(app, Holder).await;
    assert_eq!(seen["reminders"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&seen["reminders"][0]["day"], &seen["reminders"][0]["state"]),
        (&json!("2023-03-02"), &json!("by_hand"))
    );
    let reminded = trail(app).await.iter().filter(|one| *one == "progress_report.reminded").count();
    assert_eq!(reminded, 1);
    // The next day there is another one.
    app.clock.advance(24 * 60 * 60);
    remind(app, Secretariat, json!({})).await.expect(200);
    assert_eq!(report.seen(app, Holder).await["reminders"].as_array().map(Vec::len), Some(2));
    let list = format!("/programmes/{}/progress-reports?overdue=true", app.world.nordjylland);
    let line = app.get(&list).by(Reader).await.expect(200).json()["items"][0].clone();
    assert_eq!(line["reminded_on"], "2023-03-03");
}

async fn mails_go_out_once_a_day(app: &App) {
    let (post, mailer) = Post::open().await;
    let app = &App::with_mailer(engine(app), mailer).await;
    let report = overdue(app).await;
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["sent"], &told["failed"]), (&json!(1), &json!(0)));
    let mails = post.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("From: Maaltal <maaltal@rn.dk>"), "{}", mails[0]);
    assert!(mails[0].contains("labstem@aau.dk"), "{}", mails[0]);
    assert!(
        mails[0].contains("Subject: Reminder: progress report of LabSTEM Nord"),
        "{}",
        mails[0]
    );
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["items"][0]["outcome"], &told["sent"]), (&json!("already"), &json!(0)));
    assert_eq!(post.mails().len(), 1);
    assert_eq!(report.seen(app, Holder).await["reminders"][0]["state"], "sent");
    let trail = trail(app).await;
    let last: Vec<&str> = trail.iter().rev().take(2).map(String::as_str).collect();
    assert_eq!(last, ["progress_report.reminder_sent", "progress_report.reminded"]);
    // Nobody's address stands in the trail.
    let path = format!("/programmes/{}/audit?limit=1000", app.world.nordjylland);
    let entries = app.get(&path).by(Secretariat).await.expect(200).text();
    assert!(!entries.contains("labstem@aau.dk"));
}

async fn what_failed_is_tried_again(app: &App) {
    let (post, mailer) = Post::open().await;
    let app = &App::with_mailer(engine(app), mailer).await;
    let report = overdue(app).await;
    *post.refuses.lock().expect("a word") = true;
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["failed"], &told["items"][0]["outcome"]), (&json!(1), &json!("failed")));
    assert_eq!(report.seen(app, Holder).await["reminders"][0]["state"], "failed");
    *post.refuses.lock().expect("a word") = false;
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["sent"], post.mails().len()), (&json!(1), 1));
    assert_eq!(report.seen(app, Holder).await["reminders"].as_array().map(Vec::len), Some(1));
    // A server that is not there: told, and nothing is lost.
    let nowhere = Mailer::smtp("smtp://127.0.0.1:1", "maaltal@rn.dk").expect("a mailer");
    let app = &App::with_mailer(engine(app), nowhere).await;
    overdue(app).await;
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!((&told["failed"], &told["sent"]), (&json!(1), &json!(0)));
    let trail = trail(app).await;
    assert_eq!(trail.last().map(String::as_str), Some("progress_report.reminder_failed"));
}

async fn only_what_is_overdue_is_reminded_of(app: &App) {
    let report = Report::requested(app).await;
    let told = remind(app, Secretariat, json!({})).await.expect(200).json();
    assert_eq!(told["items"], json!([]));
    let id = report.path.rsplit('/').next().expect("an id").to_string();
    let chosen = json!({ "reports": [id] });
    let wrong = remind(app, Secretariat, chosen.clone()).await.expect(422).json();
    assert_eq!(faults(&wrong), ["/reports/0 not_overdue"]);
    app.clock.advance(29 * 24 * 60 * 60);
    let told = remind(app, Secretariat, chosen).await.expect(200).json();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
}
