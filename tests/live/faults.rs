//! What was acknowledged is kept, whatever becomes of the program, and however many of it run.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use maaltal::store::{Engine, Store};
use maaltal::surveys::tally;
use uuid::Uuid;

use super::handed::{Handed, answers, class, response};
use crate::home::Home;
use crate::service::Service;
use crate::words::words;

#[test]
fn a_kill_loses_no_acknowledged_answer_on_sqlite() {
    a_kill_loses_nothing(Engine::Sqlite);
}

#[test]
fn a_kill_loses_no_acknowledged_answer_on_postgres() {
    a_kill_loses_nothing(Engine::Postgres);
}

/// Who answered, what, through which of the links.
type Pupil = (Uuid, usize, usize);

const CONNECTIONS: usize = 8;

fn a_kill_loses_nothing(engine: Engine) {
    let home = Home::new(engine);
    let links = home.hand_out(&[class(), class()]);
    let mut acknowledged: Vec<Pupil> = Vec::new();
    for round in 1..=2 {
        let service = Service::start(&home);
        let known = Mutex::new(std::mem::take(&mut acknowledged));
        std::thread::scope(|threads| {
            for connection in 0..CONNECTIONS {
                let (links, known, service) = (&links, &known, &service);
                let mut client = service.client();
                threads.spawn(move || {
                    // Until the connection breaks off.
                    for number in connection.. {
                        let pupil = (Uuid::new_v4(), number, number % 2);
                        let body = response(pupil.0, answers(number));
                        match client.post(&links[pupil.2].responses(), &body) {
                            Ok((201, _)) => known.lock().expect("a list").push(pupil),
                            Ok((503, _)) => {}
                            Ok(other) => panic!("{other:?}"),
                            Err(_) => return,
                        }
                    }
                });
            }
            // Those who send stop when it is gone, so it goes in any case.
            let came = wait_for(|| known.lock().expect("a list").len() >= round * 300);
            service.kill();
            assert!(came, "too few were answered");
        });
        acknowledged = known.into_inner().expect("a list");
    }
    assert!(acknowledged.len() >= 600);

    let service = Service::start(&home);
    let store = home.open();
    let stored = count(&store);
    // What was under way when the end came may be there, and no more than that.
    let most = acknowledged.len() + 2 * CONNECTIONS;
    assert!((acknowledged.len()..=most).contains(&stored), "{stored} of {}", acknowledged.len());
    assert_eq!(store.read_here(tally::verify).expect("a recount"), []);
    let mut client = service.client();
    for (id, number, link) in &acknowledged {
        let path = links[*link].responses();
        let same = client.post(&path, &response(*id, answers(*number))).expect("an answer");
        assert_eq!(same.0, 201, "{}", same.1);
        let other = client.post(&path, &response(*id, answers(number + 1))).expect("an answer");
        assert_eq!(other.0, 422, "{}", other.1);
    }
    // Had one been lost, it would have been stored just now.
    assert_eq!(count(&store), stored);
    assert_eq!(store.read_here(tally::verify).expect("a recount"), []);
}

const INSTANCES: usize = 2;
const ANSWERS: usize = 1_200;

#[test]
fn two_instances_on_one_database_lose_nothing_and_never_wait_for_each_other_in_a_circle() {
    let home = Home::new(Engine::Postgres);
    let links = home.hand_out(&[class(), class(), class()]);
    let services: Vec<Service> = (0..INSTANCES).map(|_| Service::start(&home)).collect();
    let ids: Vec<Uuid> = (0..ANSWERS).map(|_| Uuid::new_v4()).collect();
    let (next, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for connection in 0..INSTANCES * CONNECTIONS {
            let service = &services[connection % INSTANCES];
            let (links, ids, next, refused) = (&links, &ids, &next, &refused);
            let mut client = service.client();
            threads.spawn(move || {
                loop {
                    // Every tenth is sent to several at once, as when a button is pressed twice.
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let number = if number % 10 == 1 { number - 1 } else { number };
                    let Some(id) = ids.get(number) else { return };
                    let path = path(links, number);
                    let body = response(*id, answers(number));
                    loop {
                        let (status, answer) = client.post(&path, &body).expect("an answer");
                        match status {
                            201 => break,
                            503 => refused.fetch_add(1, Ordering::SeqCst),
                            _ => panic!("{answer}"),
                        };
                        std::thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
    });
    let store = home.open();
    let sent = (0..ANSWERS).filter(|number| number % 10 != 1).count();
    assert_eq!(count(&store), sent);
    assert_eq!(store.read_here(tally::verify).expect("a recount"), []);
    // A batch that fails as a whole is told as 503; the queue was never full.
    assert_eq!(refused.load(Ordering::SeqCst), 0);
    let deadlocks = "SELECT deadlocks::text AS words FROM pg_stat_database \
                     WHERE datname = current_database()";
    assert_eq!(words(&store, deadlocks), ["0"]);
}

fn path(links: &[Handed], number: usize) -> String {
    links[number % links.len()].responses()
}

fn count(store: &Store) -> usize {
    let counted = words(store, "SELECT CAST(count(*) AS TEXT) AS words FROM responses");
    counted[0].parse().expect("a number")
}

/// False where it did not come to that in a minute.
fn wait_for(is_so: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while !is_so() {
        if begun.elapsed() > Duration::from_secs(60) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}
