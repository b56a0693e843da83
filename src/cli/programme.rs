use std::fs::OpenOptions;
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use maaltal::accounts::Caller;
use maaltal::error::Error;
use maaltal::programmes::{self, ProgrammeNames};
use maaltal::store::{Chain, Db, Installation, Store, Within};
use maaltal::surveys::ready;
use maaltal::transfer::{self, Imported, Manifest, ManifestFile};

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
    /// Write a whole programme into one file, to move it to another database
    ///
    /// Holds all that the programme holds, answers and personal data included, and is readable by
    /// its owner only. docs/moving.md says how a programme moves.
    Export {
        /// The programme's code
        code: String,
        /// Where to; a file that is there is not written over
        file: PathBuf,
    },
    /// Read in a programme that `export` wrote: all of it, or nothing
    ///
    /// A programme that is there already is refused.
    Import {
        /// The file
        file: PathBuf,
    },
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
            Command::Export { code, file } => export(store, &code, &file),
            Command::Import { file } => import(store, &file),
        }
    }
}

fn told(file: &ManifestFile) {
    eprintln!("{:>9} {}", file.rows, file.name);
}

/// Under another name until it is whole, so that a cut file is never taken for one.
fn export(store: &Store, code: &str, file: &Path) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::Failed(format!("{}: {error}", file.display()));
    let programme = store.read_here(|db| find(db, code))?;
    if file.exists() {
        return Err(Failure::Setting(format!("{}: is there already", file.display())));
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let mut options = OpenOptions::new();
    let out = options.read(true).write(true).create(true).truncate(true).mode(0o600).open(&part);
    let out = out.map_err(wrong)?;
    let written = out.try_clone().map_err(wrong)?;
    let result =
        transfer::export(store, &Caller::Operator, programme, BufWriter::new(out), now(), told);
    let manifest = match result {
        Ok(manifest) => manifest,
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            return Err(error.into());
        }
    };
    written.sync_all().map_err(wrong)?;
    std::fs::rename(&part, file).map_err(wrong)?;
    let Manifest { audit_entries, audit_head, .. } = manifest;
    eprintln!("wrote {code}: {audit_entries} audit entries, head {audit_head}");
    Ok(())
}

fn import(store: &Store, file: &Path) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::Setting(format!("{}: {error}", file.display()));
    let from = BufReader::new(std::fs::File::open(file).map_err(wrong)?);
    let imported = transfer::import(store, &Caller::Operator, from, now(), told)?;
    let Imported { manifest, accounts_matched, accounts_made } = imported;
    eprintln!(
        "read in {}: {} audit entries, head {}; {accounts_matched} accounts were there, \
         {accounts_made} are made and disabled (`maaltal user enable`, and give each a password)",
        manifest.programme.code, manifest.audit_entries, manifest.audit_head
    );
    Ok(())
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
