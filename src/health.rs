//! For whoever watches over the service: is it alive, can it work, how does it fare.

use std::time::Duration;

use actix_web::web::Data;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::store::Store;

/// The process runs and answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().body("live\n")
}

/// The database is reached and all migrations are applied.
pub async fn ready(store: Data<Store>) -> HttpResponse {
    let store = store.get_ref().clone();
    match tokio::task::spawn_blocking(move || store.is_ready()).await {
        Ok(Ok(true)) => HttpResponse::Ok().body("ready\n"),
        Ok(Ok(false)) => HttpResponse::ServiceUnavailable().body("migrations are pending\n"),
        Ok(Err(_)) | Err(_) => {
            HttpResponse::ServiceUnavailable().body("the database is not reached\n")
        }
    }
}

/// Seconds; finer where a request should be, coarser where it should not.
const BUCKETS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How often what was measured is put into its buckets: until then each measurement is in memory.
const PUT_AWAY: Duration = Duration::from_secs(1);

/// Starts counting; what is counted is read through the handle.
pub fn count() -> Result<PrometheusHandle, String> {
    let buckets = Matcher::Suffix("_seconds".to_string());
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(buckets, BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| error.to_string())?;
    let measured = handle.clone();
    let put_away = move || {
        loop {
            std::thread::sleep(PUT_AWAY);
            measured.run_upkeep();
        }
    };
    let thread = std::thread::Builder::new().name("metrics".to_string());
    thread.spawn(put_away).map_err(|error| error.to_string())?;
    Ok(handle)
}

/// Metrics in Prometheus' text format on a listener of their own.
pub fn serve_metrics(
    address: std::net::SocketAddr,
    handle: PrometheusHandle,
) -> std::io::Result<actix_web::dev::Server> {
    let page = |handle: Data<PrometheusHandle>| async move {
        HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
    };
    let app = move || {
        App::new().app_data(Data::new(handle.clone())).route("/metrics", web::get().to(page))
    };
    Ok(HttpServer::new(app).workers(1).disable_signals().bind(address)?.run())
}
