//! The command line. Data goes to standard output, words to standard error; a wrong setting is one
//! clear line and exit 2, everything else that fails exits 1.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprintln!("{}", in_one_line(&error.to_string()));
            return ExitCode::from(2);
        }
        Err(help) => help.exit(),
    };
    match cli::run(cli) {
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

/// What is wrong, without the usage and the hint that clap puts below it.
fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let told =
        lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    told.collect::<Vec<_>>().join(" ")
}
