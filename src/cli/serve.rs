use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use maaltal::accounts::{self, Doors};
use maaltal::app::{self, State};
use maaltal::clock::Clock;
use maaltal::config::{Database, Metrics, ServeArgs};
use maaltal::health;
use maaltal::store::{Engine, Installation, Store};
use maaltal::surveys::class_page::ClassPages;
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::forms::Forms;
use maaltal::surveys::site::Site;
use maaltal::surveys::upkeep;

use super::Failure;

/// Runs the service until SIGTERM or SIGINT, and then lets requests under way end.
pub fn run(args: &ServeArgs, database: &Database, connections: u32) -> Result<(), Failure> {
    let store = database.open(connections).map_err(Failure::Setting)?;
    // Several instances can share one PostgreSQL: none of them may migrate it by itself.
    if store.engine() == Engine::Sqlite {
        store.migrate()?;
    }
    with(args, database, store, connections)
}

/// As [`run`], on a database that is open already.
pub fn with(
    args: &ServeArgs,
    database: &Database,
    store: Store,
    connections: u32,
) -> Result<(), Failure> {
    let key = args.signing_key(database).map_err(Failure::Setting)?;
    let doors = Doors::new(&key, &args.public_url()).map_err(Failure::Setting)?;
    let (clock, limits, doors) = (Clock::System, args.limits(), Arc::new(doors));
    let code_key = CodeKey::of(&key)?;
    let site = Site::new(&args.public_url(), &code_key)?;
    let forms = Forms::start(store.clone(), code_key)?;
    let class_pages = ClassPages::new(store.clone());
    let state = State { store, clock, limits, doors, forms: forms.clone(), site, class_pages };
    let served = actix_web::rt::System::new().block_on(listen(args, state, connections));
    // The last answers under way are stored before the program ends.
    forms.drain();
    served
}

async fn listen(args: &ServeArgs, state: State, connections: u32) -> Result<(), Failure> {
    if let Metrics::At(address) = args.metrics {
        let handle = health::count().map_err(Failure::Failed)?;
        let server = health::serve_metrics(address, handle)
            .map_err(|error| Failure::Setting(format!("--metrics {address}: {error}")))?;
        actix_web::rt::spawn(server);
    }
    actix_web::rt::spawn(housekeeping(state.store.clone(), state.clock.clone()));
    actix_web::rt::spawn(upkeep::run(state.store.clone(), state.clock.clone()));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    // No more threads than connections: a thread without one only waits.
    let threads = (connections as usize).div_ceil(workers).max(2);
    let engine = state.store.engine();
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

/// Deletes what has run out, once an hour: expired tokens, ended sessions, old idempotency keys.
async fn housekeeping(store: Store, clock: Clock) {
    loop {
        actix_web::rt::time::sleep(Duration::from_secs(3600)).await;
        let now = clock.now();
        if let Err(error) =
            store.write(Installation, move |db| accounts::housekeeping(db, now)).await
        {
            tracing::warn!(%error, "housekeeping");
        }
    }
}
