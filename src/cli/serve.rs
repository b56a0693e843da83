use std::time::Duration;

use actix_web::HttpServer;
use maaltal::app::{self, State};
use maaltal::clock::Clock;
use maaltal::config::{Database, Metrics, ServeArgs};
use maaltal::health;
use maaltal::store::{Engine, Store};
use maaltal::surveys::forms::Forms;
use maaltal::surveys::upkeep;

use super::Failure;

/// Runs the service until SIGTERM or SIGINT, and then lets requests under way end.
pub fn run(args: &ServeArgs, database: &Database, connections: u32) -> Result<(), Failure> {
    let store = database.open(connections).map_err(Failure::Setting)?;
    // Several instances can share one PostgreSQL: none of them may migrate it by itself.
    if store.engine() == Engine::Sqlite {
        store.migrate()?;
    }
    let state = state(args, database, store)?;
    let forms = state.forms.clone();
    let served = actix_web::rt::System::new().block_on(listen(args, state, connections));
    forms.drain();
    served
}

pub fn state(args: &ServeArgs, _database: &Database, store: Store) -> Result<State, Failure> {
    let forms = Forms::start(store.clone())?;
    Ok(State { store, clock: Clock::System, limits: args.limits(), forms })
}

pub async fn listen(args: &ServeArgs, state: State, connections: u32) -> Result<(), Failure> {
    if let Metrics::At(address) = args.metrics {
        let handle = health::count().map_err(Failure::Failed)?;
        let server = health::serve_metrics(address, handle)
            .map_err(|error| Failure::Setting(format!("--metrics {address}: {error}")))?;
        actix_web::rt::spawn(server);
    }
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    // No more threads than connections: a thread without one only waits.
    let threads = (connections as usize).div_ceil(workers).max(2);
    let engine = state.store.engine();
    actix_web::rt::spawn(upkeep::run(state.store.clone(), state.clock.clone()));
    let server = HttpServer::new(move || app::build(state.clone()))
        .workers(workers)
        .worker_max_blocking_threads(threads)
        .client_request_timeout(Duration::from_secs(10))
        .shutdown_timeout(20)
        .bind(args.listen)
        .map_err(|error| Failure::Setting(format!("--listen {}: {error}", args.listen)))?
        .run();
    tracing::info!(address = %args.public_url(), %engine, "serving");
    server.await?;
    tracing::info!("stopped");
    Ok(())
}
