//! Several instances on one PostgreSQL, all on the same links.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use maaltal::surveys::tally;

use super::load::{self, Server};
use super::report::{Report, Sample};
use super::{Endpoint, connections, rounds, server, span};

const INSTANCES: usize = 4;
const LINKS: usize = 4;
const ENDPOINTS: [Endpoint; 2] = [Endpoint::Durable, Endpoint::Naive];

pub fn run() {
    let engine = Engine::find();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let name = format!("maaltal_intake_{}", std::process::id());
    runtime.block_on(ask(&engine.address, &format!("CREATE DATABASE {name}")));
    let (host, _) = engine.address.rsplit_once('/').expect("an address that ends in a database");
    let place = format!("{host}/{name}");
    let doors = server::seed(&place, LINKS).expect("links");
    let servers: Vec<Server> =
        (0..INSTANCES).map(|_| Server::start(&place, &doors, None)).collect();
    let (mut report, mut stored) = (Report::default(), 0);
    for round in 0..=rounds() {
        for connections in connections() {
            for endpoint in ENDPOINTS {
                servers.iter().for_each(Server::forget_peak);
                let run = load::run(&servers, endpoint, connections, span(round));
                let run = runtime.block_on(run);
                stored += run.took.len();
                if round > 0 {
                    let peak = servers.iter().map(Server::peak).fold(0.0, f64::max);
                    report.add("4 instances", connections, Sample { endpoint, run, peak });
                }
            }
        }
        eprintln!("round {round} of {}", rounds());
    }
    drop(servers);
    report.print();
    let deadlocks = format!("SELECT deadlocks FROM pg_stat_database WHERE datname = '{name}'");
    let settings = "SELECT 'fsync ' || current_setting('fsync') || ', synchronous_commit ' \
                    || current_setting('synchronous_commit')";
    let responses = "SELECT count(*) FROM responses";
    println!("\n{}", runtime.block_on(ask(&place, settings)));
    println!("deadlocks: {}", runtime.block_on(ask(&place, &deadlocks)));
    println!(
        "responses: {stored} answered with 201, {} stored",
        runtime.block_on(ask(&place, responses))
    );
    let store = server::open(&place);
    let differences = store.read_here(tally::verify).expect("tallies").len();
    println!("tallies that are not what the responses add up to: {differences}");
    drop(store);
    runtime.block_on(ask(&engine.address, &format!("DROP DATABASE {name} WITH (FORCE)")));
}

/// Runs one statement; the first value of what comes back.
async fn ask(address: &str, statement: &str) -> String {
    let connecting = tokio_postgres::connect(address, tokio_postgres::NoTls);
    let (client, connection) = connecting.await.expect("the server");
    let connection = tokio::spawn(connection);
    let rows = client.simple_query(statement).await.expect("an answer");
    drop(client);
    let _ = connection.await;
    rows.iter()
        .find_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_string),
            _ => None,
        })
        .unwrap_or_default()
}

/// The server of `MAALTAL_TEST_POSTGRES`, or one that is thrown away.
struct Engine {
    address: String,
    child: Option<Child>,
}

impl Engine {
    fn find() -> Engine {
        const NAME: &str = "MAALTAL_TEST_POSTGRES";
        if let Some(address) = super::setting(NAME) {
            return Engine { address, child: None };
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres");
        let child = Command::new(script).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("tests/postgres");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let line = output.lines().next().expect("a line").expect("text");
        let address = line.strip_prefix(NAME).and_then(|line| line.strip_prefix('='));
        Engine { address: address.expect("an address").to_string(), child: Some(child) }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(child) = &mut self.child else { return };
        // Not killed, so that it can clear up.
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        let _ = child.wait();
    }
}
