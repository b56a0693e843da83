//! What the stored rows tell, and what they don't.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use maaltal::store::Conn;
use maaltal::surveys::{tally, upkeep};
use serde_json::json;

use super::{class, link_with, respond, response, token_of};
use crate::harness::{App, Persona::*};

api_tests!(
    rows_written_anew_lie_in_the_order_of_their_keys,
    what_is_closed_is_written_anew_too,
    a_missed_night_is_made_up_for,
);

#[derive(QueryableByName)]
struct Lies {
    #[diesel(sql_type = Binary)]
    id: Vec<u8>,
    /// Which transaction wrote it, where the engine tells.
    #[diesel(sql_type = Text)]
    by: String,
}

/// The stored responses in the order in which they lie.
async fn rows(app: &App) -> Vec<Lies> {
    let read = app.store.read(|db| {
        Ok(match db.conn() {
            Conn::Sqlite(c) => diesel::sql_query("SELECT id, '' AS by FROM responses NOT INDEXED")
                .load::<Lies>(&mut **c)?,
            Conn::Postgres(c) => diesel::sql_query(
                "SELECT uuid_send(id) AS id, xmin::text AS by FROM responses ORDER BY ctid",
            )
            .load::<Lies>(&mut **c)?,
        })
    });
    read.await.expect("rows")
}

fn tell_nothing(rows: &[Lies]) {
    let by_key = rows.windows(2).all(|pair| pair[0].id < pair[1].id);
    assert!(by_key, "they lie in another order than that of their keys");
    assert!(rows.windows(2).all(|pair| pair[0].by == pair[1].by), "not written together");
}

async fn rows_written_anew_lie_in_the_order_of_their_keys(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    for round in 0..3 {
        for _ in 0..20 {
            respond(app, &token, &response(json!({ "u_samarbejde": "ja" }))).await.expect(201);
        }
        upkeep::nightly(&app.store).await.expect("written anew");
        let rows = rows(app).await;
        assert_eq!(rows.len(), (round + 1) * 20);
        tell_nothing(&rows);
    }
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}

async fn what_is_closed_is_written_anew_too(app: &App) {
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    for _ in 0..20 {
        respond(app, &token, &response(json!({ "u_samarbejde": "nej" }))).await.expect(201);
    }
    let place = link.header("location").expect("a place");
    app.post(&format!("{place}/close")).by(Holder).await.expect(200);
    tell_nothing(&rows(app).await);
    let differences = app.store.read(tally::verify).await.expect("a recount");
    assert_eq!(differences, []);
}

async fn a_missed_night_is_made_up_for(app: &App) {
    let nightly = async || {
        let now = app.clock.now();
        upkeep::nightly_if_due(&app.store, now).await.expect("a night");
    };
    let link = link_with(app, class()).await;
    let token = token_of(&link);
    let answer = async || {
        respond(app, &token, &response(json!({ "u_samarbejde": "ja" }))).await.expect(201);
    };
    nightly().await;
    for _ in 0..20 {
        answer().await;
    }
    // The first chance is taken after days without any.
    app.clock.advance(3 * 86_400);
    nightly().await;
    tell_nothing(&rows(app).await);
}
