//! Many at once, floods, and answers that no person gave.

use std::sync::mpsc;

use diesel::RunQueryDsl;
use futures_util::future::{join, join_all};
use maaltal::store::{Conn, Db, Installation};
use serde_json::json;
use uuid::Uuid;

use super::{Form, Handed, ready};
use crate::harness::App;

api_tests!(
    thirty_pupils_get_through_at_once,
    a_flood_on_one_link_leaves_room_for_another,
    what_finds_no_room_can_be_sent_again,
    suspicious_answers_are_counted_and_kept,
    what_is_too_large_gets_a_page,
    who_guesses_addresses_gets_a_page,
);

async fn thirty_pupils_get_through_at_once(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let forms = join_all((0..30).map(|_| Form::open(app, &link.address))).await;
    let sent = forms.iter().map(|form| form.press(app, "send"));
    for answer in join_all(sent).await {
        answer.expect(303);
    }
    assert_eq!(link.answered(app).await, 30);
}

/// So often a flood is asked to go on, until all of it waits or is refused.
const TURNS: usize = 500;

/// Nothing is stored while `meanwhile` goes on.
async fn while_the_writer_waits<T>(app: &App, meanwhile: impl Future<Output = T>) -> T {
    let (held, is_held) = tokio::sync::oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let hold = app.store.write(Installation, move |db: &mut Db| {
        if let Conn::Postgres(c) = db.conn() {
            diesel::sql_query("LOCK TABLE responses IN EXCLUSIVE MODE").execute(&mut **c)?;
        }
        held.send(()).expect("somebody waits");
        let _ = released.recv();
        Ok::<_, maaltal::error::Error>(())
    });
    let rest = async {
        is_held.await.expect("held");
        let result = meanwhile.await;
        drop(release);
        result
    };
    let (done, result) = join(hold, rest).await;
    done.expect("released");
    result
}

async fn respond(app: &App, link: &Handed) -> u16 {
    let body = json!({ "id": Uuid::new_v4(), "answers": { "u_samarbejde": "ja" } });
    let path = format!("/links/{}/responses", link.token);
    app.post(&path).json(body).await.status
}

async fn a_flood_on_one_link_leaves_room_for_another(app: &App) {
    let (flooded, quiet) = (ready(app, "elever-14-19").await, ready(app, "elever-10-13").await);
    let forms = join_all((0..30).map(|_| Form::open(app, &quiet.address))).await;
    // From then on the link is known, and whoever comes through it goes straight to the queue.
    Form::open(app, &flooded.address).await;
    let mut flood = Box::pin(join_all((0..1_500).map(|_| respond(app, &flooded))));
    let mut class = Box::pin(join_all(forms.iter().map(|form| form.press(app, "send"))));
    let turns = async {
        // Each is asked to go on some times: whoever finds room waits in it.
        for _ in 0..TURNS {
            assert!(futures_util::poll!(&mut flood).is_pending());
            assert!(futures_util::poll!(&mut class).is_pending());
            tokio::task::yield_now().await;
        }
    };
    while_the_writer_waits(app, turns).await;
    let (statuses, class) = join(flood, class).await;
    for answer in class {
        answer.expect(303);
    }
    let through = statuses.iter().filter(|status| **status == 201).count();
    let refused = statuses.iter().filter(|status| **status == 503).count();
    // Half of the room, and the batch that the writer had taken out of it already.
    assert_eq!(through + refused, 1_500);
    assert!((1_024..=1_024 + 256).contains(&through), "{through}");
    assert_eq!(quiet.answered(app).await, 30);
    assert_eq!(flooded.answered(app).await, through);
}

async fn what_finds_no_room_can_be_sent_again(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let form = Form::open(app, &link.address).await.choose("u_samarbejde", "ja");
    let mut flood = Box::pin(join_all((0..1_500).map(|_| respond(app, &link))));
    let refused = async {
        for _ in 0..TURNS {
            assert!(futures_util::poll!(&mut flood).is_pending());
            tokio::task::yield_now().await;
        }
        form.press(app, "send").await
    };
    let refused = while_the_writer_waits(app, refused).await.expect(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    flood.await;
    let again = Form::of(&link.address, &refused);
    assert!(again.page.contains("Dine svar står her endnu"), "{}", again.page);
    assert_eq!(again.value("id"), form.value("id"));
    assert_eq!(again.value("a.u_samarbejde"), "ja");
    again.send(app).await;
}

async fn suspicious_answers_are_counted_and_kept(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let other = ready(app, "elever-10-13").await;
    let counted = async || {
        let status = link.status(app).await;
        (status["answered"].as_i64(), status["suspicious"].as_i64())
    };
    let open = async || Form::open(app, &link.address).await.choose("u_samarbejde", "ja");
    let form = open().await;
    app.clock.advance(20);
    form.send(app).await;
    assert_eq!(counted().await, (Some(1), Some(0)));
    // Faster than anybody reads.
    open().await.send(app).await;
    assert_eq!(counted().await, (Some(2), Some(1)));
    // A page that was left open, one of another link, none at all, and a trap.
    let old = open().await;
    app.clock.advance(2 * 86_400);
    old.send(app).await;
    assert_eq!(counted().await, (Some(3), Some(2)));
    let stamp = Form::open(app, &other.address).await.value("stamp").to_string();
    let (foreign, trapped, good) = (open().await, open().await, open().await);
    app.clock.advance(20);
    foreign.write("stamp", &stamp).send(app).await;
    assert_eq!(counted().await, (Some(4), Some(3)));
    trapped.write("website", "https://ond.example").send(app).await;
    assert_eq!(counted().await, (Some(5), Some(4)));
    assert_eq!(respond(app, &link).await, 201);
    assert_eq!(counted().await, (Some(6), Some(5)));
    // Sent twice is counted once, and one that isn't stored not at all.
    good.send(app).await;
    good.send(app).await;
    good.choose("u_samarbejde", "nej").press(app, "send").await.expect(422);
    assert_eq!(counted().await, (Some(7), Some(5)));

    // The API's form has a stamp too, for whoever shows it in another way.
    let path = format!("/links/{}", link.token);
    let form = app.get(&format!("{path}/form")).await.expect(200).json();
    app.clock.advance(20);
    let body = json!({ "id": Uuid::new_v4(), "stamp": form["stamp"], "answers": {} });
    app.post(&format!("{path}/responses")).json(body).await.expect(201);
    assert_eq!(counted().await, (Some(8), Some(5)));
    assert_eq!(other.status(app).await["suspicious"], 0);
}

async fn what_is_too_large_gets_a_page(app: &App) {
    let link = ready(app, "elever-14-19").await;
    let body = format!("a.u_job={}", "x".repeat(100_000));
    let page = app.post(&link.address).body("application/x-www-form-urlencoded", body).await;
    assert!(page.expect(413).text().contains("Noget gik galt"));
    app.post(&link.address).json(json!({})).await.expect(415);
}

async fn who_guesses_addresses_gets_a_page(app: &App) {
    let link = ready(app, "elever-14-19").await;
    app.get(&link.address).await.expect(200);
    for _ in 0..500 {
        app.get("/s/ABCDEFGHJK").await.expect(404);
    }
    let page = app.get("/s/ABCDEFGHJK").await.expect(429);
    assert_eq!(page.header("retry-after"), Some("1"));
    assert!(page.text().contains("Vent et øjeblik"));
    // Whose link is known goes on.
    app.get(&link.address).await.expect(200);
}
