//! PostgreSQL without libpq: diesel's synchronous API over tokio-postgres and rustls.

use std::cell::Cell;
use std::future::Future;
use std::path::Path;

use diesel::ConnectionError;
use diesel::r2d2::R2D2Connection;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

pub type PgConn = AsyncConnectionWrapper<AsyncPgConnection, PgRuntime>;

thread_local! {
    static NEXT: Cell<Option<Runtime>> = const { Cell::new(None) };
}

/// A runtime of its own for each connection, so that a query never hops threads. diesel-async's
/// own knows no timers (`connect_timeout` panics) and panics when dropped in an async context.
pub struct PgRuntime(Option<Runtime>);

impl BlockOn for PgRuntime {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            None => unreachable!("the runtime is only taken on drop"),
        }
    }

    fn get_runtime() -> Self {
        PgRuntime(NEXT.take().or_else(|| new_runtime().ok()))
    }
}

impl Drop for PgRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn new_runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Makes connections for the pool. `sslmode` in the address decides: `require` is TLS with a
/// verified certificate, against the public roots and the CA file that is given.
pub struct PgManager {
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
}

impl PgManager {
    pub fn new(url: &str, ca_file: Option<&Path>) -> Result<Self, String> {
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|error| format!("DATABASE_URL: {error}"))?;
        // rustls can't fall back when a certificate fails, as libpq does under `prefer`.
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(SslMode::Disable);
        }
        let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = ca_file {
            let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
            for certificate in CertificateDer::pem_file_iter(path).map_err(|e| wrong(&e))? {
                roots.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
            }
        }
        let provider = rustls::crypto::ring::default_provider();
        let tls = rustls::ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(PgManager { config, tls: MakeRustlsConnect::new(tls) })
    }
}

impl r2d2::ManageConnection for PgManager {
    type Connection = PgConn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<PgConn, Self::Error> {
        let bad = |error: &dyn std::error::Error| {
            // tokio-postgres says "error performing TLS handshake" and keeps why in the source.
            let why = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            ConnectionError::BadConnection(format!("{error}{why}"))
        };
        let runtime =
            new_runtime().map_err(|error| diesel::r2d2::Error::ConnectionError(bad(&error)))?;
        let connection = runtime
            .block_on(async {
                let (client, connection) =
                    self.config.connect(self.tls.clone()).await.map_err(|error| bad(&error))?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            })
            .map_err(diesel::r2d2::Error::ConnectionError)?;
        NEXT.set(Some(runtime)); // `From` takes it back through `get_runtime`
        Ok(PgConn::from(connection))
    }

    fn is_valid(&self, connection: &mut PgConn) -> Result<(), Self::Error> {
        connection.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut PgConn) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}
