use clap::Subcommand;
use maaltal::accounts::Caller;
use maaltal::error::Error;
use maaltal::programmes::{self, ProgrammeNames};
use maaltal::store::{Chain, Db, Installation, Store, Within};
use maaltal::surveys::ready;

use super::{Failure, now};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a programme, with the education levels, roles and core questions that every one
    /// starts with
    Add {
        /// What people call it: small letters, digits and -
        code: String,
        #[arg(long, value_name = "NAME")]
        name_da: String,
        /// The Danish name where not given
        #[arg(long, value_name = "NAME")]
        name_en: Option<String>,
    },
    /// List the programmes as CSV
    List,
}

impl Command {
    pub fn run(self, store: &Store) -> Result<(), Failure> {
        match self {
            Command::Add { code, name_da, name_en } => {
                let name_en = name_en.unwrap_or_else(|| name_da.clone());
                let names = ProgrammeNames { name_da, name_en };
                store.write_here(Installation, |db| {
                    ready::new_programme(db, &Caller::Operator, &code, &names, now())
                })?;
                eprintln!("made programme {code}");
                Ok(())
            }
            Command::List => {
                let programmes = store.read_here(|db| programmes::list(db, &Caller::Operator))?;
                let mut out = csv::Writer::from_writer(std::io::stdout());
                let wrong = |error: csv::Error| Failure::Failed(error.to_string());
                out.write_record(["code", "name_da", "name_en"]).map_err(wrong)?;
                for one in programmes {
                    out.write_record([one.code, one.name_da, one.name_en]).map_err(wrong)?;
                }
                Ok(out.flush()?)
            }
        }
    }
}

/// A programme by the code that people type: its writers are locked by it.
pub struct Called(pub String);

impl Within for Called {
    fn chain(&self, db: &mut Db) -> Result<Chain, Error> {
        Ok(find(db, &self.0)?.into())
    }
}

pub fn find(db: &mut Db, code: &str) -> Result<maaltal::ids::ProgrammeId, Error> {
    let found = programmes::by_code(db, &Caller::Operator, code);
    match found {
        Err(Error::NotFound) => Err(Error::Unexpected(format!(
            "there is no programme {code:?}; `maaltal programme list` lists them"
        ))),
        found => Ok(found?.id),
    }
}
