//! The command line. Data goes to standard output, words to standard error; a wrong setting is one
//! clear line and exit 2, everything else that fails exits 1.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cli::Failure::Setting(text)) => {
            eprintln!("error: {text}");
            ExitCode::from(2)
        }
        Err(cli::Failure::Failed(text)) => {
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    }
}
