//! Settings, by flag and by `MAALTAL_*`: the only reader of the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, ValueEnum};

use crate::mail::Mailer;
use crate::store::Store;

/// The folder of the embedded database where nothing else is said.
const DEFAULT_DATA: &str = "maaltal-data";

/// Where the database is. Every command takes these.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseArgs {
    /// Folder of the embedded database (SQLite); also MAALTAL_DATA. Wins over DATABASE_URL.
    ///
    /// Without it and without DATABASE_URL, ./maaltal-data is used.
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,

    /// PEM file with the CA that signed the PostgreSQL server's certificate
    #[arg(long, value_name = "FILE", env = "MAALTAL_DATABASE_CA_FILE", global = true)]
    pub database_ca_file: Option<PathBuf>,

    /// Connections to the database at the most [default: 4, or twice the processors]
    #[arg(long, value_name = "N", env = "MAALTAL_CONNECTIONS", global = true,
          value_parser = clap::value_parser!(u32).range(2..=200))]
    pub connections: Option<u32>,
}

/// Which database the settings lead to.
pub enum Database {
    Embedded(PathBuf),
    Postgres { url: String, ca_file: Option<PathBuf> },
}

impl DatabaseArgs {
    /// The flag, else the environment, else the default folder.
    pub fn database(&self) -> Result<Database, String> {
        if let Some(folder) = &self.data {
            return Ok(Database::Embedded(folder.clone()));
        }
        let folder = variable("MAALTAL_DATA")?;
        let url = secret("DATABASE_URL", variable("MAALTAL_DATABASE_URL_FILE")?)?;
        match (folder, url) {
            (Some(_), Some(_)) => {
                Err("MAALTAL_DATA and DATABASE_URL are both set: unset one of them".to_string())
            }
            (_, Some(url)) if is_postgres(&url) => {
                Ok(Database::Postgres { url, ca_file: self.database_ca_file.clone() })
            }
            (_, Some(_)) => Err("DATABASE_URL: a postgres:// address is expected".to_string()),
            (folder, None) => {
                Ok(Database::Embedded(folder.unwrap_or_else(|| DEFAULT_DATA.to_string()).into()))
            }
        }
    }

    pub fn connections(&self) -> u32 {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        self.connections.unwrap_or((processors as u32 * 2).clamp(4, 32))
    }
}

impl Database {
    pub fn open(&self, connections: u32) -> Result<Store, String> {
        match self {
            Database::Embedded(folder) => Store::open_sqlite(folder, connections),
            Database::Postgres { url, ca_file } => {
                Store::open_postgres(url, ca_file.as_deref(), connections)
            }
        }
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", env = "MAALTAL_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address that people reach the service by, for links to hand on [default: http://ADDR]
    #[arg(long, value_name = "URL", env = "MAALTAL_PUBLIC_URL", value_parser = public_url)]
    pub public_url: Option<String>,

    /// Address and port of the Prometheus metrics, or "off"
    #[arg(long, value_name = "ADDR", env = "MAALTAL_METRICS", default_value = "127.0.0.1:9464")]
    pub metrics: Metrics,

    /// File with the key that signs access tokens; the key itself can be in MAALTAL_SIGNING_KEY
    ///
    /// One-time codes are kept under a key derived from it: another key signs everybody out and
    /// makes the codes that are not used yet worthless.
    ///
    /// With the embedded database a key is made on first start and kept in its folder. With
    /// PostgreSQL it must be given, 32 characters or more, the same to every instance:
    /// `openssl rand -base64 32` makes one.
    #[arg(long, value_name = "FILE", env = "MAALTAL_SIGNING_KEY_FILE")]
    pub signing_key_file: Option<PathBuf>,

    /// File with the address of the mail server that reminders are sent through; the address itself
    /// can be in MAALTAL_SMTP_URL
    ///
    /// smtps://user:password@host, or smtp://host?tls=required for STARTTLS. Without one no mail is
    /// sent, and reminders are texts to send by hand.
    #[arg(long, value_name = "FILE", env = "MAALTAL_SMTP_URL_FILE")]
    pub smtp_url_file: Option<PathBuf>,

    /// The address that mail comes from: "Maaltal <maaltal@example.dk>"
    #[arg(long, value_name = "ADDRESS", env = "MAALTAL_MAIL_FROM")]
    pub mail_from: Option<String>,

    /// Largest file that is taken for an import, in megabytes
    #[arg(long, value_name = "MB", env = "MAALTAL_MAX_UPLOAD", default_value_t = 256,
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub max_upload: u32,

    /// Seconds that a JSON body may take to arrive (a file: twenty times as long)
    #[arg(long, value_name = "S", env = "MAALTAL_BODY_DEADLINE", default_value_t = 15,
          value_parser = clap::value_parser!(u32).range(1..=600))]
    pub body_deadline: u32,
}

impl ServeArgs {
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    pub fn limits(&self) -> crate::http::Limits {
        let seconds = u64::from(self.body_deadline);
        crate::http::Limits {
            upload: (self.max_upload as usize) << 20,
            json_deadline: std::time::Duration::from_secs(seconds),
            upload_deadline: std::time::Duration::from_secs(seconds * 20),
            ..crate::http::Limits::default()
        }
    }

    /// The way out for mail; off where no server is given.
    pub fn mailer(&self) -> Result<Mailer, String> {
        let file = self.smtp_url_file.as_ref().map(|path| path.display().to_string());
        match (secret("MAALTAL_SMTP_URL", file)?, &self.mail_from) {
            (None, _) => Ok(Mailer::Off),
            (Some(url), Some(from)) => {
                Mailer::smtp(&url, from).map_err(|wrong| format!("the mail server: {wrong}"))
            }
            (Some(_), None) => Err("--mail-from or MAALTAL_MAIL_FROM must be given with a mail \
                 server"
                .to_string()),
        }
    }

    /// The key as given; with the embedded database the one in its folder, made if need be.
    pub fn signing_key(&self, database: &Database) -> Result<Vec<u8>, String> {
        let file = self.signing_key_file.as_ref().map(|path| path.display().to_string());
        match (secret("MAALTAL_SIGNING_KEY", file)?, database) {
            (Some(key), _) => Ok(key.into_bytes()),
            (None, Database::Embedded(folder)) => kept_key(folder),
            (None, Database::Postgres { .. }) => Err("MAALTAL_SIGNING_KEY or \
                 --signing-key-file must be given with PostgreSQL: every instance needs the \
                 same key"
                .to_string()),
        }
    }
}

/// Where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metrics {
    Off,
    At(SocketAddr),
}

impl std::str::FromStr for Metrics {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Metrics::Off);
        }
        text.parse().map(Metrics::At).map_err(|_| "an address with a port, or \"off\"".to_string())
    }
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// How log lines look: text for a terminal, JSON otherwise, unless said
    #[arg(long, value_enum, env = "MAALTAL_LOG_FORMAT", global = true)]
    pub log_format: Option<LogFormat>,

    /// What is logged, as tracing's filters are written: warn, info, debug, maaltal=debug ...
    #[arg(long, value_name = "FILTER", env = "MAALTAL_LOG", default_value = "info", global = true)]
    pub log: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

fn variable(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("{name}: not valid UTF-8")),
    }
}

/// A secret from the environment, or from a file of which only the last line end is left out.
fn secret(name: &str, file: Option<String>) -> Result<Option<String>, String> {
    let given = variable(name)?;
    let Some(file) = file else { return Ok(given) };
    if given.is_some() {
        return Err(format!("{name} is set, and {file} is given for it too: choose one"));
    }
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    Ok(Some(text.trim_end_matches(['\n', '\r']).to_string()))
}

fn public_url(text: &str) -> Result<String, String> {
    let address = text.trim_end_matches('/');
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ']) => {
            Ok(address.to_string())
        }
        _ => Err("http:// or https:// and a host are expected".to_string()),
    }
}

/// The key in the embedded database's folder, which nobody but its owner may read.
fn kept_key(folder: &Path) -> Result<Vec<u8>, String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = folder.join("signing.key");
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match made {
        Ok(mut file) => {
            let mut key = [0; 32];
            getrandom::fill(&mut key).map_err(|error| error.to_string())?;
            file.write_all(URL_SAFE_NO_PAD.encode(key).as_bytes()).map_err(wrong)?;
            file.sync_all().map_err(wrong)?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(wrong(error)),
    }
    std::fs::read(&path).map_err(wrong)
}
