//! What each command takes and where it is carried out.

mod demo;
mod export;
mod import;
mod programme;
mod report;
mod serve;
mod user;
mod verify;

use clap::{Parser, Subcommand};
use maaltal::clock::Clock;
use maaltal::config::{Database, DatabaseArgs, LogArgs, ServeArgs};
use maaltal::error::Error;
use maaltal::messages::{self, Lang};
use maaltal::store::{Engine, Store};
use maaltal::telemetry;

/// Targets, participation and questionnaire results of education programmes.
///
/// `maaltal demo` shows the whole on real projects. `maaltal serve` runs the service.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    Serve(ServeArgs),
    /// See it on real projects: load two regions' programmes and serve them
    ///
    /// Makes an embedded database in ./maaltal-demo (or --data DIR); one that is there is kept.
    Demo(demo::DemoArgs),
    /// Make the tables, or bring them up to this version
    ///
    /// With the embedded database every command does that by itself; with PostgreSQL only this one.
    Migrate,
    /// Programmes: a fund with a secretariat and code lists of its own
    #[command(subcommand)]
    Programme(programme::Command),
    /// Accounts: make, list, disable, give a new password
    #[command(subcommand)]
    User(user::Command),
    /// Take in a CSV file: all of it, or nothing and every error in it
    Import(import::ImportArgs),
    /// Write a table as CSV to standard output
    Export(export::ExportArgs),
    /// Write the status report: every table as CSV, a workbook, a page, and what they hold
    Report(report::ReportArgs),
    /// Check that the audit trail is whole and that the records agree with each other
    Verify,
    /// Write the API's contract (OpenAPI 3.1, YAML) to standard output
    Openapi,
}

/// Why a command ended other than well.
pub enum Failure {
    /// A setting or an argument is wrong: exit 2.
    Setting(String),
    /// It was asked for rightly and failed: exit 1.
    Failed(String),
}

impl From<Error> for Failure {
    /// Faults are told in words; the command line speaks English, as its help does.
    fn from(error: Error) -> Failure {
        let faults = match &error {
            Error::Invalid(faults) | Error::Malformed(faults) | Error::Locked(faults) => {
                faults.0.as_slice()
            }
            _ => return Failure::Failed(error.to_string()),
        };
        let line = |fault: &maaltal::error::Fault| {
            let id = format!("fault-{}", fault.code.replace('_', "-"));
            format!("{}: {}", fault.pointer, messages::text(Lang::En, &id, &fault.args))
        };
        Failure::Failed(faults.iter().map(line).collect::<Vec<_>>().join("\n       "))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Failed(error.to_string())
    }
}

pub fn run(cli: Cli) -> Result<(), Failure> {
    telemetry::start(&cli.log).map_err(Failure::Setting)?;
    let connections = cli.database.connections();
    let database = || cli.database.database().map_err(Failure::Setting);
    match cli.command {
        Command::Serve(args) => serve::run(&args, &database()?, connections),
        Command::Demo(args) => demo::run(&args, cli.database.data, connections),
        Command::Migrate => migrate(&database()?, connections),
        Command::Programme(command) => command.run(&ready(&database()?, connections)?),
        Command::User(command) => command.run(&ready(&database()?, connections)?),
        Command::Import(args) => import::run(&args, &ready(&database()?, connections)?),
        Command::Export(args) => export::run(args, &ready(&database()?, connections)?),
        Command::Report(args) => report::run(args, &ready(&database()?, connections)?),
        Command::Verify => verify::run(&ready(&database()?, connections)?),
        Command::Openapi => openapi(),
    }
}

fn migrate(database: &Database, connections: u32) -> Result<(), Failure> {
    let store = database.open(connections).map_err(Failure::Setting)?;
    let run = store.migrate()?;
    eprintln!("{}: {run} migrations applied; the database is up to date", store.engine());
    Ok(())
}

/// The database, with all migrations applied.
fn ready(database: &Database, connections: u32) -> Result<Store, Failure> {
    let store = database.open(connections).map_err(Failure::Setting)?;
    match store.engine() {
        Engine::Sqlite => {
            store.migrate()?;
        }
        Engine::Postgres if !store.is_ready()? => {
            return Err(Failure::Failed(
                "the database is older than this program: run `maaltal migrate`".to_string(),
            ));
        }
        Engine::Postgres => {}
    }
    Ok(store)
}

fn openapi() -> Result<(), Failure> {
    let yaml = maaltal::app::openapi().to_yaml();
    print!("{}", yaml.map_err(|error| Failure::Failed(error.to_string()))?);
    Ok(())
}

/// The command line's own clock.
fn now() -> maaltal::clock::At {
    Clock::System.now()
}
