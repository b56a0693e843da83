//! In which order answers came can't be told from how they lie: the same answers are sent to two
//! copies of a database, forwards and backwards, and must lie alike.

use maaltal::clock::Clock;
use maaltal::store::Engine;
use maaltal::surveys::{closing, upkeep};
use uuid::Uuid;

use super::handed::{Handed, answers, class, response};
use crate::home::Home;
use crate::service::Service;
use crate::words::words;

#[test]
fn the_order_of_arrival_is_not_kept_on_sqlite() {
    the_order_is_not_kept(Engine::Sqlite);
}

#[test]
fn the_order_of_arrival_is_not_kept_on_postgres() {
    the_order_is_not_kept(Engine::Postgres);
}

const CLASS: usize = 60;

fn the_order_is_not_kept(engine: Engine) {
    let original = Home::new(engine);
    let links = original.hand_out(&[class(), class()]);
    let homes = [original.copy(), original.copy()];
    let mut pupils: Vec<(Uuid, usize)> =
        (0..CLASS).map(|number| (Uuid::new_v4(), number)).collect();
    for home in &homes {
        // One class has answered by the night; and then another, whose link is closed before it.
        answer(home, &links[0], &pupils);
        block_on(async { upkeep::nightly(&home.open()).await });
        pupils.reverse();
    }
    lie_alike(&homes, 1);
    if let (Some(one), Some(other)) = (homes[0].folder(), homes[1].folder()) {
        // Not a byte lies elsewhere, but in the header, which counts the changes of the file.
        let read = |folder: &std::path::Path| std::fs::read(folder.join("maaltal.db"));
        let (one, other) = (read(one).expect("a file"), read(other).expect("a file"));
        assert!(one[100..] == other[100..], "the files tell in which order the answers came");
    }
    for home in &homes {
        answer(home, &links[1], &pupils);
        let link = links[1].id;
        block_on(async {
            closing::close(&home.open(), None, link, Clock::System.now()).await?;
            upkeep::nightly(&home.open()).await
        });
        pupils.reverse();
    }
    lie_alike(&homes, 2);
}

fn answer(home: &Home, link: &Handed, pupils: &[(Uuid, usize)]) {
    let service = Service::start(home);
    let mut client = service.client();
    for (id, number) in pupils {
        let body = response(*id, answers(*number));
        let (status, answer) = client.post(&link.responses(), &body).expect("an answer");
        assert_eq!(status, 201, "{answer}");
    }
}

fn block_on(of: impl Future<Output = maaltal::error::Result<()>>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(of).unwrap_or_else(|error| panic!("{error}"));
}

/// So many classes have answered, and in each order that the engine gives both homes give the
/// same. PostgreSQL tells where a row lies, and which transaction wrote it.
fn lie_alike(homes: &[Home; 2], classes: usize) {
    let id = |cast: &str, rest: &str| format!("SELECT {cast} AS words FROM responses {rest}");
    let cells = "question || ' ' || option || ' ' || n";
    let (orders, sole) = match homes[0].open().engine() {
        Engine::Sqlite => (
            vec![
                id("hex(id)", ""),
                id("hex(id)", "NOT INDEXED"),
                format!("SELECT {cells} AS words FROM tallies"),
                format!("SELECT {cells} AS words FROM tallies NOT INDEXED"),
            ],
            None,
        ),
        Engine::Postgres => (
            vec![
                id("id::text", ""),
                id("id::text", "ORDER BY ctid"),
                id("id::text", "ORDER BY xmin::text::bigint, cmin::text::bigint, ctid"),
                id("id::text", "ORDER BY link_id, id"),
                format!("SELECT {cells} AS words FROM tallies"),
                format!("SELECT {cells} AS words FROM tallies ORDER BY ctid"),
                format!("SELECT {cells} AS words FROM tallies ORDER BY xmin::text::bigint, ctid"),
            ],
            Some([
                "SELECT xmin::text AS words FROM responses GROUP BY link_id, xmin::text",
                "SELECT xmin::text AS words FROM tallies GROUP BY link_id, xmin::text",
            ]),
        ),
    };
    let [one, other] = [homes[0].open(), homes[1].open()];
    for order in orders {
        let (one, other) = (words(&one, &order), words(&other, &order));
        assert!(one.len() >= if order.contains("responses") { CLASS * classes } else { 6 });
        assert_eq!(one, other, "tells in which order the answers came: {order}");
    }
    for query in sole.into_iter().flatten() {
        assert_eq!(words(&one, query).len(), classes, "not written together: {query}");
    }
}
